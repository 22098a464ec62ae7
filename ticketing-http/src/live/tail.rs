//! The log as it grows, told to the sockets of this node in its order.

use super::hub::{Live, Member, Room};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::sync::{Arc, Weak};
use std::time::Duration;
use ticketing_core::desk::{LiveEvent, LiveView};
use ticketing_core::{Error, Seq};
use tokio::time::timeout;

/// Events of a page.
const PAGE: usize = 200;
/// Words in a row for one socket, bytes: they leave it in one piece. As much stays with the socket, so they are not many.
const ROW: usize = 16 * 1024;
/// How often a socket is told something until others get their turn on this thread.
const STRIDE: usize = 256;
/// How long at most until the log is looked at by itself: other processes may have written that can't tell.
const LOOK: Duration = Duration::from_millis(500);
/// How long to wait after the store has failed.
const PAUSE: Duration = Duration::from_secs(1);

/// An event as a socket hears it.
#[derive(Serialize)]
struct Message {
    #[serde(flatten)]
    view: LiveView,
    /// Where to read on from after it.
    cursor: String,
}

/// The name under which sockets hear of this kind of event; none where another one of the same commit says it.
fn name_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "ticket.created" => "ticket_created",
        "ticket.assigned" => "ticket_assigned",
        "ticket.status_changed" => "ticket_status_changed",
        "ticket.escalated" => "ticket_escalated",
        "sla.breached" => "sla_breach",
        "comment.added" => "new_comment",
        "ticket.resolved" | "ticket.reopened" | "ticket.closed" => return None,
        _ => "ticket_updated",
    })
}

/// One event in the words of those who hear of it, written once for all of them.
struct Words {
    staff: Option<Box<RawValue>>,
    customers: Option<Box<RawValue>>,
    name: &'static str,
}

/// One event and those who are to hear of it.
struct Told<'a> {
    event: &'a LiveEvent,
    words: Words,
    hearers: Vec<Arc<Member>>,
}

impl Told<'_> {
    fn length(&self) -> usize {
        let length = |words: &Option<Box<RawValue>>| words.as_ref().map_or(0, |words| words.get().len());
        length(&self.words.staff).max(length(&self.words.customers))
    }
}

impl Live {
    /// Begins to follow the log and the other nodes, once somebody is there to be told.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<(), Error> {
        let begin = async || {
            self.set_place(self.desk.log_end().await?);
            let signals = self.desk.bus().subscribe();
            tokio::spawn(follow(Arc::downgrade(self)));
            tokio::spawn(super::presence::listen(Arc::downgrade(self), signals));
            Ok(())
        };
        self.begun.get_or_try_init(begin).await.map(drop)
    }

    /// Tells everything that the log says beyond the place up to which it was told.
    async fn catch_up(&self) -> Result<(), Error> {
        // Where nobody listens, whoever comes begins at the end.
        if self.counts().0 == 0 && self.skip_to(self.desk.log_end().await?) {
            return Ok(());
        }
        loop {
            let place = self.place();
            let page = self.desk.live_page(place, PAGE).await?;
            let (mut row, mut length) = (Vec::new(), 0);
            for event in &page.items {
                let Some(told) = self.prepare(event).await? else { continue };
                length += told.length();
                row.push(told);
                if length >= ROW {
                    self.tell_row(&row).await;
                    self.set_place(event.seq());
                    (row, length) = (Vec::new(), 0);
                }
            }
            self.tell_row(&row).await;
            self.set_place(page.next);
            if page.next == place {
                return Ok(());
            }
        }
    }

    /// Who is to hear of an event, and in which words; none where nobody is.
    async fn prepare<'a>(&self, event: &'a LiveEvent) -> Result<Option<Told<'a>>, Error> {
        let (mut to_staff, mut to_customers) = (false, false);
        let mut hearers = self.in_rooms(&rooms_of(event));
        hearers.retain(|member| {
            let standing = member.standing();
            let hears = event.is_for(&standing.scope);
            if hears {
                to_staff |= standing.is_staff();
                to_customers |= !standing.is_staff();
            } else if !event.is_seen_by(&standing.scope) {
                // The ticket went where this person does not see it.
                self.look_away(member, event.ticket_id());
            }
            hears
        });
        if hearers.is_empty() {
            return Ok(None);
        }
        let words = self.words(event, to_staff, to_customers).await?;
        Ok(words.map(|words| Told { event, words, hearers }))
    }

    /// Tells events to all who are to hear of them, to each socket one after another.
    async fn tell_row(&self, row: &[Told<'_>]) {
        let each = row.iter().flat_map(|told| told.hearers.iter().map(move |member| (member, told)));
        let mut each: Vec<(&Arc<Member>, &Told<'_>)> = each.collect();
        if row.len() > 1 {
            // Which socket is first does not matter; what is first for each stays so.
            each.sort_by_key(|(member, _)| Arc::as_ptr(member).addr());
        }
        for (count, (member, told)) in each.into_iter().enumerate() {
            if count % STRIDE == STRIDE - 1 {
                tokio::task::yield_now().await;
            }
            // Its person may have lost the right while the words were written.
            let standing = member.standing();
            let words = if standing.is_staff() { &told.words.staff } else { &told.words.customers };
            if let Some(words) = words
                && !member.is_ending()
                && told.event.is_for(&standing.scope)
            {
                self.tell(member, told.words.name, words, Some(told.event.seq()));
            }
        }
        for Told { event, .. } in row {
            self.metrics.lagged((self.desk.now() - event.at()).to_std().unwrap_or_default());
            if let Some((ticket_id, user_id)) = event.spoke() {
                self.stop_typing(ticket_id, user_id);
            }
        }
        tokio::task::yield_now().await;
    }

    async fn words(&self, event: &LiveEvent, to_staff: bool, to_customers: bool) -> Result<Option<Words>, Error> {
        let staff = if to_staff { self.desk.live_view(event, true).await? } else { None };
        let customers = if to_customers { self.desk.live_view(event, false).await? } else { None };
        let Some(name) = staff.as_ref().or(customers.as_ref()).and_then(|view| name_of(view.kind)) else {
            return Ok(None);
        };
        Ok(Some(Words {
            staff: self.written(staff, event.seq())?,
            customers: self.written(customers, event.seq())?,
            name,
        }))
    }

    fn written(&self, view: Option<LiveView>, place: Seq) -> Result<Option<Box<RawValue>>, Error> {
        let message = view.map(|view| Message { view, cursor: self.sealed(place) });
        message.map(|message| to_raw_value(&message)).transpose().map_err(|error| Error::Internal(Box::new(error)))
    }
}

/// Where those are who may hear of it.
fn rooms_of(event: &LiveEvent) -> Vec<Room> {
    let mut rooms = vec![
        Room::Everything,
        Room::Ticket(event.ticket_id()),
        event.team_id().map_or(Room::NoTeam, Room::Team),
        Room::User(event.customer_id()),
    ];
    rooms.extend(event.assigned_agent_id().map(Room::User));
    rooms.extend(event.organization_id().map(Room::Organization));
    rooms
}

/// Follows the log for as long as the router is there.
async fn follow(live: Weak<Live>) {
    loop {
        let Some(live) = live.upgrade() else { return };
        // What is written from now on ends the wait below.
        let grown = live.desk.log_may_have_grown();
        if let Err(error) = live.catch_up().await {
            tracing::warn!(error = &error as &dyn std::error::Error, "sockets could not be told of what happened");
            tokio::time::sleep(PAUSE).await;
        }
        drop(live);
        // Whether somebody told or it was time does not matter.
        let _ = timeout(LOOK, grown).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_event_has_a_name_or_follows_one_that_has() {
        assert_eq!(name_of("ticket.created"), Some("ticket_created"));
        assert_eq!(name_of("sla.breached"), Some("sla_breach"));
        assert_eq!(name_of("comment.added"), Some("new_comment"));
        assert_eq!(name_of("comment.edited"), Some("ticket_updated"));
        assert_eq!(name_of("ticket.merged"), Some("ticket_updated"));
        assert_eq!(name_of("ticket.resolved"), None, "its change of status says so");
    }
}
