//! What was told, in two numbers: they differ where an event is missing, was told twice, or came before an earlier one.

use super::socket::find;
use ticketing_core::time::Time;

/// How far into a message its id and time stand at most, bytes.
const HEAD: usize = 320;

/// Events in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tale {
    /// How many.
    pub events: u64,
    digest: u64,
}

impl Tale {
    /// Goes on with an event.
    pub fn tell(&mut self, event_id: &[u8]) {
        // FNV-1a, from what was before.
        let mut digest = self.digest ^ 0xCBF2_9CE4_8422_2325;
        for byte in event_id {
            digest = (digest ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        self.digest = digest;
        self.events += 1;
    }
}

/// Something that a socket is told.
#[derive(Debug, PartialEq, Eq)]
pub enum Word<'a> {
    /// It may speak.
    Connected,
    /// It hears everything from now on.
    Ready,
    /// What it asked for was done.
    Done,
    /// Something happened: which event, and when.
    Event(&'a [u8], &'a [u8]),
    /// Something is missing.
    Resync,
    /// It is not wanted, or what it asked for was not done.
    Refused,
    /// Who is there, who looks on, who writes.
    Other,
}

impl<'a> Word<'a> {
    /// What a text says. It is not parsed, since the client is to cost little; the server's tests do that.
    pub fn of(text: &'a [u8]) -> Self {
        let head = text.get(..HEAD).unwrap_or(text);
        let value = |name: &[u8]| {
            let after = head.get(find(head, name)? + name.len()..)?;
            after.get(..find(after, b"\"")?)
        };
        match text {
            [b'4', b'0', ..] => Self::Connected,
            [b'4', b'3', ..] if find(head, b"\"ok\":true").is_some() => Self::Done,
            [b'4', b'1' | b'3' | b'4', ..] => Self::Refused,
            [b'4', b'2', rest @ ..] if rest.starts_with(b"[\"ready\"") => Self::Ready,
            [b'4', b'2', rest @ ..] if rest.starts_with(b"[\"resync\"") => Self::Resync,
            [b'4', b'2', rest @ ..] if rest.starts_with(b"[\"session_ended\"") => Self::Refused,
            [b'4', b'2', ..] => match (value(b"\"event_id\":\""), value(b"\"at\":\"")) {
                (Some(id), Some(at)) => Self::Event(id, at),
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

/// How long ago something was, ms.
pub fn since(at: &[u8], now: Time) -> Option<f64> {
    let at = chrono::DateTime::parse_from_rfc3339(std::str::from_utf8(at).ok()?).ok()?;
    #[allow(clippy::cast_precision_loss, reason = "some minutes at most")]
    let micros = (now - at.to_utc()).num_microseconds()? as f64;
    Some(micros / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tale(events: &[&str]) -> Tale {
        let mut tale = Tale::default();
        for event in events {
            tale.tell(event.as_bytes());
        }
        tale
    }

    #[test]
    fn what_is_lost_doubled_or_out_of_order_is_another_tale() {
        let whole = tale(&["a", "b", "c"]);
        assert_eq!(whole, tale(&["a", "b", "c"]));
        for other in [&["a", "c"][..], &["a", "b", "b", "c"], &["a", "c", "b"], &["a", "b", "d"], &["b", "c"]] {
            assert_ne!(whole, tale(other), "{other:?}");
        }
    }

    #[test]
    fn words_are_told_apart() {
        let event = br#"42["new_comment",{"event_id":"0199","type":"comment.added","at":"2026-01-01T00:00:00.5Z"}]"#;
        assert_eq!(Word::of(event), Word::Event(b"0199", b"2026-01-01T00:00:00.5Z"));
        assert_eq!(Word::of(br#"42["ready",{"cursor":"x"}]"#), Word::Ready);
        assert_eq!(Word::of(br#"42["resync",{"after":"x"}]"#), Word::Resync);
        assert_eq!(Word::of(br#"42["viewers",{"users":[]}]"#), Word::Other);
        assert_eq!(Word::of(br#"430[{"ok":true}]"#), Word::Done);
        assert_eq!(Word::of(br#"430[{"ok":false,"error":{}}]"#), Word::Refused);
        assert_eq!(Word::of(br#"44{"message":"no"}"#), Word::Refused);
        assert_eq!(Word::of(br#"42["session_ended",{"reason":"expired"}]"#), Word::Refused);
        assert_eq!(Word::of(b"0{}"), Word::Other);
    }

    #[test]
    fn times_are_read_as_they_are_sent() {
        let now = "2026-01-01T00:00:01Z".parse().expect("a time");
        assert_eq!(since(b"2026-01-01T00:00:00.250Z", now), Some(750.0));
        assert_eq!(since(b"soon", now), None);
    }
}
