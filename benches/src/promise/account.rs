//! What was committed, set beside what arrived.

use super::address;
use crate::kill::Ledger;
use crate::receiver::Call;
use crate::sink::Taken;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The events that the proof's webhook is told of.
pub const TOLD: [&str; 2] = ["ticket.created", "comment.added"];

/// What the proof's rule says on every new ticket, once: a note, a label, a mail.
pub const RULE: &str = "The rule has seen";

/// What arrived.
pub struct Arrivals<'a> {
    /// At the endpoint.
    pub calls: &'a [Call],
    /// At the mail server.
    pub mails: &'a [Taken],
}

/// What became of the promises.
#[derive(Debug, Default)]
pub struct Account {
    /// Tickets and comments in the log.
    pub committed: usize,
    /// Those of them whose call arrived and was answered.
    pub delivered: usize,
    /// Calls beyond the first of an event.
    pub call_duplicates: usize,
    /// Tickets that were made for a customer.
    pub tickets: usize,
    /// Those of them whose customer got the confirmation.
    pub confirmed: usize,
    /// Public comments of staff.
    pub comments: usize,
    /// Those of them that the customer got by mail.
    pub mailed: usize,
    /// Mails beyond the first with an id.
    pub mail_duplicates: usize,
    /// Tickets on which the rule left its note and its label, each once.
    pub ruled: usize,
    /// Those of them whose customer got the rule's mail.
    pub rule_mailed: usize,
    /// What must not be.
    pub violations: Vec<String>,
}

impl Account {
    /// Sets events and tickets of the desk beside what arrived and what the writers were answered.
    pub fn draw(events: &[Value], tickets: &[Value], arrivals: &Arrivals<'_>, ledgers: &[Ledger]) -> Self {
        let mut account = Self::default();
        let text = |value: &Value, field: &str| value[field].as_str().unwrap_or_default().to_owned();
        let (by_rules, events): (Vec<&Value>, Vec<&Value>) = events.iter().partition(|event| event["rule"].is_object());
        account.rules(&by_rules, tickets);
        let told = events.into_iter().filter(|event| TOLD.contains(&event["type"].as_str().unwrap_or_default()));
        let committed: BTreeSet<String> = told.map(|event| text(event, "event_id")).collect();
        account.calls(&committed, arrivals.calls);
        let tickets: BTreeMap<String, String> =
            tickets.iter().map(|ticket| (text(ticket, "id"), text(ticket, "subject"))).collect();
        let comments = comments(arrivals.calls);
        account.mails(&tickets, &comments, arrivals.mails);
        account.answered(&tickets, &comments, ledgers);
        account
    }

    /// In the desk, what a rule does is done once or not at all.
    fn rules(&mut self, by_rules: &[&Value], tickets: &[Value]) {
        let mut notes: HashMap<&str, usize> = HashMap::new();
        for event in by_rules.iter().filter(|event| event["type"] == "comment.added") {
            *notes.entry(event["ticket_id"].as_str().unwrap_or_default()).or_default() += 1;
        }
        for ticket in tickets {
            let id = ticket["id"].as_str().unwrap_or_default();
            let notes = notes.get(id).copied().unwrap_or_default();
            if notes == 1 && ticket["tags"] == serde_json::json!(["ruled"]) {
                self.ruled += 1;
            } else {
                self.violations
                    .push(format!("ticket {id} has {notes} notes of the rule and the labels {}", ticket["tags"]));
            }
        }
    }

    fn calls(&mut self, committed: &BTreeSet<String>, calls: &[Call]) {
        let mut events: HashMap<&str, (&str, bool)> = HashMap::new();
        let mut ids: HashMap<&str, &str> = HashMap::new();
        for call in calls {
            if let Some(flaw) = &call.flaw {
                self.violations.push(format!("call {}: {flaw}", call.id));
            }
            let (id, is_answered) = events.entry(&call.event_id).or_insert((&call.id, false));
            if *id != call.id {
                self.violations.push(format!("event {} was told as {id} and as {}", call.event_id, call.id));
            }
            *is_answered |= call.is_answered;
            let event = ids.entry(&call.id).or_insert(&call.event_id);
            if *event != call.event_id {
                self.violations.push(format!("call {} told of {event} and of {}", call.id, call.event_id));
            }
        }
        self.committed = committed.len();
        self.call_duplicates = calls.len() - events.len();
        for id in committed {
            if events.get(id.as_str()).is_some_and(|(_, is_answered)| *is_answered) {
                self.delivered += 1;
            } else {
                self.violations.push(format!("event {id} was not delivered"));
            }
        }
        for id in events.keys().filter(|id| !committed.contains(**id)) {
            self.violations.push(format!("event {id} was delivered and is not in the log"));
        }
    }

    fn mails(&mut self, tickets: &BTreeMap<String, String>, comments: &Comments<'_>, mails: &[Taken]) {
        let mut by_address: HashMap<&str, Vec<&Taken>> = HashMap::new();
        for mail in mails {
            by_address.entry(&mail.to).or_default().push(mail);
        }
        self.tickets = tickets.len();
        let distinct: HashSet<&str> = mails.iter().map(|mail| mail.message_id.as_str()).collect();
        self.mail_duplicates = mails.len() - distinct.len();
        for (id, subject) in tickets {
            let got = by_address.remove(address(subject).as_str()).unwrap_or_default();
            let said = comments.get(id.as_str()).cloned().unwrap_or_default();
            let tells = |mail: &Taken, text: &str| mail.text.contains(text);
            let ids = |wanted: &dyn Fn(&Taken) -> bool| -> BTreeSet<&str> {
                got.iter().filter(|mail| wanted(mail)).map(|mail| mail.message_id.as_str()).collect()
            };
            // What tells of no comment tells that the question has arrived.
            let rule = ids(&|mail| tells(mail, RULE));
            self.rule_mailed += usize::from(!rule.is_empty());
            self.expect_one(&format!("what the rule says of {subject}"), &rule);
            let confirmations = ids(&|mail| !tells(mail, RULE) && !said.iter().any(|text| tells(mail, text)));
            self.confirmed += usize::from(!confirmations.is_empty());
            self.expect_one(&format!("the confirmation of {subject}"), &confirmations);
            for text in &said {
                let told = ids(&|mail| tells(mail, text));
                self.comments += 1;
                self.mailed += usize::from(!told.is_empty());
                self.expect_one(text, &told);
            }
        }
        for stranger in by_address.keys() {
            self.violations.push(format!("{stranger} got mail and has no ticket"));
        }
    }

    fn expect_one(&mut self, what: &str, ids: &BTreeSet<&str>) {
        if ids.len() != 1 {
            self.violations.push(format!("{what} was mailed under {} ids: {ids:?}", ids.len()));
        }
    }

    fn answered(&mut self, tickets: &BTreeMap<String, String>, comments: &Comments<'_>, ledgers: &[Ledger]) {
        for entry in ledgers.iter().flat_map(|ledger| &ledger.entries) {
            if tickets.get(&entry.id) != Some(&entry.subject) {
                self.violations.push(format!("{} was answered and is not there", entry.subject));
            }
            let told = comments.get(entry.id.as_str());
            for text in &entry.comments {
                if told.is_none_or(|told| !told.contains(text.as_str())) {
                    self.violations.push(format!("{text} was answered and not delivered"));
                }
            }
        }
    }
}

/// The texts of comments by their ticket's id.
type Comments<'a> = HashMap<&'a str, BTreeSet<&'a str>>;

fn comments(calls: &[Call]) -> Comments<'_> {
    let mut comments = Comments::new();
    for call in calls {
        if let Some(text) = &call.comment {
            comments.entry(&call.ticket_id).or_default().insert(text);
        }
    }
    comments
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::time::Instant;

    fn call(id: &str, event: &str, comment: Option<&str>) -> Call {
        Call {
            at: Instant::now(),
            id: id.to_owned(),
            event_id: event.to_owned(),
            ticket_id: "t".to_owned(),
            comment: comment.map(str::to_owned),
            is_answered: true,
            flaw: None,
        }
    }

    fn mail(id: &str, text: &str) -> Taken {
        Taken {
            at: Instant::now(),
            from: String::new(),
            to: "promise.1@customer.example".to_owned(),
            message_id: id.to_owned(),
            thread: None,
            subject: String::new(),
            text: text.to_owned(),
            reply_to: None,
            bytes: Vec::new(),
        }
    }

    fn draw(calls: &[Call], mails: &[Taken]) -> Account {
        let event = |id: &str, name: &str| json!({"event_id": id, "type": name, "ticket_id": "t"});
        let note =
            json!({"event_id": "d", "type": "comment.added", "ticket_id": "t", "rule": {"id": "r", "version": 1}});
        let events = [event("a", "ticket.created"), event("b", "comment.added"), event("c", "ticket.updated"), note];
        let tickets = [json!({"id": "t", "subject": "promise 1", "tags": ["ruled"]})];
        let by_rule = mail("m0", RULE);
        let mails: Vec<Taken> = mails.iter().cloned().chain([by_rule]).collect();
        Account::draw(&events, &tickets, &Arrivals { calls, mails: &mails }, &[])
    }

    #[test]
    fn a_kept_promise_is_one_id_however_often_it_came() {
        let calls = [call("1", "a", None), call("2", "b", Some("said")), call("1", "a", None)];
        let mails = [mail("m1", "It has arrived"), mail("m2", "Ann said"), mail("m1", "It has arrived")];
        let account = draw(&calls, &mails);
        assert_eq!(account.violations, Vec::<String>::new());
        assert_eq!((account.committed, account.delivered, account.call_duplicates), (2, 2, 1));
        assert_eq!((account.confirmed, account.mailed, account.mail_duplicates), (1, 1, 1));
    }

    #[test]
    fn a_rule_that_acts_twice_or_not_at_all_is_told() {
        let note =
            json!({"event_id": "d", "type": "comment.added", "ticket_id": "t", "rule": {"id": "r", "version": 1}});
        let ticket = |tags: &[&str]| [json!({"id": "t", "subject": "promise 1", "tags": tags})];
        let flaws = |events: &[Value], tickets: &[Value]| {
            let mut account = Account::default();
            account.rules(&events.iter().collect::<Vec<_>>(), tickets);
            (account.ruled, account.violations.len())
        };
        assert_eq!(flaws(std::slice::from_ref(&note), &ticket(&["ruled"])), (1, 0));
        assert_eq!(flaws(&[note.clone(), note.clone()], &ticket(&["ruled"])), (0, 1));
        assert_eq!(flaws(&[note], &ticket(&[])), (0, 1));
        assert_eq!(flaws(&[], &ticket(&["ruled"])), (0, 1));
    }

    #[test]
    fn a_broken_promise_is_told() {
        let good = [call("1", "a", None), call("2", "b", Some("said"))];
        let letters = [mail("m1", "It has arrived"), mail("m2", "Ann said")];
        let broken = |calls: &[Call], mails: &[Taken]| draw(calls, mails).violations;
        assert_eq!(broken(&good[..1], &letters[..1]), ["event b was not delivered"]);
        assert_eq!(broken(&good, &letters[1..]).len(), 1, "no confirmation");
        assert_eq!(broken(&good, &letters[..1]).len(), 1, "a comment that nobody was mailed");
        let other_id = [good[0].clone(), good[1].clone(), call("3", "a", None)];
        assert_eq!(broken(&other_id, &letters), ["event a was told as 1 and as 3"]);
        let twice = [letters[0].clone(), letters[1].clone(), mail("m3", "It has arrived")];
        assert_eq!(broken(&good, &twice).len(), 1, "a second confirmation with another id");
        let mut unanswered = good.clone();
        unanswered[0].is_answered = false;
        assert_eq!(broken(&unanswered, &letters), ["event a was not delivered"]);
        let mut forged = good.clone();
        forged[1].flaw = Some("forged".to_owned());
        assert_eq!(broken(&forged, &letters), ["call 2: forged"]);
    }
}
