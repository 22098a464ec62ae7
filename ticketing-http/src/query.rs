//! Query strings: every parameter is known, given once and readable, or the client is told.

use crate::App;
use crate::cursor::Cursors;
use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::{Display, Write as _};
use std::str::FromStr;
use std::sync::Arc;
use ticketing_core::Error;
use ticketing_core::input::Problems;
use ticketing_core::query::Position;

const DEFAULT_LIMIT: usize = 25;
pub(crate) const MOST: usize = 100;

pub(crate) const NOT_ENCODED: &str = "The query is not percent-encoded UTF-8.";

/// Parameters that say which page, not which list.
const PAGE_PARAMETERS: &[&str] = &["cursor", "after", "limit", "count"];

/// The parameters of a request, taken one by one; what nobody takes is a failure.
#[derive(Debug)]
pub(crate) struct Query {
    parameters: BTreeMap<String, String>,
    list: String,
    /// As it was sent, less what says where the page starts.
    asked: String,
    /// The parameter that says where a page starts.
    start: &'static str,
    pub(crate) problems: Problems,
}

/// Which page of a list is asked for, and nothing else.
#[derive(Debug)]
pub(crate) struct Paged {
    pub(crate) query: Query,
    pub(crate) limit: usize,
    pub(crate) after: Option<Position>,
    pub(crate) count: bool,
}

impl FromRequestParts<Arc<App>> for Paged {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        Ok(Query::from_request_parts(parts, app).await?.paged(&app.cursors)?)
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Self::parse(parts.uri.path(), parts.uri.query().unwrap_or_default());
        query.ok_or_else(|| Problem::malformed(NOT_ENCODED))
    }
}

impl Query {
    /// A query that belongs to no address. None where it can't be decoded.
    pub(crate) fn of(text: &str) -> Option<Self> {
        Self::parse("", text)
    }

    fn parse(path: &str, text: &str) -> Option<Self> {
        let mut parameters = BTreeMap::new();
        let mut problems = Problems::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if name.contains('\0') || value.contains('\0') {
                problems.add(name, "control_character", "May not contain the control character U+0000.");
                continue;
            }
            match parameters.entry(name) {
                Entry::Vacant(place) => {
                    place.insert(value);
                }
                Entry::Occupied(place) => {
                    let message = "May be given once; separate several values by commas.";
                    problems.add(place.key().as_str(), "repeated", message);
                }
            }
        }
        let mut list = path.to_owned();
        for (name, value) in parameters.iter().filter(|(name, _)| !PAGE_PARAMETERS.contains(&name.as_str())) {
            // With its length before it, no value can look like another parameter. Writing to a
            // String can't fail.
            let _ = write!(list, " {name}={}:{value}", value.len());
        }
        let stays = |pair: &&str| {
            let name = pair.split_once('=').map_or(*pair, |(name, _)| name);
            !name.is_empty() && !matches!(name, "cursor" | "after")
        };
        let asked = text.split('&').filter(stays).collect::<Vec<_>>().join("&");
        Some(Self { parameters, list, asked, start: "cursor", problems })
    }

    /// The same list of something that has versions: another version is another list.
    pub(crate) fn of_version(mut self, version: i64) -> Self {
        // Writing to a String can't fail.
        let _ = write!(self.list, " version {version}");
        self
    }

    /// Which list this is: its address, sort and filters. Cursors are bound to it.
    pub(crate) fn list(&self) -> &str {
        &self.list
    }

    /// The next page, as a reference from this one: the same query, started there.
    pub(crate) fn next(&self, cursor: &str) -> String {
        let separator = if self.asked.is_empty() { "" } else { "&" };
        format!("?{}{separator}{}={cursor}", self.asked, self.start)
    }

    /// Takes a parameter.
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.parameters.remove(name)
    }

    /// Notes which of these parameters are not there.
    pub(crate) fn require(&mut self, names: &[&str]) {
        for name in names.iter().filter(|name| !self.parameters.contains_key(**name)) {
            self.problems.add(*name, "required", "Is required.");
        }
    }

    /// Takes a parameter that is read as a whole.
    pub(crate) fn read<T>(&mut self, name: &str, wanted: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.take(name)?;
        let value = read(&text);
        if value.is_none() {
            self.problems.add(name, "unknown_value", format!("Must be {wanted}."));
        }
        value
    }

    /// Takes a part of a name that is looked for.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.read(name, "a text of 1 to 200 characters", |text| {
            (1..=200).contains(&text.trim().chars().count()).then(|| text.trim().to_owned())
        })
    }

    /// Whether a parameter is there that nobody has taken.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.parameters.contains_key(name)
    }

    /// Takes a parameter that holds several values, separated by commas.
    pub(crate) fn values(&mut self, name: &str) -> Option<Vec<String>> {
        let text = self.take(name)?;
        let values: Vec<String> = text.split(',').map(|value| value.trim().to_owned()).collect();
        if values.iter().any(String::is_empty) {
            self.problems.add(name, "required", "No value may be empty.");
            return None;
        }
        if values.len() > MOST {
            self.problems.add(name, "too_long", format!("May hold at most {MOST} values."));
            return None;
        }
        Some(values)
    }

    /// Takes a parameter that holds several words of a closed set, separated by commas.
    pub(crate) fn words<T: FromStr + Display + PartialEq>(&mut self, name: &str, all: &[T]) -> Option<Vec<T>> {
        let values = self.values(name)?;
        let read = |value: &String| value.parse().ok().filter(|word| all.contains(word));
        let known: Vec<T> = values.iter().filter_map(read).collect();
        if known.len() < values.len() {
            let words = all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            self.problems.add(name, "unknown_value", format!("Must be of {words}."));
            return None;
        }
        Some(known)
    }

    /// Takes what is left: which page, and whether all rows are to be counted.
    pub(crate) fn paged(mut self, cursors: &Cursors) -> Result<Paged, Error> {
        let after = self.place(cursors, "cursor");
        let limit = self.limit();
        let count = self.read("count", "true or false", |text| text.parse().ok()).unwrap_or_default();
        self.finish()?;
        Ok(Paged { query: self, limit, after, count })
    }

    /// Takes how many rows a page has at most.
    pub(crate) fn limit(&mut self) -> usize {
        let Some(text) = self.take("limit") else { return DEFAULT_LIMIT };
        match text.parse() {
            Ok(limit) if (1..=MOST).contains(&limit) => limit,
            _ => {
                self.problems.add("limit", "out_of_range", format!("Must be a number from 1 to {MOST}."));
                DEFAULT_LIMIT
            }
        }
    }

    /// Takes a cursor of this list.
    pub(crate) fn place(&mut self, cursors: &Cursors, name: &'static str) -> Option<Position> {
        self.start = name;
        let text = self.take(name)?;
        match cursors.decode(&self.list, name, &text) {
            Ok(place) => Some(place),
            Err(error) => {
                if let Error::Invalid(errors) = error {
                    self.problems.extend(errors);
                }
                None
            }
        }
    }

    /// All that is wrong, with a line for each parameter that nobody took.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        let unknown = std::mem::take(&mut self.parameters);
        let mut problems = std::mem::take(&mut self.problems);
        for name in unknown.into_keys() {
            problems.add(name, "unknown_parameter", "There is no such parameter here.");
        }
        problems.finish()
    }
}

/// Takes the order of a conversation: whether it is read from its end.
pub(crate) fn from_end(query: &mut Query) -> bool {
    let read = |text: &str| match text {
        "created_at" => Some(false),
        "-created_at" => Some(true),
        _ => None,
    };
    query.read("sort", "created_at or, for the newest first, -created_at", read).unwrap_or_default()
}

/// The text of a part of a query; none where its percent-encoding or the UTF-8 in it is broken.
pub(crate) fn decode(text: &str) -> Option<String> {
    if !text.bytes().any(|b| b == b'%' || b == b'+') {
        return Some(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let (high, low) = (char::from(rest.next()?).to_digit(16)?, char::from(rest.next()?).to_digit(16)?);
                u8::try_from(high * 16 + low).ok()?
            }
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures<T>(answer: Result<T, Error>) -> Vec<(String, &'static str)> {
        match answer {
            Err(Error::Invalid(errors)) => errors.into_iter().map(|e| (e.field, e.code)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn parameters_are_decoded_and_taken() {
        let mut query = Query::parse("/x", "tag=gr%C3%BCn,a+b&q=1%2B1&flag&=").unwrap();
        assert_eq!(query.values("tag").unwrap(), ["grün", "a b"]);
        assert_eq!(query.take("q").unwrap(), "1+1");
        assert_eq!(query.take("flag").unwrap(), "");
        assert_eq!(failures(query.finish()), [(String::new(), "unknown_parameter")]);
    }

    #[test]
    fn broken_encodings_are_malformed() {
        for bad in ["a=%", "a=%2", "a=%zz", "a=%ff", "%C3=1", "a=%c3%28"] {
            assert!(Query::parse("/x", bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn all_failures_come_at_once() {
        let cursors = Cursors::new(b"secret");
        let mut query = Query::parse("/x", "limit=0&cursor=abc&count=maybe&a=1&a=2&b=3&tag=x,,y").unwrap();
        assert!(query.values("tag").is_none());
        let mut found = failures(query.paged(&cursors));
        found.sort();
        let expected = [
            ("a", "repeated"),
            ("b", "unknown_parameter"),
            ("count", "unknown_value"),
            ("cursor", "invalid_cursor"),
            ("limit", "out_of_range"),
            ("tag", "required"),
        ];
        assert_eq!(found, expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_list_is_named_by_path_sort_and_filters_but_not_by_page() {
        let list = |path, text| Query::parse(path, text).unwrap().list;
        assert_eq!(list("/x", "b=1&a=2&limit=3"), list("/x", "a=2&b=1&count=true&cursor=zzz"));
        assert_ne!(list("/x", "a=1"), list("/x", "a=2"));
        assert_ne!(list("/x", "a=1"), list("/y", "a=1"));
        assert_ne!(list("/x", "a=1%20b=1:2"), list("/x", "a=1&b=2"));
    }
}
