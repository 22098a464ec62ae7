//! Putting a desk together.

use super::password::Passwords;
use super::turn::Turns;
use super::{AuditKey, Desk, InboundTally, Parts, PasswordHash};
use crate::access::AgentVisibility;
use crate::port::{
    BlobStore, Bus, Clock, IdSource, LocalBus, MailReader, Mailbox, Mailer, RandomIds, Store, SystemClock,
    WebhookSender,
};
use crate::time::Time;
use crate::vault::{SecretsKey, Vault};
use crate::workflow::engine::limit;
use crate::workflow::extension::{Extensions, OwnAction, OwnField, OwnOperator};
use chrono::TimeDelta;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// How a desk behaves; what an operator sets, not what an administrator sets.
#[derive(Clone, Debug)]
pub struct DeskOptions {
    /// The address that every link starts with, without a slash at its end.
    pub app_url: String,
    /// How far agents see.
    pub agent_visibility: AgentVisibility,
    /// How long a sign-in lasts at most.
    pub refresh_expires_in: TimeDelta,
    /// How passwords are hashed from now on.
    pub password_hash: PasswordHash,
    /// Whether customers may sign up by themselves.
    pub registration_open: bool,
    /// How long after a ticket was resolved a customer's word opens it again; later it begins a new one.
    pub reopen_window: TimeDelta,
    /// Of the rules that were looked at for a change and did not match, how many runs are kept.
    pub not_matched_runs: usize,
    /// How many tickets are gone through to say what an SLA policy or a calendar would do.
    pub what_if_tickets: usize,
    /// Whom the desk's mail comes from, where its brand says nothing else.
    pub mail_from: Mailbox,
    /// How many bytes a mail that comes in may have.
    pub max_mail_size: usize,
    /// How many bytes a table may have that is brought over the API.
    pub max_import_size: usize,
}

impl Default for DeskOptions {
    fn default() -> Self {
        Self {
            app_url: "http://127.0.0.1:5000".to_owned(),
            agent_visibility: AgentVisibility::Team,
            refresh_expires_in: TimeDelta::days(30),
            password_hash: PasswordHash::BCRYPT,
            registration_open: true,
            reopen_window: TimeDelta::days(14),
            not_matched_runs: limit::NOT_MATCHED,
            what_if_tickets: 50_000,
            mail_from: Mailbox { name: None, address: "desk@localhost".to_owned() },
            max_mail_size: 25 * 1024 * 1024,
            max_import_size: 50 * 1024 * 1024,
        }
    }
}

/// A desk can't be built from this.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// No store was given.
    #[error("a desk needs a store")]
    NoStore,
    /// A cost of bcrypt out of 4 to 31, or parameters of Argon2id that do not fit one another.
    #[error("passwords can't be hashed by {0:?}")]
    PasswordHash(PasswordHash),
}

/// The parts of a desk. Only the store is required.
#[derive(Default)]
pub struct DeskBuilder {
    store: Option<Arc<dyn Store>>,
    clock: Option<Arc<dyn Clock>>,
    ids: Option<Arc<dyn IdSource>>,
    audit_key: Option<AuditKey>,
    former_audit_keys: Vec<AuditKey>,
    mailer: Option<Arc<dyn Mailer>>,
    bus: Option<Arc<dyn Bus>>,
    secrets_keys: Vec<SecretsKey>,
    webhook_sender: Option<Arc<dyn WebhookSender>>,
    blobs: Option<Arc<dyn BlobStore>>,
    mail_reader: Option<Arc<dyn MailReader>>,
    extensions: Extensions,
    options: DeskOptions,
}

impl DeskBuilder {
    /// Where everything is kept.
    #[must_use]
    pub fn store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(store);
        self
    }

    /// What time it is; the machine's clock unless given.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Where ids and secrets come from; the operating system unless given.
    #[must_use]
    pub fn ids(mut self, ids: Arc<dyn IdSource>) -> Self {
        self.ids = Some(ids);
        self
    }

    /// The key of the audit log. Without one, lines are sealed by a key that is forgotten with the
    /// process: they can't be verified later.
    #[must_use]
    pub fn audit_key(mut self, key: AuditKey) -> Self {
        self.audit_key = Some(key);
        self
    }

    /// Keys that the audit log had before; what was written under them can still be verified.
    #[must_use]
    pub fn former_audit_keys(mut self, keys: Vec<AuditKey>) -> Self {
        self.former_audit_keys = keys;
        self
    }

    /// Who carries its mail. Without one the desk mails nobody.
    #[must_use]
    pub fn mailer(mut self, mailer: Arc<dyn Mailer>) -> Self {
        self.mailer = Some(mailer);
        self
    }

    /// What carries signals among the desk's processes: who types, whose rights have changed. Without one
    /// they stay in this process, as is right where there is no other.
    #[must_use]
    pub fn bus(mut self, bus: Arc<dyn Bus>) -> Self {
        self.bus = Some(bus);
        self
    }

    /// The keys that secrets are kept under, such as those of webhooks: the newest seals, all of them open.
    /// Without one there is a key that is forgotten with the process, and what was sealed with it: webhooks
    /// then have to be given their secrets again after a restart.
    #[must_use]
    pub fn secrets_keys(mut self, keys: Vec<SecretsKey>) -> Self {
        self.secrets_keys = keys;
        self
    }

    /// Who calls webhooks, and says which addresses may be called. Without one the desk itself looks at an
    /// address as it is written, and refuses what is plainly inside.
    #[must_use]
    pub fn webhook_sender(mut self, sender: Arc<dyn WebhookSender>) -> Self {
        self.webhook_sender = Some(sender);
        self
    }

    /// Where files and mails are kept. Without one the desk takes no mail in.
    #[must_use]
    pub fn blobs(mut self, blobs: Arc<dyn BlobStore>) -> Self {
        self.blobs = Some(blobs);
        self
    }

    /// Who reads mails that come in from their bytes.
    #[must_use]
    pub fn mail_reader(mut self, reader: Arc<dyn MailReader>) -> Self {
        self.mail_reader = Some(reader);
        self
    }

    /// A field of the application's own that rules' conditions can ask for.
    #[must_use]
    pub fn rule_field(mut self, field: OwnField) -> Self {
        self.extensions.fields.retain(|known| known.name != field.name);
        self.extensions.fields.push(Arc::new(field));
        self
    }

    /// An operator of the application's own for rules' conditions.
    #[must_use]
    pub fn rule_operator(mut self, operator: OwnOperator) -> Self {
        self.extensions.operators.insert(operator.name.clone(), Arc::new(operator));
        self
    }

    /// An action of the application's own that rules can ask for. Each such action is done after the commit by a
    /// worker, at least once, under an id that stays the same.
    #[must_use]
    pub fn action(mut self, action: OwnAction) -> Self {
        self.extensions.actions.insert(action.name.clone(), Arc::new(action));
        self
    }

    /// Of the rules that were looked at for a change, every run is kept.
    #[must_use]
    pub(crate) fn keep_all_runs(mut self) -> Self {
        self.options.not_matched_runs = usize::MAX;
        self
    }

    /// How it behaves.
    #[must_use]
    pub fn options(mut self, options: DeskOptions) -> Self {
        self.options = options;
        self
    }

    /// The desk.
    pub fn build(self) -> Result<Desk, BuildError> {
        let store = self.store.ok_or(BuildError::NoStore)?;
        if !self.options.password_hash.is_possible() {
            return Err(BuildError::PasswordHash(self.options.password_hash));
        }
        let ids = self.ids.unwrap_or_else(|| Arc::new(RandomIds));
        let audit_key = self.audit_key.unwrap_or_else(|| AuditKey::new("process", ids.secret()));
        let mut secrets_keys = self.secrets_keys;
        if secrets_keys.is_empty() {
            secrets_keys.push(SecretsKey::new("process", ids.secret()));
        }
        let parts = Parts {
            clock: self.clock.unwrap_or_else(|| Arc::new(SystemClock)),
            audit_key,
            former_audit_keys: self.former_audit_keys,
            vault: Vault::new(secrets_keys),
            webhook_sender: self.webhook_sender,
            passwords: Passwords::new(self.options.password_hash, Arc::clone(&ids)),
            turns: Turns::default(),
            rounds: Turns::within(super::routing::LONGEST_WAIT),
            log: watch::Sender::new(0),
            bell: watch::Sender::new(0),
            alarm: watch::Sender::new(Time::MAX_UTC),
            mailer: self.mailer,
            bus: self.bus.unwrap_or_else(|| Arc::new(LocalBus::new())),
            held: Mutex::default(),
            extensions: self.extensions,
            blobs: self.blobs,
            mail_reader: self.mail_reader,
            inbound: InboundTally::default(),
            senders: Turns::default(),
            options: self.options,
            ids,
        };
        let (snapshots, customers) = (Arc::default(), Arc::default());
        let (keys, counts) = (Arc::default(), Arc::default());
        Ok(Desk { store, snapshots, customers, keys, counts, is_joined: false, parts: Arc::new(parts) })
    }
}
