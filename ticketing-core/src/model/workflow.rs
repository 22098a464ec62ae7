//! Rules: what administrators want to happen by itself, and what became of it.

use super::words;
use crate::ids::{EventId, TicketId, UserId, WorkflowId, WorkflowRunId};
use crate::setting::Setting;
use crate::time::Time;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

words! {
    /// What makes a rule look at a ticket.
    Trigger {
        /// It was made.
        TicketCreated = 0 "ticket_created",
        /// Any of its fields changed.
        TicketUpdated = 1 "ticket_updated",
        /// Its status changed.
        StatusChange = 2 "status_change",
        /// Its priority changed.
        PriorityChange = 3 "priority_change",
        /// Its agent or team changed, or it was made with one.
        Assignment = 4 "assignment",
        /// Somebody asked for more attention.
        Escalation = 5 "escalation",
        /// A promised time is over.
        SlaBreach = 6 "sla_breach",
        /// Something was said.
        CommentAdded = 7 "comment_added",
        /// A moment has come.
        TimeBased = 8 "time_based",
    }
}

words! {
    /// When a rule that was triggered is looked at.
    RuleMode {
        /// A `ticket_updated` rule: only where a field changed that its conditions name. Any other: always.
        WhenChanged = 0 "when_changed",
        /// Always.
        Always = 1 "always",
    }
}

words! {
    /// How the conditions of a list belong together.
    Matching {
        /// Every one must hold.
        All = 0 "all",
        /// One is enough.
        Any = 1 "any",
    }
}

words! {
    /// A moment of a ticket that time is counted from.
    Anchor {
        /// When it was made.
        CreatedAt = 0 "created_at",
        /// When it last changed.
        UpdatedAt = 1 "updated_at",
        /// When a customer last said something.
        LastCustomerReply = 2 "last_customer_reply",
        /// When its status last changed.
        LastStatusChange = 3 "last_status_change",
    }
}

/// When a `time_based` rule looks at tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Schedule {
    /// Again and again after the same time.
    Every {
        /// A duration such as `15m`.
        every: String,
    },
    /// At moments of the calendar.
    Cron {
        /// Five fields as crontab has them.
        cron: String,
        /// The IANA name of the zone they are meant in; UTC unless said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time_zone: Option<String>,
    },
    /// Once per ticket and anchor, so long after it.
    After {
        /// A duration such as `4h`.
        after: String,
        /// What it is counted from.
        since: Anchor,
        /// Whether only working time counts.
        #[serde(default)]
        working_time: bool,
    },
}

/// One thing that a rule does, as it was written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionSource {
    /// Which, such as `send_email`.
    #[serde(rename = "type")]
    pub kind: String,
    /// With what.
    #[serde(default)]
    pub params: Map<String, Value>,
}

/// Why the desk switched a rule off by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleDisabled {
    /// When.
    pub at: Time,
    /// Why.
    pub reason: RuleDisableReason,
}

words! {
    /// Why the desk switches a rule off.
    RuleDisableReason {
        /// It kept doing more than rules may do to one ticket.
        Budget = 0 "budget",
    }
}

/// One rule. Each save is a version of its own that never changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    /// What people call it.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// What makes it look at a ticket.
    pub trigger_type: Trigger,
    /// What must hold, as it was written.
    pub trigger_conditions: Value,
    /// How the conditions of the outermost list belong together.
    #[serde(rename = "match")]
    pub matching: Matching,
    /// When it is looked at.
    pub mode: RuleMode,
    /// Whether no later rule is looked at in the round in which it fires.
    pub stop: bool,
    /// Its place among the rules, lowest first.
    pub position: i32,
    /// Whether it is looked at at all.
    pub is_active: bool,
    /// When, for a `time_based` rule.
    #[serde(default)]
    pub schedule: Option<Schedule>,
    /// What it does, in order.
    pub actions: Vec<ActionSource>,
    /// Who made it, and is told when the desk switches it off.
    pub owner_id: Option<UserId>,
    /// Why this version was saved.
    #[serde(default)]
    pub note: Option<String>,
    /// That the desk switched it off.
    #[serde(default)]
    pub disabled: Option<RuleDisabled>,
    /// Since when there is such a rule.
    pub created_at: Time,
}

impl Setting for Workflow {
    const KIND: &'static str = "workflow";
}

impl Workflow {
    /// How many a desk can have.
    pub const MOST: usize = 20_000;
    /// How many things one does.
    pub const MOST_ACTIONS: usize = 20;
}

/// A rule at one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RuleRef {
    /// Which.
    pub id: WorkflowId,
    /// Its version.
    pub version: i64,
}

words! {
    /// What became of a rule that was looked at.
    RunOutcome {
        /// Its conditions held, and it did at least something, or had nothing left to do.
        Fired = 0 "fired",
        /// Its conditions did not hold.
        NotMatched = 1 "not_matched",
        /// Its conditions held, and all that it was to do was held back.
        Suppressed = 2 "suppressed",
        /// The same, about what a customer did: customers can use up what rules may do to their tickets, and
        /// this is no reason to switch a rule off.
        HeldBack = 3 "held_back",
    }
}

/// What a rule was found to do about one change of a ticket.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkflowRun {
    /// Its id.
    pub id: WorkflowRunId,
    /// The rule, as it was then.
    pub rule: RuleRef,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The first event of the change; none for a moment that has come.
    pub event_id: Option<EventId>,
    /// When.
    pub at: Time,
    /// What made it look.
    pub trigger: Trigger,
    /// In which round of the change, counted from 1.
    pub round: i16,
    /// What became of it.
    pub outcome: RunOutcome,
    /// A [`crate::workflow::trace::RunTrace`].
    pub trace: Value,
}

/// How much rules did to one ticket lately; it bounds how much more they may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSpend {
    /// When the minute began that is counted.
    pub since: Time,
    /// How many effects rules had in it.
    pub effects: i32,
}
