//! Who may add, see and change whom.

use crate::house::{House, code, fields, id, key};
use std::sync::Arc;
use ticketing_core::Desk;
use ticketing_core::desk::{NewOrganization, NewTicket, NewUser, OrganizationPatch, TicketPatch, UserPatch};
use ticketing_core::input::Patch;
use ticketing_core::model::Role;
use ticketing_core::query::UserQuery;

fn new(role: Role, email: &str) -> NewUser {
    NewUser { role, ..NewUser::new(email, "Somebody") }
}

#[tokio::test]
async fn nobody_makes_or_changes_people_above_oneself() {
    let house = House::new().await;
    let desk = &house.desk;
    assert_eq!(code(desk.create_user(&house.customer, new(Role::Customer, "a@b.example")).await), "forbidden");
    assert_eq!(code(desk.create_user(&house.agent, new(Role::Agent, "a@b.example")).await), "forbidden");
    assert_eq!(code(desk.create_user(&house.manager, new(Role::Admin, "a@b.example")).await), "forbidden");
    desk.create_user(&house.manager, new(Role::Manager, "a@b.example")).await.unwrap();
    assert_eq!(code(desk.create_user(&house.agent, new(Role::Customer, "c@b.example")).await), "forbidden");
    let name = UserPatch { name: Patch::Set("Renamed".into()), ..UserPatch::default() };
    assert_eq!(code(desk.update_user(&house.manager, id(&house.admin), name.clone(), None).await), "forbidden");
    assert_eq!(code(desk.update_user(&house.agent, id(&house.outsider), name.clone(), None).await), "forbidden");
    assert_eq!(code(desk.update_user(&house.agent, id(&house.customer), name.clone(), None).await), "forbidden");
    assert_eq!(desk.update_user(&house.manager, id(&house.customer), name, None).await.unwrap().name, "Renamed");
    let password = UserPatch { password: Patch::Set("a thief's own".into()), ..UserPatch::default() };
    assert_eq!(code(desk.update_user(&house.admin, id(&house.admin), password, None).await), "forbidden");
    let raise = UserPatch { role: Patch::Set(Role::Admin), ..UserPatch::default() };
    assert_eq!(code(desk.update_user(&house.manager, id(&house.agent), raise, None).await), "forbidden");
    let lower = UserPatch { role: Patch::Set(Role::Agent), ..UserPatch::default() };
    assert_eq!(code(desk.update_user(&house.admin, id(&house.admin), lower, None).await), "forbidden");
}

#[tokio::test]
async fn a_customer_sees_oneself_only() {
    let house = House::new().await;
    let desk = &house.desk;
    assert_eq!(desk.user(&house.customer, id(&house.customer)).await.unwrap().name, "cleo");
    assert_eq!(code(desk.user(&house.customer, id(&house.stranger)).await), "not_found");
    let query = UserQuery { limit: 2, ..UserQuery::default() };
    assert_eq!(code(desk.users(&house.customer, query.clone()).await), "forbidden");
    let page = desk.users(&house.agent, query).await.unwrap();
    assert_eq!(page.items.len(), 2);
    assert!(page.next.is_some());
    let query = UserQuery { limit: 9, text: Some("CLE".into()), ..UserQuery::default() };
    assert_eq!(desk.users(&house.agent, query).await.unwrap().items[0].name, "cleo");
}

#[tokio::test]
async fn an_address_belongs_to_one_person_in_any_case() {
    let house = House::new().await;
    house.desk.create_user(&house.admin, new(Role::Customer, "straße@b.example")).await.unwrap();
    let twin = house.desk.create_user(&house.admin, new(Role::Customer, "STRASSE@b.example")).await;
    assert_eq!(code(twin), "duplicate");
}

#[tokio::test]
async fn bad_fields_are_named_all_at_once() {
    let house = House::new().await;
    let bad = NewUser {
        role: Role::Agent,
        password: Some("short".into()),
        organization_id: Patch::Set(Some(house.acme)),
        time_zone: Some("Mars/Olympus".into()),
        locale: Some("x".into()),
        ..NewUser::new("a b@c", "")
    };
    let found = fields(house.desk.create_user(&house.admin, bad).await);
    assert_eq!(found, ["email", "name", "password", "time_zone", "locale", "organization_id"]);
}

#[tokio::test]
async fn a_company_keeps_its_name_and_domains_to_itself() {
    let house = House::new().await;
    let desk = &house.desk;
    let named = |name: &str, domain: &str| NewOrganization {
        name: name.into(),
        domains: vec![domain.into()],
        shares_tickets: false,
    };
    assert_eq!(code(desk.create_organization(&house.manager, named("ACME", "x.example")).await), "duplicate");
    assert_eq!(code(desk.create_organization(&house.manager, named("Other", "Acme.Example")).await), "duplicate");
    assert_eq!(fields(desk.create_organization(&house.manager, named(" ", "nodot")).await), ["name", "domains[0]"]);
    assert_eq!(code(desk.create_organization(&house.customer, named("Mine", "m.example")).await), "forbidden");
    let patch = OrganizationPatch { shares_tickets: Patch::Set(false), ..OrganizationPatch::default() };
    let stale = desk.update_organization(&house.manager, house.acme, patch.clone(), Some(9)).await;
    assert_eq!(code(stale), "stale_version");
    let changed = desk.update_organization(&house.manager, house.acme, patch, Some(1)).await.unwrap();
    assert_eq!((changed.shares_tickets, changed.version), (false, 2));
}

#[tokio::test]
async fn rights_that_were_taken_away_meanwhile_change_nothing_any_more() {
    let house = House::new().await;
    let desk = &house.desk;
    let other = crate::house::person(desk, Role::Admin, "ada2", None).await;
    let lower = UserPatch { role: Patch::Set(Role::Agent), ..UserPatch::default() };
    desk.update_user(&house.admin, id(&other), lower.clone(), None).await.unwrap();
    // The other's request began while both were administrators.
    assert_eq!(code(desk.update_user(&other, id(&house.admin), lower, None).await), "rights_changed");
    assert!(desk.snapshot().await.unwrap().directory.has_admin());

    let ticket = NewTicket { team_id: Some(house.billing), ..NewTicket::new("Invoice", "Twice.") };
    let ticket = desk.create_ticket(&house.admin, ticket).await.unwrap();
    desk.remove_member(&house.admin, house.billing, id(&house.agent), None).await.unwrap();
    let tags = TicketPatch { tags: Patch::Set(vec!["late".into()]), ..TicketPatch::default() };
    assert_eq!(code(desk.update_ticket(&house.agent, &key(&ticket), tags, None).await), "rights_changed");
}

#[tokio::test]
async fn an_own_ticket_gets_the_company_of_this_moment() {
    let house = House::new().await;
    // Two processes on one store; the first remembers the customer.
    let other = Desk::builder().store(Arc::clone(house.desk.store())).build().unwrap();
    let leave = UserPatch { organization_id: Patch::Set(None), ..UserPatch::default() };
    assert!(house.desk.actor_of(id(&house.customer), None).await.is_ok());
    other.update_user(&house.system, id(&house.customer), leave, None).await.unwrap();
    let new = NewTicket::new("Cannot log in", "Since this morning.");
    assert_eq!(code(house.desk.create_ticket(&house.customer, new.clone()).await), "rights_changed");
    let actor = house.desk.actor_of(id(&house.customer), None).await.unwrap();
    assert_eq!(house.desk.create_ticket(&actor, new).await.unwrap().public().organization_id, None);
}
