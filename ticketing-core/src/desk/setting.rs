//! What administrators set, and what others set for a team or for themselves, made, changed and taken away: the one way
//! for every kind of setting, from the right to do it to the audit line.

use super::recorder::{Recorder, differences};
use super::{Desk, Snapshot, check_version};
use crate::access::{Actor, Call};
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::UserId;
use crate::input::Input;
use crate::model::{Directory, Role, Sharing, Subject};
use crate::setting::{Document, Setting, Single, SingleSetting, Stored};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;
use std::future::{Future, ready};
use std::sync::Arc;
use tokio::sync::MutexGuard;
use uuid::Uuid;

/// A setting of which a desk has several, each under an id of its own; and what its kind alone can say of it.
pub(super) trait Kind: Setting {
    /// What people call one.
    const ONE: &'static str;
    /// What people call several.
    const MANY: &'static str;
    /// How many a desk has at most, less what is people's own.
    const LIMIT: usize;
    /// How many a person has at most that are nobody else's; none of a kind that only the desk has.
    const OWN_LIMIT: usize = 0;
    /// From which role on one may be looked at.
    const READERS: Role = Role::Admin;
    /// From which role on a change may be asked for.
    const WRITERS: Role = Role::Admin;
    /// What those see who look after it.
    type View: Serialize + Send;

    /// Those that are there.
    fn all(snapshot: &Snapshot) -> impl Iterator<Item = &Stored<Self>>;

    /// How it is shown; `stored` may be what it will be.
    fn view(
        desk: &Desk,
        snapshot: &Snapshot,
        stored: &Stored<Self>,
    ) -> impl Future<Output = Result<Self::View, Error>> + Send;

    /// With whom it is shared, where each says so.
    fn sharing(&self) -> Option<Sharing> {
        None
    }

    /// Whether this one is there for the actor, whose role may look at such.
    fn is_seen(&self, actor: &Actor, directory: &Directory) -> bool {
        self.sharing().is_none_or(|sharing| sharing.is_seen_by(actor, directory))
    }

    /// Whether the actor, whose role may ask for it, may change this one or make one like it.
    fn check_writer(&self, actor: &Actor, directory: &Directory) -> Result<(), Error> {
        self.sharing().map_or(Ok(()), |sharing| sharing.check_writer(actor, directory))
    }

    /// Holds it, as it will be, against the desk, and adds to the commit what goes with it.
    fn prepare(
        _recorder: &mut Recorder<'_>,
        _old: Option<&Stored<Self>>,
        _new: &Stored<Self>,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        ready(Ok(()))
    }

    /// What the audit log is told of a change; nothing where there is nothing to save.
    fn changes(old: Option<&Self>, new: &Self) -> FieldChanges {
        differences(old, new)
    }

    /// What stays of one that is taken away, or why it can't be.
    fn remains(_snapshot: &Snapshot, old: &Stored<Self>) -> Result<Self, Error> {
        Ok(old.content.clone())
    }
}

impl Snapshot {
    /// One of a kind.
    pub(super) fn setting<T: Kind>(&self, id: Uuid) -> Result<&Stored<T>, Error> {
        T::all(self).find(|stored| stored.id == id).ok_or(Error::NotFound(T::ONE))
    }

    /// Whether so many more may come.
    pub(super) fn check_room<T: Kind>(&self, more: usize) -> Result<(), Error> {
        if T::all(self).count() + more <= T::LIMIT {
            return Ok(());
        }
        Err(Error::conflict("too_many", format!("A desk has at most {} {}.", T::LIMIT, T::MANY)))
    }
}

/// Whether somebody asks for it who may, and for what can be.
pub(super) fn check_asked<T: Kind>(call: &Call, input: &impl Input) -> Result<(), Error> {
    call.actor.at_least(T::WRITERS)?;
    input.checked()
}

impl Desk {
    /// Shows the only one of its kind.
    pub(super) async fn single_setting<T: SingleSetting>(
        &self,
        call: &Call,
        of: impl Fn(&Snapshot) -> &Single<T>,
    ) -> Result<Single<T>, Error> {
        call.actor.at_least(Role::Admin)?;
        Ok(of(&*self.snapshot().await?).clone())
    }

    /// Changes the only one of its kind by what was sent.
    pub(super) async fn update_single_setting<T: SingleSetting>(
        &self,
        call: &Call,
        input: &(impl Input + Sync),
        expected: Option<i64>,
        of: impl Fn(&Snapshot) -> &Single<T> + Send + Sync,
        change: impl Fn(&mut T) + Send + Sync,
    ) -> Result<Single<T>, Error> {
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        let (of, change) = (&of, &change);
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = of(&snapshot);
            check_version(expected, old.version)?;
            let mut content = old.content.clone();
            change(&mut content);
            let changes = differences(Some(&old.content), &content);
            if changes.is_empty() {
                recorder.answer(|| old)?;
                recorder.unchanged().await?;
                return Ok(old.clone());
            }
            let new = Stored { id: T::ID, version: old.version + 1, saved_at: recorder.now, content };
            recorder.version(&new, "updated", &changes)?;
            let new = Single { content: new.content, version: new.version, updated_at: Some(new.saved_at) };
            recorder.answer(|| &new)?;
            recorder.commit().await?;
            Ok(new)
        })
        .await
    }

    /// Shows one to those who may see it.
    pub(super) async fn setting<T: Kind>(&self, call: &Call, id: Uuid) -> Result<T::View, Error> {
        call.actor.at_least(T::READERS)?;
        let snapshot = self.snapshot().await?;
        let stored = self.seen_setting::<T>(&call.actor, &snapshot, id).await?;
        T::view(self, &snapshot, &stored).await
    }

    /// All that are there for the actor, in no order: the desk's and the actor's own.
    pub(super) async fn seen_settings<T: Kind>(
        &self,
        actor: &Actor,
        snapshot: &Snapshot,
    ) -> Result<Vec<Stored<T>>, Error> {
        actor.at_least(T::READERS)?;
        let mut found = self.own_settings::<T>(actor).await?;
        // What somebody shares at this moment may be the actor's own and the desk's; the later look counts.
        let own: HashSet<Uuid> = found.iter().map(|stored| stored.id).collect();
        let shared = T::all(snapshot).filter(|stored| !own.contains(&stored.id));
        found.extend(shared.filter(|stored| stored.content.is_seen(actor, &snapshot.directory)).cloned());
        Ok(found)
    }

    /// One that is there for the actor. What may not be seen is not there.
    pub(super) async fn seen_setting<'s, T: Kind>(
        &self,
        actor: &Actor,
        snapshot: &'s Snapshot,
        id: Uuid,
    ) -> Result<Cow<'s, Stored<T>>, Error> {
        if let Ok(stored) = snapshot.setting::<T>(id) {
            let is_seen = stored.content.is_seen(actor, &snapshot.directory);
            return if is_seen { Ok(Cow::Borrowed(stored)) } else { Err(Error::NotFound(T::ONE)) };
        }
        let own = self.own_settings::<T>(actor).await?;
        own.into_iter().find(|stored| stored.id == id).map(Cow::Owned).ok_or(Error::NotFound(T::ONE))
    }

    /// The actor's own.
    pub(super) async fn own_settings<T: Kind>(&self, actor: &Actor) -> Result<Vec<Stored<T>>, Error> {
        match actor.user_id() {
            Some(id) if T::OWN_LIMIT > 0 => {
                self.store.personal_documents(T::KIND, &[id]).await?.iter().map(Document::stored).collect()
            }
            _ => Ok(Vec::new()),
        }
    }

    /// Makes one of what was sent.
    pub(super) async fn create_setting<T: Kind>(
        &self,
        call: &Call,
        input: &(impl Input + Sync),
        make: impl Fn(&Recorder<'_>, Uuid) -> Result<T, Error> + Send + Sync,
    ) -> Result<T::View, Error> {
        check_asked::<T>(call, input)?;
        let make = &make;
        let _turn = self.own_turn::<T>(call).await;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            let (id, saved_at) = (self.ids().uuid(recorder.now), recorder.now);
            let new = Stored { id, version: 1, saved_at, content: make(&recorder, id)? };
            recorder.save(None, new, "created").await
        })
        .await
    }

    /// Changes one by what was sent.
    pub(super) async fn update_setting<T: Kind>(
        &self,
        call: &Call,
        input: &(impl Input + Sync),
        id: Uuid,
        expected: Option<i64>,
        change: impl Fn(&Recorder<'_>, T) -> Result<T, Error> + Send + Sync,
    ) -> Result<T::View, Error> {
        check_asked::<T>(call, input)?;
        self.change_setting(call, id, expected, "updated", change).await
    }

    /// Changes one, and says in a word what that was.
    pub(super) async fn change_setting<T: Kind>(
        &self,
        call: &Call,
        id: Uuid,
        expected: Option<i64>,
        deed: &str,
        change: impl Fn(&Recorder<'_>, T) -> Result<T, Error> + Send + Sync,
    ) -> Result<T::View, Error> {
        let change = &change;
        let _turn = self.own_turn::<T>(call).await;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = self.seen_setting::<T>(&call.actor, &snapshot, id).await?;
            old.content.check_writer(&call.actor, &snapshot.directory)?;
            check_version(expected, old.version)?;
            let new = old.next(recorder.now, change(&recorder, old.content.clone())?);
            recorder.save(Some(&*old), new, deed).await
        })
        .await
    }

    /// Takes one away.
    pub(super) async fn delete_setting<T: Kind>(
        &self,
        call: &Call,
        id: Uuid,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        call.actor.at_least(T::WRITERS)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = self.seen_setting::<T>(&call.actor, &snapshot, id).await?;
            old.content.check_writer(&call.actor, &snapshot.directory)?;
            check_version(expected, old.version)?;
            let gone = old.next(recorder.now, T::remains(&snapshot, &old)?);
            recorder.last_version(&gone, &FieldChanges::new())?;
            recorder.commit().await
        })
        .await
    }

    /// The actor's turn to have more of a kind: two at once would both find room for the last one.
    pub(super) async fn own_turn<T: Kind>(&self, call: &Call) -> Option<MutexGuard<'_, ()>> {
        let owner = call.actor.user_id().filter(|_| T::OWN_LIMIT > 0)?;
        self.parts.turns.take(&owner).await
    }
}

impl Recorder<'_> {
    /// Holds a setting against the desk and commits it, where it is new or differs from the old one; answers how it is
    /// shown then.
    pub(super) async fn save<T: Kind>(
        mut self,
        old: Option<&Stored<T>>,
        new: Stored<T>,
        deed: &str,
    ) -> Result<T::View, Error> {
        self.check_hands(old, &new).await?;
        T::prepare(&mut self, old, &new).await?;
        self.save_prepared(old, new, deed).await
    }

    /// Whether the actor may make it what it will be, and whether there is room where it comes to.
    async fn check_hands<T: Kind>(&self, old: Option<&Stored<T>>, new: &Stored<T>) -> Result<(), Error> {
        let actor = &self.call.actor;
        new.content.check_writer(actor, &self.snapshot.directory)?;
        let owner = new.content.owner();
        if old.is_some_and(|old| old.content.owner() == owner) {
            return Ok(());
        }
        match owner {
            None => self.snapshot.check_room::<T>(1),
            Some(_) if self.desk.own_settings::<T>(actor).await?.len() < T::OWN_LIMIT => Ok(()),
            Some(_) => Err(Error::conflict("too_many", format!("A person has at most {} {}.", T::OWN_LIMIT, T::MANY))),
        }
    }

    /// The same for one that was held against the desk already.
    pub(super) async fn save_prepared<T: Kind>(
        mut self,
        old: Option<&Stored<T>>,
        new: Stored<T>,
        deed: &str,
    ) -> Result<T::View, Error> {
        let changes = T::changes(old.map(|old| &old.content), &new.content);
        let unchanged = old.filter(|_| changes.is_empty());
        let view = T::view(self.desk, &self.snapshot, unchanged.unwrap_or(&new)).await?;
        self.answer(|| &view)?;
        if unchanged.is_some() {
            self.unchanged().await?;
        } else {
            if old.is_some_and(|old| old.content.owner().is_none()) {
                // What becomes somebody's own is the desk's no more.
                self.bump_settings();
            }
            self.version(&new, deed, &changes)?;
            self.commit().await?;
        }
        Ok(view)
    }

    /// Adds a version of a setting, with its audit line.
    pub(super) fn version<T: Setting>(
        &mut self,
        new: &Stored<T>,
        deed: &str,
        changes: &FieldChanges,
    ) -> Result<(), Error> {
        self.document(new, new.content.owner(), false)?;
        let changes = if new.content.owner().is_some() { &without_values(changes) } else { changes };
        self.deed(&format!("{}.{deed}", T::KIND), Subject::Setting(new.id), changes);
        Ok(())
    }

    /// Adds the version by which a setting is taken away, with its audit line.
    pub(super) fn last_version<T: Setting>(&mut self, gone: &Stored<T>, changes: &FieldChanges) -> Result<(), Error> {
        self.document(gone, gone.content.owner(), true)?;
        self.deed(&format!("{}.deleted", T::KIND), Subject::Setting(gone.id), changes);
        Ok(())
    }

    /// Adds a version of a document: everybody's, or its owner's.
    pub(super) fn document<T: Setting>(
        &mut self,
        new: &Stored<T>,
        owner: Option<UserId>,
        deleted: bool,
    ) -> Result<(), Error> {
        let document = Document {
            kind: T::KIND.to_owned(),
            id: new.id,
            owner,
            version: new.version,
            saved_at: new.saved_at,
            saved_by: self.call.actor.user_id(),
            deleted,
            body: serde_json::to_value(&new.content).map_err(|e| Error::Internal(Box::new(e)))?,
        };
        if owner.is_none() {
            self.bump_settings();
        }
        let expect = if new.version == 1 { Expect::New } else { Expect::Version(new.version - 1) };
        self.write(Write::Setting { document, expect });
        Ok(())
    }
}

/// What of a change anybody may know of something that is one person's own: which fields.
fn without_values(changes: &FieldChanges) -> FieldChanges {
    changes.keys().map(|field| (field.clone(), (Value::Null, Value::Null))).collect()
}
