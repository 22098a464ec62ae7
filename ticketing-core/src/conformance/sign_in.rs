//! Passwords, sign-ins and keys.

use super::sample::{add, change};
use super::trial::{ALL, Trial};
use super::{area, refused};
use crate::access::Scope;
use crate::changes::{Expect, Write};
use crate::fold::fold;
use crate::model::{CredentialToken, Role, TokenKind};
use crate::port::StoreError;

area!["sign_in":
    a_password_is_found_with_its_person,
    a_password_is_replaced,
    a_session_is_read_back_whole,
    live_sign_ins_are_listed_newest_first,
    a_refresh_replaces_the_secret,
    all_sessions_of_a_person_end_at_once,
    an_ended_session_is_not_revived,
    a_key_is_read_back_whole,
    a_key_is_taken_back,
    keys_are_listed_by_their_owner,
    the_use_of_a_key_is_remembered,
    a_link_takes_the_place_of_the_one_before,
    a_link_is_good_once,
    all_by_which_a_person_signs_in_is_forgotten,
];

async fn a_password_is_found_with_its_person(t: &Trial) {
    let (user, other) = (t.sample.user("Pam", Role::Agent), t.sample.user("Qi", Role::Agent));
    let hash = "$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ012345".to_owned();
    let password = Write::Password { user_id: user.id, hash: Some(hash.clone()) };
    t.commit(vec![add(&user), add(&other), password]).await;
    let found = t.store.credential(&ALL, &fold(&user.email)).await.unwrap().expect("found by address");
    assert_eq!((found.user, found.password_hash), (user.clone(), Some(hash.clone())));
    let found = t.store.credential_by_id(&ALL, user.id).await.unwrap().expect("found by id");
    assert_eq!((found.user, found.password_hash), (user, Some(hash)));
    let found = t.store.credential_by_id(&ALL, other.id).await.unwrap().expect("found by id");
    assert_eq!((found.user, found.password_hash), (other, None));
    assert!(t.store.credential(&ALL, "nobody@people.example").await.unwrap().is_none());
    assert!(t.store.credential_by_id(&ALL, crate::UserId(t.sample.uuid())).await.unwrap().is_none());
}

async fn a_password_is_replaced(t: &Trial) {
    let mut user = t.sample.user("Rob", Role::Agent);
    t.commit(vec![add(&user), Write::Password { user_id: user.id, hash: Some("first".to_owned()) }]).await;
    t.commit(vec![change(&mut user, |user| user.name = "Bob".to_owned())]).await;
    let found = t.store.credential_by_id(&ALL, user.id).await.unwrap().expect("found");
    assert_eq!(found.password_hash.as_deref(), Some("first"), "a profile leaves the password alone");
    let both = vec![
        change(&mut user, |user| user.name = "Robin".to_owned()),
        Write::Password { user_id: user.id, hash: Some("second".to_owned()) },
    ];
    t.commit(both).await;
    let found = t.store.credential_by_id(&ALL, user.id).await.unwrap().expect("found");
    assert_eq!((found.user, found.password_hash.as_deref()), (user, Some("second")));
}

async fn a_session_is_read_back_whole(t: &Trial) {
    let user = t.sample.user("Sam", Role::Customer);
    let (full, mut bare) = (t.sample.session(&user), t.sample.session(&user));
    (bare.ip, bare.user_agent, bare.ended_at) = (None, None, Some(t.sample.now()));
    t.commit(vec![add(&user), add(&full), add(&bare)]).await;
    for session in [full, bare] {
        assert_eq!(t.store.session(&ALL, session.id).await.unwrap(), Some(session));
    }
    assert_eq!(t.store.session(&ALL, crate::SessionId(t.sample.uuid())).await.unwrap(), None);
}

async fn live_sign_ins_are_listed_newest_first(t: &Trial) {
    let (user, other) = (t.sample.user("Tom", Role::Agent), t.sample.user("Ute", Role::Customer));
    let live = [t.sample.session(&user), t.sample.session(&user), t.sample.session(&user)];
    let (mut ended, mut expired, foreign) =
        (t.sample.session(&user), t.sample.session(&user), t.sample.session(&other));
    let now = t.sample.now();
    (ended.ended_at, expired.expires_at) = (Some(now), now);
    let rows = live.iter().chain([&ended, &expired, &foreign]).map(add);
    t.commit([add(&user), add(&other)].into_iter().chain(rows).collect()).await;
    let listed = async |scope: &Scope, before, limit| {
        let found = t.store.sessions(scope, user.id, now, before, limit).await.expect("sign-ins are listed");
        found.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    let [first, second, third] = live.clone().map(|session| session.id);
    assert_eq!(listed(&ALL, None, 10).await, [third, second, first], "neither what is over nor another's");
    assert_eq!(listed(&ALL, None, 2).await, [third, second]);
    assert_eq!(listed(&ALL, Some(second), 2).await, [first]);
    assert_eq!(t.store.sessions(&ALL, other.id, now, None, 10).await.unwrap(), [foreign], "each is whole");
    assert!(listed(&Scope::Staff { user_id: user.id }, None, 10).await.is_empty(), "for the desk itself alone");
    t.commit(vec![Write::EndSessions { user_id: user.id, at: t.sample.now() }]).await;
    assert!(listed(&ALL, None, 10).await.is_empty());
}

async fn a_refresh_replaces_the_secret(t: &Trial) {
    let user = t.sample.user("Tess", Role::Customer);
    let mut session = t.sample.session(&user);
    t.commit(vec![add(&user), add(&session)]).await;
    let mut twin = session.clone();
    let refresh = change(&mut session, |session| {
        session.current_hash = crate::port::IdSource::secret(&t.sample.ids);
        session.refreshed_at = t.sample.now();
    });
    t.commit(vec![refresh]).await;
    assert_eq!(t.store.session(&ALL, session.id).await.unwrap().as_ref(), Some(&session));
    let late = change(&mut twin, |session| session.refreshed_at = t.sample.now());
    refused!(t.attempt(vec![late]).await, StoreError::Conflict, "a secret is good once");
}

async fn all_sessions_of_a_person_end_at_once(t: &Trial) {
    let (user, other) = (t.sample.user("Una", Role::Customer), t.sample.user("Vic", Role::Customer));
    let live = [t.sample.session(&user), t.sample.session(&user)];
    let mut over = t.sample.session(&user);
    over.ended_at = Some(t.sample.now());
    let foreign = t.sample.session(&other);
    t.commit(vec![add(&user), add(&other), add(&live[0]), add(&live[1]), add(&over), add(&foreign)]).await;
    let at = t.sample.now();
    t.commit(vec![Write::EndSessions { user_id: user.id, at }]).await;
    for session in live {
        let found = t.store.session(&ALL, session.id).await.unwrap().expect("it is still there");
        assert_eq!(found.ended_at, Some(at), "a live one is over");
        assert_eq!(found.current_hash, session.current_hash);
    }
    assert_eq!(t.store.session(&ALL, over.id).await.unwrap(), Some(over), "what was over stays as it was");
    assert_eq!(t.store.session(&ALL, foreign.id).await.unwrap(), Some(foreign), "others stay signed in");
    t.commit(vec![Write::EndSessions { user_id: crate::UserId(t.sample.uuid()), at }]).await;
}

async fn an_ended_session_is_not_revived(t: &Trial) {
    let user = t.sample.user("Wes", Role::Customer);
    let mut session = t.sample.session(&user);
    t.commit(vec![add(&user), add(&session)]).await;
    let refresh = change(&mut session, |session| session.refreshed_at = t.sample.now());
    t.commit(vec![Write::EndSessions { user_id: user.id, at: t.sample.now() }]).await;
    refused!(t.attempt(vec![refresh]).await, StoreError::Conflict, "a refresh that was decided before the end");
    let found = t.store.session(&ALL, session.id).await.unwrap().expect("it is still there");
    assert!(found.ended_at.is_some(), "what has ended stays ended");
}

async fn a_key_is_read_back_whole(t: &Trial) {
    let user = t.sample.user("Xen", Role::Admin);
    let (full, mut bare) = (t.sample.api_key(&user), t.sample.api_key(&user));
    (bare.scopes, bare.expires_at, bare.revoked_at) = (Vec::new(), None, Some(t.sample.now()));
    t.commit(vec![add(&user), add(&full), add(&bare)]).await;
    for key in [full, bare] {
        assert_eq!(t.store.api_key(&ALL, &key.prefix).await.unwrap(), Some(key));
    }
    assert_eq!(t.store.api_key(&ALL, "tk_").await.unwrap(), None);
}

async fn a_key_is_taken_back(t: &Trial) {
    let user = t.sample.user("Yve", Role::Admin);
    let mut key = t.sample.api_key(&user);
    t.commit(vec![add(&user), add(&key)]).await;
    t.commit(vec![change(&mut key, |key| key.revoked_at = Some(t.sample.now()))]).await;
    assert_eq!(t.store.api_key(&ALL, &key.prefix).await.unwrap(), Some(key));
}

async fn keys_are_listed_by_their_owner(t: &Trial) {
    let (user, other) = (t.sample.user("Zoe", Role::Admin), t.sample.user("Abe", Role::Agent));
    let keys = [t.sample.api_key(&user), t.sample.api_key(&user), t.sample.api_key(&user)];
    let (mut gone, foreign) = (t.sample.api_key(&user), t.sample.api_key(&other));
    gone.revoked_at = Some(t.sample.now());
    let rows = keys.iter().rev().chain([&gone, &foreign]).map(add);
    t.commit([add(&user), add(&other)].into_iter().chain(rows).collect()).await;
    assert_eq!(t.store.api_keys(&ALL, user.id).await.unwrap(), keys, "oldest first, without what was taken back");
    assert_eq!(t.store.api_keys(&ALL, other.id).await.unwrap(), [foreign]);
    let nobodys = t.store.api_keys(&ALL, crate::UserId(t.sample.uuid())).await.unwrap();
    assert!(nobodys.is_empty());
    assert_eq!(t.store.api_key_by_id(&ALL, gone.id).await.unwrap(), Some(gone), "by id it is there still");
    let staff = Scope::Staff { user_id: user.id };
    assert!(t.store.api_keys(&staff, user.id).await.unwrap().is_empty(), "for the desk itself alone");
    assert_eq!(t.store.api_key_by_id(&staff, keys[0].id).await.unwrap(), None);
}

async fn the_use_of_a_key_is_remembered(t: &Trial) {
    let user = t.sample.user("Bea", Role::Admin);
    let mut key = t.sample.api_key(&user);
    t.commit(vec![add(&user), add(&key)]).await;
    let (early, late) = (t.sample.now(), t.sample.now() + chrono::TimeDelta::minutes(3));
    t.commit(vec![Write::KeyUsed { id: key.id, at: late }]).await;
    key.last_used_at = Some(late);
    assert_eq!(t.store.api_key_by_id(&ALL, key.id).await.unwrap().as_ref(), Some(&key), "its version stays");
    t.commit(vec![Write::KeyUsed { id: key.id, at: early }]).await;
    assert_eq!(t.store.api_key_by_id(&ALL, key.id).await.unwrap().as_ref(), Some(&key), "a later use is known");
    t.commit(vec![Write::KeyUsed { id: crate::ApiKeyId(t.sample.uuid()), at: late }]).await;
}

async fn a_link_takes_the_place_of_the_one_before(t: &Trial) {
    let (user, other) = (t.sample.user("Cat", Role::Agent), t.sample.user("Dan", Role::Agent));
    let first = t.sample.credential_token(&user, TokenKind::Reset);
    let mut second = t.sample.credential_token(&user, TokenKind::Reset);
    second.used_at = Some(t.sample.now());
    let invitation = t.sample.credential_token(&user, TokenKind::Invitation);
    let foreign = t.sample.credential_token(&other, TokenKind::Reset);
    let setup = CredentialToken { user_id: None, ..t.sample.credential_token(&user, TokenKind::Setup) };
    let put = |token: &CredentialToken| Write::CredentialToken { token: token.clone() };
    t.commit(vec![add(&user), add(&other), put(&first), put(&invitation), put(&foreign), put(&setup)]).await;
    for token in [&first, &invitation, &foreign, &setup] {
        assert_eq!(t.store.credential_token(&ALL, &token.token_hash).await.unwrap().as_ref(), Some(token));
    }
    t.commit(vec![put(&second)]).await;
    assert_eq!(t.store.credential_token(&ALL, &first.token_hash).await.unwrap(), None, "the older one is void");
    for token in [&second, &invitation, &foreign, &setup] {
        assert_eq!(t.store.credential_token(&ALL, &token.token_hash).await.unwrap().as_ref(), Some(token));
    }
    let staff = Scope::Staff { user_id: user.id };
    assert_eq!(t.store.credential_token(&staff, &second.token_hash).await.unwrap(), None, "for the desk itself alone");
}

async fn a_link_is_good_once(t: &Trial) {
    let mut user = t.sample.user("Eli", Role::Agent);
    let token = t.sample.credential_token(&user, TokenKind::Reset);
    t.commit(vec![add(&user), Write::CredentialToken { token: token.clone() }]).await;
    let at = t.sample.now();
    let spend = Write::SpendToken { token_hash: token.token_hash, at };
    t.commit(vec![spend.clone()]).await;
    let found = t.store.credential_token(&ALL, &token.token_hash).await.unwrap().expect("it is still there");
    assert_eq!(found, CredentialToken { used_at: Some(at), ..token });
    let renamed = change(&mut user, |user| user.name = "Elias".to_owned());
    refused!(t.attempt(vec![renamed, spend]).await, StoreError::Conflict, "a link that was used");
    let unknown = Write::SpendToken { token_hash: crate::port::IdSource::secret(&t.sample.ids), at };
    refused!(t.attempt(vec![unknown]).await, StoreError::Conflict, "a link that never was");
    let stored = t.store.user(&ALL, user.id).await.unwrap().expect("the person is there");
    assert_eq!(stored.name, "Eli", "nothing of a refused commit stays");
    let ended = crate::model::User { rights_version: 9, version: 2, ..stored };
    t.commit(vec![Write::User { user: ended.clone(), expect: Expect::Version(1) }]).await;
    assert_eq!(t.store.user(&ALL, ended.id).await.unwrap(), Some(ended.clone()));
    assert!(t.store.settings().await.unwrap().staff.contains(&ended), "the snapshot has it too");
}

async fn all_by_which_a_person_signs_in_is_forgotten(t: &Trial) {
    let (mut user, other) = (t.sample.user("Fay", Role::Agent), t.sample.user("Gil", Role::Agent));
    let rows = |user| {
        let (mut ended, mut revoked) = (t.sample.session(user), t.sample.api_key(user));
        (ended.ended_at, revoked.revoked_at) = (Some(t.sample.now()), Some(t.sample.now()));
        ([t.sample.session(user), ended], [t.sample.api_key(user), revoked])
    };
    let ((own, own_keys), (foreign, foreign_keys)) = (rows(&user), rows(&other));
    let links = [&user, &other].map(|user| t.sample.credential_token(user, TokenKind::Reset));
    let mut writes = vec![add(&user), add(&other)];
    writes.extend(own.iter().chain(&foreign).map(add));
    writes.extend(own_keys.iter().chain(&foreign_keys).map(add));
    writes.extend(links.iter().map(|token| Write::CredentialToken { token: token.clone() }));
    writes.extend([&user, &other].map(|user| Write::Password { user_id: user.id, hash: Some("hash".to_owned()) }));
    t.commit(writes).await;
    let id = user.id;
    let renamed = change(&mut user, |user| user.name = "Nobody".to_owned());
    t.commit(vec![renamed, Write::Password { user_id: id, hash: None }, Write::ForgetSignIns { user_id: id }]).await;
    let found = t.store.credential_by_id(&ALL, id).await.unwrap().expect("the person stays");
    assert_eq!((found.user, found.password_hash), (user, None));
    for (session, key) in own.iter().zip(&own_keys) {
        assert_eq!(t.store.session(&ALL, session.id).await.unwrap(), None);
        assert_eq!(t.store.api_key_by_id(&ALL, key.id).await.unwrap(), None);
        assert_eq!(t.store.api_key(&ALL, &key.prefix).await.unwrap(), None);
    }
    assert_eq!(t.store.credential_token(&ALL, &links[0].token_hash).await.unwrap(), None);
    for (session, key) in foreign.iter().zip(&foreign_keys) {
        assert_eq!(t.store.session(&ALL, session.id).await.unwrap().as_ref(), Some(session));
        assert_eq!(t.store.api_key_by_id(&ALL, key.id).await.unwrap().as_ref(), Some(key));
    }
    assert!(t.store.credential_token(&ALL, &links[1].token_hash).await.unwrap().is_some());
    // A refresh that was decided before does not bring one back.
    let late = Write::Session { session: own[0].clone(), expect: Expect::Version(own[0].version) };
    refused!(t.attempt(vec![late]).await, StoreError::Conflict, "it is gone");
    let hash = t.store.credential_by_id(&ALL, other.id).await.unwrap().and_then(|found| found.password_hash);
    assert_eq!(hash.as_deref(), Some("hash"));
    t.commit(vec![Write::Password { user_id: other.id, hash: None }]).await;
    let hash = t.store.credential_by_id(&ALL, other.id).await.unwrap().and_then(|found| found.password_hash);
    assert_eq!(hash, None, "a password goes alone too");
}
