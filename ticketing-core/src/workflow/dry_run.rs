//! What a rule would do about something that happened, and why, without doing it.

use super::engine::{Occurrence, World, settle};
use super::facts::{ChangedFields, Facts, Missing, Subject};
use super::rule::{Rule, Rules};
use super::trace::EffectTrace;
use crate::model::{RunOutcome, Trigger};
use serde_json::Value;
use std::sync::Arc;

/// What a rule would do.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Whether it would fire.
    pub would_fire: bool,
    /// What makes it look.
    pub trigger: Trigger,
    /// Its conditions as they are written, each with what was found and how it came out.
    pub conditions: Vec<Value>,
    /// What it would do, in order.
    pub effects: Vec<EffectTrace>,
}

/// Asks one rule, whether it is switched on or not.
pub fn dry_run(rule: &Arc<Rule>, world: &World<'_>, occurrence: &Occurrence) -> Result<Verdict, Missing> {
    let ticket = &occurrence.draft.ticket;
    let changed = occurrence.before.as_ref().map(|before| ChangedFields::between(before, ticket)).unwrap_or_default();
    let subject = Subject {
        ticket,
        before: occurrence.before.as_ref(),
        after: ticket,
        comment: occurrence.comment.as_ref(),
        mail: occurrence.mail.as_deref(),
        actor: &occurrence.actor,
        people: world.people,
        directory: world.ground.directory,
        agent_visibility: world.agent_visibility,
        calendars: world.ground.calendars,
        now: occurrence.draft.now,
    };
    let facts = Facts::new(subject, &changed);
    let trigger = rule.source.trigger_type;
    facts.triggered_by(trigger);
    let mut leaves = Vec::new();
    rule.tree.explain(&facts, &mut leaves);
    let missing = facts.take_missing();
    if !missing.is_nothing() {
        return Err(missing);
    }
    let settled = settle(&Rules::only(vec![Arc::clone(rule)]), world, occurrence.clone())?;
    let fired = settled.looked.into_iter().find(|looked| looked.outcome != RunOutcome::NotMatched);
    Ok(Verdict {
        would_fire: fired.is_some(),
        trigger,
        conditions: rule.tree.told_parts(&leaves),
        effects: fired.map(|looked| looked.trace.effects).unwrap_or_default(),
    })
}
