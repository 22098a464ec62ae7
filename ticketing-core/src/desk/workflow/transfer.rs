//! Rules taken out of one desk and into another. For administrators.

use super::{NewWorkflow, STEP, behind, blank, position};
use crate::access::Call;
use crate::desk::recorder::Recorder;
use crate::desk::setting::{Kind, check_asked};
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::ids::WorkflowId;
use crate::input::{Fields, Input, Problems};
use crate::model::{ActionSource, Matching, Role, RuleMode, Schedule, Trigger, Workflow};
use crate::setting::Stored;
use crate::time::Time;
use crate::workflow::rule::{Entry, Rule, Rules};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// All that a desk does by itself, as [`WorkflowImport`] reads it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkflowExport {
    /// The rules by position.
    pub workflows: Vec<ExportedWorkflow>,
}

/// What a rule says, without what belongs to one desk: ids, people and versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // The fields are the rule's own; see `model::Workflow`.
pub struct ExportedWorkflow {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub trigger_type: Trigger,
    pub trigger_conditions: Value,
    #[serde(rename = "match")]
    pub matching: Matching,
    pub mode: RuleMode,
    pub stop: bool,
    pub position: i32,
    pub is_active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    pub actions: Vec<ActionSource>,
}

impl From<&Workflow> for ExportedWorkflow {
    fn from(rule: &Workflow) -> Self {
        let rule = rule.clone();
        Self {
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
        }
    }
}

/// Rules to be taken in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkflowImport {
    /// Which. One that has the name of a rule that is there replaces it.
    pub workflows: Vec<NewWorkflow>,
    /// Only say what would become of them.
    pub dry_run: bool,
}

impl Input for WorkflowImport {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["workflows"]);
        Self {
            workflows: fields.list("workflows", NewWorkflow::read).into_option().unwrap_or_default(),
            dry_run: fields.flag("dry_run").into_option().unwrap_or_default(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        let mut places = HashMap::new();
        for (place, new) in self.workflows.iter().enumerate() {
            let mut inner = Problems::default();
            new.check(&mut inner);
            if let Some(first) = places.insert(new.name(), place) {
                inner.add("name", "duplicate", format!("workflows[{first}] has the same name."));
            }
            problems.extend_below(&format!("workflows[{place}]"), inner);
        }
    }
}

/// What became of one rule that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportedWorkflow {
    /// Its id; none where it would be made.
    pub id: Option<WorkflowId>,
    /// What people call it.
    pub name: String,
    /// The version that it has now, or would have.
    pub version: i64,
}

impl ImportedWorkflow {
    fn of(rule: &Stored<Workflow>, version: i64, is_there: bool) -> Self {
        Self { id: is_there.then_some(WorkflowId(rule.id)), name: rule.content.name.clone(), version }
    }
}

/// What became of rules that were taken in, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportedWorkflows {
    /// Those that there were none of.
    pub created: Vec<ImportedWorkflow>,
    /// Those that are another version of one that was there.
    pub updated: Vec<ImportedWorkflow>,
    /// Those that were there already.
    pub unchanged: Vec<ImportedWorkflow>,
}

/// A rule as it will be, with the one that it replaces.
type Planned<'s> = (Option<&'s Entry>, Stored<Workflow>);

impl Desk {
    /// What all rules say, to be kept or taken into another desk. For administrators.
    pub async fn export_workflows(&self, call: impl Into<Call>) -> Result<WorkflowExport, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let snapshot = self.snapshot().await?;
        let workflows = snapshot.rules.iter().map(|entry| ExportedWorkflow::from(&entry.stored.content)).collect();
        Ok(WorkflowExport { workflows })
    }

    /// Takes rules in, all or none. A rule is known by its name; what is there and not named stays as it is. For
    /// administrators.
    pub async fn import_workflows(
        &self,
        call: impl Into<Call>,
        input: WorkflowImport,
    ) -> Result<ImportedWorkflows, Error> {
        let (call, input) = (&call.into(), &input);
        check_asked::<Workflow>(call, input)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let planned = self.plan_import(&snapshot, call, recorder.now, &input.workflows)?;
            for (number, (_, new)) in planned.iter().enumerate() {
                self.check_calls(&new.content, &format!("workflows[{number}].")).await?;
            }
            snapshot.check_room::<Workflow>(planned.iter().filter(|(old, _)| old.is_none()).count())?;
            let mut imported = ImportedWorkflows::default();
            let mut is_changed = false;
            for (old, new) in planned {
                let changes = Workflow::changes(old.map(|old| &old.stored.content), &new.content);
                if changes.is_empty() {
                    imported.unchanged.push(ImportedWorkflow::of(&new, new.version - 1, true));
                    continue;
                }
                if !input.dry_run {
                    recorder.version(&new, "imported", &changes)?;
                    is_changed = true;
                }
                let told = ImportedWorkflow::of(&new, new.version, old.is_some() || !input.dry_run);
                if old.is_some() { imported.updated.push(told) } else { imported.created.push(told) }
            }
            recorder.answer(|| &imported)?;
            if is_changed {
                recorder.commit().await?;
            } else {
                recorder.unchanged().await?;
            }
            Ok(imported)
        })
        .await
    }

    /// The rules as they will be, each with the one that it replaces, or all that is wrong with them.
    fn plan_import<'s>(
        &self,
        snapshot: &'s Snapshot,
        call: &Call,
        now: Time,
        given: &[NewWorkflow],
    ) -> Result<Vec<Planned<'s>>, Error> {
        let rules = &snapshot.rules;
        let context = snapshot.rule_context(self.extensions());
        let names = by_name(rules);
        let mut problems = Problems::default();
        let mut planned = Vec::with_capacity(given.len());
        let mut place = behind(rules);
        for (number, new) in given.iter().enumerate() {
            let at = format!("workflows[{number}]");
            let old = match names.get(new.name()).map(Vec::as_slice) {
                None => None,
                Some([one]) => Some(*one),
                Some(_) => {
                    problems.add(format!("{at}.name"), "ambiguous", "More than one workflow has this name.");
                    continue;
                }
            };
            let mut workflow = old.map_or_else(|| blank(call, now), |old| old.stored.content.clone());
            if old.is_none() {
                workflow.position = position(place);
            }
            new.replace(&mut workflow);
            place = place.max(i64::from(workflow.position) + STEP);
            let (id, version) = match old {
                Some(old) => (old.stored.id, old.stored.version + 1),
                None => (self.ids().uuid(now), 1),
            };
            let stored = Stored { id, version, saved_at: now, content: workflow };
            if let Err(errors) = Rule::read(&stored, &context) {
                let mut inner = Problems::default();
                inner.extend(errors);
                problems.extend_below(&at, inner);
            }
            planned.push((old, stored));
        }
        problems.finish()?;
        Ok(planned)
    }
}

/// Rules by what people call them.
pub(super) fn by_name(rules: &Rules) -> HashMap<&str, Vec<&Entry>> {
    let mut names: HashMap<&str, Vec<&Entry>> = HashMap::new();
    for entry in rules.iter() {
        names.entry(&entry.stored.content.name).or_default().push(entry);
    }
    names
}
