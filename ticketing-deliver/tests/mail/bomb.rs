//! Mails that are made to hurt who reads them. How long each takes is told by
//! `cargo test --release --workspace --test mail -- --ignored --nocapture bombs_take`.

use std::fmt::Write as _;
use ticketing_core::mail::inbound::{InboundMail, LeftOut, fold};
use ticketing_core::port::{MailReader as _, Unreadable};
use ticketing_deliver::inbound::{Limits, Reader};

/// What a bomb is to become.
enum Outcome {
    /// It can't be read at all.
    Unreadable,
    /// It is read, and this was left out.
    Read(&'static [LeftOut]),
}

use Outcome::{Read, Unreadable as NotRead};

const HEAD: &str = "From: Kim <kim@acme.example>\r\nTo: help@desk.example\r\nSubject: It hums\r\n";

struct Bomb {
    name: &'static str,
    raw: Vec<u8>,
    outcome: Outcome,
}

fn nested(depth: usize, kind: &str) -> String {
    let mut text = HEAD.to_owned();
    for level in 0..depth {
        let _ = write!(text, "Content-Type: multipart/{kind}; boundary=b{level}\r\n\r\n--b{level}\r\n");
    }
    text += "Content-Type: text/plain\r\n\r\nDeep.\r\n";
    for level in (0..depth).rev() {
        let _ = write!(text, "--b{level}--\r\n");
    }
    text
}

fn mixed(parts: &str) -> String {
    format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n")
}

/// Bombs of about so many bytes.
fn bombs(size: usize) -> Vec<Bomb> {
    let mut bombs = Vec::new();
    let mut add = |name, text: String, outcome| bombs.push(Bomb { name, raw: text.into_bytes(), outcome });
    let times = |text: &str| text.repeat(size / text.len());
    let some = |text: &str| text.repeat(200_000 / text.len());
    add("10,000 parts in one another", nested(10_000, "mixed"), Read(&[LeftOut::Parts]));
    add("10,000 alternatives in one another", nested(10_000, "alternative"), Read(&[LeftOut::Parts]));
    add("as many parts as there is room for", mixed(&times("--b\r\n\r\nx\r\n")), Read(&[LeftOut::Parts]));
    add(
        "parts whose parts never come",
        mixed(&times("--b\r\nContent-Type: multipart/mixed; boundary=no\r\n\r\nx\r\n")),
        Read(&[LeftOut::Parts]),
    );
    add("mails in mails", format!("{HEAD}{}", times("Content-Type: message/rfc822\r\n\r\n")), Read(&[]));
    let in_base64 = mixed("--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n")
        .replace("--b--", &times("RnJvbTog"));
    add("a mail in base64", in_base64, Read(&[]));
    add("boundaries that are nearly right", mixed(&times("--bb\r\n")), Read(&[LeftOut::Text]));
    let long = "b".repeat(240);
    let nearly = format!("{HEAD}Content-Type: multipart/mixed; boundary={long}\r\n\r\n")
        + &times(&format!("--{}\r\n", &long[..239]));
    add("long boundaries that are nearly right", nearly, Read(&[LeftOut::Text]));
    add("a header without end", format!("{HEAD}X-Long: {}", times("x")), NotRead);
    add("headers without end", format!("{HEAD}{}", times("X-More: 1\r\n")), NotRead);
    add("a header that is folded without end", format!("{HEAD}X-Fold: 1\r\n{}", times(" x\r\n")), NotRead);
    add("no break at all", times("x"), NotRead);
    add("nothing but breaks", times("\r\n"), NotRead);
    add("nothing but zeros", times("\0"), NotRead);
    add(
        "thousands of addresses",
        format!("To: {}a@b\r\n{HEAD}\r\nHi", some("\"a b\" <a@b.example>, ")),
        Read(&[LeftOut::Headers]),
    );
    add("comments in comments", format!("To: {}a@b\r\n{HEAD}\r\nHi", some("(")), Read(&[LeftOut::Headers]));
    add("groups and quotes", format!("Cc: {}\r\n{HEAD}\r\nHi", some("a:\"\\\"<;")), Read(&[LeftOut::Headers]));
    add("encoded words", format!("Subject: {}\r\n{HEAD}\r\nHi", some("=?utf-8?q?a?= ")), Read(&[LeftOut::Headers]));
    add(
        "encoded words that never end",
        format!("Subject: {}\r\n{HEAD}\r\nHi", some("=?utf-8?q?")),
        Read(&[LeftOut::Headers]),
    );
    add("charsets that never end", format!("To: {}\r\n{HEAD}\r\nHi", some("=?")), Read(&[LeftOut::Headers]));
    let values: String = (0..8_000).fold(String::new(), |mut text, n| {
        let _ = write!(text, "; name*{n}*=utf-8''%41");
        text
    });
    add(
        "a name in 8,000 pieces",
        format!("{HEAD}Content-Type: text/plain{values}\r\n\r\nHi"),
        Read(&[LeftOut::Headers]),
    );
    let values =
        format!("--b\r\nContent-Type: text/plain{values}\r\nContent-Disposition: attachment{values}\r\n\r\nx\r\n");
    add("many of those", mixed(&values.repeat(60)), Read(&[LeftOut::Parts]));
    add(
        "ids without end",
        format!("References: {}\r\n{HEAD}\r\nHi", some("<a@b.example> ")),
        Read(&[LeftOut::Headers]),
    );
    let encoded = |encoding: &str, body: String| format!("{HEAD}Content-Transfer-Encoding: {encoding}\r\n\r\n{body}");
    add("base64 that is none", encoded("base64", times("=!=A?")), Read(&[]));
    add("base64 of nothing but ends", encoded("base64", times("=")), Read(&[]));
    add("quoted-printable that is none", encoded("quoted-printable", times("=ZZ=")), Read(&[LeftOut::Text]));
    add("quoted-printable without a line", encoded("quoted-printable", times("=\r\n")), Read(&[]));
    add("a text without end", format!("{HEAD}\r\n{}", times("It hums. ")), Read(&[LeftOut::Text]));
    add(
        "a text in a charset with states",
        format!("{HEAD}Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n{}", times("\x1b$B\x1b(B")),
        Read(&[LeftOut::Text]),
    );
    add(
        "a text in UTF-7",
        format!("{HEAD}Content-Type: text/plain; charset=utf-7\r\n\r\n{}", times("+AGEAYQ-")),
        Read(&[LeftOut::Text]),
    );
    add(
        "a text that flows",
        format!("{HEAD}Content-Type: text/plain; format=flowed\r\n\r\n{}", times(">>> x \r\n")),
        Read(&[LeftOut::Text]),
    );
    let html = |body: String| format!("{HEAD}Content-Type: text/html\r\n\r\n{body}");
    for (name, tag) in [
        ("tags that are never closed", "<div>"),
        ("letters that are never closed", "<b><p>"),
        ("tables in tables", "<table><tr><td>"),
        ("attributes without end", "<p a=1 b='"),
        ("comments without end", "<!--"),
        ("scripts without end", "<script>"),
        ("entities", "&amp;&#x41;"),
        ("nothing but opening brackets", "<"),
        ("ends of what never began", "</b></p>"),
    ] {
        add(name, html(times(tag)), Read(&[LeftOut::Html]));
    }
    add("an attribute for each byte", html(format!("<p {}>x", times("a "))), Read(&[LeftOut::Html]));
    add("quotations in quotations", format!("{HEAD}\r\n{}", times("> ")), Read(&[LeftOut::Text]));
    add("attributions", format!("{HEAD}\r\n{}", times("On 3/3, a@b wrote:\r\n")), Read(&[LeftOut::Text]));
    let calendar = |lines: &str| {
        format!("{HEAD}Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{}", times(lines))
    };
    add("events in events", calendar("BEGIN:VEVENT\r\n"), Read(&[]));
    add("an event without end", calendar("SUMMARY;A=\"b\";C=d:It hums\r\n"), Read(&[]));
    let status = format!(
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n{}",
        times("Final-Recipient: rfc822; a@b\r\nAction: failed\r\n\r\n")
    );
    add("a report on everybody", mixed(&status), Read(&[]));
    // The beginning of an archive that would unpack to gigabytes; it is a file like any other.
    let archive =
        "--b\r\nContent-Type: application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBBQAAAAIAA";
    add("an archive", mixed(&format!("{archive}{}\r\n", times("7cEBDQAAAMKg"))), Read(&[]));
    bombs
}

fn read(bomb: &Bomb) -> Result<InboundMail, Unreadable> {
    let read = Reader::default().read(&bomb.raw)?;
    let folded = fold(&read.text);
    assert_eq!(folded.above.len() + folded.fresh.len() + folded.signature.len() + folded.quoted.len(), read.text.len());
    Ok(read)
}

/// What is kept of a mail is within the limits, whatever its size.
fn check(bomb: &Bomb) {
    let limits = Limits::default();
    let mail = match (read(bomb), &bomb.outcome) {
        (Err(_), NotRead) => return,
        (Err(why), Read(_)) => panic!("{}: {why}", bomb.name),
        (Ok(_), NotRead) => panic!("{}: it is read", bomb.name),
        (Ok(mail), Read(left_out)) => {
            let mut expected = left_out.to_vec();
            expected.sort();
            let found = if mail.left_out.contains(&LeftOut::Html) {
                mail.left_out.iter().copied().filter(|left| *left != LeftOut::Text).collect()
            } else {
                mail.left_out.clone()
            };
            assert_eq!(found, expected, "{}", bomb.name);
            mail
        }
    };
    assert!(mail.text.len() <= limits.text && mail.files.len() <= limits.files, "{}", bomb.name);
    assert!(mail.html.as_deref().unwrap_or_default().len() <= 4 * limits.html, "{}", bomb.name);
    assert!(mail.headers.len() <= limits.headers && mail.to.len() <= 100 && mail.answers.len() <= 100, "{}", bomb.name);
    let files: usize = mail.files.iter().map(|file| file.bytes.len()).sum();
    assert!(files <= limits.file_bytes.min(bomb.raw.len()), "{}", bomb.name);
    assert!(mail.headers.iter().all(|(_, value)| value.chars().count() <= limits.header_length), "{}", bomb.name);
    assert_eq!(mail.from.map(|from| from.address).as_deref(), Some("kim@acme.example"), "{}", bomb.name);
}

#[test]
fn bombs_are_read_within_the_limits() {
    for bomb in bombs(2_000_000) {
        check(&bomb);
    }
}

/// Prints how long each takes at the size that a mail may have. By hand:
/// `cargo test --release --workspace --locked --test mail -- --ignored --nocapture bombs_take`.
#[test]
#[ignore = "a measurement"]
fn bombs_take() {
    for bomb in bombs(25 * 1024 * 1024) {
        let begun = std::time::Instant::now();
        let outcome = read(&bomb).map(|mail| mail.left_out);
        println!("{:>6} ms  {:>5} KiB  {}: {outcome:?}", begun.elapsed().as_millis(), bomb.raw.len() / 1024, bomb.name);
    }
}
