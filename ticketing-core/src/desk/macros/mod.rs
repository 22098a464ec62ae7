//! Macros: made, changed, tried and done. For staff. (The language keeps the plain word for itself.)

mod apply;
mod input;

pub use apply::{MacroPreview, MacroRefusal, MacroStep, PreviewedComment};
pub use input::{MacroPatch, MacroUse, NewMacro};

use super::recorder::Recorder;
use super::setting::Kind;
use super::{Desk, Snapshot};
use crate::access::Call;
use crate::error::{Error, FieldError};
use crate::ids::{MacroId, TeamId, UserId};
use crate::model::{ActionSource, Macro, Role, Sharing, Visibility};
use crate::setting::Stored;
use crate::time::Time;
use crate::workflow::by_hand;
use serde::Serialize;

/// A macro as those who have it see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // The fields are the macro's own; see `model::Macro`.
pub struct MacroView {
    pub id: MacroId,
    pub name: String,
    pub description: Option<String>,
    pub actions: Vec<ActionSource>,
    pub position: i32,
    pub shortcut: Option<String>,
    pub visibility: Visibility,
    pub team_id: Option<TeamId>,
    pub owner_id: Option<UserId>,
    /// What it names that is not there any more.
    pub problems: Vec<FieldError>,
    /// For conditional changes.
    pub version: i64,
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl Kind for Macro {
    const ONE: &'static str = "macro";
    const MANY: &'static str = "macros";
    const LIMIT: usize = Self::MOST;
    const OWN_LIMIT: usize = Self::MOST_OWN;
    const READERS: Role = Role::Agent;
    const WRITERS: Role = Role::Agent;
    type View = MacroView;

    fn all(snapshot: &Snapshot) -> impl Iterator<Item = &Stored<Self>> {
        snapshot.macros.iter()
    }

    async fn view(desk: &Desk, snapshot: &Snapshot, stored: &Stored<Self>) -> Result<MacroView, Error> {
        Ok(desk.macro_view(snapshot, stored))
    }

    fn sharing(&self) -> Option<Sharing> {
        Some(self.sharing)
    }

    async fn prepare(recorder: &mut Recorder<'_>, old: Option<&Stored<Self>>, new: &Stored<Self>) -> Result<(), Error> {
        // What was let in is as good as it was.
        if old.is_some_and(|old| old.content.actions == new.content.actions) {
            return Ok(());
        }
        let context = recorder.snapshot.macro_context(recorder.desk.extensions());
        by_hand::read(&new.content.actions, &context).map(drop).map_err(Error::Invalid)
    }
}

impl Desk {
    fn macro_view(&self, snapshot: &Snapshot, stored: &Stored<Macro>) -> MacroView {
        let problems = by_hand::read(&stored.content.actions, &snapshot.macro_context(self.extensions())).err();
        let Macro { name, description, actions, position, shortcut, sharing, created_at } = stored.content.clone();
        MacroView {
            id: MacroId(stored.id),
            name,
            description,
            actions,
            position,
            shortcut,
            visibility: sharing.visibility(),
            team_id: sharing.team(),
            owner_id: sharing.owner(),
            problems: problems.unwrap_or_default(),
            version: stored.version,
            created_at,
            updated_at: stored.saved_at,
        }
    }

    /// All macros that the actor has, in no order. For staff.
    pub async fn macros(&self, call: impl Into<Call>) -> Result<Vec<MacroView>, Error> {
        let call = call.into();
        let snapshot = self.snapshot().await?;
        let all = self.seen_settings::<Macro>(&call.actor, &snapshot).await?;
        Ok(all.iter().map(|stored| self.macro_view(&snapshot, stored)).collect())
    }

    /// A macro that the actor has. For staff.
    pub async fn macro_of(&self, call: impl Into<Call>, id: MacroId) -> Result<MacroView, Error> {
        self.setting::<Macro>(&call.into(), id.0).await
    }

    /// Makes a macro. For staff; one that is shared, for those who may share.
    pub async fn create_macro(&self, call: impl Into<Call>, input: NewMacro) -> Result<MacroView, Error> {
        let (call, input) = (&call.into(), &input);
        self.create_setting(call, input, |recorder, _| {
            let NewMacro(given) = input;
            let mut new = Macro {
                name: String::new(),
                description: None,
                actions: Vec::new(),
                position: 0,
                shortcut: None,
                sharing: given.sharing.apply(None, &call.actor, &recorder.snapshot.directory)?,
                created_at: recorder.now,
            };
            given.apply(&mut new);
            Ok(new)
        })
        .await
    }

    /// Changes a macro. For whoever may change it.
    pub async fn update_macro(
        &self,
        call: impl Into<Call>,
        id: MacroId,
        input: MacroPatch,
        expected: Option<i64>,
    ) -> Result<MacroView, Error> {
        let (call, input) = (&call.into(), &input);
        self.update_setting(call, input, id.0, expected, |recorder, mut changed: Macro| {
            input.apply(&mut changed);
            let (old, directory) = (Some(changed.sharing), &recorder.snapshot.directory);
            changed.sharing = input.sharing.apply(old, &call.actor, directory)?;
            Ok(changed)
        })
        .await
    }

    /// Takes a macro away. What was done by it stays. For whoever may change it.
    pub async fn delete_macro(&self, call: impl Into<Call>, id: MacroId, expected: Option<i64>) -> Result<(), Error> {
        self.delete_setting::<Macro>(&call.into(), id.0, expected).await
    }
}
