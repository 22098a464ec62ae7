//! From what rules ask of the outside to the jobs that do it.

use super::dispatch::new_job;
use crate::desk::{Desk, Snapshot};
use crate::ids::{EventId, WorkflowId};
use crate::model::{Job, JobCause, JobKind, Person, RuleRef, Ticket, User, Webhook};
use crate::time::{Time, to_micros};
use crate::webhook::payload::{PayloadError, body, default_body};
use crate::webhook::plan::{Delivery, DirectCall, TRIGGERED};
use crate::webhook::{Hook, Occasion, payload::Triggering, url};
use crate::workflow::action::{Endpoint, Outside};
use crate::workflow::recipient::Target;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Seconds of a minute.
const MINUTE: i64 = 60;
/// The most bytes of a lane's name.
const LONGEST_LANE: usize = 100;

/// A change in which rules asked for something, once it is settled.
#[derive(Clone, Copy)]
pub(in crate::desk) struct AskedOf<'a> {
    /// The settings that the rules are of.
    pub(in crate::desk) snapshot: &'a Snapshot,
    /// The ticket as it is after the commit.
    pub(in crate::desk) ticket: &'a Ticket,
    /// Who asks, where that was looked up; members of staff are known anyway.
    pub(in crate::desk) customer: Option<&'a User>,
    /// The first event of the change; none for a moment that has come.
    pub(in crate::desk) event: Option<EventId>,
    /// When.
    pub(in crate::desk) now: Time,
    /// Who is mailed nothing, since a program of theirs brought the change about.
    pub(in crate::desk) not_to: Option<&'a str>,
}

/// What a job to write a rule's mails carries. The text is the rule's own: whoever made the rule has chosen what it
/// says and to whom.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RuleMail {
    pub(super) to: Vec<Target>,
    pub(super) subject: String,
    pub(super) body: String,
    /// What people call the rule.
    pub(super) rule: String,
    /// A folded address that gets nothing: a program there brought it about, and would answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) not_to: Option<String>,
}

/// What a job to do an action of the application carries.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RuleAction {
    pub(super) action: String,
    pub(super) params: Map<String, Value>,
}

/// What a job to look after a rule carries.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RuleLimit {
    pub(super) workflow_id: WorkflowId,
    /// Whether the minute is over.
    #[serde(default)]
    pub(super) is_last: bool,
}

/// The job that does what a rule asks for, for the commit that holds the change. What is sent is made now, so that it
/// tells of this moment however late it leaves. There is none for what people are told on the desk: the commit tells it.
pub(in crate::desk) fn asked_job(desk: &Desk, of: &AskedOf<'_>, rule: RuleRef, outside: &Outside) -> Option<Job> {
    let (kind, lane, payload) = match outside {
        Outside::Mail { to, subject, body } => {
            let (to, subject, body) = (to.clone(), subject.clone(), body.clone());
            let rule = name(of.snapshot, rule).to_owned();
            (
                JobKind::RuleMail,
                "rule_mail".to_owned(),
                json!(RuleMail { to, subject, body, rule, not_to: of.not_to.map(str::to_owned) }),
            )
        }
        Outside::Notification { .. } => return None,
        Outside::Own { action, params } => {
            let payload = json!(RuleAction { action: action.clone(), params: params.clone() });
            (JobKind::RuleAction, lane("action", action), payload)
        }
        Outside::Call(endpoint) => return Some(call_job(desk, of, rule, endpoint)),
    };
    Some(about(of, rule, new_job(desk, of.now, kind, &lane, payload)))
}

/// The job that looks whether a rule that was held back has to be switched off: one for each minute in which it was.
pub(in crate::desk) fn limit_job(desk: &Desk, workflow_id: WorkflowId, now: Time) -> Job {
    let key = format!("rule_limit/{workflow_id}/{}", now.timestamp().div_euclid(MINUTE));
    look_job(desk, &RuleLimit { workflow_id, is_last: false }, key, now)
}

/// The job that looks once more when the minute of the first look is over: what was held back in it after that look
/// has no job of its own.
pub(super) fn again_job(desk: &Desk, workflow_id: WorkflowId, first: Time, now: Time) -> Job {
    let next = first.timestamp().div_euclid(MINUTE) + 1;
    let key = format!("rule_limit/{workflow_id}/{}/last", next - 1);
    let job = look_job(desk, &RuleLimit { workflow_id, is_last: true }, key, now);
    let over = Time::from_timestamp(next * MINUTE, 0).unwrap_or(now);
    Job { due_at: over.max(job.due_at), ..job }
}

fn look_job(desk: &Desk, limit: &RuleLimit, key: String, now: Time) -> Job {
    let cause = JobCause { rule_id: Some(limit.workflow_id.0), ..JobCause::default() };
    Job { dedupe: Some(key), cause, ..new_job(desk, now, JobKind::RuleLimit, "rule_limit", json!(limit)) }
}

/// The job with what it is about, and why it is there.
fn about(of: &AskedOf<'_>, rule: RuleRef, job: Job) -> Job {
    let cause = JobCause { event_id: of.event, rule_id: Some(rule.id.0), rule_version: Some(rule.version) };
    Job { ticket_id: Some(of.ticket.id), cause, ..job }
}

/// The job that calls an endpoint. A webhook is called whatever types of events it is told of and whatever its filter
/// says: the rule has decided.
fn call_job(desk: &Desk, of: &AskedOf<'_>, rule: RuleRef, endpoint: &Endpoint) -> Job {
    let lane = match endpoint {
        Endpoint::Webhook(id) => Webhook::lane(id.0),
        Endpoint::Url(address) => lane("url", &url::host(address)),
    };
    let job = about(of, rule, new_job(desk, of.now, JobKind::Webhook, &lane, Value::Null));
    // One event may make rules call twice, so the call has an id of its own: its job's.
    let id = EventId(job.id.0);
    let hook = match endpoint {
        Endpoint::Webhook(id) => of.snapshot.webhooks.by_id(id.0),
        Endpoint::Url(_) => None,
    };
    let (body, problem) = match call_body(desk, of, rule, id, hook) {
        Ok(body) => (Some(body), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let event_type = TRIGGERED.to_owned();
    let payload = match endpoint {
        Endpoint::Webhook(webhook_id) => {
            json!(Delivery { webhook_id: *webhook_id, event_id: id, event_type, body, problem })
        }
        Endpoint::Url(url) => json!(DirectCall { url: url.clone(), event_type, body, problem }),
    };
    Job { payload, ..job }
}

/// What is sent: as the webhook has it, where there is one.
fn call_body(
    desk: &Desk,
    of: &AskedOf<'_>,
    rule: RuleRef,
    id: EventId,
    hook: Option<&Hook>,
) -> Result<String, PayloadError> {
    let (ticket, directory) = (of.ticket, &of.snapshot.directory);
    let agent = ticket.assigned_agent_id.and_then(|id| directory.staff(id));
    let team = ticket.team_id.and_then(|id| directory.team(id));
    let occasion = Occasion {
        id,
        name: TRIGGERED,
        at: to_micros(of.now),
        actor: &Person::system(),
        fact: None,
        ticket,
        customer: of.customer.or_else(|| directory.staff(ticket.customer_id)),
        agent_name: agent.map(|user| user.name.as_str()),
        team_name: team.map(|team| team.name.as_str()),
        comment: None,
        workflow: Some(Triggering { id: rule.id, name: name(of.snapshot, rule), version: rule.version }),
    };
    let app_url = &desk.options().app_url;
    match hook {
        Some(hook) => body(hook, &occasion, app_url),
        None => default_body(&occasion, app_url),
    }
}

/// What people call a rule.
fn name(snapshot: &Snapshot, rule: RuleRef) -> &str {
    snapshot.rules.by_id(rule.id.0).map_or("", |entry| entry.stored.content.name.as_str())
}

/// The lane of all that goes to one place, as far as its name fits.
fn lane(kind: &str, place: &str) -> String {
    let mut lane = format!("{kind}/{place}");
    let end = (0..=LONGEST_LANE.min(lane.len())).rev().find(|end| lane.is_char_boundary(*end)).unwrap_or_default();
    lane.truncate(end);
    lane
}

#[cfg(test)]
mod tests {
    use super::lane;

    #[test]
    fn a_lane_is_never_longer_than_a_store_takes() {
        assert_eq!(lane("url", "crm.example"), "url/crm.example");
        assert_eq!(lane("action", &"a".repeat(300)).len(), 100);
        let cut = lane("action", &"ä".repeat(300));
        assert!(cut.len() <= 100 && cut.ends_with('ä'), "{cut}");
    }
}
