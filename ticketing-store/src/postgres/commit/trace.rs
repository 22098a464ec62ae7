//! Finding out what became of a change whose answer nobody heard.

use super::super::failure::in_read;
use super::super::{activity, people, seal, ticket};
use sqlx::PgConnection;
use ticketing_core::changes::{Changes, Expect, Write};
use ticketing_core::port::StoreResult;
use ticketing_core::{Scope, Seq, TicketKey};
use uuid::Uuid;

/// What became of a change.
pub(super) enum Fate {
    /// It was applied, and its events have these places.
    Applied(Vec<Seq>),
    /// It was not, and since its session is over it never will be.
    Nothing,
    /// What it wrote does not tell: it has no trace of its own, or others wrote over it since.
    Unclear,
}

/// Looks for what the change wrote. Events and audit lines stay for ever and have ids that no other
/// change uses, so they prove it; a row that can be written again proves it only as long as nobody has.
pub(super) async fn fate(connection: &mut PgConnection, changes: &Changes) -> StoreResult<Fate> {
    let events = ids(changes, |write| if let Write::Event(event) = write { Some(event.id.0) } else { None });
    if !events.is_empty() {
        let seqs = sqlx::query_scalar::<_, i64>("SELECT seq FROM event WHERE id = ANY($1) ORDER BY seq");
        let seqs = seqs.bind(events).fetch_all(connection).await.map_err(in_read)?;
        return Ok(if seqs.is_empty() { Fate::Nothing } else { Fate::Applied(seqs.into_iter().map(Seq).collect()) });
    }
    let lines = ids(changes, |write| if let Write::Audit(entry) = write { Some(entry.id.0) } else { None });
    if !lines.is_empty() {
        let found = sqlx::query_scalar::<_, bool>("SELECT EXISTS (SELECT 1 FROM audit WHERE id = ANY($1))");
        let found = found.bind(lines).fetch_one(connection).await.map_err(in_read)?;
        return Ok(if found { Fate::Applied(Vec::new()) } else { Fate::Nothing });
    }
    for write in &changes.writes {
        match of_row(connection, write).await? {
            Fate::Unclear => {}
            clear => return Ok(clear),
        }
    }
    Ok(Fate::Unclear)
}

fn ids(changes: &Changes, id: impl Fn(&Write) -> Option<Uuid>) -> Vec<Uuid> {
    changes.writes.iter().filter_map(id).collect()
}

/// Rows that are never written without an audit line are not asked for.
async fn of_row(connection: &mut PgConnection, write: &Write) -> StoreResult<Fate> {
    let all = &Scope::UPKEEP;
    Ok(match write {
        Write::Session { session, expect } => {
            judge(people::session(connection, all, session.id).await?, session, |row| row.version, *expect)
        }
        Write::Ticket { ticket, expect, .. } => {
            let stored = ticket::one(connection, all, &TicketKey::Id(ticket.id)).await?;
            judge(stored, ticket, |row| row.version, *expect)
        }
        Write::User { user, expect } => {
            judge(people::one(connection, all, user.id).await?, user, |row| row.version, *expect)
        }
        Write::Organization { organization, expect } => {
            let stored = people::organization(connection, all, organization.id).await?;
            judge(stored, organization, |row| row.version, *expect)
        }
        Write::Answer(answer) => match activity::answer(connection, all, &answer.key).await? {
            Some(kept) if kept == **answer => Fate::Applied(Vec::new()),
            None => Fate::Nothing,
            // Another with this key, from before or since.
            Some(_) => Fate::Unclear,
        },
        Write::Seal(written) => {
            let stored = seal::after(connection, written.no - 1, 1).await?.into_iter().next();
            judge(stored.filter(|row| row.no == written.no), written, |row| row.no, Expect::New)
        }
        // Emptying what is empty does no harm.
        Write::EmptyDetails { .. } => Fate::Nothing,
        _ => Fate::Unclear,
    })
}

/// A row in the version that the change started from was not changed by it. The next version alone
/// proves nothing, since another writer may have been first; the same row does.
fn judge<T: PartialEq>(stored: Option<T>, written: &T, version: impl Fn(&T) -> i64, expect: Expect) -> Fate {
    match (stored, expect) {
        (Some(stored), _) if stored == *written => Fate::Applied(Vec::new()),
        (Some(stored), Expect::Version(expected)) if version(&stored) == expected => Fate::Nothing,
        (None, Expect::New) => Fate::Nothing,
        _ => Fate::Unclear,
    }
}
