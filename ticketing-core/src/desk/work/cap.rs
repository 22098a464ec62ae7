//! How much mail one address may get, so that two programs that answer each other can't go on for ever.

use crate::changes::{Expect, Write};
use crate::ids::TicketId;
use crate::model::MailRecord;
use crate::time::Time;
use chrono::TimeDelta;

/// So many mails within so long.
#[derive(Clone, Copy, Debug)]
struct Cap {
    mails: usize,
    minutes: i64,
}

/// To one address about one ticket.
const TICKET: [Cap; 4] = [
    Cap { mails: 10, minutes: 10 },
    Cap { mails: 30, minutes: 60 },
    Cap { mails: 60, minutes: 6 * 60 },
    Cap { mails: 100, minutes: 24 * 60 },
];

/// To one customer about anything.
const CUSTOMER: [Cap; 3] =
    [Cap { mails: 20, minutes: 10 }, Cap { mails: 60, minutes: 60 }, Cap { mails: 200, minutes: 24 * 60 }];

/// To somebody who works here: a busy queue is no loop.
const STAFF: [Cap; 3] =
    [Cap { mails: 100, minutes: 10 }, Cap { mails: 300, minutes: 60 }, Cap { mails: 1_000, minutes: 24 * 60 }];

/// Links that set a password.
const LINK: [Cap; 2] = [Cap { mails: 3, minutes: 60 }, Cap { mails: 10, minutes: 24 * 60 }];

/// After this long an address that could not be reached is tried once more.
pub(super) const FORGIVEN: TimeDelta = TimeDelta::days(60);

/// What links that set a password are counted under: no ticket has this id.
pub(super) const LINKS: Option<TicketId> = Some(TicketId(uuid::Uuid::max()));

/// Which caps hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::desk) enum Caps {
    /// For one ticket.
    Ticket,
    /// For a customer.
    Customer,
    /// For somebody who works here.
    Staff,
    /// For links that set a password.
    Link,
}

impl Caps {
    const fn list(self) -> &'static [Cap] {
        match self {
            Self::Ticket => &TICKET,
            Self::Customer => &CUSTOMER,
            Self::Staff => &STAFF,
            Self::Link => &LINK,
        }
    }

    /// Why a mail may not go now, if it may not.
    pub(in crate::desk) fn hold(self, record: &MailRecord, now: Time) -> Option<String> {
        self.list().iter().find_map(|cap| {
            let since = now - TimeDelta::minutes(cap.minutes);
            let sent = record.recent.iter().filter(|at| **at > since).count();
            (sent >= cap.mails).then(|| {
                let about = if self == Self::Ticket { " about this ticket" } else { "" };
                format!("held back: {} mails to this address{about} within {}", cap.mails, span(cap.minutes))
            })
        })
    }

    /// How many moments a record must remember.
    fn memory(self) -> usize {
        self.list().iter().map(|cap| cap.mails).max().unwrap_or_default()
    }
}

fn span(minutes: i64) -> String {
    if minutes % 60 == 0 { format!("{} h", minutes / 60) } else { format!("{minutes} min") }
}

/// What is known of an address of which nothing is known. Its version says that it is not stored.
pub(in crate::desk) fn unknown(address: &str, ticket_id: Option<TicketId>, now: Time) -> MailRecord {
    MailRecord {
        address: address.to_owned(),
        ticket_id,
        recent: Vec::new(),
        held: 0,
        failure: None,
        version: 0,
        updated_at: now,
    }
}

/// The record as it is written next.
pub(in crate::desk) fn next(record: MailRecord, now: Time) -> Write {
    let expect = if record.version == 0 { Expect::New } else { Expect::Version(record.version) };
    Write::MailRecord { record: MailRecord { version: record.version + 1, updated_at: now, ..record }, expect }
}

/// Another mail goes to the address.
pub(in crate::desk) fn count(record: &mut MailRecord, caps: Caps, now: Time) {
    record.recent.push(now);
    let most = caps.memory();
    if record.recent.len() > most {
        record.recent.drain(..record.recent.len() - most);
    }
    record.held = 0;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Time {
        Time::default() + TimeDelta::minutes(minutes)
    }

    #[test]
    fn a_loop_gets_ten_mails_at_once_and_a_hundred_a_day() {
        let mut record = unknown("a@b.example", None, at(0));
        let mut sent = Vec::new();
        // Somebody answers every mail at once, for two days.
        for minute in 0..2 * 24 * 60 {
            for _ in 0..5 {
                if Caps::Ticket.hold(&record, at(minute)).is_none() {
                    count(&mut record, Caps::Ticket, at(minute));
                    sent.push(minute);
                }
            }
        }
        let within = |from: i64, minutes: i64| sent.iter().filter(|at| (from..from + minutes).contains(at)).count();
        assert_eq!(within(0, 10), 10);
        for from in 0..24 * 60 {
            assert!(within(from, 10) <= 10 && within(from, 60) <= 30, "{from}");
            assert!(within(from, 6 * 60) <= 60 && within(from, 24 * 60) <= 100, "{from}");
        }
        assert!(record.recent.len() <= 100);
    }

    #[test]
    fn what_is_held_says_why() {
        let mut record = unknown("a@b.example", None, at(0));
        for _ in 0..3 {
            assert_eq!(Caps::Link.hold(&record, at(0)), None);
            count(&mut record, Caps::Link, at(0));
        }
        let why = Caps::Link.hold(&record, at(1));
        assert_eq!(why.as_deref(), Some("held back: 3 mails to this address within 1 h"));
        assert_eq!(Caps::Link.hold(&record, at(61)), None);
    }
}
