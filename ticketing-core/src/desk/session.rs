//! Signing in, staying signed in, signing out, signing up, and one's own profile.

use super::password::check_password;
use super::recorder::Recorder;
use super::refresh_token::{RefreshToken, hash};
use super::user::NewUser;
use super::{Desk, Snapshot};
use crate::access::{Actor, Call, Origin, Principal, Scope};
use crate::changes::{Expect, Row, Write};
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{SessionId, TeamId, UserId};
use crate::input::{Fields, Input, Problems, check_email, check_name};
use crate::model::{Role, Session, Subject, User};
use crate::port::Credential;
use crate::time::Time;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use subtle::ConstantTimeEq;

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

    fn check(&self, problems: &mut Problems) {
        problems.text("email", &self.email, 1..=1_000, false);
    }
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

    fn new_password(&self) -> Option<&str> {
        Some(&self.password)
    }
}

/// A customer as a moment ago.
#[derive(Clone)]
pub(super) struct Customer {
    /// Who it is, and which company's tickets are shared.
    pub(super) principal: Principal,
    /// The version of the person.
    pub(super) version: i64,
}

/// Customers who asked lately.
pub(super) struct CustomerCache {
    /// Each with the generation in which it began to be read.
    known: moka::sync::Cache<UserId, (u64, Customer)>,
    /// Grows when what is known may be old: what began to be read before is never used again.
    generation: AtomicU64,
}

impl Default for CustomerCache {
    fn default() -> Self {
        let known = moka::sync::Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(2)).build();
        Self { known, generation: AtomicU64::default() }
    }
}

impl CustomerCache {
    fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    fn get(&self, id: UserId) -> Option<Customer> {
        let (generation, customer) = self.known.get(&id)?;
        (generation == self.generation()).then_some(customer)
    }

    /// Keeps what was read since the cache was of this generation.
    fn keep(&self, id: UserId, customer: Customer, generation: u64) {
        self.known.insert(id, (generation, customer));
    }

    /// Somebody changed, or a company whose tickets many share. All are read again: what is known lives for two seconds, and
    /// one that is just being read must not come back.
    pub(super) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }
}

impl Desk {
    /// Signs a person in. Every refusal looks the same, takes the same time (but of an account whose
    /// password was hashed in another way than today's) and is written to the audit log: under the person
    /// where there is one, else under a sign-in that never was.
    pub async fn sign_in(&self, call: impl Into<Call>, input: SignIn) -> Result<SignedIn, Error> {
        let call = call.into();
        let found = self.store.credential(&Scope::SIGN_IN, &fold(input.email.trim())).await?;
        let (user, hash) = match found {
            Some(Credential { user, password_hash }) => (Some(user), password_hash),
            None => (None, None),
        };
        let known = hash.clone();
        let fits = self.parts.passwords.verify(&input.password, hash).await?;
        match user {
            Some(user) if fits && user.is_active => {
                self.start_session(&call, &user, &input.password, known.as_deref()).await
            }
            user => {
                self.record_refusal(&call, user.map(|user| user.id)).await?;
                Err(REFUSED)
            }
        }
    }

    async fn record_refusal(&self, call: &Call, user_id: Option<UserId>) -> Result<(), Error> {
        // A refusal is no answer to keep: the next try under the same key may be right.
        let call = &call.without_key();
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let subject =
                user_id.map_or_else(|| Subject::Session(SessionId(self.ids().uuid(recorder.now))), Subject::User);
            recorder.deed("session.refused", subject, &BTreeMap::new());
            recorder.commit().await
        })
        .await
    }

    /// Starts the session of a person whose password was found to fit this hash.
    async fn start_session(
        &self,
        call: &Call,
        user: &User,
        password: &str,
        known: Option<&str>,
    ) -> Result<SignedIn, Error> {
        let passwords = &self.parts.passwords;
        let renewed = &passwords.renewed(password, known.unwrap_or_default()).await;
        let token = &RefreshToken::first(self, self.now());
        let expires_at = self.now() + self.options().refresh_expires_in;
        let user = self
            .insist(move || async move {
                // Checking took a while: what ended all sessions meanwhile must end this one too.
                let now = self.store.credential_by_id(&Scope::SIGN_IN, user.id).await?.ok_or(REFUSED)?;
                if !now.user.is_active {
                    return Err(REFUSED);
                }
                // Another hash may be of the same password: another sign-in was first to hash it anew.
                let is_known = now.password_hash.as_deref() == known;
                if !is_known && !passwords.verify(password, now.password_hash).await? {
                    return Err(REFUSED);
                }
                let actor = self.actor_of(user.id, Some(token.session_id)).await?;
                let call = Call { actor, ..call.clone() };
                let mut recorder = Recorder::begin(self, &call).await?;
                let (ip, user_agent) = match &call.origin {
                    Origin::Http { ip, user_agent, .. } => (ip.clone(), user_agent.clone()),
                    Origin::Mail(_) | Origin::Cli | Origin::Host => (None, None),
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
                recorder.guard(Row::User(user.id), now.user.version);
                recorder.write(Write::Session { session, expect: Expect::New });
                if let Some(hash) = renewed.clone().filter(|_| is_known) {
                    recorder.write(Write::Password { user_id: user.id, hash: Some(hash) });
                }
                recorder.deed("session.started", Subject::Session(token.session_id), &BTreeMap::new());
                recorder.commit().await?;
                Ok(now.user)
            })
            .await?;
        Ok(SignedIn {
            user,
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
            let session = self.store.session(&Scope::SIGN_IN, token.session_id).await?.ok_or(SPENT)?;
            let known: bool = hash(&token.family).ct_eq(&session.family_hash).into();
            if !known || session.ended_at.is_some() || session.expires_at <= self.now() {
                return Err(SPENT);
            }
            let user =
                self.store.user(&Scope::SIGN_IN, session.user_id).await?.filter(|user| user.is_active).ok_or(SPENT)?;
            let actor = self.actor_of(user.id, Some(session.id)).await?;
            let call = Call { actor, ..call.clone() };
            let current: bool = hash(&token.secret).ct_eq(&session.current_hash).into();
            if !current {
                self.end_session(&call.without_key(), session, "session.reused").await?;
                return Err(SPENT);
            }
            let next = RefreshToken { secret: self.ids().secret(), ..token.clone() };
            let expect = Expect::Version(session.version);
            let mut recorder = Recorder::begin(self, &call).await?;
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
        // Signing out twice is the same as once, so there is no answer to keep.
        let call = &call.without_key();
        let named = token.and_then(RefreshToken::decode);
        let named = &named;
        self.insist(move || async move {
            let own = call.actor.principal().and_then(|p| p.session_id);
            let Some(id) = named.as_ref().map(|t| t.session_id).or(own) else { return Ok(()) };
            let Some(session) = self.store.session(&Scope::SIGN_IN, id).await? else { return Ok(()) };
            let proven = named.as_ref().is_none_or(|t| hash(&t.family).ct_eq(&session.family_hash).into());
            if !proven || session.ended_at.is_some() {
                return Ok(());
            }
            // Whoever has the token is its owner, which is to be told of.
            let actor = self.actor_of(session.user_id, Some(session.id)).await.unwrap_or_else(|_| call.actor.clone());
            self.end_session(&Call { actor, ..call.clone() }, session, "session.ended").await
        })
        .await
    }

    pub(super) async fn end_session(&self, call: &Call, session: Session, action: &str) -> Result<(), Error> {
        let mut recorder = Recorder::begin(self, call).await?;
        let (id, expect) = (session.id, Expect::Version(session.version));
        let session = Session { ended_at: Some(recorder.now), version: session.version + 1, ..session };
        recorder.write(Write::Session { session, expect });
        recorder.deed(action, Subject::Session(id), &BTreeMap::new());
        recorder.commit().await
    }

    /// Ends every sign-in of the actor, also the one that asks, and every access token with them.
    pub async fn sign_out_everywhere(&self, call: impl Into<Call>) -> Result<(), Error> {
        let call = &call.into().without_key();
        let id = call.actor.user_id().ok_or(Error::NotFound("user"))?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let old = self.store.user(&Scope::SIGN_IN, id).await?.ok_or(Error::NotFound("user"))?;
            end_sign_ins(&mut recorder, old);
            recorder.deed("session.ended_all", Subject::User(id), &BTreeMap::new());
            recorder.commit().await?;
            self.customers.forget();
            Ok(())
        })
        .await
    }

    /// The actor behind an access token that was made when the person's sign-ins had this version. A
    /// token of an older one is refused: within a second for staff, two for customers.
    pub async fn actor_of_token(&self, id: UserId, session_id: SessionId, rights_version: i64) -> Result<Actor, Error> {
        let actor = self.actor_of(id, Some(session_id)).await?;
        let known = |actor: &Actor| actor.principal().map(|principal| principal.rights_version);
        if known(&actor) >= Some(rights_version) {
            return if known(&actor) == Some(rights_version) { Ok(actor) } else { Err(SPENT) };
        }
        // Another process knows of a newer one already.
        self.snapshots.expire();
        self.customers.forget();
        let actor = self.actor_of(id, Some(session_id)).await?;
        if known(&actor) == Some(rights_version) { Ok(actor) } else { Err(SPENT) }
    }

    /// The actor behind a verified access token, with the rights of this moment: a member of staff's at
    /// most a second old, a customer's two.
    pub async fn actor_of(&self, id: UserId, session_id: Option<SessionId>) -> Result<Actor, Error> {
        let snapshot = self.snapshot().await?;
        if let Some(user) = snapshot.directory.staff(id).filter(|user| user.is_active) {
            return staff_actor(&snapshot, user, session_id);
        }
        if let Some(customer) = self.customer(id).await? {
            return Ok(Actor::user(Principal { session_id, ..customer.principal }));
        }
        // Works here, and the snapshot may be too old to know.
        self.snapshots.expire();
        let snapshot = self.snapshot().await?;
        staff_actor(&snapshot, snapshot.directory.staff(id).ok_or(SPENT)?, session_id)
    }

    /// An active customer, perhaps as of two seconds ago; nothing for one who works here.
    pub(super) async fn customer(&self, id: UserId) -> Result<Option<Customer>, Error> {
        if let Some(known) = self.customers.get(id) {
            return Ok(Some(known));
        }
        let generation = self.customers.generation();
        let user = self.store.user(&Scope::SIGN_IN, id).await?.filter(|user| user.is_active).ok_or(SPENT)?;
        if user.role.is_staff() {
            return Ok(None);
        }
        let shares_tickets = match user.organization_id {
            Some(id) => self.store.organization(&Scope::SIGN_IN, id).await?.is_some_and(|o| o.shares_tickets),
            None => false,
        };
        let principal = principal(&user, Vec::new(), shares_tickets, None);
        let customer = Customer { principal, version: user.version };
        self.customers.keep(id, customer.clone(), generation);
        Ok(Some(customer))
    }

    /// A snapshot under which the actor has the rights it came with. A request that was overtaken by a
    /// change of its actor's rights is refused; the next one has the new rights.
    pub(super) async fn snapshot_that_knows(&self, actor: &Actor) -> Result<Arc<Snapshot>, Error> {
        let snapshot = self.snapshot().await?;
        let Some(principal) = actor.principal() else { return Ok(snapshot) };
        if !principal.role.is_staff() {
            let shared = |p: &Principal| p.organization_id.filter(|_| p.shares_tickets);
            let now = self.customer(principal.id).await?;
            return match now.filter(|now| shared(&now.principal) == shared(principal)) {
                Some(_) => Ok(snapshot),
                None => Err(rights_changed()),
            };
        }
        if knows(&snapshot, principal) {
            return Ok(snapshot);
        }
        // The actor may have been made from a newer one by another process.
        self.snapshots.expire();
        let snapshot = self.snapshot().await?;
        if knows(&snapshot, principal) { Ok(snapshot) } else { Err(rights_changed()) }
    }

    /// A customer signs up.
    pub async fn register(&self, call: impl Into<Call>, input: Register) -> Result<User, Error> {
        if !self.options().registration_open {
            return Err(Error::forbidden("Sign-up is closed on this desk."));
        }
        self.check_input(&input)?;
        let hash = self.parts.passwords.hash(&input.password).await?;
        let new = &NewUser { role: Role::Customer, ..NewUser::new(&input.email, &input.name) };
        let (call, hash) = (&call.into(), &hash);
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            // Whoever typed the address need not be its owner, who joins the company of the mail domain
            // once the address is proved.
            let user = self.add_user(&mut recorder, new, None, Some(hash));
            recorder.answer(|| &user)?;
            recorder.commit().await?;
            Ok(user)
        })
        .await
    }
}

/// Ends all sign-ins of a person, who is written with the next version as they stand here.
pub(super) fn end_sign_ins(recorder: &mut Recorder<'_>, user: User) {
    if user.role.is_staff() {
        recorder.bump_settings();
    }
    let expect = Expect::Version(user.version);
    let (rights_version, version) = (user.rights_version + 1, user.version + 1);
    let user = User { rights_version, version, updated_at: recorder.now, ..user };
    recorder.write(Write::EndSessions { user_id: user.id, at: recorder.now });
    recorder.write(Write::User { user, expect });
}

fn rights_changed() -> Error {
    Error::conflict("rights_changed", "Your rights changed at this moment. Look, then ask again.")
}

/// Whether a member of staff has just these rights.
fn knows(snapshot: &Snapshot, principal: &Principal) -> bool {
    snapshot.directory.staff(principal.id).is_some_and(|user| {
        user.is_active && user.role == principal.role && snapshot.directory.teams_of(user.id) == principal.teams
    })
}

/// A member of staff with the rights that the snapshot knows.
pub(super) fn staff_actor(snapshot: &Snapshot, user: &User, session_id: Option<SessionId>) -> Result<Actor, Error> {
    if !user.is_active {
        return Err(SPENT);
    }
    Ok(Actor::user(principal(user, snapshot.directory.teams_of(user.id).to_vec(), false, session_id)))
}

/// A person who acts, with what must be known besides the person.
pub(super) fn principal(
    user: &User,
    teams: Vec<TeamId>,
    shares_tickets: bool,
    session_id: Option<SessionId>,
) -> Principal {
    Principal {
        id: user.id,
        name: user.name.clone(),
        role: user.role,
        teams,
        organization_id: user.organization_id,
        shares_tickets,
        session_id,
        rights_version: user.rights_version,
        key_scopes: None,
    }
}
