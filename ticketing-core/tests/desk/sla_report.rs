//! How well promises were kept, in numbers.

use crate::house::{House, code, fields, id, key};
use serde_json::json;
use std::collections::BTreeMap;
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::desk::{
    Assignment, NewComment, NewMerge, NewSlaPolicy, NewTeam, ReportEdge, SlaAttainment, SlaReport, SlaReportGroup,
    SlaReportQuery, TicketPatch,
};
use ticketing_core::ids::TeamId;
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{Priority, SlaGroupBy, SlaMetric, Status};
use ticketing_core::time::Time;
use ticketing_core::{Actor, Scope};

use SlaMetric::{FirstResponse, NextResponse, Resolution};

/// An hour to answer, two to answer again, a day to resolve.
async fn promise(house: &House) {
    let targets = json!({"first_response": "1h", "next_response": "2h", "resolution": "1d"});
    let urgent = json!({"first_response": "5m", "resolution": "4h"});
    let gold = json!({"name": "Gold", "targets": {"medium": targets, "critical": urgent}});
    house.desk.create_sla_policy(&house.admin, NewSlaPolicy::from_json(gold).unwrap()).await.unwrap();
}

async fn say(house: &House, actor: &Actor, ticket: &TicketView) {
    house.desk.add_comment(actor, &key(ticket), NewComment::public("As I said.")).await.unwrap();
}

async fn edit(house: &House, ticket: &TicketView, patch: TicketPatch) {
    house.desk.update_ticket(&house.admin, &key(ticket), patch, None).await.unwrap();
}

async fn become_status(house: &House, ticket: &TicketView, status: Status) {
    edit(house, ticket, TicketPatch { status: Patch::Set(status), ..TicketPatch::default() }).await;
}

async fn assign(house: &House, ticket: &TicketView, team: Option<TeamId>, agent: Option<&Actor>) {
    let input = Assignment { team_id: Patch::Set(team), agent_id: Patch::Set(agent.map(id)) };
    house.desk.assign_ticket(&house.admin, &key(ticket), input, None).await.unwrap();
}

/// What is due by the clock is done.
async fn work(house: &House) {
    house.desk.workers(WorkOptions::default()).run_due(100).await.unwrap();
}

async fn report_of(house: &House, query: SlaReportQuery) -> SlaReport {
    house.desk.sla_report(&house.manager, query).await.unwrap()
}

async fn by(house: &House, group_by: SlaGroupBy) -> Vec<SlaReportGroup> {
    report_of(house, SlaReportQuery { group_by: Some(group_by), ..SlaReportQuery::default() }).await.groups
}

async fn whole(house: &House) -> BTreeMap<SlaMetric, SlaAttainment> {
    report_of(house, SlaReportQuery::default()).await.metrics
}

fn counts(all: &BTreeMap<SlaMetric, SlaAttainment>, metric: SlaMetric) -> (u64, u64, Option<i64>) {
    let one = all[&metric];
    (one.kept, one.broken, one.mean_seconds)
}

const NONE: (u64, u64, Option<i64>) = (0, 0, None);

#[tokio::test]
async fn promises_are_counted_once_they_are_kept_or_broken() {
    let house = &House::new().await;
    promise(house).await;
    let quick = house.ticket().await;
    let slow = house.ticket().await;
    assert_eq!(counts(&whole(house).await, FirstResponse), NONE);
    house.pass(10);
    say(house, &house.agent, &quick).await;
    assert_eq!(counts(&whole(house).await, FirstResponse), (1, 0, Some(600)));
    house.pass(60);
    assert_eq!(counts(&whole(house).await, FirstResponse), (1, 0, Some(600)), "nobody has looked yet");
    work(house).await;
    let all = whole(house).await;
    assert_eq!(counts(&all, FirstResponse), (1, 1, Some(2_100)));
    assert_eq!((all[&FirstResponse].attainment, all[&Resolution].attainment), (Some(0.5), None));
    // Done late is broken all the same, and takes as long as it took.
    house.pass(50);
    say(house, &house.agent, &slow).await;
    assert_eq!(counts(&whole(house).await, FirstResponse), (1, 1, Some(3_900)));
    // Each word of the customer is a promise of its own.
    for minutes in [30, 90] {
        say(house, &house.customer, &quick).await;
        house.pass(minutes);
        say(house, &house.agent, &quick).await;
    }
    say(house, &house.customer, &quick).await;
    house.pass(121);
    // Noticed by the answer itself: broken and done in one commit.
    say(house, &house.agent, &quick).await;
    assert_eq!(counts(&whole(house).await, NextResponse), (2, 1, Some((30 + 90 + 121) * 60 / 3)));
    let groups = by(house, SlaGroupBy::Metric).await;
    let keys: Vec<_> = groups.iter().map(|group| (group.key.as_deref().unwrap(), group.metrics.len())).collect();
    assert_eq!(keys, [("first_response", 1), ("next_response", 1)]);
    let only = SlaReportQuery { metrics: vec![NextResponse], ..SlaReportQuery::default() };
    let only = report_of(house, only).await;
    assert_eq!(only.metrics.keys().collect::<Vec<_>>(), [&NextResponse]);
    assert_eq!(only.groups.len(), 1);
}

#[tokio::test]
async fn a_ticket_that_goes_into_another_is_not_resolved_by_that() {
    let house = &House::new().await;
    promise(house).await;
    let (source, target, late) = (house.ticket().await, house.ticket().await, house.ticket().await);
    let merge = async |ticket: &TicketView| {
        let into = NewMerge { into: key(&target), confirm_other_customer: false };
        house.desk.merge_ticket(&house.admin, &key(ticket), into).await.unwrap();
    };
    house.pass(10);
    merge(&source).await;
    assert_eq!(counts(&whole(house).await, Resolution), NONE);
    house.pass(20);
    house.desk.unmerge_ticket(&house.admin, &key(&source)).await.unwrap();
    house.pass(5);
    become_status(house, &source, Status::Resolved).await;
    assert_eq!(counts(&whole(house).await, Resolution), (1, 0, Some(900)), "without the time in the other");
    // What was over before is broken, wherever it goes. That the other one is late too is for the clock to tell.
    house.pass(25 * 60);
    merge(&late).await;
    let day = 24 * 60 * 60;
    assert_eq!(counts(&whole(house).await, Resolution), (1, 1, Some(i64::midpoint(900, day))));
}

#[tokio::test]
async fn teams_and_agents_are_those_of_the_moment() {
    let house = &House::new().await;
    promise(house).await;
    let night = house.desk.create_team(&house.admin, NewTeam::new("Night")).await.unwrap().id;
    let (kept, late, unseen) = (house.ticket().await, house.ticket().await, house.ticket().await);
    for ticket in [&kept, &late, &unseen] {
        assign(house, ticket, Some(house.billing), Some(&house.agent)).await;
    }
    house.pass(10);
    say(house, &house.agent, &kept).await;
    assign(house, &kept, Some(night), None).await;
    house.pass(60);
    // It is over while it is Billing's, though only the change that takes it away finds out.
    let taken = Assignment { team_id: Patch::Set(Some(night)), agent_id: Patch::Set(None) };
    house.desk.assign_ticket(&house.admin, &key(&unseen), taken, None).await.unwrap();
    work(house).await;
    assign(house, &late, None, Some(&house.outsider)).await;
    say(house, &house.outsider, &late).await;
    let of_billing = |group: &SlaReportGroup| counts(&group.metrics, FirstResponse);
    let teams = by(house, SlaGroupBy::Team).await;
    assert_eq!(teams.len(), 1, "{teams:?}");
    assert_eq!((teams[0].key.clone(), teams[0].name.as_deref()), (Some(house.billing.to_string()), Some("Billing")));
    assert_eq!(of_billing(&teams[0]), (1, 2, Some((600 + 4_200 + 3_600) / 3)));
    let agents = by(house, SlaGroupBy::Agent).await;
    assert_eq!(agents.len(), 1, "{agents:?}");
    assert_eq!((agents[0].key.clone(), agents[0].name.as_deref()), (Some(id(&house.agent).to_string()), Some("amy")));
    // What is kept counts where the change that keeps it puts the ticket.
    let resolved = Assignment { team_id: Patch::Set(None), agent_id: Patch::Set(Some(id(&house.outsider))) };
    let done = TicketPatch { status: Patch::Set(Status::Resolved), assignment: resolved, ..TicketPatch::default() };
    edit(house, &late, done).await;
    let agents = by(house, SlaGroupBy::Agent).await;
    let outsiders = agents.iter().find(|group| group.name.as_deref() == Some("otto")).unwrap();
    assert_eq!(counts(&outsiders.metrics, Resolution), (1, 0, Some(4_200)));
    let teams = by(house, SlaGroupBy::Team).await;
    assert_eq!((teams.len(), &teams[1].key, &teams[1].name), (2, &None, &None), "in no team's queue: the last");
    let of_night = SlaReportQuery { team_id: Some(night), ..SlaReportQuery::default() };
    assert_eq!(counts(&report_of(house, of_night).await.metrics, FirstResponse), NONE);
    let of_billing = SlaReportQuery { team_id: Some(house.billing), ..SlaReportQuery::default() };
    let billing = report_of(house, of_billing).await.metrics;
    assert_eq!((counts(&billing, FirstResponse).1, counts(&billing, Resolution)), (2, NONE));
}

#[tokio::test]
async fn a_ticket_that_is_opened_again_has_one_promise() {
    let house = &House::new().await;
    promise(house).await;
    let (again, late) = (house.ticket().await, house.ticket().await);
    house.pass(60);
    for ticket in [&again, &late] {
        become_status(house, ticket, Status::Resolved).await;
    }
    assert_eq!(counts(&whole(house).await, Resolution), (2, 0, Some(3_600)));
    house.pass(600);
    for ticket in [&again, &late] {
        become_status(house, ticket, Status::Open).await;
    }
    house.pass(60);
    become_status(house, &again, Status::Resolved).await;
    // What was over has not counted, and the last time counts.
    assert_eq!(counts(&whole(house).await, Resolution), (2, 0, Some(5_400)));
    // Closing what is resolved keeps nothing anew.
    become_status(house, &again, Status::Closed).await;
    assert_eq!(counts(&whole(house).await, Resolution), (2, 0, Some(5_400)));
    house.pass(24 * 60);
    work(house).await;
    assert_eq!(counts(&whole(house).await, Resolution), (1, 1, Some(46_800)));
    become_status(house, &late, Status::Resolved).await;
    let all = whole(house).await;
    assert_eq!((all[&Resolution].kept, all[&Resolution].broken), (1, 1));
    // The hour to answer was over at the very moment when both were resolved first.
    assert_eq!(counts(&all, FirstResponse), (0, 2, Some(3_600)));
}

#[tokio::test]
async fn what_is_resolved_too_late_is_broken_though_nobody_looked_before() {
    let house = &House::new().await;
    promise(house).await;
    let ticket = house.ticket().await;
    house.pass(25 * 60);
    become_status(house, &ticket, Status::Resolved).await;
    let all = whole(house).await;
    assert_eq!(counts(&all, Resolution), (0, 1, Some(25 * 3_600)));
    assert_eq!(counts(&all, FirstResponse), (0, 1, Some(3_600)));
}

#[tokio::test]
async fn what_was_done_before_it_was_promised_is_no_kept_promise() {
    let house = &House::new().await;
    let ticket = house.ticket().await;
    house.pass(10);
    say(house, &house.agent, &ticket).await;
    house.pass(10);
    promise(house).await;
    work(house).await;
    edit(house, &ticket, TicketPatch { category: Patch::Set(Some("Login".into())), ..TicketPatch::default() }).await;
    assert_eq!(counts(&whole(house).await, FirstResponse), NONE);
    house.pass(10);
    become_status(house, &ticket, Status::Resolved).await;
    assert_eq!(counts(&whole(house).await, Resolution), (1, 0, Some(1_800)));
}

#[tokio::test]
async fn what_was_over_before_it_was_promised_is_broken_when_it_is_promised() {
    let house = &House::new().await;
    let ticket = house.ticket().await;
    assign(house, &ticket, Some(house.billing), None).await;
    house.pass(3 * 24 * 60);
    promise(house).await;
    work(house).await;
    work(house).await;
    let report = async |from: &str, to: &str| {
        let day = |text: &str| Some(ReportEdge::Day(text.parse().unwrap()));
        report_of(house, SlaReportQuery { from: day(from), to: day(to), ..SlaReportQuery::default() }).await.metrics
    };
    // It was made on the 15th.
    let before = report("2026-01-15", "2026-01-17").await;
    assert_eq!((counts(&before, FirstResponse), counts(&before, Resolution)), (NONE, NONE));
    let then = report("2026-01-18", "2026-01-18").await;
    assert_eq!((then[&FirstResponse].broken, then[&Resolution].broken), (1, 1));
    // Late by what it was late, all the same.
    let stored = house.desk.store().ticket(&Scope::UPKEEP, &key(&ticket)).await.unwrap().unwrap();
    let over = stored.created_at + chrono::TimeDelta::hours(1);
    assert_eq!(stored.sla.unwrap().first_response.unwrap().breached_at, Some(over));
}

#[tokio::test]
async fn what_is_kept_is_what_was_promised_before() {
    let house = &House::new().await;
    promise(house).await;
    let (raised, new) = (house.ticket().await, house.ticket().await);
    edit(house, &new, TicketPatch { priority: Patch::Set(Priority::Low), ..TicketPatch::default() }).await;
    // In five hours of a day, and not in five of the four that are promised to what is critical.
    house.pass(300);
    for ticket in [&raised, &new] {
        let done = TicketPatch {
            status: Patch::Set(Status::Resolved),
            priority: Patch::Set(Priority::Critical),
            ..TicketPatch::default()
        };
        edit(house, ticket, done).await;
    }
    assert_eq!(counts(&whole(house).await, Resolution), (1, 0, Some(18_000)), "nothing was promised to the other");
    edit(house, &raised, TicketPatch { priority: Patch::Set(Priority::Low), ..TicketPatch::default() }).await;
    let story = house.desk.sla_story(&house.manager, &key(&raised)).await.unwrap();
    let resolution = story.clocks.iter().find(|clock| clock.metric == Resolution).unwrap();
    assert_eq!((resolution.target.to_string().as_str(), resolution.left_seconds), ("1d", 19 * 3_600));
}

#[tokio::test]
async fn what_is_promised_no_longer_is_neither_kept_nor_broken() {
    let house = &House::new().await;
    promise(house).await;
    let (answered, late) = (house.ticket().await, house.ticket().await);
    house.pass(30);
    for ticket in [&answered, &late] {
        edit(house, ticket, TicketPatch { priority: Patch::Set(Priority::Low), ..TicketPatch::default() }).await;
    }
    say(house, &house.agent, &answered).await;
    house.pass(48 * 60);
    work(house).await;
    become_status(house, &late, Status::Resolved).await;
    let all = whole(house).await;
    assert_eq!((counts(&all, FirstResponse), counts(&all, Resolution)), (NONE, NONE));
}

#[tokio::test]
async fn a_promise_that_is_cut_short_has_taken_what_had_counted() {
    let house = &House::new().await;
    promise(house).await;
    let ticket = house.ticket().await;
    house.pass(30);
    edit(house, &ticket, TicketPatch { priority: Patch::Set(Priority::Critical), ..TicketPatch::default() }).await;
    work(house).await;
    let groups = by(house, SlaGroupBy::Priority).await;
    assert_eq!(groups.len(), 1);
    assert_eq!(groups[0].key.as_deref(), Some("critical"));
    assert_eq!(counts(&groups[0].metrics, FirstResponse), (0, 1, Some(1_800)));
    let policies = by(house, SlaGroupBy::Policy).await;
    assert_eq!((policies.len(), policies[0].name.as_deref()), (1, Some("Gold")));
}

#[tokio::test]
async fn days_are_those_of_the_zone_and_those_without_promises_are_told() {
    let house = &House::new().await;
    promise(house).await;
    // 23:50 in Berlin, and ten minutes into the next day.
    house.pass(12 * 60 + 50);
    let tickets = [house.ticket().await, house.ticket().await];
    say(house, &house.agent, &tickets[0]).await;
    house.pass(20);
    say(house, &house.agent, &tickets[1]).await;
    let day = |text: &str| Some(ReportEdge::Day(text.parse().unwrap()));
    let asked = |group_by, zone: &str| SlaReportQuery {
        from: day("2026-01-14"),
        to: day("2026-01-17"),
        group_by: Some(group_by),
        time_zone: Some(zone.parse().unwrap()),
        ..SlaReportQuery::default()
    };
    let kept = |report: &SlaReport| -> Vec<(String, u64)> {
        let one = |group: &SlaReportGroup| (group.key.clone().unwrap(), group.metrics[&FirstResponse].kept);
        report.groups.iter().map(one).collect()
    };
    let expected = |all: &[(&str, u64)]| all.iter().map(|(key, many)| ((*key).to_owned(), *many)).collect::<Vec<_>>();
    let utc = report_of(house, asked(SlaGroupBy::Day, "UTC")).await;
    let days = [("2026-01-14", 0), ("2026-01-15", 2), ("2026-01-16", 0), ("2026-01-17", 0)];
    assert_eq!(kept(&utc), expected(&days));
    let berlin = report_of(house, asked(SlaGroupBy::Day, "Europe/Berlin")).await;
    let days = [("2026-01-14", 0), ("2026-01-15", 1), ("2026-01-16", 1), ("2026-01-17", 0)];
    assert_eq!(kept(&berlin), expected(&days));
    let at = |text: &str| text.parse::<Time>().unwrap();
    assert_eq!((berlin.from, berlin.to), (at("2026-01-13T23:00:00Z"), at("2026-01-17T23:00:00Z")));
    let months = report_of(house, asked(SlaGroupBy::Month, "Europe/Berlin")).await;
    assert_eq!(kept(&months), expected(&[("2026-01", 2)]));
    let weeks = report_of(house, asked(SlaGroupBy::Week, "Pacific/Auckland")).await;
    assert_eq!(kept(&weeks), expected(&[("2026-01-12", 2)]));
    // A moment belongs to it, and so does the end.
    let now = ReportEdge::At(house.desk.now());
    let just = SlaReportQuery { from: Some(now), to: Some(now), ..SlaReportQuery::default() };
    assert_eq!(report_of(house, just).await.metrics[&FirstResponse].kept, 1);
    let later = SlaReportQuery { to: day("2026-01-14"), ..SlaReportQuery::default() };
    assert_eq!(counts(&report_of(house, later).await.metrics, FirstResponse), NONE);
}

#[tokio::test]
async fn a_report_is_for_managers_and_has_its_bounds() {
    let house = &House::new().await;
    for actor in [&house.agent, &house.customer] {
        assert_eq!(code(house.desk.sla_report(actor, SlaReportQuery::default()).await), "forbidden");
    }
    let empty = house.desk.sla_report(&house.admin, SlaReportQuery::default()).await.unwrap();
    assert_eq!((empty.group_by, empty.groups.len(), empty.to), (SlaGroupBy::Metric, 0, house.desk.now()));
    assert_eq!((empty.to - empty.from).num_days(), 30);
    let refused = async |from: &str, to: Option<&str>, group_by| {
        let edge = |text: &str| ReportEdge::Day(text.parse().unwrap());
        let query = SlaReportQuery {
            from: Some(edge(from)),
            to: to.map(edge),
            group_by: Some(group_by),
            ..SlaReportQuery::default()
        };
        fields(house.desk.sla_report(&house.manager, query).await)
    };
    assert_eq!(refused("2025-01-01", Some("2026-02-05"), SlaGroupBy::Day).await, ["group_by"]);
    assert_eq!(refused("0001-01-01", Some("9999-12-31"), SlaGroupBy::Month).await, ["group_by"]);
    assert_eq!(refused("2026-01-16", None, SlaGroupBy::Day).await, ["from"]);
    assert_eq!(refused("2026-01-10", Some("2026-01-09"), SlaGroupBy::Team).await, ["from"]);
}
