//! The rows of people, teams and companies, each with the audit line of whoever added it.

use super::company::Company;
use super::dice::Dice;
use super::house::{Deed, House};
use super::{DemoOptions, PROFILE_KIND, profile};
use crate::changes::{Expect, Write};
use crate::desk::AuditDraft;
use crate::model::audit::AuditDetail;
use crate::model::{Person, Subject, User};
use crate::setting::{DeskProfile, Document, SingleSetting};
use crate::time::Time;
use serde::Serialize;
use serde_json::{Map, Value};
use std::ops::Range;

/// The desk itself: its profile, its staff, their teams, what it has set up, and the companies that write to it.
pub(super) fn desk(company: &Company, options: &DemoOptions) -> Vec<Write> {
    let mut log = Log { options, dice: Dice::new(options.seed, 3, 0), writes: Vec::new() };
    let at = company.founded;
    let body = serde_json::to_value(profile()).unwrap_or_default();
    let document = Document {
        kind: PROFILE_KIND.to_owned(),
        id: DeskProfile::ID,
        owner: None,
        version: 1,
        saved_at: at,
        saved_by: None,
        deleted: false,
        body,
    };
    log.writes.push(Write::Setting { document, expect: Expect::New });
    log.line(at, "desk_profile.updated", Subject::Setting(DeskProfile::ID), &profile());
    for member in &company.staff {
        log.user(&member.user);
    }
    for queue in &company.teams {
        log.writes.push(Write::Team { team: queue.team.clone(), expect: Expect::New });
        log.line(queue.team.created_at, "team.created", Subject::Team(queue.team.id), &queue.team);
    }
    for membership in company.memberships() {
        let subject = Subject::Team(membership.team_id);
        log.line(membership.created_at, "team.member_added", subject, &membership);
        log.writes.push(Write::Membership { membership, expect: Expect::New });
    }
    for deed in company.house.iter().flat_map(House::first) {
        log.deed(&deed);
    }
    for organization in &company.organizations {
        log.writes.push(Write::Organization { organization: organization.clone(), expect: Expect::New });
        let subject = Subject::Organization(organization.id);
        log.line(organization.created_at, "organization.created", subject, organization);
    }
    log.writes
}

/// What of it was changed since.
pub(super) fn edits(company: &Company, options: &DemoOptions) -> Vec<Write> {
    let mut log = Log { options, dice: Dice::new(options.seed, 8, 0), writes: Vec::new() };
    for deed in company.house.iter().flat_map(House::second) {
        log.deed(&deed);
    }
    log.writes.extend(company.house.iter().flat_map(|house| house.uses(company, options.now)));
    log.writes
}

/// Some of the customers.
pub(super) fn customers(company: &Company, options: &DemoOptions, range: Range<usize>) -> Vec<Write> {
    let dice = Dice::new(options.seed, 4, range.start as u64);
    let mut log = Log { options, dice, writes: Vec::with_capacity(range.len() * 3) };
    for customer in &company.customers[range] {
        log.user(&customer.user);
    }
    log.writes
}

/// Rows and audit lines in the making.
struct Log<'a> {
    options: &'a DemoOptions,
    dice: Dice,
    writes: Vec<Write>,
}

impl Log<'_> {
    fn user(&mut self, user: &User) {
        self.writes.push(Write::User { user: user.clone(), expect: Expect::New });
        self.writes.push(Write::Password { user_id: user.id, hash: Some(self.options.password_hash.clone()) });
        self.line(user.created_at, "user.created", Subject::User(user.id), user);
    }

    fn deed(&mut self, deed: &Deed) {
        let Deed { document, action, actor, changes } = deed;
        self.writes.push(deed.write());
        self.seal(document.saved_at, action, Subject::Setting(document.id), actor.clone(), changes.clone());
    }

    /// The audit line of something new: each field that has a value, from nothing to that.
    fn line(&mut self, at: Time, action: &str, subject: Subject, new: &impl Serialize) {
        let mut changes = Map::new();
        if let Ok(Value::Object(fields)) = serde_json::to_value(new) {
            for (field, value) in fields {
                let own = matches!(field.as_str(), "id" | "version" | "created_at" | "updated_at");
                if !own && !value.is_null() {
                    changes.insert(field, Value::Array(vec![Value::Null, value]));
                }
            }
        }
        self.seal(at, action, subject, Person::system(), changes);
    }

    fn seal(&mut self, at: Time, action: &str, subject: Subject, actor: Person, changes: Map<String, Value>) {
        let detail = AuditDetail { changes: changes.into(), ..AuditDetail::default() };
        let draft = AuditDraft { at, actor, action: action.to_owned(), subject, request_id: None, detail };
        self.writes.push(Write::Audit(Box::new(self.options.audit_key.seal(&self.dice, draft))));
    }
}
