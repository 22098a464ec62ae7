//! Rules: made, listed, changed, brought back, taken away. For administrators.

mod backtest;
mod input;
mod run;
mod transfer;
mod trial;
mod version;

pub use backtest::BacktestProgress;
pub(super) use input::read_action;
pub use input::{NewWorkflow, RestoreWorkflow, WorkflowPatch};
pub use run::{RunQuery, WorkflowRunView};
pub use transfer::{ExportedWorkflow, ImportedWorkflow, ImportedWorkflows, WorkflowExport, WorkflowImport};
pub use trial::{
    Basis, DryRun, LintReport, LintRequest, Stretch, TrialTicket, WorkflowTrial, WorkflowUnderTest, ticket_key,
};
pub use version::{WorkflowDiff, WorkflowVersion, WorkflowVersionView};

use super::recorder::{Recorder, differences};
use super::setting::Kind;
use super::user::page;
use super::{Desk, Snapshot};
use crate::access::Call;
use crate::error::{Error, FieldError};
use crate::event::FieldChanges;
use crate::ids::{UserId, WorkflowId};
use crate::model::{ActionSource, Matching, Role, RuleDisabled, RuleMode, Schedule, Trigger, Workflow};
use crate::query::{Page, Position};
use crate::setting::Stored;
use crate::time::Time;
use crate::webhook::url;
use crate::workflow::action::ActionKind;
use crate::workflow::lint::Warning;
use crate::workflow::rule::{Entry, Rule, Rules};
use input::LAST_POSITION;
use serde::Serialize;
use serde_json::{Value, json};
use std::sync::Arc;
use transfer::by_name;
use uuid::Uuid;

const UNKNOWN: Error = Error::NotFound(Workflow::ONE);
/// How far from the last one a rule is put whose place nobody said, so that others find room between.
const STEP: i64 = 10;

/// A rule as administrators see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // The fields are the rule's own; see `model::Workflow`.
pub struct WorkflowView {
    pub id: WorkflowId,
    pub name: String,
    pub description: Option<String>,
    pub trigger_type: Trigger,
    pub trigger_conditions: Value,
    #[serde(rename = "match")]
    pub matching: Matching,
    pub mode: RuleMode,
    pub stop: bool,
    pub position: i32,
    pub is_active: bool,
    pub schedule: Option<Schedule>,
    pub actions: Vec<ActionSource>,
    /// Why this version was saved.
    pub note: Option<String>,
    /// That the desk switched it off.
    pub disabled: Option<RuleDisabled>,
    pub owner_id: Option<UserId>,
    /// What it names that is not there any more.
    pub problems: Vec<FieldError>,
    /// What is likely to be wrong with it, alone or among the others.
    pub warnings: Vec<Warning>,
    /// For conditional changes.
    pub version: i64,
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl WorkflowView {
    fn new(stored: &Stored<Workflow>, problems: Vec<FieldError>, warnings: Vec<Warning>) -> Self {
        let rule = stored.content.clone();
        Self {
            id: WorkflowId(stored.id),
            name: rule.name,
            description: rule.description,
            trigger_type: rule.trigger_type,
            trigger_conditions: rule.trigger_conditions,
            matching: rule.matching,
            mode: rule.mode,
            stop: rule.stop,
            position: rule.position,
            is_active: rule.is_active,
            schedule: rule.schedule,
            actions: rule.actions,
            note: rule.note,
            disabled: rule.disabled,
            owner_id: rule.owner_id,
            problems,
            warnings,
            version: stored.version,
            created_at: rule.created_at,
            updated_at: stored.saved_at,
        }
    }

    /// A rule as it is.
    fn of(entry: &Entry, rules: &Rules) -> Self {
        Self::new(&entry.stored, entry.problems.clone(), about(entry.stored.id, rules))
    }

    /// Where it stands among the others.
    fn place(&self) -> Position {
        Position::at(self.position.into(), self.id.0)
    }
}

impl Kind for Workflow {
    const ONE: &'static str = "workflow";
    const MANY: &'static str = "workflows";
    const LIMIT: usize = Self::MOST;
    type View = WorkflowView;

    fn all(snapshot: &Snapshot) -> impl Iterator<Item = &Stored<Self>> {
        snapshot.rules.iter().map(|entry| &*entry.stored)
    }

    async fn view(desk: &Desk, snapshot: &Snapshot, stored: &Stored<Self>) -> Result<WorkflowView, Error> {
        let old = snapshot.rules.by_id(stored.id);
        if let Some(old) = old.filter(|old| old.stored.version == stored.version) {
            return Ok(WorkflowView::of(old, &snapshot.rules));
        }
        // What was let in unchecked is as good as it was.
        let kept = old.filter(|old| !runs_otherwise(&old.stored.content, &stored.content));
        let problems = kept.map(|old| old.problems.clone()).unwrap_or_default();
        Ok(WorkflowView::new(stored, problems, desk.warnings_about(snapshot, stored)))
    }

    async fn prepare(recorder: &mut Recorder<'_>, old: Option<&Stored<Self>>, new: &Stored<Self>) -> Result<(), Error> {
        if old.is_none_or(|old| runs_otherwise(&old.content, &new.content)) {
            recorder.desk.check_rule(&recorder.snapshot, new).await?;
        }
        Ok(())
    }

    fn changes(old: Option<&Self>, new: &Self) -> FieldChanges {
        let mut changes = differences(old, new);
        // That a version would say nothing of itself is no reason to save one.
        if new.note.is_none() && changes.keys().all(|field| field == "note") {
            changes.clear();
        }
        if let Some((old, new)) = changes.remove("actions") {
            changes.insert("actions".to_owned(), (masked(old), masked(new)));
        }
        changes
    }
}

impl Desk {
    /// All rules in the order in which they are looked at. For administrators.
    pub async fn workflows(
        &self,
        call: impl Into<Call>,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<WorkflowView>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let snapshot = self.snapshot().await?;
        let place = |entry: &Entry| (i64::from(entry.stored.content.position), entry.stored.id);
        let later =
            snapshot.rules.iter().filter(|entry| after.is_none_or(|after| place(entry) > (after.key, after.id)));
        let items = later.take(limit + 1).map(|entry| WorkflowView::of(entry, &snapshot.rules)).collect();
        Ok(page(items, limit, WorkflowView::place))
    }

    /// How many rules there are. For administrators.
    pub async fn workflow_count(&self, call: impl Into<Call>) -> Result<u64, Error> {
        call.into().actor.at_least(Role::Admin)?;
        Ok(self.snapshot().await?.rules.len() as u64)
    }

    /// A rule. For administrators.
    pub async fn workflow(&self, call: impl Into<Call>, id: WorkflowId) -> Result<WorkflowView, Error> {
        self.setting::<Workflow>(&call.into(), id.0).await
    }

    /// Adds a rule. For administrators.
    pub async fn create_workflow(&self, call: impl Into<Call>, input: NewWorkflow) -> Result<WorkflowView, Error> {
        let (call, input) = (&call.into(), &input);
        self.create_setting(call, input, |recorder, _| {
            let mut rule = blank(call, recorder.now);
            rule.position = position(behind(&recorder.snapshot.rules));
            input.replace(&mut rule);
            Ok(rule)
        })
        .await
    }

    /// Changes a rule. For administrators.
    pub async fn update_workflow(
        &self,
        call: impl Into<Call>,
        id: WorkflowId,
        input: WorkflowPatch,
        expected: Option<i64>,
    ) -> Result<WorkflowView, Error> {
        let input = &input;
        self.update_setting(&call.into(), input, id.0, expected, |_, mut rule| {
            input.apply(&mut rule);
            Ok(rule)
        })
        .await
    }

    /// Replaces a rule: what is not said goes to what it is where nothing is, less its place. For administrators.
    pub async fn replace_workflow(
        &self,
        call: impl Into<Call>,
        id: WorkflowId,
        input: NewWorkflow,
        expected: Option<i64>,
    ) -> Result<WorkflowView, Error> {
        let input = &input;
        self.update_setting(&call.into(), input, id.0, expected, |_, mut rule| {
            input.replace(&mut rule);
            Ok(rule)
        })
        .await
    }

    /// Takes a rule away. What it did stays known, and its versions are kept. For administrators.
    pub async fn delete_workflow(
        &self,
        call: impl Into<Call>,
        id: WorkflowId,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        self.delete_setting::<Workflow>(&call.into(), id.0, expected).await
    }

    /// Whether the addresses that a rule calls may be called; `at` is where the rule stands in what was sent.
    async fn check_calls(&self, rule: &Workflow, at: &str) -> Result<(), Error> {
        for (place, action) in rule.actions.iter().enumerate() {
            if action.kind == ActionKind::TriggerWebhook.as_str()
                && let Some(url) = action.params.get("url").and_then(Value::as_str)
            {
                self.check_address(url.trim(), &format!("{at}actions[{place}].params.url")).await?;
            }
        }
        Ok(())
    }

    /// Holds a rule against what is there now.
    async fn check_rule(&self, snapshot: &Snapshot, rule: &Stored<Workflow>) -> Result<(), Error> {
        Rule::read(rule, &snapshot.rule_context(self.extensions())).map_err(Error::Invalid)?;
        self.check_calls(&rule.content, "").await
    }

    /// What is likely to be wrong with a rule, as it will be, among the others.
    fn warnings_about(&self, snapshot: &Snapshot, new: &Stored<Workflow>) -> Vec<Warning> {
        let Ok(rule) = Rule::read(new, &snapshot.rule_context(self.extensions())) else { return Vec::new() };
        let others = snapshot.rules.active().iter().filter(|other| other.id.id.0 != new.id);
        let mut active: Vec<Arc<Rule>> = others.cloned().collect();
        if new.content.is_active {
            let place = (new.content.position, new.id);
            let place = active.partition_point(|other| (other.source.position, other.id.id.0) < place);
            active.insert(place, Arc::new(rule));
        }
        about(new.id, &Rules::only(active))
    }
}

/// The path of an address is as good as a password with some.
fn masked(mut actions: Value) -> Value {
    for address in actions.as_array_mut().into_iter().flatten().filter_map(|action| action.pointer_mut("/params/url")) {
        *address = address.as_str().map(|text| json!(format!("{}/…", url::origin(text)))).unwrap_or_default();
    }
    actions
}

/// What is likely to be wrong with the rule of this id.
fn about(id: Uuid, rules: &Rules) -> Vec<Warning> {
    let warnings = rules.warnings().iter();
    warnings.filter(|warning| warning.workflow_ids.contains(&WorkflowId(id))).cloned().collect()
}

/// Whether a rule as it will be has to be read anew. What was let in once and is not touched now is no reason to
/// refuse a change, least of all to switch the rule off.
fn runs_otherwise(old: &Workflow, new: &Workflow) -> bool {
    (new.is_active && !old.is_active)
        || new.trigger_type != old.trigger_type
        || new.trigger_conditions != old.trigger_conditions
        || new.matching != old.matching
        || new.schedule != old.schedule
        || new.actions != old.actions
}

fn known(rules: &Rules, id: WorkflowId) -> Result<&Entry, Error> {
    rules.by_id(id.0).ok_or(UNKNOWN)
}

/// A rule of which nothing is said yet.
fn blank(call: &Call, now: Time) -> Workflow {
    Workflow {
        name: String::new(),
        description: None,
        trigger_type: Trigger::TicketCreated,
        trigger_conditions: json!([]),
        matching: Matching::All,
        mode: RuleMode::WhenChanged,
        stop: false,
        position: 0,
        is_active: true,
        schedule: None,
        actions: Vec::new(),
        owner_id: call.actor.user_id(),
        note: None,
        disabled: None,
        created_at: now,
    }
}

/// The place behind all rules.
fn behind(rules: &Rules) -> i64 {
    let last = rules.iter().map(|entry| i64::from(entry.stored.content.position)).max();
    last.map_or(STEP, |last| last + STEP)
}

fn position(place: i64) -> i32 {
    i32::try_from(place.min(LAST_POSITION)).unwrap_or(i32::MAX)
}
