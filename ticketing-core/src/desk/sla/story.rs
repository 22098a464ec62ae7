//! How a ticket stands to what was promised, explained from its history.

use crate::access::{Call, Scope};
use crate::desk::Desk;
use crate::error::Error;
use crate::ids::{Seq, SlaPolicyId, TicketId, TicketKey};
use crate::model::{Role, Ticket};
use crate::sla::{ClockStory, Station, tell};
use crate::time::Time;
use serde::Serialize;

/// Events that are read at once.
const PAGE: usize = 500;
/// How many of a ticket's events are looked at. What came after them is told as if nothing had happened until the last
/// change.
const MOST_EVENTS: usize = 2_000;

/// How a ticket's clocks came to stand where they stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SlaStory {
    /// The policy that it is under, if any.
    pub policy: Option<SlaStoryPolicy>,
    /// Since when nothing counts, because of the ticket's status.
    pub paused_since: Option<Time>,
    /// When it was asked.
    pub now: Time,
    /// Whether there are more events than are looked at, so that some time is not told as it was.
    pub is_cut: bool,
    /// Each promise.
    pub clocks: Vec<ClockStory>,
}

/// The policy that a ticket is under, as it was when the ticket last changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SlaStoryPolicy {
    /// Its id.
    pub id: SlaPolicyId,
    /// What people call it; none where it is deleted.
    pub name: Option<String>,
    /// The version that the ticket was last planned by.
    pub version: i64,
}

impl Desk {
    /// How a ticket's clocks came to stand where they stand: each stretch of time, counted or not, and why. For staff
    /// who see the ticket.
    pub async fn sla_story(&self, call: impl Into<Call>, key: &TicketKey) -> Result<SlaStory, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Agent)?;
        let snapshot = self.snapshot().await?;
        let ticket = self.seen_ticket(call, key).await?;
        let (stations, is_cut) = self.stations(ticket.id).await?;
        let sla = ticket.sla.as_deref();
        // A clock that was set back must not make time run backwards.
        let now = self.now().max(ticket.updated_at);
        let policy = sla.and_then(|sla| sla.policy).map(|policy| SlaStoryPolicy {
            id: policy.id,
            name: snapshot.sla_policies.get(policy.id).map(|known| known.stored.content.name.clone()),
            version: policy.version,
        });
        let paused_since = sla.and_then(|sla| sla.paused_since);
        let clocks = tell(&ticket, stations, &snapshot.calendars, now);
        Ok(SlaStory { policy, paused_since, now, is_cut, clocks })
    }

    /// The ticket as each of its changes left it, oldest first, and whether there are more.
    async fn stations(&self, id: TicketId) -> Result<(Vec<Station>, bool), Error> {
        let (mut stations, mut after, mut seen) = (Vec::new(), Seq::default(), 0);
        loop {
            let events = self.store.ticket_events(&Scope::UPKEEP, id, after, PAGE).await?;
            seen += events.len();
            for event in &events {
                let Some(image) = &event.image else { continue };
                let ticket = Ticket::from_image(image, "").map_err(|e| Error::Internal(Box::new(e)))?;
                stations.push(Station { at: event.at, ticket });
            }
            match events.last() {
                Some(last) if events.len() == PAGE => after = last.seq,
                _ => return Ok((stations, false)),
            }
            if seen >= MOST_EVENTS {
                let more = self.store.ticket_events(&Scope::UPKEEP, id, after, 1).await?;
                return Ok((stations, !more.is_empty()));
            }
        }
    }
}
