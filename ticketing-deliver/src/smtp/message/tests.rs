use super::*;
use ticketing_core::time::from_micros;

fn mail() -> Mail {
    Mail {
        message_id: "ticket.7f3a.1@desk.example".into(),
        date: from_micros(1_772_442_367_123_456).unwrap(),
        from: Mailbox { name: Some("The Desk".into()), address: "desk@desk.example".into() },
        to: Mailbox { name: Some("Ann".into()), address: "ann@home.example".into() },
        reply_to: None,
        references: Vec::new(),
        subject: "Your ticket".into(),
        html: "<p>Hello</p>".into(),
        text: "Hello".into(),
        is_automatic: false,
        unsubscribe: None,
        desk: "desk.example".into(),
    }
}

fn written(mail: &Mail) -> String {
    String::from_utf8(Parcel::new(mail).unwrap().bytes).unwrap()
}

/// The names of the headers in their order, of the mail and not of its parts.
fn names(written: &str) -> Vec<&str> {
    let (head, _) = written.split_once("\r\n\r\n").unwrap();
    head.split("\r\n").filter(|line| !line.starts_with(' ')).map(|line| line.split_once(": ").unwrap().0).collect()
}

const PLAIN: [&str; 8] = ["Message-ID", "Date", "From", "To", "Subject", "X-Loop", "MIME-Version", "Content-Type"];

#[test]
fn the_same_mail_is_the_same_bytes() {
    let mail = mail();
    assert_eq!(written(&mail), written(&mail.clone()));
    assert_ne!(written(&mail), written(&Mail { message_id: "other@desk.example".into(), ..mail.clone() }));
}

#[test]
fn says_who_wrote_when_to_whom() {
    let written = written(&mail());
    assert_eq!(names(&written), PLAIN);
    for line in [
        "Message-ID: <ticket.7f3a.1@desk.example>\r\n",
        "Date: Mon, 02 Mar 2026 09:06:07 +0000\r\n",
        "From: \"The Desk\" <desk@desk.example>\r\n",
        "To: Ann <ann@home.example>\r\n",
        "Subject: Your ticket\r\n",
        "X-Loop: desk.example\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Type: text/html; charset=utf-8\r\n",
    ] {
        assert!(written.contains(line), "{line:?} is not in {written}");
    }
}

#[test]
fn the_envelope_is_the_mail_s_own_addresses() {
    let parcel = Parcel::new(&mail()).unwrap();
    assert_eq!(
        (parcel.from.to_string().as_str(), parcel.to.to_string().as_str()),
        ("desk@desk.example", "ann@home.example")
    );
    assert!(!parcel.is_beyond_ascii());
}

#[test]
fn a_mail_by_a_program_says_so() {
    let automatic =
        Mail { is_automatic: true, unsubscribe: Some("https://desk.example/stop?token=a-b_c".into()), ..mail() };
    let written = written(&automatic);
    for line in [
        "Auto-Submitted: auto-generated\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "Precedence: bulk\r\n",
        "List-Unsubscribe: <https://desk.example/stop?token=a-b_c>\r\n",
    ] {
        assert!(written.contains(line), "{line:?} is not in {written}");
    }
}

#[test]
fn follows_the_mails_before_it() {
    let ids = |range: std::ops::Range<u32>| range.map(|n| format!("{n}@x.example")).collect::<Vec<_>>();
    let few = written(&Mail { references: ids(0..3), ..mail() });
    assert!(few.contains("In-Reply-To: <2@x.example>\r\n"), "{few}");
    assert!(few.contains("References: <0@x.example>\r\n <1@x.example>\r\n <2@x.example>\r\n"), "{few}");

    let most = ids(0..50);
    assert_eq!(references(&most).len(), 50);
    let many = ids(0..51);
    let kept = references(&many);
    assert_eq!((kept.len(), kept[0], kept[1], kept[49]), (50, "0@x.example", "2@x.example", "50@x.example"));
}

#[test]
fn ids_that_are_none_are_not_written() {
    let hostile = ["", "a b@x", "a@x>\r\nBcc: <eve@evil.example", "a@x\0", "ä@x", "<a@x>"];
    let mail = Mail { references: hostile.map(String::from).to_vec(), unsubscribe: Some(hostile[2].into()), ..mail() };
    assert_eq!(names(&written(&mail)), PLAIN);
    for id in hostile {
        let mail = Mail { message_id: id.into(), ..mail.clone() };
        assert!(matches!(Parcel::new(&mail), Err(MailError::Refused(_))), "{id:?}");
    }
}

#[test]
fn no_character_of_a_name_or_subject_adds_a_line() {
    let characters = (0..0x3000_u32).chain(0x1F300..0x1F700).filter_map(char::from_u32);
    for c in characters {
        for name in [format!("{c}"), format!("a{c}\r\nBcc: eve@evil.example{c}, \"b\" <eve@evil.example>")] {
            let named = |address: &str| Mailbox { name: Some(name.clone()), address: address.into() };
            let mail = Mail {
                from: named("desk@desk.example"),
                to: named("ann@home.example"),
                subject: name.clone(),
                desk: format!("desk{name}"),
                ..mail()
            };
            let written = written(&mail);
            assert_eq!(names(&written), PLAIN, "{name:?} in {written}");
            assert!(!written.contains('\0') && written.is_ascii(), "{name:?} in {written}");
            let parcel = Parcel::new(&mail).unwrap();
            assert_eq!(parcel.to.to_string(), "ann@home.example");
        }
    }
}

#[test]
fn no_line_is_too_long() {
    for subject in ["x".repeat(5_000), "word ".repeat(1_000), "ü".repeat(5_000), "語 ".repeat(2_000)] {
        let mut mail = Mail { subject: subject.clone(), text: subject.clone(), html: subject.clone(), ..mail() };
        mail.to.name = Some(subject.clone());
        mail.desk = subject;
        mail.message_id = format!("{}@x.example", "m".repeat(800));
        assert!(written(&mail).split("\r\n").all(|line| line.len() <= 998));
    }
}

#[test]
fn an_address_that_is_none_is_an_error_of_its_own() {
    for hostile in [
        "",
        "ann",
        "ann@",
        "ann@home.example\r\nBcc: eve@evil.example",
        "ann@home.example, eve@evil.example",
        "ann@home.example> RCPT TO:<eve@evil.example",
        "ann\0@home.example",
        "\"ann\u{85}\"@home.example",
        "Ann <ann@home.example>",
    ] {
        let person = Mailbox { name: None, address: hostile.into() };
        let error = Parcel::new(&Mail { to: person.clone(), ..mail() }).unwrap_err();
        assert!(matches!(error, MailError::Address(_)), "{hostile:?}: {error:?}");
        // The recipient can't be blamed for these.
        for mail in [Mail { from: person.clone(), ..mail() }, Mail { reply_to: Some(person.clone()), ..mail() }] {
            assert!(matches!(Parcel::new(&mail), Err(MailError::Refused(_))), "{hostile:?}");
        }
    }
}

#[test]
fn line_ends_are_those_of_mail() {
    assert_eq!(lines("a\nb\r\nc\rd\n\ne\0f"), "a\r\nb\r\nc\r\nd\r\n\r\nef");
    let mail = Mail { text: "one\n.\ntwo\r.\rthree\r\n.\r\n".into(), ..mail() };
    let written = written(&mail);
    assert_eq!(written.replace("\r\n", "").find(['\r', '\n']), None, "{written:?}");
}

#[test]
fn no_text_can_end_its_part() {
    let mail = mail();
    let between = format!("--{}", boundary(&mail));
    let hostile = Mail { text: format!("{between}\r\nContent-Type: text/html\r\n\r\nowned"), ..mail };
    let written = written(&hostile);
    assert_eq!(written.matches(&format!("\r\n--{}\r\n", boundary(&hostile))).count(), 2, "{written}");
    assert_ne!(between, format!("--{}", boundary(&hostile)));
}

#[test]
fn a_mail_of_no_possible_time_has_a_possible_date() {
    for micros in [i64::MIN / 2, -1, i64::MAX / 4] {
        let Some(date) = from_micros(micros) else { continue };
        assert!(written(&Mail { date, ..mail() }).contains("\r\nDate: "));
    }
}
