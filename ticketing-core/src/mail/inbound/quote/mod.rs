//! What of an answer is new: what it quotes of the conversation and how it is signed is folded away, never lost.
//!
//! There is no standard for either. What is known are the shapes of the programs that people use (Gmail, Outlook, Apple
//! Mail, Thunderbird, Yahoo and those that follow them) in the languages of [`word`]. Where a shape is not known, where an
//! answer stands between the lines of what it answers, and where a mail is passed on, the text stays whole: to show too much
//! is better than to hide a word of the answer.

mod word;

use super::InboundMail;
use std::ops::Range;
use word::{ADDED, ADDED_END, BEGIN_FORWARDED, FORWARD, FORWARDED, FROM, FURTHER, ON, ORIGINAL, WROTE};

/// A text in its parts; side by side they are the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded<'a> {
    /// What was said before, where the answer stands under it.
    pub above: &'a str,
    /// What is new.
    pub fresh: &'a str,
    /// How it is signed.
    pub signature: &'a str,
    /// What was said before, under the answer.
    pub quoted: &'a str,
}

impl Folded<'_> {
    /// Whether something of it was said before.
    pub fn has_quotation(&self) -> bool {
        !self.above.is_empty() || !self.quoted.is_empty()
    }
}

/// How many lines of a text are looked at; what is behind is taken for part of what is before.
const MOST_LINES: usize = 10_000;
/// How many bytes of a line are looked at. What programs write is shorter.
const LINE: usize = 300;
/// How many lines an attribution may be broken into.
const ATTRIBUTION: usize = 4;
/// How many headers of a mail that is quoted whole are looked at.
const HEADER_BLOCK: usize = 8;
/// How many lines a signature may have behind the mark that RFC 3676 wants, and behind one that lacks its blank.
const SIGNATURE: usize = 40;
const LOOSE_SIGNATURE: usize = 10;

impl InboundMail {
    /// The text in its parts. A mail that is passed on, by its subject, is whole: what it quotes is what it is about.
    pub fn folded(&self) -> Folded<'_> {
        let subject = crate::fold::fold(self.subject.trim_start());
        if FORWARD.iter().any(|beginning| subject.starts_with(beginning)) {
            return Folded { fresh: &self.text, ..Folded::default() };
        }
        fold(&self.text)
    }
}

/// Takes a text apart. One that is nothing but quotation or signature stays whole.
pub fn fold(text: &str) -> Folded<'_> {
    let lines = Lines::of(text);
    let begins = lines.answer_below().unwrap_or(0);
    let quoted = lines.quotation(begins).unwrap_or(lines.count());
    let signed = lines.signature(begins, quoted).unwrap_or(quoted);
    let [fresh, signature, quotation] = [begins, signed, quoted].map(|line| lines.start(line));
    if text[fresh..signature].trim().is_empty() {
        return Folded { fresh: text, ..Folded::default() };
    }
    Folded {
        above: &text[..fresh],
        fresh: &text[fresh..signature],
        signature: &text[signature..quotation],
        quoted: &text[quotation..],
    }
}

struct Lines<'a> {
    text: &'a str,
    places: Vec<Range<usize>>,
    /// The beginning of each line, folded and without blanks around it.
    folded: Vec<String>,
    /// From here on every line is marked or blank, or part of a signature below all of it.
    tail: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let (mut places, mut folded) = (Vec::new(), Vec::new());
        let mut start = 0;
        for line in text.split_inclusive('\n').take(MOST_LINES) {
            places.push(start..start + line.len());
            start += line.len();
            let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{200b}' || c == '\u{feff}');
            // What is longer than anything that a program writes is never looked at.
            folded.push(if line.len() <= LINE { crate::fold::fold(line) } else { "…".to_owned() });
        }
        let mut lines = Self { text, places, folded, tail: 0 };
        lines.tail = lines.count();
        if start == text.len() {
            let plain = |at: &usize| !lines.is_marked(*at) && !lines.is_blank(*at);
            let marked = (0..lines.count()).rfind(|at| lines.is_marked(*at));
            // Some sign below the quotation.
            let end = marked.and_then(|marked| lines.next_line(marked + 1)).filter(|at| lines.is_signature_mark(*at));
            let end = end.unwrap_or(lines.count());
            lines.tail = (0..end).rfind(plain).map_or(0, |last| last + 1);
        }
        lines
    }

    fn count(&self) -> usize {
        self.places.len()
    }

    /// Where a line begins; the end of the text behind the last.
    fn start(&self, line: usize) -> usize {
        self.places.get(line).map_or(self.text.len(), |place| place.start)
    }

    /// A line, folded.
    fn line(&self, at: usize) -> &str {
        self.folded.get(at).map_or("", String::as_str)
    }

    fn is_blank(&self, at: usize) -> bool {
        self.line(at).is_empty()
    }

    fn is_marked(&self, at: usize) -> bool {
        let line = self.places.get(at).map_or("", |place| &self.text[place.clone()]);
        line.trim_start().starts_with('>')
    }

    /// The next line that is not blank.
    fn next_line(&self, at: usize) -> Option<usize> {
        (at..self.count()).find(|at| !self.is_blank(*at))
    }

    /// The first line of an answer that stands under what it answers, all of which stands above.
    fn answer_below(&self) -> Option<usize> {
        let first = self.next_line(0)?;
        let marked = if self.is_marked(first) { first } else { self.after_attribution(first)? };
        let answer = (marked..self.count()).find(|at| !self.is_marked(*at) && !self.is_blank(*at))?;
        let is_between = (answer..self.count()).any(|at| self.is_marked(at)) || self.count() == MOST_LINES;
        (!is_between && !self.is_signature_mark(answer)).then_some(answer)
    }

    /// The first line of what was said before, from this line on. Nothing where a mail that is passed on comes first.
    fn quotation(&self, from: usize) -> Option<usize> {
        let mut lines = (from..self.count()).filter(|at| !self.is_blank(*at));
        lines.find_map(|at| {
            if self.is_forward(at) {
                return Some(None);
            }
            (self.is_whole_mail(at) || self.is_marked_to_the_end(at) || self.is_unmarked(at)).then_some(Some(at))
        })?
    }

    fn is_forward(&self, at: usize) -> bool {
        let line = self.line(at);
        BEGIN_FORWARDED.contains(&line) || line.starts_with("--") && FORWARDED.contains(&bare(line))
    }

    /// A mail that is quoted whole, without marks, as Outlook does: all that follows is that mail.
    fn is_whole_mail(&self, at: usize) -> bool {
        let line = self.line(at);
        let inner = bare(line);
        if line.starts_with("--") && ORIGINAL.contains(&inner) {
            return true;
        }
        let is_rule = line.len() >= 20 && inner.is_empty();
        let below = self.next_line(at + 1).filter(|_| is_rule);
        below.is_some_and(|below| self.is_header_block(below) || self.is_like_headers(below))
            || self.is_header_block(at)
    }

    fn is_header_block(&self, at: usize) -> bool {
        let plain = |at: usize| self.line(at).trim_start_matches('*').replace(":*", ":");
        let first = plain(at);
        if !FROM.iter().any(|name| first.starts_with(name)) {
            return false;
        }
        let further = self.block(at + 1).filter(|at| {
            let line = plain(*at);
            FURTHER.iter().any(|name| line.starts_with(name))
        });
        further.count() >= 2
    }

    /// Below a rule, in whatever language: three headers one under the other, one of them with an address.
    fn is_like_headers(&self, at: usize) -> bool {
        let is_header = |at: &usize| {
            let label = self.line(*at).split_once(':').map(|(label, _)| label.chars().count());
            label.is_some_and(|length| (1..=20).contains(&length))
        };
        self.block(at).take_while(is_header).count() >= 3 && self.block(at).any(|at| self.line(at).contains('@'))
    }

    /// The lines from here to the next blank one, as many as headers may be.
    fn block(&self, at: usize) -> impl Iterator<Item = usize> {
        (at..self.count().min(at + HEADER_BLOCK)).take_while(|at| !self.is_blank(*at))
    }

    /// Lines that are marked by `>`, with what says whose they are above, and nothing but such lines and blank ones to the
    /// end: who answers between the lines has written what follows.
    fn is_marked_to_the_end(&self, at: usize) -> bool {
        let first = if self.is_marked(at) { Some(at) } else { self.after_attribution(at) };
        first.is_some_and(|first| first >= self.tail)
    }

    /// Where the marked lines begin that an attribution announces.
    fn after_attribution(&self, at: usize) -> Option<usize> {
        let end = self.attribution(at)?;
        self.next_line(end + 1).filter(|first| self.is_marked(*first))
    }

    /// The last line of an attribution that begins here.
    fn attribution(&self, at: usize) -> Option<usize> {
        if self.is_blank(at) || self.is_marked(at) {
            return None;
        }
        let lines =
            (at..self.count().min(at + ATTRIBUTION)).take_while(|line| !self.is_blank(*line) && !self.is_marked(*line));
        let end = lines.clone().find(|line| self.line(*line).ends_with(':'))?;
        let any = |has: &dyn Fn(&str) -> bool| (at..=end).any(|line| has(self.line(line)));
        let has_address = any(&|line| line.contains('@'));
        let has_number = any(&|line| line.contains(|c: char| c.is_numeric()));
        let is_on = ON.iter().any(|word| self.line(at).starts_with(word));
        let says = any(&|line| WROTE.iter().any(|word| line.contains(word)));
        let begins = is_on
            || at == end
            || self.line(at).contains('@')
            || self.line(at).contains(|c: char| c.is_numeric()) && (at == 0 || self.is_blank(at - 1));
        let is_one = says && (has_address || has_number || is_on) || has_address && has_number;
        (begins && is_one).then_some(end)
    }

    /// An attribution of all that follows, where nothing is marked at all, as Yahoo does. So it has to be a sure one.
    fn is_unmarked(&self, at: usize) -> bool {
        let Some(end) = self.attribution(at) else { return false };
        let all: String = (at..=end).map(|line| self.line(line)).collect::<Vec<_>>().join(" ");
        ON.iter().any(|word| all.starts_with(word))
            && WROTE.iter().any(|word| all.contains(word))
            && all.contains('@')
            && all.contains(|c: char| c.is_numeric())
            && self.next_line(end + 1).is_some()
            && !(end..self.count()).any(|line| self.is_marked(line))
    }

    /// Whether a line is the mark of RFC 3676 above a signature, and not too much follows for one.
    fn is_signature_mark(&self, at: usize) -> bool {
        let line = self.places.get(at).map_or("", |place| self.text[place.clone()].trim_end_matches(['\r', '\n']));
        let most = match line {
            "-- " => SIGNATURE,
            "--" | "—" => LOOSE_SIGNATURE,
            _ => return false,
        };
        let said =
            (at + 1..self.count().min(at + 1 + 4 * SIGNATURE)).filter(|at| !self.is_blank(*at) && !self.is_marked(*at));
        said.count() <= most
    }

    /// The first line of the signature between these lines: behind the mark of RFC 3676 (`-- `), or what a phone adds.
    fn signature(&self, from: usize, end: usize) -> Option<usize> {
        let is_mark = |at: &usize| {
            let line = self.line(*at);
            if line != "--" && line != "—" {
                return false;
            }
            let said = (at + 1..end).filter(|at| !self.is_blank(*at)).take(SIGNATURE + 1).count();
            let exact = self.text[self.places[*at].clone()].starts_with("-- ");
            said <= if exact { SIGNATURE } else { LOOSE_SIGNATURE }
        };
        let marked = (from..end).rev().take(5 * SIGNATURE).find(is_mark);
        if marked.is_some() {
            return marked;
        }
        let mut signed = None;
        // Two programs may have added something.
        for _ in 0..2 {
            let last = (from..signed.unwrap_or(end)).rfind(|at| !self.is_blank(*at));
            let Some(last) = last.filter(|at| self.is_added(*at)) else { break };
            signed = Some(last);
        }
        signed
    }

    fn is_added(&self, at: usize) -> bool {
        let line = self.line(at);
        let is_short = line.chars().count() <= 100;
        is_short
            && (ADDED.iter().any(|start| line.starts_with(start)) || ADDED_END.iter().any(|end| line.ends_with(end)))
    }
}

/// A line without what rules it off.
fn bare(line: &str) -> &str {
    line.trim_matches(|c: char| matches!(c, '-' | '_' | '*') || c.is_whitespace())
}

#[cfg(test)]
mod tests;
