//! What came of trying rules.

use super::super::word::{Trigger, WarningCode};
use super::WorkflowEffect;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a rule would do about a ticket, and why.
#[derive(ToSchema)]
pub(crate) struct DryRun {
    /// Whether it would fire.
    would_fire: bool,
    /// What makes it look.
    trigger: Trigger,
    /// What was looked at.
    basis: TrialBasis,
    /// The conditions as they were written, each test with the value that was found (`actual`) and whether it held
    /// (`result`).
    conditions: Vec<Map<String, Value>>,
    /// What it would do, in order.
    effects: Vec<WorkflowEffect>,
}

/// What a trial looked at.
#[derive(ToSchema)]
pub(crate) struct TrialBasis {
    /// `event`: the last change that makes the rule look. `assumed`: the ticket as it stands.
    #[schema(example = "event")]
    kind: String,
    /// The first event of the change.
    #[schema(required = false)]
    event_id: Uuid,
    /// When.
    at: DateTime<Utc>,
}

/// What a draft would do: about a ticket, or what it would have done over a stretch of time.
#[derive(ToSchema)]
#[serde(untagged)]
pub(crate) enum Trial {
    /// About a ticket.
    Ticket(DryRun),
    /// Over a stretch of time.
    History(Backtest),
}

/// What a draft would have done over a stretch of time.
#[derive(ToSchema)]
pub(crate) struct Backtest {
    /// Since when.
    from: DateTime<Utc>,
    /// Until when.
    to: DateTime<Utc>,
    /// Events that were read.
    events: u64,
    /// Changes of tickets that rules were asked about.
    changes: u64,
    /// Changes in which the draft would have fired.
    matched: u64,
    /// The numbers of the first 100 tickets of which it would have.
    tickets: Vec<String>,
    /// How many things the draft would have done, by the type of action.
    effects: BTreeMap<String, u64>,
    /// How many things the rules that are switched on do about the same changes.
    current_effects: BTreeMap<String, u64>,
    /// Changes that would have come out otherwise with the draft among the rules.
    differences: u64,
    /// The first 100 of them.
    differs_from_current: Vec<BacktestDifference>,
}

/// A change that would have come out otherwise.
#[derive(ToSchema)]
pub(crate) struct BacktestDifference {
    /// The ticket's number.
    ticket: String,
    /// When the change was made.
    at: DateTime<Utc>,
    /// What all rules would do with the draft among them.
    draft: Vec<WorkflowEffect>,
    /// What they do without.
    current: Vec<WorkflowEffect>,
}

/// What is likely to be wrong with rules.
#[derive(ToSchema)]
pub(crate) struct LintReport {
    /// At most a hundred of a kind.
    warnings: Vec<LintWarning>,
}

/// Something that is likely to be wrong.
#[derive(ToSchema)]
pub(crate) struct LintWarning {
    /// What.
    code: WarningCode,
    /// The rules that it is about.
    workflow_ids: Vec<Uuid>,
    /// What it means.
    message: String,
}
