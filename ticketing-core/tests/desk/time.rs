//! Time that staff spend: who may, what it is worth, where it goes, and what it adds up to.

use crate::house::{House, code, fields, id, key};
use chrono::{TimeDelta, TimeZone, Utc};
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::access::AgentVisibility;
use ticketing_core::desk::{
    Assignment, DeskOptions, NewMerge, NewTimeEntry, ReportEdge, StopwatchStart, StopwatchStop, TicketPatch,
    TimeEntryPatch, TimeEntryView, TimeGroupBy, TimeList, TimeSelection, TimeSummary, TimeTotals, TimeTrackingPatch,
};
use ticketing_core::input::Patch;
use ticketing_core::memory::{MemoryStore, SeededIds};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{Money, OrganizationRate, Rounding, Status, TimeSpent};
use ticketing_core::query::{AuditQuery, TimeFilter};
use ticketing_core::time::Time;
use ticketing_core::{Actor, Desk};

fn hours(hundredths: i64) -> NewTimeEntry {
    NewTimeEntry { hours: Some(TimeSpent::hundredths(hundredths)), ..NewTimeEntry::default() }
}

fn at(text: &str) -> Time {
    text.parse().unwrap()
}

fn euros(amount_minor: i64) -> Money {
    Money { amount_minor, currency: "EUR".parse().unwrap() }
}

async fn log(house: &House, actor: &Actor, ticket: &TicketView, input: NewTimeEntry) -> TimeEntryView {
    house.desk.log_time(actor, &key(ticket), input).await.unwrap()
}

async fn totals(house: &House, ticket: &TicketView) -> TimeTotals {
    house.desk.ticket_time(&house.admin, &key(ticket), None, 10).await.unwrap().1
}

fn start(ticket: &TicketView) -> StopwatchStart {
    StopwatchStart { ticket: key(ticket), description: Some("Looking".into()), billable: None, switch: false }
}

async fn rule(house: &House, patch: TimeTrackingPatch) {
    house.desk.update_time_tracking(&house.admin, patch, None).await.unwrap();
}

/// How many lines of this action the audit log has, and the newest.
async fn lines(house: &House, action: &str) -> Vec<serde_json::Value> {
    let query = AuditQuery { action: Some(action.to_owned()), limit: 100, ..AuditQuery::default() };
    house.desk.audit(&house.admin, query).await.unwrap().items.into_iter().map(|line| line.detail.changes).collect()
}

#[tokio::test]
async fn staff_log_on_what_they_see_and_correct_their_own() {
    let house = House::new().await;
    let (desk, ticket) = (&house.desk, house.ticket().await);
    let entry = log(&house, &house.agent, &ticket, hours(150)).await;
    assert_eq!(code(desk.log_time(&house.customer, &key(&ticket), hours(1)).await), "forbidden");
    assert_eq!(code(desk.log_time(&house.stranger, &key(&ticket), hours(1)).await), "not_found");
    let more = TimeEntryPatch { hours: Patch::Set(TimeSpent::hundredths(175)), ..TimeEntryPatch::default() };
    let other = desk.update_time_entry(&house.outsider, entry.id, more.clone(), None).await;
    assert_eq!(code(other), "forbidden", "seen, but another's");
    assert_eq!(code(desk.delete_time_entry(&house.outsider, entry.id).await), "forbidden");
    let changed = desk.update_time_entry(&house.agent, entry.id, more.clone(), Some(1)).await.unwrap();
    assert_eq!((changed.hours, changed.version), (TimeSpent::hundredths(175), 2));
    assert_eq!(code(desk.update_time_entry(&house.agent, entry.id, more.clone(), Some(1)).await), "stale_version");
    let same = desk.update_time_entry(&house.manager, entry.id, more, Some(2)).await.unwrap();
    assert_eq!(same.version, 2, "nothing to change");
    assert_eq!(lines(&house, "time_entry.updated").await, [json!({"hours": [1.5, 1.75]})]);
    let closed = TicketPatch { status: Patch::Set(Status::Closed), ..TicketPatch::default() };
    desk.update_ticket(&house.agent, &key(&ticket), closed, None).await.unwrap();
    log(&house, &house.agent, &ticket, hours(5)).await;
    assert_eq!(desk.ticket(&house.admin, &key(&ticket)).await.unwrap().version(), 2, "time is no change of the ticket");
    desk.delete_time_entry(&house.manager, entry.id).await.unwrap();
    assert_eq!(code(desk.time_entry(&house.manager, entry.id).await), "not_found");
    let gone = lines(&house, "time_entry.deleted").await;
    assert_eq!((&gone[0]["hours"], &gone[0]["ticket_id"]), (&json!([1.75, null]), &json!([ticket.id(), null])));
}

#[tokio::test]
async fn hours_follow_from_both_ends_and_must_agree_with_them() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let stretch = |from: &str, to: &str| NewTimeEntry {
        started_at: Some(at(from)),
        ended_at: Some(at(to)),
        ..NewTimeEntry::default()
    };
    let ten = stretch("2026-01-14T09:00:00Z", "2026-01-14T09:10:00Z");
    let entry = log(&house, &house.agent, &ticket, ten.clone()).await;
    assert_eq!(entry.hours, TimeSpent::hundredths(17));
    let agreed = NewTimeEntry { hours: Some(TimeSpent::hundredths(17)), ..ten.clone() };
    log(&house, &house.agent, &ticket, agreed).await;
    let wrong = NewTimeEntry { hours: Some(TimeSpent::hundredths(16)), ..ten.clone() };
    assert_eq!(fields(house.desk.log_time(&house.agent, &key(&ticket), wrong).await), ["hours"]);
    let patch = TimeTrackingPatch {
        round_to_minutes: Patch::Set(15),
        round: Patch::Set(Rounding::Up),
        ..TimeTrackingPatch::default()
    };
    rule(&house, patch).await;
    let rounded = log(&house, &house.agent, &ticket, ten).await;
    assert_eq!(rounded.hours, TimeSpent::hundredths(25));
    let typed = log(&house, &house.agent, &ticket, hours(17)).await;
    assert_eq!(typed.hours, TimeSpent::hundredths(17), "what is typed stays as it is typed");
    assert_eq!(totals(&house, &ticket).await.hours, TimeSpent::hundredths(17 + 17 + 25 + 17));
    // Only another stretch is measured by the new rule.
    let words = TimeEntryPatch { description: Patch::Set(Some(" Read ".into())), ..TimeEntryPatch::default() };
    let worded = house.desk.update_time_entry(&house.agent, entry.id, words, None).await.unwrap();
    assert_eq!((worded.hours, worded.description.as_deref()), (TimeSpent::hundredths(17), Some("Read")));
    let later = TimeEntryPatch { ended_at: Patch::Set(Some(at("2026-01-14T09:20:00Z"))), ..TimeEntryPatch::default() };
    let later = house.desk.update_time_entry(&house.agent, entry.id, later, None).await.unwrap();
    assert_eq!(later.hours, TimeSpent::hundredths(50));
}

#[tokio::test]
async fn what_overlaps_is_kept_and_said() {
    let house = House::new().await;
    let (ticket, other) = (house.ticket().await, house.ticket().await);
    let stretch = |from: &str, to: &str| NewTimeEntry {
        started_at: Some(at(from)),
        ended_at: Some(at(to)),
        ..NewTimeEntry::default()
    };
    let first = log(&house, &house.agent, &ticket, stretch("2026-01-14T09:00:00Z", "2026-01-14T10:00:00Z")).await;
    assert!(first.warnings.is_empty());
    let beside = log(&house, &house.agent, &other, stretch("2026-01-14T10:00:00Z", "2026-01-14T11:00:00Z")).await;
    assert!(beside.warnings.is_empty(), "the one ends as the other begins");
    let both = log(&house, &house.agent, &other, stretch("2026-01-14T09:30:00Z", "2026-01-14T10:30:00Z")).await;
    let [warning] = &both.warnings[..] else { panic!("{both:?}") };
    assert_eq!(warning.code, "overlap");
    let ids: Vec<_> = warning.entries.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [first.id, beside.id]);
    let mate = log(&house, &house.outsider, &ticket, stretch("2026-01-14T09:00:00Z", "2026-01-14T10:00:00Z")).await;
    assert!(mate.warnings.is_empty(), "two people can work at once");
    let back = TimeEntryPatch { started_at: Patch::Set(Some(at("2026-01-14T09:45:00Z"))), ..TimeEntryPatch::default() };
    let back = house.desk.update_time_entry(&house.agent, beside.id, back, None).await.unwrap();
    assert_eq!(back.warnings[0].entries.len(), 2);
    assert!(house.desk.time_entry(&house.agent, both.id).await.unwrap().warnings.is_empty(), "said once");
}

#[tokio::test]
async fn a_price_is_that_of_the_day() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let paid = |hundredths| NewTimeEntry { billable: Some(true), ..hours(hundredths) };
    let free = log(&house, &house.agent, &ticket, paid(100)).await;
    assert_eq!((free.rate, free.amount), (None, None));
    let own = OrganizationRate { organization_id: house.acme, rate: euros(9_000) };
    let patch = TimeTrackingPatch {
        default_rate: Patch::Set(Some(euros(5_000))),
        rates: Patch::Set(vec![own]),
        default_billable: Patch::Set(true),
        ..TimeTrackingPatch::default()
    };
    rule(&house, patch).await;
    let entry = log(&house, &house.agent, &ticket, hours(125)).await;
    assert_eq!((entry.rate, entry.amount), (Some(euros(9_000)), Some(euros(11_250))));
    rule(&house, TimeTrackingPatch { rates: Patch::Set(Vec::new()), ..TimeTrackingPatch::default() }).await;
    let cheaper = log(&house, &house.agent, &ticket, hours(100)).await;
    assert_eq!(cheaper.amount, Some(euros(5_000)));
    let more = TimeEntryPatch { hours: Patch::Set(TimeSpent::hundredths(200)), ..TimeEntryPatch::default() };
    let more = house.desk.update_time_entry(&house.agent, entry.id, more, None).await.unwrap();
    assert_eq!(more.amount, Some(euros(18_000)), "at the price of then");
    let nobodys = TimeEntryPatch { billable: Patch::Set(false), ..TimeEntryPatch::default() };
    let nobodys = house.desk.update_time_entry(&house.agent, entry.id, nobodys, None).await.unwrap();
    assert_eq!((nobodys.rate, nobodys.amount), (Some(euros(9_000)), None));
    let sum = totals(&house, &ticket).await;
    assert_eq!((sum.billable_hours, sum.amounts), (TimeSpent::hundredths(200), vec![euros(5_000)]));
}

#[tokio::test]
async fn time_goes_with_a_merge_and_comes_back() {
    let house = House::new().await;
    let (desk, manager) = (&house.desk, &house.manager);
    let [a, b, c] = [house.ticket().await, house.ticket().await, house.ticket().await];
    for (ticket, hundredths) in [(&a, 1), (&b, 20), (&c, 300)] {
        log(&house, &house.agent, ticket, hours(hundredths)).await;
    }
    let are = async |expected: [i64; 3]| {
        let mut found = Vec::new();
        for ticket in [&a, &b, &c] {
            found.push(totals(&house, ticket).await.hours.as_hundredths());
        }
        assert_eq!(found, expected);
        let whole = desk.time_summary(manager, TimeGroupBy::Ticket, TimeSelection::default()).await.unwrap();
        assert_eq!(whole.totals.hours, TimeSpent::hundredths(321), "nothing is lost or counted twice");
    };
    let merge = async |from: &TicketView, into: &TicketView| {
        let into = NewMerge { into: key(into), confirm_other_customer: false };
        desk.merge_ticket(manager, &key(from), into).await.unwrap();
    };
    merge(&a, &b).await;
    are([0, 21, 300]).await;
    assert_eq!(code(desk.log_time(&house.agent, &key(&a), hours(1)).await), "ticket_merged");
    merge(&b, &c).await;
    are([0, 0, 321]).await;
    desk.unmerge_ticket(manager, &key(&b)).await.unwrap();
    are([0, 21, 300]).await;
    desk.unmerge_ticket(manager, &key(&a)).await.unwrap();
    are([1, 20, 300]).await;
}

#[tokio::test]
async fn a_stopwatch_rests_goes_on_and_outlives_its_process() {
    let store = Arc::new(MemoryStore::new());
    let house = House::on(Arc::clone(&store), |desk| desk).await;
    let ticket = house.ticket().await;
    let agent = &house.agent;
    house.desk.start_stopwatch(agent, start(&ticket)).await.unwrap();
    house.pass(10);
    assert_eq!(house.desk.pause_stopwatch(agent).await.unwrap().elapsed_seconds, 600);
    house.pass(60);
    let rests = house.desk.pause_stopwatch(agent).await.unwrap();
    assert_eq!((rests.elapsed_seconds, rests.is_running), (600, false), "it rests already");
    // Another process, over the same store.
    let clock: Arc<dyn ticketing_core::port::Clock> = Arc::clone(&house.clock) as _;
    let desk = Desk::builder().store(store).clock(clock).ids(Arc::new(SeededIds::new(99))).build().unwrap();
    desk.resume_stopwatch(agent).await.unwrap();
    house.pass(20);
    assert_eq!(desk.stopwatch(agent).await.unwrap().unwrap().elapsed_seconds, 1_800);
    let entry = desk.stop_stopwatch(agent, StopwatchStop::default()).await.unwrap();
    assert_eq!((entry.hours, entry.description.as_deref()), (TimeSpent::hundredths(50), Some("Looking")));
    assert_eq!(entry.started_at, Some(at("2026-01-15T10:00:00Z")));
    assert_eq!(entry.ended_at, None, "its end would say more than it counted");
    assert_eq!(desk.stopwatch(agent).await.unwrap(), None);
    assert_eq!(lines(&house, "time_entry.created").await.len(), 1);
}

#[tokio::test]
async fn a_forgotten_stopwatch_counts_a_day_and_says_so() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    house.desk.start_stopwatch(&house.agent, start(&ticket)).await.unwrap();
    house.pass(24 * 60 + 1);
    let entry = house.desk.stop_stopwatch(&house.agent, StopwatchStop::default()).await.unwrap();
    assert_eq!((entry.hours, entry.warnings[0].code), (TimeSpent::MOST, "capped"));
    assert_eq!(entry.ended_at, Some(at("2026-01-16T10:00:00Z")));
    house.desk.start_stopwatch(&house.agent, start(&ticket)).await.unwrap();
    let least = house.desk.stop_stopwatch(&house.agent, StopwatchStop::default()).await.unwrap();
    assert_eq!(least.hours, TimeSpent::LEAST, "something was done");
}

#[tokio::test]
async fn counted_time_goes_where_its_ticket_went() {
    let house = House::new().await;
    let (ticket, target) = (house.ticket().await, house.ticket().await);
    house.desk.start_stopwatch(&house.agent, start(&ticket)).await.unwrap();
    house.pass(30);
    let into = NewMerge { into: key(&target), confirm_other_customer: false };
    house.desk.merge_ticket(&house.manager, &key(&ticket), into).await.unwrap();
    assert_eq!(code(house.desk.start_stopwatch(&house.outsider, start(&ticket)).await), "ticket_merged");
    let entry = house.desk.stop_stopwatch(&house.agent, StopwatchStop::default()).await.unwrap();
    assert_eq!(entry.ticket_id, target.id(), "no time is lost");
    // It was never on the other, so it stays.
    house.desk.unmerge_ticket(&house.manager, &key(&ticket)).await.unwrap();
    assert_eq!(totals(&house, &target).await.hours, TimeSpent::hundredths(50));
}

#[tokio::test]
async fn an_erased_person_has_no_stopwatch_and_their_time_stays() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    log(&house, &house.outsider, &ticket, hours(50)).await;
    house.desk.start_stopwatch(&house.outsider, start(&ticket)).await.unwrap();
    house.desk.erase_user(&house.admin, id(&house.outsider)).await.unwrap();
    let store = house.desk.store();
    assert_eq!(store.stopwatch(id(&house.outsider)).await.unwrap(), None);
    let (page, sum) = house.desk.ticket_time(&house.admin, &key(&ticket), None, 10).await.unwrap();
    assert_eq!((sum.hours, page.items[0].user.name.as_str()), (TimeSpent::hundredths(50), "Erased person"));
}

#[tokio::test]
async fn agents_sum_up_what_they_see() {
    let house = House::new().await;
    let (desk, seen, hidden) = (&house.desk, house.ticket().await, house.ticket().await);
    log(&house, &house.manager, &seen, hours(10)).await;
    log(&house, &house.manager, &hidden, hours(200)).await;
    let assigned = Assignment { team_id: Patch::Set(Some(house.billing)), ..Assignment::default() };
    desk.assign_ticket(&house.admin, &key(&hidden), assigned, None).await.unwrap();
    let sum = async |actor: &Actor| {
        desk.time_summary(actor, TimeGroupBy::Agent, TimeSelection::default()).await.unwrap().totals.hours
    };
    assert_eq!(sum(&house.outsider).await, TimeSpent::hundredths(10));
    assert_eq!(sum(&house.agent).await, TimeSpent::hundredths(210));
    assert_eq!(sum(&house.manager).await, TimeSpent::hundredths(210));
    assert_eq!(
        code(desk.time_summary(&house.customer, TimeGroupBy::Agent, TimeSelection::default()).await),
        "forbidden"
    );
    let selection = TimeSelection { ticket: Some(key(&hidden)), ..TimeSelection::default() };
    let list = TimeList { selection, limit: 10, count: true, ..TimeList::default() };
    let found = desk.time_entries(&house.outsider, list.clone()).await.unwrap();
    assert_eq!((found.items.len(), found.total), (0, Some(0)));
    assert_eq!(desk.time_entries(&house.agent, list).await.unwrap().total, Some(1));
    let all = DeskOptions { agent_visibility: AgentVisibility::All, ..DeskOptions::default() };
    let open = Desk::builder().store(Arc::clone(desk.store())).options(all).build().unwrap();
    let whole = open.time_summary(&house.outsider, TimeGroupBy::Agent, TimeSelection::default()).await.unwrap();
    assert_eq!(whole.totals.hours, TimeSpent::hundredths(210));
}

/// The sums of all groups together.
fn together(summary: &TimeSummary) -> (i64, i64, u64, i64) {
    let mut sum = (0, 0, 0, 0);
    for item in &summary.items {
        sum.0 += item.totals.hours.as_hundredths();
        sum.1 += item.totals.billable_hours.as_hundredths();
        sum.2 += item.totals.entries;
        sum.3 += item.totals.amounts.iter().map(|money| money.amount_minor).sum::<i64>();
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn any_grouping_adds_up_to_the_whole(
        spent in prop::collection::vec((0_usize..3, 0_usize..3, 1_i64..=2_400, any::<bool>(), 0_i64..500 * 24 * 60), 1..40),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]),
        cut in 0_i64..500,
    ) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
            let house = House::new().await;
            let tickets = [house.ticket().await, house.ticket().await, house.ticket().await];
            let people = [&house.agent, &house.outsider, &house.manager];
            rule(&house, TimeTrackingPatch { default_rate: Patch::Set(Some(euros(7_777))), ..TimeTrackingPatch::default() }).await;
            let begin = Utc.with_ymd_and_hms(2024, 8, 1, 0, 0, 0).unwrap();
            let mut whole = 0;
            for (ticket, person, hundredths, billable, minute) in spent {
                let started_at = Some(begin + TimeDelta::minutes(minute));
                let input = NewTimeEntry { started_at, billable: Some(billable), ..hours(hundredths) };
                log(&house, people[person], &tickets[ticket], input).await;
                whole += hundredths;
            }
            let edge = ReportEdge::At(begin + TimeDelta::days(cut));
            let zone = Some(zone.parse().unwrap());
            let stretches = [(None, None), (Some(edge), None), (None, Some(edge))];
            let mut parts = Vec::new();
            for (from, to) in stretches {
                let selection = TimeSelection { from, to, time_zone: zone, ..TimeSelection::default() };
                let mut sums = Vec::new();
                for group_by in TimeGroupBy::ALL {
                    let told = house.desk.time_summary(&house.admin, *group_by, selection.clone()).await.unwrap();
                    let totals = together(&told);
                    assert_eq!(totals.0, told.totals.hours.as_hundredths(), "{group_by}");
                    assert_eq!(totals.2, told.totals.entries, "{group_by}");
                    sums.push(totals);
                }
                assert!(sums.windows(2).all(|pair| pair[0] == pair[1]), "{sums:?}");
                parts.push(sums[0].0);
            }
            assert_eq!(parts[0], whole);
            let ticket = TimeFilter { user_id: Some(id(&house.agent)), ..TimeFilter::default() };
            let list = TimeList { selection: TimeSelection { filter: ticket.clone(), ..TimeSelection::default() }, limit: 100, ..TimeList::default() };
            let listed: i64 = house.desk.time_entries(&house.admin, list).await.unwrap().items.iter().map(|entry| entry.hours.as_hundredths()).sum();
            let selection = TimeSelection { filter: ticket, ..TimeSelection::default() };
            let summed = house.desk.time_summary(&house.admin, TimeGroupBy::Week, selection).await.unwrap();
            assert_eq!(listed, summed.totals.hours.as_hundredths(), "a list holds what is summed up");
        });
    }
}
