//! An audit log, and all that the owner of a database could do to it behind the desk's back.

use chrono::TimeDelta;
use std::sync::Arc;
use ticketing_core::access::SystemReason;
use ticketing_core::desk::{AuditFlaw, AuditKey, FlawKind, NewUser};
use ticketing_core::memory::TestClock;
use ticketing_core::model::AuditHead;
use ticketing_core::port::Store;
use ticketing_core::{Actor, AuditId, Desk, UserId};

/// Lines a seal in these tests.
const LINES: usize = 4;

/// A log of three seals, and what is known of it.
pub struct Log {
    pub desk: Desk,
    pub operator: Actor,
    /// By id, as seals take them; the last ones are not sealed.
    pub lines: Vec<AuditId>,
    pub head: AuditHead,
}

impl Log {
    pub async fn on(store: Arc<dyn Store>) -> Self {
        let operator = Actor::system(SystemReason::Operator);
        let clock = Arc::new(TestClock::default());
        let desk = Desk::builder().store(Arc::clone(&store)).clock(Arc::clone(&clock) as Arc<_>);
        let desk = desk.audit_key(AuditKey::new("k1", [7; 32])).build();
        let desk = desk.expect("a desk is built");
        for round in 0..4 {
            for place in 0..LINES {
                // Ids of one millisecond come in no order.
                clock.advance(TimeDelta::milliseconds(1));
                let new = NewUser::new(format!("p{place}of{round}@desk.example"), format!("Person {round}{place}"));
                desk.create_user(&operator, new).await.expect("a person is added");
            }
            if round < 3 {
                let seal = desk.seal_audit().await.expect("it is sealed").expect("there was something to seal");
                assert_eq!((seal.no, seal.lines().count()), (round + 1, LINES));
            }
        }
        let lines = store.audit_records(None, 100).await.expect("lines are read");
        let lines: Vec<AuditId> = lines.into_iter().map(|line| line.id).collect();
        let head = store.last_audit_seal().await.expect("a seal is read").expect("there is one").head();
        Self { desk, operator, lines, head }
    }

    /// What is wrong with it, as far as it can be known with or without a head kept elsewhere.
    pub async fn flaw(&self, with_head: bool) -> Option<AuditFlaw> {
        let head = Some(&self.head).filter(|_| with_head);
        let proof = self.desk.verify_audit(&self.operator, head).await.expect("the log is looked at");
        assert_eq!(proof.ok, proof.first_bad.is_none());
        proof.first_bad
    }
}

/// Something that is done to the log, and what is then found. Lines count from 0, seals from 1.
pub struct Damage {
    pub sql: &'static str,
    pub kind: FlawKind,
    pub line: Option<usize>,
    pub seal: Option<i64>,
    /// Whether it takes a head that was kept elsewhere to find it.
    pub needs_head: bool,
}

const fn damage(sql: &'static str, kind: FlawKind, line: Option<usize>, seal: Option<i64>) -> Damage {
    Damage { sql, kind, line, seal, needs_head: false }
}

/// In words that both databases know. The line in hand is the sixth (5), in the second seal.
pub const DAMAGES: &[Damage] = &[
    damage(
        "UPDATE audit SET action = 'user.Created' WHERE id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 5)",
        FlawKind::LineChanged,
        Some(5),
        None,
    ),
    damage(
        "UPDATE audit SET request_id = '' WHERE id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 5)",
        FlawKind::LineChanged,
        Some(5),
        None,
    ),
    damage(
        "UPDATE audit SET mac = detail_digest WHERE id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 15)",
        FlawKind::LineChanged,
        Some(15),
        None,
    ),
    damage(
        "UPDATE audit SET key_id = 'k2' WHERE id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 5)",
        FlawKind::UnknownKey,
        Some(5),
        None,
    ),
    damage(
        "UPDATE audit_detail SET body = (SELECT body FROM audit_detail ORDER BY audit_id LIMIT 1) \
         WHERE audit_id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 5)",
        FlawKind::DetailChanged,
        Some(5),
        None,
    ),
    damage(
        "UPDATE audit_detail SET body = 'null' WHERE audit_id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 5)",
        FlawKind::DetailChanged,
        Some(5),
        None,
    ),
    damage(
        "DELETE FROM audit_detail WHERE audit_id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 5)",
        FlawKind::DetailMissing,
        Some(5),
        None,
    ),
    damage(
        "DELETE FROM audit WHERE id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 5)",
        FlawKind::LineMissing,
        Some(5),
        Some(2),
    ),
    damage("DELETE FROM audit_seal WHERE no = 1", FlawKind::SealMissing, None, Some(1)),
    damage("DELETE FROM audit_seal WHERE no = 2", FlawKind::SealMissing, None, Some(2)),
    damage("UPDATE audit_seal SET digest = mac WHERE no = 2", FlawKind::SealChanged, None, Some(2)),
    damage("UPDATE audit_seal SET prev = mac WHERE no = 2", FlawKind::SealChanged, None, Some(2)),
    damage(
        "UPDATE audit_seal SET ids = (SELECT ids FROM audit_seal WHERE no = 1) WHERE no = 2",
        FlawKind::SealChanged,
        None,
        Some(2),
    ),
    // The last seal alone: its lines are in no seal any more.
    damage("DELETE FROM audit_seal WHERE no = 3", FlawKind::Unsealed, Some(8), None),
    damage("DELETE FROM audit_unsealed", FlawKind::Unsealed, Some(12), None),
    // A line that waited, before it was sealed.
    damage(
        "DELETE FROM audit WHERE id = (SELECT id FROM audit ORDER BY id LIMIT 1 OFFSET 14)",
        FlawKind::Unsealed,
        None,
        None,
    ),
    // The end, with everything that hangs on it: only a head that was kept elsewhere knows of it.
    Damage {
        sql: "DELETE FROM audit_seal WHERE no = 3; DELETE FROM audit_unsealed; \
              DELETE FROM audit WHERE id IN (SELECT id FROM audit ORDER BY id LIMIT 8 OFFSET 8)",
        kind: FlawKind::Cut,
        line: None,
        seal: Some(3),
        needs_head: true,
    },
];

impl Damage {
    /// Fails unless exactly this is found.
    pub async fn is_found(&self, log: &Log) {
        let wanted = AuditFlaw { kind: self.kind, line: self.line.map(|place| log.lines[place]), seal: self.seal };
        if self.needs_head {
            assert_eq!(log.flaw(false).await, None, "{}: nothing in the database tells", self.sql);
        } else {
            assert_eq!(log.flaw(false).await, Some(wanted.clone()), "{}", self.sql);
        }
        // A head changes nothing but what is found where a seal is gone at the end.
        if self.needs_head || self.kind != FlawKind::Unsealed || self.line != Some(8) {
            assert_eq!(log.flaw(true).await, Some(wanted), "{}", self.sql);
        } else {
            assert_eq!(log.flaw(true).await.map(|flaw| flaw.kind), Some(FlawKind::Cut), "{}", self.sql);
        }
    }
}

/// Writers and sealers of several desks at once: in the end every line is sealed once, and all is whole.
pub async fn many_write_and_seal(stores: [Arc<dyn Store>; 2]) {
    let desks = stores.map(|store| {
        let desk = Desk::builder().store(store).audit_key(AuditKey::new("k1", [7; 32])).build();
        desk.expect("a desk is built")
    });
    let operator = &Actor::system(SystemReason::Operator);
    let writers = (0..8).map(|writer| {
        let desk = &desks[writer % 2];
        async move {
            for place in 0..15 {
                let new = NewUser::new(format!("w{writer}n{place}@desk.example"), "Somebody");
                desk.create_user(operator, new).await.expect("a person is added");
            }
        }
    });
    let sealers = (0..4).map(|sealer| {
        let desk = &desks[sealer % 2];
        async move {
            for _ in 0..20 {
                desk.seal_audit().await.expect("a sealer that was slower looks again");
                tokio::task::yield_now().await;
            }
        }
    });
    futures::future::join(futures::future::join_all(writers), futures::future::join_all(sealers)).await;
    while desks[0].seal_audit().await.expect("it is sealed").is_some() {}
    let tally = desks[0].store().audit_tally().await.expect("lines are counted");
    assert_eq!((tally.lines, tally.unsealed, tally.sealed), (120, 0, 120));
    let proof = desks[1].verify_audit(operator, None).await.expect("the log is looked at");
    assert!(proof.ok && proof.checked == 120, "{proof:?}");
}

/// A person is erased, and all is whole; what is emptied besides is found. `empties` is how the database's
/// owner empties the detail of the line at a place that ends it.
pub async fn only_the_erased_are_forgotten(store: Arc<dyn Store>, empties: &str, run: impl AsyncFn(String)) {
    let log = Log::on(Arc::clone(&store)).await;
    let records = store.audit_records(None, 100).await.expect("lines are read");
    let person = UserId(records[5].person().expect("it is about a person"));
    let erasure = log.desk.erase_user(&log.operator, person).await.expect("the person is erased");
    assert_eq!(erasure.emptied, 1);
    let records = store.audit_records(None, 100).await.expect("lines are read");
    let empty = |place: usize| records[place].detail.as_ref().expect("it is there").is_empty();
    assert!(empty(5) && !empty(4) && !empty(6));
    assert_eq!(log.flaw(true).await, None);
    log.desk.seal_audit().await.expect("it is sealed");
    assert_eq!(log.flaw(true).await, None);
    // The line that says so, which is the last one.
    run(format!("{empties} 16)")).await;
    let found = |place: usize| AuditFlaw { kind: FlawKind::DetailChanged, line: Some(records[place].id), seal: None };
    assert_eq!(log.flaw(true).await, Some(found(16)));
    run(format!("{empties} 6)")).await;
    assert_eq!(log.flaw(true).await, Some(found(6)));
}
