//! Rules tried before they are switched on: what one would do about a ticket, and what looks wrong with them. For
//! administrators. Nothing is written.

use super::{NewWorkflow, behind, blank, by_name, known, position};
use crate::access::{Call, Scope};
use crate::desk::{Desk, DeskOptions, Snapshot};
use crate::error::Error;
use crate::ids::{EventId, Seq, TicketKey, WorkflowId};
use crate::input::{Fields, Input, Problems};
use crate::model::{Role, RuleMode, Ticket, Trigger};
use crate::setting::Stored;
use crate::ticket::Draft;
use crate::time::Time;
use crate::workflow::dry_run::{Verdict, dry_run};
use crate::workflow::engine::{Occurrence, World};
use crate::workflow::facts::People;
use crate::workflow::lint::{Warning, lint};
use crate::workflow::past::{Deed, Past};
use crate::workflow::rule::{Rule, Rules};
use crate::workflow::trace::EffectTrace;
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

/// How often something is looked up for one answer. Each look brings all that was missing so far.
const LOOKS: usize = 6;
/// Events of a page of a ticket's history.
const EVENTS: usize = 500;
/// Pages of it that are read.
const PAGES: usize = 20;

/// A rule to be tried.
#[derive(Clone, Debug)]
pub enum WorkflowUnderTest {
    /// One that is there, switched on or not.
    Known(WorkflowId),
    /// One that is not saved. It takes the place of the rule that has its name, where there is one.
    Draft(Box<NewWorkflow>),
}

/// What a draft is tried on: a ticket, or what happened before.
#[derive(Clone, Debug)]
pub struct WorkflowTrial {
    /// The draft.
    pub workflow: Option<NewWorkflow>,
    /// A ticket by id or number.
    pub ticket: Option<String>,
    /// A stretch of the log.
    pub history: Option<Stretch>,
}

/// A stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Its beginning, which belongs to it.
    pub from: Time,
    /// Its end, which does too.
    pub to: Time,
}

impl Input for WorkflowTrial {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["workflow"]);
        Self {
            workflow: fields.nested("workflow", NewWorkflow::read),
            ticket: fields.text("ticket").into_option(),
            history: fields.nested("history", Stretch::read),
        }
    }

    fn check(&self, problems: &mut Problems) {
        match &self.workflow {
            Some(workflow) => check_below(problems, workflow),
            None => problems.add("workflow", "required", "Is required."),
        }
        match (&self.ticket, &self.history) {
            (None, None) => problems.add("ticket", "required", "Takes either ticket or history."),
            (Some(_), Some(_)) => problems.add("history", "not_allowed", "Takes either ticket or history."),
            (_, Some(history)) => history.check(problems),
            (_, None) => {}
        }
    }
}

fn check_below(problems: &mut Problems, workflow: &NewWorkflow) {
    let mut inner = Problems::default();
    workflow.check(&mut inner);
    problems.extend_below("workflow", inner);
}

impl Stretch {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["from", "to"]);
        let mut time = |field| fields.time(field).into_option().unwrap_or_default();
        Self { from: time("from"), to: time("to") }
    }

    /// Notes what is wrong with it.
    pub fn check(&self, problems: &mut Problems) {
        if self.from > self.to {
            problems.add("history.to", "invalid_value", "May not lie before from.");
        }
    }
}

/// The ticket that a rule is tried on.
#[derive(Clone, Debug)]
pub struct TrialTicket {
    /// By id or number.
    pub ticket: TicketKey,
}

impl Input for TrialTicket {
    fn read(fields: &mut Fields) -> Self {
        let name = fields.required_text("ticket");
        let read = ticket_key(&name);
        if read.is_err() && !name.is_empty() {
            fields.fail("ticket", "unknown_value", NO_TICKET);
        }
        Self { ticket: read.unwrap_or_else(|_| TicketKey::Id(crate::ids::TicketId(uuid::Uuid::nil()))) }
    }

    fn check(&self, _: &mut Problems) {}
}

const NO_TICKET: &str = "Is neither the id nor the number of a ticket.";

/// A ticket by its id or number.
pub fn ticket_key(name: &str) -> Result<TicketKey, Error> {
    name.parse().map_err(|_| Error::field("ticket", "unknown_value", NO_TICKET))
}

/// Rules to be looked through: those that are switched on, and a draft among them.
#[derive(Clone, Debug, Default)]
pub struct LintRequest {
    /// The draft.
    pub workflow: Option<NewWorkflow>,
}

impl Input for LintRequest {
    fn read(fields: &mut Fields) -> Self {
        Self { workflow: fields.nested("workflow", NewWorkflow::read) }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(workflow) = &self.workflow {
            check_below(problems, workflow);
        }
    }
}

/// What is likely to be wrong with rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LintReport {
    /// All of it, at most a hundred warnings of a kind.
    pub warnings: Vec<Warning>,
}

/// What a trial looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Basis {
    /// The last change of the ticket that makes the rule look, less what rules did to it.
    Event {
        /// Its first event.
        event_id: EventId,
        /// When.
        at: Time,
    },
    /// The ticket as it stands, as if what makes the rule look happened now.
    Assumed {
        /// Now.
        at: Time,
    },
}

/// What a rule would do about a ticket, and why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DryRun {
    /// Whether it would fire.
    pub would_fire: bool,
    /// What makes it look.
    pub trigger: Trigger,
    /// What was looked at.
    pub basis: Basis,
    /// Its conditions as they are written, each with what was found and how it came out.
    pub conditions: Vec<Value>,
    /// What it would do, in order.
    pub effects: Vec<EffectTrace>,
}

impl Desk {
    /// What a rule would do about a ticket, and why, condition by condition. For administrators.
    pub async fn dry_run_workflow(
        &self,
        call: impl Into<Call>,
        workflow: WorkflowUnderTest,
        key: &TicketKey,
    ) -> Result<DryRun, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        let snapshot = self.snapshot().await?;
        let (mut rule, _) = self.rule_under_test(call, &snapshot, &workflow)?;
        let ticket = self.seen_ticket(call, key).await?;
        let (occurrence, basis) = self.last_occurrence(call, &ticket, rule.source.trigger_type).await?;
        if matches!(basis, Basis::Assumed { .. }) {
            rule = Arc::new(always(&rule));
        }
        let mut people = People::default();
        for _ in 0..LOOKS {
            let world = self.world_of_trial(&snapshot, &people);
            match dry_run(&rule, &world, &occurrence) {
                Ok(Verdict { would_fire, trigger, conditions, effects }) => {
                    return Ok(DryRun { would_fire, trigger, basis, conditions, effects });
                }
                Err(missing) => self.look_up(&snapshot, &ticket, &missing, &mut people).await?,
            }
        }
        Err(Error::Internal("a rule never knew enough".into()))
    }

    /// What is likely to be wrong with the rules that are switched on, or would be with a draft among them. For
    /// administrators.
    pub async fn lint_workflows(&self, call: impl Into<Call>, input: LintRequest) -> Result<LintReport, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        let snapshot = self.snapshot().await?;
        match &input.workflow {
            None => Ok(LintReport { warnings: snapshot.rules.warnings().to_vec() }),
            Some(workflow) => {
                let (rule, replaces) = self.read_draft(call, &snapshot, workflow, "workflow")?;
                Ok(LintReport { warnings: lint(&among(&snapshot.rules, vec![(rule, replaces)])) })
            }
        }
    }

    /// What is likely to be wrong with drafts among the rules that are switched on: of all that is, what concerns
    /// any of them. For administrators.
    pub async fn lint_drafts(&self, call: impl Into<Call>, drafts: &[NewWorkflow]) -> Result<LintReport, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        let snapshot = self.snapshot().await?;
        let (mut read, mut problems) = (Vec::with_capacity(drafts.len()), Problems::default());
        for (place, draft) in drafts.iter().enumerate() {
            match self.read_draft(call, &snapshot, draft, &format!("workflows[{place}]")) {
                Ok(rule) => read.push(rule),
                Err(Error::Invalid(errors)) => problems.extend(errors),
                Err(error) => return Err(error),
            }
        }
        problems.finish()?;
        let ids: Vec<WorkflowId> = read.iter().map(|(rule, _)| rule.id.id).collect();
        let mut warnings = lint(&among(&snapshot.rules, read));
        warnings.retain(|warning| {
            warning.workflow_ids.is_empty() || warning.workflow_ids.iter().any(|id| ids.contains(id))
        });
        Ok(LintReport { warnings })
    }

    /// The rule, ready to be asked, and the one whose place it takes.
    pub(super) fn rule_under_test(
        &self,
        call: &Call,
        snapshot: &Snapshot,
        workflow: &WorkflowUnderTest,
    ) -> Result<(Arc<Rule>, Option<WorkflowId>), Error> {
        let input = match workflow {
            WorkflowUnderTest::Known(id) => {
                let entry = known(&snapshot.rules, *id)?;
                let rule = entry.rule.clone().ok_or_else(|| Error::Invalid(entry.problems.clone()))?;
                return Ok((rule, Some(*id)));
            }
            WorkflowUnderTest::Draft(input) => input,
        };
        self.read_draft(call, snapshot, input, "workflow")
    }

    /// The same for a draft that stands at this place of what was sent.
    fn read_draft(
        &self,
        call: &Call,
        snapshot: &Snapshot,
        input: &NewWorkflow,
        at: &str,
    ) -> Result<(Arc<Rule>, Option<WorkflowId>), Error> {
        let below = |inner: Problems| {
            let mut problems = Problems::default();
            problems.extend_below(at, inner);
            problems.finish()
        };
        let mut wrong = Problems::default();
        input.check(&mut wrong);
        below(wrong)?;
        let now = self.now();
        let names = by_name(&snapshot.rules);
        // Of several that have its name none is meant more than another.
        let old = names.get(input.name()).and_then(|known| <[_; 1]>::try_from(known.as_slice()).ok()).map(|[one]| one);
        let mut content = old.map_or_else(|| blank(call, now), |old| old.stored.content.clone());
        if old.is_none() {
            content.position = position(behind(&snapshot.rules));
        }
        input.replace(&mut content);
        let (id, version) = match old {
            Some(old) => (old.stored.id, old.stored.version + 1),
            None => (self.ids().uuid(now), 1),
        };
        let stored = Stored { id, version, saved_at: now, content };
        let rule = Rule::read(&stored, &snapshot.rule_context(self.extensions())).map_err(|errors| {
            let mut inner = Problems::default();
            inner.extend(errors);
            below(inner).err().unwrap_or(Error::NotFound("workflow"))
        })?;
        Ok((Arc::new(rule), old.map(|old| WorkflowId(old.stored.id))))
    }

    pub(super) fn world_of_trial<'a>(&'a self, snapshot: &'a Snapshot, people: &'a People) -> World<'a> {
        let DeskOptions { app_url, agent_visibility, .. } = self.options();
        let (ground, agent_visibility) = (snapshot.ground(), *agent_visibility);
        World { ground, people, agent_visibility, app_url, ids: self.ids(), not_matched: 0 }
    }

    /// The last change of the ticket that makes rules of this trigger look; where there is none, the ticket as it
    /// stands.
    async fn last_occurrence(
        &self,
        call: &Call,
        ticket: &Ticket,
        trigger: Trigger,
    ) -> Result<(Occurrence, Basis), Error> {
        let mut past = Past::default();
        let mut found = None;
        let mut after = Seq::default();
        for _ in 0..PAGES {
            let mut page = self.store.ticket_events(&Scope::UPKEEP, ticket.id, after, EVENTS).await?;
            let is_last = page.len() < EVENTS;
            // The last change of a full page may go on in the next one.
            if !is_last
                && let Some(change) = page.last().map(|event| event.change_id)
                && page.first().is_some_and(|event| event.change_id != change)
            {
                page.retain(|event| event.change_id != change);
            }
            after = page.last().map_or(after, |event| event.seq);
            for deed in Deed::all(&page) {
                let occurrence = past.occurrence(&deed, &ticket.description, None);
                let fitting = occurrence.filter(|occurrence| occurrence.fits(trigger));
                found = fitting.map(|occurrence| (occurrence, deed.comment_id(), deed.first_id())).or(found);
            }
            if is_last {
                break;
            }
        }
        let now = self.now();
        let Some((mut occurrence, comment, event_id)) = found else {
            let draft = Draft::of(ticket.clone(), now);
            let (before, actor) = (Some(ticket.clone()), call.actor.person());
            let occurrence =
                Occurrence { before, draft, comment: None, mail: None, actor, moment: Some(trigger), only: None };
            return Ok((occurrence, Basis::Assumed { at: now }));
        };
        occurrence.comment = match comment {
            Some(id) => self.store.comments_by_ids(&Scope::UPKEEP, &[id]).await?.pop(),
            None => None,
        };
        if occurrence.comment.is_none() && trigger == Trigger::CommentAdded {
            occurrence.moment = Some(trigger);
        }
        let at = occurrence.draft.now;
        Ok((occurrence, Basis::Event { event_id, at }))
    }
}

/// The rules that are switched on, with drafts in their places.
fn among(rules: &Rules, drafts: Vec<(Arc<Rule>, Option<WorkflowId>)>) -> Rules {
    let is_replaced = |known: &Arc<Rule>| drafts.iter().any(|(_, replaces)| *replaces == Some(known.id.id));
    let mut all: Vec<Arc<Rule>> = rules.active().iter().filter(|known| !is_replaced(known)).cloned().collect();
    all.extend(drafts.into_iter().map(|(rule, _)| rule));
    all.sort_by_key(|rule| (rule.source.position, rule.id.id));
    Rules::only(all)
}

/// The same rule, looked at whatever changed: nothing has, where its trigger is only assumed.
fn always(rule: &Rule) -> Rule {
    let mut source = rule.source.clone();
    source.mode = RuleMode::Always;
    Rule {
        id: rule.id,
        name: rule.name.clone(),
        source,
        tree: rule.tree.clone(),
        actions: rule.actions.clone(),
        named: rule.named.clone(),
    }
}
