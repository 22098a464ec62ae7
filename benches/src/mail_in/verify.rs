//! Whether every mail became what it should, once.

use super::post::{Sent, markers};
use super::text;
use crate::wire::Session;
use anyhow::Result;
use serde_json::Value;
use std::collections::BTreeMap;

/// What the desk has, of all that was sent.
#[derive(Debug, Default)]
pub struct Account {
    /// What became of the mails, by `Message-ID`; a mail that was taken in twice has two.
    arrivals: BTreeMap<String, Vec<String>>,
    /// How often each marker stands in what was said.
    said: BTreeMap<String, usize>,
    /// How often there is a file of each name.
    files: BTreeMap<String, usize>,
}

impl Account {
    /// What is there, as an administrator sees it.
    pub async fn draw(admin: &mut Session) -> Result<Self> {
        let mut account = Self::default();
        for arrival in admin.all("/api/inbound?limit=100").await? {
            account.add_arrival(&arrival);
        }
        for ticket in admin.all("/api/tickets?limit=100").await? {
            let id = text(&ticket, "id");
            account.add_text(&text(&ticket, "description"));
            for comment in admin.all(&format!("/api/tickets/{id}/comments?limit=100")).await? {
                account.add_text(&text(&comment, "body"));
            }
            for file in admin.all(&format!("/api/tickets/{id}/attachments?limit=100")).await? {
                *account.files.entry(text(&file, "filename")).or_default() += 1;
            }
        }
        Ok(account)
    }

    fn add_arrival(&mut self, arrival: &Value) {
        let state = [text(arrival, "state"), text(arrival, "cause"), text(arrival, "reason")].join(" ");
        self.arrivals.entry(text(arrival, "message_id")).or_default().push(state.trim().to_owned());
    }

    fn add_text(&mut self, said: &str) {
        for marker in markers(said) {
            *self.said.entry(marker.to_owned()).or_default() += 1;
        }
    }

    /// What is not as it must be.
    pub fn flaws(&self, sent: &BTreeMap<String, Sent>) -> Vec<String> {
        let mut flaws = Vec::new();
        for (id, mail) in sent {
            let marker = mail.marker();
            let wanted = if mail.is_answer { "threaded" } else { "new" };
            let became = self.arrivals.get(id).map(Vec::as_slice).unwrap_or_default();
            if became != [wanted] {
                flaws.push(format!("{marker} became {became:?} and not {wanted}"));
            }
            let said = self.said.get(&marker).copied().unwrap_or_default();
            if said != 1 {
                flaws.push(format!("{marker} was said {said} times"));
            }
            let files = self.files.get(&mail.file()).copied().unwrap_or_default();
            if files != usize::from(mail.has_file) {
                flaws.push(format!("the file of {marker} is there {files} times"));
            }
        }
        flaws.extend(self.arrivals.keys().filter(|id| !sent.contains_key(*id)).map(|id| format!("nobody sent {id}")));
        let known: usize = self.files.values().sum();
        let wanted = sent.values().filter(|mail| mail.has_file).count();
        if known != wanted {
            flaws.push(format!("there are {known} files, and {wanted} were sent"));
        }
        flaws
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn account(state: &str, times: usize, texts: &[&str], files: usize) -> Account {
        let mut account = Account::default();
        for _ in 0..times {
            account.add_arrival(&json!({"message_id": "1@x", "state": state}));
        }
        for text in texts {
            account.add_text(text);
        }
        account.files.insert("mark000001.txt".to_owned(), files);
        account
    }

    #[test]
    fn a_mail_that_is_missing_or_there_twice_is_a_flaw() {
        let mail = Sent { number: 1, is_answer: true, has_file: true };
        let sent = BTreeMap::from([("1@x".to_owned(), mail)]);
        let said = ["It says mark000001."];
        assert_eq!(account("threaded", 1, &said, 1).flaws(&sent), Vec::<String>::new());
        for flawed in [
            account("new", 1, &said, 1),
            account("threaded", 2, &said, 1),
            account("threaded", 0, &said, 1),
            account("threaded", 1, &[], 1),
            account("threaded", 1, &[said[0], said[0]], 1),
        ] {
            assert_eq!(flawed.flaws(&sent).len(), 1, "{flawed:?}");
        }
        // A file too few or too many is also one in all.
        assert_eq!(account("threaded", 1, &said, 2).flaws(&sent).len(), 2);
        assert_eq!(account("threaded", 1, &said, 1).flaws(&BTreeMap::new()).len(), 2);
    }
}
