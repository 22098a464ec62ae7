//! How the desk shows itself in mail.

use super::{Desk, Snapshot};
use crate::access::Call;
use crate::error::Error;
use crate::input::{Fields, Input, Patch, Problems, check_email};
use crate::mail::{Brand, Letterhead};
use crate::setting::Single;

const LONGEST_NAME: usize = 100;
const LONGEST_FOOTER: usize = 1_000;
const LONGEST_URL: usize = 2_000;

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
    /// What mails show of it. `app_url` is where the desk is found.
    pub fn letterhead(&self, app_url: &str) -> Letterhead {
        self.brand.content.letterhead(&self.profile.content, app_url)
    }
}

impl Desk {
    /// How the desk shows itself in mail. For administrators.
    pub async fn brand(&self, call: impl Into<Call>) -> Result<Single<Brand>, Error> {
        self.single_setting(&call.into(), |snapshot| &snapshot.brand).await
    }

    /// Changes how the desk shows itself in mail. For administrators.
    pub async fn update_brand(
        &self,
        call: impl Into<Call>,
        input: BrandPatch,
        expected: Option<i64>,
    ) -> Result<Single<Brand>, Error> {
        let call = &call.into();
        self.update_single_setting(call, &input, expected, |snapshot| &snapshot.brand, |brand| input.apply(brand)).await
    }
}
