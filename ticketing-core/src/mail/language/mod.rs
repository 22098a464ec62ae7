//! The languages that the built-in mails speak.

mod english;
mod french;
mod german;
mod spanish;

use super::MailKind;
use crate::model::{Priority, SlaMetric, Status};
use crate::time::Time;
use chrono::{Datelike, Timelike};
use chrono_tz::Tz;

/// A language that the built-in mails speak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, also for readers of a language that is not spoken here.
    #[default]
    English,
    /// German.
    German,
    /// French.
    French,
    /// Spanish.
    Spanish,
}

/// What a language says. Sentences are templates; the placeholders of plain ones are named in braces.
pub(super) struct Words {
    pub(super) tag: &'static str,
    months: [&'static str; 12],
    /// `{day}`, `{month}`, `{year}`, `{time}`, `{zone}`.
    moment: &'static str,
    statuses: [&'static str; 6],
    priorities: [&'static str; 4],
    metrics: [&'static str; 3],
    pub(super) label: Labels,
    /// To the reader, at the beginning.
    pub(super) greeting: &'static str,
    /// Above what somebody said.
    pub(super) wrote: &'static str,
    /// Above what somebody said among staff.
    pub(super) noted: &'static str,
    /// Above what the customer asked at first.
    pub(super) asked: &'static str,
    /// Why one gets mail about a ticket.
    pub(super) why_ticket: &'static str,
    /// Why one gets mail that belongs to an account.
    pub(super) why_account: &'static str,
    /// Where one stops it.
    pub(super) stop: &'static str,
    /// How many more things happened than are told: `{count}`.
    pub(super) more: &'static str,
    /// The same of what is told late: `{count}`.
    pub(super) more_late: &'static str,
    pub(super) happened: Happened,
    /// That a ticket was put off until now, in a line (`{number}`) and a sentence (`{subject}`).
    awake: [&'static str; 2],
    pub(super) phrases: fn(MailKind) -> Phrases,
}

/// What stands before a value.
pub(super) struct Labels {
    pub(super) number: &'static str,
    pub(super) status: &'static str,
    pub(super) priority: &'static str,
    pub(super) category: &'static str,
    pub(super) customer: &'static str,
    pub(super) agent: &'static str,
    pub(super) team: &'static str,
    pub(super) due: &'static str,
    pub(super) reason: &'static str,
    pub(super) address: &'static str,
    pub(super) valid_until: &'static str,
}

/// One thing that happened, in a list of several.
pub(super) struct Happened {
    pub(super) created: &'static str,
    /// `{name}`.
    pub(super) assigned: &'static str,
    pub(super) unassigned: &'static str,
    /// `{old}`, `{new}`.
    pub(super) status: &'static str,
    pub(super) commented: &'static str,
    pub(super) noted: &'static str,
    pub(super) mentioned: &'static str,
    /// `{level}`.
    pub(super) escalated: &'static str,
    /// `{metric}`.
    pub(super) warned: &'static str,
    /// `{metric}`.
    pub(super) breached: &'static str,
}

/// What one mail says.
pub(super) struct Phrases {
    /// Only where it is not about a ticket: those all have the same, so that mail programs keep them together.
    pub(super) subject: &'static str,
    pub(super) headline: &'static str,
    pub(super) paragraph: &'static str,
    pub(super) button: &'static str,
}

/// A rule has its own words, whatever the language.
const OF_RULE: Phrases =
    Phrases { subject: "{{mail.subject}}", headline: "{{mail.subject}}", paragraph: "{{mail.beginning}}", button: "" };

impl Language {
    /// Every language.
    pub const ALL: [Self; 4] = [Self::English, Self::German, Self::French, Self::Spanish];

    /// The language that somebody reads who wants this one.
    pub fn of(locale: Option<&str>) -> Self {
        let wanted = locale.and_then(|locale| locale.split('-').next()).unwrap_or_default();
        let spoken = Self::ALL.into_iter().find(|language| language.words().tag.eq_ignore_ascii_case(wanted));
        spoken.unwrap_or_default()
    }

    /// Its tag, such as `de`.
    pub fn tag(self) -> &'static str {
        self.words().tag
    }

    pub(super) fn words(self) -> &'static Words {
        match self {
            Self::English => &english::WORDS,
            Self::German => &german::WORDS,
            Self::French => &french::WORDS,
            Self::Spanish => &spanish::WORDS,
        }
    }

    /// Where a ticket stands.
    pub fn status(self, status: Status) -> &'static str {
        self.words().statuses[status as usize]
    }

    /// How much a ticket matters.
    pub fn priority(self, priority: Priority) -> &'static str {
        self.words().priorities[priority as usize]
    }

    /// What was promised to be done in time.
    pub fn metric(self, metric: SlaMetric) -> &'static str {
        self.words().metrics[metric as usize]
    }

    /// That a ticket was made.
    pub fn created(self) -> &'static str {
        self.words().happened.created
    }

    /// Who answers a ticket from now on.
    pub fn assigned(self, name: &str) -> String {
        filled(self.words().happened.assigned, &[("{name}", name)])
    }

    /// Where a ticket stood and stands.
    pub fn moved(self, old: Status, new: Status) -> String {
        filled(self.words().happened.status, &[("{old}", self.status(old)), ("{new}", self.status(new))])
    }

    /// That something was said, to the customer or among staff.
    pub fn said(self, is_internal: bool) -> &'static str {
        let Happened { commented, noted, .. } = self.words().happened;
        if is_internal { noted } else { commented }
    }

    /// That the reader was named in a comment.
    pub fn mentioned(self) -> &'static str {
        self.words().happened.mentioned
    }

    /// That a ticket was escalated.
    pub fn escalated(self, level: i16) -> String {
        filled(self.words().happened.escalated, &[("{level}", &level.to_string())])
    }

    /// That a promised time is over, or nearly so.
    pub fn ending(self, metric: SlaMetric, is_breach: bool) -> String {
        let Happened { warned, breached, .. } = self.words().happened;
        filled(if is_breach { breached } else { warned }, &[("{metric}", self.metric(metric))])
    }

    /// That a ticket was put off until now, in a line and a sentence.
    pub fn awake(self, number: &str, subject: &str) -> (String, String) {
        let [line, sentence] = self.words().awake;
        (filled(line, &[("{number}", number)]), filled(sentence, &[("{subject}", subject)]))
    }

    /// A moment as people say it in this time zone; UTC where there is no such zone.
    pub fn moment(self, at: Time, time_zone: Option<&str>) -> String {
        let zone = time_zone.and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC);
        let local = at.with_timezone(&zone);
        let words = self.words();
        let month = words.months.get(local.month0() as usize).copied().unwrap_or_default();
        filled(
            words.moment,
            &[
                ("{day}", &local.day().to_string()),
                ("{month}", month),
                ("{year}", &local.year().to_string()),
                ("{time}", &format!("{:02}:{:02}", local.hour(), local.minute())),
                ("{zone}", &local.format("%Z").to_string()),
            ],
        )
    }
}

/// A text with its placeholders filled in, each once: what is filled in is not looked at again.
pub(super) fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let known = values.iter().find(|(name, _)| from.starts_with(name));
        let (name, value) = known.copied().unwrap_or(("{", "{"));
        out.push_str(value);
        rest = &from[name.len()..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{Language, filled};
    use chrono::{TimeZone, Utc};

    #[test]
    fn a_locale_is_answered_in_its_language_or_english() {
        for (locale, language) in [
            (None, Language::English),
            (Some("de-AT"), Language::German),
            (Some("DE"), Language::German),
            (Some("fr-CA"), Language::French),
            (Some("es-419"), Language::Spanish),
            (Some("ja"), Language::English),
            (Some("den"), Language::English),
            (Some(""), Language::English),
        ] {
            assert_eq!(Language::of(locale), language, "{locale:?}");
        }
    }

    #[test]
    fn a_moment_is_told_in_the_readers_zone_and_language() {
        let at = Utc.with_ymd_and_hms(2026, 7, 31, 22, 5, 0).unwrap();
        for (language, zone, wanted) in [
            (Language::English, None, "31 July 2026, 22:05 UTC"),
            (Language::English, Some("Mars/Olympus"), "31 July 2026, 22:05 UTC"),
            (Language::German, Some("Europe/Berlin"), "1. August 2026, 00:05 Uhr (CEST)"),
            (Language::French, Some("America/Montreal"), "31 juillet 2026 à 18:05 (EDT)"),
            (Language::Spanish, Some("Europe/Madrid"), "1 de agosto de 2026, 00:05 (CEST)"),
        ] {
            assert_eq!(language.moment(at, zone), wanted);
        }
    }

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        assert_eq!(filled("{a} {b} {c}", &[("{a}", "{b}"), ("{b}", "{a}")]), "{b} {a} {c}");
    }
}
