//! Each mail of the table, read, folded and looked at for signs of programs.

use crate::table::{Expected, ExpectedFile, Thread, fill, mail, names, table};
use std::collections::BTreeMap;
use ticketing_core::mail::inbound::{Automatic, InboundMail, OwnMarks};
use ticketing_core::port::MailReader as _;
use ticketing_deliver::inbound::Reader;

const FILLING: [(&str, &str); 5] = [
    ("reply_address", "help+t1.0123456789abcdef@desk.example"),
    ("message_id", "t1.r1.0123456789abcdef@desk.example"),
    ("ticket_number", "TKT-1042"),
    ("from", "kim@acme.example"),
    ("loop_mark", "desk.example"),
];

#[test]
fn every_mail_is_in_the_table() {
    let listed: Vec<String> = table().into_keys().collect();
    assert_eq!(listed, names());
    assert!(listed.len() >= 60);
}

#[test]
fn mails_are_read_as_their_programs_meant_them() {
    let mut wrong = Vec::new();
    for (name, expected) in table() {
        let raw = mail(&name, &FILLING);
        let read = Reader::default().read(&raw).expect("it can be read");
        for (what, found, expected) in differences(&read, &expected) {
            if found != expected {
                wrong.push(format!("{name}: {what}\n   found {found}\nexpected {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn breaks_of_lines_make_no_difference() {
    for name in names() {
        let raw = mail(&name, &FILLING);
        let wire: Vec<u8> =
            raw.iter().flat_map(|byte| if *byte == b'\n' { b"\r\n".to_vec() } else { vec![*byte] }).collect();
        let [local, wire] = [raw, wire].map(|raw| Reader::default().read(&raw).expect("it can be read"));
        assert_eq!((local.text, local.html, local.headers), (wire.text, wire.html, wire.headers), "{name}");
    }
}

/// What is compared, as it was found and as it is expected.
fn differences(read: &InboundMail, expected: &Expected) -> Vec<(&'static str, String, String)> {
    let fill = |text: &str| fill(text, &FILLING);
    let folded = read.folded();
    let addresses = ["help@desk.example".to_owned()];
    let automatic = Automatic::of(read, OwnMarks { loop_mark: Some("desk.example"), addresses: &addresses });
    let from = read.from.as_ref().map(|from| from.address.clone()).unwrap_or_default();
    let html = read.html.as_deref().unwrap_or_default();
    let missing: Vec<&String> = expected.html.iter().filter(|part| !html.contains(*part)).collect();
    let mut all = vec![
        ("thread", thread(read, expected.thread), String::new()),
        ("from", from, fill(&expected.from)),
        ("fresh", format!("{:?}", folded.fresh.trim()), format!("{:?}", fill(&expected.fresh))),
        ("signature", format!("{:?}", folded.signature.trim()), format!("{:?}", expected.signature.trim())),
        ("quoted", folded.has_quotation().to_string(), expected.quoted.to_string()),
        (
            "automatic",
            format!("{:?}", automatic.map(Automatic::as_str)),
            format!("{:?}", expected.automatic.as_deref()),
        ),
        ("html", format!("without {missing:?} in {html}"), format!("without [] in {html}")),
        ("files", format!("{:?}", files(read)), format!("{:?}", expected.files)),
        ("invitation", format!("{:?}", invitation(read)), format!("{:?}", expected.invitation)),
        ("left out", format!("{:?}", read.left_out), "[]".to_owned()),
    ];
    let report =
        expected.report.as_ref().map(|report| report.iter().map(|(name, value)| (name.clone(), fill(value))).collect());
    let report: Option<BTreeMap<String, String>> = report;
    let wanted = report.clone().unwrap_or_default();
    let mut found = report_of(read);
    if let Some(found) = &mut found {
        found.retain(|name, _| wanted.contains_key(name));
    }
    all.push(("report", format!("{found:?}"), format!("{report:?}")));
    all
}

/// What a desk needs for finding the ticket and does not find.
fn thread(read: &InboundMail, thread: Thread) -> String {
    let id = "t1.r1.0123456789abcdef@desk.example";
    let to = read.to.iter().map(|to| to.address.as_str()).chain(read.delivered_to.iter().map(String::as_str));
    let has_token = to.collect::<Vec<_>>().contains(&FILLING[0].1);
    let has_id = read.answers.iter().any(|answered| answered == id);
    let has_number = read.subject.contains("[TKT-1042]");
    let is_right = match thread {
        Thread::Token => has_token,
        Thread::MessageId => has_id && !has_token,
        Thread::Number | Thread::StrangerNumber => has_number && !has_token && !has_id,
        Thread::Report => read.report.as_ref().is_some_and(|report| report.message_id.as_deref() == Some(id)),
        Thread::New => !has_token && !has_id && !has_number,
    };
    if is_right { String::new() } else { format!("{thread:?}: {:?} {:?} {:?}", read.to, read.answers, read.subject) }
}

fn files(read: &InboundMail) -> Vec<ExpectedFile> {
    let files = read.files.iter().map(|file| ExpectedFile {
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        size: file.bytes.len(),
        cid: file.content_id.clone(),
        inline: file.is_inline,
    });
    // The parts of a report are files too. They are looked at as the report.
    if read.report.is_some() {
        Vec::new()
    } else {
        files.filter(|file| !file.content_type.ends_with("-notification")).collect()
    }
}

fn invitation(read: &InboundMail) -> Option<BTreeMap<String, String>> {
    let found = read.invitation.clone()?;
    let time = |time: Option<ticketing_core::time::Time>| time.map(|time| time.to_rfc3339());
    let all = [
        ("method", Some(found.method)),
        ("summary", found.summary),
        ("starts_at", time(found.starts_at)),
        ("ends_at", time(found.ends_at)),
        ("location", found.location),
        ("organizer", found.organizer),
    ];
    Some(all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

fn report_of(read: &InboundMail) -> Option<BTreeMap<String, String>> {
    let report = read.report.as_ref()?;
    let one = report.recipients.first()?;
    let all = [
        ("recipient", one.address.clone()),
        ("action", one.action.clone()),
        ("status", one.status.clone()),
        ("diagnostic", one.diagnostic.clone().unwrap_or_default()),
    ];
    Some(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
