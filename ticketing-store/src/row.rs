//! What is read from a row, checked: a stored value that no rule of the desk allows is reported as
//! [`StoreError::Corrupt`], never guessed at.

use ticketing_core::WorkflowId;
use ticketing_core::model::{Money, Person, RuleRef};
use ticketing_core::port::{StoreError, StoreResult};
use uuid::Uuid;

/// A stored value that can't be what the column means.
pub(crate) fn corrupt(column: &str, value: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("{column} is {value}"))
}

/// The word of a stored rank.
pub(crate) fn word<T>(column: &str, rank: i16, from_rank: fn(i16) -> Option<T>) -> StoreResult<T> {
    from_rank(rank).ok_or_else(|| corrupt(column, rank))
}

/// Stored bytes that have a fixed length.
pub(crate) fn bytes<const N: usize>(column: &str, value: &[u8]) -> StoreResult<[u8; N]> {
    value.try_into().map_err(|_| corrupt(column, format_args!("{} bytes long", value.len())))
}

/// The person beside a comment or an event, from the id that is kept and what the directory says
/// of it now. No id is the desk itself; somebody who is no longer known has no name.
pub(crate) fn person(id: Option<Uuid>, name: Option<String>, role: Option<i16>) -> StoreResult<Person> {
    use ticketing_core::{UserId, model::Role};
    let Some(id) = id else { return Ok(Person::system()) };
    let role = match role {
        Some(rank) => word("person.role", rank, Role::from_rank)?.as_str().to_owned(),
        None => String::new(),
    };
    Ok(Person { id: Some(UserId(id)), name: name.unwrap_or_default(), role })
}

/// The rule that something is kept with, if it is one.
pub(crate) fn rule(id: Option<Uuid>, version: Option<i64>) -> Option<RuleRef> {
    id.zip(version).map(|(id, version)| RuleRef { id: WorkflowId(id), version })
}

/// A price that is kept as a number of the smallest unit and the letters of its currency, if there is one.
pub(crate) fn money(amount_minor: Option<i64>, currency: Option<&str>) -> StoreResult<Option<Money>> {
    let Some((amount_minor, letters)) = amount_minor.zip(currency) else { return Ok(None) };
    let currency = letters.parse().map_err(|_| corrupt("time_entry.currency", letters))?;
    Ok(Some(Money { amount_minor, currency }))
}
