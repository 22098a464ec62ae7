//! From JSON to the checked form, with every failure at once.

use super::grammar::{Standing, operators};
use super::operand::Operand;
use super::{
    Asked, Bound, CUSTOM, Condition, Field, Grammar, History, Kind, Literal, Operator, Pattern, Test, Wire, limit,
};
use crate::error::FieldError;
use crate::model::CustomFields;
use crate::time::parse_duration;
use regex::RegexBuilder;
use serde_json::{Map, Value};

/// Reads a condition as the module's docs describe it, over the fields of all desks and these of this
/// one. `path` is where it stands in the document that was sent, such as `conditions`; failures name
/// their place below it.
pub fn parse(value: &Value, path: &str, custom: &CustomFields) -> Result<Condition, Vec<FieldError>> {
    read(value, path, &Standing(custom))
}

/// The same in another place, with what can be asked there.
pub fn read<G: Grammar>(value: &Value, path: &str, grammar: &G) -> Result<G::Node, Vec<FieldError>> {
    let mut reader = Reader { root: path, grammar, errors: Vec::new(), leaves: 0, patterns: 0 };
    match reader.condition(value, path.to_owned(), 0) {
        Some(condition) if reader.errors.is_empty() => Ok(condition),
        _ => Err(reader.errors),
    }
}

/// The field of this name or alias.
pub fn parse_field(name: &str, custom: &CustomFields) -> Option<Field> {
    if let Some(key) = name.strip_prefix(CUSTOM) {
        return custom.by_key(key).map(|field| Field::Custom(field.key, field.field_type));
    }
    match name {
        "tag" => Some(Field::Tags),
        "number" => Some(Field::TicketNumber),
        _ => Field::ALL.iter().copied().find(|field| field.name() == name),
    }
}

/// All folded texts that mean the same as this one where a field is compared with it.
pub fn spellings(field: Field, text: &str, custom: &CustomFields) -> Vec<String> {
    let field = match field {
        Field::Custom(key, field_type) if field_type.has_options() => custom.by_key(key.as_str()),
        _ => None,
    };
    field.map_or_else(|| vec![text.to_owned()], |field| field.spellings(text))
}

/// The names of groups in an object.
const GROUPS: [&str; 3] = ["all", "any", "not"];

pub(super) struct Reader<'a, G> {
    root: &'a str,
    pub(super) grammar: &'a G,
    errors: Vec<FieldError>,
    leaves: usize,
    patterns: usize,
}

impl<G: Grammar> Reader<'_, G> {
    /// Notes a failure; answers `None`, so that it can end a function. Past the limit nothing is
    /// noted: nobody reads a thousand failures, and their texts could fill the memory.
    pub(super) fn fail<T>(
        &mut self,
        path: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Option<T> {
        if self.errors.len() < limit::ERRORS {
            self.errors.push(FieldError::new(path, code, message));
        }
        None
    }

    fn condition(&mut self, value: &Value, path: String, depth: usize) -> Option<G::Node> {
        if self.leaves > limit::LEAVES {
            return None;
        }
        match value {
            Value::Array(parts) => self.parts(parts, &path, depth).map(|parts| self.grammar.all(parts)),
            Value::Object(map) => match GROUPS.into_iter().find(|group| map.contains_key(*group)) {
                Some(group) => self.group(group, map, &path, depth),
                None => self.leaf(map, &path),
            },
            _ => self.fail(
                path,
                "type",
                "Must be a test {field, operator, value}, a list of conditions, or one of all, any and not.",
            ),
        }
    }

    fn group(&mut self, group: &str, map: &Map<String, Value>, path: &str, depth: usize) -> Option<G::Node> {
        for key in map.keys().filter(|key| *key != group) {
            self.fail::<()>(below(path, key), "unknown_key", format!("May not stand beside {group}."));
        }
        let inner = map.get(group)?;
        let path = below(path, group);
        if group == "not" {
            if !self.goes_deeper(&path, depth) {
                return None;
            }
            return self.condition(inner, path, depth + 1).map(|part| self.grammar.not(part));
        }
        let Value::Array(parts) = inner else {
            return self.fail(path, "type", "Must be a list of conditions.");
        };
        let parts = self.parts(parts, &path, depth)?;
        Some(if group == "all" { self.grammar.all(parts) } else { self.grammar.any(parts) })
    }

    fn parts(&mut self, parts: &[Value], path: &str, depth: usize) -> Option<Vec<G::Node>> {
        if !self.goes_deeper(path, depth) {
            return None;
        }
        if parts.is_empty() {
            // An empty group costs as much as a leaf, and there could be any number of them.
            self.count();
        }
        let mut read = Vec::new();
        let mut complete = true;
        for (place, part) in parts.iter().enumerate() {
            match self.condition(part, format!("{path}[{place}]"), depth + 1) {
                Some(condition) => read.push(condition),
                None => complete = false,
            }
            if self.leaves > limit::LEAVES {
                return None;
            }
        }
        complete.then_some(read)
    }

    fn goes_deeper(&mut self, path: &str, depth: usize) -> bool {
        if depth >= limit::DEPTH {
            self.fail::<()>(path, "too_deep", format!("May be nested at most {} deep.", limit::DEPTH));
        }
        depth < limit::DEPTH
    }

    fn count(&mut self) {
        self.leaves += 1;
        if self.leaves == limit::LEAVES + 1 {
            self.fail::<()>(self.root, "too_many", format!("May have at most {} tests.", limit::LEAVES));
        }
    }

    fn leaf(&mut self, map: &Map<String, Value>, path: &str) -> Option<G::Node> {
        self.count();
        if self.leaves > limit::LEAVES {
            return None;
        }
        let mut complete = true;
        for key in map.keys().filter(|key| !matches!(key.as_str(), "field" | "operator" | "value")) {
            self.fail::<()>(below(path, key), "unknown_key", "A test has a field, an operator and a value.");
            complete = false;
        }
        let field = self.name(map, "field", path);
        let operator = self.name(map, "operator", path);
        // A name that is missing does not hide that the other one is unknown.
        let field = field.and_then(|name| self.field(name, path));
        let name = operator.filter(|name| self.knows(name, path));
        let (field, wire) = (field?, Wire { operator: name?, value: map.get("value") });
        let node = match Operator::from_name(wire.operator) {
            Some(operator) => {
                let says = self.check(&field, operator, wire, path)?;
                self.grammar.leaf(&field, wire, says)
            }
            None => match self.grammar.other_leaf(&field, wire)? {
                Ok(node) => node,
                Err(why) => return self.fail(below(path, "value"), "invalid_value", why),
            },
        };
        complete.then_some(node)
    }

    fn name<'m>(&mut self, map: &'m Map<String, Value>, key: &str, path: &str) -> Option<&'m str> {
        match map.get(key) {
            Some(Value::String(name)) => Some(name),
            Some(_) => self.fail(below(path, key), "type", "Must be a text."),
            None => self.fail(below(path, key), "required", "Is required."),
        }
    }

    fn field(&mut self, name: &str, path: &str) -> Option<G::Field> {
        let found = self.grammar.field(name);
        found.or_else(|| self.fail(below(path, "field"), "unknown_field", self.grammar.fields()))
    }

    /// Whether there is an operator of this name here.
    fn knows(&mut self, name: &str, path: &str) -> bool {
        let is_known = Operator::from_name(name).is_some() || self.grammar.other_operators().contains(&name);
        if !is_known {
            let message = format!("Must be one of {}.", operators(self.grammar));
            self.fail::<()>(below(path, "operator"), "unknown_operator", message);
        }
        is_known
    }

    fn check(
        &mut self,
        field: &G::Field,
        operator: Operator,
        wire: Wire<'_>,
        path: &str,
    ) -> Option<Condition<G::Field>> {
        if let Some(why) = self.grammar.refuses(operator) {
            return self.fail(below(path, "operator"), "operator_does_not_fit", why);
        }
        if operator.needs_history() {
            return self.history(field, operator, wire, path);
        }
        if !operator.fits(field) {
            return self.fail(
                below(path, "operator"),
                "operator_does_not_fit",
                format!("{} can't be asked of {}.", operator.as_str(), field.name()),
            );
        }
        let at = below(path, "value");
        let positive = operator.positive();
        let test = if positive.unwrap_or(operator) == Operator::IsEmpty {
            self.takes_no_value(wire, at)?;
            Condition::leaf(field.clone(), Test::Empty)
        } else {
            let Some(value) = wire.value else {
                return self.fail(at, "required", "Is required.");
            };
            self.test(field, positive.unwrap_or(operator), value, &at)?
        };
        Some(if positive.is_some() { test.negated() } else { test })
    }

    fn takes_no_value(&mut self, wire: Wire<'_>, at: String) -> Option<()> {
        match wire.value {
            None | Some(Value::Null | Value::Bool(true)) => Some(()),
            Some(_) => self.fail(at, "invalid_value", "Takes no value."),
        }
    }

    /// What a field was before, against what it is now.
    fn history(
        &mut self,
        field: &G::Field,
        operator: Operator,
        wire: Wire<'_>,
        path: &str,
    ) -> Option<Condition<G::Field>> {
        let Some(History { changed, before, after }) = self.grammar.history(field) else {
            let (name, field) = (operator.as_str(), field.name());
            let message = format!("{name} compares with what was before, which is not known of {field} here.");
            return self.fail(below(path, "operator"), "needs_history", message);
        };
        let at = below(path, "value");
        let changed = Condition::leaf(changed, Test::In(vec![Literal::Flag(true)]));
        let side = match operator {
            Operator::ChangedFrom => &before,
            Operator::ChangedTo => &after,
            _ => {
                self.takes_no_value(wire, at)?;
                return Some(changed);
            }
        };
        let Some(value) = wire.value else { return self.fail(at, "required", "Is required.") };
        // Of a list the whole is meant by one of its members.
        Some(Condition::All(vec![changed, self.test(side, Operator::Equals, value, &at)?]))
    }

    fn test(&mut self, field: &G::Field, operator: Operator, value: &Value, at: &str) -> Option<Condition<G::Field>> {
        let test = match operator {
            Operator::Equals => match self.operand(field, value, at)? {
                Operand::Nothing => Test::Empty,
                Operand::One(literal) => Test::In(self.same(field, literal)),
                Operand::Several(literals) => Test::In(literals),
                Operand::Day { first, last } => Test::Range { min: Some(Bound::at(first)), max: Some(Bound::at(last)) },
            },
            Operator::In => return self.list(field, value, at),
            // What contains a member is a list, and a list's members are whole.
            Operator::Contains if field.kind() == Kind::Texts => {
                let member = self.some_operand(field, value, at)?.0;
                Test::In(self.same(field, member))
            }
            Operator::Contains => Test::Contains(self.some_text(value, at)?),
            Operator::StartsWith => Test::StartsWith(self.some_text(value, at)?),
            Operator::GreaterThan => {
                Test::Range { min: Some(Bound::beyond(self.some_operand(field, value, at)?.1)), max: None }
            }
            Operator::LessThan => {
                Test::Range { min: None, max: Some(Bound::beyond(self.some_operand(field, value, at)?.0)) }
            }
            Operator::Between => self.between(field, value, at)?,
            Operator::OlderThan => Test::OlderThan(self.duration(value, at)?),
            Operator::Matches => Test::Matches(self.pattern(value, at)?),
            // The others were turned into their positive or refused before.
            _ => return self.fail(at, "operator_does_not_fit", "Can't be asked here."),
        };
        Some(Condition::leaf(field.clone(), test))
    }

    /// The value, and all that means the same.
    fn same(&self, field: &G::Field, literal: Literal) -> Vec<Literal> {
        match literal {
            Literal::Text(text) => self.grammar.spellings(field, &text).into_iter().map(Literal::Text).collect(),
            other => vec![other],
        }
    }

    fn list(&mut self, field: &G::Field, value: &Value, at: &str) -> Option<Condition<G::Field>> {
        let Value::Array(items) = value else {
            return self.fail(at, "invalid_value", "Must be a list of values.");
        };
        if items.len() > limit::LIST {
            return self.fail(at, "too_many", format!("May have at most {} values.", limit::LIST));
        }
        let (mut values, mut nothing, mut complete) = (Vec::new(), false, true);
        for (place, item) in items.iter().enumerate() {
            let at = format!("{at}[{place}]");
            match self.operand(field, item, &at) {
                Some(Operand::Nothing) => nothing = true,
                Some(Operand::One(literal)) => {
                    for literal in self.same(field, literal) {
                        add_new(&mut values, literal);
                    }
                }
                Some(Operand::Several(literals)) => {
                    for literal in literals {
                        add_new(&mut values, literal);
                    }
                }
                Some(Operand::Day { .. }) => {
                    complete = false;
                    self.fail::<()>(at, "invalid_value", "A whole day can't stand in a list; use equals or between.");
                }
                None => complete = false,
            }
        }
        let of_field = |test| Condition::leaf(field.clone(), test);
        let (empty, one_of) = (of_field(Test::Empty), |values| of_field(Test::In(values)));
        complete.then(|| match (nothing, values.is_empty()) {
            (false, _) => one_of(values),
            (true, true) => empty,
            (true, false) => Condition::Any(vec![empty, one_of(values)]),
        })
    }

    fn between(&mut self, field: &G::Field, value: &Value, at: &str) -> Option<Test> {
        let Some([min, max]) = value.as_array().map(Vec::as_slice) else {
            return self.fail(at, "invalid_value", "Must be a list of two values, the lower first.");
        };
        let min = self.some_operand(field, min, &format!("{at}[0]"));
        let max = self.some_operand(field, max, &format!("{at}[1]"));
        let (min, max) = (min?.0, max?.1);
        if min > max {
            return self.fail(at, "invalid_value", "The first value may not be above the second.");
        }
        Some(Test::Range { min: Some(Bound::at(min)), max: Some(Bound::at(max)) })
    }

    fn duration(&mut self, value: &Value, at: &str) -> Option<chrono::TimeDelta> {
        let Value::String(text) = value else {
            return self.fail(at, "invalid_value", "Must be a duration such as 90s, 15m, 4h or 2d.");
        };
        match parse_duration(text) {
            Ok(duration) => Some(duration),
            Err(error) => self.fail(at, "invalid_value", format!("A duration {error}.")),
        }
    }

    fn pattern(&mut self, value: &Value, at: &str) -> Option<Pattern> {
        self.patterns += 1;
        if self.patterns > limit::PATTERNS {
            return self.fail(at, "too_many", format!("May have at most {} regular expressions.", limit::PATTERNS));
        }
        let source = self.text(value, at)?;
        let built =
            RegexBuilder::new(source).size_limit(limit::PATTERN_BYTES).dfa_size_limit(limit::PATTERN_BYTES).build();
        match built {
            Ok(regex) => Some(Pattern(regex)),
            Err(regex::Error::CompiledTooBig(_)) => {
                self.fail(at, "invalid_value", "The regular expression is too costly; make it shorter.")
            }
            Err(error) => self.fail(at, "invalid_value", format!("Not a regular expression: {}", last_line(&error))),
        }
    }
}

/// A value that is named twice is meant once.
fn add_new(values: &mut Vec<Literal>, literal: Literal) {
    if !values.contains(&literal) {
        values.push(literal);
    }
}

/// The last line of the library's message says what is wrong; those above it draw the place.
fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// The path of a key. A stranger's key may be as long as the request, so it is cut.
fn below(path: &str, key: &str) -> String {
    let key: String = key.chars().take(limit::KEY).collect();
    if path.is_empty() { key } else { format!("{path}.{key}") }
}
