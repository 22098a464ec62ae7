//! What a mail server can't do to the desk.

use crate::desk::{House, LARGEST, mail};
use crate::lmtp_client::{Door, options};
use std::time::Duration;
use ticketing_deliver::lmtp::LmtpOptions;

#[tokio::test]
async fn a_mail_has_a_hundred_recipients_at_most() {
    let house = House::new();
    let door = Door::open(&house).await;
    let mut guest = door.guest().await;
    guest.ask("MAIL FROM:<ann@home.example>").await;
    for n in 0..100 {
        assert_eq!(guest.ask(&format!("RCPT TO:<a{n}@where.example>")).await, "250 2.1.5 Go on");
    }
    assert_eq!(&guest.ask("RCPT TO:<more@where.example>").await[..9], "452 4.5.3");
    guest.ask("DATA").await;
    guest.send(mail("many").as_bytes()).await;
    guest.say(".").await;
    for _ in 0..100 {
        assert_eq!(&guest.hear().await[..3], "250");
    }
    assert_eq!(&guest.ask("NOOP").await[..3], "250");
    assert_eq!(house.arrivals().await[0].detail.envelope.to.len(), 100);
}

#[tokio::test]
async fn a_long_line_is_refused_and_an_endless_one_ends_the_conversation() {
    let house = House::new();
    let door = Door::open(&house).await;
    let mut guest = door.guest().await;
    for length in [5_000, 20_000] {
        assert_eq!(guest.ask(&format!("NOOP {}", "x".repeat(length))).await, "500 5.5.2 This line is too long");
    }
    assert_eq!(&guest.ask("NOOP").await[..3], "250");
    guest.send("x".repeat(80_000).as_bytes()).await;
    let rest = guest.rest().await;
    assert!(rest.is_empty() || rest == "500 5.5.2 This line is too long\r\n", "{rest}");
}

#[tokio::test]
async fn a_mail_without_end_ends_the_conversation() {
    let house = House::new();
    let door = Door::open(&house).await;
    let mut guest = door.guest().await;
    guest.ask("MAIL FROM:<ann@home.example>").await;
    guest.ask("RCPT TO:<any@where.example>").await;
    guest.ask("DATA").await;
    guest.send("x".repeat(LARGEST * 6).as_bytes()).await;
    let rest = guest.rest().await;
    assert!(rest.is_empty() || rest.starts_with("552 5.3.4"), "{rest}");
    assert!(house.arrivals().await.is_empty());
}

#[tokio::test]
async fn whoever_gets_nowhere_is_sent_away() {
    let house = House::new();
    let door = Door::open(&house).await;
    let mut guest = door.guest().await;
    // It is a mail that counts, not the time.
    for _ in 0..150 {
        guest.ask("NOOP").await;
    }
    guest.deliver(&["any@where.example"], &mail("a")).await;
    for n in 0..198 {
        assert_eq!(&guest.ask("RSET").await[..3], "250", "{n}");
    }
    while !guest.ask("RSET").await.starts_with("421 4.7.0") {}
    assert_eq!(guest.rest().await, "");
}

#[tokio::test]
async fn whoever_says_nothing_or_drips_is_sent_away() {
    let house = House::new();
    let short = LmtpOptions { idle_timeout: Duration::from_millis(300), ..options() };
    let door = Door::with(&house, short).await;
    assert_eq!(door.visit().await.rest().await, "421 4.4.2 Nothing came for too long\r\n");

    let mut dripping = door.guest().await;
    while dripping.is_left_waiting().await {
        dripping.send(b"N").await;
    }
    assert_eq!(dripping.hear().await, "421 4.4.2 Nothing came for too long");

    let slow = LmtpOptions { mail_timeout: Duration::from_millis(300), ..options() };
    let door = Door::with(&house, slow).await;
    let mut dripping = door.guest().await;
    dripping.ask("MAIL FROM:<ann@home.example>").await;
    dripping.ask("RCPT TO:<any@where.example>").await;
    dripping.ask("DATA").await;
    while dripping.is_left_waiting().await {
        dripping.send(b"x\r\n").await;
    }
    assert_eq!(dripping.hear().await, "421 4.4.2 Nothing came for too long");
    assert!(house.arrivals().await.is_empty());
}

#[tokio::test]
async fn a_connection_too_many_waits_for_another_to_end() {
    let house = House::new();
    let door = Door::with(&house, LmtpOptions { connections: 2, ..options() }).await;
    let (mut first, mut second, mut third) = (door.visit().await, door.visit().await, door.knock().await);
    assert!(third.is_left_waiting().await);
    assert_eq!(&first.ask("NOOP").await[..3], "250");
    assert_eq!(&second.ask("QUIT").await[..3], "221");
    assert_eq!(&third.hear().await[..3], "220");
    assert_eq!(&third.ask("NOOP").await[..3], "250");
}

#[tokio::test]
async fn mails_that_come_at_once_do_not_fill_the_memory() {
    let house = House::new();
    // Room for one of the largest.
    let door = Door::with(&house, LmtpOptions { held: 0, ..options() }).await;
    let (mut first, mut second) = (door.guest().await, door.guest().await);
    let half = "x".repeat(98) + "\r\n";
    let half = half.repeat(LARGEST / 200 + 40);
    for guest in [&mut first, &mut second] {
        guest.ask("MAIL FROM:<ann@home.example>").await;
        guest.ask("RCPT TO:<any@where.example>").await;
        guest.ask("DATA").await;
    }
    first.send(half.as_bytes()).await;
    assert!(first.is_left_waiting().await);
    assert_eq!(second.ask(&format!("{half}.")).await, "452 4.3.1 Too many mails come at once, come again later");
    assert_eq!(&first.ask("end\r\n.").await[..3], "250");
    // What was held is free again.
    assert_eq!(&second.deliver(&["any@where.example"], &half).await[0][..3], "250");
    assert_eq!(house.arrivals().await.len(), 2);
}

#[tokio::test]
async fn a_stop_lets_a_mail_end_that_was_begun_and_sends_all_others_away() {
    let house = House::new();
    let door = Door::open(&house).await;
    let (mut busy, idle) = (door.guest().await, door.guest().await);
    busy.ask("MAIL FROM:<ann@home.example>").await;
    busy.ask("RCPT TO:<any@where.example>").await;
    busy.ask("DATA").await;
    let closed = door.close();
    assert_eq!(idle.rest().await, "421 4.3.2 The desk stops, come again later\r\n");
    assert!(!closed.is_finished());
    busy.send(mail("last").as_bytes()).await;
    assert_eq!(&busy.ask(".").await[..3], "250");
    assert_eq!(&busy.hear().await[..9], "421 4.3.2");
    closed.await.unwrap();
    assert_eq!(house.arrivals().await.len(), 1);
}
