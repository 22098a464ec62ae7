//! Taking a ticket out of another again, exactly as it went in.

use super::change::Change;
use super::merge::{MOST_MERGED, all_comments, repoint};
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::event::{Fact, FieldChanges, Merge};
use crate::ids::{CommentId, Seq, TicketId, TicketKey, UserId};
use crate::model::Ticket;
use crate::model::view::TicketView;
use crate::port::StoreError;
use crate::time::Time;
use serde_json::json;
use std::collections::HashSet;

/// A merge as the log has it.
struct Logged {
    merge: Merge,
    seq: Seq,
    at: Time,
}

/// What goes back.
struct Return {
    logged: Logged,
    /// Comments, and whether they become public again.
    comments: Vec<CommentId>,
    shown: Vec<CommentId>,
    merged: Vec<Ticket>,
    watchers: Vec<UserId>,
}

impl Desk {
    /// Takes a ticket out of the one that it was merged into: its comments, the tickets that it had
    /// taken in and its status are as before; what was said since stays where it was said. For staff
    /// who see both. Answers the ticket.
    pub async fn unmerge_ticket(&self, call: impl Into<Call>, key: &TicketKey) -> Result<TicketView, Error> {
        let call = &call.into();
        self.staff_change(call, key).await?;
        let source = self.seen_ticket(call, key).await?;
        let target = source.merged_into.ok_or_else(not_merged)?;
        let _turns = self.parts.turns.take_both([&source.id, &target]).await;
        let ticket = self.insist(move || self.try_unmerge(call, source.id)).await?;
        Ok(self.staff_view(ticket))
    }

    async fn try_unmerge(&self, call: &Call, id: TicketId) -> Result<Ticket, Error> {
        let mut recorder = Recorder::begin(self, call).await?;
        let source = self.seen_ticket(call, &id.into()).await?;
        let target = source.merged_into.ok_or_else(not_merged)?;
        let target = match self.seen_ticket(call, &target.into()).await {
            Err(Error::NotFound(_)) => {
                return Err(Error::forbidden("It was merged into a ticket that you may not see."));
            }
            found => found?,
        };
        let back = self.what_goes_back(&source, &target).await?;
        let (mut from, mut into) = (Change::of(&source, &mut recorder), Change::of(&target, &mut recorder));
        let moves = [(&back.comments, None), (&back.shown, Some(false))].into_iter().filter(|m| !m.0.is_empty());
        for (comments, is_internal) in moves {
            let comments = comments.clone();
            from.write(Write::MoveComments { from: target.id, to: source.id, comments, is_internal });
        }
        let logged_on = back.merged.iter().map(|ticket| ticket.id).chain([source.id]).collect();
        from.write(Write::MoveTime { from: target.id, to: source.id, logged_on: Some(logged_on) });
        for user_id in &back.watchers {
            into.write(Write::Unwatch { ticket_id: target.id, user_id: *user_id });
        }
        let before = back.logged.merge.before;
        let merge = Merge {
            target_id: target.id,
            changes: FieldChanges::new(),
            moved_comments: back.comments,
            hidden_comments: back.shown,
            added_watchers: back.watchers,
            repointed: back.merged.iter().map(|ticket| ticket.id).collect(),
            ..back.logged.merge
        };
        from.ticket.merged_into = None;
        let changes = FieldChanges::from([("merged_into".to_owned(), (json!(target.id), json!(null)))]);
        from.fact(Fact::TicketUnmerged(Box::new(Merge { changes, ..merge.clone() })));
        from.set_stand(before);
        into.fact(Fact::TicketUnmerged(Box::new(Merge { on_target: true, ..merge })));
        let alone = from.record(&source, &mut recorder)?.unwrap_or(source);
        repoint(&back.merged, alone.id, &mut recorder)?;
        into.record(&target, &mut recorder)?;
        recorder.answer_ticket(&alone)?;
        recorder.commit().await?;
        Ok(alone)
    }

    async fn what_goes_back(&self, source: &Ticket, target: &Ticket) -> Result<Return, Error> {
        let logged = self.logged_merge(source.id).await?;
        let mut comments = all_comments(&logged.merge);
        let shown = self.hidden_since(&logged.merge, &comments, target.id).await?;
        let mut merged = Vec::new();
        for ticket in self.store.merged_tickets(&Scope::UPKEEP, target.id, MOST_MERGED).await? {
            if !logged.merge.repointed.contains(&ticket.id) {
                continue;
            }
            let own = self.logged_merge(ticket.id).await?;
            if own.seq < logged.seq {
                merged.push(ticket);
            } else {
                // It was taken out and came back by another way: what it brought then is not ours.
                let brought = all_comments(&own.merge);
                comments.retain(|id| !brought.contains(id));
            }
        }
        let watchers = self.listeners_since(&logged, target.id).await?;
        let in_order = |ids: HashSet<CommentId>| {
            let mut ids: Vec<CommentId> = ids.into_iter().collect();
            ids.sort_unstable();
            ids
        };
        let (shown, comments) = comments.into_iter().partition(|id| shown.contains(id));
        Ok(Return { logged, comments: in_order(comments), shown: in_order(shown), merged, watchers })
    }

    /// Which of these comments became notes on their way from the source to where they are now.
    async fn hidden_since(
        &self,
        first: &Merge,
        comments: &HashSet<CommentId>,
        target: TicketId,
    ) -> Result<HashSet<CommentId>, Error> {
        let mut hidden: HashSet<CommentId> = first.hidden_comments.iter().copied().collect();
        let mut at = first.target_id;
        for _ in 0..MOST_MERGED {
            if at == target {
                break;
            }
            let step = self.logged_merge(at).await?.merge;
            hidden.extend(step.hidden_comments.iter().filter(|id| comments.contains(id)));
            at = step.target_id;
        }
        Ok(hidden)
    }

    /// Those who came with the merge and have not come again by themselves.
    async fn listeners_since(&self, logged: &Logged, target: TicketId) -> Result<Vec<UserId>, Error> {
        let added = &logged.merge.added_watchers;
        if added.is_empty() {
            return Ok(Vec::new());
        }
        let there = self.store.watchers_by_ids(&Scope::UPKEEP, target, added).await?;
        let there = there.into_iter().filter(|watcher| watcher.created_at == logged.at);
        let there: HashSet<UserId> = there.filter_map(|watcher| watcher.user.id).collect();
        Ok(added.iter().copied().filter(|id| there.contains(id)).collect())
    }

    /// How a ticket that was taken in came there.
    async fn logged_merge(&self, id: TicketId) -> Result<Logged, Error> {
        let event = self.store.last_ticket_event(&Scope::UPKEEP, id, "ticket.merged").await?;
        match event.map(|event| (event.fact, event.seq, event.at)) {
            Some((Fact::TicketMerged(merge), seq, at)) if !merge.on_target => Ok(Logged { merge: *merge, seq, at }),
            _ => Err(StoreError::Corrupt(format!("the log does not say how {id} was merged")).into()),
        }
    }
}

fn not_merged() -> Error {
    Error::conflict("not_merged", "The ticket was not merged into another.")
}
