//! Mail comes in by the doors of the real program: signed by HTTP, through a pipe, by LMTP. Each becomes a ticket, once.

#![allow(clippy::expect_used, reason = "a test may panic")]

mod server;

use serde_json::json;
use server::client::{Client, items, text};
use server::mail::{SECRET, bring, letter, letter_with_file, read};
use server::{ADMIN, Place, Server};
use std::process::Stdio;
use std::time::{Duration, Instant, SystemTime};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

#[tokio::test(flavor = "multi_thread")]
async fn mail_becomes_tickets_on_sqlite() {
    mail_becomes_tickets(Place::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_becomes_tickets_on_postgres() {
    mail_becomes_tickets(Place::postgres()).await;
}

async fn mail_becomes_tickets(place: Place) {
    let place = place.with("INBOUND_EMAIL_SECRET", SECRET).with("LMTP_LISTEN", "127.0.0.1:0");
    let place = place.with("MAX_MAIL_SIZE", "64KiB");
    let server = place.serve().await;
    let admin = server.sign_in(ADMIN).await;

    // By HTTP, with a file.
    let mail = letter_with_file("by-http", "zoe@zeta.example", "The lift is stuck", "Since this morning.", "a;b");
    let answer = bring(&server.stranger(), &mail).await;
    let taken = answer.expect(201);
    // The place is told as people reach it.
    assert_eq!(answer.header("location"), format!("/support/api/inbound/{}", text(&taken["id"])));
    let done = read(&admin, &text(&taken["id"])).await;
    assert_eq!((&done["state"], &done["door"]), (&json!("new"), &json!("http")), "{done}");
    let ticket = admin.get(&format!("/api/tickets/{}", text(&done["ticket_id"]))).await.expect(200);
    assert_eq!((&ticket["subject"], &ticket["channel"]), (&json!("The lift is stuck"), &json!("email")));
    assert_eq!(ticket["description"], "Since this morning.");
    let files = admin.get(&format!("/api/tickets/{}/attachments", text(&ticket["id"]))).await.expect(200);
    let file = &items(&files["items"])[0];
    assert_eq!((&file["filename"], &file["size"]), (&json!("list.csv"), &json!(3)), "{file}");
    let given = admin.get(&format!("/api/attachments/{}", text(&file["id"]))).await;
    assert_eq!((given.status, given.text.as_str()), (200, "a;b"));
    bring(&server.stranger(), &mail).await.expect(200);

    // Through a pipe, beside the running server.
    let mail = letter("by-pipe", "zoe@zeta.example", "The door creaks", "It does.");
    let arguments = ["--from", "zoe@zeta.example", "--to", "help@desk.example"];
    let (code, said) = deliver(&place, &arguments, &[], &mail).await;
    assert_eq!((code, said.as_str()), (Some(0), ""), "a mail server takes what is said for an error");
    let (code, said) = deliver(&place, &["--json"], &[], &mail).await;
    let known: serde_json::Value = serde_json::from_str(&said).expect(&said);
    assert_eq!((code, &known["is_known"]), (Some(0), &json!(true)));
    let done = read(&admin, &text(&known["id"])).await;
    assert_eq!((&done["state"], &done["door"]), (&json!("new"), &json!("pipe")), "{done}");
    assert_eq!(done["envelope"], json!({"from": "zoe@zeta.example", "to": ["help@desk.example"]}));

    // By LMTP.
    let answers = by_lmtp(&server, &letter("by-lmtp", "zoe@zeta.example", "The lamp blinks", "At night.")).await;
    assert!(answers.iter().any(|line| line.starts_with("250 2.0.0")), "{answers:?}");
    let listed = admin.all("/api/inbound").await;
    let last = listed.iter().find(|mail| mail["door"] == "lmtp").expect("a mail by LMTP");
    assert_eq!(read(&admin, &text(&last["id"])).await["state"], "new");

    let subjects: Vec<_> = admin.all("/api/tickets").await.iter().map(|ticket| text(&ticket["subject"])).collect();
    let mut sorted = subjects.clone();
    sorted.sort();
    assert_eq!(sorted, ["The door creaks", "The lamp blinks", "The lift is stuck"]);
    let metrics = admin.get("/metrics").await.text;
    assert!(metrics.contains("ticketing_inbound_mails_total{state=\"new\",cause=\"none\"} 3"), "{metrics}");
    assert!(metrics.contains("ticketing_inbound_waiting{state=\"waiting\",cause=\"none\"} 0"), "{metrics}");

    codes_are_those_of_mail_servers(&place, &admin).await;
    assert_eq!(admin.all("/api/inbound").await.len(), 3, "what was refused is not kept");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_written_to_its_end_goes_when_a_server_starts() {
    let place = Place::sqlite();
    place.serve().await.stop().await;
    let folder = place.folder().join("files/aa/bb");
    std::fs::create_dir_all(&folder).expect("a folder");
    let begun = folder.join(format!("{}#1", "ab".repeat(32)));
    let file = std::fs::File::create(&begun).expect("a file");
    file.set_modified(SystemTime::now() - Duration::from_hours(25)).expect("an older file");
    // Programs that end at once have no time to look.
    let (code, said) = deliver(&place, &[], &[], &letter("1", "zoe@zeta.example", "Hello", "There.")).await;
    assert_eq!(code, Some(0), "{said}");
    place.run(&["doctor"]).await;
    assert!(begun.exists());
    let server = place.serve().await;
    let start = Instant::now();
    while begun.exists() {
        assert!(start.elapsed() < Duration::from_mins(1), "it is still there: {}", server.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    server.stop().await;
}

/// The code, a part of what is said, the arguments, the environment, the mail.
type Case<'a> = (i32, &'a str, &'a [&'a str], &'a [(&'a str, &'a str)], &'a str);

/// What a mail server hears where a mail can't be taken, and what it does then.
async fn codes_are_those_of_mail_servers(place: &Place, admin: &Client) {
    let mail = letter("never", "zoe@zeta.example", "Never", "Not this one.");
    let mailbox = json!({"name": "Help", "address": "help@desk.example"});
    admin.post("/api/mailboxes", mailbox).await.expect(201);
    let large = format!("{mail}{}", "x".repeat(64 * 1024));
    let nowhere = place.folder().join("nowhere");
    let nowhere = nowhere.to_str().expect("UTF-8");
    let no_folder = place.folder().join("no-folder");
    std::fs::write(&no_folder, "").expect("a file");
    let no_folder = no_folder.to_str().expect("UTF-8");
    let cases: [Case<'_>; 9] = [
        (64, "--bogus", &["--bogus"], &[], &mail),
        (64, "MAX_MAIL_SIZE: ", &["--max-mail-size", "much"], &[], &mail),
        (65, "message: May not be empty.", &[], &[], ""),
        (65, "message: May have at most 65536 bytes", &[], &[], &large),
        (67, "the desk has no mailbox sales@desk.example", &["--to", "sales@desk.example"], &[], &mail),
        (75, "UPLOAD_PATH: ", &[], &[("UPLOAD_PATH", no_folder)], &mail),
        (75, "there is no desk at ", &[], &[("DATA_DIR", nowhere), ("DATABASE_URL", "")], &mail),
        (75, "DATABASE_URL: ", &[], &[("DATABASE_URL", "postgres://u:p@127.0.0.1:1/d")], &mail),
        (78, "MAX_MAIL_SIZE: ", &[], &[("MAX_MAIL_SIZE", "much")], &mail),
    ];
    for (code, why, arguments, environment, mail) in cases {
        let (found, said) = deliver(place, arguments, environment, mail).await;
        assert_eq!(found, Some(code), "{arguments:?} {environment:?}: {said}");
        assert!(said.contains(why), "{arguments:?} {environment:?}: {said}");
    }
    assert!(!std::path::Path::new(nowhere).exists(), "no desk is made where there is none");
}

/// Hands a mail over by `ticketing mail deliver`; gives its exit code and all that it said.
async fn deliver(place: &Place, arguments: &[&str], environment: &[(&str, &str)], mail: &str) -> (Option<i32>, String) {
    let mut command = place.program([&["mail", "deliver"][..], arguments].concat());
    command.stdin(Stdio::piped()).envs(environment.iter().copied());
    let mut child = command.spawn().expect("the program runs");
    let mut stdin = child.stdin.take().expect("piped");
    // A program that fails early does not read what it is given.
    let _ = stdin.write_all(mail.as_bytes()).await;
    drop(stdin);
    let output = child.wait_with_output().await.expect("its end");
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.code(), said.into_owned())
}

/// Hands a mail over by LMTP, line for line; gives what was answered.
async fn by_lmtp(server: &Server, mail: &str) -> Vec<String> {
    let log = server.log();
    let (_, rest) = log.split_once("taking mail by LMTP on ").expect("an address");
    let address = rest.lines().next().expect("a line");
    let mut stream = BufReader::new(TcpStream::connect(address).await.expect("a connection"));
    let mut answers = Vec::new();
    let said = [
        String::new(),
        "LHLO mx.desk.example\r\n".to_owned(),
        "MAIL FROM:<zoe@zeta.example>\r\n".to_owned(),
        "RCPT TO:<help@desk.example>\r\n".to_owned(),
        "DATA\r\n".to_owned(),
        format!("{mail}.\r\n"),
        "QUIT\r\n".to_owned(),
    ];
    for line in said {
        stream.write_all(line.as_bytes()).await.expect("sent");
        loop {
            let mut answer = String::new();
            stream.read_line(&mut answer).await.expect("an answer");
            let is_last = answer.as_bytes().get(3) != Some(&b'-');
            answers.push(answer);
            if is_last {
                break;
            }
        }
    }
    answers
}
