//! What is said to mail servers.

use crate::desk::{House, LARGEST, mail};
use crate::lmtp_client::{Door, options};
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::Ordering;
use ticketing_core::model::{ArrivalDoor, ArrivalState};
use ticketing_deliver::lmtp::{LmtpListener, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

const HAS_IT: &str = "250 2.0.0 The desk has it";

#[tokio::test]
async fn a_mail_is_kept_as_it_was_handed_over_with_its_envelope() {
    let house = House::new();
    let (support, _) = (house.mailbox("support@desk.example").await, house.mailbox("sales@desk.example").await);
    let door = Door::open(&house).await;
    let mut visitor = door.visit().await;
    // All at once, as PIPELINING lets one.
    let text = "Message-ID: <a@home.example>\r\nSubject: Grüße\r\n\r\n.one dot\r\n..two\r\n.\n\r\nend\r\n";
    let stuffed = text.replace("\r\n.", "\r\n..");
    let all = format!(
        "lhlo mx.example\r\nMAIL FROM:<ann@home.example> BODY=8BITMIME SIZE=100 RET=HDRS ENVID=x SMTPUTF8\r\n\
         RCPT TO:<Support+abc@Desk.example> NOTIFY=SUCCESS ORCPT=rfc822;a@b.example\r\n\
         rcpt to:<nobody@desk.example>\r\nRCPT TO:<sales@desk.example>\r\nDATA\r\n{stuffed}.\r\nQUIT\r\n"
    );
    visitor.send(all.as_bytes()).await;
    let heard = visitor.rest().await;
    let expected = format!(
        "250-desk.example\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n\
         250 SIZE {LARGEST}\r\n250 2.1.0 Go on\r\n250 2.1.5 Go on\r\n550 5.1.1 The desk has no such mailbox\r\n\
         250 2.1.5 Go on\r\n354 Send it, and a dot alone in a line\r\n{HAS_IT}\r\n{HAS_IT}\r\n221 2.0.0 Goodbye\r\n"
    );
    assert_eq!(heard, expected);

    let arrivals = house.arrivals().await;
    let [arrival] = &arrivals[..] else { panic!("{arrivals:?}") };
    assert_eq!(house.raw(arrival), text);
    assert_eq!((arrival.door, arrival.state), (ArrivalDoor::Lmtp, ArrivalState::Waiting));
    assert_eq!(arrival.mailbox_id, Some(support));
    assert_eq!(arrival.detail.envelope.from.as_deref(), Some("ann@home.example"));
    assert_eq!(arrival.detail.envelope.to, ["Support+abc@Desk.example", "sales@desk.example"]);
}

#[tokio::test]
async fn a_mail_that_comes_again_is_there_once() {
    let house = House::new();
    let door = Door::open(&house).await;
    let mut guest = door.guest().await;
    let nameless = "Subject: no id\r\n\r\nThe same bytes are the same mail.\r\n";
    for mail in [mail("a"), mail("b"), mail("a"), nameless.to_owned(), nameless.to_owned()] {
        assert_eq!(guest.deliver(&["any@where.example"], &mail).await, [HAS_IT]);
    }
    let mut again = door.guest().await;
    assert_eq!(again.deliver(&["any@where.example"], &mail("b")).await, [HAS_IT]);
    assert_eq!(house.arrivals().await.len(), 3);
}

#[tokio::test]
async fn a_desk_without_mailboxes_takes_mail_for_everybody_and_bounces_have_no_sender() {
    let house = House::new();
    let door = Door::open(&house).await;
    let mut guest = door.guest().await;
    assert_eq!(&guest.ask("MAIL FROM:<>").await[..3], "250");
    assert_eq!(&guest.ask("RCPT TO:<any@where.example>").await[..3], "250");
    assert_eq!(&guest.ask("DATA").await[..3], "354");
    assert_eq!(guest.ask("Subject: failed\r\n\r\n.").await, HAS_IT);
    let arrivals = house.arrivals().await;
    assert_eq!(arrivals[0].detail.envelope.from.as_deref(), Some(""));
    assert_eq!(arrivals[0].mailbox_id, None);
}

#[tokio::test]
async fn each_command_has_its_answer() {
    let house = House::new();
    house.mailbox("support@desk.example").await;
    let door = Door::open(&house).await;
    let mut visitor = door.visit().await;
    let too_large = format!("MAIL FROM:<ann@home.example> SIZE={}", LARGEST + 1);
    let fits = format!("MAIL FROM:<ann@home.example> SIZE={LARGEST}");
    for (command, answer) in [
        ("MAIL FROM:<ann@home.example>", "503 5.5.1"),
        ("HELO mx.example", "500 5.5.1"),
        ("EHLO mx.example", "500 5.5.1"),
        ("LHLO", "501 5.5.2"),
        ("NOOP", "250 2.0.0"),
        ("VRFY support", "252 2.1.5"),
        ("EXPN support", "502 5.5.1"),
        ("STARTTLS", "502 5.5.1"),
        ("AUTH PLAIN AGEAYg==", "502 5.5.1"),
        ("BDAT 4 LAST", "502 5.5.1"),
        ("HELP", "214 2.0.0"),
        ("GET / HTTP/1.1", "500 5.5.1"),
        ("", "500 5.5.1"),
        ("NO\0OP", "500 5.5.2"),
        ("MAIL FROM:<a@b.example>\rRCPT TO:<c@d.example>", "500 5.5.2"),
    ] {
        let heard = visitor.ask(command).await;
        assert!(heard.starts_with(answer), "{command:?}: {heard}");
    }
    let mut guest = door.guest().await;
    for (command, answer) in [
        ("RCPT TO:<support@desk.example>", "503 5.5.1"),
        ("DATA", "503 5.5.1"),
        ("MAIL FROM:ann@home.example", "501 5.5.2"),
        ("MAIL FROM:<a@b@c.example>", "501 5.1.7"),
        ("MAIL FROM:<ann@home.example> SIZE=many", "501 5.5.4"),
        ("MAIL FROM:<ann@home.example> COLOUR=red", "555 5.5.4"),
        ("MAIL FROM:<ann@home.example> BODY=BINARYMIME", "555 5.5.4"),
        (&too_large, "552 5.3.4"),
        (&fits, "250 2.1.0"),
        (&fits, "503 5.5.1"),
        ("DATA", "503 5.5.1"),
        ("RCPT TO:<>", "550 5.1.1"),
        ("RCPT TO:<postmaster>", "550 5.1.1"),
        ("RCPT TO:<support>", "501 5.1.3"),
        ("RCPT TO:<sales@desk.example>", "550 5.1.1"),
        ("RCPT TO:<support@desk.example>", "250 2.1.5"),
        ("RSET", "250 2.0.0"),
        ("DATA", "503 5.5.1"),
        ("QUIT", "221 2.0.0"),
    ] {
        let heard = guest.ask(command).await;
        assert!(heard.starts_with(answer), "{command:?}: {heard}");
    }
    assert_eq!(guest.rest().await, "");
    assert!(house.arrivals().await.is_empty());
}

#[tokio::test]
async fn what_is_too_large_or_empty_is_refused_and_the_next_is_taken() {
    let house = House::new();
    let door = Door::open(&house).await;
    let mut guest = door.guest().await;
    let too = |lines: usize| mail("large") + &("x".repeat(998) + "\r\n").repeat(lines);
    for (text, answer) in [
        (too(LARGEST / 1000 - 2), HAS_IT),
        (too(LARGEST / 1000 + 1), "552 5.3.4 This mail is larger than the desk takes"),
        (too(LARGEST / 1000 * 3), "552 5.3.4 This mail is larger than the desk takes"),
        (String::new(), "554 5.6.0 The desk does not take this mail"),
        (mail("small"), HAS_IT),
    ] {
        assert_eq!(guest.deliver(&["a@where.example", "b@where.example"], &text).await, [answer; 2]);
    }
    assert_eq!(house.arrivals().await.len(), 2);
}

#[tokio::test]
async fn what_can_t_be_kept_now_stays_with_its_server() {
    let house = House::new();
    let door = Door::open(&house).await;
    let mut guest = door.guest().await;
    house.blobs.is_away.store(true, Ordering::SeqCst);
    let answers = guest.deliver(&["a@where.example", "b@where.example"], &mail("a")).await;
    assert_eq!(answers, ["451 4.3.0 The desk can't take it now, come again later"; 2]);
    house.blobs.is_away.store(false, Ordering::SeqCst);
    assert_eq!(guest.deliver(&["a@where.example"], &mail("a")).await, [HAS_IT]);
    assert_eq!(house.arrivals().await.len(), 1);
}

#[tokio::test]
async fn a_file_is_listened_on_and_one_that_was_left_behind_is_no_hindrance() {
    let house = House::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lmtp");
    let left = std::os::unix::net::UnixListener::bind(&path).unwrap();
    assert!(LmtpListener::unix(&path).await.is_err(), "somebody listens there");
    drop(left);
    let listener = LmtpListener::unix(&path).await.unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o660);

    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(serve(listener, house.desk.clone(), options(), async { drop(stopped.await) }));
    let mut stream = UnixStream::connect(&path).await.unwrap();
    let all = format!(
        "LHLO mx\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n{}.\r\nQUIT\r\n",
        mail("by a file")
    );
    stream.write_all(all.as_bytes()).await.unwrap();
    let mut heard = String::new();
    stream.read_to_string(&mut heard).await.unwrap();
    assert!(heard.contains(&format!("{HAS_IT}\r\n")), "{heard}");
    assert_eq!(house.arrivals().await.len(), 1);
    drop(stop);
    served.await.unwrap();
    assert!(!path.exists());
}
