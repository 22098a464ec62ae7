#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test may panic, and json! makes values")]

mod story;

use super::*;
use crate::calendar::Calendars;
use crate::conformance::sample::Sample;
use crate::ids::CalendarId;
use crate::model::{Calendar, CustomFields, Priority, Role, Sla, SlaMetric, SlaPolicy, Status, Ticket};
use crate::setting::Stored;
use crate::time::Time;
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

const BERLIN: Uuid = Uuid::from_u128(0x019b_b000_0000_7000_8000_0000_0000_0001);
const GOLD: Uuid = Uuid::from_u128(0x019b_b000_0000_7000_8000_0000_0000_0002);

/// A desk with a calendar and a policy, and a ticket on it.
struct Scene {
    calendars: Calendars,
    policies: SlaPolicies,
    ticket: Ticket,
    stations: Vec<Station>,
}

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

fn stored<T>(id: Uuid, version: i64, saved_at: Time, content: T) -> Stored<T> {
    Stored { id, version, saved_at, content }
}

/// Nine to six on weekdays, closed on the first of May.
fn berlin() -> Stored<Calendar> {
    let day = json!([{ "start": "09:00", "end": "18:00" }]);
    let content = json!({
        "name": "Berlin", "time_zone": "Europe/Berlin", "is_default": true, "created_at": "2026-01-01T00:00:00Z",
        "weekly_hours": { "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day },
        "holidays": [{ "date": "--05-01", "name": "May Day" }], "periods": [], "earlier": [],
    });
    stored(BERLIN, 1, at("2026-01-01T00:00:00Z"), serde_json::from_value(content).unwrap())
}

fn policy(version: i64, saved_at: &str, more: Value) -> Stored<SlaPolicy> {
    let mut content = json!({
        "name": "Gold", "description": null, "calendar_id": null, "warn_before": null, "position": 0, "conditions": [], "match": "all", "is_active": true,
        "targets": { "medium": { "first_response": "1h", "next_response": "2h", "resolution": "9h" },
            "high": { "first_response": "30m", "next_response": "1h", "resolution": "4h" } },
        "pause_on": ["pending", "on_hold"], "created_at": "2026-01-01T00:00:00Z",
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        content[key] = value.clone();
    }
    stored(GOLD, version, at(saved_at), serde_json::from_value(content).unwrap())
}

impl Scene {
    fn new(created: &str, more: Value) -> Self {
        let sample = Sample::new(1);
        let customer = sample.user("Cleo", Role::Customer);
        let created = at(created);
        let ticket = Ticket {
            created_at: created,
            updated_at: created,
            priority: Priority::Medium,
            last_status_change_at: Some(created),
            ..sample.ticket(&customer)
        };
        let policies = SlaPolicies::new(vec![policy(1, "2026-01-01T00:00:00Z", more)], &CustomFields::default());
        let calendars = Calendars::new(vec![berlin()], []);
        let mut scene = Self { calendars, policies, ticket, stations: Vec::new() };
        scene.change(created, None, |_| ());
        scene
    }

    /// One change at a moment. Answers what was over before.
    fn change(&mut self, now: Time, said: Option<Said>, change: impl FnOnce(&mut Ticket)) -> Vec<Struck> {
        let before = self.ticket.clone();
        let mut ticket = before.clone();
        let struck = ticket.sla.as_deref_mut().map(|sla| strike(sla, now)).unwrap_or_default();
        change(&mut ticket);
        if ticket.status != before.status {
            ticket.last_status_change_at = Some(now);
            ticket.resolved_at = (ticket.status == Status::Resolved).then_some(now);
        }
        if said == Some(Said::Staff) {
            ticket.first_responded_at.get_or_insert(now);
        }
        let before = (!self.stations.is_empty()).then_some(&before);
        ticket.sla = follow(before, &ticket, said, &self.policies, &self.calendars, now).map(Box::new);
        self.stations.push(Station { at: now, ticket: ticket.clone() });
        self.ticket = ticket;
        struck
    }

    /// Its policy becomes this one, and the ticket is planned anew.
    fn replan(&mut self, now: &str, edited: Stored<SlaPolicy>) {
        self.policies = SlaPolicies::new(vec![edited], &CustomFields::default());
        self.ticket.sla = replan(&self.ticket, &self.policies, &self.calendars, at(now)).map(Box::new);
    }

    fn status(&mut self, now: &str, status: Status) -> Vec<Struck> {
        self.change(at(now), None, |ticket| ticket.status = status)
    }

    fn sla(&self) -> &Sla {
        self.ticket.sla.as_deref().unwrap()
    }

    fn due(&self, metric: SlaMetric) -> Option<Time> {
        self.sla().clock(metric).unwrap().due_at
    }

    fn story(&self, now: Time) -> Vec<ClockStory> {
        tell(&self.ticket, self.stations.clone(), &self.calendars, now)
    }

    /// Why the stretches of a clock count or do not, and how long each is, in minutes.
    fn told(&self, metric: SlaMetric, now: &str) -> Vec<(Why, i64)> {
        let clock = self.story(at(now)).into_iter().find(|clock| clock.metric == metric).unwrap();
        clock.stretches.into_iter().map(|one| (one.why, (one.to - one.from).num_minutes())).collect()
    }
}

#[test]
fn a_promise_made_on_friday_evening_is_over_after_the_holiday() {
    // 17:50 in Berlin: ten minutes are left of the day, then a weekend; the first of May is a Friday.
    let scene = Scene::new("2026-04-30T15:50:00Z", json!({ "warn_before": "20%" }));
    assert_eq!(scene.due(SlaMetric::FirstResponse), Some(at("2026-05-04T07:50:00Z")));
    let clock = scene.sla().first_response.as_ref().unwrap();
    assert_eq!(clock.warn_at, Some(at("2026-05-04T07:38:00Z")));
    assert_eq!(scene.due(SlaMetric::Resolution), Some(at("2026-05-04T15:50:00Z")));
    assert_eq!(scene.ticket.sla_due_at(), Some(at("2026-05-04T07:50:00Z")));
    let story = scene.story(at("2026-05-04T07:20:00Z"));
    let first = &story[0];
    assert_eq!((first.spent_seconds, first.left_seconds, first.state), (1_800, 1_800, ClockState::Running));
    let whys: Vec<&Why> = first.stretches.iter().map(|stretch| &stretch.why).collect();
    let closed = Why::Closed { holidays: vec!["May Day".to_owned()] };
    assert_eq!(whys, [&Why::Counted, &closed, &Why::Counted]);
}

#[test]
fn waiting_for_the_customer_gives_working_time_back() {
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({}));
    scene.status("2026-03-02T09:00:00Z", Status::Pending);
    assert_eq!(scene.sla().paused_since, Some(at("2026-03-02T09:00:00Z")));
    assert_eq!((scene.due(SlaMetric::Resolution), scene.ticket.sla_due_at()), (None, None));
    // A change while it waits does not begin the wait anew.
    scene.change(at("2026-03-02T10:00:00Z"), None, |ticket| ticket.tags.push("seen".to_owned()));
    assert_eq!(scene.sla().paused_since, Some(at("2026-03-02T09:00:00Z")));
    scene.status("2026-03-03T08:00:00Z", Status::Open);
    // One of nine hours has counted; eight of the next day's nine are left.
    assert_eq!(scene.due(SlaMetric::Resolution), Some(at("2026-03-03T16:00:00Z")));
    let story = scene.story(at("2026-03-03T09:00:00Z"));
    let resolution = story.iter().find(|clock| clock.metric == SlaMetric::Resolution).unwrap();
    assert_eq!(resolution.spent_seconds, 7_200);
    assert_eq!(resolution.stretches[1].why, Why::Paused { status: Status::Pending });
}

#[test]
fn a_raised_priority_shortens_what_is_left_and_may_end_it_at_once() {
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({}));
    scene.change(at("2026-03-02T08:20:00Z"), None, |ticket| ticket.priority = Priority::High);
    assert_eq!(scene.due(SlaMetric::FirstResponse), Some(at("2026-03-02T08:30:00Z")));
    assert_eq!(scene.due(SlaMetric::Resolution), Some(at("2026-03-02T12:00:00Z")));
    scene.change(at("2026-03-02T08:25:00Z"), None, |ticket| ticket.priority = Priority::Medium);
    let mut late = Scene::new("2026-03-02T08:00:00Z", json!({}));
    late.change(at("2026-03-02T08:45:00Z"), None, |ticket| ticket.priority = Priority::High);
    assert_eq!(late.due(SlaMetric::FirstResponse), Some(at("2026-03-02T08:45:00Z")));
    let struck = late.change(at("2026-03-02T08:45:01Z"), None, |_| ());
    assert_eq!((struck.len(), struck[0].metric, struck[0].is_breach), (1, SlaMetric::FirstResponse, true));
    assert!(late.ticket.is_sla_breached());
    // It stays broken with more time, and is told once.
    assert_eq!(late.change(at("2026-03-02T08:46:00Z"), None, |ticket| ticket.priority = Priority::Medium), []);
    assert!(late.sla().first_response.as_ref().unwrap().breached_at.is_some());
}

#[test]
fn each_word_of_the_customer_asks_for_an_answer_of_its_own() {
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({}));
    scene.change(at("2026-03-02T08:05:00Z"), Some(Said::Customer), |_| ());
    assert_eq!(scene.sla().next_response, None, "the first response is owed already");
    scene.change(at("2026-03-02T08:10:00Z"), Some(Said::Staff), |_| ());
    assert_eq!(scene.sla().first_response.as_ref().unwrap().met_at, Some(at("2026-03-02T08:10:00Z")));
    scene.change(at("2026-03-02T09:00:00Z"), Some(Said::Customer), |_| ());
    scene.change(at("2026-03-02T09:30:00Z"), Some(Said::Customer), |_| ());
    assert_eq!(scene.due(SlaMetric::NextResponse), Some(at("2026-03-02T11:00:00Z")), "from the first unanswered");
    assert_eq!(scene.sla().next_due(), Some((SlaMetric::NextResponse, at("2026-03-02T11:00:00Z"))));
    let struck = scene.change(at("2026-03-02T11:00:00Z"), Some(Said::Staff), |_| ());
    assert_eq!(struck.len(), 1, "at its end it is over");
    let resolution = scene.due(SlaMetric::Resolution).map(|due_at| (SlaMetric::Resolution, due_at));
    assert!(scene.sla().next_due() == resolution && resolution.is_some(), "what was answered late is owed no longer");
    scene.change(at("2026-03-02T12:00:00Z"), Some(Said::Customer), |_| ());
    let clock = scene.sla().next_response.as_ref().unwrap();
    assert_eq!((clock.started_at, clock.breached_at), (at("2026-03-02T12:00:00Z"), None), "each time anew");
    assert!(scene.ticket.is_sla_breached(), "what was broken once was broken");
}

#[test]
fn what_is_resolved_stands_still_and_goes_on_when_it_is_opened_again() {
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({}));
    scene.change(at("2026-03-02T08:30:00Z"), Some(Said::Staff), |_| ());
    scene.status("2026-03-02T10:00:00Z", Status::Resolved);
    assert_eq!(scene.ticket.sla_due_at(), None);
    assert_eq!(scene.status("2026-03-09T10:00:00Z", Status::Open), []);
    // Two of nine hours had counted.
    assert_eq!(scene.due(SlaMetric::Resolution), Some(at("2026-03-09T17:00:00Z")));
    let resolution = scene.sla().resolution.as_ref().unwrap();
    assert_eq!((resolution.met_at, resolution.breached_at), (None, None));
    // Less time than has counted is over now, not when the former end was.
    scene.status("2026-03-09T14:00:00Z", Status::Resolved);
    scene.change(at("2026-03-16T10:00:00Z"), None, |ticket| {
        (ticket.status, ticket.priority) = (Status::Open, Priority::High);
    });
    assert_eq!(scene.due(SlaMetric::Resolution), Some(at("2026-03-16T10:00:00Z")));
}

#[test]
fn an_edited_policy_counts_from_its_edit_on() {
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({}));
    // All time counts from ten on; the ticket is planned anew an hour later.
    let targets = json!({ "medium": { "resolution": "12h", "working_time": false } });
    let edited = policy(2, "2026-03-02T10:00:00Z", json!({ "targets": targets }));
    scene.policies = SlaPolicies::new(vec![edited], &CustomFields::default());
    scene.change(at("2026-03-02T11:00:00Z"), None, |_| ());
    let first = scene.sla().first_response.as_ref().unwrap();
    assert_eq!((first.target, first.breached_at), (0, Some(at("2026-03-02T09:00:00Z"))), "it is promised no longer");
    assert_eq!(scene.due(SlaMetric::Resolution), Some(at("2026-03-02T20:00:00Z")));
    assert_eq!(scene.sla().policy.unwrap().version, 2);
}

#[test]
fn a_ticket_that_no_policy_is_for_has_no_clocks() {
    let conditions = json!([{ "field": "tags", "operator": "contains", "value": "gold" }]);
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({ "conditions": conditions }));
    assert_eq!(scene.ticket.sla, None);
    scene.change(at("2026-03-02T09:00:00Z"), None, |ticket| ticket.tags.push("Gold".to_owned()));
    // What was promised counts from the ticket's creation.
    assert_eq!(scene.due(SlaMetric::Resolution), Some(at("2026-03-02T17:00:00Z")));
    scene.change(at("2026-03-02T09:30:00Z"), None, |ticket| ticket.tags.clear());
    assert_eq!((scene.sla().policy, scene.ticket.sla_due_at()), (None, None));
    // The clock has gone on meanwhile.
    scene.change(at("2026-03-02T10:00:00Z"), None, |ticket| ticket.tags.push("Gold".to_owned()));
    assert_eq!(scene.due(SlaMetric::Resolution), Some(at("2026-03-02T17:00:00Z")));
}

#[test]
fn a_warning_comes_once_and_not_with_the_breach() {
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({ "warn_before": "15m" }));
    assert_eq!(scene.change(at("2026-03-02T08:44:59Z"), None, |_| ()), []);
    let struck = scene.change(at("2026-03-02T08:45:00Z"), None, |_| ());
    assert_eq!((struck.len(), struck[0].is_breach), (1, false));
    assert_eq!(scene.change(at("2026-03-02T08:50:00Z"), None, |_| ()), []);
    let struck = scene.change(at("2026-03-02T09:30:00Z"), None, |_| ());
    assert_eq!((struck.len(), struck[0].is_breach, struck[0].due_at), (1, true, at("2026-03-02T09:00:00Z")));
    let mut asleep = Scene::new("2026-03-02T08:00:00Z", json!({ "warn_before": "15m" }));
    let struck = asleep.change(at("2026-03-02T09:30:00Z"), None, |_| ());
    assert_eq!((struck.len(), struck[0].is_breach), (1, true), "who slept through the warning hears of the end");
}

#[test]
fn the_calendar_of_the_policy_goes_before_the_default() {
    let more = json!({ "calendar_id": CalendarId(Uuid::from_u128(9)) });
    // There is no such calendar any more: the default counts.
    let scene = Scene::new("2026-04-30T15:50:00Z", more);
    assert_eq!(scene.due(SlaMetric::FirstResponse), Some(at("2026-05-04T07:50:00Z")));
}

#[test]
fn what_was_over_before_it_was_promised_was_over_then() {
    let conditions = json!([{ "field": "tags", "operator": "contains", "value": "gold" }]);
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({ "conditions": conditions }));
    scene.change(at("2026-03-09T09:00:00Z"), None, |ticket| ticket.tags.push("gold".to_owned()));
    let struck = scene.change(at("2026-03-09T09:00:01Z"), None, |_| ());
    let due: Vec<Time> = struck.iter().map(|one| one.due_at).collect();
    assert_eq!(due, [at("2026-03-02T09:00:00Z"), at("2026-03-02T17:00:00Z")]);
    // And what nobody has told yet keeps its end, whatever is edited meanwhile.
    let mut slept = Scene::new("2026-03-02T08:00:00Z", json!({}));
    slept.policies = SlaPolicies::new(
        vec![policy(2, "2026-03-03T10:00:00Z", json!({ "warn_before": "5m" }))],
        &CustomFields::default(),
    );
    let ticket = slept.ticket.clone();
    let sla = follow(Some(&ticket), &ticket, None, &slept.policies, &slept.calendars, at("2026-03-03T10:00:05Z"));
    assert_eq!(sla.unwrap().first_response.unwrap().due_at, Some(at("2026-03-02T09:00:00Z")));
}

#[test]
fn another_default_calendar_counts_from_now_on() {
    let mut scene = Scene::new("2026-03-06T16:00:00Z", json!({}));
    // An hour of Friday has counted; on Sunday the desk begins to work round the clock.
    let always = json!([{ "start": "00:00", "end": "24:00" }]);
    let mut other = berlin();
    other.id = Uuid::from_u128(0x019b_b000_0000_7000_8000_0000_0000_0003);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let week: serde_json::Map<_, _> = days.map(|day| (day.to_owned(), always.clone())).into_iter().collect();
    let mut content = serde_json::to_value(&other.content).unwrap();
    content["weekly_hours"] = week.into();
    other.content = serde_json::from_value(content).unwrap();
    let mut former = berlin();
    former.content.is_default = false;
    scene.calendars = Calendars::new(vec![former, other], []);
    scene.change(at("2026-03-08T12:00:00Z"), None, |_| ());
    // Eight of nine hours are left.
    assert_eq!(scene.due(SlaMetric::Resolution), Some(at("2026-03-08T20:00:00Z")));
}

#[test]
fn a_word_that_nothing_was_promised_for_counts_once_something_is() {
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({}));
    scene.change(at("2026-03-02T08:10:00Z"), Some(Said::Staff), |ticket| ticket.priority = Priority::Low);
    scene.change(at("2026-03-02T09:00:00Z"), Some(Said::Customer), |_| ());
    assert_eq!(scene.ticket.sla_due_at(), None);
    scene.change(at("2026-03-02T09:30:00Z"), None, |ticket| ticket.priority = Priority::Medium);
    assert_eq!(scene.due(SlaMetric::NextResponse), Some(at("2026-03-02T11:00:00Z")));
}

#[test]
fn while_no_policy_is_for_it_a_ticket_waits_as_it_did() {
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({}));
    scene.status("2026-03-02T09:00:00Z", Status::Pending);
    scene.policies = SlaPolicies::default();
    scene.change(at("2026-03-02T10:00:00Z"), None, |_| ());
    assert_eq!((scene.sla().policy, scene.ticket.sla_due_at()), (None, None));
    scene.policies = SlaPolicies::new(vec![policy(2, "2026-03-03T08:00:00Z", json!({}))], &CustomFields::default());
    scene.status("2026-03-03T08:00:00Z", Status::Open);
    assert_eq!(scene.due(SlaMetric::Resolution), Some(at("2026-03-03T16:00:00Z")));
}

#[test]
fn an_end_that_never_comes_wakes_nobody() {
    let day = json!([{ "start": "09:00", "end": "12:00" }]);
    let content = json!({
        "name": "Fair", "time_zone": "Europe/Berlin", "is_default": true, "created_at": "2026-01-01T00:00:00Z",
        "weekly_hours": {}, "holidays": [], "earlier": [],
        "periods": [{ "name": null, "from": "2026-03-02", "until": "2026-03-02", "weekly_hours": { "monday": day } }],
    });
    let fair: Calendar = serde_json::from_value(content).unwrap();
    let mut scene = Scene::new("2026-03-02T08:00:00Z", json!({ "warn_before": "80%" }));
    scene.calendars = Calendars::new(vec![stored(BERLIN, 2, at("2026-03-02T08:00:00Z"), fair)], []);
    scene.change(at("2026-03-02T08:30:00Z"), Some(Said::Staff), |_| ());
    assert_eq!((scene.due(SlaMetric::Resolution), scene.sla().wake_at()), (None, None));
}
