//! What actions write, as far as that is known before they are done.

use super::{Action, Does, Filling};
use crate::condition::CUSTOM;
use crate::workflow::recipient::{Part, Recipient};
use serde_json::Value;

/// Something of a ticket that an action writes.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The field by its wire name; `comment` for what is said.
    pub field: String,
    /// What becomes of it.
    pub sets: Sets,
}

/// What becomes of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Sets {
    /// It gets this value.
    To(Value),
    /// It gets a value that is known only when it is done.
    Something,
    /// These become members of it.
    Adds(Vec<String>),
    /// These are no members any more.
    Removes(Vec<String>),
    /// It grows by one.
    Grows,
    /// Something is said.
    Says {
        /// Whether to staff alone.
        is_internal: bool,
    },
}

impl Action {
    /// What it writes to the ticket. What leaves the desk, and who listens, is not told here.
    pub fn writes(&self) -> Vec<Written> {
        let written = |field: &str, sets: Sets| Written { field: field.to_owned(), sets };
        match &self.does {
            Does::Update(filling) => fields(filling, ""),
            Does::Assign(filling) => {
                let mut all = fields(filling, "");
                for written in all.iter_mut().filter(|written| written.field == "agent_id") {
                    "assigned_agent_id".clone_into(&mut written.field);
                    // A part that somebody plays is known when it is done.
                    let is_part = matches!(&written.sets, Sets::To(Value::String(text)) if !text.contains('-'));
                    if is_part {
                        written.sets = Sets::Something;
                    }
                }
                all
            }
            Does::Comment { is_internal, .. } => vec![written("comment", Sets::Says { is_internal: *is_internal })],
            Does::Escalate { to, .. } => {
                let mut all = vec![written("escalation_level", Sets::Grows)];
                if to.is_some() {
                    all.push(written("assigned_agent_id", Sets::Something));
                    all.push(written("team_id", Sets::Something));
                }
                all
            }
            Does::Tag { tags, adds } => {
                let plain: Vec<Option<&str>> = tags.iter().map(|tag| tag.plain()).collect();
                let known: Vec<String> = plain.iter().flatten().map(|&tag| tag.to_owned()).collect();
                let mut all = Vec::new();
                if known.len() < plain.len() {
                    all.push(written("tags", Sets::Something));
                }
                if !known.is_empty() {
                    all.push(written("tags", if *adds { Sets::Adds(known) } else { Sets::Removes(known) }));
                }
                all
            }
            Does::Snooze(_) => {
                vec![written("wake_at", Sets::Something), written("status", Sets::To("pending".into()))]
            }
            Does::Mail { .. } | Does::Notify { .. } | Does::Call { .. } | Does::Watch { .. } | Does::Own { .. } => {
                Vec::new()
            }
        }
    }

    /// Whether it writes a mail to whoever asks.
    pub fn mails_requester(&self) -> bool {
        let means_requester = |recipient: &Recipient| match recipient {
            Recipient::Role(part) => *part == Part::Requester,
            Recipient::Filled(text) => text.needs.customer,
            Recipient::Id(_) | Recipient::Address(_) => false,
        };
        matches!(&self.does, Does::Mail { to, .. } if to.iter().any(means_requester))
    }
}

/// The fields of a patch, by their wire names.
fn fields(filling: &Filling, under: &str) -> Vec<Written> {
    let pairs: Vec<(String, Sets)> = match filling {
        Filling::Map(entries) => entries.iter().flat_map(|(name, value)| entry(name, value, under)).collect(),
        Filling::Fixed(Value::Object(map)) => {
            let entries = map.iter().map(|(name, value)| (name, Filling::Fixed(value.clone())));
            entries.flat_map(|(name, value)| entry(name, &value, under)).collect()
        }
        _ => Vec::new(),
    };
    pairs.into_iter().map(|(field, sets)| Written { field, sets }).collect()
}

fn entry(name: &str, value: &Filling, under: &str) -> Vec<(String, Sets)> {
    if name == "custom_fields" && under.is_empty() {
        return fields(value, CUSTOM).into_iter().map(|written| (written.field, written.sets)).collect();
    }
    let sets = value.fixed().filter(|_| value.is_fixed()).map_or(Sets::Something, Sets::To);
    vec![(format!("{under}{name}"), sets)]
}
