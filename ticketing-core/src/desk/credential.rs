//! Passwords that are set by a link: forgotten ones, first ones, and the one of the first administrator.

use super::password::check_password;
use super::recorder::{Recorder, differences};
use super::session::end_sign_ins;
use super::user::NewUser;
use super::work::password_job;
use super::{Desk, refresh_token};
use crate::access::{Call, Scope};
use crate::changes::Write;
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{CredentialTokenId, UserId};
use crate::input::{Fields, Input, Problems, check_email, check_name};
use crate::model::{CredentialToken, Role, Subject, TokenKind, User};
use crate::time::Time;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// The address of somebody who forgot the password.
#[derive(Clone, Debug)]
pub struct Forgotten {
    /// The address, in any case.
    pub email: String,
}

impl Input for Forgotten {
    fn read(fields: &mut Fields) -> Self {
        Self { email: fields.required_text("email") }
    }

    fn check(&self, problems: &mut Problems) {
        problems.text("email", &self.email, 1..=1_000, false);
    }
}

/// A new password, by a link.
#[derive(Clone)]
pub struct PasswordReset {
    /// What the link carries.
    pub token: String,
    /// The new password.
    pub password: String,
}

impl Input for PasswordReset {
    fn read(fields: &mut Fields) -> Self {
        Self { token: fields.required_text("token"), password: fields.required_text("password") }
    }

    fn check(&self, problems: &mut Problems) {
        check_password(problems, "password", &self.password);
    }

    fn new_password(&self) -> Option<&str> {
        Some(&self.password)
    }
}

/// The first administrator, by the link that the server prints.
#[derive(Clone)]
pub struct Setup {
    /// What the link carries.
    pub token: String,
    /// The address.
    pub email: String,
    /// The name.
    pub name: String,
    /// The password.
    pub password: String,
}

impl Input for Setup {
    fn read(fields: &mut Fields) -> Self {
        Self {
            token: fields.required_text("token"),
            email: fields.required_text("email"),
            name: fields.required_text("name"),
            password: fields.required_text("password"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_email(problems, "email", &self.email);
        check_name(problems, "name", &self.name);
        check_password(problems, "password", &self.password);
    }

    fn new_password(&self) -> Option<&str> {
        Some(&self.password)
    }
}

fn refused() -> Error {
    Error::field("token", "invalid", "Is not good, has expired or was used. Ask for a new link.")
}

impl Desk {
    /// Somebody says that they forgot the password, and is mailed a link where the desk sends mail. The
    /// answer, its time and what is written are the same for addresses that are known and those that are
    /// not.
    pub async fn forgot_password(&self, call: impl Into<Call>, input: Forgotten) -> Result<(), Error> {
        // Forgetting twice is answered as forgetting once.
        let call = &call.into().without_key();
        input.checked()?;
        let known = self.store.credential(&Scope::SIGN_IN, &fold(input.email.trim())).await?.map(|found| found.user.id);
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let id = known.unwrap_or_else(|| UserId(self.ids().uuid(recorder.now)));
            recorder.deed("password.forgotten", Subject::User(id), &BTreeMap::new());
            self.mail_link(&mut recorder, id, TokenKind::Reset);
            recorder.commit().await
        })
        .await
    }

    /// Makes a link's token by which a person sets a password: within an hour, or, where the person was
    /// invited, within a week. An older one of the kind is void. For the operator, who hands it over.
    pub async fn create_password_token(
        &self,
        call: impl Into<Call>,
        user_id: UserId,
        kind: TokenKind,
    ) -> Result<String, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        let user = self.store.user(&Scope::UPKEEP, user_id).await?.ok_or(Error::NotFound("user"))?;
        if !user.is_active {
            return Err(Error::conflict("inactive", "This person can't sign in; make them active first."));
        }
        let action = match kind {
            TokenKind::Reset => "password.reset_link_made",
            TokenKind::Invitation => "user.invited",
            TokenKind::Setup => return Err(Error::forbidden("A set-up link is nobody's.")),
        };
        self.make_token(call, Some(user_id), kind, action).await
    }

    /// Makes the token of the link that sets the desk up, good for a day; nothing where there is an
    /// administrator. An older one is void. For the operator.
    pub async fn create_setup_token(&self, call: impl Into<Call>) -> Result<Option<String>, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Admin)?;
        if self.snapshot().await?.directory.has_admin() {
            return Ok(None);
        }
        self.make_token(call, None, TokenKind::Setup, "desk.setup_link_made").await.map(Some)
    }

    async fn make_token(
        &self,
        call: &Call,
        user_id: Option<UserId>,
        kind: TokenKind,
        action: &str,
    ) -> Result<String, Error> {
        let secret = &self.ids().secret();
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            self.new_token(&mut recorder, user_id, kind, action, secret);
            recorder.commit().await
        })
        .await?;
        Ok(URL_SAFE_NO_PAD.encode(secret))
    }

    /// Adds a link's token to a commit in the making. Answers until when it is good.
    fn new_token(
        &self,
        recorder: &mut Recorder<'_>,
        user_id: Option<UserId>,
        kind: TokenKind,
        action: &str,
        secret: &[u8; 32],
    ) -> Time {
        let lasts = match kind {
            TokenKind::Reset => TimeDelta::hours(1),
            TokenKind::Invitation => TimeDelta::days(7),
            TokenKind::Setup => TimeDelta::days(1),
        };
        let id = CredentialTokenId(self.ids().uuid(recorder.now));
        let (created_at, expires_at) = (recorder.now, recorder.now + lasts);
        let token_hash = refresh_token::hash(secret);
        let token = CredentialToken { id, user_id, kind, token_hash, created_at, expires_at, used_at: None };
        recorder.write(Write::CredentialToken { token });
        recorder.deed(action, Subject::User(user_id.unwrap_or(UserId(id.0))), &BTreeMap::new());
        expires_at
    }

    /// Adds a link for this person to a commit in the making. Answers its address, and until when it is
    /// good.
    pub(super) fn new_password_link(
        &self,
        recorder: &mut Recorder<'_>,
        user_id: UserId,
        kind: TokenKind,
    ) -> (String, Time) {
        let action = if kind == TokenKind::Invitation { "user.invited" } else { "password.reset_link_made" };
        let secret = self.ids().secret();
        let expires_at = self.new_token(recorder, Some(user_id), kind, action, &secret);
        (self.password_link(kind, &URL_SAFE_NO_PAD.encode(secret)), expires_at)
    }

    /// Adds to a commit in the making that no link of before sets this person's password: one that nobody has and
    /// that is used takes the place of each.
    pub(super) fn void_links(&self, recorder: &mut Recorder<'_>, user_id: UserId) {
        for kind in [TokenKind::Reset, TokenKind::Invitation] {
            let (id, now) = (CredentialTokenId(self.ids().uuid(recorder.now)), recorder.now);
            let (user_id, token_hash) = (Some(user_id), self.ids().secret());
            let token =
                CredentialToken { id, user_id, kind, token_hash, created_at: now, expires_at: now, used_at: Some(now) };
            recorder.write(Write::CredentialToken { token });
        }
    }

    /// The address of the page where this token sets a password.
    pub fn password_link(&self, kind: TokenKind, token: &str) -> String {
        let page = match kind {
            TokenKind::Reset => "reset",
            TokenKind::Invitation => "invite",
            TokenKind::Setup => "setup",
        };
        format!("{}/{page}?token={token}", self.options().app_url)
    }

    /// Adds to a commit in the making that this person is mailed a link, where the desk sends mail.
    pub(super) fn mail_link(&self, recorder: &mut Recorder<'_>, user_id: UserId, kind: TokenKind) {
        if self.parts.mailer.is_some() {
            let job = password_job(self, recorder.now, user_id, kind);
            recorder.write(Write::Job(Box::new(job)));
        }
    }

    /// Sets the password of whoever the link was made for, and ends all their sign-ins. A customer of whom
    /// nobody has said which company it is joins that of the mail domain.
    pub async fn reset_password(&self, call: impl Into<Call>, input: PasswordReset) -> Result<(), Error> {
        let call = &call.into();
        self.check_input(&input)?;
        let token_hash = hash_of(&input.token)?;
        // A guess is refused before it costs a hash.
        self.invited(token_hash).await?;
        let hash = &self.parts.passwords.hash(&input.password).await?;
        let (id, proved) = self
            .insist(move || async move {
                let mut recorder = Recorder::begin(self, call).await?;
                let old = self.invited(token_hash).await?;
                let mut user = old.clone();
                let proved = std::mem::take(&mut user.joins_by_domain);
                if proved {
                    // The link came by mail, or from somebody who knows whose it is: the address is proved.
                    user.organization_id = self.organization_of_address(&mut recorder, &user.email).await?;
                    self.revoke_keys(&mut recorder, user.id, None).await?;
                }
                let (id, changes) = (user.id, differences(Some(&old), &user));
                recorder.write(Write::SpendToken { token_hash, at: recorder.now });
                end_sign_ins(&mut recorder, user);
                recorder.write(Write::Password { user_id: id, hash: Some(hash.clone()) });
                recorder.deed("password.reset", Subject::User(id), &changes);
                let at = recorder.now;
                recorder.commit().await?;
                self.customers.forget();
                Ok((id, proved.then_some(at)))
            })
            .await?;
        if let Some(at) = proved {
            // A key that was made in the very moment of the commit is none that its owner made either.
            let call = &call.without_key();
            self.insist(move || async move {
                let mut recorder = Recorder::begin(self, call).await?;
                let revoked = self.revoke_keys(&mut recorder, id, Some(at)).await?;
                if revoked { recorder.commit().await } else { Ok(()) }
            })
            .await?;
        }
        Ok(())
    }

    /// The active person whose password a link sets.
    async fn invited(&self, token_hash: [u8; 32]) -> Result<User, Error> {
        let token = self.good_token(token_hash).await?;
        let id = token.user_id.ok_or_else(refused)?;
        let user = self.store.user(&Scope::SIGN_IN, id).await?;
        user.filter(|user| user.is_active).ok_or_else(refused)
    }

    async fn good_token(&self, token_hash: [u8; 32]) -> Result<CredentialToken, Error> {
        let token = self.store.credential_token(&Scope::SIGN_IN, &token_hash).await?.ok_or_else(refused)?;
        if token.used_at.is_some() || token.expires_at <= self.now() { Err(refused()) } else { Ok(token) }
    }

    /// Makes the first administrator, by the link that the server printed. Of two at once one wins.
    pub async fn set_up(&self, call: impl Into<Call>, input: Setup) -> Result<User, Error> {
        let (call, input) = (&call.into(), &input);
        self.check_input(input)?;
        let token_hash = hash_of(&input.token)?;
        self.check_setup(token_hash).await?;
        let hash = &self.parts.passwords.hash(&input.password).await?;
        let new = &NewUser { role: Role::Admin, ..NewUser::new(&input.email, &input.name) };
        self.insist(move || async move {
            // The commit lands only under the settings that this snapshot shows to have no administrator.
            let mut recorder = Recorder::begin(self, call).await?;
            self.check_setup(token_hash).await?;
            if recorder.snapshot.directory.has_admin() {
                return Err(refused());
            }
            recorder.write(Write::SpendToken { token_hash, at: recorder.now });
            let user = self.add_user(&mut recorder, new, None, Some(hash));
            recorder.deed("desk.set_up", Subject::User(user.id), &BTreeMap::new());
            recorder.answer(|| &user)?;
            recorder.commit().await?;
            Ok(user)
        })
        .await
    }

    async fn check_setup(&self, token_hash: [u8; 32]) -> Result<(), Error> {
        let token = self.good_token(token_hash).await?;
        if token.kind != TokenKind::Setup || self.snapshot().await?.directory.has_admin() {
            Err(refused())
        } else {
            Ok(())
        }
    }
}

/// What the store would keep of a token that somebody sent.
fn hash_of(token: &str) -> Result<[u8; 32], Error> {
    // Ours have 43 characters; nothing longer than 64 is worth decoding, and neither has 32 bytes.
    let bytes = URL_SAFE_NO_PAD.decode(token.get(..64).unwrap_or(token)).map_err(|_| refused())?;
    let secret: [u8; 32] = bytes.try_into().map_err(|_| refused())?;
    Ok(refresh_token::hash(&secret))
}
