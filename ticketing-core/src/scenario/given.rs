//! What a desk has before anything happens.

use super::name::{Names, Noun};
use crate::desk::{NewCustomField, NewOrganization, NewTeam, NewUser, NewWebhook, WebhookPatch};
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{Availability, EventType, Role, TeamRole};
use crate::time::Time;
use uuid::Uuid;

/// What a desk has before anything happens.
#[derive(Clone, Default)]
pub(super) struct Given {
    /// What time it is.
    pub(super) now: Option<Time>,
    pub(super) organizations: Vec<GivenOrganization>,
    pub(super) teams: Vec<GivenTeam>,
    pub(super) people: Vec<GivenPerson>,
    pub(super) custom_fields: Vec<NewCustomField>,
    pub(super) webhooks: Vec<GivenWebhook>,
}

/// A company. An id is there so that rules can name it.
#[derive(Clone)]
pub(super) struct GivenOrganization {
    pub(super) id: Option<Uuid>,
    pub(super) input: NewOrganization,
}

/// A team.
#[derive(Clone)]
pub(super) struct GivenTeam {
    pub(super) id: Option<Uuid>,
    pub(super) input: NewTeam,
}

/// A person, with the company and the teams by their names.
#[derive(Clone)]
pub(super) struct GivenPerson {
    pub(super) id: Option<Uuid>,
    pub(super) input: NewUser,
    pub(super) organization: Option<String>,
    pub(super) teams: Vec<Place>,
    pub(super) availability: Patch<Availability>,
}

/// A place in a team.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) team: String,
    pub(super) role: TeamRole,
}

/// A webhook.
#[derive(Clone)]
pub(super) struct GivenWebhook {
    pub(super) id: Option<Uuid>,
    pub(super) input: NewWebhook,
}

fn list<T>(fields: &mut Fields, field: &str, read: impl FnMut(&mut Fields) -> T) -> Vec<T> {
    fields.list(field, read).into_option().unwrap_or_default()
}

fn id(fields: &mut Fields) -> Option<Uuid> {
    fields.nullable_id("id").into_option().flatten()
}

/// Checks what stands below a field.
pub(super) fn check_below(problems: &mut Problems, at: &str, input: &impl Input) {
    let mut inner = Problems::default();
    input.check(&mut inner);
    problems.extend_below(at, inner);
}

impl Given {
    pub(super) fn read(fields: &mut Fields) -> Self {
        Self {
            now: fields.time("now").into_option(),
            organizations: list(fields, "organizations", |fields| GivenOrganization {
                id: id(fields),
                input: NewOrganization::read(fields),
            }),
            teams: list(fields, "teams", |fields| GivenTeam { id: id(fields), input: NewTeam::read(fields) }),
            people: list(fields, "people", GivenPerson::read),
            custom_fields: list(fields, "custom_fields", NewCustomField::read),
            webhooks: list(fields, "webhooks", GivenWebhook::read),
        }
    }

    /// Adds the names of all that is here.
    pub(super) fn name(&self, at: &str, names: &mut Names, problems: &mut Problems) {
        for (place, one) in self.organizations.iter().enumerate() {
            let told = (&*one.input.name, one.id);
            names.add(problems, format!("{at}.organizations[{place}]"), Noun::Organization, told);
        }
        for (place, one) in self.teams.iter().enumerate() {
            names.add(problems, format!("{at}.teams[{place}]"), Noun::Team, (&one.input.name, one.id));
        }
        for (place, one) in self.people.iter().enumerate() {
            names.add(problems, format!("{at}.people[{place}]"), Noun::Person, (&one.input.email, one.id));
        }
        for (place, one) in self.webhooks.iter().enumerate() {
            names.add(problems, format!("{at}.webhooks[{place}]"), Noun::Webhook, (one.name(), one.id));
        }
    }

    /// Checks all that is here, where these are the names of it and of what else is given.
    pub(super) fn check(&self, at: &str, names: &Names, problems: &mut Problems) {
        for (place, one) in self.organizations.iter().enumerate() {
            check_below(problems, &format!("{at}.organizations[{place}]"), &one.input);
        }
        for (place, one) in self.teams.iter().enumerate() {
            check_below(problems, &format!("{at}.teams[{place}]"), &one.input);
        }
        for (place, one) in self.people.iter().enumerate() {
            let at = format!("{at}.people[{place}]");
            check_below(problems, &at, &one.input);
            names.check(problems, format!("{at}.organization"), Noun::Organization, one.organization.as_deref());
            for (place, membership) in one.teams.iter().enumerate() {
                names.check(problems, format!("{at}.teams[{place}].name"), Noun::Team, Some(&membership.team));
            }
        }
        for (place, one) in self.custom_fields.iter().enumerate() {
            check_below(problems, &format!("{at}.custom_fields[{place}]"), one);
        }
        for (place, one) in self.webhooks.iter().enumerate() {
            check_below(problems, &format!("{at}.webhooks[{place}]"), &one.input);
        }
    }
}

impl GivenPerson {
    fn read(fields: &mut Fields) -> Self {
        let email = fields.required_text("email");
        let first = email.split('@').next().unwrap_or_default().to_owned();
        Self {
            id: id(fields),
            input: NewUser {
                role: fields.word("role", Role::ALL).into_option().unwrap_or(Role::Customer),
                time_zone: fields.nullable_text("time_zone").into_option().flatten(),
                locale: fields.nullable_text("locale").into_option().flatten(),
                ..NewUser::new(email, fields.text("name").into_option().unwrap_or(first))
            },
            organization: fields.text("organization").into_option(),
            teams: list(fields, "teams", |fields| Place {
                team: fields.required_text("name"),
                role: fields.word("role", TeamRole::ALL).into_option().unwrap_or(TeamRole::Member),
            }),
            availability: fields.word("availability", Availability::ALL),
        }
    }
}

impl GivenWebhook {
    fn read(fields: &mut Fields) -> Self {
        let id = id(fields);
        let mut hook = WebhookPatch::read(fields);
        // A rule calls it whatever it is told of, so nobody need say that.
        if hook.event_types == Patch::Keep {
            hook.event_types = Patch::Set(vec![EventType::TicketCreated]);
        }
        Self { id, input: NewWebhook(hook) }
    }

    pub(super) fn name(&self) -> &str {
        self.input.0.name.as_ref().map(|name| name.trim()).unwrap_or_default()
    }
}
