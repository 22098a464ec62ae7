//! What of an answer is new: what it quotes of the conversation and how it is signed is folded away, never lost.
//!
//! There is no standard for either. What is known are the shapes of the programs that people use (Gmail, Outlook, Apple
//! Mail, Thunderbird and those that follow them) in the languages below. Where a shape is not known the text stays whole:
//! to show too much is better than to hide a word of the answer.

use std::ops::Range;

/// A text in its parts; side by side they are the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Folded<'a> {
    /// What is new.
    pub fresh: &'a str,
    /// How it is signed.
    pub signature: &'a str,
    /// What was said before.
    pub quoted: &'a str,
}

/// How many lines of a text are looked at; what is behind is taken for part of what is before.
const MOST_LINES: usize = 10_000;
/// How many lines an attribution may be broken into.
const ATTRIBUTION: usize = 4;
/// How many headers of a mail that is quoted whole are looked at.
const HEADER_BLOCK: usize = 8;

/// What stands in the line before a quotation, which ends in a colon.
const WROTE: [&str; 13] = [
    "wrote",
    "schrieb",
    "geschrieben",
    "a écrit",
    "escribió",
    "escreveu",
    "ha scritto",
    "schreef",
    "skrev",
    "napisał",
    "napisał(a)",
    "написал",
    "写道",
];

/// What such lines begin with.
const ON: [&str; 12] = ["on ", "am ", "le ", "el ", "em ", "il ", "op ", "den ", "w dniu ", "dnia ", "чт, ", "在 "];

/// What stands between dashes above a mail that is quoted whole.
const ORIGINAL: [&str; 13] = [
    "original message",
    "original-nachricht",
    "ursprüngliche nachricht",
    "message d'origine",
    "message original",
    "mensaje original",
    "mensagem original",
    "messaggio originale",
    "oorspronkelijk bericht",
    "ursprungligt meddelande",
    "forwarded message",
    "weitergeleitete nachricht",
    "message transféré",
];

/// The first header of a mail that is quoted whole, and those of which two follow.
const FROM: [&str; 9] = ["from:", "von:", "de:", "de :", "da:", "van:", "från:", "od:", "от:"];
const FURTHER: [&str; 24] = [
    "sent:",
    "date:",
    "to:",
    "subject:",
    "cc:",
    "gesendet:",
    "datum:",
    "an:",
    "betreff:",
    "envoyé:",
    "envoyé :",
    "à:",
    "à :",
    "objet:",
    "objet :",
    "date :",
    "enviado:",
    "enviado el:",
    "para:",
    "asunto:",
    "inviato:",
    "oggetto:",
    "verzonden:",
    "onderwerp:",
];

/// What phones and programs add below an answer.
const ADDED: [&str; 12] = [
    "sent from my ",
    "sent from outlook",
    "sent from mail for",
    "sent via ",
    "get outlook for ",
    "von meinem ",
    "gesendet von ",
    "envoyé de mon ",
    "envoyé depuis ",
    "enviado desde mi ",
    "inviato da ",
    "verstuurd vanaf mijn ",
];

/// Takes a text apart. One that is nothing but quotation stays whole.
pub fn fold(text: &str) -> Folded<'_> {
    let lines = Lines::of(text);
    let quoted = lines.quotation().unwrap_or(lines.count());
    let signed = lines.signature(quoted).unwrap_or(quoted);
    let (signature, quotation) = (lines.start(signed), lines.start(quoted));
    if text[..signature].trim().is_empty() {
        return Folded { fresh: text, signature: "", quoted: "" };
    }
    Folded { fresh: &text[..signature], signature: &text[signature..quotation], quoted: &text[quotation..] }
}

struct Lines<'a> {
    text: &'a str,
    places: Vec<Range<usize>>,
    /// From here on every line is marked or blank.
    tail: usize,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let mut places = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n').take(MOST_LINES) {
            places.push(start..start + line.len());
            start += line.len();
        }
        let mut lines = Self { text, places, tail: 0 };
        let is_whole = start == text.len();
        let last = (0..lines.count()).rfind(|at| !lines.is_marked(*at) && !lines.is_blank(*at));
        lines.tail = if is_whole { last.map_or(0, |last| last + 1) } else { lines.count() };
        lines
    }

    fn count(&self) -> usize {
        self.places.len()
    }

    /// Where a line begins; the end of the text behind the last.
    fn start(&self, line: usize) -> usize {
        self.places.get(line).map_or(self.text.len(), |place| place.start)
    }

    fn line(&self, at: usize) -> &'a str {
        self.places.get(at).map_or("", |place| self.text[place.clone()].trim())
    }

    fn is_blank(&self, at: usize) -> bool {
        self.line(at).is_empty()
    }

    fn is_marked(&self, at: usize) -> bool {
        self.line(at).starts_with('>')
    }

    /// The first line of what was said before.
    fn quotation(&self) -> Option<usize> {
        (0..self.count()).find(|at| self.is_whole_mail(*at) || self.is_marked_to_the_end(*at))
    }

    /// A mail that is quoted whole, without marks, as Outlook does: all that follows is that mail.
    fn is_whole_mail(&self, at: usize) -> bool {
        let line = crate::fold::fold(self.line(at));
        let inner = line.trim_matches(|c: char| c == '-' || c == '_' || c == '*' || c.is_whitespace());
        if line.starts_with("--") && ORIGINAL.contains(&inner) {
            return true;
        }
        let is_rule = line.len() >= 20 && inner.is_empty();
        is_rule && self.is_header_block(self.next_line(at + 1)) || self.is_header_block(at)
    }

    fn is_header_block(&self, at: usize) -> bool {
        let plain = |at: usize| crate::fold::fold(self.line(at).trim_start_matches('*'));
        if !FROM.iter().any(|name| plain(at).starts_with(name)) {
            return false;
        }
        let further = (at + 1..at + HEADER_BLOCK).take_while(|at| !self.is_blank(*at));
        further.filter(|at| FURTHER.iter().any(|name| plain(*at).starts_with(name))).count() >= 2
    }

    /// The next line that is not blank.
    fn next_line(&self, at: usize) -> usize {
        (at..self.count()).find(|at| !self.is_blank(*at)).unwrap_or(self.count())
    }

    /// Lines that are marked by `>`, with what says whose they are above, and nothing but such lines and blank ones to the
    /// end: who answers between the lines has written what follows.
    fn is_marked_to_the_end(&self, at: usize) -> bool {
        let first = if self.is_marked(at) { Some(at) } else { self.after_attribution(at) };
        first.is_some_and(|first| first >= self.tail)
    }

    /// Where what an attribution announces begins: marked lines, or all that follows where nothing is marked at all.
    fn after_attribution(&self, at: usize) -> Option<usize> {
        if self.is_blank(at) || self.is_marked(at) {
            return None;
        }
        let end = (at..at + ATTRIBUTION).take_while(|line| !self.is_blank(*line)).find(|line| {
            let folded = crate::fold::fold(self.line(*line));
            folded.ends_with(':') && WROTE.iter().any(|word| folded.contains(word))
        })?;
        let begins = crate::fold::fold(self.line(at));
        let first = self.next_line(end + 1);
        let is_announced = ON.iter().any(|word| begins.starts_with(word)) || begins.contains('@') || at == end;
        (is_announced && first < self.count() && self.is_marked(first)).then_some(first)
    }

    /// The first line of the signature above this line: behind the mark of RFC 3676 (`-- `), or what a phone adds.
    fn signature(&self, end: usize) -> Option<usize> {
        let is_mark = |at: &usize| {
            let line = self.places.get(*at).map_or("", |place| self.text[place.clone()].trim_end_matches(['\r', '\n']));
            line == "-- " || line == "--" || line == "—"
        };
        if let Some(at) = (0..end).rfind(is_mark) {
            return Some(at);
        }
        let last = (0..end).rfind(|at| !self.is_blank(*at))?;
        let line = crate::fold::fold(self.line(last));
        (line.len() <= 100 && ADDED.iter().any(|beginning| line.starts_with(beginning))).then_some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, fresh: &str, signature: &str) {
        let folded = fold(text);
        assert_eq!([folded.fresh, folded.signature, folded.quoted].concat(), text, "nothing is lost");
        assert_eq!((folded.fresh.trim(), folded.signature.trim()), (fresh, signature), "{text}");
    }

    #[test]
    fn shapes_of_programs_are_known() {
        for history in [
            "On Mon, Mar 3, 2025 at 9:12 AM Help <help@desk.example> wrote:\n\n> Hello\n> there\n",
            "On Mon, Mar 3, 2025 at 9:12 AM The Help of the Desk\n<help@desk.example> wrote:\n> Hello\n",
            "Am 03.03.25 um 09:12 schrieb Help:\n> Hallo\n>\n> Gruß\n",
            "Am Mo., 3. März 2025 um 09:12 Uhr schrieb Help <help@desk.example>:\n\n> Hallo\n",
            "Le lun. 3 mars 2025 à 09:12, Help <help@desk.example> a écrit :\n\n> Bonjour\n",
            "El lun, 3 mar 2025 a las 9:12, Help (<help@desk.example>) escribió:\n\n> Hola\n",
            "-----Original Message-----\nFrom: Help\nSent: Monday\nTo: Kim\nSubject: It hums\n\nHello\n",
            "-----Ursprüngliche Nachricht-----\nVon: Help\n\nHallo\n",
            "________________________________\nFrom: Help <help@desk.example>\nSent: Monday\nTo: Kim\nSubject: It hums\n\nHello",
            "Von: Help <help@desk.example>\nGesendet: Montag\nAn: Kim\nBetreff: It hums\n\nHallo",
            "De : Help <help@desk.example>\nEnvoyé : lundi\nÀ : Kim\nObjet : It hums\n\nBonjour",
            "> Hello\n> there",
        ] {
            check(&format!("It still hums.\n\nLoudly.\n\n{history}"), "It still hums.\n\nLoudly.", "");
            check(&format!("It still hums.\r\n\r\n{}", history.replace('\n', "\r\n")), "It still hums.", "");
        }
    }

    #[test]
    fn signatures_are_folded_above_the_quotation() {
        check("Yes.\n-- \nKim\nAcme\n\n> Hello\n", "Yes.", "-- \nKim\nAcme");
        check("Yes.\n\nSent from my iPhone\n\nOn Monday, Help wrote:\n> Hello\n", "Yes.", "Sent from my iPhone");
        check("Yes.\n\nVon meinem iPhone gesendet\n", "Yes.", "Von meinem iPhone gesendet");
        check(
            "He said:\n\nSent from my heart, it hums and this line goes on.\nBye",
            "He said:\n\nSent from my heart, it hums and this line goes on.\nBye",
            "",
        );
    }

    #[test]
    fn what_is_answered_between_the_lines_stays_whole() {
        let text = "On Monday, Help wrote:\n> Does it hum?\n\nYes.\n\n> Loudly?\n\nYes.\n";
        check(text, text.trim(), "");
        let text = "My neighbour wrote:\n\nit hums at night.\n\nI agree.";
        check(text, text, "");
        let text = "From: the cellar\nit hums.";
        check(text, text, "");
        check("> Hello\n", "> Hello", "");
        check("", "", "");
    }

    #[test]
    fn long_texts_take_little() {
        let text = "On Monday, Kim wrote:\n\n".repeat(50_000);
        assert_eq!(fold(&text).fresh, text);
        let text = "> x\n".repeat(5_000) + "Yes.\n";
        assert_eq!(fold(&text).fresh, text);
    }
}
