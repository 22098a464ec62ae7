//! A mailbox of somebody else's: Dovecot with maildirs, on a port of this machine, gone afterwards.

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, getuid, kill_process_group};
use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::net::TcpStream;

/// The user's password. A blank would end it in Dovecot's configuration.
const SECRET: &str = "a-word-for-the-door";

/// How long it may take to start.
const START_LIMIT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// The parts of a maildir.
const PARTS: [&str; 3] = ["tmp", "new", "cur"];

/// A running server. Dropping it kills it.
pub struct Dovecot {
    port: u16,
    server: Child,
    /// Whom mail belongs to, where this is run by root.
    owner: Option<(u32, u32)>,
    folder: TempDir,
}

impl Dovecot {
    /// Starts one with an inbox and these folders.
    pub async fn start(folders: &[&str]) -> Result<Self> {
        let folder = TempDir::new()?;
        // Its processes run under several users.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let is_root = getuid().is_root();
        let owner =
            if is_root { Some((id(&["-u", "nobody"])?.parse()?, id(&["-g", "nobody"])?.parse()?)) } else { None };
        let users = match owner {
            Some((user, group)) => format!("mail_uid = {user}\nmail_gid = {group}\n"),
            None => own_users(&id(&["-un"])?, &id(&["-gn"])?),
        };
        let configuration = folder.path().join("conf");
        fs::write(&configuration, configured(folder.path(), port, &users))?;
        for name in ["mail".to_owned()].into_iter().chain(folders.iter().map(|name| format!("mail/.{name}"))) {
            let at = folder.path().join(&name);
            for part in [at.clone()].into_iter().chain(PARTS.map(|part| at.join(part))) {
                fs::create_dir(&part)?;
                own(&part, owner)?;
            }
        }
        let home = folder.path().join("home");
        fs::create_dir(&home)?;
        own(&home, owner)?;
        let server = Command::new("dovecot")
            .args(["-F", "-c"])
            .arg(&configuration)
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .context("dovecot (of the package dovecot-imapd)")?;
        let started = Self { port, server, owner, folder };
        started.wait().await?;
        Ok(started)
    }

    async fn wait(&self) -> Result<()> {
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            if begun.elapsed() > START_LIMIT {
                bail!("dovecot does not start: {}", fs::read_to_string(self.folder.path().join("log"))?);
            }
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// How a desk gets at a folder of it, to mark what it has or to move it to another folder.
    pub fn account(&self, folder: &str, moved_to: Option<&str>) -> serde_json::Value {
        serde_json::json!({
            "host": "127.0.0.1", "port": self.port, "security": "none", "username": "desk", "secret": SECRET,
            "folder": folder, "then": if moved_to.is_some() { "move" } else { "flag" }, "then_folder": moved_to,
        })
    }

    /// Puts a mail into a folder, as a server that has got it does.
    pub fn deliver(&self, folder: &str, name: &str, mail: &[u8]) -> Result<()> {
        let at = self.maildir(folder);
        let draft = at.join("tmp").join(name);
        fs::write(&draft, mail)?;
        own(&draft, self.owner)?;
        Ok(fs::rename(draft, at.join("new").join(name))?)
    }

    /// The flags of every mail in a folder.
    pub fn flags(&self, folder: &str) -> Result<Vec<String>> {
        let at = self.maildir(folder);
        let mut all = Vec::new();
        for part in ["new", "cur"] {
            let Ok(files) = fs::read_dir(at.join(part)) else { continue };
            for file in files {
                let name = file?.file_name();
                let name = name.to_string_lossy();
                all.push(name.split_once(":2,").map_or("", |(_, flags)| flags).to_owned());
            }
        }
        Ok(all)
    }

    fn maildir(&self, folder: &str) -> PathBuf {
        let mail = self.folder.path().join("mail");
        if folder == "INBOX" { mail } else { mail.join(format!(".{folder}")) }
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.server.id()).ok().and_then(Pid::from_raw) {
            // It may have ended by itself.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.server.wait();
    }
}

fn configured(at: &Path, port: u16, users: &str) -> String {
    format!(
        "base_dir = {at}/run\nstate_dir = {at}/state\nlog_path = {at}/log\nprotocols = imap\nlisten = 127.0.0.1\n\
         ssl = no\ndisable_plaintext_auth = no\nmail_max_userip_connections = 100\n\
         mail_location = maildir:{at}/mail\nmail_home = {at}/home\nmaildir_very_dirty_syncs = no\n\
         service imap-login {{\n  inet_listener imap {{\n    port = {port}\n  }}\n  \
         inet_listener imaps {{\n    port = 0\n  }}\n}}\n{users}\
         passdb {{\n  driver = static\n  args = password={SECRET}\n}}\n",
        at = at.display(),
    )
}

/// All of it under one user, who can't change to another.
fn own_users(user: &str, group: &str) -> String {
    format!(
        "default_internal_user = {user}\ndefault_login_user = {user}\ndefault_internal_group = {group}\n\
         mail_uid = {user}\nmail_gid = {group}\nfirst_valid_uid = 1\n\
         service anvil {{\n  chroot =\n}}\nservice imap-login {{\n  chroot =\n}}\n"
    )
}

fn own(path: &Path, owner: Option<(u32, u32)>) -> Result<()> {
    if let Some((user, group)) = owner {
        chown(path, Some(user), Some(group))?;
    }
    Ok(())
}

fn id(arguments: &[&str]) -> Result<String> {
    let output = Command::new("id").args(arguments).output()?;
    if !output.status.success() {
        bail!("id {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
