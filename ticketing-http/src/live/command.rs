//! What a socket may ask for: each is answered by an acknowledgement, `{ok: true}` or `{ok: false, error}`.

use super::hub::{Live, MOST_TICKETS, MOST_WATCHED, Member, Standing};
use crate::problem::Problem;
use crate::scope;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use socketioxide::extract::{AckSender, Event, SocketRef, State, TryData};
use std::collections::HashSet;
use std::sync::Arc;
use ticketing_core::desk::MePatch;
use ticketing_core::input::{Fields, Input, Problems};
use ticketing_core::port::Signal;
use ticketing_core::{Call, Error, TicketId, TicketKey};

/// What came of a wish to look on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// The person looks on from now on.
    First,
    /// The person does so already, at this socket or another.
    Again,
    /// The socket looks on at too many tickets.
    TooMany,
}

/// Does what a socket asks for and says whether it was done.
pub(super) async fn hear(
    socket: SocketRef,
    Event(name): Event,
    TryData(said): TryData<Value>,
    ack: AckSender,
    State(live): State<Arc<Live>>,
) {
    let Some(member) = live.member(socket.id) else { return };
    let done = if member.may_speak() {
        // What a socket says is done in its order: it may take back what it has just said.
        let _turn = member.turn.lock().await;
        live.obey(&member, &name, said.unwrap_or(Value::Null)).await
    } else {
        let detail = "That was too often. Say less, or wait a second.";
        Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail))
    };
    let answer = match done {
        Ok(()) => json!({ "ok": true }),
        Err(problem) => json!({ "ok": false, "error": problem.brief() }),
    };
    if let Err(error) = ack.send(&answer) {
        tracing::debug!(%error, "a socket was not answered");
    }
}

impl Live {
    async fn obey(&self, member: &Member, name: &str, said: Value) -> Result<(), Problem> {
        let standing = self.up_to_date(member).await?;
        match name {
            "subscribe_ticket" => self.subscribe(member, &said).await,
            "unsubscribe_ticket" => {
                // What one may not see any more can be left too.
                let ticket_id = match ticket_key(&said)? {
                    TicketKey::Id(id) => id,
                    key @ TicketKey::Number(_) => self.ticket_id(member, &key).await?,
                };
                self.look_away(member, ticket_id);
                Ok(())
            }
            "watch_viewers" => self.watch_viewers(member, &standing, &said).await,
            "typing" => self.typing(member, &standing, said).await,
            "set_availability" => self.set_availability(member, &standing, said).await,
            _ => Err(Error::NotFound("event").into()),
        }
    }

    /// Lets a socket look on at a ticket. What its person may not see is not there.
    async fn subscribe(&self, member: &Member, said: &Value) -> Result<(), Problem> {
        let ticket_id = self.ticket_id(member, &ticket_key(said)?).await?;
        let look = self.look_on(member, ticket_id);
        if look == Look::TooMany {
            let detail = format!("One connection looks on at {MOST_TICKETS} tickets at most.");
            return Err(Error::field("ticket", "too_many", detail).into());
        }
        // It may have gone elsewhere before it was known who looks on.
        self.ticket_id(member, &TicketKey::Id(ticket_id)).await.inspect_err(|_| self.look_away(member, ticket_id))?;
        if look == Look::Again {
            // The others have heard of the person; this socket has not heard who else is there.
            self.tell_viewers_to(ticket_id, &[member]).await;
        }
        self.read_what_was_told(member, ticket_id).await;
        Ok(())
    }

    /// Lets a socket of the staff hear who looks at tickets, such as those of a list, without looking on. What its person
    /// may not see is as if it were not there.
    async fn watch_viewers(&self, member: &Member, standing: &Standing, said: &Value) -> Result<(), Problem> {
        if !standing.is_staff() {
            return Err(Error::forbidden("Who looks at tickets is for staff.").into());
        }
        let named = ticket_ids(said)?;
        let seen: HashSet<TicketId> = self.desk.seen_of(&standing.actor, &named).await?.into_iter().collect();
        let new = self.watch(member, &seen);
        // One may have gone elsewhere before it was known who hears of it.
        let seen: HashSet<TicketId> = self.desk.seen_of(&member.standing().actor, &new).await?.into_iter().collect();
        for ticket_id in new {
            if !seen.contains(&ticket_id) {
                self.stop_watching(member, ticket_id);
            } else if self.is_looked_at(ticket_id) {
                self.tell_viewers_to(ticket_id, &[member]).await;
            }
        }
        Ok(())
    }

    /// Who opens a ticket has seen what was told of it. A program that may only read leaves it unread.
    async fn read_what_was_told(&self, member: &Member, ticket_id: TicketId) {
        let standing = member.standing();
        if scope::check(&standing.actor, &Method::PATCH, "/api/notifications/read-all").is_err() {
            return;
        }
        let call = Call { origin: self.origin_of(member), ..Call::from(&standing.actor) };
        if let Err(error) = self.desk.read_notifications_of(call, &TicketKey::Id(ticket_id)).await {
            tracing::debug!(error = &error as &dyn std::error::Error, "what was told of a ticket stays unread");
        }
    }

    async fn ticket_id(&self, member: &Member, key: &TicketKey) -> Result<TicketId, Problem> {
        Ok(self.desk.ticket(&member.standing().actor, key).await?.id())
    }

    async fn typing(&self, member: &Member, standing: &Standing, said: Value) -> Result<(), Problem> {
        scope::check(&standing.actor, &Method::POST, "/api/tickets")?;
        let typing = Said::from_json(said)?;
        if typing.is_internal && !standing.is_staff() {
            return Err(Error::forbidden("Internal notes are for staff.").into());
        }
        let key: TicketKey = typing.ticket_id.parse().map_err(|_| Error::NotFound("ticket"))?;
        let ticket_id = match key {
            // It was looked at when the socket began to look on, and is whenever the ticket moves.
            TicketKey::Id(id) if self.looks_on(member.socket.id, id) => id,
            key => self.ticket_id(member, &key).await?,
        };
        if typing.is_typing && self.is_fresh((ticket_id, member.user_id, typing.is_internal)) {
            return Ok(());
        }
        self.desk.bus().publish(Signal::Typing {
            ticket_id,
            user_id: member.user_id,
            name: standing.actor.person().name,
            is_internal: typing.is_internal,
            is_typing: typing.is_typing,
        });
        Ok(())
    }

    async fn set_availability(&self, member: &Member, standing: &Standing, said: Value) -> Result<(), Problem> {
        if !standing.is_staff() {
            return Err(Error::forbidden("Only staff take work.").into());
        }
        scope::check(&standing.actor, &Method::PATCH, "/api/auth/me")?;
        let Value::Object(mut fields) = said else { return Err(shape("An object with availability is expected.")) };
        let only = fields
            .remove("availability")
            .ok_or_else(|| Problem::from(Error::field("availability", "required", "Is required.")))?;
        let patch = MePatch::from_json(json!({ "availability": only }))?;
        let call = Call { origin: self.origin_of(member), ..Call::from(&standing.actor) };
        self.desk.update_me(call, patch, None).await?;
        Ok(())
    }
}

/// Says that somebody writes.
struct Said {
    ticket_id: String,
    is_typing: bool,
    is_internal: bool,
}

impl Input for Said {
    fn read(fields: &mut Fields) -> Self {
        Self {
            ticket_id: fields.required_text("ticket_id"),
            is_typing: fields.flag("is_typing").into_option().unwrap_or(true),
            is_internal: fields.flag("is_internal").into_option().unwrap_or_default(),
        }
    }

    fn check(&self, _: &mut Problems) {}
}

/// The ticket that is meant: its id or number, alone or as `ticket_id`.
fn ticket_key(said: &Value) -> Result<TicketKey, Problem> {
    let text = said.as_str().or_else(|| said.get("ticket_id")?.as_str());
    let text = text.ok_or_else(|| shape("A ticket's id or number is expected."))?;
    text.parse().map_err(|_| Error::NotFound("ticket").into())
}

/// The tickets that are meant, by their ids.
fn ticket_ids(said: &Value) -> Result<Vec<TicketId>, Problem> {
    let ids = said.as_array().ok_or_else(|| shape("A list of tickets' ids is expected."))?;
    if ids.len() > MOST_WATCHED {
        let detail = format!("One connection hears of the viewers of {MOST_WATCHED} tickets at most.");
        return Err(Error::field("ticket", "too_many", detail).into());
    }
    let read = |id: &Value| id.as_str().and_then(|text| text.parse().ok());
    ids.iter().map(read).collect::<Option<_>>().ok_or_else(|| shape("Each must be a ticket's id."))
}

fn shape(detail: &'static str) -> Problem {
    Error::field("ticket", "invalid_value", detail).into()
}
