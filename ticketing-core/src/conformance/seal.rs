//! Seals over the audit log.

use super::sample::{add, note};
use super::trial::{ALL, Trial};
use super::{area, refused};
use crate::changes::Write;
use crate::ids::AuditId;
use crate::model::audit::ERASED;
use crate::model::{AuditDetail, AuditEntry, AuditMark, AuditRecord, AuditSeal, AuditTally, Role, Subject, User};
use crate::port::StoreError;
use crate::query::AuditQuery;

area!["seal":
    lines_wait_for_a_seal_in_their_order,
    a_seal_takes_its_lines_and_is_read_back_whole,
    a_line_is_sealed_once,
    of_two_sealers_one_is_first,
    a_refused_seal_leaves_its_lines_waiting,
    seals_are_read_by_their_number,
    lines_are_read_as_they_were_written,
    a_line_of_a_refused_commit_does_not_wait,
    a_detail_is_emptied_and_its_line_stays,
    erasures_are_found_among_all_lines,
];

fn mark(entry: &AuditEntry) -> AuditMark {
    AuditMark { id: entry.id, mac: entry.mac.to_vec() }
}

fn seal(t: &Trial, no: i64, lines: &[AuditEntry]) -> AuditSeal {
    AuditSeal {
        no,
        at: t.sample.now(),
        ids: lines.iter().flat_map(|line| *line.id.0.as_bytes()).collect(),
        digest: vec![7; 32],
        prev: if no == 1 { Vec::new() } else { vec![8; 32] },
        key_id: "2026".to_owned(),
        mac: vec![9; 32],
    }
}

fn write(seal: &AuditSeal) -> Write {
    Write::Seal(Box::new(seal.clone()))
}

/// Lines of one person, by id.
async fn ledger(t: &Trial, many: usize) -> (User, Vec<AuditEntry>) {
    let actor = t.sample.user("Ida", Role::Admin);
    let mut lines: Vec<AuditEntry> =
        (0..many).map(|_| t.sample.audit(&actor, "something.done", Subject::User(actor.id))).collect();
    let mut writes = vec![add(&actor)];
    writes.extend(lines.iter().map(note));
    t.commit(writes).await;
    lines.sort_by_key(|line| line.id);
    (actor, lines)
}

async fn waiting(t: &Trial) -> Vec<AuditId> {
    t.store.unsealed_audit(1_000).await.unwrap().into_iter().map(|mark| mark.id).collect()
}

async fn lines_wait_for_a_seal_in_their_order(t: &Trial) {
    assert_eq!(t.store.unsealed_audit(10).await.unwrap(), []);
    assert_eq!(t.store.last_audit_seal().await.unwrap(), None);
    let (_, lines) = ledger(t, 130).await;
    let wanted: Vec<AuditMark> = lines.iter().map(mark).collect();
    assert_eq!(t.store.unsealed_audit(1_000).await.unwrap(), wanted);
    assert_eq!(t.store.unsealed_audit(7).await.unwrap(), wanted[..7]);
    let tally = AuditTally { lines: 130, unsealed: 130, sealed: 0 };
    assert_eq!(t.store.audit_tally().await.unwrap(), tally);
}

/// A seal of a thousand lines is larger than what some databases take in one statement.
async fn a_seal_takes_its_lines_and_is_read_back_whole(t: &Trial) {
    let (_, lines) = ledger(t, 1_003).await;
    let first = seal(t, 1, &lines[..1_000]);
    t.commit(vec![write(&first)]).await;
    assert_eq!(t.store.last_audit_seal().await.unwrap(), Some(first.clone()));
    assert_eq!(t.store.audit_seals(0, 10).await.unwrap(), [first]);
    assert_eq!(waiting(t).await, lines[1_000..].iter().map(|line| line.id).collect::<Vec<_>>());
    let tally = AuditTally { lines: 1_003, unsealed: 3, sealed: 1_000 };
    assert_eq!(t.store.audit_tally().await.unwrap(), tally);
}

async fn a_line_is_sealed_once(t: &Trial) {
    let (_, lines) = ledger(t, 3).await;
    t.commit(vec![write(&seal(t, 1, &lines[..2]))]).await;
    let again = seal(t, 2, &lines[1..]);
    refused!(t.attempt(vec![write(&again)]).await, StoreError::Conflict, "one of its lines is sealed");
    assert_eq!(waiting(t).await, [lines[2].id]);
}

async fn of_two_sealers_one_is_first(t: &Trial) {
    let (_, lines) = ledger(t, 4).await;
    let (one, other) = (seal(t, 1, &lines[..2]), seal(t, 1, &lines[2..]));
    let (one, other) = tokio::join!(t.attempt(vec![write(&one)]), t.attempt(vec![write(&other)]));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    refused!(one.and(other), StoreError::Conflict, "there is a seal of this number");
    assert_eq!(waiting(t).await.len(), 2);
}

async fn a_refused_seal_leaves_its_lines_waiting(t: &Trial) {
    let (_, lines) = ledger(t, 4).await;
    t.commit(vec![write(&seal(t, 1, &lines[..1]))]).await;
    refused!(t.attempt(vec![write(&seal(t, 1, &lines[1..]))]).await, StoreError::Conflict, "the number is taken");
    assert_eq!(waiting(t).await, lines[1..].iter().map(|line| line.id).collect::<Vec<_>>());
}

async fn seals_are_read_by_their_number(t: &Trial) {
    let (_, lines) = ledger(t, 5).await;
    let mut seals = Vec::new();
    for (line, no) in lines.chunks(1).zip(1..) {
        seals.push(seal(t, no, line));
        t.commit(seals.last().map(write).into_iter().collect()).await;
    }
    assert_eq!(t.store.audit_seals(0, 2).await.unwrap(), seals[..2]);
    assert_eq!(t.store.audit_seals(2, 10).await.unwrap(), seals[2..]);
    assert_eq!(t.store.audit_seals(5, 10).await.unwrap(), []);
    assert_eq!(t.store.last_audit_seal().await.unwrap().as_ref(), seals.last());
}

async fn lines_are_read_as_they_were_written(t: &Trial) {
    let (_, lines) = ledger(t, 5).await;
    let mut after = None;
    let mut found = Vec::new();
    loop {
        let page = t.store.audit_records(after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        found.extend(page);
    }
    assert_eq!(found.len(), lines.len());
    for (found, line) in found.iter().zip(&lines) {
        let (kind, subject_id) = line.subject.parts();
        assert_eq!((found.id, found.at, found.actor_id), (line.id, line.at, line.actor.id));
        assert_eq!((&found.action[..], &found.subject_kind[..]), (line.action.as_bytes(), kind.as_bytes()));
        assert_eq!((found.subject_id, found.request_id.as_deref()), (subject_id, Some(&b"req-1"[..])));
        assert_eq!((&found.detail_digest[..], &found.mac[..]), (&line.detail_digest[..], &line.mac[..]));
        assert_eq!(found.key_id, line.key_id.as_bytes());
        let detail = found.detail.as_ref().expect("the detail is there");
        assert_eq!(detail.salt, line.salt);
        assert_eq!(detail.body, serde_json::to_vec(&line.detail).unwrap(), "byte for byte, or no digest fits");
    }
    let ids = [lines[3].id, AuditId(t.sample.uuid()), lines[0].id];
    let mut marks = t.store.audit_marks(&ids).await.unwrap();
    marks.sort_by_key(|mark| mark.id);
    assert_eq!(marks, [mark(&lines[0]), mark(&lines[3])]);
}

async fn a_line_of_a_refused_commit_does_not_wait(t: &Trial) {
    let (actor, _) = ledger(t, 1).await;
    let line = t.sample.audit(&actor, "never.done", Subject::User(actor.id));
    t.attempt(vec![note(&line), add(&actor)]).await.unwrap_err();
    assert_eq!(t.store.audit_tally().await.unwrap(), AuditTally { lines: 1, unsealed: 1, sealed: 0 });
}

async fn a_detail_is_emptied_and_its_line_stays(t: &Trial) {
    let (_, lines) = ledger(t, 1_100).await;
    t.commit(vec![write(&seal(t, 1, &lines[..2]))]).await;
    let before = t.store.audit_records(None, 2_000).await.unwrap();
    // More than some databases take in one statement, and one that is not there.
    let ids: Vec<AuditId> = lines[1..].iter().map(|line| line.id).chain([AuditId(t.sample.uuid())]).collect();
    for _ in 0..2 {
        t.commit(vec![Write::EmptyDetails { ids: ids.clone() }]).await;
        let after = t.store.audit_records(None, 2_000).await.unwrap();
        assert_eq!(after[0], before[0], "another line");
        for (after, before) in after.iter().zip(&before).skip(1) {
            let detail = after.detail.as_ref().expect("it is emptied, not gone");
            assert!(detail.is_empty(), "{detail:?}");
            assert_eq!(&AuditRecord { detail: before.detail.clone(), ..after.clone() }, before);
        }
    }
    let told = t.store.audit(&ALL, &AuditQuery { limit: 2_000, ..AuditQuery::default() }).await.unwrap();
    let empty = told.iter().filter(|line| line.detail == AuditDetail::default() && line.salt == [0; 16]);
    assert_eq!(empty.count(), lines.len() - 1);
}

async fn erasures_are_found_among_all_lines(t: &Trial) {
    let (actor, _) = ledger(t, 5).await;
    let mut erasures: Vec<AuditEntry> =
        (0..5).map(|_| t.sample.audit(&actor, ERASED, Subject::User(crate::UserId(t.sample.uuid())))).collect();
    t.commit(erasures.iter().map(note).collect()).await;
    erasures.sort_by_key(|line| line.id);
    let mut found = Vec::new();
    let mut after = None;
    loop {
        let page = t.store.audit_erasures(after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        found.extend(page);
    }
    assert_eq!(found.len(), erasures.len());
    for (found, line) in found.iter().zip(&erasures) {
        assert_eq!((found.id, found.person(), &found.mac[..]), (line.id, Some(line.subject.parts().1), &line.mac[..]));
        assert!(found.detail.is_some());
    }
}
