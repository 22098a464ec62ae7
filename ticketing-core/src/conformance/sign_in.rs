//! Passwords, sign-ins and keys.

use super::sample::{add, change};
use super::trial::{ALL, Trial};
use super::{area, refused};
use crate::changes::Write;
use crate::fold::fold;
use crate::model::Role;
use crate::port::StoreError;

area!["sign_in":
    a_password_is_found_with_its_person,
    a_password_is_replaced,
    a_session_is_read_back_whole,
    a_refresh_replaces_the_secret,
    all_sessions_of_a_person_end_at_once,
    an_ended_session_is_not_revived,
    a_key_is_read_back_whole,
    a_key_is_taken_back,
];

async fn a_password_is_found_with_its_person(t: &Trial) {
    let (user, other) = (t.sample.user("Pam", Role::Agent), t.sample.user("Qi", Role::Agent));
    let hash = "$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ012345".to_owned();
    let password = Write::Password { user_id: user.id, hash: hash.clone() };
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
    t.commit(vec![add(&user), Write::Password { user_id: user.id, hash: "first".to_owned() }]).await;
    t.commit(vec![change(&mut user, |user| user.name = "Bob".to_owned())]).await;
    let found = t.store.credential_by_id(&ALL, user.id).await.unwrap().expect("found");
    assert_eq!(found.password_hash.as_deref(), Some("first"), "a profile leaves the password alone");
    let both = vec![
        change(&mut user, |user| user.name = "Robin".to_owned()),
        Write::Password { user_id: user.id, hash: "second".to_owned() },
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
