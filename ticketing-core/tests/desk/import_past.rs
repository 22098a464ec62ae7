//! What the clock makes of tickets that come from elsewhere, and tables that workers take in.

use crate::house::{House, person};
use bytes::Bytes;
use serde_json::json;
use std::io::{BufRead, Cursor};
use std::sync::Arc;
use ticketing_core::access::{Call, Scope};
use ticketing_core::condition::Condition;
use ticketing_core::desk::import::{CsvImport, ImportKind, NewTableImport, WholeTableImport};
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::desk::{DeskPatch, NewSlaPolicy, TicketPatch, UserPatch};
use ticketing_core::ids::{ImportId, TicketKey};
use ticketing_core::input::{Input, Patch};
use ticketing_core::memory::MemoryBlobs;
use ticketing_core::model::{IdempotencyKey, ImportState, JobKind, MilestoneKind, Role, Status, Ticket};
use ticketing_core::port::{BlobStore, JobQuery};
use ticketing_core::query::{Sort, TicketQuery};

/// The clock stands at 2026-01-15 10:00 plus sixty days.
async fn house() -> House {
    let blobs: Arc<dyn BlobStore> = Arc::new(MemoryBlobs::default());
    let house = House::with(|desk| desk.blobs(blobs)).await;
    house.pass(60 * 24 * 60);
    house
}

async fn import(house: &House, text: &str) {
    let open = || Ok(Box::new(Cursor::new(text.to_owned())) as Box<dyn BufRead + Send>);
    let options = CsvImport { name: "a.csv".to_owned(), ..CsvImport::default() };
    let report = house.desk.import_csv(&house.admin, &options, &open, None, &mut |_| ()).await.unwrap();
    assert_eq!((report.wrong.len(), report.rows, report.made), (0, report.rows, report.rows));
}

async fn named(house: &House, subject: &str) -> Ticket {
    let (filter, now) = (Condition::always(), house.desk.now());
    let query = TicketQuery { filter, sort: Sort::default(), after: None, limit: 100, now };
    let all = house.desk.store().tickets(&Scope::UPKEEP, &query).await.unwrap();
    all.into_iter().find(|ticket| ticket.subject == subject).unwrap()
}

/// What happened on it, by name.
async fn told(house: &House, subject: &str) -> Vec<&'static str> {
    let key = TicketKey::Id(named(house, subject).await.id);
    let page = house.desk.timeline(&house.admin, &key, None, 100).await.unwrap();
    page.items.iter().map(|event| event.kind).collect()
}

async fn work(house: &House) {
    while house.desk.workers(WorkOptions::default()).run_due(100).await.unwrap() > 0 {}
}

async fn job_kinds(house: &House) -> Vec<JobKind> {
    let query = JobQuery { limit: 100, ..JobQuery::default() };
    house.desk.store().jobs(&query).await.unwrap().iter().map(|job| job.kind).collect()
}

#[tokio::test]
async fn what_was_over_elsewhere_is_told_to_nobody_and_the_rest_is_promised() {
    let house = house().await;
    let targets = json!({"first_response": "1h", "resolution": "10d"});
    let gold = json!({"name": "Gold", "targets": {"medium": targets}});
    house.desk.create_sla_policy(&house.admin, NewSlaPolicy::from_json(gold).unwrap()).await.unwrap();
    let rule = json!({"name": "By the clock", "trigger_type": "time_based",
        "schedule": {"after": "3d", "since": "created_at"},
        "trigger_conditions": [{"field": "status", "operator": "equals", "value": "open"}],
        "actions": [{"type": "add_tags", "params": {"tags": ["late"]}}]});
    crate::rule::add(&house, rule).await;
    work(&house).await;
    let before = job_kinds(&house).await;
    import(
        &house,
        "subject,description,customer_email,created_at,resolved_at,team\n\
         Old,Text,c@mail.example,2026-03-11 10:00,,billing\nNew,Text,c@mail.example,2026-03-16 09:30,,\n\
         Over,Text,c@mail.example,2026-03-01 10:00,2026-03-02 10:00,billing\n",
    )
    .await;
    let old = named(&house, "Old").await;
    let sla = old.sla.as_deref().unwrap();
    let (first, resolution) = (sla.first_response.as_ref().unwrap(), sla.resolution.as_ref().unwrap());
    assert!(sla.is_breached && first.breached_at == "2026-03-11T11:00:00Z".parse().ok());
    assert_eq!((resolution.breached_at, resolution.due_at), (None, "2026-03-21T10:00:00Z".parse().ok()));
    let new = named(&house, "New").await;
    assert!(!new.sla.as_deref().unwrap().is_breached);
    work(&house).await;
    assert_eq!(told(&house, "Old").await, ["ticket.created"], "neither the promise nor the rule tells anything");
    assert!(named(&house, "Old").await.tags.is_empty());
    assert_eq!(job_kinds(&house).await, before, "nothing leaves the desk");
    // What comes later comes as for any other ticket.
    house.pass(60);
    work(&house).await;
    assert!(told(&house, "New").await.contains(&"sla.breached"));
    house.pass(5 * 24 * 60);
    work(&house).await;
    assert!(told(&house, "Old").await.contains(&"sla.breached"), "by then the resolution is over");
    assert_eq!(named(&house, "New").await.tags, ["late"]);
    assert!(named(&house, "Old").await.tags.is_empty());
    // Reports count when it was, not when it came in.
    let over = named(&house, "Over").await;
    let mut moments = house.desk.store().milestones(&Scope::UPKEEP, &[over.id]).await.unwrap();
    moments.sort_by_key(|moment| moment.at);
    let found: Vec<_> = moments.iter().map(|moment| (moment.kind, moment.at, moment.spent, moment.team_id)).collect();
    let team = Some(house.billing);
    let wanted = [
        (MilestoneKind::Created, over.created_at, 0, team),
        (MilestoneKind::Resolved, over.resolved_at.unwrap(), 86_400, team),
    ];
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn what_ended_elsewhere_and_is_opened_here_tells_nothing_of_the_past() {
    let house = house().await;
    let targets = json!({"first_response": "1h", "resolution": "2d"});
    let gold = json!({"name": "Gold", "targets": {"medium": targets}});
    house.desk.create_sla_policy(&house.admin, NewSlaPolicy::from_json(gold).unwrap()).await.unwrap();
    let rule = json!({"name": "By the clock", "trigger_type": "time_based",
        "schedule": {"after": "3h", "since": "created_at"},
        "trigger_conditions": [{"field": "status", "operator": "equals", "value": "open"}],
        "actions": [{"type": "add_tags", "params": {"tags": ["late"]}}]});
    crate::rule::add(&house, rule).await;
    import(
        &house,
        "subject,description,customer_email,created_at,resolved_at,closed_at\n\
         Late,Text,c@mail.example,2026-03-01 10:00,2026-03-09 10:00,\n\
         Soon,Text,c@mail.example,2026-03-01 10:00,,2026-03-02 10:00\n",
    )
    .await;
    let promised = |ticket: &Ticket| {
        let sla = ticket.sla.as_deref().unwrap();
        let clock = sla.resolution.clone().unwrap();
        (sla.is_breached, clock.breached_at, clock.met_at)
    };
    let (late, soon) = (named(&house, "Late").await, named(&house, "Soon").await);
    assert_eq!(promised(&late), (true, "2026-03-03T10:00:00Z".parse().ok(), late.resolved_at));
    assert_eq!((promised(&soon).1, promised(&soon).2), (None, soon.closed_at));
    for ticket in [late, soon] {
        let patch = TicketPatch::from_json(json!({"status": "open"})).unwrap();
        house.desk.update_ticket(&house.agent, &TicketKey::Id(ticket.id), patch, None).await.unwrap();
    }
    work(&house).await;
    for subject in ["Late", "Soon"] {
        let told = told(&house, subject).await;
        assert!(!told.contains(&"sla.breached") && !told.contains(&"sla.warning"), "{subject}: {told:?}");
        assert!(named(&house, subject).await.tags.is_empty(), "{subject}");
    }
    // Of its two days, one had passed.
    house.pass(25 * 60);
    work(&house).await;
    assert!(told(&house, "Soon").await.contains(&"sla.breached"));
    assert!(!told(&house, "Late").await.contains(&"sla.breached"));
}

#[tokio::test]
async fn what_would_have_closed_by_itself_is_closed() {
    let house = house().await;
    let patch = DeskPatch::from_json(json!({"auto_close_after": "7d"})).unwrap();
    house.desk.update_profile(&house.admin, patch, None).await.unwrap();
    work(&house).await;
    import(
        &house,
        "subject,description,customer_email,created_at,resolved_at\n\
         Long ago,Text,c@mail.example,2026-02-01,2026-02-02\nLately,Text,c@mail.example,2026-03-10,2026-03-12\n",
    )
    .await;
    let closed = named(&house, "Long ago").await;
    assert_eq!((closed.status, closed.closed_at), (Status::Closed, "2026-02-09T00:00:00Z".parse().ok()));
    assert_eq!(named(&house, "Lately").await.status, Status::Resolved);
    house.pass(4 * 24 * 60);
    work(&house).await;
    assert_eq!(named(&house, "Lately").await.status, Status::Closed);
}

fn table(dry_run: bool) -> NewTableImport {
    NewTableImport { kind: ImportKind::Tickets, name: None, columns: Vec::new(), dry_run, skip_bad: false }
}

fn rows(count: usize) -> Bytes {
    let line = |number: usize| format!("Subject {number},Text,c{}@mail.example\n", number % 7);
    let lines: String = (0..count).map(line).collect();
    format!("subject,description,customer_email\n{lines}").into()
}

async fn known(house: &House, id: ImportId) -> WholeTableImport {
    house.desk.table_import(&house.admin, id).await.unwrap()
}

#[tokio::test]
async fn a_worker_takes_a_table_in_and_forgets_its_bytes() {
    let blobs = Arc::new(MemoryBlobs::default());
    let kept: Arc<dyn BlobStore> = blobs.clone();
    let house = House::with(|desk| desk.blobs(kept)).await;
    let made = house.desk.take_in_table(&house.admin, table(false), rows(450)).await.unwrap();
    assert_eq!(made.state, ImportState::Waiting);
    work(&house).await;
    let done = known(&house, made.id).await.import;
    assert_eq!((done.state, done.error), (ImportState::Done, None));
    let counts = done.counts;
    assert_eq!((counts.rows, counts.checked, counts.done, counts.made), (Some(450), 450, 450, 450));
    assert_eq!((counts.known, counts.new_customers, done.can_run), (0, 7, false));
    let listed = house.desk.table_imports(&house.admin).await.unwrap();
    assert_eq!(listed.len(), 1);
    // Managers have no part in it.
    assert_eq!(crate::house::code(house.desk.table_imports(&house.manager).await), "forbidden");
    assert_eq!(crate::house::code(house.desk.take_in_table(&house.manager, table(true), rows(1)).await), "forbidden");
}

#[tokio::test]
async fn whoever_lost_the_right_takes_nothing_in() {
    let house = house().await;
    let other = person(&house.desk, Role::Admin, "ana", None).await;
    let made = house.desk.take_in_table(&other, table(false), rows(3)).await.unwrap();
    let patch = UserPatch { role: Patch::Set(Role::Agent), ..UserPatch::default() };
    house.desk.update_user(&house.admin, other.user_id().unwrap(), patch, None).await.unwrap();
    work(&house).await;
    let known = known(&house, made.id).await.import;
    assert_eq!((known.state, known.counts.made), (ImportState::Failed, 0));
    assert!(known.error.is_some_and(|error| error.contains("admin")));
}

#[tokio::test]
async fn tables_of_long_ago_are_forgotten() {
    let house = house().await;
    let made = house.desk.take_in_table(&house.admin, table(true), rows(3)).await.unwrap();
    work(&house).await;
    assert!(known(&house, made.id).await.import.can_run);
    house.pass(8 * 24 * 60);
    // A request of the console has a key, which is for what it asks for and not for what is forgotten on the way.
    let key = IdempotencyKey { owner: "console".into(), route: "import".into(), key: "1".into(), digest: [7; 32] };
    let call = Call { idempotency: Some(Arc::new(key)), ..Call::from(&house.admin) };
    house.desk.take_in_table(call, table(true), rows(3)).await.unwrap();
    let gone = house.desk.table_import(&house.admin, made.id).await;
    assert_eq!(crate::house::code(gone), "not_found");
    assert_eq!(house.desk.table_imports(&house.admin).await.unwrap().len(), 1);
}
