//! Writing what ties tickets together.

use super::staged::{Staged, check};
use crate::changes::Expect;
use crate::ids::{CommentId, LinkId, TicketId};
use crate::model::TicketLink;
use crate::port::{StoreResult, Unique};

impl Staged<'_> {
    pub(super) fn move_comments(
        &mut self,
        from: TicketId,
        to: TicketId,
        comments: &[CommentId],
        is_internal: Option<bool>,
    ) {
        for id in comments {
            let Some(mut comment) = self.state.comments.get(&(from, *id)).cloned() else { continue };
            self.remove(|state| &mut state.comments, &(from, *id));
            comment.ticket_id = to;
            comment.is_internal = is_internal.unwrap_or(comment.is_internal);
            self.put(|state| &mut state.comment_tickets, *id, to);
            self.put(|state| &mut state.comments, (to, *id), comment);
        }
    }

    pub(super) fn link(&mut self, link: TicketLink) -> StoreResult<()> {
        check(Expect::New, self.state.links.get(&link.id).map(|_| 0))?;
        let pair = (link.ticket_id, link.other_id, link.kind);
        self.claim(|state| &mut state.tied, pair, link.id, Unique::TicketLink)?;
        for end in [link.ticket_id, link.other_id] {
            self.put(|state| &mut state.link_ends, (end, link.id), link.far_end(end));
        }
        self.put(|state| &mut state.links, link.id, link);
        Ok(())
    }

    pub(super) fn unlink(&mut self, id: LinkId) {
        let Some(link) = self.state.links.get(&id).cloned() else { return };
        self.remove(|state| &mut state.tied, &(link.ticket_id, link.other_id, link.kind));
        for end in [link.ticket_id, link.other_id] {
            self.remove(|state| &mut state.link_ends, &(end, id));
        }
        self.remove(|state| &mut state.links, &id);
    }
}
