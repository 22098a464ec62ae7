//! A change in the making, which can be taken back as a whole.

use super::state::State;
use crate::changes::Expect;
use crate::port::{StoreError, StoreResult, Unique};
use std::collections::BTreeMap;

/// One of the state's maps.
pub(super) type Table<K, V> = fn(&mut State) -> &mut BTreeMap<K, V>;

/// How to take one step back.
type Undo = Box<dyn FnOnce(&mut State)>;

/// The state while a commit is being applied. Every step notes how to undo it, so a commit that
/// fails costs what it did so far and never a copy of the whole.
pub(super) struct Staged<'a> {
    pub state: &'a mut State,
    undo: Vec<Undo>,
}

impl<'a> Staged<'a> {
    pub fn new(state: &'a mut State) -> Self {
        let (seq, settings) = (state.last_seq, state.settings_version);
        let counters: Undo = Box::new(move |state| {
            state.last_seq = seq;
            state.settings_version = settings;
        });
        Self { state, undo: vec![counters] }
    }

    /// Everything is as before the commit.
    pub fn take_back(self) {
        for step in self.undo.into_iter().rev() {
            step(self.state);
        }
    }

    pub fn put<K: Ord + Clone + 'static, V: 'static>(&mut self, table: Table<K, V>, key: K, value: V) {
        let before = table(self.state).insert(key.clone(), value);
        self.undo.push(Box::new(move |state| {
            match before {
                Some(value) => table(state).insert(key, value),
                None => table(state).remove(&key),
            };
        }));
    }

    pub fn remove<K: Ord + Clone + 'static, V: 'static>(&mut self, table: Table<K, V>, key: &K) {
        if let Some(before) = table(self.state).remove(key) {
            let key = key.clone();
            self.undo.push(Box::new(move |state| {
                table(state).insert(key, before);
            }));
        }
    }

    /// Takes a unique value for its owner.
    pub fn claim<K, I>(&mut self, index: Table<K, I>, key: K, owner: I, unique: Unique) -> StoreResult<()>
    where
        K: Ord + Clone + 'static,
        I: PartialEq + 'static,
    {
        if index(self.state).get(&key).is_some_and(|other| *other != owner) {
            return Err(StoreError::Duplicate(unique));
        }
        self.put(index, key, owner);
        Ok(())
    }
}

/// Whether the row that is stored is what the writer believes it to be.
pub(super) fn check(expect: Expect, stored: Option<i64>) -> StoreResult<()> {
    match (expect, stored) {
        (Expect::New, None) => Ok(()),
        (Expect::New, Some(_)) => Err(StoreError::Duplicate(Unique::Id)),
        (Expect::Version(expected), Some(version)) if version == expected => Ok(()),
        (Expect::Version(_), _) => Err(StoreError::Conflict),
    }
}

/// The same for a row whose key is made of others: whoever finds it there decides again.
pub(super) fn check_composed(expect: Expect, stored: Option<i64>) -> StoreResult<()> {
    check(expect, stored).map_err(|_| StoreError::Conflict)
}
