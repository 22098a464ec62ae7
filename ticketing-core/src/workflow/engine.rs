//! How rules run: rounds over what a change has changed, until nothing changes any more or enough was done.
//!
//! - Round 1 looks at the change of one command, round 2 at what the rules of round 1 changed, and so on.
//! - In a round, rules are looked at by position. Each sees what earlier ones did; what changed is the same for
//!   all of the round.
//! - A rule fires at most once for a ticket in all rounds of a change, so there are never more rounds than rules,
//!   and never more than [`limit::ROUNDS`].

use super::action::{Action, Additions, Outside, Plan, Planned, reason};
use super::facts::{ChangedFields, Facts, Missing, People, Subject, cut};
use super::rule::{Rule, Rules};
use super::trace::{EffectTrace, RunTrace};
use super::variable::Values;
use crate::access::AgentVisibility;
use crate::event::{Fact, Told};
use crate::ids::WorkflowId;
use crate::mail::inbound::Incoming;
use crate::model::{Comment, Person, RuleRef, RuleSpend, RunOutcome, Ticket, Trigger};
use crate::port::IdSource;
use crate::ticket::{Draft, Ground};
use crate::time::Time;
use chrono::TimeDelta;
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::sync::Arc;

/// How much rules may do.
pub mod limit {
    /// Rounds of one change.
    pub const ROUNDS: i16 = 8;
    /// Effects of one change.
    pub const CHAIN: i32 = 50;
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
    /// The mail that it was said in.
    pub mail: Option<Arc<Incoming>>,
    /// Who did it.
    pub actor: Person,
    /// What else makes rules look: a deadline or a moment that no fact tells of.
    pub moment: Option<Trigger>,
    /// Of the rules that the moment makes look, only these: a moment may be theirs alone.
    pub only: Option<Vec<WorkflowId>>,
}

/// What rules are run with.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Who works here, and the desk's own fields.
    pub ground: Ground<'a>,
    /// What is known of customers.
    pub people: &'a People,
    /// How far agents see.
    pub agent_visibility: AgentVisibility,
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
    settle_after(&[], rules, world, occurrence)
}

/// The same for what follows in the very commit in which these rules were looked at: none fires twice, and all of them
/// together do no more than is allowed.
pub fn settle_after(
    earlier: &[Looked],
    rules: &Rules,
    world: &World<'_>,
    occurrence: Occurrence,
) -> Result<Settled, Missing> {
    let did = || earlier.iter().filter(|looked| looked.outcome != RunOutcome::NotMatched);
    let done = did().flat_map(|looked| &looked.trace.effects).filter(|effect| effect.done && effect.reason.is_none());
    let Occurrence { before, draft, comment, mail, actor, moment, only } = occurrence;
    let mut run = Run {
        rules,
        world,
        settled: Settled { draft, additions: Additions::default(), outside: Vec::new(), looked: Vec::new() },
        fired: did().map(|looked| looked.rule.id).collect(),
        effects: i32::try_from(done.count()).unwrap_or(i32::MAX),
        not_matched: earlier.len() - did().count(),
    };
    let mut batch = Batch { before, comment, mail, actor, moment, only, from: 0 };
    for round in 1..=limit::ROUNDS + 1 {
        let facts = run.settled.draft.facts.len();
        let said = run.settled.additions.comments.len();
        let start = run.round(&batch, round)?;
        if run.settled.draft.facts.len() == facts {
            break;
        }
        let comment = run.settled.additions.comments[said..].last().cloned();
        let (actor, mail) = (Person::system(), batch.mail);
        batch = Batch { before: start, comment, mail, actor, moment: None, only: None, from: facts };
    }
    Ok(run.settled)
}

/// What makes rules look in a change that left the ticket like this.
pub(super) fn happened(ticket: &Ticket, facts: &[Told], changed: &ChangedFields, is_said: bool) -> Vec<Trigger> {
    use crate::condition::Field;
    let is_new = facts.iter().any(|told| matches!(told.fact, Fact::TicketCreated {}));
    let is_broken = facts.iter().any(|told| matches!(told.fact, Fact::SlaBreached(_)));
    // The level may have gone down as well.
    let is_escalated = facts.iter().any(|told| matches!(told.fact, Fact::TicketEscalated { .. }));
    let is_given = ticket.assigned_agent_id.is_some() || ticket.team_id.is_some();
    let was_given = changed.has(Field::AssignedAgentId) || changed.has(Field::TeamId);
    let all = [
        (Trigger::TicketCreated, is_new),
        (Trigger::TicketUpdated, !changed.is_empty()),
        (Trigger::StatusChange, changed.has(Field::Status)),
        (Trigger::PriorityChange, changed.has(Field::Priority)),
        (Trigger::Assignment, was_given || (is_new && is_given)),
        (Trigger::Escalation, is_escalated),
        (Trigger::SlaBreach, is_broken),
        (Trigger::CommentAdded, is_said),
    ];
    all.into_iter().filter_map(|(trigger, is_so)| is_so.then_some(trigger)).collect()
}

/// What one round looks at.
struct Batch {
    before: Option<Ticket>,
    comment: Option<Comment>,
    mail: Option<Arc<Incoming>>,
    actor: Person,
    moment: Option<Trigger>,
    only: Option<Vec<WorkflowId>>,
    /// The first of its facts.
    from: usize,
}

/// What all rules of a round look at.
struct Look<'a> {
    batch: &'a Batch,
    /// The ticket as the change left it.
    after: &'a Ticket,
    changed: &'a ChangedFields,
    triggers: &'a [Trigger],
    round: i16,
}

impl<'a> Look<'a> {
    fn subject(&self, ticket: &'a Ticket, world: &World<'a>, now: Time) -> Subject<'a> {
        Subject {
            ticket,
            before: self.batch.before.as_ref(),
            after: self.after,
            comment: self.batch.comment.as_ref(),
            mail: self.batch.mail.as_deref(),
            actor: &self.batch.actor,
            people: world.people,
            directory: world.ground.directory,
            agent_visibility: world.agent_visibility,
            calendars: world.ground.calendars,
            now,
        }
    }
}

/// What has to be looked up before the facts can be relied on.
pub(super) fn all_known(facts: &Facts<'_>) -> Result<(), Missing> {
    let missing = facts.take_missing();
    if missing.is_nothing() { Ok(()) } else { Err(missing) }
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
        let look = Look { batch, after: &after, changed: &changed, triggers: &triggers, round };
        // The ticket, once rules of this round have changed it.
        let mut current = None;
        let mut from = Some(0);
        while let Some(place) = from {
            let told = self.settled.draft.facts.len();
            from = self.pass(&look, current.as_ref().unwrap_or(&after), place)?;
            if self.settled.draft.facts.len() > told {
                current = Some(self.settled.draft.ticket.clone());
            }
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

    /// Looks at rules from this place on until one changes the ticket; answers where to go on after it.
    fn pass(&mut self, look: &Look<'_>, ticket: &Ticket, from: u32) -> Result<Option<u32>, Missing> {
        let subject = look.subject(ticket, self.world, self.settled.draft.now);
        let facts = Facts::new(subject, look.changed);
        let candidates = self.rules.index().candidates(look.triggers, &facts, from);
        for (place, trigger) in candidates {
            let rule = &self.rules.active()[place as usize];
            let is_other = look.batch.moment == Some(trigger)
                && look.batch.only.as_ref().is_some_and(|only| !only.contains(&rule.id.id));
            if is_other || self.fired.contains(&rule.id.id) || !rule.is_due(&facts) {
                continue;
            }
            facts.triggered_by(trigger);
            let holds = rule.tree.holds(&facts);
            all_known(&facts)?;
            if !holds {
                self.note_not_matched(rule, &facts, (trigger, look.round));
                continue;
            }
            let mut trace = RunTrace::default();
            rule.tree.explain(&facts, &mut trace.leaves);
            all_known(&facts)?;
            self.fired.insert(rule.id.id);
            let told = self.settled.draft.facts.len();
            let is_held = self.act(rule, &facts, (trigger, look.round), &mut trace)?;
            let outcome = if is_held { RunOutcome::Suppressed } else { RunOutcome::Fired };
            self.settled.looked.push(Looked { rule: rule.id, trigger, round: look.round, outcome, trace });
            if rule.source.stop {
                return Ok(None);
            }
            if self.settled.draft.facts.len() > told {
                // What comes later sees what this one did.
                return Ok(Some(place + 1));
            }
        }
        Ok(None)
    }

    fn note_not_matched(&mut self, rule: &Rule, facts: &Facts<'_>, (trigger, round): (Trigger, i16)) {
        if self.not_matched >= self.world.not_matched {
            return;
        }
        let mut trace = RunTrace::default();
        rule.tree.explain(facts, &mut trace.leaves);
        // Some tests may take a look that deciding did not. That is not worth it for a run without effect: they are
        // kept as not asked.
        facts.take_missing();
        self.not_matched += 1;
        let outcome = RunOutcome::NotMatched;
        self.settled.looked.push(Looked { rule: rule.id, trigger, round, outcome, trace });
    }

    /// Does what the rule says; answers whether it was held back from doing anything.
    fn act(
        &mut self,
        rule: &Rule,
        found: &Facts<'_>,
        (trigger, round): (Trigger, i16),
        trace: &mut RunTrace,
    ) -> Result<bool, Missing> {
        let mut is_held = false;
        // The ticket, once the rule itself has changed it.
        let mut current: Option<Ticket> = None;
        for action in &rule.actions {
            let kind = action.kind.clone();
            if let Some(why) = self.held(round) {
                is_held = true;
                let params = Map::new();
                trace.effects.push(EffectTrace { kind, params, done: false, reason: Some(why) });
                continue;
            }
            let told = self.settled.draft.facts.len();
            let effects = match &current {
                None => self.act_once(rule, action, found)?,
                Some(ticket) => {
                    let facts = Facts::new(Subject { ticket, ..*found.subject() }, found.changed());
                    facts.triggered_by(trigger);
                    self.act_once(rule, action, &facts)?
                }
            };
            trace.effects.extend(effects);
            if self.settled.draft.facts.len() > told {
                current = Some(self.settled.draft.ticket.clone());
            }
        }
        Ok(is_held && !trace.effects.iter().any(|effect| effect.done))
    }

    /// Does one action; answers what was done, and apart from it what of it could not be.
    fn act_once(&mut self, rule: &Rule, action: &Action, facts: &Facts<'_>) -> Result<Vec<EffectTrace>, Missing> {
        let values = Values::new(facts, &rule.name, self.world.app_url, action.needs);
        let planned = action.plan(facts, &values, &self.world.ground);
        all_known(facts)?;
        let effect = |params: Map<String, Value>, done, reason| {
            let params = params.into_iter().map(|(name, value)| (name, cut(value))).collect();
            EffectTrace { kind: action.kind.clone(), params, done, reason }
        };
        Ok(match planned {
            Err(why) => vec![effect(Map::new(), false, Some(why))],
            // Nobody is left with whom it could be done.
            Ok(Planned { plan: Plan::Watch { users, .. }, left_out: Some((params, why)), .. }) if users.is_empty() => {
                vec![effect(params, false, Some(why))]
            }
            Ok(Planned { plan, params, left_out }) => {
                let (done, reason) = self.perform(rule, plan);
                let left_out = left_out.map(|(params, why)| effect(params, false, Some(why)));
                [effect(params, done, reason)].into_iter().chain(left_out).collect()
            }
        })
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
            Err(error) => (false, Some(reason(&error))),
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
