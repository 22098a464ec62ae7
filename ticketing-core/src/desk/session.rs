//! Signing in, staying signed in, signing out, signing up, and one's own profile.

use super::password::check_password;
use super::recorder::{Recorder, differences};
use super::user::{self, check_email, check_locale, check_name, check_time_zone};
use super::{Desk, Snapshot};
use crate::access::{Actor, Call, Origin, Principal, Scope, SystemReason};
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{SessionId, UserId};
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{Availability, Role, Session, Subject, User};
use crate::port::{Credential, IdSource};
use crate::time::Time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::time::Duration;
use subtle::ConstantTimeEq;

const SYSTEM: Scope = Scope::System(SystemReason::SignIn);
const REFUSED: Error = Error::Unauthenticated("Address or password is wrong.");
const SPENT: Error = Error::Unauthenticated("This sign-in is over.");

/// An address and the password that should belong to it.
#[derive(Clone)]
pub struct SignIn {
    /// The address, in any case.
    pub email: String,
    /// The password.
    pub password: String,
}

impl Input for SignIn {
    fn read(fields: &mut Fields) -> Self {
        Self { email: fields.required_text("email"), password: fields.required_text("password") }
    }

    fn check(&self, _: &mut Problems) {}
}

/// A person who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The sign-in.
    pub session_id: SessionId,
    /// Good for one refresh.
    pub refresh_token: String,
    /// After this the person must sign in again.
    pub refresh_expires_at: Time,
}

/// A customer who signs up.
#[derive(Clone)]
pub struct Register {
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

impl Input for Register {
    fn read(fields: &mut Fields) -> Self {
        Self {
            email: fields.required_text("email"),
            name: fields.required_text("name"),
            password: fields.required_text("password"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_email(problems, "email", &self.email);
        check_name(problems, "name", &self.name);
        check_password(problems, "password", &self.password);
    }
}

/// What a person may change of the own profile.
#[derive(Clone, Debug, Default)]
pub struct MePatch {
    /// The name.
    pub name: Patch<String>,
    /// Whether new work is taken.
    pub availability: Patch<Availability>,
    /// IANA time zone.
    pub time_zone: Patch<Option<String>>,
    /// BCP 47 language.
    pub locale: Patch<Option<String>>,
    /// A new password; needs `current_password`.
    pub password: Patch<String>,
    /// The password until now.
    pub current_password: Patch<String>,
}

impl Input for MePatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            availability: fields.word("availability", Availability::ALL),
            time_zone: fields.nullable_text("time_zone"),
            locale: fields.nullable_text("locale"),
            password: fields.text("password"),
            current_password: fields.text("current_password"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            check_name(problems, "name", name);
        }
        check_time_zone(problems, &self.time_zone);
        check_locale(problems, &self.locale);
        if let Some(password) = self.password.as_ref() {
            check_password(problems, "password", password);
            if self.current_password == Patch::Keep {
                problems.add("current_password", "required", "Is required to change the password.");
            }
        }
    }
}

/// Customers who asked lately: who they are and which company's tickets they share.
pub(super) struct CustomerCache(moka::sync::Cache<UserId, Principal>);

impl Default for CustomerCache {
    fn default() -> Self {
        Self(moka::sync::Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(2)).build())
    }
}

impl CustomerCache {
    pub(super) fn forget(&self, id: UserId) {
        self.0.invalidate(&id);
    }

    /// A company changed: whose tickets its people share may have changed for many.
    pub(super) fn forget_all(&self) {
        self.0.invalidate_all();
    }
}

impl Desk {
    /// Signs a person in. Every refusal looks and takes the same.
    pub async fn sign_in(&self, call: impl Into<Call>, input: SignIn) -> Result<SignedIn, Error> {
        let call = call.into();
        let found = self.store.credential(&SYSTEM, &fold(input.email.trim())).await?;
        let (user, hash) = match found {
            Some(Credential { user, password_hash }) => (Some(user), password_hash),
            None => (None, None),
        };
        let fits = self.parts.passwords.verify(&input.password, hash).await?;
        match user {
            Some(user) if fits && user.is_active => self.start_session(&call, user).await,
            Some(user) => {
                self.record_refusal(&call, &user).await?;
                Err(REFUSED)
            }
            None => Err(REFUSED),
        }
    }

    async fn record_refusal(&self, call: &Call, user: &User) -> Result<(), Error> {
        self.insist(move || async move {
            let mut recorder = Recorder::new(self, call, self.snapshot().await?.version);
            recorder.deed("session.refused", Subject::User(user.id), &BTreeMap::new());
            recorder.commit().await
        })
        .await
    }

    async fn start_session(&self, call: &Call, user: User) -> Result<SignedIn, Error> {
        let token = RefreshToken::first(self, self.now());
        let (token, user) = (&token, &user);
        let expires_at = self.now() + self.options().refresh_expires_in;
        self.insist(move || async move {
            let actor = Actor::user(plain_principal(user, Some(token.session_id)));
            let call = Call { actor, ..call.clone() };
            let mut recorder = Recorder::new(self, &call, self.snapshot().await?.version);
            let (ip, user_agent) = match &call.origin {
                Origin::Http { ip, user_agent } => (ip.clone(), user_agent.clone()),
                Origin::Cli | Origin::Host => (None, None),
            };
            let session = Session {
                id: token.session_id,
                user_id: user.id,
                family_hash: hash(&token.family),
                current_hash: hash(&token.secret),
                ip,
                user_agent,
                version: 1,
                created_at: recorder.now,
                refreshed_at: recorder.now,
                expires_at,
                ended_at: None,
            };
            recorder.write(Write::Session { session, expect: Expect::New });
            recorder.deed("session.started", Subject::Session(token.session_id), &BTreeMap::new());
            recorder.commit().await
        })
        .await?;
        Ok(SignedIn {
            user: user.clone(),
            session_id: token.session_id,
            refresh_token: token.encode(),
            refresh_expires_at: expires_at,
        })
    }

    /// Trades a refresh token for the next one. A token that was traded before ends the sign-in:
    /// either its thief or its owner holds a copy.
    pub async fn refresh_session(&self, call: impl Into<Call>, token: &str) -> Result<SignedIn, Error> {
        let call = &call.into();
        let token = &RefreshToken::decode(token).ok_or(SPENT)?;
        self.insist(move || async move {
            let session = self.store.session(&SYSTEM, token.session_id).await?.ok_or(SPENT)?;
            let known: bool = hash(&token.family).ct_eq(&session.family_hash).into();
            if !known || session.ended_at.is_some() || session.expires_at <= self.now() {
                return Err(SPENT);
            }
            let user = self.store.user(&SYSTEM, session.user_id).await?.filter(|user| user.is_active).ok_or(SPENT)?;
            let actor = Actor::user(plain_principal(&user, Some(session.id)));
            let call = Call { actor, ..call.clone() };
            let current: bool = hash(&token.secret).ct_eq(&session.current_hash).into();
            if !current {
                self.end_session(&call, session, "session.reused").await?;
                return Err(SPENT);
            }
            let next = RefreshToken { secret: self.ids().secret(), ..token.clone() };
            let expect = Expect::Version(session.version);
            let mut recorder = Recorder::new(self, &call, self.snapshot().await?.version);
            let session = Session {
                current_hash: hash(&next.secret),
                refreshed_at: recorder.now,
                version: session.version + 1,
                ..session
            };
            let refresh_expires_at = session.expires_at;
            recorder.write(Write::Session { session, expect });
            recorder.commit().await?;
            Ok(SignedIn { user, session_id: next.session_id, refresh_token: next.encode(), refresh_expires_at })
        })
        .await
    }

    /// Ends the sign-in of this refresh token, or the actor's own. Ending what is over is fine.
    pub async fn sign_out(&self, call: impl Into<Call>, token: Option<&str>) -> Result<(), Error> {
        let call = &call.into();
        let named = token.and_then(RefreshToken::decode);
        let named = &named;
        self.insist(move || async move {
            let own = call.actor.principal().and_then(|p| p.session_id);
            let Some(id) = named.as_ref().map(|t| t.session_id).or(own) else { return Ok(()) };
            let Some(session) = self.store.session(&SYSTEM, id).await? else { return Ok(()) };
            let proven = named.as_ref().is_none_or(|t| hash(&t.family).ct_eq(&session.family_hash).into());
            if !proven || session.ended_at.is_some() {
                return Ok(());
            }
            self.end_session(call, session, "session.ended").await
        })
        .await
    }

    async fn end_session(&self, call: &Call, session: Session, action: &str) -> Result<(), Error> {
        let mut recorder = Recorder::new(self, call, self.snapshot().await?.version);
        let (id, expect) = (session.id, Expect::Version(session.version));
        let session = Session { ended_at: Some(recorder.now), version: session.version + 1, ..session };
        recorder.write(Write::Session { session, expect });
        recorder.deed(action, Subject::Session(id), &BTreeMap::new());
        recorder.commit().await
    }

    /// The actor behind a verified access token, with the rights of this moment (about two seconds old
    /// at most).
    pub async fn actor_of(&self, id: UserId, session_id: Option<SessionId>) -> Result<Actor, Error> {
        let snapshot = self.snapshot().await?;
        if let Some(user) = snapshot.staff(id) {
            return match user.is_active {
                true => Ok(Actor::user(staff_principal(&snapshot, user, session_id))),
                false => Err(SPENT),
            };
        }
        if let Some(known) = self.parts.customers.0.get(&id) {
            return Ok(Actor::user(Principal { session_id, ..known }));
        }
        let user = self.store.user(&SYSTEM, id).await?.filter(|user| user.is_active).ok_or(SPENT)?;
        let shares_tickets = match user.organization_id {
            Some(id) => self.store.organization(&SYSTEM, id).await?.is_some_and(|o| o.shares_tickets),
            None => false,
        };
        let principal = Principal { shares_tickets, ..plain_principal(&user, None) };
        self.parts.customers.0.insert(id, principal.clone());
        Ok(Actor::user(Principal { session_id, ..principal }))
    }

    /// A customer signs up.
    pub async fn register(&self, call: impl Into<Call>, input: Register) -> Result<User, Error> {
        if !self.options().registration_open {
            return Err(Error::forbidden("Sign-up is closed on this desk."));
        }
        input.checked()?;
        let hash = self.parts.passwords.hash(&input.password).await?;
        let new = user::NewUser { role: Role::Customer, ..user::NewUser::new(&input.email, &input.name) };
        self.insert_user(&call.into(), &new, Some(&hash)).await
    }

    /// Oneself.
    pub async fn me(&self, call: impl Into<Call>) -> Result<User, Error> {
        let id = call.into().actor.user_id().ok_or(Error::NotFound("user"))?;
        self.store.user(&SYSTEM, id).await?.ok_or(Error::NotFound("user"))
    }

    /// Changes oneself.
    pub async fn update_me(&self, call: impl Into<Call>, input: MePatch) -> Result<User, Error> {
        let call = &call.into();
        input.checked()?;
        let id = call.actor.user_id().ok_or(Error::NotFound("user"))?;
        let hash = match &input.password {
            Patch::Keep => None,
            Patch::Set(password) => {
                let known = self.store.credential_by_id(&SYSTEM, id).await?.and_then(|c| c.password_hash);
                let given = input.current_password.as_ref().map(String::as_str).unwrap_or_default();
                if !self.parts.passwords.verify(given, known).await? {
                    return Err(Error::field("current_password", "wrong", "Is not the password until now."));
                }
                Some(self.parts.passwords.hash(password).await?)
            }
        };
        let (input, hash) = (&input, &hash);
        self.insist(move || async move {
            let old = self.store.user(&SYSTEM, id).await?.ok_or(Error::NotFound("user"))?;
            let mut new = old.clone();
            if let Some(name) = input.name.as_ref() {
                name.trim().clone_into(&mut new.name);
            }
            input.availability.apply(&mut new.availability);
            input.time_zone.apply(&mut new.time_zone);
            input.locale.apply(&mut new.locale);
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
        let mut changes = differences(Some(old), &new);
        if password_hash.is_some() {
            changes.insert("password".to_owned(), ("***".into(), "***".into()));
        }
        if changes.is_empty() {
            return Ok(new);
        }
        let mut recorder = Recorder::new(self, call, self.snapshot().await?.version);
        new.version = old.version + 1;
        new.updated_at = recorder.now;
        // Availability alone is no part of the snapshot: people switch it all day.
        let directory = changes.keys().any(|field| !matches!(field.as_str(), "availability" | "password"));
        if directory && (old.role.is_staff() || new.role.is_staff()) {
            recorder.bump_settings();
        }
        if !new.is_active || new.role != old.role || password_hash.is_some() {
            recorder.write(Write::EndSessions { user_id: new.id, at: recorder.now });
        }
        recorder.write(Write::User { user: new.clone(), expect: Expect::Version(old.version) });
        if let Some(hash) = password_hash {
            recorder.write(Write::Password { user_id: new.id, hash: hash.to_owned() });
        }
        recorder.deed("user.updated", Subject::User(new.id), &changes);
        recorder.commit().await?;
        self.parts.customers.forget(new.id);
        Ok(new)
    }
}

/// A person's rights without what only the directory knows.
fn plain_principal(user: &User, session_id: Option<SessionId>) -> Principal {
    Principal {
        id: user.id,
        name: user.name.clone(),
        role: user.role,
        teams: Vec::new(),
        organization_id: user.organization_id,
        shares_tickets: false,
        session_id,
    }
}

/// A staff member's rights.
pub(super) fn staff_principal(snapshot: &Snapshot, user: &User, session_id: Option<SessionId>) -> Principal {
    Principal { teams: snapshot.teams_of(user.id).to_vec(), ..plain_principal(user, session_id) }
}

fn hash(secret: &[u8; 32]) -> [u8; 32] {
    Sha256::digest(secret).into()
}

/// What a client holds to stay signed in: the session, proof of belonging to it, and a secret that
/// is good once.
#[derive(Clone)]
struct RefreshToken {
    session_id: SessionId,
    family: [u8; 32],
    secret: [u8; 32],
}

impl RefreshToken {
    fn first(desk: &Desk, now: Time) -> Self {
        let ids: &dyn IdSource = desk.ids();
        Self { session_id: SessionId(ids.uuid(now)), family: ids.secret(), secret: ids.secret() }
    }

    fn encode(&self) -> String {
        let bytes = [&self.session_id.0.as_bytes()[..], &self.family, &self.secret].concat();
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn decode(text: &str) -> Option<Self> {
        let bytes: [u8; 80] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (id, rest) = bytes.split_at(16);
        let (family, secret) = rest.split_at(32);
        Some(Self {
            session_id: SessionId(uuid::Uuid::from_slice(id).ok()?),
            family: family.try_into().ok()?,
            secret: secret.try_into().ok()?,
        })
    }
}
