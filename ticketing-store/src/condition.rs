//! Conditions as SQL.
//!
//! One walk for both dialects: negation is pushed down to the leaves, each leaf becomes a predicate
//! that is TRUE or FALSE and never NULL, and every value is bound. What SQL can't say (a regular
//! expression) becomes TRUE under any number of negations, so that the rows found are always a
//! superset of what is asked for; the caller then checks each row in memory.

#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(test)]
#[cfg(feature = "sqlite")]
mod tests;

use sqlx::{Database, QueryBuilder};
use std::borrow::Cow;
use ticketing_core::condition::{Bound, Condition, Field, Kind, Leaf, Literal, Test, older_than_cut, older_than_day};
use ticketing_core::model::FieldKey;
use ticketing_core::query::{NEVER_DUE, SortText};
use ticketing_core::time::{Time, from_micros};

/// What the two databases say differently.
pub(crate) trait Dialect: Database + Sized {
    /// Binds a value as the column that it is compared with keeps it.
    fn push_literal(query: &mut QueryBuilder<Self>, value: &Literal);

    /// The column is one of two or more values, all of one kind.
    fn push_one_of(query: &mut QueryBuilder<Self>, column: &str, values: &[Literal]);

    /// The text column contains this text, byte for byte.
    fn push_contains(query: &mut QueryBuilder<Self>, column: &str, text: &str);

    /// The text column starts with this text, byte for byte.
    fn push_starts_with(query: &mut QueryBuilder<Self>, column: &str, text: &str);
}

/// Appends the condition as one predicate over a ticket of the alias `t`. It is never NULL, so it
/// may stand under NOT, in a CASE or in a list of columns as well as in WHERE.
///
/// Answers whether the predicate says all. Where it does not, it holds for every ticket that the
/// condition holds for and for more: the caller must ask [`Condition::holds`] of each.
pub(crate) fn push_condition<DB: Dialect>(query: &mut QueryBuilder<DB>, condition: &Condition, now: Time) -> bool {
    push(query, condition, now, false)
}

fn push<DB: Dialect>(query: &mut QueryBuilder<DB>, condition: &Condition, now: Time, negated: bool) -> bool {
    match condition {
        Condition::Not(inner) => push(query, inner, now, !negated),
        Condition::All(parts) => push_group(query, parts, now, negated, !negated),
        Condition::Any(parts) => push_group(query, parts, now, negated, negated),
        Condition::Leaf(leaf) => push_leaf(query, leaf, now, negated),
    }
}

/// `conjunction` is what the group has become under its negations: De Morgan turns all into any.
fn push_group<DB: Dialect>(
    query: &mut QueryBuilder<DB>,
    parts: &[Condition],
    now: Time,
    negated: bool,
    conjunction: bool,
) -> bool {
    if parts.is_empty() {
        query.push(if conjunction { "TRUE" } else { "FALSE" });
        return true;
    }
    let mut exact = true;
    query.push("(");
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            query.push(if conjunction { " AND " } else { " OR " });
        }
        exact &= push(query, part, now, negated);
    }
    query.push(")");
    exact
}

fn push_leaf<DB: Dialect>(query: &mut QueryBuilder<DB>, leaf: &Leaf, now: Time, negated: bool) -> bool {
    if !leaf.fits() {
        query.push(if negated { "TRUE" } else { "FALSE" });
        return true;
    }
    if matches!(leaf.test, Test::Matches(_)) {
        query.push("TRUE");
        return false;
    }
    if negated {
        query.push("NOT ");
    }
    match Place::of(leaf.field) {
        Place::Custom(key) => push_custom_test(query, leaf, key, now),
        Place::Column { name, nullable } => push_column_test(query, leaf, name, nullable, now),
        Place::Body => push_body_test(query, leaf, now),
        Place::Tags => push_tag_test(query, leaf, now),
    }
    true
}

/// Where a field is kept.
enum Place {
    /// In a column of the ticket.
    Column { name: &'static str, nullable: bool },
    /// In the side table of long texts.
    Body,
    /// In the side table of tags.
    Tags,
    /// In the side table of custom fields.
    Custom(FieldKey),
}

impl Place {
    const fn of(field: Field) -> Self {
        let (name, nullable) = match field {
            Field::Description => return Self::Body,
            Field::Tags => return Self::Tags,
            Field::Custom(key, _) => return Self::Custom(key),
            Field::TicketNumber => ("t.number", false),
            Field::Subject => ("t.subject_fold", false),
            Field::Status => ("t.status", false),
            Field::Priority => ("t.priority", false),
            Field::Category => ("t.category_fold", true),
            Field::Channel => ("t.channel", false),
            Field::CustomerId => ("t.customer_id", false),
            Field::OrganizationId => ("t.organization_id", true),
            Field::AssignedAgentId => ("t.assigned_agent_id", true),
            Field::TeamId => ("t.team_id", true),
            Field::EscalationLevel => ("t.escalation_level", false),
            Field::CreatedAt => ("t.created_at", false),
            Field::UpdatedAt => ("t.updated_at", false),
            Field::FirstRespondedAt => ("t.first_responded_at", true),
            Field::ResolvedAt => ("t.resolved_at", true),
            Field::ClosedAt => ("t.closed_at", true),
            Field::WakeAt => ("t.wake_at", true),
            Field::LastCustomerReplyAt => ("t.last_customer_reply_at", true),
            Field::LastStatusChangeAt => ("t.last_status_change_at", true),
            Field::SlaDueAt => ("t.sla_due_at", false),
            Field::IsSlaBreached => ("t.is_sla_breached", false),
        };
        Self::Column { name, nullable }
    }
}

fn push_column_test<DB: Dialect>(
    query: &mut QueryBuilder<DB>,
    leaf: &Leaf,
    column: &'static str,
    nullable: bool,
    now: Time,
) {
    if leaf.field == Field::SlaDueAt {
        push_due_test(query, &leaf.test, column, now);
        return;
    }
    if leaf.test == Test::Empty {
        let text = leaf.field.kind() == Kind::Text;
        match (text, nullable) {
            (true, true) => query.push(format_args!("({column} IS NULL OR {column} = '')")),
            (true, false) => query.push(format_args!("({column} = '')")),
            (false, true) => query.push(format_args!("({column} IS NULL)")),
            (false, false) => query.push("FALSE"),
        };
        return;
    }
    if leaf.field == Field::IsSlaBreached {
        push_flag_test(query, &leaf.test, column);
        return;
    }
    query.push("(");
    if nullable {
        query.push(format_args!("{column} IS NOT NULL AND "));
    }
    if leaf.field == Field::TicketNumber {
        push_value_test(query, Kind::Text, &in_capitals(&leaf.test), column, now);
    } else {
        push_value_test(query, leaf.field.kind(), &leaf.test, column, now);
    }
    query.push(")");
}

/// A ticket number is kept as people say it: capitals, digits and a dash, all ASCII. So the folded
/// text is raised to capitals instead of the column being folded, and the unique index serves.
fn in_capitals(test: &Test) -> Test {
    let raise = |text: &str| text.to_ascii_uppercase();
    match test {
        Test::In(values) => Test::In(
            values
                .iter()
                .map(|value| match value {
                    Literal::Text(word) => Literal::Text(raise(word)),
                    other => other.clone(),
                })
                .collect(),
        ),
        Test::Contains(part) => Test::Contains(raise(part)),
        Test::StartsWith(part) => Test::StartsWith(raise(part)),
        other => other.clone(),
    }
}

/// What is never due stands at the end of all time, so that one index has all tickets: nothing that is asked of
/// a moment may reach as far. Where a range has an end of its own, that alone bounds the walk.
fn push_due_test<DB: Dialect>(query: &mut QueryBuilder<DB>, test: &Test, column: &'static str, now: Time) {
    let never = from_micros(NEVER_DUE).unwrap_or(Time::MAX_UTC);
    let is_moment = |value: &Literal| matches!(value, Literal::Time(at) if *at < never);
    query.push("(");
    match test {
        Test::Empty => {
            query.push(column).push(" = ");
            DB::push_literal(query, &Literal::Time(never));
        }
        Test::In(values) => {
            let moments: Vec<Literal> = values.iter().filter(|value| is_moment(value)).cloned().collect();
            push_in(query, Kind::Time, &moments, column);
        }
        Test::Range { min, max } => {
            let before_never = Bound::beyond(Literal::Time(never));
            let max = max.as_ref().filter(|max| is_moment(&max.value)).unwrap_or(&before_never);
            push_range(query, column, min.as_ref(), Some(max));
        }
        other => push_value_test(query, Kind::Time, other, column, now),
    }
    query.push(")");
}

/// The test of a column that is either true or false.
fn push_flag_test<DB: Dialect>(query: &mut QueryBuilder<DB>, test: &Test, column: &'static str) {
    let wants = |flag| matches!(test, Test::In(values) if values.contains(&Literal::Flag(flag)));
    match (wants(true), wants(false)) {
        (true, true) => query.push("TRUE"),
        (true, false) => query.push(format_args!("({column})")),
        (false, true) => query.push(format_args!("(NOT {column})")),
        (false, false) => query.push("FALSE"),
    };
}

fn push_body_test<DB: Dialect>(query: &mut QueryBuilder<DB>, leaf: &Leaf, now: Time) {
    let some_body = "EXISTS (SELECT 1 FROM ticket_body b WHERE b.ticket_id = t.id AND ";
    if leaf.test == Test::Empty {
        query.push("NOT ").push(some_body).push("b.description_fold <> '')");
    } else {
        query.push(some_body);
        push_value_test(query, Kind::Text, &leaf.test, "b.description_fold", now);
        query.push(")");
    }
}

fn push_tag_test<DB: Dialect>(query: &mut QueryBuilder<DB>, leaf: &Leaf, now: Time) {
    let some_tag = "EXISTS (SELECT 1 FROM ticket_tag g WHERE g.ticket_id = t.id";
    if leaf.test == Test::Empty {
        query.push("NOT ").push(some_tag).push(")");
    } else {
        query.push(some_tag).push(" AND ");
        push_value_test(query, Kind::Texts, &leaf.test, "g.tag_fold", now);
        query.push(")");
    }
}

/// Texts, days and flags stand in one column, numbers in another; where a row has none, the test is NULL
/// and the row is none that is looked for.
fn push_custom_test<DB: Dialect>(query: &mut QueryBuilder<DB>, leaf: &Leaf, key: FieldKey, now: Time) {
    let some_value = "EXISTS (SELECT 1 FROM ticket_field f WHERE f.ticket_id = t.id AND f.field_key = ";
    let negated = if leaf.test == Test::Empty { "NOT " } else { "" };
    query.push(negated).push(some_value);
    DB::push_literal(query, &Literal::Text(key.as_str().to_owned()));
    // Days and flags are as short as what an index holds of a text.
    let column = match leaf.field.kind() {
        Kind::Decimal => "f.num",
        Kind::Date | Kind::Flag => "f.sort_text",
        _ => "f.text_fold",
    };
    if let Test::OlderThan(age) = leaf.test {
        let max = older_than_day(now, age).map(|day| Bound::beyond(Literal::Date(day)));
        query.push(" AND ");
        match max {
            Some(max) => push_range(query, column, None, Some(&max)),
            None => {
                query.push("FALSE");
            }
        }
    } else if let Test::In(values) = &leaf.test {
        query.push(" AND ");
        push_custom_values(query, leaf.field.kind(), values);
    } else if leaf.test != Test::Empty {
        query.push(" AND ");
        push_value_test(query, leaf.field.kind(), &leaf.test, column, now);
    }
    query.push(")");
}

/// A row of the alias `f` has one of these values. Texts are found by their beginnings, of which there is an index, and
/// compared whole where more of them may follow.
pub(crate) fn push_custom_values<DB: Dialect>(query: &mut QueryBuilder<DB>, kind: Kind, values: &[Literal]) {
    if kind == Kind::Decimal {
        push_in(query, kind, values, "f.num");
        return;
    }
    let fitting = values.iter().filter(|value| value.fits(kind));
    let texts: Vec<String> = fitting.filter_map(|value| value.custom_text().map(Cow::into_owned)).collect();
    let begin = |text: &String| Literal::Text(SortText::of(text).as_str().to_owned());
    push_in(query, Kind::Text, &texts.iter().map(begin).collect::<Vec<_>>(), "f.sort_text");
    if texts.iter().any(|text| text.chars().count() >= SortText::CHARACTERS) {
        query.push(" AND ");
        push_in(query, Kind::Text, &texts.into_iter().map(Literal::Text).collect::<Vec<_>>(), "f.text_fold");
    }
}

/// The text that a day or a flag is kept as.
fn custom_text(value: &Literal) -> String {
    value.custom_text().unwrap_or_default().into_owned()
}

/// The test of a column that is not NULL.
fn push_value_test<DB: Dialect>(query: &mut QueryBuilder<DB>, kind: Kind, test: &Test, column: &str, now: Time) {
    match test {
        Test::In(values) => push_in(query, kind, values, column),
        Test::Contains(part) => DB::push_contains(query, column, part),
        Test::StartsWith(part) => DB::push_starts_with(query, column, part),
        Test::Range { min, max } => push_range(query, column, min.as_ref(), max.as_ref()),
        Test::OlderThan(age) => match older_than_cut(now, *age) {
            Some(cut) => {
                query.push(column).push(" < ");
                DB::push_literal(query, &Literal::Time(cut));
            }
            None => {
                query.push("FALSE");
            }
        },
        // Both were dealt with before: they do not ask for a value.
        Test::Empty | Test::Matches(_) => {
            query.push("TRUE");
        }
    }
}

fn push_in<DB: Dialect>(query: &mut QueryBuilder<DB>, kind: Kind, values: &[Literal], column: &str) {
    let values: Vec<Literal> = values.iter().filter(|value| value.fits(kind)).cloned().collect();
    match values.as_slice() {
        [] => {
            query.push("FALSE");
        }
        [one] => {
            query.push(column).push(" = ");
            DB::push_literal(query, one);
        }
        several => DB::push_one_of(query, column, several),
    }
}

fn push_range<DB: Dialect>(query: &mut QueryBuilder<DB>, column: &str, min: Option<&Bound>, max: Option<&Bound>) {
    if min.is_none() && max.is_none() {
        query.push("TRUE");
        return;
    }
    if let Some(Bound { value, inclusive }) = min {
        query.push(column).push(if *inclusive { " >= " } else { " > " });
        DB::push_literal(query, value);
    }
    if let Some(Bound { value, inclusive }) = max {
        if min.is_some() {
            query.push(" AND ");
        }
        query.push(column).push(if *inclusive { " <= " } else { " < " });
        DB::push_literal(query, value);
    }
}
