//! What `docs/WORKFLOWS.md` says of triggers, fields, actions and variables, held to the code; and its recipes, tried.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use serde_json::{Value, json};
use std::sync::Arc;
use ticketing_core::Desk;
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::desk::{
    Assignment, DeskOptions, Escalation, NewComment, NewMember, NewOrganization, NewTeam, NewTicket, NewUser,
    NewWorkflow, PasswordHash, TicketPatch,
};
use ticketing_core::ids::{TeamId, TicketKey, UserId};
use ticketing_core::input::{Input, Patch};
use ticketing_core::memory::{MemoryStore, SeededIds, TestClock};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{CustomFields, Job, JobKind, NotificationKind, Priority, Role, Status, TeamRole, Trigger};
use ticketing_core::port::JobQuery;
use ticketing_core::query::NotificationQuery;
use ticketing_core::workflow::action::ActionKind;
use ticketing_core::workflow::field::NAMED;
use ticketing_core::workflow::variable::Variables;

const PAGE: &str = include_str!("../../docs/WORKFLOWS.md");

fn blocks() -> Vec<Value> {
    let read = |rest: &str| serde_json::from_str(rest.split("```").next().unwrap()).expect("a rule");
    PAGE.split("```json\n").skip(1).map(read).collect()
}

/// The first cells of the rows of the first table behind a heading.
fn names(heading: &str) -> Vec<String> {
    let (_, rest) = PAGE.split_once(&format!("\n## {heading}\n")).expect("the page has the heading");
    let rows = rest.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let first = rows.skip(2).map(|row| row.trim_matches('|').split('|').next().unwrap().trim());
    first.flat_map(|cell| cell.split(", ")).map(|name| name.trim_matches('`').to_owned()).collect()
}

/// What stands between a mark and the next empty line after its table.
fn marked(mark: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("<!-- {mark} -->\n")).expect("the page has the mark");
    rest.split("\n\n").next().unwrap().trim_end()
}

#[test]
fn the_page_names_every_trigger_and_action() {
    assert_eq!(names("Triggers"), Trigger::ALL.iter().map(|trigger| trigger.as_str()).collect::<Vec<_>>());
    assert_eq!(names("Actions"), ActionKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>());
}

#[test]
fn the_page_has_every_field_beyond_the_tickets_own() {
    let kind = |field: &ticketing_core::workflow::field::NamedField| format!("{:?}", field.kind).to_lowercase();
    let row = |field: &ticketing_core::workflow::field::NamedField| {
        let names = std::iter::once(&field.name).chain(field.aliases).map(|name| format!("`{name}`"));
        format!("| {} | {} | {} |", names.collect::<Vec<_>>().join(", "), kind(field), field.about)
    };
    let rows: Vec<String> = NAMED.iter().map(row).collect();
    assert_eq!(marked("fields"), format!("| field | value | |\n|---|---|---|\n{}", rows.join("\n")));
}

#[test]
fn the_page_has_every_variable() {
    let variables = Variables::new(&CustomFields::default()).all().variables();
    let named: Vec<String> = variables.iter().map(|variable| format!("`{}`", variable.path)).collect();
    assert_eq!(marked("variables"), format!("{}, `custom_fields.KEY`, `ticket.custom_fields.KEY`.", named.join(", ")));
}

/// A desk with a team that has a lead, and a customer of an important company.
struct House {
    desk: Desk,
    admin: Actor,
    lead: UserId,
    member: UserId,
    customer: Actor,
    team: TeamId,
}

impl House {
    async fn with(rule: &Value) -> Self {
        let desk = Desk::builder()
            .store(Arc::new(MemoryStore::new()))
            .clock(Arc::new(TestClock::at("2026-01-15T10:00:00Z".parse().unwrap())))
            .ids(Arc::new(SeededIds::new(5)))
            .options(DeskOptions { password_hash: PasswordHash::Bcrypt { cost: 4 }, ..DeskOptions::default() })
            .build()
            .unwrap();
        let admin = Actor::system(SystemReason::Host);
        let person = |name: &str, role| {
            let new = NewUser { role, ..NewUser::new(format!("{name}@desk.example"), name) };
            let (desk, admin) = (desk.clone(), admin.clone());
            async move { desk.create_user(&admin, new).await.unwrap().id }
        };
        let (lead, member) = (person("Lea", Role::Agent).await, person("Mo", Role::Agent).await);
        let team = desk.create_team(&admin, NewTeam::new("Support")).await.unwrap().id;
        for (user_id, role) in [(lead, TeamRole::Lead), (member, TeamRole::Member)] {
            desk.add_member(&admin, team, NewMember::new(user_id, role)).await.unwrap();
        }
        let company =
            NewOrganization { name: "Example".into(), domains: vec!["example.com".into()], shares_tickets: false };
        let company = desk.create_organization(&admin, company).await.unwrap().id;
        let kim = NewUser {
            role: Role::Customer,
            organization_id: Patch::Set(Some(company)),
            ..NewUser::new("kim@example.com", "Kim")
        };
        let kim = desk.create_user(&admin, kim).await.unwrap().id;
        let customer = desk.actor_of(kim, None).await.unwrap();
        desk.create_workflow(&admin, NewWorkflow::from_json(rule.clone()).unwrap()).await.unwrap();
        Self { desk, admin, lead, member, customer, team }
    }

    async fn ask(&self, subject: &str) -> TicketView {
        self.desk.create_ticket(&self.customer, NewTicket::new(subject, "Please help.")).await.unwrap()
    }

    async fn ask_of_team(&self, priority: Priority) -> TicketView {
        let new = NewTicket { team_id: Some(self.team), priority, ..NewTicket::new("Broken", "It is.") };
        let asked =
            NewTicket { requester: ticketing_core::desk::Requester::User(self.customer.user_id().unwrap()), ..new };
        self.desk.create_ticket(&self.admin, asked).await.unwrap()
    }

    async fn change(&self, ticket: &TicketView, patch: Value) {
        let patch = TicketPatch::from_json(patch).unwrap();
        self.desk.update_ticket(&self.admin, &key(ticket), patch, None).await.unwrap();
    }

    async fn now(&self, ticket: &TicketView) -> Value {
        json!(self.desk.ticket(&self.admin, &key(ticket)).await.unwrap())
    }

    async fn said(&self, ticket: &TicketView) -> Vec<Value> {
        let page = self.desk.comments(&self.admin, &key(ticket), None, 100).await.unwrap();
        page.items.iter().map(|comment| json!(comment)).collect()
    }

    async fn jobs(&self, kind: JobKind) -> Vec<Job> {
        let query = JobQuery { kinds: vec![kind], limit: 100, ..JobQuery::default() };
        self.desk.store().jobs(&query).await.unwrap()
    }

    /// What rules told a person.
    async fn told(&self, user: UserId) -> Vec<String> {
        let query = NotificationQuery { kinds: vec![NotificationKind::Rule], ..NotificationQuery::of(user, 100) };
        let told = self.desk.store().notifications(&query).await.unwrap();
        told.into_iter().map(|told| format!("{}: {}", told.title, told.message)).collect()
    }

    /// The one job of this kind, as text.
    async fn job(&self, kind: JobKind) -> String {
        let jobs = self.jobs(kind).await;
        assert_eq!(jobs.len(), 1, "{kind}");
        jobs[0].payload.to_string()
    }
}

fn key(ticket: &TicketView) -> TicketKey {
    ticket.id().into()
}

#[tokio::test]
async fn the_example_works_as_it_is_written() {
    let house = House::with(&blocks()[0]).await;
    let ticket = house.ask_of_team(Priority::Low).await;
    let to = Assignment { agent_id: Patch::Set(Some(house.member)), ..Assignment::default() };
    house.desk.assign_ticket(&house.admin, &key(&ticket), to, None).await.unwrap();
    house.change(&ticket, json!({"priority": "high"})).await;
    assert!(house.jobs(JobKind::RuleMail).await.is_empty());
    house.change(&ticket, json!({"priority": "critical"})).await;
    let number = json!(ticket)["ticket_number"].as_str().unwrap().to_owned();
    assert!(house.job(JobKind::RuleMail).await.contains(&format!("Critical Ticket: {number}")));
    assert_eq!(
        house.told(house.member).await,
        [format!("Critical Ticket Alert: Ticket {number} escalated to critical")]
    );
}

#[tokio::test]
async fn recipes_1_and_2_look_at_new_tickets() {
    let house = House::with(&blocks()[1]).await;
    let ticket = house.ask_of_team(Priority::Critical).await;
    assert_eq!(house.now(&ticket).await["assigned_agent_id"], json!(house.lead));
    assert!(house.told(house.lead).await[0].starts_with("Critical: Broken: "));
    let calm = house.ask_of_team(Priority::High).await;
    assert_eq!(house.now(&calm).await["assigned_agent_id"], Value::Null);

    let house = House::with(&blocks()[2]).await;
    let ticket = house.ask("Everything is DOWN").await;
    let now = house.now(&ticket).await;
    assert_eq!(
        (&now["priority"], &now["category"], &now["tags"]),
        (&json!("critical"), &json!("Outage"), &json!(["outage"]))
    );
    let calm = house.ask("A download").await;
    assert_eq!(house.now(&calm).await["tags"], json!([]));
}

#[tokio::test]
async fn recipes_3_and_4_know_who_asks() {
    let house = House::with(&blocks()[3]).await;
    let ticket = house.ask("Broken").await;
    house.change(&ticket, json!({"status": "on_hold"})).await;
    house.desk.add_comment(&house.admin, &key(&ticket), NewComment::internal("We wait.")).await.unwrap();
    assert_eq!(house.now(&ticket).await["status"], "on_hold");
    house.desk.add_comment(&house.customer, &key(&ticket), NewComment::public("It is me.")).await.unwrap();
    assert_eq!(house.now(&ticket).await["status"], "open");

    let house = House::with(&blocks()[4]).await;
    let ticket = house.ask_of_team(Priority::Low).await;
    assert_eq!(house.now(&ticket).await["tags"], json!(["key account"]));
    let watchers = house.desk.watchers(&house.admin, &key(&ticket), None, 10).await.unwrap().items;
    assert_eq!(watchers.len(), 1);
    assert!(json!(watchers).to_string().contains(&house.lead.to_string()));
}

#[tokio::test]
async fn recipes_5_and_6_say_and_do_what_follows() {
    let house = House::with(&blocks()[5]).await;
    let ticket = house.ask("Broken").await;
    house.change(&ticket, json!({"priority": "critical"})).await;
    let mail = house.job(JobKind::RuleMail).await;
    assert!(mail.contains("Hello Kim") && mail.contains(&house.customer.user_id().unwrap().to_string()));

    let house = House::with(&blocks()[6]).await;
    let ticket = house.ask("Broken").await;
    let to = Assignment { agent_id: Patch::Set(Some(house.member)), ..Assignment::default() };
    house.desk.assign_ticket(&house.admin, &key(&ticket), to, None).await.unwrap();
    assert_eq!(house.now(&ticket).await["status"], "in_progress");
}

#[tokio::test]
async fn recipes_7_and_8_follow_a_ticket_up() {
    let house = House::with(&blocks()[7]).await;
    let ticket = house.ask("Broken").await;
    let up = || Escalation { reason: "They wait".to_owned(), to: None };
    house.desk.escalate_ticket(&house.admin, &key(&ticket), up(), None).await.unwrap();
    assert!(house.jobs(JobKind::RuleMail).await.is_empty());
    house.desk.escalate_ticket(&house.admin, &key(&ticket), up(), None).await.unwrap();
    assert!(house.job(JobKind::RuleMail).await.contains("was escalated again"));

    let house = House::with(&blocks()[8]).await;
    let ticket = house.ask("Broken").await;
    house.change(&ticket, json!({"status": Status::Resolved})).await;
    let said = house.said(&ticket).await;
    assert_eq!(said.len(), 1);
    assert!(said[0]["body"].as_str().unwrap().starts_with("Hello Kim, is TKT-"));
    assert_eq!(house.now(&ticket).await["status"], "resolved", "a rule's word opens nothing");
}

#[tokio::test]
async fn recipes_9_and_10_hear_of_what_changed() {
    let house = House::with(&blocks()[9]).await;
    let ticket = house.ask_of_team(Priority::Low).await;
    house.change(&ticket, json!({"status": "pending"})).await;
    house.change(&ticket, json!({"status": "open"})).await;
    assert!(house.said(&ticket).await.is_empty(), "it was not over");
    house.change(&ticket, json!({"status": "resolved"})).await;
    house.desk.add_comment(&house.customer, &key(&ticket), NewComment::public("Not at all.")).await.unwrap();
    assert!(house.said(&ticket).await[1]["body"].as_str().unwrap().contains("Opened again by Kim"));
    assert!(house.told(house.member).await[0].ends_with("It was resolved."));

    let house = House::with(&blocks()[10]).await;
    let ticket = house.ask("Broken").await;
    house.change(&ticket, json!({"priority": "high"})).await;
    assert!(house.jobs(JobKind::Webhook).await.is_empty());
    house.change(&ticket, json!({"category": "Billing"})).await;
    assert!(house.job(JobKind::Webhook).await.contains("https://crm.example.com/hooks/tickets"));
}

#[test]
fn there_are_ten_recipes() {
    assert_eq!(blocks().len(), 11);
}
