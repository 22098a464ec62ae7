//! What administrators set, made, changed and taken away: the one way for every kind of setting, from the right to do
//! it to the audit line.

use super::recorder::{Recorder, differences};
use super::{Desk, Snapshot, check_version};
use crate::access::Call;
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::UserId;
use crate::input::Input;
use crate::model::{Role, Subject};
use crate::setting::{Document, Setting, Single, SingleSetting, Stored};
use serde::Serialize;
use std::future::{Future, ready};
use std::sync::Arc;
use uuid::Uuid;

/// A setting of which a desk has several, each under an id of its own; and what its kind alone can say of it.
pub(super) trait Kind: Setting {
    /// What people call one.
    const ONE: &'static str;
    /// What people call several.
    const MANY: &'static str;
    /// How many a desk has at most.
    const LIMIT: usize;
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

/// Whether an administrator asks for it, and for what can be.
pub(super) fn check_asked(call: &Call, input: &impl Input) -> Result<(), Error> {
    call.actor.at_least(Role::Admin)?;
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
        check_asked(call, input)?;
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
    pub(super) async fn setting<T: Kind>(&self, call: &Call, readers: Role, id: Uuid) -> Result<T::View, Error> {
        call.actor.at_least(readers)?;
        let snapshot = self.snapshot().await?;
        T::view(self, &snapshot, snapshot.setting(id)?).await
    }

    /// Makes one of what was sent.
    pub(super) async fn create_setting<T: Kind>(
        &self,
        call: &Call,
        input: &(impl Input + Sync),
        make: impl Fn(&Recorder<'_>, Uuid) -> Result<T, Error> + Send + Sync,
    ) -> Result<T::View, Error> {
        check_asked(call, input)?;
        let make = &make;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            recorder.snapshot.check_room::<T>(1)?;
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
        check_asked(call, input)?;
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
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = snapshot.setting::<T>(id)?;
            check_version(expected, old.version)?;
            let new = old.next(recorder.now, change(&recorder, old.content.clone())?);
            recorder.save(Some(old), new, deed).await
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
        call.actor.at_least(Role::Admin)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = snapshot.setting::<T>(id)?;
            check_version(expected, old.version)?;
            let gone = old.next(recorder.now, T::remains(&snapshot, old)?);
            recorder.last_version(&gone, &FieldChanges::new())?;
            recorder.commit().await
        })
        .await
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
        T::prepare(&mut self, old, &new).await?;
        self.save_prepared(old, new, deed).await
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
        self.document(new, None, false)?;
        self.deed(&format!("{}.{deed}", T::KIND), Subject::Setting(new.id), changes);
        Ok(())
    }

    /// Adds the version by which a setting is taken away, with its audit line.
    pub(super) fn last_version<T: Setting>(&mut self, gone: &Stored<T>, changes: &FieldChanges) -> Result<(), Error> {
        self.document(gone, None, true)?;
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
