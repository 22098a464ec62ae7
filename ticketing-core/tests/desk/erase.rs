//! Forgetting a person, and telling what is kept of one.

use crate::house::{House, PASSWORD, code, fields, id, key, person};
use ticketing_core::Actor;
use ticketing_core::access::{Call, Origin, Scope};
use ticketing_core::changes::{Changes, Write};
use ticketing_core::desk::{
    FlawKind, Forgotten, MePatch, NewApiKey, NewComment, NewUser, PasswordReset, Side, SignIn, UserPatch,
};
use ticketing_core::ids::{AuditId, ChangeId, UserId};
use ticketing_core::input::Patch;
use ticketing_core::model::{AuditEntry, KeyScope, Role, Subject, TokenKind};
use ticketing_core::query::AuditQuery;

fn sign_in(email: &str) -> SignIn {
    SignIn { email: email.into(), password: PASSWORD.into() }
}

/// The same actor at a browser.
fn from_afar(actor: &Actor) -> Call {
    let origin = Origin::Http { ip: Some("192.0.2.7".into()), peer: None, user_agent: Some("Browser/1".into()) };
    Call { origin, ..Call::from(actor) }
}

async fn lines(house: &House, query: AuditQuery) -> Vec<AuditEntry> {
    house.desk.audit(&house.admin, AuditQuery { limit: 1_000, ..query }).await.unwrap().items
}

fn by(user: UserId) -> AuditQuery {
    AuditQuery { actor: Some(user), ..AuditQuery::default() }
}

fn about(user: UserId) -> AuditQuery {
    AuditQuery { subject: Some(Subject::User(user)), ..AuditQuery::default() }
}

/// What the proof of the log finds wrong.
async fn flaw(house: &House) -> Option<(FlawKind, Option<AuditId>)> {
    let proof = house.desk.verify_audit(&house.system, None).await.unwrap();
    proof.first_bad.map(|flaw| (flaw.kind, flaw.line))
}

/// Empties details behind the desk's back.
async fn empty(house: &House, ids: Vec<AuditId>) {
    let store = house.desk.store();
    let settings = store.settings_version().await.unwrap();
    let (scope, id) = (Scope::UPKEEP, ChangeId(uuid::Uuid::from_u128(1)));
    let writes = vec![Write::EmptyDetails { ids }];
    store.commit(Changes { id, scope, settings, bumps_settings: false, writes, guards: Vec::new() }).await.unwrap();
}

#[tokio::test]
async fn nothing_tells_any_more_who_an_erased_person_was() {
    let house = House::new().await;
    let (desk, who) = (&house.desk, id(&house.customer));
    let ticket = house.ticket().await;
    desk.add_comment(from_afar(&house.customer), &key(&ticket), NewComment::public("Still?")).await.unwrap();
    let session = desk.sign_in(from_afar(&house.system), sign_in("cleo@house.example")).await.unwrap();
    let new = NewApiKey { name: "Cleo's robot".into(), scopes: vec![KeyScope::TicketsRead], expires_at: None };
    let made = desk.create_api_key(from_afar(&house.customer), new).await.unwrap();
    let token = desk.create_password_token(&house.system, who, TokenKind::Reset).await.unwrap();
    let erasure = desk.erase_user(from_afar(&house.admin), who).await.unwrap();
    assert!(erasure.emptied >= 5, "{}", erasure.emptied);

    let user = desk.user(&house.admin, who).await.unwrap();
    assert_eq!((user.name.as_str(), user.is_active), ("Erased person", false));
    assert_eq!(user.email, format!("erased-{who}@erased.invalid"));
    assert_eq!((user.organization_id, user.time_zone, user.locale), (None, None, None));
    let credential = desk.store().credential_by_id(&Scope::SIGN_IN, who).await.unwrap().unwrap();
    assert_eq!(credential.password_hash, None);
    assert_eq!(desk.store().session(&Scope::SIGN_IN, session.session_id).await.unwrap(), None);
    assert_eq!(code(desk.sign_in(&house.system, sign_in("cleo@house.example")).await), "unauthenticated");
    assert_eq!(code(desk.refresh_session(&house.system, &session.refresh_token).await), "unauthenticated");
    let version = session.user.rights_version;
    assert_eq!(code(desk.actor_of_token(who, session.session_id, version).await), "unauthenticated");
    assert_eq!(code(desk.actor_of_key(&made.key).await), "unauthenticated");
    let reset = PasswordReset { token, password: PASSWORD.into() };
    assert_eq!(fields(desk.reset_password(&house.system, reset).await), ["token"]);

    let told = [lines(&house, by(who)).await, lines(&house, about(who)).await].concat();
    assert_eq!(told.iter().filter(|line| line.action == "user.erased").count(), 1);
    for word in ["cleo", "192.0.2.7", "Browser"] {
        assert!(!format!("{:?}", told.iter().map(|line| &line.detail).collect::<Vec<_>>()).contains(word), "{word}");
    }
    assert_eq!(flaw(&house).await, None);
    // What was said on tickets is the desk's own record.
    let seen = desk.ticket(&house.agent, &key(&ticket)).await.unwrap();
    assert_eq!((seen.public().customer_id, seen.public().subject.as_str()), (who, "Cannot log in"));
    let said = desk.comments(&house.agent, &key(&ticket), None, 9).await.unwrap().items;
    assert_eq!((said[0].body.as_str(), said[0].author.name.as_str()), ("Still?", "Erased person"));
    // Somebody else may have the address now.
    desk.create_user(&house.admin, NewUser::new("cleo@house.example", "Another Cleo")).await.unwrap();
}

#[tokio::test]
async fn erasing_goes_on_where_it_was_cut_short_and_then_changes_nothing() {
    let house = House::new().await;
    let (desk, who) = (&house.desk, id(&house.customer));
    for _ in 0..1_203 {
        let forgotten = Forgotten { email: "cleo@house.example".into() };
        desk.forgot_password(from_afar(&house.system), forgotten).await.unwrap();
    }
    let first = desk.erase_user(&house.admin, who).await.unwrap();
    assert_eq!(first.emptied, 1_204, "those lines, and the one that tells of the beginning");
    // What a crash left behind looks like this.
    let address = first.user.email.clone();
    desk.forgot_password(from_afar(&house.system), Forgotten { email: address }).await.unwrap();
    let second = desk.erase_user(&house.admin, who).await.unwrap();
    assert_eq!((second.emptied, &second.user), (1, &first.user));
    let third = desk.erase_user(&house.admin, who).await.unwrap();
    assert_eq!((third.emptied, &third.user), (0, &first.user));
    let erased = AuditQuery { action: Some("user.erased".into()), ..about(who) };
    assert_eq!(lines(&house, erased).await.len(), 1);
    assert_eq!(flaw(&house).await, None);
}

#[tokio::test]
async fn only_details_of_the_erased_may_be_empty() {
    let house = House::new().await;
    let who = id(&house.customer);
    let other = lines(&house, about(id(&house.stranger))).await[0].id;
    house.desk.erase_user(&house.admin, who).await.unwrap();
    assert_eq!(flaw(&house).await, None);
    let erasure = lines(&house, AuditQuery { action: Some("user.erased".into()), ..about(who) }).await[0].id;
    empty(&house, vec![erasure]).await;
    assert_eq!(flaw(&house).await, Some((FlawKind::DetailChanged, Some(erasure))));
    empty(&house, vec![other]).await;
    assert_eq!(flaw(&house).await, Some((FlawKind::DetailChanged, Some(other))));
}

#[tokio::test]
async fn who_may_be_erased_and_by_whom() {
    let house = House::new().await;
    let desk = &house.desk;
    for actor in [&house.customer, &house.agent, &house.manager] {
        assert_eq!(code(desk.erase_user(actor, id(&house.stranger)).await), "forbidden");
    }
    assert_eq!(code(desk.erase_user(&house.admin, id(&house.admin)).await), "forbidden");
    assert_eq!(code(desk.erase_user(&house.system, id(&house.admin)).await), "last_admin");
    assert_eq!(code(desk.erase_user(&house.admin, UserId(uuid::Uuid::nil())).await), "not_found");
    let second = person(desk, Role::Admin, "ida", None).await;
    let erased = desk.erase_user(&house.system, id(&second)).await.unwrap().user;
    assert_eq!((erased.role, erased.is_active), (Role::Admin, false));
    assert_eq!(code(desk.erase_user(&house.system, id(&house.admin)).await), "last_admin");
    // Who was erased no longer acts, and has no place in a team.
    assert_eq!(code(desk.create_user(&second, NewUser::new("x@x.example", "X")).await), "rights_changed");
    desk.erase_user(&house.admin, id(&house.agent)).await.unwrap();
    assert!(desk.snapshot().await.unwrap().directory.membership(house.billing, id(&house.agent)).is_none());
    let rename = UserPatch { name: Patch::Set("Amy again".into()), ..UserPatch::default() };
    assert_eq!(code(desk.update_user(&house.admin, id(&house.agent), rename, None).await), "erased");
    // Nobody else can look so.
    let new = NewUser::new("erased-1@Erased.Invalid", "Erased person");
    assert_eq!(fields(desk.create_user(&house.admin, new).await), ["email"]);
    assert_eq!(flaw(&house).await, None);
}

#[tokio::test]
async fn all_that_is_kept_of_a_person_is_told() {
    let house = House::new().await;
    let (desk, who) = (&house.desk, id(&house.customer));
    assert_eq!(code(desk.export_user(&house.manager, who).await), "forbidden");
    let ticket = house.ticket().await;
    desk.add_comment(&house.agent, &key(&ticket), NewComment::internal("A note")).await.unwrap();
    for number in 0..120 {
        desk.add_comment(from_afar(&house.customer), &key(&ticket), NewComment::public(format!("No. {number}")))
            .await
            .unwrap();
    }
    let person = desk.export_user(&house.admin, who).await.unwrap();
    assert_eq!((person.user.id, person.organization.unwrap().id), (who, house.acme));
    let tickets = desk.exported_tickets(&house.admin, who, None).await.unwrap();
    assert_eq!((tickets.items.len(), tickets.items[0].id(), tickets.next), (1, ticket.id(), None));
    let first = desk.exported_answers(&house.admin, who, ticket.id(), None).await.unwrap();
    assert!(first.items.iter().all(|comment| !comment.is_internal), "no note of others");
    let next = first.next.map(|next| ticketing_core::ids::CommentId(next.id));
    let second = desk.exported_answers(&house.admin, who, ticket.id(), next).await.unwrap();
    assert_eq!((first.items.len() + second.items.len(), second.next), (120, None));
    let own = desk.exported_comments(&house.admin, id(&house.agent), None).await.unwrap();
    assert_eq!((own.items.len(), own.items[0].is_internal), (1, true), "one's own notes");
    let did = desk.exported_lines(&house.admin, who, Side::By, None).await.unwrap();
    assert_eq!((did.len(), did[0].detail.ip.as_deref()), (100, Some("192.0.2.7")));
    let last = did.last().map(|line| (line.at, line.id));
    assert_eq!(desk.exported_lines(&house.admin, who, Side::By, last).await.unwrap().len(), 21);
    let done = desk.exported_lines(&house.admin, who, Side::About, None).await.unwrap();
    assert_eq!(done.last().map(|line| line.action.as_str()), Some("user.created"));
}

#[tokio::test]
async fn what_was_under_way_gives_nobody_a_name_again() {
    let house = House::new().await;
    let (desk, who) = (&house.desk, id(&house.customer));
    let token = desk.sign_in(from_afar(&house.system), sign_in("cleo@house.example")).await.unwrap().refresh_token;
    desk.sign_out(from_afar(&house.system), Some(&token)).await.unwrap();
    let ended = |lines: Vec<AuditEntry>| lines.into_iter().find(|line| line.action == "session.ended").unwrap();
    assert!(ended(lines(&house, by(who)).await).detail.ip.is_some(), "signing out is told of its owner");
    desk.erase_user(&house.admin, who).await.unwrap();
    assert_eq!(ended(lines(&house, by(who)).await).detail.ip, None);
    // Both were let in before, by the rights of a moment ago.
    let rename = MePatch { name: Patch::Set("Cleo again".into()), ..MePatch::default() };
    assert_eq!(code(desk.update_me(&house.customer, rename, None).await), "erased");
    let new = NewApiKey { name: "Cleo's robot".into(), scopes: vec![KeyScope::TicketsRead], expires_at: None };
    assert_eq!(code(desk.create_api_key(&house.customer, new).await), "unauthenticated");
    assert_eq!(flaw(&house).await, None);
}
