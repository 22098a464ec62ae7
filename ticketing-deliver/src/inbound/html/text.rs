//! The text that HTML says, with the marks that mail has for what was said before: `>` before each line of a quotation, a rule
//! above a mail that is quoted whole, `-- ` above a signature. Of HTML as the sanitiser writes it, in one pass.

use super::Mark;

/// What divides a mail that is quoted whole from the answer, as Outlook writes it in plain text.
const RULE: &str = "________________________________";
/// How deep a quotation can lie before that is not shown any more.
const DEEPEST: usize = 10;

/// The text of HTML that is safe, of at most about so many bytes, and whether it had more.
pub(in super::super) fn text_of(safe: &str, most: usize) -> (String, bool) {
    let mut writer = Writer { most, ..Writer::default() };
    let mut rest = safe;
    while let Some(at) = rest.find('<') {
        writer.words(&rest[..at]);
        let tag = &rest[at + 1..];
        let end = tag_end(tag);
        rest = tag.get(end + 1..).unwrap_or_default();
        let tag = &tag[..end];
        if writer.text.len() > most {
            return (writer.finish(), true);
        }
        match tag.strip_prefix('/') {
            Some(name) => writer.end(name),
            None => writer.start(tag, rest),
        }
    }
    writer.words(rest);
    (writer.finish(), false)
}

#[derive(Default)]
struct Writer {
    text: String,
    most: usize,
    line: String,
    /// Whether a blank is owed before the next word, and a blank line before the next line.
    owes_blank: bool,
    owes_line: bool,
    /// Whether the line holds a blank that is to be seen, which is how editors write an empty line.
    is_spaced: bool,
    /// Whether blanks count.
    pre: usize,
    /// The elements that are open and what they change.
    open: Vec<Open>,
    quotes: usize,
    /// In how many quotations the last line lies.
    last_quotes: usize,
    lists: Vec<Option<usize>>,
    /// Where a link leads, and where in the line it began.
    link: Option<(String, usize)>,
}

struct Open {
    name: String,
    is_quote: bool,
}

impl Writer {
    fn start(&mut self, tag: &str, rest: &str) {
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let mark = attribute(attributes, Mark::NAME).and_then(|word| Mark::from_word(&word));
        let is_quote = match mark {
            Some(Mark::Cite) => true,
            // A mail that is passed on says so between dashes. It is no quotation but what the mail is about.
            Some(Mark::Attribution) => !first_words(rest).starts_with("---"),
            _ => false,
        };
        match name {
            "br" => self.end_line(),
            "hr" => self.block(),
            "img" => self.picture(attributes),
            "td" | "th" => self.owes_blank = true,
            "a" => self.link = attribute(attributes, "href").map(|url| (url, self.line.len())),
            "p" | "blockquote" | "ul" | "ol" | "dl" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.paragraph();
            }
            _ if is_block(name) => self.block(),
            _ => {}
        }
        match mark {
            Some(Mark::Reply) => {
                self.block();
                self.words(RULE);
                self.end_line();
            }
            Some(Mark::Signature) if !first_words(rest).starts_with("--") && self.last_line() != "--" => {
                self.block();
                self.line.push_str("-- ");
                self.end_line();
            }
            _ => {}
        }
        if is_quote {
            self.block();
            self.quotes += 1;
        }
        match name {
            "pre" => self.pre += 1,
            "ul" => self.lists.push(None),
            "ol" => {
                let start = attribute(attributes, "start").and_then(|start| start.parse().ok());
                self.lists.push(Some(start.unwrap_or(1)));
            }
            "li" => {
                let sign = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                self.line.push_str(&sign);
            }
            _ => {}
        }
        if !matches!(name, "br" | "hr" | "img" | "col" | "wbr") {
            self.open.push(Open { name: name.to_owned(), is_quote });
        }
    }

    /// Ends the innermost element, which the sanitiser always closes first.
    fn end(&mut self, name: &str) {
        let Some(open) = self.open.pop_if(|open| open.name == name) else { return };
        match name {
            "a" => self.end_link(),
            "pre" => self.pre = self.pre.saturating_sub(1),
            "ul" | "ol" => drop(self.lists.pop()),
            _ => {}
        }
        match name {
            "p" | "blockquote" | "ul" | "ol" | "dl" | "table" | "pre" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.paragraph();
            }
            _ if is_block(name) => self.block(),
            _ => {}
        }
        if open.is_quote {
            self.block();
            self.quotes = self.quotes.saturating_sub(1);
        }
    }

    fn words(&mut self, escaped: &str) {
        if self.text.len() + self.line.len() > self.most.saturating_mul(2) {
            return;
        }
        let text = unescape(escaped);
        if self.pre > 0 {
            let mut lines = text.split('\n');
            self.line.push_str(lines.next().unwrap_or_default());
            for line in lines {
                self.end_line();
                self.line.push_str(line);
            }
            return;
        }
        self.is_spaced |= text.contains('\u{a0}');
        if text.starts_with(is_blank) {
            self.owes_blank = true;
        }
        for word in text.split(is_blank).filter(|word| !word.is_empty()) {
            if self.owes_blank && !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
            self.line.push_str(word);
            self.owes_blank = true;
        }
        self.owes_blank = text.ends_with(is_blank) || self.owes_blank && text.trim_matches(is_blank).is_empty();
    }

    fn picture(&mut self, attributes: &str) {
        let says = attribute(attributes, "alt").map(|alt| alt.trim().to_owned()).filter(|alt| !alt.is_empty());
        // One that is not brought along shows nothing.
        if let Some(says) = says.filter(|_| attribute(attributes, "src").is_some()) {
            self.words(&format!(" [{}] ", super::escape(&says)));
        }
    }

    /// Says where a link leads, unless its words do.
    fn end_link(&mut self) {
        let Some((url, begun)) = self.link.take() else { return };
        let words = self.line.get(begun..).unwrap_or_default().trim();
        let bare = |url: &str| url.trim_end_matches('/').split_once("://").map(|(_, rest)| rest.to_owned());
        let is_web = url.starts_with("http://") || url.starts_with("https://");
        let is_said = bare(&url).is_some_and(|bare| words.contains(&bare)) || words.is_empty();
        if is_web && !is_said && url.len() <= 500 {
            self.line.push_str(" <");
            self.line.push_str(&url);
            self.line.push('>');
        }
    }

    fn last_line(&self) -> &str {
        let said = if self.line.trim().is_empty() { self.text.trim_end() } else { &self.line };
        said.rsplit('\n').next().unwrap_or_default().trim()
    }

    /// Ends a line that says something.
    fn block(&mut self) {
        if self.is_spaced || !self.line.trim().is_empty() {
            self.end_line();
        }
        self.line.clear();
        self.owes_blank = false;
    }

    /// Ends a line, and leaves a blank one before the next.
    fn paragraph(&mut self) {
        self.block();
        self.owes_line = !self.text.is_empty();
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        (self.owes_blank, self.is_spaced) = (false, false);
        let is_mark = line == "-- ";
        let line = if is_mark { line.as_str() } else { line.trim_end() };
        if line.is_empty() {
            // Not more than one blank line after another.
            self.owes_line = !self.text.is_empty();
            return;
        }
        if self.owes_line {
            self.mark(self.quotes.min(self.last_quotes));
            self.text.truncate(self.text.trim_end_matches(' ').len());
            self.text.push('\n');
        }
        self.owes_line = false;
        self.last_quotes = self.quotes;
        self.mark(self.quotes);
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn mark(&mut self, quotes: usize) {
        for _ in 0..quotes.min(DEEPEST) {
            self.text.push_str("> ");
        }
    }

    fn finish(mut self) -> String {
        self.block();
        self.text
    }
}

/// Where a tag ends: at the first `>` that is in no value.
fn tag_end(tag: &str) -> usize {
    let mut in_value = false;
    let ends = |c: char| {
        in_value ^= c == '"';
        c == '>' && !in_value
    };
    tag.find(ends).unwrap_or(tag.len())
}

fn is_block(name: &str) -> bool {
    matches!(name, "div" | "li" | "tr" | "dd" | "dt" | "center" | "caption" | "pre" | "tbody" | "thead" | "tfoot")
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\r' | '\u{a0}' | '\u{200b}' | '\u{feff}')
}

/// An attribute as the sanitiser writes it.
fn attribute(attributes: &str, name: &str) -> Option<String> {
    let start = attributes.match_indices(name).find_map(|(at, _)| {
        let is_whole = at == 0 || attributes[..at].ends_with(' ');
        attributes[at + name.len()..].strip_prefix("=\"").filter(|_| is_whole)
    })?;
    start.split_once('"').map(|(value, _)| unescape(value))
}

/// The first words behind a tag, whatever tags stand before them.
fn first_words(rest: &str) -> &str {
    let mut rest = rest.trim_start_matches(is_blank);
    for _ in 0..10 {
        let Some(tag) = rest.strip_prefix('<') else { break };
        rest = tag.split_once('>').map_or("", |(_, behind)| behind).trim_start_matches(is_blank);
    }
    rest
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let names = [("&nbsp;", "\u{a0}"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\"")];
    let plain = names.into_iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign));
    plain.replace("&amp;", "&")
}
