//! Passwords that are set by a link, and the version of a person's sign-ins.

use crate::house::{House, PASSWORD, code, fields, id};
use std::sync::Arc;
use ticketing_core::access::SystemReason;
use ticketing_core::desk::{Forgotten, NewUser, PasswordReset, Setup, SignIn, UserPatch};
use ticketing_core::input::Patch;
use ticketing_core::memory::MemoryStore;
use ticketing_core::model::{Role, TokenKind};
use ticketing_core::query::AuditQuery;
use ticketing_core::{Actor, Desk};

const NEXT: &str = "another good password";

fn reset(token: &str) -> PasswordReset {
    PasswordReset { token: token.to_owned(), password: NEXT.to_owned() }
}

fn sign_in(email: &str, password: &str) -> SignIn {
    SignIn { email: email.to_owned(), password: password.to_owned() }
}

#[tokio::test]
async fn a_reset_link_sets_a_password_once_and_ends_all_sign_ins() {
    let house = House::new().await;
    let desk = &house.desk;
    let before = desk.sign_in(&house.system, sign_in("amy@house.example", PASSWORD)).await.unwrap();
    let who = id(&house.agent);
    let void = desk.create_password_token(&house.system, who, TokenKind::Reset).await.unwrap();
    let token = desk.create_password_token(&house.system, who, TokenKind::Reset).await.unwrap();
    assert_eq!(fields(desk.reset_password(&house.system, reset(&void)).await), ["token"], "a newer one was made");
    let weak = PasswordReset { token: token.clone(), password: "short".to_owned() };
    assert_eq!(fields(desk.reset_password(&house.system, weak).await), ["password"]);
    let (one, two) = tokio::join!(
        desk.reset_password(&house.system, reset(&token)),
        desk.reset_password(&house.system, reset(&token))
    );
    assert!(one.is_ok() != two.is_ok(), "of two at once one wins");
    assert_eq!(fields(desk.reset_password(&house.system, reset(&token)).await), ["token"]);
    assert_eq!(code(desk.refresh_session(&house.system, &before.refresh_token).await), "unauthenticated");
    let version = before.user.rights_version;
    assert_eq!(code(desk.actor_of_token(who, before.session_id, version).await), "unauthenticated");
    assert_eq!(code(desk.sign_in(&house.system, sign_in("amy@house.example", PASSWORD)).await), "unauthenticated");
    let after = desk.sign_in(&house.system, sign_in("amy@house.example", NEXT)).await.unwrap();
    desk.actor_of_token(who, after.session_id, after.user.rights_version).await.unwrap();
}

#[tokio::test]
async fn links_expire_and_guesses_are_refused() {
    let house = House::new().await;
    let desk = &house.desk;
    let who = id(&house.customer);
    let token = desk.create_password_token(&house.system, who, TokenKind::Reset).await.unwrap();
    let invitation = desk.create_password_token(&house.system, who, TokenKind::Invitation).await.unwrap();
    house.pass(60);
    assert_eq!(fields(desk.reset_password(&house.system, reset(&token)).await), ["token"]);
    for guess in ["", "x", &"A".repeat(43), &"A".repeat(10_000), "é", &format!("{invitation}A")] {
        assert_eq!(fields(desk.reset_password(&house.system, reset(guess)).await), ["token"]);
    }
    house.pass(6 * 24 * 60);
    desk.reset_password(&house.system, reset(&invitation)).await.unwrap();
    desk.sign_in(&house.system, sign_in("cleo@house.example", NEXT)).await.unwrap();
    let asked = desk.create_password_token(&house.manager, who, TokenKind::Reset).await;
    assert_eq!(code(asked), "forbidden", "whoever has a link is that person");
    let token = desk.create_password_token(&house.system, who, TokenKind::Reset).await.unwrap();
    let gone = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    desk.update_user(&house.admin, who, gone, None).await.unwrap();
    assert_eq!(fields(desk.reset_password(&house.system, reset(&token)).await), ["token"], "no longer active");
    assert_eq!(code(desk.create_password_token(&house.system, who, TokenKind::Reset).await), "inactive");
}

#[tokio::test]
async fn forgetting_a_password_leaves_the_same_trace_whoever_it_is() {
    let house = House::new().await;
    for email in ["AMY@house.example", "nobody@house.example"] {
        house.desk.forgot_password(&house.system, Forgotten { email: email.to_owned() }).await.unwrap();
    }
    let action = Some("password.forgotten".to_owned());
    let lines = house.desk.audit(&house.admin, AuditQuery { action, limit: 9, ..AuditQuery::default() }).await.unwrap();
    assert_eq!(lines.items.len(), 2);
    assert!(!format!("{lines:?}").contains("nobody@"), "no address stands in the log");
}

#[tokio::test]
async fn signing_out_everywhere_ends_refresh_and_access_tokens_of_that_person_alone() {
    let house = House::new().await;
    let desk = &house.desk;
    for (actor, email) in [(&house.agent, "amy@house.example"), (&house.customer, "cleo@house.example")] {
        let other = desk.sign_in(&house.system, sign_in("otto@house.example", PASSWORD)).await.unwrap();
        let signed = desk.sign_in(&house.system, sign_in(email, PASSWORD)).await.unwrap();
        let (session, version) = (signed.session_id, signed.user.rights_version);
        let own = desk.actor_of_token(id(actor), session, version).await.unwrap();
        desk.sign_out_everywhere(&own).await.unwrap();
        assert_eq!(code(desk.actor_of_token(id(actor), session, version).await), "unauthenticated");
        assert_eq!(code(desk.refresh_session(&house.system, &signed.refresh_token).await), "unauthenticated");
        let again = desk.sign_in(&house.system, sign_in(email, PASSWORD)).await.unwrap();
        assert_eq!(again.user.rights_version, version + 1);
        desk.actor_of_token(id(actor), again.session_id, version + 1).await.unwrap();
        desk.refresh_session(&house.system, &other.refresh_token).await.unwrap();
    }
}

#[tokio::test]
async fn a_change_of_role_ends_access_tokens_and_a_change_of_name_does_not() {
    let house = House::new().await;
    let desk = &house.desk;
    let signed = desk.sign_in(&house.system, sign_in("amy@house.example", PASSWORD)).await.unwrap();
    let alive = async || desk.actor_of_token(signed.user.id, signed.session_id, signed.user.rights_version).await;
    let patch = UserPatch { name: Patch::Set("Amy B.".to_owned()), ..UserPatch::default() };
    desk.update_user(&house.admin, signed.user.id, patch, None).await.unwrap();
    alive().await.unwrap();
    let patch = UserPatch { role: Patch::Set(Role::Manager), ..UserPatch::default() };
    desk.update_user(&house.admin, signed.user.id, patch, None).await.unwrap();
    assert_eq!(code(alive().await), "unauthenticated");
}

#[tokio::test]
async fn a_token_that_another_server_made_is_known_here_at_once() {
    let store = Arc::new(MemoryStore::new());
    let server = || Desk::builder().store(Arc::clone(&store) as Arc<_>).build().unwrap();
    let (here, there, system) = (server(), server(), Actor::system(SystemReason::Host));
    for (role, email) in [(Role::Customer, "kim@x.example"), (Role::Agent, "eve@x.example")] {
        let new = NewUser { role, password: Some(PASSWORD.to_owned()), ..NewUser::new(email, "Kim") };
        let user = here.create_user(&system, new).await.unwrap();
        let actor = here.actor_of(user.id, None).await.unwrap();
        there.sign_out_everywhere(&actor).await.unwrap();
        let signed = there.sign_in(&system, sign_in(email, PASSWORD)).await.unwrap();
        here.actor_of_token(user.id, signed.session_id, signed.user.rights_version).await.unwrap();
        let old = here.actor_of_token(user.id, signed.session_id, signed.user.rights_version - 1).await;
        assert_eq!(code(old), "unauthenticated");
    }
}

#[tokio::test]
async fn the_set_up_link_makes_one_administrator_and_is_void_then() {
    let desk = Desk::builder().store(Arc::new(MemoryStore::new())).build().unwrap();
    let system = Actor::system(SystemReason::Operator);
    let token = desk.create_setup_token(&system).await.unwrap().unwrap();
    let set_up = |email: &str, token: &str| {
        let (email, token) = (email.to_owned(), token.to_owned());
        desk.set_up(&system, Setup { token, email, name: "Ada".to_owned(), password: PASSWORD.to_owned() })
    };
    assert_eq!(fields(set_up("ada@x.example", &"A".repeat(43)).await), ["token"]);
    assert_eq!(fields(desk.reset_password(&system, reset(&token)).await), ["token"], "it is nobody's password");
    let (one, two) = tokio::join!(set_up("ada@x.example", &token), set_up("eve@x.example", &token));
    assert!(one.is_ok() != two.is_ok(), "of two at once one wins: {one:?} {two:?}");
    let admin = one.or(two).unwrap();
    assert_eq!(admin.role, Role::Admin);
    desk.sign_in(&system, sign_in(&admin.email, PASSWORD)).await.unwrap();
    assert_eq!(fields(set_up("max@x.example", &token).await), ["token"]);
    assert_eq!(desk.create_setup_token(&system).await.unwrap(), None, "there is an administrator now");
}

#[tokio::test]
async fn a_set_up_link_is_void_once_there_is_an_administrator_by_another_way() {
    let desk = Desk::builder().store(Arc::new(MemoryStore::new())).build().unwrap();
    let system = Actor::system(SystemReason::Operator);
    let token = desk.create_setup_token(&system).await.unwrap().unwrap();
    desk.create_user(&system, NewUser { role: Role::Admin, ..NewUser::new("ada@x.example", "Ada") }).await.unwrap();
    let late = Setup { token, email: "eve@x.example".into(), name: "Eve".into(), password: PASSWORD.into() };
    assert_eq!(fields(desk.set_up(&system, late).await), ["token"]);
}
