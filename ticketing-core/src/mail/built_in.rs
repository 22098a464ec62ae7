//! The built-in texts, put together from layout and language.

use super::language::{Labels, Words};
use super::{Language, MailKind, MailType, Parsed, TemplateText};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A built-in mail, as an administrator who wants to reword it sees it, and ready to fill in.
#[derive(Debug)]
pub(crate) struct BuiltIn {
    pub(crate) text: TemplateText,
    pub(super) parsed: Parsed,
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
    let frame = [
        ("language", words.tag),
        ("headline", phrases.headline),
        ("greeting", words.greeting),
        ("paragraph", phrases.paragraph),
        ("button", phrases.button),
        ("why", if of_ticket { words.why_ticket } else { words.why_account }),
        ("stop", words.stop),
    ];
    let (html, plain): (String, String) = parts(kind, words).into_iter().map(|part| (part.html, part.plain)).unzip();
    let whole = |layout: &str, parts: &str| put(&put(layout, &[("parts", parts)]), &frame);
    let subject = if of_ticket { "[{{ticket_number}}] {{subject}}" } else { phrases.subject };
    let text = TemplateText {
        subject: subject.to_owned(),
        html: whole(include_str!("layout/mail.html"), html.trim_end()),
        text: whole(include_str!("layout/mail.txt"), &plain),
    };
    let parsed = Parsed::new(&text).unwrap_or_else(|wrong| unreachable!("a built-in mail can't be read: {wrong:?}"));
    BuiltIn { text, parsed }
}

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
    let due = || details(&[row(words.label.due, "sla.due_at")]);
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
            MailType::SlaBreach | MailType::SlaWarning => vec![due(), ticket(&words.label)],
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
        MailKind::WebhookDisabled => {
            vec![details(&[row(words.label.address, "webhook.url"), row(words.label.reason, "webhook.reason")])]
        }
    }
}

/// The quiet table of what a ticket is.
fn ticket(label: &Labels) -> Part {
    details(&[
        row_of(label.number, "{{ticket_number}} · {{subject}}"),
        row(label.status, "status_label"),
        row(label.priority, "priority_label"),
        when("category", row(label.category, "category")),
        either("recipient.is_customer", &nothing(), &row(label.customer, "customer_name")),
        when("agent_name", row(label.agent, "agent_name")),
        when("team_name", row(label.team, "team_name")),
    ])
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
