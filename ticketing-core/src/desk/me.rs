//! One's own profile.

use super::password::check_password;
use super::user::{check_locale, check_time_zone};
use super::{Desk, check_version};
use crate::access::{Call, Scope};
use crate::error::Error;
use crate::input::{Fields, Input, Patch, Problems, check_name};
use crate::model::{Availability, User};

/// What a person may change of the own profile.
#[derive(Clone, Debug, Default)]
pub struct MePatch {
    /// The name.
    pub name: Patch<String>,
    /// Whether new work is taken.
    pub availability: Patch<Availability>,
    /// IANA time zone.
    pub time_zone: Patch<Option<String>>,
    /// BCP 47 language.
    pub locale: Patch<Option<String>>,
    /// A new password; needs `current_password`.
    pub password: Patch<String>,
    /// The password until now.
    pub current_password: Patch<String>,
}

impl Input for MePatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            availability: fields.word("availability", Availability::ALL),
            time_zone: fields.nullable_text("time_zone"),
            locale: fields.nullable_text("locale"),
            password: fields.text("password"),
            current_password: fields.text("current_password"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            check_name(problems, "name", name);
        }
        check_time_zone(problems, &self.time_zone);
        check_locale(problems, &self.locale);
        if let Some(password) = self.password.as_ref() {
            check_password(problems, "password", password);
            if self.current_password == Patch::Keep {
                problems.add("current_password", "required", "Is required to change the password.");
            }
        }
    }

    fn new_password(&self) -> Option<&str> {
        self.password.as_ref().map(String::as_str)
    }
}

impl Desk {
    /// Oneself.
    pub async fn me(&self, call: impl Into<Call>) -> Result<User, Error> {
        let id = call.into().actor.user_id().ok_or(Error::NotFound("user"))?;
        self.store.user(&Scope::SIGN_IN, id).await?.ok_or(Error::NotFound("user"))
    }

    /// Changes oneself.
    pub async fn update_me(&self, call: impl Into<Call>, input: MePatch, expected: Option<i64>) -> Result<User, Error> {
        let call = &call.into();
        self.check_input(&input)?;
        let id = call.actor.user_id().ok_or(Error::NotFound("user"))?;
        let (known, hash) = match &input.password {
            Patch::Keep => (None, None),
            Patch::Set(password) => {
                let known = self.store.credential_by_id(&Scope::SIGN_IN, id).await?.and_then(|c| c.password_hash);
                let given = input.current_password.as_ref().map(String::as_str).unwrap_or_default();
                if !self.parts.passwords.verify(given, known.clone()).await? {
                    return Err(Error::field("current_password", "wrong", "Is not the password until now."));
                }
                (known, Some(self.parts.passwords.hash(password).await?))
            }
        };
        let (input, known, hash) = (&input, &known, &hash);
        self.insist(move || async move {
            let stored = self.store.credential_by_id(&Scope::SIGN_IN, id).await?.ok_or(Error::NotFound("user"))?;
            if hash.is_some() && stored.password_hash != *known {
                // Somebody set another password while this one was checked, and theirs stays; or a
                // sign-in hashed this one anew.
                let given = input.current_password.as_ref().map(String::as_str).unwrap_or_default();
                if !self.parts.passwords.verify(given, stored.password_hash.clone()).await? {
                    return Err(Error::field("current_password", "wrong", "Is no longer the password."));
                }
            }
            let old = stored.user;
            check_version(expected, old.version)?;
            let mut new = old.clone();
            if let Some(name) = input.name.as_ref() {
                name.trim().clone_into(&mut new.name);
            }
            input.availability.apply(&mut new.availability);
            input.time_zone.apply(&mut new.time_zone);
            input.locale.apply(&mut new.locale);
            self.write_user(call, &old, new, hash.as_deref()).await
        })
        .await
    }
}
