//! A desk that is written down and taken in elsewhere.

use crate::house::House;
use chrono::{TimeZone, Utc};
use serde_json::json;
use std::io::{BufRead, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use ticketing_core::Desk;
use ticketing_core::access::{Actor, Scope, SystemReason};
use ticketing_core::changes::{Changes, Expect, Write};
use ticketing_core::condition::Condition;
use ticketing_core::demo::{DemoOptions, fill};
use ticketing_core::desk::transfer::{DeskExport, DeskImport, ImportTally, TransferError};
use ticketing_core::desk::{AuditKey, NewMerge};
use ticketing_core::error::Error;
use ticketing_core::ids::{ChangeId, RoutingDecisionId, TicketKey, WorkflowId};
use ticketing_core::memory::{MemoryBlobs, MemoryStore, TestClock};
use ticketing_core::model::{
    Fired, JobKind, Routing, RoutingCandidate, RoutingDecision, RoutingDetail, RoutingTurn, Standing, Ticket,
};
use ticketing_core::port::{BlobStore, JobQuery, PeopleRead, Store};
use ticketing_core::query::{Sort, TicketQuery, UserQuery};
use ticketing_core::setting::Document;
use tokio::runtime::Handle;
use tokio::task::block_in_place;
use uuid::Uuid;

fn system() -> Actor {
    Actor::system(SystemReason::Operator)
}

fn desk(store: &Arc<MemoryStore>) -> Desk {
    let clock = Arc::new(TestClock::at(Utc.with_ymd_and_hms(2026, 1, 15, 10, 0, 0).unwrap()));
    let blobs: Arc<dyn BlobStore> = Arc::new(MemoryBlobs::new());
    Desk::builder().store(Arc::clone(store) as Arc<dyn Store>).clock(clock).blobs(blobs).build().unwrap()
}

/// A lively desk, and what is written down of it.
async fn demo() -> Desk {
    let store = Arc::new(MemoryStore::new());
    let desk = desk(&store);
    let options = DemoOptions::new(150, desk.now(), "$2b$04$nobody", AuditKey::new("demo", [7; 32]));
    fill(&*store, &options, |_| ()).await.unwrap();
    route(&desk).await;
    desk
}

/// What the demo desk has nothing of: a ticket that found its agent, and a rule of time that has looked at it.
async fn route(desk: &Desk) {
    let store = desk.store();
    let state = store.settings().await.unwrap();
    let query =
        TicketQuery { filter: Condition::always(), sort: Sort::default(), after: None, limit: 1, now: desk.now() };
    let ticket = store.tickets(&Scope::UPKEEP, &query).await.unwrap().remove(0);
    let (team, agent) = (state.teams[0].id, state.staff[0].id);
    let decision = RoutingDecision {
        id: RoutingDecisionId(Uuid::from_u128(77)),
        ticket_id: ticket.id,
        team_id: team,
        at: desk.now(),
        agent_id: Some(agent),
        detail: RoutingDetail {
            routing: Routing::RoundRobin,
            skills: vec!["gates".to_owned()],
            skills_waived: false,
            candidates: vec![RoutingCandidate {
                user_id: agent,
                standing: Standing::Chosen,
                open: 3,
                capacity: Some(9),
            }],
            more: 0,
        },
    };
    let fired = Fired { ticket_id: ticket.id, rule_id: WorkflowId(Uuid::from_u128(78)), anchor_at: ticket.created_at };
    let turn = RoutingTurn { id: team.0, last: Some(agent), version: 1 };
    let view = json!({"name": "Mine alone", "visibility": "private", "owner_id": agent});
    let document = Document {
        kind: "view".to_owned(),
        id: Uuid::from_u128(79),
        owner: Some(agent),
        version: 1,
        saved_at: desk.now(),
        saved_by: Some(agent),
        deleted: false,
        body: view,
    };
    let writes = vec![
        Write::RoutingTurn { turn, expect: Expect::New },
        Write::RoutingDecision(Box::new(decision)),
        Write::Fired(fired),
        Write::Setting { document, expect: Expect::New },
    ];
    let changes = Changes {
        id: ChangeId(Uuid::from_u128(76)),
        scope: Scope::UPKEEP,
        settings: state.version,
        bumps_settings: false,
        writes,
        guards: Vec::new(),
    };
    store.commit(changes).await.unwrap();
}

async fn written(desk: &Desk, with_secrets: bool) -> String {
    let mut out = Vec::new();
    let options = DeskExport { with_secrets, files: None };
    desk.export_desk(&system(), &options, &mut out, &mut |_| ()).await.unwrap();
    String::from_utf8(out).unwrap()
}

async fn taken_in(desk: &Desk, text: &str) -> Result<ImportTally, TransferError> {
    let open = || Ok(Box::new(Cursor::new(text.to_owned())) as Box<dyn BufRead + Send>);
    desk.import_desk(&system(), &DeskImport::default(), &open, &mut |_| ()).await
}

/// All but the header, which names a moment, and the footer, whose checksum covers that.
fn rows(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.pop();
    lines.remove(0);
    lines
}

#[tokio::test]
async fn a_desk_that_was_taken_in_is_written_down_as_the_same() {
    let first = demo().await;
    let text = written(&first, true).await;
    let kinds = "setting user canned_use team membership routing_turn organization ticket comment watcher sla_result \
        milestone fired routing_decision time_entry event";
    for name in kinds.split(' ') {
        assert!(text.contains(&format!("{{\"type\":\"{name}\"")), "{name}");
    }
    assert!(text.contains("Mine alone"), "what is one person's own");
    let second = desk(&Arc::new(MemoryStore::new()));
    let tally = taken_in(&second, &text).await.unwrap();
    assert!(!tally.is_resumed && !tally.was_whole);
    let again = written(&second, true).await;
    assert_eq!(rows(&again), rows(&text));
    // Rules and promises go on by the clock.
    assert_eq!(replans(&second).await, 1);
    // Taken in again, nothing happens.
    assert!(taken_in(&second, &text).await.unwrap().was_whole);
    assert_eq!(replans(&second).await, 1);
}

#[tokio::test]
async fn what_was_interrupted_anywhere_goes_on() {
    let text = written(&demo().await, true).await;
    for broken_at in 1..12 {
        let second = desk(&Arc::new(MemoryStore::new()));
        let opened = AtomicUsize::new(0);
        let open = || {
            let whole = Cursor::new(text.clone());
            // The disk fails in the midst of one of the times that the file is read.
            let most = if opened.fetch_add(1, Ordering::Relaxed) == broken_at { text.len() / 2 } else { usize::MAX };
            Ok(Box::new(std::io::BufReader::new(whole.take(most as u64))) as Box<dyn BufRead + Send>)
        };
        let cut = second.import_desk(&system(), &DeskImport::default(), &open, &mut |_| ()).await;
        assert!(matches!(cut, Err(TransferError::File { .. })), "{broken_at}: {cut:?}");
        let tally = taken_in(&second, &text).await.unwrap();
        assert_eq!(tally.is_resumed, broken_at > 1, "{broken_at}");
        assert_eq!(rows(&written(&second, true).await), rows(&text), "{broken_at}");
    }
}

#[tokio::test]
async fn a_file_that_is_not_whole_changes_nothing() {
    let text = written(&demo().await, false).await;
    let lines: Vec<&str> = text.lines().collect();
    let without_footer = format!("{}\n", lines[..lines.len() - 1].join("\n"));
    let without_a_line = text.replacen(&format!("{}\n", lines[30]), "", 1);
    let changed = text.replacen("\"version\":1", "\"version\":2", 1);
    let other_letter = text.replacen("Fjordrad", "Fjordrat", 2);
    let cut_off = text[..text.len() - 10].to_owned();
    let store = Arc::new(MemoryStore::new());
    let second = desk(&store);
    for text in [String::new(), without_footer, without_a_line, changed, other_letter, cut_off, format!("{text}x\n")] {
        let refused = taken_in(&second, &text).await;
        assert!(matches!(refused, Err(TransferError::File { .. })), "{refused:?}");
    }
    let people = UserQuery { limit: 1, ..UserQuery::default() };
    assert_eq!(store.users(&Scope::UPKEEP, &people).await.unwrap(), []);
    // The whole one goes in.
    taken_in(&second, &text).await.unwrap();
}

#[tokio::test]
async fn only_a_new_desk_becomes_another() {
    let text = written(&demo().await, false).await;
    let house = House::new().await;
    match taken_in(&house.desk, &text).await {
        Err(TransferError::Desk(error)) => assert_eq!(error.code(), "not_empty"),
        other => panic!("{other:?}"),
    }
    let open = || Ok(Box::new(Cursor::new(text.clone())) as Box<dyn BufRead + Send>);
    let by_manager = house.desk.import_desk(&house.manager, &DeskImport::default(), &open, &mut |_| ()).await;
    assert!(matches!(by_manager, Err(TransferError::Desk(error)) if error.code() == "forbidden"));
    let mut out = Vec::new();
    let refused = house.desk.export_desk(&house.manager, &DeskExport::default(), &mut out, &mut |_| ()).await;
    assert!(matches!(refused, Err(TransferError::Desk(error)) if error.code() == "forbidden"));
    assert!(out.is_empty());
    // Nor one that was begun with another file.
    let second = desk(&Arc::new(MemoryStore::new()));
    taken_in(&second, &text).await.unwrap();
    let other = written(&house.desk, false).await;
    assert!(matches!(taken_in(&second, &other).await, Err(TransferError::Desk(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_whose_tickets_are_merged_meanwhile_is_not_written_down() {
    let desk = demo().await;
    let query =
        TicketQuery { filter: Condition::always(), sort: Sort::default(), after: None, limit: 100, now: desk.now() };
    let mut open = desk.store().tickets(&Scope::UPKEEP, &query).await.unwrap();
    open.retain(Ticket::is_open);
    let (from, into) = (TicketKey::Id(open[0].id), TicketKey::Id(open[1].id));
    let mut merged = false;
    let mut merge = |_| {
        if !std::mem::replace(&mut merged, true) {
            let into = NewMerge { into: into.clone(), confirm_other_customer: true };
            let by = system();
            let merge = desk.merge_ticket(&by, &from, into);
            block_in_place(|| Handle::current().block_on(merge)).unwrap();
        }
    };
    let mut out = Vec::new();
    let outcome = desk.export_desk(&system(), &DeskExport::default(), &mut out, &mut merge).await;
    assert!(matches!(&outcome, Err(TransferError::Desk(Error::Conflict { code: "tickets_moved", .. }))), "{outcome:?}");
    // What was merged before is as good as anything.
    assert!(!written(&desk, false).await.is_empty());
}

#[tokio::test]
async fn secrets_are_written_only_where_that_is_asked_for() {
    let first = demo().await;
    let (open, sealed) = (written(&first, true).await, written(&first, false).await);
    assert!(open.contains("$2b$04$nobody") && !sealed.contains("$2b$04$nobody"));
    assert!(sealed.lines().last().unwrap().contains("\"passwords\""));
    assert!(!open.lines().last().unwrap().contains("\"passwords\""));
    assert!(!sealed.contains("\"kind\":\"webhook\""));
}

/// How many jobs there are that plan all tickets anew.
async fn replans(desk: &Desk) -> usize {
    let query = JobQuery { kinds: vec![JobKind::Replan], limit: 100, ..JobQuery::default() };
    desk.store().jobs(&query).await.unwrap().len()
}
