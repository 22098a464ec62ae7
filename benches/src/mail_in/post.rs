//! Who writes to the desk while its server is killed, and what must come of it.

use super::{Dovecot, Letter};
use crate::sample::Dice;
use crate::sink::Taken;
use anyhow::Result;
use hyper::body::Bytes;
use std::collections::BTreeMap;

/// The mailboxes by folder: where their mail lies, whom it is for, and where it goes when the desk has it.
pub const MAILBOXES: [(&str, &str, Option<&str>); 2] =
    [("INBOX", "help@desk.example", None), ("Bills", "bills@desk.example", Some("Done"))];

/// How many tickets and answers come from one person, so that no cap is reached.
const TICKETS_EACH: usize = 8;
const ANSWERS_EACH: usize = 6;

/// Of a hundred mails so many come again, bring a file along, or answer where there is something to answer.
const AGAIN: u64 = 8;
const FILES: u64 = 20;
const ANSWERS: u64 = 40;

/// A mail that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its number, which stands in its text and in the name of its file.
    pub number: usize,
    /// Whether it answers a mail of the desk.
    pub is_answer: bool,
    /// Whether it brings a file along.
    pub has_file: bool,
}

impl Sent {
    /// What only this mail says.
    pub fn marker(&self) -> String {
        marker(self.number)
    }

    /// The name of its file.
    pub fn file(&self) -> String {
        format!("{}.txt", self.marker())
    }
}

fn marker(number: usize) -> String {
    format!("mark{number:06}")
}

/// Where an answer goes.
struct Conversation {
    reply_to: String,
    customer: String,
    message_id: String,
    answers: usize,
}

/// All who write.
pub struct Post {
    dice: Dice,
    /// What was sent, by `Message-ID`.
    pub sent: BTreeMap<String, Sent>,
    /// How many mails lie or lay in each mailbox, in the order of [`MAILBOXES`].
    pub delivered: [usize; 2],
    /// How many of them are another copy of one that was sent before.
    pub again: usize,
    copies: Vec<(usize, Bytes)>,
    tickets: usize,
    known: usize,
    conversations: BTreeMap<String, Conversation>,
}

impl Post {
    /// Nobody has written yet.
    pub fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            sent: BTreeMap::new(),
            delivered: [0; 2],
            again: 0,
            copies: Vec::new(),
            tickets: 0,
            known: 0,
            conversations: BTreeMap::new(),
        }
    }

    /// Hears what the desk has written, which can be answered from now on.
    pub fn hear(&mut self, mails: &[Taken]) {
        for mail in mails.get(self.known..).unwrap_or_default() {
            let Some(reply_to) = &mail.reply_to else { continue };
            self.conversations.entry(reply_to.clone()).or_insert_with(|| Conversation {
                reply_to: reply_to.clone(),
                customer: mail.to.clone(),
                message_id: mail.message_id.trim_matches(['<', '>']).to_owned(),
                answers: 0,
            });
        }
        self.known = mails.len();
    }

    /// So many mails come, to one mailbox or the other.
    pub fn write(&mut self, server: &Dovecot, count: usize) -> Result<()> {
        for _ in 0..count {
            let place = usize::from(self.dice.below(2) == 1);
            let Some((folder, address, _)) = MAILBOXES.get(place) else { continue };
            let bytes = if self.dice.below(100) < AGAIN { self.copy() } else { None };
            let bytes = match bytes {
                Some(bytes) => {
                    self.again += 1;
                    bytes
                }
                None => self.new_mail(address),
            };
            let number: usize = self.delivered.iter().sum();
            server.deliver(folder, &format!("m{number:07}"), &bytes)?;
            if let Some(delivered) = self.delivered.get_mut(place) {
                *delivered += 1;
            }
        }
        Ok(())
    }

    /// Another copy of a mail, by another way: what a server wrote at its head is different.
    fn copy(&mut self) -> Option<Bytes> {
        let (number, bytes) = self.dice.pick(&self.copies)?;
        let way = format!("Received: from relay{}.example by mx.example; for {number}\r\n", self.again);
        Some([way.as_bytes(), bytes].concat().into())
    }

    fn new_mail(&mut self, address: &str) -> Bytes {
        let number = self.sent.len();
        let has_file = self.dice.below(100) < FILES;
        let answered = if self.dice.below(100) < ANSWERS { self.conversation() } else { None };
        let is_answer = answered.is_some();
        let (from, to, answers) = answered.unwrap_or_else(|| {
            let writer = self.tickets / TICKETS_EACH;
            self.tickets += 1;
            (format!("kim{writer}@customer.example"), address.to_owned(), None)
        });
        let sent = Sent { number, is_answer, has_file };
        let letter = Letter {
            from,
            to,
            subject: format!("{}It hums, {number}", if is_answer { "Re: " } else { "" }),
            message_id: format!("{number}.{}@customer.example", self.dice.below(1_000_000)),
            answers,
            text: format!("It says {} on the display.\nWhat is that?", sent.marker()),
            file: has_file.then(|| (sent.file(), sent.marker().repeat(500).into_bytes())),
            ..Letter::default()
        };
        let bytes = letter.bytes();
        self.copies.push((number, bytes.clone()));
        self.sent.insert(letter.message_id, sent);
        bytes
    }

    /// Somebody who goes on with a conversation: from whom, to whom and to what.
    fn conversation(&mut self) -> Option<(String, String, Option<String>)> {
        let all = u64::try_from(self.conversations.len()).ok().filter(|all| *all > 0)?;
        let place = usize::try_from(self.dice.below(all)).ok()?;
        let one = self.conversations.values_mut().nth(place)?;
        if one.answers == ANSWERS_EACH {
            return None;
        }
        one.answers += 1;
        // By the address alone, as some programs do, or by both.
        let answers = (one.answers % 2 == 0).then(|| one.message_id.clone());
        Some((one.customer.clone(), one.reply_to.clone(), answers))
    }
}

/// The markers in a text.
pub fn markers(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| word.len() > 4 && word.starts_with("mark") && word[4..].bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_found_and_nothing_else_is() {
        let text = format!("It says {} on,\n{}. mark marked mark12x", marker(7), marker(1_234_567));
        assert_eq!(markers(&text).collect::<Vec<_>>(), ["mark000007", "mark1234567"]);
    }

    #[test]
    fn people_answer_once_they_were_written_to_and_stay_below_the_caps() {
        let mut post = Post::new(1);
        for _ in 0..100 {
            post.new_mail("help@desk.example");
        }
        assert!(post.sent.values().all(|sent| !sent.is_answer) && post.sent.values().any(|sent| sent.has_file));
        let line = r#"{"mail": {"to": ["kim0@customer.example"], "people": {"Reply-To": [["", "help+t@desk.example"]]},
            "headers": [["Message-ID", "<1@desk.example>"]]}}"#;
        let mail = Taken::read(line).unwrap();
        post.hear(&[mail.clone(), mail]);
        for _ in 0..1_000 {
            post.new_mail("help@desk.example");
        }
        assert_eq!(post.sent.values().filter(|sent| sent.is_answer).count(), ANSWERS_EACH);
        assert_eq!(post.sent.len(), 1_100);
    }
}
