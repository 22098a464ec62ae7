//! People: who may add, see and change whom.

use super::erase::is_erased;
use super::password::check_password;
use super::recorder::{Recorder, differences};
use super::{Desk, Snapshot};
use crate::access::{Call, Scope};
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{OrganizationId, UserId};
use crate::input::{Fields, Input, Patch, Problems, check_email, check_name};
use crate::model::{Availability, Person, Role, Subject, TokenKind, User};
use crate::query::{Page, Position, UserQuery};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// How many people are looked up at once.
const LOOKED_UP: usize = 500;

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// A password, or none: the person can't sign in until one is set.
    pub password: Option<String>,
    /// The company of a customer, or none. Where nothing is said, it is the one that has the mail domain of
    /// the address.
    pub organization_id: Patch<Option<OrganizationId>>,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// BCP 47 language.
    pub locale: Option<String>,
}

impl NewUser {
    /// A customer without a password.
    pub fn new(email: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            name: name.into(),
            role: Role::Customer,
            password: None,
            organization_id: Patch::Keep,
            time_zone: None,
            locale: None,
        }
    }
}

impl Input for NewUser {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["role"]);
        Self {
            email: fields.required_text("email"),
            name: fields.required_text("name"),
            role: fields.word("role", Role::ALL).into_option().unwrap_or(Role::Customer),
            password: fields.nullable_text("password").into_option().flatten(),
            organization_id: read_organization(fields),
            time_zone: fields.nullable_text("time_zone").into_option().flatten(),
            locale: fields.nullable_text("locale").into_option().flatten(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_email(problems, "email", &self.email);
        check_name(problems, "name", &self.name);
        if let Some(password) = &self.password {
            check_password(problems, "password", password);
        }
        check_time_zone(problems, &Patch::Set(self.time_zone.clone()));
        check_locale(problems, &Patch::Set(self.locale.clone()));
        if matches!(self.organization_id, Patch::Set(Some(_))) && self.role.is_staff() {
            problems.add("organization_id", "not_for_staff", "Only customers belong to an organization.");
        }
    }

    fn new_password(&self) -> Option<&str> {
        self.password.as_deref()
    }
}

/// What to change of a person.
#[derive(Clone, Debug, Default)]
pub struct UserPatch {
    /// The address.
    pub email: Patch<String>,
    /// The name.
    pub name: Patch<String>,
    /// What the person may do.
    pub role: Patch<Role>,
    /// A new password.
    pub password: Patch<String>,
    /// The company of a customer.
    pub organization_id: Patch<Option<OrganizationId>>,
    /// IANA time zone.
    pub time_zone: Patch<Option<String>>,
    /// BCP 47 language.
    pub locale: Patch<Option<String>>,
    /// Whether new work is taken.
    pub availability: Patch<Availability>,
    /// Whether the person can sign in.
    pub is_active: Patch<bool>,
}

impl Input for UserPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            email: fields.text("email"),
            name: fields.text("name"),
            role: fields.word("role", Role::ALL),
            password: fields.text("password"),
            organization_id: read_organization(fields),
            time_zone: fields.nullable_text("time_zone"),
            locale: fields.nullable_text("locale"),
            availability: fields.word("availability", Availability::ALL),
            is_active: fields.flag("is_active"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(email) = self.email.as_ref() {
            check_email(problems, "email", email);
        }
        if let Some(name) = self.name.as_ref() {
            check_name(problems, "name", name);
        }
        if let Some(password) = self.password.as_ref() {
            check_password(problems, "password", password);
        }
        check_time_zone(problems, &self.time_zone);
        check_locale(problems, &self.locale);
    }

    fn new_password(&self) -> Option<&str> {
        self.password.as_ref().map(String::as_str)
    }
}

impl Desk {
    /// Adds a person. Who is given no password is mailed an invitation, where the desk sends mail. For
    /// managers; only administrators add administrators.
    pub async fn create_user(&self, call: impl Into<Call>, input: NewUser) -> Result<User, Error> {
        let call = call.into();
        call.actor.at_least(Role::Manager)?;
        self.check_input(&input)?;
        may_handle(&call, input.role)?;
        let hash = match &input.password {
            Some(password) => Some(self.parts.passwords.hash(password).await?),
            None => None,
        };
        let (call, input, hash) = (&call, &input, &hash);
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let organization_id = self.organization_of_new(&mut recorder, input).await?;
            let user = self.add_user(&mut recorder, input, organization_id, hash.as_deref());
            if hash.is_none() {
                self.mail_link(&mut recorder, user.id, TokenKind::Invitation);
            }
            recorder.answer(|| &user)?;
            recorder.commit().await?;
            Ok(user)
        })
        .await
    }

    /// Adds a person of this company to a commit in the making.
    pub(super) fn add_user(
        &self,
        recorder: &mut Recorder<'_>,
        input: &NewUser,
        organization_id: Option<OrganizationId>,
        hash: Option<&str>,
    ) -> User {
        let now = recorder.now;
        let nobody_said = organization_id.is_none() && input.organization_id == Patch::Keep;
        let user = User {
            id: UserId(self.ids().uuid(now)),
            email: input.email.trim().to_owned(),
            name: input.name.trim().to_owned(),
            role: input.role,
            organization_id,
            time_zone: input.time_zone.clone(),
            locale: input.locale.clone(),
            availability: Availability::Online,
            availability_since: now,
            is_active: true,
            version: 1,
            rights_version: 1,
            joins_by_domain: nobody_said && !input.role.is_staff(),
            created_at: now,
            updated_at: now,
        };
        if user.role.is_staff() {
            recorder.bump_settings();
        }
        recorder.write(Write::User { user: user.clone(), expect: Expect::New });
        if let Some(hash) = hash {
            recorder.write(Write::Password { user_id: user.id, hash: Some(hash.to_owned()) });
        }
        recorder.deed("user.created", Subject::User(user.id), &differences(None, &user));
        user
    }

    /// A person, as far as the actor sees people.
    pub async fn user(&self, call: impl Into<Call>, id: UserId) -> Result<User, Error> {
        let scope = self.scope(&call.into().actor);
        self.store.user(&scope, id).await?.ok_or(Error::NotFound("user"))
    }

    /// People, oldest first. For staff.
    pub async fn users(&self, call: impl Into<Call>, mut query: UserQuery) -> Result<Page<User>, Error> {
        let call = call.into();
        call.actor.at_least(Role::Agent)?;
        let limit = query.limit;
        query.limit += 1;
        query.text = query.text.map(|text| fold(&text));
        let items = self.store.users(&self.scope(&call.actor), &query).await?;
        Ok(page(items, limit, |user| Position::at(0, user.id.0)))
    }

    /// Changes a person. For managers; only administrators change administrators. Nobody takes away the
    /// own role or access, or sets the own password here, where nobody asks for the one until now.
    pub async fn update_user(
        &self,
        call: impl Into<Call>,
        id: UserId,
        input: UserPatch,
        expected: Option<i64>,
    ) -> Result<User, Error> {
        let call = &call.into();
        self.check_input(&input)?;
        let hash = match &input.password {
            Patch::Keep => None,
            Patch::Set(password) => {
                self.may_change(call, id, &input).await?;
                Some(self.parts.passwords.hash(password).await?)
            }
        };
        let (input, hash) = (&input, &hash);
        self.insist(move || async move {
            let old = self.may_change(call, id, input).await?;
            super::check_version(expected, old.version)?;
            let mut new = old.clone();
            if let Some(email) = input.email.as_ref() {
                email.trim().clone_into(&mut new.email);
            }
            if let Some(name) = input.name.as_ref() {
                name.trim().clone_into(&mut new.name);
            }
            input.role.apply(&mut new.role);
            input.organization_id.apply(&mut new.organization_id);
            input.time_zone.apply(&mut new.time_zone);
            input.locale.apply(&mut new.locale);
            input.availability.apply(&mut new.availability);
            input.is_active.apply(&mut new.is_active);
            // Somebody has said which company it is, if any. Of another address nothing is proved by a link that
            // went to the one before.
            new.joins_by_domain &=
                input.organization_id == Patch::Keep && !new.role.is_staff() && fold(&new.email) == fold(&old.email);
            if new.role.is_staff() && new.organization_id.is_some() {
                return Err(Error::field(
                    "organization_id",
                    "not_for_staff",
                    "Only customers belong to an organization.",
                ));
            }
            if let Some(organization) = new.organization_id.filter(|_| new.organization_id != old.organization_id) {
                let known = self.store.organization(&Scope::UPKEEP, organization).await?;
                known.ok_or_else(|| Error::field("organization_id", "unknown", "There is no such organization."))?;
            }
            self.write_user(call, &old, new, hash.as_deref()).await
        })
        .await
    }

    /// Writes a changed person, with what follows from the change. Says nothing where nothing changed.
    pub(super) async fn write_user(
        &self,
        call: &Call,
        old: &User,
        mut new: User,
        password_hash: Option<&str>,
    ) -> Result<User, Error> {
        if is_erased(old) {
            return Err(erased());
        }
        let mut changes = differences(Some(old), &new);
        if password_hash.is_some() {
            changes.insert("password".to_owned(), ("***".into(), "***".into()));
        }
        if changes.is_empty() && new.joins_by_domain == old.joins_by_domain {
            return Ok(new);
        }
        let mut recorder = Recorder::begin(self, call).await?;
        let snapshot = Arc::clone(&recorder.snapshot);
        new.version = old.version + 1;
        new.updated_at = recorder.now;
        if new.availability != old.availability {
            new.availability_since = recorder.now;
        }
        if !new.role.is_staff() {
            // A place in a team that no list shows would come back unnoticed with the role.
            let places = snapshot
                .directory
                .teams_of(new.id)
                .iter()
                .filter_map(|team| snapshot.directory.membership(*team, new.id));
            for place in places {
                let (team_id, user_id, version) = (place.team_id, place.user_id, place.version);
                recorder.write(Write::DeleteMembership { team_id, user_id, version });
            }
        }
        // Availability alone is no part of the snapshot: people switch it all day.
        let directory = changes.keys().any(|field| field != "availability");
        if directory && (old.role.is_staff() || new.role.is_staff()) {
            recorder.bump_settings();
        }
        if !new.is_active || new.role != old.role || password_hash.is_some() {
            new.rights_version = old.rights_version + 1;
            recorder.write(Write::EndSessions { user_id: new.id, at: recorder.now });
        }
        if old.role.is_staff() && !new.role.is_staff() {
            // Notes among staff were told there.
            recorder.write(Write::ForgetNotifications { user_id: new.id });
        }
        if fold(&new.email) != fold(&old.email) {
            self.readdress(&mut recorder, new.id, password_hash.is_some()).await?;
        }
        recorder.write(Write::User { user: new.clone(), expect: Expect::Version(old.version) });
        if let Some(hash) = password_hash {
            recorder.write(Write::Password { user_id: new.id, hash: Some(hash.to_owned()) });
        }
        recorder.deed("user.updated", Subject::User(new.id), &changes);
        recorder.commit().await?;
        self.customers.forget();
        Ok(new)
    }

    /// Links that went to a former address open nothing any more. Who was invited there and has no password yet
    /// is invited again.
    async fn readdress(&self, recorder: &mut Recorder<'_>, id: UserId, gets_password: bool) -> Result<(), Error> {
        self.void_links(recorder, id);
        let found = self.store.credential_by_id(&Scope::UPKEEP, id).await?;
        if !gets_password && found.is_some_and(|found| found.password_hash.is_none()) {
            self.mail_link(recorder, id, TokenKind::Invitation);
        }
        Ok(())
    }

    async fn may_change(&self, call: &Call, id: UserId, input: &UserPatch) -> Result<User, Error> {
        let old = self.user(call, id).await?;
        call.actor.at_least(Role::Manager)?;
        may_handle(call, old.role)?;
        if is_erased(&old) {
            return Err(erased());
        }
        if let Some(role) = input.role.as_ref() {
            may_handle(call, *role)?;
        }
        let lowers = input.role.as_ref().is_some_and(|role| *role != old.role) || input.is_active == Patch::Set(false);
        if lowers && call.actor.user_id() == Some(id) {
            return Err(Error::forbidden("Nobody takes away the own role or access."));
        }
        if input.password != Patch::Keep && call.actor.user_id() == Some(id) {
            return Err(Error::forbidden("The own password is changed in the own profile, by who knows it."));
        }
        Ok(old)
    }

    /// Sets somebody's password. For administrators and the operator.
    pub async fn set_password(&self, call: impl Into<Call>, id: UserId, password: &str) -> Result<(), Error> {
        let call = call.into();
        call.actor.at_least(Role::Admin)?;
        let input = UserPatch { password: Patch::Set(password.to_owned()), ..UserPatch::default() };
        self.update_user(call, id, input, None).await.map(drop)
    }
}

fn erased() -> Error {
    Error::conflict("erased", "This person was erased. Nothing can be said of them any more.")
}

fn read_organization(fields: &mut Fields) -> Patch<Option<OrganizationId>> {
    match fields.nullable_id("organization_id") {
        Patch::Keep => Patch::Keep,
        Patch::Set(id) => Patch::Set(id.map(OrganizationId)),
    }
}

/// Whether the actor may add or change people of this role.
fn may_handle(call: &Call, role: Role) -> Result<(), Error> {
    let most = match call.actor.role() {
        Role::Admin => Role::Admin,
        Role::Agent | Role::Customer | Role::Manager => Role::Manager,
    };
    if role <= most {
        Ok(())
    } else {
        Err(Error::forbidden(format!("A person of the role {role} is not yours to change.")))
    }
}

/// Cuts a list that was asked for one row too many, and says where the next page starts.
impl Desk {
    /// Who these people are, as of now. Whoever does not work here, or no longer, is looked up.
    pub(super) async fn people_of(
        &self,
        snapshot: &Snapshot,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<HashMap<UserId, Person>, Error> {
        let (mut people, mut others) = (HashMap::new(), BTreeSet::new());
        for id in ids {
            match snapshot.directory.staff(id) {
                Some(user) => drop(people.insert(id, Person::from(user))),
                None => drop(others.insert(id)),
            }
        }
        let others: Vec<UserId> = others.into_iter().collect();
        for some in others.chunks(LOOKED_UP) {
            let found = self.store.users_by_ids(&Scope::UPKEEP, some).await?;
            people.extend(found.iter().map(|user| (user.id, Person::from(user))));
        }
        Ok(people)
    }
}

pub(super) fn page<T>(mut items: Vec<T>, limit: usize, place: impl Fn(&T) -> Position) -> Page<T> {
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(place);
    Page { items, next, total: None }
}

pub(super) fn check_time_zone(problems: &mut Problems, zone: &Patch<Option<String>>) {
    if let Patch::Set(Some(zone)) = zone
        && zone.parse::<chrono_tz::Tz>().is_err()
    {
        problems.add("time_zone", "unknown_value", "Is not an IANA time zone such as Europe/Berlin.");
    }
}

pub(super) fn check_locale(problems: &mut Problems, locale: &Patch<Option<String>>) {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if let Patch::Set(Some(locale)) = locale
        && (locale.len() > 35 || !locale.split('-').all(part) || locale.split('-').next().is_none_or(|p| p.len() < 2))
    {
        problems.add("locale", "unknown_value", "Is not a language tag such as de or pt-BR.");
    }
}
