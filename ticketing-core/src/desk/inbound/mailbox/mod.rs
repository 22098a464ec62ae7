//! Mailboxes: which addresses mail comes in at, and what becomes of it there.

mod imap;

pub use imap::{ImapInput, ImapView};

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
use crate::model::{ImapAccount, InboundMailbox, Mailboxes, Priority, Role};
use crate::setting::Stored;
use crate::time::Time;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// The most other addresses of a mailbox.
const MOST_ALIASES: usize = 50;
/// The most servers that are believed.
const MOST_SERVERS: usize = 20;

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
        self.setting::<InboundMailbox>(&call.into(), id).await
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
}
