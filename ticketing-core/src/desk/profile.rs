//! What the desk calls itself and how it behaves.

use super::Desk;
use crate::access::Call;
use crate::error::Error;
use crate::input::{Fields, Input, Patch, Problems};
use crate::setting::{DeskProfile, Single};
use crate::time::parse_duration;
use chrono::TimeDelta;

/// Less than that would close what was just resolved, or move what somebody has just looked away from.
const SHORTEST: TimeDelta = TimeDelta::minutes(1);
/// How high escalation may go.
const LEVELS: std::ops::RangeInclusive<i64> = 1..=100;

/// What to change of the profile.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // The fields are the profile's own; see `setting::DeskProfile`.
pub struct DeskPatch {
    pub name: Patch<String>,
    pub max_escalation_level: Patch<i64>,
    pub auto_close_after: Patch<Option<String>>,
    pub reroute_after: Patch<Option<String>>,
}

impl Input for DeskPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            max_escalation_level: fields.integer("max_escalation_level"),
            auto_close_after: fields.nullable_text("auto_close_after"),
            reroute_after: fields.nullable_text("reroute_after"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            problems.text("name", name.trim(), 1..=100, false);
        }
        if self.max_escalation_level.as_ref().is_some_and(|level| !LEVELS.contains(level)) {
            problems.add("max_escalation_level", "out_of_range", "Must be 1 to 100.");
        }
        for (field, after) in [("auto_close_after", &self.auto_close_after), ("reroute_after", &self.reroute_after)] {
            let Some(after) = after.as_ref().and_then(Option::as_ref) else { continue };
            match parse_duration(after) {
                Ok(after) if after < SHORTEST => {
                    problems.add(field, "out_of_range", "May not be shorter than a minute.");
                }
                Ok(_) => {}
                Err(error) => problems.add(field, "invalid_value", format!("A duration {error}.")),
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
        self.reroute_after.apply(&mut profile.reroute_after);
    }
}

impl Desk {
    /// What the desk calls itself.
    pub async fn profile(&self) -> Result<DeskProfile, Error> {
        Ok(self.snapshot().await?.profile.content.clone())
    }

    /// What the desk calls itself and how it behaves. For administrators.
    pub async fn profile_view(&self, call: impl Into<Call>) -> Result<Single<DeskProfile>, Error> {
        self.single_setting(&call.into(), |snapshot| &snapshot.profile).await
    }

    /// Changes what the desk calls itself and how it behaves. For administrators.
    pub async fn update_profile(
        &self,
        call: impl Into<Call>,
        input: DeskPatch,
        expected: Option<i64>,
    ) -> Result<Single<DeskProfile>, Error> {
        let call = &call.into();
        self.update_single_setting(call, &input, expected, |snapshot| &snapshot.profile, |profile| input.apply(profile))
            .await
    }
}
