//! Mailboxes: which addresses mail comes in at, and what becomes of it there.

use crate::access::Call;
use crate::desk::recorder::{Recorder, differences};
use crate::desk::setting::Kind;
use crate::desk::user::check_locale;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::event::FieldChanges;
use crate::fold::fold;
use crate::ids::TeamId;
use crate::input::{Fields, Input, Patch, Problems, check_email};
use crate::model::{ImapAccount, ImapAuth, ImapSecurity, ImapThen, InboundMailbox, Mailboxes, Priority, Role};
use crate::setting::Stored;
use crate::time::Time;
use crate::vault::Plain;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// The most other addresses of a mailbox.
const MOST_ALIASES: usize = 50;
/// The most servers that are believed.
const MOST_SERVERS: usize = 20;
/// What the purposes of sealed secrets are called in their seals.
const SECRET: &str = "imap secret";
const CLIENT_SECRET: &str = "imap client secret";

/// Where mail to an address goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailboxFor {
    /// To this mailbox.
    Mailbox(Uuid),
    /// The desk has no mailboxes yet: everything is taken in.
    Unset,
    /// Nowhere.
    Unknown,
}

/// A mailbox that mail is fetched from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImapDoor {
    /// The mailbox.
    pub mailbox_id: Uuid,
    /// Another version has other settings.
    pub version: i64,
    /// The account, with its secrets in plain.
    pub account: ImapAccount,
}

/// The account of a mailbox as it is sent. Secrets that are not given stay as they are.
#[derive(Clone)]
#[allow(missing_docs)] // The fields are the account's own; see `model::ImapAccount`.
pub struct ImapInput {
    pub host: String,
    pub port: i64,
    pub security: String,
    pub username: String,
    pub auth: String,
    pub secret: Option<Plain>,
    pub token_url: Option<String>,
    pub client_id: Option<String>,
    pub client_secret: Option<Plain>,
    pub folder: String,
    pub then: String,
    pub then_folder: Option<String>,
}

/// A mailbox to be added.
#[derive(Clone)]
pub struct NewInboundMailbox(pub InboundMailboxPatch);

/// What to change of a mailbox. Null takes a value away.
#[derive(Clone, Default)]
#[allow(missing_docs)] // The fields are the mailbox's own; see `model::InboundMailbox`.
pub struct InboundMailboxPatch {
    pub name: Patch<String>,
    pub address: Patch<String>,
    pub aliases: Patch<Vec<String>>,
    pub team_id: Patch<Option<TeamId>>,
    pub priority: Patch<Priority>,
    pub locale: Patch<Option<String>>,
    pub is_trusted: Patch<bool>,
    pub trusted_servers: Patch<Vec<String>>,
    pub is_active: Patch<bool>,
    pub imap: Patch<Option<ImapInput>>,
}

impl Input for NewInboundMailbox {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["name", "address"]);
        Self(InboundMailboxPatch::read(fields))
    }

    fn check(&self, problems: &mut Problems) {
        self.0.check(problems);
    }
}

impl Input for InboundMailboxPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            address: fields.text("address"),
            aliases: fields.texts("aliases"),
            team_id: match fields.nullable_id("team_id") {
                Patch::Keep => Patch::Keep,
                Patch::Set(id) => Patch::Set(id.map(TeamId)),
            },
            priority: fields.word("priority", Priority::ALL),
            locale: fields.nullable_text("locale"),
            is_trusted: fields.flag("is_trusted"),
            trusted_servers: fields.texts("trusted_servers"),
            is_active: fields.flag("is_active"),
            imap: fields.nullable_nested("imap", ImapInput::read),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            problems.text("name", name.trim(), 1..=100, false);
        }
        if let Some(address) = self.address.as_ref() {
            check_own(problems, "address", address);
        }
        if let Some(aliases) = self.aliases.as_ref() {
            if aliases.len() > MOST_ALIASES {
                problems.add("aliases", "too_many", format!("May have at most {MOST_ALIASES} entries."));
            }
            for (place, alias) in aliases.iter().enumerate().take(MOST_ALIASES) {
                check_own(problems, &format!("aliases[{place}]"), alias);
            }
        }
        let servers = self.trusted_servers.as_ref().map(Vec::as_slice).unwrap_or_default();
        if servers.len() > MOST_SERVERS {
            problems.add("trusted_servers", "too_many", format!("May have at most {MOST_SERVERS} entries."));
        }
        for (place, server) in servers.iter().enumerate().take(MOST_SERVERS) {
            let at = format!("trusted_servers[{place}]");
            problems.text(&at, server.trim(), 1..=253, false);
            if server.trim().contains(|c: char| c.is_whitespace() || c == ';') {
                problems.add(at, "invalid_value", "Must be a server's name as it stands in the header.");
            }
        }
        check_locale(problems, &self.locale);
        if let Some(Some(imap)) = self.imap.as_ref() {
            let mut inner = Problems::default();
            imap.check(&mut inner);
            problems.extend_below("imap", inner);
        }
    }
}

/// An address of the desk's own has no tag: what stands behind `+` is for reply tokens.
fn check_own(problems: &mut Problems, field: &str, address: &str) {
    check_email(problems, field, address.trim());
    if address.contains('+') {
        problems.add(field, "invalid_value", "May not contain a +, which reply tokens stand behind.");
    }
}

impl ImapInput {
    fn read(fields: &mut Fields) -> Self {
        let text = |fields: &mut Fields, field: &str| fields.nullable_text(field).into_option().flatten();
        let or = |fields: &mut Fields, field: &str, usual: &str| {
            fields.text(field).into_option().unwrap_or_else(|| usual.to_owned())
        };
        Self {
            host: fields.required_text("host"),
            port: fields.integer("port").into_option().unwrap_or(993),
            security: or(fields, "security", "tls"),
            username: fields.required_text("username"),
            auth: or(fields, "auth", "password"),
            secret: text(fields, "secret").map(Plain::new),
            token_url: text(fields, "token_url"),
            client_id: text(fields, "client_id"),
            client_secret: text(fields, "client_secret").map(Plain::new),
            folder: or(fields, "folder", "INBOX"),
            then: or(fields, "then", "flag"),
            then_folder: text(fields, "then_folder"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        let host = self.host.trim();
        let is_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:".contains(&b));
        if host.len() > 253 || !is_host {
            problems.add("host", "invalid_value", "Must be the name or address of a server.");
        }
        if !(1..=65_535).contains(&self.port) {
            problems.add("port", "out_of_range", "Must be 1 to 65535.");
        }
        one_of(problems, "security", &self.security, &["tls", "starttls", "none"]);
        one_of(problems, "auth", &self.auth, &["password", "oauth2"]);
        one_of(problems, "then", &self.then, &["flag", "move", "delete"]);
        problems.text("username", &self.username, 1..=254, false);
        problems.text("folder", &self.folder, 1..=255, false);
        if self.then == "move" {
            match self.then_folder.as_deref() {
                Some(folder) if folder == self.folder => {
                    problems.add("then_folder", "invalid_value", "Must be another folder than the one that is read.");
                }
                Some(folder) => problems.text("then_folder", folder, 1..=255, false),
                None => problems.add("then_folder", "required", "Say which folder mail goes to."),
            }
        }
        for (field, secret) in [("secret", &self.secret), ("client_secret", &self.client_secret)] {
            if let Some(secret) = secret {
                problems.text(field, secret.expose(), 1..=4_000, false);
            }
        }
        if self.auth == "oauth2" {
            match self.token_url.as_deref() {
                Some(url) if url.starts_with("https://") && url.len() <= 2_000 => {}
                _ => problems.add("token_url", "invalid_value", "Must be an address that begins with https://."),
            }
            match self.client_id.as_deref() {
                Some(id) => problems.text("client_id", id, 1..=500, false),
                None => problems.add("client_id", "required", "Is required."),
            }
        }
    }

    /// The account as it is kept. What is not given of secrets is taken over from the old one, as long as they go to the same server.
    fn account(&self, desk: &Desk, id: Uuid, old: Option<&ImapAccount>) -> Result<ImapAccount, Error> {
        let seal = |purpose: &str, plain: &Plain| {
            desk.parts.vault.seal(desk.ids(), purpose, id, plain).map_err(|e| Error::Internal(Box::new(e)))
        };
        let host = self.host.trim().to_ascii_lowercase();
        let same = old.filter(|old| {
            old.host == host && i64::from(old.port) == self.port && old.security == security(&self.security)
        });
        let (old_secret, old_client, old_url) = match same.map(|old| &old.auth) {
            Some(ImapAuth::Password { secret }) if self.auth == "password" => (Some(secret.clone()), None, None),
            Some(ImapAuth::OAuth2 { secret, client_secret, token_url, .. }) if self.auth == "oauth2" => {
                (Some(secret.clone()), client_secret.clone(), Some(token_url.clone()))
            }
            _ => (None, None, None),
        };
        // A secret is never sent to another place than the one that it was given for.
        let keeps = self.auth == "password" || old_url == self.token_url;
        let secret = match &self.secret {
            Some(plain) => seal(SECRET, plain)?,
            None => old_secret.filter(|_| keeps).ok_or_else(|| {
                Error::field("imap.secret", "required", "Is required for a new account or another server.")
            })?,
        };
        let auth = if self.auth == "password" {
            ImapAuth::Password { secret }
        } else {
            let client_secret = match &self.client_secret {
                Some(plain) => Some(seal(CLIENT_SECRET, plain)?),
                None => old_client.filter(|_| keeps),
            };
            let (token_url, client_id) =
                (self.token_url.clone().unwrap_or_default(), self.client_id.clone().unwrap_or_default());
            ImapAuth::OAuth2 { token_url, client_id, client_secret, secret }
        };
        Ok(ImapAccount {
            host,
            port: u16::try_from(self.port).unwrap_or(993),
            security: security(&self.security),
            username: self.username.clone(),
            auth,
            folder: self.folder.clone(),
            then: match self.then.as_str() {
                "move" => ImapThen::Move { folder: self.then_folder.clone().unwrap_or_default() },
                "delete" => ImapThen::Delete,
                _ => ImapThen::Flag,
            },
        })
    }
}

fn security(word: &str) -> ImapSecurity {
    match word {
        "starttls" => ImapSecurity::StartTls,
        "none" => ImapSecurity::None,
        _ => ImapSecurity::Tls,
    }
}

fn one_of(problems: &mut Problems, field: &str, value: &str, all: &[&str]) {
    if !all.contains(&value) {
        problems.add(field, "unknown_value", format!("Must be one of {}.", all.join(", ")));
    }
}

impl InboundMailboxPatch {
    fn apply(&self, desk: &Desk, id: Uuid, mailbox: &mut InboundMailbox) -> Result<(), Error> {
        if let Some(name) = self.name.as_ref() {
            name.trim().clone_into(&mut mailbox.name);
        }
        if let Some(address) = self.address.as_ref() {
            address.trim().clone_into(&mut mailbox.address);
        }
        if let Some(aliases) = self.aliases.as_ref() {
            mailbox.aliases = aliases.iter().map(|alias| alias.trim().to_owned()).collect();
        }
        self.team_id.apply(&mut mailbox.team_id);
        self.priority.apply(&mut mailbox.priority);
        self.locale.apply(&mut mailbox.locale);
        self.is_trusted.apply(&mut mailbox.is_trusted);
        if let Some(servers) = self.trusted_servers.as_ref() {
            mailbox.trusted_servers = servers.iter().map(|server| server.trim().to_ascii_lowercase()).collect();
        }
        self.is_active.apply(&mut mailbox.is_active);
        match self.imap.as_ref() {
            Some(Some(imap)) => mailbox.imap = Some(imap.account(desk, id, mailbox.imap.as_ref())?),
            Some(None) => mailbox.imap = None,
            None => {}
        }
        Ok(())
    }
}

/// A mailbox as administrators see it: without secrets.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(missing_docs)] // The fields are the mailbox's own; see `model::InboundMailbox`.
pub struct InboundMailboxView {
    pub id: Uuid,
    pub name: String,
    pub address: String,
    pub aliases: Vec<String>,
    pub team_id: Option<TeamId>,
    pub priority: Priority,
    pub locale: Option<String>,
    pub is_trusted: bool,
    pub trusted_servers: Vec<String>,
    pub is_active: bool,
    pub imap: Option<ImapView>,
    /// For conditional changes.
    pub version: i64,
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
}

/// The account that a mailbox's mail is fetched from, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The fields are the account's own; see `model::ImapAccount`.
pub struct ImapView {
    pub host: String,
    pub port: u16,
    pub security: ImapSecurity,
    pub username: String,
    pub auth: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    pub folder: String,
    pub then: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then_folder: Option<String>,
}

impl From<&ImapAccount> for ImapView {
    fn from(account: &ImapAccount) -> Self {
        let (auth, token_url, client_id) = match &account.auth {
            ImapAuth::Password { .. } => ("password", None, None),
            ImapAuth::OAuth2 { token_url, client_id, .. } => {
                ("oauth2", Some(token_url.clone()), Some(client_id.clone()))
            }
        };
        let (then, then_folder) = match &account.then {
            ImapThen::Flag => ("flag", None),
            ImapThen::Move { folder } => ("move", Some(folder.clone())),
            ImapThen::Delete => ("delete", None),
        };
        Self {
            host: account.host.clone(),
            port: account.port,
            security: account.security,
            username: account.username.clone(),
            auth,
            token_url,
            client_id,
            folder: account.folder.clone(),
            then,
            then_folder,
        }
    }
}

impl From<&Stored<InboundMailbox>> for InboundMailboxView {
    fn from(stored: &Stored<InboundMailbox>) -> Self {
        let mailbox = stored.content.clone();
        Self {
            id: stored.id,
            name: mailbox.name,
            address: mailbox.address,
            aliases: mailbox.aliases,
            team_id: mailbox.team_id,
            priority: mailbox.priority,
            locale: mailbox.locale,
            is_trusted: mailbox.is_trusted,
            trusted_servers: mailbox.trusted_servers,
            is_active: mailbox.is_active,
            imap: mailbox.imap.as_ref().map(ImapView::from),
            version: stored.version,
            created_at: mailbox.created_at,
            updated_at: stored.saved_at,
        }
    }
}

impl Kind for InboundMailbox {
    const ONE: &'static str = "mailbox";
    const MANY: &'static str = "mailboxes";
    const LIMIT: usize = Mailboxes::MOST;
    type View = InboundMailboxView;

    fn all(snapshot: &Snapshot) -> impl Iterator<Item = &Stored<Self>> {
        snapshot.mailboxes.iter()
    }

    async fn view(_: &Desk, _: &Snapshot, stored: &Stored<Self>) -> Result<InboundMailboxView, Error> {
        Ok(stored.into())
    }

    async fn prepare(recorder: &mut Recorder<'_>, _: Option<&Stored<Self>>, new: &Stored<Self>) -> Result<(), Error> {
        let snapshot = &recorder.snapshot;
        let mut problems = Problems::default();
        if let Some(team) = new.content.team_id
            && snapshot.directory.team(team).is_none_or(|team| !team.is_active)
        {
            problems.add("team_id", "unknown", "There is no such team.");
        }
        let own = std::iter::once(("address".to_owned(), &new.content.address));
        let aliases = new.content.aliases.iter().enumerate();
        let all: Vec<_> = own.chain(aliases.map(|(place, alias)| (format!("aliases[{place}]"), alias))).collect();
        for (place, (field, address)) in all.iter().enumerate() {
            let address = fold(address);
            let here = all[..place].iter().any(|(_, other)| fold(other) == address);
            let elsewhere = snapshot.mailboxes.iter().filter(|other| other.id != new.id).any(|other| {
                std::iter::once(&other.content.address).chain(&other.content.aliases).any(|own| fold(own) == address)
            });
            if here || elsewhere {
                problems.add(field.as_str(), "duplicate", "Is an address of a mailbox already.");
            }
        }
        problems.finish()
    }

    /// That secrets changed is told, not what they are, not even sealed.
    fn changes(old: Option<&Self>, new: &Self) -> FieldChanges {
        let changes = differences(old, new).into_iter();
        changes.map(|(field, (old, new))| (field.clone(), (mask(&field, old), mask(&field, new)))).collect()
    }

    /// It needs no secrets any more.
    fn remains(_: &Snapshot, old: &Stored<Self>) -> Result<Self, Error> {
        Ok(Self { is_active: false, imap: None, ..old.content.clone() })
    }
}

fn mask(field: &str, mut value: Value) -> Value {
    if field == "imap"
        && let Some(auth) = value.get_mut("auth").and_then(Value::as_object_mut)
    {
        for secret in ["secret", "client_secret"] {
            if let Some(sealed) = auth.get_mut(secret).filter(|sealed| sealed.is_string()) {
                // Another seal is another secret, so that a change of it is seen.
                let text = sealed.as_str().unwrap_or_default();
                *sealed = json!(format!("•••{}", &crate::model::BlobKey::of(text.as_bytes()).to_string()[..8]));
            }
        }
    }
    value
}

impl Desk {
    /// All mailboxes, the oldest first. For administrators.
    pub async fn mailboxes(&self, call: impl Into<Call>) -> Result<Vec<InboundMailboxView>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        Ok(self.snapshot().await?.mailboxes.iter().map(Into::into).collect())
    }

    /// A mailbox. For administrators.
    pub async fn mailbox(&self, call: impl Into<Call>, id: Uuid) -> Result<InboundMailboxView, Error> {
        self.setting::<InboundMailbox>(&call.into(), Role::Admin, id).await
    }

    /// Adds a mailbox. For administrators.
    pub async fn create_mailbox(
        &self,
        call: impl Into<Call>,
        input: NewInboundMailbox,
    ) -> Result<InboundMailboxView, Error> {
        let input = &input;
        self.create_setting(&call.into(), input, |recorder, id| {
            let mut mailbox = InboundMailbox {
                name: String::new(),
                address: String::new(),
                aliases: Vec::new(),
                team_id: None,
                priority: Priority::Medium,
                locale: None,
                is_trusted: false,
                trusted_servers: Vec::new(),
                is_active: true,
                imap: None,
                created_at: recorder.now,
            };
            input.0.apply(self, id, &mut mailbox)?;
            Ok(mailbox)
        })
        .await
    }

    /// Changes a mailbox. For administrators.
    pub async fn update_mailbox(
        &self,
        call: impl Into<Call>,
        id: Uuid,
        input: InboundMailboxPatch,
        expected: Option<i64>,
    ) -> Result<InboundMailboxView, Error> {
        let input = &input;
        self.update_setting(&call.into(), input, id, expected, |_, mut mailbox| {
            input.apply(self, id, &mut mailbox)?;
            Ok(mailbox)
        })
        .await
    }

    /// Takes a mailbox away. What came by it stays. For administrators.
    pub async fn delete_mailbox(&self, call: impl Into<Call>, id: Uuid, expected: Option<i64>) -> Result<(), Error> {
        self.delete_setting::<InboundMailbox>(&call.into(), id, expected).await
    }

    /// Where mail to this address goes. For doors that can turn mail away.
    pub async fn mailbox_for(&self, address: &str) -> Result<MailboxFor, Error> {
        let snapshot = self.snapshot().await?;
        if let Some(mailbox) = snapshot.mailboxes.by_address(address) {
            return Ok(MailboxFor::Mailbox(mailbox.id));
        }
        Ok(if snapshot.mailboxes.iter().next().is_none() { MailboxFor::Unset } else { MailboxFor::Unknown })
    }

    /// The mailboxes that mail is fetched from, with their secrets: for the one who fetches.
    pub async fn imap_doors(&self) -> Result<Vec<ImapDoor>, Error> {
        let snapshot = self.snapshot().await?;
        let active = snapshot.mailboxes.iter().filter(|mailbox| mailbox.content.is_active);
        let doors = active.filter_map(|mailbox| {
            let mut account = mailbox.content.imap.clone()?;
            if let Err(error) = self.open_account(mailbox.id, &mut account) {
                tracing::error!(mailbox = %mailbox.id, error = &error as &dyn std::error::Error, "a mailbox's secret can't be opened");
                return None;
            }
            Some(ImapDoor { mailbox_id: mailbox.id, version: mailbox.version, account })
        });
        Ok(doors.collect())
    }

    fn open_account(&self, id: Uuid, account: &mut ImapAccount) -> Result<(), crate::vault::VaultError> {
        let open = |purpose: &str, sealed: &mut String| {
            *sealed = self.parts.vault.open(purpose, id, sealed)?.expose().to_owned();
            Ok(())
        };
        match &mut account.auth {
            ImapAuth::Password { secret } => open(SECRET, secret),
            ImapAuth::OAuth2 { secret, client_secret, .. } => {
                open(SECRET, secret)?;
                client_secret.as_mut().map_or(Ok(()), |secret| open(CLIENT_SECRET, secret))
            }
        }
    }
}
