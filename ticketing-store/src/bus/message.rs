//! Signals as text, several in a message.

use serde::Deserialize;
use serde_json::Value;
use ticketing_core::port::Signal;
use uuid::Uuid;

/// What one more person takes in the list of a [`Signal::Viewers`]: 36 characters, quotes and a comma.
const PERSON: usize = 39;

/// A message as it is read. Signals are read one by one, so that one which only a newer program knows does not take
/// the others with it.
#[derive(Deserialize)]
struct Message {
    from: Uuid,
    signals: Vec<Value>,
}

/// A message without a signal. Who sends it hears that the link works.
pub fn empty(from: Uuid) -> String {
    join(from, &[])
}

/// Signals in their order, in as few messages of at most `longest` bytes as they need.
pub fn pack(from: Uuid, signals: &[Signal], longest: usize) -> Vec<String> {
    let room = longest.saturating_sub(empty(from).len());
    let (mut messages, mut texts, mut length) = (Vec::new(), Vec::new(), 0);
    for text in signals.iter().filter_map(|signal| fit(signal, room)) {
        if length + text.len() > room {
            messages.push(join(from, &std::mem::take(&mut texts)));
            length = 0;
        }
        length += text.len() + 1;
        texts.push(text);
    }
    if !texts.is_empty() {
        messages.push(join(from, &texts));
    }
    messages
}

/// What another process told. Nothing where the message is this process's own, or can't be read.
pub fn unpack(text: &str, own: Uuid) -> Vec<Signal> {
    let message: Message = match serde_json::from_str(text) {
        Ok(message) => message,
        Err(error) => {
            tracing::debug!(%error, "a message on the bus can't be read");
            return Vec::new();
        }
    };
    if message.from == own {
        return Vec::new();
    }
    let read =
        |signal| serde_json::from_value(signal).inspect_err(|error| tracing::debug!(%error, "an unknown signal"));
    message.signals.into_iter().filter_map(|signal| read(signal).ok()).collect()
}

fn join(from: Uuid, signals: &[String]) -> String {
    format!(r#"{{"from":"{from}","signals":[{}]}}"#, signals.join(","))
}

/// The signal as text that fits. Of too many viewers the others are told of as many as fit.
fn fit(signal: &Signal, room: usize) -> Option<String> {
    let text = serde_json::to_string(signal).ok()?;
    if text.len() <= room {
        return Some(text);
    }
    let Signal::Viewers { node, ticket_id, users } = signal else {
        tracing::warn!(bytes = text.len(), "a signal is too long for the bus; other processes don't hear of it");
        return None;
    };
    let kept = users.len().saturating_sub((text.len() - room).div_ceil(PERSON));
    tracing::debug!(%ticket_id, told = kept, viewers = users.len(), "other processes hear of some viewers only");
    let cut = Signal::Viewers { node: *node, ticket_id: *ticket_id, users: users.get(..kept)?.to_vec() };
    serde_json::to_string(&cut).ok().filter(|text| text.len() <= room)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ticketing_core::ids::{TicketId, UserId};

    const HERE: Uuid = Uuid::from_u128(1);
    const THERE: Uuid = Uuid::from_u128(2);

    fn rights(count: u128) -> Vec<Signal> {
        (0..count).map(|id| Signal::Rights { user_id: UserId(Uuid::from_u128(id)) }).collect()
    }

    fn viewers(count: u128) -> Signal {
        let users = (0..count).map(|id| UserId(Uuid::from_u128(id))).collect();
        Signal::Viewers { node: HERE, ticket_id: TicketId(THERE), users }
    }

    #[test]
    fn signals_keep_their_order_over_as_many_messages_as_they_need() {
        for longest in [160, 300, 1_000, 100_000] {
            let told = rights(100);
            let messages = pack(HERE, &told, longest);
            assert!(messages.iter().all(|message| message.len() <= longest), "{longest}");
            assert_eq!(messages.iter().flat_map(|message| unpack(message, THERE)).collect::<Vec<_>>(), told);
        }
        assert_eq!(pack(HERE, &rights(100), 100_000).len(), 1);
        assert!(pack(HERE, &[], 100).is_empty());
    }

    #[test]
    fn nobody_hears_its_own_message() {
        let message = &pack(HERE, &rights(1), 1_000)[0];
        assert!(unpack(message, HERE).is_empty());
        assert!(unpack(&empty(HERE), THERE).is_empty());
        assert_eq!(unpack(message, THERE), rights(1));
    }

    #[test]
    fn a_list_of_viewers_is_cut_to_what_fits() {
        for longest in [300, 7_900] {
            let messages = pack(HERE, &[viewers(1_000)], longest);
            assert!(messages.len() == 1 && messages[0].len() <= longest && messages[0].len() + 2 * PERSON > longest);
            let told = unpack(&messages[0], THERE);
            let [Signal::Viewers { users, .. }] = &told[..] else { panic!("{told:?}") };
            let Signal::Viewers { users: all, .. } = viewers(1_000) else { panic!("they are viewers") };
            assert!(!users.is_empty() && all.starts_with(users));
        }
        let whole = viewers(150);
        assert_eq!(unpack(&pack(HERE, std::slice::from_ref(&whole), 7_900)[0], THERE), [whole]);
    }

    #[test]
    fn one_that_fits_nowhere_takes_no_other_with_it() {
        let long = Signal::Typing {
            ticket_id: TicketId(HERE),
            user_id: UserId(HERE),
            name: "x".repeat(1_000),
            is_internal: true,
            is_typing: true,
        };
        let told = [rights(1), vec![long], rights(1)].concat();
        let heard: Vec<_> = pack(HERE, &told, 300).iter().flat_map(|message| unpack(message, THERE)).collect();
        assert_eq!(heard, [rights(1), rights(1)].concat());
    }

    #[test]
    fn what_only_a_newer_program_knows_is_passed_over() {
        let known = serde_json::to_string(&rights(1)[0]).unwrap();
        let text = format!(r#"{{"from":"{HERE}","hops":1,"signals":[{{"signal":"moon"}},7,{known}]}}"#);
        assert_eq!(unpack(&text, THERE), rights(1));
        assert!(unpack("{", THERE).is_empty() && unpack("[]", THERE).is_empty());
    }
}
