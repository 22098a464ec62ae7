//! What stands in a path: typed names of things, and where the router itself is nested.

use crate::App;
use crate::problem::Problem;
use axum::extract::{FromRequestParts, OriginalUri, RawPathParams};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use std::convert::Infallible;
use std::num::ParseIntError;
use std::str::FromStr;
use std::sync::Arc;
use ticketing_core::mail::MailType;
use ticketing_core::{
    ApiKeyId, ArrivalId, AttachmentId, CalendarId, CannedResponseId, CommentId, CustomFieldId, Error, ImportId, JobId,
    LinkId, MacroId, NotificationId, OrganizationId, SessionId, SlaPolicyId, TeamId, TicketKey, TimeEntryId, UserId,
    ViewId, WebhookId, WorkflowId,
};
use uuid::Uuid;

/// A thing that a path names. What can't be a name of it is not there: 404.
pub(crate) trait Named: FromStr {
    /// What it is, for people.
    const WHAT: &'static str;
}

macro_rules! named {
    ($($name:ty => $what:literal),+ $(,)?) => {$(
        impl Named for $name {
            const WHAT: &'static str = $what;
        }
    )+};
}

named! {
    TicketKey => "ticket", CommentId => "comment", UserId => "user", OrganizationId => "organization", TeamId => "team",
    ApiKeyId => "API key",
    ArrivalId => "mail",
    AttachmentId => "attachment",
    MailboxId => "mailbox",
    LinkId => "link",
    CalendarId => "calendar",
    CannedResponseId => "canned response",
    MacroId => "macro",
    CustomFieldId => "custom field",
    SlaPolicyId => "SLA policy",
    ViewId => "view",
    TimeEntryId => "time entry",
    WebhookId => "webhook",
    DeliveryId => "delivery",
    JobId => "job",
    ImportId => "import",
    SessionId => "sign-in",
    NotificationId => "notification",
    MailType => "email template",
    WorkflowId => "workflow",
    VersionNumber => "version of the workflow",
}

/// A job that tells an endpoint of something, as those know it who look after webhooks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeliveryId(pub(crate) JobId);

impl FromStr for DeliveryId {
    type Err = <JobId as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A mailbox, as those know it who look after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MailboxId(pub(crate) Uuid);

impl FromStr for MailboxId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// The number of a version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VersionNumber(pub(crate) i64);

impl FromStr for VersionNumber {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// The one thing that a path of this router names.
#[derive(Debug)]
pub(crate) struct One<T>(pub(crate) T);

/// The two things that a path of this router names.
#[derive(Debug)]
pub(crate) struct Two<A, B>(pub(crate) A, pub(crate) B);

/// The parameters of our own path, last first: a host that nests this router under a path with
/// parameters has its own before ours.
async fn parameters(parts: &mut Parts) -> Result<Vec<String>, Problem> {
    let raw = RawPathParams::from_request_parts(parts, &())
        .await
        .map_err(|_| Problem::malformed("The path is not percent-encoded UTF-8."))?;
    let mut values: Vec<String> = raw.iter().map(|(_, value)| value.to_owned()).collect();
    values.reverse();
    Ok(values)
}

fn read<T: Named>(text: Option<&String>) -> Result<T, Problem> {
    text.and_then(|text| text.parse().ok()).ok_or_else(|| Error::NotFound(T::WHAT).into())
}

impl<T: Named, S: Sync> FromRequestParts<S> for One<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        read(parameters(parts).await?.first()).map(Self)
    }
}

impl<A: Named, B: Named, S: Sync> FromRequestParts<S> for Two<A, B> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let values = parameters(parts).await?;
        Ok(Self(read(values.get(1))?, read(values.first())?))
    }
}

/// The path that this router's own paths start with, as clients see them: empty, or such as
/// `/support`.
#[derive(Debug)]
pub(crate) struct Base(pub(crate) String);

impl FromRequestParts<Arc<App>> for Base {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let own = parts.uri.path();
        let whole = parts.extensions.get::<OriginalUri>().map_or(own, |uri| uri.0.path());
        let nested = nested_at(whole, own);
        // A proxy that takes a prefix off leaves no trace of it but the public address.
        Ok(Self(if nested.is_empty() { app.site.path.clone() } else { nested.to_owned() }))
    }
}

fn nested_at<'a>(whole: &'a str, own: &str) -> &'a str {
    whole.strip_suffix(own).unwrap_or(if own == "/" { whole } else { "" })
}

/// The public address of the desk, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Site {
    /// Scheme, host and port, as browsers write an `Origin`.
    pub(crate) origin: String,
    /// What follows, without a slash at its end.
    pub(crate) path: String,
    /// Whether it is reached by TLS.
    pub(crate) secure: bool,
}

impl Site {
    pub(crate) fn new(app_url: &str) -> Self {
        let (scheme, rest) = app_url.split_once("://").unwrap_or(("http", app_url));
        let scheme = scheme.to_ascii_lowercase();
        let (host, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        Self {
            origin: origin(&format!("{scheme}://{host}")),
            path: path.trim_end_matches('/').to_owned(),
            secure: scheme == "https",
        }
    }

    /// Whether a page of this origin came from the desk: from the address that people are told, or from
    /// the one that the request names itself, such as `localhost` on the machine that serves.
    pub(crate) fn is_own(&self, origin: &HeaderValue, headers: &HeaderMap) -> bool {
        let Ok(origin) = origin.to_str() else { return false };
        let named = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        origin == self.origin || origin.split_once("://").is_some_and(|(_, host)| Some(host) == named)
    }
}

/// An origin as browsers write it: lower case, without the scheme's own port or a slash.
pub(crate) fn origin(text: &str) -> String {
    let text = text.trim().trim_end_matches('/').to_ascii_lowercase();
    let port = if text.starts_with("https://") { ":443" } else { ":80" };
    text.strip_suffix(port).map(str::to_owned).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_the_router_follows_from_what_is_left_of_the_path() {
        assert_eq!(nested_at("/api/tickets", "/api/tickets"), "");
        assert_eq!(nested_at("/support/api/tickets", "/api/tickets"), "/support");
        assert_eq!(nested_at("/support", "/"), "/support");
        assert_eq!(nested_at("/support/", "/"), "/support");
        assert_eq!(nested_at("/", "/"), "");
    }

    #[test]
    fn a_public_address_is_taken_apart() {
        let site = Site::new("https://Help.Example:443/desk/");
        assert_eq!((site.origin.as_str(), site.path.as_str(), site.secure), ("https://help.example", "/desk", true));
        let site = Site::new("http://127.0.0.1:5000");
        assert_eq!((site.origin.as_str(), site.path.as_str(), site.secure), ("http://127.0.0.1:5000", "", false));
        assert_eq!(origin("http://a.example:80/"), "http://a.example");
    }
}
