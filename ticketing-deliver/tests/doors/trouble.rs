//! Servers that do what no server should.

use crate::desk::{House, LARGEST, PATIENCE, mail, until};
use crate::fetch::{Fetching, options};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use ticketing_deliver::imap::ImapOptions;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a server says.
enum Say {
    /// This, with the command's tag where `TAG` stands.
    Text(String),
    /// This, and then more and more of the same.
    Flood(String),
    /// Nothing.
    Silence,
}

fn text(text: &str) -> Say {
    Say::Text(text.to_owned())
}

/// A server that plays a role; it ends with this.
struct Fake {
    port: u16,
    /// All that it was told, without tags.
    heard: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Fake {
    /// To each command it says what the role says, or what a server with two mails says. An empty command is a new
    /// connection, of which this is told the number.
    async fn start(role: impl Fn(usize, &str) -> Option<Say> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (told, role) = (Arc::clone(&heard), Arc::new(role));
        let task = tokio::spawn(async move {
            for connection in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let (told, role) = (Arc::clone(&told), Arc::clone(&role));
                // A connection that breaks is the other side's affair.
                tokio::spawn(async move { drop(talk(stream, connection, &*role, &told).await) });
            }
        });
        Self { port, heard, task }
    }

    fn account(&self) -> Value {
        json!({ "host": "127.0.0.1", "port": self.port, "security": "none", "username": "desk", "secret": "geheimnis" })
    }

    /// How often a command was heard that begins so.
    fn count(&self, beginning: &str) -> usize {
        self.heard.lock().unwrap().iter().filter(|command| command.starts_with(beginning)).count()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn talk(
    stream: TcpStream,
    connection: usize,
    role: &(dyn Fn(usize, &str) -> Option<Say> + Send + Sync),
    heard: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    loop {
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or_default();
        match role(connection, command).unwrap_or_else(|| Say::Text(usual(command))) {
            Say::Text(text) => stream.get_mut().write_all(text.replace("TAG", tag).as_bytes()).await?,
            Say::Flood(text) => {
                let more = text.repeat(100);
                loop {
                    stream.get_mut().write_all(more.as_bytes()).await?;
                }
            }
            Say::Silence => {}
        }
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        heard.lock().unwrap().push(line.trim_end().split_once(' ').unwrap_or_default().1.to_owned());
    }
}

fn usual(command: &str) -> String {
    let told = match command.split(' ').next().unwrap() {
        "" => return "* OK ready\r\n".to_owned(),
        "IDLE" => return "TAG BAD not here\r\n".to_owned(),
        "SELECT" => "* 2 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n".to_owned(),
        "UID" if command.starts_with("UID SEARCH") => "* SEARCH 1 2\r\n".to_owned(),
        "UID" if command.contains("RFC822.SIZE") => {
            "* 1 FETCH (UID 1 RFC822.SIZE 200)\r\n* 2 FETCH (UID 2 RFC822.SIZE 200)\r\n".to_owned()
        }
        "UID" if command.starts_with("UID FETCH ") => {
            let uid = command.split(' ').nth(2).unwrap();
            let mail = mail(uid);
            format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n{mail})\r\n", mail.len())
        }
        _ => String::new(),
    };
    format!("{told}TAG OK done\r\n")
}

fn polling() -> ImapOptions {
    ImapOptions { poll_every: Duration::from_millis(20), ..options() }
}

#[tokio::test]
async fn a_server_that_never_stops_talking_is_left() {
    for command in ["", "LOGIN", "CAPABILITY", "SELECT", "UID SEARCH", "UID FETCH 1,2", "UID FETCH 1 (", "UID STORE"] {
        for flood in ["x", "* 1 EXISTS\r\n", "* OK [ALERT] x\r\n", "* 1 FETCH (UID 9 BODY[] {300000000}\r\n"] {
            let at = command.to_owned();
            let server = Fake::start(move |_, heard| {
                let is_it = if at.is_empty() { heard.is_empty() } else { heard.starts_with(&at) };
                is_it.then(|| Say::Flood(flood.to_owned()))
            });
            let (house, server) = (House::new(), server.await);
            house.fetched(&server.account()).await;
            let fetching = Fetching::start(&house, options());
            let error = fetching.error().await;
            assert!(error.chars().count() <= 301, "{command}, {flood}: {error}");
        }
    }
}

#[tokio::test]
async fn a_server_that_tells_without_end_is_left() {
    for flood in ["* OK still here\r\n", "* 1 EXISTS\r\n"] {
        let server = Fake::start(move |_, command| match command {
            "CAPABILITY" => Some(text("* CAPABILITY IMAP4rev1 IDLE\r\nTAG OK done\r\n")),
            "IDLE" => Some(Say::Flood(format!("+ go on\r\n{flood}"))),
            _ => None,
        });
        let (house, server) = (House::new(), server.await);
        house.fetched(&server.account()).await;
        let fetching = Fetching::start(&house, options());
        assert_eq!(fetching.error().await, "an answer of the server is too long", "{flood}");
        assert_eq!(house.arrivals().await.len(), 2);
    }
}

#[tokio::test]
async fn a_mail_of_another_size_than_said_stands_in_nobody_s_way() {
    let server = Fake::start(|_, command| {
        let huge = format!("* 1 FETCH (UID 1 BODY[] {{{}}}\r\n{}", LARGEST * 10, "x".repeat(LARGEST * 10));
        command.starts_with("UID FETCH 1 (UID BODY").then(|| text(&format!("{huge})\r\nTAG OK done\r\n")))
    });
    let (house, server) = (House::new(), server.await);
    house.fetched(&server.account()).await;
    let fetching = Fetching::start(&house, polling());
    assert_eq!(house.raw(&house.once_there_are(1).await[0]), mail("2"));
    assert_eq!(fetching.error().await, "an answer of the server is too long");
    until("the large one is tried again", async || server.count("UID FETCH 1 (UID BODY") > 3).await;
    assert_eq!((server.count("UID FETCH 2 (UID BODY"), house.arrivals().await.len()), (1, 1));
}

#[tokio::test]
async fn a_server_that_forgets_what_is_done_is_not_asked_forever() {
    let (house, server) = (House::new(), Fake::start(|_, _| None).await);
    house.fetched(&server.account()).await;
    let fetching = Fetching::start(&house, polling());
    until("it is looked into again and again", async || server.count("NOOP") > 10).await;
    assert_eq!((server.count("UID FETCH 1 (UID BODY"), server.count("UID STORE")), (1, 2));
    let status = fetching.status().unwrap();
    assert_eq!((status.fetched, status.last_error), (2, None));
}

#[tokio::test]
async fn what_can_t_be_marked_is_fetched_once_and_marked_as_soon_as_it_can_be() {
    let is_locked = Arc::new(AtomicBool::new(true));
    let locked = Arc::clone(&is_locked);
    let server = Fake::start(move |_, command| {
        let is_refused = command.starts_with("UID STORE") && locked.load(Ordering::SeqCst);
        is_refused.then(|| text("TAG NO [READ-ONLY] locked\r\n"))
    });
    let (house, server) = (House::new(), server.await);
    house.fetched(&server.account()).await;
    let fetching = Fetching::start(&house, ImapOptions { poll_every: PATIENCE * 100, ..options() });
    house.once_there_are(2).await;
    until("it is tried again", async || server.count("UID STORE 2 ") > 3).await;
    let status = fetching.status().unwrap();
    assert_eq!((status.last_error.as_deref(), status.fetched), (Some("STORE refused: locked"), 2));
    assert!(status.connected_since.is_some());
    is_locked.store(false, Ordering::SeqCst);
    fetching.once("all is well", |status| status.last_error.is_none()).await;
    let fetched = [1, 2].map(|uid| server.count(&format!("UID FETCH {uid} (UID BODY")));
    assert_eq!((fetched, server.count("LOGIN")), ([1, 1], 1));
    assert_eq!(house.arrivals().await.len(), 2);
}

#[tokio::test]
async fn a_copy_is_made_once_however_often_the_rest_is_refused() {
    let server = Fake::start(|_, command| {
        let is_refused = command.starts_with("UID STORE 1 ");
        is_refused.then(|| text("TAG NO locked\r\n"))
    });
    let (house, server) = (House::new(), server.await);
    let mut account = server.account();
    account
        .as_object_mut()
        .unwrap()
        .extend([("then".to_owned(), json!("move")), ("then_folder".to_owned(), json!("Done"))]);
    house.fetched(&account).await;
    let _fetching = Fetching::start(&house, polling());
    until("it is tried again", async || server.count("UID STORE 1 ") > 3).await;
    assert_eq!((server.count("UID COPY 1 "), server.count("UID COPY 2 "), server.count("UID STORE 2 ")), (1, 1, 1));
}

#[tokio::test]
async fn mails_that_go_by_themselves_are_not_put_away_any_more() {
    let is_gone = Arc::new(AtomicBool::new(false));
    let gone = Arc::clone(&is_gone);
    let server = Fake::start(move |_, command| match command {
        _ if command.starts_with("UID STORE") => Some(text("TAG NO locked\r\n")),
        _ if command.contains("RFC822.SIZE") && gone.load(Ordering::SeqCst) => Some(text("TAG OK done\r\n")),
        _ => None,
    });
    let (house, server) = (House::new(), server.await);
    house.fetched(&server.account()).await;
    let fetching = Fetching::start(&house, polling());
    assert_eq!(fetching.error().await, "STORE refused: locked");
    is_gone.store(true, Ordering::SeqCst);
    fetching.once("nothing is wrong any more", |status| status.last_error.is_none()).await;
}

#[tokio::test]
async fn mails_are_marked_by_a_keyword_where_the_server_keeps_them() {
    for (flags, is_kept) in [
        ("", false),
        (r"* OK [PERMANENTFLAGS (\Seen \Deleted $Forwarded)] limited", false),
        (r"* OK [PERMANENTFLAGS ()] read only", false),
        (r"* OK [PERMANENTFLAGS (\Seen \*)] all", true),
        (r"* OK [PERMANENTFLAGS ($ticketingdone \Seen)] that one", true),
    ] {
        let server = Fake::start(move |_, command| {
            let lines = if flags.is_empty() { String::new() } else { format!("{flags}\r\n") };
            let selected = format!("* 2 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n{lines}TAG OK done\r\n");
            command.starts_with("SELECT").then_some(Say::Text(selected))
        });
        let (house, server) = (House::new(), server.await);
        house.fetched(&server.account()).await;
        let fetching = Fetching::start(&house, polling());
        fetching.once("both are fetched", |status| status.fetched == 2).await;
        let (search, store) = if is_kept {
            ("UNKEYWORD $TicketingDone UNDELETED", r"($TicketingDone \Seen)")
        } else {
            ("UNSEEN UNDELETED", r"(\Seen)")
        };
        let heard = server.heard.lock().unwrap().join("\n");
        assert!(heard.contains(&format!("UID SEARCH 1:* {search}")), "{flags}: {heard}");
        assert!(heard.contains(&format!("UID STORE 1 +FLAGS.SILENT {store}")), "{flags}: {heard}");
    }
}

#[tokio::test]
async fn a_numbering_that_begins_anew_hides_no_mail() {
    let server = Fake::start(|connection, command| match command {
        // The first connection ends, and by the second the mailbox is another one.
        "NOOP" if connection == 0 => Some(text("* BYE restarted\r\n")),
        _ if command.starts_with("SELECT") && connection > 0 => {
            Some(text("* 2 EXISTS\r\n* OK [UIDVALIDITY 8] valid\r\nTAG OK done\r\n"))
        }
        _ if command.starts_with("UID FETCH 1 (UID BODY") && connection > 0 => {
            let other = mail("other");
            Some(text(&format!("* 1 FETCH (UID 1 BODY[] {{{}}}\r\n{other})\r\nTAG OK done\r\n", other.len())))
        }
        _ => None,
    });
    let (house, server) = (House::new(), server.await);
    house.fetched(&server.account()).await;
    let fetching = Fetching::start(&house, polling());
    let arrivals = house.once_there_are(3).await;
    assert_eq!(house.raw(&arrivals[2]), mail("other"));
    fetching.once("all are fetched", |status| status.fetched == 4 && status.last_error.is_none()).await;
    assert_eq!(house.arrivals().await.len(), 3);
}

#[tokio::test]
async fn a_password_is_said_to_nobody_who_does_not_come_as_expected() {
    for (greeting, starttls, security, expected) in [
        ("* BYE too busy\r\n", "", "none", "the server greets with"),
        ("* PREAUTH welcome\r\n", "", "none", "the server greets with"),
        ("* PREAUTH welcome\r\n", "", "starttls", "the server greets with"),
        ("SSH-2.0-OpenSSH_9.2\r\n", "", "none", "the connection ended"),
        ("* OK ready\r\n", "TAG NO not now\r\n", "starttls", "STARTTLS refused"),
        ("* OK ready\r\n", "TAG BAD unknown\r\n", "starttls", "STARTTLS refused"),
        ("* OK ready\r\n", "TAG OK go on\r\n* CAPABILITY IMAP4rev1\r\n", "starttls", "no connection"),
    ] {
        let server = Fake::start(move |_, command| match command {
            "" => Some(text(greeting)),
            "STARTTLS" => Some(text(starttls)),
            _ => Some(text("plain text instead of TLS\r\n")),
        });
        let (house, server) = (House::new(), server.await);
        let mut account = server.account();
        account["security"] = json!(security);
        house.fetched(&account).await;
        let fetching = Fetching::start(&house, options());
        let error = fetching.error().await;
        assert!(error.starts_with(expected), "{greeting:?}, {starttls:?}: {error}");
        let heard = server.heard.lock().unwrap().join("\n");
        assert!(!heard.contains("geheimnis"), "{heard}");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left() {
    for command in ["", "LOGIN", "SELECT", "UID FETCH 1 ("] {
        let at = command.to_owned();
        let server = Fake::start(move |_, heard| {
            let is_it = if at.is_empty() { heard.is_empty() } else { heard.starts_with(&at) };
            is_it.then_some(Say::Silence)
        });
        let (house, server) = (House::new(), server.await);
        house.fetched(&server.account()).await;
        let short = Duration::from_millis(200);
        let fetching =
            Fetching::start(&house, ImapOptions { connect_timeout: short, command_timeout: short, ..options() });
        let error = fetching.error().await;
        assert!(error.starts_with("no answer within"), "{command}: {error}");
    }
}
