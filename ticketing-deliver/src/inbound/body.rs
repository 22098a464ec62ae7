//! Which parts of a mail are its text, which its HTML and which are files: as RFC 8621 (4.1.4) sorts them.

use super::field::{cut, first, id, raw_text};
use super::limit::Limits;
use super::part::{Part, Parts};
use super::{decode, html};
use std::collections::BTreeSet;
use ticketing_core::mail::inbound::{InboundFile, LeftOut};

/// Bytes of a mail that is passed on in which its subject is looked for.
const HEAD: usize = 32 * 1024;

/// A mail's parts by what they are to its reader, by their places.
#[derive(Default)]
pub(super) struct Sorted {
    text: Vec<usize>,
    html: Vec<usize>,
    pub(super) files: Vec<usize>,
}

/// Sorts the parts of a mail. Goes no deeper than parts were taken apart.
pub(super) fn sort(parts: &Parts<'_>) -> Sorted {
    let mut sorting = Sorting { parts: &parts.parts, sorted: Sorted::default() };
    sorting.sort(&[0], "mixed", Way { in_alternative: false, text: true, html: true });
    sorting.sorted
}

struct Sorting<'p, 'a> {
    parts: &'p [Part<'a>],
    sorted: Sorted,
}

#[derive(Clone, Copy)]
struct Way {
    in_alternative: bool,
    /// Whether what is met belongs to the text, and to the HTML.
    text: bool,
    html: bool,
}

impl Sorting<'_, '_> {
    fn sort(&mut self, places: &[usize], of: &str, mut way: Way) -> Way {
        let (texts, htmls) = (self.sorted.text.len(), self.sorted.html.len());
        for (nth, at) in places.iter().enumerate() {
            let part = &self.parts[*at];
            if part.kind.main == "multipart" && !part.children.is_empty() {
                let sub = part.kind.sub.as_str();
                let inner = Way { in_alternative: way.in_alternative || sub == "alternative", ..way };
                let after = self.sort(&part.children, sub, inner);
                (way.text, way.html) = (after.text, after.html);
            } else if is_read(part, nth, of) {
                self.read(*at, of, &mut way);
            } else {
                self.sorted.files.push(*at);
            }
        }
        if of == "alternative" && way.text && way.html {
            let (more_text, more_html) = (self.sorted.text.len() > texts, self.sorted.html.len() > htmls);
            if more_html && !more_text {
                self.sorted.text.extend_from_slice(&self.sorted.html[htmls..]);
            } else if more_text && !more_html {
                self.sorted.html.extend_from_slice(&self.sorted.text[texts..]);
            }
        }
        way
    }

    fn read(&mut self, at: usize, of: &str, way: &mut Way) {
        let kind = &self.parts[at].kind;
        let is_html = kind.is("text", "html");
        if of == "alternative" {
            if is_html { &mut self.sorted.html } else { &mut self.sorted.text }.push(at);
            return;
        }
        if way.in_alternative {
            way.html &= is_html;
            way.text &= !is_html;
        }
        if way.text {
            self.sorted.text.push(at);
        }
        if way.html {
            self.sorted.html.push(at);
        }
    }
}

/// Whether a part is read as the mail's text, and is no file.
fn is_read(part: &Part<'_>, nth: usize, of: &str) -> bool {
    let kind = &part.kind;
    // Several parts that can't be told apart are read as the text that they are.
    let is_text = kind.is("text", "plain") || kind.is("text", "html") || kind.main == "multipart";
    let is_attached = kind.disposition.as_deref() == Some("attachment");
    is_text && !is_attached && (nth == 0 || of != "related" && kind.name.is_none())
}

/// A mail's text and, where it came so, its HTML.
pub(super) fn bodies(
    raw: &[u8],
    parts: &Parts<'_>,
    sorted: &Sorted,
    limits: &Limits,
    left_out: &mut BTreeSet<LeftOut>,
) -> (String, Option<String>) {
    let html = html_of(raw, parts, sorted, limits, left_out);
    let is_plain = sorted.text.iter().any(|at| !parts.parts[*at].kind.is("text", "html"));
    let text = if is_plain { text_of(raw, parts, sorted, limits, left_out) } else { String::new() };
    // Some programs send an empty text beside the HTML.
    let from_html = html.as_deref().filter(|_| text.trim().is_empty());
    let Some(safe) = from_html else { return (text, html) };
    let (text, is_cut) = html::text_of(safe, limits.text);
    (cut_text(text, is_cut, limits, left_out), html)
}

fn text_of(
    raw: &[u8],
    parts: &Parts<'_>,
    sorted: &Sorted,
    limits: &Limits,
    left_out: &mut BTreeSet<LeftOut>,
) -> String {
    let mut text = String::new();
    let mut is_cut = false;
    for at in &sorted.text {
        let (more, is_more) = part_text(raw, &parts.parts[*at], limits.text);
        let more = if parts.parts[*at].kind.is("text", "html") {
            html::text_of(&html::safe(&more, limits).0, limits.text).0
        } else {
            more
        };
        append(&mut text, &more);
        is_cut |= is_more;
        if text.len() > limits.text {
            break;
        }
    }
    cut_text(text, is_cut, limits, left_out)
}

fn cut_text(mut text: String, is_cut: bool, limits: &Limits, left_out: &mut BTreeSet<LeftOut>) -> String {
    if is_cut || text.len() > limits.text {
        left_out.insert(LeftOut::Text);
        text.truncate(text.floor_char_boundary(limits.text));
    }
    text
}

fn html_of(
    raw: &[u8],
    parts: &Parts<'_>,
    sorted: &Sorted,
    limits: &Limits,
    left_out: &mut BTreeSet<LeftOut>,
) -> Option<String> {
    sorted.html.iter().find(|at| parts.parts[**at].kind.is("text", "html"))?;
    let mut html = String::new();
    let mut is_cut = false;
    for at in &sorted.html {
        let part = &parts.parts[*at];
        let (more, is_more) = part_text(raw, part, limits.html);
        is_cut |= is_more;
        if part.kind.is("text", "html") {
            html.push_str(&more);
        } else {
            html.push_str("<div>");
            html.push_str(&html::escape(&more).replace('\n', "<br>"));
            html.push_str("</div>");
        }
        if html.len() > limits.html {
            break;
        }
    }
    let (safe, is_more) = html::safe(&html, limits);
    if is_cut || is_more {
        left_out.insert(LeftOut::Html);
    }
    Some(safe)
}

fn append(text: &mut String, more: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(more);
}

/// The text of a part, and whether it had more.
pub(super) fn part_text(raw: &[u8], part: &Part<'_>, most: usize) -> (String, bool) {
    let body = raw.get(part.body.clone()).unwrap_or_default();
    // Nothing that is decoded is longer than what it makes by more than this, unless it is made to be.
    let end = body.len().min(most.saturating_mul(16));
    let bytes = decode::bytes(&body[..end], first(&part.fields, "Content-Transfer-Encoding"));
    let (text, is_cut) = decode::text(&bytes, &part.kind, most);
    (text, is_cut || end < body.len())
}

pub(super) fn part_bytes<'a>(raw: &'a [u8], part: &Part<'_>) -> std::borrow::Cow<'a, [u8]> {
    let body = raw.get(part.body.clone()).unwrap_or_default();
    decode::bytes(body, first(&part.fields, "Content-Transfer-Encoding"))
}

/// The files of a mail.
pub(super) fn files(
    raw: &[u8],
    parts: &Parts<'_>,
    sorted: &Sorted,
    limits: &Limits,
    left_out: &mut BTreeSet<LeftOut>,
) -> Vec<InboundFile> {
    let mut files = Vec::new();
    let mut room = limits.file_bytes;
    for at in &sorted.files {
        let part = &parts.parts[*at];
        // What several parts without any say, and what tells servers about a mail, is nobody's file.
        if part.kind.main == "multipart" && part.body.is_empty() {
            continue;
        }
        let bytes = part_bytes(raw, part);
        if files.len() == limits.files || bytes.len() > room {
            left_out.insert(LeftOut::Files);
            continue;
        }
        room -= bytes.len();
        files.push(file(part, bytes.into_owned()));
    }
    files
}

fn file(part: &Part<'_>, bytes: Vec<u8>) -> InboundFile {
    let kind = &part.kind;
    let content_type = match (kind.main.as_str(), kind.sub.as_str()) {
        ("", _) | (_, "") => "application/octet-stream".to_owned(),
        (main, sub) => cut(&format!("{main}/{sub}"), 127).to_owned(),
    };
    let content_id = first(&part.fields, "Content-ID").map(raw_text).and_then(|text| id(&text));
    // Some programs call every file inline. What can be shown within the text is a picture that it names.
    let is_inline = kind.main == "image" && kind.disposition.as_deref() != Some("attachment") && content_id.is_some()
        || kind.disposition.as_deref() == Some("inline") && kind.main == "image";
    InboundFile { name: name_of(part, &content_type, &bytes), content_type, content_id, is_inline, bytes }
}

/// The name of a file; a mail that is passed on has its subject.
fn name_of(part: &Part<'_>, content_type: &str, bytes: &[u8]) -> Option<String> {
    if part.kind.name.is_some() || !matches!(content_type, "message/rfc822" | "message/global") {
        return part.kind.name.clone();
    }
    let head = super::read::head_end(bytes, HEAD).min(HEAD);
    let fields = super::field::fields(&bytes[..head]);
    let subject = first(&fields, "Subject").map(super::field::text).unwrap_or_default();
    let subject: String =
        subject.chars().map(|c| if matches!(c, '/' | '\\' | ':') { '-' } else { c }).take(200).collect();
    Some(if subject.trim().is_empty() { "mail.eml".to_owned() } else { format!("{}.eml", subject.trim()) })
}
