//! A mailbox on a real server: Dovecot, with mail in maildirs.

use crate::process::{Group, certificate, free_port, is_root, open_folder, run, wait_for_port};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// What the server says that it can where it can do next to nothing.
pub const OLD: &str = "IMAP4rev1 LITERAL+";

pub struct Dovecot {
    folder: TempDir,
    pub port: u16,
    pub tls_port: u16,
    /// The certificate, as PEM.
    pub root: String,
    process: Option<Group>,
    /// Whom mail belongs to.
    owner: Option<(u32, u32)>,
}

impl Dovecot {
    pub fn start() -> Self {
        Self::with("")
    }

    /// A server with these lines in its configuration too.
    pub fn with(more: &str) -> Self {
        let folder = open_folder();
        let at = folder.path();
        let (certificate, key) = certificate(at);
        let (port, tls_port) = (free_port(), free_port());
        let number = |flag: &str, user: &str| run(Command::new("id").args([flag, user])).parse().unwrap();
        let owner = is_root().then(|| (number("-u", "nobody"), number("-g", "nobody")));
        let users = if let Some((user, group)) = owner {
            format!("mail_uid = {user}\nmail_gid = {group}\n")
        } else {
            let (user, group) = (run(Command::new("id").arg("-un")), run(Command::new("id").arg("-gn")));
            format!(
                "default_internal_user = {user}\ndefault_login_user = {user}\ndefault_internal_group = {group}\n\
                 mail_uid = {user}\nmail_gid = {group}\nfirst_valid_uid = 1\n\
                 service anvil {{\n  chroot =\n}}\nservice imap-login {{\n  chroot =\n}}\n"
            )
        };
        let configuration = format!(
            "base_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\nprotocols = imap\nlisten = 127.0.0.1\n\
             ssl = yes\nssl_cert = <{certificate}\nssl_key = <{key}\n\
             disable_plaintext_auth = no\nauth_failure_delay = 0\nmail_max_userip_connections = 50\n\
             mail_location = maildir:{at}/mail\nmail_home = {at}/home\nmaildir_very_dirty_syncs = no\n\
             service imap-login {{\n  inet_listener imap {{\n    port = {port}\n  }}\n  \
             inet_listener imaps {{\n    port = {tls_port}\n    ssl = yes\n  }}\n}}\n\
             {users}{more}\n{passwords}",
            at = at.display(),
            certificate = certificate.display(),
            key = key.display(),
            passwords = if more.contains("passdb") {
                ""
            } else {
                "passdb {\n  driver = static\n  args = password=geheimnis\n}\n"
            },
        );
        fs::write(at.join("conf"), configuration).unwrap();
        for part in ["home", "mail", "mail/new", "mail/cur", "mail/tmp"] {
            fs::create_dir(at.join(part)).unwrap();
        }
        let root = fs::read_to_string(&certificate).unwrap();
        let mut this = Self { folder, port, tls_port, root, process: None, owner };
        for part in ["home", "mail", "mail/new", "mail/cur", "mail/tmp"] {
            this.own(&this.at(part));
        }
        this.resume();
        this
    }

    /// Kills it, with all connections.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it again after that.
    pub fn resume(&mut self) {
        // What a killed server leaves behind names processes that are gone. It would wait for them for minutes.
        let _ = fs::remove_dir_all(self.at("run"));
        let _ = fs::remove_file(self.at("mail/dovecot-uidlist.lock"));
        self.process = Some(Group::start(Command::new("dovecot").arg("-F").arg("-c").arg(self.at("conf"))));
        wait_for_port(self.port, &self.at("log"));
    }

    /// The account on it, in plain.
    pub fn account(&self, then: &str) -> Value {
        json!({
            "host": "127.0.0.1", "port": self.port, "security": "none", "username": "desk", "secret": "geheimnis",
            "then": then,
        })
    }

    /// A mail comes, as if another server had brought it.
    pub fn deliver(&self, name: &str, mail: &str) {
        let (draft, file) = (self.at("mail/tmp").join(name), self.at("mail/new").join(name));
        fs::write(&draft, mail).unwrap();
        self.own(&draft);
        fs::rename(draft, file).unwrap();
    }

    /// The same, and somebody has read it before the desk sees it.
    pub fn deliver_read(&self, name: &str, mail: &str) {
        let (draft, file) = (self.at("mail/tmp").join(name), self.at("mail/cur").join(format!("{name}:2,S")));
        fs::write(&draft, mail).unwrap();
        self.own(&draft);
        fs::rename(draft, file).unwrap();
    }

    /// The mails of a folder with their flags, such as `("a", "S")`, by name.
    pub fn mails(&self, folder: &str) -> Vec<(String, String)> {
        let at = if folder == "INBOX" { self.at("mail") } else { self.at("mail").join(format!(".{folder}")) };
        let mut mails = Vec::new();
        for part in ["new", "cur"] {
            for file in fs::read_dir(at.join(part)).into_iter().flatten() {
                let file = file.unwrap().file_name().into_string().unwrap();
                let (name, flags) = file.split_once(":2,").unwrap_or((&file, ""));
                // The server writes sizes behind names.
                mails.push((name.split(',').next().unwrap().to_owned(), flags.to_owned()));
            }
        }
        mails.sort();
        mails
    }

    fn at(&self, part: &str) -> PathBuf {
        self.folder.path().join(part)
    }

    fn own(&self, path: &Path) {
        if let Some((user, group)) = self.owner {
            chown(path, Some(user), Some(group)).unwrap();
        }
    }
}
