//! Fields that the small desk has added to its tickets, and what each ticket holds in them.

use super::DemoOptions;
use super::company::Customer;
use super::dice::{Dice, moment};
use super::prose::Prose;
use super::rhythm::{DAY, MINUTE};
use super::scenario::{FLEET, Scenario, WORKSHOP};
use super::text::BIKES;
use crate::model::{CustomField, FieldType, Ticket};
use crate::port::IdSource;
use crate::setting::Stored;
use crate::time::Time;
use serde_json::{Map, Value, json};

const PARTS: [&str; 7] = ["Battery", "Brakes", "Display", "Hub", "Lock", "Motor", "Tracker"];

/// Key, label, what it holds, what can be chosen, and whether customers see it.
type Row = (&'static str, &'static str, FieldType, &'static [&'static str], bool);
const FIELDS: [Row; 6] = [
    ("bike", "Bike", FieldType::Select, &BIKES, true),
    ("serial_number", "Serial number", FieldType::Text, &[], true),
    ("parts", "Parts concerned", FieldType::Multiselect, &PARTS, false),
    ("bikes_affected", "Bikes affected", FieldType::Number, &[], true),
    ("call_back_on", "Call back on", FieldType::Date, &[], false),
    ("safety_checked", "Safety check done", FieldType::Checkbox, &[], false),
];

/// The fields, as they were added when the company moved in.
pub(super) fn fields(opening: i64, dice: &Dice) -> Vec<Stored<CustomField>> {
    let field = |(place, (key, label, field_type, options, visible)): (usize, &Row)| {
        let at = moment(opening + (40 + i64::try_from(place).unwrap_or_default()) * MINUTE);
        let content = CustomField {
            options: options.iter().map(|option| (*option).to_owned()).collect(),
            visible_to_customer: *visible,
            position: i32::try_from(place).unwrap_or_default() * 10,
            ..CustomField::new(key.parse().ok()?, *label, *field_type, at)
        };
        Some(Stored { id: dice.uuid(at), version: 1, saved_at: at, content })
    };
    FIELDS.iter().enumerate().filter_map(field).collect()
}

/// What a new ticket holds: the bike that its texts are about, where they are about one. Has dice of its own, so that
/// the ticket is the same with and without.
pub(super) fn values(
    options: &DemoOptions,
    index: u64,
    ticket: &Ticket,
    customer: &Customer,
    scenario: &Scenario,
    prose: &Prose<'_>,
) -> Map<String, Value> {
    let dice = &Dice::new(options.seed, 6, index);
    let told = |slot: &str| {
        let mut text = String::new();
        prose.story.fill(&mut text, slot, "");
        text
    };
    let mut values = Map::new();
    let mut put = |key: &str, value: Value| drop(values.insert(key.to_owned(), value));
    let is_about_a_bike = scenario.team == WORKSHOP || matches!(scenario.category, "Theft" | "Connectivity");
    if is_about_a_bike && dice.chance(900) {
        put("bike", told("%p").into());
        if dice.chance(800) {
            put("serial_number", told("%s").into());
        }
    }
    let parts: &[&str] = match scenario.category {
        "Firmware" => &["Display", "Motor"],
        "Safety" => &["Battery", "Lock"],
        "Warranty" => &["Brakes", "Motor"],
        "Connectivity" => &["Hub", "Tracker"],
        "Theft" => &["Lock", "Tracker"],
        _ => &[],
    };
    if !parts.is_empty() && dice.chance(750) {
        // As the field lists them.
        put("parts", json!(if dice.chance(300) { parts } else { &parts[..1] }));
    }
    if scenario.team == FLEET && customer.organization.is_some() && dice.chance(850) {
        put("bikes_affected", told("%q").parse::<u32>().map_or(Value::Null, Value::from));
    }
    if dice.chance(140) {
        put("call_back_on", day(ticket.created_at, dice.between(2, 9)).into());
    }
    if scenario.category == "Safety" {
        put("safety_checked", dice.chance(600).into());
    }
    values
}

/// The day so many days later.
fn day(at: Time, days: i64) -> String {
    moment(at.timestamp_micros() + days * DAY).format("%Y-%m-%d").to_string()
}
