//! Who may connect, and what a new socket is told first.

use super::command;
use super::hub::{Live, MOST_SOCKETS, Member, Room, Standing};
use crate::{client, scope};
use axum::http::Method;
use serde_json::Value;
use socketioxide::extract::{SocketRef, State, TryData};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, Release};
use ticketing_core::{Actor, Error, Origin, UserId};

/// Why somebody may not connect. The text is the client's `connect_error`.
#[derive(Debug)]
pub(super) struct Refused(&'static str);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

const NO_TOKEN: Refused = Refused("Connect with auth: { token }, an access token or an API key.");
const BAD_TOKEN: Refused = Refused("The token is invalid or has expired.");
const NO_SCOPE: Refused = Refused("The key lacks the scope tickets:read.");
const TOO_MANY: Refused = Refused("You have too many connections.");
const UNAVAILABLE: Refused = Refused("The desk can't be reached right now. Try again in a moment.");

/// Lets in who has a good token. What a socket says and hears is ready before its client learns that it is connected.
pub(super) async fn admit(
    socket: SocketRef,
    TryData(auth): TryData<Value>,
    State(live): State<Arc<Live>>,
) -> Result<(), Refused> {
    let admitted = enter(&live, &socket, auth.ok()).await;
    if admitted.is_err() {
        live.metrics.refused.fetch_add(1, Relaxed);
    }
    admitted
}

async fn enter(live: &Arc<Live>, socket: &SocketRef, auth: Option<Value>) -> Result<(), Refused> {
    let token = auth.as_ref().and_then(|auth| auth.get("token")).and_then(Value::as_str).ok_or(NO_TOKEN)?;
    let (user_id, actor) = live.recognise(token).await?;
    // What is told by sockets is what can be read here.
    scope::check(&actor, &Method::GET, "/api/events").map_err(|_| NO_SCOPE)?;
    live.begin().await.map_err(|error| unavailable(&error))?;
    let expires_at = live.authenticator.expires_at(token);
    let standing = live.standing_of(actor);
    socket.on_fallback(command::hear);
    socket.on_disconnect(async |socket: SocketRef, State(live): State<Arc<Live>>| live.remove(socket.id));
    if !live.add(Member::new(socket.clone(), user_id, token, expires_at, standing)) {
        tracing::debug!(user = %user_id, most = MOST_SOCKETS, "a person has too many sockets");
        return Err(TOO_MANY);
    }
    // What changed before it was here was told to nobody here, and what another process changed may not be known yet.
    live.desk.forget_rights(user_id);
    if let Some(member) = live.member(socket.id) {
        live.look_again(&member).await;
    }
    if live.member(socket.id).is_some_and(|member| !member.is_ending()) {
        return Ok(());
    }
    // The sign-in ended meanwhile: nobody is to be let in who would hear nothing.
    live.remove(socket.id);
    Err(BAD_TOKEN)
}

/// Welcomes a socket whose client knows by now that it is connected.
pub(super) async fn welcome(socket: SocketRef, State(live): State<Arc<Live>>) {
    if let Some(member) = live.member(socket.id) {
        live.welcome(&member);
    }
}

fn unavailable(error: &Error) -> Refused {
    tracing::warn!(error = error as &dyn std::error::Error, "a socket could not be let in");
    UNAVAILABLE
}

impl Live {
    /// Who a token belongs to, with the rights of this moment.
    async fn recognise(&self, token: &str) -> Result<(UserId, Actor), Refused> {
        let refused = |error: Error| match error {
            Error::Unauthenticated(_) => BAD_TOKEN,
            error => unavailable(&error),
        };
        let actor = self.authenticator.authenticate(&self.desk, token).await.map_err(refused)?;
        let user_id = actor.user_id().ok_or(BAD_TOKEN)?;
        let is_signed_in = self.desk.is_signed_in(&actor).await.map_err(|error| unavailable(&error))?;
        if is_signed_in { Ok((user_id, actor)) } else { Err(BAD_TOKEN) }
    }

    /// Looks again at who a socket belongs to: it ends with the person's sign-in, and hears from now on what the person may
    /// know from now on.
    pub(super) async fn look_again(&self, member: &Member) {
        // One look after another, so that the last one counts.
        let _turn = member.look.lock().await;
        let actor = match self.recognise(&member.token).await {
            Ok((user_id, actor)) if user_id == member.user_id => actor,
            Err(Refused(text)) if text == UNAVAILABLE.0 => return member.is_in_doubt.store(true, Release),
            Ok(_) | Err(_) => return self.end(member, "unauthenticated"),
        };
        if scope::check(&actor, &Method::GET, "/api/events").is_err() {
            return self.end(member, "forbidden");
        }
        self.restand(member, self.standing_of(actor.clone()));
        let tickets = self.tickets_of(member.socket.id);
        match self.desk.seen_of(&actor, &tickets).await {
            Ok(seen) => {
                for ticket_id in tickets.into_iter().filter(|id| !seen.contains(id)) {
                    self.look_away(member, ticket_id);
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
