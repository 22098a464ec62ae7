//! The SQL by example, and random conditions on SQLite against the meaning in memory.
//!
//! The schema here is the least that the predicates name. The stores' own property tests ask the
//! same of their real schemas.

use super::{Dialect, push_condition};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{QueryBuilder, Sqlite, SqlitePool};
use ticketing_core::condition::{Bound, Condition, Field, Literal, Test, custom_values};
use ticketing_core::conformance::arbitrary::{condition, custom_fields, now, ticket};
use ticketing_core::decimal::Decimal;
use ticketing_core::fold::fold;
use ticketing_core::model::Ticket;
use ticketing_core::query::NEVER_DUE;
use ticketing_core::time::from_micros;

const SCHEMA: &str = "
    CREATE TABLE ticket (
        id BLOB PRIMARY KEY, number TEXT NOT NULL, subject_fold TEXT NOT NULL, status INTEGER NOT NULL,
        priority INTEGER NOT NULL, category_fold TEXT, channel INTEGER NOT NULL, customer_id BLOB NOT NULL,
        organization_id BLOB, assigned_agent_id BLOB, team_id BLOB, escalation_level INTEGER NOT NULL,
        created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, first_responded_at INTEGER,
        resolved_at INTEGER, closed_at INTEGER, wake_at INTEGER, last_customer_reply_at INTEGER,
        last_status_change_at INTEGER, sla_due_at INTEGER NOT NULL, is_sla_breached INTEGER NOT NULL
    );
    CREATE TABLE ticket_body (ticket_id BLOB PRIMARY KEY, description_fold TEXT NOT NULL);
    CREATE TABLE ticket_tag (ticket_id BLOB, tag_fold TEXT, PRIMARY KEY (ticket_id, tag_fold));
    CREATE TABLE ticket_field (ticket_id BLOB, field_key TEXT, place INTEGER, text_fold TEXT, num INTEGER,
        sort_text TEXT GENERATED ALWAYS AS (substr(text_fold, 1, 40)) VIRTUAL);";

async fn store(tickets: &[Ticket]) -> sqlx::Result<SqlitePool> {
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    sqlx::raw_sql(SCHEMA).execute(&pool).await?;
    for ticket in tickets {
        insert(&pool, ticket).await?;
    }
    Ok(pool)
}

async fn insert(pool: &SqlitePool, ticket: &Ticket) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO ticket VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(ticket.id.0)
        .bind(ticket.number.as_str())
        .bind(fold(&ticket.subject))
        .bind(ticket.status.rank())
        .bind(ticket.priority.rank())
        .bind(ticket.category.as_deref().map(fold))
        .bind(ticket.channel.rank())
        .bind(ticket.customer_id.0)
        .bind(ticket.organization_id.map(|id| id.0))
        .bind(ticket.assigned_agent_id.map(|id| id.0))
        .bind(ticket.team_id.map(|id| id.0))
        .bind(ticket.escalation_level)
        .bind(ticket.created_at.timestamp_micros())
        .bind(ticket.updated_at.timestamp_micros())
        .bind(ticket.first_responded_at.map(|at| at.timestamp_micros()))
        .bind(ticket.resolved_at.map(|at| at.timestamp_micros()))
        .bind(ticket.closed_at.map(|at| at.timestamp_micros()))
        .bind(ticket.wake_at.map(|at| at.timestamp_micros()))
        .bind(ticket.last_customer_reply_at.map(|at| at.timestamp_micros()))
        .bind(ticket.last_status_change_at.map(|at| at.timestamp_micros()))
        .bind(ticket.sla_due_at().map_or(NEVER_DUE, |at| at.timestamp_micros()))
        .bind(ticket.is_sla_breached())
        .execute(pool)
        .await?;
    sqlx::query("INSERT INTO ticket_body VALUES (?, ?)")
        .bind(ticket.id.0)
        .bind(fold(&ticket.description))
        .execute(pool)
        .await?;
    for value in custom_values(&ticket.custom_fields) {
        sqlx::query("INSERT INTO ticket_field VALUES (?, ?, ?, ?, ?)")
            .bind(ticket.id.0)
            .bind(value.key.to_string())
            .bind(value.place)
            .bind(value.text)
            .bind(value.number.map(Decimal::scaled))
            .execute(pool)
            .await?;
    }
    for tag in &ticket.tags {
        sqlx::query("INSERT OR IGNORE INTO ticket_tag VALUES (?, ?)")
            .bind(ticket.id.0)
            .bind(fold(tag))
            .execute(pool)
            .await?;
    }
    Ok(())
}

/// What the predicate says of each ticket, in the order of their ids, and whether it is exact. That
/// it is read into a `bool` proves that it is never NULL.
async fn ask(pool: &SqlitePool, condition: &Condition) -> sqlx::Result<(Vec<bool>, bool)> {
    let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
    let exact = push_condition(&mut query, condition, now());
    query.push(" FROM ticket t ORDER BY t.id");
    Ok((query.build_query_scalar::<bool>().fetch_all(pool).await?, exact))
}

fn sql<DB: Dialect>(condition: &Condition) -> (String, bool)
where
    DB::Arguments: Default,
{
    let mut query = QueryBuilder::<DB>::new("");
    let exact = push_condition(&mut query, condition, now());
    (query.into_string(), exact)
}

#[tokio::test]
async fn random_conditions_mean_the_same_in_sqlite() -> anyhow::Result<()> {
    let mut runner = TestRunner::deterministic();
    let draw = |runner: &mut TestRunner| -> anyhow::Result<Vec<Ticket>> {
        let tree = vec(ticket(), 40).new_tree(runner).map_err(|reason| anyhow::anyhow!("{reason}"))?;
        Ok(tree.current())
    };
    let mut tickets = draw(&mut runner)?;
    tickets.sort_by_key(|ticket| ticket.id);
    let pool = store(&tickets).await?;
    let conditions = condition();
    let (mut held, mut asked) = (0, 0);
    for _ in 0..2_000 {
        let condition = conditions.new_tree(&mut runner).map_err(|reason| anyhow::anyhow!("{reason}"))?.current();
        let (said, exact) = ask(&pool, &condition).await?;
        assert_eq!(said.len(), tickets.len());
        for (ticket, said) in tickets.iter().zip(said) {
            let meant = condition.holds(ticket, now());
            assert!(said == meant || (said && !exact), "{said} instead of {meant} for {ticket:?}\n{condition:?}");
            held += usize::from(meant);
            asked += 1;
        }
    }
    assert!(held * 4 > asked && held * 4 < asked * 3, "{held} of {asked} hold: the pools have drifted apart");
    Ok(())
}

#[tokio::test]
async fn odd_conditions_mean_the_same_in_sqlite() -> anyhow::Result<()> {
    let mut runner = TestRunner::deterministic();
    let tree = vec(ticket(), 60).new_tree(&mut runner).map_err(|reason| anyhow::anyhow!("{reason}"))?;
    let mut tickets = tree.current();
    tickets.sort_by_key(|ticket| ticket.id);
    let pool = store(&tickets).await?;
    let text = |text: &str| Literal::Text(text.to_owned());
    let never = from_micros(NEVER_DUE).unwrap();
    for (field, test) in [
        (Field::Category, Test::Contains(String::new())),
        (Field::Category, Test::StartsWith(String::new())),
        (Field::Category, Test::In(vec![text("")])),
        (Field::Description, Test::Contains(String::new())),
        (Field::Tags, Test::StartsWith(String::new())),
        (Field::Tags, Test::In(vec![])),
        (Field::Tags, Test::Contains("vip".to_owned())),
        (Field::Status, Test::Empty),
        (Field::Status, Test::Contains("open".to_owned())),
        (Field::Status, Test::In(vec![Literal::Rank(0), text("open"), Literal::Number(1)])),
        (Field::ClosedAt, Test::Range { min: None, max: None }),
        (Field::ClosedAt, Test::Range { min: Some(Bound::at(Literal::Rank(0))), max: None }),
        (Field::ClosedAt, Test::OlderThan(chrono::TimeDelta::MAX)),
        (Field::EscalationLevel, Test::Range { min: Some(Bound::at(Literal::Number(i64::MIN))), max: None }),
        (Field::SlaDueAt, Test::Empty),
        (Field::SlaDueAt, Test::Range { min: None, max: None }),
        (Field::SlaDueAt, Test::Range { min: None, max: Some(Bound::at(Literal::Time(never))) }),
        (Field::SlaDueAt, Test::Range { min: Some(Bound::at(Literal::Time(never))), max: None }),
        (Field::SlaDueAt, Test::In(vec![Literal::Time(never)])),
        (Field::SlaDueAt, Test::OlderThan(chrono::TimeDelta::zero())),
    ] {
        for condition in [Condition::leaf(field, test.clone()), Condition::leaf(field, test.clone()).negated()] {
            let meant: Vec<_> = tickets.iter().map(|ticket| condition.holds(ticket, now())).collect();
            assert_eq!(ask(&pool, &condition).await?, (meant, true), "{condition:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_greatest_condition_is_within_sqlites_limits() -> anyhow::Result<()> {
    use ticketing_core::condition::limit;
    let pool = store(&[]).await?;
    let values = (0..limit::LIST).map(|n| Literal::Text(format!("tag {n}"))).collect();
    let leaf = Condition::leaf(Field::Tags, Test::In(values));
    let mut wide = Condition::Any(vec![leaf; limit::LEAVES]);
    for _ in 0..limit::DEPTH {
        wide = Condition::All(vec![wide.negated(), Condition::always()]);
    }
    assert_eq!(ask(&pool, &wide).await?, (vec![], true));
    Ok(())
}

fn pattern() -> Condition {
    let leaf = serde_json::json!({ "field": "subject", "operator": "matches", "value": "^x$" });
    ticketing_core::condition::parse(&leaf, "", &custom_fields()).unwrap()
}

fn status(ranks: &[i16]) -> Condition {
    Condition::leaf(Field::Status, Test::In(ranks.iter().copied().map(Literal::Rank).collect()))
}

#[test]
fn what_sql_cannot_say_is_true_under_any_number_of_nots() {
    for condition in [pattern(), pattern().negated(), pattern().negated().negated()] {
        assert_eq!(sql::<Sqlite>(&condition), ("TRUE".to_owned(), false));
    }
    let both = Condition::All(vec![pattern(), status(&[0])]).negated();
    assert_eq!(sql::<Sqlite>(&both), ("(TRUE OR NOT (t.status = ?))".to_owned(), false));
    let Condition::Leaf(leaf) = pattern() else { unreachable!("a leaf") };
    let unfit = Condition::leaf(Field::Status, leaf.test);
    assert_eq!(sql::<Sqlite>(&unfit), ("FALSE".to_owned(), true));
}

#[test]
fn groups_of_nothing_are_constants() {
    assert_eq!(sql::<Sqlite>(&Condition::always()).0, "TRUE");
    assert_eq!(sql::<Sqlite>(&Condition::always().negated()).0, "FALSE");
    assert_eq!(sql::<Sqlite>(&Condition::Any(vec![])).0, "FALSE");
    assert_eq!(sql::<Sqlite>(&Condition::Any(vec![]).negated()).0, "TRUE");
    assert_eq!(sql::<Sqlite>(&status(&[])).0, "(FALSE)");
}

#[cfg(feature = "postgres")]
#[test]
fn forms_are_those_that_indexes_serve() {
    use sqlx::Postgres;
    let agent = uuid::Uuid::from_u128(1);
    let number = Condition::leaf(Field::TicketNumber, Test::In(vec![Literal::Text("tkt-7kq2m9xd".to_owned())]));
    for (condition, postgres, sqlite) in [
        (status(&[0]), "(t.status = $1)", "(t.status = ?)"),
        (status(&[0, 1]), "(t.status = ANY($1))", "(t.status IN (?, ?))"),
        (
            Condition::leaf(Field::AssignedAgentId, Test::In(vec![Literal::Id(agent)])),
            "(t.assigned_agent_id IS NOT NULL AND t.assigned_agent_id = $1)",
            "(t.assigned_agent_id IS NOT NULL AND t.assigned_agent_id = ?)",
        ),
        (
            Condition::leaf(Field::AssignedAgentId, Test::Empty).negated(),
            "NOT (t.assigned_agent_id IS NULL)",
            "NOT (t.assigned_agent_id IS NULL)",
        ),
        (
            Condition::leaf(Field::UpdatedAt, Test::OlderThan(chrono::TimeDelta::days(2))),
            "(t.updated_at < $1)",
            "(t.updated_at < ?)",
        ),
        (
            Condition::leaf(Field::SlaDueAt, Test::Range { min: None, max: Some(Bound::at(Literal::Time(now()))) }),
            "(t.sla_due_at <= $1)",
            "(t.sla_due_at <= ?)",
        ),
        (number, "(t.number = $1)", "(t.number = ?)"),
        (
            Condition::leaf(Field::Subject, Test::StartsWith("a".to_owned())),
            "(starts_with(t.subject_fold, $1))",
            "(substr(t.subject_fold, 1, length(?)) = ?)",
        ),
        (
            Condition::leaf(Field::Description, Test::Contains("a".to_owned())),
            "EXISTS (SELECT 1 FROM ticket_body b WHERE b.ticket_id = t.id AND strpos(b.description_fold, $1) > 0)",
            "EXISTS (SELECT 1 FROM ticket_body b WHERE b.ticket_id = t.id AND instr(b.description_fold, ?) > 0)",
        ),
        (
            Condition::leaf(Field::Tags, Test::In(vec![Literal::Text("a".to_owned())])),
            "EXISTS (SELECT 1 FROM ticket_tag g WHERE g.ticket_id = t.id AND g.tag_fold = $1)",
            "EXISTS (SELECT 1 FROM ticket_tag g WHERE g.ticket_id = t.id AND g.tag_fold = ?)",
        ),
    ] {
        assert_eq!(sql::<Postgres>(&condition), (postgres.to_owned(), true));
        assert_eq!(sql::<Sqlite>(&condition), (sqlite.to_owned(), true));
    }
}
