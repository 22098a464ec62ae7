//! Settings documents and the version of the whole.

use super::sample::{add, change};
use super::trial::Trial;
use super::{area, refused};
use crate::changes::Changes;
use crate::ids::UserId;
use crate::model::Role;
use crate::port::StoreError;
use crate::setting::Document;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

area!["setting":
    a_document_is_read_back_whole,
    a_change_moves_the_version_on,
    a_change_that_bumps_nothing_leaves_the_version,
    a_commit_under_other_settings_is_stale,
    items_of_a_batch_see_the_bump_of_another,
    all_versions_of_a_document_are_kept,
    a_deleted_document_leaves_the_settings_and_stays_in_its_history,
    personal_documents_are_not_in_the_settings,
    a_document_may_become_a_persons_own_and_the_desks_again,
    documents_of_two_kinds_may_share_an_id,
    one_look_is_consistent,
];

async fn documents(t: &Trial) -> Vec<Document> {
    let mut documents = t.store.settings().await.expect("settings are read").documents;
    documents.sort_by_key(|document| (document.kind.clone(), document.id));
    documents
}

async fn a_document_is_read_back_whole(t: &Trial) {
    let admin = t.sample.user("Eli", Role::Admin);
    let body = json!({"name": "Größe 🧭", "steps": [1, -2, 2.5, null, true, {"deep": {"er": []}}], "": "empty key"});
    let mut document = t.sample.document("workflow", body);
    document.saved_by = Some(admin.id);
    let plain = t.sample.document("view", json!("only a text"));
    t.commit_settings(vec![add(&admin), add(&document), add(&plain)]).await;
    assert_eq!(documents(t).await, [plain, document]);
}

async fn a_change_moves_the_version_on(t: &Trial) {
    let start = t.store.settings_version().await.unwrap();
    let mut document = t.sample.document("view", json!({"n": 0}));
    t.commit_settings(vec![add(&document)]).await;
    for turn in 2..6 {
        t.commit_settings(vec![change(&mut document, |row| row.body = json!({"n": turn}))]).await;
        assert_eq!(t.store.settings_version().await.unwrap(), start + turn);
        let whole = t.store.settings().await.unwrap();
        assert_eq!((whole.version, whole.documents), (start + turn, vec![document.clone()]));
    }
}

async fn a_change_that_bumps_nothing_leaves_the_version(t: &Trial) {
    let start = t.store.settings_version().await.unwrap();
    let customer = t.sample.user("Fred", Role::Customer);
    t.commit(vec![add(&customer), add(&t.sample.ticket(&customer))]).await;
    assert_eq!(t.store.settings_version().await.unwrap(), start);
}

async fn a_commit_under_other_settings_is_stale(t: &Trial) {
    let (user, other) = (t.sample.user("Gina", Role::Customer), t.sample.user("Hugo", Role::Customer));
    let early = t.changes(vec![add(&user)]).await;
    t.commit_settings(vec![add(&t.sample.document("view", json!({})))]).await;
    refused!(t.store.commit(early.clone()).await, StoreError::StaleSettings, "settings of before");
    let bumping = Changes { bumps_settings: true, ..early.clone() };
    refused!(t.store.commit(bumping).await, StoreError::StaleSettings, "settings of before, to be changed");
    let ahead = Changes { settings: early.settings + 2, ..early.clone() };
    refused!(t.store.commit(ahead).await, StoreError::StaleSettings, "settings that are not yet");
    let version = t.store.settings_version().await.unwrap();
    assert_eq!(version, early.settings + 1, "nothing has moved");
    // Decided again, it lands.
    t.store.commit(Changes { settings: version, ..early }).await.expect("fresh settings");
    t.commit(vec![add(&other)]).await;
}

async fn items_of_a_batch_see_the_bump_of_another(t: &Trial) {
    let bump = Changes { bumps_settings: true, ..t.changes(Vec::new()).await };
    let again = Changes { bumps_settings: true, ..t.changes(Vec::new()).await };
    let start = bump.settings;
    let answers = t.store.commit_all(vec![bump, again]).await;
    let landed = answers.iter().filter(|answer| answer.is_ok()).count();
    let stale = answers.iter().filter(|answer| matches!(answer, Err(StoreError::StaleSettings))).count();
    assert_eq!((landed, stale), (1, 1), "two changes of one version of the settings: {answers:?}");
    assert_eq!(t.store.settings_version().await.unwrap(), start + 1);
}

async fn all_versions_of_a_document_are_kept(t: &Trial) {
    let mut document = t.sample.document("view", json!({"n": 1}));
    let other = t.sample.document("view", json!({"n": "other"}));
    t.commit_settings(vec![add(&document), add(&other)]).await;
    let mut wanted = vec![document.clone()];
    for turn in 2..=6 {
        let write = change(&mut document, |row| {
            (row.body, row.saved_at) = (json!({"n": turn}), t.sample.now());
        });
        t.commit_settings(vec![write]).await;
        wanted.insert(0, document.clone());
    }
    assert_eq!(t.store.document_history("view", document.id, 100).await.unwrap(), wanted, "newest first");
    assert_eq!(t.store.document_history("view", document.id, 2).await.unwrap(), wanted[..2], "at most two");
    assert_eq!(t.store.document_history("view", other.id, 100).await.unwrap(), [other]);
    assert!(t.store.document_history("canned", document.id, 100).await.unwrap().is_empty(), "another kind");
    assert!(t.store.document_history("view", t.sample.uuid(), 100).await.unwrap().is_empty(), "no such document");
}

async fn a_deleted_document_leaves_the_settings_and_stays_in_its_history(t: &Trial) {
    let (mut gone, stays) = (t.sample.document("view", json!({"n": 1})), t.sample.document("view", json!({"n": 2})));
    t.commit_settings(vec![add(&gone), add(&stays)]).await;
    let before = gone.clone();
    t.commit_settings(vec![change(&mut gone, |row| row.deleted = true)]).await;
    assert_eq!(documents(t).await, [stays]);
    assert_eq!(t.store.document_history("view", gone.id, 9).await.unwrap(), [gone.clone(), before]);
    let mut back = gone;
    t.commit_settings(vec![change(&mut back, |row| row.deleted = false)]).await;
    assert!(documents(t).await.contains(&back), "what was deleted may come back");
}

async fn personal_documents_are_not_in_the_settings(t: &Trial) {
    let owner = t.sample.user("Inga", Role::Agent);
    let mut own = t.sample.document("view", json!({"mine": true}));
    own.owner = Some(owner.id);
    t.commit(vec![add(&owner), add(&own)]).await;
    assert!(documents(t).await.is_empty());
    assert_eq!(t.store.document_history("view", own.id, 9).await.unwrap(), [own]);
}

async fn a_document_may_become_a_persons_own_and_the_desks_again(t: &Trial) {
    let owners = [UserId(t.sample.uuid()), UserId(t.sample.uuid())];
    let mut document = t.sample.document("view", json!({"n": 1}));
    let stays = t.sample.document("view", json!({"n": "other"}));
    t.commit_settings(vec![add(&document), add(&stays)]).await;
    let own = |owner| async move { t.store.personal_documents("view", &[owner]).await.expect("they are read") };
    let mut kept = vec![document.clone()];
    for owner in [Some(owners[0]), Some(owners[1]), None, Some(owners[0])] {
        t.commit_settings(vec![change(&mut document, |row| row.owner = owner)]).await;
        kept.insert(0, document.clone());
        let mut shared = vec![stays.clone()];
        shared.extend(owner.is_none().then(|| document.clone()));
        shared.sort_by_key(|document| document.id);
        assert_eq!(documents(t).await, shared, "the desk's while {owner:?} owns it");
        for person in owners {
            let wanted = if owner == Some(person) { vec![document.clone()] } else { Vec::new() };
            assert_eq!(own(person).await, wanted, "what is {person}'s while {owner:?} owns it");
        }
    }
    assert_eq!(t.store.document_history("view", document.id, 9).await.unwrap(), kept, "each with its owner");
}

async fn documents_of_two_kinds_may_share_an_id(t: &Trial) {
    let mut one = t.sample.document("alpha", json!(1));
    let mut two = Document { kind: "beta".to_owned(), body: json!(2), ..one.clone() };
    // The desk's one profile has an id without any bits.
    (one.id, two.id) = (uuid::Uuid::nil(), uuid::Uuid::nil());
    t.commit_settings(vec![add(&one), add(&two)]).await;
    t.commit_settings(vec![change(&mut two, |row| row.body = json!(3))]).await;
    assert_eq!(documents(t).await, [one, two]);
}

/// Tells a reader to stop, also where the writer fails.
struct LastLook(Arc<AtomicBool>);

impl Drop for LastLook {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

async fn one_look_is_consistent(t: &Trial) {
    let (mut left, mut right) = (t.sample.document("pair", json!(0)), t.sample.document("pair", json!(0)));
    let mut team = t.sample.team("Pair");
    team.capacity = Some(0);
    t.commit_settings(vec![add(&left), add(&right), add(&team)]).await;
    let (store, done) = (Arc::clone(&t.store), Arc::new(AtomicBool::new(false)));
    let last = Arc::clone(&done);
    let reader = tokio::spawn(async move {
        let mut looks = 0;
        loop {
            let is_last = last.load(Ordering::Acquire);
            let look = store.settings().await.expect("settings are read");
            let numbers: Vec<_> = look.documents.iter().map(|row| row.body.clone()).collect();
            let capacity = look.teams[0].capacity.unwrap_or_default();
            assert_eq!(numbers[0], numbers[1], "two documents that change together");
            assert_eq!(numbers[0], json!(capacity), "and the directory with them");
            looks += 1;
            if is_last {
                return (looks, capacity);
            }
            tokio::task::yield_now().await;
        }
    });
    // Whatever becomes of the writer, the reader's last look follows it.
    let stop = LastLook(done);
    for turn in 1..=60 {
        let writes = vec![
            change(&mut left, |row| row.body = json!(turn)),
            change(&mut right, |row| row.body = json!(turn)),
            change(&mut team, |row| row.capacity = Some(turn)),
        ];
        t.commit_settings(writes).await;
    }
    drop(stop);
    let (looks, capacity) = reader.await.expect("every look is consistent");
    assert!(looks > 0 && capacity == 60, "{looks} looks, the last one at the last turn");
}
