//! Who did what.

use crate::house::{House, PASSWORD, code, id, key};
use serde_json::json;
use std::sync::Arc;
use ticketing_core::Desk;
use ticketing_core::access::{Call, Origin};
use ticketing_core::desk::{AuditKey, FlawKind};
use ticketing_core::desk::{NewComment, SignIn, UserPatch};
use ticketing_core::input::Patch;
use ticketing_core::model::{AuditEntry, Subject};
use ticketing_core::query::AuditQuery;

async fn lines(house: &House, query: AuditQuery) -> Vec<AuditEntry> {
    house.desk.audit(&house.admin, AuditQuery { limit: 100, ..query }).await.unwrap().items
}

#[tokio::test]
async fn every_act_leaves_one_line_that_says_who_what_and_from_where() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    house.pass(1);
    let (ip, peer) = (Some("192.0.2.7".into()), Some("10.0.0.1".into()));
    let origin = Origin::Http { ip, peer, user_agent: Some("curl/8".into()) };
    let call = Call { origin, request_id: Some("req-1".into()), ..Call::from(&house.agent) };
    house.desk.add_comment(&call, &key(&ticket), NewComment::public("Hi")).await.unwrap();
    let found =
        lines(&house, AuditQuery { subject: Some(Subject::Ticket(ticket.id())), ..AuditQuery::default() }).await;
    let actions: Vec<_> = found.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(actions, ["comment.added", "ticket.created"], "newest first");
    let line = &found[0];
    assert_eq!(line.actor.name, "amy");
    assert_eq!(line.request_id.as_deref(), Some("req-1"));
    assert_eq!(line.detail.ip.as_deref(), Some("192.0.2.7"));
    assert_eq!(line.detail.peer.as_deref(), Some("10.0.0.1"));
    assert_eq!(line.detail.user_agent.as_deref(), Some("curl/8"));
    assert_eq!(found[1].detail.changes["subject"], json!([null, "Cannot log in"]));
}

#[tokio::test]
async fn refused_sign_ins_are_kept_and_passwords_never() {
    let house = House::new().await;
    let wrong = SignIn { email: "cleo@house.example".into(), password: "a guess".into() };
    house.desk.sign_in(&house.system, wrong).await.unwrap_err();
    let stranger = SignIn { email: "nobody@house.example".into(), password: "a guess".into() };
    house.desk.sign_in(&house.system, stranger).await.unwrap_err();
    let refused = Some("session.refused".to_owned());
    let all = lines(&house, AuditQuery { action: refused, ..AuditQuery::default() }).await;
    assert_eq!(all.len(), 2, "an address that nobody has costs the same work");
    let subject = Some(Subject::User(id(&house.customer)));
    let found = lines(&house, AuditQuery { subject, ..AuditQuery::default() }).await;
    assert_eq!(found[0].action, "session.refused");
    let patch = UserPatch { password: Patch::Set("brand new password".into()), ..UserPatch::default() };
    house.desk.update_user(&house.admin, id(&house.customer), patch, None).await.unwrap();
    let all = format!("{:?}", lines(&house, AuditQuery::default()).await);
    for secret in ["brand new password", PASSWORD, "a guess", "$2b$"] {
        assert!(!all.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn only_administrators_read_it() {
    let house = House::new().await;
    for actor in [&house.customer, &house.agent, &house.manager] {
        assert_eq!(code(house.desk.audit(actor, AuditQuery::default()).await), "forbidden");
    }
}

/// A desk on the same store with another key.
fn with_key(desk: &Desk, key: AuditKey, former: Vec<AuditKey>) -> Desk {
    Desk::builder().store(Arc::clone(desk.store())).audit_key(key).former_audit_keys(former).build().unwrap()
}

#[tokio::test]
async fn the_log_is_sealed_and_proved_over_a_change_of_keys() {
    let house = House::new().await;
    let old = || AuditKey::new("old", [1; 32]);
    let new = || AuditKey::new("new", [2; 32]);
    // The house itself was built under a key of its own.
    let before = house.desk.verify_audit(&house.admin, None).await.unwrap();
    assert!(before.ok && before.checked > 0, "{before:?}");
    let stranger = with_key(&house.desk, new(), vec![old()]);
    let proof = stranger.verify_audit(&house.system, None).await.unwrap();
    assert_eq!(proof.first_bad.unwrap().kind, FlawKind::UnknownKey);
    assert_eq!(code(house.desk.verify_audit(&house.manager, None).await), "forbidden");

    let desk = Desk::builder().store(Arc::new(ticketing_core::memory::MemoryStore::new())).audit_key(old());
    let desk = desk.build().unwrap();
    let add = async |desk: &Desk, email: &str| {
        desk.create_user(&house.system, ticketing_core::desk::NewUser::new(email, "Somebody")).await.unwrap();
    };
    assert_eq!(desk.seal_audit().await.unwrap(), None, "there is nothing to seal");
    add(&desk, "one@desk.example").await;
    let first = desk.seal_audit().await.unwrap().unwrap();
    assert_eq!((first.no, first.lines().count(), first.prev.len()), (1, 1, 0));
    let desk = with_key(&desk, new(), vec![old()]);
    add(&desk, "two@desk.example").await;
    add(&desk, "three@desk.example").await;
    let second = desk.seal_audit().await.unwrap().unwrap();
    assert_eq!((second.no, second.lines().count(), &second.prev), (2, 2, &first.mac));
    assert_eq!(desk.seal_audit().await.unwrap(), None);
    for head in [None, Some(first.head()), Some(second.head())] {
        let proof = desk.verify_audit(&house.system, head.as_ref()).await.unwrap();
        assert!(proof.ok && proof.checked == 3, "{proof:?}");
    }
    assert!(desk.has_audit_head(&second.head()).await.unwrap());
    let mut another = second.head();
    another.mac = first.head().mac;
    assert!(!desk.has_audit_head(&another).await.unwrap());
    let proof = desk.verify_audit(&house.system, Some(&another)).await.unwrap();
    assert_eq!(proof.first_bad.map(|flaw| (flaw.kind, flaw.seal)), Some((FlawKind::Cut, Some(2))));
    another.no = 7;
    assert!(!desk.has_audit_head(&another).await.unwrap());
    let forgetful = with_key(&desk, new(), Vec::new());
    let proof = forgetful.verify_audit(&house.system, None).await.unwrap();
    // Lines of one millisecond are checked in any order, so some of the others may come first.
    assert!(proof.checked < 3, "{proof:?}");
    assert_eq!(proof.first_bad.unwrap().kind, FlawKind::UnknownKey);
}
