//! What is to come of a step. What is not named is not looked at.

use super::name::{Names, Noun, key, tags};
use crate::input::{Fields, Patch, Problems};
use crate::model::{Channel, Priority, Status};
use serde_json::{Map, Value, json};

/// What is to come of a step.
#[derive(Clone, Default)]
pub(super) struct Then {
    /// The rules that fire, in this order.
    pub(super) fired: Option<Vec<String>>,
    /// Rules that do not.
    pub(super) not_fired: Vec<String>,
    /// What the ticket says afterwards.
    pub(super) ticket: Map<String, Value>,
    /// Who listens to the ticket afterwards.
    pub(super) watchers: Option<Vec<String>>,
    /// What rules say, send, tell and call, each list in any order.
    pub(super) lists: Vec<(Kind, Vec<Item>)>,
}

/// One thing that rules are to bring about: values by the names that [`Kind::keys`] has.
pub(super) type Item = Map<String, Value>;

/// What rules bring about beside the ticket's fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Comments,
    Mails,
    Notifications,
    Calls,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Comments, Self::Mails, Self::Notifications, Self::Calls];

    /// What the list is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Comments => "comments",
            Self::Mails => "mails",
            Self::Notifications => "notifications",
            Self::Calls => "calls",
        }
    }

    /// What is compared as a whole, beside `contains`.
    const fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Comments => &["internal"],
            Self::Mails => &["to", "subject"],
            Self::Notifications => &["to", "title"],
            Self::Calls => &["webhook", "url"],
        }
    }

    fn read(self, fields: &mut Fields) -> Item {
        let mut item = Item::new();
        for name in self.keys() {
            let value = match *name {
                "internal" => fields.flag(name).into_option().map(Value::from),
                _ => fields.text(name).into_option().map(Value::from),
            };
            item.extend(value.map(|value| ((*name).to_owned(), value)));
        }
        item.extend(fields.text("contains").into_option().map(|text| ("contains".to_owned(), text.into())));
        item
    }
}

/// Fields of a ticket that are texts, none of which may be null.
const TEXTS: [&str; 2] = ["subject", "description"];
/// Those that name something else, or nothing.
const NAMES: [&str; 3] = ["assignee", "team", "organization"];

impl Then {
    pub(super) fn read(fields: &mut Fields) -> Self {
        let mut lists = Vec::new();
        for kind in Kind::ALL {
            let items = fields.list(kind.name(), |fields| kind.read(fields)).into_option();
            lists.extend(items.map(|items| (kind, items)));
        }
        Self {
            fired: fields.texts("fired").into_option(),
            not_fired: fields.texts("not_fired").into_option().unwrap_or_default(),
            ticket: fields.nested("ticket", read_ticket).unwrap_or_default(),
            watchers: fields.texts("watchers").into_option(),
            lists,
        }
    }

    pub(super) fn check(&self, at: &str, names: &Names, any_ticket: bool, problems: &mut Problems) {
        let is_about_ticket = [
            ("ticket", !self.ticket.is_empty()),
            ("watchers", self.watchers.is_some()),
            ("comments", self.lists.iter().any(|(kind, _)| *kind == Kind::Comments)),
        ];
        for (field, is_there) in is_about_ticket {
            if is_there && !any_ticket {
                problems.add(format!("{at}.{field}"), "required", "No step before made a ticket.");
            }
        }
        let text = |name: &str| self.ticket.get(name).and_then(Value::as_str);
        names.check(problems, format!("{at}.ticket.assignee"), Noun::Person, text("assignee"));
        names.check(problems, format!("{at}.ticket.team"), Noun::Team, text("team"));
        names.check(problems, format!("{at}.ticket.organization"), Noun::Organization, text("organization"));
        for (kind, items) in &self.lists {
            for (place, item) in items.iter().enumerate() {
                if *kind == Kind::Calls {
                    let webhook = item.get("webhook").and_then(Value::as_str);
                    let at = format!("{at}.calls[{place}].webhook");
                    names.check(problems, at, Noun::Webhook, webhook);
                }
            }
        }
    }

    /// The rules that it names, each with its place.
    pub(super) fn rules(&self) -> impl Iterator<Item = (String, &str)> {
        let fired = self.fired.iter().flatten().enumerate().map(|named| ("fired", named));
        let not_fired = self.not_fired.iter().enumerate().map(|named| ("not_fired", named));
        fired.chain(not_fired).map(|(list, (place, name))| (format!("{list}[{place}]"), name.trim()))
    }
}

fn read_ticket(fields: &mut Fields) -> Map<String, Value> {
    let mut values = Map::new();
    let mut put = |name: &str, value: Patch<Value>| {
        values.extend(value.into_option().map(|value| (name.to_owned(), value)));
    };
    for name in TEXTS {
        put(name, json_of(fields.text(name)));
    }
    for name in NAMES {
        put(name, json_of(fields.nullable_text(name)));
    }
    put("requester", json_of(fields.text("requester")));
    put("category", json_of(fields.nullable_text("category")));
    put("status", json_of(fields.word("status", Status::ALL)));
    put("priority", json_of(fields.word("priority", Priority::ALL)));
    put("channel", json_of(fields.word("channel", Channel::ALL)));
    put("tags", fields.texts("tags").into_option().map(|given| tags(&given)).into());
    put("custom_fields", json_of(fields.map("custom_fields")));
    put("assigned_agent_id", json_of(fields.nullable_id("assigned_agent_id")));
    put("team_id", json_of(fields.nullable_id("team_id")));
    put("escalation_level", json_of(fields.integer("escalation_level")));
    put("wake_at", json_of(fields.nullable_time("wake_at")));
    for name in ["assignee", "requester"] {
        if let Some(Value::String(address)) = values.get_mut(name) {
            *address = key(Noun::Person, address);
        }
    }
    values
}

fn json_of<T: serde::Serialize>(read: Patch<T>) -> Patch<Value> {
    match read {
        Patch::Keep => Patch::Keep,
        Patch::Set(value) => Patch::Set(json!(value)),
    }
}
