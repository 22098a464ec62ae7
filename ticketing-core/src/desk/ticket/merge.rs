//! Taking one ticket into another.

use super::change::Change;
use super::link::read_key;
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::desk::recorder::Recorder;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::event::{Fact, FieldChanges, Merge};
use crate::ids::{CommentId, TicketId, TicketKey, UserId};
use crate::input::{Fields, Input, Problems};
use crate::model::view::TicketView;
use crate::model::{Status, Ticket, Watcher};
use serde_json::json;
use std::collections::HashSet;

/// How many tickets one may take in, those that came with others included.
pub(super) const MOST_MERGED: usize = 100;

/// How many comments may move at once.
const MOST_COMMENTS: usize = 10_000;

/// How many people may listen to a ticket that is taken in.
const MOST_WATCHERS: usize = 1_000;

/// What every change of a merged ticket is refused with.
pub(in crate::desk) const MERGED: &str = "ticket_merged";

/// Where a ticket goes.
#[derive(Clone, Debug)]
pub struct NewMerge {
    /// The ticket that takes it in.
    pub into: TicketKey,
    /// Whether it may go into a ticket of another customer.
    pub confirm_other_customer: bool,
}

impl Input for NewMerge {
    fn read(fields: &mut Fields) -> Self {
        Self {
            into: read_key(fields, "into"),
            confirm_other_customer: fields.flag("confirm_other_customer").into_option().unwrap_or_default(),
        }
    }

    fn check(&self, _: &mut Problems) {}
}

/// A ticket that was taken in changes no more.
pub(in crate::desk) fn check_unmerged(ticket: &Ticket) -> Result<(), Error> {
    ticket.merged_into.map_or(Ok(()), |target| Err(merged(target)))
}

/// The ticket was taken in by this one.
pub(in crate::desk) fn merged(target: TicketId) -> Error {
    Error::conflict(MERGED, format!("The ticket was merged into {target}; change that one, or unmerge this first."))
}

/// What of a ticket goes with it.
struct Luggage {
    comments: Vec<(CommentId, bool)>,
    watchers: Vec<UserId>,
    merged: Vec<Ticket>,
}

impl Desk {
    /// Takes a ticket into another: it is closed and says where it went, its comments and listeners go
    /// with it. For staff who see both. Answers the ticket that took it in.
    pub async fn merge_ticket(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        input: NewMerge,
    ) -> Result<TicketView, Error> {
        let (call, input) = (&call.into(), &input);
        self.staff_change(call, key).await?;
        let (source, target) = self.two_tickets(call, (key, &input.into), "into").await?;
        if source == target {
            return Err(Error::field("into", "same", "A ticket can't be merged into itself."));
        }
        let _turns = self.parts.turns.take_both([&source, &target]).await;
        let ticket = self.insist(move || self.try_merge(call, (source, target), input)).await?;
        Ok(self.staff_view(ticket))
    }

    async fn try_merge(
        &self,
        call: &Call,
        (source, target): (TicketId, TicketId),
        input: &NewMerge,
    ) -> Result<Ticket, Error> {
        let mut recorder = Recorder::begin(self, call).await?;
        let source = self.seen_ticket(call, &source.into()).await?;
        let target = self.seen_ticket(call, &target.into()).await?;
        check_pair(&source, &target, input)?;
        let luggage = self.luggage(&recorder.snapshot, &source, &target).await?;
        let (mut from, mut into) = (Change::of(&source, &mut recorder), Change::of(&target, &mut recorder));
        let merge = plan(&source, &target, &luggage);
        let moves = [(&merge.moved_comments, None), (&merge.hidden_comments, Some(true))]
            .into_iter()
            .filter(|m| !m.0.is_empty());
        for (comments, is_internal) in moves {
            let comments = comments.clone();
            from.write(Write::MoveComments { from: source.id, to: target.id, comments, is_internal });
        }
        // Time is found where it was logged, so it need not be named.
        from.write(Write::MoveTime { from: source.id, to: target.id, logged_on: None });
        for user_id in &merge.added_watchers {
            into.write(Write::Watch { ticket_id: target.id, user_id: *user_id, at: recorder.now });
        }
        from.ticket.merged_into = Some(target.id);
        let changes = FieldChanges::from([("merged_into".to_owned(), (json!(null), json!(target.id)))]);
        from.fact(Fact::TicketMerged(Box::new(Merge { changes, ..merge.clone() })));
        from.set_status(Status::Closed)?;
        into.fact(Fact::TicketMerged(Box::new(Merge { on_target: true, ..merge })));
        from.record(&source, &mut recorder)?;
        repoint(&luggage.merged, target.id, &mut recorder)?;
        let merged = into.record(&target, &mut recorder)?.unwrap_or(target);
        recorder.answer_ticket(&merged)?;
        recorder.commit().await?;
        Ok(merged)
    }

    async fn luggage(&self, snapshot: &Snapshot, source: &Ticket, target: &Ticket) -> Result<Luggage, Error> {
        let all = &Scope::UPKEEP;
        let merged = self.store.merged_tickets(all, source.id, MOST_MERGED).await?;
        let there = self.store.merged_tickets(all, target.id, MOST_MERGED).await?;
        if merged.len() + there.len() >= MOST_MERGED {
            let detail = format!("A ticket can take in at most {MOST_MERGED} others.");
            return Err(Error::conflict("too_many_merged", detail));
        }
        let comments = self.store.comment_ids(all, source.id, MOST_COMMENTS + 1).await?;
        if comments.len() > MOST_COMMENTS {
            let detail = format!("A ticket with more than {MOST_COMMENTS} comments can't be merged.");
            return Err(Error::conflict("too_many_comments", detail));
        }
        let listening = self.store.watchers(all, source.id, None, MOST_WATCHERS + 1).await?;
        if listening.len() > MOST_WATCHERS {
            let detail = format!("A ticket with more than {MOST_WATCHERS} watchers can't be merged.");
            return Err(Error::conflict("too_many_watchers", detail));
        }
        let watchers = self.new_listeners(snapshot, listening, target).await?;
        Ok(Luggage { comments, watchers, merged })
    }

    /// Those who do not listen to the ticket yet and may see it. However many they are, each of the two
    /// questions is asked once for all.
    async fn new_listeners(
        &self,
        snapshot: &Snapshot,
        listening: Vec<Watcher>,
        target: &Ticket,
    ) -> Result<Vec<UserId>, Error> {
        let mut people: Vec<UserId> = listening.into_iter().filter_map(|watcher| watcher.user.id).collect();
        if people.is_empty() {
            return Ok(people);
        }
        let there = self.store.watchers_by_ids(&Scope::UPKEEP, target.id, &people).await?;
        let there: HashSet<UserId> = there.into_iter().filter_map(|watcher| watcher.user.id).collect();
        people.retain(|id| !there.contains(id));
        self.who_sees(snapshot, &people, target).await
    }
}

fn check_pair(source: &Ticket, target: &Ticket, input: &NewMerge) -> Result<(), Error> {
    if let Some(into) = source.merged_into {
        return Err(merged(into));
    }
    if let Some(into) = target.merged_into {
        let detail = format!("{} was itself merged, into {into}.", target.number);
        return Err(Error::conflict("target_merged", detail));
    }
    if target.status == Status::Closed {
        return Err(Error::conflict("target_closed", format!("{} is closed. Open it first.", target.number)));
    }
    if source.customer_id != target.customer_id && !input.confirm_other_customer {
        let detail = format!("{} is of another customer. Say confirm_other_customer to go on.", target.number);
        return Err(Error::conflict("other_customer", detail));
    }
    Ok(())
}

/// Whether customers may see the one and not the other.
pub(in crate::desk) fn other_customers(source: &Ticket, target: &Ticket) -> bool {
    source.customer_id != target.customer_id || source.organization_id != target.organization_id
}

/// What will have happened. What customers could read on the source becomes notes where others see the
/// target.
fn plan(source: &Ticket, target: &Ticket, luggage: &Luggage) -> Merge {
    let other_customers = other_customers(source, target);
    let is_hidden = |(_, is_internal): &&(CommentId, bool)| other_customers && !is_internal;
    let (hidden, moved): (Vec<_>, Vec<_>) = luggage.comments.iter().partition(is_hidden);
    let ids = |comments: Vec<&(CommentId, bool)>| comments.into_iter().map(|(id, _)| *id).collect();
    Merge {
        source_id: source.id,
        target_id: target.id,
        changes: FieldChanges::new(),
        moved_comments: ids(moved),
        hidden_comments: ids(hidden),
        added_watchers: luggage.watchers.clone(),
        repointed: luggage.merged.iter().map(|ticket| ticket.id).collect(),
        other_customers,
        on_target: false,
        before: source.stand(),
    }
}

/// Lets tickets that were taken in say that they are in this one now: no chain is longer than one step.
pub(super) fn repoint(tickets: &[Ticket], target: TicketId, recorder: &mut Recorder<'_>) -> Result<(), Error> {
    for ticket in tickets {
        let mut change = Change::of(ticket, recorder);
        change.ticket.merged_into = Some(target);
        let pair = (json!(ticket.merged_into), json!(target));
        let changes = FieldChanges::from([("merged_into".to_owned(), pair)]);
        change.fact(Fact::TicketUpdated { changes, reason: None });
        change.record(ticket, recorder)?;
    }
    Ok(())
}

/// The comments of a merge, whatever became of them.
pub(super) fn all_comments(merge: &Merge) -> HashSet<CommentId> {
    merge.moved_comments.iter().chain(&merge.hidden_comments).copied().collect()
}
