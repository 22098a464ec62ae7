//! What was to come against what came.

use super::name::{Noun, key};
use super::report::{Unmet, UnmetKind};
use super::then::Item;
use serde_json::{Map, Value};

/// Characters of a text that a report tells.
const TOLD: usize = 300;

/// Whether what came is what was to come: `contains` is a part of a text, an address counts whatever its case.
fn fits(wanted: &Item, found: &Item) -> bool {
    wanted.iter().all(|(name, wanted)| {
        let found = found.get(name).unwrap_or(&Value::Null);
        match (name.as_str(), wanted.as_str(), found.as_str()) {
            ("contains", Some(wanted), Some(found)) => found.contains(wanted),
            ("to", Some(wanted), Some(found)) => key(Noun::Person, wanted) == key(Noun::Person, found),
            _ => wanted == found,
        }
    })
}

/// Gives as many as possible of those that were to come one of those that came, each to one: who has none yet may take
/// another's, where that one finds another (augmenting paths).
fn pair(wanted: &[Item], found: &[Item]) -> Vec<Option<usize>> {
    fn give(
        place: usize,
        fits: &dyn Fn(usize, usize) -> bool,
        owners: &mut [Option<usize>],
        asked: &mut [bool],
    ) -> bool {
        for one in 0..owners.len() {
            if asked[one] || !fits(place, one) {
                continue;
            }
            asked[one] = true;
            let is_free = match owners[one] {
                None => true,
                Some(owner) => give(owner, fits, owners, asked),
            };
            if is_free {
                owners[one] = Some(place);
                return true;
            }
        }
        false
    }
    let mut owners = vec![None; found.len()];
    let fits = |place: usize, one: usize| fits(&wanted[place], &found[one]);
    for place in 0..wanted.len() {
        give(place, &fits, &mut owners, &mut vec![false; found.len()]);
    }
    owners
}

/// All of a list, in any order, and nothing else.
pub(super) fn list(at: &str, wanted: &[Item], found: &[Item], number: &str) -> Vec<Unmet> {
    let filled: Vec<Item> = wanted.iter().map(|item| filled(item, number)).collect();
    let owners = pair(&filled, found);
    let free: Vec<Value> =
        owners.iter().zip(found).filter(|(owner, _)| owner.is_none()).map(|(_, item)| told(item)).collect();
    let missing = (0..wanted.len()).filter(|place| !owners.contains(&Some(*place)));
    let mut unmet: Vec<Unmet> = missing
        .map(|place| {
            let expected = Value::from(wanted[place].clone());
            note(format!("{at}[{place}]"), UnmetKind::Missing, expected, Value::from(free.clone()))
        })
        .collect();
    // What was told beside something that is missing need not be told again.
    if unmet.is_empty() {
        unmet.extend(free.into_iter().map(|one| note(at.to_owned(), UnmetKind::Unexpected, Value::Null, one)));
    }
    unmet
}

/// Each field that is named.
pub(super) fn ticket(at: &str, wanted: &Map<String, Value>, found: &Map<String, Value>, number: &str) -> Vec<Unmet> {
    let mut unmet = Vec::new();
    let mut compare = |name: &str, wanted: &Value, found: &Value| {
        let at = format!("{at}.{name}");
        unmet.extend(differs(at, fill(wanted, number), found));
    };
    for (name, wanted) in wanted {
        let found = found.get(name).unwrap_or(&Value::Null);
        match (wanted, found) {
            (Value::Object(wanted), Value::Object(found)) => {
                for (key, wanted) in wanted {
                    compare(&format!("{name}.{key}"), wanted, found.get(key).unwrap_or(&Value::Null));
                }
            }
            _ => compare(name, wanted, found),
        }
    }
    unmet
}

/// Two values that are to be the same.
pub(super) fn differs(at: String, wanted: Value, found: &Value) -> Option<Unmet> {
    let is_same = wanted == *found || wanted.as_f64().is_some_and(|wanted| found.as_f64() == Some(wanted));
    (!is_same).then(|| note(at, UnmetKind::Differs, wanted, told_value(found)))
}

fn note(at: String, kind: UnmetKind, expected: Value, actual: Value) -> Unmet {
    Unmet { at, kind, expected, actual, rules: Vec::new() }
}

fn filled(item: &Item, number: &str) -> Item {
    item.iter().map(|(name, value)| (name.clone(), fill(value, number))).collect()
}

/// A text may name the ticket as a rule's text does: nobody can know its number before.
fn fill(value: &Value, number: &str) -> Value {
    match value {
        Value::String(text) => text.replace("{{ticket_number}}", number).into(),
        other => other.clone(),
    }
}

/// What came, as a report tells it.
fn told(item: &Item) -> Value {
    let told = item.iter().map(|(name, value)| (if name == "contains" { "text" } else { name }, told_value(value)));
    told.map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>().into()
}

fn told_value(value: &Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > TOLD => {
            format!("{}…", text.chars().take(TOLD).collect::<String>()).into()
        }
        other => other.clone(),
    }
}
