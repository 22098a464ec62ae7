//! Conditions: what a store makes of them is what they mean in memory, whatever they say.

use super::arbitrary;
use super::area;
use super::list::sorts;
use super::sample::{add, change};
use super::trial::{ALL, Trial};
use crate::access::Scope;
use crate::changes::Write;
use crate::condition::{Condition, Field, Literal, Test};
use crate::ids::TicketId;
use crate::model::{Role, Ticket};
use crate::query::{Position, TicketQuery};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

area!["condition":
    random_conditions_find_what_they_hold_for,
    random_conditions_keep_within_the_scope,
    relative_times_follow_the_moment_of_the_query,
    long_lists_of_values_are_compared_with_all,
    deep_conditions_are_understood,
];

const TICKETS: usize = 60;

/// Draws the same values in every run.
fn draw<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>, many: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..many).map(|_| strategy.new_tree(&mut runner).expect("the pools are not empty").current()).collect()
}

/// Stores tickets of the pools, and the people and companies that they name.
async fn population(t: &Trial, drawn: &[Ticket]) -> Vec<Ticket> {
    let mut writes: Vec<Write> = Vec::new();
    for id in arbitrary::organizations() {
        let mut organization = t.sample.organization("Pool");
        organization.id = id;
        writes.push(add(&organization));
    }
    let customers = arbitrary::customers().map(|id| (id, Role::Customer));
    for (id, role) in customers.into_iter().chain(arbitrary::agents().map(|id| (id, Role::Agent))) {
        let mut user = t.sample.user("Pool", role);
        user.id = id;
        writes.push(add(&user));
    }
    let tickets: Vec<Ticket> = drawn.iter().map(|ticket| Ticket { version: 1, ..ticket.clone() }).collect();
    writes.extend(tickets.iter().map(add));
    t.commit(writes).await;
    tickets
}

/// Some tickets become quite others, so that what a store keeps beside them must follow.
async fn shuffle(t: &Trial, tickets: &mut [Ticket], drawn: &[Ticket]) {
    let places: BTreeSet<usize> = (0..10).map(|_| t.sample.ids.below(tickets.len())).collect();
    let writes = places.into_iter().map(|place| {
        let other = drawn[t.sample.ids.below(drawn.len())].clone();
        change(&mut tickets[place], |ticket| {
            let (id, number, version) = (ticket.id, ticket.number.clone(), ticket.version);
            *ticket = Ticket { id, number, version, ..other };
        })
    });
    let writes = writes.collect();
    t.commit(writes).await;
}

/// What the store answers for the condition: the rows of all pages, and the count.
async fn asked(t: &Trial, scope: &Scope, query: &TicketQuery) -> (BTreeSet<TicketId>, usize) {
    let mut query = query.clone();
    let count = t.store.ticket_count(scope, &query).await.expect("tickets are counted");
    let mut found = BTreeSet::new();
    loop {
        let page = t.store.tickets(scope, &query).await;
        let page = page.unwrap_or_else(|error| panic!("a page of {query:?} is read: {error:?}"));
        let Some(last) = page.last() else { break };
        query.after = Some(Position::of_ticket(query.sort, last));
        for ticket in &page {
            assert!(found.insert(ticket.id), "{} is on two pages of {:?}", ticket.number, query.filter);
        }
    }
    (found, usize::try_from(count).expect("a count fits"))
}

/// The tickets about which store and memory disagree, as the store's side of it.
async fn disputed(t: &Trial, scope: &Scope, query: &TicketQuery, tickets: &[Ticket]) -> Option<String> {
    let wanted: BTreeSet<TicketId> = tickets
        .iter()
        .filter(|ticket| scope.sees(ticket) && query.filter.holds(ticket, query.now))
        .map(|ticket| ticket.id)
        .collect();
    let (found, count) = asked(t, scope, query).await;
    if found == wanted && count == wanted.len() {
        return None;
    }
    let rows = tickets.iter().filter(|ticket| found.contains(&ticket.id) != wanted.contains(&ticket.id));
    let rows: Vec<String> = rows
        .take(3)
        .map(|ticket| format!("{} {ticket:?}", if found.contains(&ticket.id) { "found" } else { "missed" }))
        .collect();
    Some(format!("{} wanted, {} found, {count} counted; {}", wanted.len(), found.len(), rows.join("; ")))
}

/// Fails where store and memory disagree, with the smallest part of the condition that they still
/// disagree about.
async fn agree(t: &Trial, scope: &Scope, mut query: TicketQuery, tickets: &[Ticket]) {
    let Some(mut dispute) = disputed(t, scope, &query, tickets).await else { return };
    'smaller: loop {
        let parts = match query.filter.clone() {
            Condition::All(parts) | Condition::Any(parts) => parts,
            Condition::Not(part) => vec![*part],
            Condition::Leaf(_) => Vec::new(),
        };
        for filter in parts {
            let part = TicketQuery { filter, ..query.clone() };
            if let Some(smaller) = disputed(t, scope, &part, tickets).await {
                (query, dispute) = (part, smaller);
                continue 'smaller;
            }
        }
        panic!("{scope:?} {:?} by {:?}, {} a page: {dispute}", query.filter, query.sort, query.limit);
    }
}

/// One of all ways to ask for a list.
fn way(turn: usize, filter: Condition) -> TicketQuery {
    let orders = sorts();
    let sort = orders[turn % orders.len()];
    let limit = [100, 7, 25][turn % 3];
    TicketQuery { filter, sort, after: None, limit, now: arbitrary::now() }
}

async fn random_conditions_find_what_they_hold_for(t: &Trial) {
    let drawn = draw(&arbitrary::ticket(), TICKETS + 200);
    let mut tickets = population(t, &drawn[..TICKETS]).await;
    let conditions = draw(&arbitrary::condition(), t.cases);
    for (turn, condition) in conditions.into_iter().enumerate() {
        if turn % 100 == 99 {
            shuffle(t, &mut tickets, &drawn).await;
        }
        agree(t, &ALL, way(turn, condition), &tickets).await;
    }
}

async fn random_conditions_keep_within_the_scope(t: &Trial) {
    let drawn = draw(&arbitrary::ticket(), TICKETS);
    let tickets = population(t, &drawn).await;
    let (agents, teams) = (arbitrary::agents(), arbitrary::teams());
    let (customers, organizations) = (arbitrary::customers(), arbitrary::organizations());
    let scopes = [
        Scope::Agent { user_id: agents[0], teams: vec![] },
        Scope::Agent { user_id: agents[1], teams: vec![teams[0]] },
        Scope::Customer { user_id: customers[0], organization_id: None },
        Scope::Customer { user_id: customers[1], organization_id: Some(organizations[0]) },
    ];
    let conditions = draw(&arbitrary::condition(), t.cases / 5);
    for (turn, condition) in conditions.into_iter().enumerate() {
        agree(t, &scopes[turn % scopes.len()], way(turn, condition), &tickets).await;
    }
}

async fn relative_times_follow_the_moment_of_the_query(t: &Trial) {
    let drawn = draw(&arbitrary::ticket(), TICKETS);
    let tickets = population(t, &drawn).await;
    let ages = [1, 60, 3_600, 86_400, 2_592_000].map(chrono::TimeDelta::seconds);
    for field in
        [Field::CreatedAt, Field::UpdatedAt, Field::FirstRespondedAt, Field::ResolvedAt, Field::WakeAt, Field::SlaDueAt]
    {
        for age in ages {
            // To the microsecond around the moment at which a ticket grows that old.
            for (place, step) in [(0, -1), (7, 0), (19, 1)] {
                let at = tickets[place].created_at + age + chrono::TimeDelta::microseconds(step);
                let filter = Condition::leaf(field, Test::OlderThan(age));
                for filter in [filter.clone(), Condition::Not(Box::new(filter))] {
                    agree(t, &ALL, TicketQuery { now: at, ..way(place, filter) }, &tickets).await;
                }
            }
        }
    }
}

async fn long_lists_of_values_are_compared_with_all(t: &Trial) {
    let drawn = draw(&arbitrary::ticket(), TICKETS);
    let tickets = population(t, &drawn).await;
    // More than any desk lists, and the one that counts is the last.
    let mut ids: Vec<Literal> = (0..300).map(|_| Literal::Id(t.sample.uuid())).collect();
    ids.push(Literal::Id(arbitrary::customers()[0].0));
    let mut texts: Vec<Literal> = (0..300).map(|place| Literal::Text(format!("tag {place}"))).collect();
    texts.push(Literal::Text("vip".to_owned()));
    for (field, values) in [(Field::CustomerId, ids), (Field::Tags, texts.clone()), (Field::Category, texts)] {
        let filter = Condition::leaf(field, Test::In(values));
        agree(t, &ALL, way(0, filter.clone()), &tickets).await;
        agree(t, &ALL, way(1, Condition::Not(Box::new(filter))), &tickets).await;
    }
}

async fn deep_conditions_are_understood(t: &Trial) {
    let drawn = draw(&arbitrary::ticket(), TICKETS);
    let tickets = population(t, &drawn).await;
    let mut filter = Condition::leaf(Field::Priority, Test::In(vec![Literal::Rank(2)]));
    for level in 0..12 {
        let other = Condition::leaf(Field::Status, Test::In(vec![Literal::Rank(level % 6)]));
        filter = match level % 3 {
            0 => Condition::Any(vec![filter, other]),
            1 => Condition::All(vec![Condition::always(), filter, Condition::Not(Box::new(other))]),
            _ => Condition::Not(Box::new(filter)),
        };
        agree(t, &ALL, way(usize::try_from(level).unwrap(), filter.clone()), &tickets).await;
    }
}
