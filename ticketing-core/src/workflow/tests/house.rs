//! A small desk for the tests of rules: who works there, what it has added, one ticket, and rules as JSON.

use crate::access::AgentVisibility;
use crate::calendar::Calendars;
use crate::condition::Kind;
use crate::error::FieldError;
use crate::event::Fact;
use crate::ids::{CommentId, OrganizationId, TeamId, TicketId, UserId, WorkflowId};
use crate::input::Input;
use crate::memory::SeededIds;
use crate::model::{
    Availability, Channel, Comment, CustomField, CustomFields, Directory, FieldType, Membership, Organization, Person,
    Priority, Role, Routing, RunOutcome, Status, Team, TeamRole, Ticket, Trigger, User, Webhook, Workflow,
};
use crate::setting::Stored;
use crate::ticket::{Draft, Escalation, Ground, TicketPatch};
use crate::time::Time;
use crate::webhook::Webhooks;
use crate::workflow::engine::{Looked, Occurrence, Settled, World, limit, settle};
use crate::workflow::extension::{
    ActionCall, ActionError, ActionHandler, Extensions, OwnAction, OwnField, OwnOperator,
};
use crate::workflow::extension::{Param, ParamKind};
use crate::workflow::facts::{Loaded, People};
use crate::workflow::rule::{Context, Rule, Rules};
use crate::workflow::trace::EffectTrace;
use crate::workflow::variable::Variables;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

pub(super) const fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x019b_b000_0000_7000_8000_0000_0000_0000 + n)
}

/// Who asks.
pub(super) const EVE: UserId = UserId(id(1));
/// Leads support.
pub(super) const ADA: UserId = UserId(id(2));
/// Works in support.
pub(super) const BEN: UserId = UserId(id(3));
/// Manages billing, which nobody leads.
pub(super) const CLEO: UserId = UserId(id(4));
/// No longer works here.
pub(super) const DAN: UserId = UserId(id(5));
pub(super) const SUPPORT: TeamId = TeamId(id(11));
pub(super) const BILLING: TeamId = TeamId(id(12));
/// No longer there.
pub(super) const GONE: TeamId = TeamId(id(13));
pub(super) const ACME: OrganizationId = OrganizationId(id(21));
pub(super) const HOOK: Uuid = id(31);

pub(super) fn at(text: &str) -> Time {
    text.parse().unwrap()
}

pub(super) fn now() -> Time {
    at("2026-01-15T12:00:00Z")
}

pub(super) fn user(id: UserId, name: &str, role: Role) -> User {
    User {
        id,
        email: format!("{}@example.com", name.to_lowercase()),
        name: name.to_owned(),
        role,
        organization_id: None,
        time_zone: Some("Europe/Berlin".to_owned()),
        locale: Some("de".to_owned()),
        availability: Availability::Away,
        availability_since: now(),
        is_active: true,
        version: 1,
        rights_version: 1,
        joins_by_domain: false,
        created_at: now(),
        updated_at: now(),
    }
}

fn team(id: TeamId, name: &str, is_active: bool) -> Team {
    let (description, capacity) = (None, None);
    let (calendar_id, created_at, updated_at) = (None, now(), now());
    let (name, routing, version) = (name.to_owned(), Routing::Manual, 1);
    Team { id, name, description, routing, capacity, calendar_id, is_active, version, created_at, updated_at }
}

fn member(team_id: TeamId, user_id: UserId, role: TeamRole) -> Membership {
    Membership { team_id, user_id, role, capacity: None, skills: Vec::new(), version: 1, created_at: now() }
}

fn directory() -> Directory {
    let dan = User { is_active: false, ..user(DAN, "Dan", Role::Agent) };
    let staff =
        vec![user(ADA, "Ada", Role::Agent), user(BEN, "Ben", Role::Agent), user(CLEO, "Cleo", Role::Manager), dan];
    let teams = vec![team(SUPPORT, "Support", true), team(BILLING, "Billing", true), team(GONE, "Gone", false)];
    let members = vec![
        member(SUPPORT, ADA, TeamRole::Lead),
        member(SUPPORT, BEN, TeamRole::Member),
        member(SUPPORT, DAN, TeamRole::Member),
        member(BILLING, BEN, TeamRole::Member),
        member(BILLING, CLEO, TeamRole::Manager),
    ];
    Directory::new(staff, teams, members)
}

fn custom_fields() -> CustomFields {
    let field = |(n, field_type): (u128, FieldType)| {
        let options: &[&str] = if field_type.has_options() { &["red", "blue"] } else { &[] };
        let content = CustomField {
            options: options.iter().map(ToString::to_string).collect(),
            visible_to_customer: true,
            ..CustomField::new(field_type.as_str().parse().unwrap(), field_type.as_str(), field_type, now())
        };
        Stored { id: id(40 + n), version: 1, saved_at: now(), content }
    };
    CustomFields::new((0..).zip(FieldType::ALL.iter().copied()).map(field).collect())
}

struct Silent;

#[async_trait::async_trait]
impl ActionHandler for Silent {
    async fn perform(&self, _: &ActionCall) -> Result<(), ActionError> {
        Ok(())
    }
}

/// A field that counts words, an operator that divides, and an action with one parameter of each kind.
fn extensions() -> Extensions {
    let words = OwnField {
        name: "subject_words".to_owned(),
        kind: Kind::Decimal,
        about: "How many words the subject has.".to_owned(),
        get: Box::new(|subject| json!(subject.ticket.subject.split_whitespace().count())),
    };
    let divides = OwnOperator {
        name: "is_multiple_of".to_owned(),
        about: "Whether it is.".to_owned(),
        check: Box::new(|value| value.as_i64().map(drop).ok_or_else(|| "Must be a whole number.".to_owned())),
        holds: Box::new(|own, by| own.as_i64().zip(by.as_i64()).is_some_and(|(own, by)| own % by == 0)),
    };
    let param =
        |name: &str, kind, is_required| Param { name: name.to_owned(), kind, is_required, about: String::new() };
    let page = OwnAction {
        name: "page".to_owned(),
        about: "Pages somebody.".to_owned(),
        params: vec![
            param("text", ParamKind::Text, true),
            param("times", ParamKind::Number, false),
            param("loud", ParamKind::Flag, false),
        ],
        handler: Arc::new(Silent),
    };
    Extensions {
        fields: vec![Arc::new(words)],
        operators: [(divides.name.clone(), Arc::new(divides))].into(),
        actions: [(page.name.clone(), Arc::new(page))].into(),
    }
}

fn webhooks(fields: &CustomFields) -> Webhooks {
    let content = Webhook { is_active: true, ..Webhook::new(None, now()) };
    Webhooks::new(vec![Stored { id: HOOK, version: 1, saved_at: now(), content }], fields)
}

pub(super) fn ticket() -> Ticket {
    let Value::Object(custom_fields) = json!({
        "text": "Straße 7", "textarea": "one\ntwo", "select": "red", "multiselect": ["red", "blue"], "number": 7.5,
        "date": "2026-01-13", "checkbox": true,
    }) else {
        unreachable!()
    };
    Ticket {
        id: TicketId(id(6)),
        number: "TKT-7KQ2M9XD".parse().unwrap(),
        subject: "The printer is on fire".to_owned(),
        description: "Smoke in İstanbul, {{rule.name}} and {{#each tags}}".to_owned(),
        status: Status::Open,
        priority: Priority::Medium,
        category: Some("Hardware".to_owned()),
        tags: vec!["printer".to_owned(), "VIP".to_owned()],
        custom_fields,
        channel: Channel::Email,
        customer_id: EVE,
        organization_id: Some(ACME),
        assigned_agent_id: Some(BEN),
        team_id: Some(SUPPORT),
        escalation_level: 1,
        version: 3,
        created_at: at("2026-01-13T12:00:00Z"),
        updated_at: at("2026-01-15T06:00:00Z"),
        first_responded_at: Some(at("2026-01-14T12:00:00Z")),
        resolved_at: None,
        closed_at: None,
        merged_into: None,
        wake_at: None,
        last_customer_reply_at: Some(at("2026-01-15T09:00:00Z")),
        last_status_change_at: Some(at("2026-01-15T10:30:00Z")),
        sla: None,
        rule_spend: None,
    }
}

/// The desk, and the ticket that things happen to.
pub(super) struct House {
    pub directory: Directory,
    pub custom: CustomFields,
    pub calendars: Calendars,
    pub webhooks: Webhooks,
    pub extensions: Extensions,
    pub variables: Variables,
    pub people: People,
    pub agent_visibility: AgentVisibility,
    pub ticket: Ticket,
    pub now: Time,
    pub not_matched: usize,
}

impl House {
    pub fn new() -> Self {
        let custom = custom_fields();
        let eve = User { organization_id: Some(ACME), ..user(EVE, "Eve", Role::Customer) };
        let acme = Organization {
            id: ACME,
            name: "Acme".to_owned(),
            domains: vec!["acme.example".to_owned()],
            shares_tickets: true,
            version: 1,
            created_at: now(),
            updated_at: now(),
        };
        let watching = [(EVE, false), (ADA, true), (BEN, false), (CLEO, false)].into();
        Self {
            directory: directory(),
            calendars: Calendars::new(Vec::new(), []),
            webhooks: webhooks(&custom),
            extensions: extensions(),
            variables: Variables::new(&custom),
            custom,
            people: People {
                customer: Loaded::Known(Some(eve)),
                organization: Loaded::Known(Some(acme)),
                watching,
                seeing: BTreeMap::new(),
            },
            agent_visibility: AgentVisibility::Team,
            ticket: ticket(),
            now: now(),
            not_matched: limit::NOT_MATCHED,
        }
    }

    pub fn ground(&self) -> Ground<'_> {
        Ground {
            directory: &self.directory,
            custom_fields: &self.custom,
            calendars: &self.calendars,
            max_escalation_level: 3,
        }
    }

    pub fn context(&self) -> Context<'_> {
        Context {
            ground: self.ground(),
            webhooks: &self.webhooks,
            extensions: &self.extensions,
            variables: &self.variables,
        }
    }

    /// Rules that must be sound, in this order.
    pub fn rules(&self, documents: &[Value]) -> Rules {
        let stored = (0..).zip(documents).map(|(n, document)| stored(n, document)).collect();
        let rules = Rules::new(stored, &self.context());
        for entry in rules.iter() {
            assert!(entry.problems.is_empty(), "{}: {:?}", entry.stored.content.name, entry.problems);
        }
        rules
    }

    /// What is wrong with a rule: field and code.
    pub fn errors(&self, document: &Value) -> Vec<(String, String)> {
        let errors = Rule::read(&stored(0, document), &self.context()).map(drop).unwrap_err();
        errors.into_iter().map(|FieldError { field, code, .. }| (field, code.to_string())).collect()
    }

    /// Nothing has happened yet.
    pub fn occurrence(&self) -> Occurrence {
        Occurrence {
            before: Some(self.ticket.clone()),
            draft: Draft::of(self.ticket.clone(), self.now),
            comment: None,
            mail: None,
            actor: Person::from(&user(ADA, "Ada", Role::Agent)),
            moment: None,
            only: None,
        }
    }

    /// Somebody changes the ticket.
    pub fn change(&self, patch: Value) -> Occurrence {
        let mut occurrence = self.occurrence();
        let patch = TicketPatch::from_json_with(&self.custom, patch).unwrap();
        occurrence.draft.apply(&self.ground(), &patch).unwrap();
        occurrence
    }

    pub fn created(&self) -> Occurrence {
        let mut occurrence = Occurrence { before: None, ..self.occurrence() };
        occurrence.draft.fact(Fact::TicketCreated {});
        occurrence
    }

    pub fn escalated(&self) -> Occurrence {
        let mut occurrence = self.occurrence();
        let escalation = Escalation::from_json(json!({ "reason": "waits" })).unwrap();
        occurrence.draft.escalate(&self.ground(), &escalation).unwrap();
        occurrence
    }

    pub fn said(&self, body: &str) -> Occurrence {
        let mut occurrence = self.occurrence();
        let comment = Comment {
            id: CommentId(id(50)),
            ticket_id: self.ticket.id,
            author: Person { id: Some(EVE), name: "Eve".to_owned(), role: "customer".to_owned() },
            body: body.to_owned(),
            is_internal: false,
            channel: Channel::Email,
            version: 1,
            created_at: self.now,
            edited_at: None,
        };
        let (comment_id, changes) = (comment.id, crate::event::FieldChanges::new());
        occurrence.actor = comment.author.clone();
        occurrence.draft.fact(Fact::CommentAdded { comment_id, is_internal: false, changes });
        Occurrence { comment: Some(comment), ..occurrence }
    }

    pub fn moment(&self, moment: Trigger, only: u128) -> Occurrence {
        Occurrence {
            moment: Some(moment),
            only: Some(vec![rule_id(only)]),
            actor: Person::system(),
            ..self.occurrence()
        }
    }

    pub fn world<'a>(&'a self, ids: &'a SeededIds) -> World<'a> {
        World {
            ground: self.ground(),
            people: &self.people,
            agent_visibility: self.agent_visibility,
            app_url: "https://desk.example.com",
            ids,
            not_matched: self.not_matched,
        }
    }

    pub fn settle(&self, rules: &Rules, occurrence: Occurrence) -> Settled {
        settle(rules, &self.world(&SeededIds::new(7)), occurrence).unwrap()
    }

    /// The only effect of a rule that does only this, at any change of priority.
    pub fn does(&self, action: &str, params: Value) -> (EffectTrace, Settled) {
        let rules = self.rules(&[json!({
            "trigger_type": "priority_change", "actions": [{ "type": action, "params": params }],
        })]);
        let settled = self.settle(&rules, self.change(json!({ "priority": "high" })));
        (settled.looked[0].trace.effects[0].clone(), settled)
    }

    /// Whether a `ticket_updated` rule with these conditions fires, explained the same as decided.
    pub fn holds(&self, conditions: &Value, occurrence: Occurrence) -> bool {
        let rules = self.rules(&[json!({
            "mode": "always", "trigger_conditions": conditions,
            "actions": [{ "type": "trigger_webhook", "params": { "webhook_id": HOOK } }],
        })]);
        let settled = self.settle(&rules, occurrence);
        let fired = settled.looked.iter().any(|looked| looked.outcome == RunOutcome::Fired);
        for Looked { trace, .. } in &settled.looked {
            assert_eq!(rules.active()[0].tree.told(&trace.leaves)["result"], json!(fired), "{conditions}");
        }
        fired
    }
}

pub(super) fn rule_id(n: u128) -> WorkflowId {
    WorkflowId(id(0x1000 + n))
}

/// A rule with what a document must have besides.
pub(super) fn stored(n: u128, document: &Value) -> Stored<Workflow> {
    let mut whole = json!({
        "name": format!("rule {n}"), "trigger_type": "ticket_updated", "trigger_conditions": [], "match": "all",
        "mode": "when_changed", "stop": false, "position": n, "is_active": true, "owner_id": null,
        "actions": [{ "type": "add_tags", "params": { "tags": [format!("rule {n}")] } }], "created_at": now(),
    });
    let given: Map<String, Value> = document.as_object().cloned().unwrap();
    whole.as_object_mut().unwrap().extend(given);
    let content = serde_json::from_value(whole).unwrap();
    Stored { id: rule_id(n).0, version: 1, saved_at: now(), content }
}

/// Which rules did something, by their number, in order; with the round.
pub(super) fn fired(settled: &Settled) -> Vec<(u128, i16)> {
    of_outcome(settled, RunOutcome::Fired)
}

pub(super) fn of_outcome(settled: &Settled, outcome: RunOutcome) -> Vec<(u128, i16)> {
    let number = |looked: &Looked| looked.rule.id.0.as_u128() - rule_id(0).0.as_u128();
    let of = settled.looked.iter().filter(|looked| looked.outcome == outcome);
    of.map(|looked| (number(looked), looked.round)).collect()
}

/// A test of one field.
pub(super) fn leaf(field: &str, operator: &str, value: Value) -> Value {
    match value {
        Value::Null if matches!(operator, "is_empty" | "is_not_empty" | "changed") => {
            json!({ "field": field, "operator": operator })
        }
        value => json!({ "field": field, "operator": operator, "value": value }),
    }
}
