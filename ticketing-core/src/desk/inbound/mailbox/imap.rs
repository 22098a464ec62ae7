//! The account that a mailbox's mail is fetched from.

use crate::desk::Desk;
use crate::error::Error;
use crate::input::{Fields, Problems};
use crate::model::{ImapAccount, ImapAuth, ImapSecurity, ImapThen};
use crate::vault::{Plain, VaultError};
use serde::Serialize;
use uuid::Uuid;

/// What the purposes of sealed secrets are called in their seals.
const SECRET: &str = "imap secret";
const CLIENT_SECRET: &str = "imap client secret";

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

impl ImapInput {
    pub(super) fn read(fields: &mut Fields) -> Self {
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

    pub(super) fn check(&self, problems: &mut Problems) {
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
    pub(super) fn account(&self, desk: &Desk, id: Uuid, old: Option<&ImapAccount>) -> Result<ImapAccount, Error> {
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

impl Desk {
    /// Puts the secrets of an account in plain in place of what they are sealed as.
    pub(super) fn open_account(&self, id: Uuid, account: &mut ImapAccount) -> Result<(), VaultError> {
        let open = |purpose: &str, sealed: &mut String| {
            let plain = self.parts.vault.open(purpose, id, sealed)?;
            plain.expose().clone_into(sealed);
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
