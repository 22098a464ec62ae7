//! Payloads that a chat shows as they are: what happened, in one line.

use super::payload::Occasion;
use super::plan::TRIGGERED;
use crate::event::Fact;
use serde_json::{Value, json};
use std::borrow::Cow;

/// Characters of what strangers may choose. Slack takes 3,000 in a block, and each may become five by escaping.
const LONGEST: usize = 255;

/// What happened, in a few words.
fn headline(occasion: &Occasion<'_>) -> Cow<'static, str> {
    Cow::Borrowed(match occasion.name {
        "ticket.created" => "New ticket",
        "ticket.updated" => "Ticket updated",
        "ticket.assigned" => "Ticket assigned",
        "ticket.status_changed" => return format!("Ticket is now {}", occasion.ticket.status).into(),
        "ticket.escalated" => "Ticket escalated",
        "ticket.resolved" => "Ticket resolved",
        "ticket.reopened" => "Ticket reopened",
        "ticket.closed" => "Ticket closed",
        "ticket.merged" => match occasion.fact {
            Some(Fact::TicketMerged(merge)) if merge.on_target => "Another ticket was merged into this one",
            _ => "Ticket merged into another",
        },
        "comment.added" if occasion.is_internal() => "New internal note",
        "comment.added" => "New comment",
        "sla.warning" => "A service target will soon be missed",
        "sla.breached" => "A service target was missed",
        TRIGGERED => {
            let name = occasion.workflow.map(|workflow| short(workflow.name)).unwrap_or_default();
            return format!("Rule {name}").into();
        }
        _ => "This is a test of the webhook",
    })
}

/// A message for Slack: a text for notifications, and blocks.
pub(super) fn slack(occasion: &Occasion<'_>, app_url: &str) -> Value {
    let (headline, number) = (escape(&headline(occasion)), &occasion.ticket.number);
    let subject = escape(&short(&occasion.ticket.subject));
    let actor = escape(&short(&occasion.actor.name));
    // A bar would end the address within a link.
    let url = escape(&occasion.url(app_url).replace('|', "%7C"));
    let priority = occasion.ticket.priority;
    // What customers wrote is not looked through for names and links to make of it.
    let text = |text: String| json!({ "type": "mrkdwn", "text": text, "verbatim": true });
    json!({
        "text": format!("{headline}: {number} {subject} (priority {priority}) {url}"),
        "blocks": [
            { "type": "section", "text": text(format!("*{headline}:* <{url}|{number}> {subject}")) },
            { "type": "context", "elements": [text(format!("Priority {priority} · by {actor}"))] },
        ],
    })
}

/// The beginning of a text, and that there was more.
fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        text.to_owned()
    } else {
        text.chars().take(LONGEST - 1).chain(['…']).collect()
    }
}

/// The three characters that mean something in Slack's texts.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A message for Microsoft Teams: an adaptive card, as its workflows take it.
pub(super) fn teams(occasion: &Occasion<'_>, app_url: &str) -> Value {
    let ticket = occasion.ticket;
    let subject = short(&ticket.subject);
    // Only such runs are shown as they are; what else has a text reads markdown in it.
    let run = |text: String, bold: bool| {
        let weight = if bold { "Bolder" } else { "Default" };
        json!({ "type": "TextRun", "text": text, "weight": weight })
    };
    let line = |runs: Vec<Value>| json!({ "type": "RichTextBlock", "inlines": runs });
    let headline = headline(occasion);
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "fallbackText": format!("{headline}: {}", ticket.number),
                "body": [
                    line(vec![run(format!("{headline}: "), true), run(format!("{} {subject}", ticket.number), false)]),
                    line(vec![run(
                        format!("Priority {} · by {}", ticket.priority, short(&occasion.actor.name)),
                        false,
                    )]),
                ],
                "actions": [{ "type": "Action.OpenUrl", "title": "Open ticket", "url": occasion.url(app_url) }],
            },
        }],
    })
}
