//! The desk's mails as texts: what they may say, in which words, and how they look.
//!
//! [`MailFacts`] is all that a mail may say. Facts for a customer have types of their own, which can't hold a note
//! among staff, an escalation or anything else that is for staff. [`compose`] makes subject, markup and plain text of
//! facts: by the desk's own template where an administrator wrote one, else by a built-in one in the recipient's
//! language.

mod brand;
mod built_in;
mod compose;
mod fact;
pub mod inbound;
mod kind;
mod language;
mod sample;
mod template;
#[cfg(all(test, feature = "conformance"))]
mod tests;
mod value;
mod vocabulary;

pub use brand::{Brand, Letterhead};
pub use compose::{Composed, compose, in_short};
pub use fact::{
    Credential, Customers, Deadline, Entry, Happening, LateEntry, LateNews, MailFacts, Message, PublicComment,
    Recipient, RuleSwitchedOff, RuleWords, Side, Staff, StaffMatter, SwitchedOff, TicketNews, TicketPeople,
};
pub use kind::{MailKind, MailType};
pub use language::Language;
pub use sample::{Sample, sample};
pub use template::{EmailTemplate, EmailTemplates, TemplateText};
pub use value::variables;
pub use vocabulary::vocabulary;

pub(crate) use brand::rgb;
pub(crate) use built_in::of as built_in;
pub(crate) use compose::compose_as;
pub(crate) use template::Parsed;
