//! What a server that the desk trusts found out about where a mail comes from, by its `Authentication-Results` (RFC 8601).
//!
//! Anybody can write such a header. Which ones count:
//! - Only those that name a trusted server. Such a server must remove headers with its own name from what it takes in (RFC 8601,
//!   section 5); Gmail, rspamd and `OpenDMARC` do.
//! - Microsoft's name nobody, and no other server removes such ones. So one without a name counts only where a name below
//!   `outlook.com` is trusted, the `Received` right below it is by such a server, and every `Received` above it is by one of
//!   Microsoft's: what any other server takes in it writes its own on top of.
//! - Only the topmost of them, and those that follow before anything that a sender writes or another hop has written: what a
//!   server adds it adds on top, so that a forged one always stands below. Where the real ones stand among the `Received`
//!   headers differs (Gmail and Postfix's filters put them below the server's own, others above), so that is no sign.
//! - Where they contradict each other the worst counts. So a forged one that gets this far can do harm only to its own mail,
//!   and can say something only where the server itself says nothing about it.
//!
//! A `dmarc=pass` counts only for the domain of the `From` that the desk goes by, which it must name.

use super::InboundMail;
use crate::model::{AuthResult, AuthVerdict};

const NAME: &str = "Authentication-Results";
/// Whose results have no name.
const NAMELESS: &str = "outlook.com";
/// Where Microsoft's servers are that a mail goes through on its way into a mailbox.
const MICROSOFT: [&str; 3] = [NAMELESS, "exchangelabs.com", "outlook.office365.com"];
/// Headers of one block, and results of one header, that are looked at.
const MOST: usize = 20;
/// What filters on the way in write beside the results. Any other header ends the block.
const BESIDE: [&str; 16] = [
    "Authentication-Results-Original",
    "ARC-Authentication-Results",
    "ARC-Message-Signature",
    "ARC-Seal",
    "Delivered-To",
    "DKIM-Filter",
    "DMARC-Filter",
    "Envelope-To",
    "Received-SPF",
    "Return-Path",
    "X-Google-Smtp-Source",
    "X-Original-To",
    "X-Received",
    "X-Spam",
    "X-Spamd-Bar",
    "X-Virus-Scanned",
];

/// What the servers of these names say of a mail; nothing where they say nothing.
pub fn verdict(mail: &InboundMail, trusted: &[String]) -> AuthVerdict {
    let mut worst = Worst::default();
    let from = mail.from.as_ref().and_then(|from| from.address.rsplit_once('@')).map(|(_, domain)| domain);
    for results in block(mail, trusted) {
        worst.add(&results, from);
    }
    let mut verdict = AuthVerdict { spf: result(worst.spf), dkim: result(worst.dkim), dmarc: result(worst.dmarc) };
    // Which of several a server has looked at nobody knows.
    if mail.header("From").count() > 1 && verdict.dmarc == AuthResult::Pass {
        verdict.dmarc = AuthResult::Fail;
    }
    verdict
}

/// The results of the topmost headers that trusted servers have written.
fn block(mail: &InboundMail, trusted: &[String]) -> Vec<Vec<Found>> {
    let trusted_results = |at: usize| {
        let (name, value) = mail.headers.get(at)?;
        let header = name.eq_ignore_ascii_case(NAME).then(|| Header::parse(value))?;
        let is_trusted = match &header.server {
            Some(server) => trusted.iter().any(|name| server.eq_ignore_ascii_case(name)),
            None => is_microsofts(&mail.headers, at, trusted),
        };
        is_trusted.then_some(header.results)
    };
    let found = (0..mail.headers.len()).find_map(|at| Some((at, trusted_results(at)?)));
    let Some((first, results)) = found else { return Vec::new() };
    let mut block = vec![results];
    for (at, (name, _)) in mail.headers.iter().enumerate().skip(first + 1) {
        if name.eq_ignore_ascii_case(NAME) {
            block.extend(trusted_results(at));
        } else if !is_beside(name) {
            break;
        }
        if block.len() == MOST {
            break;
        }
    }
    block
}

/// Whether a host is the one of this name or one below it: a provider has many.
fn is_of(host: &str, name: &str) -> bool {
    let (host, name) = (host.to_ascii_lowercase(), name.to_ascii_lowercase());
    let below = host.strip_suffix(&name);
    !name.is_empty() && below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
}

fn is_beside(name: &str) -> bool {
    BESIDE.iter().any(|beside| beside.eq_ignore_ascii_case(name))
        || name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("X-Spam-"))
        || name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("X-Rspamd"))
}

/// Whether Microsoft's server wrote the header at this place, and nobody else has had the mail since.
fn is_microsofts(headers: &[(String, String)], at: usize, trusted: &[String]) -> bool {
    let (above, below) = headers.split_at(at);
    let took_in = received(&below[..below.len().min(MOST)]).next().flatten();
    let is_trusted = took_in.is_some_and(|host| trusted.iter().any(|name| is_of(name, NAMELESS) && is_of(&host, name)));
    is_trusted && received(above).all(|host| host.is_some_and(|host| MICROSOFT.iter().any(|name| is_of(&host, name))))
}

/// The servers that have taken the mail in, the last one first, by what each says of itself.
fn received(headers: &[(String, String)]) -> impl Iterator<Item = Option<String>> {
    headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Received")).map(|(_, received)| {
        let mut words = tokens(received).into_iter();
        words.find(|word| word.eq_ignore_ascii_case("by"))?;
        words.next().map(|host| host.trim_end_matches([';', '.']).to_owned())
    })
}

/// A result of one method.
struct Found {
    method: String,
    result: String,
    /// `header.from=example.org` and the like.
    properties: Vec<(String, String)>,
}

struct Header {
    server: Option<String>,
    results: Vec<Found>,
}

impl Header {
    fn parse(value: &str) -> Self {
        let mut parts = parts(value).into_iter();
        let mut first = parts.next().unwrap_or_default();
        let server = match first.first() {
            // `spf=pass` where the server's name should be.
            Some(word) if word.contains('=') => None,
            Some(word) => Some(word.clone()),
            None => None,
        };
        if server.is_some() {
            first.clear();
        }
        let results = std::iter::once(first).chain(parts).filter_map(|words| Found::parse(&words)).take(MOST);
        Self { server, results: results.collect() }
    }
}

impl Found {
    fn parse(words: &[String]) -> Option<Self> {
        let mut pairs = words.iter().filter_map(|word| {
            let (name, value) = word.split_once('=')?;
            Some((name.to_ascii_lowercase(), value.to_owned()))
        });
        let (method, result) = pairs.next()?;
        // `dkim/1`, in the version that is meant anyhow.
        let method = method.split('/').next().unwrap_or_default().to_owned();
        Some(Self { method, result: result.to_ascii_lowercase(), properties: pairs.collect() })
    }

    fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(property, _)| property == name).map(|(_, value)| value.as_str())
    }

    fn says(&self) -> Said {
        match self.result.as_str() {
            "pass" => Said::Pass,
            "fail" | "hardfail" | "softfail" | "policy" => Said::Fail,
            // No policy, no signature, or nobody could be asked.
            _ => Said::Nothing,
        }
    }
}

/// From the best to the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    Pass,
    Nothing,
    Fail,
}

#[derive(Default)]
struct Worst {
    spf: Option<Said>,
    dkim: Option<Said>,
    dmarc: Option<Said>,
}

impl Worst {
    fn add(&mut self, results: &[Found], from: Option<&str>) {
        let of = |method: &'static str| results.iter().filter(move |found| found.method == method);
        let worse = |now: Option<Said>, said: Option<Said>| match (now, said) {
            (Some(now), Some(said)) => Some(now.max(said)),
            (now, said) => now.or(said),
        };
        // One signature that holds is enough, whatever became of others.
        self.dkim = worse(self.dkim, of("dkim").map(Found::says).min());
        // The sender counts, not how a server greeted.
        let is_greeting =
            |found: &&Found| found.property("smtp.helo").is_some() && found.property("smtp.mailfrom").is_none();
        self.spf = worse(self.spf, of("spf").filter(|found| !is_greeting(found)).map(Found::says).max());
        let said = of("dmarc").map(|found| match found.says() {
            Said::Pass => {
                let domain = found.property("header.from").map(|domain| domain.rsplit('@').next().unwrap_or_default());
                let is_its = domain.zip(from).is_some_and(|(domain, from)| domain.eq_ignore_ascii_case(from));
                if is_its { Said::Pass } else { Said::Nothing }
            }
            said => said,
        });
        self.dmarc = worse(self.dmarc, said.max());
    }
}

fn result(said: Option<Said>) -> AuthResult {
    match said {
        Some(Said::Pass) => AuthResult::Pass,
        Some(Said::Fail) => AuthResult::Fail,
        Some(Said::Nothing) | None => AuthResult::None,
    }
}

/// The parts of a value between its semicolons, each as its words.
fn parts(value: &str) -> Vec<Vec<String>> {
    let mut parts = vec![Vec::new()];
    for word in tokens(value) {
        if word == ";" {
            parts.push(Vec::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(word);
        }
    }
    parts
}

/// Words and semicolons of a value, without comments; quoted words without their quotes, and `a = b` as `a=b`.
fn tokens(value: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let (mut depth, mut in_quotes, mut is_escaped) = (0_usize, false, false);
    for c in value.chars() {
        if is_escaped {
            is_escaped = false;
            if in_quotes {
                word.push(c);
            }
            continue;
        }
        match c {
            '\\' if in_quotes || depth > 0 => is_escaped = true,
            '"' if depth == 0 => in_quotes = !in_quotes,
            // What is quoted is one word, and ends none.
            _ if in_quotes => word.push(if c.is_whitespace() { '_' } else { c }),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ';' => {
                tokens.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
                tokens.push(";".to_owned());
            }
            _ if c.is_whitespace() => {
                // `dmarc = pass`
                if !word.is_empty() && !word.ends_with('=') {
                    tokens.push(std::mem::take(&mut word));
                }
            }
            '=' if word.is_empty() => {
                // Behind a blank it belongs to the word before.
                word = tokens.pop().filter(|before| before != ";").unwrap_or_default();
                word.push('=');
            }
            _ => word.push(c),
        }
    }
    tokens.extend(Some(word).filter(|word| !word.is_empty()));
    tokens
}

#[cfg(test)]
mod tests;
