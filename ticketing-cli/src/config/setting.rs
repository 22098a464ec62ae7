//! The table of everything that can be set. The configuration, its flags, what `doctor` says and
//! the table in `docs/OPERATIONS.md` all come from here.

use super::source::{BadSetting, Values};
use super::{LmtpAddress, Secret, parse};
use std::path::PathBuf;
use std::time::Duration;
use ticketing_core::Network;
use ticketing_core::access::AgentVisibility;
use ticketing_core::desk::PasswordHash;
use ticketing_core::port::Mailbox;
use ticketing_deliver::smtp::SmtpTls;
use ticketing_http::RateLimit;

/// One thing that can be set.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in the environment; in lower case its key in the file.
    pub name: &'static str,
    /// What holds where nothing is set; empty for nothing.
    pub default: &'static str,
    /// Whether its value may never be shown, and may come from a file that `NAME_FILE` names.
    pub secret: bool,
    /// What a good value is: ends the sentence `"abc" is not …`.
    pub wanted: &'static str,
    /// What it is for.
    pub about: &'static str,
}

impl Setting {
    /// Its key in `ticketing.toml`.
    pub fn key(&self) -> String {
        self.name.to_ascii_lowercase()
    }

    /// Its flag, where it may be seen in a list of processes.
    pub fn flag(&self) -> Option<String> {
        (!self.secret).then(|| self.key().replace('_', "-"))
    }
}

/// What kind of place this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// People depend on it: nothing is made up, weak secrets are refused.
    Production,
    /// Somebody tries things.
    Development,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For eyes.
    Text,
    /// For programs.
    Json,
}

macro_rules! settings {
    ($($name:ident $field:ident: $type:ty = $default:literal, $secret:ident, $wanted:literal, $read:expr, $about:literal;)+) => {
        /// Everything that can be set, in the order of the documentation.
        pub const SETTINGS: &[Setting] = &[$(Setting {
            name: stringify!($name),
            default: $default,
            secret: settings!(@$secret),
            wanted: $wanted,
            about: $about,
        }),+];

        /// What is set. Holds secrets, so it can't be printed.
        pub struct Settings {
            $(#[doc = $about] pub $field: $type,)+
        }

        impl Settings {
            /// Reads every value; stops at the first that can't be accepted.
            pub fn read(values: &Values) -> Result<Self, BadSetting> {
                Ok(Self { $($field: values.read(stringify!($name), $read)?,)+ })
            }
        }
    };
    (@open) => { false };
    (@secret) => { true };
}

settings! {
    PORT port: u16 = "5000", open, "a port (1 to 65535)", parse::port,
        "The port to listen on; 0 takes any free one.";
    HOST host: String = "127.0.0.1", open, "a host name or address", parse::host,
        "The address to listen on; `0.0.0.0` for every one of the machine.";
    APP_URL app_url: Option<String> = "", open, "an http or https address", parse::maybe(parse::web_address),
        "Where people reach the desk; links start with it. Without it: `http://HOST:PORT`.";
    CORS_ORIGIN cors_origin: Option<Vec<String>> = "", open, "a list of web origins such as https://desk.example",
        parse::maybe(parse::origins), "Web origins whose pages may call the API, separated by commas, or `*`.";
    JWT_SECRET jwt_secret: Option<Secret> = "", secret, "a secret", parse::maybe(parse::secret),
        "Signs access tokens; at least 32 bytes. May list several, newest first, separated by commas or line ends: the newest signs, all are accepted. Servers of one desk share it. Required in production, elsewhere made in `DATA_DIR/secrets`.";
    JWT_EXPIRES_IN jwt_expires_in: Duration = "15m", open, "a duration such as 90s, 15m, 4h or 30d", parse::span,
        "How long an access token holds.";
    REFRESH_EXPIRES_IN refresh_expires_in: Duration = "30d", open, "a duration such as 90s, 15m, 4h or 30d",
        parse::span, "How long a sign-in can be renewed.";
    DATABASE_URL database_url: Option<Secret> = "", secret, "a PostgreSQL address (postgres://USER:PASSWORD@HOST/NAME)",
        parse::maybe(parse::database_url),
        "The PostgreSQL database. Without it and without `DB_HOST`: a SQLite file `ticketing.db` in `DATA_DIR`.";
    DB_HOST db_host: Option<String> = "", open, "a host name, an address or the folder of a socket",
        parse::maybe(parse::database_host), "The PostgreSQL server, where `DATABASE_URL` is not set.";
    DB_PORT db_port: u16 = "5432", open, "a port (1 to 65535)", parse::far_port, "Its port.";
    DB_NAME db_name: String = "ticketing", open, "a name", parse::text, "The database on it.";
    DB_USER db_user: String = "ticketing", open, "a name", parse::text, "The role to sign in as.";
    DB_PASSWORD db_password: Option<Secret> = "", secret, "a password", parse::maybe(parse::secret), "The role's password.";
    DB_POOL_SIZE db_pool_size: u32 = "10", open, "a number from 2 to 1000", parse::pool_size,
        "How many connections to the database are open at most, half of them for changes; a server holds two more, to hear of work and of what other processes tell it, and migrating takes one.";
    REDIS_URL redis_url: Option<Secret> = "", secret, "a Redis address (redis://USER:PASSWORD@HOST:PORT, rediss:// for TLS)",
        parse::maybe(parse::redis_url),
        "A Redis (6 or later) by which the desk's processes tell one another at once who types, who looks at what and whose rights have changed. Nothing is kept there. Without it they do so by PostgreSQL.";
    DATA_DIR data_dir: PathBuf = "./data", open, "a folder", parse::path,
        "The folder for the SQLite file and for secrets made by the program.";
    TRUSTED_PROXIES trusted_proxies: Option<Vec<Network>> = "", open,
        "a list of addresses and networks such as 10.0.0.0/8", parse::maybe(parse::networks),
        "Proxies whose `X-Forwarded-For` is believed, separated by commas.";
    RATE_LIMIT_ANONYMOUS rate_limit_anonymous: Option<RateLimit> = "100/15m", open, "a rate such as 100/15m, or off",
        parse::rate, "How often one address may ask where nobody is signed in, or `off`; that takes the stricter limits of signing in with it.";
    RATE_LIMIT_USER rate_limit_user: Option<RateLimit> = "1000/1h", open, "a rate such as 100/15m, or off",
        parse::rate, "How often one person may ask, or `off`.";
    RATE_LIMIT_SOCKETS rate_limit_sockets: Option<RateLimit> = "6000/1m", open, "a rate such as 100/15m, or off",
        parse::rate, "How often one address may open a connection of `/socket.io`, or `off`.";
    MAX_SOCKETS max_sockets: usize = "20000", open, "a number from 1 to 1000000", parse::sockets,
        "How many connections of `/socket.io` a server holds at most, one address at most half of them. Each is an open file, too.";
    AGENT_VISIBILITY agent_visibility: AgentVisibility = "team", open, "team or all",
        |text| match text { "team" => Some(AgentVisibility::Team), "all" => Some(AgentVisibility::All), _ => None },
        "What agents see: `team` (assigned to them, of their teams, of no team) or `all` tickets.";
    REGISTRATION registration_open: bool = "open", open, "open or closed",
        |text| match text { "open" => Some(true), "closed" => Some(false), _ => None },
        "Whether customers may sign up by themselves: `open` or `closed`.";
    REOPEN_WINDOW reopen_window: Duration = "14d", open, "a duration such as 90s, 15m, 4h or 30d", parse::span,
        "How long after a ticket was resolved a customer's word opens it again. Later it begins a new ticket.";
    PASSWORD_HASH password_hash: PasswordHash = "bcrypt", open, "bcrypt or argon2id",
        |text| match text { "bcrypt" => Some(PasswordHash::BCRYPT), "argon2id" => Some(PasswordHash::ARGON2ID), _ => None },
        "How new passwords are hashed: `bcrypt` (cost 10; at most 72 bytes) or `argon2id` (19 MiB, two passes; at most 1,000 bytes). A hash of the other kind is still good, and replaced at the next sign-in.";
    AUDIT_KEY audit_key: Option<Secret> = "", secret, "a key", parse::maybe(parse::secret),
        "Seals the audit log; at least 32 bytes. Servers of one desk share it. Without it: made in `DATA_DIR/secrets`.";
    AUDIT_KEY_FORMER audit_key_former: Option<Secret> = "", secret, "keys", parse::maybe(parse::secret),
        "Audit keys of before, one a line: what was sealed under them can still be verified.";
    AUDIT_HEAD_PATH audit_head_path: Option<PathBuf> = "", open, "a file", parse::maybe(parse::path),
        "The file that `serve` keeps the newest seal of the audit log in, best on another disk or machine: a log whose end was cut off is found out by it.";
    SECRETS_KEY secrets_key: Option<Secret> = "", secret, "a key", parse::maybe(parse::secret),
        "Encrypts what the desk must be able to say again, such as the secrets of webhooks; at least 32 bytes. May list several, newest first, separated by commas or line ends: the newest encrypts, all decrypt. Servers and workers of one desk share it. Without it: made in `DATA_DIR/secrets`.";
    SMTP_HOST smtp_host: Option<String> = "", open, "a host name or address", parse::maybe(parse::host),
        "The mail server that takes the desk's mail. Without it mails are written into `DATA_DIR/outbox`.";
    SMTP_PORT smtp_port: u16 = "587", open, "a port (1 to 65535)", parse::far_port, "Its port.";
    SMTP_USER smtp_user: Option<String> = "", open, "a name", parse::maybe(parse::text),
        "Whom to sign in as there; without it nobody signs in.";
    SMTP_PASSWORD smtp_password: Option<Secret> = "", secret, "a password", parse::maybe(parse::secret), "The password for it.";
    SMTP_FROM smtp_from: Option<Mailbox> = "", open, "a mail address, with or without a name",
        parse::maybe(parse::mailbox),
        "Whom mail comes from, such as `support@desk.example` or `Support <support@desk.example>`. Without it: `desk@` and the host of `APP_URL`.";
    SMTP_TLS smtp_tls: SmtpTls = "starttls", open, "none, starttls or tls",
        |text| match text { "none" => Some(SmtpTls::None), "starttls" => Some(SmtpTls::StartTls), "tls" => Some(SmtpTls::Tls), _ => None },
        "How the connection is protected: `starttls` (never without), `tls` from the start, or `none`, to a server on the same machine only.";
    INBOUND_EMAIL_SECRET inbound_email_secret: Option<Secret> = "", secret, "a secret of at least 16 bytes",
        parse::maybe(parse::shared_secret),
        "What mails are signed with that come by `POST /api/inbound/email`; at least 16 bytes. Without it that door is closed.";
    LMTP_LISTEN lmtp_listen: Option<LmtpAddress> = "", open, "an address and port such as 127.0.0.1:2424, or unix: and a path",
        parse::maybe(parse::lmtp_address),
        "Where mail servers hand mail over by LMTP: an address and port such as `127.0.0.1:2424`, or `unix:/run/ticketing/lmtp.sock`. Whoever reaches it may bring mail. Without it nothing listens for them.";
    MAX_MAIL_SIZE max_mail_size: usize = "25MiB", open, "a size from 64KiB to 100MiB, such as 25MiB", parse::file_size,
        "The most bytes of a mail that is taken in, with all that it brings along.";
    MAX_IMPORT_SIZE max_import_size: usize = "50MiB", open, "a size from 64KiB to 100MiB, such as 50MiB", parse::file_size,
        "The most bytes of a table that administrators bring over the API. `ticketing import` reads any.";
    UPLOAD_PATH upload_path: Option<PathBuf> = "", open, "a folder", parse::maybe(parse::path),
        "The folder for files, and for mails as they came. Servers, workers and `ticketing mail deliver` share it. Without it: `files` in `DATA_DIR`.";
    WEBHOOK_ALLOW_NETWORKS webhook_allow_networks: Option<Vec<Network>> = "", open,
        "a list of addresses and networks such as 10.0.0.0/8", parse::maybe(parse::networks),
        "Networks that webhooks may lead to although they are not public, separated by commas.";
    RETRY_BASE_DELAY retry_base_delay: Duration = "5s", open, "a duration such as 90s, 15m, 4h or 30d", parse::span,
        "How long after its first failure a mail or a call to a webhook is tried again; later pauses grow from it.";
    JOB_LEASE job_lease: Duration = "60s", open, "a duration such as 90s, 15m, 4h or 30d", parse::span,
        "How long a job stays with a worker that has died, before another one does it.";
    JOB_RETENTION job_retention: Duration = "30d", open, "a duration such as 90s, 15m, 4h or 30d", parse::span,
        "How long mails and calls that were done or given up stay listed.";
    WORKFLOW_RUN_RETENTION workflow_run_retention: Duration = "30d", open, "a duration such as 90s, 15m, 4h or 30d", parse::span,
        "How long it stays listed what rules did.";
    NOTIFICATION_RETENTION notification_retention: Duration = "90d", open, "a duration such as 90s, 15m, 4h or 30d", parse::span,
        "How long it stays listed what people were told on the desk and have read. What is unread stays.";
    MAIL_DIGEST_WINDOW mail_digest_window: Duration = "5s", open, "a duration such as 90s, 15m, 4h or 30d", parse::wait,
        "How long to wait for more to happen to a ticket before its people get mail, all of it in one.";
    WORKERS workers: usize = "2", open, "a number from 0 to 32",
        |text| text.parse().ok().filter(|count| *count <= 32),
        "How many workers `serve` and `worker` run side by side. With 0 `serve` leaves the work to `ticketing worker`.";
    SHUTDOWN_TIMEOUT shutdown_timeout: Duration = "30s", open, "a duration such as 90s, 15m, 4h or 30d", parse::wait,
        "How long a stop waits for requests and jobs in flight.";
    TICKETING_ENV stage: Stage = "development", open, "production or development",
        |text| match text {
            "production" => Some(Stage::Production),
            "development" => Some(Stage::Development),
            _ => None,
        },
        "`production` refuses to start with missing, weak or well-known secrets.";
    ADMIN_EMAIL admin_email: Option<String> = "", open, "an email address", parse::maybe(parse::email),
        "With `ADMIN_PASSWORD`: the first administrator, made at the start where there is none.";
    ADMIN_PASSWORD admin_password: Option<Secret> = "", secret, "a password", parse::maybe(parse::secret),
        "The first administrator's password.";
    RUST_LOG rust_log: String = "info", open, "a log filter such as info or ticketing_http=debug",
        |text| tracing_subscriber::EnvFilter::try_new(text).ok().map(|_| text.to_owned()),
        "Which log lines are written to stderr. Verbs other than `serve` are silent below `warn` unless it is set.";
    LOG_FORMAT log_format: LogFormat = "text", open, "text or json",
        |text| match text { "text" => Some(LogFormat::Text), "json" => Some(LogFormat::Json), _ => None },
        "How log lines look: `text` or `json`.";
}

/// The setting of this name.
pub fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the documentation, made from the table.
    fn documented() -> String {
        let row = |setting: &Setting| {
            let default = if setting.default.is_empty() { "–".to_owned() } else { format!("`{}`", setting.default) };
            let file = if setting.secret { format!(" (or `{}_FILE`)", setting.name) } else { String::new() };
            format!("| `{}`{file} | {default} | {} |\n", setting.name, setting.about)
        };
        let rows: Vec<String> = SETTINGS.iter().map(row).collect();
        format!("| name | default | meaning |\n|---|---|---|\n{}", rows.concat())
    }

    #[test]
    fn the_documentation_has_this_table() {
        let page = include_str!("../../../docs/OPERATIONS.md");
        let rows = documented();
        assert!(page.contains(&rows), "docs/OPERATIONS.md must contain this table:\n{rows}");
    }

    #[test]
    fn every_default_is_a_good_value() {
        assert!(Settings::read(&Values::default()).is_ok());
    }
}
