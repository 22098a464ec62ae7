//! Bytes and texts from how they were sent: transfer encodings (RFC 2045), charsets, texts that flow (RFC 3676). What is
//! broken is decoded as far as it can be.

use super::field::Kind;
use mail_parser::decoders::charsets::map::charset_decoder;
use std::borrow::Cow;

/// The bytes of a part, from its body and its `Content-Transfer-Encoding`.
pub(super) fn bytes<'a>(body: &'a [u8], encoding: Option<&[u8]>) -> Cow<'a, [u8]> {
    let encoding = encoding.unwrap_or_default().trim_ascii();
    if encoding.eq_ignore_ascii_case(b"base64") {
        Cow::Owned(base64(body))
    } else if encoding.eq_ignore_ascii_case(b"quoted-printable") {
        Cow::Owned(quoted_printable(body))
    } else {
        Cow::Borrowed(body)
    }
}

/// What is no digit is passed over, as RFC 2045 wants; a last group that is not whole gives what it has.
fn base64(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let (mut group, mut digits) = (0_u32, 0);
    for byte in body {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            // Some programs encode piece by piece, so that it can go on behind the padding.
            b'=' => {
                rest(&mut bytes, group, digits);
                (group, digits) = (0, 0);
                continue;
            }
            _ => continue,
        };
        group = group << 6 | u32::from(digit);
        digits += 1;
        if digits == 4 {
            bytes.extend_from_slice(&group.to_be_bytes()[1..]);
            (group, digits) = (0, 0);
        }
    }
    rest(&mut bytes, group, digits);
    bytes
}

fn rest(bytes: &mut Vec<u8>, group: u32, digits: u32) {
    if digits >= 2 {
        let group = (group << (6 * (4 - digits))).to_be_bytes();
        bytes.extend_from_slice(&group[1..digits as usize]);
    }
}

/// What is no code stays as it is.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        // Blanks at the end of a line were put there on the way.
        let text = line.trim_ascii_end();
        let ends = &line[line.len() - line.iter().rev().take_while(|byte| matches!(byte, b'\n' | b'\r')).count()..];
        let (text, is_joined) = match text.strip_suffix(b"=") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            let code = text.get(at + 1..at + 3).filter(|_| *byte == b'=');
            if let Some(code) = code.and_then(|code| Some(hex(code[0])? << 4 | hex(code[1])?)) {
                bytes.push(code);
                at += 3;
            } else {
                bytes.push(*byte);
                at += 1;
            }
        }
        if !is_joined {
            bytes.extend_from_slice(ends);
        }
    }
    bytes
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A text of at most about so many bytes, with `\n` for its breaks; and whether it had more.
pub(super) fn text(bytes: &[u8], kind: &Kind, most: usize) -> (String, bool) {
    // No charset needs more than four bytes for one of UTF-8.
    let is_cut = bytes.len() > most.saturating_mul(4);
    let bytes = if is_cut { &bytes[..most.saturating_mul(4)] } else { bytes };
    let text = in_charset(bytes, kind.charset.as_deref());
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    let mut text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    if kind.is_flowed && kind.is("text", "plain") {
        text = flow(&text, kind.deletes_space);
    }
    let is_longer = text.len() > most;
    text.truncate(text.floor_char_boundary(most));
    (text, is_cut || is_longer)
}

fn in_charset(bytes: &[u8], charset: Option<&str>) -> String {
    if let Ok(text) = std::str::from_utf8(bytes)
        && charset.is_none_or(|name| name.eq_ignore_ascii_case("utf-8") || name.eq_ignore_ascii_case("us-ascii"))
    {
        return text.to_owned();
    }
    let named = charset.filter(|name| !name.eq_ignore_ascii_case("us-ascii"));
    let decoder = match named {
        Some(name) => charset_decoder(name.trim().as_bytes()),
        // Programs that do not say which are old, and of the West more often than not.
        None => charset_decoder(b"windows-1252"),
    };
    decoder.map_or_else(|| String::from_utf8_lossy(bytes).into_owned(), |decode| decode(bytes))
}

/// Joins the lines of a text that were broken only to be short.
fn flow(text: &str, deletes_space: bool) -> String {
    let mut flowed = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let line = line.strip_suffix('\n').unwrap_or(line);
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let words = &line[depth..];
        // A space was put before what would look like a mark.
        let words = words.strip_prefix(' ').unwrap_or(words);
        let is_signature = words == "-- ";
        if open == Some(depth) && !is_signature {
            flowed.push_str(words);
        } else {
            if !flowed.is_empty() {
                flowed.push('\n');
            }
            flowed.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !words.is_empty() {
                flowed.push(' ');
            }
            flowed.push_str(words);
        }
        open = (words.ends_with(' ') && !is_signature).then_some(depth);
        if open.is_some() && deletes_space {
            flowed.pop();
        }
    }
    if text.ends_with('\n') {
        flowed.push('\n');
    }
    flowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_encodings_give_what_they_have() {
        for (encoded, expected) in [
            ("SGVsbG8=", "Hello"),
            ("SGVs\r\nbG8", "Hello"),
            ("SG*Vs!bG8====", "Hello"),
            ("SGVsbG8=SGVsbG8=", "HelloHello"),
            ("SGVsbG8h\nS", "Hello!"),
            ("", ""),
            ("====", ""),
        ] {
            assert_eq!(bytes(encoded.as_bytes(), Some(b" BASE64 ")), expected.as_bytes(), "{encoded:?}");
        }
        for (encoded, expected) in [
            ("caf=C3=A9", "café"),
            ("caf=c3=a9 = \r\nnoir  \r\n", "café noir\r\n"),
            ("1=2 =ZZ =\r\n=", "1=2 =ZZ "),
            ("50=", "50"),
        ] {
            assert_eq!(bytes(encoded.as_bytes(), Some(b"Quoted-Printable")), expected.as_bytes(), "{encoded:?}");
        }
        assert_eq!(bytes(b"=41", Some(b"8bit")), b"=41".as_slice());
    }

    #[test]
    fn every_charset_that_people_use_is_read() {
        let read = |bytes: &[u8], charset: Option<&str>| {
            let kind = Kind { charset: charset.map(str::to_owned), ..Kind::default() };
            text(bytes, &kind, 1_000).0
        };
        for (bytes, charset, expected) in [
            (b"gr\xfc\xdfe".as_slice(), Some("iso-8859-1"), "grüße"),
            (b"gr\xfc\xdfe \x80", Some("Windows-1252"), "grüße €"),
            (b"\xa4\xb3", Some("iso-8859-2"), "¤ł"),
            (b"\xcf\xf0\xe8\xe2\xe5\xf2", Some("windows-1251"), "Привет"),
            (b"\xf0\xd2\xc9\xd7\xc5\xd4", Some("koi8-r"), "Привет"),
            (b"\x1b$B$3$s\x1b(B", Some("iso-2022-jp"), "こん"),
            (b"\x82\xb1\x82\xf1", Some("shift_jis"), "こん"),
            (b"\xc4\xe3\xba\xc3", Some("gb2312"), "你好"),
            (b"\xa7A\xa6n", Some("big5"), "你好"),
            (b"\xbe\xc8\xb3\xe7", Some("euc-kr"), "안녕"),
            (b"\xff\xfeh\0i\0", Some("utf-16"), "hi"),
            (b"gr\xc3\xbcn", None, "grün"),
            (b"gr\xfcn", None, "grün"),
            (b"gr\xfcn", Some("us-ascii"), "grün"),
            (b"gr\xfcn", Some("no-such-charset"), "gr\u{fffd}n"),
            (b"\xef\xbb\xbfa\r\nb\rc\0", Some("UTF-8"), "a\nb\nc\u{fffd}"),
        ] {
            assert_eq!(read(bytes, charset), expected, "{charset:?}");
        }
    }

    #[test]
    fn lines_flow_within_their_depth() {
        let text = "It hums \nall night.\n\n> Does \n> it?\n>> Yes \n> No\n-- \nKim\n From here\n";
        assert_eq!(flow(text, false), "It hums all night.\n\n> Does it?\n>> Yes \n> No\n-- \nKim\nFrom here\n");
        assert_eq!(flow("ver \ny\n", true), "very\n");
        assert_eq!(flow("", false), "");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let (cut, more) = text("ä".repeat(100).as_bytes(), &Kind::default(), 11);
        assert_eq!((cut.as_str(), more), ("äääää", true));
    }
}
