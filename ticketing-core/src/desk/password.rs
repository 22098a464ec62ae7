//! Passwords: hashed off the runtime, a few at a time, never quicker for a stranger's address.

use super::Desk;
use crate::error::Error;
use crate::input::{Input, Problems};
use crate::port::IdSource;
use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use tokio::sync::Semaphore;

/// What bcrypt reads of a password. More is refused, not cut.
const MOST_OF_BCRYPT: usize = 72;
/// More is nobody's password, and work that a stranger could make us do.
const MOST_BYTES: usize = 1_000;
/// Shorter ones are guessed.
const LEAST_CHARACTERS: usize = 8;

/// How passwords are hashed from now on. A hash of another kind, or of other parameters, is verified
/// all the same and replaced when its owner signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordHash {
    /// bcrypt, which reads 72 bytes at most.
    Bcrypt {
        /// Rounds, as a power of two: 4 to 31.
        cost: u32,
    },
    /// Argon2id, which takes memory too.
    Argon2id {
        /// Memory of one hash, in KiB: at least eight for each lane.
        memory: u32,
        /// How often the memory is gone over.
        passes: u32,
        /// How many parts of the memory could be worked on at once.
        lanes: u32,
    },
}

impl PasswordHash {
    /// bcrypt as it is used unless something else is asked for.
    pub const BCRYPT: Self = Self::Bcrypt { cost: 10 };
    /// Argon2id with the least parameters that OWASP recommends: 19 MiB, two passes, one lane.
    pub const ARGON2ID: Self = Self::Argon2id { memory: 19 * 1024, passes: 2, lanes: 1 };

    /// Whether passwords can be hashed so.
    pub(super) fn is_possible(self) -> bool {
        match self {
            Self::Bcrypt { cost } => (4..=31).contains(&cost),
            Self::Argon2id { memory, passes, lanes } => Params::new(memory, passes, lanes, None).is_ok(),
        }
    }

    /// The longest password in bytes.
    fn most_bytes(self) -> usize {
        match self {
            Self::Bcrypt { .. } => MOST_OF_BCRYPT,
            Self::Argon2id { .. } => MOST_BYTES,
        }
    }

    fn hash(self, password: &str, salt: [u8; 16]) -> Result<String, Error> {
        match self {
            Self::Bcrypt { cost } => {
                let hash = bcrypt::hash_with_salt(password, cost, salt).map_err(|e| Error::Internal(Box::new(e)))?;
                Ok(hash.to_string())
            }
            Self::Argon2id { memory, passes, lanes } => {
                let failed = |e: argon2::password_hash::Error| Error::Internal(e.to_string().into());
                let params =
                    Params::new(memory, passes, lanes, None).map_err(|e| Error::Internal(e.to_string().into()))?;
                let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                let hash: phc::PasswordHash =
                    hasher.hash_password_with_salt(password.as_bytes(), &salt).map_err(failed)?;
                Ok(hash.to_string())
            }
        }
    }

    /// Whether the hash is of this kind and these parameters.
    fn made(self, hash: &str) -> bool {
        match self {
            Self::Bcrypt { cost } => hash.parse::<bcrypt::HashParts>().is_ok_and(|parts| parts.get_cost() == cost),
            Self::Argon2id { memory, passes, lanes } => {
                let Ok(parsed) = phc::PasswordHash::new(hash) else { return false };
                let Ok(params) = Params::try_from(&parsed) else { return false };
                let version = Some(u32::from(Version::V0x13));
                parsed.algorithm == Algorithm::Argon2id.ident()
                    && parsed.version == version
                    && (params.m_cost(), params.t_cost(), params.p_cost()) == (memory, passes, lanes)
            }
        }
    }
}

/// Whether the password fits the hash, whichever kind that is of.
fn fits(password: &str, hash: &str) -> bool {
    if hash.starts_with("$argon2") {
        let parsed = phc::PasswordHash::new(hash);
        return password.len() <= MOST_BYTES
            && parsed.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    }
    // bcrypt would look at the first 72 bytes alone, and a longer password was never set. It is
    // checked all the same, so that its length does not make the answer quicker.
    bcrypt::verify(password, hash).unwrap_or(false) && password.len() <= MOST_OF_BCRYPT
}

pub(super) struct Passwords {
    scheme: PasswordHash,
    ids: Arc<dyn IdSource>,
    permits: Arc<Semaphore>,
    /// A hash of nothing in particular, checked where there is no hash to check.
    dummy: Arc<OnceLock<String>>,
}

impl Passwords {
    pub(super) fn new(scheme: PasswordHash, ids: Arc<dyn IdSource>) -> Self {
        let permits = std::thread::available_parallelism().map_or(2, usize::from).max(2);
        Self { scheme, ids, permits: Arc::new(Semaphore::new(permits)), dummy: Arc::default() }
    }

    pub(super) async fn hash(&self, password: &str) -> Result<String, Error> {
        let (password, scheme) = (password.to_owned(), self.scheme);
        let mut salt = [0; 16];
        self.ids.fill(&mut salt);
        self.run(move || scheme.hash(&password, salt)).await?
    }

    /// The password hashed anew, where the hash that it was found to fit is not what would be made
    /// today. Nothing where that can't be done: a password may be longer than bcrypt reads.
    pub(super) async fn renewed(&self, password: &str, hash: &str) -> Option<String> {
        if self.scheme.made(hash) || password.len() > self.scheme.most_bytes() {
            return None;
        }
        self.hash(password).await.ok()
    }

    /// Whether the password fits the hash. Takes as long where there is no hash as for one that is made
    /// today.
    pub(super) async fn verify(&self, password: &str, hash: Option<String>) -> Result<bool, Error> {
        let (password, scheme, dummy) = (password.to_owned(), self.scheme, Arc::clone(&self.dummy));
        self.run(move || {
            // Whoever signs in first waits for this one, known or not.
            let made = dummy.get_or_init(|| scheme.hash("a password that nobody has", [0; 16]).unwrap_or_default());
            fits(&password, hash.as_ref().unwrap_or(made)) && hash.is_some()
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
        self.check_length(&mut problems, password);
        problems.finish()?;
        self.parts.passwords.hash(password).await
    }

    /// An input with a new password from a JSON body, or all that is wrong with it. How long the
    /// password may be depends on how this desk hashes them.
    pub fn read_input<T: Input>(&self, value: Value) -> Result<T, Error> {
        let (input, mut problems) = T::read_json(value)?;
        self.check_new_password(&mut problems, &input);
        problems.finish()?;
        Ok(input)
    }

    /// Refuses an input with a new password with all that is wrong with it.
    pub(super) fn check_input<T: Input>(&self, input: &T) -> Result<(), Error> {
        let mut problems = Problems::default();
        input.check(&mut problems);
        self.check_new_password(&mut problems, input);
        problems.finish()
    }

    fn check_new_password<T: Input>(&self, problems: &mut Problems, input: &T) {
        if let Some(password) = input.new_password() {
            self.check_length(problems, password);
        }
    }

    fn check_length(&self, problems: &mut Problems, password: &str) {
        let most = self.options().password_hash.most_bytes();
        if password.len() > most {
            problems.add("password", "too_long", format!("May have at most {most} bytes in UTF-8."));
        }
    }
}

/// Checks a new password, as far as it does not matter how it is hashed.
pub(super) fn check_password(problems: &mut Problems, field: &str, password: &str) {
    if password.chars().count() < LEAST_CHARACTERS {
        problems.add(field, "too_short", format!("Must have at least {LEAST_CHARACTERS} characters."));
    } else if password.contains('\0') {
        problems.add(field, "control_character", "May not contain the control character U+0000.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: [PasswordHash; 2] =
        [PasswordHash::Bcrypt { cost: 4 }, PasswordHash::Argon2id { memory: 32, passes: 1, lanes: 2 }];

    #[test]
    fn a_hash_is_known_by_its_kind_and_parameters() {
        let [bcrypt, argon] = QUICK;
        let (one, other) =
            (bcrypt.hash("correct horse", [1; 16]).unwrap(), argon.hash("correct horse", [1; 16]).unwrap());
        assert!(one.starts_with("$2b$04$") && other.starts_with("$argon2id$v=19$m=32,t=1,p=2$"), "{one} {other}");
        assert!(bcrypt.made(&one) && argon.made(&other));
        assert!(!bcrypt.made(&other) && !argon.made(&one));
        assert!(!PasswordHash::BCRYPT.made(&one) && !PasswordHash::ARGON2ID.made(&other));
        assert!(!argon.made(&other.replace("argon2id", "argon2i")) && !argon.made("") && !bcrypt.made(""));
    }

    #[test]
    fn either_kind_is_verified_and_nothing_is_cut() {
        for scheme in QUICK {
            let most = "x".repeat(scheme.most_bytes());
            let hash = scheme.hash(&most, [7; 16]).unwrap();
            assert!(fits(&most, &hash), "{hash}");
            assert!(!fits(&format!("{most}y"), &hash) && !fits(&most[1..], &hash) && !fits("", &hash), "{hash}");
        }
        for broken in ["", "$2b$", "$argon2id$", "$argon2id$v=19$m=1,t=0,p=0$AAAA$AAAA", "plain"] {
            assert!(!fits("plain", broken), "{broken}");
        }
    }

    #[test]
    fn what_can_not_work_is_known_before() {
        assert!(QUICK.into_iter().chain([PasswordHash::BCRYPT, PasswordHash::ARGON2ID]).all(PasswordHash::is_possible));
        assert!(!PasswordHash::Bcrypt { cost: 3 }.is_possible());
        assert!(!PasswordHash::Argon2id { memory: 7, passes: 1, lanes: 1 }.is_possible());
    }
}
