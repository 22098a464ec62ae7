//! What ties tickets together.

use super::super::failure::store_error;
use super::super::script::Script;
use super::execute;
use sqlx::QueryBuilder;
use sqlx::sqlite::SqliteConnection;
use ticketing_core::ids::{CommentId, LinkId, TicketId};
use ticketing_core::model::TicketLink;
use ticketing_core::port::StoreResult;

/// How many comments one statement moves, far below SQLite's limit on parameters.
const MOST: usize = 256;

/// Moves comments that are with one ticket to another.
pub async fn move_comments(
    connection: &mut SqliteConnection,
    (from, to): (TicketId, TicketId),
    comments: &[CommentId],
    is_internal: Option<bool>,
) -> StoreResult<()> {
    for comments in comments.chunks(MOST) {
        let mut query = QueryBuilder::new("UPDATE comment SET ticket_id = ");
        query.push_bind(to.0).push(", is_internal = coalesce(").push_bind(is_internal);
        query.push(", is_internal) WHERE ticket_id = ").push_bind(from.0).push(" AND id IN (");
        let mut list = query.separated(", ");
        for id in comments {
            list.push_bind(id.0);
        }
        query.push(")");
        query.build().execute(&mut *connection).await.map_err(store_error)?;
    }
    Ok(())
}

/// Adds ties.
pub async fn links(script: &mut Script<'_>, links: &[&TicketLink]) -> Result<(), sqlx::Error> {
    let head = "INSERT INTO ticket_link (id, ticket_id, other_id, type, created_by, created_at) ";
    let inserted = script.insert(head, "", links, |row, link| {
        row.push_bind(link.id.0)
            .push_bind(link.ticket_id.0)
            .push_bind(link.other_id.0)
            .push_bind(link.kind.rank())
            .push_bind(link.created_by.map(|id| id.0))
            .push_bind(link.created_at.timestamp_micros());
    });
    inserted.await
}

/// Removes a tie, if there is one.
pub async fn unlink(connection: &mut SqliteConnection, id: LinkId) -> StoreResult<()> {
    execute(sqlx::query("DELETE FROM ticket_link WHERE id = ?").bind(id.0), connection).await.map(drop)
}
