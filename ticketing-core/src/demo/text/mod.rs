//! What people write, in their languages, and how a template becomes a text.
//!
//! A template names what it is about by a `%` and a letter: `%p` the bike, `%v` and `%w` the new and
//! the old firmware, `%o` an order, `%i` an invoice, `%s` a serial number, `%r` a parcel, `%e` an
//! error code, `%t` an amount, `%d` and `%f` a day before and after the ticket, `%h` a time of day,
//! `%q` a count, `%n` and `%N` the customer's first and whole name, `%g` the company, `%a` the agent.
//! `%%` is a percent sign.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;
mod pl;
mod pt;
pub(super) mod staff;

use super::dice::moment;
use super::rhythm::DAY;
use chrono::Datelike;

/// Every language that customers write in.
pub(super) static LANGUAGES: [&Language; 8] =
    [&en::ENGLISH, &de::GERMAN, &fr::FRENCH, &es::SPANISH, &ja::JAPANESE, &ar::ARABIC, &pt::PORTUGUESE, &pl::POLISH];

/// How many things customers write about.
pub(super) const TOPICS: usize = 14;

/// One language: how people say the usual things in it, and what they say about each topic.
pub(super) struct Language {
    /// BCP 47 tag of its people.
    pub locale: &'static str,
    /// Where its people live, as an IANA zone.
    pub zone: &'static str,
    /// How far east of Greenwich that is, in hours of the standard time.
    pub offset: i64,
    /// How many of a hundred customers speak it.
    pub share: u32,
    /// How it writes days.
    pub date: DateStyle,
    /// What stands before an amount, and what behind it.
    pub money: (&'static str, &'static str),
    /// What parts the cents from the whole; none where there are no cents.
    pub cents: Option<&'static str>,
    /// How a customer begins.
    pub hello: &'static [&'static str],
    /// How a customer ends; the name follows.
    pub bye: &'static [&'static str],
    /// How staff begin.
    pub dear: &'static [&'static str],
    /// How staff end; the name follows.
    pub regards: &'static [&'static str],
    /// What a customer adds, whatever it is about.
    pub context: &'static [&'static str],
    /// Staff: it is being worked on.
    pub update: &'static [&'static str],
    /// Staff: somebody else must move first.
    pub waiting: &'static [&'static str],
    /// Customer: any news?
    pub nudge: &'static [&'static str],
    /// Customer: it works, thank you.
    pub thanks: &'static [&'static str],
    /// Customer: it is back.
    pub still: &'static [&'static str],
    /// What is written about each topic.
    pub topics: [Topic; TOPICS],
}

/// Topics whose last case only happens to companies: an invoice for an accounts department, a hub
/// that loses bikes.
pub(super) const COMPANY_CASE_LAST: [bool; TOPICS] =
    [false, true, false, true, false, false, false, false, false, false, false, false, false, false];

/// What is written about one topic in one language. There is a case for each opening; the other
/// lists have what fits that case in the same place, starting over where they are shorter.
pub(super) struct Topic {
    /// The line above.
    pub subjects: &'static [&'static str],
    /// What is wrong.
    pub openings: &'static [&'static str],
    /// More of it; nothing where this list is shorter.
    pub details: &'static [&'static str],
    /// Staff ask back.
    pub asks: &'static [&'static str],
    /// The customer answers that.
    pub answers: &'static [&'static str],
    /// Staff solve it.
    pub fixes: &'static [&'static str],
}

/// How a language writes days.
#[derive(Clone, Copy)]
pub(super) enum DateStyle {
    /// 4 March
    Named,
    /// 04.03.
    Dotted,
    /// 04/03
    Slashed,
    /// 3月4日
    Kanji,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// What the company makes.
pub(super) const BIKES: [&str; 6] = ["Tur 3", "Tur 3 Trekking", "Bris 2", "Bris 2 Step-Through", "Last XL", "Fold S"];
const FIRMWARE: [(&str, &str); 8] = [
    ("4.7.2", "4.6.9"),
    ("4.7.1", "4.6.9"),
    ("4.8.0", "4.7.2"),
    ("4.6.9", "4.5.3"),
    ("5.0.0", "4.8.1"),
    ("4.8.1", "4.8.0"),
    ("5.0.1", "5.0.0"),
    ("4.7.2", "4.5.3"),
];
const CAPITALS: &[u8; 16] = b"ABCDEFGHJKMNPRST";

/// What a ticket's texts are about: the same bike and order from the first word to the last.
pub(super) struct Story<'a> {
    /// The language it is written in.
    pub language: &'a Language,
    /// What all numbers of the ticket come from.
    pub lore: u64,
    /// When it began, in microseconds.
    pub at: i64,
    /// The customer's first name.
    pub given: &'a str,
    /// The customer's whole name.
    pub name: &'a str,
    /// The customer's company, or the customer where there is none.
    pub company: &'a str,
}

impl Story<'_> {
    /// Appends the template with everything filled in. `agent` is the first name of who speaks.
    pub(super) fn fill(&self, out: &mut String, template: &str, agent: &str) {
        let mut rest = template;
        while let Some(place) = rest.find('%') {
            out.push_str(&rest[..place]);
            let mut letters = rest[place + 1..].chars();
            if let Some(letter) = letters.next() {
                self.slot(out, letter, agent);
            }
            rest = letters.as_str();
            // A day that is written with a full stop may end the sentence with it.
            if out.ends_with('.') && rest.starts_with('.') {
                rest = &rest[1..];
            }
        }
        out.push_str(rest);
    }

    fn slot(&self, out: &mut String, letter: char, agent: &str) {
        match letter {
            'p' => out.push_str(BIKES[self.part(0, 6)]),
            'v' => out.push_str(FIRMWARE[self.part(3, 8)].0),
            'w' => out.push_str(FIRMWARE[self.part(3, 8)].1),
            'o' => coded(out, "FO-", self.part(6, 900_000) + 100_000, 6),
            'i' => coded(out, "INV-", self.part(11, 90_000) + 10_000, 5),
            's' => self.serial(out),
            'r' => coded(out, "NP", self.part(17, 90_000_000) + 10_000_000, 8),
            'e' => coded(out, "E-", self.part(23, 400) + 100, 3),
            't' => self.money(out),
            'd' => self.day(out, -1 - self.days(29, 9)),
            'f' => self.day(out, 2 + self.days(31, 6)),
            'h' => self.hour(out),
            'q' => digits(out, self.part(37, 38) + 3, 1),
            'n' => out.push_str(self.given),
            'N' => out.push_str(self.name),
            'g' => out.push_str(self.company),
            'a' => out.push_str(agent),
            other => out.push(other),
        }
    }

    /// A number below `bound` that belongs to the ticket; each `turn` looks at other bits.
    fn part(&self, turn: u32, bound: usize) -> usize {
        (((self.lore.rotate_left(turn) >> 32) * (bound as u64 & 0xFFFF_FFFF)) >> 32) as usize
    }

    fn days(&self, turn: u32, bound: usize) -> i64 {
        i64::try_from(self.part(turn, bound)).unwrap_or_default()
    }

    fn serial(&self, out: &mut String) {
        out.push_str("FJ");
        for turn in [41, 45, 49] {
            out.push(char::from(CAPITALS[self.part(turn, 16)]));
        }
        coded(out, "-", self.part(43, 90_000) + 10_000, 5);
    }

    fn money(&self, out: &mut String) {
        let whole = self.part(47, 840) + 29;
        out.push_str(self.language.money.0);
        match self.language.cents {
            Some(mark) => {
                digits(out, whole, 1);
                out.push_str(mark);
                out.push_str(["00", "50", "90", "95"][self.part(51, 4)]);
            }
            None => digits(out, whole * 150, 1),
        }
        out.push_str(self.language.money.1);
    }

    fn hour(&self, out: &mut String) {
        digits(out, self.part(53, 13) + 7, 1);
        out.push(':');
        digits(out, self.part(57, 12) * 5, 2);
    }

    fn day(&self, out: &mut String, shift: i64) {
        let date = moment(self.at + shift * DAY);
        let (day, month) = (date.day() as usize, date.month() as usize);
        match self.language.date {
            DateStyle::Named => {
                digits(out, day, 1);
                out.push(' ');
                out.push_str(MONTHS[month - 1]);
            }
            DateStyle::Dotted => {
                digits(out, day, 2);
                out.push('.');
                digits(out, month, 2);
                out.push('.');
            }
            DateStyle::Slashed => {
                digits(out, day, 2);
                out.push('/');
                digits(out, month, 2);
            }
            DateStyle::Kanji => {
                digits(out, month, 1);
                out.push('月');
                digits(out, day, 1);
                out.push('日');
            }
        }
    }
}

/// Appends a prefix and a number of at least so many digits.
fn coded(out: &mut String, prefix: &str, number: usize, width: u32) {
    out.push_str(prefix);
    digits(out, number, width);
}

/// Appends a number of at least so many digits.
fn digits(out: &mut String, mut number: usize, width: u32) {
    let mut buffer = [b'0'; 20];
    let mut place = buffer.len();
    let most = buffer.len() - width as usize;
    while number > 0 || place > most {
        place -= 1;
        buffer[place] = b"0123456789"[number % 10];
        number /= 10;
    }
    out.extend(buffer[place..].iter().copied().map(char::from));
}
