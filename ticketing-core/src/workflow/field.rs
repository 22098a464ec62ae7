//! What rules can ask for beyond a ticket as it stands: what it was, and whom and what it has to do with.

use super::extension::OwnField;
use super::facts::Facts;
use crate::condition::{Asked, CUSTOM, Field, FieldValue, Kind, Literal, parse_field};
use crate::model::{AuthResult, Availability, Channel, CustomFields, Role};
use std::borrow::Cow;
use std::sync::Arc;

/// Something that a rule's conditions can ask for.
#[derive(Clone, Debug)]
pub enum RuleField {
    /// A field of the ticket as it is when the rule is looked at, so with what earlier rules did.
    Ticket(Field),
    /// What a field was before the change.
    Before(Field),
    /// What a field became by the change.
    After(Field),
    /// Whether the change changed a field.
    Changed(Field),
    /// How many hours have passed since a moment of the ticket.
    HoursSince(Field),
    /// What is known of people, companies, comments and the event.
    Named(&'static NamedField),
    /// A header of the mail that the change came in.
    Header(Arc<str>),
    /// A field of the embedding application.
    Own(Arc<OwnField>),
}

/// What the names of fields start with that ask for a header of a mail.
pub const HEADER: &str = "email.header.";
/// The longest name of a header that can be asked for.
const LONGEST_HEADER: usize = 100;

/// What the names of fields start with that count hours.
pub const HOURS_SINCE: &str = "hours_since.";

/// A fixed field of something else than the ticket.
#[derive(Debug)]
pub struct NamedField {
    /// Its name on the wire.
    pub name: &'static str,
    /// Other names that it goes by, among them those of the variables.
    pub aliases: &'static [&'static str],
    /// What kind of value it holds.
    pub kind: Kind,
    /// What it is, for people.
    pub about: &'static str,
    words: fn() -> Vec<&'static str>,
    get: for<'f> fn(&'f Facts<'_>) -> FieldValue<'f>,
}

impl NamedField {
    /// Its value.
    pub fn value<'f>(&self, facts: &'f Facts<'_>) -> FieldValue<'f> {
        (self.get)(facts)
    }
}

fn no_words() -> Vec<&'static str> {
    Vec::new()
}

/// The words of a role, and one for the desk itself.
fn roles() -> Vec<&'static str> {
    Role::ALL.iter().map(|role| role.as_str()).chain(["system"]).collect()
}

fn availabilities() -> Vec<&'static str> {
    Availability::ALL.iter().map(|word| word.as_str()).collect()
}

fn verdicts() -> Vec<&'static str> {
    AuthResult::ALL.iter().map(|word| word.as_str()).collect()
}

fn channels() -> Vec<&'static str> {
    Channel::ALL.iter().map(|word| word.as_str()).collect()
}

/// A role by its place among [`roles`].
fn role(word: &str) -> FieldValue<'static> {
    let place = roles().iter().position(|own| *own == word);
    FieldValue::one(place.and_then(|place| i16::try_from(place).ok()).map(Literal::Rank))
}

macro_rules! named {
    ($($name:literal $([$($alias:literal),*])? $kind:ident $words:ident $about:literal => $get:expr;)+) => {
        /// Every one of them.
        pub static NAMED: &[NamedField] = &[$(NamedField {
            name: $name,
            aliases: &[$($($alias),*)?],
            kind: Kind::$kind,
            about: $about,
            words: $words,
            get: $get,
        }),+];
    };
}

named! {
    "customer.name" ["customer_name", "requester.name"] Text no_words "What the requester is called."
        => |facts| FieldValue::text(facts.customer().map(|user| user.name.as_str()));
    "customer.email" ["customer_email", "requester.email"] Text no_words "The requester's address."
        => |facts| FieldValue::text(facts.customer().map(|user| user.email.as_str()));
    "customer.role" ["requester.role"] Word roles "What the requester may do."
        => |facts| facts.customer().map_or(FieldValue::Nothing, |user| role(user.role.as_str()));
    "customer.locale" ["requester.locale"] Text no_words "The requester's language, such as `de`."
        => |facts| FieldValue::text(facts.customer().and_then(|user| user.locale.as_deref()));
    "customer.time_zone" ["requester.time_zone"] Text no_words "The requester's time zone, such as `Europe/Berlin`."
        => |facts| FieldValue::text(facts.customer().and_then(|user| user.time_zone.as_deref()));
    "organization.name" ["organization_name"] Text no_words "What the ticket's company is called."
        => |facts| FieldValue::text(facts.organization().map(|company| company.name.as_str()));
    "organization.domains" [] Texts no_words "Mail domains of the ticket's company."
        => |facts| facts.organization().map_or(FieldValue::Nothing, |company| {
            FieldValue::Texts(company.domains.as_slice().into())
        });
    "organization.shares_tickets" [] Flag no_words "Whether the people of the ticket's company see each other's tickets."
        => |facts| FieldValue::one(facts.organization().map(|company| Literal::Flag(company.shares_tickets)));
    "team.name" ["team_name"] Text no_words "What the ticket's team is called."
        => |facts| FieldValue::text(facts.team().map(|team| team.name.as_str()));
    "agent.name" ["agent_name", "assignee.name"] Text no_words "What the ticket's agent is called."
        => |facts| FieldValue::text(facts.agent().map(|user| user.name.as_str()));
    "agent.email" ["assignee.email"] Text no_words "The address of the ticket's agent."
        => |facts| FieldValue::text(facts.agent().map(|user| user.email.as_str()));
    "agent.role" ["assignee.role"] Word roles "What the ticket's agent may do."
        => |facts| facts.agent().map_or(FieldValue::Nothing, |user| role(user.role.as_str()));
    "agent.availability" ["assignee.availability"] Word availabilities "Whether the ticket's agent takes work."
        => |facts| FieldValue::one(facts.agent().map(|user| Literal::Rank(user.availability.rank())));
    "comment.body" ["comment.text"] Text no_words "What was said."
        => |facts| facts.said();
    "comment.is_internal" [] Flag no_words "Whether it was a note among staff."
        => |facts| FieldValue::one(facts.comment().map(|comment| Literal::Flag(comment.is_internal)));
    "comment.author_role" ["comment.author.role"] Word roles "What its author may do; `system` for a rule's own."
        => |facts| facts.comment().map_or(FieldValue::Nothing, |comment| role(&comment.author.role));
    "comment.author_id" ["comment.author.id"] Id no_words "Who said it."
        => |facts| FieldValue::one(facts.comment().and_then(|c| c.author.id).map(|id| Literal::Id(id.0)));
    "comment.channel" [] Word channels "How it came in."
        => |facts| FieldValue::one(facts.comment().map(|comment| Literal::Rank(comment.channel.rank())));
    "email.is_automatic" [] Flag no_words "Whether the change came in a mail that a program wrote."
        => |facts| FieldValue::one(facts.mail().map(|mail| Literal::Flag(mail.is_automatic)));
    "email.is_spam" [] Flag no_words "Whether it came in a mail that the receiving server took for spam."
        => |facts| FieldValue::one(facts.mail().map(|mail| Literal::Flag(mail.arrival.detail.is_spam)));
    "email.dmarc" [] Word verdicts "What a trusted server found out about the origin of the mail that it came in."
        => |facts| FieldValue::one(facts.mail().map(|mail| Literal::Rank(mail.arrival.detail.verdict.dmarc.rank())));
    "actor.id" [] Id no_words "Who made the change; nobody where a rule or the desk did."
        => |facts| FieldValue::one(facts.actor().id.map(|id| Literal::Id(id.0)));
    "actor.name" [] Text no_words "What whoever made the change is called."
        => |facts| FieldValue::text(Some(facts.actor().name.as_str()));
    "actor.role" [] Word roles "What whoever made the change may do; `system` where a rule or the desk did."
        => |facts| role(&facts.actor().role);
    "business_hours" [] Flag no_words "Whether now is a time at which the ticket's team works, by its calendar, else the desk's."
        => |facts| FieldValue::one(Some(Literal::Flag(facts.is_open())));
    "old" ["event.old"] Text no_words "What the event changed, before: status, priority, agent, team or level."
        => |facts| facts.old().map_or(FieldValue::Nothing, |text| FieldValue::Text(text.into()));
    "new" ["event.new"] Text no_words "What the event changed, after it."
        => |facts| facts.new_value().map_or(FieldValue::Nothing, |text| FieldValue::Text(text.into()));
}

impl RuleField {
    /// The field of this name or alias.
    pub fn parse(name: &str, custom: &CustomFields, own: &[Arc<OwnField>]) -> Option<Self> {
        if let Some(moment) = name.strip_prefix(HOURS_SINCE) {
            let field = match moment {
                "last_customer_reply" => Field::LastCustomerReplyAt,
                "last_status_change" => Field::LastStatusChangeAt,
                name => parse_field(name, custom)?,
            };
            return (field.kind() == Kind::Time).then_some(Self::HoursSince(field));
        }
        if let Some(header) = name.strip_prefix(HEADER) {
            let is_name = |b: u8| b.is_ascii_graphic() && b != b':';
            let fits = (1..=LONGEST_HEADER).contains(&header.len()) && header.bytes().all(is_name);
            return fits.then(|| Self::Header(header.to_ascii_lowercase().into()));
        }
        if let Some(field) = own.iter().find(|field| field.name == name) {
            return Some(Self::Own(Arc::clone(field)));
        }
        let is = |field: &&NamedField| field.name == name || field.aliases.contains(&name);
        if let Some(named) = NAMED.iter().find(is) {
            return Some(Self::Named(named));
        }
        let of_ticket = name.strip_prefix("ticket.").unwrap_or(name);
        parse_field(of_ticket, custom).map(Self::Ticket)
    }

    /// All names, for people.
    pub fn names(own: &[Arc<OwnField>]) -> Vec<String> {
        let of_ticket = Field::ALL.iter().map(|field| field.name().into_owned());
        let named = NAMED.iter().map(|field| field.name.to_owned());
        let own = own.iter().map(|field| field.name.clone());
        let patterns = [format!("{CUSTOM}KEY"), format!("{HOURS_SINCE}MOMENT"), format!("{HEADER}NAME")];
        of_ticket.chain(named).chain(own).chain(patterns).collect()
    }

    /// The field of the ticket that it is about, if it is.
    pub fn of_ticket(&self) -> Option<Field> {
        match self {
            Self::Ticket(field) | Self::Before(field) | Self::After(field) | Self::Changed(field) => Some(*field),
            Self::HoursSince(_) | Self::Named(_) | Self::Header(_) | Self::Own(_) => None,
        }
    }
}

impl PartialEq for RuleField {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Ticket(a), Self::Ticket(b))
            | (Self::Before(a), Self::Before(b))
            | (Self::After(a), Self::After(b))
            | (Self::Changed(a), Self::Changed(b))
            | (Self::HoursSince(a), Self::HoursSince(b)) => a == b,
            (Self::Named(a), Self::Named(b)) => a.name == b.name,
            (Self::Header(a), Self::Header(b)) => a == b,
            (Self::Own(a), Self::Own(b)) => a.name == b.name,
            _ => false,
        }
    }
}

impl Asked for RuleField {
    fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Ticket(field) | Self::Before(field) | Self::After(field) | Self::Changed(field) => field.name(),
            Self::HoursSince(field) => Cow::Owned(format!("{HOURS_SINCE}{}", field.name())),
            Self::Named(named) => Cow::Borrowed(named.name),
            Self::Header(name) => Cow::Owned(format!("{HEADER}{name}")),
            Self::Own(own) => Cow::Owned(own.name.clone()),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::Ticket(field) | Self::Before(field) | Self::After(field) => field.kind(),
            Self::Changed(_) => Kind::Flag,
            Self::HoursSince(_) => Kind::Decimal,
            Self::Named(named) => named.kind,
            Self::Header(_) => Kind::Text,
            Self::Own(own) => own.kind,
        }
    }

    fn is_ordered(&self) -> bool {
        match self {
            Self::Ticket(field) | Self::Before(field) | Self::After(field) => field.is_ordered(),
            Self::Named(named) => named.name != "comment.channel",
            Self::Changed(_) | Self::HoursSince(_) | Self::Header(_) | Self::Own(_) => true,
        }
    }

    fn words(&self) -> Vec<&'static str> {
        match self {
            Self::Ticket(field) | Self::Before(field) | Self::After(field) => field.words(),
            Self::Named(named) => (named.words)(),
            Self::Changed(_) | Self::HoursSince(_) | Self::Header(_) | Self::Own(_) => Vec::new(),
        }
    }

    fn rank_of(&self, word: &str) -> Option<i16> {
        match self {
            Self::Ticket(field) | Self::Before(field) | Self::After(field) => field.rank_of(word),
            _ => self.words().iter().position(|own| *own == word).and_then(|place| i16::try_from(place).ok()),
        }
    }
}
