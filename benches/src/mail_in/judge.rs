//! Whether the caps on mails and on what mails do have held at a desk, and where the rest is.

use super::side::Side;
use super::text;
use crate::jobs::dead;
use crate::program::ADMIN;
use anyhow::Result;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The most mails within ten minutes: about one ticket, to a customer, to somebody who works at a desk.
const MAILS_TICKET: usize = 10;
const MAILS_CUSTOMER: usize = 20;
const MAILS_STAFF: usize = 100;

/// The most mails of one sender that make a ticket within an hour, and that go to tickets.
const NEW: usize = 10;
const REPLIES: usize = 60;

/// The most mails that go to a ticket within ten minutes, of all and of programs.
const TO_TICKET: usize = 30;
const TO_TICKET_AUTOMATIC: usize = 10;

/// What a desk and an address have written to each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    /// Mails to the address, by what they are about.
    mails: BTreeMap<String, usize>,
    /// Mails of the address that made a ticket.
    new: usize,
    /// Mails of the address that went to a ticket: by ticket, of all and of programs.
    replies: BTreeMap<String, (usize, usize)>,
}

/// What became of a desk's mails, in and out.
#[derive(Debug, Default)]
pub struct Tale {
    domain: String,
    exchanges: BTreeMap<String, Exchange>,
    /// Mails in by state and cause.
    pub became: BTreeMap<(String, String), usize>,
    /// What was given up, by reason.
    given_up: BTreeMap<String, usize>,
}

impl Tale {
    /// What is to be seen at the desk.
    pub async fn of(side: &Side) -> Result<Self> {
        let mut tale = Self { domain: side.domain.to_owned(), ..Self::default() };
        for mail in side.sink.mails().iter() {
            tale.add_mail(&mail.to, mail.thread.as_deref().unwrap_or_default());
        }
        let mut admin = side.admin().await?;
        for arrival in admin.all("/api/inbound?limit=100").await? {
            tale.add_arrival(&arrival);
        }
        for job in dead(&mut admin, None).await? {
            *tale.given_up.entry(text(&job, "last_error")).or_default() += 1;
        }
        Ok(tale)
    }

    fn add_mail(&mut self, to: &str, thread: &str) {
        let exchange = self.exchanges.entry(to.to_owned()).or_default();
        *exchange.mails.entry(thread.to_owned()).or_default() += 1;
    }

    fn add_arrival(&mut self, arrival: &Value) {
        let (state, cause) = (text(arrival, "state"), text(arrival, "cause"));
        let exchange = self.exchanges.entry(text(arrival, "from").to_lowercase()).or_default();
        match state.as_str() {
            "new" => exchange.new += 1,
            "threaded" => {
                let replies = exchange.replies.entry(text(arrival, "ticket_id")).or_default();
                replies.0 += 1;
                replies.1 += usize::from(arrival["automatic"].is_string());
            }
            _ => {}
        }
        *self.became.entry((state, cause)).or_default() += 1;
    }

    /// What is not as it must be.
    pub fn flaws(&self) -> Vec<String> {
        let mut flaws = Vec::new();
        let mut within = |count: usize, most: usize, what: &str| {
            if count > most {
                flaws.push(format!("{}: {count} {what}, and {most} are allowed", self.domain));
            }
        };
        for (address, exchange) in &self.exchanges {
            let most = if address == ADMIN { MAILS_STAFF } else { MAILS_CUSTOMER };
            within(exchange.mails.values().sum(), most, &format!("mails to {address}"));
            for (thread, count) in &exchange.mails {
                within(*count, MAILS_TICKET, &format!("mails to {address} about {thread}"));
            }
            within(exchange.new, NEW, &format!("tickets by mails of {address}"));
            let replies = exchange.replies.values().map(|(all, _)| *all).sum();
            within(replies, REPLIES, &format!("mails of {address} that went to tickets"));
        }
        let mut by_ticket: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for (ticket, (all, automatic)) in self.exchanges.values().flat_map(|exchange| &exchange.replies) {
            let sum = by_ticket.entry(ticket).or_default();
            *sum = (sum.0 + all, sum.1 + automatic);
        }
        for (ticket, (all, automatic)) in by_ticket {
            within(all, TO_TICKET, &format!("mails to the ticket {ticket}"));
            within(automatic, TO_TICKET_AUTOMATIC, &format!("mails of programs to the ticket {ticket}"));
        }
        for ((state, cause), count) in &self.became {
            if ["waiting", "quarantined"].contains(&state.as_str()) || cause == "not_allowed" {
                flaws.push(format!("{}: {count} mails are {state} {cause}", self.domain));
            }
        }
        for (reason, count) in &self.given_up {
            if !reason.starts_with("held back: ") && !reason.starts_with("the address can't be reached: ") {
                flaws.push(format!("{}: {count} jobs were given up: {reason}", self.domain));
            }
        }
        flaws
    }

    /// How many mails have become this.
    pub fn count(&self, state: &str, cause: &str) -> usize {
        self.became.get(&(state.to_owned(), cause.to_owned())).copied().unwrap_or_default()
    }

    /// All of it, for people.
    pub fn table(&self) -> String {
        let mut table = String::new();
        for (address, exchange) in &self.exchanges {
            let mails: usize = exchange.mails.values().sum();
            let most = exchange.mails.values().max().unwrap_or(&0);
            let replies: usize = exchange.replies.values().map(|(all, _)| *all).sum();
            let automatic: usize = exchange.replies.values().map(|(_, automatic)| *automatic).sum();
            let _ = writeln!(
                table,
                "{:<10} {address:<26} {mails:>5} {most:>7} {:>7} {replies:>7} {automatic:>10}",
                self.domain, exchange.new
            );
        }
        for ((state, cause), count) in &self.became {
            let _ = writeln!(table, "{:<10} {count:>5} mails in: {state} {cause}", self.domain);
        }
        for (reason, count) in &self.given_up {
            let _ = writeln!(table, "{:<10} {count:>5} mails out: {reason}", self.domain);
        }
        table
    }

    /// What stands above such tables.
    pub fn head() -> String {
        format!(
            "{:<10} {:<26} {:>5} {:>7} {:>7} {:>7} {:>10}",
            "desk", "address", "mails", "ticket", "made", "said", "by program"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_cap_is_held_against_what_happened() {
        let arrival = |state: &str, automatic: Option<&str>| json!({"state": state, "from": "Rude@out.example", "ticket_id": "t", "automatic": automatic});
        let flaws = |mails: usize, threads: usize, arrivals: &[(usize, Value)]| {
            let mut tale = Tale::default();
            for mail in 0..mails {
                tale.add_mail("rude@out.example", &(mail % threads).to_string());
            }
            for (count, arrival) in arrivals {
                for _ in 0..*count {
                    tale.add_arrival(arrival);
                }
            }
            tale.flaws().len()
        };
        let (new, said, declared) =
            (arrival("new", None), arrival("threaded", None), arrival("threaded", Some("declared")));
        assert_eq!(flaws(20, 2, &[(10, new.clone()), (20, said.clone()), (10, declared.clone())]), 0);
        assert_eq!(flaws(21, 3, &[]), 1);
        assert_eq!(flaws(11, 1, &[]), 1);
        assert_eq!(flaws(0, 1, &[(11, new)]), 1);
        assert_eq!(flaws(0, 1, &[(31, said)]), 1);
        assert_eq!(flaws(0, 1, &[(11, declared)]), 1);
        assert_eq!(flaws(0, 1, &[(1, arrival("waiting", None))]), 1);
    }
}
