//! What the desk promises: its SLA policies, read by staff, made and changed by administrators; and how each ticket
//! stands to them.

mod clock;
mod input;
mod period;
mod report;
mod result;
mod story;
mod what_if;

pub(super) use clock::{follow, strike};
pub use input::{NewSlaPolicy, SlaPolicyPatch};
pub use report::{ReportEdge, SlaAttainment, SlaReport, SlaReportGroup, SlaReportQuery};
pub(crate) use result::results as sla_results;
pub use story::{SlaStory, SlaStoryPolicy};
pub use what_if::{SlaForecast, SlaForecastSample, SlaWhatIf};

use super::recorder::{Recorder, differences};
use super::{Desk, Snapshot, check_version};
use crate::access::Call;
use crate::changes::{Expect, Write};
use crate::condition::parse;
use crate::error::Error;
use crate::event::FieldChanges;
use crate::fold::fold;
use crate::ids::{CalendarId, SlaPolicyId};
use crate::input::{Input, Problems};
use crate::model::{Matching, OnBreach, Priority, Role, SlaPolicy, SlaTargets, Status, Subject, WarnBefore};
use crate::setting::{Document, Setting, Stored};
use crate::sla::{KnownPolicy, SlaPolicies};
use crate::ticket::is_known_target;
use crate::time::Time;
use input::LAST_POSITION;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
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

impl Desk {
    /// The SLA policies in their order. For staff.
    pub async fn sla_policies(&self, call: impl Into<Call>) -> Result<Vec<SlaPolicyView>, Error> {
        call.into().actor.at_least(Role::Agent)?;
        Ok(self.snapshot().await?.sla_policies.iter().map(SlaPolicyView::from).collect())
    }

    /// An SLA policy. For staff.
    pub async fn sla_policy(&self, call: impl Into<Call>, id: SlaPolicyId) -> Result<SlaPolicyView, Error> {
        call.into().actor.at_least(Role::Agent)?;
        known(&self.snapshot().await?.sla_policies, id).map(SlaPolicyView::from)
    }

    /// Makes an SLA policy. For administrators.
    pub async fn create_sla_policy(&self, call: impl Into<Call>, input: NewSlaPolicy) -> Result<SlaPolicyView, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            let policies = &recorder.snapshot.sla_policies;
            if policies.len() >= SlaPolicies::MOST {
                let message = format!("A desk has at most {} SLA policies.", SlaPolicies::MOST);
                return Err(Error::conflict("too_many", message));
            }
            let mut content = new_policy(policies, recorder.now);
            input.0.apply(&mut content);
            let new = Stored { id: self.ids().uuid(recorder.now), version: 1, saved_at: recorder.now, content };
            save(recorder, call, None, new, "sla_policy.created").await
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
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = &known(&snapshot.sla_policies, id)?.stored;
            check_version(expected, old.version)?;
            let mut content = old.content.clone();
            input.apply(&mut content);
            let new = Stored { id: id.0, version: old.version + 1, saved_at: recorder.now, content };
            save(recorder, call, Some(old), new, "sla_policy.updated").await
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
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = &known(&snapshot.sla_policies, id)?.stored;
            check_version(expected, old.version)?;
            let new = Stored { version: old.version + 1, saved_at: recorder.now, ..old.clone() };
            let document = Document { deleted: true, ..document(&new, call)? };
            recorder.bump_settings();
            recorder.write(Write::Setting { document, expect: Expect::Version(old.version) });
            recorder.deed("sla_policy.deleted", Subject::Setting(id.0), &FieldChanges::new());
            recorder.commit().await
        })
        .await
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

fn known(policies: &SlaPolicies, id: SlaPolicyId) -> Result<&KnownPolicy, Error> {
    policies.get(id).ok_or(Error::NotFound("SLA policy"))
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

fn document(policy: &Stored<SlaPolicy>, call: &Call) -> Result<Document, Error> {
    Ok(Document {
        kind: SlaPolicy::KIND.to_owned(),
        id: policy.id,
        owner: None,
        version: policy.version,
        saved_at: policy.saved_at,
        saved_by: call.actor.user_id(),
        deleted: false,
        body: serde_json::to_value(&policy.content).map_err(|e| Error::Internal(Box::new(e)))?,
    })
}

/// Writes a policy that is new or differs from the old one.
async fn save(
    mut recorder: Recorder<'_>,
    call: &Call,
    old: Option<&Stored<SlaPolicy>>,
    new: Stored<SlaPolicy>,
    action: &str,
) -> Result<SlaPolicyView, Error> {
    let snapshot = Arc::clone(&recorder.snapshot);
    // Conditions that were let in once are no reason to refuse another change.
    let is_read = old.is_none_or(|old| old.content.conditions != new.content.conditions);
    check(&snapshot, new.id, &new.content, is_read)?;
    let changes = differences(old.map(|old| &old.content), &new.content);
    let view = SlaPolicyView::from(&KnownPolicy::new(new.clone(), &snapshot.custom_fields));
    if old.is_some() && changes.is_empty() {
        let unchanged = old.map(|old| KnownPolicy::new(old.clone(), &snapshot.custom_fields));
        return Ok(unchanged.as_ref().map_or(view, SlaPolicyView::from));
    }
    let expect = old.map_or(Expect::New, |old| Expect::Version(old.version));
    recorder.bump_settings();
    recorder.write(Write::Setting { document: document(&new, call)?, expect });
    recorder.deed(action, Subject::Setting(new.id), &changes);
    recorder.answer(|| &view)?;
    recorder.commit().await?;
    Ok(view)
}
