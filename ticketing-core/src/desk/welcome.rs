//! What anybody may know of the desk before they are signed in.

use super::Desk;
use crate::error::Error;
use serde::Serialize;

/// What a page shows on which one signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Welcome {
    /// What the desk is called.
    pub name: String,
    /// Its picture, by `https`.
    pub logo_url: Option<String>,
    /// Its colour, such as `#1d4ed8`.
    pub colour: String,
    /// Whether customers can sign up by themselves.
    pub registration: bool,
    /// Whether there is no administrator yet.
    pub needs_setup: bool,
}

impl Desk {
    /// What is shown to whoever is about to sign in. For anybody.
    pub async fn welcome(&self) -> Result<Welcome, Error> {
        let snapshot = self.snapshot().await?;
        let letterhead = snapshot.letterhead(&self.options().app_url);
        Ok(Welcome {
            name: letterhead.name,
            logo_url: letterhead.logo_url,
            colour: letterhead.colour,
            registration: self.options().registration_open,
            needs_setup: !snapshot.directory.has_admin(),
        })
    }
}
