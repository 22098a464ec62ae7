//! A mail from its bytes (RFC 5322, RFC 2045 and on), within limits: what is more than that is left out and said to be. The
//! bytes are gone over part by part and header by header, each by itself, so that nothing that a stranger sends takes more
//! than its length; mail-parser reads the headers and knows the charsets.

use super::body::{bodies, files, sort};
use super::field::{self, Field, NAME, cut, first};
use super::invitation::invitation;
use super::limit::Limits;
use super::part::{after_line, split};
use super::report::report;
use chrono::DateTime;
use std::collections::{BTreeSet, HashSet};
use ticketing_core::mail::inbound::{InboundMail, LeftOut};
use ticketing_core::port::{MailReader, Mailbox, Unreadable};

/// Ids that a mail answers.
const ANSWERS: usize = 100;
/// People that a mail is for.
const RECIPIENTS: usize = 100;

/// Reads mails.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader {
    /// How much of a mail is taken in.
    pub limits: Limits,
}

impl MailReader for Reader {
    fn read(&self, raw: &[u8]) -> Result<InboundMail, Unreadable> {
        let limits = &self.limits;
        let raw = without_envelope(raw);
        let head_end = head_end(raw, limits.header_bytes);
        if head_end > limits.header_bytes {
            return Err(Unreadable(format!("its headers are larger than {} bytes", limits.header_bytes)));
        }
        if field::fields(&raw[..head_end]).is_empty() {
            return Err(Unreadable("it has no headers".to_owned()));
        }
        let parts = split(raw, head_end, limits);
        let head = parts.parts.first().map(|part| part.fields.as_slice()).unwrap_or_default();
        let mut left_out = BTreeSet::new();
        if parts.is_cut {
            left_out.insert(LeftOut::Parts);
        }
        let headers = headers(head, limits, &mut left_out);
        let sorted = sort(&parts);
        let (text, html) = bodies(raw, &parts, &sorted, limits, &mut left_out);
        let files = files(raw, &parts, &sorted, limits, &mut left_out);
        let one = |name: &str| first(head, name);
        let many = |name: &str| -> Vec<&[u8]> { named(head, name).collect() };
        let person = |name: &str| one(name).and_then(|value| field::mailboxes(value, 1).pop());
        let people = |name: &str| -> Vec<Mailbox> {
            named(head, name).take(10).flat_map(|value| field::mailboxes(value, RECIPIENTS)).collect()
        };
        let addresses = |name| many(name).into_iter().take(RECIPIENTS).filter_map(address);
        Ok(InboundMail {
            message_id: one("Message-ID").and_then(|value| field::ids(value).into_iter().next()),
            answers: answers(head),
            from: person("From"),
            reply_to: person("Reply-To"),
            return_path: one("Return-Path").map(|value| address(value).unwrap_or_default()),
            to: people("To").into_iter().chain(people("Cc")).take(RECIPIENTS).collect(),
            delivered_to: ["Delivered-To", "X-Original-To", "Envelope-To"].into_iter().flat_map(addresses).collect(),
            subject: one("Subject")
                .map(|value| cut(&field::text(value), limits.header_length).to_owned())
                .unwrap_or_default(),
            date: one("Date").and_then(field::date).and_then(|at| DateTime::from_timestamp(at, 0)),
            report: report(raw, &parts, &text),
            invitation: invitation(raw, &parts),
            text,
            html,
            files,
            headers,
            left_out: left_out.into_iter().collect(),
        })
    }
}

/// A mail out of an mbox, or from a server's pipe, has a line before its headers.
fn without_envelope(raw: &[u8]) -> &[u8] {
    if raw.starts_with(b"From ") || raw.starts_with(b">From ") { &raw[after_line(raw, 0)..] } else { raw }
}

/// Where the headers end: at the first empty line. Where there is none in so many bytes, somewhere behind them.
pub(super) fn head_end(raw: &[u8], most: usize) -> usize {
    let mut at = 0;
    while at < raw.len() && at <= most {
        let end = after_line(raw, at);
        if matches!(&raw[at..end], b"\n" | b"\r\n") {
            return at;
        }
        at = end;
    }
    at
}

fn named<'h, 'a>(head: &'h [Field<'a>], name: &str) -> impl Iterator<Item = &'a [u8]> + use<'h, 'a> {
    let name = name.to_owned();
    head.iter().filter(move |field| field.name.eq_ignore_ascii_case(&name)).map(|field| field.value)
}

fn headers(head: &[Field<'_>], limits: &Limits, left_out: &mut BTreeSet<LeftOut>) -> Vec<(String, String)> {
    if head.len() > limits.headers {
        left_out.insert(LeftOut::Headers);
    }
    let kept = head.iter().take(limits.headers).map(|field| {
        let line = field::raw_text(field.value);
        let value = cut(&line, limits.header_length);
        if value.len() < line.len() {
            left_out.insert(LeftOut::Headers);
        }
        (field.name.to_owned(), value.to_owned())
    });
    kept.collect()
}

/// An address that a server noted, without what is around it.
fn address(value: &[u8]) -> Option<String> {
    let value = field::raw_text(value);
    let address = cut(value.trim().trim_matches(['<', '>']).trim(), NAME);
    (!address.is_empty()).then(|| address.to_owned())
}

/// Ids of what it answers: the one that it says to answer, then what that answered, the newest first.
fn answers(head: &[Field<'_>]) -> Vec<String> {
    let newest_first = |name: &str| first(head, name).map(field::ids).unwrap_or_default().into_iter().rev();
    let mut seen = HashSet::new();
    let all = newest_first("In-Reply-To").chain(newest_first("References"));
    all.filter(|id| seen.insert(id.clone())).take(ANSWERS).collect()
}
