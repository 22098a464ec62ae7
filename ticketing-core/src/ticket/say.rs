//! What follows from something being said.

use super::{Draft, closed};
use crate::error::Error;
use crate::event::{Fact, FieldChanges};
use crate::model::{Comment, Status};
use serde_json::json;

impl Draft {
    /// Somebody says something. The first public word of staff is the ticket's first response, unless they ask
    /// themselves.
    pub(crate) fn say(&mut self, comment: &Comment, is_staff: bool) -> Result<(), Error> {
        if self.ticket.status == Status::Closed {
            return Err(closed());
        }
        let mut changes = FieldChanges::new();
        let answers = is_staff && !comment.is_internal && comment.author.id != Some(self.ticket.customer_id);
        if answers && self.ticket.first_responded_at.is_none() {
            self.ticket.first_responded_at = Some(self.now);
            changes.insert("first_responded_at".to_owned(), (json!(null), json!(self.now)));
        }
        if !is_staff && !comment.is_internal {
            self.ticket.last_customer_reply_at = Some(self.now);
        }
        self.fact(Fact::CommentAdded { comment_id: comment.id, is_internal: comment.is_internal, changes });
        Ok(())
    }
}
