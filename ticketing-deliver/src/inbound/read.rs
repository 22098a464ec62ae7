//! A mail from its bytes (RFC 5322, RFC 2045 and on), by mail-parser, within limits: what is more than that is left out and
//! said to be, and what can't be read at all is an error with its reason.

use super::report::report;
use chrono::DateTime;
use mail_parser::{Address, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use std::collections::BTreeSet;
use ticketing_core::mail::inbound::{InboundFile, InboundMail, LeftOut};
use ticketing_core::port::Mailbox;
use ticketing_core::time::Time;

/// How much of a mail is taken in.
#[derive(Clone, Copy, Debug)]
pub struct InboundLimits {
    /// Bytes of the whole mail.
    pub bytes: usize,
    /// Bytes of its headers.
    pub header_bytes: usize,
    /// Headers that are kept, and the characters of each.
    pub headers: usize,
    /// Characters of a header's value that are kept.
    pub header_length: usize,
    /// Parts that are looked at.
    pub parts: usize,
    /// How deep parts may lie in one another.
    pub depth: usize,
    /// Files that are kept.
    pub files: usize,
    /// Bytes of its text, and of its HTML.
    pub text: usize,
}

impl Default for InboundLimits {
    fn default() -> Self {
        Self {
            bytes: 25 * 1024 * 1024,
            header_bytes: 256 * 1024,
            headers: 500,
            header_length: 4_000,
            parts: 500,
            depth: 20,
            files: 100,
            text: 1024 * 1024,
        }
    }
}

/// Why a mail can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is larger than mails may be.
    #[error("the mail is larger than {0} bytes")]
    TooLarge(usize),
    /// Its headers are larger than headers may be.
    #[error("the mail's headers are larger than {0} bytes")]
    HeadersTooLarge(usize),
    /// It has more parts than are looked at.
    #[error("the mail has more than {0} parts")]
    TooManyParts(usize),
    /// It has no headers, or nothing that could be any.
    #[error("the mail has no headers")]
    NoHeaders,
}

/// Characters of a name or an address.
const NAME: usize = 320;
/// Ids that a mail answers.
const ANSWERS: usize = 100;
/// People that a mail is for.
const RECIPIENTS: usize = 100;

/// Reads a mail.
pub fn read(raw: &[u8], limits: &InboundLimits) -> Result<InboundMail, Unreadable> {
    if raw.len() > limits.bytes {
        return Err(Unreadable::TooLarge(limits.bytes));
    }
    if header_end(raw) > limits.header_bytes {
        return Err(Unreadable::HeadersTooLarge(limits.header_bytes));
    }
    // Parts that are far too many take time and memory before they could be counted.
    if boundaries(raw) > limits.parts.saturating_mul(20) {
        return Err(Unreadable::TooManyParts(limits.parts));
    }
    let message = MessageParser::default().parse(raw).ok_or(Unreadable::NoHeaders)?;
    let mut left_out = BTreeSet::new();
    let headers = headers(&message, limits, &mut left_out);
    if headers.iter().all(|(name, _)| name.is_empty() || name.contains(char::is_whitespace)) {
        return Err(Unreadable::NoHeaders);
    }
    let kept = kept_parts(&message, limits, &mut left_out);
    let text = body(&message, &message.text_body, &kept, limits, &mut left_out, |at| message.body_text(at));
    let html = has_html(&message)
        .then(|| body(&message, &message.html_body, &kept, limits, &mut left_out, |at| message.body_html(at)));
    let files = files(&message, &kept, limits, &mut left_out);
    let addresses = |name: &str| header_words(&headers, name);
    Ok(InboundMail {
        message_id: message.message_id().and_then(id),
        answers: answers(&message),
        from: message.from().and_then(|from| mailboxes(from).next()),
        reply_to: message.reply_to().and_then(|to| mailboxes(to).next()),
        return_path: return_path(&message),
        to: message.all_to().chain(message.all_cc()).flat_map(mailboxes).take(RECIPIENTS).collect(),
        delivered_to: ["Delivered-To", "X-Original-To", "Envelope-To"].into_iter().flat_map(addresses).collect(),
        subject: cut(&one_line(message.subject().unwrap_or_default()), limits.header_length).to_owned(),
        date: message.date().and_then(|date| DateTime::from_timestamp(date.to_timestamp(), 0)).map(Time::from),
        report: report(&message),
        text,
        html,
        files,
        headers,
        left_out: left_out.into_iter().collect(),
    })
}

/// Where the headers end: at the first empty line.
fn header_end(raw: &[u8]) -> usize {
    let mut start = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if line == b"\n" || line == b"\r\n" {
            return start;
        }
        start += line.len();
    }
    raw.len()
}

/// How many lines look like the boundary of a part.
fn boundaries(raw: &[u8]) -> usize {
    raw.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"--")).count()
}

fn headers(message: &Message<'_>, limits: &InboundLimits, left_out: &mut BTreeSet<LeftOut>) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for (name, value) in message.headers_raw() {
        if headers.len() == limits.headers {
            left_out.insert(LeftOut::Headers);
            break;
        }
        let line = one_line(value);
        let value = cut(&line, limits.header_length);
        if value.len() < line.len() {
            left_out.insert(LeftOut::Headers);
        }
        headers.push((cut(name, NAME).to_owned(), value.to_owned()));
    }
    headers
}

fn header_words<'h>(headers: &'h [(String, String)], name: &str) -> Vec<String> {
    let named = headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
    let address = |value: &'h String| value.trim().trim_matches(['<', '>']).to_owned();
    named.map(|(_, value)| address(value)).filter(|address| !address.is_empty()).take(RECIPIENTS).collect()
}

/// The parts that are looked at: the first, and none that lies too deep. One whose end is missing belongs to no other.
fn kept_parts(message: &Message<'_>, limits: &InboundLimits, left_out: &mut BTreeSet<LeftOut>) -> BTreeSet<u32> {
    let count = u32::try_from(message.parts.len().min(limits.parts)).unwrap_or(u32::MAX);
    let mut kept: BTreeSet<u32> = (0..count).collect();
    if message.parts.len() > limits.parts {
        left_out.insert(LeftOut::Parts);
    }
    let (mut open, mut seen) = (vec![(0, 0)], BTreeSet::new());
    while let Some((at, depth)) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        if depth > limits.depth {
            left_out.insert(LeftOut::Parts);
            kept.remove(&at);
        }
        if let Some(PartType::Multipart(parts)) = message.part(at).map(|part| &part.body) {
            open.extend(parts.iter().rev().map(|part| (*part, depth + 1)));
        }
    }
    kept
}

fn has_html(message: &Message<'_>) -> bool {
    message.html_bodies().any(|part| matches!(part.body, PartType::Html(_)))
}

/// The texts of a mail, one after another.
fn body<'m>(
    message: &'m Message<'_>,
    places: &[u32],
    kept: &BTreeSet<u32>,
    limits: &InboundLimits,
    left_out: &mut BTreeSet<LeftOut>,
    text_of: impl Fn(usize) -> Option<std::borrow::Cow<'m, str>>,
) -> String {
    let mut text = String::new();
    for (place, part) in places.iter().enumerate() {
        let is_text =
            message.part(*part).is_some_and(|part| matches!(part.body, PartType::Text(_) | PartType::Html(_)));
        let Some(more) = Some(part).filter(|part| is_text && kept.contains(part)).and_then(|_| text_of(place)) else {
            continue;
        };
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&more);
        if text.len() > limits.text {
            left_out.insert(LeftOut::Text);
            text.truncate(text.floor_char_boundary(limits.text));
            break;
        }
    }
    text.replace("\r\n", "\n").replace('\0', "\u{fffd}")
}

fn files(
    message: &Message<'_>,
    kept: &BTreeSet<u32>,
    limits: &InboundLimits,
    left_out: &mut BTreeSet<LeftOut>,
) -> Vec<InboundFile> {
    let mut files = Vec::new();
    for at in message.attachments.iter().filter(|at| kept.contains(at)) {
        let Some(part) = message.part(*at) else { continue };
        if files.len() == limits.files {
            left_out.insert(LeftOut::Files);
            break;
        }
        files.push(file(message, part));
    }
    files
}

fn file(message: &Message<'_>, part: &MessagePart<'_>) -> InboundFile {
    let bytes = match &part.body {
        // As it came, headers and all.
        PartType::Message(inner) => inner.raw_message().get(inner_range(part, message)).unwrap_or_default().to_vec(),
        _ => part.contents().to_vec(),
    };
    let content_type = part.content_type().map(|kind| {
        let (main, sub) = (kind.ctype(), kind.subtype().unwrap_or("octet-stream"));
        format!("{main}/{sub}").to_ascii_lowercase()
    });
    InboundFile {
        name: part.attachment_name().map(|name| cut(&one_line(name), NAME).to_owned()).filter(|name| !name.is_empty()),
        content_type: content_type.unwrap_or_else(|| "application/octet-stream".to_owned()),
        content_id: part.content_id().and_then(id),
        is_inline: matches!(part.body, PartType::InlineBinary(_))
            || part.content_disposition().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("inline")),
        bytes,
    }
}

fn inner_range(part: &MessagePart<'_>, _: &Message<'_>) -> std::ops::Range<usize> {
    part.raw_body_offset() as usize..part.raw_end_offset() as usize
}

/// Ids of what it answers: the one that it says to answer, then what that answered, the newest first.
fn answers(message: &Message<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let newest_first = |value: &HeaderValue<'_>| -> Vec<String> {
        let ids = value.as_text_list().unwrap_or_default();
        ids.iter().rev().filter_map(|text| id(text)).collect()
    };
    let references = newest_first(message.references());
    for id in newest_first(message.in_reply_to()).into_iter().chain(references) {
        if found.len() < ANSWERS && !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

/// What the receiving server noted of where failures are told.
fn return_path(message: &Message<'_>) -> Option<String> {
    let value = message.header_raw(HeaderName::ReturnPath)?;
    Some(cut(value.trim().trim_matches(['<', '>']), NAME).to_owned())
}

fn mailboxes<'a>(address: &'a Address<'a>) -> impl Iterator<Item = Mailbox> + 'a {
    address.iter().filter_map(|one| {
        let address = cut(one.address()?.trim(), NAME);
        let name = one.name().map(|name| cut(&one_line(name), NAME).to_owned()).filter(|name| !name.is_empty());
        address.contains('@').then(|| Mailbox { name, address: address.to_owned() })
    })
}

/// An id without its brackets; nothing where it can be none.
pub(super) fn id(text: &str) -> Option<String> {
    let id = text.trim().trim_matches(['<', '>']).trim();
    (!id.is_empty() && id.len() <= 998 && !id.contains(char::is_whitespace)).then(|| id.to_owned())
}

/// A text in one line, without what controls a terminal or breaks a header.
pub(super) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

pub(super) fn cut(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}
