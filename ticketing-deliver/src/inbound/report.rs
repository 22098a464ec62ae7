//! Reports of deliveries: as RFC 3464 wants them, and as servers wrote them before that.

use super::body::{part_bytes, part_text};
use super::field::{cut, fields, first, ids, one_line, raw_text, text as decoded};
use super::part::{Part, Parts, after_line};
use super::read::head_end;
use ticketing_core::mail::inbound::{DeliveryReport, ReportedRecipient};

/// Addresses that one report tells of.
const RECIPIENTS: usize = 100;
/// Characters of what the other server said.
const DIAGNOSTIC: usize = 500;
/// Bytes of a report that are looked at.
const BYTES: usize = 256 * 1024;

/// The report that a mail is as a whole, where it is one. What lies inside a mail of somebody, such as a report that
/// they pass on, tells the desk nothing.
pub(super) fn report(raw: &[u8], parts: &Parts<'_>, text: &str) -> Option<DeliveryReport> {
    let whole = parts.parts.first()?;
    let is_report =
        whole.kind.is("multipart", "report") && whole.kind.report_type.as_deref() == Some("delivery-status");
    let told = |find: fn(&Part<'_>) -> bool| {
        whole.children.iter().filter_map(|at| parts.parts.get(*at)).find(|part| is_report && find(part))
    };
    let is_status = |part: &Part<'_>| {
        part.kind.is("message", "delivery-status") || part.kind.is("message", "global-delivery-status")
    };
    let Some(status) = told(is_status) else { return plain_report(&whole.fields, text) };
    let is_about = |part: &Part<'_>| {
        part.kind.main == "message" && matches!(part.kind.sub.as_str(), "rfc822" | "global" | "global-headers")
            || part.kind.is("text", "rfc822-headers")
    };
    let about = told(is_about).and_then(|part| {
        let bytes = part_bytes(raw, part);
        message_id(&bytes[..head_end(&bytes, BYTES).min(BYTES)])
    });
    let recipients = recipients(&part_text(raw, status, BYTES).0);
    Some(DeliveryReport { message_id: about, recipients })
}

/// A report for people's eyes, by a server that names the addresses in a header (Exim and, beside the status, Gmail).
fn plain_report(head: &[super::field::Field<'_>], text: &str) -> Option<DeliveryReport> {
    let failed = decoded(first(head, "X-Failed-Recipients")?);
    let addresses = failed.split(',').map(str::trim).filter(|address| address.contains('@')).take(RECIPIENTS);
    let recipients = addresses.map(|address| ReportedRecipient {
        address: cut(address, 320).to_owned(),
        action: "failed".to_owned(),
        // The header is written for what failed for good.
        status: "5.0.0".to_owned(),
        diagnostic: None,
    });
    // The mail that it is about stands below it.
    let mut at = 0;
    let about = text.split_inclusive('\n').find_map(|line| {
        let start = at;
        at += line.len();
        let is_id = line.get(..11).is_some_and(|name| name.eq_ignore_ascii_case("message-id:"));
        is_id.then(|| message_id(&text.as_bytes()[start..after_line(text.as_bytes(), start)])).flatten()
    });
    Some(DeliveryReport { message_id: about, recipients: recipients.collect() })
}

fn message_id(head: &[u8]) -> Option<String> {
    first(&fields(head), "Message-ID").and_then(|value| ids(value).into_iter().next())
}

/// Groups of fields, the first about the mail and each other one about an address.
fn recipients(text: &str) -> Vec<ReportedRecipient> {
    let told = text.split("\n\n").filter_map(|group| {
        let fields = fields(group.trim_start().as_bytes());
        let of = |name: &str| first(&fields, name).map(raw_text);
        // `rfc822; ann@example.org`
        let plain = |value: String| value.split_once(';').map_or(value.as_str(), |(_, rest)| rest).trim().to_owned();
        Some(ReportedRecipient {
            address: cut(&of("Final-Recipient").or_else(|| of("Original-Recipient")).map(plain)?, 320).to_owned(),
            action: cut(of("Action")?.split(' ').next()?, 40).to_ascii_lowercase(),
            status: of("Status").and_then(|status| status.split(' ').next().map(str::to_owned)).unwrap_or_default(),
            diagnostic: of("Diagnostic-Code").map(plain).map(|text| cut(&one_line(&text), DIAGNOSTIC).to_owned()),
        })
    });
    told.take(RECIPIENTS).collect()
}
