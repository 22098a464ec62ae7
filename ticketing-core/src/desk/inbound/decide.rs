//! What becomes of a mail: pure, from what the mail says and what was looked up for it.

use crate::fold::fold;
use crate::mail::inbound::{Automatic, InboundMail};
use crate::model::{ArrivalCause, ArrivalState, AuthResult, AuthVerdict, InboundPolicy, Status, Ticket, User};

/// How many mails of one sender make a ticket within an hour.
const NEW_AN_HOUR: u64 = 10;
/// The same where it is proven who sends them.
const NEW_AN_HOUR_PROVEN: u64 = 60;
/// How many mails of one sender go to tickets within an hour.
const REPLIES_AN_HOUR: u64 = 60;
/// How many mails go to one ticket within ten minutes, whoever sends them.
const TICKET_IN_TEN_MINUTES: u64 = 30;
/// How many mails of programs do.
const AUTOMATIC_IN_TEN_MINUTES: u64 = 10;
/// How far the counts above are counted.
pub(super) const COUNTED: usize = 64;

/// The most characters of a comment or description.
const LONGEST_TEXT: usize = 100_000;
/// The most characters of a subject.
const LONGEST_SUBJECT: usize = 255;
/// What stands for a text that says nothing.
const NO_TEXT: &str = "(no text)";
/// What stands for a subject that says nothing.
const NO_SUBJECT: &str = "(no subject)";

/// How a mail names its ticket.
#[derive(Clone, Debug)]
pub(super) enum Thread {
    /// By a token that only the desk can make: one of a mail that tells staff what customers must not read, or not.
    Proven { ticket: Ticket, is_private: bool },
    /// By its number in the subject, which anybody can write.
    Named(Ticket),
    /// Not at all.
    None,
}

impl Thread {
    pub(super) fn ticket(&self) -> Option<&Ticket> {
        match self {
            Self::Proven { ticket, .. } | Self::Named(ticket) => Some(ticket),
            Self::None => None,
        }
    }
}

/// A mail with all that has to be known to decide about it.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Case<'a> {
    pub(super) mail: &'a InboundMail,
    pub(super) policy: &'a InboundPolicy,
    /// Whether there is somebody who says where mail that came by this door comes from.
    pub(super) asks_origin: bool,
    /// Whether the ticket, or the one that has taken it in, is over, so that a customer's word begins a new one.
    pub(super) is_over: bool,
    /// Whether nothing can be said there any more.
    pub(super) is_closed: bool,
    /// Whether it came by a door that strangers can't reach.
    pub(super) is_trusted_door: bool,
    /// Whether customers may sign up by themselves.
    pub(super) registration_open: bool,
    /// Whether an administrator has said that it shall be taken.
    pub(super) is_released: bool,
    /// Who says to have written it, as far as that is an address.
    pub(super) sender: Option<Stranger>,
    /// Who has that address here.
    pub(super) user: Option<User>,
    pub(super) thread: Thread,
    /// Whether that person may see the ticket now.
    pub(super) sees: bool,
    /// Whether that person has to do with the ticket already.
    pub(super) takes_part: bool,
    pub(super) automatic: Option<Automatic>,
    /// Whether its sender is the desk itself.
    pub(super) is_own_address: bool,
    pub(super) verdict: AuthVerdict,
    pub(super) is_spam: bool,
    /// How many mails of this sender went to tickets, and made one, within the last hour.
    pub(super) lately: (u64, u64),
    /// How many mails went to this ticket within the last ten minutes.
    pub(super) on_ticket: u64,
}

/// Somebody of whom only a mail tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stranger {
    pub(super) name: String,
    /// The address as written.
    pub(super) address: String,
}

/// Who says it.
#[derive(Clone, Debug)]
pub(super) enum Author {
    Known(Box<User>),
    Stranger(Stranger),
}

/// What becomes of a mail.
#[derive(Debug)]
pub(super) enum Plan {
    /// A comment on a ticket.
    Comment(Box<Reply>),
    /// A ticket.
    Open { author: Author, subject: String, text: String },
    /// It tells of a mail of the desk that did not arrive.
    Bounce,
    /// It is kept, and no more.
    Keep { state: ArrivalState, cause: ArrivalCause, reason: &'static str },
}

/// What is said on a ticket by mail.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) author: Author,
    pub(super) ticket: Ticket,
    pub(super) text: String,
    pub(super) is_internal: bool,
    pub(super) is_guest: bool,
    /// Whether the ticket is over, so that it begins a new one.
    pub(super) begins_anew: bool,
    pub(super) status: Option<Status>,
}

fn held(cause: ArrivalCause, reason: &'static str) -> Plan {
    Plan::Keep { state: ArrivalState::Held, cause, reason }
}

fn noted(cause: ArrivalCause, reason: &'static str) -> Plan {
    Plan::Keep { state: ArrivalState::Noted, cause, reason }
}

fn refused(cause: ArrivalCause, reason: &'static str) -> Plan {
    Plan::Keep { state: ArrivalState::Refused, cause, reason }
}

impl Case<'_> {
    /// What becomes of the mail. The order matters: what no administrator can release first, then what keeps loops from
    /// starting, then who may speak.
    pub(super) fn decide(&self) -> Plan {
        let Some(sender) = &self.sender else {
            return held(ArrivalCause::NoSender, "It names no address that it could be answered at.");
        };
        if self.automatic == Some(Automatic::Own) && !self.is_own_address {
            return noted(ArrivalCause::OwnMail, "It is a mail of this desk that came back.");
        }
        if self.mail.report.is_some() {
            return Plan::Bounce;
        }
        if !self.is_released
            && let Some(plan) = self.stop(sender)
        {
            return plan;
        }
        if self.automatic.is_some() {
            return self.automatic(sender);
        }
        match &self.user {
            Some(user) if !user.is_active => held(ArrivalCause::FormerSender, "Its sender's account is switched off."),
            Some(user) if user.role.is_staff() => self.of_staff(user),
            Some(user) => self.of_customer(user),
            None => self.of_stranger(sender),
        }
    }

    fn is_proven_thread(&self) -> bool {
        matches!(self.thread, Thread::Proven { .. })
    }

    /// What keeps a mail from being looked at any further, unless an administrator releases it.
    fn stop(&self, sender: &Stranger) -> Option<Plan> {
        let address = fold(&sender.address);
        let domain = address.rsplit_once('@').map(|(_, domain)| format!("@{domain}")).unwrap_or_default();
        // Sorted when it was saved.
        let is_blocked = |entry: &String| self.policy.blocked.binary_search(entry).is_ok();
        if is_blocked(&address) || is_blocked(&domain) {
            return Some(refused(ArrivalCause::Blocked, "Its sender is on the block list."));
        }
        if self.is_own_address {
            return Some(held(ArrivalCause::OwnMail, "It says to come from one of the desk's own addresses."));
        }
        if self.is_spam && !self.is_proven_thread() {
            return Some(held(ArrivalCause::Spam, "The receiving server took it for spam."));
        }
        if self.verdict.dmarc == AuthResult::Fail && !self.is_proven_thread() {
            return Some(held(ArrivalCause::Forged, "Its sender's domain says that it does not come from there."));
        }
        None
    }

    /// A program's mail is kept where people find it, and nothing follows from it.
    fn automatic(&self, sender: &Stranger) -> Plan {
        let Some(ticket) = self.thread.ticket() else {
            if !self.is_released {
                return held(ArrivalCause::Automatic, "A program wrote it.");
            }
            return self.open(self.author(sender));
        };
        // Nobody speaks as staff through a program.
        let author = self.user.as_ref().filter(|user| user.is_active && !user.role.is_staff());
        let may_speak = self.sees && (self.is_proven_thread() || self.takes_part);
        match author.filter(|_| may_speak && !self.is_closed) {
            Some(_) if self.on_ticket >= AUTOMATIC_IN_TEN_MINUTES => {
                noted(ArrivalCause::TooMany, "Programs have sent very much to this ticket lately.")
            }
            Some(user) => Plan::Comment(Box::new(Reply {
                author: Author::Known(Box::new(user.clone())),
                ticket: ticket.clone(),
                text: self.fresh(),
                is_internal: true,
                is_guest: false,
                begins_anew: false,
                status: None,
            })),
            None => noted(ArrivalCause::Automatic, "A program wrote it."),
        }
    }

    fn of_staff(&self, user: &User) -> Plan {
        let by_token = self.is_proven_thread() && self.is_trusted_door;
        if self.verdict.dmarc != AuthResult::Pass && !by_token && !self.is_released {
            return held(
                ArrivalCause::UnprovenStaff,
                "It speaks as staff, and nothing proves that it comes from them.",
            );
        }
        let author = Author::Known(Box::new(user.clone()));
        let Some(ticket) = self.thread.ticket() else { return self.open(author) };
        if !self.sees {
            return held(ArrivalCause::NotAllowed, "Its sender may not see the ticket.");
        }
        let Commands { text, is_note, is_public, status } = self.commands();
        // What answers a mail among staff quotes it.
        let is_private = matches!(self.thread, Thread::Proven { is_private: true, .. });
        let is_internal = is_note || (is_private && !is_public);
        let ticket = ticket.clone();
        let (is_guest, begins_anew) = (false, false);
        Plan::Comment(Box::new(Reply { author, ticket, text, is_internal, is_guest, begins_anew, status }))
    }

    fn of_customer(&self, user: &User) -> Plan {
        let author = Author::Known(Box::new(user.clone()));
        match &self.thread {
            // Whoever holds the token was given it, perhaps by somebody who passed a mail on: staff read it, customers
            // do not, and it gives no right to see the ticket. So it is where the token is of a mail among staff, or
            // where the sender's domain says that somebody else has written it.
            Thread::Proven { ticket, is_private } => {
                let is_forged = self.verdict.dmarc == AuthResult::Fail;
                self.reply(author, ticket, !self.sees || *is_private || is_forged)
            }
            // A number proves nothing about who writes: where somebody can say that, it has to be said.
            Thread::Named(ticket)
                if self.sees && self.takes_part && (!self.asks_origin || self.verdict.dmarc == AuthResult::Pass) =>
            {
                self.reply(author, ticket, false)
            }
            Thread::Named(_) | Thread::None => self.open_within_caps(author),
        }
    }

    fn of_stranger(&self, sender: &Stranger) -> Plan {
        if !self.is_released && (self.policy.hold_strangers || (self.is_proven_thread() && !self.registration_open)) {
            return held(ArrivalCause::UnknownSender, "Nobody here knows its sender.");
        }
        if !self.is_released && !self.registration_open {
            return refused(ArrivalCause::RegistrationClosed, "Nobody here knows its sender, and nobody may sign up.");
        }
        let author = Author::Stranger(sender.clone());
        match &self.thread {
            Thread::Proven { ticket, .. } => self.reply(author, ticket, true),
            Thread::Named(_) | Thread::None => self.open_within_caps(author),
        }
    }

    fn author(&self, sender: &Stranger) -> Author {
        match self.user.as_ref().filter(|user| user.is_active) {
            Some(user) => Author::Known(Box::new(user.clone())),
            None => Author::Stranger(sender.clone()),
        }
    }

    /// What a customer says on a ticket.
    fn reply(&self, author: Author, ticket: &Ticket, is_guest: bool) -> Plan {
        let is_too_much = self.on_ticket >= TICKET_IN_TEN_MINUTES || self.lately.0 >= REPLIES_AN_HOUR;
        if is_too_much && !self.is_released {
            return held(ArrivalCause::TooMany, "Very much was sent to this ticket, or by this sender, lately.");
        }
        let begins_anew = self.is_over && !is_guest;
        if begins_anew && self.opens_too_much() {
            return held(ArrivalCause::TooMany, "Its sender has made very many tickets lately.");
        }
        let text = self.fresh();
        Plan::Comment(Box::new(Reply {
            begins_anew,
            author,
            ticket: ticket.clone(),
            text,
            is_internal: is_guest,
            is_guest,
            status: None,
        }))
    }

    fn opens_too_much(&self) -> bool {
        let is_proven = self.verdict.dmarc == AuthResult::Pass;
        let most = if is_proven { NEW_AN_HOUR_PROVEN } else { NEW_AN_HOUR };
        self.lately.1 >= most && !self.is_released
    }

    fn open_within_caps(&self, author: Author) -> Plan {
        if self.opens_too_much() {
            return held(ArrivalCause::TooMany, "Its sender has made very many tickets lately.");
        }
        self.open(author)
    }

    /// A ticket has the whole text: there is nothing that it could quote.
    fn open(&self, author: Author) -> Plan {
        Plan::Open { author, subject: subject(&self.mail.subject), text: text(&self.mail.text) }
    }

    /// What is new in an answer.
    fn fresh(&self) -> String {
        let fresh = self.mail.folded().fresh;
        text(if fresh.trim().is_empty() { &self.mail.text } else { fresh })
    }

    /// What is new in an answer of staff, and what the words behind `#` at its beginning say to the desk. A word that is
    /// not known belongs to the text.
    fn commands(&self) -> Commands {
        let fresh = self.fresh();
        let first = fresh.lines().next().unwrap_or_default();
        let words = || first.split_whitespace().map_while(|word| word.strip_prefix('#'));
        let is = |word: &str, wanted: &str| word.eq_ignore_ascii_case(wanted);
        let status_of = |word: &str| status(word).filter(|_| self.policy.status_words);
        let known = |word: &str| is(word, "note") || is(word, "public") || status_of(word).is_some();
        let said = words().take_while(|word| known(word)).count();
        let rest = first.split_whitespace().skip(said).collect::<Vec<_>>().join(" ");
        let behind = fresh.get(first.len()..).unwrap_or_default();
        Commands {
            // To hide too much is better than to tell a customer what was meant for colleagues.
            is_note: words().any(|word| is(word, "note")),
            is_public: words().take(said).any(|word| is(word, "public")),
            status: words().take(said).find_map(status_of),
            text: if said == 0 { fresh.clone() } else { text(&format!("{rest}{behind}")) },
        }
    }
}

/// What an answer of staff says to the desk, beside its text.
struct Commands {
    text: String,
    is_note: bool,
    is_public: bool,
    status: Option<Status>,
}

/// The status that a word on the first line asks for.
fn status(word: &str) -> Option<Status> {
    Some(match word.to_ascii_lowercase().as_str() {
        "open" => Status::Open,
        "pending" => Status::Pending,
        "hold" => Status::OnHold,
        "resolve" | "resolved" => Status::Resolved,
        "close" | "closed" => Status::Closed,
        _ => return None,
    })
}

/// A text as comments have it.
fn text(text: &str) -> String {
    let plain = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let text: String = text.trim().chars().filter(plain).take(LONGEST_TEXT).collect();
    if text.trim().is_empty() { NO_TEXT.to_owned() } else { text }
}

/// A subject as tickets have it.
fn subject(subject: &str) -> String {
    let plain = subject.chars().map(|c| if c.is_control() { ' ' } else { c });
    let subject: String = plain.take(LONGEST_SUBJECT).collect();
    let subject = subject.trim();
    if subject.is_empty() { NO_SUBJECT.to_owned() } else { subject.to_owned() }
}
