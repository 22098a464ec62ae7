//! How the desk shows itself in mail.

use super::recorder::{Recorder, differences};
use super::{Desk, Snapshot, check_version};
use crate::access::Call;
use crate::error::Error;
use crate::input::{Fields, Input, Patch, Problems, check_email};
use crate::mail::{Brand, Letterhead};
use crate::model::Role;
use crate::setting::Stored;
use crate::time::Time;
use serde::Serialize;
use std::sync::Arc;

const LONGEST_NAME: usize = 100;
const LONGEST_FOOTER: usize = 1_000;
const LONGEST_URL: usize = 2_000;

/// The brand as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BrandView {
    /// What it says.
    #[serde(flatten)]
    pub brand: Brand,
    /// For conditional changes; 0 while it was never saved.
    pub version: i64,
    /// When it last changed, if ever.
    pub updated_at: Option<Time>,
}

impl From<Option<&Stored<Brand>>> for BrandView {
    fn from(stored: Option<&Stored<Brand>>) -> Self {
        Self {
            brand: stored.map(|stored| stored.content.clone()).unwrap_or_default(),
            version: stored.map_or(0, |stored| stored.version),
            updated_at: stored.map(|stored| stored.saved_at),
        }
    }
}

/// What to change of the brand. Null takes a value away.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // The fields are the brand's own; see `mail::Brand`.
pub struct BrandPatch {
    pub name: Patch<Option<String>>,
    pub colour: Patch<String>,
    pub logo_url: Patch<Option<String>>,
    pub footer: Patch<Option<String>>,
    pub from_name: Patch<Option<String>>,
    pub from_address: Patch<Option<String>>,
    pub reply_to: Patch<Option<String>>,
}

impl Input for BrandPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.nullable_text("name"),
            colour: fields.text("colour"),
            logo_url: fields.nullable_text("logo_url"),
            footer: fields.nullable_text("footer"),
            from_name: fields.nullable_text("from_name"),
            from_address: fields.nullable_text("from_address"),
            reply_to: fields.nullable_text("reply_to"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        let given = |patch: &Patch<Option<String>>| patch.as_ref().and_then(Clone::clone);
        for (field, patch) in [("name", &self.name), ("from_name", &self.from_name)] {
            if let Some(name) = given(patch) {
                problems.text(field, name.trim(), 1..=LONGEST_NAME, false);
            }
        }
        if let Some(footer) = given(&self.footer) {
            problems.text("footer", footer.trim(), 1..=LONGEST_FOOTER, true);
        }
        if self.colour.as_ref().is_some_and(|colour| crate::mail::rgb(colour).is_none()) {
            problems.add("colour", "invalid_value", "Must be a colour such as #1f4f8f.");
        }
        if given(&self.logo_url).is_some_and(|url| !is_picture(&url)) {
            problems.add("logo_url", "invalid_value", "Must be an address that begins with https://.");
        }
        for (field, patch) in [("from_address", &self.from_address), ("reply_to", &self.reply_to)] {
            if let Some(address) = given(patch) {
                check_email(problems, field, address.trim());
            }
        }
    }
}

/// Whether mail programs can load a picture from there.
fn is_picture(url: &str) -> bool {
    let fits =
        |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}');
    let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let is_host = !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    is_host && url.len() <= LONGEST_URL && url.chars().all(fits)
}

impl BrandPatch {
    fn apply(&self, brand: &mut Brand) {
        let trimmed = |patch: &Patch<Option<String>>, place: &mut Option<String>| {
            if let Some(value) = patch.as_ref() {
                *place = value.as_ref().map(|text| text.trim().to_owned());
            }
        };
        trimmed(&self.name, &mut brand.name);
        trimmed(&self.logo_url, &mut brand.logo_url);
        trimmed(&self.footer, &mut brand.footer);
        trimmed(&self.from_name, &mut brand.from_name);
        trimmed(&self.from_address, &mut brand.from_address);
        trimmed(&self.reply_to, &mut brand.reply_to);
        if let Some(colour) = self.colour.as_ref() {
            brand.colour = colour.to_ascii_lowercase();
        }
    }
}

impl Snapshot {
    /// How the desk shows itself in mail.
    pub fn brand(&self) -> Brand {
        self.stored_brand.as_ref().map(|stored| stored.content.clone()).unwrap_or_default()
    }

    /// What mails show of it. `app_url` is where the desk is found.
    pub fn letterhead(&self, app_url: &str) -> Letterhead {
        self.brand().letterhead(&self.profile, app_url)
    }
}

impl Desk {
    /// How the desk shows itself in mail. For administrators.
    pub async fn brand(&self, call: impl Into<Call>) -> Result<BrandView, Error> {
        call.into().actor.at_least(Role::Admin)?;
        Ok(self.snapshot().await?.stored_brand.as_ref().into())
    }

    /// Changes how the desk shows itself in mail. For administrators.
    pub async fn update_brand(
        &self,
        call: impl Into<Call>,
        input: BrandPatch,
        expected: Option<i64>,
    ) -> Result<BrandView, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Admin)?;
        input.checked()?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = BrandView::from(snapshot.stored_brand.as_ref());
            check_version(expected, old.version)?;
            let mut content = old.brand.clone();
            input.apply(&mut content);
            let changes = differences(Some(&old.brand), &content);
            if changes.is_empty() {
                return Ok(old);
            }
            let new = Stored { id: Brand::ID, version: old.version + 1, saved_at: recorder.now, content };
            let view = BrandView::from(Some(&new));
            recorder.version(&new, "updated", &changes)?;
            recorder.answer(|| &view)?;
            recorder.commit().await?;
            Ok(view)
        })
        .await
    }
}
