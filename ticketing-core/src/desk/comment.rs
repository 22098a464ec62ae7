//! What is said on a ticket.

use super::ticket::closed;
use super::user::page;
use super::{Desk, check_version};
use crate::access::Call;
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::event::{Fact, FieldChanges};
use crate::ids::{CommentId, TicketKey};
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::view::CommentView;
use crate::model::{Comment, Status, Ticket};
use crate::query::{Page, Position};
use chrono::TimeDelta;
use serde_json::json;

/// How long its author may correct a comment.
const EDIT_WINDOW: TimeDelta = TimeDelta::minutes(15);

/// A message to the customer, or a note among staff.
#[derive(Clone, Debug)]
pub struct NewComment {
    /// What is said.
    pub body: String,
    /// True for a note that no customer may ever see.
    pub is_internal: bool,
}

impl NewComment {
    /// A message that the customer sees.
    pub fn public(body: impl Into<String>) -> Self {
        Self { body: body.into(), is_internal: false }
    }

    /// A note among staff.
    pub fn internal(body: impl Into<String>) -> Self {
        Self { body: body.into(), is_internal: true }
    }
}

impl Input for NewComment {
    fn read(fields: &mut Fields) -> Self {
        Self {
            body: fields.required_text("body"),
            is_internal: fields.flag("is_internal").into_option().unwrap_or_default(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_body(problems, &self.body);
    }
}

/// A corrected comment.
#[derive(Clone, Debug)]
pub struct CommentEdit {
    /// What is said now.
    pub body: String,
}

impl Input for CommentEdit {
    fn read(fields: &mut Fields) -> Self {
        Self { body: fields.required_text("body") }
    }

    fn check(&self, problems: &mut Problems) {
        check_body(problems, &self.body);
    }
}

fn check_body(problems: &mut Problems, body: &str) {
    if body.trim().is_empty() {
        problems.add("body", "required", "May not be empty.");
    }
    problems.text("body", body, 1..=100_000, true);
}

impl Desk {
    /// Says something on a ticket. The first public word of staff is its first response.
    pub async fn add_comment(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        input: NewComment,
    ) -> Result<CommentView, Error> {
        let (call, input) = (&call.into(), &input);
        input.checked()?;
        let staff = call.actor.is_staff();
        if input.is_internal && !staff {
            return Err(Error::field("is_internal", "forbidden", "Only staff write notes."));
        }
        let (_, comment) = self
            .change_ticket(call, key, None, move |change| {
                if change.ticket.status == Status::Closed {
                    return Err(closed());
                }
                let comment = Comment {
                    id: CommentId(self.ids().uuid(change.now)),
                    ticket_id: change.ticket.id,
                    author: call.actor.person(),
                    body: input.body.clone(),
                    is_internal: input.is_internal,
                    channel: super::ticket::channel(call),
                    version: 1,
                    created_at: change.now,
                    edited_at: None,
                };
                let mut changes = FieldChanges::new();
                let answers = staff && !input.is_internal && call.actor.user_id() != Some(change.ticket.customer_id);
                if answers && change.ticket.first_responded_at.is_none() {
                    change.ticket.first_responded_at = Some(change.now);
                    changes.insert("first_responded_at".to_owned(), (json!(null), json!(change.now)));
                }
                change.answer(|| CommentView::new(comment.clone(), staff))?;
                change.write(Write::Comment { comment: comment.clone(), expect: Expect::New });
                change.fact(Fact::CommentAdded { comment_id: comment.id, is_internal: input.is_internal, changes });
                Ok(comment)
            })
            .await?;
        CommentView::new(comment, staff).ok_or(Error::NotFound("comment"))
    }

    /// What was said on a ticket, oldest first.
    pub async fn comments(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        after: Option<CommentId>,
        limit: usize,
    ) -> Result<Page<CommentView>, Error> {
        let call = call.into();
        let ticket = self.seen_ticket(&call, key).await?;
        let items = self.store.comments(&self.scope(&call.actor), ticket.id, after, limit + 1).await?;
        let found = page(items, limit, |comment| Position { key: 0, id: comment.id.0 });
        let staff = call.actor.is_staff();
        let items = found.items.into_iter().filter_map(|comment| CommentView::new(comment, staff)).collect();
        Ok(Page { items, next: found.next, total: None })
    }

    /// Corrects a comment: its author, within a quarter of an hour. What it said before stays in the log.
    pub async fn edit_comment(
        &self,
        call: impl Into<Call>,
        id: CommentId,
        input: CommentEdit,
        expected: Option<i64>,
    ) -> Result<CommentView, Error> {
        let (call, input) = (&call.into(), &input);
        input.checked()?;
        let ticket_id = self.own_comment(call, id).await?.ticket_id;
        let _turn = self.parts.turns.take(&ticket_id).await;
        let (_, comment) = self.insist(move || self.try_edit(call, id, input, expected)).await?;
        CommentView::new(comment, call.actor.is_staff()).ok_or(Error::NotFound("comment"))
    }

    async fn try_edit(
        &self,
        call: &Call,
        id: CommentId,
        input: &CommentEdit,
        expected: Option<i64>,
    ) -> Result<(Ticket, Comment), Error> {
        let found = &self.own_comment(call, id).await?;
        check_version(expected, found.version)?;
        self.try_change(call, found.ticket_id, None, move |change| {
            if change.now - found.created_at > EDIT_WINDOW {
                return Err(Error::forbidden("A comment can be corrected for 15 minutes."));
            }
            if change.ticket.status == Status::Closed {
                return Err(closed());
            }
            let mut comment = found.clone();
            if !Patch::Set(input.body.clone()).apply(&mut comment.body) {
                return Ok(comment);
            }
            comment.version += 1;
            comment.edited_at = Some(change.now);
            change.write(Write::Comment { comment: comment.clone(), expect: Expect::Version(found.version) });
            change.fact(Fact::CommentEdited {
                comment_id: id,
                is_internal: comment.is_internal,
                changes: FieldChanges::from([("body".to_owned(), (json!(found.body), json!(comment.body)))]),
            });
            Ok(comment)
        })
        .await
    }

    /// A comment that the actor may see and has written.
    async fn own_comment(&self, call: &Call, id: CommentId) -> Result<Comment, Error> {
        let scope = self.scope(&call.actor);
        let found = self.store.comments_by_ids(&scope, &[id]).await?.pop().ok_or(Error::NotFound("comment"))?;
        if found.author.id.is_none() || found.author.id != call.actor.user_id() {
            return Err(Error::forbidden("Only its author may correct a comment."));
        }
        Ok(found)
    }
}
