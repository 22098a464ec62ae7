//! Customers who write by mail, and as many who write over the API.

use super::text;
use crate::jobs::wait_until_idle;
use crate::place::Place;
use crate::program::PASSWORD;
use crate::wire::Caller;
use anyhow::{Context, Result};
use hyper::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;
use tokio::task::JoinSet;

/// Where all of them live.
pub const DOMAIN: &str = "customer.example";

/// How many tickets each of them makes, so that no cap is reached: by mail, and over the API.
const BY_MAIL: usize = 8;
const BY_API: usize = 16;

/// How many tickets a talker has, so that no cap on rules is reached.
const TICKETS: usize = 2;

/// How many are made ready at once.
const AT_ONCE: usize = 8;

/// Somebody who writes mails.
pub struct Writer {
    /// Where from.
    pub address: String,
    /// Where answers on the first ticket go.
    pub reply_to: String,
}

/// Somebody who is signed in.
struct Talker {
    caller: Caller,
    tickets: Vec<String>,
}

/// All of them.
pub struct Crowd {
    writers: Vec<Writer>,
    talkers: Vec<Talker>,
}

impl Crowd {
    /// Enough people for so many tickets and as many answers, each with a ticket by now.
    pub async fn gather(admin: &Caller, place: &Place, tickets: usize, limit: Duration) -> Result<Self> {
        let mut writers = Vec::new();
        for number in 0..tickets.div_ceil(BY_MAIL).max(1) {
            writers.push(format!("kim{number}@{DOMAIN}"));
        }
        let mut making = JoinSet::new();
        for part in writers.chunks(writers.len().div_ceil(AT_ONCE)) {
            making.spawn(write(admin.clone(), part.to_vec()));
        }
        while let Some(made) = making.join_next().await {
            made??;
        }
        let mut making = JoinSet::new();
        let all = tickets.div_ceil(BY_API).max(1);
        for first in 0..AT_ONCE {
            making.spawn(talk(admin.clone(), (first..all).step_by(AT_ONCE).collect()));
        }
        let mut talkers = Vec::new();
        while let Some(made) = making.join_next().await {
            talkers.extend(made??);
        }
        wait_until_idle(&mut admin.open().await?, limit).await?;
        let answers = reply_addresses(place)?;
        let writer = |address: String| {
            let reply_to = answers.get(&address).with_context(|| format!("{address} was told nothing"))?.clone();
            Ok(Writer { address, reply_to })
        };
        Ok(Self { writers: writers.into_iter().map(writer).collect::<Result<_>>()?, talkers })
    }

    /// Who writes this mail; the next one is somebody else's.
    pub fn writer(&self, number: usize) -> Option<&Writer> {
        self.writers.get(number % self.writers.len())
    }

    /// The same over the API, with the ticket that is gone on about.
    pub fn talker(&self, number: usize) -> Option<(&Caller, &str)> {
        let talker = self.talkers.get(number % self.talkers.len())?;
        let ticket = talker.tickets.get(number / self.talkers.len() % TICKETS)?;
        Some((&talker.caller, ticket))
    }
}

async fn write(admin: Caller, addresses: Vec<String>) -> Result<()> {
    let mut session = admin.open().await?;
    for address in addresses {
        let ticket = json!({"subject": "It hums", "description": "It does.",
            "customer": {"email": address, "name": "Kim"}});
        session.expect(Method::POST, "/api/tickets", Some(&ticket)).await?;
    }
    Ok(())
}

async fn talk(admin: Caller, numbers: Vec<usize>) -> Result<Vec<Talker>> {
    let mut session = admin.open().await?;
    let mut talkers = Vec::new();
    for number in numbers {
        let email = format!("lee{number}@{DOMAIN}");
        let user = json!({"email": email, "name": "Lee", "role": "customer", "password": PASSWORD});
        session.expect(Method::POST, "/api/users", Some(&user)).await?;
        let caller = Caller::sign_in(&admin.address, &email, PASSWORD).await?;
        let mut own = caller.open().await?;
        let mut tickets = Vec::new();
        for _ in 0..TICKETS {
            let ticket: Value = json!({"subject": "It hums", "description": "It does."});
            tickets.push(text(&own.expect(Method::POST, "/api/tickets", Some(&ticket)).await?, "id"));
        }
        talkers.push(Talker { caller, tickets });
    }
    Ok(talkers)
}

/// Where answers go, by whom the desk wrote to, as it says in the folder of mails that no server takes.
fn reply_addresses(place: &Place) -> Result<BTreeMap<String, String>> {
    let mut answers = BTreeMap::new();
    for file in fs::read_dir(place.folder().join("outbox"))? {
        let mail = String::from_utf8_lossy(&fs::read(file?.path())?).into_owned();
        if let (Some(to), Some(reply_to)) = (address_in(&mail, "To"), address_in(&mail, "Reply-To")) {
            answers.entry(to).or_insert(reply_to);
        }
    }
    Ok(answers)
}

/// The address in a header of a mail.
fn address_in(mail: &str, name: &str) -> Option<String> {
    let head = mail.split("\r\n\r\n").next()?.replace("\r\n ", " ");
    let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let address = line.rsplit_once('<').map_or(line, |(_, address)| address);
    Some(address.trim().trim_end_matches('>').to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::address_in;

    #[test]
    fn an_address_is_read_from_a_head_however_it_is_folded() {
        let mail = "To: Kim <Kim@customer.example>\r\nReply-To:\r\n Help <help+t@desk.example>\r\n\r\nCc: x@y\r\n";
        assert_eq!(address_in(mail, "To").as_deref(), Some("kim@customer.example"));
        assert_eq!(address_in(mail, "Reply-To").as_deref(), Some("help+t@desk.example"));
        assert_eq!(address_in(mail, "Cc"), None);
    }
}
