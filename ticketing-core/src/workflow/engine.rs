//! How rules run: rounds over what a change has changed, until nothing changes any more or enough was done.
//!
//! - Round 1 looks at the change of one command, round 2 at what the rules of round 1 changed, and so on.
//! - In a round, rules are looked at by position. Each sees what earlier ones did; what changed is the same for
//!   all of the round.
//! - A rule fires at most once for a ticket in all rounds of a change, so there are never more rounds than rules,
//!   and never more than [`limit::ROUNDS`].

use super::action::{Additions, Outside, Plan};
use super::facts::{ChangedFields, Facts, Missing, People, Subject};
use super::rule::{Rule, Rules};
use super::trace::{EffectTrace, RunTrace};
use super::variable::values;
use crate::event::{Fact, Told};
use crate::ids::WorkflowId;
use crate::model::{Comment, Person, RuleRef, RuleSpend, RunOutcome, Ticket, Trigger};
use crate::port::IdSource;
use crate::ticket::{Draft, Ground};
use chrono::TimeDelta;
use std::collections::HashSet;
use std::sync::Arc;

/// How much rules may do.
pub mod limit {
    /// Rounds of one change.
    pub const ROUNDS: i16 = 8;
    /// Effects of one change.
    pub const CHAIN: i32 = 100;
    /// Effects on one ticket within a minute.
    pub const MINUTE: i32 = 60;
    /// Runs without effect that are kept of one change.
    pub const NOT_MATCHED: usize = 10;
}

/// What happened to a ticket.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// The ticket before; none where it was made.
    pub before: Option<Ticket>,
    /// The ticket after, and what happened.
    pub draft: Draft,
    /// What was said.
    pub comment: Option<Comment>,
    /// Who did it.
    pub actor: Person,
    /// What else makes rules look: a deadline or a moment that no fact tells of.
    pub moment: Option<Trigger>,
    /// Only this rule is looked at in the first round: a moment is one rule's.
    pub only: Option<WorkflowId>,
}

/// What rules are run with.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Who works here, and the desk's own fields.
    pub ground: Ground<'a>,
    /// What is known of customers.
    pub people: &'a People,
    /// Where the desk is found.
    pub app_url: &'a str,
    /// Where ids of comments come from.
    pub ids: &'a dyn IdSource,
    /// How many runs without effect are kept.
    pub not_matched: usize,
}

/// Something that leaves the change, and the rule that asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The rule.
    pub rule: RuleRef,
    /// What.
    pub outside: Outside,
}

/// A rule that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// Which.
    pub rule: RuleRef,
    /// What made it look.
    pub trigger: Trigger,
    /// In which round, from 1.
    pub round: i16,
    /// What became of it.
    pub outcome: RunOutcome,
    /// Why.
    pub trace: RunTrace,
}

/// What became of a change.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The ticket, and all that happened to it.
    pub draft: Draft,
    /// What rules have added beside it.
    pub additions: Additions,
    /// What leaves the change.
    pub outside: Vec<Asked>,
    /// The rules that were looked at.
    pub looked: Vec<Looked>,
}

/// Runs the rules over a change. Answers what became of it, or what has to be looked up first. Reads no clock and
/// asks nobody: the same input has the same effects.
pub fn settle(rules: &Rules, world: &World<'_>, occurrence: Occurrence) -> Result<Settled, Missing> {
    let Occurrence { before, draft, comment, actor, moment, only } = occurrence;
    let mut run = Run {
        rules,
        world,
        settled: Settled { draft, additions: Additions::default(), outside: Vec::new(), looked: Vec::new() },
        fired: HashSet::new(),
        effects: 0,
        not_matched: 0,
    };
    let mut batch = Batch { before, comment, actor, moment, only, from: 0 };
    for round in 1..=limit::ROUNDS + 1 {
        let facts = run.settled.draft.facts.len();
        let said = run.settled.additions.comments.len();
        let start = run.round(&batch, round)?;
        if run.settled.draft.facts.len() == facts {
            break;
        }
        let comment = run.settled.additions.comments[said..].last().cloned();
        batch = Batch { before: start, comment, actor: Person::system(), moment: None, only: None, from: facts };
    }
    Ok(run.settled)
}

/// What makes rules look in a change that left the ticket like this.
pub(super) fn happened(ticket: &Ticket, facts: &[Told], changed: &ChangedFields, is_said: bool) -> Vec<Trigger> {
    use crate::condition::Field;
    let is_new = facts.iter().any(|told| matches!(told.fact, Fact::TicketCreated {}));
    let is_given = ticket.assigned_agent_id.is_some() || ticket.team_id.is_some();
    let was_given = changed.has(Field::AssignedAgentId) || changed.has(Field::TeamId);
    let all = [
        (Trigger::TicketCreated, is_new),
        (Trigger::TicketUpdated, !changed.is_empty()),
        (Trigger::StatusChange, changed.has(Field::Status)),
        (Trigger::PriorityChange, changed.has(Field::Priority)),
        (Trigger::Assignment, was_given || (is_new && is_given)),
        (Trigger::Escalation, changed.has(Field::EscalationLevel)),
        (Trigger::CommentAdded, is_said),
    ];
    all.into_iter().filter_map(|(trigger, is_so)| is_so.then_some(trigger)).collect()
}

/// What one round looks at.
struct Batch {
    before: Option<Ticket>,
    comment: Option<Comment>,
    actor: Person,
    moment: Option<Trigger>,
    only: Option<WorkflowId>,
    /// The first of its facts.
    from: usize,
}

struct Run<'a> {
    rules: &'a Rules,
    world: &'a World<'a>,
    settled: Settled,
    fired: HashSet<WorkflowId>,
    /// Effects so far.
    effects: i32,
    /// Runs without effect that are kept so far.
    not_matched: usize,
}

impl Run<'_> {
    /// One round; answers the ticket as it was at its beginning, where anything was looked at.
    fn round(&mut self, batch: &Batch, round: i16) -> Result<Option<Ticket>, Missing> {
        let changed = batch
            .before
            .as_ref()
            .map(|before| ChangedFields::between(before, &self.settled.draft.ticket))
            .unwrap_or_default();
        let triggers = self.triggers(batch, &changed);
        if triggers.is_empty() {
            return Ok(None);
        }
        let after = self.settled.draft.ticket.clone();
        let mut from = 0;
        while let Some(next) = self.pass(batch, (&after, &changed, &triggers), round, from)? {
            from = next;
        }
        Ok(Some(after))
    }

    /// What of this round makes rules look, where any rule does.
    fn triggers(&self, batch: &Batch, changed: &ChangedFields) -> Vec<Trigger> {
        let draft = &self.settled.draft;
        happened(&draft.ticket, &draft.facts[batch.from..], changed, batch.comment.is_some())
            .into_iter()
            .chain(batch.moment)
            .filter(|trigger| self.rules.index().has(*trigger))
            .collect()
    }

    /// Looks at rules from this place on until one fires; answers where to go on after it.
    fn pass(
        &mut self,
        batch: &Batch,
        (after, changed, triggers): (&Ticket, &ChangedFields, &[Trigger]),
        round: i16,
        from: u32,
    ) -> Result<Option<u32>, Missing> {
        let ticket = self.settled.draft.ticket.clone();
        let subject = Subject {
            ticket: &ticket,
            before: batch.before.as_ref(),
            after,
            comment: batch.comment.as_ref(),
            actor: &batch.actor,
            people: self.world.people,
            directory: self.world.ground.directory,
            now: self.settled.draft.now,
        };
        let facts = Facts::new(subject, changed);
        let candidates = self.rules.index().candidates(triggers, &facts);
        for (place, trigger) in candidates.into_iter().filter(|(place, _)| *place >= from) {
            let rule = Arc::clone(&self.rules.active()[place as usize]);
            let is_other = batch.only.is_some_and(|only| only != rule.id.id);
            if is_other || self.fired.contains(&rule.id.id) || !rule.is_due(&facts) {
                continue;
            }
            facts.triggered_by(trigger);
            let holds = rule.tree.holds(&facts);
            let missing = facts.missing();
            if !missing.is_nothing() {
                return Err(missing);
            }
            if !holds {
                self.note_not_matched(&rule, &facts, (trigger, round));
                continue;
            }
            let mut trace = RunTrace::default();
            rule.tree.explain(&facts, &mut trace.leaves);
            let missing = facts.missing();
            if !missing.is_nothing() {
                return Err(missing);
            }
            self.fired.insert(rule.id.id);
            let is_held = self.act(&rule, &subject, changed, (trigger, round), &mut trace)?;
            let outcome = if is_held { RunOutcome::Suppressed } else { RunOutcome::Fired };
            self.settled.looked.push(Looked { rule: rule.id, trigger, round, outcome, trace });
            // What comes later sees what this one did.
            return Ok((!rule.source.stop).then_some(place + 1));
        }
        Ok(None)
    }

    fn note_not_matched(&mut self, rule: &Rule, facts: &Facts<'_>, (trigger, round): (Trigger, i16)) {
        if self.not_matched >= self.world.not_matched {
            return;
        }
        let mut trace = RunTrace::default();
        rule.tree.explain(facts, &mut trace.leaves);
        // Asking every test may take what deciding did not. It is not worth a look for a run without effect.
        if facts.missing().is_nothing() {
            self.not_matched += 1;
            let outcome = RunOutcome::NotMatched;
            self.settled.looked.push(Looked { rule: rule.id, trigger, round, outcome, trace });
        }
    }

    /// Does what the rule says; answers whether any of it was held back.
    fn act(
        &mut self,
        rule: &Rule,
        subject: &Subject<'_>,
        changed: &ChangedFields,
        (trigger, round): (Trigger, i16),
        trace: &mut RunTrace,
    ) -> Result<bool, Missing> {
        let world = self.world;
        let mut is_held = false;
        for action in &rule.actions {
            if let Some(why) = self.held(round) {
                is_held = true;
                let kind = action.kind.clone();
                trace.effects.push(EffectTrace {
                    kind,
                    params: serde_json::Map::new(),
                    done: false,
                    reason: Some(why),
                });
                continue;
            }
            let ticket = self.settled.draft.ticket.clone();
            let facts = Facts::new(Subject { ticket: &ticket, ..*subject }, changed);
            facts.triggered_by(trigger);
            let filled = values(&facts, &rule.name, world.app_url, action.needs);
            let planned = action.plan(&facts, &filled, &world.ground);
            let missing = facts.missing();
            if !missing.is_nothing() {
                return Err(missing);
            }
            let (params, done, reason) = match planned {
                Err(why) => (serde_json::Map::new(), false, Some(why)),
                Ok(planned) => {
                    let (done, reason) = self.perform(rule, planned.plan);
                    (planned.params, done, reason)
                }
            };
            trace.effects.push(EffectTrace { kind: action.kind.clone(), params, done, reason });
        }
        Ok(is_held)
    }

    fn perform(&mut self, rule: &Rule, plan: Plan) -> (bool, Option<String>) {
        let outside = match &plan {
            Plan::Outside(outside) => Some(outside.clone()),
            _ => None,
        };
        let Settled { draft, additions, .. } = &mut self.settled;
        draft.rule = Some(rule.id);
        let applied = plan.apply(draft, &self.world.ground, additions, self.world.ids);
        draft.rule = None;
        match applied {
            Err(why) => (false, Some(why)),
            Ok(false) => (true, Some("there was nothing left to change".to_owned())),
            Ok(true) => {
                self.count();
                self.settled.outside.extend(outside.map(|outside| Asked { rule: rule.id, outside }));
                (true, None)
            }
        }
    }

    /// Why nothing more may be done, where that is so.
    fn held(&self, round: i16) -> Option<String> {
        if round > limit::ROUNDS {
            return Some(format!("rules have followed one another for {} rounds", limit::ROUNDS));
        }
        if self.effects >= limit::CHAIN {
            return Some(format!("rules have done {} things about one change", limit::CHAIN));
        }
        let spend = self.settled.draft.ticket.rule_spend;
        let now = self.settled.draft.now;
        let lately = spend.filter(|spend| now - spend.since < MINUTE).map_or(0, |spend| spend.effects);
        (lately >= limit::MINUTE)
            .then(|| format!("rules have done {} things to this ticket in a minute", limit::MINUTE))
    }

    fn count(&mut self) {
        self.effects += 1;
        let now = self.settled.draft.now;
        let spend = self.settled.draft.ticket.rule_spend.filter(|spend| now - spend.since < MINUTE);
        let spend = spend.unwrap_or(RuleSpend { since: now, effects: 0 });
        self.settled.draft.ticket.rule_spend = Some(RuleSpend { effects: spend.effects + 1, ..spend });
    }
}

const MINUTE: TimeDelta = TimeDelta::minutes(1);
