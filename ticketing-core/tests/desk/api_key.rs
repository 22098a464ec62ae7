//! Keys of programs.

use crate::house::{House, code, fields, id};
use chrono::TimeDelta;
use serde_json::json;
use ticketing_core::access::SystemReason;
use ticketing_core::desk::{NewApiKey, UserPatch};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::{KeyScope, Role, Subject};
use ticketing_core::query::AuditQuery;
use ticketing_core::{Actor, Desk};

fn new(scopes: &[KeyScope]) -> NewApiKey {
    NewApiKey { name: " Robot ".to_owned(), scopes: scopes.to_vec(), expires_at: None }
}

#[tokio::test]
async fn a_key_acts_for_its_owner_until_it_is_taken_back() {
    let house = House::new().await;
    let desk = &house.desk;
    let made = desk.create_api_key(&house.agent, new(&[KeyScope::TicketsRead])).await.unwrap();
    assert!(made.key.starts_with(&format!("{}_", made.view.prefix)) && made.key.len() == 63, "{}", made.key);
    assert_eq!(made.view.name, "Robot");
    let stored = desk.store().api_key(&ticketing_core::Scope::UPKEEP, &made.view.prefix).await.unwrap().unwrap();
    assert!(!format!("{stored:?}").contains(&made.key[20..]), "of the key only a hash is kept");
    let (actor, key) = desk.actor_of_key(&made.key).await.unwrap();
    let principal = actor.principal().unwrap();
    assert_eq!((principal.id, key), (id(&house.agent), made.view.id));
    assert_eq!(principal.teams, house.agent.principal().unwrap().teams, "with the owner's rights of this moment");
    assert_eq!(principal.key_scopes.as_deref(), Some(&[KeyScope::TicketsRead][..]));
    let mut forged = made.key.clone();
    let last = forged.pop().unwrap();
    forged.push(if last == 'A' { 'E' } else { 'A' });
    for wrong in [forged.as_str(), &made.view.prefix, "tk_", "tk__", "tk_0123456789abcdef_x", &"tk_a_".repeat(40)] {
        assert_eq!(code(desk.actor_of_key(wrong).await), "unauthenticated", "{wrong}");
    }
    assert_eq!(code(desk.revoke_api_key(&house.outsider, made.view.id).await), "not_found");
    desk.revoke_api_key(&house.agent, made.view.id).await.unwrap();
    assert_eq!(code(desk.actor_of_key(&made.key).await), "unauthenticated", "at once");
    assert_eq!(code(desk.revoke_api_key(&house.agent, made.view.id).await), "not_found");
    let query = AuditQuery { subject: Some(Subject::ApiKey(made.view.id)), limit: 10, ..AuditQuery::default() };
    let lines = desk.audit(&house.admin, query).await.unwrap();
    let actions: Vec<_> = lines.items.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(actions, ["api_key.revoked", "api_key.created"]);
    assert!(!format!("{lines:?}").contains(&made.key), "no line tells the key");
}

#[tokio::test]
async fn a_key_ends_by_time_and_with_its_owner() {
    let house = House::new().await;
    let desk = &house.desk;
    let expires_at = Some(desk.now() + TimeDelta::hours(1));
    let short = NewApiKey { expires_at, ..new(&[KeyScope::Admin]) };
    let short = desk.create_api_key(&house.agent, short).await.unwrap().key;
    let long = desk.create_api_key(&house.agent, new(&[KeyScope::Admin])).await.unwrap().key;
    desk.actor_of_key(&short).await.unwrap();
    house.pass(61);
    assert_eq!(code(desk.actor_of_key(&short).await), "unauthenticated");
    desk.actor_of_key(&long).await.unwrap();
    let gone = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    desk.update_user(&house.admin, id(&house.agent), gone, None).await.unwrap();
    assert_eq!(code(desk.actor_of_key(&long).await), "unauthenticated");
    let past = NewApiKey { expires_at: Some(desk.now()), ..new(&[KeyScope::Admin]) };
    assert_eq!(fields(desk.create_api_key(&house.customer, past).await), ["expires_at"]);
}

#[tokio::test]
async fn keys_are_the_owners_and_an_administrators_business() {
    let house = House::new().await;
    let desk = &house.desk;
    let key = desk.create_api_key(&house.customer, new(&[KeyScope::TicketsWrite])).await.unwrap();
    let listed = std::slice::from_ref(&key.view);
    assert_eq!(desk.api_keys(&house.customer, None).await.unwrap(), listed);
    assert!(desk.api_keys(&house.admin, None).await.unwrap().is_empty());
    assert_eq!(desk.api_keys(&house.admin, Some(id(&house.customer))).await.unwrap(), listed);
    assert_eq!(code(desk.api_keys(&house.manager, Some(id(&house.customer))).await), "forbidden");
    let (small, _) = desk.actor_of_key(&key.key).await.unwrap();
    assert_eq!(code(desk.create_api_key(&small, new(&[KeyScope::Admin])).await), "forbidden");
    assert_eq!(code(desk.revoke_api_key(&small, key.view.id).await), "forbidden");
    desk.revoke_api_key(&house.admin, key.view.id).await.unwrap();
    assert!(desk.api_keys(&house.customer, None).await.unwrap().is_empty());
    let nobody = Actor::system(SystemReason::Host);
    assert_eq!(code(desk.create_api_key(&nobody, new(&[KeyScope::Admin])).await), "not_found");
    let whole = desk.create_api_key(&house.customer, new(&[KeyScope::Admin])).await.unwrap();
    let (whole, _) = desk.actor_of_key(&whole.key).await.unwrap();
    assert_eq!(whole.role(), Role::Customer, "no scope raises a role");
    desk.create_api_key(&whole, new(&[KeyScope::TicketsRead])).await.unwrap();
}

#[tokio::test]
async fn nobody_has_more_than_fifty_keys_also_not_by_asking_at_once() {
    let house = House::new().await;
    let desk = &house.desk;
    for _ in 0..48 {
        desk.create_api_key(&house.agent, new(&[KeyScope::TicketsRead])).await.unwrap();
    }
    let draw = || desk.create_api_key(&house.agent, new(&[KeyScope::TicketsRead]));
    let made = futures::future::join_all((0..8).map(|_| draw())).await;
    assert_eq!(made.iter().filter(|answer| answer.is_ok()).count(), 2);
    assert_eq!(code(draw().await), "too_many_keys");
    let first = desk.api_keys(&house.agent, None).await.unwrap()[0].id;
    desk.revoke_api_key(&house.agent, first).await.unwrap();
    draw().await.unwrap();
}

#[tokio::test]
async fn the_use_of_a_key_is_noted_once_a_minute() {
    let house = House::new().await;
    let desk = &house.desk;
    let key = desk.create_api_key(&house.agent, new(&[KeyScope::TicketsRead])).await.unwrap().view.id;
    let used = async || desk.api_keys(&house.agent, None).await.unwrap()[0].last_used_at;
    assert_eq!(used().await, None);
    assert!(desk.key_use_is_due(key) && !desk.key_use_is_due(key));
    desk.note_key_use(key).await.unwrap();
    assert_eq!(used().await, Some(desk.now()));
    house.pass(2);
    assert!(desk.key_use_is_due(key));
}

#[test]
fn what_a_key_is_made_of_is_checked_whole() {
    let read = |value| fields(NewApiKey::from_json(value));
    assert_eq!(read(json!({})), ["name", "scopes"]);
    assert_eq!(read(json!({"name": "x", "scopes": []})), ["scopes"]);
    let body = json!({"name": "", "scopes": ["tickets:read", "all"], "expires_at": "soon", "key": "x"});
    assert_eq!(read(body), ["scopes[1]", "expires_at", "key", "name"]);
    let body = json!({"name": "x", "scopes": ["admin", "admin"], "expires_at": "2030-01-01T00:00:00+01:00"});
    assert_eq!(NewApiKey::from_json(body).unwrap().scopes, [KeyScope::Admin]);
    assert!(Desk::is_api_key("tk_x") && !Desk::is_api_key("eyJ"));
}
