//! What is likely to be wrong with rules that can be run: what never happens, what never ends, and what works
//! against itself. All pure, and of bounded cost however many rules there are.

mod effect;
mod must;
mod pair;
mod ring;
#[cfg(test)]
mod tests;

use super::rule::{Rule, Rules};
use super::tree::Tree;
use crate::ids::WorkflowId;
use crate::model::{ActionSource, Schedule, Trigger};
use crate::workflow::action::{ActionKind, Written};
use crate::workflow::recipient::Part;
use effect::{Effect, effect};
use must::{Must, is_impossible, musts};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;

/// How much is looked at and told.
mod limit {
    /// Pairs of rules that are compared for one kind of warning.
    pub(super) const PAIRS: usize = 100_000;
    /// Warnings of one kind.
    pub(super) const WARNINGS: usize = 100;
}

crate::model::words! {
    /// What a warning is about.
    WarningCode {
        /// The conditions can never hold.
        Unreachable = 0 "unreachable",
        /// Two rules write the same field about the same change.
        SameField = 1 "same_field",
        /// Rules set each other off, and take back what the other did.
        PingPong = 2 "ping_pong",
        /// Every word of a ticket is answered by mail, so that two desks may write to each other for ever.
        AutoResponder = 3 "auto_responder",
        /// A rule that comes again and again does nothing that would end it.
        Endless = 4 "endless",
        /// An earlier rule that stops the others fires whenever this one would.
        Shadowed = 5 "shadowed",
        /// The rule looks at every change and asks for nothing.
        NoConditions = 6 "no_conditions",
        /// There is more than was looked at or is told.
        Incomplete = 7 "incomplete",
        /// The ticket would go to somebody who does not work here.
        NotStaff = 8 "not_staff",
    }
}

/// Something that is likely to be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What.
    pub code: WarningCode,
    /// The rules that it is about.
    pub workflow_ids: Vec<WorkflowId>,
    /// What it means, for people.
    pub message: String,
}

/// A rule, and what follows from how it is written.
struct Known<'r> {
    rule: &'r Rule,
    musts: Vec<Must<'r>>,
    writes: Vec<Written>,
}

impl<'r> Known<'r> {
    fn new(rule: &'r Arc<Rule>) -> Self {
        let writes = rule.actions.iter().flat_map(super::action::Action::writes).collect();
        Self { rule, musts: musts(&rule.tree), writes }
    }
}

/// What is noted so far.
#[derive(Default)]
struct Found {
    warnings: Vec<Warning>,
    /// Whether something was left out, and of what kind.
    cut: Vec<WarningCode>,
}

impl Found {
    fn add(&mut self, code: WarningCode, rules: &[&Rule], message: String) {
        if self.warnings.iter().filter(|warning| warning.code == code).count() >= limit::WARNINGS {
            self.cut(code);
            return;
        }
        self.warnings.push(Warning { code, workflow_ids: rules.iter().map(|rule| rule.id.id).collect(), message });
    }

    fn cut(&mut self, code: WarningCode) {
        if !self.cut.contains(&code) {
            self.cut.push(code);
        }
    }

    /// Whether as much of this kind is noted as is told.
    fn is_full(&self, code: WarningCode) -> bool {
        self.cut.contains(&code)
    }

    fn finish(mut self) -> Vec<Warning> {
        for code in self.cut {
            let message = format!("There are too many rules or findings to tell all of {code}.");
            let (code, workflow_ids) = (WarningCode::Incomplete, Vec::new());
            self.warnings.push(Warning { code, workflow_ids, message });
        }
        self.warnings
    }
}

/// Looks at the rules that are switched on.
pub fn lint(rules: &Rules) -> Vec<Warning> {
    let known: Vec<Known<'_>> = rules.active().iter().map(Known::new).collect();
    let mut found = Found::default();
    for one in &known {
        alone(one, &mut found);
    }
    let reachable: Vec<&Known<'_>> =
        known.iter().filter(|one| !is_impossible(&one.rule.tree, one.rule.source.trigger_type)).collect();
    pair::same_field(&reachable, &mut found);
    pair::shadowed(&reachable, &mut found);
    ring::ping_pong(&reachable, &mut found);
    found.finish()
}

/// What can be said of a rule without looking at others.
fn alone(one: &Known<'_>, found: &mut Found) {
    let rule = one.rule;
    let (name, trigger) = (&rule.name, rule.source.trigger_type);
    if is_impossible(&rule.tree, trigger) {
        let message = format!("The conditions of “{name}” can never hold for {trigger}.");
        found.add(WarningCode::Unreachable, &[rule], message);
    }
    if trigger == Trigger::CommentAdded
        && rule.actions.iter().any(super::action::Action::mails_requester)
        && !tells_authors_apart(&rule.tree)
    {
        let message = format!(
            "“{name}” mails the requester whenever anything is said. Without a condition on comment.author_role or \
             channel it also answers mails that were written by a machine."
        );
        found.add(WarningCode::AutoResponder, &[rule], message);
    }
    if rule.source.actions.iter().any(gives_to_requester) && !asks_what_requester_may(&rule.tree) {
        let message = format!(
            "“{name}” gives the ticket to whoever asks. Only staff can have a ticket, so this is not done where a \
             customer asks; a condition on customer.role says that it is meant."
        );
        found.add(WarningCode::NotStaff, &[rule], message);
    }
    if is_endless(one) {
        let message =
            format!("“{name}” comes again and again, and nothing that it does makes its own conditions untrue.");
        found.add(WarningCode::Endless, &[rule], message);
    }
    if trigger == Trigger::TicketUpdated && rule.tree.probes().is_empty() {
        let message = format!("“{name}” fires at every change of every ticket.");
        found.add(WarningCode::NoConditions, &[rule], message);
    }
}

/// Whether the conditions ask who said it, or how it came in.
fn tells_authors_apart(tree: &Tree) -> bool {
    use crate::condition::Asked;
    let names = ["comment.author_role", "comment.author_id", "comment.channel", "channel", "actor.role"];
    tree.probes().iter().any(|probe| names.contains(&&*probe.field.name()))
}

/// Whether an action gives the ticket to the requester.
fn gives_to_requester(action: &ActionSource) -> bool {
    let param = match action.kind.parse() {
        Ok(ActionKind::AssignTicket) => "agent_id",
        Ok(ActionKind::EscalateTicket) => "to",
        _ => return false,
    };
    let given = action.params.get(param).map(|given| given.get(0).unwrap_or(given));
    let Some(text) = given.and_then(Value::as_str).map(str::trim) else { return false };
    match text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) {
        Some(variable) => OF_REQUESTER.contains(&variable.trim()),
        None => Part::read(text) == Some(Part::Requester),
    }
}

/// The variables that hold the requester's id.
const OF_REQUESTER: [&str; 4] = ["customer_id", "ticket.customer_id", "customer.id", "customer.customer_id"];

/// Whether the conditions ask if the requester works here.
fn asks_what_requester_may(tree: &Tree) -> bool {
    use crate::condition::Asked;
    tree.probes().iter().any(|probe| probe.field.name() == "customer.role")
}

/// Whether a rule of the calendar goes on for ever about the same ticket.
fn is_endless(one: &Known<'_>) -> bool {
    use crate::condition::{Asked, Field};
    if !matches!(one.rule.source.schedule, Some(Schedule::Every { .. } | Schedule::Cron { .. })) {
        return false;
    }
    let probes = one.rule.tree.probes();
    // What is written later than it is looked at, and any change where the last one is asked for, may end it.
    let touches = |written: &Written| probes.iter().any(|probe| probe.field.name() == written.field);
    let asks_for_last_change = probes.iter().any(|probe| {
        let name = probe.field.name();
        name == Field::UpdatedAt.name() || name.ends_with(".updated_at")
    });
    let may_end = |written: &Written| {
        let effects: Vec<Effect> = one.musts.iter().map(|must| effect(written, must)).collect();
        let is_elsewhere = touches(written) && effects.iter().all(|effect| *effect == Effect::None);
        let is_unknown = is_elsewhere || effects.contains(&Effect::Open);
        effects.contains(&Effect::Breaks) || is_unknown || asks_for_last_change
    };
    !one.writes.iter().any(may_end)
}
