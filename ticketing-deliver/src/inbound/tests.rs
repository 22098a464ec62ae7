use super::{Limits, Reader};
use std::fmt::Write as _;
use ticketing_core::mail::inbound::{InboundMail, Invitation, LeftOut};
use ticketing_core::port::MailReader as _;

fn read(raw: &[u8]) -> InboundMail {
    Reader::default().read(raw).expect("it can be read")
}

fn mail(text: &str) -> InboundMail {
    read(text.replace('\n', "\r\n").as_bytes())
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
fn a_report_inside_a_mail_of_somebody_tells_nothing() {
    let status = "--r\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n\
        Final-Recipient: rfc822; kim@acme.example\nAction: failed\nStatus: 5.1.1\n";
    let report = "multipart/report; report-type=delivery-status; boundary=r";
    let with = |kind: &str, body: &str| mail(&format!("From: lee@acme.example\nContent-Type: {kind}\n\n{body}"));
    let is_known = |mail: InboundMail| mail.report.is_some_and(|report| report.recipients.len() == 1);
    assert!(is_known(with(report, &format!("{status}--r--\n"))));
    assert!(is_known(with(
        "Multipart/Report; Report-Type=\"Delivery-Status\"; boundary=r",
        &format!("{status}--r--\n")
    )));
    for other in [
        "multipart/mixed; boundary=r",
        "multipart/mixed; report-type=delivery-status; boundary=r",
        "multipart/report; boundary=r",
        "multipart/report; report-type=disposition-notification; boundary=r",
    ] {
        let mail = with(other, &format!("--r\n\nLook at this.\n{status}--r--\n"));
        assert_eq!(mail.report, None, "{other}");
        assert_eq!(mail.files[0].content_type, "message/delivery-status", "{other}");
    }
    // Passed on whole, as one of several parts or as a mail of its own.
    let passed_on = format!("--o\n\nLook.\n--o\nContent-Type: {report}\n\n{status}--r--\n--o--\n");
    assert_eq!(with("multipart/mixed; boundary=o", &passed_on).report, None);
    let status_below = passed_on.replace(report, "multipart/mixed; boundary=r");
    let deep = with("multipart/report; report-type=delivery-status; boundary=o", &status_below);
    assert_eq!(deep.report, None);
    let attached =
        format!("--o\n\nLook.\n--o\nContent-Type: message/rfc822\n\nContent-Type: {report}\n\n{status}--r--\n--o--\n");
    assert_eq!(with("multipart/mixed; boundary=o", &attached).report, None);
}

#[test]
fn reports_of_old_servers_are_known_by_their_header() {
    let mail = mail(
        "\
From: Mail Delivery System <Mailer-Daemon@mx.example>
X-Failed-Recipients: kim@acme.example, lee@acme.example
Subject: Mail delivery failed: returning message to sender

This message was created automatically.

------ This is a copy of your message, including all the headers. ------

Message-ID: <mail.code@desk.example>
Subject: It hums
",
    );
    let report = mail.report.expect("it is a report");
    assert_eq!(report.message_id.as_deref(), Some("mail.code@desk.example"));
    let told: Vec<_> = report.recipients.iter().map(|one| (one.address.as_str(), one.is_permanent())).collect();
    assert_eq!(told, [("kim@acme.example", true), ("lee@acme.example", true)]);
}

#[test]
fn the_text_is_what_a_reader_sees() {
    let with = |body: &str| mail(&format!("From: kim@acme.example\n{body}"));
    // The plain one of two, and of HTML alone what it says.
    let two = "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nPlain.\n--b\nContent-Type: text/html\n\n<p>Rich.\n--b--\n";
    let mail = with(two);
    assert_eq!((mail.text.as_str(), mail.html.as_deref()), ("Plain.", Some("<p>Rich.</p>")));
    let mail = with(&two.replace("Plain.", " "));
    assert_eq!(mail.text, "Rich.\n");
    let mail = with("Content-Type: text/html; charset=iso-8859-1\n\n<p>gr&uuml;n<br>und");
    assert_eq!((mail.text.as_str(), mail.html.as_deref()), ("grün\nund\n", Some("<p>grün<br>und</p>")));
    // Pieces around a picture, as Apple's programs send them.
    let pieces = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nAbove\n--b\nContent-Type: image/png; name=p.png\n\nx\n--b\n\nBelow\n--b--\n";
    let mail = with(pieces);
    assert_eq!((mail.text.as_str(), mail.files.len()), ("Above\nBelow", 1));
    // Text that is a file.
    let attached = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee it.\n--b\nContent-Disposition: attachment; filename=a.txt\n\nA log.\n--b--\n";
    let mail = with(attached);
    assert_eq!((mail.text.as_str(), mail.files[0].bytes.as_slice()), ("See it.", b"A log.".as_slice()));
    // Signed mail.
    let signed = "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\n\n--b\n\nSigned.\n--b\nContent-Type: application/pgp-signature; name=signature.asc\n\nx\n--b--\n";
    let mail = with(signed);
    assert_eq!((mail.text.as_str(), mail.files[0].content_type.as_str()), ("Signed.", "application/pgp-signature"));
    // One that is said to have parts, and has none.
    assert_eq!(with("Content-Type: multipart/mixed; boundary=b\n\nNo parts.\n").text, "No parts.\n");
    assert_eq!(with("Content-Type: multipart/mixed\n\n--b\n\nNo name.\n").text, "--b\n\nNo name.\n");
}

#[test]
fn what_is_passed_on_is_a_file() {
    let mail = mail(
        "\
From: kim@acme.example
Content-Type: multipart/mixed; boundary=outer

--outer

See this.
--outer
Content-Type: message/rfc822

From: lee@acme.example
Subject: Re: It hums
Content-Type: multipart/mixed; boundary=inner

--inner

It hums.
--inner
Content-Type: application/ms-tnef; name=winmail.dat

x
--inner--
--outer
Content-Type: application/ms-tnef; name=\"winmail.dat\"

x
--outer--
",
    );
    assert_eq!(mail.text, "See this.");
    let told: Vec<_> = mail.files.iter().map(|file| (file.name.as_deref(), file.content_type.as_str())).collect();
    let expected = [(Some("Re- It hums.eml"), "message/rfc822"), (Some("winmail.dat"), "application/ms-tnef")];
    assert_eq!(told, expected);
    assert!(
        mail.files[0].bytes.starts_with(b"From: lee@acme.example\r\n") && mail.files[0].bytes.ends_with(b"--inner--")
    );
}

#[test]
fn an_invitation_is_read() {
    let event = |times: &str| {
        mail(&format!(
            "From: kim@acme.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nCome.\n--b\n\
             Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:request\n\
             BEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T030000\nEND:STANDARD\n\
             END:VTIMEZONE\nBEGIN:VEVENT\nORGANIZER;CN=Kim:MAILTO:kim@acme.example\nSUMMARY:It hums\\, as\n  ever\n{times}\
             LOCATION:Cellar\nBEGIN:VALARM\nSUMMARY:No\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n--b--\n"
        ))
    };
    let rfc3339 = |time: Option<ticketing_core::time::Time>| time.map(|time| time.to_rfc3339());
    for (times, expected) in [
        ("DTSTART:20250303T081200Z\nDTEND:20250303T091200Z\n", Some("2025-03-03T08:12:00+00:00")),
        ("DTSTART;TZID=Europe/Berlin:20250303T091200\n", Some("2025-03-03T08:12:00+00:00")),
        ("DTSTART;TZID=\"W. Europe Standard Time\":20250303T091200\n", Some("2025-03-03T08:12:00+00:00")),
        ("DTSTART;VALUE=DATE:20250303\n", Some("2025-03-03T00:00:00+00:00")),
        ("DTSTART;TZID=Cellar Time:20250303T091200\n", None),
        ("DTSTART:20250303T091200\n", None),
        ("DTSTART:soon\n", None),
        ("", None),
    ] {
        let found = event(times).invitation.expect("it invites");
        assert_eq!(rfc3339(found.starts_at).as_deref(), expected, "{times}");
        let ends = times.contains("DTEND").then_some("2025-03-03T09:12:00+00:00");
        assert_eq!(rfc3339(found.ends_at).as_deref(), ends, "{times}");
        let rest = Invitation { starts_at: None, ends_at: None, ..found };
        let expected = Invitation {
            method: "REQUEST".to_owned(),
            summary: Some("It hums, as ever".to_owned()),
            location: Some("Cellar".to_owned()),
            organizer: Some("kim@acme.example".to_owned()),
            ..Invitation::default()
        };
        assert_eq!(rest, expected, "{times}");
    }
    assert_eq!((event("").text.as_str(), event("").files.len()), ("Come.", 1));
}

#[test]
fn too_much_is_left_out_or_refused() {
    let limits = Limits::default();
    let headers = format!("From: kim@acme.example\r\nX-Long: {}\r\n\r\nHi", "x".repeat(300 * 1024));
    assert!(Reader::default().read(headers.as_bytes()).is_err_and(|why| why.to_string().contains("headers")));
    let many = format!("From: kim@acme.example\r\n{}\r\nHi", "X-Many: 1\r\n".repeat(1_000));
    let mail = read(many.as_bytes());
    assert_eq!((mail.headers.len(), mail.left_out, mail.text.as_str()), (500, vec![LeftOut::Headers], "Hi"));
    let long = format!("From: kim@acme.example\r\n\r\n{}", "ä".repeat(1024 * 1024));
    let mail = read(long.as_bytes());
    assert!(mail.text.len() <= limits.text && mail.left_out == [LeftOut::Text]);
    let file = "--b\r\nContent-Disposition: attachment; filename=a\r\n\r\nxxxx\r\n".repeat(200);
    let files = format!("From: kim@acme.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{file}--b--\r\n");
    let mail = read(files.as_bytes());
    assert_eq!((mail.files.len(), mail.left_out), (limits.files, vec![LeftOut::Files]));
    let small = Reader { limits: Limits { file_bytes: 10, ..limits } };
    assert_eq!(small.read(files.as_bytes()).expect("it can be read").files.len(), 2);
    let mail = read(files.replace(&file, &file.repeat(4)).as_bytes());
    assert_eq!(mail.left_out, [LeftOut::Parts, LeftOut::Files]);
    for nothing in ["", "\r\n\r\n", "no headers at all", "\r\nFrom: kim@acme.example\r\n\r\nHi"] {
        assert!(Reader::default().read(nothing.as_bytes()).is_err(), "{nothing:?}");
    }
}

#[test]
fn parts_in_parts_end() {
    let nested = |depth: usize| {
        let mut text = String::from("From: kim@acme.example\r\n");
        for level in 0..depth {
            let _ = write!(text, "Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n");
        }
        text += "Content-Type: text/plain\r\n\r\nDeep.\r\n";
        for level in (0..depth).rev() {
            let _ = write!(text, "--b{level}--\r\n");
        }
        text
    };
    assert_eq!(read(nested(5).as_bytes()).text, "Deep.");
    assert_eq!(read(nested(29).as_bytes()).left_out, []);
    for depth in [50, 20_000] {
        let mail = read(nested(depth).as_bytes());
        assert_eq!(mail.left_out, [LeftOut::Parts], "{depth}");
    }
}

#[test]
fn a_mail_may_come_with_its_envelope_line_or_with_bare_breaks() {
    let plain = read(PLAIN.as_bytes());
    assert_eq!((plain.text.as_str(), plain.subject.as_str()), ("It hums.\n", "Es brummt fürchterlich"));
    let with = read(format!("From kim@acme.example Mon Mar  3 09:12:00 2025\n{PLAIN}").as_bytes());
    assert_eq!(with, plain);
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
        drop(Reader::default().read(&raw));
    }
}
