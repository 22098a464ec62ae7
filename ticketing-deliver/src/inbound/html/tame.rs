//! Brings HTML into a plain form before a parser sees it: tags that are known, with the few attributes that are kept, every
//! other `<` as text. In this form no tag has many attributes, nothing is a comment or a script, and what is repeated where it
//! is not closed (`<b>` and its like) comes in so few kinds that it can't grow without end.

use super::Mark;
use super::sanitize::{REMOTE, TAGS, is_remote};
use std::fmt::Write as _;

/// Attributes of one tag that are looked at.
const ATTRIBUTES: usize = 64;
/// Bytes of the value of an attribute that is kept.
const VALUE: usize = 2_000;
/// What these hold is not said to anybody.
const SILENT: [&str; 16] = [
    "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "template", "svg", "math",
    "object", "select", "video", "audio", "xml",
];

/// The HTML in its plain form, of at most about so many bytes and tags, and whether it had more.
pub(super) fn tame(html: &str, most: usize, most_tags: usize) -> (String, bool) {
    let mut taming = Taming { rest: html, plain: String::with_capacity(html.len().min(most)), tags: 0, is_line: false };
    while let Some(at) = taming.rest.find('<') {
        let (text, rest) = taming.rest.split_at(at);
        taming.plain.push_str(text);
        taming.rest = rest;
        if taming.plain.len() > most || taming.tags >= most_tags {
            break;
        }
        taming.markup();
    }
    let room = most.saturating_sub(taming.plain.len());
    let end = taming.rest.floor_char_boundary(room);
    let is_cut = end < taming.rest.len() || taming.plain.len() > most;
    if !taming.rest.starts_with('<') && taming.tags < most_tags {
        taming.plain.push_str(&taming.rest[..end]);
    }
    (taming.plain, is_cut)
}

/// A text as HTML says it.
pub(in super::super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

struct Taming<'h> {
    rest: &'h str,
    plain: String,
    tags: usize,
    /// Whether a paragraph of Word is open, which is a line.
    is_line: bool,
}

impl<'h> Taming<'h> {
    /// What begins with the `<` that the rest begins with.
    fn markup(&mut self) {
        let behind = &self.rest[1..];
        if behind.starts_with("!--") {
            self.comment();
        } else if behind.starts_with(['!', '?']) {
            self.skip_to('>');
        } else if let Some(named) = behind.strip_prefix('/').filter(|named| named.starts_with(is_letter)) {
            let name = tag_name(named);
            self.skip_to('>');
            self.end(&name);
        } else if behind.starts_with(is_letter) {
            let name = tag_name(behind);
            self.rest = &behind[name.len()..];
            self.start(&name);
        } else {
            self.plain.push_str("&lt;");
            self.rest = behind;
        }
    }

    fn comment(&mut self) {
        let inner = &self.rest[4..];
        // As browsers do: a comment may be closed where it opens.
        let short = ["->", ">"].into_iter().find(|end| inner.starts_with(end)).map(str::len);
        let end = short.or_else(|| inner.find("-->").map(|at| at + 3)).unwrap_or(inner.len());
        self.rest = &inner[end..];
    }

    fn skip_to(&mut self, end: char) {
        self.rest = self.rest.find(end).map_or("", |at| &self.rest[at + 1..]);
    }

    fn end(&mut self, name: &str) {
        if name == "p" && self.is_line {
            self.is_line = false;
            self.plain.push_str("</div>");
        } else if is_known(name) && !matches!(name, "br" | "hr" | "img" | "col" | "wbr") {
            self.is_line = false;
            let _ = write!(self.plain, "</{name}>");
        } else if name == "br" {
            self.plain.push_str("<br>");
        }
        self.tags += 1;
    }

    fn start(&mut self, name: &str) {
        self.tags += 1;
        let mut kept = String::new();
        let (mut mark, mut is_line) = (None, false);
        let (mut remote, mut is_dot) = (None, false);
        let mut seen = 0;
        while let Some((attribute, value)) = self.attribute() {
            seen += 1;
            if seen > ATTRIBUTES {
                continue;
            }
            let attribute = attribute.to_ascii_lowercase();
            match attribute.as_str() {
                "class" | "id" | "type" | "style" | "name" => {
                    mark = mark.or_else(|| mark_of(name, &attribute, value));
                    is_line |=
                        attribute == "class" && value.trim().get(..3).is_some_and(|so| so.eq_ignore_ascii_case("mso"));
                }
                "src" if name == "img" && is_remote(value) => remote = remote.or(Some(value)),
                _ if is_kept(name, &attribute) && !kept.contains(&format!(" {attribute}=")) => {
                    is_dot |= matches!(attribute.as_str(), "width" | "height")
                        && matches!(value.trim().trim_end_matches("px"), "0" | "1");
                    keep(&mut kept, &attribute, value);
                }
                _ => {}
            }
        }
        if SILENT.contains(&name) {
            self.silence(name);
            return;
        }
        if !is_known(name) {
            return;
        }
        // One that is too small to be seen only counts who reads the mail.
        if let Some(remote) = remote.filter(|_| !is_dot && !kept.contains(" src=")) {
            keep(&mut kept, REMOTE, remote);
        }
        if let Some(mark) = mark {
            keep(&mut kept, Mark::NAME, mark.word());
        }
        let is_paragraph = name == "p";
        if self.is_line && is_paragraph {
            self.plain.push_str("</div>");
            self.is_line = false;
        }
        if is_paragraph && is_line {
            self.is_line = true;
            let _ = write!(self.plain, "<div{kept}>");
        } else {
            let _ = write!(self.plain, "<{name}{kept}>");
        }
    }

    /// Passes over what an element holds that says nothing.
    fn silence(&mut self, name: &str) {
        let mut from = 0;
        while let Some(at) = self.rest[from..].find("</") {
            let behind = &self.rest[from + at + 2..];
            if behind.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
                && !behind[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
            {
                self.rest = behind;
                self.skip_to('>');
                return;
            }
            from += at + 2;
        }
        self.rest = "";
    }

    /// The next attribute of the tag that is being read; nothing where the tag ends.
    fn attribute(&mut self) -> Option<(&'h str, &'h str)> {
        let rest = self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() || rest.starts_with('>') {
            self.rest = rest.get(1..).unwrap_or_default();
            return None;
        }
        let is_end = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '=');
        // Where it begins with `=`, that is a part of its name.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find(is_end).map_or(rest.len(), |at| first + at);
        let (name, behind) = rest.split_at(end);
        let Some(value) = behind.trim_ascii_start().strip_prefix('=') else {
            self.rest = behind;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(value.len())),
        };
        self.rest = rest;
        Some((name, value))
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic()
}

fn tag_name(text: &str) -> String {
    let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(text.len());
    text[..end].to_ascii_lowercase()
}

fn keep(kept: &mut String, attribute: &str, value: &str) {
    if value.len() <= VALUE {
        let value = value.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = write!(kept, " {attribute}=\"{value}\"");
    }
}

fn is_known(name: &str) -> bool {
    TAGS.binary_search(&name).is_ok()
}

fn is_kept(tag: &str, attribute: &str) -> bool {
    match tag {
        "a" => matches!(attribute, "href" | "title"),
        "img" => matches!(attribute, "src" | "alt" | "width" | "height"),
        "td" | "th" => matches!(attribute, "colspan" | "rowspan" | "align"),
        "ol" => attribute == "start",
        _ => false,
    }
}

/// What an element is by what programs call it.
fn mark_of(tag: &str, attribute: &str, value: &str) -> Option<Mark> {
    // Elements for letters are never marked: each kind of them must stay one.
    if !matches!(tag, "div" | "blockquote" | "span" | "p" | "pre" | "hr" | "table" | "td") {
        return None;
    }
    let names = || value.split_ascii_whitespace();
    match attribute {
        "type" if tag == "blockquote" && value.eq_ignore_ascii_case("cite") => Some(Mark::Cite),
        "class" | "id" | "name" => names().find_map(|name| named(tag, name)),
        // Outlook on a desktop knows no name for it, but rules it off.
        "style" if tag == "div" => {
            let style: String = value.chars().filter(|c| !c.is_ascii_whitespace()).take(200).collect();
            let style = style.to_ascii_lowercase();
            let is_ruled = ["border-top:solid#e1e1e1", "border-top:solid#b5c4df", "border-top:solidwindowtext"];
            is_ruled.iter().any(|rule| style.contains(rule)).then_some(Mark::Reply)
        }
        _ => None,
    }
}

fn named(tag: &str, name: &str) -> Option<Mark> {
    // Outlook puts a mark of its own before the names in a mail that is answered.
    let name = name.strip_prefix("x_").unwrap_or(name);
    match name {
        "gmail_attr" | "moz-cite-prefix" | "protonmail_quote_header" => Some(Mark::Attribution),
        "yahoo_quoted" | "moz-cite" | "cite" | "protonmail_quote" | "zmail_extra" | "tutanota_quote" => {
            Some(Mark::Cite)
        }
        "gmail_quote" if tag == "blockquote" => Some(Mark::Cite),
        "divRplyFwdMsg" | "OutlookMessageHeader" | "mail-editor-reference-message-container" => Some(Mark::Reply),
        "gmail_signature"
        | "moz-signature"
        | "AppleMailSignature"
        | "Signature"
        | "ms-outlook-mobile-signature"
        | "protonmail_signature_block" => Some(Mark::Signature),
        _ => None,
    }
}
