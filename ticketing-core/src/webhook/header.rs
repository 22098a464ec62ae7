//! Which headers a webhook may add to its calls.

use std::collections::BTreeMap;

/// The most that one may add.
pub const MOST: usize = 20;
/// Characters of a name.
pub const LONGEST_NAME: usize = 100;
/// Characters of a value.
pub const LONGEST_VALUE: usize = 4_000;

/// Those that belong to the connection or say what the body is: whoever could set them could make one call look
/// like two, or like one to somebody else.
const TAKEN: [&str; 9] = [
    "host",
    "content-length",
    "content-type",
    "content-encoding",
    "transfer-encoding",
    "connection",
    "upgrade",
    "te",
    "trailer",
];
/// What the names of the desk's own begin with: nobody may make them say something else.
const OWN: [&str; 3] = ["webhook-", "x-webhook-", "proxy-"];

/// Why a webhook can't add a header of this name, or nothing where it can.
pub fn refuse_name(name: &str) -> Option<(&'static str, &'static str)> {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(is_token) {
        return Some(("invalid_value", "Is not the name of a header."));
    }
    let lower = name.to_ascii_lowercase();
    if TAKEN.contains(&lower.as_str()) || OWN.iter().any(|start| lower.starts_with(start)) {
        return Some(("not_allowed", "The desk sets this header itself."));
    }
    None
}

/// Why a header can't have this value, or nothing where it can. The value is not repeated: it may be secret.
pub fn refuse_value(value: &str) -> Option<(&'static str, &'static str)> {
    if value.len() > LONGEST_VALUE {
        return Some(("too_long", "May have at most 4000 characters."));
    }
    let is_visible = |b: u8| (b' '..=b'~').contains(&b);
    let is_padded = value.starts_with(' ') || value.ends_with(' ');
    if value.is_empty() || is_padded || !value.bytes().all(is_visible) {
        return Some(("invalid_value", "Must be visible ASCII characters, with blanks only between them."));
    }
    None
}

/// The first name that is there twice, in whatever case.
pub fn repeated<'a, T>(headers: &'a BTreeMap<String, T>) -> Option<&'a String> {
    let mut known = std::collections::HashSet::new();
    headers.keys().find(|name| !known.insert(name.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_tokens_that_the_desk_does_not_set() {
        for name in ["Authorization", "X-Api-Key", "x_y", "Accept", "X-Webhooks", "Cookie"] {
            assert_eq!(refuse_name(name), None, "{name}");
        }
        for name in ["", "a b", "a:b", "a\r\nHost", "ä", &"a".repeat(101)] {
            assert_eq!(refuse_name(name).map(|found| found.0), Some("invalid_value"), "{name:?}");
        }
        for name in ["Host", "CONTENT-LENGTH", "transfer-encoding", "Webhook-Id", "X-Webhook-Event", "Connection"] {
            assert_eq!(refuse_name(name).map(|found| found.0), Some("not_allowed"), "{name}");
        }
    }

    #[test]
    fn values_stay_on_their_line() {
        for value in ["Bearer abc", "a", "a  b"] {
            assert_eq!(refuse_value(value), None);
        }
        for value in ["", " a", "a ", "a\r\nHost: x", "a\0", "ä", "\t"] {
            assert_eq!(refuse_value(value).map(|found| found.0), Some("invalid_value"), "{value:?}");
        }
        assert_eq!(refuse_value(&"a".repeat(4_001)).map(|found| found.0), Some("too_long"));
    }

    #[test]
    fn a_name_is_there_once() {
        let headers = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), ())).collect::<BTreeMap<_, _>>();
        assert_eq!(repeated(&headers(&["A", "b"])), None);
        assert_eq!(repeated(&headers(&["A", "a", "b"])).map(String::as_str), Some("a"));
    }
}
