//! The HTML of a mail, made safe to be shown, and the text that it says.
//!
//! A browser's parser copes with anything, at a price: some short texts become very large trees. So the HTML is brought into a
//! plain form first ([`tame`]), which bounds that; ammonia then parses it as a browser does and lets through what is allowed;
//! and the text is made of the result, whose form is known.

mod sanitize;
mod tame;
mod text;

pub(super) use tame::escape;
pub(super) use text::text_of;

use super::limit::Limits;

/// HTML that is safe to be shown, of at most about so many bytes, and whether something of it was left out.
pub(super) fn safe(html: &str, limits: &Limits) -> (String, bool) {
    let (tamed, is_cut) = tame::tame(html, limits.html, limits.tags);
    let safe = sanitize::sanitize(&tamed);
    // What is opened and never closed is repeated in each block; a person's mail does not grow much by that.
    if safe.len() > limits.html.saturating_mul(4) { (String::new(), true) } else { (safe, is_cut) }
}

/// What a part of a mail's HTML is to its reader, as it is marked in the HTML that is kept (`data-mail`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// Said before.
    Cite,
    /// What says whose words follow, or a mail that is passed on.
    Attribution,
    /// The head of a mail that is quoted whole; all that follows was said before.
    Reply,
    /// How it is signed.
    Signature,
}

impl Mark {
    const NAME: &'static str = "data-mail";

    fn word(self) -> &'static str {
        match self {
            Self::Cite => "cite",
            Self::Attribution => "attribution",
            Self::Reply => "reply",
            Self::Signature => "signature",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Cite, Self::Attribution, Self::Reply, Self::Signature].into_iter().find(|mark| mark.word() == word)
    }
}

#[cfg(test)]
mod tests;
