//! Conditional requests: a resource's version as its entity tag (RFC 9110, section 13).

use crate::App;
use crate::json::{self, JsonBody};
use crate::problem::Problem;
use axum::RequestExt;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::future::Future;
use std::sync::Arc;
use ticketing_core::Error;
use ticketing_core::input::Input;

/// The entity tag of a version.
pub(crate) fn tag(version: i64) -> HeaderValue {
    // Digits between quotes are always a header value.
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or_else(|_| HeaderValue::from_static("\"0\""))
}

/// The weak entity tag of an answer that is told by what it says.
pub(crate) fn weak_tag(digest: i64) -> HeaderValue {
    HeaderValue::from_str(&format!("W/\"{digest}\"")).unwrap_or_else(|_| HeaderValue::from_static("W/\"0\""))
}

/// What stands for an answer in the place of a version, which is never negative.
pub(crate) fn digest(body: &[u8]) -> i64 {
    let bytes = Sha256::digest(body);
    let first = bytes.first_chunk().copied().unwrap_or_default();
    i64::from_be_bytes(first) & i64::MAX
}

/// The versions that a conditional header names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    Absent,
    Any,
    /// Versions of strong tags, and of weak ones. Tags that are none of ours are left out: they
    /// match nothing.
    Named {
        strong: Vec<i64>,
        weak: Vec<i64>,
    },
}

/// `If-Match`: change only what has this version.
#[derive(Debug)]
pub(crate) struct IfMatch(Tags);

/// `If-None-Match`: answer only what has another version.
#[derive(Debug)]
pub(crate) struct IfNoneMatch(Tags);

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        tags(&parts.headers, &header::IF_MATCH).map(Self)
    }
}

impl<S: Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        tags(&parts.headers, &header::IF_NONE_MATCH).map(Self)
    }
}

impl IfNoneMatch {
    /// Whether the client holds this version already.
    pub(crate) fn holds(&self, version: i64) -> bool {
        match &self.0 {
            Tags::Absent => false,
            Tags::Any => true,
            Tags::Named { strong, weak } => strong.contains(&version) || weak.contains(&version),
        }
    }
}

impl IfMatch {
    /// Runs a change under what the client expects: by `If-Match` (else 412) or by `version` in the
    /// body (else 409). The change is told the version to insist on.
    pub(crate) async fn apply<T, F>(
        &self,
        body_version: Option<i64>,
        change: impl Fn(Option<i64>) -> F,
    ) -> Result<T, Problem>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let Tags::Named { strong, .. } = &self.0 else {
            return Ok(change(body_version).await?);
        };
        if body_version.is_some_and(|version| !strong.contains(&version)) {
            let error = Error::field("version", "contradiction", "Names another version than If-Match.");
            return Err(error.into());
        }
        // No version is below 0: where no tag can match, insisting on one has the stored one told.
        let first = body_version.or(strong.first().copied()).unwrap_or(-1);
        match change(Some(first)).await {
            // Nothing was written; another tag of the list may name the stored version.
            Err(Error::Stale { current, .. }) if current != first && strong.contains(&current) => {
                change(Some(current)).await.map_err(stale_header)
            }
            answer => answer.map_err(stale_header),
        }
    }
}

/// What a body asks to change, and of which version.
#[derive(Debug)]
pub(crate) struct Change<I> {
    input: I,
    if_match: IfMatch,
    version: Option<i64>,
}

impl<I: Input> FromRequest<Arc<App>> for Change<I> {
    type Rejection = Problem;

    async fn from_request(mut request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let if_match = request.extract_parts::<IfMatch>().await?;
        let JsonBody(body) = JsonBody::from_request(request, app).await?;
        Ok(Self::read(if_match, body, |body| app.desk.read_input(body))?)
    }
}

impl<I> Change<I> {
    /// The change that a body asks for, where its input is read in a way of its own.
    pub(crate) fn read(
        if_match: IfMatch,
        body: Value,
        read: impl FnOnce(Value) -> Result<I, Error>,
    ) -> Result<Self, Error> {
        let (input, version) = json::versioned(body, read)?;
        Ok(Self { input, if_match, version })
    }

    /// Makes the change. It is told the version to insist on.
    pub(crate) async fn apply<T, F>(&self, change: impl Fn(I, Option<i64>) -> F) -> Result<T, Problem>
    where
        I: Clone,
        F: Future<Output = Result<T, Error>>,
    {
        self.if_match.apply(self.version, |expected| change(self.input.clone(), expected)).await
    }
}

fn stale_header(error: Error) -> Problem {
    match error {
        Error::Stale { current, .. } => Problem::stale_header(current),
        other => other.into(),
    }
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Tags, Problem> {
    let mut tags = Tags::Absent;
    for value in headers.get_all(name) {
        read(value.as_bytes(), &mut tags)
            .ok_or_else(|| Problem::malformed("If-Match and If-None-Match take *, or tags such as \"3\", \"4\"."))?;
    }
    Ok(tags)
}

/// Reads one header line into what is known so far.
fn read(line: &[u8], tags: &mut Tags) -> Option<()> {
    let mut rest = line.trim_ascii();
    if rest == b"*" {
        *tags = (*tags == Tags::Absent).then_some(Tags::Any)?;
        return Some(());
    }
    if *tags == Tags::Absent {
        *tags = Tags::Named { strong: Vec::new(), weak: Vec::new() };
    }
    let Tags::Named { strong, weak } = tags else { return None };
    while !rest.is_empty() {
        // A list may hold empty elements, and nothing else (RFC 9110, section 5.6.1).
        if let Some(after) = rest.strip_prefix(b",") {
            rest = after.trim_ascii_start();
            continue;
        }
        let (into, quoted) = match rest.strip_prefix(b"W/") {
            Some(quoted) => (&mut *weak, quoted),
            None => (&mut *strong, rest),
        };
        let opaque = quoted.strip_prefix(b"\"")?;
        let end = opaque.iter().position(|b| *b == b'"')?;
        let (text, after) = opaque.split_at(end);
        text.iter().all(|b| *b == 0x21 || (0x23..=0x7e).contains(b) || *b >= 0x80).then_some(())?;
        if let Some(version) = std::str::from_utf8(text).ok().and_then(version) {
            into.push(version);
        }
        rest = after[1..].trim_ascii_start();
        (rest.is_empty() || rest.starts_with(b",")).then_some(())?;
    }
    Some(())
}

/// The version a tag of ours names; `"03"` and `"+3"` are not ours. Version 0 is what nobody has changed yet.
fn version(text: &str) -> Option<i64> {
    let version: i64 = text.parse().ok()?;
    (version >= 0 && version.to_string() == text).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Result<Tags, ()> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::IF_MATCH, HeaderValue::from_str(line).unwrap());
        }
        tags(&headers, &header::IF_MATCH).map_err(drop)
    }

    fn named(strong: &[i64], weak: &[i64]) -> Tags {
        Tags::Named { strong: strong.to_vec(), weak: weak.to_vec() }
    }

    #[test]
    fn tags_are_read_as_the_standard_writes_them() {
        assert_eq!(of(&[]), Ok(Tags::Absent));
        assert_eq!(of(&["*"]), Ok(Tags::Any));
        assert_eq!(of(&["\"3\""]), Ok(named(&[3], &[])));
        assert_eq!(of(&[" \"3\" , W/\"4\",, \"x,y\" "]), Ok(named(&[3], &[4])));
        assert_eq!(of(&["\"3\"", "\"5\""]), Ok(named(&[3, 5], &[])));
        assert_eq!(of(&["\"0\""]), Ok(named(&[0], &[])));
        assert_eq!(of(&[""]), Ok(named(&[], &[])));
        assert_eq!(of(&[","]), Ok(named(&[], &[])));
        assert_eq!(of(&["\"03\", \"+3\", \"-1\", \"\""]), Ok(named(&[], &[])));
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for bad in ["3", "\"3", "3\"", "\"3\" \"4\"", "w/\"3\"", "*, \"3\"", "\"a b\"", "'3'"] {
            assert_eq!(of(&[bad]), Err(()), "{bad}");
        }
        assert_eq!(of(&["*", "\"3\""]), Err(()));
        assert_eq!(of(&["\"3\"", "*"]), Err(()));
    }
}
