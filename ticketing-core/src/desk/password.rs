//! Passwords: hashed off the runtime, a few at a time, never quicker for a stranger's address.

use super::Desk;
use crate::error::Error;
use crate::input::Problems;
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// What bcrypt reads of a password. More is refused, not cut.
const MOST_BYTES: usize = 72;
/// Shorter ones are guessed.
const LEAST_CHARACTERS: usize = 8;

pub(super) struct Passwords {
    cost: u32,
    permits: Arc<Semaphore>,
    /// A hash of nothing in particular, checked where there is no hash to check.
    dummy: Arc<OnceLock<String>>,
}

impl Passwords {
    pub(super) fn new(cost: u32) -> Self {
        let permits = std::thread::available_parallelism().map_or(2, usize::from).max(2);
        Self { cost, permits: Arc::new(Semaphore::new(permits)), dummy: Arc::default() }
    }

    pub(super) async fn hash(&self, password: &str) -> Result<String, Error> {
        let (password, cost) = (password.to_owned(), self.cost);
        self.run(move || bcrypt::hash(password, cost)).await?.map_err(|e| Error::Internal(Box::new(e)))
    }

    /// Whether the password fits the hash. Takes as long where there is no hash.
    pub(super) async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, Error> {
        let (password, cost, dummy) = (password.to_owned(), self.cost, Arc::clone(&self.dummy));
        self.run(move || {
            // bcrypt would look at the first 72 bytes alone, and a longer password was never set.
            let known = hash.is_some() && password.len() <= MOST_BYTES;
            let hash = hash.or_else(|| {
                let made = dummy.get_or_init(|| bcrypt::hash("a password that nobody has", cost).unwrap_or_default());
                Some(made.clone())
            });
            bcrypt::verify(password, &hash.unwrap_or_default()).unwrap_or(false) && known
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|e| Error::Internal(Box::new(e)))?;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(|e| Error::Internal(Box::new(e)))
    }
}

impl Desk {
    /// The hash of a password as the desk keeps it, for generators that write people to a store
    /// themselves.
    pub async fn hash_password(&self, password: &str) -> Result<String, Error> {
        let mut problems = Problems::default();
        check_password(&mut problems, "password", password);
        problems.finish()?;
        self.parts.passwords.hash(password).await
    }
}

/// Checks a new password.
pub(super) fn check_password(problems: &mut Problems, field: &str, password: &str) {
    if password.chars().count() < LEAST_CHARACTERS {
        problems.add(field, "too_short", format!("Must have at least {LEAST_CHARACTERS} characters."));
    } else if password.len() > MOST_BYTES {
        problems.add(field, "too_long", format!("May have at most {MOST_BYTES} bytes in UTF-8."));
    } else if password.contains('\0') {
        problems.add(field, "control_character", "May not contain the control character U+0000.");
    }
}
