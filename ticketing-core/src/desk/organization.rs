//! Companies whose people are customers.

use super::recorder::{Recorder, differences};
use super::user::{NewUser, page};
use super::{Desk, check_version};
use crate::access::{Call, Scope};
use crate::changes::{Expect, Row, Write};
use crate::error::Error;
use crate::fold::fold;
use crate::ids::OrganizationId;
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{Organization, Role, Subject};
use crate::query::{OrganizationQuery, Page, Position};

/// A company to be added.
#[derive(Clone, Debug)]
pub struct NewOrganization {
    /// What it is called.
    pub name: String,
    /// Mail domains of its people.
    pub domains: Vec<String>,
    /// Whether its people see each other's tickets.
    pub shares_tickets: bool,
}

impl Input for NewOrganization {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.required_text("name"),
            domains: fields.texts("domains").into_option().unwrap_or_default(),
            shares_tickets: fields.flag("shares_tickets").into_option().unwrap_or_default(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        problems.text("name", self.name.trim(), 1..=200, false);
        check_domains(problems, &self.domains);
    }
}

/// What to change of a company.
#[derive(Clone, Debug, Default)]
pub struct OrganizationPatch {
    /// What it is called.
    pub name: Patch<String>,
    /// Mail domains of its people.
    pub domains: Patch<Vec<String>>,
    /// Whether its people see each other's tickets.
    pub shares_tickets: Patch<bool>,
}

impl Input for OrganizationPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            domains: fields.texts("domains"),
            shares_tickets: fields.flag("shares_tickets"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            problems.text("name", name.trim(), 1..=200, false);
        }
        if let Some(domains) = self.domains.as_ref() {
            check_domains(problems, domains);
        }
    }
}

impl Desk {
    /// Adds a company. For managers.
    pub async fn create_organization(
        &self,
        call: impl Into<Call>,
        input: NewOrganization,
    ) -> Result<Organization, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Manager)?;
        input.checked()?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let organization = Organization {
                id: OrganizationId(self.ids().uuid(recorder.now)),
                name: input.name.trim().to_owned(),
                domains: tidy_domains(&input.domains),
                shares_tickets: input.shares_tickets,
                version: 1,
                created_at: recorder.now,
                updated_at: recorder.now,
            };
            recorder.write(Write::Organization { organization: organization.clone(), expect: Expect::New });
            let subject = Subject::Organization(organization.id);
            recorder.deed("organization.created", subject, &differences(None, &organization));
            recorder.answer(|| &organization)?;
            recorder.commit().await?;
            Ok(organization)
        })
        .await
    }

    /// A company, as far as the actor sees companies.
    pub async fn organization(&self, call: impl Into<Call>, id: OrganizationId) -> Result<Organization, Error> {
        let scope = self.scope(&call.into().actor);
        self.store.organization(&scope, id).await?.ok_or(Error::NotFound("organization"))
    }

    /// Companies, oldest first. For staff.
    pub async fn organizations(
        &self,
        call: impl Into<Call>,
        mut query: OrganizationQuery,
    ) -> Result<Page<Organization>, Error> {
        let call = call.into();
        call.actor.at_least(Role::Agent)?;
        let limit = query.limit;
        query.limit += 1;
        query.text = query.text.map(|text| fold(&text));
        let items = self.store.organizations(&self.scope(&call.actor), &query).await?;
        Ok(page(items, limit, |organization| Position::at(0, organization.id.0)))
    }

    /// Changes a company. For managers.
    pub async fn update_organization(
        &self,
        call: impl Into<Call>,
        id: OrganizationId,
        input: OrganizationPatch,
        expected: Option<i64>,
    ) -> Result<Organization, Error> {
        let (call, input) = (&call.into(), &input);
        input.checked()?;
        self.insist(move || async move {
            let old = self.organization(call, id).await?;
            call.actor.at_least(Role::Manager)?;
            check_version(expected, old.version)?;
            let mut new = old.clone();
            if let Some(name) = input.name.as_ref() {
                name.trim().clone_into(&mut new.name);
            }
            if let Some(domains) = input.domains.as_ref() {
                new.domains = tidy_domains(domains);
            }
            input.shares_tickets.apply(&mut new.shares_tickets);
            let changes = differences(Some(&old), &new);
            if changes.is_empty() {
                return Ok(new);
            }
            let mut recorder = Recorder::begin(self, call).await?;
            new.version = old.version + 1;
            new.updated_at = recorder.now;
            let expect = Expect::Version(old.version);
            recorder.write(Write::Organization { organization: new.clone(), expect });
            recorder.deed("organization.updated", Subject::Organization(id), &changes);
            recorder.commit().await?;
            self.customers.forget();
            Ok(new)
        })
        .await
    }
}

impl Desk {
    /// The company of somebody who is being added by who knows them: the one that is named, or else the one
    /// that has the mail domain. The commit lands only while that is so.
    pub(super) async fn organization_of_new(
        &self,
        recorder: &mut Recorder<'_>,
        input: &NewUser,
    ) -> Result<Option<OrganizationId>, Error> {
        match input.organization_id {
            Patch::Keep if input.role.is_staff() => Ok(None),
            Patch::Keep => self.organization_of_address(recorder, &input.email).await,
            Patch::Set(None) => Ok(None),
            Patch::Set(Some(id)) => {
                let found = self.store.organization(&Scope::UPKEEP, id).await?;
                let found = found
                    .ok_or_else(|| Error::field("organization_id", "unknown", "There is no such organization."))?;
                recorder.guard(Row::Organization(id), found.version);
                Ok(Some(id))
            }
        }
    }

    /// The company that has exactly the mail domain of this address. The commit lands only while it has it.
    pub(super) async fn organization_of_address(
        &self,
        recorder: &mut Recorder<'_>,
        email: &str,
    ) -> Result<Option<OrganizationId>, Error> {
        let Some(domain) = mail_domain(email) else { return Ok(None) };
        let found = self.store.organization_by_domain(&Scope::UPKEEP, &domain).await?;
        if let Some(organization) = &found {
            recorder.guard(Row::Organization(organization.id), organization.version);
        }
        Ok(found.map(|organization| organization.id))
    }
}

/// The mail domain of an address as companies keep theirs: lower case, other scripts in their ASCII form.
pub(super) fn mail_domain(email: &str) -> Option<String> {
    let (_, domain) = email.trim().rsplit_once('@')?;
    idna::domain_to_ascii(domain).ok().filter(|domain| domain.contains('.'))
}

pub(super) fn tidy_domains(domains: &[String]) -> Vec<String> {
    let mut domains: Vec<String> = domains.iter().map(|d| d.trim().to_ascii_lowercase()).collect();
    domains.sort();
    domains.dedup();
    domains
}

fn check_domains(problems: &mut Problems, domains: &[String]) {
    if domains.len() > 50 {
        problems.add("domains", "too_many", "May have at most 50 entries.");
    }
    for (place, domain) in domains.iter().enumerate().take(51) {
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        let domain = domain.trim();
        if domain.len() > 253 || !domain.contains('.') || !domain.split('.').all(label) {
            problems.add(format!("domains[{place}]"), "not_a_domain", "Is not a mail domain such as acme.example.");
        }
    }
}
