//! The policies of a desk, ready to be asked.

use crate::calendar::{Calendars, KnownCalendar, WorkingTime};
use crate::condition::{Condition, parse};
use crate::ids::{CalendarId, SlaPolicyId};
use crate::model::sla::policy_id;
use crate::model::{CustomFields, FieldKey, SlaPolicy, SlaTargets, Ticket};
use crate::setting::Stored;
use crate::time::Time;
use std::sync::LazyLock;

/// A policy with its conditions read.
#[derive(Debug)]
pub struct KnownPolicy {
    /// What it says.
    pub stored: Stored<SlaPolicy>,
    /// Which tickets it is for. None where its conditions can't be read any more, because a field is gone: it is for
    /// none then.
    condition: Option<Condition>,
}

impl KnownPolicy {
    /// A policy as it would be on a desk with these fields.
    pub fn new(stored: Stored<SlaPolicy>, fields: &CustomFields) -> Self {
        let condition = parse(&stored.content.conditions, "conditions", fields).ok();
        let condition = condition.map(|condition| condition.matching(stored.content.matching));
        Self { stored, condition }
    }

    /// Its id.
    pub fn id(&self) -> SlaPolicyId {
        policy_id(&self.stored)
    }

    /// Whether its conditions can be read.
    pub fn is_readable(&self) -> bool {
        self.condition.is_some()
    }

    /// Whether its conditions ask for this field of the desk.
    pub fn asks_for(&self, key: FieldKey) -> bool {
        self.condition.as_ref().is_some_and(|condition| condition.asks_for(key))
    }

    /// Whether it is for this ticket.
    pub fn is_for(&self, ticket: &Ticket, now: Time) -> bool {
        self.stored.content.is_active && self.condition.as_ref().is_some_and(|condition| condition.holds(ticket, now))
    }

    /// What it promises such a ticket.
    pub fn targets(&self, ticket: &Ticket) -> Option<&SlaTargets> {
        self.stored.content.targets.get(&ticket.priority)
    }
}

/// The policies of a desk in their order.
#[derive(Debug, Default)]
pub struct SlaPolicies(Vec<KnownPolicy>);

impl SlaPolicies {
    /// How many a desk has at most.
    pub const MOST: usize = 200;

    /// These policies, on a desk with these fields.
    pub fn new(all: Vec<Stored<SlaPolicy>>, fields: &CustomFields) -> Self {
        let mut all: Vec<_> = all.into_iter().map(|stored| KnownPolicy::new(stored, fields)).collect();
        all.sort_by_key(|known| (known.stored.content.position, known.stored.id));
        Self(all)
    }

    /// All of them in their order.
    pub fn iter(&self) -> impl Iterator<Item = &KnownPolicy> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The policy with this id.
    pub fn get(&self, id: SlaPolicyId) -> Option<&KnownPolicy> {
        self.0.iter().find(|known| known.id() == id)
    }

    /// Whether the conditions of any of them ask for this field of the desk.
    pub fn ask_for(&self, key: FieldKey) -> bool {
        self.iter().any(|known| known.asks_for(key))
    }

    /// The policy that a ticket is under.
    pub fn of(&self, ticket: &Ticket, now: Time) -> Option<&KnownPolicy> {
        self.0.iter().find(|known| known.is_for(ticket, now))
    }
}

/// The calendar that a ticket's working time is counted by; none where that is all time.
pub(super) fn calendar_of<'a>(
    calendars: &'a Calendars,
    own: Option<CalendarId>,
    ticket: &Ticket,
) -> Option<&'a KnownCalendar> {
    own.and_then(|id| calendars.get(id)).or_else(|| calendars.known_of_team(ticket.team_id))
}

/// By what time is counted: by a calendar, where only working time is and there is one.
pub(super) fn time_of(calendar: Option<&KnownCalendar>, is_working_time: bool) -> &WorkingTime {
    static ALWAYS: LazyLock<WorkingTime> = LazyLock::new(WorkingTime::round_the_clock);
    calendar.filter(|_| is_working_time).map_or(&ALWAYS, |known| &known.time)
}
