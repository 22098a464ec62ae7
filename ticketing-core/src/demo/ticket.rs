//! The first state of a ticket: its number, its text, its labels.

use super::DemoOptions;
use super::company::Customer;
use super::dice::{Dice, moment};
use super::prose::Prose;
use super::scenario::Scenario;
use crate::ids::{TicketId, TicketNumber};
use crate::model::{Channel, Priority, Status, Ticket};
use crate::port::IdSource;
use serde_json::Map;

/// How many numbers there are.
const NUMBERS: u128 = 29_u128.pow(8);
/// The step from one ticket's number to the next. It has no factor in common with the count, so
/// that no number comes twice.
const STRIDE: u128 = 309_169_333_097;

/// The ticket as the customer makes it.
#[allow(clippy::too_many_arguments)] // Everything that a ticket comes from, each once.
pub(super) fn new_ticket(
    options: &DemoOptions,
    index: u64,
    at: i64,
    channel: Channel,
    customer: &Customer,
    scenario: &Scenario,
    prose: &Prose<'_>,
    dice: &Dice,
) -> Ticket {
    let now = moment(at);
    let priority = dice.weighted(scenario.priority.iter().copied());
    Ticket {
        id: TicketId(dice.uuid(now)),
        number: number(options.seed, index),
        subject: prose.subject(dice),
        description: prose.description(channel, dice),
        status: Status::Open,
        priority: Priority::ALL[priority],
        category: dice.chance(960).then(|| scenario.category.to_owned()),
        tags: tags(scenario.tags, dice),
        custom_fields: Map::new(),
        channel,
        customer_id: customer.user.id,
        organization_id: customer.user.organization_id,
        assigned_agent_id: None,
        team_id: None,
        escalation_level: 0,
        version: 1,
        created_at: now,
        updated_at: now,
        first_responded_at: None,
        resolved_at: None,
        closed_at: None,
        merged_into: None,
        wake_at: None,
        last_customer_reply_at: Some(now),
        last_status_change_at: Some(now),
        sla: None,
        rule_spend: None,
    }
}

/// A number that no other ticket of this desk has.
fn number(seed: u64, index: u64) -> TicketNumber {
    let place = (u128::from(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)) + u128::from(index) * STRIDE) % NUMBERS;
    TicketNumber::from_bits(u64::try_from(place).unwrap_or_default())
}

/// Some of the labels, sorted as they are.
fn tags(fitting: &[&str], dice: &Dice) -> Vec<String> {
    let wanted = match dice.below(100) {
        0..5 => 0,
        5..45 => 1,
        45..88 => 2,
        _ => 3,
    };
    let mut wanted = wanted.min(fitting.len());
    let mut tags = Vec::with_capacity(wanted);
    for (place, tag) in fitting.iter().enumerate() {
        if dice.below(fitting.len() - place) < wanted {
            tags.push((*tag).to_owned());
            wanted -= 1;
        }
    }
    tags
}
