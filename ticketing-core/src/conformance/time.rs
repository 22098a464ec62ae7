//! Working time: kept whole, seen with its ticket, counted exactly.

use super::sample::{add, change, euros};
use super::trial::{ALL, Trial};
use super::world::World;
use super::{area, refused};
use crate::access::Scope;
use crate::changes::Write;
use crate::ids::{OrganizationId, TeamId, TicketId, TimeEntryId, UserId};
use crate::model::{Money, Role, Stopwatch, Ticket, TimeEntry, TimeSpent, User};
use crate::port::{IdSource, StoreError, Unique};
use crate::query::{TimeFilter, TimeQuery};
use crate::report::{TimeGroup, TimeGrouping, TimeTally, TimeTallyQuery};
use crate::time::Time;
use chrono::TimeDelta;
use std::collections::BTreeMap;

area!["time":
    is_read_back_whole,
    a_change_leaves_what_people_may_not_change,
    what_is_taken_away_is_gone,
    an_entry_needs_its_ticket,
    pages_go_from_the_latest_back,
    what_is_asked_for_is_listed_and_counted,
    whoever_sees_a_ticket_sees_its_time,
    what_overlaps_has_time_in_common,
    periods_part_what_is_counted,
    any_grouping_adds_up_to_the_whole,
    time_goes_along_with_its_ticket_and_back,
    a_person_has_one_stopwatch,
    a_stopwatch_becomes_an_entry_in_one_commit,
];

/// A customer, an agent and the customer's ticket.
async fn scene(t: &Trial) -> (User, User, Ticket) {
    let (customer, agent) = (t.sample.user("Lea", Role::Customer), t.sample.user("Max", Role::Agent));
    let ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&agent), add(&ticket)]).await;
    (customer, agent, ticket)
}

async fn one(t: &Trial, id: TimeEntryId) -> Option<TimeEntry> {
    t.store.time_entry(&ALL, id).await.expect("an entry is read")
}

async fn listed(t: &Trial, scope: &Scope, filter: &TimeFilter) -> Vec<TimeEntryId> {
    let query = TimeQuery { filter: filter.clone(), before: None, limit: 1_000 };
    t.store.time_entries(scope, &query).await.expect("entries are read").into_iter().map(|entry| entry.id).collect()
}

async fn counted(t: &Trial, scope: &Scope, filter: &TimeFilter, group_by: TimeGrouping) -> Vec<TimeTally> {
    let query = TimeTallyQuery { filter: filter.clone(), group_by, limit: 1_000 };
    let mut tallies = t.store.time_report(scope, &query).await.expect("time is counted");
    tallies.sort_unstable();
    tallies
}

fn on(tickets: &[TicketId]) -> TimeFilter {
    TimeFilter { tickets: Some(tickets.to_vec()), ..TimeFilter::default() }
}

/// All that a reader sees of some entries, worked out from these alone.
fn expected(entries: &[TimeEntry], group: impl Fn(&TimeEntry) -> TimeGroup) -> Vec<TimeTally> {
    let mut tallies: BTreeMap<_, TimeTally> = BTreeMap::new();
    for entry in entries {
        let (group, amount) = (group(entry), entry.amount());
        let currency = amount.map(|money| money.currency);
        let zero = TimeSpent::default();
        let none = TimeTally { group, currency, hours: zero, billable_hours: zero, entries: 0, amount_minor: 0 };
        let tally = tallies.entry((group, currency)).or_insert(none);
        tally.hours += entry.hours;
        tally.billable_hours += if entry.is_billable { entry.hours } else { zero };
        tally.entries += 1;
        tally.amount_minor += amount.map_or(0, |money| money.amount_minor);
    }
    tallies.into_values().collect()
}

async fn is_read_back_whole(t: &Trial) {
    let (_, agent, mut ticket) = scene(t).await;
    ticket.organization_id = None;
    let whole = TimeEntry {
        organization_id: Some(OrganizationId(t.sample.uuid())),
        team_id: Some(TeamId(t.sample.uuid())),
        ..t.sample.time_entry(&ticket, &agent)
    };
    let bare = TimeEntry {
        hours: TimeSpent::LEAST,
        is_billable: false,
        description: None,
        started_at: None,
        ended_at: None,
        rate: None,
        ..t.sample.time_entry(&ticket, &agent)
    };
    // Without a payer it keeps its price, and earns nothing.
    let unpaid = TimeEntry { is_billable: false, ended_at: None, ..t.sample.time_entry(&ticket, &agent) };
    t.commit(vec![add(&whole), add(&bare), add(&unpaid)]).await;
    for entry in [&whole, &bare, &unpaid] {
        assert_eq!(one(t, entry.id).await.as_ref(), Some(entry));
    }
    assert_eq!(one(t, TimeEntryId(t.sample.uuid())).await, None);
    let other = TimeEntry { id: whole.id, ..t.sample.time_entry(&ticket, &agent) };
    refused!(t.attempt(vec![add(&other)]).await, StoreError::Duplicate(Unique::Id), "an id that is there");
}

async fn a_change_leaves_what_people_may_not_change(t: &Trial) {
    let (customer, agent, ticket) = scene(t).await;
    let other = t.sample.ticket(&customer);
    let mut entry = t.sample.time_entry(&ticket, &agent);
    t.commit(vec![add(&other), add(&entry)]).await;
    let mut stale = entry.clone();
    let at = t.sample.now();
    let write = change(&mut entry, |entry| {
        entry.hours = TimeSpent::hundredths(7);
        entry.is_billable = false;
        entry.description = None;
        (entry.started_at, entry.ended_at) = (None, None);
        entry.updated_at = at;
    });
    // It says that it is on another ticket, of another person; that is not its to say.
    let Write::TimeEntry { entry: mut written, expect } = write else { panic!("an entry") };
    (written.ticket_id, written.logged_on, written.user_id) = (other.id, other.id, customer.id);
    t.commit(vec![Write::TimeEntry { entry: written, expect }]).await;
    assert_eq!(one(t, entry.id).await, Some(entry.clone()));
    assert_eq!(listed(t, &ALL, &on(&[ticket.id])).await, [entry.id]);
    let late = change(&mut stale, |entry| entry.hours = TimeSpent::MOST);
    refused!(t.attempt(vec![late]).await, StoreError::Conflict, "a stale version");
    assert_eq!(one(t, entry.id).await, Some(entry));
}

async fn what_is_taken_away_is_gone(t: &Trial) {
    let (_, agent, ticket) = scene(t).await;
    let entry = t.sample.time_entry(&ticket, &agent);
    t.commit(vec![add(&entry)]).await;
    let gone = |version| Write::DeleteTimeEntry { id: entry.id, version };
    refused!(t.attempt(vec![gone(2)]).await, StoreError::Conflict, "another version");
    t.commit(vec![gone(1)]).await;
    assert_eq!(one(t, entry.id).await, None);
    assert_eq!(counted(t, &ALL, &TimeFilter::default(), TimeGrouping::Whole).await, []);
    refused!(t.attempt(vec![gone(1)]).await, StoreError::Conflict, "it is gone");
}

async fn an_entry_needs_its_ticket(t: &Trial) {
    let (customer, agent, _) = scene(t).await;
    let ticket = t.sample.ticket(&customer);
    let (entry, stopwatch) = (t.sample.time_entry(&ticket, &agent), t.sample.stopwatch(&ticket, &agent));
    for write in [add(&entry), add(&stopwatch)] {
        refused!(t.attempt(vec![write]).await, StoreError::Missing("ticket"), "there is no such ticket");
    }
    // One that is made in the same commit is there.
    t.commit(vec![add(&stopwatch), add(&entry), add(&ticket)]).await;
    assert_eq!(one(t, entry.id).await, Some(entry));
}

async fn pages_go_from_the_latest_back(t: &Trial) {
    let (_, agent, ticket) = scene(t).await;
    let begin = t.sample.now();
    let mut entries = Vec::new();
    for place in 0..9 {
        // Some count at the same moment, and one at when it was logged.
        let started_at = (place != 4).then_some(begin + TimeDelta::days(place / 2));
        entries.push(TimeEntry { started_at, ended_at: None, ..t.sample.time_entry(&ticket, &agent) });
    }
    t.commit(entries.iter().map(add).collect()).await;
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at(), entry.id)));
    for filter in [TimeFilter::default(), on(&[ticket.id])] {
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let query = TimeQuery { filter: filter.clone(), before, limit: 2 };
            let page = t.store.time_entries(&ALL, &query).await.expect("entries are read");
            let Some(last) = page.last() else { break };
            before = Some((last.at(), last.id));
            found.extend(page);
        }
        assert_eq!(found, entries);
    }
    let span = t.store.time_span(&ALL, &TimeFilter::default()).await.expect("the span is read");
    assert_eq!(span, Some((entries[8].at(), entries[0].at())));
    let nobodys = TimeFilter { user_id: Some(UserId(t.sample.uuid())), ..TimeFilter::default() };
    assert_eq!(t.store.time_span(&ALL, &nobodys).await.expect("the span is read"), None);
}

async fn what_is_asked_for_is_listed_and_counted(t: &Trial) {
    let (customer, agent, ticket) = scene(t).await;
    let (other, second) = (t.sample.ticket(&customer), t.sample.user("Eva", Role::Agent));
    t.commit(vec![add(&other), add(&second)]).await;
    let base = t.sample.time_entry(&ticket, &agent);
    let of = |more: TimeEntry| TimeEntry { id: TimeEntryId(t.sample.uuid()), ..more };
    let entries = [
        base.clone(),
        of(TimeEntry { user_id: second.id, ..base.clone() }),
        of(TimeEntry { ticket_id: other.id, logged_on: other.id, ..base.clone() }),
        of(TimeEntry { customer_id: second.id, ..base.clone() }),
        of(TimeEntry { organization_id: Some(OrganizationId(t.sample.uuid())), ..base.clone() }),
        of(TimeEntry { team_id: Some(TeamId(t.sample.uuid())), ..base.clone() }),
        of(TimeEntry { is_billable: false, ..base.clone() }),
        of(TimeEntry { started_at: Some(base.at() + TimeDelta::microseconds(1)), ..base.clone() }),
    ];
    t.commit(entries.iter().map(add).collect()).await;
    let all = TimeFilter::default();
    let filters = [
        all.clone(),
        TimeFilter { user_id: Some(second.id), ..all.clone() },
        on(&[other.id]),
        on(&[other.id, ticket.id, other.id]),
        on(&[]),
        TimeFilter { customer_id: Some(second.id), ..all.clone() },
        TimeFilter { organization_id: entries[4].organization_id, ..all.clone() },
        TimeFilter { team_id: entries[5].team_id, ..all.clone() },
        TimeFilter { billable: Some(false), ..all.clone() },
        TimeFilter { billable: Some(true), user_id: Some(agent.id), ..on(&[ticket.id]) },
        TimeFilter { from: Some(entries[7].at()), ..all.clone() },
        TimeFilter { to: Some(entries[7].at()), ..all.clone() },
        TimeFilter { from: Some(entries[7].at()), to: Some(entries[7].at()), ..all.clone() },
        TimeFilter { from: Some(entries[7].at()), to: Some(base.at()), ..on(&[ticket.id]) },
    ];
    for filter in filters {
        let wanted = |entry: &&TimeEntry| {
            filter.from.is_none_or(|from| entry.at() >= from)
                && filter.to.is_none_or(|to| entry.at() < to)
                && filter.tickets.as_ref().is_none_or(|tickets| tickets.contains(&entry.ticket_id))
                && filter.user_id.is_none_or(|id| entry.user_id == id)
                && filter.customer_id.is_none_or(|id| entry.customer_id == id)
                && filter.organization_id.is_none_or(|id| entry.organization_id == Some(id))
                && filter.team_id.is_none_or(|id| entry.team_id == Some(id))
                && filter.billable.is_none_or(|billable| entry.is_billable == billable)
        };
        let held: Vec<TimeEntry> = entries.iter().filter(wanted).cloned().collect();
        let mut ids: Vec<_> = held.iter().map(|entry| entry.id).collect();
        let mut found = listed(t, &ALL, &filter).await;
        ids.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, ids, "{filter:?}");
        let tallies = counted(t, &ALL, &filter, TimeGrouping::Whole).await;
        assert_eq!(tallies, expected(&held, |_| TimeGroup::Whole), "{filter:?}");
    }
    let few = TimeTallyQuery { filter: all, group_by: TimeGrouping::Customer, limit: 1 };
    assert_eq!(t.store.time_report(&ALL, &few).await.expect("time is counted").len(), 1);
}

async fn whoever_sees_a_ticket_sees_its_time(t: &Trial) {
    let world = World::of(t).await;
    let agent = &world.staff[0];
    let entries: Vec<TimeEntry> = world.tickets.iter().map(|told| t.sample.time_entry(&told.ticket, agent)).collect();
    t.commit(entries.iter().map(add).collect()).await;
    let (user_id, teams) = (agent.id, vec![world.teams[0].id]);
    let customer = Scope::Customer { user_id: world.customers[0].id, organization_id: None };
    for scope in [ALL, Scope::Staff { user_id }, Scope::Agent { user_id, teams }, customer] {
        let is_seen = |told: &&TimeEntry| {
            let ticket = world.tickets.iter().find(|one| one.ticket.id == told.ticket_id);
            scope.sees_internal() && ticket.is_some_and(|told| scope.sees(&told.ticket))
        };
        let seen: Vec<TimeEntry> = entries.iter().filter(is_seen).cloned().collect();
        let all = TimeFilter::default();
        let mut found = listed(t, &scope, &all).await;
        found.sort_unstable();
        assert_eq!(found, seen.iter().map(|entry| entry.id).collect::<Vec<_>>(), "{scope:?}");
        let tallies = counted(t, &scope, &all, TimeGrouping::Ticket).await;
        assert_eq!(tallies, expected(&seen, |entry| TimeGroup::Ticket(entry.ticket_id)), "{scope:?}");
        let span = t.store.time_span(&scope, &all).await.expect("the span is read");
        assert_eq!(span.is_some(), !seen.is_empty(), "{scope:?}");
        for entry in &entries {
            let known = t.store.time_entry(&scope, entry.id).await.expect("an entry is read").is_some();
            let stretch = (entry.at(), entry.at() + TimeDelta::minutes(1));
            let found = t.store.overlapping_time(&scope, user_id, stretch, 1_000).await.expect("entries are read");
            let overlaps = found.iter().any(|one| one.id == entry.id);
            assert_eq!((known, overlaps), (seen.contains(entry), seen.contains(entry)), "{scope:?}");
        }
    }
}

async fn what_overlaps_has_time_in_common(t: &Trial) {
    let (_, agent, ticket) = scene(t).await;
    let begin = t.sample.now();
    let hour = |hours: i32| begin + TimeDelta::hours(1) * hours;
    let entry = |from: i32, to: i32| TimeEntry {
        started_at: Some(hour(from)),
        ended_at: Some(hour(to)),
        ..t.sample.time_entry(&ticket, &agent)
    };
    let other = TimeEntry { user_id: UserId(t.sample.uuid()), ..entry(0, 2) };
    let open = TimeEntry { ended_at: None, ..entry(0, 2) };
    let entries = [entry(-24, 0), entry(-23, 1), entry(0, 1), entry(1, 2), entry(2, 3), entry(0, 24)];
    t.commit(entries.iter().chain([&other, &open]).map(add).collect()).await;
    for (from, to) in [(0, 1), (1, 2), (0, 2), (3, 4), (-24, -23), (24, 48), (-48, -24), (-1, 0)] {
        let found = t.store.overlapping_time(&ALL, agent.id, (hour(from), hour(to)), 10).await;
        let found: Vec<_> = found.expect("entries are read").into_iter().map(|entry| entry.id).collect();
        let mut common: Vec<&TimeEntry> = entries
            .iter()
            .filter(|entry| entry.started_at < Some(hour(to)) && entry.ended_at > Some(hour(from)))
            .collect();
        common.sort_by_key(|entry| (entry.at(), entry.id));
        assert_eq!(found, common.iter().map(|entry| entry.id).collect::<Vec<_>>(), "{from} to {to}");
    }
    let few = t.store.overlapping_time(&ALL, agent.id, (hour(0), hour(2)), 2).await.expect("entries are read");
    assert_eq!(few.len(), 2);
}

async fn periods_part_what_is_counted(t: &Trial) {
    let (_, agent, ticket) = scene(t).await;
    let begin = t.sample.now();
    let hour = |hours: i32| begin + TimeDelta::hours(1) * hours;
    let tick = TimeDelta::microseconds(1);
    let moments = [begin, hour(1) - tick, hour(1), hour(4), hour(5) - tick, hour(9)];
    let entries: Vec<TimeEntry> = moments
        .into_iter()
        .map(|at| TimeEntry { started_at: Some(at), ended_at: None, ..t.sample.time_entry(&ticket, &agent) })
        .collect();
    t.commit(entries.iter().map(add).collect()).await;
    let starts: Vec<Time> = (0..6).map(hour).collect();
    let period = |entry: &TimeEntry| starts.iter().rposition(|start| *start <= entry.at()).unwrap_or_default();
    let whole = TimeFilter { from: Some(begin), to: Some(hour(9) + tick), ..TimeFilter::default() };
    let tallies = counted(t, &ALL, &whole, TimeGrouping::Periods(starts.clone())).await;
    assert_eq!(tallies, expected(&entries, |entry| TimeGroup::Period(period(entry))));
    let part = TimeFilter { from: Some(hour(1)), to: Some(hour(5)), ..TimeFilter::default() };
    let tallies = counted(t, &ALL, &part, TimeGrouping::Periods(starts[1..5].to_vec())).await;
    assert_eq!(tallies, expected(&entries[2..5], |entry| TimeGroup::Period(period(entry) - 1)));
}

/// Random time, counted by everything that it can be counted by.
async fn any_grouping_adds_up_to_the_whole(t: &Trial) {
    let world = World::of(t).await;
    let below = |bound: u64| {
        let mut bytes = [0; 8];
        t.sample.ids.fill(&mut bytes);
        u64::from_le_bytes(bytes) % bound
    };
    let begin = t.sample.now();
    let mut entries = Vec::new();
    let companies = [None, Some(world.organizations[0].id), Some(world.organizations[1].id)];
    let currencies = ["EUR", "USD", "JPY"];
    for _ in 0..t.cases.clamp(100, 1_000) {
        let ticket = &world.tickets[usize::try_from(below(world.tickets.len() as u64)).unwrap()].ticket;
        let agent = &world.staff[usize::try_from(below(2)).unwrap()];
        let number = |bound: u64| i64::try_from(below(bound)).unwrap();
        let rate = Money {
            amount_minor: number(100_000),
            currency: currencies[usize::try_from(below(3)).unwrap()].parse().unwrap(),
        };
        entries.push(TimeEntry {
            hours: TimeSpent::hundredths(1 + number(2_400)),
            is_billable: below(2) == 0,
            started_at: (below(4) > 0).then(|| begin + TimeDelta::minutes(number(400 * 24 * 60))),
            ended_at: None,
            rate: (below(5) > 0).then_some(rate),
            organization_id: companies[usize::try_from(below(3)).unwrap()],
            ..t.sample.time_entry(ticket, agent)
        });
    }
    for some in entries.chunks(100) {
        t.commit(some.iter().map(add).collect()).await;
    }
    let months: Vec<Time> = (0..20).map(|month| begin + TimeDelta::days(month * 30)).collect();
    let days: Vec<Time> = (0..401).map(|day| begin + TimeDelta::days(day)).collect();
    let user_id = world.staff[1].id;
    let part = TimeFilter { from: Some(begin + TimeDelta::days(7)), to: Some(months[5]), ..TimeFilter::default() };
    let scopes = [ALL, Scope::Staff { user_id }, Scope::Agent { user_id, teams: vec![world.teams[1].id] }];
    for scope in &scopes {
        for filter in
            [TimeFilter::default(), TimeFilter { billable: Some(true), ..TimeFilter::default() }, part.clone()]
        {
            let whole = sum(&counted(t, scope, &filter, TimeGrouping::Whole).await);
            for group_by in [
                TimeGrouping::Ticket,
                TimeGrouping::Agent,
                TimeGrouping::Customer,
                TimeGrouping::Organization,
                TimeGrouping::Periods(months.clone()),
                TimeGrouping::Periods(days.clone()),
            ] {
                let groups = counted(t, scope, &filter, group_by.clone()).await;
                assert_eq!(sum(&groups), whole, "{group_by:?} of {filter:?} for {scope:?}");
            }
        }
    }
    let whole = counted(t, &ALL, &TimeFilter::default(), TimeGrouping::Whole).await;
    assert_eq!(whole, expected(&entries, |_| TimeGroup::Whole));
}

/// Hours, payable hours, entries, and what each currency brings.
fn sum(tallies: &[TimeTally]) -> (TimeSpent, TimeSpent, u64, BTreeMap<String, i64>) {
    let mut sum = (TimeSpent::default(), TimeSpent::default(), 0, BTreeMap::new());
    for tally in tallies {
        sum.0 += tally.hours;
        sum.1 += tally.billable_hours;
        sum.2 += tally.entries;
        *sum.3.entry(format!("{:?}", tally.currency)).or_default() += tally.amount_minor;
    }
    sum
}

async fn time_goes_along_with_its_ticket_and_back(t: &Trial) {
    let (customer, agent, first) = scene(t).await;
    let (second, third) = (t.sample.ticket(&customer), t.sample.ticket(&customer));
    t.commit(vec![add(&second), add(&third)]).await;
    let entries: Vec<TimeEntry> =
        [&first, &second, &third].iter().map(|ticket| t.sample.time_entry(ticket, &agent)).collect();
    t.commit(entries.iter().map(add).collect()).await;
    let [a, b, c] = [first.id, second.id, third.id];
    let go = |from, to, logged_on: Option<&[TicketId]>| Write::MoveTime {
        from,
        to,
        logged_on: logged_on.map(<[TicketId]>::to_vec),
    };
    let are_with = async |tickets: [TicketId; 3]| {
        for (entry, ticket_id) in entries.iter().zip(tickets) {
            let moved = TimeEntry { ticket_id, ..entry.clone() };
            assert_eq!(one(t, entry.id).await, Some(moved), "as it is, but for its ticket");
        }
        for ticket in [a, b, c] {
            let there = tickets.iter().filter(|id| **id == ticket).count();
            assert_eq!(listed(t, &ALL, &on(&[ticket])).await.len(), there);
        }
    };
    t.commit(vec![go(a, b, None)]).await;
    are_with([b, b, c]).await;
    t.commit(vec![go(b, c, None)]).await;
    are_with([c, c, c]).await;
    // The first comes out alone, as it went in; then it goes back and both come out together.
    t.commit(vec![go(c, a, Some(&[a]))]).await;
    are_with([a, c, c]).await;
    t.commit(vec![go(a, c, None)]).await;
    t.commit(vec![go(c, b, Some(&[a, b]))]).await;
    are_with([b, b, c]).await;
    t.commit(vec![go(a, c, None), go(c, a, Some(&[]))]).await;
    are_with([b, b, c]).await;
}

async fn a_person_has_one_stopwatch(t: &Trial) {
    let (customer, agent, ticket) = scene(t).await;
    let mut stopwatch = t.sample.stopwatch(&ticket, &agent);
    let read = async |id| t.store.stopwatch(id).await.expect("a stopwatch is read");
    assert_eq!(read(agent.id).await, None);
    t.commit(vec![add(&stopwatch)]).await;
    assert_eq!(read(agent.id).await, Some(stopwatch.clone()));
    assert_eq!(read(customer.id).await, None);
    let again = t.sample.stopwatch(&ticket, &agent);
    refused!(t.attempt(vec![add(&again)]).await, StoreError::Conflict, "there is one already");
    let mut stale = stopwatch.clone();
    let rest = change(&mut stopwatch, |row| {
        (row.running_since, row.counted) = (None, 61_000_001);
        (row.description, row.is_billable) = (None, None);
    });
    t.commit(vec![rest]).await;
    assert_eq!(read(agent.id).await, Some(stopwatch.clone()));
    let late = change(&mut stale, |row| row.counted = 1);
    refused!(t.attempt(vec![late]).await, StoreError::Conflict, "a stale version");
    // Another may begin where this one stands.
    let other = t.sample.ticket(&customer);
    t.commit(vec![add(&other)]).await;
    let switched =
        change(&mut stopwatch, |row| *row = Stopwatch { version: row.version, ..t.sample.stopwatch(&other, &agent) });
    t.commit(vec![switched]).await;
    assert_eq!(read(agent.id).await, Some(stopwatch));
}

async fn a_stopwatch_becomes_an_entry_in_one_commit(t: &Trial) {
    let (_, agent, ticket) = scene(t).await;
    let (stopwatch, entry) = (t.sample.stopwatch(&ticket, &agent), t.sample.time_entry(&ticket, &agent));
    t.commit(vec![add(&stopwatch)]).await;
    let stop = |version| Write::DeleteStopwatch { user_id: agent.id, version };
    refused!(t.attempt(vec![add(&entry), stop(2)]).await, StoreError::Conflict, "another version");
    assert_eq!(one(t, entry.id).await, None, "nothing is logged without it");
    t.commit(vec![add(&entry), stop(1)]).await;
    assert_eq!(one(t, entry.id).await.and_then(|entry| entry.rate), Some(euros(9_999)));
    assert_eq!(t.store.stopwatch(agent.id).await.expect("a stopwatch is read"), None);
    refused!(t.attempt(vec![stop(1)]).await, StoreError::Conflict, "it is gone");
    t.commit(vec![add(&stopwatch)]).await;
}
