//! Applying a change: one statement that commits by itself.
//!
//! A transaction of several statements would pay a round trip for each, and a cancelled one could
//! leave its connection inside of it. So everything that a change writes, and every expectation, is
//! part of one statement; see [`statement`].

mod answer;
mod canned;
mod gather;
mod inbound;
mod job;
mod link;
mod notification;
mod people;
mod record;
mod report;
mod routing;
mod statement;
mod ticket;
mod time;
mod timer;
mod trace;
mod workflow;

use super::failure::{in_commit, in_read, unavailable};
use super::shelf::{Session, Shelf};
use gather::Gathered;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use statement::{Settings, Statement};
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Seq;
use ticketing_core::changes::{Changes, Committed};
use ticketing_core::port::{BoxError, StoreError, StoreResult};
use tokio::time::{Instant, sleep};
use trace::Fate;

/// Applies the change in whatever transaction the connection is in, or in one of its own.
pub(super) async fn apply(
    connection: &mut PgConnection,
    changes: &Changes,
) -> StoreResult<Result<Committed, sqlx::Error>> {
    let mut statement = build(changes)?;
    let answer = statement.build_query_scalar::<Vec<i64>>().fetch_one(connection).await;
    Ok(answer.map(|seqs| Committed { seqs: seqs.into_iter().map(Seq).collect() }))
}

/// Events come last, so that the log's lock is held for the shortest time.
fn build(changes: &Changes) -> StoreResult<QueryBuilder<Postgres>> {
    let gathered = Gathered::new(changes)?;
    let mut statement = Statement::new();
    let settings = if changes.bumps_settings {
        statement.part("bumped", |sql| {
            sql.push("UPDATE settings_head SET version = version + 1 WHERE version = ").push_bind(changes.settings);
            sql.push(" RETURNING 1");
        });
        Settings::WereBumped
    } else {
        Settings::AreOfVersion(changes.settings)
    };
    answer::push(&mut statement, &gathered);
    ticket::push(&mut statement, &gathered);
    link::push(&mut statement, &gathered);
    people::push(&mut statement, &gathered);
    job::push(&mut statement, &gathered.work);
    workflow::push(&mut statement, &gathered);
    notification::push(&mut statement, &gathered.told);
    timer::push(&mut statement, &gathered);
    report::push(&mut statement, &gathered);
    routing::push(&mut statement, &gathered);
    inbound::push(&mut statement, &gathered);
    canned::push(&mut statement, &gathered);
    time::push(&mut statement, &gathered);
    record::push_settings(&mut statement, &gathered);
    record::push_audit(&mut statement, &gathered);
    record::push_emptied(&mut statement, &gathered);
    record::push_seals(&mut statement, &gathered);
    record::push_events(&mut statement, &gathered);
    let last_refusals: &[&str] =
        if gathered.teams_deleted.is_empty() { &[] } else { &["(SELECT desk_names_team(ids) FROM team_gone_id)"] };
    let answer =
        if gathered.events.is_empty() { "'{}'::int8[]" } else { "(SELECT array_agg(seq ORDER BY seq) FROM event_new)" };
    Ok(statement.finish(settings, last_refusals, answer))
}

/// Commits the change. Where the connection breaks, finds out what became of it, at most for
/// `patience`, and tries again where nothing did.
pub(super) async fn commit(shelf: &Arc<Shelf>, changes: &Changes, patience: Duration) -> StoreResult<Committed> {
    let mut deadline = None;
    loop {
        let lost = match attempt(shelf, changes).await {
            Attempt::Answered(answer) => return answer,
            Attempt::Lost(lost) => lost,
        };
        tracing::warn!(change = %changes.id, error = %lost.cause, "a connection was lost in a commit");
        let deadline = *deadline.get_or_insert_with(|| Instant::now() + patience);
        match settle(shelf, &lost.session, changes, deadline).await {
            Fate::Applied(seqs) => return Ok(Committed { seqs }),
            Fate::Nothing => {}
            Fate::Unclear => return Err(StoreError::Unknown(lost.cause)),
        }
    }
}

/// What came of sending a change.
enum Attempt {
    /// The database said what became of it, or was never asked.
    Answered(StoreResult<Committed>),
    /// Nobody heard an answer.
    Lost(Lost),
}

struct Lost {
    session: Session,
    cause: BoxError,
}

async fn attempt(shelf: &Arc<Shelf>, changes: &Changes) -> Attempt {
    let mut lease = match shelf.lease().await {
        Ok(lease) => lease,
        Err(error) => return Attempt::Answered(Err(error)),
    };
    let session = lease.session;
    let answer = apply(&mut lease, changes).await.and_then(|answer| answer.map_err(in_commit));
    match lease.give_back(answer) {
        Err(StoreError::Unknown(cause)) => Attempt::Lost(Lost { session, cause }),
        answer => Attempt::Answered(answer),
    }
}

/// What became of a lost attempt, as far as the database could say so in time.
///
/// The attempt may still be under way, waiting for a lock. Sending the change again beside it could
/// answer a conflict while it lands, so its session is ended first.
async fn settle(shelf: &Arc<Shelf>, session: &Session, changes: &Changes, deadline: Instant) -> Fate {
    let mut pause = Duration::from_millis(5);
    while Instant::now() < deadline {
        if let Ok(fate) = look(shelf, session, changes).await {
            return fate;
        }
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(200));
    }
    Fate::Unclear
}

async fn look(shelf: &Arc<Shelf>, session: &Session, changes: &Changes) -> StoreResult<Fate> {
    let mut lease = shelf.lease().await?;
    let fate = async {
        let living = sqlx::query_scalar::<_, i64>(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2",
        )
        .bind(session.pid)
        .bind(session.since)
        .fetch_one(&mut *lease)
        .await
        .map_err(in_read)?;
        if living > 0 {
            return Ok(None);
        }
        trace::fate(&mut lease, changes).await.map(Some)
    }
    .await;
    lease.give_back(fate)?.ok_or_else(|| unavailable("the lost session is still being ended"))
}
