//! Rules: made, listed, changed, brought back, taken away. For administrators.

mod backtest;
mod input;
mod run;
mod transfer;
mod trial;
mod version;

pub use backtest::BacktestProgress;
pub use input::{NewWorkflow, RestoreWorkflow, WorkflowPatch};
pub use run::{RunQuery, WorkflowRunView};
pub use transfer::{ExportedWorkflow, ImportedWorkflow, ImportedWorkflows, WorkflowExport, WorkflowImport};
pub use trial::{
    Basis, DryRun, LintReport, LintRequest, Stretch, TrialTicket, WorkflowTrial, WorkflowUnderTest, ticket_key,
};
pub use version::{WorkflowDiff, WorkflowVersion, WorkflowVersionView};

use super::recorder::{Recorder, differences};
use super::user::page;
use super::{Desk, check_version};
use crate::access::Call;
use crate::changes::{Expect, Write};
use crate::error::{Error, FieldError};
use crate::event::FieldChanges;
use crate::ids::{UserId, WorkflowId};
use crate::input::Input;
use crate::model::{ActionSource, Matching, Role, RuleDisabled, RuleMode, Schedule, Subject, Trigger, Workflow};
use crate::query::{Page, Position};
use crate::setting::{Document, Setting, Stored};
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

const UNKNOWN: Error = Error::NotFound("workflow");
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
        Position { key: self.position.into(), id: self.id.0 }
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
        call.into().actor.at_least(Role::Admin)?;
        let rules = &self.snapshot().await?.rules;
        Ok(WorkflowView::of(known(rules, id)?, rules))
    }

    /// Adds a rule. For administrators.
    pub async fn create_workflow(&self, call: impl Into<Call>, input: NewWorkflow) -> Result<WorkflowView, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            check_room(recorder.snapshot.rules.len() + 1)?;
            let mut content = blank(call, recorder.now);
            content.position = position(behind(&recorder.snapshot.rules));
            input.replace(&mut content);
            let (id, saved_at) = (self.ids().uuid(recorder.now), recorder.now);
            let new = Stored { id, version: 1, saved_at, content };
            self.check_rule(&recorder, &new)?;
            self.check_calls(&new.content, "").await?;
            self.save_workflow(recorder, call, None, new, "workflow.created").await
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
        input.checked()?;
        self.change_workflow(&call.into(), id, expected, |workflow| input.apply(workflow)).await
    }

    /// Replaces a rule: what is not said goes to what it is where nothing is, less its place. For administrators.
    pub async fn replace_workflow(
        &self,
        call: impl Into<Call>,
        id: WorkflowId,
        input: NewWorkflow,
        expected: Option<i64>,
    ) -> Result<WorkflowView, Error> {
        input.checked()?;
        self.change_workflow(&call.into(), id, expected, |workflow| input.replace(workflow)).await
    }

    async fn change_workflow(
        &self,
        call: &Call,
        id: WorkflowId,
        expected: Option<i64>,
        change: impl Fn(&mut Workflow) + Send + Sync,
    ) -> Result<WorkflowView, Error> {
        call.actor.at_least(Role::Admin)?;
        let change = &change;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = known(&snapshot.rules, id)?;
            check_version(expected, old.stored.version)?;
            let mut content = old.stored.content.clone();
            change(&mut content);
            let new = Stored { id: id.0, version: old.stored.version + 1, saved_at: recorder.now, content };
            if runs_otherwise(&old.stored.content, &new.content) {
                self.check_rule(&recorder, &new)?;
                self.check_calls(&new.content, "").await?;
            }
            self.save_workflow(recorder, call, Some(old), new, "workflow.updated").await
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
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = &known(&snapshot.rules, id)?.stored;
            check_version(expected, old.version)?;
            let gone = Stored { version: old.version + 1, saved_at: recorder.now, ..Stored::clone(old) };
            let document = Document { deleted: true, ..document(&gone, call)? };
            recorder.bump_settings();
            recorder.write(Write::Setting { document, expect: Expect::Version(old.version) });
            recorder.deed("workflow.deleted", Subject::Setting(id.0), &FieldChanges::new());
            recorder.commit().await
        })
        .await
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
    fn check_rule(&self, recorder: &Recorder<'_>, rule: &Stored<Workflow>) -> Result<(), Error> {
        let context = recorder.snapshot.rule_context(self.extensions());
        Rule::read(rule, &context).map(drop).map_err(Error::Invalid)
    }

    /// What is likely to be wrong with a rule, as it will be, among the others.
    fn warnings_about(&self, recorder: &Recorder<'_>, new: &Stored<Workflow>) -> Vec<Warning> {
        let context = recorder.snapshot.rule_context(self.extensions());
        let Ok(rule) = Rule::read(new, &context) else { return Vec::new() };
        let others = recorder.snapshot.rules.active().iter().filter(|other| other.id.id.0 != new.id);
        let mut active: Vec<Arc<Rule>> = others.cloned().collect();
        if new.content.is_active {
            let place = (new.content.position, new.id);
            let place = active.partition_point(|other| (other.source.position, other.id.id.0) < place);
            active.insert(place, Arc::new(rule));
        }
        about(new.id, &Rules::only(active))
    }

    /// Writes a rule that is new or differs from the old one.
    async fn save_workflow(
        &self,
        mut recorder: Recorder<'_>,
        call: &Call,
        old: Option<&Entry>,
        new: Stored<Workflow>,
        action: &str,
    ) -> Result<WorkflowView, Error> {
        let changes = changes(old, &new);
        let is_changed = changes.is_some();
        let view = match (changes, old) {
            (None, Some(old)) => WorkflowView::of(old, &recorder.snapshot.rules),
            (changes, _) => {
                write(&mut recorder, call, old, &new, (action, &changes.unwrap_or_default()))?;
                // What was let in unchecked is as good as it was.
                let kept = old.filter(|old| !runs_otherwise(&old.stored.content, &new.content));
                let problems = kept.map(|old| old.problems.clone()).unwrap_or_default();
                WorkflowView::new(&new, problems, self.warnings_about(&recorder, &new))
            }
        };
        recorder.answer(|| &view)?;
        if is_changed {
            recorder.commit().await?;
        } else {
            recorder.unchanged().await?;
        }
        Ok(view)
    }
}

/// In what a rule differs from the old one; none where there is nothing to save.
fn changes(old: Option<&Entry>, new: &Stored<Workflow>) -> Option<FieldChanges> {
    let changes = differences(old.map(|old| &old.stored.content), &new.content);
    // That a version would say nothing of itself is no reason to save one.
    let is_bare = new.content.note.is_none() && changes.keys().all(|field| field == "note");
    (old.is_none() || !(changes.is_empty() || is_bare)).then_some(changes)
}

/// Adds a rule to a commit.
fn write(
    recorder: &mut Recorder<'_>,
    call: &Call,
    old: Option<&Entry>,
    new: &Stored<Workflow>,
    (action, changes): (&str, &FieldChanges),
) -> Result<(), Error> {
    let expect = old.map_or(Expect::New, |old| Expect::Version(old.stored.version));
    recorder.bump_settings();
    recorder.write(Write::Setting { document: document(new, call)?, expect });
    recorder.deed(action, Subject::Setting(new.id), &masked(changes));
    Ok(())
}

/// What the audit log is told of these changes: the path of an address is as good as a password with some.
fn masked(changes: &FieldChanges) -> FieldChanges {
    let mask = |value: &Value| {
        let mut value = value.clone();
        for address in value.as_array_mut().into_iter().flatten().filter_map(|action| action.pointer_mut("/params/url"))
        {
            *address = address.as_str().map(|text| json!(format!("{}/…", url::origin(text)))).unwrap_or_default();
        }
        value
    };
    let told = changes.iter().map(|(field, (old, new))| match field.as_str() {
        "actions" => (field.clone(), (mask(old), mask(new))),
        _ => (field.clone(), (old.clone(), new.clone())),
    });
    told.collect()
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

fn check_room(count: usize) -> Result<(), Error> {
    if count > Workflow::MOST {
        return Err(Error::conflict("too_many", format!("A desk has at most {} workflows.", Workflow::MOST)));
    }
    Ok(())
}

/// The place behind all rules.
fn behind(rules: &Rules) -> i64 {
    let last = rules.iter().map(|entry| i64::from(entry.stored.content.position)).max();
    last.map_or(STEP, |last| last + STEP)
}

fn position(place: i64) -> i32 {
    i32::try_from(place.min(LAST_POSITION)).unwrap_or(i32::MAX)
}

fn document(workflow: &Stored<Workflow>, call: &Call) -> Result<Document, Error> {
    Ok(Document {
        kind: Workflow::KIND.to_owned(),
        id: workflow.id,
        owner: None,
        version: workflow.version,
        saved_at: workflow.saved_at,
        saved_by: call.actor.user_id(),
        deleted: false,
        body: serde_json::to_value(&workflow.content).map_err(|e| Error::Internal(Box::new(e)))?,
    })
}
