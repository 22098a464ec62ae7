//! What a refusal by a mail server means: the table of [`super`], line by line.

use super::connection::{Cause, Failure, Step};
use ticketing_core::port::MailError;

/// How many bytes of what a server says are kept.
const KEPT: usize = 1024;

/// What to do about a mail that was not taken.
pub(super) fn judge(failure: &Failure) -> MailError {
    let meaning = match &failure.cause {
        Cause::Answer { code, text } => meaning(failure.step, *code, status(*code, text)),
        Cause::Unable(_) if failure.step == Step::Recipient => MailError::Refused,
        Cause::Unable(_) | Cause::Silence(_) | Cause::Broken(_) => MailError::Later,
    };
    meaning(one_line(&failure.to_string()))
}

fn meaning(step: Step, code: u16, status: Option<(u16, u16)>) -> fn(String) -> MailError {
    let is_about_us = matches!(step, Step::Connect | Step::SignIn | Step::Sender)
        || matches!(code, 530 | 534 | 535 | 538)
        || matches!(status, Some((1, 7 | 8)));
    if code < 500 || is_about_us {
        return MailError::Later;
    }
    match (status, step, code) {
        (Some((2, 2)), ..) | (None, Step::Recipient, 552) => MailError::Later,
        (Some((1, _)), ..) | (None, Step::Recipient, 550 | 551 | 553 | 556) => MailError::Address,
        _ => MailError::Refused,
    }
}

/// Subject and detail of the enhanced status code that an answer begins with (RFC 2034), if its class is the answer's.
fn status(code: u16, text: &str) -> Option<(u16, u16)> {
    let mut parts = text.split_whitespace().next()?.splitn(3, '.').map(number);
    let (class, subject, detail) = (parts.next()??, parts.next()??, parts.next()??);
    (class == code / 100).then_some((subject, detail))
}

fn number(text: &str) -> Option<u16> {
    let is_plain = (1..=3).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok())?
}

/// Text from outside as one line of bounded length, without control characters.
pub(super) fn one_line(text: &str) -> String {
    let mut line = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(KEPT).collect::<String>();
    line.truncate(line.floor_char_boundary(KEPT));
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const STEPS: [Step; 5] = [Step::Connect, Step::SignIn, Step::Sender, Step::Recipient, Step::Content];

    fn judged(step: Step, answer: &str) -> &'static str {
        let (code, text) = answer.split_once(' ').unwrap();
        name(&judge(&Failure { step, cause: Cause::Answer { code: code.parse().unwrap(), text: text.into() } }))
    }

    fn name(error: &MailError) -> &'static str {
        match error {
            MailError::Address(_) => "address",
            MailError::Refused(_) => "refused",
            MailError::Later(_) => "later",
        }
    }

    #[test]
    fn answers_to_a_recipient_and_to_a_mail() {
        for (answer, recipient, content) in [
            ("550 5.1.1 no such user", "address", "address"),
            ("550 5.1.10 null MX", "address", "address"),
            ("553 5.1.3 bad syntax", "address", "address"),
            ("550 no such user", "address", "refused"),
            ("551 not local", "address", "refused"),
            ("553 mailbox name not allowed", "address", "refused"),
            ("556 domain takes no mail", "address", "refused"),
            ("552 5.2.2 mailbox full", "later", "later"),
            ("552 storage exceeded", "later", "refused"),
            ("552 5.3.4 too big", "refused", "refused"),
            ("550 5.2.1 mailbox disabled", "refused", "refused"),
            ("550 5.7.1 policy", "refused", "refused"),
            ("554 5.7.1 spam", "refused", "refused"),
            ("554 transaction failed", "refused", "refused"),
            ("500 what", "refused", "refused"),
            ("550 5.1.8 bad sender", "later", "later"),
            ("530 5.7.0 sign in first", "later", "later"),
            ("535 5.7.8 wrong password", "later", "later"),
            ("452 4.2.2 mailbox full", "later", "later"),
            ("450 4.1.1 greylisted", "later", "later"),
            ("421 closing", "later", "later"),
            // These only look like enhanced codes.
            ("550 4.1.1 of another class", "address", "refused"),
            ("550 5.1 too short", "address", "refused"),
            ("550 5.1.1111 too long", "address", "refused"),
            ("550 5.1.x no number", "address", "refused"),
            ("550 5.1.1.1 too many", "address", "refused"),
            ("550 5.+1.1 no digit", "address", "refused"),
            ("550 ", "address", "refused"),
        ] {
            assert_eq!(judged(Step::Recipient, answer), recipient, "{answer} to RCPT TO");
            assert_eq!(judged(Step::Content, answer), content, "{answer} to DATA");
        }
    }

    #[test]
    fn what_is_about_us_blames_no_recipient() {
        for step in [Step::Connect, Step::SignIn, Step::Sender] {
            for answer in ["550 5.1.1 no", "550 no", "554 5.7.1 no", "535 5.7.8 no", "421 no", "501 no"] {
                assert_eq!(judged(step, answer), "later", "{answer} at {step:?}");
            }
        }
    }

    #[test]
    fn no_answer_is_no_refusal() {
        for step in STEPS {
            for cause in [Cause::Silence(Duration::from_secs(30)), Cause::Broken("reset".into())] {
                assert_eq!(name(&judge(&Failure { step, cause })), "later");
            }
        }
        let failure = Failure { step: Step::Content, cause: Cause::Silence(Duration::from_secs(30)) };
        assert_eq!(judge(&failure), MailError::Later("no answer within 30s".into()));
    }

    #[test]
    fn what_a_server_says_is_one_bounded_line() {
        let cause = Cause::Answer { code: 550, text: "5.1.1 a\r\nb\tc\0\u{1b}[31md\u{9b}".into() };
        let error = judge(&Failure { step: Step::Recipient, cause });
        assert_eq!(error, MailError::Address("550 5.1.1 a  b c  [31md".into()));
        assert_eq!(one_line(&"x".repeat(5_000)).len(), 1024);
        let wide = one_line(&"語".repeat(5_000));
        assert_eq!((wide.len(), wide.chars().all(|c| c == '語')), (1023, true));
    }
}
