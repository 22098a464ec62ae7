//! Which company a new customer belongs to.

use crate::house::{House, PASSWORD, code, fields, key};
use futures::FutureExt;
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use ticketing_core::desk::{
    NewApiKey, NewCustomer, NewOrganization, NewTicket, NewUser, OrganizationPatch, PasswordReset, Register, Requester,
    UserPatch,
};
use ticketing_core::ids::OrganizationId;
use ticketing_core::input::{Input, Patch};
use ticketing_core::memory::{MemoryStore, SeededIds};
use ticketing_core::model::{KeyScope, Role, Subject, TokenKind, User};
use ticketing_core::port::IdSource;
use ticketing_core::query::AuditQuery;
use ticketing_core::time::Time;
use ticketing_core::{Actor, Desk};
use uuid::Uuid;

async fn added(house: &House, email: &str) -> Option<OrganizationId> {
    house.desk.create_user(&house.manager, NewUser::new(email, "New")).await.unwrap().organization_id
}

/// What the audit log says of the company, newest first.
async fn told(house: &House, user: &User) -> Vec<serde_json::Value> {
    let query = AuditQuery { subject: Some(Subject::User(user.id)), limit: 9, ..AuditQuery::default() };
    let lines = house.desk.audit(&house.admin, query).await.unwrap().items;
    lines.iter().map(|line| line.detail.changes["organization_id"].clone()).collect()
}

/// Sets a password by a link that was mailed to the address.
async fn prove(house: &House, user: &User, kind: TokenKind) -> User {
    let token = house.desk.create_password_token(&house.system, user.id, kind).await.unwrap();
    let reset = PasswordReset { token, password: PASSWORD.to_owned() };
    house.desk.reset_password(&house.system, reset).await.unwrap();
    house.desk.user(&house.system, user.id).await.unwrap()
}

async fn register(house: &House, email: &str) -> User {
    let new = Register { email: email.into(), name: "New".into(), password: PASSWORD.into() };
    house.desk.register(&house.system, new).await.unwrap()
}

#[tokio::test]
async fn a_customer_who_is_added_joins_the_company_of_exactly_the_mail_domain() {
    let house = House::new().await;
    let acme = Some(house.acme);
    let abroad =
        NewOrganization {
            name: "Bücher".into(), domains: vec!["xn--bcher-kva.example".into()], shares_tickets: false
        };
    let abroad = Some(house.desk.create_organization(&house.admin, abroad).await.unwrap().id);
    for (email, company) in [
        ("one@acme.example", acme),
        (" Two@ACME.Example ", acme),
        ("three@mail.acme.example", None),
        ("four@example", None),
        ("five@notacme.example", None),
        ("six@acme.example.net", None),
        ("seven@bücher.example", abroad),
        ("eight@BÜCHER.example", abroad),
        ("nine@xn--bcher-kva.example", abroad),
        ("ten@bucher.example", None),
        ("eleven@xn--a.example", None),
    ] {
        assert_eq!(added(&house, email).await, company, "{email}");
    }
    let user = house.desk.create_user(&house.manager, NewUser::new("x@acme.example", "X")).await.unwrap();
    assert_eq!(told(&house, &user).await, [json!([null, house.acme])]);
    let staff = NewUser { role: Role::Agent, ..NewUser::new("agent@acme.example", "Agent") };
    assert_eq!(house.desk.create_user(&house.manager, staff).await.unwrap().organization_id, None);
}

#[tokio::test]
async fn what_somebody_says_of_the_company_holds() {
    let house = House::new().await;
    let new = |email: &str, rest: serde_json::Value| {
        let mut body = json!({"email": email, "name": "New", "role": "customer"});
        body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        NewUser::from_json(body).unwrap()
    };
    let joined = house.desk.create_user(&house.manager, new("one@acme.example", json!({}))).await.unwrap();
    assert_eq!(joined.organization_id, Some(house.acme));
    let none = new("two@acme.example", json!({"organization_id": null}));
    let none = house.desk.create_user(&house.manager, none).await.unwrap();
    assert_eq!(none.organization_id, None);
    assert_eq!(prove(&house, &none, TokenKind::Invitation).await.organization_id, None, "nor later");
    let other = NewOrganization { name: "Other".into(), domains: Vec::new(), shares_tickets: false };
    let other = house.desk.create_organization(&house.admin, other).await.unwrap().id;
    let named = new("three@acme.example", json!({"organization_id": other}));
    assert_eq!(house.desk.create_user(&house.manager, named).await.unwrap().organization_id, Some(other));
    let unknown = new("four@acme.example", json!({"organization_id": Uuid::nil()}));
    assert_eq!(fields(house.desk.create_user(&house.manager, unknown).await), ["organization_id"]);
}

#[tokio::test]
async fn a_ticket_for_a_new_customer_belongs_to_the_company() {
    let house = House::new().await;
    let ticket = |email: &str| NewTicket {
        requester: Requester::Address(NewCustomer { email: email.into(), name: "New".into() }),
        ..NewTicket::new("Cannot log in", "Since this morning.")
    };
    let made = house.desk.create_ticket(&house.agent, ticket("one@acme.example")).await.unwrap();
    assert_eq!(made.public().organization_id, Some(house.acme));
    let customer = house.desk.user(&house.agent, made.public().customer_id).await.unwrap();
    assert_eq!((customer.organization_id, customer.email.as_str()), (Some(house.acme), "one@acme.example"));
    // The company shares its tickets, so its other people see it.
    assert!(house.desk.ticket(&house.customer, &key(&made)).await.is_ok());
    let again = house.desk.create_ticket(&house.agent, ticket("ONE@acme.example")).await.unwrap();
    assert_eq!(again.public().customer_id, customer.id);
    let apart = house.desk.create_ticket(&house.agent, ticket("one@other.example")).await.unwrap();
    assert_eq!(apart.public().organization_id, None);
}

#[tokio::test]
async fn who_signed_up_joins_once_the_address_is_proved() {
    let house = House::new().await;
    let bob = register(&house, "bob@acme.example").await;
    assert_eq!(bob.organization_id, None, "anybody can type an address");
    let actor = house.desk.actor_of(bob.id, None).await.unwrap();
    let shared = house.ticket().await;
    assert!(house.desk.ticket(&actor, &key(&shared)).await.is_err());
    let proved = prove(&house, &bob, TokenKind::Reset).await;
    assert_eq!(proved.organization_id, Some(house.acme));
    assert_eq!(told(&house, &bob).await[0], json!([null, house.acme]));
    let actor = house.desk.actor_of(bob.id, None).await.unwrap();
    house.desk.ticket(&actor, &key(&shared)).await.expect("it sees what the company shares");
    // Who is taken out of a company does not come back by a forgotten password.
    let leave = UserPatch { organization_id: Patch::Set(None), ..UserPatch::default() };
    house.desk.update_user(&house.manager, bob.id, leave.clone(), None).await.unwrap();
    assert_eq!(prove(&house, &bob, TokenKind::Reset).await.organization_id, None);
    // Nor does one come in of whom it was said before that there is none.
    let eve = register(&house, "eve@acme.example").await;
    house.desk.update_user(&house.manager, eve.id, leave, None).await.unwrap();
    assert_eq!(prove(&house, &eve, TokenKind::Reset).await.organization_id, None);
    let far = register(&house, "far@mail.acme.example").await;
    assert_eq!(prove(&house, &far, TokenKind::Reset).await.organization_id, None);
    // A domain that a company gets later counts for those of whom nobody has said anything.
    let late = house.desk.create_user(&house.manager, NewUser::new("late@new.example", "Late")).await.unwrap();
    assert_eq!(late.organization_id, None);
    let domains = Patch::Set(vec!["acme.example".to_owned(), "new.example".to_owned()]);
    let patch = OrganizationPatch { domains, ..OrganizationPatch::default() };
    house.desk.update_organization(&house.manager, house.acme, patch, None).await.unwrap();
    assert_eq!(prove(&house, &late, TokenKind::Invitation).await.organization_id, Some(house.acme));
}

/// Takes the domain away from the company at the moment in which the next but one id is drawn: after a
/// new customer's company was looked up and before the commit.
struct Meddling {
    ids: SeededIds,
    left: AtomicUsize,
    desk: OnceLock<(Desk, OrganizationId)>,
}

impl IdSource for Meddling {
    fn fill(&self, bytes: &mut [u8]) {
        self.ids.fill(bytes);
    }

    fn uuid(&self, now: Time) -> Uuid {
        if self.left.load(Ordering::SeqCst) > 0 && self.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            let (desk, acme) = self.desk.get().unwrap();
            let patch = OrganizationPatch { domains: Patch::Set(Vec::new()), ..OrganizationPatch::default() };
            let host = Actor::system(ticketing_core::access::SystemReason::Host);
            // The store in memory never waits.
            desk.update_organization(&host, *acme, patch, None).now_or_never().unwrap().unwrap();
        }
        self.ids.uuid(now)
    }
}

#[tokio::test]
async fn a_domain_that_is_given_away_at_that_moment_is_not_used() {
    let store = Arc::new(MemoryStore::new());
    let ids = Arc::new(Meddling { ids: SeededIds::new(7), left: AtomicUsize::new(0), desk: OnceLock::new() });
    let desk = Desk::builder().store(Arc::clone(&store) as Arc<_>).ids(Arc::clone(&ids) as Arc<_>).build().unwrap();
    let other = Desk::builder().store(store).build().unwrap();
    let host = Actor::system(ticketing_core::access::SystemReason::Host);
    let acme = NewOrganization { name: "Acme".into(), domains: vec!["acme.example".into()], shares_tickets: true };
    let acme = desk.create_organization(&host, acme).await.unwrap().id;
    ids.desk.set((other, acme)).ok().unwrap();
    ids.left.store(2, Ordering::SeqCst);
    let user = desk.create_user(&host, NewUser::new("one@acme.example", "One")).await.unwrap();
    assert_eq!(ids.left.load(Ordering::SeqCst), 0, "it was given away");
    assert_eq!(user.organization_id, None);
}

#[tokio::test]
async fn a_key_from_before_the_address_was_proved_opens_nothing() {
    let house = House::new().await;
    let boss = register(&house, "boss@acme.example").await;
    // Whoever typed the address makes a key before its owner comes.
    let stranger = house.desk.actor_of(boss.id, None).await.unwrap();
    let new = NewApiKey { name: "Mine".into(), scopes: vec![KeyScope::TicketsRead], expires_at: None };
    let made = house.desk.create_api_key(&stranger, new.clone()).await.unwrap();
    assert!(house.desk.actor_of_key(&made.key).await.is_ok());
    let boss = prove(&house, &boss, TokenKind::Reset).await;
    assert_eq!(boss.organization_id, Some(house.acme));
    assert_eq!(code(house.desk.actor_of_key(&made.key).await), "unauthenticated");
    assert!(house.desk.api_keys(&house.admin, Some(boss.id)).await.unwrap().is_empty());
    // A key that its owner has made since stays over another link.
    let boss = house.desk.actor_of(boss.id, None).await.unwrap();
    house.pass(1);
    let kept = house.desk.create_api_key(&boss, new).await.unwrap();
    let user = house.desk.user(&house.system, boss.user_id().unwrap()).await.unwrap();
    prove(&house, &user, TokenKind::Reset).await;
    assert!(house.desk.actor_of_key(&kept.key).await.is_ok());
}

#[tokio::test]
async fn a_link_proves_no_address_but_the_one_it_went_to() {
    let house = House::new().await;
    let mallory = register(&house, "mallory@elsewhere.example").await;
    let token = house.desk.create_password_token(&house.system, mallory.id, TokenKind::Reset).await.unwrap();
    let moved = UserPatch { email: Patch::Set("mallory@acme.example".to_owned()), ..UserPatch::default() };
    house.desk.update_user(&house.manager, mallory.id, moved, None).await.unwrap();
    let reset = PasswordReset { token, password: PASSWORD.to_owned() };
    assert_eq!(fields(house.desk.reset_password(&house.system, reset).await), ["token"]);
    assert_eq!(house.desk.user(&house.system, mallory.id).await.unwrap().organization_id, None);
}
