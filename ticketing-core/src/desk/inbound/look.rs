//! Looking up what has to be known to decide about a mail.

use super::decide::{COUNTED, Case, Stranger, Thread};
use crate::access::{Actor, Scope};
use crate::desk::thread::Circulation;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{TicketId, TicketKey, TicketNumber, UserId};
use crate::input::{Problems, check_email};
use crate::mail::inbound::{Automatic, InboundMail, OwnMarks, verdict};
use crate::model::{Arrival, InboundMailbox, Status, Ticket, User, without_tag};
use crate::setting::Stored;
use chrono::TimeDelta;
use std::sync::Arc;

/// How many addresses and ids of a mail are looked at for a token.
const LOOKED_AT: usize = 200;
/// How many people who said something on a ticket are looked through.
const COMMENTERS: usize = 500;
/// The longest name of a person.
const LONGEST_NAME: usize = 100;

/// What was looked up for a mail, in hands that a [`Case`] can borrow from.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Found {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) mailbox: Option<Stored<InboundMailbox>>,
    /// Whether the door says that it came to this mailbox, not only the mail itself.
    pub(super) is_sure: bool,
    /// Who wrote it, with the rights of this moment, where that is somebody who is known and active.
    pub(super) actor: Option<Actor>,
    user: Option<User>,
    sender: Option<Stranger>,
    thread: Thread,
    sees: bool,
    takes_part: bool,
    lately: (u64, u64),
    on_ticket: u64,
    is_over: bool,
    is_closed: bool,
    is_own_address: bool,
}

impl Found {
    /// The mail as it is decided about.
    pub(super) fn case<'a>(&'a self, desk: &Desk, arrival: &Arrival, mail: &'a InboundMail) -> Case<'a> {
        let address = self.sender.as_ref().map(|sender| fold(&sender.address)).filter(|_| self.is_own_address);
        let own = OwnMarks { loop_mark: Some(&desk.options().app_url), addresses: address.as_slice() };
        // Where failures are told nowhere, a program has sent it (RFC 5321, 4.5.5), whether or not the mail says so itself.
        let is_null = arrival.detail.envelope.from.as_deref() == Some("");
        let is_spam = self.snapshot.inbound.content.spam_headers.iter().any(|spam| {
            let begins = spam.begins.to_ascii_lowercase();
            mail.header(&spam.name).any(|value| value.trim().to_ascii_lowercase().starts_with(&begins))
        });
        // Whoever writes the mail must not choose who is believed.
        let trusting = self.mailbox.as_ref().filter(|_| self.is_sure).map(|stored| &stored.content);
        Case {
            mail,
            policy: &self.snapshot.inbound.content,
            asks_origin: trusting.is_some_and(|mailbox| !mailbox.trusted_servers.is_empty()),
            is_over: self.is_over,
            is_closed: self.is_closed,
            is_trusted_door: trusting.is_some_and(|mailbox| mailbox.is_trusted),
            registration_open: desk.options().registration_open,
            is_released: arrival.detail.released_by.is_some(),
            sender: self.sender.clone(),
            user: self.user.clone(),
            thread: self.thread.clone(),
            sees: self.sees,
            takes_part: self.takes_part,
            automatic: Automatic::of(mail, own).or(is_null.then_some(Automatic::Report)),
            is_own_address: self.is_own_address,
            verdict: verdict(mail, trusting.map(|mailbox| mailbox.trusted_servers.as_slice()).unwrap_or_default()),
            is_spam,
            lately: self.lately,
            on_ticket: self.on_ticket,
        }
    }
}

impl Desk {
    /// Looks up what has to be known of a mail's sender, ticket and mailbox.
    pub(super) async fn look_into(&self, arrival: &Arrival, mail: &InboundMail) -> Result<Found, Error> {
        let snapshot = self.snapshot().await?;
        let sure = by_door(&snapshot, arrival).cloned();
        let is_sure = sure.is_some();
        let mailbox = sure.or_else(|| by_headers(&snapshot, mail).cloned());
        let sender = sender(mail);
        let address = sender.as_ref().map(|sender| fold(&sender.address));
        let user = match &address {
            Some(address) => self.store.credential(&Scope::UPKEEP, address).await?.map(|known| known.user),
            None => None,
        };
        let actor = match user.as_ref().filter(|user| user.is_active) {
            Some(user) => Some(self.actor_of(user.id, None).await?),
            None => None,
        };
        let thread = self.thread_of(arrival, mail).await?;
        let (mut sees, mut takes_part, mut on_ticket) = (false, false, 0);
        let (mut is_over, mut is_closed) = (false, false);
        let now = self.now();
        if let Some(ticket) = thread.ticket() {
            sees = actor.as_ref().is_some_and(|actor| self.scope(actor).sees(ticket));
            if let (Thread::Named(_), Some(user)) = (&thread, &user) {
                takes_part = sees && (user.role.is_staff() || self.takes_part(ticket, user.id).await?);
            }
            let since = now - TimeDelta::minutes(10);
            // What is said goes to the ticket that this one has gone to.
            let target = match ticket.merged_into {
                Some(target) => self.store.ticket(&Scope::UPKEEP, &target.into()).await?,
                None => None,
            };
            let target = target.as_ref().unwrap_or(ticket);
            on_ticket = self.store.ticket_arrivals_since(target.id, since, COUNTED).await?;
            is_over = crate::desk::comment::is_over(target, now, self.options().reopen_window);
            is_closed = target.status == Status::Closed;
        }
        let is_staff = user.as_ref().is_some_and(|user| user.role.is_staff());
        let lately = match &address {
            Some(address) if !is_staff => {
                self.store.arrivals_since(address, now - TimeDelta::hours(1), COUNTED).await?
            }
            _ => (0, 0),
        };
        let is_own_address = address.as_ref().is_some_and(|address| self.is_own_address(&snapshot, address));
        Ok(Found {
            snapshot,
            mailbox,
            is_sure,
            actor,
            user,
            sender,
            thread,
            sees,
            takes_part,
            lately,
            on_ticket,
            is_over,
            is_closed,
            is_own_address,
        })
    }

    /// Which ticket a mail is about, if any. A token counts before a number, and of tokens the one in the address
    /// before those in ids.
    async fn thread_of(&self, arrival: &Arrival, mail: &InboundMail) -> Result<Thread, Error> {
        let to = mail.to.iter().map(|to| to.address.as_str());
        let delivered = arrival.detail.envelope.to.iter().chain(&mail.delivered_to).map(String::as_str);
        let by_address = delivered.chain(to).take(LOOKED_AT).find_map(|to| self.ticket_of_address(to));
        let answered = mail.answers.iter().take(LOOKED_AT).filter_map(|id| self.own_message(id));
        let answered: Vec<_> = answered.filter(|own| own.ticket_id.is_some()).collect();
        let by_id = answered.first().and_then(|own| Some((own.ticket_id?, own.circulation)));
        if let Some((id, circulation)) = by_address.or(by_id)
            && let Some(ticket) = self.store.ticket(&Scope::UPKEEP, &id.into()).await?
        {
            // The first of the ids is the one that is answered; programs that leave it out name it among the others.
            let is_private = circulation == Circulation::Staff
                || answered.first().is_some_and(|own| own.circulation == Circulation::Staff);
            return Ok(Thread::Proven { ticket, is_private });
        }
        if let Some(number) = number(&mail.subject)
            && let Some(ticket) = self.store.ticket(&Scope::UPKEEP, &TicketKey::Number(number)).await?
        {
            return Ok(Thread::Named(ticket));
        }
        Ok(Thread::None)
    }

    /// Whether the person asks, listens or has said something on the ticket.
    async fn takes_part(&self, ticket: &Ticket, user: UserId) -> Result<bool, Error> {
        if ticket.customer_id == user || !self.watches(ticket.id, user).await?.is_empty() {
            return Ok(true);
        }
        Ok(self.store.commenters(ticket.id, COMMENTERS).await?.contains(&user))
    }

    async fn watches(&self, ticket: TicketId, user: UserId) -> Result<Vec<crate::model::Watcher>, Error> {
        Ok(self.store.watchers_by_ids(&Scope::UPKEEP, ticket, &[user]).await?)
    }

    /// Whether the desk itself sends from this folded address, or receives at it.
    fn is_own_address(&self, snapshot: &Snapshot, address: &str) -> bool {
        let brand = &snapshot.brand.content;
        let plain = without_tag(address);
        let own = [Some(&self.options().mail_from.address), brand.from_address.as_ref(), brand.reply_to.as_ref()];
        own.into_iter().flatten().any(|own| fold(own) == plain) || snapshot.mailboxes.by_address(address).is_some()
    }
}

/// The mailbox that the door named, or that of the first address which it says to have delivered to.
fn by_door<'s>(snapshot: &'s Snapshot, arrival: &Arrival) -> Option<&'s Stored<InboundMailbox>> {
    let named = arrival.mailbox_id.filter(|_| !arrival.detail.is_mailbox_guessed);
    let named = named.and_then(|id| snapshot.mailboxes.by_id(id));
    named.or_else(|| arrival.detail.envelope.to.iter().find_map(|address| snapshot.mailboxes.by_address(address)))
}

/// The mailbox that the mail itself says to be for, which anybody can write.
fn by_headers<'s>(snapshot: &'s Snapshot, mail: &InboundMail) -> Option<&'s Stored<InboundMailbox>> {
    let to = mail.to.iter().map(|to| to.address.as_str());
    let delivered = mail.delivered_to.iter().map(String::as_str);
    delivered.chain(to).take(LOOKED_AT).find_map(|address| snapshot.mailboxes.by_address(address))
}

/// Who says to have written it, where that is an address that a person of the desk could have.
fn sender(mail: &InboundMail) -> Option<Stranger> {
    let from = mail.from.as_ref()?;
    let address = from.address.trim().to_owned();
    let mut problems = Problems::default();
    check_email(&mut problems, "from", &address);
    if !problems.is_empty() {
        return None;
    }
    let name: String = from.name.as_deref().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    let local = address.split('@').next().unwrap_or_default();
    let name = if name.trim().is_empty() { local.chars().take(LONGEST_NAME).collect() } else { name };
    Some(Stranger { name, address })
}

/// The number of a ticket between brackets in a subject: `Re: [TKT-7KQ2M9XD] It hums`.
fn number(subject: &str) -> Option<TicketNumber> {
    subject.split('[').skip(1).take(LOOKED_AT).find_map(|rest| rest.split(']').next()?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_ticket_is_named_between_brackets_alone() {
        let found = |subject: &str| number(subject).map(|number| number.to_string());
        assert_eq!(found("Re: [TKT-7KQ2M9XD] It hums"), Some("TKT-7KQ2M9XD".to_owned()));
        assert_eq!(found("AW: [Extern] [tkt-7kq2m9xd]"), Some("TKT-7KQ2M9XD".to_owned()));
        assert_eq!(found("TKT-7KQ2M9XD"), None);
        assert_eq!(found("[TKT-7KQ2]"), None);
        assert_eq!(found("[TKT-7KQ2M9XDXXX]"), None);
        assert_eq!(found("[[[["), None);
    }
}
