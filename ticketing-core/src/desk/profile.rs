//! What the desk calls itself and how it behaves.

use super::recorder::{Recorder, differences};
use super::{Desk, Snapshot, check_version};
use crate::access::Call;
use crate::error::Error;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{Role, Subject};
use crate::setting::{DeskProfile, Stored};
use crate::time::{Time, parse_duration};
use chrono::TimeDelta;
use serde::Serialize;
use std::sync::Arc;

/// Less than that would close what was just resolved.
const SHORTEST_CLOSE: TimeDelta = TimeDelta::minutes(1);
/// How high escalation may go.
const LEVELS: std::ops::RangeInclusive<i64> = 1..=100;

/// The profile as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeskView {
    /// What it says.
    #[serde(flatten)]
    pub profile: DeskProfile,
    /// For conditional changes; 0 while it was never saved.
    pub version: i64,
    /// When it last changed, if ever.
    pub updated_at: Option<Time>,
}

impl DeskView {
    fn of(snapshot: &Snapshot) -> Self {
        let version = snapshot.profile_version.unwrap_or_default();
        Self { profile: snapshot.profile.clone(), version, updated_at: snapshot.profile_saved_at }
    }
}

/// What to change of the profile.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // The fields are the profile's own; see `setting::DeskProfile`.
pub struct DeskPatch {
    pub name: Patch<String>,
    pub max_escalation_level: Patch<i64>,
    pub auto_close_after: Patch<Option<String>>,
}

impl Input for DeskPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            max_escalation_level: fields.integer("max_escalation_level"),
            auto_close_after: fields.nullable_text("auto_close_after"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            problems.text("name", name.trim(), 1..=100, false);
        }
        if self.max_escalation_level.as_ref().is_some_and(|level| !LEVELS.contains(level)) {
            problems.add("max_escalation_level", "out_of_range", "Must be 1 to 100.");
        }
        if let Some(after) = self.auto_close_after.as_ref().and_then(Option::as_ref) {
            match parse_duration(after) {
                Ok(after) if after < SHORTEST_CLOSE => {
                    problems.add("auto_close_after", "out_of_range", "May not be shorter than a minute.");
                }
                Ok(_) => {}
                Err(error) => problems.add("auto_close_after", "invalid_value", format!("A duration {error}.")),
            }
        }
    }
}

impl DeskPatch {
    fn apply(&self, profile: &mut DeskProfile) {
        if let Some(name) = self.name.as_ref() {
            name.trim().clone_into(&mut profile.name);
        }
        if let Some(level) = self.max_escalation_level.as_ref().and_then(|level| i16::try_from(*level).ok()) {
            profile.max_escalation_level = level;
        }
        self.auto_close_after.apply(&mut profile.auto_close_after);
    }
}

impl Desk {
    /// What the desk calls itself.
    pub async fn profile(&self) -> Result<DeskProfile, Error> {
        Ok(self.snapshot().await?.profile.clone())
    }

    /// What the desk calls itself and how it behaves. For administrators.
    pub async fn profile_view(&self, call: impl Into<Call>) -> Result<DeskView, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let snapshot = self.snapshot().await?;
        Ok(DeskView::of(&snapshot))
    }

    /// Changes what the desk calls itself and how it behaves. For administrators.
    pub async fn update_profile(
        &self,
        call: impl Into<Call>,
        input: DeskPatch,
        expected: Option<i64>,
    ) -> Result<DeskView, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = DeskView::of(&snapshot);
            check_version(expected, old.version)?;
            let mut profile = old.profile.clone();
            input.apply(&mut profile);
            let changes = differences(Some(&old.profile), &profile);
            if changes.is_empty() {
                return Ok(old);
            }
            let view = DeskView { profile, version: old.version + 1, updated_at: Some(recorder.now) };
            let content = view.profile.clone();
            let new = Stored { id: DeskProfile::ID, version: view.version, saved_at: recorder.now, content };
            recorder.document(&new, None, false)?;
            recorder.deed("setting.updated", Subject::Setting(DeskProfile::ID), &changes);
            recorder.answer(|| &view)?;
            recorder.commit().await?;
            Ok(view)
        })
        .await
    }
}
