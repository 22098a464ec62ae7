//! One's own sign-ins: at which browsers and programs one is signed in, and an end to one of them.

use super::Desk;
use super::user::page;
use crate::access::{Call, Principal, Scope};
use crate::error::Error;
use crate::ids::SessionId;
use crate::model::Session;
use crate::query::{Page, Position};
use crate::time::Time;
use serde::Serialize;

/// A sign-in as its person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The fields are those of `model::Session`.
pub struct SignInView {
    pub id: SessionId,
    pub created_at: Time,
    pub refreshed_at: Time,
    pub expires_at: Time,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

impl Desk {
    /// The actor's own sign-ins that can still be refreshed, newest first, before this one.
    pub async fn sign_ins(
        &self,
        call: impl Into<Call>,
        before: Option<SessionId>,
        limit: usize,
    ) -> Result<Page<SignInView>, Error> {
        let call = call.into();
        let own = own(&call)?;
        let found = self.store.sessions(&Scope::SIGN_IN, own.id, self.now(), before, limit + 1).await?;
        let found = page(found, limit, |session| Position::at(0, session.id.0));
        Ok(found.map(|session| view(session, own.session_id)))
    }

    /// Ends one of the actor's own sign-ins, and with it the connections that were opened by it. One that is over is not there.
    pub async fn end_sign_in(&self, call: impl Into<Call>, id: SessionId) -> Result<(), Error> {
        const GONE: Error = Error::NotFound("sign-in");
        let call = &call.into();
        let own = own(call)?;
        self.insist(move || async move {
            let session = self.store.session(&Scope::SIGN_IN, id).await?.ok_or(GONE)?;
            if session.user_id != own.id || session.ended_at.is_some() || session.expires_at <= self.now() {
                return Err(GONE);
            }
            self.end_session(call, session, "session.ended").await
        })
        .await
    }
}

fn view(session: Session, current: Option<SessionId>) -> SignInView {
    let Session { id, created_at, refreshed_at, expires_at, ip, user_agent, .. } = session;
    SignInView { id, created_at, refreshed_at, expires_at, ip, user_agent, is_current: current == Some(id) }
}

/// The person whose sign-ins these are. A key looks at them only where it opens everything.
fn own(call: &Call) -> Result<&Principal, Error> {
    let principal = call.actor.principal().ok_or(Error::NotFound("user"))?;
    if principal.is_whole() { Ok(principal) } else { Err(Error::forbidden("This needs a key of the scope admin.")) }
}
