//! Views: lists of tickets under a name, one person's own, a team's or everybody's. Six are there on every desk.

mod count;
mod input;

pub use count::ViewCount;
pub(super) use count::ViewCounts;
pub use input::{NewSavedView, SavedViewPatch};

use super::recorder::Recorder;
use super::setting::Kind;
use super::{Desk, Snapshot};
use crate::access::{Actor, Call};
use crate::condition::{Condition, Viewer};
use crate::error::Error;
use crate::ids::ViewId;
use crate::input::Problems;
use crate::model::saved_view::STEP;
use crate::model::{BuiltInView, Directory, Matching, Role, SavedView, Sharing, ViewColumn};
use crate::query::{Sort, SortField};
use crate::setting::Stored;
use crate::time::Time;
use input::{LAST_POSITION, NO_COLUMN};
use serde::Serialize;
use serde_json::Value;

/// A view as those see it who may see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // The fields are the view's own; see `model::SavedView`.
pub struct SavedViewView {
    pub id: ViewId,
    /// Which of those that a desk begins with, if it is one of them.
    pub key: Option<BuiltInView>,
    /// Whether such a one has another name than it began with.
    pub is_renamed: bool,
    pub name: String,
    #[serde(flatten)]
    pub sharing: Sharing,
    pub conditions: Value,
    #[serde(rename = "match")]
    pub matching: Matching,
    pub columns: Vec<ViewColumn>,
    pub sort: Option<String>,
    pub position: i32,
    pub icon: Option<String>,
    pub is_hidden: bool,
    /// Whether its conditions ask for what is not there any more.
    pub is_broken: bool,
    /// For conditional changes; 0 while nobody has changed what a desk begins with.
    pub version: i64,
    pub created_at: Option<Time>,
    /// When it last changed, if ever.
    pub updated_at: Option<Time>,
}

impl SavedViewView {
    fn new(snapshot: &Snapshot, stored: &Stored<SavedView>) -> Self {
        let (key, view) = (BuiltInView::of(stored.id), stored.content.clone());
        let nobody = Viewer { id: None, teams: &[], now: stored.saved_at };
        Self {
            id: ViewId(stored.id),
            key,
            is_renamed: key.is_some_and(|key| key.name() != view.name),
            is_broken: view.condition(&snapshot.custom_fields, nobody).is_err(),
            name: view.name,
            sharing: view.sharing,
            conditions: view.conditions,
            matching: view.matching,
            columns: view.columns,
            sort: view.sort,
            position: view.position,
            icon: view.icon,
            is_hidden: view.is_hidden,
            version: stored.version,
            created_at: view.created_at,
            updated_at: (stored.version > 0).then_some(stored.saved_at),
        }
    }
}

impl Kind for SavedView {
    const ONE: &'static str = "view";
    const MANY: &'static str = "views";
    const LIMIT: usize = Self::MOST;
    const OWN_LIMIT: usize = Self::MOST_OWN;
    const READERS: Role = Role::Agent;
    const WRITERS: Role = Role::Agent;
    type View = SavedViewView;

    fn all(snapshot: &Snapshot) -> impl Iterator<Item = &Stored<Self>> {
        snapshot.views.iter()
    }

    async fn view(_: &Desk, snapshot: &Snapshot, stored: &Stored<Self>) -> Result<SavedViewView, Error> {
        Ok(SavedViewView::new(snapshot, stored))
    }

    fn sharing(&self) -> Option<Sharing> {
        Some(self.sharing)
    }

    /// What was put away is there for those who may bring it back.
    fn is_seen(&self, actor: &Actor, directory: &Directory) -> bool {
        self.sharing.is_seen_by(actor, directory) && (!self.is_hidden || actor.role() >= Role::Manager)
    }

    async fn prepare(recorder: &mut Recorder<'_>, old: Option<&Stored<Self>>, new: &Stored<Self>) -> Result<(), Error> {
        let fields = &recorder.snapshot.custom_fields;
        let mut problems = Problems::default();
        // Conditions and columns that were let in once are no reason to refuse another change.
        if old.is_none_or(|old| old.content.conditions != new.content.conditions)
            && let Err(errors) = new.content.condition(fields, viewer(&recorder.call.actor, recorder.now))
        {
            problems.extend(errors);
        }
        for (place, column) in new.content.columns.iter().enumerate() {
            if let ViewColumn::Custom(key) = column
                && fields.by_key(key.as_str()).is_none()
                && old.is_none_or(|old| !old.content.columns.contains(column))
            {
                problems.add(format!("columns[{place}]"), "unknown_value", NO_COLUMN);
            }
        }
        if let Some(sort) = &new.content.sort
            && Sort::read(sort, fields).is_none()
            && old.is_none_or(|old| old.content.sort.as_ref() != Some(sort))
        {
            let known = SortField::OF_EVERY_DESK.map(|field| field.to_string()).join(", ");
            let message = format!(
                "Must be one of {known}, or a custom field that has an order, with - before it for the greatest first."
            );
            problems.add("sort", "unknown_value", message);
        }
        if BuiltInView::of(new.id).is_none() && new.content.is_hidden {
            problems.add("is_hidden", "not_allowed", "Only a built-in view is hidden; delete this one.");
        }
        if BuiltInView::of(new.id).is_some() && new.content.sharing != Sharing::All {
            problems.add("visibility", "not_allowed", "A built-in view is everybody's; hide it, or make one like it.");
        }
        problems.finish()
    }
}

/// A view as whoever asks reads it.
#[derive(Clone, Debug)]
pub struct ReadView {
    /// Which tickets.
    pub filter: Condition,
    /// In which order where no other is asked for.
    pub sort: Sort,
    /// Of which version of the view that is so.
    pub version: i64,
}

impl Desk {
    /// The views that the actor sees, in their order; on demand with those that were put away, where the actor may bring
    /// them back. For staff.
    pub async fn saved_views(&self, call: impl Into<Call>, hidden: bool) -> Result<Vec<SavedViewView>, Error> {
        let call = call.into();
        let snapshot = self.snapshot().await?;
        let mut views = self.seen_settings::<SavedView>(&call.actor, &snapshot).await?;
        views.retain(|stored| hidden || !stored.content.is_hidden);
        views.sort_by_key(|stored| (stored.content.position, stored.id));
        Ok(views.iter().map(|stored| SavedViewView::new(&snapshot, stored)).collect())
    }

    /// A view. For staff.
    pub async fn saved_view(&self, call: impl Into<Call>, id: ViewId) -> Result<SavedViewView, Error> {
        self.setting::<SavedView>(&call.into(), id.0).await
    }

    /// Which tickets a view holds for the actor now, to be listed by [`Desk::tickets`]. For staff.
    pub async fn read_view(&self, call: impl Into<Call>, id: ViewId) -> Result<ReadView, Error> {
        let call = call.into();
        call.actor.at_least(SavedView::READERS)?;
        let snapshot = self.snapshot().await?;
        let stored = self.seen_setting::<SavedView>(&call.actor, &snapshot, id.0).await?;
        let filter = stored.content.condition(&snapshot.custom_fields, viewer(&call.actor, self.now()));
        let filter = filter.map_err(|_| {
            Error::conflict("view_broken", "The view asks for what is not there any more; change its conditions.")
        })?;
        let sort = stored.content.order(&snapshot.custom_fields);
        Ok(ReadView { filter, sort, version: stored.version })
    }

    /// Makes a view. For staff: one's own; for leads of a team, its; for managers, everybody's.
    pub async fn create_saved_view(&self, call: impl Into<Call>, input: NewSavedView) -> Result<SavedViewView, Error> {
        let (call, input) = (&call.into(), &input);
        self.create_setting(call, input, |recorder, _| {
            let snapshot = &recorder.snapshot;
            let last = snapshot.views.iter().map(|stored| stored.content.position).max().unwrap_or_default();
            let behind = last.saturating_add(STEP).min(i32::try_from(LAST_POSITION).unwrap_or(i32::MAX));
            let mut view = SavedView {
                name: String::new(),
                sharing: input.0.sharing.apply(None, &call.actor, &snapshot.directory)?,
                conditions: Value::Array(Vec::new()),
                matching: Matching::All,
                columns: Vec::new(),
                sort: None,
                position: behind,
                icon: None,
                is_hidden: false,
                created_at: Some(recorder.now),
            };
            input.0.apply(&mut view);
            Ok(view)
        })
        .await
    }

    /// Changes a view. For whoever might make it as it is and as it will be.
    pub async fn update_saved_view(
        &self,
        call: impl Into<Call>,
        id: ViewId,
        input: SavedViewPatch,
        expected: Option<i64>,
    ) -> Result<SavedViewView, Error> {
        let (call, input) = (&call.into(), &input);
        self.update_setting(call, input, id.0, expected, |recorder, mut view: SavedView| {
            view.sharing = input.sharing.apply(Some(view.sharing), &call.actor, &recorder.snapshot.directory)?;
            input.apply(&mut view);
            Ok(view)
        })
        .await
    }

    /// Deletes a view. What a desk begins with is put away instead. For whoever might make it.
    pub async fn delete_saved_view(
        &self,
        call: impl Into<Call>,
        id: ViewId,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        let call = &call.into();
        if BuiltInView::of(id.0).is_none() {
            return self.delete_setting::<SavedView>(call, id.0, expected).await;
        }
        call.actor.at_least(SavedView::WRITERS)?;
        let hide = |_: &Recorder<'_>, view| Ok(SavedView { is_hidden: true, ..view });
        self.change_setting(call, id.0, expected, "hidden", hide).await.map(drop)
    }
}

/// Who looks, as conditions of views mean it.
fn viewer(actor: &Actor, now: Time) -> Viewer<'_> {
    Viewer { id: actor.user_id(), teams: actor.principal().map_or(&[], |principal| &principal.teams), now }
}
