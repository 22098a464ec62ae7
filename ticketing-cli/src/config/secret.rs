//! Secrets: a wrapper that can't be printed by accident, and secrets that the program makes itself.

use super::source::BadSetting;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use ticketing_core::port::IdSource;

/// A text that may never be shown: it has neither `Debug` nor `Display`.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The secrets of a list, newest first: separated by commas or line ends.
    pub fn listed(&self) -> impl Iterator<Item = Self> + '_ {
        self.0.split([',', '\n']).map(str::trim).filter(|text| !text.is_empty()).map(Self::new)
    }

    /// Why one of the secrets of a list can't keep anybody out, if so.
    pub fn weakness_in_list(&self) -> Option<&'static str> {
        if self.listed().next().is_none() {
            return self.weakness().or(Some("holds no secret"));
        }
        self.listed().find_map(|secret| secret.weakness())
    }

    /// Why this can't keep anybody out, if so.
    pub fn weakness(&self) -> Option<&'static str> {
        /// Nothing shorter than the output of the hash that it keys.
        const SHORTEST: usize = 32;
        if is_well_known(&self.0) {
            Some("is a sample value that everybody knows")
        } else if self.0.len() < SHORTEST {
            Some("is too short (under 32 bytes)")
        } else if self.0.bytes().all(|b| Some(b) == self.0.bytes().next()) {
            Some("is one character repeated")
        } else {
            None
        }
    }
}

/// Whether the text is what documentation, tutorials and templates put where a secret belongs.
fn is_well_known(secret: &str) -> bool {
    /// Letters alone, lower case, so that `your-secret-key` and `YOUR_SECRET_KEY` are the same.
    const SAMPLES: &[&str] = &[
        "strongsecretkey",
        "secret",
        "secretkey",
        "jwtsecret",
        "yoursecretkey",
        "yourjwtsecret",
        "yourjwtsecretkey",
        "yoursupersecretkey",
        "yoursupersecretjwtkey",
        "yoursupersecretjwtkeychangethisinproduction",
        "supersecret",
        "supersecretkey",
        "mysecret",
        "mysecretkey",
        "mysupersecretkey",
        "changeme",
        "changethis",
        "changeit",
        "pleasechangeme",
        "changemeinproduction",
        "changethisinproduction",
        "replaceme",
        "replacethis",
        "default",
        "defaultsecret",
        "defaultsecretkey",
        "devsecret",
        "developmentsecret",
        "testsecret",
        "examplesecret",
        "password",
        "securepassword",
        "shhhhh",
        "keyboardcat",
        "notasecret",
        "insecure",
    ];
    let letters: String = secret.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect();
    let placeholder = secret.starts_with('<') && secret.ends_with('>');
    let spoken =
        ["changeme", "changethis", "replaceme", "replacethis", "yoursecret", "yourjwtsecret", "yoursupersecret"];
    placeholder || SAMPLES.contains(&letters.as_str()) || spoken.iter().any(|words| letters.contains(words))
}

/// Where a secret of this name is kept that the program made itself.
pub fn made_at(data_dir: &Path, name: &str) -> PathBuf {
    data_dir.join("secrets").join(name.to_ascii_lowercase())
}

/// The secret of this name in the data folder; makes it where it is not there yet. Two processes that
/// start at once get the same.
pub fn made(data_dir: &Path, name: &str, ids: &dyn IdSource) -> Result<Secret, BadSetting> {
    let path = made_at(data_dir, name);
    let failed = |error: io::Error| {
        BadSetting::new(name, format!("{} can't be made or read: {error}; set {name} instead", path.display()))
    };
    if let Some(secret) = read(&path).map_err(failed)? {
        return checked(name, &path, secret);
    }
    make(&path, ids).map_err(failed)?;
    let gone = || failed(io::Error::from(io::ErrorKind::NotFound));
    checked(name, &path, read(&path).map_err(failed)?.ok_or_else(gone)?)
}

fn read(path: &Path) -> io::Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text.trim_end().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn checked(name: &str, path: &Path, text: String) -> Result<Secret, BadSetting> {
    let secret = Secret::new(text);
    match secret.weakness() {
        None => Ok(secret),
        Some(weakness) => {
            Err(BadSetting::new(name, format!("{} {weakness}; delete the file and a new one is made", path.display())))
        }
    }
}

/// Writes a whole file under another name first and gives it its own name by a hard link, which fails
/// where the name is taken: nobody ever sees half a secret, and the first to come wins.
fn make(path: &Path, ids: &dyn IdSource) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = folder.join(format!(".{}", URL_SAFE_NO_PAD.encode(ids.secret())));
    let written = write(&draft, &URL_SAFE_NO_PAD.encode(ids.secret()));
    let linked = written.and_then(|()| match std::fs::hard_link(&draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    });
    std::fs::remove_file(&draft).or_else(|error| if linked.is_err() { Ok(()) } else { Err(error) })?;
    linked?;
    // The name must last as long as what was signed with the secret.
    File::open(folder)?.sync_all()
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use ticketing_core::port::RandomIds;

    #[test]
    fn sixteen_that_start_at_once_agree_on_one_secret() {
        let folder = tempfile::tempdir().unwrap();
        let barrier = std::sync::Barrier::new(16);
        let secrets: Vec<String> = std::thread::scope(|scope| {
            let make = || {
                barrier.wait();
                made(folder.path(), "JWT_SECRET", &RandomIds).map(|s| s.expose().to_owned()).map_err(|e| e.to_string())
            };
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(make)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
        });
        assert!(secrets.iter().all(|secret| *secret == secrets[0] && secret.len() >= 43), "{secrets:?}");
        let path = made_at(folder.path(), "JWT_SECRET");
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(path.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
        let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "drafts were left behind");
    }

    #[test]
    fn weak_secrets_are_told_from_strong_ones() {
        for weak in [
            "short",
            "<strong-secret-key>",
            "your-super-secret-jwt-key-change-this-in-production-2024",
            &"a".repeat(64),
        ] {
            assert!(Secret::new(weak).weakness().is_some(), "{weak}");
        }
        for strong in ["Zq3vT8mN1xR5yW9kB4hJ7pL2dF6gS0cA", "correct horse battery staple and a secret more"] {
            assert!(Secret::new(strong).weakness().is_none(), "{strong}");
        }
    }

    #[test]
    fn a_list_is_as_strong_as_the_weakest_of_its_secrets() {
        let (new, old) = ("Zq3vT8mN1xR5yW9kB4hJ7pL2dF6gS0cA", "correct horse battery staple and a secret more");
        let list = Secret::new(format!(" {new},\n{old}\n"));
        assert_eq!(list.listed().map(|secret| secret.expose().to_owned()).collect::<Vec<_>>(), [new, old]);
        assert!(list.weakness_in_list().is_none());
        assert!(Secret::new(format!("{new},changeme")).weakness_in_list().is_some());
        assert!(Secret::new(",".repeat(40)).weakness_in_list().is_some());
    }

    #[test]
    fn a_damaged_file_is_named_and_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = made_at(folder.path(), "AUDIT_KEY");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "\n").unwrap();
        let error = made(folder.path(), "AUDIT_KEY", &RandomIds).map(|_| ()).unwrap_err().to_string();
        assert!(error.starts_with("AUDIT_KEY: ") && error.contains("too short"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "\n");
    }
}
