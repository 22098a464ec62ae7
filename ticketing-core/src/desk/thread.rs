//! By what a mail and its answers are known: ids that say which ticket, and that nobody else can make.

use crate::desk::Desk;
use crate::ids::{JobId, TicketId};
use crate::port::Mailbox;
use crate::vault::CODE;
use data_encoding::BASE32_NOPAD;
use uuid::Uuid;

/// What a code is for. One for one thing is none for another.
const MESSAGE: &str = "mail message";
const REPLY: &str = "mail reply";
/// The same of a mail that tells staff what customers must not read.
const PRIVATE_MESSAGE: &str = "mail message among staff";
const PRIVATE_REPLY: &str = "mail reply among staff";

/// The longest local part of an address (RFC 5321, 4.5.3.1.1).
const LOCAL_PART: usize = 64;

/// Who may read what a mail tells, and so the answer to it, which often quotes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Circulation {
    /// Whoever sees the ticket.
    All,
    /// Staff alone: it tells of a note.
    Staff,
}

/// A mail of this desk, as its id says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OwnMessage {
    /// What it is about.
    pub(super) ticket_id: Option<TicketId>,
    /// Which it is; none for the conversation itself.
    pub(super) mail: Option<JobId>,
    pub(super) circulation: Circulation,
}

impl Desk {
    /// The id of a mail about a ticket, without angle brackets: ticket, mail and a code, so that an answer
    /// to it is known to answer a mail of this desk.
    pub(super) fn message_id(&self, ticket_id: Option<TicketId>, mail: JobId, circulation: Circulation) -> String {
        let ticket = ticket_id.map_or(Uuid::nil(), |id| id.0);
        self.signed_id(ticket, mail.0, circulation)
    }

    /// The id that stands for the ticket itself. No mail has it, but every mail about the ticket refers to
    /// it, so that mail programs show all of them as one conversation, whichever came first.
    pub(super) fn thread_id(&self, ticket_id: TicketId) -> String {
        self.signed_id(ticket_id.0, Uuid::nil(), Circulation::All)
    }

    fn signed_id(&self, ticket: Uuid, mail: Uuid, circulation: Circulation) -> String {
        let named = [*ticket.as_bytes(), *mail.as_bytes()].concat();
        let purpose = if circulation == Circulation::Staff { PRIVATE_MESSAGE } else { MESSAGE };
        let code = lower(&self.parts.vault.code(purpose, &named));
        let domain = host(&self.options().app_url);
        format!("{}.{}.{code}@{domain}", lower(ticket.as_bytes()), lower(mail.as_bytes()))
    }

    /// The address by which an answer finds its ticket: a code behind the local part (`support+…@`). The
    /// address itself where that would be longer than an address may be.
    pub(super) fn reply_address(&self, ticket_id: TicketId, to: &Mailbox, circulation: Circulation) -> Mailbox {
        let purpose = if circulation == Circulation::Staff { PRIVATE_REPLY } else { REPLY };
        let code = lower(&self.parts.vault.code(purpose, ticket_id.0.as_bytes()));
        let token = format!("{}.{code}", lower(ticket_id.0.as_bytes()));
        match to.address.rsplit_once('@') {
            Some((local, domain)) if local.len() + 1 + token.len() <= LOCAL_PART && !local.contains('+') => {
                Mailbox { name: to.name.clone(), address: format!("{local}+{token}@{domain}") }
            }
            _ => to.clone(),
        }
    }

    /// The ticket that a reply address of this desk belongs to, unless it is no such address or a forged one.
    pub(super) fn ticket_of_address(&self, address: &str) -> Option<(TicketId, Circulation)> {
        let (local, _) = address.trim().rsplit_once('@')?;
        let (_, token) = local.rsplit_once('+')?;
        let mut parts = token.split('.');
        let (ticket, code) = (read::<16>(parts.next()?)?, read::<CODE>(parts.next()?)?);
        if parts.next().is_some() {
            return None;
        }
        let circulation = self.made_for([REPLY, PRIVATE_REPLY], &ticket, &code)?;
        Some((TicketId(Uuid::from_bytes(ticket)), circulation))
    }

    /// What a mail of this desk with this id is about. Nothing where the id is not one of this desk's, or forged.
    pub(super) fn own_message(&self, id: &str) -> Option<OwnMessage> {
        let (local, _) = id.trim().rsplit_once('@')?;
        let mut parts = local.split('.');
        let (ticket, mail) = (read::<16>(parts.next()?)?, read::<16>(parts.next()?)?);
        let code = read::<CODE>(parts.next()?)?;
        if parts.next().is_some() {
            return None;
        }
        let circulation = self.made_for([MESSAGE, PRIVATE_MESSAGE], &[ticket, mail].concat(), &code)?;
        let [ticket, mail] = [ticket, mail].map(Uuid::from_bytes).map(|id| Some(id).filter(|id| !id.is_nil()));
        Some(OwnMessage { ticket_id: ticket.map(TicketId), mail: mail.map(JobId), circulation })
    }

    /// For which of two purposes a code was made: for all, or for staff.
    fn made_for(&self, purposes: [&str; 2], data: &[u8], code: &[u8; CODE]) -> Option<Circulation> {
        let [all, staff] = purposes.map(|purpose| self.parts.vault.fits(purpose, data, code));
        all.then_some(Circulation::All).or_else(|| staff.then_some(Circulation::Staff))
    }
}

/// The host of a web address, as the right side of an id: that of the desk, not of its sender, so that a
/// conversation goes on under another brand.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    if !host.is_empty() && host.chars().all(is_plain) { host } else { "desk.invalid" }
}

/// Small letters and digits only: mail servers may change the case of an address.
fn lower(bytes: &[u8]) -> String {
    BASE32_NOPAD.encode(bytes).to_ascii_lowercase()
}

/// Bytes out of letters and digits, exactly so many.
fn read<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() > 64 || !text.is_ascii() {
        return None;
    }
    BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok()?.try_into().ok()
}
