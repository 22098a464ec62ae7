//! A draft of a rule, tried on what happened before. For administrators. Nothing is written.

use super::trial::{Stretch, WorkflowUnderTest};
use crate::access::{Call, Scope};
use crate::desk::webhook::cut_at_moment;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::event::Event;
use crate::ids::{CommentId, EventId, OrganizationId, TicketId, TicketKey, UserId};
use crate::input::Problems;
use crate::model::{Comment, Organization, Role, Ticket, Trigger, User};
use crate::ticket::Draft;
use crate::time::Time;
use crate::workflow::backtest::{Report, Trial};
use crate::workflow::engine::Occurrence;
use crate::workflow::facts::{Loaded, Missing, People};
use crate::workflow::past::{Deed, Past};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// Events of a page. Two pages are held at a time: one that is tried and the one after it.
const PAGE: usize = 2_000;
/// People and companies that are remembered from page to page.
const REMEMBERED: usize = 20_000;
/// How often something is looked up for a page. Each look brings all that was missing so far.
const LOOKS: usize = 6;

/// How far a backtest is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct BacktestProgress {
    /// Events that were read.
    pub events: u64,
    /// Changes that rules were asked about.
    pub changes: u64,
    /// Those in which the draft would have fired.
    pub matched: u64,
    /// How far the log was read.
    pub at: Time,
}

/// What is known of people, by id; who was looked for and is not there is none.
#[derive(Default)]
struct Known {
    users: HashMap<UserId, Option<User>>,
    organizations: HashMap<OrganizationId, Option<Organization>>,
}

impl Known {
    /// What is known of those whom a ticket concerns. Who listened to it then is not known, and counts as nobody; who
    /// could have begun to had a hand in the change, and so saw the ticket.
    fn people(&self, ticket: &Ticket, watching: &BTreeSet<UserId>) -> People {
        let customer = self.users.get(&ticket.customer_id);
        let organization = ticket.organization_id.and_then(|id| self.organizations.get(&id));
        let loaded = |known: Option<&Option<User>>| known.cloned().map_or(Loaded::Unknown, Loaded::Known);
        People {
            customer: loaded(customer),
            organization: organization.cloned().map_or(Loaded::Unknown, Loaded::Known),
            watching: watching.iter().map(|id| (*id, false)).collect(),
            seeing: watching.iter().map(|id| (*id, true)).collect(),
        }
    }

    /// Forgets all where it is too much.
    fn bound(&mut self) {
        if self.users.len() > REMEMBERED {
            self.users.clear();
        }
        if self.organizations.len() > REMEMBERED {
            self.organizations.clear();
        }
    }
}

/// A piece of what happened.
struct HistoryPage {
    events: Vec<Event>,
    /// Where it goes on.
    next: Option<EventId>,
}

/// One change that rules are still to be asked about.
struct Pending {
    occurrence: Occurrence,
    watching: BTreeSet<UserId>,
}

impl Desk {
    /// What a draft would have done about what happened in a stretch of time, and in what that differs from what the
    /// rules do that are switched on. Memory does not grow with the stretch. Dropping the future ends it. For
    /// administrators.
    ///
    /// What only time brings about is not tried: what the calendar starts, and promises that were not kept.
    pub async fn backtest_workflow(
        &self,
        call: impl Into<Call>,
        workflow: WorkflowUnderTest,
        stretch: Stretch,
        mut progress: impl FnMut(BacktestProgress) + Send,
    ) -> Result<Report, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        let mut problems = Problems::default();
        stretch.check(&mut problems);
        problems.finish()?;
        let snapshot = self.snapshot().await?;
        let (draft, replaces) = self.rule_under_test(call, &snapshot, &workflow)?;
        if matches!(draft.source.trigger_type, Trigger::TimeBased | Trigger::SlaBreach) {
            let message = "What only time brings about leaves no change to try it on; try it on a ticket.";
            return Err(Error::field("workflow.trigger_type", "not_allowed", message));
        }
        let trial = Trial::new(&snapshot.rules, &draft, replaces);
        let mut report = Report::new(stretch.from, stretch.to);
        let (mut past, mut known) = (Past::default(), Known::default());
        let mut page = self.read_page(EventId::first_at(stretch.from), stretch).await?;
        loop {
            // The store reads while rules are asked.
            let ahead = async {
                match page.next {
                    Some(next) => self.read_page(next, stretch).await.map(Some),
                    None => Ok(None),
                }
            };
            let tried = self.try_page(&snapshot, &trial, &page.events, (&mut past, &mut known), &mut report);
            let (ahead, ()) = tokio::try_join!(ahead, tried)?;
            report.events += page.events.len() as u64;
            let at = page.events.last().map_or(stretch.to, |event| event.at);
            let Report { events, changes, matched, .. } = report;
            progress(BacktestProgress { events, changes, matched, at });
            match ahead {
                Some(ahead) => page = ahead,
                None => return Ok(report),
            }
            // Others have work, too, and whoever asked may be gone.
            tokio::task::yield_now().await;
        }
    }

    async fn read_page(&self, after: EventId, stretch: Stretch) -> Result<HistoryPage, Error> {
        let mut events = self.store.events_by_moment(after, PAGE).await?;
        let next = if events.len() >= PAGE { cut_at_moment(&mut events) } else { None };
        let is_over = events.last().is_none_or(|event| event.at > stretch.to);
        // Ids are of a millisecond, moments are finer.
        events.retain(|event| (stretch.from..=stretch.to).contains(&event.at));
        Ok(HistoryPage { events, next: next.filter(|_| !is_over) })
    }

    async fn try_page(
        &self,
        snapshot: &Snapshot,
        trial: &Trial,
        events: &[Event],
        (past, known): (&mut Past, &mut Known),
        report: &mut Report,
    ) -> Result<(), Error> {
        let deeds = Deed::all(events);
        let descriptions = if trial.asks_for_description() { self.descriptions(&deeds).await? } else { HashMap::new() };
        let mut comments = if trial.asks_for_comments() { self.comments_of(&deeds).await? } else { HashMap::new() };
        let mut pending: Vec<Pending> = Vec::with_capacity(deeds.len());
        for deed in &deeds {
            let comment = deed.comment_id().and_then(|id| comments.remove(&id));
            let description = descriptions.get(&deed.ticket_id()).map_or("", String::as_str);
            let occurrence = past.occurrence(deed, description, comment);
            pending.extend(occurrence.map(|occurrence| Pending { occurrence, watching: BTreeSet::new() }));
        }
        for _ in 0..LOOKS {
            let mut missing = Wanted::default();
            let mut left = Vec::new();
            for mut one in pending {
                let people = known.people(&one.occurrence.draft.ticket, &one.watching);
                let outcome = trial.run(&self.world_of_trial(snapshot, &people), &one.occurrence);
                let Draft { ticket, now, .. } = &one.occurrence.draft;
                match outcome {
                    Ok(outcome) => report.add(&ticket.number, *now, outcome),
                    Err(lacks) => {
                        missing.add(ticket, &lacks);
                        one.watching.extend(lacks.watching);
                        left.push(one);
                    }
                }
            }
            if left.is_empty() {
                known.bound();
                return Ok(());
            }
            self.look_up_all(missing, known).await?;
            pending = left;
        }
        Err(Error::Internal("rules never knew enough".into()))
    }

    async fn descriptions(&self, deeds: &[Deed<'_>]) -> Result<HashMap<TicketId, String>, Error> {
        let keys: BTreeSet<TicketId> = deeds.iter().map(Deed::ticket_id).collect();
        let keys: Vec<TicketKey> = keys.into_iter().map(TicketKey::Id).collect();
        let found = self.store.tickets_by_keys(&Scope::UPKEEP, &keys).await?;
        Ok(found.into_iter().map(|ticket| (ticket.id, ticket.description)).collect())
    }

    async fn comments_of(&self, deeds: &[Deed<'_>]) -> Result<HashMap<CommentId, Comment>, Error> {
        let ids: Vec<CommentId> = deeds.iter().filter_map(Deed::comment_id).collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let found = self.store.comments_by_ids(&Scope::UPKEEP, &ids).await?;
        Ok(found.into_iter().map(|comment| (comment.id, comment)).collect())
    }

    async fn look_up_all(&self, missing: Wanted, known: &mut Known) -> Result<(), Error> {
        let users: Vec<UserId> = missing.users.into_iter().collect();
        if !users.is_empty() {
            let found = self.store.users_by_ids(&Scope::UPKEEP, &users).await?;
            known.users.extend(users.into_iter().map(|id| (id, None)));
            known.users.extend(found.into_iter().map(|user| (user.id, Some(user))));
        }
        for id in missing.organizations {
            let found = self.store.organization(&Scope::UPKEEP, id).await?;
            known.organizations.insert(id, found);
        }
        Ok(())
    }
}

/// What rules had to know for a page.
#[derive(Default)]
struct Wanted {
    users: BTreeSet<UserId>,
    organizations: BTreeSet<OrganizationId>,
}

impl Wanted {
    fn add(&mut self, ticket: &Ticket, missing: &Missing) {
        if missing.customer {
            self.users.insert(ticket.customer_id);
        }
        if missing.organization {
            self.organizations.extend(ticket.organization_id);
        }
    }
}
