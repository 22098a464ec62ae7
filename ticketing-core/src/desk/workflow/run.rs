//! What rules did, and why.

use crate::access::Call;
use crate::desk::user::page;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::ids::{EventId, TicketId, TicketKey, WorkflowId, WorkflowRunId};
use crate::model::{Role, RuleRef, RunOutcome, Trigger, Workflow, WorkflowRun};
use crate::query::{Page, Position, WorkflowRunQuery};
use crate::setting::Setting;
use crate::time::Time;
use crate::workflow::trace::{EffectTrace, LeafTrace, RunTrace};
use crate::workflow::tree::Tree;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Which runs a list shows, newest first.
#[derive(Clone, Debug)]
pub struct RunQuery {
    /// Only those that ended so; all where it is empty.
    pub outcomes: Vec<RunOutcome>,
    /// After this one.
    pub after: Option<WorkflowRunId>,
    /// At most how many.
    pub limit: usize,
}

impl Default for RunQuery {
    fn default() -> Self {
        Self { outcomes: Vec::new(), after: None, limit: 25 }
    }
}

/// What a rule was found to do about one change of a ticket, as staff see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkflowRunView {
    /// Its id.
    pub id: WorkflowRunId,
    /// The rule.
    pub workflow_id: WorkflowId,
    /// What it was called then.
    pub workflow_name: String,
    /// Its version.
    pub workflow_version: i64,
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
    /// The conditions of the version, each with what was found.
    pub conditions: Vec<Value>,
    /// What was done, or was not and why.
    pub effects: Vec<EffectTrace>,
}

/// What a run is told with: a rule at one version.
struct Told {
    name: String,
    /// None where its conditions can't be read any more.
    tree: Option<Tree>,
}

impl WorkflowRunView {
    fn new(run: WorkflowRun, rules: &HashMap<RuleRef, Told>) -> Result<Self, Error> {
        let trace: RunTrace = serde_json::from_value(run.trace).map_err(|e| Error::Internal(Box::new(e)))?;
        let rule = rules.get(&run.rule);
        let conditions = match rule.and_then(|rule| rule.tree.as_ref()) {
            Some(tree) => tree.told_parts(&trace.leaves),
            None => trace.leaves.iter().map(bare).collect(),
        };
        Ok(Self {
            id: run.id,
            workflow_id: run.rule.id,
            workflow_name: rule.map(|rule| rule.name.clone()).unwrap_or_default(),
            workflow_version: run.rule.version,
            ticket_id: run.ticket_id,
            event_id: run.event_id,
            at: run.at,
            trigger: run.trigger,
            round: run.round,
            outcome: run.outcome,
            conditions,
            effects: trace.effects,
        })
    }
}

/// A test whose question can't be told any more.
fn bare(LeafTrace(result, actual): &LeafTrace) -> Value {
    json!({ "actual": actual, "result": result })
}

impl Desk {
    /// What a rule was found to do, newest first; also one that was taken away. For administrators.
    pub async fn workflow_runs(
        &self,
        call: impl Into<Call>,
        id: WorkflowId,
        query: RunQuery,
    ) -> Result<Page<WorkflowRunView>, Error> {
        let call = call.into();
        call.actor.at_least(Role::Admin)?;
        let snapshot = self.snapshot().await?;
        if snapshot.rules.by_id(id.0).is_none() {
            self.newest_version(id).await?;
        }
        let found = WorkflowRunQuery { workflow_id: Some(id), ..WorkflowRunQuery::default() };
        self.told_runs(&call, &snapshot, query, found).await
    }

    /// What rules were found to do about a ticket, newest first. For staff who see it.
    pub async fn ticket_workflow_runs(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        query: RunQuery,
    ) -> Result<Page<WorkflowRunView>, Error> {
        let call = call.into();
        call.actor.at_least(Role::Agent)?;
        let ticket = self.seen_ticket(&call, key).await?;
        let found = WorkflowRunQuery { ticket_id: Some(ticket.id), ..WorkflowRunQuery::default() };
        self.told_runs(&call, &*self.snapshot().await?, query, found).await
    }

    async fn told_runs(
        &self,
        call: &Call,
        snapshot: &Snapshot,
        asked: RunQuery,
        query: WorkflowRunQuery,
    ) -> Result<Page<WorkflowRunView>, Error> {
        let RunQuery { outcomes, after, limit } = asked;
        let query = WorkflowRunQuery { outcomes, before: after, limit: limit + 1, ..query };
        let runs = self.store.workflow_runs(&self.scope(&call.actor), &query).await?;
        let Page { items, next, total } = page(runs, limit, |run| Position::at(0, run.id.0));
        let rules = self.rules_of(snapshot, &items).await?;
        let items = items.into_iter().map(|run| WorkflowRunView::new(run, &rules)).collect::<Result<_, _>>()?;
        Ok(Page { items, next, total })
    }

    /// Each rule of these runs at its version: one look a rule, and none where all are of the version of the moment.
    async fn rules_of(&self, snapshot: &Snapshot, runs: &[WorkflowRun]) -> Result<HashMap<RuleRef, Told>, Error> {
        let mut told = HashMap::new();
        // The oldest version of each that has to be looked up.
        let mut missing: HashMap<WorkflowId, i64> = HashMap::new();
        for rule in runs.iter().map(|run| run.rule) {
            let entry = snapshot.rules.by_id(rule.id.0).filter(|entry| entry.stored.version == rule.version);
            if let Some(entry) = entry {
                told.entry(rule).or_insert_with(|| self.told(snapshot, &entry.stored.content));
            } else {
                let oldest = missing.entry(rule.id).or_insert(rule.version);
                *oldest = rule.version.min(*oldest);
            }
        }
        for (id, oldest) in missing {
            let newest = match snapshot.rules.by_id(id.0) {
                Some(entry) => entry.stored.version,
                None => self.newest_version(id).await.map_or(0, |document| document.version),
            };
            // Somebody may have saved another since.
            let reach = usize::try_from(newest.saturating_sub(oldest)).unwrap_or_default() + 2;
            for document in self.store.document_history(Workflow::KIND, id.0, reach).await? {
                let rule = RuleRef { id, version: document.version };
                if runs.iter().any(|run| run.rule == rule) {
                    told.insert(rule, self.told(snapshot, &document.stored()?.content));
                }
            }
        }
        Ok(told)
    }

    fn told(&self, snapshot: &Snapshot, rule: &Workflow) -> Told {
        let (custom, extensions) = (&snapshot.custom_fields, self.extensions());
        let tree = Tree::read(&rule.trigger_conditions, "trigger_conditions", rule.matching, custom, extensions);
        Told { name: rule.name.clone(), tree: tree.ok() }
    }
}
