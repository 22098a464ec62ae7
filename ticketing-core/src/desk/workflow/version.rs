//! What a rule said before: each save is a version that never changes. For administrators.

use super::{RestoreWorkflow, UNKNOWN, WorkflowView};
use crate::access::Call;
use crate::desk::recorder::{Recorder, differences};
use crate::desk::setting::check_asked;
use crate::desk::user::page;
use crate::desk::{Desk, check_version};
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::{UserId, WorkflowId};
use crate::model::{Role, Workflow};
use crate::query::{Page, Position};
use crate::setting::{Document, Setting, Stored};
use crate::time::Time;
use serde::Serialize;
use std::sync::Arc;
use uuid::Uuid;

const UNKNOWN_VERSION: Error = Error::NotFound("version of the workflow");

/// One version of a rule, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WorkflowVersion {
    /// Which.
    pub version: i64,
    /// What the rule was called.
    pub name: String,
    /// Why it was saved.
    pub note: Option<String>,
    /// When.
    pub saved_at: Time,
    /// By whom; none for the desk itself.
    pub saved_by: Option<UserId>,
    /// Whether the rule was taken away with it.
    pub deleted: bool,
}

/// One version of a rule, whole.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkflowVersionView {
    /// What the rule said.
    #[serde(flatten)]
    pub workflow: WorkflowView,
    /// By whom it was saved; none for the desk itself.
    pub saved_by: Option<UserId>,
    /// Whether the rule was taken away with it.
    pub deleted: bool,
}

/// In what two versions of a rule differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorkflowDiff {
    /// The one version.
    pub from: i64,
    /// The other.
    pub to: i64,
    /// Each field that differs, as it is in the one and in the other. Why they were saved is left out.
    pub changes: FieldChanges,
}

impl Desk {
    /// The versions of a rule, newest first; also of one that was taken away. For administrators.
    pub async fn workflow_versions(
        &self,
        call: impl Into<Call>,
        id: WorkflowId,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Page<WorkflowVersion>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let newest = self.newest_version(id).await?.version;
        let newer = before.map_or(0, |before| newest.saturating_sub(before).saturating_add(1));
        let reach = usize::try_from(newer).unwrap_or_default() + limit + 1;
        let kept = self.store.document_history(Workflow::KIND, id.0, reach).await?;
        let older = kept.iter().filter(|document| before.is_none_or(|before| document.version < before));
        let items = older.take(limit + 1).map(told).collect::<Result<_, _>>()?;
        Ok(page(items, limit, |item: &WorkflowVersion| Position::at(item.version, Uuid::nil())))
    }

    /// One version of a rule. For administrators.
    pub async fn workflow_version(
        &self,
        call: impl Into<Call>,
        id: WorkflowId,
        version: i64,
    ) -> Result<WorkflowVersionView, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let document = self.version_of(id, version).await?;
        let workflow = WorkflowView::new(&document.stored()?, Vec::new(), Vec::new());
        Ok(WorkflowVersionView { workflow, saved_by: document.saved_by, deleted: document.deleted })
    }

    /// In what two versions of a rule differ. For administrators.
    pub async fn workflow_diff(
        &self,
        call: impl Into<Call>,
        id: WorkflowId,
        from: i64,
        to: i64,
    ) -> Result<WorkflowDiff, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let old = self.version_of(id, from).await?.stored::<Workflow>()?;
        let new = self.version_of(id, to).await?.stored()?;
        let mut changes = differences(Some(&old.content), &new.content);
        changes.remove("note");
        Ok(WorkflowDiff { from, to, changes })
    }

    /// Makes a rule again what it was in an earlier version, as a new one; also one that was taken away. It has to be
    /// one that can be run now. For administrators.
    pub async fn restore_workflow(
        &self,
        call: impl Into<Call>,
        id: WorkflowId,
        input: RestoreWorkflow,
        expected: Option<i64>,
    ) -> Result<WorkflowView, Error> {
        let (call, input) = (&call.into(), &input);
        check_asked::<Workflow>(call, input)?;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let newest = self.newest_version(id).await?;
            check_version(expected, newest.version)?;
            let wanted = self.version_of(id, input.version).await.map_err(|error| match error {
                Error::NotFound(_) => Error::field("version", "unknown", "There is no such version."),
                other => other,
            })?;
            let old = snapshot.setting(id.0).ok();
            if old.is_none() {
                snapshot.check_room::<Workflow>(1)?;
            }
            let mut content: Workflow = wanted.stored()?.content;
            content.note.clone_from(&input.note);
            if content.is_active {
                content.disabled = None;
            }
            let new = Stored { id: id.0, version: newest.version + 1, saved_at: recorder.now, content };
            self.check_rule(&snapshot, &new).await?;
            recorder.save_prepared(old, new, "restored").await
        })
        .await
    }

    /// The newest version of a rule, also of one that was taken away.
    pub(super) async fn newest_version(&self, id: WorkflowId) -> Result<Document, Error> {
        self.store.document_history(Workflow::KIND, id.0, 1).await?.into_iter().next().ok_or(UNKNOWN)
    }

    async fn version_of(&self, id: WorkflowId, version: i64) -> Result<Document, Error> {
        let newest = self.newest_version(id).await?;
        if newest.version == version {
            return Ok(newest);
        }
        let reach = usize::try_from(newest.version.saturating_sub(version)).unwrap_or_default();
        if reach == 0 || version < 1 {
            return Err(UNKNOWN_VERSION);
        }
        let kept = self.store.document_history(Workflow::KIND, id.0, reach + 1).await?;
        kept.into_iter().find(|document| document.version == version).ok_or(UNKNOWN_VERSION)
    }
}

fn told(document: &Document) -> Result<WorkflowVersion, Error> {
    let Stored { version, saved_at, content, .. } = document.stored::<Workflow>()?;
    Ok(WorkflowVersion {
        version,
        name: content.name,
        note: content.note,
        saved_at,
        saved_by: document.saved_by,
        deleted: document.deleted,
    })
}
