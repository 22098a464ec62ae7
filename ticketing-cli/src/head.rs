//! The newest seal of the audit log in a file outside of the database.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use ticketing_core::model::AuditHead;

/// The head that was kept last; nothing where none was.
pub fn read(path: &Path) -> io::Result<Option<AuditHead>> {
    let named =
        |error: &dyn std::fmt::Display| io::Error::other(format!("AUDIT_HEAD_PATH: {}: {error}", path.display()));
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(named(&error)),
    };
    serde_json::from_str(&text).map(Some).map_err(|error| named(&error))
}

/// Replaces the head, so that a reader finds the old one or the new one, also after a crash.
pub fn write(path: &Path, head: &AuditHead) -> io::Result<()> {
    let text = serde_json::to_string(head).map_err(io::Error::other)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    let mut file = File::create(&beside)?;
    writeln!(file, "{text}")?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_head_is_kept_and_damage_is_no_absence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head.json");
        assert_eq!(read(&path).unwrap(), None);
        for no in [1, 2] {
            write(&path, &AuditHead { no, mac: "ab".repeat(32) }).unwrap();
            assert_eq!(read(&path).unwrap().unwrap().no, no);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        fs::write(&path, "").unwrap();
        assert!(read(&path).unwrap_err().to_string().starts_with("AUDIT_HEAD_PATH: "));
    }
}
