//! What the desk calls itself and how it behaves.

use super::Desk;
use super::recorder::{Recorder, differences};
use crate::access::Call;
use crate::error::Error;
use crate::input::Problems;
use crate::model::{Role, Subject};
use crate::setting::{DeskProfile, Stored};
use crate::time::parse_duration;
use chrono::TimeDelta;
use std::sync::Arc;

/// Less than that would close what was just resolved.
const SHORTEST_CLOSE: TimeDelta = TimeDelta::minutes(1);

impl Desk {
    /// What the desk calls itself.
    pub async fn profile(&self) -> Result<DeskProfile, Error> {
        Ok(self.snapshot().await?.profile.clone())
    }

    /// Changes what the desk calls itself. For administrators.
    pub async fn update_profile(&self, call: impl Into<Call>, profile: DeskProfile) -> Result<DeskProfile, Error> {
        let (call, profile) = (&call.into(), &profile);
        call.actor.at_least(Role::Admin)?;
        let mut problems = Problems::default();
        problems.text("name", profile.name.trim(), 1..=100, false);
        if !(1..=100).contains(&profile.max_escalation_level) {
            problems.add("max_escalation_level", "out_of_range", "Must be 1 to 100.");
        }
        if let Some(after) = &profile.auto_close_after {
            match parse_duration(after) {
                Ok(after) if after < SHORTEST_CLOSE => {
                    problems.add("auto_close_after", "out_of_range", "May not be shorter than a minute.");
                }
                Ok(_) => {}
                Err(error) => problems.add("auto_close_after", "invalid_value", format!("A duration {error}.")),
            }
        }
        problems.finish()?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let changes = differences(Some(&snapshot.profile), profile);
            if changes.is_empty() {
                return Ok(profile.clone());
            }
            let version = snapshot.profile_version.unwrap_or(0) + 1;
            let new = Stored { id: DeskProfile::ID, version, saved_at: recorder.now, content: profile.clone() };
            recorder.document(&new, None, false)?;
            recorder.deed("setting.updated", Subject::Setting(DeskProfile::ID), &changes);
            recorder.commit().await?;
            Ok(profile.clone())
        })
        .await
    }
}
