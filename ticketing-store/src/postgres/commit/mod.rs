//! Applying a change: one statement that commits by itself.
//!
//! A transaction of several statements would pay a round trip for each, and a cancelled one could
//! leave its connection inside of it. So everything that a change writes, and every expectation, is
//! part of one statement; see [`statement`].

mod gather;
mod people;
mod record;
mod statement;
mod ticket;

use super::failure::{in_commit, in_read};
use super::shelf::Shelf;
use gather::Gathered;
use sqlx::{PgConnection, Postgres, QueryBuilder};
use statement::{Settings, Statement};
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Seq;
use ticketing_core::changes::{Changes, Committed, Write};
use ticketing_core::port::{StoreError, StoreResult, Unique};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// When the events are written among the parts of the statement.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Events {
    /// At the end, so that the log's lock is held for the shortest time.
    Last,
    /// Before anything else is looked at: meeting its own event, the change has landed before, and an
    /// attempt that is still under way is waited for.
    First,
}

/// Applies the change in whatever transaction the connection is in, or in one of its own.
pub(super) async fn apply(
    connection: &mut PgConnection,
    changes: &Changes,
    events: Events,
) -> StoreResult<Result<Committed, sqlx::Error>> {
    let mut statement = build(changes, events)?;
    let answer = statement.build_query_scalar::<Vec<i64>>().fetch_one(connection).await;
    Ok(answer.map(|seqs| Committed { seqs: seqs.into_iter().map(Seq).collect() }))
}

fn build(changes: &Changes, events: Events) -> StoreResult<QueryBuilder<Postgres>> {
    let gathered = Gathered::new(changes)?;
    let mut statement = Statement::new();
    if events == Events::First && !gathered.events.is_empty() {
        record::push_events(&mut statement, &gathered);
        statement.check_before_settings("event_new", gathered.events.len());
    }
    let settings = if changes.bumps_settings {
        statement.part("bumped", |sql| {
            sql.push("UPDATE settings_head SET version = version + 1 WHERE version = ").push_bind(changes.settings);
            sql.push(" RETURNING 1");
        });
        Settings::WereBumped
    } else {
        Settings::AreOfVersion(changes.settings)
    };
    ticket::push(&mut statement, &gathered);
    people::push(&mut statement, &gathered);
    record::push_settings(&mut statement, &gathered);
    record::push_audit(&mut statement, &gathered);
    if events == Events::Last {
        record::push_events(&mut statement, &gathered);
    }
    let last_refusals: &[&str] =
        if gathered.teams_deleted.is_empty() { &[] } else { &["(SELECT desk_names_team(ids) FROM team_gone_id)"] };
    let answer =
        if gathered.events.is_empty() { "'{}'::int8[]" } else { "(SELECT array_agg(seq ORDER BY seq) FROM event_new)" };
    Ok(statement.finish(settings, last_refusals, answer))
}

/// Commits the change. Where the connection breaks, asks again until it is known what became of it,
/// at most for `patience`.
pub(super) async fn commit(shelf: &Arc<Shelf>, changes: &Changes, patience: Duration) -> StoreResult<Committed> {
    let lost = match attempt(shelf, changes, Events::Last).await {
        Err(StoreError::Unknown(cause)) => cause,
        known => return known,
    };
    let events = event_ids(changes);
    if events.is_empty() {
        return Err(StoreError::Unknown(lost));
    }
    tracing::warn!(change = %changes.id, error = %lost, "the connection was lost in a commit; asking what became of it");
    let deadline = Instant::now() + patience;
    let mut pause = Duration::from_millis(20);
    while Instant::now() < deadline {
        match attempt(shelf, changes, Events::First).await {
            Err(StoreError::Duplicate(Unique::Event)) => match landed(shelf, &events).await {
                Err(StoreError::Unavailable(_)) => {}
                known => return known,
            },
            Err(StoreError::Unavailable(_) | StoreError::Unknown(_)) => {}
            known => return known,
        }
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_millis(500));
    }
    Err(StoreError::Unknown(lost))
}

async fn attempt(shelf: &Arc<Shelf>, changes: &Changes, events: Events) -> StoreResult<Committed> {
    let mut lease = shelf.lease().await?;
    let answer = apply(&mut lease, changes, events).await?.map_err(in_commit);
    lease.give_back(answer)
}

fn event_ids(changes: &Changes) -> Vec<Uuid> {
    let id = |write: &Write| if let Write::Event(event) = write { Some(event.id.0) } else { None };
    changes.writes.iter().filter_map(id).collect()
}

/// What an earlier attempt at the change was answered.
async fn landed(shelf: &Arc<Shelf>, events: &[Uuid]) -> StoreResult<Committed> {
    let mut lease = shelf.lease().await?;
    let seqs = sqlx::query_scalar::<_, i64>("SELECT seq FROM event WHERE id = ANY($1) ORDER BY seq")
        .bind(events)
        .fetch_all(&mut *lease)
        .await
        .map_err(in_read);
    let seqs = lease.give_back(seqs)?;
    Ok(Committed { seqs: seqs.into_iter().map(Seq).collect() })
}
