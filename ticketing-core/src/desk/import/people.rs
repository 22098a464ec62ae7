//! Lines that are people or companies.

use super::cell::{flag, list};
use super::known::{Customer, Known};
use super::table::Row;
use super::{Judged, TransferError};
use crate::access::Call;
use crate::changes::{Expect, Write};
use crate::desk::Desk;
use crate::desk::organization::{mail_domain, tidy_domains};
use crate::desk::recorder::{audit_line, differences};
use crate::desk::{NewOrganization, NewUser};
use crate::fold::fold;
use crate::ids::{OrganizationId, UserId};
use crate::input::{Input, Problems};
use crate::model::{Availability, Organization, Subject, User};
use crate::time::Time;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

impl Desk {
    pub(super) async fn judge_users(
        &self,
        call: &Call,
        known: &mut Known,
        rows: &[Row],
    ) -> Result<Judged, TransferError> {
        known.meet(self, rows, "email").await?;
        let (mut judged, _) = self.begin_rows(call).await?;
        let now = self.now();
        for row in rows {
            if let Some(fault) = &row.fault {
                judged.wrong(row, vec![fault.clone()]);
                continue;
            }
            let mut said: Map<String, Value> =
                row.cells.iter().map(|(field, text)| (field.clone(), json!(text.trim()))).collect();
            let company = said.remove("organization");
            said.entry("role").or_insert_with(|| json!("customer"));
            let (input, mut problems) = NewUser::read_json(Value::Object(said))?;
            let mut organization_id = None;
            if let Some(name) = company.as_ref().and_then(Value::as_str) {
                organization_id = known.company(&judged.additions, name);
                if organization_id.is_none() {
                    problems.add("organization", "unknown", "There is no such organization.");
                } else if input.role.is_staff() {
                    problems.add("organization", "not_for_staff", "Only customers belong to an organization.");
                }
            } else if !input.role.is_staff() {
                organization_id =
                    mail_domain(&input.email).and_then(|domain| known.of_domain(&judged.additions, &domain));
            }
            let email_fold = fold(input.email.trim());
            let before = known.repeats(&mut judged.additions, mark("user", &email_fold), row.line);
            note_repeat(before, "email", &mut problems);
            if judged.is_wrong(row, problems) {
                continue;
            }
            if known.person(&judged.additions, &email_fold).is_some() {
                judged.known += 1;
                continue;
            }
            let user = User {
                joins_by_domain: company.is_none() && organization_id.is_none() && !input.role.is_staff(),
                time_zone: input.time_zone.clone(),
                locale: input.locale.clone(),
                role: input.role,
                ..self.new_customer(&input.email, &input.name, organization_id, now)
            };
            if user.role.is_staff() {
                judged.changes.bumps_settings = true;
                let told = differences(None, &user);
                let line = audit_line(self, call, now, "user.created", Subject::User(user.id), &told);
                judged.changes.writes.push(line);
            }
            judged.additions.people.insert(email_fold, Customer::from(&user));
            judged.changes.writes.push(Write::User { user, expect: Expect::New });
            judged.made += 1;
        }
        Ok(judged)
    }

    /// A customer without a password.
    pub(super) fn new_customer(
        &self,
        email: &str,
        name: &str,
        organization_id: Option<OrganizationId>,
        now: Time,
    ) -> User {
        User {
            id: UserId(self.ids().uuid(now)),
            email: email.trim().to_owned(),
            name: name.trim().to_owned(),
            role: crate::model::Role::Customer,
            organization_id,
            time_zone: None,
            locale: None,
            availability: Availability::Online,
            availability_since: now,
            is_active: true,
            version: 1,
            rights_version: 1,
            joins_by_domain: organization_id.is_none(),
            created_at: now,
            updated_at: now,
        }
    }

    pub(super) async fn judge_organizations(
        &self,
        call: &Call,
        known: &mut Known,
        rows: &[Row],
    ) -> Result<Judged, TransferError> {
        let (mut judged, _) = self.begin_rows(call).await?;
        let now = self.now();
        for row in rows {
            if let Some(fault) = &row.fault {
                judged.wrong(row, vec![fault.clone()]);
                continue;
            }
            let mut said = Map::new();
            if let Some(name) = row.cell("name") {
                said.insert("name".to_owned(), json!(name.trim()));
            }
            if let Some(domains) = row.cell("domains") {
                said.insert("domains".to_owned(), json!(list(domains)));
            }
            if let Some(shares) = row.cell("shares_tickets") {
                said.insert("shares_tickets".to_owned(), flag(shares).map_or_else(|| json!(shares), Value::Bool));
            }
            let (input, mut problems) = NewOrganization::read_json(Value::Object(said))?;
            let name = fold(&input.name);
            let before = known.repeats(&mut judged.additions, mark("organization", &name), row.line);
            note_repeat(before, "name", &mut problems);
            let is_known = known.company(&judged.additions, &input.name).is_some();
            let domains = tidy_domains(&input.domains);
            if !is_known && domains.iter().any(|domain| known.of_domain(&judged.additions, domain).is_some()) {
                problems.add("domains", "duplicate", "Another organization has one of these mail domains.");
            }
            if judged.is_wrong(row, problems) {
                continue;
            }
            if is_known {
                judged.known += 1;
                continue;
            }
            let organization = Organization {
                id: OrganizationId(self.ids().uuid(now)),
                name: input.name.trim().to_owned(),
                domains,
                shares_tickets: input.shares_tickets,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            judged.additions.companies.insert(name, organization.id);
            let domains = organization.domains.iter().map(|domain| (domain.clone(), organization.id));
            judged.additions.domains.extend(domains);
            judged.changes.writes.push(Write::Organization { organization, expect: Expect::New });
            judged.made += 1;
        }
        Ok(judged)
    }
}

/// A short name for what may stand in one line only.
pub(super) fn mark(what: &str, text: &str) -> u128 {
    let digest = Sha256::new().chain_update(what).chain_update([0]).chain_update(text).finalize();
    let mut short = [0; 16];
    short.copy_from_slice(&digest[..16]);
    u128::from_be_bytes(short)
}

/// Notes that a line above says the same.
pub(super) fn note_repeat(before: Option<u64>, field: &str, problems: &mut Problems) {
    if let Some(line) = before {
        problems.add(field, "repeated", format!("Line {line} has the same."));
    }
}
