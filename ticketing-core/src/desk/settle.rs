//! Rules inside of a commit: run over what it changes, with what they have to know, before it is written.

use super::recorder::{Decided, Recorder};
use super::sla::strike;
use super::{Desk, Snapshot};
use crate::access::{Origin, Scope};
use crate::changes::Row;
use crate::error::Error;
use crate::ids::WorkflowId;
use crate::model::{Comment, Ticket, Trigger};
use crate::ticket::Draft;
use crate::workflow::action::Outside;
use crate::workflow::engine::{self, Looked, Occurrence, Settled, World};
use crate::workflow::facts::{Loaded, Missing, People};
use std::sync::Arc;

/// How often something is looked up for one change at most. Each look makes something known for good that was not, and
/// all rules of a chain together name no more.
const LOOKS: usize = 1_000;

impl Desk {
    /// Looks up what rules have to know of a ticket and its people.
    pub(super) async fn look_up(
        &self,
        snapshot: &Snapshot,
        ticket: &Ticket,
        missing: &Missing,
        people: &mut People,
    ) -> Result<(), Error> {
        if missing.customer {
            people.customer = Loaded::Known(self.store.user(&Scope::UPKEEP, ticket.customer_id).await?);
        }
        if missing.organization {
            let found = match ticket.organization_id {
                Some(id) => self.store.organization(&Scope::UPKEEP, id).await?,
                None => None,
            };
            people.organization = Loaded::Known(found);
        }
        if !missing.watching.is_empty() {
            let wanted: Vec<_> = missing.watching.iter().copied().collect();
            let found = self.store.watchers_by_ids(&Scope::UPKEEP, ticket.id, &wanted).await?;
            for id in wanted {
                people.watching.insert(id, found.iter().any(|watcher| watcher.user.id == Some(id)));
            }
        }
        if !missing.seeing.is_empty() {
            // No guard holds them to it: whoever listens is asked again whenever something is told.
            let wanted: Vec<_> = missing.seeing.iter().copied().collect();
            let seeing = self.who_sees(snapshot, &wanted, ticket).await?;
            people.seeing.extend(wanted.into_iter().map(|id| (id, seeing.contains(&id))));
        }
        Ok(())
    }

    /// What rules say to an occurrence after what they have done in the same commit, and whom they had to know for it.
    pub(super) async fn run_rules(
        &self,
        snapshot: &Snapshot,
        rules: &crate::workflow::rule::Rules,
        occurrence: &Occurrence,
        earlier: &[Looked],
        mut people: People,
    ) -> Result<(Settled, People), Error> {
        for _ in 0..LOOKS {
            let world = World {
                ground: snapshot.ground(),
                people: &people,
                agent_visibility: self.options().agent_visibility,
                app_url: &self.options().app_url,
                ids: self.ids(),
                not_matched: self.options().not_matched_runs,
            };
            match engine::settle_after(earlier, rules, &world, occurrence.clone()) {
                Ok(settled) => return Ok((settled, people)),
                Err(missing) => self.look_up(snapshot, &occurrence.draft.ticket, &missing, &mut people).await?,
            }
        }
        Err(Error::Internal("rules never knew enough".into()))
    }
}

impl Recorder<'_> {
    /// Tells what promised times are over, and runs the rules over what this commit does to a ticket. Answers the
    /// ticket as they leave it, with all that happened to it; what else they ask for is written with its events.
    pub(super) async fn settle(
        &mut self,
        before: Option<&Ticket>,
        draft: Draft,
        comment: Option<&Comment>,
    ) -> Result<Draft, Error> {
        let actor = self.call.actor.person();
        let (before, comment) = (before.cloned(), comment.cloned());
        let mail = match &self.call.origin {
            Origin::Mail(mail) => Some(Arc::clone(mail)),
            _ => None,
        };
        self.settle_occurrence(Occurrence { before, draft, comment, mail, actor, moment: None, only: None }).await
    }

    /// The same, where a moment of these rules has come, too.
    pub(super) async fn settle_moment(
        &mut self,
        before: &Ticket,
        draft: Draft,
        rules: Vec<WorkflowId>,
    ) -> Result<Draft, Error> {
        let moment = (!rules.is_empty()).then_some(Trigger::TimeBased);
        let (before, actor) = (Some(before.clone()), self.call.actor.person());
        self.settle_occurrence(Occurrence {
            before,
            draft,
            comment: None,
            mail: None,
            actor,
            moment,
            only: Some(rules),
        })
        .await
    }

    async fn settle_occurrence(&mut self, mut occurrence: Occurrence) -> Result<Draft, Error> {
        strike(&mut occurrence.draft, &self.snapshot);
        let before = occurrence.before.clone();
        let draft = self.apply_rules(occurrence).await?;
        Box::pin(self.route(before.as_ref(), draft)).await
    }

    /// Runs the rules over what happens in this commit, after what they have done in it already.
    pub(super) async fn apply_rules(&mut self, occurrence: Occurrence) -> Result<Draft, Error> {
        let is_nothing = occurrence.draft.facts.is_empty() && occurrence.moment.is_none();
        if is_nothing || self.snapshot.rules.active().is_empty() {
            return Ok(occurrence.draft);
        }
        let known = self.customer.take().filter(|user| user.id == occurrence.draft.ticket.customer_id);
        let is_known = known.is_some();
        let customer = known.map_or(Loaded::Unknown, |user| Loaded::Known(Some(user)));
        let people = People { customer, ..People::default() };
        let snapshot = Arc::clone(&self.snapshot);
        let earlier = std::mem::take(&mut self.decided);
        let ran = self.desk.run_rules(&snapshot, &snapshot.rules, &occurrence, &earlier.looked, people).await;
        let (settled, mut people) = ran?;
        // What rules were told of people has to be so when it is done.
        if let Loaded::Known(Some(user)) = &people.customer
            && !is_known
        {
            self.guard(Row::User(user.id), user.version);
        }
        if let Loaded::Known(Some(company)) = &people.organization {
            self.guard(Row::Organization(company.id), company.version);
        }
        let Settled { draft, additions, outside, looked } = settled;
        let calls = outside.iter().any(|asked| matches!(asked.outside, Outside::Call(_)));
        if calls && people.customer == Loaded::Unknown {
            let missing = Missing { customer: true, ..Missing::default() };
            self.desk.look_up(&snapshot, &draft.ticket, &missing, &mut people).await?;
        }
        let customer = match people.customer {
            Loaded::Known(customer) => customer,
            Loaded::Unknown => None,
        };
        self.customer.clone_from(&customer);
        self.decided = earlier.and(Decided { additions, asked: outside, looked, customer });
        Ok(draft)
    }
}
