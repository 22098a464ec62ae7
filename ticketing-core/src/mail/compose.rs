//! From facts to a mail.

use super::{EmailTemplates, Language, Letterhead, MailFacts, MailKind, Parsed, built_in, variables};
use crate::template::{RenderError, Template};
use serde::Serialize;
use serde_json::Value;

/// The most characters of a subject.
const LONGEST_SUBJECT: usize = 200;

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Composed {
    /// One line.
    pub subject: String,
    /// What a reader with markup shows.
    pub html: String,
    /// What a reader without shows.
    pub text: String,
}

/// The mail that these facts make. Where the administrator's own template gives too long a text, the built-in one
/// is used: a mail that must leave leaves.
pub fn compose(facts: &MailFacts, letterhead: &Letterhead, own: &EmailTemplates) -> Result<Composed, RenderError> {
    let kind = facts.kind();
    let locale = facts.recipient.locale.as_deref();
    let values = variables(facts, letterhead);
    let own = match kind {
        MailKind::Type(mail_type) => own.best(mail_type, locale),
        MailKind::Digest
        | MailKind::LateNews
        | MailKind::WebhookDisabled
        | MailKind::WorkflowDisabled
        | MailKind::Workflow => None,
    };
    if let Some(mail) = own.and_then(|own| fill(own, &values).ok()) {
        return Ok(mail);
    }
    fill(&built_in::of(kind, Language::of(locale)).parsed, &values).map_err(|(_, error)| error)
}

/// What a built-in mail says at its beginning, without the rest: a headline and the sentences below it.
pub fn in_short(facts: &MailFacts, letterhead: &Letterhead) -> Result<(String, String), RenderError> {
    let language = Language::of(facts.recipient.locale.as_deref());
    let values = variables(facts, letterhead);
    let [headline, sentences] = &built_in::of(facts.kind(), language).short;
    Ok((one_line(&headline.render(&values)?), sentences.render(&values)?))
}

/// Which of a mail's three texts could not be filled in, and why.
type Failure = (&'static str, RenderError);

/// The mail by these very templates.
pub(crate) fn compose_as(facts: &MailFacts, letterhead: &Letterhead, templates: &Parsed) -> Result<Composed, Failure> {
    fill(templates, &variables(facts, letterhead))
}

fn fill(templates: &Parsed, values: &Value) -> Result<Composed, Failure> {
    let part = |name, template: &Template| template.render(values).map_err(|error| (name, error));
    Ok(Composed {
        subject: one_line(&part("subject", &templates.subject)?),
        html: part("html", &templates.html)?,
        text: part("text", &templates.text)?,
    })
}

/// One line without anything that a mail program would not show, or show as something else: control characters and
/// those that turn the direction of writing.
fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let spaced = text.replace(['\n', '\r', '\t', '\u{2028}', '\u{2029}'], " ");
    let clean: String = spaced.chars().filter(|c| !c.is_control() && !turns(*c) && *c != '\u{feff}').collect();
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST_SUBJECT {
        return line;
    }
    let cut: String = line.chars().take(LONGEST_SUBJECT - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_subject_is_one_short_line() {
        assert_eq!(one_line(" a\r\nBcc: b\t\u{0}c\u{7f}\u{85}d  e\u{2028}f\u{202e}g "), "a Bcc: b cd e fg");
        let long = one_line(&"ä ".repeat(300));
        assert!(long.chars().count() <= 200 && long.ends_with("ä…"), "{long}");
        assert_eq!(one_line("  "), "");
    }
}
