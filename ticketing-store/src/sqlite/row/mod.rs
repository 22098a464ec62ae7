//! From rows to the desk's nouns, a file a subject. Each list of columns stands beside the function that reads it, in
//! the same order.

mod log;
mod people;
mod setting;
mod ticket;

pub use log::{
    AUDIT, AUDIT_RECORD, AUDIT_SEAL, EVENT, answer, audit, audit_mark, audit_record, audit_seal, audit_tally, event,
};
pub use people::{
    API_KEY, CREDENTIAL_TOKEN, ORGANIZATION, SESSION, USER, api_key, credential_token, organization, session, user,
    user_and_hash, user_of,
};
pub use setting::{DOCUMENT, MEMBERSHIP, TEAM, document, membership, team};
pub use ticket::{COMMENT, LINK, TICKET, WATCHER, comment, comment_id, link, ticket, watcher};

use super::failure::{corrupt, store_error};
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Decode, Row, Type};
use ticketing_core::ids::UserId;
use ticketing_core::model::{Person, Role};
use ticketing_core::port::StoreResult;
use ticketing_core::time::{Time, from_micros};
use uuid::Uuid;

/// Reads a row's columns one after the other.
pub(super) struct Cells<'r> {
    row: &'r SqliteRow,
    next: usize,
}

impl<'r> Cells<'r> {
    pub(super) fn of(row: &'r SqliteRow) -> Self {
        Self { row, next: 0 }
    }

    pub(super) fn take<T: Decode<'r, Sqlite> + Type<Sqlite>>(&mut self) -> StoreResult<T> {
        let value = self.row.try_get(self.next).map_err(store_error)?;
        self.next += 1;
        Ok(value)
    }

    pub(super) fn id<T>(&mut self, id: fn(Uuid) -> T) -> StoreResult<T> {
        self.take::<Uuid>().map(id)
    }

    pub(super) fn maybe_id<T>(&mut self, id: fn(Uuid) -> T) -> StoreResult<Option<T>> {
        Ok(self.take::<Option<Uuid>>()?.map(id))
    }

    pub(super) fn time(&mut self) -> StoreResult<Time> {
        let micros = self.take::<i64>()?;
        from_micros(micros).ok_or_else(|| corrupt(format_args!("{micros} is no moment")))
    }

    pub(super) fn maybe_time(&mut self) -> StoreResult<Option<Time>> {
        let micros: Option<i64> = self.take()?;
        micros.map(|m| from_micros(m).ok_or_else(|| corrupt(format_args!("{m} is no moment")))).transpose()
    }

    pub(super) fn word<T>(&mut self, from_rank: fn(i16) -> Option<T>) -> StoreResult<T> {
        let rank = self.take::<i16>()?;
        from_rank(rank).ok_or_else(|| corrupt(format_args!("{rank} in column {} is no known word", self.next - 1)))
    }

    pub(super) fn maybe_word<T>(&mut self, from_rank: fn(i16) -> Option<T>) -> StoreResult<Option<T>> {
        let rank: Option<i16> = self.take()?;
        let unknown = |rank| corrupt(format_args!("{rank} in column {} is no known word", self.next - 1));
        rank.map(|rank| from_rank(rank).ok_or_else(|| unknown(rank))).transpose()
    }

    pub(super) fn count(&mut self) -> StoreResult<u64> {
        self.take::<i64>().map(|count| u64::try_from(count).unwrap_or_default())
    }

    pub(super) fn json<T: serde::de::DeserializeOwned>(&mut self) -> StoreResult<T> {
        serde_json::from_str(self.take::<&str>()?).map_err(corrupt)
    }

    pub(super) fn maybe_json<T: serde::de::DeserializeOwned>(&mut self) -> StoreResult<Option<T>> {
        self.take::<Option<&str>>()?.map(|text| serde_json::from_str(text).map_err(corrupt)).transpose()
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> StoreResult<[u8; N]> {
        let bytes = self.take::<&[u8]>()?;
        bytes.try_into().map_err(|_| corrupt(format_args!("{} bytes where {N} belong", bytes.len())))
    }

    /// Somebody by id, with the name and role that the person has now.
    pub(super) fn person(&mut self) -> StoreResult<Person> {
        let id = self.maybe_id(UserId)?;
        let name: Option<String> = self.take()?;
        let role: Option<i16> = self.take()?;
        let Some(id) = id else { return Ok(Person::system()) };
        let role = match role {
            Some(rank) => Role::from_rank(rank).ok_or_else(|| corrupt(format_args!("{rank} is no role")))?.as_str(),
            None => "",
        };
        Ok(Person { id: Some(id), name: name.unwrap_or_default(), role: role.to_owned() })
    }
}
