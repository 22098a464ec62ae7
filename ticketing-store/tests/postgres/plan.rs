//! How PostgreSQL answers the lists that a desk shows all day: by walking an index, touching little
//! more than the rows of the page.

use crate::{ALL, Database, changes};
use chrono::TimeDelta;
use sqlx::{PgConnection, Row};
use std::collections::BTreeMap;
use std::time::Duration;
use ticketing_core::Scope;
use ticketing_core::Seq;
use ticketing_core::changes::Write;
use ticketing_core::condition::{Bound, Condition, Field, Literal, Test, Viewer};
use ticketing_core::conformance::sample::{Sample, add, tell};
use ticketing_core::event::Fact;
use ticketing_core::ids::TicketKey;
use ticketing_core::model::{CustomFields, Priority, Role, SavedViews, Status, Team, Ticket, User};
use ticketing_core::port::{ActivityRead, Commit, TicketRead};
use ticketing_core::query::{Position, Sort, SortField, TicketQuery};
use ticketing_store::{PgOptions, PgStore};

const TICKETS: usize = 20_000;
const PAGE: usize = 25; // Two pages are fifty rows, so two hundred entries are a short walk.

/// A desk with some history, as a demo generator would commit it: many tickets in each change.
struct Desk {
    database: Database,
    store: PgStore,
    sample: Sample,
    customers: Vec<User>,
    teams: Vec<Team>,
    agents: Vec<User>,
    tickets: Vec<Ticket>,
}

impl Desk {
    async fn with_history() -> Self {
        let database = Database::migrated().await;
        // One connection for reads, so that all of them are counted in one place.
        let options = PgOptions { pool_size: 2, ..PgOptions::default() };
        let store = PgStore::connect_with(database.connect(), options).await.expect("it answers");
        let sample = Sample::new(1);
        let customers: Vec<_> = (0..400).map(|n| sample.user(&format!("Customer {n}"), Role::Customer)).collect();
        let agents: Vec<_> = (0..100).map(|n| sample.user(&format!("Agent {n}"), Role::Agent)).collect();
        let teams: Vec<_> = (0..50).map(|n| sample.team(&format!("Team {n}"))).collect();
        let people = customers.iter().chain(&agents).map(add).chain(teams.iter().map(add)).collect();
        store.commit(changes(&sample, people)).await.expect("they are stored");
        let mut desk = Self { database, store, sample, customers, teams, agents, tickets: Vec::new() };
        for first in (0..TICKETS).step_by(500) {
            desk.add_tickets(first..first + 500).await;
        }
        sqlx::query("ANALYZE").execute(&mut desk.database.connection().await).await.expect("it is analysed");
        desk
    }

    async fn add_tickets(&mut self, numbers: std::ops::Range<usize>) {
        let mut writes: Vec<Write> = Vec::new();
        for n in numbers {
            let customer = &self.customers[n % self.customers.len()];
            let mut ticket = self.sample.ticket(customer);
            ticket.status = Status::ALL[if n % 10 < 8 { 5 } else { n % 4 }];
            ticket.priority = Priority::ALL[n % 4];
            if n % 4 == 1 {
                ticket.sla = Some(Box::new(self.sample.sla()));
            }
            ticket.team_id = Some(self.teams[n % self.teams.len()].id);
            ticket.assigned_agent_id = Some(self.agents[n % self.agents.len()].id);
            let event = self.sample.event(&ticket, Fact::TicketCreated {}, customer);
            writes.extend([add(&ticket), tell(&event)]);
            self.tickets.push(ticket);
        }
        let count = writes.len() / 2;
        let committed = self.store.commit(changes(&self.sample, writes)).await.expect("many are stored at once");
        assert_eq!(committed.seqs.len(), count);
        assert!(committed.seqs.is_sorted(), "places follow the order of the writes");
    }

    fn query(&self, filter: Condition, field: SortField, descending: bool) -> TicketQuery {
        TicketQuery { filter, sort: Sort { field, descending }, after: None, limit: PAGE, now: self.sample.now() }
    }

    /// Reads two pages and tells how many rows of each index were touched for them.
    async fn touched(&self, scope: &Scope, query: &TicketQuery) -> BTreeMap<String, i64> {
        let before = self.counters().await;
        let first = self.store.tickets(scope, query).await.expect("the page is read");
        assert_eq!(first.len(), PAGE);
        let after = first.last().map(|last| Position::of_ticket(query.sort, last));
        let second = self.store.tickets(scope, &TicketQuery { after, ..query.clone() }).await;
        assert_eq!(second.expect("the page is read").len(), PAGE);
        let mut touched = self.counters().await;
        touched.retain(|name, count| {
            *count -= before.get(name).copied().unwrap_or_default();
            *count > 0
        });
        touched
    }

    /// What the server counted so far; rows read by a scan of the whole table go by the table's name.
    async fn counters(&self) -> BTreeMap<String, i64> {
        // The server tells its counters at most once a second, at the end of a statement.
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        self.store.ticket_count(&ALL, &self.query(Condition::Any(Vec::new()), SortField::CreatedAt, true)).await.ok();
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut connection: PgConnection = self.database.connection().await;
        let rows = sqlx::query(
            "SELECT indexrelname::text, idx_tup_read FROM pg_stat_user_indexes \
             UNION ALL SELECT relname::text, seq_tup_read FROM pg_stat_user_tables",
        )
        .fetch_all(&mut connection)
        .await
        .expect("the counters are read");
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }
}

fn is(field: Field, value: Literal) -> Condition {
    Condition::leaf(field, Test::In(vec![value]))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_main_lists_walk_an_index() {
    let desk = Desk::with_history().await;
    let (agent, team, customer) = (desk.agents[3].id.0, desk.teams[3].id.0, desk.customers[3].id.0);
    let own = Scope::Customer { user_id: desk.customers[5].id, organization_id: None };
    let (created, updated, due) = (SortField::CreatedAt, SortField::UpdatedAt, SortField::SlaDueAt);
    let far = Some(Bound::beyond(Literal::Time(desk.sample.now() + TimeDelta::days(365))));
    let soon = Condition::leaf(Field::SlaDueAt, Test::Range { min: None, max: far });
    let lists = [
        ("newest first", ALL, Condition::always(), created, true, "ticket_by_creation"),
        ("oldest first", ALL, Condition::always(), created, false, "ticket_by_creation"),
        ("newest change first", ALL, Condition::always(), updated, true, "ticket_by_update"),
        ("oldest change first", ALL, Condition::always(), updated, false, "ticket_by_update"),
        ("due soon", ALL, soon.clone(), due, false, "ticket_by_sla_due"),
        ("due last", ALL, soon, due, true, "ticket_by_sla_due"),
        ("closed", ALL, is(Field::Status, Literal::Rank(5)), created, true, "ticket_by_status"),
        ("of an agent", ALL, is(Field::AssignedAgentId, Literal::Id(agent)), created, true, "ticket_by_assignee"),
        ("of a team", ALL, is(Field::TeamId, Literal::Id(team)), created, true, "ticket_by_team"),
        ("of a customer", ALL, is(Field::CustomerId, Literal::Id(customer)), created, true, "ticket_by_customer"),
        ("a customer's own", own, Condition::always(), created, true, "ticket_by_customer"),
    ];
    for (name, scope, filter, field, descending, index) in lists {
        let touched = desk.touched(&scope, &desk.query(filter, field, descending)).await;
        assert!(!touched.contains_key("ticket"), "{name}: all tickets were read: {touched:?}");
        // The closed ones are so many that walking all tickets by their age finds a page as soon.
        let walked: i64 = touched.iter().filter(|(name, _)| name.starts_with("ticket_by_")).map(|(_, n)| n).sum();
        assert!(touched.contains_key(index) || name == "closed", "{name}: {touched:?}");
        assert!(walked <= 200, "{name}: {walked} entries for two pages: {touched:?}");
    }
    let before = desk.counters().await;
    let key = TicketKey::Id(desk.tickets[777].id);
    desk.store.ticket(&ALL, &key).await.expect("it is read").expect("it is there");
    let log = desk.store.events(&own_scope(&desk), Seq(0), 10).await.expect("the log is read");
    assert_eq!(log.events.len(), 10);
    let after = desk.counters().await;
    let touched = |name: &str| after[name] - before[name];
    assert_eq!((touched("ticket_pkey"), touched("ticket_body_pkey"), touched("ticket")), (1, 1, 0), "a get");
    // The planner itself looks at both ends of an index to learn its range.
    let walked = touched("event") + touched("event_by_seq");
    assert!(walked <= 4, "a customer's events were looked for in all: {walked}");
    drop(desk.store);
    desk.database.drop().await;
}

fn own_scope(desk: &Desk) -> Scope {
    Scope::Customer { user_id: desk.customers[9].id, organization_id: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_views_that_a_desk_begins_with_touch_what_they_show() {
    let desk = Desk::with_history().await;
    let me = desk.agents[3].id;
    let viewer = Viewer { id: Some(me), teams: &[], now: desk.sample.now() };
    let mut before = desk.counters().await;
    for stored in SavedViews::new(Vec::new()).iter() {
        let view = &stored.content;
        let fields = CustomFields::default();
        let filter = view.condition(&fields, viewer).expect("its conditions are read");
        let sort = view.order(&fields);
        let query = TicketQuery { filter, sort, after: None, limit: PAGE, now: desk.sample.now() };
        let scope = Scope::Staff { user_id: me };
        desk.store.ticket_counts(&scope, std::slice::from_ref(&query), 1_001).await.expect("it is counted");
        desk.store.tickets(&scope, &query).await.expect("its page is read");
        let after = desk.counters().await;
        let rows = |counters: &BTreeMap<String, i64>| {
            // What was written before asked for its tickets by their keys, and that may be told as late as now; lists don't.
            let is_walked = |name: &str| name.starts_with("ticket") && name != "ticket_pkey";
            counters.iter().filter(|(name, _)| is_walked(name)).map(|(_, count)| count).sum::<i64>()
        };
        let touched = rows(&after) - rows(&before);
        // A thousand are counted, of which those must be told apart that are solved.
        assert!(touched < 10_000, "{} touches {touched} of {TICKETS} tickets: {before:?} {after:?}", view.name);
        before = after;
    }
    drop(desk.store);
    desk.database.drop().await;
}
