//! Files on tickets and comments.

use super::staged::{Staged, check};
use super::state::State;
use crate::access::Scope;
use crate::changes::Expect;
use crate::ids::{AttachmentId, CommentId, TicketId};
use crate::model::{AttachedTo, Attachment};
use crate::port::StoreResult;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

impl State {
    pub(super) fn files_of_ticket(
        &self,
        scope: &Scope,
        ticket_id: TicketId,
        after: Option<AttachmentId>,
        limit: usize,
    ) -> Vec<Attachment> {
        let comments = (ticket_id, CommentId(Uuid::nil()))..=(ticket_id, CommentId(Uuid::max()));
        let comments = self.comments.range(comments).map(|((_, id), _)| AttachedTo::Comment(*id));
        let owners = comments.chain([AttachedTo::Ticket(ticket_id)]).filter(|of| self.sees_files(scope, *of));
        let files = owners.flat_map(|of| self.files(of)).filter(|file| after.is_none_or(|after| file.id > after));
        let in_order: BTreeMap<AttachmentId, &Attachment> = files.map(|file| (file.id, file)).collect();
        in_order.into_values().take(limit).cloned().collect()
    }

    pub(super) fn files_of_comments(&self, scope: &Scope, comments: &[CommentId]) -> Vec<Attachment> {
        let owners: BTreeSet<AttachedTo> = comments.iter().map(|id| AttachedTo::Comment(*id)).collect();
        let seen = owners.into_iter().filter(|of| self.sees_files(scope, *of));
        let in_order: BTreeMap<AttachmentId, &Attachment> =
            seen.flat_map(|of| self.files(of)).map(|file| (file.id, file)).collect();
        in_order.into_values().cloned().collect()
    }

    pub(super) fn file(&self, scope: &Scope, id: AttachmentId) -> Option<Attachment> {
        self.attachments.get(&id).filter(|file| self.sees_files(scope, file.of)).cloned()
    }

    fn files(&self, of: AttachedTo) -> impl Iterator<Item = &Attachment> {
        let all = (of, AttachmentId(Uuid::nil()))..=(of, AttachmentId(Uuid::max()));
        self.attached.range(all).filter_map(|(_, id)| self.attachments.get(id))
    }

    /// Whoever sees what a file belongs to sees the file.
    fn sees_files(&self, scope: &Scope, of: AttachedTo) -> bool {
        match of {
            AttachedTo::Ticket(id) => self.sees_ticket(scope, id),
            AttachedTo::Comment(id) => {
                let comment = self.comment_tickets.get(&id).and_then(|ticket| self.comments.get(&(*ticket, id)));
                comment.is_some_and(|comment| {
                    self.sees_ticket(scope, comment.ticket_id) && (scope.sees_internal() || !comment.is_internal)
                })
            }
        }
    }
}

impl Staged<'_> {
    pub(super) fn attachment(&mut self, file: Attachment) -> StoreResult<()> {
        check(Expect::New, self.state.attachments.get(&file.id).map(|_| 0))?;
        self.put(|state| &mut state.attached, (file.of, file.id), file.id);
        self.put(|state| &mut state.attachments, file.id, file);
        Ok(())
    }
}
