//! Forgetting a person: what tells who it was goes, what was said about tickets stays.

use super::Desk;
use super::recorder::Recorder;
use crate::access::{Call, Origin, Scope};
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::ids::{AuditId, UserId};
use crate::model::audit::ERASED;
use crate::model::seal::RawDetail;
use crate::model::{AuditDetail, AuditEntry, Availability, Role, Subject, User};
use crate::query::{AuditQuery, NotificationQuery};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many lines of the audit log are looked at, and emptied, at a time.
const LINES: usize = 500;

/// What became of a person who was to be erased.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// The person as they are now.
    pub user: User,
    /// How many lines of the audit log said something until now and say nothing any more.
    pub emptied: u64,
}

/// Whether the person was erased.
pub(super) fn is_erased(user: &User) -> bool {
    user.email == erased_address(user.id)
}

fn erased_address(id: UserId) -> String {
    format!("erased-{id}{}", crate::model::user::ERASED_DOMAIN)
}

impl Desk {
    /// Forgets a person, for good. Name, address and everything by which the person signs in go in one
    /// commit; the mails that came from that address went before; then the details of all audit lines by or about the person are emptied, some at a time. Where
    /// that is interrupted, doing it again goes on; erasing whoever is erased changes nothing. Tickets,
    /// comments and time stay, under the name of an erased person. For administrators and the operator.
    pub async fn erase_user(&self, call: impl Into<Call>, id: UserId) -> Result<Erasure, Error> {
        let call = call.into();
        call.actor.at_least(Role::Admin)?;
        if call.actor.user_id() == Some(id) {
            return Err(Error::forbidden("Nobody erases oneself."));
        }
        // Doing it twice is the same as once. The line that says so stays for ever, so it does not say from
        // where: whoever erases may have to be erased one day.
        let call = &Call { origin: Origin::Host, ..call.without_key() };
        // First, while it is known under which address they came; and once more for what came meanwhile.
        let address = match self.store.user(&Scope::UPKEEP, id).await? {
            Some(user) if self.blobs().is_ok() && !is_erased(&user) => Some(user.email),
            _ => None,
        };
        if let Some(address) = &address {
            self.forget_mails(call, address).await?;
        }
        let user = self.insist(move || self.take_identity(call, id)).await?;
        if let Some(address) = &address {
            self.forget_mails(call, address).await?;
        }
        let by = AuditQuery { actor: Some(id), limit: LINES, ..AuditQuery::default() };
        let about = AuditQuery { subject: Some(Subject::User(id)), limit: LINES, ..AuditQuery::default() };
        let emptied = self.empty_details(call, by).await? + self.empty_details(call, about).await?;
        Ok(Erasure { user, emptied })
    }

    async fn take_identity(&self, call: &Call, id: UserId) -> Result<User, Error> {
        let old = self.store.user(&Scope::UPKEEP, id).await?.ok_or(Error::NotFound("user"))?;
        let mut recorder = Recorder::begin(self, call).await?;
        let snapshot = Arc::clone(&recorder.snapshot);
        if snapshot.directory.is_last_admin(id) {
            return Err(Error::conflict(
                "last_admin",
                "Nobody else could run the desk. Make another administrator first.",
            ));
        }
        if old.role.is_staff() {
            recorder.bump_settings();
        }
        let places = snapshot.directory.teams_of(id).iter().filter_map(|team| snapshot.directory.membership(*team, id));
        for place in places {
            let (team_id, user_id, version) = (place.team_id, place.user_id, place.version);
            recorder.write(Write::DeleteMembership { team_id, user_id, version });
        }
        let keys = self.store.api_keys(&Scope::SIGN_IN, id).await?;
        let user = User {
            email: erased_address(id),
            name: "Erased person".to_owned(),
            organization_id: None,
            time_zone: None,
            locale: None,
            availability: Availability::Offline,
            availability_since: recorder.now,
            is_active: false,
            version: old.version + 1,
            rights_version: old.rights_version + 1,
            joins_by_domain: false,
            updated_at: recorder.now,
            ..old.clone()
        };
        // What was under way when the person was erased may have left something behind.
        let (version, rights_version, updated_at) = (old.version, old.rights_version, old.updated_at);
        let told = self.store.notification_count(&NotificationQuery::of(id, 0)).await?;
        let stopwatch = self.store.stopwatch(id).await?;
        if keys.is_empty()
            && told == 0
            && stopwatch.is_none()
            && old == (User { version, rights_version, updated_at, ..user.clone() })
        {
            return Ok(old);
        }
        recorder.write(Write::User { user: user.clone(), expect: Expect::Version(old.version) });
        recorder.write(Write::Password { user_id: id, hash: None });
        recorder.write(Write::ForgetSignIns { user_id: id });
        recorder.write(Write::ForgetNotifications { user_id: id });
        if let Some(stopwatch) = stopwatch {
            recorder.write(Write::DeleteStopwatch { user_id: id, version: stopwatch.version });
        }
        recorder.deed(ERASED, Subject::User(id), &BTreeMap::new());
        recorder.commit().await?;
        self.customers.forget();
        for key in keys {
            self.keys.forget(&key.prefix);
        }
        Ok(user)
    }

    /// Empties the details of these lines, newest first, but of those that say that somebody was erased.
    async fn empty_details(&self, call: &Call, mut query: AuditQuery) -> Result<u64, Error> {
        let mut emptied = 0;
        loop {
            let page = self.store.audit(&Scope::UPKEEP, &query).await?;
            let Some(last) = page.last() else { return Ok(emptied) };
            query.before = Some((last.at, last.id));
            let telling = page.iter().filter(|line| line.action != ERASED && says_something(line));
            let ids: Vec<AuditId> = telling.map(|line| line.id).collect();
            if ids.is_empty() {
                continue;
            }
            emptied += ids.len() as u64;
            let ids = &ids;
            self.insist(move || async move {
                let mut recorder = Recorder::begin(self, call).await?;
                recorder.write(Write::EmptyDetails { ids: ids.clone() });
                recorder.commit().await
            })
            .await?;
        }
    }
}

fn says_something(line: &AuditEntry) -> bool {
    line.detail != AuditDetail::default() || line.salt != RawDetail::EMPTY_SALT
}
