//! Calendars at work on a desk: whose time counts by which, what edits change, and what rules ask of them.

use crate::house::{House, code, fields, key};
use crate::rule::add;
use chrono::TimeDelta;
use serde_json::json;
use ticketing_core::desk::{Assignment, CalendarPatch, CalendarView, NewCalendar, NewTeam, TeamPatch, TicketPatch};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::{Calendar, FormerHours, Priority, WeeklyHours};
use ticketing_core::setting::{Setting, Stored};
use ticketing_core::time::Time;

/// Every day from one hour to another.
fn daily(start: &str, end: &str) -> WeeklyHours {
    let slots = json!([{"start": start, "end": end}]);
    let week: serde_json::Map<_, _> =
        WeeklyHours::DAYS.iter().map(|(day, _)| ((*day).to_owned(), slots.clone())).collect();
    serde_json::from_value(week.into()).unwrap()
}

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

async fn make(house: &House, name: &str, start: &str, end: &str, is_default: bool) -> CalendarView {
    let mut new = NewCalendar::new(name, "UTC", daily(start, end));
    new.0.is_default = Patch::Set(is_default);
    house.desk.create_calendar(&house.admin, new).await.unwrap()
}

/// The calendar as it is stored, former hours too.
async fn stored(house: &House, view: &CalendarView) -> Calendar {
    let snapshot = house.desk.snapshot().await.unwrap();
    snapshot.calendars.get(view.id).unwrap().stored.content.clone()
}

#[tokio::test]
async fn a_team_works_by_its_own_calendar_else_by_the_desks_else_always() {
    let house = House::new().await;
    let night = at("2026-01-15T03:00:00Z");
    let opens = async |team| {
        let snapshot = house.desk.snapshot().await.unwrap();
        snapshot.calendars.of_team(team).next_open(night).unwrap()
    };
    assert_eq!(opens(Some(house.billing)).await, night);
    let office = make(&house, "Office", "09:00", "17:00", true).await;
    let early = make(&house, "Early", "06:00", "14:00", false).await;
    assert_eq!(opens(Some(house.billing)).await, at("2026-01-15T09:00:00Z"));
    let own = TeamPatch { calendar_id: Patch::Set(Some(early.id)), ..TeamPatch::default() };
    house.desk.update_team(&house.manager, house.billing, own, None).await.unwrap();
    assert_eq!(opens(Some(house.billing)).await, at("2026-01-15T06:00:00Z"));
    assert_eq!(opens(None).await, at("2026-01-15T09:00:00Z"));
    assert_eq!(code(house.desk.delete_calendar(&house.admin, early.id, None).await), "in_use");
    house.desk.delete_calendar(&house.admin, office.id, None).await.unwrap();
    assert_eq!(opens(None).await, night);
    let unknown = NewTeam { calendar_id: Some(office.id), ..NewTeam::new("Night") };
    assert_eq!(fields(house.desk.create_team(&house.manager, unknown).await), ["calendar_id"]);
}

#[tokio::test]
async fn an_edit_leaves_the_time_that_has_passed_as_it_was() {
    let house = House::new().await;
    let office = make(&house, "Office", "08:00", "16:00", true).await;
    let begun = house.desk.now();
    house.pass(60);
    let edit = async |patch: CalendarPatch| {
        house.desk.update_calendar(&house.admin, office.id, patch, None).await.unwrap();
    };
    edit(CalendarPatch { name: Patch::Set("Bureau".to_owned()), ..CalendarPatch::default() }).await;
    assert_eq!(stored(&house, &office).await.earlier, [], "a name is no hours");
    edit(CalendarPatch { weekly_hours: Patch::Set(daily("14:00", "18:00")), ..CalendarPatch::default() }).await;
    let edited = house.desk.now();
    let calendar = stored(&house, &office).await;
    assert_eq!(calendar.earlier, [FormerHours { until: edited, hours: office.hours.clone() }]);
    let snapshot = house.desk.snapshot().await.unwrap();
    let time = snapshot.calendars.default();
    // An hour by the old hours, and none until the new ones begin.
    assert_eq!(time.between(begun, at("2026-01-15T14:00:00Z")), TimeDelta::hours(1));
    assert_eq!(time.add(begun, TimeDelta::hours(2)), Some(at("2026-01-15T15:00:00Z")));
}

#[tokio::test]
async fn a_new_default_takes_the_place_of_the_other_in_one_commit() {
    let house = House::new().await;
    let first = make(&house, "First", "08:00", "16:00", true).await;
    let before = house.desk.store().settings_version().await.unwrap();
    let second = make(&house, "Second", "09:00", "17:00", true).await;
    assert_eq!(house.desk.store().settings_version().await.unwrap(), before + 1);
    let all = house.desk.calendars(&house.agent).await.unwrap();
    let told: Vec<_> = all.iter().map(|one| (one.id, one.is_default, one.version)).collect();
    assert_eq!(told, [(first.id, false, 2), (second.id, true, 1)]);
    let history = house.desk.store().document_history(Calendar::KIND, first.id.0, 10).await.unwrap();
    let former: Stored<Calendar> = Stored::try_from(&history[1]).unwrap();
    assert!(former.content.is_default, "what it was is kept");
}

#[tokio::test]
async fn calendars_are_for_staff_and_their_making_for_administrators() {
    let house = House::new().await;
    let office = make(&house, "Office", "09:00", "17:00", false).await;
    assert_eq!(code(house.desk.calendars(&house.customer).await), "forbidden");
    assert_eq!(code(house.desk.calendar(&house.customer, office.id).await), "forbidden");
    assert_eq!(house.desk.calendar(&house.agent, office.id).await.unwrap(), office);
    let new = || NewCalendar::new("Other", "UTC", daily("09:00", "17:00"));
    assert_eq!(code(house.desk.create_calendar(&house.manager, new()).await), "forbidden");
    let patch = CalendarPatch::default;
    assert_eq!(code(house.desk.update_calendar(&house.manager, office.id, patch(), None).await), "forbidden");
    assert_eq!(code(house.desk.delete_calendar(&house.manager, office.id, None).await), "forbidden");
    assert_eq!(code(house.desk.import_holidays(&house.manager, office.id, "", true).await), "forbidden");
    assert_eq!(code(house.desk.update_calendar(&house.admin, office.id, patch(), Some(7)).await), "stale_version");
    let nothing = NewCalendar(CalendarPatch::default());
    assert_eq!(fields(house.desk.create_calendar(&house.admin, nothing).await), ["name", "time_zone", "weekly_hours"]);
}

#[tokio::test]
async fn rules_know_whether_the_tickets_team_works() {
    let house = House::new().await;
    let rule = json!({
        "name": "Nobody is here", "trigger_type": "priority_change",
        "trigger_conditions": [{"field": "business_hours", "operator": "equals", "value": false}],
        "actions": [{"type": "add_tags", "params": {"tags": ["night"]}}],
    });
    add(&house, rule).await;
    let tags = async |priority: Priority, team: Option<ticketing_core::TeamId>| {
        let ticket = house.ticket().await;
        let to = Assignment { team_id: Patch::Set(team), ..Assignment::default() };
        house.desk.assign_ticket(&house.admin, &key(&ticket), to, None).await.unwrap();
        let patch = TicketPatch::from_json(json!({"priority": priority})).unwrap();
        let changed = house.desk.update_ticket(&house.admin, &key(&ticket), patch, None).await.unwrap();
        json!(changed)["tags"].clone()
    };
    // It is ten o'clock.
    assert_eq!(tags(Priority::High, None).await, json!([]), "without calendars it is never closed");
    make(&house, "Late", "12:00", "20:00", true).await;
    assert_eq!(tags(Priority::High, None).await, json!(["night"]));
    assert_eq!(tags(Priority::High, Some(house.billing)).await, json!(["night"]));
    let early = make(&house, "Early", "06:00", "11:00", false).await;
    let own = TeamPatch { calendar_id: Patch::Set(Some(early.id)), ..TeamPatch::default() };
    house.desk.update_team(&house.manager, house.billing, own, None).await.unwrap();
    assert_eq!(tags(Priority::High, Some(house.billing)).await, json!([]), "the team has its own");
    house.pass(60);
    assert_eq!(tags(Priority::High, Some(house.billing)).await, json!(["night"]));
}
