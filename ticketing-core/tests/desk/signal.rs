//! Which acts tell whoever is connected that rights have changed, and what else goes over the bus.

use crate::house::{House, PASSWORD, id, key};
use futures::FutureExt;
use std::collections::BTreeSet;
use std::sync::Arc;
use ticketing_core::Actor;
use ticketing_core::access::Principal;
use ticketing_core::desk::{
    MePatch, MemberPatch, NewApiKey, NewComment, NewMember, NewTeam, NewTicket, NotificationList, PasswordReset,
    ReadAll, SignIn, TeamPatch, TicketPatch, UserPatch,
};
use ticketing_core::ids::UserId;
use ticketing_core::input::Patch;
use ticketing_core::memory::MemoryStore;
use ticketing_core::model::{Availability, KeyScope, Role, TeamRole, TokenKind};
use ticketing_core::port::Signal;
use tokio::sync::broadcast::Receiver;

/// A house, and what is told on its bus.
async fn listening() -> (House, Receiver<Signal>) {
    let house = House::new().await;
    let heard = house.desk.bus().subscribe();
    (house, heard)
}

/// What was told since the last look.
fn told(heard: &mut Receiver<Signal>) -> Vec<Signal> {
    std::iter::from_fn(|| heard.try_recv().ok()).collect()
}

/// Whose rights were told to have changed since the last look.
fn touched(heard: &mut Receiver<Signal>) -> BTreeSet<UserId> {
    let rights = told(heard).into_iter().filter_map(|signal| match signal {
        Signal::Rights { user_id } => Some(user_id),
        _ => None,
    });
    rights.collect()
}

fn only(actor: &Actor) -> BTreeSet<UserId> {
    BTreeSet::from([id(actor)])
}

async fn change(house: &House, of: &Actor, patch: UserPatch) {
    house.desk.update_user(&house.admin, id(of), patch, None).await.unwrap();
}

#[tokio::test]
async fn a_person_whose_role_access_or_password_changes_is_looked_at_again() {
    let (house, mut heard) = listening().await;
    for patch in [
        UserPatch { role: Patch::Set(Role::Manager), ..UserPatch::default() },
        UserPatch { is_active: Patch::Set(false), ..UserPatch::default() },
        UserPatch { is_active: Patch::Set(true), ..UserPatch::default() },
        UserPatch { password: Patch::Set("another horse battery".to_owned()), ..UserPatch::default() },
    ] {
        change(&house, &house.outsider, patch.clone()).await;
        assert_eq!(touched(&mut heard), only(&house.outsider), "{patch:?}");
    }
    change(&house, &house.customer, UserPatch { organization_id: Patch::Set(None), ..UserPatch::default() }).await;
    assert_eq!(touched(&mut heard), only(&house.customer), "a company shares its tickets");
    let own = MePatch {
        password: Patch::Set("another horse battery".to_owned()),
        current_password: Patch::Set(PASSWORD.to_owned()),
        ..MePatch::default()
    };
    house.desk.update_me(&house.agent, own, None).await.unwrap();
    assert_eq!(touched(&mut heard), only(&house.agent));
    let token = house.desk.create_password_token(&house.system, id(&house.customer), TokenKind::Reset).await.unwrap();
    assert_eq!(touched(&mut heard), BTreeSet::new(), "a link changes nothing yet");
    house.desk.reset_password(&house.system, PasswordReset { token, password: PASSWORD.to_owned() }).await.unwrap();
    assert_eq!(touched(&mut heard), only(&house.customer));
    house.desk.erase_user(&house.admin, id(&house.stranger)).await.unwrap();
    assert_eq!(touched(&mut heard), only(&house.stranger));
}

#[tokio::test]
async fn whoever_comes_into_a_team_or_leaves_it_is_looked_at_again() {
    let (house, mut heard) = listening().await;
    let (desk, team, member) = (&house.desk, house.billing, id(&house.outsider));
    let new = NewMember::new(member, TeamRole::Member);
    desk.add_member(&house.manager, team, new).await.unwrap();
    assert_eq!(touched(&mut heard), only(&house.outsider));
    let lead = MemberPatch { role: Patch::Set(TeamRole::Lead), ..MemberPatch::default() };
    desk.update_member(&house.manager, team, member, lead, None).await.unwrap();
    assert_eq!(touched(&mut heard), only(&house.outsider));
    desk.remove_member(&house.manager, team, member, None).await.unwrap();
    assert_eq!(touched(&mut heard), only(&house.outsider));
}

#[tokio::test]
async fn all_members_of_a_team_that_is_switched_off_or_deleted_are_looked_at_again() {
    let (house, mut heard) = listening().await;
    let (desk, team) = (&house.desk, house.billing);
    let new = NewMember::new(id(&house.outsider), TeamRole::Member);
    desk.add_member(&house.manager, team, new).await.unwrap();
    let both = BTreeSet::from([id(&house.agent), id(&house.outsider)]);
    told(&mut heard);
    desk.update_team(
        &house.manager,
        team,
        TeamPatch { name: Patch::Set("Bills".into()), ..TeamPatch::default() },
        None,
    )
    .await
    .unwrap();
    assert_eq!(touched(&mut heard), BTreeSet::new(), "a name is no right");
    for is_active in [false, true] {
        let patch = TeamPatch { is_active: Patch::Set(is_active), ..TeamPatch::default() };
        desk.update_team(&house.manager, team, patch, None).await.unwrap();
        assert_eq!(touched(&mut heard), both);
    }
    desk.delete_team(&house.manager, team, None).await.unwrap();
    assert_eq!(touched(&mut heard), both);
    desk.create_team(&house.manager, NewTeam::new("New")).await.unwrap();
    assert_eq!(touched(&mut heard), BTreeSet::new(), "nobody is in it");
}

#[tokio::test]
async fn the_end_of_a_sign_in_is_told_and_its_beginning_is_not() {
    let (house, mut heard) = listening().await;
    let desk = &house.desk;
    let sign_in = SignIn { email: "amy@house.example".to_owned(), password: PASSWORD.to_owned() };
    let signed_in = desk.sign_in(&house.system, sign_in.clone()).await.unwrap();
    let next = desk.refresh_session(&house.system, &signed_in.refresh_token).await.unwrap();
    assert_eq!(touched(&mut heard), BTreeSet::new());
    desk.sign_out(&house.system, Some(&next.refresh_token)).await.unwrap();
    assert_eq!(touched(&mut heard), only(&house.agent));
    desk.sign_out(&house.system, Some(&next.refresh_token)).await.unwrap();
    assert_eq!(touched(&mut heard), BTreeSet::new(), "it was over");
    // A token that was spent before ends the sign-in.
    let stolen = desk.sign_in(&house.system, sign_in).await.unwrap().refresh_token;
    desk.refresh_session(&house.system, &stolen).await.unwrap();
    assert!(desk.refresh_session(&house.system, &stolen).await.is_err());
    assert_eq!(touched(&mut heard), only(&house.agent));
    for actor in [&house.agent, &house.customer] {
        desk.sign_out_everywhere(actor).await.unwrap();
        assert_eq!(touched(&mut heard), only(actor));
    }
}

#[tokio::test]
async fn a_key_that_is_taken_back_is_told_and_opens_nothing_by_then() {
    let (house, mut heard) = listening().await;
    let desk = &house.desk;
    let new = NewApiKey { name: "Mine".into(), scopes: vec![KeyScope::Admin], expires_at: None };
    let made = desk.create_api_key(&house.agent, new).await.unwrap();
    desk.actor_of_key(&made.key).await.unwrap();
    desk.note_key_use(made.view.id).await.unwrap();
    assert_eq!(touched(&mut heard), BTreeSet::new());
    desk.revoke_api_key(&house.agent, made.view.id).await.unwrap();
    assert_eq!(touched(&mut heard), only(&house.agent));
    assert!(desk.actor_of_key(&made.key).await.is_err());
}

#[tokio::test]
async fn availability_is_told_when_it_changes_and_touches_no_rights() {
    let (house, mut heard) = listening().await;
    let user_id = id(&house.agent);
    let away = MePatch { availability: Patch::Set(Availability::Away), ..MePatch::default() };
    house.desk.update_me(&house.agent, away.clone(), None).await.unwrap();
    assert_eq!(told(&mut heard), [Signal::Availability { user_id, availability: Availability::Away }]);
    house.desk.update_me(&house.agent, away, None).await.unwrap();
    assert_eq!(told(&mut heard), [], "it was so before");
    let offline = UserPatch { availability: Patch::Set(Availability::Offline), ..UserPatch::default() };
    change(&house, &house.agent, offline).await;
    assert_eq!(told(&mut heard), [Signal::Availability { user_id, availability: Availability::Offline }]);
    let renamed = MePatch { name: Patch::Set("Amy B.".to_owned()), ..MePatch::default() };
    house.desk.update_me(&house.agent, renamed, None).await.unwrap();
    assert_eq!(told(&mut heard), [Signal::Rights { user_id }], "others show the name");
    house.desk.erase_user(&house.admin, user_id).await.unwrap();
    let availability = Availability::Offline;
    assert_eq!(told(&mut heard), [Signal::Availability { user_id, availability }, Signal::Rights { user_id }]);
}

#[tokio::test]
async fn what_happens_to_tickets_is_in_the_log_and_not_on_the_bus() {
    let (house, mut heard) = listening().await;
    let before = house.desk.log_end().await.unwrap();
    let ticket = house.ticket().await;
    house.desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Look.")).await.unwrap();
    let patch = TicketPatch { subject: Patch::Set("New".to_owned()), ..TicketPatch::default() };
    house.desk.update_ticket(&house.agent, &key(&ticket), patch, None).await.unwrap();
    assert_eq!(told(&mut heard), []);
    let end = house.desk.log_end().await.unwrap();
    let feed = house.desk.events(&house.admin, before, 100).await.unwrap();
    assert!(end > before && feed.items.len() >= 3 && feed.next == end);
}

#[tokio::test]
async fn what_is_read_is_told_and_what_events_tell_is_not() {
    let (house, mut heard) = listening().await;
    let agent = Some(id(&house.agent));
    let ticket =
        house.desk.create_ticket(&house.manager, NewTicket { assigned_agent_id: agent, ..NewTicket::new("A", "B") });
    let ticket = key(&ticket.await.unwrap());
    let list = house.desk.notifications(&house.agent, NotificationList::default(), None, 10).await.unwrap();
    assert!(!list.items.is_empty());
    assert_eq!(told(&mut heard), [], "an event tells of it");
    house.desk.read_notification(&house.agent, list.items[0].id).await.unwrap();
    let read = Signal::Read { user_id: id(&house.agent) };
    assert_eq!(told(&mut heard), std::slice::from_ref(&read));
    house.desk.read_notifications_of(&house.agent, &ticket).await.unwrap();
    assert_eq!(told(&mut heard), std::slice::from_ref(&read), "there was more than one of it");
    house.desk.read_notification(&house.agent, list.items[0].id).await.unwrap();
    house.desk.read_notifications_of(&house.agent, &ticket).await.unwrap();
    assert_eq!(told(&mut heard), [], "it was read before");
    house.desk.add_comment(&house.manager, &ticket, NewComment::public("Look.")).await.unwrap();
    house.desk.read_notifications(&house.agent, ReadAll::default()).await.unwrap();
    assert_eq!(told(&mut heard), [read]);
}

#[tokio::test]
async fn whoever_looks_because_of_a_signal_finds_the_rights_of_now() {
    let store = Arc::new(MemoryStore::new());
    let build = || ticketing_core::Desk::builder().store(Arc::clone(&store) as Arc<_>).build().unwrap();
    let (here, there) = (build(), build());
    let host = Actor::system(ticketing_core::access::SystemReason::Host);
    for role in [Role::Agent, Role::Customer] {
        let new = ticketing_core::desk::NewUser {
            role,
            ..ticketing_core::desk::NewUser::new(format!("{role:?}@x.example"), "New")
        };
        let user = here.create_user(&host, new).await.unwrap();
        let actor = there.actor_of(user.id, None).await.unwrap();
        let principal: Principal = actor.principal().unwrap().clone();
        let key = NewApiKey { name: "Mine".into(), scopes: vec![KeyScope::Admin], expires_at: None };
        let key = here.create_api_key(&actor, key).await.unwrap();
        there.actor_of_key(&key.key).await.unwrap();
        here.revoke_api_key(&actor, key.view.id).await.unwrap();
        let off = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
        here.update_user(&host, user.id, off, None).await.unwrap();
        // The other process is told of it.
        there.forget_rights();
        let version = principal.rights_version;
        assert!(there.actor_of_token(user.id, ticketing_core::SessionId(uuid::Uuid::nil()), version).await.is_err());
        let on = UserPatch { is_active: Patch::Set(true), ..UserPatch::default() };
        here.update_user(&host, user.id, on, None).await.unwrap();
        there.forget_rights();
        assert!(there.actor_of(user.id, None).await.is_ok());
        assert!(there.actor_of_key(&key.key).await.is_err(), "the key stays taken back");
    }
}

#[tokio::test]
async fn what_a_host_has_yet_to_commit_is_told_when_it_announces() {
    let (house, mut heard) = listening().await;
    // The store in memory has no transactions; what matters here is who tells when.
    let joined = house.desk.joined(Arc::clone(house.desk.store()));
    let off = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    joined.update_user(&house.admin, id(&house.outsider), off, None).await.unwrap();
    assert_eq!(told(&mut heard), []);
    house.desk.announce();
    assert_eq!(touched(&mut heard), only(&house.outsider));
    house.desk.announce();
    assert_eq!(told(&mut heard), [], "once");
}

#[tokio::test]
async fn whoever_follows_the_log_is_woken_by_what_happened_since_it_began_to_wait() {
    let house = House::new().await;
    let mut waiting = Box::pin(house.desk.log_may_have_grown());
    assert_eq!((&mut waiting).now_or_never(), None);
    house.desk.create_team(&house.manager, NewTeam::new("New")).await.unwrap();
    assert_eq!((&mut waiting).now_or_never(), None, "a team is no event");
    house.ticket().await;
    assert_eq!(waiting.now_or_never(), Some(()));
    // Asked for before the log is read: what comes while it is read is not missed.
    let waiting = house.desk.log_may_have_grown();
    house.ticket().await;
    assert_eq!(waiting.now_or_never(), Some(()));
    assert_eq!(house.desk.log_may_have_grown().now_or_never(), None);
}
