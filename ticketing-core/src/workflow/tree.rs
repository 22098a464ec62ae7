//! A rule's conditions: as they were written, and ready to be asked and explained.

use super::extension::{Extensions, OwnOperator};
use super::facts::Facts;
use super::field::RuleField;
use super::trace::LeafTrace;
use crate::condition::{Asked, CUSTOM, Condition, Field, Grammar, History, Kind, Literal, Test, Wire, read, spellings};
use crate::error::FieldError;
use crate::model::{CustomFields, Matching};
use serde_json::{Value, json};
use std::sync::Arc;

/// Conditions in the form in which they were written.
#[derive(Clone, Debug)]
pub enum Tree {
    /// Every one holds; true when empty.
    All(Vec<Tree>),
    /// At least one holds; false when empty.
    Any(Vec<Tree>),
    /// It does not hold.
    Not(Box<Tree>),
    /// One test.
    Leaf(Box<Probe>),
}

/// One test as it was written, and what it means.
#[derive(Clone, Debug)]
pub struct Probe {
    /// What is asked for.
    pub field: RuleField,
    /// The operator's name.
    pub operator: String,
    /// What it is compared with, as it was written.
    pub value: Value,
    ask: Ask,
}

#[derive(Clone, Debug)]
enum Ask {
    Says(Condition<RuleField>),
    Own(Arc<OwnOperator>),
}

struct Rules<'a> {
    custom: &'a CustomFields,
    extensions: &'a Extensions,
}

impl Grammar for Rules<'_> {
    type Field = RuleField;
    type Node = Tree;

    fn field(&self, name: &str) -> Option<RuleField> {
        RuleField::parse(name, self.custom, &self.extensions.fields)
    }

    fn fields(&self) -> String {
        format!("Must be one of {}.", RuleField::names(&self.extensions.fields).join(", "))
    }

    fn history(&self, field: &RuleField) -> Option<History<RuleField>> {
        let RuleField::Ticket(field) = *field else { return None };
        Some(History {
            changed: RuleField::Changed(field),
            before: RuleField::Before(field),
            after: RuleField::After(field),
        })
    }

    fn spellings(&self, field: &RuleField, text: &str) -> Vec<String> {
        match field {
            RuleField::Ticket(field) | RuleField::Before(field) | RuleField::After(field) => {
                spellings(*field, text, self.custom)
            }
            _ => vec![text.to_owned()],
        }
    }

    fn other_leaf(&self, field: &RuleField, wire: Wire<'_>) -> Option<Result<Tree, String>> {
        let operator = self.extensions.operators.get(wire.operator)?;
        let value = wire.value.cloned().unwrap_or_default();
        let checked = (operator.check)(&value);
        Some(checked.map(|()| {
            let ask = Ask::Own(Arc::clone(operator));
            Tree::Leaf(Box::new(Probe { field: field.clone(), operator: wire.operator.to_owned(), value, ask }))
        }))
    }

    fn other_operators(&self) -> Vec<&str> {
        self.extensions.operators.keys().map(String::as_str).collect()
    }

    fn leaf(&self, field: &RuleField, wire: Wire<'_>, says: Condition<RuleField>) -> Tree {
        let (operator, value) = (wire.operator.to_owned(), wire.value.cloned().unwrap_or_default());
        Tree::Leaf(Box::new(Probe { field: field.clone(), operator, value, ask: Ask::Says(says) }))
    }

    fn all(&self, parts: Vec<Tree>) -> Tree {
        Tree::All(parts)
    }

    fn any(&self, parts: Vec<Tree>) -> Tree {
        Tree::Any(parts)
    }

    fn not(&self, part: Tree) -> Tree {
        Tree::Not(Box::new(part))
    }
}

impl Tree {
    /// Reads conditions as they were written. `matching` says how those of an outermost list belong together.
    pub fn read(
        value: &Value,
        path: &str,
        matching: Matching,
        custom: &CustomFields,
        extensions: &Extensions,
    ) -> Result<Self, Vec<FieldError>> {
        let tree = read(value, path, &Rules { custom, extensions })?;
        Ok(match (matching, value, tree) {
            // Nothing to hold is no reason not to act.
            (Matching::Any, Value::Array(parts), Self::All(tree)) if !parts.is_empty() => Self::Any(tree),
            (_, _, tree) => tree,
        })
    }

    /// Whether it holds. No more is asked than it takes.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(facts)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(facts)),
            Self::Not(part) => !part.holds(facts),
            Self::Leaf(probe) => probe.holds(facts),
        }
    }

    /// How each test went, in the order in which they are written. All are asked, whatever the others say; what it
    /// takes a look to know is then among what is missing.
    pub fn explain(&self, facts: &Facts<'_>, leaves: &mut Vec<LeafTrace>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.explain(facts, leaves)),
            Self::Not(part) => part.explain(facts, leaves),
            Self::Leaf(probe) => {
                let found = facts.known(|| LeafTrace(Some(probe.holds(facts)), facts.shown(&probe.field)));
                leaves.push(found.unwrap_or(LeafTrace(None, Value::Null)));
            }
        }
    }

    /// The tree with what was found at each test; `leaves` are those of [`Tree::explain`].
    pub fn told(&self, leaves: &[LeafTrace]) -> Value {
        self.tell(&mut leaves.iter()).0
    }

    /// The same as a list: the parts of an outermost list, or the one that there is.
    pub fn told_parts(&self, leaves: &[LeafTrace]) -> Vec<Value> {
        let mut leaves = leaves.iter();
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().map(|part| part.tell(&mut leaves).0).collect(),
            one => vec![one.tell(&mut leaves).0],
        }
    }

    fn tell(&self, leaves: &mut std::slice::Iter<'_, LeafTrace>) -> (Value, Option<bool>) {
        match self {
            Self::All(parts) => {
                let told: Vec<_> = parts.iter().map(|part| part.tell(leaves)).collect();
                let result = all_hold(told.iter().map(|(_, result)| *result));
                (json!({ "all": told.into_iter().map(|(told, _)| told).collect::<Vec<_>>(), "result": result }), result)
            }
            Self::Any(parts) => {
                let told: Vec<_> = parts.iter().map(|part| part.tell(leaves)).collect();
                let result = not(all_hold(told.iter().map(|(_, result)| not(*result))));
                (json!({ "any": told.into_iter().map(|(told, _)| told).collect::<Vec<_>>(), "result": result }), result)
            }
            Self::Not(part) => {
                let (told, result) = part.tell(leaves);
                (json!({ "not": told, "result": not(result) }), not(result))
            }
            Self::Leaf(probe) => {
                let LeafTrace(result, actual) = leaves.next().cloned().unwrap_or(LeafTrace(None, Value::Null));
                let told = json!({
                    "field": probe.field.name(),
                    "operator": probe.operator,
                    "value": probe.value,
                    "actual": actual,
                    "result": result,
                });
                (told, result)
            }
        }
    }

    /// Every test, in the order in which they are written.
    pub fn probes(&self) -> Vec<&Probe> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::probes).collect(),
            Self::Not(part) => part.probes(),
            Self::Leaf(probe) => vec![probe],
        }
    }

    /// Every test, and where it stands in the conditions that this was read from.
    pub(super) fn each_probe(&self, written: &Value, path: &str, each: &mut impl FnMut(&Probe, &str)) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                let group = ["all", "any"].into_iter().find_map(|group| Some((group, written.get(group)?)));
                let (path, items) =
                    group.map_or((path.to_owned(), written), |(group, items)| (format!("{path}.{group}"), items));
                for (n, (part, item)) in parts.iter().zip(items.as_array().into_iter().flatten()).enumerate() {
                    part.each_probe(item, &format!("{path}[{n}]"), each);
                }
            }
            Self::Not(part) => part.each_probe(written.get("not").unwrap_or(written), &format!("{path}.not"), each),
            Self::Leaf(probe) => each(probe, path),
        }
    }

    /// The fields of the ticket that it names, each once.
    pub fn ticket_fields(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for field in self.probes().into_iter().filter_map(|probe| probe.field.of_ticket()) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields
    }

    /// What it asks of a ticket as it stands, where it asks nothing else: what lists and SQL can say, too.
    pub fn standing(&self) -> Option<Condition> {
        Some(match self {
            Self::All(parts) => Condition::All(parts.iter().map(Self::standing).collect::<Option<_>>()?),
            Self::Any(parts) => Condition::Any(parts.iter().map(Self::standing).collect::<Option<_>>()?),
            Self::Not(part) => part.standing()?.negated(),
            Self::Leaf(probe) => match &probe.ask {
                Ask::Says(says) => standing(says)?,
                Ask::Own(_) => return None,
            },
        })
    }

    /// Values of which a ticket must have one for this to hold, by the field: what rules are found by.
    pub(super) fn anchors(&self) -> Vec<(Field, &[Literal])> {
        match self {
            Self::All(parts) => parts.iter().flat_map(Self::anchors).collect(),
            Self::Any(_) | Self::Not(_) => Vec::new(),
            Self::Leaf(probe) => match &probe.ask {
                Ask::Says(Condition::Leaf(leaf)) => match (&leaf.field, &leaf.test) {
                    (RuleField::Ticket(field), Test::In(values)) => vec![(*field, values.as_slice())],
                    _ => Vec::new(),
                },
                _ => Vec::new(),
            },
        }
    }

    /// Fields that must have changed for this to hold.
    pub(super) fn must_change(&self) -> Vec<Field> {
        match self {
            Self::All(parts) => parts.iter().flat_map(Self::must_change).collect(),
            Self::Any(_) | Self::Not(_) => Vec::new(),
            Self::Leaf(probe) => match probe.field {
                RuleField::Ticket(field) if matches!(&*probe.operator, "changed" | "changed_from" | "changed_to") => {
                    vec![field]
                }
                _ => Vec::new(),
            },
        }
    }
}

/// Whether all of these hold, some of which may not be known.
fn all_hold(mut results: impl Iterator<Item = Option<bool>> + Clone) -> Option<bool> {
    if results.clone().any(|result| result == Some(false)) {
        return Some(false);
    }
    results.all(|result| result.is_some()).then_some(true)
}

fn not(result: Option<bool>) -> Option<bool> {
    result.map(|holds| !holds)
}

impl Probe {
    /// What it asks, where it is no operator of the application's own.
    pub(super) fn says(&self) -> Option<&Condition<RuleField>> {
        match &self.ask {
            Ask::Says(says) => Some(says),
            Ask::Own(_) => None,
        }
    }

    /// Whether it holds.
    pub fn holds(&self, facts: &Facts<'_>) -> bool {
        match &self.ask {
            Ask::Says(says) => says.holds_by(&mut |leaf| facts.pass(leaf)),
            Ask::Own(operator) => (operator.holds)(&facts.actual(&self.field), &self.value),
        }
    }

    /// The key of the desk's own field that it asks for, if it does.
    pub fn custom_key(&self) -> Option<String> {
        self.field.name().strip_prefix(CUSTOM).map(str::to_owned)
    }

    /// What kind of value it asks for.
    pub fn kind(&self) -> Kind {
        self.field.kind()
    }
}

fn standing(says: &Condition<RuleField>) -> Option<Condition> {
    Some(match says {
        Condition::All(parts) => Condition::All(parts.iter().map(standing).collect::<Option<_>>()?),
        Condition::Any(parts) => Condition::Any(parts.iter().map(standing).collect::<Option<_>>()?),
        Condition::Not(part) => standing(part)?.negated(),
        Condition::Leaf(leaf) => match leaf.field {
            RuleField::Ticket(field) => Condition::leaf(field, leaf.test.clone()),
            _ => return None,
        },
    })
}
