//! Mails as administrators reword them.

use super::MailType;
use crate::setting::{Setting, Stored};
use crate::template::{Markup, ParseError, Template};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::OnceLock;
use uuid::Uuid;

/// The texts of one mail, as templates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateText {
    /// The subject.
    pub subject: String,
    /// What a reader with markup shows.
    pub html: String,
    /// What a reader without shows.
    pub text: String,
}

/// One mail as an administrator rewords it: in one language, or in all that have no text of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailTemplate {
    /// Which mail.
    #[serde(rename = "type")]
    pub mail_type: MailType,
    /// The tag of its language, in small letters; none for all others.
    pub locale: Option<String>,
    /// Its texts.
    #[serde(flatten)]
    pub text: TemplateText,
}

impl Setting for EmailTemplate {
    const KIND: &'static str = "email_template";
}

impl EmailTemplate {
    /// How many a desk can have.
    pub const MOST: usize = 200;

    /// There is one template of a mail and language, under this id.
    pub fn id(mail_type: MailType, locale: Option<&str>) -> Uuid {
        let name = format!("email_template/{mail_type}/{}", locale.unwrap_or_default());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&Sha256::digest(name)[..16]);
        uuid::Builder::from_custom_bytes(bytes).into_uuid()
    }
}

/// The three templates of a mail.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Parsed {
    pub(crate) subject: Template,
    pub(crate) html: Template,
    pub(crate) text: Template,
}

impl Parsed {
    /// Reads all three, or names each that can't be read.
    pub(crate) fn new(text: &TemplateText) -> Result<Self, Vec<(&'static str, ParseError)>> {
        let parts = [
            ("subject", &text.subject, Markup::Text),
            ("html", &text.html, Markup::Html),
            ("text", &text.text, Markup::Text),
        ];
        let mut wrong = Vec::new();
        let mut read = parts
            .map(|(name, text, markup)| Template::parse(text, markup).map_err(|error| wrong.push((name, error))).ok());
        match [read[0].take(), read[1].take(), read[2].take()] {
            [Some(subject), Some(html), Some(text)] => Ok(Self { subject, html, text }),
            _ => Err(wrong),
        }
    }
}

/// All mails that were reworded.
#[derive(Debug, Default)]
pub struct EmailTemplates(HashMap<Uuid, Kept>);

#[derive(Debug)]
struct Kept {
    stored: Stored<EmailTemplate>,
    /// Read when first needed; nothing where it can't be read any more.
    parsed: OnceLock<Option<Parsed>>,
}

impl EmailTemplates {
    /// All of them.
    pub fn new(stored: Vec<Stored<EmailTemplate>>) -> Self {
        let keep = |stored: Stored<EmailTemplate>| (stored.id, Kept { stored, parsed: OnceLock::new() });
        Self(stored.into_iter().map(keep).collect())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, by mail and language.
    pub fn iter(&self) -> impl Iterator<Item = &Stored<EmailTemplate>> {
        let mut all: Vec<_> = self.0.values().map(|kept| &kept.stored).collect();
        all.sort_by_key(|stored| (stored.content.mail_type, &stored.content.locale));
        all.into_iter()
    }

    /// The one of exactly this mail and language.
    pub fn exact(&self, mail_type: MailType, locale: Option<&str>) -> Option<&Stored<EmailTemplate>> {
        self.0.get(&EmailTemplate::id(mail_type, locale)).map(|kept| &kept.stored)
    }

    /// Those that a reader of this language may get, the best first: of `de-at` that of `de-at`, of `de` and for all.
    fn fitting(&self, mail_type: MailType, locale: Option<&str>) -> impl Iterator<Item = &Kept> {
        let locale = locale.map(str::to_ascii_lowercase);
        let language = locale.as_deref().and_then(|locale| locale.split('-').next()).map(str::to_owned);
        let ids = [locale.as_deref(), language.as_deref(), None].map(|locale| EmailTemplate::id(mail_type, locale));
        ids.into_iter().filter_map(|id| self.0.get(&id))
    }

    /// The one that a reader of this language gets.
    pub(crate) fn best(&self, mail_type: MailType, locale: Option<&str>) -> Option<&Parsed> {
        self.fitting(mail_type, locale)
            .find_map(|kept| kept.parsed.get_or_init(|| Parsed::new(&kept.stored.content.text).ok()).as_ref())
    }

    /// The texts of the one that a reader of this language gets.
    pub(crate) fn held_text(&self, mail_type: MailType, locale: Option<&str>) -> Option<TemplateText> {
        self.fitting(mail_type, locale).next().map(|kept| kept.stored.content.text.clone())
    }
}
