//! The one place that names concrete stores: from what is set to a desk that works.

use crate::config::{Config, Database};
use crate::head;
use anyhow::Context;
use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use ticketing_core::Desk;
use ticketing_core::access::{Actor, Call, Origin, SystemReason};
use ticketing_core::desk::work::{WorkOptions, Workers};
use ticketing_core::desk::{AuditKey, DeskBuilder, DeskOptions};
use ticketing_core::port::{Bus, LocalBus, Mailbox, Mailer, RandomIds, Store, StoreResult, WebhookSender};
use ticketing_core::time::Time;
use ticketing_core::vault::SecretsKey;
use ticketing_deliver::inbound::Reader;
use ticketing_deliver::smtp::{OutboxMailer, SmtpCredentials, SmtpMailer, SmtpOptions};
use ticketing_deliver::webhook::GuardedWebhookSender;
use ticketing_http::{AuditHeadSource, HttpOptions, MoreMetrics};
use ticketing_store::sqlite::{SqliteOptions, SqliteStore};
use ticketing_store::{FolderBlobs, PgOptions, PgStore, RedisBus};

/// A store that is open, whichever it is.
#[derive(Clone)]
pub enum OpenStore {
    /// A file of this machine.
    Sqlite(SqliteStore),
    /// A PostgreSQL database.
    Postgres(PgStore),
}

impl OpenStore {
    /// Opens the store that the configuration names; a SQLite file is made where there is none.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        match &config.database {
            Database::Sqlite(path) => {
                make_data_dir(config.data_dir())?;
                let store = SqliteStore::open(path, SqliteOptions::default()).await;
                store.map(Self::Sqlite).with_context(|| format!("DATA_DIR: {} can't be opened", path.display()))
            }
            Database::Postgres(url) => {
                let options = PgOptions { pool_size: config.settings.db_pool_size, ..PgOptions::default() };
                let store = PgStore::connect(url.expose(), options).await;
                store
                    .map(Self::Postgres)
                    .with_context(|| format!("{}: the database can't be used", config.database_setting()))
            }
        }
    }

    /// Brings the tables to what this program expects.
    pub async fn migrate(&self) -> anyhow::Result<()> {
        let migrated = match self {
            Self::Sqlite(store) => store.migrate().await,
            Self::Postgres(store) => store.migrate().await,
        };
        migrated.context("the store could not be migrated")
    }

    /// The steps that a migration would take.
    pub async fn pending_migrations(&self) -> StoreResult<Vec<String>> {
        match self {
            Self::Sqlite(store) => store.pending_migrations().await,
            Self::Postgres(store) => store.pending_migrations().await,
        }
    }

    /// The store as the desk takes it.
    pub fn port(&self) -> Arc<dyn Store> {
        match self {
            Self::Sqlite(store) => Arc::new(store.clone()),
            Self::Postgres(store) => Arc::new(store.clone()),
        }
    }

    /// What time the database thinks it is; `None` where it has no clock of its own.
    pub async fn now(&self) -> StoreResult<Option<Time>> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(store) => store.now().await.map(Some),
        }
    }

    /// Finishes what was accepted and lets go.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(store) => store.close().await,
            Self::Postgres(store) => store.close().await,
        }
    }
}

/// Makes the folder for its owner's eyes only.
fn make_data_dir(path: &Path) -> anyhow::Result<()> {
    let made = make_folder(path);
    made.with_context(|| format!("DATA_DIR: {} can't be made", path.display()))
}

fn make_folder(path: &Path) -> std::io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The desk on this store, for what tells other processes nothing.
pub fn desk(config: &Config, store: Arc<dyn Store>, app_url: &str) -> anyhow::Result<Desk> {
    builder(config, store, app_url)?.build().context("the desk can't be built")
}

/// The same with what it needs to take mail in.
pub async fn desk_with_files(config: &Config, store: Arc<dyn Store>, app_url: &str) -> anyhow::Result<Desk> {
    with_files(builder(config, store, app_url)?, config).await?.build().context("the desk can't be built")
}

/// The desk on this store, whole and linked to its other processes. Its bus is to be closed.
pub async fn linked_desk(config: &Config, store: &OpenStore, app_url: &str) -> anyhow::Result<Desk> {
    let bus = bus(config, store)?;
    let builder = builder(config, store.port(), app_url)?.bus(bus);
    with_files(builder, config).await?.build().context("the desk can't be built")
}

/// Removes what was never written to its end into the folder for files, once and in the background. For processes that
/// last; their end does not wait for it.
pub async fn sweep_files(config: &Config) -> anyhow::Result<()> {
    let blobs = open_files(config).await?;
    let walk = move || {
        let removed = blobs.sweep();
        if removed > 0 {
            tracing::info!(removed, "removed what was never written to its end");
        }
    };
    // Not of the runtime, which would wait.
    let thread = std::thread::Builder::new().name("sweep".to_owned());
    thread.spawn(walk).map(drop).context("no thread can be started")
}

async fn with_files(builder: DeskBuilder, config: &Config) -> anyhow::Result<DeskBuilder> {
    let blobs = open_files(config).await?;
    Ok(builder.blobs(Arc::new(blobs)).mail_reader(Arc::new(Reader::default())))
}

async fn open_files(config: &Config) -> anyhow::Result<FolderBlobs> {
    let folder = files(config);
    if config.settings.upload_path.is_none() {
        make_data_dir(config.data_dir())?;
    }
    let blobs = FolderBlobs::open(&folder).await;
    blobs.with_context(|| format!("UPLOAD_PATH: {} can't be used", folder.display()))
}

/// A folder of bytes beside a desk's file; made where there is none.
pub async fn folder(path: &Path) -> anyhow::Result<FolderBlobs> {
    make_folder(path).with_context(|| format!("{} can't be made", path.display()))?;
    FolderBlobs::open(path).await.with_context(|| format!("{} can't be used", path.display()))
}

/// The folder that files and mails are kept in.
pub fn files(config: &Config) -> PathBuf {
    config.settings.upload_path.clone().unwrap_or_else(|| config.data_dir().join("files"))
}

/// By Redis where one is set, else by PostgreSQL where that is the store.
fn bus(config: &Config, store: &OpenStore) -> anyhow::Result<Arc<dyn Bus>> {
    if let Some(address) = &config.settings.redis_url {
        // Those who share the key are one desk.
        let (name, _) = named_key(config.audit_secret(&RandomIds)?.expose(), "ticketing bus");
        let bus = RedisBus::new(address.expose(), &format!("ticketing:{name}")).context("REDIS_URL")?;
        return Ok(Arc::new(bus));
    }
    Ok(match store {
        OpenStore::Sqlite(_) => Arc::new(LocalBus::new()),
        OpenStore::Postgres(store) => Arc::new(store.bus()),
    })
}

/// What `/metrics` says of the bus.
pub fn bus_metrics(bus: Arc<dyn Bus>) -> MoreMetrics {
    Arc::new(move |out| {
        if let Some(is_linked) = bus.is_linked() {
            out.push_str("# HELP ticketing_bus_linked Whether other processes of the desk are reached.\n");
            out.push_str("# TYPE ticketing_bus_linked gauge\n");
            out.push_str(if is_linked { "ticketing_bus_linked 1\n" } else { "ticketing_bus_linked 0\n" });
        }
    })
}

fn builder(config: &Config, store: Arc<dyn Store>, app_url: &str) -> anyhow::Result<DeskBuilder> {
    let settings = &config.settings;
    let options = DeskOptions {
        app_url: app_url.to_owned(),
        agent_visibility: settings.agent_visibility,
        refresh_expires_in: TimeDelta::from_std(settings.refresh_expires_in).context("REFRESH_EXPIRES_IN")?,
        registration_open: settings.registration_open,
        reopen_window: TimeDelta::from_std(settings.reopen_window).context("REOPEN_WINDOW")?,
        password_hash: settings.password_hash,
        max_mail_size: settings.max_mail_size,
        max_import_size: settings.max_import_size,
        mail_from: settings.smtp_from.clone().unwrap_or_else(|| mail_from(app_url)),
        ..DeskOptions::default()
    };
    let secrets = config.secrets_key(&RandomIds)?;
    let secrets = secrets.listed().map(|secret| secrets_key_of(secret.expose())).collect();
    let former = config.settings.audit_key_former.iter().flat_map(|keys| keys.expose().lines());
    let former = former.map(str::trim).filter(|secret| !secret.is_empty()).map(audit_key_of).collect();
    let desk = Desk::builder().store(store).audit_key(audit_key(config)?).former_audit_keys(former);
    let desk = desk.secrets_keys(secrets).mailer(mailer(config)?).webhook_sender(webhook_sender(config)?);
    Ok(desk.options(options))
}

/// Whom mail comes from where nobody says: `desk@` and the host of the desk.
fn mail_from(app_url: &str) -> Mailbox {
    let host = app_url.parse::<axum::http::Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
    let host = host.filter(|host| host.contains('.') && host.contains(|c: char| c.is_ascii_alphabetic()));
    Mailbox { name: None, address: format!("desk@{}", host.as_deref().unwrap_or("localhost")) }
}

/// Who carries mail: the server that is set, or a folder where none is.
pub fn mailer(config: &Config) -> anyhow::Result<Arc<dyn Mailer>> {
    match smtp_options(config) {
        None => Ok(Arc::new(OutboxMailer::new(outbox(config)))),
        Some(options) => {
            let mailer = SmtpMailer::new(&options).context("SMTP_HOST, SMTP_TLS: mail can't be sent so")?;
            Ok(Arc::new(mailer))
        }
    }
}

/// The folder that mails are written into where no server is set.
pub fn outbox(config: &Config) -> PathBuf {
    config.data_dir().join("outbox")
}

/// How to reach the mail server, where one is set.
pub fn smtp_options(config: &Config) -> Option<SmtpOptions> {
    let settings = &config.settings;
    let host = settings.smtp_host.as_ref()?;
    let credentials = settings.smtp_user.clone().zip(settings.smtp_password.as_ref());
    let credentials =
        credentials.map(|(user, password)| SmtpCredentials { user, password: password.expose().to_owned() });
    Some(SmtpOptions { port: settings.smtp_port, tls: settings.smtp_tls, credentials, ..SmtpOptions::new(host) })
}

/// Who calls webhooks.
fn webhook_sender(config: &Config) -> anyhow::Result<Arc<dyn WebhookSender>> {
    let allowed = config.settings.webhook_allow_networks.clone().unwrap_or_default();
    Ok(Arc::new(GuardedWebhookSender::new(allowed).context("webhooks can't be called")?))
}

/// Those who do what the desk has promised.
pub fn workers(config: &Config, desk: &Desk) -> Workers {
    let settings = &config.settings;
    desk.workers(WorkOptions {
        lease: settings.job_lease,
        retry_base: settings.retry_base_delay,
        digest_window: settings.mail_digest_window,
        patience: settings.shutdown_timeout,
        kept: settings.job_retention,
        run_retention: settings.workflow_run_retention,
        notification_retention: settings.notification_retention,
        ..WorkOptions::default()
    })
}

/// A key of secrets as the desk takes it; its name follows from the secret and tells nothing about it.
fn secrets_key_of(secret: &str) -> SecretsKey {
    let (name, key) = named_key(secret, "ticketing secrets key");
    SecretsKey::new(name, key)
}

/// The audit key as the desk takes it. Its name follows from the secret, so that lines sealed under
/// another secret can be told apart, and tells nothing about it.
pub fn audit_key(config: &Config) -> anyhow::Result<AuditKey> {
    Ok(audit_key_of(config.audit_secret(&RandomIds)?.expose()))
}

fn audit_key_of(secret: &str) -> AuditKey {
    let (name, key) = named_key(secret, "ticketing audit key");
    AuditKey::new(name, key)
}

/// A key for one purpose, and a name for it, both made of a secret.
fn named_key(secret: &str, purpose: &str) -> (String, [u8; 32]) {
    let digest = |what: &str| Sha256::new().chain_update(purpose).chain_update(what).chain_update(secret).finalize();
    let name = digest(" name\0");
    let name = u32::from_be_bytes([name[0], name[1], name[2], name[3]]);
    (format!("{name:08x}"), digest("\0").into())
}

/// What the router has to know.
pub fn http_options(config: &Config) -> anyhow::Result<HttpOptions> {
    let settings = &config.settings;
    let secret = config.jwt_secret(&RandomIds)?;
    let mut secrets = secret.listed().map(|secret| secret.expose().as_bytes().to_vec());
    Ok(HttpOptions {
        jwt_secret: secrets.next().unwrap_or_default(),
        older_jwt_secrets: secrets.collect(),
        jwt_expires_in: settings.jwt_expires_in,
        cors_origins: settings.cors_origin.clone().unwrap_or_default(),
        rate_limit_anonymous: settings.rate_limit_anonymous,
        rate_limit_user: settings.rate_limit_user,
        rate_limit_sockets: settings.rate_limit_sockets,
        max_sockets: Some(settings.max_sockets),
        inbound_secret: settings.inbound_email_secret.as_ref().map(|secret| secret.expose().as_bytes().to_vec()),
        trusted_proxies: settings.trusted_proxies.clone().unwrap_or_default(),
        audit_head: settings.audit_head_path.clone().map(|path| {
            let read: AuditHeadSource = Arc::new(move || Ok(head::read(&path)?));
            read
        }),
        ..HttpOptions::default()
    })
}

/// The operator at the command line.
pub fn operator() -> Call {
    Call {
        actor: Actor::system(SystemReason::Operator),
        origin: Origin::Cli,
        request_id: None,
        cause: None,
        idempotency: None,
    }
}
