//! The headers of a mail or of one of its parts: each is read by itself and no further than a limit, so that none can make
//! the others dear.

use mail_parser::parsers::MessageStream;
use mail_parser::{Address, HeaderValue};
use ticketing_core::port::Mailbox;

/// Bytes of a header that lists addresses or ids.
const LIST: usize = 32 * 1024;
/// Bytes of every other one.
const LINE: usize = 8 * 1024;
/// Bytes of one with parameters.
const PARAMETERS: usize = 4 * 1024;
/// Characters of a name or an address.
pub(super) const NAME: usize = 320;

/// A header as it stands there.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    /// With its line breaks, without the last one.
    pub(super) value: &'a [u8],
}

/// Takes headers apart. What is not one is left out.
pub(super) fn fields(head: &[u8]) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let mut at = 0;
    while at < head.len() {
        let start = at;
        at = super::part::after_line(head, at);
        while head.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\t')) {
            at = super::part::after_line(head, at);
        }
        let line = head[start..at].trim_ascii_end();
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let name = std::str::from_utf8(line[..colon].trim_ascii_end()).unwrap_or_default();
        let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic());
        if is_name && name.len() <= NAME {
            fields.push(Field { name, value: &line[colon + 1..] });
        }
    }
    fields
}

/// The value of the first header of this name.
pub(super) fn first<'a>(fields: &[Field<'a>], name: &str) -> Option<&'a [u8]> {
    fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value)
}

/// A value as the parsers want it: cut where it is very long, and with the break that ends it.
fn ended(value: &[u8], most: usize) -> Vec<u8> {
    let mut value = value[..value.len().min(most)].to_vec();
    value.extend_from_slice(b"\r\n");
    value
}

/// A value that is text for people, its encoded words decoded.
pub(super) fn text(value: &[u8]) -> String {
    let value = ended(value, LINE);
    let parsed = MessageStream::new(&value).parse_unstructured();
    one_line(parsed.as_text().unwrap_or_default())
}

/// A value as it is, in one line.
pub(super) fn raw_text(value: &[u8]) -> String {
    one_line(&String::from_utf8_lossy(value))
}

/// The people that a value names, at most so many.
pub(super) fn mailboxes(value: &[u8], most: usize) -> Vec<Mailbox> {
    let value = ended(value, LIST);
    let parsed = MessageStream::new(&value).parse_address();
    let HeaderValue::Address(addresses) = parsed else { return Vec::new() };
    named(&addresses).take(most).collect()
}

fn named<'a>(addresses: &'a Address<'a>) -> impl Iterator<Item = Mailbox> + 'a {
    addresses.iter().filter_map(|one| {
        let address = cut(one.address()?.trim(), NAME);
        let name = one.name().map(|name| cut(&one_line(name), NAME).to_owned()).filter(|name| !name.is_empty());
        let is_one = address.contains('@') && !address.contains(|c: char| c.is_whitespace() || c.is_control());
        is_one.then(|| Mailbox { name, address: address.to_owned() })
    })
}

/// The ids that a value names, the last ones where it is very long: they are the newest.
pub(super) fn ids(value: &[u8]) -> Vec<String> {
    let value = ended(&value[value.len().saturating_sub(LIST)..], LIST);
    let parsed = MessageStream::new(&value).parse_id();
    parsed.as_text_list().unwrap_or_default().iter().filter_map(|text| id(text)).collect()
}

/// When a value says that it was.
pub(super) fn date(value: &[u8]) -> Option<i64> {
    let value = ended(value, LINE);
    match MessageStream::new(&value).parse_date() {
        HeaderValue::DateTime(date) if date.is_valid() => Some(date.to_timestamp()),
        _ => None,
    }
}

/// What a part says to be.
#[derive(Default)]
pub(super) struct Kind {
    /// Such as `text`, in small letters.
    pub(super) main: String,
    /// Such as `plain`, in small letters.
    pub(super) sub: String,
    pub(super) charset: Option<String>,
    pub(super) boundary: Option<String>,
    /// What a report is about, in small letters.
    pub(super) report_type: Option<String>,
    pub(super) is_flowed: bool,
    pub(super) deletes_space: bool,
    /// The name of the file that it is.
    pub(super) name: Option<String>,
    pub(super) disposition: Option<String>,
}

impl Kind {
    pub(super) fn of(fields: &[Field<'_>], in_digest: bool) -> Self {
        let parameters = |name| first(fields, name).map(|value| ended(value, PARAMETERS));
        let (kind, disposition) = (parameters("Content-Type"), parameters("Content-Disposition"));
        let kind = kind.as_deref().map(|value| MessageStream::new(value).parse_content_type());
        let kind = kind.as_ref().and_then(HeaderValue::as_content_type);
        let disposition = disposition.as_deref().map(|value| MessageStream::new(value).parse_content_type());
        let disposition = disposition.as_ref().and_then(HeaderValue::as_content_type);
        let of = |name: &str| kind.and_then(|kind| kind.attribute(name));
        let (main, sub) = match kind {
            Some(kind) => (kind.ctype(), kind.subtype().unwrap_or_default()),
            None if in_digest => ("message", "rfc822"),
            None => ("text", "plain"),
        };
        let name = disposition.and_then(|disposition| disposition.attribute("filename")).or_else(|| of("name"));
        Self {
            main: token(main),
            sub: token(sub),
            charset: of("charset").map(str::to_owned),
            boundary: of("boundary").map(str::to_owned).filter(|boundary| !boundary.is_empty()),
            report_type: of("report-type").map(str::to_ascii_lowercase),
            is_flowed: of("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed")),
            deletes_space: of("delsp").is_some_and(|delete| delete.eq_ignore_ascii_case("yes")),
            name: name.map(file_name).filter(|name| !name.is_empty()),
            disposition: disposition.map(|disposition| token(disposition.ctype())),
        }
    }

    pub(super) fn is(&self, main: &str, sub: &str) -> bool {
        self.main == main && self.sub == sub
    }
}

/// A word that is part of a type, cut where it is longer than any.
fn token(word: &str) -> String {
    let word = word.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '/' | ';' | ',')).take(60);
    word.collect::<String>().to_ascii_lowercase()
}

/// A name of a file in one line. Many programs write encoded words here, though the standard has another way.
fn file_name(name: &str) -> String {
    let decoded = if name.contains("=?") { text(name.as_bytes()) } else { one_line(name) };
    cut(&decoded, 255).to_owned()
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
