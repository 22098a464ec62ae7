use super::{InboundLimits, Unreadable, read};
use ticketing_core::mail::inbound::{InboundMail, LeftOut};

fn mail(text: &str) -> InboundMail {
    read(text.replace('\n', "\r\n").as_bytes(), &InboundLimits::default()).expect("it can be read")
}

const PLAIN: &str = "\
Return-Path: <kim@acme.example>
Delivered-To: help+abc.def@desk.example
From: =?UTF-8?Q?Kim_M=C3=BCller?= <kim@acme.example>
To: Help <help@desk.example>, second@desk.example
Cc: lee@acme.example
Subject: =?iso-8859-1?Q?Es_brummt_f=FCrchterlich?=
Date: Mon, 3 Mar 2025 09:12:00 +0100
Message-ID: <one@acme.example>
In-Reply-To: <two@desk.example>
References: <four@desk.example> <three@desk.example>
 <two@desk.example>
Content-Type: text/plain; charset=utf-8

It hums.
";

#[test]
fn a_plain_mail_is_read_whole() {
    let mail = mail(PLAIN);
    assert_eq!(mail.message_id.as_deref(), Some("one@acme.example"));
    assert_eq!(mail.answers, ["two@desk.example", "three@desk.example", "four@desk.example"]);
    let from = mail.from.as_ref().expect("somebody");
    assert_eq!((from.name.as_deref(), from.address.as_str()), (Some("Kim Müller"), "kim@acme.example"));
    assert_eq!(mail.return_path.as_deref(), Some("kim@acme.example"));
    assert_eq!(mail.delivered_to, ["help+abc.def@desk.example"]);
    let to: Vec<&str> = mail.to.iter().map(|to| to.address.as_str()).collect();
    assert_eq!(to, ["help@desk.example", "second@desk.example", "lee@acme.example"]);
    assert_eq!(mail.subject, "Es brummt fürchterlich");
    assert_eq!(mail.date.map(|at| at.to_rfc3339()).as_deref(), Some("2025-03-03T08:12:00+00:00"));
    assert_eq!((mail.text.as_str(), mail.html.as_deref()), ("It hums.\n", None));
    assert_eq!((mail.files.len(), mail.report, mail.left_out), (0, None, vec![]));
}

#[test]
fn files_come_with_their_names_and_pictures_with_their_ids() {
    let mail = mail(
        "\
From: kim@acme.example
Subject: Picture
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/related; boundary=inner

--inner
Content-Type: text/html; charset=utf-8

<p>Look: <img src=\"cid:pic@acme\"></p>
--inner
Content-Type: image/png; name=\"pic.png\"
Content-ID: <pic@acme>
Content-Disposition: inline; filename=\"pic.png\"
Content-Transfer-Encoding: base64

iVBORw0KGgo=
--inner--
--outer
Content-Type: application/pdf
Content-Disposition: attachment; filename*=utf-8''Rechnung%20M%C3%A4rz.pdf
Content-Transfer-Encoding: base64

JVBERi0=
--outer--
",
    );
    assert!(mail.html.as_deref().is_some_and(|html| html.contains("cid:pic@acme")));
    assert_eq!(mail.text.trim(), "Look:");
    let told: Vec<_> = mail
        .files
        .iter()
        .map(|file| (file.name.as_deref(), file.content_type.as_str(), file.content_id.as_deref(), file.is_inline))
        .collect();
    let expected = [
        (Some("pic.png"), "image/png", Some("pic@acme"), true),
        (Some("Rechnung März.pdf"), "application/pdf", None, false),
    ];
    assert_eq!(told, expected);
    assert_eq!(mail.files[1].bytes, b"%PDF-");
}

#[test]
fn a_report_names_its_mail_and_its_addresses() {
    let mail = mail(
        "\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example>
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; kim@acme.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such
 user here
--b
Content-Type: text/rfc822-headers

Message-ID: <mail.code@desk.example>
Subject: It hums
--b--
",
    );
    let report = mail.report.expect("it is a report");
    assert_eq!(report.message_id.as_deref(), Some("mail.code@desk.example"));
    let [one] = &report.recipients[..] else { panic!("{report:?}") };
    assert_eq!((one.address.as_str(), one.is_permanent()), ("kim@acme.example", true));
    assert_eq!(one.diagnostic.as_deref(), Some("550 5.1.1 No such user here"));
    assert_eq!(mail.return_path.as_deref(), Some(""));
}

#[test]
fn too_much_is_left_out_or_refused() {
    let limits = InboundLimits::default();
    let small = InboundLimits { bytes: 10, ..limits };
    assert_eq!(read(PLAIN.as_bytes(), &small), Err(Unreadable::TooLarge(10)));
    let headers = format!("From: kim@acme.example\r\nX-Long: {}\r\n\r\nHi", "x".repeat(300 * 1024));
    assert_eq!(read(headers.as_bytes(), &limits), Err(Unreadable::HeadersTooLarge(limits.header_bytes)));
    let many = format!("From: kim@acme.example\r\n{}\r\nHi", "X-Many: 1\r\n".repeat(1_000));
    let mail = read(many.as_bytes(), &limits).expect("it can be read");
    assert_eq!((mail.headers.len(), mail.left_out, mail.text.as_str()), (500, vec![LeftOut::Headers], "Hi"));
    let long = format!("From: kim@acme.example\r\n\r\n{}", "ä".repeat(1024 * 1024));
    let mail = read(long.as_bytes(), &limits).expect("it can be read");
    assert!(mail.text.len() <= limits.text && mail.left_out == [LeftOut::Text]);
    for nothing in ["", "\r\n\r\n", "no headers at all"] {
        assert_eq!(read(nothing.as_bytes(), &limits), Err(Unreadable::NoHeaders), "{nothing:?}");
    }
}

#[test]
fn parts_in_parts_end() {
    let limits = InboundLimits::default();
    let nested = |depth: usize| {
        let mut text = String::from("From: kim@acme.example\r\n");
        for level in 0..depth {
            text += &format!("Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n");
        }
        text += "Content-Type: text/plain\r\n\r\nDeep.\r\n";
        for level in (0..depth).rev() {
            text += &format!("--b{level}--\r\n");
        }
        text
    };
    assert_eq!(read(nested(5).as_bytes(), &limits).expect("it can be read").text.trim(), "Deep.");
    let mail = read(nested(50).as_bytes(), &limits).expect("it can be read");
    assert!(mail.left_out.contains(&LeftOut::Parts) && mail.text.is_empty(), "{mail:?}");
    assert_eq!(read(nested(20_000).as_bytes(), &limits), Err(Unreadable::TooManyParts(limits.parts)));
}

#[test]
fn nothing_breaks_on_nonsense() {
    let mut state = 0x9e37_79b9_u32;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    };
    for length in 0..300 {
        let mut raw = PLAIN.as_bytes().to_vec();
        for _ in 0..length {
            let at = usize::from(byte()) * raw.len() / 256;
            raw[at] = byte();
        }
        // Whether it can be read does not matter; that it ends does.
        drop(read(&raw, &InboundLimits::default()));
    }
}
