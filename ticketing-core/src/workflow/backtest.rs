//! What rules would have done about what happened before: those that are switched on, with a draft among them and
//! without.

#[cfg(all(test, feature = "conformance"))]
mod tests;

use super::engine::{Looked, Occurrence, World, settle};
use super::facts::Missing;
use super::rule::{Rule, Rules};
use super::trace::EffectTrace;
use crate::condition::{Asked, Field};
use crate::ids::{TicketNumber, WorkflowId};
use crate::model::{RunOutcome, Trigger};
use crate::time::Time;
use crate::workflow::field::RuleField;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tickets and differences that are told one by one.
const TOLD: usize = 100;

/// The rules as they are, and as they would be with a draft.
#[derive(Clone, Debug)]
pub struct Trial {
    draft: WorkflowId,
    current: Rules,
    drafted: Rules,
}

/// What was done in a change: by the draft, and by all rules with it and without.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Whether the draft fired.
    pub is_match: bool,
    /// What the draft did.
    pub draft: Vec<EffectTrace>,
    /// What all rules did with the draft among them.
    pub drafted: Vec<EffectTrace>,
    /// What all rules did without.
    pub current: Vec<EffectTrace>,
}

impl Trial {
    /// The draft takes the place of the rule that it is a version of, or else its own place among those that are
    /// switched on. It is looked at, switched on or not.
    pub fn new(current: &Rules, draft: &Arc<Rule>, replaces: Option<WorkflowId>) -> Self {
        let (current, draft) = (current.active().to_vec(), Arc::clone(draft));
        let mut drafted: Vec<Arc<Rule>> =
            current.iter().filter(|rule| Some(rule.id.id) != replaces && rule.id.id != draft.id.id).cloned().collect();
        let place = drafted.partition_point(|rule| rule.source.position <= draft.source.position);
        let id = draft.id.id;
        drafted.insert(place, draft);
        Self { draft: id, current: Rules::only(current), drafted: Rules::only(drafted) }
    }

    /// Whether any of the rules names or tells the description, which events do not keep.
    pub fn asks_for_description(&self) -> bool {
        self.all().any(|rule| rule.named.contains(&Field::Description) || tells(rule, "description"))
    }

    /// Whether any of the rules looks at what is said.
    pub fn asks_for_comments(&self) -> bool {
        let names = |rule: &Rule| rule.tree.probes().iter().any(|probe| probe.field.name().starts_with("comment."));
        // A field of the application's own may ask for anything.
        let has_own = |rule: &Rule| rule.tree.probes().iter().any(|probe| matches!(probe.field, RuleField::Own(_)));
        self.all().any(|rule| {
            rule.source.trigger_type == Trigger::CommentAdded || names(rule) || has_own(rule) || tells(rule, "comment")
        })
    }

    fn all(&self) -> impl Iterator<Item = &Rule> {
        self.drafted.active().iter().chain(self.current.active()).map(|rule| &**rule)
    }

    /// What rules do about this, or what has to be looked up first.
    pub fn run(&self, world: &World<'_>, occurrence: &Occurrence) -> Result<Outcome, Missing> {
        let with = settle(&self.drafted, world, occurrence.clone())?.looked;
        let without = settle(&self.current, world, occurrence.clone())?.looked;
        let own = |looked: &&Looked| looked.rule.id == self.draft;
        Ok(Outcome {
            is_match: with.iter().filter(own).any(|looked| looked.outcome != RunOutcome::NotMatched),
            draft: effects(with.iter().filter(own)),
            drafted: effects(&with),
            current: effects(&without),
        })
    }
}

/// Whether what a rule writes may fill this in.
fn tells(rule: &Rule, variable: &str) -> bool {
    let mut params = rule.source.actions.iter().flat_map(|action| action.params.values());
    params.any(|value| value.to_string().contains(variable))
}

/// What was done and made a difference.
fn effects<'l>(looked: impl IntoIterator<Item = &'l Looked>) -> Vec<EffectTrace> {
    let all = looked.into_iter().flat_map(|looked| &looked.trace.effects);
    all.filter(|effect| effect.done && effect.reason.is_none()).cloned().collect()
}

/// How many things were done, by the type of action.
pub type Tally = BTreeMap<String, u64>;

/// A change that would have come out otherwise with the draft.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The ticket's number.
    pub ticket: TicketNumber,
    /// When the change was made.
    pub at: Time,
    /// What all rules would do with the draft among them.
    pub draft: Vec<EffectTrace>,
    /// What they do without.
    pub current: Vec<EffectTrace>,
}

/// What came of it over a stretch of the log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Since when.
    pub from: Time,
    /// Until when.
    pub to: Time,
    /// Events that were read.
    pub events: u64,
    /// Changes of tickets that rules were asked about.
    pub changes: u64,
    /// Changes in which the draft would have fired.
    pub matched: u64,
    /// The first 100 tickets of which it would have.
    pub tickets: Vec<TicketNumber>,
    /// What the draft would have done.
    pub effects: Tally,
    /// What the rules that are switched on do about the same changes.
    pub current_effects: Tally,
    /// Changes that would have come out otherwise.
    pub differences: u64,
    /// The first 100 of them.
    pub differs_from_current: Vec<Difference>,
}

impl Report {
    /// Nothing was read yet.
    pub fn new(from: Time, to: Time) -> Self {
        Self {
            from,
            to,
            events: 0,
            changes: 0,
            matched: 0,
            tickets: Vec::new(),
            effects: Tally::new(),
            current_effects: Tally::new(),
            differences: 0,
            differs_from_current: Vec::new(),
        }
    }

    /// Counts what was done in one more change.
    pub fn add(&mut self, ticket: &TicketNumber, at: Time, outcome: Outcome) {
        self.changes += 1;
        let Outcome { is_match, draft, drafted, current } = outcome;
        if is_match {
            self.matched += 1;
            if self.tickets.len() < TOLD && !self.tickets.contains(ticket) {
                self.tickets.push(ticket.clone());
            }
        }
        count(&mut self.effects, &draft);
        count(&mut self.current_effects, &current);
        if drafted != current {
            self.differences += 1;
            if self.differs_from_current.len() < TOLD {
                let ticket = ticket.clone();
                self.differs_from_current.push(Difference { ticket, at, draft: drafted, current });
            }
        }
    }
}

fn count(tally: &mut Tally, effects: &[EffectTrace]) {
    for effect in effects {
        match tally.get_mut(&effect.kind) {
            Some(count) => *count += 1,
            None => drop(tally.insert(effect.kind.clone(), 1)),
        }
    }
}
