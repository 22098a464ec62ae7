//! Rules of the small desk, and how they run over its history: the engine itself decides, as it does on a desk.

use super::company::{ADMIN, Company, MANAGER};
use super::dice::{Dice, moment};
use super::rhythm::{DAY, MINUTE};
use super::scenario::{FLEET, WORKSHOP};
use crate::access::AgentVisibility;
use crate::calendar::Calendars;
use crate::ids::UserId;
use crate::model::{
    ActionSource, Anchor, CustomFields, Directory, Matching, Person, RuleMode, Schedule, Trigger, Workflow,
};
use crate::port::IdSource;
use crate::setting::{DeskProfile, Stored};
use crate::ticket::Ground;
use crate::time::Time;
use crate::webhook::Webhooks;
use crate::workflow::engine::{Occurrence, Settled, World, limit, settle};
use crate::workflow::extension::Extensions;
use crate::workflow::facts::{Missing, People};
use crate::workflow::rule::{Context, Rules};
use crate::workflow::variable::Variables;
use serde_json::{Value, from_value, json};
use std::sync::OnceLock;

/// For so long a desk keeps what rules did, unless it is told otherwise.
const KEPT: i64 = 30 * DAY;

/// The rules as they were at any time, and what they are read against.
pub(super) struct RuleBook {
    directory: Directory,
    fields: CustomFields,
    calendars: Calendars,
    /// The rules from each moment on, oldest first; read when the first ticket asks.
    editions: OnceLock<Vec<(Time, Rules)>>,
    /// All versions of each rule.
    pub versions: Vec<Vec<Stored<Workflow>>>,
    /// Who made them.
    pub owner: Person,
    /// What rules did before this is forgotten.
    kept_since: Time,
}

impl RuleBook {
    /// The rules that were made in the first days, and changed lately.
    pub(super) fn new(
        company: &Company,
        fields: &CustomFields,
        calendars: Calendars,
        until: Time,
        dice: &Dice,
    ) -> Self {
        let staff = company.staff.iter().map(|member| member.user.clone()).collect();
        let teams = company.teams.iter().map(|queue| queue.team.clone()).collect();
        let directory = Directory::new(staff, teams, company.memberships().collect());
        let until = until.timestamp_micros();
        let founded = company.founded.timestamp_micros();
        let owner = &company.staff[ADMIN];
        let drafts = drafts(company);
        let versions = drafts.iter().enumerate().map(|(place, draft)| {
            let first = moment(founded + (60 + 20 * i64::try_from(place).unwrap_or_default()) * MINUTE);
            let id = dice.uuid(first);
            let version = |(number, edit): (i64, &Edit)| {
                let saved_at = if number == 1 { first } else { moment(until - edit.days * DAY) };
                let content = draft.workflow(edit, owner.user.id, first);
                Stored { id, version: number, saved_at, content }
            };
            (1..).zip(&draft.edits).map(version).collect()
        });
        let versions: Vec<Vec<Stored<Workflow>>> = versions.collect();
        Self {
            directory,
            fields: fields.clone(),
            calendars,
            editions: OnceLock::new(),
            versions,
            owner: owner.person.clone(),
            kept_since: moment(until - KEPT),
        }
    }

    /// What rules say to this, and whether a desk would still know that they were asked; or what they have to know first.
    pub(super) fn run(
        &self,
        occurrence: Occurrence,
        people: &People,
        ids: &dyn IdSource,
    ) -> Result<(Settled, bool), Missing> {
        let now = occurrence.draft.now;
        let is_kept = now >= self.kept_since;
        let world = World {
            ground: self.ground(),
            people,
            agent_visibility: AgentVisibility::default(),
            // No text of a rule here names an address of the desk.
            app_url: "",
            ids,
            not_matched: if is_kept { limit::NOT_MATCHED } else { 0 },
        };
        let none = Rules::default();
        let editions = self.editions.get_or_init(|| self.editions());
        let edition = editions.iter().rev().find(|(since, _)| *since <= now);
        let settled = settle(edition.map_or(&none, |(_, rules)| rules), &world, occurrence)?;
        Ok((settled, is_kept))
    }

    fn ground(&self) -> Ground<'_> {
        Ground {
            directory: &self.directory,
            custom_fields: &self.fields,
            calendars: &self.calendars,
            max_escalation_level: DeskProfile::default().max_escalation_level,
        }
    }

    /// All were made before the first ticket came, so that only what was edited begins another edition.
    fn editions(&self) -> Vec<(Time, Rules)> {
        let (extensions, variables) = (Extensions::default(), Variables::new(&self.fields));
        // No rule here calls an endpoint.
        let webhooks = &Webhooks::new(Vec::new(), &self.fields);
        let context = Context { ground: self.ground(), webhooks, extensions: &extensions, variables: &variables };
        let made = self.versions.iter().map(|versions| versions[0].saved_at).max();
        let edits = self.versions.iter().flat_map(|versions| &versions[1..]);
        let edits = edits.filter(|version| version.content.is_active).map(|version| version.saved_at);
        let mut moments: Vec<Time> = made.into_iter().chain(edits).collect();
        moments.sort_unstable();
        let at = |now: Time| {
            let newest = |versions: &Vec<Stored<Workflow>>| {
                versions.iter().rev().find(|version| version.saved_at <= now).cloned()
            };
            Rules::new(self.versions.iter().filter_map(newest).collect(), &context)
        };
        moments.into_iter().map(|now| (now, at(now))).collect()
    }
}

/// A rule, and how it was edited.
struct Draft {
    name: &'static str,
    about: &'static str,
    trigger: Trigger,
    schedule: Option<Schedule>,
    is_active: bool,
    position: i32,
    edits: Vec<Edit>,
}

/// What a version says.
struct Edit {
    /// So many days ago; the first one came when the company moved in.
    days: i64,
    note: Option<&'static str>,
    conditions: Value,
    actions: Value,
}

impl Draft {
    fn workflow(&self, edit: &Edit, owner: UserId, created_at: Time) -> Workflow {
        let actions: Vec<ActionSource> = from_value(edit.actions.clone()).unwrap_or_default();
        Workflow {
            name: self.name.to_owned(),
            description: Some(self.about.to_owned()),
            trigger_type: self.trigger,
            trigger_conditions: edit.conditions.clone(),
            matching: Matching::All,
            mode: RuleMode::WhenChanged,
            stop: false,
            position: self.position,
            is_active: self.is_active,
            schedule: self.schedule.clone(),
            actions,
            owner_id: Some(owner),
            note: edit.note.map(str::to_owned),
            disabled: None,
            created_at,
        }
    }
}

fn first(conditions: Value, actions: Value) -> Edit {
    Edit { days: 0, note: None, conditions, actions }
}

fn later(days: i64, note: &'static str, conditions: Value, actions: Value) -> Edit {
    Edit { days, note: Some(note), conditions, actions }
}

/// Those of the moment a ticket comes in, then those of what happens to it later.
fn drafts(company: &Company) -> Vec<Draft> {
    let mut drafts = of_new_tickets(company);
    drafts.extend(of_later(company));
    drafts
}

fn of_new_tickets(company: &Company) -> Vec<Draft> {
    let (workshop, fleet) = (company.teams[WORKSHOP].team.id, company.teams[FLEET].team.id);
    let is_safety = json!({"field": "category", "operator": "equals", "value": "Safety"});
    let to_workshop = json!({"type": "assign_ticket", "params": {"team_id": workshop}});
    let labelled = json!({"type": "add_tags", "params": {"tags": ["safety"]}});
    let told = json!({"type": "send_notification", "params": {
        "user_id": "team_lead",
        "title": "Safety: {{subject}}",
        "message": "{{customer_name}} has told us about it. Call first, write later.",
    }});
    let stands_still = json!([
        {"field": "organization_id", "operator": "is_not_empty"},
        {"field": "category", "operator": "in", "value": ["Connectivity", "API", "Single sign-on"]},
        {"field": "priority", "operator": "in", "value": ["high", "critical"]},
    ]);
    let to_fleet = json!([
        {"type": "assign_ticket", "params": {"team_id": fleet}},
        {"type": "add_tags", "params": {"tags": ["contract"]}},
        {"type": "send_notification", "params": {
            "user_id": "team_lead",
            "title": "{{organization.name}}: {{subject}}",
            "message": "{{priority}}, and they have a contract.",
        }},
    ]);
    vec![
        Draft {
            name: "Safety first",
            about: "What can burn or break goes to the workshop at once, whoever reads it first.",
            trigger: Trigger::TicketCreated,
            schedule: None,
            is_active: true,
            position: 10,
            edits: vec![
                first(json!([is_safety.clone()]), json!([to_workshop.clone(), labelled.clone()])),
                later(
                    16,
                    "Piotr wants to be told, and swollen batteries come in as warranty cases too.",
                    json!([
                        {"field": "category", "operator": "in", "value": ["Safety", "Warranty"]},
                        {"any": [is_safety, {"field": "subject", "operator": "contains", "value": "swollen"}]},
                    ]),
                    json!([to_workshop, labelled, told]),
                ),
            ],
        },
        Draft {
            name: "Fleets that stand still",
            about: "Companies with a contract whose bikes or systems do not answer: straight to Fleet & API.",
            trigger: Trigger::TicketCreated,
            schedule: None,
            is_active: true,
            position: 20,
            edits: vec![first(stands_still, to_fleet)],
        },
    ]
}

fn of_later(company: &Company) -> Vec<Draft> {
    let manager = company.staff[MANAGER].user.id;
    let tells_manager = json!([
        {"type": "add_watchers", "params": {"user_id": manager}},
        {"type": "send_notification", "params": {
            "user_id": manager,
            "title": "Escalated: {{subject}}",
            "message": "{{actor.name}} has asked for more attention. {{customer_name}} waits.",
        }},
    ]);
    let asks_again = |text: &str| {
        let params = json!({"to": "requester", "subject": "{{ticket_number}}: are you still with us?", "body": text});
        json!([{"type": "send_email", "params": params}])
    };
    let waits = json!([{"field": "status", "operator": "equals", "value": "pending"}]);
    vec![
        Draft {
            name: "The customer is back",
            about: "An answer to a ticket that waits for it puts it back into work.",
            trigger: Trigger::CommentAdded,
            schedule: None,
            is_active: true,
            position: 30,
            edits: vec![first(
                json!([
                    {"field": "comment.author_role", "operator": "equals", "value": "customer"},
                    {"field": "status", "operator": "in", "value": ["pending", "on_hold"]},
                    {"field": "assigned_agent_id", "operator": "is_not_empty"},
                ]),
                json!([{"type": "update_ticket", "params": {"status": "in_progress"}}]),
            )],
        },
        Draft {
            name: "Escalations reach the manager",
            about: "Tomas listens to whatever was escalated.",
            trigger: Trigger::Escalation,
            schedule: None,
            is_active: true,
            position: 40,
            edits: vec![
                first(json!([]), tells_manager.clone()),
                later(
                    9,
                    "Only what is urgent: the rest can wait for the round on Monday.",
                    json!([{"field": "priority", "operator": "in", "value": ["high", "critical"]}]),
                    tells_manager,
                ),
            ],
        },
        Draft {
            name: "Late, so look now",
            about: "A promise was broken: its agent and the lead of the team are told on the desk.",
            trigger: Trigger::SlaBreach,
            schedule: None,
            is_active: true,
            position: 50,
            edits: vec![first(
                json!([]),
                json!([{"type": "send_notification", "params": {
                    "user_id": ["assignee", "team_lead"],
                    "title": "Late: {{subject}}",
                    "message": "{{customer_name}} has waited longer than we promised.",
                }}]),
            )],
        },
        Draft {
            name: "Ask again after three quiet days",
            about: "Who was asked something and says nothing is reminded once.",
            trigger: Trigger::TimeBased,
            schedule: Some(Schedule::After {
                after: "3d".to_owned(),
                since: Anchor::LastStatusChange,
                working_time: false,
            }),
            is_active: false,
            position: 60,
            edits: vec![
                first(waits.clone(), asks_again("Hello {{customer_name}},\n\nwe are waiting for your answer.")),
                later(
                    22,
                    "Friendlier. Stays off until Carla has read it.",
                    waits,
                    asks_again(
                        "Hello {{customer_name}},\n\nwe asked you something about “{{subject}}” and would like to go \
                         on. A short answer to this mail is enough; if it is settled, tell us that.",
                    ),
                ),
            ],
        },
    ]
}
