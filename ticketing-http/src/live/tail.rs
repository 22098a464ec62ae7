//! The log as it grows, told to the sockets of this node in its order.

use super::hub::{Live, Member, Room};
use super::told::Teller;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;
use ticketing_core::desk::{LiveEvent, LiveView};
use ticketing_core::port::Signal;
use ticketing_core::{Error, Seq};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::TryRecvError;
use tokio::time::timeout;

/// Events of a page.
const PAGE: usize = 200;
/// Events that a socket is told in a row, so that they leave in one piece. It keeps the room that they take, so they are few.
const ROW: usize = 8;
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
struct Row<'a> {
    event: &'a LiveEvent,
    words: Words,
    hearers: Vec<Arc<Member>>,
}

impl Live {
    /// Begins to follow the log and the other nodes, once somebody is there to be told.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<(), Error> {
        let begin = async || {
            self.set_place(self.desk.log_end().await?);
            let signals = self.desk.bus().subscribe();
            // What changed before was told to nobody here.
            self.desk.forget_rights();
            tokio::spawn(follow(Arc::downgrade(self), self.desk.bus().subscribe()));
            tokio::spawn(super::signal::listen(Arc::downgrade(self), signals));
            Ok(())
        };
        self.begun.get_or_try_init(begin).await.map(drop)
    }

    /// Tells everything that the log says beyond the place up to which it was told.
    async fn catch_up(&self, teller: &mut Teller, signals: &mut Receiver<Signal>) -> Result<(), Error> {
        // Where nobody listens, whoever comes begins at the end.
        if self.counts().0 == 0 && self.skip_to(self.desk.log_end().await?) {
            self.unsaid.clear();
            return Ok(());
        }
        loop {
            let place = self.place();
            let page = self.desk.live_page(place, PAGE).await?;
            let mut told = self.told_on(&page.items, teller).await;
            // Whose rights ended before this was written must not hear of it, however long it takes to look at all.
            self.doubt(signals);
            for events in page.items.chunks(ROW) {
                self.tell_events(events).await?;
                for event in events {
                    self.tell_told(&mut told, event, teller).await;
                }
            }
            self.set_place(page.next);
            self.tell_unsaid(teller, signals).await?;
            if page.next == place {
                return Ok(());
            }
        }
    }

    /// Notes whose rights have changed by what was told of that until now. Where this was too slow to hear all of it, those
    /// who listen were too, and look at everybody.
    pub(super) fn doubt(&self, signals: &mut Receiver<Signal>) {
        loop {
            let touched = match signals.try_recv() {
                Ok(Signal::Rights { user_id }) => self.in_rooms(&[Room::User(user_id)]),
                Ok(Signal::Company { organization_id }) => self.of_company(organization_id),
                Ok(_) | Err(TryRecvError::Lagged(_)) => continue,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            };
            for member in touched {
                member.is_in_doubt.store(true, Ordering::Release);
            }
        }
    }

    /// Looks at a socket again whose rights are in doubt. Where nobody can say just now it is not told what is at this place,
    /// but to read on from there as soon as somebody can.
    pub(super) async fn is_certain(&self, member: &Member, place: Seq) -> bool {
        if !member.is_in_doubt.swap(false, Ordering::AcqRel) {
            return true;
        }
        self.look_again(member).await;
        let is_certain = !member.is_in_doubt.load(Ordering::Acquire);
        if !is_certain {
            self.miss(member, place);
        }
        is_certain
    }

    /// Tells all of these events, or none where one can't be told now.
    async fn tell_events(&self, events: &[LiveEvent]) -> Result<(), Error> {
        let Some(last) = events.last() else { return Ok(()) };
        let before = self.place();
        // Whoever comes while they are told, and does not hear them, begins after them.
        self.set_place(last.seq());
        let mut rows = Vec::with_capacity(events.len());
        for event in events {
            rows.extend(self.prepare(event).await.inspect_err(|_| self.set_place(before))?);
        }
        self.tell_rows(&rows).await;
        for Row { event, .. } in rows {
            self.metrics.lagged((self.desk.now() - event.at()).to_std().unwrap_or_default());
            if let Some((ticket_id, user_id)) = event.spoke() {
                self.stop_typing(ticket_id, user_id);
            }
        }
        // Many may have heard, and others wait for this thread.
        tokio::task::yield_now().await;
        Ok(())
    }

    /// Who is to hear of an event, and in which words; none where nobody is.
    async fn prepare<'a>(&self, event: &'a LiveEvent) -> Result<Option<Row<'a>>, Error> {
        let (mut to_staff, mut to_customers) = (false, false);
        let mut hearers = Vec::new();
        for member in self.in_rooms(&rooms_of(event)) {
            if !self.is_certain(&member, event.seq()).await {
                continue;
            }
            let standing = member.standing();
            if event.is_for(&standing.scope) {
                to_staff |= standing.is_staff();
                to_customers |= !standing.is_staff();
                hearers.push(member);
            } else if !event.is_seen_by(&standing.scope) {
                // The ticket went where this person does not see it.
                self.look_away(&member, event.ticket_id());
                self.stop_watching(&member, event.ticket_id());
            }
        }
        if hearers.is_empty() {
            return Ok(None);
        }
        let words = self.words(event, to_staff, to_customers).await?;
        Ok(words.map(|words| Row { event, words, hearers }))
    }

    /// Tells each socket one event after another.
    async fn tell_rows(&self, rows: &[Row<'_>]) {
        let each = rows.iter().flat_map(|row| row.hearers.iter().map(move |member| (member, row)));
        let mut each: Vec<(&Arc<Member>, &Row<'_>)> = each.collect();
        if rows.len() > 1 {
            // Which socket is first does not matter; what is first for each stays so.
            each.sort_by_key(|(member, _)| Arc::as_ptr(member).addr());
        }
        for (count, (member, Row { event, words, .. })) in each.into_iter().enumerate() {
            if count % STRIDE == STRIDE - 1 {
                tokio::task::yield_now().await;
            }
            // Its person may have lost the right while the words were written.
            let standing = member.standing();
            let message = if standing.is_staff() { &words.staff } else { &words.customers };
            if let Some(message) = message
                && event.is_for(&standing.scope)
            {
                self.tell(member, words.name, message, Some(event.seq()));
            }
        }
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
        Room::Viewers(event.ticket_id()),
        event.team_id().map_or(Room::NoTeam, Room::Team),
        Room::User(event.customer_id()),
    ];
    rooms.extend(event.assigned_agent_id().map(Room::User));
    rooms.extend(event.organization_id().map(Room::Organization));
    rooms
}

/// Follows the log for as long as the router is there.
async fn follow(live: Weak<Live>, mut signals: Receiver<Signal>) {
    let mut teller = Teller::default();
    loop {
        let Some(live) = live.upgrade() else { return };
        let rings = Arc::clone(&live.unsaid.rings);
        // What is written from now on ends the wait below.
        let grown = live.desk.log_may_have_grown();
        if let Err(error) = live.catch_up(&mut teller, &mut signals).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "sockets could not be told of what happened");
            tokio::time::sleep(PAUSE).await;
        }
        drop(live);
        // Whether somebody told or it was time does not matter.
        let _ = timeout(LOOK, async {
            tokio::select! {
                () = grown => {}
                () = rings.notified() => {}
            }
        })
        .await;
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
