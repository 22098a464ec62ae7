//! Mails as administrators reword them.

use super::recorder::Recorder;
use super::user::check_locale;
use super::{Desk, check_version};
use crate::access::{Call, Scope};
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::TicketKey;
use crate::input::{Fields, Input, Patch, Problems};
use crate::mail::{
    Composed, EmailTemplate, Language, MailType, Parsed, Sample, TemplateText, TicketPeople, built_in, compose_as,
    vocabulary,
};
use crate::model::view::{Reader, TicketView};
use crate::model::{Role, Ticket};
use crate::setting::{Setting, Stored};
use crate::template::{Template, Variable, Vocabulary};
use crate::time::Time;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;

const LONGEST_SUBJECT: usize = 1_000;
/// How many unknown values one complaint names.
const MOST_NAMED: usize = 5;

/// The texts of a mail to be reworded, as templates.
#[derive(Clone, Debug)]
pub struct NewEmailTemplate {
    /// The subject.
    pub subject: String,
    /// What a reader with markup shows.
    pub html: String,
    /// What a reader without shows.
    pub text: String,
}

impl Input for NewEmailTemplate {
    fn read(fields: &mut Fields) -> Self {
        Self {
            subject: fields.required_text("subject"),
            html: fields.required_text("html"),
            text: fields.required_text("text"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_texts(problems, [Some(&self.subject), Some(&self.html), Some(&self.text)]);
    }
}

/// Length and characters; what they say as templates depends on the mail.
fn check_texts(problems: &mut Problems, [subject, html, text]: [Option<&String>; 3]) {
    for (field, text, longest) in [
        ("subject", subject, LONGEST_SUBJECT),
        ("html", html, Template::LONGEST_SOURCE),
        ("text", text, Template::LONGEST_SOURCE),
    ] {
        if let Some(text) = text {
            problems.text(field, text, 1..=longest, field != "subject");
        }
    }
}

/// What a mail is tried with.
#[derive(Clone, Debug, Default)]
pub struct MailPreview {
    /// A ticket, by id or number; a made-up one unless given.
    pub ticket: Option<String>,
    /// The reader's language.
    pub locale: Option<String>,
    /// A subject to try in place of the one that holds.
    pub subject: Option<String>,
    /// A markup to try in place of the one that holds.
    pub html: Option<String>,
    /// A plain text to try in place of the one that holds.
    pub text: Option<String>,
}

impl Input for MailPreview {
    fn read(fields: &mut Fields) -> Self {
        let mut text = |field: &str| fields.nullable_text(field).into_option().flatten();
        Self {
            ticket: text("ticket"),
            locale: text("locale"),
            subject: text("subject"),
            html: text("html"),
            text: text("text"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_locale(problems, &Patch::Set(self.locale.clone()));
        check_texts(problems, [self.subject.as_ref(), self.html.as_ref(), self.text.as_ref()]);
    }
}

/// One mail of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EmailTemplateSummary {
    /// Which mail.
    #[serde(rename = "type")]
    pub mail_type: MailType,
    /// The language that it was reworded for; none for all others.
    pub locale: Option<String>,
    /// Its subject, as a template.
    pub subject: String,
    /// Whether nobody has reworded it.
    pub is_built_in: bool,
    /// For conditional changes; 0 for what is built in.
    pub version: i64,
    /// When it was reworded last.
    pub updated_at: Option<Time>,
}

/// One mail with its texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EmailTemplateView {
    /// Which mail, and how it stands.
    #[serde(flatten)]
    pub summary: EmailTemplateSummary,
    /// What a reader with markup shows, as a template.
    pub html: String,
    /// What a reader without shows, as a template.
    pub text: String,
    /// The values that the templates may ask for.
    pub variables: Vec<Variable>,
}

impl EmailTemplateView {
    fn own(stored: &Stored<EmailTemplate>) -> Self {
        let EmailTemplate { mail_type, locale, text } = stored.content.clone();
        let summary = EmailTemplateSummary {
            mail_type,
            locale,
            subject: text.subject,
            is_built_in: false,
            version: stored.version,
            updated_at: Some(stored.saved_at),
        };
        Self { summary, html: text.html, text: text.text, variables: vocabulary(mail_type.into()).variables() }
    }

    fn built_in(mail_type: MailType, locale: Option<String>) -> Self {
        let text = built_in(mail_type.into(), Language::of(locale.as_deref())).text.clone();
        let summary = EmailTemplateSummary {
            mail_type,
            locale,
            subject: text.subject,
            is_built_in: true,
            version: 0,
            updated_at: None,
        };
        Self { summary, html: text.html, text: text.text, variables: vocabulary(mail_type.into()).variables() }
    }
}

impl Desk {
    /// All mails that may be reworded, each once as it is for all languages without a text of their own, and after
    /// it those for one language. For administrators.
    pub async fn email_templates(&self, call: impl Into<Call>) -> Result<Vec<EmailTemplateSummary>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let snapshot = self.snapshot().await?;
        let mut all = Vec::new();
        for mail_type in MailType::ALL.iter().copied() {
            let own = snapshot.email_templates.iter().filter(|stored| stored.content.mail_type == mail_type);
            let own: Vec<_> = own.map(|stored| EmailTemplateView::own(stored).summary).collect();
            if own.iter().all(|own| own.locale.is_some()) {
                all.push(EmailTemplateView::built_in(mail_type, None).summary);
            }
            all.extend(own);
        }
        Ok(all)
    }

    /// One mail as it is for this language, or for all that have no text of their own. For administrators.
    pub async fn email_template(
        &self,
        call: impl Into<Call>,
        mail_type: MailType,
        locale: Option<&str>,
    ) -> Result<EmailTemplateView, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let locale = checked_locale(locale)?;
        let snapshot = self.snapshot().await?;
        let own = snapshot.email_templates.exact(mail_type, locale.as_deref()).map(EmailTemplateView::own);
        Ok(own.unwrap_or_else(|| EmailTemplateView::built_in(mail_type, locale)))
    }

    /// Rewords a mail, for one language or for all that have no text of their own. For administrators.
    pub async fn put_email_template(
        &self,
        call: impl Into<Call>,
        mail_type: MailType,
        locale: Option<&str>,
        input: NewEmailTemplate,
        expected: Option<i64>,
    ) -> Result<EmailTemplateView, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Admin)?;
        let locale = &checked_locale(locale)?;
        input.checked()?;
        let text = &TemplateText {
            subject: input.subject.trim().to_owned(),
            html: input.html.clone(),
            text: input.text.clone(),
        };
        parsed(text, &vocabulary(mail_type.into()))?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = snapshot.email_templates.exact(mail_type, locale.as_deref());
            check_version(expected, old.map_or(0, |old| old.version))?;
            if let Some(old) = old.filter(|old| old.content.text == *text) {
                return Ok(EmailTemplateView::own(old));
            }
            if old.is_none() && snapshot.email_templates.len() >= EmailTemplate::MOST {
                let message = format!("A desk has at most {} email templates of its own.", EmailTemplate::MOST);
                return Err(Error::conflict("too_many", message));
            }
            let id = EmailTemplate::id(mail_type, locale.as_deref());
            // One that was taken back before is still there, deleted; the new one follows it.
            let last = match old {
                Some(old) => old.version,
                None => self.last_version(id).await?,
            };
            let content = EmailTemplate { mail_type, locale: locale.clone(), text: text.clone() };
            let new = Stored { id, version: last + 1, saved_at: recorder.now, content };
            let view = EmailTemplateView::own(&new);
            let deed = if old.is_some() { "updated" } else { "created" };
            recorder.version(&new, deed, &traces(old, Some(&new)))?;
            recorder.answer(|| &view)?;
            recorder.commit().await?;
            Ok(view)
        })
        .await
    }

    /// Brings the built-in text of a mail back. For administrators.
    pub async fn delete_email_template(
        &self,
        call: impl Into<Call>,
        mail_type: MailType,
        locale: Option<&str>,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        let locale = &checked_locale(locale)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = snapshot.email_templates.exact(mail_type, locale.as_deref());
            let old = old.ok_or(Error::NotFound("email template"))?;
            check_version(expected, old.version)?;
            let gone = old.next(recorder.now, old.content.clone());
            recorder.last_version(&gone, &traces(Some(old), None))?;
            recorder.commit().await
        })
        .await
    }

    /// A mail as its reader would get it, about a ticket or a made-up one. For administrators.
    pub async fn preview_email_template(
        &self,
        call: impl Into<Call>,
        mail_type: MailType,
        input: MailPreview,
    ) -> Result<Composed, Error> {
        let call = call.into();
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        let snapshot = self.snapshot().await?;
        let mut sample = match &input.ticket {
            None => Sample::made_up(self.now(), &self.options().app_url),
            Some(name) => {
                let key: TicketKey = name.parse().map_err(|_| {
                    Error::field("ticket", "unknown_value", "Is neither the id nor the number of a ticket.")
                })?;
                self.sample_of(self.seen_ticket(&call, &key).await?).await?
            }
        };
        sample.locale.clone_from(&input.locale);
        let held = snapshot.email_templates.held_text(mail_type, input.locale.as_deref());
        let held =
            held.unwrap_or_else(|| built_in(mail_type.into(), Language::of(input.locale.as_deref())).text.clone());
        let text = TemplateText {
            subject: input.subject.unwrap_or(held.subject),
            html: input.html.unwrap_or(held.html),
            text: input.text.unwrap_or(held.text),
        };
        let templates = parsed(&text, &vocabulary(mail_type.into()))?;
        let letterhead = snapshot.letterhead(&self.options().app_url);
        compose_as(&sample.facts(mail_type.into()), &letterhead, &templates)
            .map_err(|(field, error)| Error::field(field, "too_long", format!("Can't be filled in: {error}.")))
    }

    async fn sample_of(&self, ticket: Ticket) -> Result<Sample, Error> {
        let snapshot = self.snapshot().await?;
        let app_url = &self.options().app_url;
        let customer = self.store.user(&Scope::UPKEEP, ticket.customer_id).await?;
        let (customer_name, customer_email) = customer.map(|user| (user.name, user.email)).unwrap_or_default();
        let people = TicketPeople {
            customer_name,
            customer_email,
            agent_name: ticket
                .assigned_agent_id
                .and_then(|id| snapshot.directory.staff(id))
                .map(|user| user.name.clone()),
            team_name: ticket.team_id.and_then(|id| snapshot.directory.team(id)).map(|team| team.name.clone()),
        };
        let made_up = Sample::made_up(self.now(), app_url);
        let customer_ticket = TicketView::new(ticket.clone(), Reader::Customer(&snapshot.custom_fields), app_url);
        let ticket = match TicketView::new(ticket, Reader::Staff, app_url) {
            TicketView::Staff(ticket) => *ticket,
            TicketView::Customer(_) => made_up.ticket,
        };
        Ok(Sample { ticket, customer_ticket: customer_ticket.public().clone(), people, ..made_up })
    }

    /// The version of a template that is no longer there; 0 where there never was one.
    async fn last_version(&self, id: uuid::Uuid) -> Result<i64, Error> {
        let history = self.store.document_history(EmailTemplate::KIND, id, 1).await?;
        Ok(history.first().map_or(0, |document| document.version))
    }
}

/// The tag in small letters.
fn checked_locale(locale: Option<&str>) -> Result<Option<String>, Error> {
    let locale = locale.map(str::to_ascii_lowercase);
    let mut problems = Problems::default();
    check_locale(&mut problems, &Patch::Set(locale.clone()));
    problems.finish()?;
    Ok(locale)
}

/// The three templates, or all that is wrong with each.
fn parsed(text: &TemplateText, vocabulary: &Vocabulary) -> Result<Parsed, Error> {
    let mut problems = Problems::default();
    match Parsed::new(text) {
        Err(wrong) => {
            for (field, error) in wrong {
                problems.add(field, "invalid_template", format!("Line {}: {}", error.line, error.message));
            }
            problems.finish()?;
            Err(Error::field("", "invalid_template", "Can't be read."))
        }
        Ok(parsed) => {
            for (field, template) in [("subject", &parsed.subject), ("html", &parsed.html), ("text", &parsed.text)] {
                let unknown = template.unknown(vocabulary);
                if !unknown.is_empty() {
                    let named: Vec<_> = unknown.iter().take(MOST_NAMED).map(ToString::to_string).collect();
                    problems.add(field, "unknown_variable", named.join(" "));
                }
            }
            problems.finish().map(|()| parsed)
        }
    }
}

/// What the audit log says of long texts: that they differ, not how. Their history is kept as documents.
pub(crate) fn traces(old: Option<&Stored<EmailTemplate>>, new: Option<&Stored<EmailTemplate>>) -> FieldChanges {
    let says = |stored: Option<&Stored<EmailTemplate>>| {
        let trace = |text: &str| {
            let digest =
                Sha256::digest(text).iter().take(6).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
            Value::from(format!("{} bytes, sha256 {digest}", text.len()))
        };
        let content = stored.map(|stored| &stored.content);
        let text = content.map(|content| &content.text);
        [
            ("type", content.map_or(Value::Null, |content| content.mail_type.as_str().into())),
            ("locale", content.and_then(|content| content.locale.as_deref()).map_or(Value::Null, Value::from)),
            ("subject", text.map_or(Value::Null, |text| text.subject.as_str().into())),
            ("html", text.map_or(Value::Null, |text| trace(&text.html))),
            ("text", text.map_or(Value::Null, |text| trace(&text.text))),
        ]
    };
    let pairs = says(old).into_iter().zip(says(new));
    pairs
        .filter(|((_, old), (_, new))| old != new)
        .map(|((field, old), (_, new))| (field.to_owned(), (old, new)))
        .collect()
}
