//! Who may connect, and what a new socket is told first.

use super::CONNECT_TIMEOUT;
use super::command;
use super::hub::{Live, Member, Room, Standing};
use super::seat::{MOST_OF_PERSON, Seat};
use crate::{client, scope};
use axum::http::Method;
use serde_json::Value;
use socketioxide::extract::{SocketRef, State, TryData};
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, Release};
use std::time::Duration;
use ticketing_core::{Actor, Error, Origin, TicketId, UserId};
use tokio::time::{Instant, sleep, timeout_at};

/// How long to wait before a desk that can't be reached is asked again who somebody is.
const AGAIN: Duration = Duration::from_secs(1);

/// Why somebody may not connect. The text is the client's `connect_error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("Connect with auth: {{ token }}, an access token or an API key.")]
    NoToken,
    #[error("The token is invalid or has expired.")]
    BadToken,
    #[error("The key lacks the scope tickets:read.")]
    NoScope,
    #[error("You have too many connections.")]
    TooMany,
    #[error("Open a new connection to try again.")]
    Spent,
    #[error("The desk can't be reached right now. Try again in a moment.")]
    Unavailable,
}

/// Lets in who has a good token. What a socket says and hears is ready before its client learns that it is connected.
pub(super) async fn admit(
    socket: SocketRef,
    TryData(auth): TryData<Value>,
    State(live): State<Arc<Live>>,
) -> Result<(), Refused> {
    let seat = socket.req_parts().extensions.get::<Arc<Seat>>();
    let admitted = if seat.is_none_or(|seat| seat.try_once()) {
        enter(&live, &socket, auth.ok()).await
    } else {
        Err(Refused::Spent)
    };
    if admitted.is_err() {
        live.metrics.refused.fetch_add(1, Relaxed);
        if let Some(seat) = seat {
            seat.spend();
        }
    }
    admitted
}

async fn enter(live: &Arc<Live>, socket: &SocketRef, auth: Option<Value>) -> Result<(), Refused> {
    let token = auth.as_ref().and_then(|auth| auth.get("token")).and_then(Value::as_str).ok_or(Refused::NoToken)?;
    let (user_id, actor) = live.recognise_in_time(token).await?;
    // What is told by sockets is what can be read here.
    scope::check(&actor, &Method::GET, "/api/events").map_err(|_| Refused::NoScope)?;
    let expires_at = live.authenticator.expires_at(token);
    let standing = live.standing_of(actor);
    if socket.req_parts().extensions.get::<Arc<Seat>>().is_some_and(|seat| !seat.belongs_to(user_id)) {
        tracing::debug!(user = %user_id, most = MOST_OF_PERSON, "a person has too many connections");
        return Err(Refused::TooMany);
    }
    socket.on_fallback(command::hear);
    socket.on_disconnect(async |socket: SocketRef, State(live): State<Arc<Live>>| live.remove(socket.id));
    live.add(Member::new(socket.clone(), user_id, token, expires_at, standing));
    // What changed before it was here was told to nobody here.
    if let Some(member) = live.member(socket.id) {
        live.look_again(&member).await;
    }
    if live.member(socket.id).is_some_and(|member| !member.is_ending()) {
        return Ok(());
    }
    // The sign-in ended meanwhile: nobody is to be let in who would hear nothing.
    live.remove(socket.id);
    Err(Refused::BadToken)
}

/// Welcomes a socket whose client knows by now that it is connected.
pub(super) async fn welcome(socket: SocketRef, State(live): State<Arc<Live>>) {
    if let Some(member) = live.member(socket.id) {
        live.welcome(&member);
        live.unsaid.count(member.user_id);
    }
}

fn unavailable(error: &Error) -> Refused {
    tracing::debug!(error = error as &dyn std::error::Error, "a socket could not be let in");
    Refused::Unavailable
}

impl Live {
    /// Who a token belongs to, asked again while the desk can't be reached. A client that is refused does not come back, so
    /// one of whom nothing is known is left without an answer: it comes back when its connection has ended for that.
    async fn recognise_in_time(self: &Arc<Self>, token: &str) -> Result<(UserId, Actor), Refused> {
        let end = Instant::now() + CONNECT_TIMEOUT + AGAIN;
        let known = async || {
            self.begin().await.map_err(|error| unavailable(&error))?;
            self.recognise(token).await
        };
        loop {
            // Whoever looks for the first time waits for all who do, and each look may take long.
            match timeout_at(end, known()).await {
                Ok(Err(Refused::Unavailable)) if Instant::now() < end => sleep(AGAIN).await,
                Ok(known) => return known,
                Err(_) => return Err(Refused::Unavailable),
            }
        }
    }

    /// Who a token belongs to, with the rights of this moment.
    async fn recognise(&self, token: &str) -> Result<(UserId, Actor), Refused> {
        let refused = |error: Error| match error {
            Error::Unauthenticated(_) => Refused::BadToken,
            error => unavailable(&error),
        };
        let actor = self.authenticator.authenticate(&self.desk, token).await.map_err(refused)?;
        let user_id = actor.user_id().ok_or(Refused::BadToken)?;
        let is_signed_in = self.desk.is_signed_in(&actor).await.map_err(|error| unavailable(&error))?;
        if is_signed_in { Ok((user_id, actor)) } else { Err(Refused::BadToken) }
    }

    /// Looks again at who a socket belongs to: it ends with the person's sign-in, and hears from now on what the person may
    /// know from now on.
    pub(super) async fn look_again(&self, member: &Member) {
        // One look after another, so that the last one counts.
        let _turn = member.look.lock().await;
        let actor = match self.recognise(&member.token).await {
            Ok((user_id, actor)) if user_id == member.user_id => actor,
            Err(Refused::Unavailable) => return member.is_in_doubt.store(true, Release),
            Ok(_) | Err(_) => return self.end(member, "unauthenticated"),
        };
        if scope::check(&actor, &Method::GET, "/api/events").is_err() {
            return self.end(member, "forbidden");
        }
        self.restand(member, self.standing_of(actor.clone()));
        let tickets = self.tickets_of(member.socket.id);
        let watched = self.watched_by(member.socket.id);
        let both: Vec<TicketId> = tickets.iter().chain(&watched).copied().collect();
        match self.desk.seen_of(&actor, &both).await {
            Ok(seen) => {
                for ticket_id in tickets.into_iter().filter(|id| !seen.contains(id)) {
                    self.look_away(member, ticket_id);
                }
                for ticket_id in watched.into_iter().filter(|id| !seen.contains(id)) {
                    self.stop_watching(member, ticket_id);
                }
            }
            Err(error) => {
                // What it hears is checked by its new rights all the same.
                tracing::debug!(error = &error as &dyn std::error::Error, "what a socket looks on at was not checked");
            }
        }
    }

    /// The rights of this moment, of which word may still be on its way here: what a request would be held against.
    pub(super) async fn up_to_date(&self, member: &Member) -> Result<Arc<Standing>, Error> {
        let actor = self.authenticator.authenticate(&self.desk, &member.token).await?;
        if self.desk.scope(&actor) != member.standing().scope {
            self.look_again(member).await;
        }
        if member.is_ending() {
            return Err(Error::Unauthenticated("This connection is over."));
        }
        Ok(member.standing())
    }

    /// Looks again at those who work here where their rights may be others than they were.
    pub(super) async fn look_at_staff_again(&self) {
        for member in self.in_rooms(&[Room::Staff]) {
            let actor = self.authenticator.authenticate(&self.desk, &member.token).await;
            let is_as_before = actor.is_ok_and(|actor| self.desk.scope(&actor) == member.standing().scope);
            if !is_as_before {
                self.look_again(&member).await;
            }
        }
    }

    /// From where a socket was opened, as its request says.
    pub(super) fn origin_of(&self, member: &Member) -> Origin {
        client::origin(member.socket.req_parts(), &self.trusted_proxies)
    }
}
