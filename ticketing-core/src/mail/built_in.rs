//! The built-in texts, put together from layout and language.

use super::language::{Labels, Words};
use super::{Language, MailKind, MailType, Parsed, TemplateText};
use crate::template::{Markup, Template};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A built-in mail, as an administrator who wants to reword it sees it, and ready to fill in.
#[derive(Debug)]
pub(crate) struct BuiltIn {
    pub(crate) text: TemplateText,
    pub(super) parsed: Parsed,
    /// Subject, or headline where the subject is the ticket's, and first sentences.
    pub(super) short: [Template; 2],
}

/// The built-in mail of this kind and language.
pub(crate) fn of(kind: MailKind, language: Language) -> &'static BuiltIn {
    static ALL: OnceLock<HashMap<(MailKind, Language), BuiltIn>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let pairs = MailKind::all().flat_map(|kind| Language::ALL.map(|language| (kind, language)));
        pairs.map(|(kind, language)| ((kind, language), build(kind, language.words()))).collect()
    });
    &all[&(kind, language)]
}

fn build(kind: MailKind, words: &Words) -> BuiltIn {
    let phrases = (words.phrases)(kind);
    let of_ticket = kind.is_of_ticket();
    let is_own = kind == MailKind::Workflow;
    let frame = [
        ("language", words.tag),
        ("headline", phrases.headline),
        ("greeting", words.greeting),
        ("paragraph", phrases.paragraph),
        ("button", phrases.button),
        ("why", if of_ticket || is_own { words.why_ticket } else { words.why_account }),
        ("stop", words.stop),
    ];
    let (html, plain): (String, String) = parts(kind, words).into_iter().map(|part| (part.html, part.plain)).unzip();
    let whole = |layout: &str, [opening, parts, closing]: [&str; 3]| {
        put(&put(layout, &[("opening", opening), ("parts", parts), ("closing", closing)]), &frame)
    };
    // A rule's words stand alone between the brand's.
    let (html, text) = if is_own {
        let html = [include_str!("layout/words.html").trim_end(), "", ""];
        (whole(include_str!("layout/mail.html"), html), whole(include_str!("layout/mail.txt"), [WORDS, "", ""]))
    } else {
        let (opening, closing) = (include_str!("layout/opening.html"), include_str!("layout/closing.html"));
        let html = [opening.trim_end(), html.trim_end(), closing.trim_end()];
        let text = [include_str!("layout/opening.txt"), &plain, include_str!("layout/closing.txt")];
        (whole(include_str!("layout/mail.html"), html), whole(include_str!("layout/mail.txt"), text))
    };
    let subject = if of_ticket { "[{{ticket_number}}] {{subject}}" } else { phrases.subject };
    let text = TemplateText { subject: subject.to_owned(), html, text };
    let parsed = Parsed::new(&text).unwrap_or_else(|wrong| unreachable!("a built-in mail can't be read: {wrong:?}"));
    let first = if of_ticket { phrases.headline } else { phrases.subject };
    let short = [first, phrases.paragraph].map(|text| {
        Template::parse(text, Markup::Text).unwrap_or_else(|wrong| unreachable!("a phrase can't be read: {wrong:?}"))
    });
    BuiltIn { text, parsed, short }
}

/// A rule's words without markup.
const WORDS: &str = "{{mail.body}}\n\n";

/// A layout with what stands for its `[[marks]]`.
fn put(layout: &str, marks: &[(&str, &str)]) -> String {
    let mut text = layout.to_owned();
    for (mark, value) in marks {
        text = text.replace(&format!("[[{mark}]]"), value);
    }
    text
}

/// One part of a mail below its first sentences, as markup and as plain text.
struct Part {
    html: String,
    plain: String,
}

fn parts(kind: MailKind, words: &Words) -> Vec<Part> {
    let comment = || {
        let (public, note) = (card(words.wrote, "comment.body", false), card(words.noted, "comment.body", true));
        vec![either("comment.is_internal", &note, &public)]
    };
    let asked = || when("description", card(words.asked, "description", false));
    match kind {
        MailKind::Type(kind) => match kind {
            MailType::TicketCreated => vec![
                ticket(&words.label),
                // A customer knows what was asked; and where somebody else's address was given, nothing of what a
                // stranger wrote goes there but the subject.
                either("recipient.is_customer", &nothing(), &asked()),
            ],
            MailType::TicketAssigned => {
                vec![ticket(&words.label), either("recipient.is_customer", &nothing(), &asked())]
            }
            MailType::StatusChanged => vec![ticket(&words.label)],
            MailType::SlaBreach | MailType::SlaWarning => {
                let mut rows = ticket_rows(&words.label);
                rows.insert(1, row(words.label.due, "sla.due_at"));
                vec![details(&rows)]
            }
            MailType::Escalation => vec![
                when("escalation.reason", card(words.label.reason, "escalation.reason", false)),
                ticket(&words.label),
            ],
            MailType::CommentAdded => {
                let mut parts = comment();
                parts.push(ticket(&words.label));
                parts
            }
            MailType::Invitation | MailType::PasswordReset => {
                vec![details(&[row(words.label.valid_until, "expires_at")])]
            }
        },
        MailKind::Digest => {
            let html = include_str!("layout/entries.html").to_owned();
            vec![Part { html, plain: include_str!("layout/entries.txt").to_owned() }, ticket(&words.label)]
        }
        MailKind::LateNews => {
            let html = include_str!("layout/late.html").to_owned();
            vec![Part { html, plain: include_str!("layout/late.txt").to_owned() }]
        }
        MailKind::WorkflowDisabled | MailKind::Workflow => Vec::new(),
        MailKind::WebhookDisabled => {
            vec![details(&[row(words.label.address, "webhook.url"), row(words.label.reason, "webhook.reason")])]
        }
    }
}

/// The quiet table of what a ticket is.
fn ticket(label: &Labels) -> Part {
    details(&ticket_rows(label))
}

fn ticket_rows(label: &Labels) -> Vec<Part> {
    vec![
        row_of(label.number, "{{ticket_number}} · {{subject}}"),
        row(label.status, "status_label"),
        row(label.priority, "priority_label"),
        when("category", row(label.category, "category")),
        either("recipient.is_customer", &nothing(), &row(label.customer, "customer_name")),
        when("agent_name", row(label.agent, "agent_name")),
        when("team_name", row(label.team, "team_name")),
    ]
}

fn nothing() -> Part {
    Part { html: String::new(), plain: String::new() }
}

fn row(label: &str, value: &str) -> Part {
    row_of(label, &format!("{{{{{value}}}}}"))
}

fn row_of(label: &str, value: &str) -> Part {
    Part {
        html: put(include_str!("layout/row.html"), &[("label", label), ("value", value)]),
        plain: format!("{label}: {value}\n"),
    }
}

fn details(rows: &[Part]) -> Part {
    let html: String = rows.iter().map(|row| row.html.as_str()).collect();
    let plain: String = rows.iter().map(|row| row.plain.as_str()).collect();
    Part { html: put(include_str!("layout/table.html"), &[("rows", html.trim_end())]), plain: format!("{plain}\n") }
}

/// What somebody said, set apart.
fn card(above: &str, body: &str, is_note: bool) -> Part {
    let (class, ground, edge) = if is_note { ("note", "#fdf6e3", "#d9a52b") } else { ("card", "#f5f7f9", "#c3cad3") };
    let marks = [("class", class), ("ground", ground), ("edge", edge), ("above", above), ("body", body)];
    Part { html: put(include_str!("layout/card.html"), &marks), plain: format!("{above}:\n\n{{{{{body}}}}}\n\n") }
}

fn when(value: &str, part: Part) -> Part {
    let wrap = |text: String| format!("{{{{#if {value}}}}}\n{text}{{{{/if}}}}\n");
    Part { html: wrap(part.html), plain: wrap(part.plain) }
}

fn either(value: &str, part: &Part, other: &Part) -> Part {
    let wrap = |one: &str, other: &str| match one {
        "" => format!("{{{{#unless {value}}}}}\n{other}{{{{/unless}}}}\n"),
        one => format!("{{{{#if {value}}}}}\n{one}{{{{else}}}}\n{other}{{{{/if}}}}\n"),
    };
    Part { html: wrap(&part.html, &other.html), plain: wrap(&part.plain, &other.plain) }
}
