//! Who may know what, thought through once more and apart from the desk: by who asked, whose company it was, and what was
//! so at which step of the story.

use serde_json::Value;
use std::collections::HashMap;

/// What stands before the number of each text.
pub const WORD: &str = "canary-";

/// How a person stands to the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// Switched off.
    Away,
    Customer {
        company: Option<usize>,
    },
    /// Works here; what staff may see of one another's tickets is not the question.
    Staff,
}

/// What was so after a step.
#[derive(Clone, Debug)]
pub struct Moment {
    pub stands: Vec<Stand>,
    /// Which companies share their tickets.
    pub shares: Vec<bool>,
}

pub struct Ticket {
    pub id: String,
    pub customer: usize,
    pub company: Option<usize>,
}

/// Something that was said, by the number that stands in it.
struct Text {
    since: usize,
    /// The step by which its author took it back.
    until: Option<usize>,
    /// On which tickets customers may read it; on none where it is for staff.
    tickets: Vec<usize>,
    is_comment: bool,
}

/// All that has happened.
#[derive(Default)]
pub struct Model {
    /// After each step; the first is how it began.
    pub moments: Vec<Moment>,
    pub tickets: Vec<Ticket>,
    texts: Vec<Text>,
    /// Which step each event of the log belongs to.
    pub events: HashMap<String, usize>,
}

impl Model {
    /// The step that is being made.
    pub fn step(&self) -> usize {
        self.moments.len()
    }

    pub fn now(&self) -> &Moment {
        self.moments.last().unwrap()
    }

    /// A text that customers may read on this ticket, or that nobody but staff may read.
    pub fn word(&mut self, ticket: Option<usize>, is_comment: bool) -> (usize, String) {
        let number = self.texts.len();
        let tickets = ticket.into_iter().collect();
        self.texts.push(Text { since: self.step(), until: None, tickets, is_comment });
        (number, format!("{WORD}{number}."))
    }

    /// What was said stands on this ticket too from now on.
    pub fn copy(&mut self, text: usize, ticket: usize) {
        self.texts[text].tickets.push(ticket);
    }

    pub fn is_for_staff(&self, text: usize) -> bool {
        self.texts[text].tickets.is_empty()
    }

    /// The new text stands where the old one stood, which its author has taken back.
    pub fn replace(&mut self, old: usize, new: usize) {
        self.texts[new].tickets = self.texts[old].tickets.clone();
        self.texts[old].until = Some(self.step());
    }

    /// What customers read on the source they read on the target, where those are the same customers.
    pub fn merge(&mut self, source: usize, target: usize) {
        let (from, into) = (&self.tickets[source], &self.tickets[target]);
        if from.customer == into.customer && from.company == into.company {
            for text in self.texts.iter_mut().filter(|text| text.is_comment && text.tickets.contains(&source)) {
                text.tickets.push(target);
            }
        }
    }

    /// The last step that a packet tells of, by its event or by a word in it.
    pub fn newest(&self, packet: &str) -> Option<usize> {
        let message: Value =
            packet.strip_prefix("42").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let event = message[1]["event_id"].as_str().and_then(|id| self.events.get(id)).copied();
        let words = numbers(packet).filter_map(|number| self.texts.get(number)).map(|text| text.since);
        words.chain(event).max()
    }

    pub fn number_of(&self, id: &str) -> Option<usize> {
        self.tickets.iter().position(|ticket| ticket.id == id)
    }

    /// Whether a person may see a ticket at a moment.
    pub fn sees(&self, moment: &Moment, person: usize, ticket: usize) -> bool {
        let ticket = &self.tickets[ticket];
        match moment.stands[person] {
            Stand::Away => false,
            Stand::Staff => true,
            Stand::Customer { company } => {
                ticket.customer == person
                    || company.is_some_and(|own| ticket.company == Some(own) && moment.shares[own])
            }
        }
    }

    /// What was said stands on this ticket and on no other. What is for staff stays so.
    pub fn move_to(&mut self, text: usize, ticket: usize) {
        let tickets = &mut self.texts[text].tickets;
        if !tickets.is_empty() {
            *tickets = vec![ticket];
        }
    }

    /// What customers read of one ticket they read on another one too, which goes on from it.
    pub fn go_on(&mut self, old: usize, new: usize) {
        for text in self.texts.iter_mut().filter(|text| text.tickets.contains(&old)) {
            text.tickets.push(new);
        }
    }

    /// What is wrong about a packet that a person got at a step, where something is. What passes without a trace in the
    /// log began at `began` at the earliest.
    pub fn judge(&self, person: usize, packet: &str, began: usize, arrived: usize) -> Option<String> {
        let message: Value =
            packet.strip_prefix("42").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let (name, data) = (message[0].as_str().unwrap_or_default(), &message[1]);
        let mut since = began;
        if let Some(id) = data["event_id"].as_str() {
            // Of what happened at a step one may hear who may know of it from then on.
            let Some(step) = self.events.get(id) else { return Some("an event that is not in the log".to_owned()) };
            since = *step;
        }
        let span = |from: usize| &self.moments[from.min(arrived)..=arrived.min(self.moments.len() - 1)];
        let ever = |from: usize, holds: &dyn Fn(&Moment) -> bool| span(from).iter().any(holds);
        if ever(since, &|moment| moment.stands[person] == Stand::Staff) {
            return None;
        }
        if matches!(name, "viewers" | "presence" | "ticket_escalated" | "sla_breach") {
            return Some(format!("{name} is for staff"));
        }
        if data["is_internal"] == true || data["comment"]["is_internal"] == true {
            return Some("a note is for staff".to_owned());
        }
        let told = &data["ticket"];
        if ["sla", "is_sla_breached", "escalation_level"].iter().any(|field| told.get(field).is_some()) {
            return Some("fields for staff".to_owned());
        }
        if let Some(id) = told["id"].as_str().or_else(|| data["ticket_id"].as_str()) {
            let Some(ticket) = self.number_of(id) else { return Some("a ticket of nobody".to_owned()) };
            if !ever(since, &|moment| self.sees(moment, person, ticket)) {
                return Some(format!("a ticket that this person did not see from step {since} to {arrived}"));
            }
        }
        for number in numbers(packet) {
            let Some(text) = self.texts.get(number) else { return Some(format!("text {number}, which nobody said")) };
            let is_open = |moment: &Moment| text.tickets.iter().any(|ticket| self.sees(moment, person, *ticket));
            if !ever(since.max(text.since), &is_open) {
                return Some(format!("text {number}, said at step {} and not for this person", text.since));
            }
            if text.until.is_some_and(|until| until <= since) {
                return Some(format!("text {number}, which was taken back before"));
            }
        }
        None
    }
}

/// The numbers of the texts that a packet holds.
pub fn numbers(packet: &str) -> impl Iterator<Item = usize> {
    packet
        .split(WORD)
        .skip(1)
        .map(|rest| rest.split(|letter: char| !letter.is_ascii_digit()).next().unwrap().parse().unwrap())
}
