//! Keys of programs: made, listed, taken back, and who acts by one.

use super::Desk;
use super::recorder::Recorder;
use crate::access::{Actor, Call, Principal, Scope};
use crate::changes::{Expect, Row, Write};
use crate::error::Error;
use crate::ids::{ApiKeyId, UserId};
use crate::input::{Fields, Input, Problems};
use crate::model::{ApiKey, KeyScope, Role, Subject};
use crate::time::{Time, to_micros};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use subtle::ConstantTimeEq;

/// What every key starts with, so that it is told from other tokens and found in what leaked.
const START: &str = "tk_";
/// How many keys a person may have that were not taken back.
const MOST_KEYS: usize = 50;
/// Uses closer together than this are not told apart.
const USE_STEP: TimeDelta = TimeDelta::minutes(1);
/// Longer ones are none of ours.
const LONGEST: usize = 128;

const REFUSED: Error = Error::Unauthenticated("The API key is invalid, has expired or was revoked.");

/// A key to be made.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// After this it is refused; never, where there is none.
    pub expires_at: Option<Time>,
}

impl Input for NewApiKey {
    fn read(fields: &mut Fields) -> Self {
        let name = fields.required_text("name");
        fields.require(&["scopes"]);
        let words = fields.texts("scopes").into_option();
        let mut scopes = Vec::new();
        for (place, word) in words.iter().flatten().enumerate() {
            match word.parse::<KeyScope>() {
                Ok(scope) if scopes.contains(&scope) => {}
                Ok(scope) => scopes.push(scope),
                Err(_) => {
                    let all = KeyScope::ALL.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(", ");
                    fields.fail(&format!("scopes[{place}]"), "unknown_value", format!("Must be one of {all}."));
                }
            }
        }
        if words.is_some_and(|words| words.is_empty()) {
            fields.fail("scopes", "required", "May not be empty.");
        }
        let expires_at = fields.nullable_text("expires_at").into_option().flatten();
        let moment = expires_at.as_deref().map(DateTime::parse_from_rfc3339);
        if matches!(moment, Some(Err(_))) {
            fields.fail("expires_at", "not_a_time", "Must be a moment such as 2026-01-15T10:00:00Z.");
        }
        let expires_at = moment.and_then(Result::ok).map(|at| to_micros(at.with_timezone(&Utc)));
        Self { name, scopes, expires_at }
    }

    fn check(&self, problems: &mut Problems) {
        problems.text("name", self.name.trim(), 1..=100, false);
        if self.scopes.is_empty() {
            problems.add("scopes", "required", "May not be empty.");
        }
    }
}

/// A key as its owner sees it. What it is made of is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The fields are the key's own; see `model::ApiKey`.
pub struct ApiKeyView {
    pub id: ApiKeyId,
    pub user_id: UserId,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<String>,
    pub created_at: Time,
    pub expires_at: Option<Time>,
    pub last_used_at: Option<Time>,
}

impl From<ApiKey> for ApiKeyView {
    fn from(key: ApiKey) -> Self {
        Self {
            id: key.id,
            user_id: key.user_id,
            name: key.name,
            prefix: key.prefix,
            scopes: key.scopes,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
        }
    }
}

/// A key that was made a moment ago: the only time that it is told.
#[derive(Clone, Serialize)]
pub struct MadeKey {
    /// The whole key.
    pub key: String,
    /// What can be known of it later.
    #[serde(flatten)]
    pub view: ApiKeyView,
}

impl fmt::Debug for MadeKey {
    /// Without the key itself: what is printed ends up in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MadeKey").field(&self.view).finish()
    }
}

/// Keys that were used lately.
pub(super) struct KeyCache {
    known: moka::sync::Cache<String, ApiKey>,
    /// When the use of a key was last written by this process.
    noted: moka::sync::Cache<ApiKeyId, Time>,
    /// Grows with every key that is taken back here: what was read before may be old.
    generation: AtomicU64,
}

impl Default for KeyCache {
    fn default() -> Self {
        Self {
            known: moka::sync::Cache::builder().max_capacity(10_000).time_to_live(Duration::from_secs(2)).build(),
            noted: moka::sync::Cache::builder().max_capacity(10_000).build(),
            generation: AtomicU64::new(0),
        }
    }
}

impl KeyCache {
    pub(super) fn forget(&self, prefix: &str) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.known.invalidate(prefix);
    }
}

impl Desk {
    /// Makes a key of the actor's own. Whoever acts by a key needs one that opens everything.
    pub async fn create_api_key(&self, call: impl Into<Call>, input: NewApiKey) -> Result<MadeKey, Error> {
        let (call, input) = (&call.into(), &input);
        let owner = owner(call)?;
        input.checked()?;
        if input.expires_at.is_some_and(|at| at <= self.now()) {
            return Err(Error::field("expires_at", "past", "Must lie in the future."));
        }
        // Two at once would both find room for the last one.
        let _turn = self.parts.turns.take(&owner.id).await;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let user = self.store.user(&Scope::SIGN_IN, owner.id).await?.filter(|user| user.is_active);
            // What ends all sign-ins at this moment must not leave a new key behind.
            recorder.guard(Row::User(owner.id), user.ok_or(REFUSED)?.version);
            if self.store.api_keys(&Scope::SIGN_IN, owner.id).await?.len() >= MOST_KEYS {
                let detail = format!("A person has at most {MOST_KEYS} keys; revoke one first.");
                return Err(Error::conflict("too_many_keys", detail));
            }
            let (prefix, key) = self.draw_key();
            let row = ApiKey {
                id: ApiKeyId(self.ids().uuid(recorder.now)),
                user_id: owner.id,
                name: input.name.trim().to_owned(),
                prefix,
                key_hash: hash(&key),
                scopes: input.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
                version: 1,
                created_at: recorder.now,
                expires_at: input.expires_at,
                revoked_at: None,
                last_used_at: None,
            };
            recorder.write(Write::ApiKey { key: row.clone(), expect: Expect::New });
            recorder.deed("api_key.created", Subject::ApiKey(row.id), &first_values(&row));
            recorder.commit().await?;
            Ok(MadeKey { key, view: row.into() })
        })
        .await
    }

    /// The part that may be shown, and the whole key.
    fn draw_key(&self) -> (String, String) {
        let mut bytes = [0; 8];
        self.ids().fill(&mut bytes);
        let mut prefix = START.to_owned();
        for byte in bytes {
            // Writing to a String can't fail.
            let _ = write!(prefix, "{byte:02x}");
        }
        let key = format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(self.ids().secret()));
        (prefix, key)
    }

    /// A person's keys that were not taken back, oldest first: the actor's own, and for administrators
    /// anybody's.
    pub async fn api_keys(&self, call: impl Into<Call>, user_id: Option<UserId>) -> Result<Vec<ApiKeyView>, Error> {
        let call = call.into();
        let owner = owner(&call)?;
        let wanted = user_id.unwrap_or(owner.id);
        if wanted != owner.id {
            call.actor.at_least(Role::Admin)?;
            self.store.user(&Scope::UPKEEP, wanted).await?.ok_or(Error::NotFound("user"))?;
        }
        Ok(self.store.api_keys(&Scope::SIGN_IN, wanted).await?.into_iter().map(ApiKeyView::from).collect())
    }

    /// Takes a key back, for good: one of the actor's own, and for administrators anybody's.
    pub async fn revoke_api_key(&self, call: impl Into<Call>, id: ApiKeyId) -> Result<(), Error> {
        const GONE: Error = Error::NotFound("API key");
        let call = &call.into();
        let owner = owner(call)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let key = self.store.api_key_by_id(&Scope::SIGN_IN, id).await?.ok_or(GONE)?;
            if key.revoked_at.is_some() || (key.user_id != owner.id && call.actor.role() < Role::Admin) {
                return Err(GONE);
            }
            let expect = Expect::Version(key.version);
            let prefix = key.prefix.clone();
            let key = ApiKey { revoked_at: Some(recorder.now), version: key.version + 1, ..key };
            recorder.write(Write::ApiKey { key, expect });
            recorder.deed("api_key.revoked", Subject::ApiKey(id), &BTreeMap::new());
            recorder.commit().await?;
            self.keys.forget(&prefix);
            Ok(())
        })
        .await
    }

    /// Takes back a person's keys, or those that were made until a moment, in a commit in the making. Answers
    /// whether there were any.
    pub(super) async fn revoke_keys(
        &self,
        recorder: &mut Recorder<'_>,
        user_id: UserId,
        until: Option<Time>,
    ) -> Result<bool, Error> {
        let mut keys = self.store.api_keys(&Scope::SIGN_IN, user_id).await?;
        keys.retain(|key| until.is_none_or(|until| key.created_at <= until));
        for key in &keys {
            self.keys.forget(&key.prefix);
            let revoked = ApiKey { revoked_at: Some(recorder.now), version: key.version + 1, ..key.clone() };
            recorder.write(Write::ApiKey { key: revoked, expect: Expect::Version(key.version) });
            recorder.deed("api_key.revoked", Subject::ApiKey(key.id), &BTreeMap::new());
        }
        Ok(!keys.is_empty())
    }

    /// Whether a bearer token has the form of a key.
    pub fn is_api_key(bearer: &str) -> bool {
        bearer.starts_with(START)
    }

    /// Who acts by this key, with the owner's rights of this moment and the key's scopes. A key that
    /// was taken back here is refused at once, one that was taken back elsewhere within two seconds.
    pub async fn actor_of_key(&self, key: &str) -> Result<(Actor, ApiKeyId), Error> {
        let known = self.known_key(key).await?;
        let actor = self.actor_of(known.user_id, None).await.map_err(|error| match error {
            Error::Unauthenticated(_) => REFUSED,
            other => other,
        })?;
        let principal = actor.principal().cloned().ok_or(REFUSED)?;
        let scopes = known.scopes.iter().filter_map(|word| word.parse().ok()).collect();
        Ok((Actor::user(Principal { key_scopes: Some(scopes), ..principal }), known.id))
    }

    async fn known_key(&self, key: &str) -> Result<ApiKey, Error> {
        // The secret may hold the separator too, so the prefix ends at the first one behind its start.
        let prefix = key.strip_prefix(START).filter(|_| key.len() <= LONGEST).and_then(|rest| {
            let (name, _secret) = rest.split_once('_')?;
            key.get(..START.len() + name.len())
        });
        let prefix = prefix.ok_or(REFUSED)?;
        let row = match self.keys.known.get(prefix) {
            Some(row) => row,
            None => self.load_key(prefix).await?,
        };
        let fits: bool = hash(key).ct_eq(&row.key_hash).into();
        let is_over = row.revoked_at.is_some() || row.expires_at.is_some_and(|at| at <= self.now());
        if fits && !is_over { Ok(row) } else { Err(REFUSED) }
    }

    async fn load_key(&self, prefix: &str) -> Result<ApiKey, Error> {
        let generation = self.keys.generation.load(Ordering::Acquire);
        let row = self.store.api_key(&Scope::SIGN_IN, prefix).await?.ok_or(REFUSED)?;
        self.keys.known.insert(prefix.to_owned(), row.clone());
        if self.keys.generation.load(Ordering::Acquire) != generation {
            self.keys.known.invalidate(prefix);
        }
        Ok(row)
    }

    /// Whether the use of this key is worth a note: at most once a minute in this process. Whoever is
    /// told so calls [`Desk::note_key_use`], beside the request and not before its answer.
    pub fn key_use_is_due(&self, id: ApiKeyId) -> bool {
        let now = self.now();
        if self.keys.noted.get(&id).is_some_and(|noted| now - noted < USE_STEP) {
            return false;
        }
        self.keys.noted.insert(id, now);
        true
    }

    /// Remembers that a key was used now.
    pub async fn note_key_use(&self, id: ApiKeyId) -> Result<(), Error> {
        let call = &Call::from(&Actor::system(crate::access::SystemReason::Upkeep));
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            recorder.write(Write::KeyUsed { id, at: recorder.now });
            recorder.commit().await
        })
        .await
    }
}

/// What the store keeps of a key.
fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key).into()
}

/// The person whose keys these are. A key makes and takes back keys only where it opens everything.
fn owner(call: &Call) -> Result<&Principal, Error> {
    let principal = call.actor.principal().ok_or(Error::NotFound("user"))?;
    if principal.is_whole() { Ok(principal) } else { Err(Error::forbidden("This needs a key of the scope admin.")) }
}

fn first_values(key: &ApiKey) -> crate::event::FieldChanges {
    let new = |value: serde_json::Value| (serde_json::Value::Null, value);
    BTreeMap::from([
        ("name".to_owned(), new(key.name.as_str().into())),
        ("scopes".to_owned(), new(key.scopes.clone().into())),
        ("expires_at".to_owned(), new(serde_json::json!(key.expires_at))),
        ("user_id".to_owned(), new(serde_json::json!(key.user_id))),
    ])
}
