//! Actions that a person does by one press: the same that rules do, in the person's own name, all or none.

use super::action::{Action, ActionKind, ActionReader, Additions, Plan, Planned};
use super::engine::{World, all_known};
use super::facts::{ChangedFields, Facts, Missing, Subject};
use super::rule::Context;
use super::variable::Values;
use crate::error::{Error, FieldError};
use crate::event::FieldChanges;
use crate::ids::CommentId;
use crate::input::{Patch, Problems};
use crate::model::{ActionSource, Channel, Comment, Person, Status, Ticket};
use crate::ticket::{Draft, TicketPatch};
use serde_json::{Map, Value};

/// What a macro may do: what one does to a ticket by hand. What leaves the desk is for rules, under their limits.
pub const KINDS: [ActionKind; 9] = [
    ActionKind::UpdateTicket,
    ActionKind::AssignTicket,
    ActionKind::AddComment,
    ActionKind::EscalateTicket,
    ActionKind::AddTags,
    ActionKind::RemoveTags,
    ActionKind::AddWatchers,
    ActionKind::RemoveWatchers,
    ActionKind::Snooze,
];

/// Reads the actions of a macro, or says all that is wrong with them.
pub fn read(sources: &[ActionSource], context: &Context<'_>) -> Result<Vec<Action>, Vec<FieldError>> {
    let mut reader = ActionReader::new(context);
    let mut refused = Problems::default();
    let mut actions = Vec::with_capacity(sources.len());
    for (place, source) in sources.iter().enumerate() {
        let at = format!("actions[{place}]");
        match source.kind.parse::<ActionKind>() {
            Ok(kind) if KINDS.contains(&kind) => actions.extend(reader.read(&in_rules_words(source), &at)),
            _ => {
                let known: Vec<_> = KINDS.iter().map(|kind| kind.as_str()).collect();
                refused.add(format!("{at}.type"), "unknown_action", format!("A macro does {}.", known.join(", ")));
            }
        }
    }
    refused.extend_all(reader.problems);
    match refused.finish() {
        Err(Error::Invalid(errors)) => Err(errors),
        _ => Ok(actions),
    }
}

/// Where a macro says `me`, a rule says who made the change.
fn in_rules_words(source: &ActionSource) -> ActionSource {
    let mut source = source.clone();
    for name in ["agent_id", "user_id", "to"] {
        match source.params.get_mut(name) {
            Some(Value::Array(items)) => items.iter_mut().for_each(own_word),
            Some(one) => own_word(one),
            None => {}
        }
    }
    source
}

fn own_word(value: &mut Value) {
    if value.as_str() == Some("me") {
        *value = "actor".into();
    }
}

/// Who does it, and by which way.
#[derive(Clone, Debug)]
pub struct Hand {
    /// The person.
    pub person: Person,
    /// How what they say comes in.
    pub channel: Channel,
}

/// One action, and what came of it.
#[derive(Debug)]
pub struct Step {
    /// Which, as it was written.
    pub kind: String,
    /// With what, texts filled in.
    pub params: Map<String, Value>,
    /// The fields that it changed.
    pub changes: FieldChanges,
    /// What its texts ask for and the ticket has not, each once.
    pub missing: Vec<String>,
    /// Why it can't be done. What comes after it is tried all the same, for who wants to know all.
    pub refused: Option<Error>,
    /// The ticket before it and what it wants, where it resolves it: that has still to be allowed.
    pub resolves: Option<(Box<Ticket>, Box<TicketPatch>)>,
}

/// What came of all actions.
#[derive(Debug)]
pub struct Done {
    /// The ticket, and all that happened to it.
    pub draft: Draft,
    /// What was said, and who listens from now on or no longer.
    pub additions: Additions,
    /// Each action.
    pub steps: Vec<Step>,
}

/// Does the actions to a ticket, one after the other. Answers what came of them, or what has to be looked up first.
pub fn carry_out(actions: &[Action], world: &World<'_>, draft: Draft, hand: &Hand) -> Result<Done, Missing> {
    let mut done = Done { draft, additions: Additions::default(), steps: Vec::with_capacity(actions.len()) };
    for action in actions {
        let step = done.step(action, world, hand)?;
        done.steps.push(step);
    }
    Ok(done)
}

impl Done {
    fn step(&mut self, action: &Action, world: &World<'_>, hand: &Hand) -> Result<Step, Missing> {
        let (ticket, changed) = (self.draft.ticket.clone(), ChangedFields::default());
        let facts = Facts::new(
            Subject {
                ticket: &ticket,
                before: None,
                after: &ticket,
                comment: None,
                mail: None,
                actor: &hand.person,
                people: world.people,
                directory: world.ground.directory,
                agent_visibility: world.agent_visibility,
                calendars: world.ground.calendars,
                now: self.draft.now,
            },
            &changed,
        );
        let values = Values::of_person(&facts, world.app_url, action.needs);
        let planned = action.plan(&facts, &values, &world.ground);
        all_known(&facts)?;
        let missing = values.take_missing();
        let mut step = Step {
            kind: action.kind.clone(),
            params: Map::new(),
            changes: FieldChanges::new(),
            missing,
            refused: None,
            resolves: None,
        };
        match planned {
            Err(why) => step.refused = Some(impossible(why)),
            Ok(Planned { params, left_out: Some((_, why)), .. }) => {
                step.params = params;
                step.refused = Some(impossible(format!("somebody who is meant {why}")));
            }
            Ok(Planned { plan, params, left_out: None }) => {
                step.params = params;
                step.resolves = resolving(&plan, &ticket);
                let told = self.draft.facts.len();
                step.refused = self.perform(plan, world, hand).err();
                step.changes = changes_of(&self.draft, told);
            }
        }
        Ok(step)
    }

    fn perform(&mut self, plan: Plan, world: &World<'_>, hand: &Hand) -> Result<(), Error> {
        let Plan::Say { body, is_internal } = plan else {
            return plan.apply(&mut self.draft, &world.ground, &mut self.additions, world.ids).map(drop);
        };
        let comment = Comment {
            id: CommentId(world.ids.uuid(self.draft.now)),
            ticket_id: self.draft.ticket.id,
            author: hand.person.clone(),
            body,
            is_internal,
            channel: hand.channel,
            version: 1,
            created_at: self.draft.now,
            edited_at: None,
        };
        self.draft.say(&comment, true)?;
        self.additions.comments.push(comment);
        Ok(())
    }
}

fn impossible(why: String) -> Error {
    Error::conflict("macro_not_possible", why)
}

fn resolving(plan: &Plan, ticket: &Ticket) -> Option<(Box<Ticket>, Box<TicketPatch>)> {
    match plan {
        Plan::Update(patch) if patch.status == Patch::Set(Status::Resolved) => {
            Some((Box::new(ticket.clone()), patch.clone()))
        }
        _ => None,
    }
}

/// The fields that changed since so many facts: from what they were to what they are.
pub fn changes_of(draft: &Draft, since: usize) -> FieldChanges {
    let mut changed = FieldChanges::new();
    for (field, (old, new)) in draft.facts[since..].iter().filter_map(|told| told.fact.changes()).flatten() {
        let first = changed.get(field).map_or_else(|| old.clone(), |(first, _): &(Value, Value)| first.clone());
        changed.insert(field.clone(), (first, new.clone()));
    }
    changed.retain(|_, (old, new)| old != new);
    changed
}
