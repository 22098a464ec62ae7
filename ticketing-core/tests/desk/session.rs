//! Signing in, staying signed in, signing out, signing up.

use crate::house::{House, PASSWORD, code, fields, id};
use chrono::TimeDelta;
use ticketing_core::desk::{MePatch, Register, SignIn, UserPatch};
use ticketing_core::input::Patch;
use ticketing_core::model::{Availability, Role};

fn sign_in(email: &str, password: &str) -> SignIn {
    SignIn { email: email.into(), password: password.into() }
}

#[tokio::test]
async fn every_refusal_looks_the_same() {
    let house = House::new().await;
    let desk = &house.desk;
    let good = desk.sign_in(&house.system, sign_in(" CLEO@house.example", PASSWORD)).await.unwrap();
    assert_eq!(good.user.name, "cleo");
    let most = "x".repeat(72);
    let patch = UserPatch { password: Patch::Set(most.clone()), ..UserPatch::default() };
    desk.update_user(&house.admin, id(&house.customer), patch, None).await.unwrap();
    desk.sign_in(&house.system, sign_in("cleo@house.example", &most)).await.unwrap();
    let more = desk.sign_in(&house.system, sign_in("cleo@house.example", &format!("{most}y"))).await;
    assert_eq!(code(more), "unauthenticated", "a longer password is not cut");
    let wrong = desk.sign_in(&house.system, sign_in("cleo@house.example", "wrong")).await.unwrap_err();
    let unknown = desk.sign_in(&house.system, sign_in("nobody@house.example", PASSWORD)).await.unwrap_err();
    let gone = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    desk.update_user(&house.admin, id(&house.customer), gone, None).await.unwrap();
    let inactive = desk.sign_in(&house.system, sign_in("cleo@house.example", &most)).await.unwrap_err();
    assert_eq!(wrong.to_string(), unknown.to_string());
    assert_eq!(wrong.to_string(), inactive.to_string());
    assert_eq!(code(desk.actor_of(id(&house.customer), None).await), "unauthenticated");
}

#[tokio::test]
async fn a_spent_refresh_token_ends_the_whole_family() {
    let house = House::new().await;
    let desk = &house.desk;
    let first = desk.sign_in(&house.system, sign_in("amy@house.example", PASSWORD)).await.unwrap();
    let second = desk.refresh_session(&house.system, &first.refresh_token).await.unwrap();
    assert_ne!(first.refresh_token, second.refresh_token);
    assert_eq!(first.session_id, second.session_id);
    assert_eq!(code(desk.refresh_session(&house.system, &first.refresh_token).await), "unauthenticated");
    assert_eq!(code(desk.refresh_session(&house.system, &second.refresh_token).await), "unauthenticated");
}

#[tokio::test]
async fn of_two_refreshes_at_once_at_most_one_wins() {
    let house = House::new().await;
    let desk = &house.desk;
    let first = desk.sign_in(&house.system, sign_in("amy@house.example", PASSWORD)).await.unwrap();
    let (one, two) = tokio::join!(
        desk.refresh_session(&house.system, &first.refresh_token),
        desk.refresh_session(&house.system, &first.refresh_token)
    );
    assert!(!(one.is_ok() && two.is_ok()));
}

#[tokio::test]
async fn a_guessed_token_harms_nobody() {
    let house = House::new().await;
    let desk = &house.desk;
    let first = desk.sign_in(&house.system, sign_in("amy@house.example", PASSWORD)).await.unwrap();
    // Another token of the same length that names the same session: its family part is wrong.
    let mut forged = first.refresh_token.clone();
    forged.replace_range(30..31, if &forged[30..31] == "A" { "B" } else { "A" });
    for token in [forged.as_str(), "", "x", &"A".repeat(107)] {
        assert_eq!(code(desk.refresh_session(&house.system, token).await), "unauthenticated");
        desk.sign_out(&house.system, Some(token)).await.unwrap();
    }
    desk.refresh_session(&house.system, &first.refresh_token).await.expect("the session still lives");
}

#[tokio::test]
async fn a_sign_in_ends_by_signing_out_by_time_and_by_a_new_password() {
    let house = House::new().await;
    let desk = &house.desk;
    let enter = async || desk.sign_in(&house.system, sign_in("amy@house.example", PASSWORD)).await.unwrap();
    let signed_out = enter().await;
    desk.sign_out(&house.system, Some(&signed_out.refresh_token)).await.unwrap();
    assert_eq!(code(desk.refresh_session(&house.system, &signed_out.refresh_token).await), "unauthenticated");
    let own = enter().await;
    let actor = desk.actor_of(own.user.id, Some(own.session_id)).await.unwrap();
    desk.sign_out(&actor, None).await.unwrap();
    assert_eq!(code(desk.refresh_session(&house.system, &own.refresh_token).await), "unauthenticated");
    let expired = enter().await;
    house.clock.advance(TimeDelta::days(30));
    assert_eq!(code(desk.refresh_session(&house.system, &expired.refresh_token).await), "unauthenticated");
    let changed = enter().await;
    let patch = MePatch {
        password: Patch::Set("another one entirely".into()),
        current_password: Patch::Set("not it".into()),
        ..MePatch::default()
    };
    assert_eq!(fields(desk.update_me(&house.agent, patch.clone(), None).await), ["current_password"]);
    let patch = MePatch { current_password: Patch::Set(PASSWORD.into()), ..patch };
    desk.update_me(&house.agent, patch, None).await.unwrap();
    assert_eq!(code(desk.refresh_session(&house.system, &changed.refresh_token).await), "unauthenticated");
    desk.sign_in(&house.system, sign_in("amy@house.example", "another one entirely")).await.unwrap();
}

#[tokio::test]
async fn one_sees_and_ends_the_own_sign_ins_and_no_others() {
    let house = House::new().await;
    let desk = &house.desk;
    let enter = async |email: &str| desk.sign_in(&house.system, sign_in(email, PASSWORD)).await.unwrap();
    let (first, second) = (enter("amy@house.example").await, enter("amy@house.example").await);
    let foreign = enter("otto@house.example").await;
    let here = desk.actor_of(id(&house.agent), Some(second.session_id)).await.unwrap();
    let page = desk.sign_ins(&here, None, 10).await.unwrap();
    let listed: Vec<_> = page.items.iter().map(|one| (one.id, one.is_current)).collect();
    assert_eq!(listed, [(second.session_id, true), (first.session_id, false)]);
    for strange in [&house.outsider, &house.admin] {
        assert_eq!(code(desk.end_sign_in(strange, first.session_id).await), "not_found");
    }
    assert_eq!(code(desk.end_sign_in(&here, foreign.session_id).await), "not_found");
    desk.end_sign_in(&here, first.session_id).await.unwrap();
    assert_eq!(code(desk.end_sign_in(&here, first.session_id).await), "not_found");
    assert_eq!(code(desk.refresh_session(&house.system, &first.refresh_token).await), "unauthenticated");
    desk.refresh_session(&house.system, &second.refresh_token).await.unwrap();
    // The desk itself is signed in nowhere.
    assert_eq!(code(desk.sign_ins(&house.system, None, 10).await), "not_found");
}

#[tokio::test]
async fn rights_follow_the_role_at_once() {
    let house = House::new().await;
    let desk = &house.desk;
    let patch = UserPatch { role: Patch::Set(Role::Manager), ..UserPatch::default() };
    desk.update_user(&house.admin, id(&house.agent), patch, None).await.unwrap();
    assert_eq!(desk.actor_of(id(&house.agent), None).await.unwrap().role(), Role::Manager);
    let patch = UserPatch { role: Patch::Set(Role::Customer), ..UserPatch::default() };
    desk.update_user(&house.admin, id(&house.agent), patch, None).await.unwrap();
    assert_eq!(desk.actor_of(id(&house.agent), None).await.unwrap().role(), Role::Customer);
    let patch = UserPatch { role: Patch::Set(Role::Agent), ..UserPatch::default() };
    desk.update_user(&house.admin, id(&house.agent), patch, None).await.unwrap();
    let again = desk.actor_of(id(&house.agent), None).await.unwrap();
    assert!(again.principal().unwrap().teams.is_empty(), "places in teams do not come back with the role");
}

#[tokio::test]
async fn customers_sign_up_as_customers() {
    let house = House::new().await;
    let new = |email: &str| Register { email: email.into(), name: "New".into(), password: PASSWORD.into() };
    let user = house.desk.register(&house.system, new("new@house.example")).await.unwrap();
    assert_eq!(user.role, Role::Customer);
    assert_eq!(code(house.desk.register(&house.system, new("NEW@house.example")).await), "duplicate");
    let bad = Register { email: "no".into(), name: String::new(), password: "x".repeat(73) };
    assert_eq!(fields(house.desk.register(&house.system, bad).await), ["email", "name", "password"]);
}

#[tokio::test]
async fn availability_holds_until_changed() {
    let house = House::new().await;
    let patch = MePatch { availability: Patch::Set(Availability::Away), ..MePatch::default() };
    house.desk.update_me(&house.agent, patch, None).await.unwrap();
    assert_eq!(house.desk.me(&house.agent).await.unwrap().availability, Availability::Away);
}
