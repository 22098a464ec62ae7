//! A client that keeps a picture of the desk: what its socket tells, and the log where the socket had a gap.

use crate::server::client::{Client, items, text};
use crate::sockets::{Ear, Heard};
use reqwest::Method;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Duration;
use tokio::sync::watch;

/// How long the last event may take to come.
const PATIENCE: Duration = Duration::from_mins(1);

/// What somebody knows of the desk by its events alone.
pub struct Follower {
    ear: Ear,
    /// By the same link as the socket.
    person: Client,
    start: String,
    cursor: String,
    known: HashSet<String>,
    /// The events in the order in which they were learned.
    order: Vec<String>,
    tickets: BTreeMap<String, Picture>,
    /// How often the log was read because something was missing.
    pub catches: usize,
    /// How many events came both ways.
    pub twice: usize,
}

#[derive(Default)]
struct Picture {
    fields: BTreeMap<String, Value>,
    comments: BTreeSet<String>,
}

impl Follower {
    pub fn new(ear: Ear, person: Client) -> Self {
        Self {
            ear,
            person,
            start: String::new(),
            cursor: String::new(),
            known: HashSet::new(),
            order: Vec::new(),
            tickets: BTreeMap::new(),
            catches: 0,
            twice: 0,
        }
    }

    /// Follows until it knows of the ticket that is named in the end.
    pub async fn follow(mut self, mut end: watch::Receiver<Option<String>>) -> Self {
        loop {
            let last = end.borrow_and_update().clone();
            if last.as_ref().is_some_and(|last| self.tickets.contains_key(last)) {
                return self;
            }
            let heard = tokio::select! {
                heard = self.ear.next() => heard,
                _ = end.changed() => continue,
                () = tokio::time::sleep(PATIENCE), if last.is_some() => {
                    panic!("{} does not hear of the end; of {} events the last is {:?}", self.ear.name, self.order.len(), self.order.last());
                }
            };
            self.hear(heard).await;
        }
    }

    async fn hear(&mut self, heard: Heard) {
        match heard.event.as_str() {
            "ready" if self.start.is_empty() => {
                self.start = text(&heard.data["cursor"]);
                self.cursor.clone_from(&self.start);
            }
            "ready" => self.catch_up().await,
            "resync" => {
                self.cursor = text(&heard.data["after"]);
                self.catch_up().await;
            }
            _ if heard.data["event_id"].is_string() => {
                let ticket = text(&heard.data["ticket"]["id"]);
                let comment = heard.data["data"]["comment_id"].as_str();
                if self.learn(&heard.data, &ticket, &heard.data["changes"], comment) {
                    self.cursor = text(&heard.data["cursor"]);
                }
            }
            _ => {}
        }
    }

    /// Reads on from what is known until nothing is left.
    async fn catch_up(&mut self) {
        self.catches += 1;
        loop {
            let page = self.page().await;
            let events = items(&page["items"]);
            for event in events.iter().filter(|event| is_told(event)) {
                let ticket = text(&event["ticket_id"]);
                self.learn(event, &ticket, &event["data"]["changes"], event["data"]["comment_id"].as_str());
            }
            self.cursor = text(&page["next_cursor"]);
            if events.is_empty() {
                return;
            }
        }
    }

    /// The next page of the log, however often the link fails.
    async fn page(&self) -> Value {
        let path = format!("/api/events?after={}&limit=100", self.cursor);
        loop {
            match self.person.try_send(Method::GET, &path, |request| request).await {
                Ok(answer) => return answer.expect(200),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// Takes an event in, unless it is known; whether it was new.
    fn learn(&mut self, event: &Value, ticket: &str, changes: &Value, comment: Option<&str>) -> bool {
        let id = text(&event["event_id"]);
        if !self.known.insert(id.clone()) {
            self.twice += 1;
            return false;
        }
        self.order.push(id);
        let picture = self.tickets.entry(ticket.to_owned()).or_default();
        for (field, change) in changes.as_object().into_iter().flatten() {
            let before = picture.fields.insert(field.clone(), change[1].clone());
            // What it was before is what the picture says, or something between is missing.
            assert!(before.is_none_or(|before| before == change[0]), "{}: {field}: {event}", self.ear.name);
        }
        picture.comments.extend(comment.map(str::to_owned));
        true
    }

    /// Holds the picture against what the person reads at a server: the log, event by event, and each of these tickets.
    pub async fn check(&self, person: &Client, tickets: &[String]) {
        let name = &self.ear.name;
        let mut log = Vec::new();
        let mut after = self.start.clone();
        loop {
            let page = person.get(&format!("/api/events?after={after}&limit=100")).await.expect(200);
            let events = items(&page["items"]);
            if events.is_empty() {
                break;
            }
            log.extend(events.iter().filter(|event| is_told(event)).map(|event| text(&event["event_id"])));
            after = text(&page["next_cursor"]);
        }
        log.truncate(self.order.len());
        assert_eq!(self.order, log, "{name} knows all of the log, in its order");
        for ticket in tickets {
            let picture = self.tickets.get(ticket).unwrap_or_else(|| panic!("{name} never heard of {ticket}"));
            let shown = person.get(&format!("/api/tickets/{ticket}")).await.expect(200);
            for (field, value) in picture.fields.iter().filter(|(field, _)| shown.get(field).is_some()) {
                assert_eq!(&shown[field], value, "{name}: {field} of {ticket}");
            }
            let said = person.all(&format!("/api/tickets/{ticket}/comments")).await;
            let said: BTreeSet<String> = said.iter().map(|comment| text(&comment["id"])).collect();
            assert_eq!(picture.comments, said, "{name}: comments of {ticket}");
        }
    }

    /// The name of its socket.
    pub fn name(&self) -> &str {
        &self.ear.name
    }

    /// How many events it knows.
    pub fn count(&self) -> usize {
        self.order.len()
    }
}

/// What follows a change of status is told with it.
fn is_told(event: &Value) -> bool {
    !matches!(event["type"].as_str(), Some("ticket.resolved" | "ticket.reopened" | "ticket.closed"))
}
