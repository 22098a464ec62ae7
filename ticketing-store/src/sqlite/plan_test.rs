//! How SQLite means to read the lists that people look at all day. A plan that sorts or scans would
//! still answer right, only later every month, so nothing else would notice.

mod report;

use super::activity::{push_from_end, push_log};
use super::apply::claim::push_due;
use super::apply::timer::DUE;
use super::attachment::{push_of_comments, push_of_ticket, push_one};
use super::inbound::{self, push_list as push_arrivals, push_of_sender};
use super::list::push_list;
use super::notification::{push_count, push_of_changes, push_page, push_unread_counts};
use super::people::push_live_sessions;
use super::queue::{push_counts, push_jobs};
use super::ticket::{push_comments_from_end, push_count_up_to};
use super::timer::push_next_due;
use super::workflow::{push_runs, push_suppressed};
use super::{SqliteOptions, SqliteStore};
use crate::walk::Stretch;
use sqlx::{QueryBuilder, Row};
use ticketing_core::access::{Scope, SystemReason};
use ticketing_core::condition::{Bound, Condition, Field, Literal, Test, Viewer};
use ticketing_core::ids::{
    ArrivalId, AttachmentId, ChangeId, CommentId, JobId, NotificationId, OrganizationId, Seq, SessionId, TeamId,
    TicketId, UserId, WorkerId, WorkflowId, WorkflowRunId,
};
use ticketing_core::model::{
    ArrivalCause, ArrivalState, CustomFields, JobKind, JobState, RunOutcome, SavedView, SavedViews, Status,
};
use ticketing_core::port::{ArrivalQuery, Claim, JobQuery};
use ticketing_core::query::{NotificationQuery, Position, Sort, SortField, TicketQuery, WorkflowRunQuery};
use ticketing_core::setting::Stored;
use ticketing_core::time::from_micros;
use uuid::Uuid;

const ALL: Scope = Scope::System(SystemReason::Upkeep);
const ME: UserId = UserId(Uuid::from_u128(7));

async fn store() -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path().join("desk.db"), SqliteOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    (folder, store)
}

pub(super) async fn plan(store: &SqliteStore, query: QueryBuilder<sqlx::Sqlite>) -> String {
    let rows = store.rows(query).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>("detail")).collect::<Vec<_>>().join("\n")
}

/// The plan of a second page.
async fn list_plan(store: &SqliteStore, scope: &Scope, filter: Condition, sort: Sort) -> String {
    let after = Some(Position::at(5, Uuid::from_u128(9)));
    let query = TicketQuery { filter, sort, after, limit: 25, now: from_micros(0).unwrap() };
    let mut select = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    let stretch = Stretch::after(sort, after);
    assert!(push_list(&mut select, scope, &query, (stretch, after), None).exact, "SQL says all of it");
    // Whether an index holds all that is asked for does not matter here.
    plan(store, select).await.replace("COVERING INDEX", "INDEX")
}

fn one_of(field: Field, values: Vec<Literal>) -> Condition {
    Condition::leaf(field, Test::In(values))
}

fn statuses(wanted: &[Status]) -> Condition {
    one_of(Field::Status, wanted.iter().map(|status| Literal::Rank(status.rank())).collect())
}

fn every_order() -> impl Iterator<Item = Sort> {
    let fields = SortField::OF_EVERY_DESK;
    fields.into_iter().flat_map(|field| [true, false].map(|descending| Sort { field, descending }))
}

#[tokio::test]
async fn every_order_is_walked_along_an_index() {
    let (_folder, store) = store().await;
    let agent = Scope::Agent { user_id: ME, teams: vec![TeamId(Uuid::from_u128(1)), TeamId(Uuid::from_u128(2))] };
    for scope in [ALL, Scope::Staff { user_id: ME }, agent] {
        for sort in every_order() {
            let plan = list_plan(&store, &scope, Condition::always(), sort).await;
            assert!(
                plan.contains("SEARCH t USING INDEX ticket_"),
                "{sort:?} of {scope:?} goes on where it was:\n{plan}"
            );
            assert!(!plan.contains("TEMP B-TREE"), "{sort:?} of {scope:?} is not sorted again:\n{plan}");
        }
    }
}

#[tokio::test]
async fn queues_newest_first_are_walked_along_their_index() {
    let (_folder, store) = store().await;
    let id = || vec![Literal::Id(Uuid::from_u128(3))];
    let queues = [
        (statuses(&[Status::Open]), "ticket_status_created"),
        (statuses(&[Status::Open, Status::Pending]), "ticket_created"),
        (one_of(Field::AssignedAgentId, id()), "ticket_assignee"),
        (one_of(Field::TeamId, id()), "ticket_team"),
        (one_of(Field::CustomerId, id()), "ticket_customer"),
        (one_of(Field::OrganizationId, id()), "ticket_organization"),
        (Condition::leaf(Field::AssignedAgentId, Test::Empty), "ticket_created"),
        (
            Condition::All(vec![statuses(&[Status::Open, Status::OnHold]), one_of(Field::AssignedAgentId, id())]),
            "ticket_assignee",
        ),
    ];
    for (filter, index) in queues {
        let plan = list_plan(&store, &ALL, filter.clone(), Sort::default()).await;
        assert!(plan.contains(&format!("SEARCH t USING INDEX {index} ")), "{filter:?} by {index}:\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{filter:?} is not sorted again:\n{plan}");
    }
}

#[tokio::test]
async fn queues_are_counted_along_an_index() {
    let (_folder, store) = store().await;
    let agent = Scope::Agent { user_id: ME, teams: vec![TeamId(Uuid::from_u128(1))] };
    let own = Scope::Customer { user_id: ME, organization_id: Some(OrganizationId(Uuid::from_u128(4))) };
    let open = statuses(&[Status::Open, Status::Pending]);
    let due = Test::Range { min: None, max: Some(Bound::at(Literal::Time(from_micros(5).unwrap()))) };
    let filters = [
        open.clone(),
        one_of(Field::AssignedAgentId, vec![Literal::Id(ME.0)]),
        Condition::All(vec![Condition::leaf(Field::AssignedAgentId, Test::Empty), open.clone()]),
        Condition::leaf(Field::SlaDueAt, due),
        one_of(Field::TeamId, vec![Literal::Id(Uuid::from_u128(1))]),
    ];
    for scope in [ALL, Scope::Staff { user_id: ME }, agent, own] {
        for filter in &filters {
            let filter = filter.clone();
            let now = from_micros(0).unwrap();
            let wanted = TicketQuery { filter, sort: Sort::default(), after: None, limit: 0, now };
            let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
            assert!(push_count_up_to(&mut query, &scope, &wanted, 1_001));
            let counted = plan(&store, query).await;
            assert!(
                counted.contains("INDEX ticket_") && !counted.contains("SCAN t"),
                "{wanted:?} of {scope:?}:\n{counted}"
            );
        }
    }
}

/// The views that every desk begins with, as somebody reads them: what they list, and in which order.
fn built_in_views() -> Vec<(String, Condition, Sort)> {
    let viewer = Viewer { id: Some(ME), teams: &[], now: from_micros(1_000_000_000).unwrap() };
    let read = |stored: &Stored<SavedView>| {
        let view = &stored.content;
        let condition = view.condition(&CustomFields::default(), viewer).unwrap();
        (view.name.clone(), condition, view.order(&CustomFields::default()))
    };
    SavedViews::new(Vec::new()).iter().map(read).collect()
}

#[tokio::test]
async fn the_views_that_a_desk_begins_with_are_walked_and_counted_along_indexes() {
    let (_folder, store) = store().await;
    let agent = Scope::Agent { user_id: ME, teams: vec![TeamId(Uuid::from_u128(1))] };
    for scope in [Scope::Staff { user_id: ME }, agent] {
        for (name, filter, sort) in built_in_views() {
            let walked = list_plan(&store, &scope, filter.clone(), sort).await;
            assert!(walked.contains("INDEX ticket_") && !walked.contains("SCAN t"), "{name} of {scope:?}:\n{walked}");
            let wanted = TicketQuery { filter, sort, after: None, limit: 0, now: from_micros(0).unwrap() };
            let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
            assert!(push_count_up_to(&mut query, &scope, &wanted, 1_001));
            let counted = plan(&store, query).await;
            // What asks for nothing is over after a thousand rows, whichever they are.
            let is_short = name == "Recently updated" || counted.contains("INDEX ticket_");
            assert!(is_short && !counted.contains("TEMP B-TREE"), "{name} of {scope:?}:\n{counted}");
        }
    }
}

#[tokio::test]
async fn what_is_due_is_found_along_its_moments() {
    let (_folder, store) = store().await;
    let at = |micros| Some(Bound::at(Literal::Time(from_micros(micros).unwrap())));
    for (min, max, walked) in [
        (None, at(9), "(sla_due_at<?)"),
        (at(2), None, "(sla_due_at>? AND sla_due_at<?)"),
        (at(2), at(9), "(sla_due_at>? AND sla_due_at<?)"),
    ] {
        let due = Condition::leaf(Field::SlaDueAt, Test::Range { min, max });
        let mine = Condition::All(vec![statuses(&[Status::Open, Status::Pending]), due]);
        for sort in every_order() {
            let plan = list_plan(&store, &ALL, mine.clone(), sort).await;
            let index = "SEARCH t USING INDEX ticket_sla_due ";
            if sort.field == SortField::SlaDueAt {
                assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{sort:?}:\n{plan}");
            } else {
                assert!(plan.contains(&format!("{index}{walked}")), "{sort:?}:\n{plan}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_open_is_found_among_all_that_is_over() {
    let (_folder, store) = store().await;
    let open = statuses(&[Status::Open, Status::InProgress, Status::Pending, Status::OnHold]);
    let by_priority = Sort { field: SortField::Priority, descending: true };
    let plan = list_plan(&store, &ALL, open, by_priority).await;
    assert!(plan.contains("SEARCH t USING INDEX ticket_status_created (status=?"), "by status:\n{plan}");
}

#[tokio::test]
async fn a_customer_never_waits_for_the_tickets_of_others() {
    let (_folder, store) = store().await;
    let organization_id = Some(OrganizationId(Uuid::from_u128(4)));
    let own = Scope::Customer { user_id: ME, organization_id: None };
    let shared = Scope::Customer { user_id: ME, organization_id };
    for sort in every_order() {
        let plan = list_plan(&store, &own, Condition::always(), sort).await;
        assert!(plan.contains("INDEX ticket_customer (customer_id=?"), "{sort:?}:\n{plan}");
        let plan = list_plan(&store, &shared, Condition::always(), sort).await;
        assert!(plan.contains("INDEX ticket_customer (customer_id=?"), "{sort:?}:\n{plan}");
        assert!(plan.contains("INDEX ticket_organization (organization_id=?"), "{sort:?}:\n{plan}");
    }
    let plan = list_plan(&store, &shared, Condition::always(), Sort::default()).await;
    assert!(!plan.contains("TEMP B-TREE"), "two ordered halves are merged, not sorted:\n{plan}");
}

#[tokio::test]
async fn a_customers_events_are_found_by_their_tickets() {
    let (_folder, store) = store().await;
    for organization_id in [None, Some(OrganizationId(Uuid::from_u128(4)))] {
        let scope = Scope::Customer { user_id: ME, organization_id };
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_log(&mut query, &scope, Seq(5), Seq(900), 100);
        let plan = plan(&store, query).await;
        assert!(plan.contains("SEARCH e USING INDEX event_ticket (ticket_id=? AND seq>? AND seq<?)"), "{plan}");
        assert!(plan.contains("INDEX ticket_customer (customer_id=?)"), "{plan}");
        assert!(!plan.contains("SCAN e") && !plan.contains("SCAN ticket"), "{plan}");
    }
}

#[tokio::test]
async fn the_log_is_read_in_its_order() {
    let (_folder, store) = store().await;
    let agent = Scope::Agent { user_id: ME, teams: vec![TeamId(Uuid::from_u128(1))] };
    for scope in [ALL, Scope::Staff { user_id: ME }, agent] {
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_log(&mut query, &scope, Seq(5), Seq(900), 100);
        let plan = plan(&store, query).await;
        assert!(plan.contains("SEARCH e USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
}

#[tokio::test]
async fn a_claim_jumps_from_lane_to_lane() {
    let (_folder, store) = store().await;
    let now = from_micros(5).unwrap();
    let rooms = [("full".to_owned(), 0), ("half".to_owned(), 2)].into();
    let claim = Claim { worker: WorkerId(Uuid::from_u128(1)), now, until: now, room: 8, rooms, limit: 10 };
    for claim in [claim.clone(), Claim { room: 0, ..claim }] {
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_due(&mut query, &claim).unwrap();
        let plan = plan(&store, query).await;
        assert!(!plan.contains("SCAN job") && !plan.contains("SCAN j ") && !plan.contains("SCAN i "), "{plan}");
        assert!(plan.contains("SEARCH j USING COVERING INDEX job_ready (lane>?)"), "from one to the next:\n{plan}");
        assert!(plan.contains("SEARCH i USING COVERING INDEX job_ready (lane=? AND due_at<?)"), "along one:\n{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "nothing is sorted:\n{plan}");
    }
}

#[tokio::test]
async fn jobs_are_listed_and_counted_along_an_index() {
    let (_folder, store) = store().await;
    let (kinds, states) = (vec![JobKind::Webhook], vec![JobState::Dead]);
    let (lane, ticket_id) = (Some("webhook".to_owned()), Some(TicketId(Uuid::from_u128(1))));
    let page = || JobQuery { after: Some(JobId(Uuid::from_u128(9))), limit: 25, ..JobQuery::default() };
    for (query, index) in [
        (page(), "sqlite_autoindex_job_1 (id<?)"),
        (JobQuery { states, ..page() }, "job_dead (id<?)"),
        (JobQuery { kinds, lane, ..page() }, "job_of_webhook (lane=? AND id<?)"),
        (JobQuery { ticket_id, ..page() }, "job_of_ticket (ticket_id=? AND id<?)"),
    ] {
        let mut select = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_jobs(&mut select, &query);
        let plan = plan(&store, select).await;
        assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "by {index}:\n{plan}");
    }
    let mut count = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_counts(&mut count);
    let plan = plan(&store, count).await;
    for index in ["job_ready", "job_running", "job_dead"] {
        assert!(plan.contains(&format!("COVERING INDEX {index}")), "by {index} alone:\n{plan}");
    }
}

#[tokio::test]
async fn a_persons_live_sign_ins_are_found_by_the_person() {
    let (_folder, store) = store().await;
    for before in [None, Some(SessionId(Uuid::from_u128(9)))] {
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_live_sessions(&mut query, ME, from_micros(5).unwrap(), before, 25);
        let plan = plan(&store, query).await;
        assert!(plan.contains("SEARCH session USING INDEX session_live (user_id=?)"), "{plan}");
    }
}

#[tokio::test]
async fn a_conversation_is_read_from_its_end_along_its_index() {
    let (_folder, store) = store().await;
    let id = TicketId(Uuid::from_u128(1));
    let agent = Scope::Agent { user_id: ME, teams: vec![TeamId(Uuid::from_u128(1))] };
    let own = Scope::Customer { user_id: ME, organization_id: None };
    for scope in [ALL, agent, own] {
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_comments_from_end(&mut query, &scope, id, Some(CommentId(Uuid::from_u128(9))), 25);
        let said = plan(&store, query).await;
        assert!(said.contains("INDEX comment_ticket (ticket_id=? AND id<?)"), "{scope:?}:\n{said}");
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_from_end(&mut query, &scope, id, Some(Seq(9)), 25);
        let told = plan(&store, query).await;
        assert!(told.contains("INDEX event_ticket (ticket_id=? AND seq<?)"), "{scope:?}:\n{told}");
        assert!(!said.contains("TEMP B-TREE") && !told.contains("TEMP B-TREE"), "{scope:?}:\n{said}\n{told}");
    }
}

#[tokio::test]
async fn what_rules_did_is_walked_newest_first() {
    let (_folder, store) = store().await;
    let (ticket_id, workflow_id) = (Some(TicketId(Uuid::from_u128(1))), Some(WorkflowId(Uuid::from_u128(2))));
    let page = |ticket_id, workflow_id, outcomes: &[RunOutcome]| WorkflowRunQuery {
        ticket_id,
        workflow_id,
        outcomes: outcomes.to_vec(),
        before: Some(WorkflowRunId(Uuid::from_u128(9))),
        limit: 25,
    };
    let agent = Scope::Agent { user_id: ME, teams: vec![TeamId(Uuid::from_u128(1))] };
    for scope in [ALL, Scope::Staff { user_id: ME }, agent] {
        for outcomes in [&[][..], &[RunOutcome::Suppressed], RunOutcome::ALL] {
            for (wanted, index) in [
                (page(None, None, outcomes), "sqlite_autoindex_workflow_run_1 (id<?)"),
                (page(ticket_id, None, outcomes), "workflow_run_by_ticket (ticket_id=? AND id<?)"),
                (page(None, workflow_id, outcomes), "workflow_run_by_workflow (workflow_id=? AND id<?)"),
            ] {
                let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
                push_runs(&mut query, &scope, &wanted);
                let plan = plan(&store, query).await;
                assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "by {index} for {scope:?}:\n{plan}");
            }
        }
    }
    let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_suppressed(&mut query, WorkflowId(Uuid::from_u128(2)), from_micros(5).unwrap(), 100);
    let counted = plan(&store, query).await;
    assert!(counted.contains("INDEX workflow_run_suppressed (workflow_id=? AND at>?)"), "{counted}");
}

#[tokio::test]
async fn what_people_are_told_is_walked_and_counted_along_its_indexes() {
    let (_folder, store) = store().await;
    let all = NotificationQuery { before: Some(NotificationId(Uuid::from_u128(9))), ..NotificationQuery::of(ME, 25) };
    let unread = NotificationQuery { unread: true, ..all.clone() };
    let of_ticket = NotificationQuery { ticket_id: Some(TicketId(Uuid::from_u128(1))), ..all.clone() };
    for (wanted, index) in [
        (all, "sqlite_autoindex_notification_1 (user_id=? AND id<?)"),
        (unread.clone(), "notification_unread (user_id=? AND id<?)"),
        (of_ticket, "notification_of_ticket (ticket_id=? AND user_id=? AND id<?)"),
    ] {
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_page(&mut query, &wanted);
        let told = plan(&store, query).await;
        assert!(told.contains(index) && !told.contains("TEMP B-TREE"), "by {index}:\n{told}");
    }
    let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_count(&mut query, &unread);
    let counted = plan(&store, query).await;
    assert!(counted.contains("COVERING INDEX notification_unread (user_id=?)"), "{counted}");
    let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_unread_counts(&mut query, &[ME, UserId(Uuid::from_u128(8))]);
    let counted = plan(&store, query).await;
    assert!(counted.contains("COVERING INDEX notification_unread (user_id=?)"), "{counted}");
    assert!(!counted.contains("TEMP B-TREE"), "{counted}");
    let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_of_changes(&mut query, &[ChangeId(Uuid::from_u128(1)), ChangeId(Uuid::from_u128(2))], 10);
    let found = plan(&store, query).await;
    assert!(found.contains("INDEX notification_of_change (change_id=?)"), "{found}");
}

#[tokio::test]
async fn what_is_due_is_walked_along_its_index() {
    let (_folder, store) = store().await;
    let mut due = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    due.push(DUE);
    let due = plan(&store, due).await;
    assert!(due.contains("COVERING INDEX ticket_wake_due (due_at<?)") && !due.contains("TEMP B-TREE"), "{due}");
    let mut next = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_next_due(&mut next, from_micros(5).unwrap());
    let next = plan(&store, next).await;
    assert!(next.contains("COVERING INDEX ticket_wake_due") && !next.contains("TEMP B-TREE"), "{next}");
    assert!(next.contains("COVERING INDEX schedule_due"), "{next}");
}

#[tokio::test]
async fn mail_that_came_in_is_walked_and_counted_along_its_indexes() {
    use ArrivalState::{Dropped, Held, Refused, Threaded};
    let (_folder, store) = store().await;
    let page = || ArrivalQuery { after: Some(ArrivalId(Uuid::from_u128(9))), limit: 25, ..ArrivalQuery::default() };
    let of_states = |states: &[ArrivalState]| ArrivalQuery { states: states.to_vec(), ..page() };
    let (sender, ticket_id) = (Some("ana@people.example".to_owned()), Some(TicketId(Uuid::from_u128(1))));
    let (cause, mailbox_id) = (Some(ArrivalCause::Spam), Some(Uuid::from_u128(2)));
    for (wanted, indexes) in [
        (page(), &["sqlite_autoindex_arrival_1 (id<?)"][..]),
        (of_states(&[Held]), &["arrival_apart (state=? AND id<?)"]),
        (of_states(&[Held, Refused, Dropped]), &["arrival_apart (state=? AND id<?)"]),
        (of_states(&[Threaded, Held]), &["sqlite_autoindex_arrival_1 (id<?)", "arrival_apart (state=? AND id<?)"]),
        (ArrivalQuery { cause, ..of_states(&[Refused]) }, &["arrival_apart (state=? AND id<?)"]),
        (ArrivalQuery { cause, ..page() }, &["arrival_by_cause (cause=? AND id<?)"]),
        (ArrivalQuery { mailbox_id, ..page() }, &["arrival_by_mailbox (mailbox_id=? AND id<?)"]),
        (ArrivalQuery { sender, ..of_states(&[Held]) }, &["arrival_by_sender (sender=? AND id<?)"]),
        (ArrivalQuery { ticket_id, ..of_states(&[Held]) }, &["arrival_by_ticket (ticket_id=? AND id<?)"]),
    ] {
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_arrivals(&mut query, &wanted);
        let plan = plan(&store, query).await;
        assert!(indexes.iter().all(|index| plan.contains(index)), "by {indexes:?}:\n{plan}");
        assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN a"), "neither sorted nor searched:\n{plan}");
    }
    let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    inbound::push_counts(&mut query);
    let counted = plan(&store, query).await;
    assert_eq!(counted.matches("USING COVERING INDEX arrival_apart (state=?)").count(), 4, "{counted}");
    let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    push_of_sender(&mut query, "ana@people.example", from_micros(5).unwrap(), 10);
    let counted = plan(&store, query).await;
    let index = "COVERING INDEX arrival_taken_of_sender (sender=? AND state=? AND received_at>?)";
    assert_eq!(counted.matches(index).count(), 2, "{counted}");
    let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
    inbound::push_of_ticket(&mut query, TicketId(Uuid::from_u128(1)), from_micros(5).unwrap(), 10);
    let counted = plan(&store, query).await;
    assert!(counted.contains("COVERING INDEX arrival_taken_of_ticket (ticket_id=? AND received_at>?)"), "{counted}");
}

#[tokio::test]
async fn files_are_found_by_what_they_belong_to() {
    let (_folder, store) = store().await;
    let own = Scope::Customer { user_id: ME, organization_id: Some(OrganizationId(Uuid::from_u128(4))) };
    for scope in [ALL, own] {
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_of_ticket(&mut query, &scope, TicketId(Uuid::from_u128(1)), Some(AttachmentId(Uuid::from_u128(2))), 25);
        let found = plan(&store, query).await;
        assert!(found.contains("attachment_of_ticket (ticket_id=? AND id>?)"), "{found}");
        assert!(found.contains("attachment_of_comment (comment_id=? AND id>?)"), "{found}");
        assert!(found.contains("comment_ticket (ticket_id=?)") && !found.contains("SCAN"), "{found}");
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_of_comments(&mut query, &scope, &[CommentId(Uuid::from_u128(1)), CommentId(Uuid::from_u128(2))]);
        let found = plan(&store, query).await;
        assert!(found.contains("attachment_of_comment (comment_id=?)") && !found.contains("SCAN"), "{found}");
        let mut query = QueryBuilder::new("EXPLAIN QUERY PLAN ");
        push_one(&mut query, &scope, AttachmentId(Uuid::from_u128(2)));
        let found = plan(&store, query).await;
        assert!(found.contains("sqlite_autoindex_attachment_1 (id=?)") && !found.contains("SCAN"), "{found}");
    }
}
