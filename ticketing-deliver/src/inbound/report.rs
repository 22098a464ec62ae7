//! Reports of deliveries (RFC 3464), as mail servers send them.

use super::read::{cut, id, one_line};
use mail_parser::{Message, MimeHeaders, PartType};
use ticketing_core::mail::inbound::{DeliveryReport, ReportedRecipient};

/// Addresses that one report tells of.
const RECIPIENTS: usize = 100;
/// Characters of what the other server said.
const DIAGNOSTIC: usize = 500;

/// The report that a mail is, where it is one.
pub(super) fn report(message: &Message<'_>) -> Option<DeliveryReport> {
    let is = |part: &&mail_parser::MessagePart<'_>, kind: &str| {
        part.content_type().is_some_and(|found| {
            let sub = found.subtype().unwrap_or_default();
            format!("{}/{sub}", found.ctype()).eq_ignore_ascii_case(kind)
        })
    };
    let status = message.parts.iter().find(|part| is(part, "message/delivery-status"))?;
    let text = String::from_utf8_lossy(status.contents()).into_owned();
    let about = message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => inner.message_id().and_then(id),
        _ if is(&part, "text/rfc822-headers") => original_id(&String::from_utf8_lossy(part.contents())),
        _ => None,
    });
    Some(DeliveryReport { message_id: about, recipients: recipients(&text) })
}

/// Groups of fields, the first about the mail and each other one about an address.
fn recipients(text: &str) -> Vec<ReportedRecipient> {
    let text = text.replace("\r\n", "\n");
    let groups = text.split("\n\n").map(fields);
    let told = groups.filter_map(|fields| {
        let of = |name: &str| fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        // `rfc822; ann@example.org`
        let plain = |value: &String| value.split_once(';').map_or(value.as_str(), |(_, rest)| rest).trim().to_owned();
        Some(ReportedRecipient {
            address: of("Final-Recipient").or_else(|| of("Original-Recipient")).map(plain)?,
            action: of("Action")?.trim().to_ascii_lowercase(),
            status: of("Status").map(|status| status.trim().to_owned()).unwrap_or_default(),
            diagnostic: of("Diagnostic-Code").map(plain).map(|text| cut(&one_line(&text), DIAGNOSTIC).to_owned()),
        })
    });
    told.take(RECIPIENTS).collect()
}

/// Fields of a group, those that are broken over lines joined again.
fn fields(group: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in group.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    fields
}

fn original_id(headers: &str) -> Option<String> {
    let head = headers.replace("\r\n", "\n");
    let found = fields(&head).into_iter().find(|(name, _)| name.eq_ignore_ascii_case("Message-ID"));
    found.and_then(|(_, value)| id(&value))
}
