//! Mail that a real mail server brings: Postfix, by LMTP and by a pipe.

use crate::desk::{House, LARGEST, until};
use crate::lmtp_client::{Door, options};
use crate::process::{Group, free_port, is_root, open_folder, run, wait_for_port};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use tempfile::TempDir;
use ticketing_core::port::{Mail, Mailbox, Mailer};
use ticketing_core::time::from_micros;
use ticketing_deliver::lmtp::{LmtpListener, serve};
use ticketing_deliver::smtp::{SmtpMailer, SmtpOptions, SmtpTls};

struct Postfix {
    folder: TempDir,
    port: u16,
    _process: Group,
}

impl Postfix {
    /// A server that brings mail for desk.example to this transport, and mail for pipe.example to a program. It can't run
    /// under a user without rights; there is none then.
    fn start(transport: &str) -> Option<Self> {
        if !is_root() {
            eprintln!("left out: Postfix is started by root only");
            return None;
        }
        let folder = open_folder();
        let at = folder.path();
        for part in ["conf", "queue", "data", "taken"] {
            fs::create_dir(at.join(part)).unwrap();
        }
        let number = |user: &str| run(Command::new("id").args(["-u", user])).parse().unwrap();
        chown(at.join("data"), Some(number("postfix")), None).unwrap();
        chown(at.join("taken"), Some(number("nobody")), None).unwrap();
        let at = at.display();
        let main = format!(
            "compatibility_level = 3.6\nqueue_directory = {at}/queue\ndata_directory = {at}/data\n\
             inet_interfaces = 127.0.0.1\ninet_protocols = ipv4\nmyhostname = mx.example\nmydestination =\n\
             mynetworks = 127.0.0.0/8\nmaillog_file = /dev/stdout\nalias_maps =\n\
             virtual_mailbox_domains = desk.example\nvirtual_transport = {transport}\n\
             relay_domains = pipe.example\ntransport_maps = inline:{{ pipe.example=desk: }}\n\
             smtpd_recipient_restrictions = reject_unauth_destination\ndefault_transport = discard:\n\
             queue_run_delay = 1s\nminimal_backoff_time = 1s\nmaximal_backoff_time = 1s\n"
        );
        let port = free_port();
        let master = format!(
            "127.0.0.1:{port} inet n - n - - smtpd\npickup unix n - n 60 1 pickup\ncleanup unix n - n - 0 cleanup\n\
             qmgr unix n - n 1 1 qmgr\nrewrite unix - - n - - trivial-rewrite\nbounce unix - - n - 0 bounce\n\
             defer unix - - n - 0 bounce\ntrace unix - - n - 0 bounce\nproxymap unix - - n - - proxymap\n\
             error unix - - n - - error\nretry unix - - n - - error\ndiscard unix - - n - - discard\n\
             lmtp unix - - n - - lmtp\nanvil unix - - n - 1 anvil\nscache unix - - n - 1 scache\n\
             postlog unix-dgram n - n - 1 postlogd\n\
             desk unix - n n - - pipe\n  flags=RO user=nobody argv={at}/deliver\n"
        );
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("conf/main.cf", &main);
        write("conf/master.cf", &master);
        // In place of the program: it keeps what it is given, unless it is told to have that brought again.
        write("deliver", &format!("#!/bin/sh\n[ -e {at}/taken/later ] && exit 75\nexec cat >{at}/taken/mail\n"));
        fs::set_permissions(folder.path().join("deliver"), fs::Permissions::from_mode(0o755)).unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let mut command = Command::new("postfix");
        command.arg("-c").arg(folder.path().join("conf")).arg("start-fg").stdout(log.try_clone().unwrap()).stderr(log);
        let process = Group::start(&mut command);
        wait_for_port(port, &folder.path().join("log"));
        Some(Self { folder, port, _process: process })
    }

    fn mailer(&self) -> SmtpMailer {
        SmtpMailer::new(&SmtpOptions { port: self.port, tls: SmtpTls::None, ..SmtpOptions::new("127.0.0.1") }).unwrap()
    }

    fn at(&self, part: &str) -> PathBuf {
        self.folder.path().join(part)
    }

    /// Waits until it has written this, so often.
    async fn has_logged(&self, words: &[&str], times: usize) {
        let read = || fs::read_to_string(self.at("log")).unwrap();
        let count = || read().lines().filter(|line| words.iter().all(|word| line.contains(word))).count();
        until("it is logged", async || count() >= times).await;
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // Its processes are in a group of their own, led by the one whose number it keeps here.
        if let Ok(leader) = fs::read_to_string(self.at("queue/pid/master.pid")) {
            let group = format!("-{}", leader.trim());
            let _ = Command::new("kill").args(["-9", "--", &group]).stderr(Stdio::null()).status();
        }
    }
}

fn mail(id: &str, to: &str) -> Mail {
    let person = |address: &str| Mailbox { name: None, address: address.into() };
    Mail {
        message_id: format!("{id}@home.example"),
        date: from_micros(1_772_442_367_123_456).unwrap(),
        from: person("ann@home.example"),
        to: person(to),
        reply_to: None,
        references: Vec::new(),
        subject: format!("Grüße {id}"),
        html: String::new(),
        text: "Hello\n.\n..dots\n".into(),
        is_automatic: false,
        unsubscribe: None,
        desk: "home.example".into(),
    }
}

#[tokio::test]
async fn mail_comes_from_a_real_server_through_a_file() {
    let house = House::new();
    let support = house.mailbox("support@desk.example").await;
    let socket = open_folder();
    let path = socket.path().join("lmtp");
    let Some(server) = Postfix::start(&format!("lmtp:unix:{}", path.display())) else { return };
    let listener = LmtpListener::unix(&path).await.unwrap();
    // As if the desk ran in the server's group.
    let group = run(Command::new("id").args(["-g", "postfix"])).parse().unwrap();
    chown(&path, None, Some(group)).unwrap();
    let serving = tokio::spawn(serve(listener, house.desk.clone(), options(), std::future::pending()));
    let mailer = server.mailer();
    for n in 0..20 {
        let to = if n % 2 == 0 { "support@desk.example" } else { "Support+tag@desk.example" };
        mailer.send(&mail(&n.to_string(), to)).await.unwrap();
    }
    let arrivals = house.once_there_are(20).await;
    server.has_logged(&["postfix/lmtp", "status=sent (250 2.0.0 The desk has it)"], 20).await;
    for arrival in &arrivals {
        assert_eq!(arrival.mailbox_id, Some(support));
        assert_eq!(arrival.detail.envelope.from.as_deref(), Some("ann@home.example"));
        let raw = house.raw(arrival);
        assert!(raw.contains("\r\nSubject: =?utf-8?") && raw.contains("by mx.example (Postfix) with ESMTP"), "{raw}");
        assert_eq!(arrival.size, i64::try_from(raw.len()).unwrap());
    }
    assert_eq!(
        arrivals.iter().filter(|arrival| arrival.detail.envelope.to == ["Support+tag@desk.example"]).count(),
        10
    );
    serving.abort();
}

#[tokio::test]
async fn a_real_server_understands_each_refusal() {
    let house = House::new();
    house.mailbox("support@desk.example").await;
    let door = Door::open(&house).await;
    let Some(server) = Postfix::start(&format!("lmtp:inet:127.0.0.1:{}", door.port)) else { return };
    let mailer = server.mailer();
    mailer.send(&mail("a", "sales@desk.example")).await.unwrap();
    server.has_logged(&["status=bounced", "said: 550 5.1.1 The desk has no such mailbox"], 1).await;

    let large = Mail { text: "A line of some words.\n".repeat(LARGEST / 20), ..mail("b", "support@desk.example") };
    mailer.send(&large).await.unwrap();
    server.has_logged(&["status=bounced", "size"], 1).await;
    assert!(house.arrivals().await.is_empty());

    house.blobs.is_away.store(true, Ordering::SeqCst);
    mailer.send(&mail("c", "support@desk.example")).await.unwrap();
    server.has_logged(&["status=deferred", "said: 451 4.3.0"], 2).await;
    house.blobs.is_away.store(false, Ordering::SeqCst);
    server.has_logged(&["status=sent (250 2.0.0"], 1).await;
    assert_eq!(house.arrivals().await.len(), 1);
}

#[tokio::test]
async fn a_program_gets_mail_from_a_real_server_until_it_says_that_it_has_it() {
    let Some(server) = Postfix::start("discard:") else { return };
    fs::write(server.at("taken/later"), "").unwrap();
    server.mailer().send(&mail("a", "support@pipe.example")).await.unwrap();
    server.has_logged(&["relay=desk", "status=deferred"], 2).await;
    fs::remove_file(server.at("taken/later")).unwrap();
    server.has_logged(&["relay=desk", "status=sent"], 1).await;
    let taken = fs::read_to_string(server.at("taken/mail")).unwrap();
    assert!(taken.starts_with("Return-Path: <ann@home.example>\nX-Original-To: support@pipe.example\n"), "{taken}");
}
