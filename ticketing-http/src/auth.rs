//! Who asks: the bearer token of a request, turned into a call of the desk.

use crate::middleware::RequestId;
use crate::problem::Problem;
use crate::{App, client, scope};
use async_trait::async_trait;
use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use std::ops::Deref;
use std::sync::Arc;
use ticketing_core::access::SystemReason;
use ticketing_core::model::{IdempotencyKey, Role};
use ticketing_core::time::Time;
use ticketing_core::{Actor, Call, Desk, Error};

/// Who a bearer token belongs to. The router brings one for the tokens of its own sign-in; an
/// application with identities of its own brings another.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// The person behind a token, with the rights of this moment.
    ///
    /// [`Error::Unauthenticated`] where the token is no good; the text is shown to the client.
    async fn authenticate(&self, desk: &Desk, bearer: &str) -> Result<Actor, Error>;

    /// When a token that was just accepted ends by itself; none where it does not say so. Connections that were opened
    /// with it end then.
    fn expires_at(&self, bearer: &str) -> Option<Time> {
        let _ = bearer;
        None
    }
}

/// A call by somebody who is signed in.
#[derive(Debug)]
pub(crate) struct Caller(Call);

/// A call by somebody who need not be signed in.
#[derive(Debug)]
pub(crate) struct Visitor(Call);

/// A call by whoever it is: somebody signed in where the token is good, a visitor where there is
/// none or a stale one. For signing out, which must work to the last.
#[derive(Debug)]
pub(crate) struct Anyone {
    pub(crate) call: Call,
    pub(crate) refusal: Option<Problem>,
}

impl Caller {
    /// The call to hand to the desk.
    pub(crate) fn call(&self) -> &Call {
        &self.0
    }

    /// Who asks.
    pub(crate) fn actor(&self) -> &Actor {
        &self.0.actor
    }
}

/// Callers of whole routes that are closed to everybody below a role. They are turned away before
/// anything else of the request is looked at; the desk would refuse them too, but only once it has
/// something to decide on.
macro_rules! closed_below {
    ($($(#[$about:meta])* $name:ident => $role:expr;)+) => {$(
        $(#[$about])*
        #[derive(Debug)]
        pub(crate) struct $name(Caller);

        impl Deref for $name {
            type Target = Caller;

            fn deref(&self) -> &Caller {
                &self.0
            }
        }

        impl FromRequestParts<Arc<App>> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
                let caller = Caller::from_request_parts(parts, app).await?;
                caller.actor().at_least($role)?;
                Ok(Self(caller))
            }
        }
    )+};
}

closed_below! {
    /// A call by somebody who works here.
    Staff => Role::Agent;
    /// A call by a manager or an administrator.
    Manager => Role::Manager;
    /// A call by an administrator.
    Admin => Role::Admin;
}

impl Visitor {
    /// The call to hand to the desk.
    pub(crate) fn call(&self) -> &Call {
        &self.0
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let actor = match parts.extensions.get::<Recognised>() {
            Some(Recognised(actor)) => actor.clone(),
            None => app.authenticator.authenticate(&app.desk, bearer(parts)?).await?,
        };
        scope::check(&actor, &parts.method, parts.uri.path())?;
        Ok(Self(call(parts, app, actor)))
    }
}

/// Who asks, found out before the handler runs.
#[derive(Clone, Debug)]
struct Recognised(Actor);

/// Who asks, where a good token says so. The handler then takes it from here.
pub(crate) async fn recognise(parts: &mut Parts, app: &App) -> Result<Option<Actor>, Problem> {
    if let Some(Recognised(actor)) = parts.extensions.get() {
        return Ok(Some(actor.clone()));
    }
    let Ok(token) = bearer(parts) else { return Ok(None) };
    match app.authenticator.authenticate(&app.desk, token).await {
        Ok(actor) => {
            parts.extensions.insert(Recognised(actor.clone()));
            Ok(Some(actor))
        }
        Err(Error::Unauthenticated(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        Ok(Self(call(parts, app, Actor::system(SystemReason::SignIn))))
    }
}

impl FromRequestParts<Arc<App>> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        match Caller::from_request_parts(parts, app).await {
            Ok(Caller(call)) => Ok(Self { call, refusal: None }),
            Err(refusal) if refusal.status() == axum::http::StatusCode::UNAUTHORIZED => {
                let call = call(parts, app, Actor::system(SystemReason::SignIn));
                Ok(Self { call, refusal: Some(refusal) })
            }
            Err(problem) => Err(problem),
        }
    }
}

fn call(parts: &Parts, app: &App, actor: Actor) -> Call {
    let request_id = parts.extensions.get::<RequestId>().map(|id| id.as_str().to_owned());
    let idempotency = parts.extensions.get::<Arc<IdempotencyKey>>().cloned();
    Call { actor, origin: client::origin(parts, &app.trusted_proxies), request_id, cause: None, idempotency }
}

/// The token of exactly one well-formed `Authorization: Bearer` header.
fn bearer(parts: &Parts) -> Result<&str, Problem> {
    const SHAPE: &str = "Authorization must be one header of the form: Bearer TOKEN.";
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or_else(Problem::no_credentials)?;
    if values.next().is_some() {
        return Err(Problem::bad_credentials(SHAPE));
    }
    let (scheme, token) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(|| Problem::bad_credentials(SHAPE))?;
    let token_byte = |b: u8| b.is_ascii_alphanumeric() || b"-._~+/=".contains(&b);
    if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.bytes().all(token_byte) {
        Ok(token)
    } else {
        Err(Problem::bad_credentials(SHAPE))
    }
}
