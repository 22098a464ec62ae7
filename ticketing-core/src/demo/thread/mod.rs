//! One ticket's history as the desk would write it: each step is a commit of its own, with its
//! events, its audit line and the ticket's state after it.

mod follow;
mod time;

use super::dice::{Dice, moment};
use super::house::House;
use crate::changes::{Expect, Write};
use crate::desk::{AuditDraft, AuditKey};
use crate::event::{Deadline, Event, Fact, FieldChanges, Told};
use crate::ids::{ChangeId, CommentId, EventId, RoutingDecisionId, Seq, TeamId, UserId};
use crate::model::audit::AuditDetail;
use crate::model::{
    Channel, Comment, EscalationCause, Notification, Person, Priority, RoutingDecision, RoutingDetail, RuleRef, Sla,
    SlaMetric, SlaResult, Status, Subject, Ticket,
};
use crate::port::IdSource;
use crate::sla::{Said, strike};
use crate::time::Time;
use crate::workflow::facts::People;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Who takes a step, and how the request comes in.
#[derive(Clone, Copy)]
pub(super) struct Doer<'a> {
    pub person: &'a Person,
    /// None where it comes by mail.
    pub ip: Option<&'a str>,
    pub user_agent: Option<&'static str>,
    /// How what is said comes in.
    pub channel: Channel,
}

/// What all steps of a ticket are taken with.
#[derive(Clone, Copy)]
pub(super) struct Stage<'a> {
    pub dice: &'a Dice,
    pub key: &'a AuditKey,
    /// None where nothing is set up.
    pub house: Option<&'a House>,
}

/// A ticket on its way through time.
pub(super) struct Thread<'a> {
    pub ticket: Ticket,
    stage: Stage<'a>,
    /// Whom rules may ask about.
    people: People,
    /// The ticket after the last step, and the place of the event that is to carry it. The image is
    /// handed over when the next one begins or the book ends, so that the last one is not copied.
    image: Map<String, Value>,
    imaged: Option<usize>,
    /// Where all goes; the ticket's own row belongs to this place.
    out: &'a mut Vec<Write>,
    place: usize,
    /// Who listens already.
    watchers: Vec<UserId>,
    /// When the last step was taken, by whomever.
    now: Time,
    /// The ticket after the last step, and what was said in this one, where anything is set up.
    before: Option<Ticket>,
    said: Option<Comment>,
    /// What people were told on the desk.
    told: Vec<Notification>,
    /// Who of staff spoke when, and whether among themselves: what time is logged of.
    worked: Vec<(Person, Time, bool)>,
    /// What became of promises; each is written once.
    results: BTreeMap<(SlaMetric, Time), SlaResult>,
}

impl<'a> Thread<'a> {
    /// The first step: somebody makes the ticket.
    pub(super) fn open(
        ticket: Ticket,
        doer: Doer<'_>,
        people: People,
        stage: Stage<'a>,
        out: &'a mut Vec<Write>,
    ) -> Self {
        let image = match ticket.image() {
            Value::Object(image) => image,
            _ => Map::new(),
        };
        let mut facts = vec![Fact::TicketCreated {}];
        let mut changes = FieldChanges::new();
        if let Some(agent) = ticket.assigned_agent_id {
            changes.insert("assigned_agent_id".to_owned(), (Value::Null, text(&agent)));
        }
        if let Some(team) = ticket.team_id {
            changes.insert("team_id".to_owned(), (Value::Null, text(&team)));
        }
        if !changes.is_empty() {
            facts.push(Fact::TicketAssigned { changes });
        }
        let mut thread = Self {
            now: ticket.created_at,
            ticket,
            stage,
            people,
            image,
            imaged: None,
            place: out.len(),
            out,
            watchers: Vec::new(),
            before: None,
            said: None,
            told: Vec::new(),
            worked: Vec::new(),
            results: BTreeMap::new(),
        };
        // The row is told last and stands first. This one, which changes nothing, keeps its place.
        let keeper = Write::Unwatch { ticket_id: thread.ticket.id, user_id: thread.ticket.customer_id };
        thread.out.push(keeper);
        thread.record(doer, facts);
        thread
    }

    /// The ticket is told until this moment: its row, as it stands then, and all that led there.
    pub(super) fn finish(mut self, until: i64) {
        self.pass(until - 1);
        self.read(until);
        let results = std::mem::take(&mut self.results).into_values();
        self.out.extend(results.map(|result| Write::SlaResult(Box::new(result))));
        self.log_time();
        let told = std::mem::take(&mut self.told).into_iter();
        self.out.extend(told.map(|told| Write::Notification(Box::new(told))));
        if let Some(due_at) = self.next_moment() {
            self.out.push(Write::TicketWake { ticket_id: self.ticket.id, due_at: Some(due_at) });
        }
        let image = std::mem::take(&mut self.image);
        self.hand_over(image);
        let ticket = Box::new(self.ticket);
        self.out[self.place] = Write::Ticket { ticket, expect: Expect::New, text: true };
    }

    /// When anybody last took a step, in microseconds.
    pub(super) fn at(&self) -> i64 {
        self.ticket.updated_at.timestamp_micros()
    }

    /// Somebody says something.
    pub(super) fn say(&mut self, at: i64, doer: Doer<'_>, body: String, is_internal: bool) {
        let now = self.next(at);
        let comment = Comment {
            id: CommentId(self.stage.dice.uuid(now)),
            ticket_id: self.ticket.id,
            author: doer.person.clone(),
            body,
            is_internal,
            channel: doer.channel,
            version: 1,
            created_at: now,
            edited_at: None,
        };
        let mut changes = FieldChanges::new();
        let answers = !is_internal && doer.person.id != Some(self.ticket.customer_id);
        self.said = self.stage.house.map(|_| comment.clone());
        if self.stage.house.is_some() && doer.person.id != Some(self.ticket.customer_id) {
            self.worked.push((doer.person.clone(), now, is_internal));
        }
        if !answers && !is_internal {
            self.ticket.last_customer_reply_at = Some(now);
        }
        if answers && self.ticket.first_responded_at.is_none() {
            self.ticket.first_responded_at = Some(now);
            changes.insert("first_responded_at".to_owned(), (Value::Null, time(Some(now))));
        }
        let fact = Fact::CommentAdded { comment_id: comment.id, is_internal, changes };
        self.out.push(Write::Comment { comment, expect: Expect::New });
        self.record(doer, vec![fact]);
    }

    /// The ticket goes to an agent, a team or both, and perhaps into work at once.
    pub(super) fn assign(
        &mut self,
        at: i64,
        doer: Doer<'_>,
        agent: Option<UserId>,
        team: Option<TeamId>,
        status: Option<Status>,
    ) {
        self.pass(at);
        let is_so = (agent, team) == (self.ticket.assigned_agent_id, self.ticket.team_id);
        if is_so && status.is_none_or(|status| status == self.ticket.status) {
            return; // A rule was quicker.
        }
        let now = self.next(at);
        let mut facts = Vec::with_capacity(3);
        let changes = self.set_worker(agent, team);
        if !changes.is_empty() {
            facts.push(Fact::TicketAssigned { changes });
        }
        if let Some(status) = status {
            self.set_status(status, now, &mut facts);
        }
        self.record(doer, facts);
    }

    /// Writes down how the ticket has just found its agent, unless a rule gave it to somebody else.
    pub(super) fn decide(&mut self, team_id: TeamId, agent: UserId, detail: RoutingDetail) {
        if (self.ticket.team_id, self.ticket.assigned_agent_id) != (Some(team_id), Some(agent)) {
            return;
        }
        let now = self.now;
        // From a stream of its own: what comes after is the same with and without it.
        let dice = Dice::new(self.ticket.id.0.as_u64_pair().1, 7, 0);
        self.out.push(Write::RoutingDecision(Box::new(RoutingDecision {
            id: RoutingDecisionId(dice.uuid(now)),
            ticket_id: self.ticket.id,
            team_id,
            at: now,
            agent_id: Some(agent),
            detail,
        })));
    }

    /// The status changes.
    pub(super) fn set(&mut self, at: i64, doer: Doer<'_>, status: Status) {
        self.pass(at);
        if status == self.ticket.status {
            return; // A rule was quicker.
        }
        let now = self.next(at);
        let mut facts = Vec::with_capacity(2);
        self.set_status(status, now, &mut facts);
        self.record(doer, facts);
    }

    /// Somebody changes how much it matters, or the labels.
    pub(super) fn update(&mut self, at: i64, doer: Doer<'_>, priority: Priority, tag: Option<&str>) {
        self.pass(at);
        let mut changes = FieldChanges::new();
        if priority != self.ticket.priority {
            changes.insert("priority".to_owned(), (word(self.ticket.priority.as_str()), word(priority.as_str())));
            self.ticket.priority = priority;
        }
        if let Some(tag) = tag
            && let Err(place) = self.ticket.tags.binary_search_by(|known| known.as_str().cmp(tag))
        {
            let before = words(&self.ticket.tags);
            self.ticket.tags.insert(place, tag.to_owned());
            changes.insert("tags".to_owned(), (before, words(&self.ticket.tags)));
        }
        if !changes.is_empty() {
            self.next(at);
            self.record(doer, vec![Fact::TicketUpdated { changes, reason: None }]);
        }
    }

    /// Somebody calls for more attention, perhaps another team's.
    pub(super) fn escalate(&mut self, at: i64, doer: Doer<'_>, reason: String, to: Option<(UserId, TeamId)>) {
        self.next(at);
        let level = self.ticket.escalation_level;
        self.ticket.escalation_level = level + 1;
        let changes = FieldChanges::from([("escalation_level".to_owned(), (level.into(), (level + 1).into()))]);
        let cause = EscalationCause::Manual;
        let mut facts = vec![Fact::TicketEscalated { changes, level: level + 1, reason, cause }];
        if let Some((agent, team)) = to {
            let changes = self.set_worker(Some(agent), Some(team));
            if !changes.is_empty() {
                facts.push(Fact::TicketAssigned { changes });
            }
        }
        self.record(doer, facts);
    }

    /// Somebody listens from now on, unless it is so already.
    pub(super) fn watch(&mut self, at: i64, doer: Doer<'_>, user_id: UserId) {
        if self.watchers.contains(&user_id) {
            return;
        }
        self.watchers.push(user_id);
        let now = self.next(at);
        self.out.push(Write::Watch { ticket_id: self.ticket.id, user_id, at: now });
        self.record(doer, vec![Fact::WatcherAdded { user_id }]);
    }

    /// Moves the ticket to its next version, later than the one before.
    fn next(&mut self, at: i64) -> Time {
        self.pass(at);
        self.now = moment(at.max(self.earliest()));
        self.ticket.updated_at = self.now;
        self.now
    }

    /// When the next step can be taken, in microseconds: ids sort by milliseconds.
    fn earliest(&self) -> i64 {
        self.now.timestamp_micros() + 1_000
    }

    /// When a promised time is over or nearly so, if nothing happens.
    fn next_moment(&self) -> Option<Time> {
        self.ticket.sla.as_deref().filter(|_| self.ticket.is_open()).and_then(Sla::wake_at)
    }

    /// What is due by this moment is told when it is, which is no change of the ticket.
    fn pass(&mut self, until: i64) {
        while let Some(due_at) = self.next_moment() {
            let at = due_at.timestamp_micros().max(self.earliest());
            if at > until {
                return;
            }
            self.now = moment(at);
            let struck = self.ticket.sla.as_deref_mut().map(|sla| strike(sla, self.now)).unwrap_or_default();
            let fact = |metric, started_at, due_at, is_breach| {
                let deadline = Deadline { metric, started_at, due_at };
                if is_breach { Fact::SlaBreached(deadline) } else { Fact::SlaWarning(deadline) }
            };
            let facts: Vec<Fact> =
                struck.iter().map(|one| fact(one.metric, one.started_at, one.due_at, one.is_breach)).collect();
            if facts.is_empty() {
                return;
            }
            let desk = Person::system();
            self.record(Doer { person: &desk, ip: None, user_agent: None, channel: Channel::Web }, facts);
        }
    }

    fn set_worker(&mut self, agent: Option<UserId>, team: Option<TeamId>) -> FieldChanges {
        let mut changes = FieldChanges::new();
        let (old_agent, old_team) = (self.ticket.assigned_agent_id, self.ticket.team_id);
        if agent != old_agent {
            changes.insert("assigned_agent_id".to_owned(), (maybe(old_agent), maybe(agent)));
            self.ticket.assigned_agent_id = agent;
        }
        if team != old_team {
            changes.insert("team_id".to_owned(), (maybe(old_team), maybe(team)));
            self.ticket.team_id = team;
        }
        changes
    }

    fn set_status(&mut self, to: Status, now: Time, facts: &mut Vec<Fact>) {
        let from = self.ticket.status;
        if from == to {
            return;
        }
        let mut changes = FieldChanges::from([("status".to_owned(), (word(from.as_str()), word(to.as_str())))]);
        let (resolved, closed) = match to {
            Status::Resolved => (Some(now), self.ticket.closed_at),
            Status::Closed => (self.ticket.resolved_at, Some(now)),
            Status::Open | Status::InProgress | Status::Pending | Status::OnHold => (None, None),
        };
        let mut shift = |field: &str, old: &mut Option<Time>, new: Option<Time>| {
            if *old != new {
                changes.insert(field.to_owned(), (time(*old), time(new)));
                *old = new;
            }
        };
        shift("resolved_at", &mut self.ticket.resolved_at, resolved);
        shift("closed_at", &mut self.ticket.closed_at, closed);
        self.ticket.status = to;
        self.ticket.last_status_change_at = Some(now);
        facts.push(Fact::TicketStatusChanged { changes });
        match to {
            Status::Resolved => facts.push(Fact::TicketResolved {}),
            Status::Closed => facts.push(Fact::TicketClosed {}),
            _ if matches!(from, Status::Resolved | Status::Closed) => facts.push(Fact::TicketReopened {}),
            _ => {}
        }
    }

    /// Writes down a step and what rules make of it: their events, the first with an image, and an audit line each.
    fn record(&mut self, doer: Doer<'_>, facts: Vec<Fact>) {
        let Some(first) = facts.first() else { return };
        let action = first.name();
        let created = matches!(first, Fact::TicketCreated {});
        let now = self.now;
        if !created {
            self.hand_over(self.image.clone());
            self.ticket.version += 1;
            self.image.insert("version".to_owned(), self.ticket.version.into());
            self.image.insert("updated_at".to_owned(), time(Some(self.ticket.updated_at)));
        }
        let change_id = ChangeId(self.stage.dice.uuid(now));
        let event_id = EventId(self.stage.dice.uuid(now));
        let (before, comment) = (self.before.take(), self.said.take());
        let said = comment.as_ref().filter(|comment| !comment.is_internal).map(|comment| {
            if comment.author.id == Some(self.ticket.customer_id) { Said::Customer } else { Said::Staff }
        });
        let told = self.obey(before.as_ref(), comment, facts, doer.person, (change_id, event_id));
        self.image.insert("last_customer_reply_at".to_owned(), time(self.ticket.last_customer_reply_at));
        self.image.insert("last_status_change_at".to_owned(), time(self.ticket.last_status_change_at));
        self.keep_promises(before.as_ref(), said, &told);
        self.before = self.stage.house.map(|_| self.ticket.clone());
        let (mut changed, mut by_rules) = (if created { self.first_values() } else { Map::new() }, Map::new());
        for told in &told {
            for (field, (old, new)) in told.fact.changes().into_iter().flatten() {
                if !created || told.rule.is_some() {
                    self.image.insert(field.clone(), new.clone());
                }
                let changed = if told.rule.is_some() { &mut by_rules } else { &mut changed };
                changed.insert(field.clone(), Value::Array(vec![old.clone(), new.clone()]));
            }
        }
        self.imaged = Some(self.out.len());
        let rules: BTreeSet<RuleRef> = told.iter().filter_map(|told| told.rule).collect();
        for (place, Told { fact, rule, .. }) in told.into_iter().enumerate() {
            self.out.push(Write::Event(Box::new(Event {
                seq: Seq::default(),
                id: if place == 0 { event_id } else { EventId(self.stage.dice.uuid(now)) },
                change_id,
                ticket_id: self.ticket.id,
                ticket_version: self.ticket.version,
                team_id: self.ticket.team_id,
                assignee_id: self.ticket.assigned_agent_id,
                audience: fact.audience(),
                fact,
                actor: if rule.is_some() { Person::system() } else { doer.person.clone() },
                cause: rule.map(|_| event_id),
                rule,
                at: now,
                image: None,
            })));
        }
        self.audit(action, doer, changed);
        if !rules.is_empty() {
            by_rules.insert("rules".to_owned(), json!([null, rules]));
            let desk = Person::system();
            self.audit("workflow.applied", Doer { person: &desk, ip: None, user_agent: None, ..doer }, by_rules);
        }
    }

    fn audit(&mut self, action: &str, doer: Doer<'_>, changed: Map<String, Value>) {
        let (dice, now) = (self.stage.dice, self.now);
        let draft = AuditDraft {
            at: now,
            actor: doer.person.clone(),
            action: action.to_owned(),
            subject: Subject::Ticket(self.ticket.id),
            request_id: doer.ip.map(|_| dice.uuid(now).to_string()),
            detail: AuditDetail {
                changes: Value::Object(changed),
                ip: doer.ip.map(str::to_owned),
                user_agent: doer.user_agent.map(str::to_owned),
                ..AuditDetail::default()
            },
        };
        self.out.push(Write::Audit(Box::new(self.stage.key.seal(dice, draft))));
    }

    /// Gives the first event of the last step its image.
    fn hand_over(&mut self, image: Map<String, Value>) {
        let place = self.imaged.take();
        if let Some(Write::Event(event)) = place.and_then(|place| self.out.get_mut(place)) {
            event.image = Some(Value::Object(image));
        }
    }

    /// What the audit log says of a new ticket; agent and team follow with the other facts.
    fn first_values(&self) -> Map<String, Value> {
        let first = |value| Value::Array(vec![Value::Null, value]);
        let mut values = Map::new();
        values.insert("subject".to_owned(), first(word(&self.ticket.subject)));
        values.insert("priority".to_owned(), first(word(self.ticket.priority.as_str())));
        values.insert("customer_id".to_owned(), first(text(&self.ticket.customer_id)));
        values
    }
}

fn word(word: &str) -> Value {
    Value::String(word.to_owned())
}

fn words(words: &[String]) -> Value {
    Value::Array(words.iter().map(|word| Value::String(word.clone())).collect())
}

fn text<T: ToString + ?Sized>(id: &T) -> Value {
    Value::String(id.to_string())
}

fn maybe<T: ToString>(id: Option<T>) -> Value {
    id.map_or(Value::Null, |id| text(&id))
}

/// A moment as its serialised form is.
fn time(at: Option<Time>) -> Value {
    serde_json::to_value(at).unwrap_or_default()
}
