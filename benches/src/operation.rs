//! What a desk is asked for all day, as requests that are made once and sent often.

use crate::sample::Dice;
use crate::wire::{Caller, Prepared, Session};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use hyper::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How many tickets are read and written in turn; the desk's caches must not know them all.
const SAMPLE: usize = 20_000;
const CUSTOMERS: usize = 100;
const PAGE: usize = 25;

/// One of the measured operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Make a ticket for a customer.
    Create,
    /// Read one ticket.
    Get,
    /// Read the newest tickets.
    First,
    /// Read a page in the middle of all tickets by its cursor.
    Deep,
    /// Answer a ticket.
    Comment,
}

impl Operation {
    /// All of them; those that write come last, so that the others find the desk as it was filled.
    pub const ALL: [Self; 5] = [Self::Get, Self::First, Self::Deep, Self::Comment, Self::Create];

    /// Its name in tables, files and scripts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::First => "first",
            Self::Deep => "deep",
            Self::Comment => "comment",
        }
    }

    /// The status that says that it was done.
    pub fn success(self) -> u16 {
        match self {
            Self::Create | Self::Comment => 201,
            Self::Get | Self::First | Self::Deep => 200,
        }
    }
}

/// What is known of the desk before it is measured.
pub struct Corpus {
    /// How many tickets there are.
    pub tickets: u64,
    /// Ids of tickets from the first half of the list.
    pub sample: Vec<String>,
    /// Ids of tickets that take comments.
    pub talkative: Vec<String>,
    /// Ids of customers.
    pub customers: Vec<String>,
    /// The cursor of the page in the middle.
    pub cursor: String,
    /// The last ticket before that page: when it was made, and its id.
    pub before_cursor: (String, String),
}

impl Corpus {
    /// Walks to the middle of the list, a page after another, as a client would.
    pub async fn survey(caller: &Caller) -> Result<Self> {
        let mut session = caller.open().await?;
        let counted = session.expect(Method::GET, "/api/tickets?limit=1&count=true", None).await?;
        let tickets = counted["total"].as_u64().context("a count without a total")?;
        let mut dice = Dice::new(tickets);
        let (mut sample, mut seen, mut cursor, mut last) = (Vec::new(), 0, None, None);
        while seen < (tickets / 2).max(1) {
            let (items, next) = session.page("/api/tickets?limit=100", cursor.as_deref()).await?;
            for ticket in &items {
                seen += 1;
                keep(&mut sample, &mut dice, seen, ticket);
            }
            last = items.last().cloned().or(last);
            cursor = next;
            if cursor.is_none() {
                bail!("{tickets} tickets are too few: there is no page in the middle");
            }
        }
        let last = last.context("an empty desk")?;
        let field = |name: &str| last[name].as_str().map(str::to_owned).with_context(|| format!("no {name}"));
        Ok(Self {
            tickets,
            sample,
            talkative: talkative(&mut session).await?,
            customers: customers(&mut session).await?,
            before_cursor: (field("created_at")?, field("id")?),
            cursor: cursor.context("no cursor")?,
        })
    }

    /// The requests of an operation, to be sent in turn.
    pub fn requests(&self, caller: &Caller, operation: Operation) -> Result<Vec<Prepared>> {
        let get = |path: &str| caller.request(Method::GET, path, None);
        match operation {
            Operation::Get => self.sample.iter().map(|id| get(&format!("/api/tickets/{id}"))).collect(),
            Operation::First => Ok(vec![get(&format!("/api/tickets?limit={PAGE}"))?]),
            Operation::Deep => Ok(vec![get(&format!("/api/tickets?limit={PAGE}&cursor={}", self.cursor))?]),
            Operation::Comment => (0..)
                .zip(&self.talkative)
                .map(|(number, id)| {
                    let body = json!({"body": sentence(number, 180)});
                    caller.request(Method::POST, &format!("/api/tickets/{id}/comments"), Some(&body))
                })
                .collect(),
            Operation::Create => (0..)
                .zip(self.customers.iter().cycle())
                .take(500)
                .map(|(number, customer)| {
                    let ticket = json!({
                        "subject": sentence(number, 50), "description": sentence(number + 7, 300),
                        "priority": "high", "category": "hardware",
                        "customer_id": customer,
                    });
                    caller.request(Method::POST, "/api/tickets", Some(&ticket))
                })
                .collect(),
        }
    }
}

/// Keeps a fair sample of all that was seen.
fn keep(sample: &mut Vec<String>, dice: &mut Dice, seen: u64, ticket: &Value) {
    let Some(id) = ticket["id"].as_str() else { return };
    if sample.len() < SAMPLE {
        sample.push(id.to_owned());
    } else if let Some(place) = usize::try_from(dice.below(seen)).ok().and_then(|place| sample.get_mut(place)) {
        id.clone_into(place);
    }
}

async fn talkative(session: &mut Session) -> Result<Vec<String>> {
    let path = "/api/tickets?status=open,in_progress,pending,on_hold&limit=100";
    let (mut found, mut cursor) = (Vec::new(), None);
    while found.len() < SAMPLE / 4 {
        let (items, next) = session.page(path, cursor.as_deref()).await?;
        found.extend(items.iter().filter_map(|ticket| ticket["id"].as_str().map(str::to_owned)));
        match next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    if found.is_empty() {
        bail!("no ticket takes a comment");
    }
    Ok(found)
}

async fn customers(session: &mut Session) -> Result<Vec<String>> {
    let (items, _) = session.page("/api/users?role=customer&limit=100", None).await?;
    let found: Vec<_> =
        items.iter().filter_map(|user| user["id"].as_str().map(str::to_owned)).take(CUSTOMERS).collect();
    if found.is_empty() {
        bail!("the desk has no customers");
    }
    Ok(found)
}

const WORDS: &[&str] = &[
    "the", "printer", "on", "floor", "three", "stopped", "after", "an", "update", "and", "now", "shows", "a", "red",
    "light", "when", "somebody", "sends", "more", "than", "two", "pages", "from", "any", "laptop", "in", "our",
    "office",
];

/// Words of about this many bytes.
fn sentence(number: u64, bytes: usize) -> String {
    let mut dice = Dice::new(number);
    let mut text = String::with_capacity(bytes + 16);
    while text.len() < bytes {
        text.push_str(dice.pick(WORDS).copied().unwrap_or_default());
        text.push(' ');
    }
    text.trim_end().to_owned()
}
