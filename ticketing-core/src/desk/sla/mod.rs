//! What the desk promises: its SLA policies, read by staff, made and changed by administrators; and how each ticket
//! stands to them.

mod clock;
mod input;
mod report;
mod result;
mod story;
mod team;
mod what_if;

pub(super) use clock::{follow, is_untold, strike};
pub use input::{NewSlaPolicy, SlaPolicyPatch};
pub use report::{SlaAttainment, SlaReport, SlaReportGroup, SlaReportQuery};
pub(crate) use result::results as sla_results;
pub use story::{SlaStory, SlaStoryPolicy};
pub use team::{MemberReport, TeamReport, TeamReportQuery, Took};
pub use what_if::{SlaForecast, SlaForecastSample, SlaWhatIf};

use super::recorder::Recorder;
use super::setting::Kind;
use super::{Desk, Snapshot};
use crate::access::Call;
use crate::condition::parse;
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{CalendarId, SlaPolicyId};
use crate::input::Problems;
use crate::model::{Matching, OnBreach, Priority, Role, SlaPolicy, SlaTargets, Status, WarnBefore};
use crate::setting::Stored;
use crate::sla::{KnownPolicy, SlaPolicies};
use crate::ticket::is_known_target;
use crate::time::Time;
use input::LAST_POSITION;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How far behind the last policy a new one is put, so that others fit between.
const STEP: i64 = 10;

/// An SLA policy as staff see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // The fields are the policy's own; see `model::SlaPolicy`.
pub struct SlaPolicyView {
    pub id: SlaPolicyId,
    pub name: String,
    pub description: Option<String>,
    pub position: i32,
    pub conditions: Value,
    #[serde(rename = "match")]
    pub matching: Matching,
    pub calendar_id: Option<CalendarId>,
    pub targets: BTreeMap<Priority, SlaTargets>,
    pub pause_on: Vec<Status>,
    pub warn_before: Option<WarnBefore>,
    pub on_breach: Option<OnBreach>,
    pub is_active: bool,
    /// Whether it can't be read any more, because a field that it asks for is gone: it is for no ticket then.
    pub is_broken: bool,
    /// For conditional changes.
    pub version: i64,
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

impl From<&KnownPolicy> for SlaPolicyView {
    fn from(known: &KnownPolicy) -> Self {
        let stored = &known.stored;
        let policy = stored.content.clone();
        Self {
            id: known.id(),
            name: policy.name,
            description: policy.description,
            position: policy.position,
            conditions: policy.conditions,
            matching: policy.matching,
            calendar_id: policy.calendar_id,
            targets: policy.targets,
            pause_on: policy.pause_on,
            warn_before: policy.warn_before,
            on_breach: policy.on_breach,
            is_active: policy.is_active,
            is_broken: !known.is_readable(),
            version: stored.version,
            created_at: policy.created_at,
            updated_at: stored.saved_at,
        }
    }
}

impl Kind for SlaPolicy {
    const ONE: &'static str = "SLA policy";
    const MANY: &'static str = "SLA policies";
    const LIMIT: usize = SlaPolicies::MOST;
    const READERS: Role = Role::Agent;
    type View = SlaPolicyView;

    fn all(snapshot: &Snapshot) -> impl Iterator<Item = &Stored<Self>> {
        snapshot.sla_policies.iter().map(|known| &known.stored)
    }

    async fn view(_: &Desk, snapshot: &Snapshot, stored: &Stored<Self>) -> Result<SlaPolicyView, Error> {
        Ok((&KnownPolicy::new(stored.clone(), &snapshot.custom_fields)).into())
    }

    async fn prepare(recorder: &mut Recorder<'_>, old: Option<&Stored<Self>>, new: &Stored<Self>) -> Result<(), Error> {
        // Conditions that were let in once are no reason to refuse another change.
        let is_read = old.is_none_or(|old| old.content.conditions != new.content.conditions);
        check(&recorder.snapshot, new.id, &new.content, is_read)
    }
}

impl Desk {
    /// The SLA policies in their order. For staff.
    pub async fn sla_policies(&self, call: impl Into<Call>) -> Result<Vec<SlaPolicyView>, Error> {
        call.into().actor.at_least(Role::Agent)?;
        Ok(self.snapshot().await?.sla_policies.iter().map(SlaPolicyView::from).collect())
    }

    /// An SLA policy. For staff.
    pub async fn sla_policy(&self, call: impl Into<Call>, id: SlaPolicyId) -> Result<SlaPolicyView, Error> {
        self.setting::<SlaPolicy>(&call.into(), id.0).await
    }

    /// Makes an SLA policy. For administrators.
    pub async fn create_sla_policy(&self, call: impl Into<Call>, input: NewSlaPolicy) -> Result<SlaPolicyView, Error> {
        let input = &input;
        self.create_setting(&call.into(), input, |recorder, _| {
            let mut policy = new_policy(&recorder.snapshot.sla_policies, recorder.now);
            input.0.apply(&mut policy);
            Ok(policy)
        })
        .await
    }

    /// Changes an SLA policy. What has counted stays counted; the open tickets under it are planned anew. For
    /// administrators.
    pub async fn update_sla_policy(
        &self,
        call: impl Into<Call>,
        id: SlaPolicyId,
        input: SlaPolicyPatch,
        expected: Option<i64>,
    ) -> Result<SlaPolicyView, Error> {
        let input = &input;
        self.update_setting(&call.into(), input, id.0, expected, |_, mut policy| {
            input.apply(&mut policy);
            Ok(policy)
        })
        .await
    }

    /// Deletes an SLA policy: its tickets are under the next one that is for them. For administrators.
    pub async fn delete_sla_policy(
        &self,
        call: impl Into<Call>,
        id: SlaPolicyId,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        self.delete_setting::<SlaPolicy>(&call.into(), id.0, expected).await
    }
}

/// What a new policy is before anything is said of it: behind all others.
fn new_policy(policies: &SlaPolicies, now: Time) -> SlaPolicy {
    let last = policies.iter().map(|known| i64::from(known.stored.content.position)).max();
    let behind = last.map_or(0, |last| last + STEP).min(LAST_POSITION);
    SlaPolicy {
        name: String::new(),
        description: None,
        position: i32::try_from(behind).unwrap_or(i32::MAX),
        conditions: json!([]),
        matching: Matching::All,
        calendar_id: None,
        targets: BTreeMap::new(),
        pause_on: vec![Status::Pending, Status::OnHold],
        warn_before: None,
        on_breach: None,
        is_active: true,
        created_at: now,
    }
}

fn known_before(snapshot: &Snapshot, id: Uuid) -> Option<&SlaPolicy> {
    snapshot.sla_policies.get(SlaPolicyId(id)).map(|known| &known.stored.content)
}

/// Holds a policy against the desk: its name is its own, its calendar is there, its conditions can be read.
fn check(snapshot: &Snapshot, id: Uuid, policy: &SlaPolicy, is_read: bool) -> Result<(), Error> {
    let mut problems = Problems::default();
    let name = fold(&policy.name);
    let is_taken = |known: &KnownPolicy| known.stored.id != id && fold(&known.stored.content.name) == name;
    if snapshot.sla_policies.iter().any(is_taken) {
        problems.add("name", "duplicate", "There is an SLA policy of this name already.");
    }
    if policy.calendar_id.is_some_and(|id| snapshot.calendars.get(id).is_none()) {
        problems.add("calendar_id", "unknown", "There is no such calendar.");
    }
    let is_new_target = known_before(snapshot, id).is_none_or(|old| old.on_breach != policy.on_breach);
    let to = policy.on_breach.and_then(|on_breach| on_breach.to).filter(|_| is_new_target);
    if to.is_some_and(|to| !is_known_target(&snapshot.directory, to)) {
        problems.add("on_breach.to", "unknown", "Is neither an active member of staff nor an active team.");
    }
    if is_read && let Err(errors) = parse(&policy.conditions, "conditions", &snapshot.custom_fields) {
        problems.extend(errors);
    }
    problems.finish()
}
