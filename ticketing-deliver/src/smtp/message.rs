//! A mail as it goes over the wire (RFC 5322).

use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{self, Message, MessageBuilder, MultiPart, SinglePart};
use sha2::{Digest, Sha256};
use std::time::{Duration, SystemTime};
use ticketing_core::port::{Mail, MailError, Mailbox};
use ticketing_core::time::Time;

/// How much of a subject is kept: a line of a mail may have 998 bytes, and a subject may be one word.
const SUBJECT_KEPT: usize = 500;

/// How much is kept of a name, of the people's and the desk's.
const NAME_KEPT: usize = 200;

/// How many ids of earlier mails are named: the first, which began it all, and the latest.
const REFERENCES_KEPT: usize = 50;

/// How long an id or an address of the web may be to stand in one line of a mail.
const WORD_MAX: usize = 900;

/// A mail with all that SMTP wants to know of it.
#[derive(Debug)]
pub(super) struct Parcel {
    /// Who hears of it where it can't be delivered: whom it comes from.
    pub from: Address,
    /// Whom it goes to.
    pub to: Address,
    /// Headers and bodies. The same for the same mail, whenever and wherever it is built.
    pub bytes: Vec<u8>,
}

impl Parcel {
    /// Writes the mail down. Nothing that stands in any field can add a line to the headers, a part to the body
    /// or a recipient: control characters become spaces, and ids that can't be ids are left out.
    pub fn new(mail: &Mail) -> Result<Self, MailError> {
        let to = address(&mail.to.address).map_err(MailError::Address)?;
        let from = address(&mail.from.address).map_err(|why| MailError::Refused(format!("its sender: {why}")))?;
        let envelope = Envelope::new(Some(from.clone()), vec![to.clone()]).map_err(refused)?;
        let message = headers(mail, &from, &to)?.envelope(envelope).multipart(body(mail)).map_err(refused)?;
        Ok(Self { from, to, bytes: message.formatted() })
    }

    /// Whether only a server that knows SMTPUTF8 (RFC 6531) can take it: an address in it is beyond ASCII, the
    /// only thing that can't be written in other letters.
    pub fn is_beyond_ascii(&self) -> bool {
        !self.bytes.is_ascii()
    }
}

fn refused(why: impl std::fmt::Display) -> MailError {
    MailError::Refused(why.to_string())
}

fn headers(mail: &Mail, from: &Address, to: &Address) -> Result<MessageBuilder, MailError> {
    if !is_word(&mail.message_id) {
        return Err(refused("its Message-ID is none"));
    }
    let mut builder = Message::builder()
        .raw_header(words("Message-ID", &[&mail.message_id]))
        .date(date(mail.date))
        .from(mailbox(&mail.from, from))
        .to(mailbox(&mail.to, to));
    if let Some(reply_to) = &mail.reply_to {
        let parsed = address(&reply_to.address).map_err(|why| refused(format!("where answers go: {why}")))?;
        builder = builder.reply_to(mailbox(reply_to, &parsed));
    }
    let references = references(&mail.references);
    if let Some(last) = references.last() {
        builder = builder.raw_header(words("In-Reply-To", &[last])).raw_header(words("References", &references));
    }
    builder = builder.subject(line(&mail.subject, SUBJECT_KEPT));
    if mail.is_automatic {
        builder = builder
            .raw_header(text("Auto-Submitted", "auto-generated"))
            .raw_header(text("X-Auto-Response-Suppress", "All"))
            .raw_header(text("Precedence", "bulk"));
    }
    let desk = line(&mail.desk, NAME_KEPT);
    if !desk.is_empty() {
        builder = builder.raw_header(text("X-Loop", &desk));
    }
    if let Some(url) = mail.unsubscribe.as_deref().filter(|url| is_word(url)) {
        builder = builder.raw_header(words("List-Unsubscribe", &[url]));
    }
    Ok(builder)
}

/// The text first, then the markup: a reader shows the last one that it can show (RFC 2046, 5.1.4).
fn body(mail: &Mail) -> MultiPart {
    MultiPart::alternative()
        .boundary(boundary(mail))
        .singlepart(SinglePart::plain(lines(&mail.text)))
        .singlepart(SinglePart::html(lines(&mail.html)))
}

/// What stands between the parts. It follows from the mail, so that the mail is the same when it is sent again, and
/// from the whole of it, so that nobody can write a text that has it in itself.
fn boundary(mail: &Mail) -> String {
    let mut hash = Sha256::new();
    for part in [&mail.message_id, &mail.text, &mail.html] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    // No encoded body can have `=_` in it (RFC 2045, 6.7).
    hash.finalize().iter().take(16).fold("=_".to_owned(), |name, byte| name + &format!("{byte:02x}"))
}

fn address(text: &str) -> Result<Address, String> {
    let parsed = text.parse::<Address>().map_err(|error| format!("`{}`: {error}", line(text, NAME_KEPT)))?;
    if text.chars().any(char::is_control) {
        return Err("an address has no control characters".to_owned());
    }
    Ok(parsed)
}

fn mailbox(mailbox: &Mailbox, address: &Address) -> message::Mailbox {
    let name = mailbox.name.as_deref().map(|name| line(name, NAME_KEPT)).filter(|name| !name.is_empty());
    message::Mailbox::new(name, address.clone())
}

/// The builder knows the years 1970 to 9999 and panics beyond; a mail of another time has the nearest second of these.
fn date(at: Time) -> SystemTime {
    const LAST: u64 = 253_402_300_799;
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default().min(LAST);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Those ids that are ids; where there are too many, the first and the last ones.
fn references(ids: &[String]) -> Vec<&str> {
    let mut kept: Vec<&str> = ids.iter().map(String::as_str).filter(|id| is_word(id)).collect();
    if let Some(surplus) = kept.len().checked_sub(REFERENCES_KEPT + 1) {
        kept.drain(1..=surplus + 1);
    }
    kept
}

/// Whether it can stand between angle brackets as it is: visible ASCII without such brackets.
fn is_word(text: &str) -> bool {
    let is_visible = |byte: u8| byte.is_ascii_graphic() && byte != b'<' && byte != b'>';
    !text.is_empty() && text.len() <= WORD_MAX && text.bytes().all(is_visible)
}

/// A header of words in angle brackets, a line each. The builder would break a long one after the header's name and
/// leave an empty first line, which some servers take for the end of the headers; these words need no encoding.
fn words(name: &'static str, words: &[&str]) -> HeaderValue {
    let value = words.iter().map(|word| format!("<{word}>")).collect::<Vec<_>>();
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.join(" "), value.join("\r\n "))
}

fn text(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// One line without control characters, at most so many characters long.
fn line(text: &str, kept: usize) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(kept).collect();
    spaced.trim().to_owned()
}

/// The text with the line ends that mail has (RFC 5321, 2.3.8): a lone CR or LF could end the mail early for a server
/// that reads them differently than the next one. A NUL is nothing that mail can have.
fn lines(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + text.len() / 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                written.push_str("\r\n");
            }
            '\n' => written.push_str("\r\n"),
            '\0' => {}
            c => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests;
