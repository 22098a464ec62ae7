//! What a team gets done, counted for the team that had the ticket then.

use crate::house::{House, code, fields, id, key};
use serde_json::json;
use ticketing_core::access::Actor;
use ticketing_core::desk::{
    Assignment, MemberReport, NewComment, NewMerge, NewTeam, NewTicket, ReportEdge, TeamReport, TeamReportQuery,
    TicketPatch,
};
use ticketing_core::ids::TeamId;
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::Status;
use ticketing_core::model::view::TicketView;

async fn report(house: &House, team: TeamId) -> TeamReport {
    house.desk.team_report(&house.manager, team, TeamReportQuery::default()).await.unwrap()
}

async fn given(house: &House) -> TicketView {
    let body = json!({
        "subject": "Refund", "description": "Where is it?", "team_id": house.billing,
        "assigned_agent_id": id(&house.agent), "customer_id": id(&house.customer),
    });
    house.desk.create_ticket(&house.admin, NewTicket::from_json(body).unwrap()).await.unwrap()
}

async fn set(house: &House, actor: &Actor, ticket: &TicketView, status: Status) {
    let patch = TicketPatch { status: Patch::Set(status), ..TicketPatch::default() };
    house.desk.update_ticket(actor, &key(ticket), patch, None).await.unwrap();
}

async fn moved(house: &House, ticket: &TicketView, team: TeamId) {
    let assignment = Assignment::from_json(json!({ "team_id": team, "agent_id": id(&house.agent) })).unwrap();
    house.desk.assign_ticket(&house.admin, &key(ticket), assignment, None).await.unwrap();
}

fn counts(report: &TeamReport) -> [u64; 6] {
    let TeamReport { created, joined, left, resolved, reopened, backlog, .. } = report;
    [*created, *joined, *left, *resolved, *reopened, *backlog]
}

#[tokio::test]
async fn what_happens_counts_where_it_happened() {
    let house = &House::new().await;
    let other = house.desk.create_team(&house.admin, NewTeam::new("Other")).await.unwrap().id;
    assert_eq!(counts(&report(house, other).await), [0; 6]);
    let first = given(house).await;
    let second = given(house).await;
    house.pass(10);
    let answer = NewComment::from_json(json!({ "body": "Here" })).unwrap();
    house.desk.add_comment(&house.agent, &key(&first), answer).await.unwrap();
    house.pass(20);
    set(house, &house.agent, &first, Status::Resolved).await;
    moved(house, &second, other).await;
    set(house, &house.admin, &second, Status::Closed).await;
    house.pass(1);
    set(house, &house.admin, &first, Status::Open).await;
    let of_billing = report(house, house.billing).await;
    assert_eq!(counts(&of_billing), [2, 0, 1, 1, 1, 1]);
    let took = of_billing.first_response;
    let minutes = |minutes: i64| Some(minutes * 60);
    assert_eq!((took.count, took.median_seconds, took.p90_seconds), (1, minutes(10), minutes(10)));
    assert_eq!((of_billing.resolution.count, of_billing.resolution.mean_seconds), (1, minutes(30)));
    assert_eq!(counts(&report(house, other).await), [0, 1, 0, 1, 0, 0]);
    let [amy] = &*of_billing.members else { panic!("one member") };
    assert_eq!((amy.name.as_deref(), amy.is_member, amy.open), (Some("amy"), true, Some(1)));
    assert_eq!((amy.first_responses, amy.resolved, amy.mean_resolution_seconds), (1, 1, minutes(30)));
    // Nobody is in the other team; who did something there is told all the same.
    let theirs = report(house, other).await.members;
    let [MemberReport { user_id, is_member: false, resolved: 1, open: None, .. }] = &*theirs else {
        panic!("{theirs:?}")
    };
    assert_eq!(*user_id, Some(id(&house.agent)));
}

#[tokio::test]
async fn a_ticket_that_goes_into_another_is_not_resolved_by_that() {
    let house = &House::new().await;
    let (source, target) = (given(house).await, given(house).await);
    house
        .desk
        .merge_ticket(&house.admin, &key(&source), NewMerge { into: key(&target), confirm_other_customer: false })
        .await
        .unwrap();
    assert_eq!(counts(&report(house, house.billing).await)[3..], [0, 0, 1]);
    house.desk.unmerge_ticket(&house.admin, &key(&source)).await.unwrap();
    assert_eq!(counts(&report(house, house.billing).await)[3..], [0, 0, 2]);
}

#[tokio::test]
async fn a_stretch_is_part_of_it_and_managers_are_told() {
    let house = &House::new().await;
    given(house).await;
    house.pass(60 * 24 * 2);
    given(house).await;
    let day = |text: &str| Some(ReportEdge::Day(text.parse().unwrap()));
    let query = TeamReportQuery { from: day("2026-01-15"), to: day("2026-01-15"), time_zone: None };
    let first = house.desk.team_report(&house.manager, house.billing, query).await.unwrap();
    assert_eq!(counts(&first), [1, 0, 0, 0, 0, 2], "the backlog is of now");
    let never = TeamReportQuery { from: day("2026-01-16"), to: day("2026-01-15"), time_zone: None };
    assert_eq!(fields(house.desk.team_report(&house.manager, house.billing, never).await), ["from"]);
    for actor in [&house.agent, &house.customer] {
        assert_eq!(code(house.desk.team_report(actor, house.billing, query).await), "forbidden");
    }
}
