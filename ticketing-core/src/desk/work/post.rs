//! Mails of one commit on their way out: counted, and held back where too many go to one address.

use super::cap::{self, Caps};
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::event::Fact;
use crate::fold::fold;
use crate::ids::{TicketId, UserId};
use crate::model::{Job, JobState, MailRecord, Ticket, User};
use crate::time::Time;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Whom one mail goes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Addressee<'a> {
    /// The person; none for an address that is nobody's here.
    pub(super) user: Option<&'a User>,
    /// The address.
    pub(super) address: &'a str,
}

/// Why nobody is reached at an address, where that is known.
pub(super) fn unreachable(all: &MailRecord, now: Time) -> Option<String> {
    let failure = all.failure.as_ref().filter(|failure| now - failure.at < cap::FORGIVEN)?;
    Some(format!("the address can't be reached: {}", failure.reason))
}

/// A mail that does not go out.
pub(super) fn held_back(job: Job, why: String) -> Job {
    Job { state: JobState::Dead, last_error: Some(why), ended_at: Some(job.created_at), ..job }
}

/// Mails about one ticket, and what is known about mail to each address: about this ticket, and all of it.
pub(super) struct Post {
    ticket_id: TicketId,
    now: Time,
    records: HashMap<(String, Option<TicketId>), MailRecord>,
    /// Who got less than was written, and why; those of whom that is news.
    held: BTreeMap<UserId, String>,
}

impl Post {
    /// Mails to these addresses, none of which is written yet.
    pub(super) async fn new<'a>(
        desk: &Desk,
        ticket_id: TicketId,
        addresses: impl Iterator<Item = &'a str> + Send,
        now: Time,
    ) -> Result<Self, Error> {
        let addresses: BTreeSet<String> = addresses.map(fold).collect();
        let keys: Vec<_> =
            addresses.into_iter().flat_map(|address| [(address.clone(), Some(ticket_id)), (address, None)]).collect();
        let found = if keys.is_empty() { Vec::new() } else { desk.store.mail_records(&keys).await? };
        let records = found.into_iter().map(|record| ((record.address.clone(), record.ticket_id), record)).collect();
        Ok(Self { ticket_id, now, records, held: BTreeMap::new() })
    }

    /// The job as it goes out, or as it is held back where too many have gone or nobody can be reached.
    pub(super) fn add(&mut self, job: Job, to: Addressee<'_>) -> Job {
        let (address, now) = (fold(to.address), self.now);
        let mut of = |ticket_id| {
            let known = self.records.remove(&(address.clone(), ticket_id));
            known.unwrap_or_else(|| cap::unknown(&address, ticket_id, Time::default()))
        };
        let (mut about, mut all) = (of(Some(self.ticket_id)), of(None));
        let overall = if to.user.is_some_and(|user| user.role.is_staff()) { Caps::Staff } else { Caps::Customer };
        let failed = unreachable(&all, now);
        let has_failed = failed.is_some();
        let why = failed.or_else(|| Caps::Ticket.hold(&about, now)).or_else(|| overall.hold(&all, now));
        let job = if let Some(why) = why {
            if let Some(user) = to.user.filter(|_| !has_failed && about.held == 0) {
                self.held.insert(user.id, why.clone());
            }
            about.held += 1;
            about.updated_at = now;
            held_back(job, why)
        } else {
            cap::count(&mut about, Caps::Ticket, now);
            cap::count(&mut all, overall, now);
            (about.updated_at, all.updated_at) = (now, now);
            job
        };
        for record in [about, all] {
            self.records.insert((address.clone(), record.ticket_id), record);
        }
        job
    }

    /// What is known of the addresses from now on, and what the ticket says of those that got less.
    pub(super) fn finish(self, recorder: &mut Recorder<'_>, ticket: &Ticket) -> Result<(), Error> {
        let now = self.now;
        for record in self.records.into_values().filter(|record| record.updated_at == now) {
            recorder.write(cap::next(record, now));
        }
        let facts = self.held.into_iter().map(|(user_id, reason)| Fact::MailHeld { user_id, reason }.into()).collect();
        recorder.ticket(ticket, facts)
    }
}
