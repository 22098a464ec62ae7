//! Looks for every write that was answered, through the API alone.

use super::ledger::{Entry, Ledger};
use crate::wire::{Caller, Session};
use anyhow::Result;
use serde_json::Value;
use std::collections::BTreeMap;

/// What was found.
#[derive(Debug, Default)]
pub struct Tally {
    /// Answered writes that are not there, or not as they were answered.
    pub lost: Vec<String>,
    /// Writes that are there more than once.
    pub duplicated: Vec<String>,
    /// What is there though nobody wrote it.
    pub unknown: Vec<String>,
    /// Unanswered writes that had happened all the same.
    pub unanswered_present: usize,
}

impl Tally {
    /// Whether all is as it should be.
    pub fn is_clean(&self) -> bool {
        self.lost.is_empty() && self.duplicated.is_empty() && self.unknown.is_empty()
    }

    /// Adds what was found elsewhere.
    pub fn add(&mut self, other: Self) {
        self.lost.extend(other.lost);
        self.duplicated.extend(other.duplicated);
        self.unknown.extend(other.unknown);
        self.unanswered_present += other.unanswered_present;
    }

    /// Compares what is there with what was answered; what is left over must be unanswered.
    fn compare<'a>(&mut self, ledger: &Ledger, answered: impl IntoIterator<Item = &'a String>, found: &[String]) {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for text in found {
            *counts.entry(text).or_default() += 1;
        }
        for (text, count) in &counts {
            if *count > 1 {
                self.duplicated.push(format!("{text} is there {count} times"));
            }
        }
        for text in answered {
            if counts.remove(text.as_str()).is_none() {
                self.lost.push(text.clone());
            }
        }
        for text in counts.into_keys() {
            if ledger.unanswered.contains(text) {
                self.unanswered_present += 1;
            } else {
                self.unknown.push(text.to_owned());
            }
        }
    }
}

/// Checks the tickets that a client made in this cycle, or all of them.
pub async fn verify(caller: &Caller, ledger: &Ledger, cycle: Option<u32>) -> Result<Tally> {
    let mut session = caller.open().await?;
    let mut tally = Tally::default();
    let is_wanted = |entry: &&Entry| cycle.is_none_or(|cycle| entry.cycle == cycle);
    let listed = listed(&mut session, ledger, cycle).await?;
    let subjects: Vec<_> = listed.iter().map(|ticket| text(ticket, "subject")).collect();
    tally.compare(ledger, ledger.entries.iter().filter(is_wanted).map(|entry| &entry.subject), &subjects);
    for ticket in &listed {
        let id = text(ticket, "id");
        let unknown = Entry { cycle: 0, id, subject: String::new(), comments: Vec::new(), categories: Vec::new() };
        // A ticket whose creation was not answered has no entry, and nobody could write to it.
        let entry = ledger.entries.iter().rev().find(|entry| entry.id == unknown.id).unwrap_or(&unknown);
        verify_ticket(&mut session, ledger, entry, ticket, &mut tally).await?;
    }
    Ok(tally)
}

/// The client's tickets, newest first; of one cycle where that is asked for.
async fn listed(session: &mut Session, ledger: &Ledger, cycle: Option<u32>) -> Result<Vec<Value>> {
    let path = format!("/api/tickets?limit=100&sort=-created_at&customer_id={}", ledger.customer);
    let Some(cycle) = cycle else { return session.all(&path).await };
    let prefix = format!("kill {cycle}-");
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let (items, next) = session.page(&path, cursor.as_deref()).await?;
        let asked = items.len();
        let before = found.len();
        found.extend(items.into_iter().filter(|ticket| text(ticket, "subject").starts_with(&prefix)));
        // The list is newest first, so that the first page with an older ticket in it is the last to look at.
        let reaches_on = found.len() - before == asked;
        match next {
            Some(next) if reaches_on => cursor = Some(next),
            _ => return Ok(found),
        }
    }
}

async fn verify_ticket(
    session: &mut Session,
    ledger: &Ledger,
    entry: &Entry,
    ticket: &Value,
    tally: &mut Tally,
) -> Result<()> {
    let path = format!("/api/tickets/{}", entry.id);
    let comments = session.all(&format!("{path}/comments?limit=100")).await?;
    let comments: Vec<_> = comments.iter().map(|comment| text(comment, "body")).collect();
    tally.compare(ledger, &entry.comments, &comments);

    let timeline = session.all(&format!("{path}/timeline?limit=100")).await?;
    let mut categories = Vec::new();
    let (mut created, mut commented) = (0, 0);
    for event in &timeline {
        match event["type"].as_str() {
            Some("ticket.created") => created += 1,
            Some("comment.added") => commented += 1,
            _ => categories.extend(event["data"]["changes"]["category"][1].as_str().map(str::to_owned)),
        }
    }
    // The log and the state are one commit: neither may know what the other does not.
    if created != 1 || commented != comments.len() {
        tally.lost.push(format!("{path}: {created} creations and {commented} comments in the timeline"));
    }
    if categories.last().map(String::as_str) != ticket["category"].as_str() {
        tally.lost.push(format!("{path}: the category is {} and the timeline says {categories:?}", ticket["category"]));
    }
    tally.compare(ledger, &entry.categories, &categories);
    Ok(())
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_doubled_and_unknown_writes_are_told_apart() {
        let mut ledger = Ledger::new(0, String::new());
        ledger.unanswered.insert("maybe".to_owned());
        let mut tally = Tally::default();
        let texts = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        tally.compare(&ledger, &texts(&["kept", "gone"]), &texts(&["kept", "kept", "maybe", "ghost"]));
        assert_eq!(tally.lost, ["gone"]);
        assert_eq!(tally.duplicated, ["kept is there 2 times"]);
        assert_eq!(tally.unknown, ["ghost"]);
        assert_eq!(tally.unanswered_present, 1);
        assert!(!tally.is_clean() && Tally::default().is_clean());
    }
}
