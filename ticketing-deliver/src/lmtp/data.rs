//! The text of a mail as it goes over the wire (RFC 5321, 4.5.2).

/// Where in the text we are.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// At the beginning of a line.
    Start,
    /// Behind a dot at the beginning of a line.
    Dot,
    /// Behind that dot and a carriage return.
    DotReturn,
    /// In a line.
    Inside,
    /// Behind a carriage return.
    Return,
}

/// Takes away the dots that were put before lines, and knows the end. Only CRLF ends a line: whoever takes less lets others
/// put a second mail into the first.
#[derive(Debug)]
pub(super) struct Unstuff(Place);

impl Unstuff {
    pub fn new() -> Self {
        Self(Place::Start)
    }

    /// Reads on, and gives what belongs to the mail to `keep`, in pieces. How many bytes were read, and whether the mail
    /// ended with them.
    pub fn read(&mut self, bytes: &[u8], mut keep: impl FnMut(&[u8])) -> (usize, bool) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match (self.0, byte) {
                (Place::DotReturn, b'\n') => {
                    self.0 = Place::Start;
                    return (at + 1, true);
                }
                (Place::DotReturn, _) => {
                    keep(b"\r");
                    self.0 = Place::Return;
                    continue;
                }
                (Place::Start, b'.') => self.0 = Place::Dot,
                (Place::Dot, b'\r') => self.0 = Place::DotReturn,
                (Place::Return, b'\n') => {
                    keep(b"\n");
                    self.0 = Place::Start;
                }
                _ => {
                    let rest = &bytes[at..];
                    let end = rest.iter().position(|&byte| byte == b'\r').map_or(rest.len(), |found| found + 1);
                    keep(&rest[..end]);
                    self.0 = if rest[..end].ends_with(b"\r") { Place::Return } else { Place::Inside };
                    at += end;
                    continue;
                }
            }
            at += 1;
        }
        (at, false)
    }
}

#[cfg(test)]
mod tests {
    use super::Unstuff;
    use proptest::prelude::*;

    /// The mail, and what of the bytes comes behind it; cut into pieces of this size on the way.
    fn read(bytes: &[u8], piece: usize) -> Option<(Vec<u8>, Vec<u8>)> {
        let (mut unstuff, mut text, mut at) = (Unstuff::new(), Vec::new(), 0);
        for piece in bytes.chunks(piece) {
            let (used, ended) = unstuff.read(piece, |part| text.extend_from_slice(part));
            at += used;
            if ended {
                return Some((text, bytes[at..].to_vec()));
            }
            assert_eq!(used, piece.len());
        }
        None
    }

    #[test]
    fn a_dot_alone_in_its_line_ends_a_mail_and_nothing_else_does() {
        for (wire, text, rest) in [
            (&b".\r\n"[..], Some(&b""[..]), &b""[..]),
            (b"a\r\n.\r\nQUIT\r\n", Some(b"a\r\n"), b"QUIT\r\n"),
            (b"..a\r\n...\r\n.\r\n", Some(b".a\r\n..\r\n"), b""),
            (b"..\r\n.\r\n", Some(b".\r\n"), b""),
            (b"a.\r\n.\r\n", Some(b"a.\r\n"), b""),
            (b"a\r\r\n.\r\n", Some(b"a\r\r\n"), b""),
            (b".\r\r\n.\r\n", Some(b"\r\r\n"), b""),
            // What some take for the end, and a mail that is smuggled in another lives by.
            (b"a\n.\nb\r\n.\r\n", Some(b"a\n.\nb\r\n"), b""),
            (b"a\n.\r\nb\r\n.\r\n", Some(b"a\n.\r\nb\r\n"), b""),
            (b"a\r\n.\nb\r\n.\r\n", Some(b"a\r\n\nb\r\n"), b""),
            (b"a\r.\rb\r\n.\r\n", Some(b"a\r.\rb\r\n"), b""),
            (b"a\r\n.\r", None, b""),
            (b"a\r\n.", None, b""),
        ] {
            for piece in [1, 2, 3, 100] {
                let found = text.map(|text| (text.to_vec(), rest.to_vec()));
                assert_eq!(read(wire, piece), found, "{:?} by {piece}", String::from_utf8_lossy(wire));
            }
        }
    }

    /// As RFC 5321 (4.5.2) tells a client to send it.
    fn stuffed(text: &[u8]) -> Vec<u8> {
        let mut wire = Vec::new();
        for (n, line) in text.split(|&byte| byte == b'\n').enumerate() {
            let begins = n == 0 || wire.ends_with(b"\r");
            if n > 0 {
                wire.push(b'\n');
            }
            if begins && line.starts_with(b".") {
                wire.push(b'.');
            }
            wire.extend_from_slice(line);
        }
        wire.extend_from_slice(b".\r\n");
        wire
    }

    proptest! {
        #[test]
        fn what_was_sent_is_what_is_read(
            mut text in proptest::collection::vec(prop_oneof![Just(b'.'), Just(b'\r'), Just(b'\n'), any::<u8>()], 0..60),
            piece in 1_usize..9,
        ) {
            text.extend_from_slice(b"\r\n");
            let wire = [stuffed(&text), b"NOOP\r\n".to_vec()].concat();
            prop_assert_eq!(read(&wire, piece), Some((text, b"NOOP\r\n".to_vec())));
        }
    }
}
