//! How things are written in commands.

use base64::Engine as _;
use base64::alphabet::IMAP_MUTF7;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};

const MODIFIED: GeneralPurpose = GeneralPurpose::new(&IMAP_MUTF7, NO_PAD);

/// A folder's name as a quoted string in the modified UTF-7 of RFC 3501 (5.1.3), which every server takes.
pub(super) fn folder(name: &str) -> String {
    let mut quoted = String::from("\"");
    let mut beyond = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            close(&mut quoted, &mut beyond);
            match c {
                '&' => quoted.push_str("&-"),
                '"' | '\\' => quoted.extend(['\\', c]),
                _ => quoted.push(c),
            }
        } else {
            let mut units = [0; 2];
            beyond.extend(c.encode_utf16(&mut units).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    close(&mut quoted, &mut beyond);
    quoted.push('"');
    quoted
}

fn close(quoted: &mut String, beyond: &mut Vec<u8>) {
    if !beyond.is_empty() {
        quoted.push('&');
        quoted.push_str(&MODIFIED.encode(&beyond));
        quoted.push('-');
        beyond.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::folder;

    #[test]
    fn a_folder_is_written_as_servers_know_it() {
        for (name, written) in [
            ("INBOX", r#""INBOX""#),
            ("Done & gone", r#""Done &- gone""#),
            (r#"a"b\c"#, r#""a\"b\\c""#),
            ("Gelöscht", r#""Gel&APY-scht""#),
            // The example of RFC 3501.
            ("~peter/mail/台北/日本語", r#""~peter/mail/&U,BTFw-/&ZeVnLIqe-""#),
            ("😀", r#""&2D3eAA-""#),
            ("a\r\nb", r#""a&AA0ACg-b""#),
        ] {
            assert_eq!(folder(name), written, "{name:?}");
        }
    }
}
