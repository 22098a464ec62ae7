//! The query of a ticket list, turned into a condition of the desk's one language.

use crate::App;
use crate::query::{NOT_ENCODED, Paged, Query};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use std::str::FromStr;
use ticketing_core::condition::{Bound, Condition, Field, Kind, Literal, Test};
use ticketing_core::decimal::Decimal;
use ticketing_core::desk::{ReportEdge, TicketList};
use ticketing_core::fold::fold;
use ticketing_core::model::{Channel, CustomField, CustomFields, Priority, Status};
use ticketing_core::query::{Sort, SortField};
use ticketing_core::time::{Time, calendar_day, to_micros};
use ticketing_core::{Actor, Error};
use uuid::Uuid;

/// Words that stand for ids in some filters.
#[derive(Clone, Copy)]
struct Words {
    me: bool,
    none: bool,
}

/// Reads filters, sort and page, with the sort that is usual where none is asked for; what else stands in the query is a
/// failure.
pub(crate) fn ticket_list(
    app: &App,
    mut query: Query,
    actor: &Actor,
    fields: &CustomFields,
    usual: Sort,
) -> Result<(TicketList, Query), Error> {
    let filter = filter(&mut query, actor, fields);
    let sort = sort(&mut query, actor, fields).unwrap_or(usual);
    let Paged { query, limit, after, count } = query.paged(&app.cursors)?;
    Ok((TicketList { filter, sort, after, limit, count }, query))
}

/// Reads a query that may hold filters alone.
pub(crate) fn ticket_filter(text: &str, actor: &Actor, fields: &CustomFields) -> Result<Condition, Error> {
    let mut query = Query::of(text).ok_or_else(|| Error::field("", "malformed", NOT_ENCODED))?;
    let filter = filter(&mut query, actor, fields);
    query.finish()?;
    Ok(filter)
}

fn filter(query: &mut Query, actor: &Actor, fields: &CustomFields) -> Condition {
    let mut all = Vec::new();
    all.extend(ranks(query, "status", Field::Status, Status::ALL, Status::rank));
    all.extend(ranks(query, "priority", Field::Priority, Priority::ALL, Priority::rank));
    all.extend(ranks(query, "channel", Field::Channel, Channel::ALL, Channel::rank));
    let words = |me, none| Words { me, none };
    all.extend(ids(query, "assigned_agent_id", Field::AssignedAgentId, words(true, true), actor));
    all.extend(ids(query, "team_id", Field::TeamId, words(false, true), actor));
    all.extend(ids(query, "customer_id", Field::CustomerId, words(true, false), actor));
    all.extend(ids(query, "organization_id", Field::OrganizationId, words(false, true), actor));
    all.extend(texts(query, "category", Field::Category));
    all.extend(texts(query, "tag", Field::Tags));
    // What was promised is the desk's own affair.
    if actor.is_staff() {
        all.extend(flag(query, "is_sla_breached", Field::IsSlaBreached));
        all.extend(range(query, "sla_due_from", "sla_due_to", Field::SlaDueAt));
    }
    all.extend(range(query, "created_from", "created_to", Field::CreatedAt));
    all.extend(range(query, "updated_from", "updated_to", Field::UpdatedAt));
    // To whom a field is not shown, it is no filter either: what it holds could be guessed.
    let seen = fields.iter().map(|stored| &stored.content);
    for field in seen.filter(|field| actor.is_staff() || field.is_open_to(false)) {
        all.extend(custom(query, field));
    }
    Condition::All(all)
}

/// Yes, no, or both.
fn flag(query: &mut Query, name: &str, field: Field) -> Option<Condition> {
    let values = query.values(name)?;
    let literals: Vec<Literal> = values.iter().filter_map(|value| value.parse().ok().map(Literal::Flag)).collect();
    if literals.len() < values.len() {
        query.problems.add(name, "unknown_value", "Must be true or false.");
        return None;
    }
    Some(Condition::leaf(field, Test::In(literals)))
}

/// One of several values of a custom field.
fn custom(query: &mut Query, field: &CustomField) -> Option<Condition> {
    let leaf = Field::Custom(field.key, field.field_type);
    let name = leaf.name();
    let values = query.values(&name)?;
    let (wanted, read): (_, fn(&str) -> Option<Literal>) = match leaf.kind() {
        Kind::Decimal => ("a number", |text| Decimal::parse(text).ok().map(Literal::Decimal)),
        Kind::Date => ("a date such as 2026-01-31", |text| calendar_day(text).map(Literal::Date)),
        Kind::Flag => ("true or false", |text| text.parse().ok().map(Literal::Flag)),
        _ => ("a text", |text| Some(Literal::Text(fold(text)))),
    };
    let literals: Vec<Literal> = values.iter().filter_map(|value| read(value)).collect();
    if literals.len() < values.len() {
        query.problems.add(name, "unknown_value", format!("Must be {wanted}."));
        return None;
    }
    let literals = literals.into_iter().flat_map(|literal| match literal {
        // An option is found under each name that it has had.
        Literal::Text(text) => field.spellings(&text).into_iter().map(Literal::Text).collect(),
        other => vec![other],
    });
    Some(Condition::leaf(leaf, Test::In(literals.collect())))
}

/// One of several words of a closed set.
fn ranks<T: FromStr + Copy + PartialEq + std::fmt::Display>(
    query: &mut Query,
    name: &str,
    field: Field,
    all: &[T],
    rank: fn(T) -> i16,
) -> Option<Condition> {
    let known = query.words(name, all)?.into_iter().map(|word| Literal::Rank(rank(word))).collect();
    Some(Condition::leaf(field, Test::In(known)))
}

/// One of several ids; `me` is the caller's, `none` is the absence of one.
fn ids(query: &mut Query, name: &str, field: Field, words: Words, actor: &Actor) -> Option<Condition> {
    let values = query.values(name)?;
    let mut known = Vec::with_capacity(values.len());
    let mut or_none = false;
    for value in &values {
        let id = match value.as_str() {
            "none" if words.none => {
                or_none = true;
                continue;
            }
            "me" if words.me => actor.user_id().map(|id| id.0),
            text => Uuid::parse_str(text).ok(),
        };
        let Some(id) = id else {
            let extra = match (words.me, words.none) {
                (true, true) => ", me or none",
                (true, false) => " or me",
                (false, true) => " or none",
                (false, false) => "",
            };
            query.problems.add(name, "unknown_value", format!("Must be an id (UUID){extra}."));
            return None;
        };
        known.push(Literal::Id(id));
    }
    let given = Condition::leaf(field, Test::In(known));
    let none = Condition::leaf(field, Test::Empty);
    Some(match (or_none, values.len()) {
        (false, _) => given,
        (true, 1) => none,
        (true, _) => Condition::Any(vec![given, none]),
    })
}

/// One of several texts, whatever their case.
fn texts(query: &mut Query, name: &str, field: Field) -> Option<Condition> {
    let values = query.values(name)?;
    let literals = values.iter().map(|text| Literal::Text(fold(text))).collect();
    Some(Condition::leaf(field, Test::In(literals)))
}

/// From a moment to another, both included; a bare date includes its whole day.
fn range(query: &mut Query, from: &str, to: &str, field: Field) -> Option<Condition> {
    let min = moment(query, from).map(|(start, _)| Bound { value: Literal::Time(start), inclusive: true });
    let max = moment(query, to).map(|(start, day)| match day.and_then(|day| start.checked_add_signed(day)) {
        Some(end) => Bound { value: Literal::Time(end), inclusive: false },
        None => Bound { value: Literal::Time(start), inclusive: true },
    });
    (min.is_some() || max.is_some()).then(|| Condition::leaf(field, Test::Range { min, max }))
}

/// A moment, and how long it lasts where it is a bare date (UTC).
pub(crate) fn moment(query: &mut Query, name: &str) -> Option<(Time, Option<TimeDelta>)> {
    query.read(name, "a moment (RFC 3339) or a date such as 2026-01-31", |text| {
        // The date parser takes a sign and years of any length, which no database does.
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d")
            && text.len() == 10
        {
            return Some((date.and_time(NaiveTime::MIN).and_utc(), Some(TimeDelta::days(1))));
        }
        // A plus sign that nobody encoded has become a space.
        let moment = chrono::DateTime::parse_from_rfc3339(&text.replace(' ', "+")).ok()?;
        Some((to_micros(moment.to_utc()), None))
    })
}

/// The zone of bare dates.
pub(crate) fn zone<Z: std::str::FromStr>(query: &mut Query) -> Option<Z> {
    query.read("time_zone", "an IANA time zone such as Europe/Berlin", |text| text.parse().ok())
}

/// Where a report begins or ends. A bare date is that day of the report's zone.
pub(crate) fn edge(query: &mut Query, name: &str) -> Option<ReportEdge> {
    moment(query, name).map(|(start, length)| match length {
        Some(_) => ReportEdge::Day(start.date_naive()),
        None => ReportEdge::At(start),
    })
}

fn sort(query: &mut Query, actor: &Actor, fields: &CustomFields) -> Option<Sort> {
    let wanted = if actor.is_staff() {
        "created_at, updated_at, priority, status, sla_due_at or a custom field that has an order, with - before it for \
         the greatest first"
    } else {
        "created_at, updated_at, priority, status or a custom field that has an order, with - before it for the greatest \
         first"
    };
    // What is not shown is no order either.
    let is_open = |sort: &Sort| match sort.field {
        SortField::SlaDueAt => actor.is_staff(),
        SortField::Custom(key, _) => {
            fields.by_key(key.as_str()).is_some_and(|field| field.is_open_to(actor.is_staff()))
        }
        _ => true,
    };
    query.read("sort", wanted, |text| Sort::read(text, fields).filter(is_open))
}
