//! New tickets that come out of old ones: what is said on a ticket that is over, and a comment that
//! deserves a ticket of its own.

use super::change::Change;
use super::merge::merged;
use crate::access::{Call, Scope};
use crate::changes::{Expect, Row, Write};
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::event::Fact;
use crate::ids::{CommentId, OrganizationId, TicketId, TicketKey, UserId};
use crate::input::{Fields, Input, Problems};
use crate::model::view::TicketView;
use crate::model::{Channel, Comment, CustomFields, LinkKind, Role, Status, Ticket};
use crate::ticket::Draft;
use serde_json::{Map, Value};

/// A comment that becomes a ticket.
#[derive(Clone, Debug)]
pub struct NewSplit {
    /// The comment, a note too.
    pub comment_id: CommentId,
    /// One line that says what the new ticket is about.
    pub subject: String,
}

impl Input for NewSplit {
    fn read(fields: &mut Fields) -> Self {
        Self { comment_id: CommentId(fields.required_id("comment_id")), subject: fields.required_text("subject") }
    }

    fn check(&self, problems: &mut Problems) {
        crate::ticket::check_subject(problems, &self.subject);
    }
}

/// What a new ticket does not take over from the old one.
struct Beginning {
    customer: (UserId, Option<OrganizationId>),
    channel: Channel,
    subject: String,
    description: String,
}

impl Desk {
    /// Makes a ticket of what was said in a comment, of the same customer (its author, where a customer
    /// said it), in the same hands, tied to the first. The comment stays where it is, and its text
    /// becomes the description, which customers see: a note's too. For staff.
    pub async fn split_ticket(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        input: NewSplit,
    ) -> Result<TicketView, Error> {
        let (call, input) = (&call.into(), &input);
        self.staff_change(call, key).await?;
        input.checked()?;
        let id = self.ticket_id(call, key).await?;
        let _turn = self.parts.turns.take(&id).await;
        let ticket = self.insist(move || self.try_split(call, id, input)).await?;
        Ok(self.staff_view(ticket))
    }

    async fn try_split(&self, call: &Call, id: TicketId, input: &NewSplit) -> Result<Ticket, Error> {
        let mut recorder = Recorder::begin(self, call).await?;
        let old = self.seen_ticket(call, &id.into()).await?;
        if let Some(target) = old.merged_into {
            return Err(merged(target));
        }
        let found = self.store.comments_by_ids(&self.scope(&call.actor), &[input.comment_id]).await?.pop();
        let comment = found
            .filter(|comment| comment.ticket_id == old.id)
            .ok_or_else(|| Error::field("comment_id", "unknown", "There is no such comment on this ticket."))?;
        let beginning = Beginning {
            customer: self.asker(&mut recorder, &comment, &old).await?,
            channel: comment.channel,
            subject: input.subject.trim().to_owned(),
            description: comment.body,
        };
        let ticket = self.begin_after(call, &mut recorder, &old, beginning, None, Some(input.comment_id)).await?;
        recorder.answer_ticket(&ticket)?;
        recorder.commit().await?;
        Ok(ticket)
    }

    /// The customer who said it, as they are now, or else the ticket's.
    async fn asker(
        &self,
        recorder: &mut Recorder<'_>,
        comment: &Comment,
        old: &Ticket,
    ) -> Result<(UserId, Option<OrganizationId>), Error> {
        let author = match comment.author.id.filter(|id| *id != old.customer_id) {
            Some(id) => self.store.user(&Scope::UPKEEP, id).await?.filter(|user| user.role == Role::Customer),
            None => None,
        };
        let Some(author) = author else { return Ok((old.customer_id, old.organization_id)) };
        // The company is copied onto the ticket, so it must still be this one.
        recorder.guard(Row::User(author.id), author.version);
        Ok((author.id, author.organization_id))
    }

    /// A ticket that a customer's word on one that is over begins, with that word on it.
    pub(in crate::desk) async fn follow_up(
        &self,
        call: &Call,
        recorder: &mut Recorder<'_>,
        old: &Ticket,
        comment: Comment,
    ) -> Result<Comment, Error> {
        let author = call.actor.user_id().ok_or(Error::NotFound("user"))?;
        let customer = self.own_requester(call, recorder, author).await?;
        let beginning = Beginning {
            customer: (customer.id, customer.organization_id),
            channel: comment.channel,
            subject: old.subject.clone(),
            description: format!("Goes on from {}, which is over. What was said is in the comments.", old.number),
        };
        let comment = Comment { is_internal: false, ..comment };
        let ticket = self.begin_after(call, recorder, old, beginning, Some(&comment), None).await?;
        let comment = Comment { ticket_id: ticket.id, ..comment };
        recorder.write(Write::Comment { comment: comment.clone(), expect: Expect::New });
        Ok(comment)
    }

    /// Adds a new ticket to a commit, and to the old one's story that there is one.
    async fn begin_after(
        &self,
        call: &Call,
        recorder: &mut Recorder<'_>,
        old: &Ticket,
        beginning: Beginning,
        said: Option<&Comment>,
        split: Option<CommentId>,
    ) -> Result<Ticket, Error> {
        let mut before = Change::of(old, recorder);
        let (now, team) = (recorder.now, old.team_id.and_then(|id| recorder.snapshot.directory.team(id)));
        let team = team.filter(|team| team.is_active).map(|team| team.id);
        let worker =
            old.assigned_agent_id.and_then(|id| recorder.snapshot.directory.staff(id)).filter(|user| user.is_active);
        // What is known of one customer's matter is not told to another.
        let is_same = beginning.customer == (old.customer_id, old.organization_id);
        let ticket = Ticket {
            id: TicketId(self.ids().uuid(now)),
            number: self.ids().ticket_number(),
            subject: beginning.subject,
            description: beginning.description,
            status: Status::Open,
            channel: beginning.channel,
            customer_id: beginning.customer.0,
            organization_id: beginning.customer.1,
            assigned_agent_id: worker.map(|user| user.id),
            team_id: team,
            escalation_level: 0,
            version: 1,
            created_at: now,
            updated_at: now,
            first_responded_at: None,
            resolved_at: None,
            closed_at: None,
            merged_into: None,
            wake_at: None,
            last_customer_reply_at: Some(now),
            last_status_change_at: Some(now),
            sla: None,
            rule_spend: None,
            priority: old.priority,
            category: old.category.clone().filter(|_| is_same),
            tags: if is_same { old.tags.clone() } else { Vec::new() },
            custom_fields: if is_same { still_in_use(&recorder.snapshot.custom_fields, old) } else { Map::new() },
        };
        let mut draft = recorder.begin_ticket(ticket, said).await?;
        if let Some(comment_id) = split {
            before.fact(Fact::TicketSplit { comment_id, ticket_id: draft.ticket.id });
        }
        if self.has_room_for_a_link(old.id).await? {
            let (outward, inward) = self.new_tie(call, recorder, (&draft.ticket, old), LinkKind::Relates);
            draft.fact(outward);
            before.fact(inward);
        }
        let Draft { ticket, facts, .. } = draft;
        recorder.ticket(&ticket, facts)?;
        before.record(old, recorder)?;
        Ok(ticket)
    }
}

/// The values of fields that can still be filled in.
fn still_in_use(fields: &CustomFields, ticket: &Ticket) -> Map<String, Value> {
    let mut values = ticket.custom_fields.clone();
    values.retain(|key, _| fields.by_key(key).is_some_and(|field| field.is_active));
    values
}
