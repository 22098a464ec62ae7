//! Nonsense at the door.

use crate::desk::{House, mail};
use crate::lmtp_client::Door;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;

fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "LHLO mx",
        "MAIL FROM:<a@b.example>",
        "MAIL FROM:<>",
        "RCPT TO:<c@d.example>",
        "RCPT TO:",
        "DATA",
        "RSET",
        "NOOP",
        "VRFY",
        "BDAT 10",
        "MAIL",
        "<",
        ">",
        "@",
        "\"",
        "\\",
        "SIZE=",
        "SIZE=99999999999999999999",
        " BODY=",
        ":",
        ".",
        "\r\n.\r\n",
        "\r\n..\r\n",
        "\n.\n",
        "\0",
        "\t",
        "ü",
        "\u{feff}",
        "AUTH PLAIN =",
        "RET=",
        "NOTIFY=NEVER,",
        "QUIT",
    ]);
    prop_oneof![
        6 => words.prop_map(|word| word.as_bytes().to_vec()),
        4 => Just(b"\r\n".to_vec()),
        2 => prop::collection::vec(any::<u8>(), 0..40),
        1 => (0_usize..9000).prop_map(|length| vec![b'x'; length]),
    ]
}

/// Whatever is said, each line of what is answered is an answer, the conversation ends when the other side does, and the
/// next one goes as ever.
#[test]
fn nonsense_gets_answers_and_changes_nothing() {
    let runtime = Runtime::new().unwrap();
    let house = House::new();
    let door = runtime.block_on(Door::open(&house));
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let talk = prop::collection::vec(piece(), 0..60);
    let run = runner.run(&talk, |pieces| {
        let heard = runtime.block_on(async {
            let mut visitor = door.knock().await;
            // Whoever is sent away can't go on.
            let _ = visitor.try_send(&pieces.concat()).await;
            visitor.finish().await
        });
        for line in heard.split_terminator("\r\n") {
            let is_answer = line.len() > 4 && line.bytes().take(3).all(|byte| byte.is_ascii_digit());
            prop_assert!(is_answer && line.is_ascii(), "{line:?}");
        }
        Ok(())
    });
    run.unwrap();
    let before = runtime.block_on(house.arrivals()).len();
    let answers = runtime.block_on(async { door.guest().await.deliver(&["c@d.example"], &mail("sense")).await });
    assert_eq!(answers, ["250 2.0.0 The desk has it"]);
    assert_eq!(runtime.block_on(house.arrivals()).len(), before + 1);
}
