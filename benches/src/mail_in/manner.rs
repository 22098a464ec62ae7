//! How programs and servers answer a desk's mail.

use super::{Letter, Parcel};
use crate::sink::Taken;
use hyper::body::Bytes;
use std::fmt::Write;

/// Where the programs live.
pub const DOMAIN: &str = "out.example";

/// How many reports a server sends about one mail.
const REPORTS: usize = 50;

/// What a mail says of itself when a program wrote it.
const MARKS: [&str; 5] = ["auto-submitted", "x-auto-response-suppress", "precedence", "x-loop", "list-unsubscribe"];

/// Whom a desk writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Another desk, over servers that hand mails on as they are.
    Desk,
    /// Another desk, over a server that takes off what says that a program wrote it.
    Stripped,
    /// Programs and servers that answer by their address.
    Programs,
}

/// A program that answers everything at once, or a server that reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Robot {
    /// As RFC 3834 wants it.
    Polite,
    /// To the reply address, as a person would.
    Rude,
    /// To the desk, as if it were something new.
    Forgetful,
    /// The mail can't be delivered, ever.
    Gone,
    /// The mail could not be delivered yet.
    Busy,
}

impl Robot {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Polite, Self::Rude, Self::Forgetful, Self::Gone, Self::Busy];

    /// Its address.
    pub fn address(self) -> String {
        let name = match self {
            Self::Polite => "polite",
            Self::Rude => "rude",
            Self::Forgetful => "forgetful",
            Self::Gone => "vanished",
            Self::Busy => "deferred",
        };
        format!("{name}@{DOMAIN}")
    }
}

impl Manner {
    /// What comes back, or goes on, for a mail of the desk. `number` is another one for each mail.
    pub fn answers(self, mail: &Taken, number: usize) -> Vec<Parcel> {
        let on = |bytes: Bytes| vec![Parcel { from: Some(mail.from.clone()), to: Some(mail.to.clone()), bytes }];
        match self {
            Self::Desk => on(mail.bytes.clone().into()),
            Self::Stripped => on(stripped(&mail.bytes)),
            Self::Programs => {
                let robot = Robot::ALL.into_iter().find(|robot| robot.address() == mail.to);
                robot.map(|robot| robot.answers(mail, number)).unwrap_or_default()
            }
        }
    }
}

impl Robot {
    fn answers(self, mail: &Taken, number: usize) -> Vec<Parcel> {
        let reply = Letter {
            from: mail.to.clone(),
            to: mail.reply_to.clone().unwrap_or_else(|| mail.from.clone()),
            subject: format!("Re: {}", mail.subject),
            message_id: format!("{number}@{DOMAIN}"),
            answers: Some(mail.message_id.trim_matches(['<', '>']).to_owned()),
            text: format!("Thank you for your mail. We will come back to you soon. ({number})"),
            ..Letter::default()
        };
        let parcel = |letter: &Letter, from: &str| Parcel {
            from: Some(from.to_owned()),
            to: Some(letter.to.clone()),
            bytes: letter.bytes(),
        };
        match self {
            Self::Polite => vec![parcel(&Letter { headers: vec![("Auto-Submitted", "auto-replied")], ..reply }, "")],
            Self::Rude => vec![parcel(&reply, &mail.to)],
            Self::Forgetful => {
                let (to, subject) = (mail.from.clone(), format!("We have your mail, {number}"));
                vec![parcel(&Letter { to, subject, answers: None, ..reply }, &mail.to)]
            }
            Self::Gone => (0..REPORTS).map(|copy| report(mail, (number, copy), ("failed", "5.1.1"))).collect(),
            Self::Busy => (0..REPORTS).map(|copy| report(mail, (number, copy), ("delayed", "4.4.1"))).collect(),
        }
    }
}

/// A report of a delivery (RFC 3464).
fn report(mail: &Taken, (number, copy): (usize, usize), (action, status): (&str, &str)) -> Parcel {
    let letter = Letter {
        from: format!("mailer-daemon@{DOMAIN}"),
        to: mail.from.clone(),
        subject: "Undelivered Mail Returned to Sender".to_owned(),
        message_id: format!("{number}.{copy}@mx.{DOMAIN}"),
        headers: vec![
            ("Auto-Submitted", "auto-replied"),
            ("Content-Type", "multipart/report; report-type=delivery-status; boundary=\"=_report\""),
        ],
        ..Letter::default()
    };
    let mut bytes = letter.head();
    let _ = write!(
        bytes,
        "\r\n--=_report\r\nContent-Type: text/plain\r\n\r\nYour mail to {to} is {action}.\r\n\
         --=_report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.{DOMAIN}\r\n\r\n\
         Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n\
         --=_report\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {id}\r\nSubject: {subject}\r\n\r\n\
         --=_report--\r\n",
        to = mail.to,
        id = mail.message_id,
        subject = mail.subject,
    );
    Parcel { from: Some(String::new()), to: Some(mail.from.clone()), bytes: bytes.into() }
}

/// The mail without what says that a program wrote it.
fn stripped(mail: &[u8]) -> Bytes {
    let mut kept = Vec::with_capacity(mail.len());
    let (mut is_head, mut is_left_out) = (true, false);
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        if is_head && !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default().to_ascii_lowercase();
            is_left_out = MARKS.iter().any(|mark| mark.as_bytes() == name);
            is_head = !line.trim_ascii().is_empty();
        }
        if !is_left_out {
            kept.extend_from_slice(line);
        }
    }
    kept.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"mail": {"from": "help@a.example", "to": ["TO@out.example"], "headers": [
        ["Message-ID", "<1@a.example>"], ["Subject", "Hi"]], "people": {"Reply-To": [["", "help+t@a.example"]]},
        "raw": "Subject: Hi\r\nX-Loop: a\r\nReferences: <1>\r\n <2>\r\nPrecedence: bulk\r\n list\r\n\r\nPrecedence: x\r\n"}}"#;

    fn answers(robot: Robot) -> Vec<String> {
        let mail = Taken::read(&LINE.replace("TO@out.example", &robot.address())).unwrap();
        let parcels = Manner::Programs.answers(&mail, 7);
        parcels.into_iter().map(|parcel| String::from_utf8(parcel.bytes.into()).unwrap()).collect()
    }

    #[test]
    fn what_says_that_a_program_wrote_it_is_taken_off_the_head_alone() {
        let mail = Taken::read(LINE).unwrap();
        let on = Manner::Stripped.answers(&mail, 1).remove(0);
        assert_eq!(on.bytes, "Subject: Hi\r\nReferences: <1>\r\n <2>\r\n\r\nPrecedence: x\r\n".as_bytes());
        assert_eq!(Manner::Desk.answers(&mail, 1).remove(0).bytes, mail.bytes);
    }

    #[test]
    fn programs_answer_in_their_manner() {
        let [polite, rude, forgetful] = [Robot::Polite, Robot::Rude, Robot::Forgetful].map(|who| {
            let mut answers = answers(who);
            assert_eq!(answers.len(), 1);
            answers.remove(0)
        });
        assert!(polite.contains("Auto-Submitted: auto-replied") && polite.contains("To: <help+t@a.example>"));
        assert!(!rude.contains("Auto-") && rude.contains("In-Reply-To: <1@a.example>"));
        assert!(!forgetful.contains("In-Reply-To") && forgetful.contains("To: <help@a.example>"));
        let reports = answers(Robot::Gone);
        assert_eq!(reports.len(), REPORTS);
        assert!(reports[0].contains("Final-Recipient: rfc822; vanished@out.example\r\nAction: failed"));
        assert!(answers(Robot::Busy)[0].contains("Status: 4.4.1"));
    }
}
