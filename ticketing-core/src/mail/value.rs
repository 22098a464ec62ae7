//! Facts as the values that templates fill in.

use super::fact::{Entry, Happening, StaffMatter, TicketNews, TicketPeople};
use super::language::filled;
use super::{
    Credential, Deadline, Language, LateNews, Letterhead, MailFacts, Message, Recipient, RuleSwitchedOff, RuleWords,
    Side, SwitchedOff,
};
use crate::model::Status;
use crate::model::view::{CommentView, CustomerTicket};
use crate::time::Time;
use serde_json::{Map, Value, json};

/// Characters of one text that somebody wrote. Who wants more of it follows the link.
const LONGEST_TEXT: usize = 20_000;
/// The same, where several stand in one mail.
const LONGEST_OF_SEVERAL: usize = 2_000;
/// The same, where a list of mails shows how each begins.
const LONGEST_BEGINNING: usize = 200;
/// The same of a subject, where many stand in one mail.
const LONGEST_SUBJECT: usize = 120;
/// How many things that happened one mail tells; the newest.
const MOST_ENTRIES: usize = 15;

/// The values of a mail, in the recipient's language and time zone.
pub fn variables(facts: &MailFacts, letterhead: &Letterhead) -> Value {
    let MailFacts { recipient, message, unsubscribe_url } = facts;
    let telling = Telling { language: Language::of(recipient.locale.as_deref()), recipient };
    let mut values = match message {
        Message::Invitation(credential) | Message::PasswordReset(credential) => telling.credential(credential),
        Message::WebhookDisabled(webhook) => switched_off(webhook),
        Message::WorkflowDisabled(RuleSwitchedOff { name, link }) => {
            object(json!({"workflow": {"name": name}, "link": link}))
        }
        Message::Workflow(words) => rule_words(words),
        Message::LateNews(news) => telling.late_news(news),
        Message::ToCustomer(news) => {
            telling.news(news, &news.ticket, |comment| comment.view(), |_, matter| match *matter {})
        }
        Message::ToStaff(news) => telling.news(news, &news.ticket.public, |comment| comment, Telling::matter),
    };
    let is_customer = matches!(message, Message::ToCustomer(_) | Message::Workflow(RuleWords { to_staff: false, .. }));
    let is_assignee = match message {
        Message::ToStaff(news) => recipient.id.is_some() && news.ticket.public.assigned_agent_id == recipient.id,
        _ => false,
    };
    values.insert(
        "recipient".to_owned(),
        json!({
            "name": recipient.name, "is_customer": is_customer, "is_staff": !is_customer, "is_assignee": is_assignee,
        }),
    );
    values.insert(
        "brand".to_owned(),
        json!({
            "name": letterhead.name, "colour": letterhead.colour, "text_colour": letterhead.text_colour(),
            "edge_colour": letterhead.edge_colour(),
            "logo_url": letterhead.logo_url, "footer": letterhead.footer, "url": letterhead.url,
        }),
    );
    values.insert("unsubscribe_url".to_owned(), json!(unsubscribe_url));
    Value::Object(values)
}

type Values = Map<String, Value>;

fn object(value: Value) -> Values {
    match value {
        Value::Object(map) => map,
        _ => Values::new(),
    }
}

fn switched_off(webhook: &SwitchedOff) -> Values {
    object(json!({
        "webhook": {"name": webhook.name, "url": webhook.url, "reason": cut(&webhook.reason, LONGEST_OF_SEVERAL)},
        "link": webhook.link,
    }))
}

fn rule_words(words: &RuleWords) -> Values {
    let RuleWords { subject, body, link, to_staff: _ } = words;
    let mail = json!({
        "subject": subject, "body": cut(body.trim_end(), LONGEST_TEXT), "beginning": cut(body, LONGEST_BEGINNING),
    });
    object(json!({"mail": mail, "link": link}))
}

/// The beginning of a text.
fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// Telling one reader, in that reader's words.
struct Telling<'a> {
    language: Language,
    recipient: &'a Recipient,
}

impl Telling<'_> {
    fn moment(&self, at: Time) -> String {
        self.language.moment(at, self.recipient.time_zone.as_deref())
    }

    fn credential(&self, credential: &Credential) -> Values {
        object(json!({
            "actor": {"name": credential.actor},
            "link": credential.link,
            "expires_at": self.moment(credential.expires_at),
        }))
    }

    fn news<S: Side>(
        &self,
        news: &TicketNews<S>,
        ticket: &CustomerTicket,
        said: impl Fn(&S::Comment) -> &CommentView,
        matter: impl Fn(&Self, &S::Matter) -> Told,
    ) -> Values {
        let mut values = self.ticket(ticket, &news.people);
        values.insert("actor".to_owned(), json!({ "name": news.first.actor }));
        values.insert("link".to_owned(), json!(ticket.url));
        let count = 1 + news.more.len();
        if count > 1 {
            let left_out = count.saturating_sub(MOST_ENTRIES);
            let told = news.entries().skip(left_out).map(|entry| self.entry(entry, &news.people, &said, &matter));
            values.insert("entries".to_owned(), told.collect());
            values.insert("count".to_owned(), count.into());
            let more = filled(self.language.words().more, &[("{count}", &left_out.to_string())]);
            values.insert("more_text".to_owned(), json!((left_out > 0).then_some(more)));
            return values;
        }
        match &news.first.what {
            Happening::Created | Happening::Assigned => {}
            Happening::StatusChanged { old, new } => values.extend(self.status(*old, *new)),
            Happening::Commented(comment) => {
                values.insert("comment".to_owned(), self.comment(said(comment), LONGEST_TEXT));
            }
            Happening::Matter(inner) => values.extend(matter(self, inner).values),
        }
        values
    }

    fn late_news(&self, news: &LateNews) -> Values {
        let entries = news.entries.iter().map(|late| {
            let mut entry = object(self.entry(&late.entry, &late.people, |comment| comment, Self::matter));
            entry.insert("ticket_number".to_owned(), json!(late.ticket_number));
            entry.insert("subject".to_owned(), json!(cut(&late.subject, LONGEST_SUBJECT)));
            entry.insert("ticket_url".to_owned(), json!(late.url));
            Value::Object(entry)
        });
        let more = filled(self.language.words().more_late, &[("{count}", &news.more.to_string())]);
        object(json!({
            "entries": entries.collect::<Vec<_>>(), "count": news.entries.len() + news.more,
            "more_text": (news.more > 0).then_some(more), "link": news.link,
        }))
    }

    /// The values that are the same for every mail about a ticket: those of rules and canned responses, flat and
    /// under `ticket`, and the names of the people each under who it is.
    fn ticket(&self, ticket: &CustomerTicket, people: &TicketPeople) -> Values {
        let flat = object(json!({
            "ticket_number": ticket.ticket_number, "subject": ticket.subject,
            "description": cut(&ticket.description, LONGEST_TEXT),
            "status": ticket.status, "priority": ticket.priority, "category": ticket.category, "tags": ticket.tags,
            "status_label": self.language.status(ticket.status),
            "priority_label": self.language.priority(ticket.priority),
            "assigned_agent_id": ticket.assigned_agent_id, "agent_name": people.agent_name,
            "customer_id": ticket.customer_id, "customer_name": people.customer_name,
            "customer_email": people.customer_email, "team_name": people.team_name, "ticket_url": ticket.url,
            "custom_fields": ticket.custom_fields, "created_at": self.moment(ticket.created_at),
        }));
        let mut values = flat.clone();
        values.insert("ticket".to_owned(), Value::Object(flat));
        let mut add = |name: &str, value: Value| values.insert(name.to_owned(), value);
        add(
            "customer",
            json!({"id": ticket.customer_id, "name": people.customer_name, "email": people.customer_email}),
        );
        add("agent", json!({"id": ticket.assigned_agent_id, "name": people.agent_name}));
        add("team", json!({"id": ticket.team_id, "name": people.team_name}));
        add("is_resolved", json!(matches!(ticket.status, Status::Resolved | Status::Closed)));
        values
    }

    fn status(&self, old: Status, new: Status) -> Values {
        object(json!({
            "old": old, "new": new,
            "old_label": self.language.status(old), "new_label": self.language.status(new),
        }))
    }

    fn comment(&self, comment: &CommentView, longest: usize) -> Value {
        json!({
            "author": comment.author.name,
            "body": cut(&comment.body, longest),
            "is_internal": comment.is_internal,
            "created_at": self.moment(comment.created_at),
        })
    }

    fn entry<S: Side>(
        &self,
        entry: &Entry<S>,
        people: &TicketPeople,
        said: impl Fn(&S::Comment) -> &CommentView,
        matter: impl Fn(&Self, &S::Matter) -> Told,
    ) -> Value {
        let words = &self.language.words().happened;
        let mut comment = Value::Null;
        let headline = match &entry.what {
            Happening::Created => words.created.to_owned(),
            Happening::Assigned => match people.agent_name.as_ref().or(people.team_name.as_ref()) {
                Some(name) => filled(words.assigned, &[("{name}", name)]),
                None => words.unassigned.to_owned(),
            },
            Happening::StatusChanged { old, new } => {
                let labels = (self.language.status(*old), self.language.status(*new));
                filled(words.status, &[("{old}", labels.0), ("{new}", labels.1)])
            }
            Happening::Commented(said_here) => {
                let view = said(said_here);
                comment = self.comment(view, LONGEST_OF_SEVERAL);
                if view.is_internal { words.noted } else { words.commented }.to_owned()
            }
            Happening::Matter(inner) => matter(self, inner).headline,
        };
        json!({"headline": headline, "actor": entry.actor, "at": self.moment(entry.at), "comment": comment})
    }

    fn matter(&self, matter: &StaffMatter) -> Told {
        let words = &self.language.words().happened;
        match matter {
            StaffMatter::Escalated { level, reason } => Told {
                headline: filled(words.escalated, &[("{level}", &level.to_string())]),
                values: object(json!({"escalation": {"level": level, "reason": cut(reason, LONGEST_TEXT)}})),
            },
            StaffMatter::Warned(deadline) => self.deadline(deadline, words.warned),
            StaffMatter::Breached(deadline) => self.deadline(deadline, words.breached),
        }
    }

    fn deadline(&self, deadline: &Deadline, headline: &str) -> Told {
        let label = self.language.metric(deadline.metric);
        let due_at = self.moment(deadline.due_at);
        Told {
            headline: filled(headline, &[("{metric}", label)]),
            values: object(json!({
                "sla": {"metric": deadline.metric, "metric_label": label, "due_at": due_at},
            })),
        }
    }
}

/// What concerns one side alone: in a list, and as a mail of its own.
struct Told {
    headline: String,
    values: Values,
}
