//! How mail is taken in: what an administrator sets for all mailboxes.

use crate::access::Call;
use crate::desk::Desk;
use crate::error::Error;
use crate::fold::fold;
use crate::input::{Fields, Input, Patch, Problems, check_email};
use crate::model::{InboundPolicy, SpamHeader};
use crate::setting::Single;

/// The most addresses and domains of the block list.
const MOST_BLOCKED: usize = 10_000;
/// The most servers and headers.
const MOST_NAMED: usize = 20;

/// What to change of how mail is taken in.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // The fields are the policy's own; see `model::InboundPolicy`.
pub struct InboundPolicyPatch {
    pub hold_strangers: Patch<bool>,
    pub blocked: Patch<Vec<String>>,
    pub spam_headers: Patch<Vec<SpamHeader>>,
    pub status_words: Patch<bool>,
}

impl Input for InboundPolicyPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            hold_strangers: fields.flag("hold_strangers"),
            blocked: fields.texts("blocked"),
            spam_headers: fields.list("spam_headers", |inner| SpamHeader {
                name: inner.required_text("name"),
                begins: inner.required_text("begins"),
            }),
            status_words: fields.flag("status_words"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        let blocked = self.blocked.as_ref().map(Vec::as_slice).unwrap_or_default();
        if blocked.len() > MOST_BLOCKED {
            problems.add("blocked", "too_many", format!("May have at most {MOST_BLOCKED} entries."));
        }
        for (place, entry) in blocked.iter().enumerate().take(MOST_BLOCKED) {
            let at = format!("blocked[{place}]");
            let entry = entry.trim();
            // A domain is an address without anybody at it.
            let whole = if entry.starts_with('@') { format!("x{entry}") } else { entry.to_owned() };
            check_email(problems, &at, &whole);
        }
        let headers = self.spam_headers.as_ref().map(Vec::as_slice).unwrap_or_default();
        if headers.len() > MOST_NAMED {
            problems.add("spam_headers", "too_many", format!("May have at most {MOST_NAMED} entries."));
        }
        for (place, header) in headers.iter().enumerate().take(MOST_NAMED) {
            let is_name = |b: u8| b.is_ascii_graphic() && b != b':';
            if header.name.is_empty() || header.name.len() > 100 || !header.name.bytes().all(is_name) {
                problems.add(format!("spam_headers[{place}].name"), "invalid_value", "Must be the name of a header.");
            }
            problems.text(&format!("spam_headers[{place}].begins"), header.begins.trim(), 1..=100, false);
        }
    }
}

impl InboundPolicyPatch {
    fn apply(&self, policy: &mut InboundPolicy) {
        self.hold_strangers.apply(&mut policy.hold_strangers);
        self.status_words.apply(&mut policy.status_words);
        if let Some(blocked) = self.blocked.as_ref() {
            policy.blocked = blocked.iter().map(|entry| fold(entry.trim())).collect();
            policy.blocked.sort_unstable();
            policy.blocked.dedup();
        }
        if let Some(headers) = self.spam_headers.as_ref() {
            let tidy =
                |header: &SpamHeader| SpamHeader { name: header.name.clone(), begins: header.begins.trim().to_owned() };
            policy.spam_headers = headers.iter().map(tidy).collect();
        }
    }
}

impl Desk {
    /// How mail is taken in. For administrators.
    pub async fn inbound_policy(&self, call: impl Into<Call>) -> Result<Single<InboundPolicy>, Error> {
        self.single_setting(&call.into(), |snapshot| &snapshot.inbound).await
    }

    /// Changes how mail is taken in. For administrators.
    pub async fn update_inbound_policy(
        &self,
        call: impl Into<Call>,
        input: InboundPolicyPatch,
        expected: Option<i64>,
    ) -> Result<Single<InboundPolicy>, Error> {
        let call = &call.into();
        self.update_single_setting(call, &input, expected, |snapshot| &snapshot.inbound, |policy| input.apply(policy))
            .await
    }
}
