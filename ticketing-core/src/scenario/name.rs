//! What scenarios call things by.

use crate::fold::fold;
use crate::input::Problems;
use crate::ticket::tidy_tags;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use uuid::Uuid;

/// What a name is one of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Noun {
    /// A company, by its name.
    Organization,
    /// A person, by the address.
    Person,
    /// A team, by its name.
    Team,
    /// A webhook, by its name.
    Webhook,
}

impl Noun {
    const fn unknown(self) -> &'static str {
        match self {
            Self::Organization => "There is no such organization among what is given.",
            Self::Person => "There is no such person among what is given.",
            Self::Team => "There is no such team among what is given.",
            Self::Webhook => "There is no such webhook among what is given.",
        }
    }
}

/// A name as it is looked for.
pub(super) fn key(noun: Noun, name: &str) -> String {
    match noun {
        Noun::Person => fold(name.trim()),
        Noun::Organization | Noun::Team | Noun::Webhook => name.trim().to_owned(),
    }
}

/// Tags as they are compared: the same in any case and order.
pub(super) fn tags(given: &[String]) -> Value {
    json!(tidy_tags(&given.iter().map(|tag| fold(tag)).collect::<Vec<_>>()))
}

/// The names of all that a scenario is given.
#[derive(Clone, Default)]
pub(super) struct Names {
    names: BTreeMap<(Noun, String), String>,
    ids: BTreeMap<Uuid, String>,
}

impl Names {
    /// Adds what stands at this place.
    pub(super) fn add(&mut self, problems: &mut Problems, at: String, noun: Noun, (name, id): (&str, Option<Uuid>)) {
        let field = if noun == Noun::Person { "email" } else { "name" };
        match self.names.entry((noun, key(noun, name))) {
            Entry::Vacant(place) => drop(place.insert(at.clone())),
            Entry::Occupied(first) => {
                problems.add(format!("{at}.{field}"), "duplicate", format!("{} has the same.", first.get()));
            }
        }
        let Some(id) = id else { return };
        match self.ids.entry(id) {
            Entry::Vacant(place) => drop(place.insert(at)),
            Entry::Occupied(first) => {
                problems.add(format!("{at}.id"), "duplicate", format!("{} has the same.", first.get()));
            }
        }
    }

    /// Whether there is such a thing.
    pub(super) fn has(&self, noun: Noun, name: &str) -> bool {
        self.names.contains_key(&(noun, key(noun, name)))
    }

    /// Notes a name that stands for nothing.
    pub(super) fn check(&self, problems: &mut Problems, at: impl Into<String>, noun: Noun, name: Option<&str>) {
        if name.is_some_and(|name| !self.has(noun, name)) {
            problems.add(at, "unknown", noun.unknown());
        }
    }
}
