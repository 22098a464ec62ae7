//! Tickets with promises, made past the program and many at a time.

use anyhow::{Context, Result};
use chrono::TimeDelta;
use std::mem::take;
use ticketing_core::access::Scope;
use ticketing_core::changes::{Changes, Expect, Write};
use ticketing_core::condition::Condition;
use ticketing_core::ids::{ChangeId, TicketId, UserId};
use ticketing_core::model::{Priority, Ticket};
use ticketing_core::port::{Clock, IdSource, RandomIds, Store, StoreError, SystemClock, Unique};
use ticketing_core::query::{Sort, TicketQuery};
use ticketing_core::time::{Time, to_micros};

/// Tickets of a commit.
const BATCH: usize = 500;

/// Makes tickets like the desk's first two.
pub struct Promised<'s> {
    store: &'s dyn Store,
    /// Has most of a year for everything.
    far: Ticket,
    /// Has little time for the first response.
    soon: Ticket,
    /// Who have the tickets that fall due, in turn.
    agents: Vec<UserId>,
    settings: i64,
}

impl<'s> Promised<'s> {
    /// On a desk that has the two.
    pub async fn on(store: &'s dyn Store) -> Result<Self> {
        let query = TicketQuery {
            filter: Condition::always(),
            sort: Sort { descending: false, ..Sort::default() },
            after: None,
            limit: 2,
            now: SystemClock.now(),
        };
        let mut models = store.tickets(&Scope::UPKEEP, &query).await?;
        let mut take_model = |priority| {
            let place = models.iter().position(|ticket| ticket.priority == priority)?;
            Some(models.swap_remove(place))
        };
        let (far, soon) = (take_model(Priority::Low), take_model(Priority::High));
        let settings = store.settings_version().await?;
        let (far, soon) = (far.context("no ticket with much time")?, soon.context("no ticket with little time")?);
        due_at(&soon).context("nothing is promised")?;
        let agents = soon.assigned_agent_id.into_iter().collect();
        Ok(Self { store, far, soon, agents, settings })
    }

    /// The same, but these have the tickets that fall due.
    #[must_use]
    pub fn of(self, agents: Vec<UserId>) -> Self {
        Self { agents, ..self }
    }

    /// Adds tickets that wait for a day which is far off.
    pub async fn wait(&self, count: usize) -> Result<()> {
        self.add((0..count).map(|_| self.far.clone())).await
    }

    /// Adds tickets whose first response is due at these moments.
    pub async fn fall_due(&self, moments: impl Iterator<Item = Time>) -> Result<()> {
        let model = due_at(&self.soon).context("nothing is promised")?;
        let agents = self.agents.iter().copied().map(Some).cycle();
        let tickets = moments.zip(agents).map(|(moment, assigned_agent_id)| {
            let ticket = shifted(self.soon.clone(), moment - model);
            Ticket { assigned_agent_id, ..ticket }
        });
        self.add(tickets).await
    }

    async fn add(&self, tickets: impl Iterator<Item = Ticket>) -> Result<()> {
        let mut writes = Vec::with_capacity(BATCH * 2);
        for model in tickets {
            let id = TicketId(RandomIds.uuid(SystemClock.now()));
            let due_at = due_at(&model);
            let ticket = Box::new(Ticket { id, number: RandomIds.ticket_number(), version: 1, ..model });
            writes.push(Write::Ticket { ticket, expect: Expect::New, text: true });
            writes.push(Write::TicketWake { ticket_id: id, due_at });
            if writes.len() >= BATCH * 2 {
                self.commit(take(&mut writes)).await?;
            }
        }
        self.commit(writes).await
    }

    /// Plans these tickets for this moment, whatever was planned before.
    pub async fn plan(&self, tickets: impl IntoIterator<Item = TicketId>, due_at: Time) -> Result<()> {
        let plan = |ticket_id| Write::TicketWake { ticket_id, due_at: Some(due_at) };
        self.commit(tickets.into_iter().map(plan).collect()).await
    }

    async fn commit(&self, mut writes: Vec<Write>) -> Result<()> {
        loop {
            let (id, scope, guards) = (ChangeId(RandomIds.uuid(SystemClock.now())), Scope::UPKEEP, Vec::new());
            let changes =
                Changes { id, scope, settings: self.settings, bumps_settings: false, writes: writes.clone(), guards };
            match self.store.commit(changes).await {
                // Among a million tickets two may be dealt the same number.
                Err(StoreError::Duplicate(Unique::TicketNumber)) => {}
                done => return Ok(done.map(drop)?),
            }
            for write in &mut writes {
                if let Write::Ticket { ticket, .. } = write {
                    ticket.number = RandomIds.ticket_number();
                }
            }
        }
    }
}

/// When its first promise is over.
fn due_at(ticket: &Ticket) -> Option<Time> {
    ticket.sla.as_ref()?.first_response.as_ref()?.due_at
}

/// The ticket as it would be had it been made so much later.
fn shifted(mut ticket: Ticket, by: TimeDelta) -> Ticket {
    let later = |time: &mut Time| *time = to_micros(*time + by);
    later(&mut ticket.created_at);
    later(&mut ticket.updated_at);
    if let Some(sla) = &mut ticket.sla {
        for clock in [&mut sla.first_response, &mut sla.next_response, &mut sla.resolution].into_iter().flatten() {
            later(&mut clock.started_at);
            [&mut clock.counts_since, &mut clock.due_at].into_iter().flatten().for_each(later);
        }
    }
    ticket
}
