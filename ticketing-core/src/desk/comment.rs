//! What is said on a ticket.

use super::notify::without_access;
use super::recorder::Recorder;
use super::ticket::{Change, MERGED, other_customers};
use super::user::page;
use super::{Desk, check_version};
use crate::access::{Call, Scope};
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::event::{Fact, FieldChanges};
use crate::ids::{CannedResponseId, CommentId, TicketId, TicketKey};
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::view::CommentView;
use crate::model::{Comment, Status, Ticket};
use crate::port::StoreError;
use crate::query::{Page, Position};
use crate::ticket::closed;
use crate::time::Time;
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
    /// The canned response that it comes of, so that its use is counted.
    pub canned_response_id: Option<CannedResponseId>,
}

impl NewComment {
    /// A message that the customer sees.
    pub fn public(body: impl Into<String>) -> Self {
        Self { body: body.into(), is_internal: false, canned_response_id: None }
    }

    /// A note among staff.
    pub fn internal(body: impl Into<String>) -> Self {
        Self { is_internal: true, ..Self::public(body) }
    }
}

impl Input for NewComment {
    fn read(fields: &mut Fields) -> Self {
        Self {
            body: fields.required_text("body"),
            is_internal: fields.flag("is_internal").into_option().unwrap_or_default(),
            canned_response_id: fields.nullable_id("canned_response_id").into_option().flatten().map(CannedResponseId),
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

/// Whether a ticket is closed, or was resolved longer ago than this.
pub(super) fn is_over(ticket: &Ticket, now: Time, window: TimeDelta) -> bool {
    match ticket.status {
        Status::Closed => true,
        Status::Resolved => ticket.resolved_at.is_some_and(|since| now - since > window),
        _ => false,
    }
}

/// Whether a customer's word comes too late to open the ticket again, and begins a new one.
fn is_over_for(call: &Call, ticket: &Ticket, now: Time, window: TimeDelta) -> bool {
    // A program's mail begins nothing, and neither does a guest's.
    is_over(ticket, now, window)
        && !call.actor.is_staff()
        && !call.is_automatic()
        && !call.mail().is_some_and(|mail| mail.is_guest)
}

/// A comment that was said on the way to its author.
struct Said {
    comment: Comment,
    /// Whether it names somebody who is not told.
    misses: bool,
}

impl Said {
    /// As its author is told of it: a customer's word that became a note on another ticket stays a word on the
    /// ticket that was named.
    fn view(self, call: &Call, asked: TicketId) -> Option<CommentView> {
        let staff = call.actor.is_staff();
        let comment = if staff || !self.comment.is_internal {
            self.comment
        } else {
            Comment { ticket_id: asked, is_internal: false, ..self.comment }
        };
        let warnings = if self.misses { vec![without_access()] } else { Vec::new() };
        CommentView::new(comment, staff).map(|view| CommentView { warnings, ..view })
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
        if input.is_internal && !call.actor.is_staff() {
            return Err(Error::field("is_internal", "forbidden", "Only staff write notes."));
        }
        if input.canned_response_id.is_some() && !call.actor.is_staff() {
            return Err(Error::field("canned_response_id", "forbidden", "Only staff have canned responses."));
        }
        let id = self.ticket_id(call, key).await?;
        let said = self.say_turn(call, id, input).await?;
        said.view(call, id).ok_or(Error::NotFound("comment"))
    }

    /// Says on a ticket what a mail says, which may be more than its author can do by hand: a note of a customer.
    pub(super) async fn say_by_mail(&self, call: &Call, id: TicketId, input: NewComment) -> Result<(), Error> {
        input.checked()?;
        self.say_turn(call, id, &input).await.map(drop)
    }

    async fn say_turn(&self, call: &Call, id: TicketId, input: &NewComment) -> Result<Said, Error> {
        let said = {
            let _turn = self.parts.turns.take(&id).await;
            self.insist(move || self.try_say(call, id, input)).await
        };
        match said {
            Err(Error::Conflict { code: MERGED, .. }) => {
                // Without a turn: which ticket it lands on is only known inside, and versions keep it right.
                self.insist(move || Box::pin(self.try_say_on_target(call, id, input))).await
            }
            said => said,
        }
    }

    async fn try_say(&self, call: &Call, id: TicketId, input: &NewComment) -> Result<Said, Error> {
        let recorder = Recorder::begin(self, call).await?;
        let ticket = self.spoken_of(call, id).await?;
        self.say_on(call, recorder, ticket, input, id).await
    }

    /// Says something on the ticket that has taken this one in. Where other customers see that one, it
    /// becomes a note there; its author is told of it as of a word on the own ticket.
    async fn try_say_on_target(&self, call: &Call, id: TicketId, input: &NewComment) -> Result<Said, Error> {
        let recorder = Recorder::begin(self, call).await?;
        let source = self.spoken_of(call, id).await?;
        let Some(target) = source.merged_into else { return self.say_on(call, recorder, source, input, id).await };
        // Who sees the one may say something on the other without seeing it.
        let target = self.store.ticket(&Scope::UPKEEP, &target.into()).await?.ok_or(Error::NotFound("ticket"))?;
        if is_over_for(call, &target, recorder.now, self.options().reopen_window) {
            // What goes on is the ticket that the customer knows.
            return Box::pin(self.begin_anew(call, recorder, source, input)).await;
        }
        let is_internal = input.is_internal || other_customers(&source, &target);
        self.say_on(call, recorder, target, &NewComment { is_internal, ..input.clone() }, id).await
    }

    /// The ticket that something is said on: one that its author sees, or holds a token of.
    async fn spoken_of(&self, call: &Call, id: TicketId) -> Result<Ticket, Error> {
        if call.mail().is_some_and(|mail| mail.is_guest) {
            return self.store.ticket(&Scope::UPKEEP, &id.into()).await?.ok_or(Error::NotFound("ticket"));
        }
        self.seen_ticket(call, &id.into()).await
    }

    async fn say_on(
        &self,
        call: &Call,
        recorder: Recorder<'_>,
        ticket: Ticket,
        input: &NewComment,
        asked: TicketId,
    ) -> Result<Said, Error> {
        let is_over = is_over_for(call, &ticket, recorder.now, self.options().reopen_window);
        if is_over && ticket.merged_into.is_none() {
            return Box::pin(self.begin_anew(call, recorder, ticket, input)).await;
        }
        if let Some(id) = input.canned_response_id {
            self.check_canned(call, &recorder.snapshot, id).await?;
        }
        let about = (call.actor.role(), input.body.as_str(), input.is_internal);
        let misses = Box::pin(self.misses(&recorder.snapshot, &ticket, about)).await?;
        let say = move |change: &mut Change| self.say(call, change, input, (asked, misses));
        Self::change_loaded(recorder, ticket, None, say).await.map(|(_, said)| said)
    }

    async fn begin_anew(
        &self,
        call: &Call,
        mut recorder: Recorder<'_>,
        old: Ticket,
        input: &NewComment,
    ) -> Result<Said, Error> {
        let comment = self.comment_on(call, old.id, recorder.now, input);
        let comment = self.follow_up(call, &mut recorder, &old, comment).await?;
        recorder.answer(|| CommentView::new(comment.clone(), call.actor.is_staff()))?;
        recorder.commit().await?;
        Ok(Said { comment, misses: false })
    }

    fn comment_on(&self, call: &Call, ticket_id: TicketId, now: Time, input: &NewComment) -> Comment {
        Comment {
            id: CommentId(self.ids().uuid(now)),
            ticket_id,
            author: call.actor.person(),
            body: input.body.clone(),
            is_internal: input.is_internal,
            channel: super::ticket::channel(call),
            version: 1,
            created_at: now,
            edited_at: None,
        }
    }

    fn say(
        &self,
        call: &Call,
        change: &mut Change,
        input: &NewComment,
        (asked, misses): (TicketId, bool),
    ) -> Result<Said, Error> {
        let staff = call.actor.is_staff();
        let comment = self.comment_on(call, change.ticket.id, change.now, input);
        change.say(&comment, staff)?;
        change.answer(|| Said { comment: comment.clone(), misses }.view(call, asked))?;
        change.write(Write::Comment { comment: comment.clone(), expect: Expect::New });
        if let (Some(response_id), Some(user_id)) = (input.canned_response_id, call.actor.user_id()) {
            change.write(Write::CannedUsed { response_id, user_id, uses: 1, at: change.now });
        }
        let sleeps = change.ticket.status == Status::Pending && change.ticket.wake_at.is_some();
        let wakes = !staff && !call.mail().is_some_and(|mail| mail.is_automatic || mail.is_guest);
        if wakes && (sleeps || change.ticket.status == Status::Resolved) {
            change.set_status(Status::Open)?;
        }
        if let Some(status) = call.mail().and_then(|mail| mail.status) {
            change.set_status(status)?;
        }
        Ok(Said { comment, misses })
    }

    /// What was said on a ticket, oldest first.
    pub async fn comments(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        after: Option<CommentId>,
        limit: usize,
    ) -> Result<Page<CommentView>, Error> {
        let call = &call.into();
        let ticket = self.seen_ticket(call, key).await?;
        let found = self.store.comments(&self.scope(&call.actor), ticket.id, after, limit + 1).await?;
        self.comment_page(call, found, limit).await
    }

    /// The same from the end: the newest first, before this one.
    pub async fn comments_from_end(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        before: Option<CommentId>,
        limit: usize,
    ) -> Result<Page<CommentView>, Error> {
        let call = &call.into();
        let ticket = self.seen_ticket(call, key).await?;
        let found = self.store.comments_from_end(&self.scope(&call.actor), ticket.id, before, limit + 1).await?;
        self.comment_page(call, found, limit).await
    }

    /// A page of what was found, of which one more may be there than it holds.
    async fn comment_page(&self, call: &Call, found: Vec<Comment>, limit: usize) -> Result<Page<CommentView>, Error> {
        let scope = self.scope(&call.actor);
        let found = page(found, limit, |comment| Position::at(0, comment.id.0));
        let staff = call.actor.is_staff();
        let items = found.items.into_iter().filter_map(|comment| CommentView::new(comment, staff)).collect();
        Ok(Page { items: self.with_files(&scope, items).await?, next: found.next, total: None })
    }

    /// One comment, as far as the actor may see it and the ticket that it is on.
    pub async fn comment(&self, call: impl Into<Call>, id: CommentId) -> Result<CommentView, Error> {
        let call = &call.into();
        let found = self.seen_comment(call, id).await?;
        self.whole_comment(call, found).await
    }

    async fn whole_comment(&self, call: &Call, comment: Comment) -> Result<CommentView, Error> {
        let view = CommentView::new(comment, call.actor.is_staff()).ok_or(Error::NotFound("comment"))?;
        self.with_files(&self.scope(&call.actor), vec![view]).await?.pop().ok_or(Error::NotFound("comment"))
    }

    /// The only way to a single comment: absent where the actor may not see it, or not its ticket.
    async fn seen_comment(&self, call: &Call, id: CommentId) -> Result<Comment, Error> {
        let found = self.store.comments_by_ids(&self.scope(&call.actor), &[id]).await?.pop();
        found.ok_or(Error::NotFound("comment"))
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
        self.whole_comment(call, comment).await
    }

    async fn try_edit(
        &self,
        call: &Call,
        id: CommentId,
        input: &CommentEdit,
        expected: Option<i64>,
    ) -> Result<(Ticket, Comment), Error> {
        let known = self.own_comment(call, id).await?;
        let recorder = Recorder::begin(self, call).await?;
        let ticket = self.seen_ticket(call, &known.ticket_id.into()).await?;
        let found = &self.own_comment(call, id).await?;
        if found.ticket_id != ticket.id {
            // It went to another ticket in between; from here on the ticket's version tells.
            return Err(StoreError::Conflict.into());
        }
        check_version(expected, found.version)?;
        Self::change_loaded(recorder, ticket, None, move |change| {
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
        let found = self.seen_comment(call, id).await?;
        if found.author.id.is_none() || found.author.id != call.actor.user_id() {
            return Err(Error::forbidden("Only its author may correct a comment."));
        }
        Ok(found)
    }
}
