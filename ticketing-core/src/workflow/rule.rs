//! A rule that was read, and all rules of a desk.

use super::action::{Action, ActionReader};
use super::custom::each_custom_field;
use super::extension::Extensions;
use super::facts::Facts;
use super::index::Index;
use super::lint::{Warning, lint};
use super::schedule::{self, After};
use super::tree::{Probe, Tree};
use super::variable::Variables;
use crate::condition::{Asked, Field};
use crate::error::FieldError;
use crate::ids::{TeamId, UserId, WorkflowId};
use crate::input::Problems;
use crate::model::{FieldKey, RuleMode, RuleRef, Trigger, Workflow};
use crate::setting::Stored;
use crate::ticket::Ground;
use crate::webhook::Webhooks;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// What rules are read against.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who works here, and the desk's own fields.
    pub ground: Ground<'a>,
    /// The desk's webhooks.
    pub webhooks: &'a Webhooks,
    /// What the application adds.
    pub extensions: &'a Extensions,
    /// What texts may ask for.
    pub variables: &'a Variables,
}

/// A rule, read and ready to be asked.
#[derive(Debug)]
pub struct Rule {
    /// Which, and its version.
    pub id: RuleRef,
    /// What people call it.
    pub name: String,
    /// As it is stored.
    pub source: Workflow,
    /// What must hold.
    pub tree: Tree,
    /// What it does.
    pub actions: Vec<Action>,
    /// Fields of the ticket that its conditions name.
    pub named: Vec<Field>,
}

impl Rule {
    /// Reads a rule. What is wrong with it is answered at once, by the names of its JSON.
    pub fn read(stored: &Stored<Workflow>, context: &Context<'_>) -> Result<Self, Vec<FieldError>> {
        let (rule, errors) = Self::read_leniently(stored, context);
        match rule {
            Some(rule) if errors.is_empty() => Ok(rule),
            _ => Err(errors),
        }
    }

    /// The same; answers the rule, too, where it can still be asked although it names what is not there any more.
    fn read_leniently(stored: &Stored<Workflow>, context: &Context<'_>) -> (Option<Self>, Vec<FieldError>) {
        let source = &stored.content;
        let (custom, extensions) = (context.ground.custom_fields, context.extensions);
        let mut problems = Problems::default();
        let tree = Tree::read(&source.trigger_conditions, "trigger_conditions", source.matching, custom, extensions);
        let tree = match tree {
            Ok(tree) => Some(tree),
            Err(errors) => {
                problems.extend(errors);
                None
            }
        };
        let mut reader = ActionReader::new(context);
        let read: Vec<Option<Action>> = source
            .actions
            .iter()
            .enumerate()
            .map(|(n, action)| reader.read(action, &format!("actions[{n}]")))
            .collect();
        problems.extend(errors_of(reader.problems));
        let actions = read.into_iter().collect::<Option<Vec<_>>>();
        if source.actions.is_empty() || source.actions.len() > Workflow::MOST_ACTIONS {
            let message = format!("Must be a list of 1 to {} actions.", Workflow::MOST_ACTIONS);
            problems.add("actions", "invalid_value", message);
        }
        match (&source.schedule, source.trigger_type) {
            (None, Trigger::TimeBased) => problems.add("schedule", "required", "A time_based rule needs one."),
            (Some(_), trigger) if trigger != Trigger::TimeBased => {
                problems.add("schedule", "not_allowed", "Only a time_based rule has one.");
            }
            (Some(schedule), _) => schedule::check(schedule, &mut problems),
            (None, _) => {}
        }
        if let Some(tree) = &tree {
            tree.each_probe(&source.trigger_conditions, "trigger_conditions", &mut |probe, at| {
                check_values(probe, &format!("{at}.value"), context, &mut problems);
            });
        }
        each_custom_field(source, &mut |key, at| {
            if custom.by_key(key).is_some_and(|field| !field.is_active) {
                problems.add(at, "inactive", "The field is no longer in use.");
            }
        });
        let errors = errors_of(problems);
        let rule = tree.zip(actions).map(|(tree, actions)| Self {
            id: RuleRef { id: WorkflowId(stored.id), version: stored.version },
            name: source.name.clone(),
            named: tree.ticket_fields(),
            source: source.clone(),
            tree,
            actions,
        });
        (rule, errors)
    }

    /// Whether a rule that was triggered is looked at at all.
    pub(super) fn is_due(&self, facts: &Facts<'_>) -> bool {
        self.source.mode == RuleMode::Always
            || self.source.trigger_type != Trigger::TicketUpdated
            || self.named.is_empty()
            || self.named.iter().any(|field| facts.changed().has(*field))
    }
}

fn errors_of(problems: Problems) -> Vec<FieldError> {
    match problems.finish() {
        Err(crate::error::Error::Invalid(errors)) => errors,
        _ => Vec::new(),
    }
}

/// Ids and options that conditions compare with must be there.
fn check_values(probe: &Probe, at: &str, context: &Context<'_>, problems: &mut Problems) {
    let directory = context.ground.directory;
    let name = probe.field.name();
    let values: Vec<(String, &Value)> = match &probe.value {
        Value::Array(items) => items.iter().enumerate().map(|(n, item)| (format!("{at}[{n}]"), item)).collect(),
        one => vec![(at.to_owned(), one)],
    };
    for (at, value) in values {
        let Some(text) = value.as_str().filter(|text| !text.is_empty()) else { continue };
        let id = Uuid::parse_str(text).ok();
        let is_known = match (&*name, id) {
            ("team_id", Some(id)) => directory.team(TeamId(id)).is_some_and(|team| team.is_active),
            ("assigned_agent_id", Some(id)) => directory.staff(UserId(id)).is_some(),
            _ => is_option(&name, text, &probe.operator, context),
        };
        if !is_known {
            let text: String = text.chars().take(100).collect();
            problems.add(at, "unknown_value", format!("{name}: there is no {text}."));
        }
    }
}

/// Whether a whole value that a field with options is compared with is one of them.
fn is_option(name: &str, text: &str, operator: &str, context: &Context<'_>) -> bool {
    let whole = ["equals", "not_equals", "in", "not_in", "changed_from", "changed_to"].contains(&operator);
    let key = name.strip_prefix(crate::condition::CUSTOM);
    let field = key.and_then(|key| context.ground.custom_fields.by_key(key));
    match field {
        Some(field) if whole && !field.options.is_empty() => field.option(text).is_some(),
        _ => true,
    }
}

/// A stored rule, and what came of reading it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As it is stored.
    pub stored: Arc<Stored<Workflow>>,
    /// Ready to be asked; none where its conditions or actions can't be read any more.
    pub rule: Option<Arc<Rule>>,
    /// What is wrong with it by now.
    pub problems: Vec<FieldError>,
}

/// All rules of a desk, and how to find those that a change concerns.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// By position, then by age.
    entries: Vec<Entry>,
    places: HashMap<Uuid, usize>,
    /// Those that are looked at, by position.
    active: Vec<Arc<Rule>>,
    /// Those that look at a ticket some time after a moment of it.
    timed: Vec<After>,
    index: Index,
    /// Found when somebody asks.
    warnings: OnceLock<Vec<Warning>>,
}

impl Rules {
    /// These rules, read against this.
    pub fn new(stored: Vec<Stored<Workflow>>, context: &Context<'_>) -> Self {
        let mut stored: Vec<_> = stored.into_iter().map(Arc::new).collect();
        stored.sort_by_key(|stored| (stored.content.position, stored.id));
        let entries: Vec<Entry> = stored
            .into_iter()
            .map(|stored| {
                let (rule, problems) = Rule::read_leniently(&stored, context);
                Entry { stored, rule: rule.map(Arc::new), problems }
            })
            .collect();
        let places = entries.iter().enumerate().map(|(place, entry)| (entry.stored.id, place)).collect();
        let is_active = |entry: &&Entry| entry.stored.content.is_active;
        let active = entries.iter().filter(is_active).filter_map(|entry| entry.rule.clone()).collect();
        Self::of(entries, places, active)
    }

    fn of(entries: Vec<Entry>, places: HashMap<Uuid, usize>, active: Vec<Arc<Rule>>) -> Self {
        let index = Index::new(&active);
        let after = |rule: &Arc<Rule>| After::of(rule.id.id, rule.source.schedule.as_ref()?);
        let timed = active.iter().filter_map(after).collect();
        Self { entries, places, active, timed, index, warnings: OnceLock::new() }
    }

    /// Only these rules, which are all looked at, in this order.
    pub fn only(active: Vec<Arc<Rule>>) -> Self {
        Self::of(Vec::new(), HashMap::new(), active)
    }

    /// The same, but each is looked at whatever it asks for: what finding rules is held against.
    #[cfg(all(test, feature = "conformance"))]
    pub(super) fn unfiled(active: Vec<Arc<Rule>>) -> Self {
        let index = Index::unfiled(&active);
        Self { active, index, ..Self::default() }
    }

    /// All of them, by position.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The rule with this id.
    pub fn by_id(&self, id: Uuid) -> Option<&Entry> {
        self.places.get(&id).map(|place| &self.entries[*place])
    }

    /// Those that are looked at, by position.
    pub fn active(&self) -> &[Arc<Rule>] {
        &self.active
    }

    /// Those that look at a ticket some time after a moment of it, by position.
    pub fn timed(&self) -> &[After] {
        &self.timed
    }

    /// What is likely to be wrong with those that are looked at.
    pub fn warnings(&self) -> &[Warning] {
        self.warnings.get_or_init(|| lint(self))
    }

    /// Whether any of them names this field of the desk, switched on or not.
    pub fn name_field(&self, key: FieldKey) -> bool {
        let mut is_named = false;
        for entry in &self.entries {
            each_custom_field(&entry.stored.content, &mut |named, _| is_named |= named == key.as_str());
        }
        is_named
    }

    /// How they are found.
    pub(super) fn index(&self) -> &Index {
        &self.index
    }
}
