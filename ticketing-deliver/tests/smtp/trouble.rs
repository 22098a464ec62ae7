//! Connections that end, and servers that say nothing.

use crate::sink::Sink;
use crate::{header, is_later, mail_to};
use std::time::Duration;
use ticketing_core::port::{Mail, Mailer};
use ticketing_deliver::smtp::{SmtpMailer, SmtpOptions, SmtpTls};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

#[tokio::test]
async fn an_answer_that_got_lost_is_asked_for_with_the_same_mail() {
    let mut sink = Sink::start(&[]).await;
    let mailer = sink.mailer();
    is_later(mailer.send(&mail_to("drop")).await, "");
    let first = sink.mail().await;
    sink.ended().await;
    mailer.send(&mail_to("drop")).await.unwrap();
    let second = sink.mail().await;
    assert_eq!(header(&second, "Message-ID"), ["<ticket.drop.1@desk.example>"]);
    assert_eq!(first["raw"], second["raw"]);
}

#[tokio::test]
async fn a_server_that_hangs_up_after_each_mail_gets_all_mails() {
    let mut sink = Sink::start(&["--close-after-mail"]).await;
    let mailer = sink.mailer();
    for n in 1..=5 {
        mailer.send(&mail_to("ok")).await.unwrap();
        assert_eq!(sink.mail().await["connection"], n);
        sink.ended().await;
    }
}

#[tokio::test]
async fn a_connection_that_ended_while_nobody_used_it_costs_no_mail() {
    let mut sink = Sink::start(&[]).await;
    let mailer = sink.mailer();
    mailer.send(&mail_to("ok")).await.unwrap();
    sink.mail().await;
    sink.hang_up().await;
    sink.ended().await;
    mailer.send(&mail_to("ok")).await.unwrap();
    assert_eq!(sink.mail().await["connection"], 2);
}

#[tokio::test]
async fn a_connection_that_nobody_needs_is_ended() {
    let mut sink = Sink::start(&[]).await;
    let options = SmtpOptions { idle_timeout: Duration::from_millis(300), ..sink.options() };
    let mailer = SmtpMailer::new(&options).unwrap();
    for n in 1..=2 {
        mailer.send(&mail_to("ok")).await.unwrap();
        assert_eq!(sink.mail().await["connection"], n);
        assert_eq!(sink.ended().await.last().map(String::as_str), Some("QUIT in plain"));
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_a_mail_is_given_up() {
    let sink = Sink::start(&[]).await;
    let options = SmtpOptions { command_timeout: Duration::from_secs(2), ..sink.options() };
    is_cut_off(sink, options, "no answer within 2s").await;
}

#[tokio::test]
async fn a_mail_that_takes_too_long_in_all_is_given_up() {
    let sink = Sink::start(&[]).await;
    let options = SmtpOptions { send_timeout: Duration::from_secs(2), ..sink.options() };
    is_cut_off(sink, options, "not done within 2s").await;
}

/// A mail that the server does not answer is given up for this reason, and the next one is not disturbed by it.
async fn is_cut_off(mut sink: Sink, options: SmtpOptions, why: &str) {
    let mailer = SmtpMailer::new(&SmtpOptions { connections: 1, ..options }).unwrap();
    is_later(mailer.send(&mail_to("slow")).await, why);
    sink.mail().await;
    assert_eq!(sink.ended().await, ["MAIL in plain", "RCPT in plain", "DATA in plain"]);
    let next = Mail { message_id: "next@desk.example".into(), ..mail_to("ok") };
    assert_eq!(mailer.send(&next).await.unwrap(), "250 2.0.0 Mail taken");
    assert_eq!(header(&sink.mail().await, "Message-ID"), ["<next@desk.example>"]);
}

#[tokio::test]
async fn a_server_that_does_not_greet_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    for tls in [SmtpTls::None, SmtpTls::StartTls, SmtpTls::Tls] {
        let options = SmtpOptions {
            port: silent.local_addr().unwrap().port(),
            tls,
            command_timeout: Duration::from_millis(100),
            ..SmtpOptions::new("127.0.0.1")
        };
        is_later(SmtpMailer::new(&options).unwrap().send(&mail_to("ok")).await, "no answer within 100ms");
    }
}

#[tokio::test]
async fn an_answer_too_many_is_no_yes_to_a_mail() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    // Somebody on the way puts an answer before those of the server, which never takes the mail.
    let server = tokio::spawn(async move {
        let mut stream = BufReader::new(listener.accept().await.unwrap().0);
        stream.write_all(b"220 hello\r\n250 for nothing\r\n").await.unwrap();
        let (mut heard, mut line) = (Vec::new(), String::new());
        while stream.read_line(&mut line).await.is_ok_and(|length| length > 0) {
            let is_data = line.starts_with("DATA");
            heard.push(std::mem::take(&mut line));
            let answer = if is_data { "354 go on\r\n" } else { "250 yes\r\n" };
            if stream.write_all(answer.as_bytes()).await.is_err() {
                break;
            }
        }
        heard
    });
    let options = SmtpOptions { port, tls: SmtpTls::None, ..SmtpOptions::new("127.0.0.1") };
    let mailer = SmtpMailer::new(&options).unwrap();
    is_later(mailer.send(&mail_to("ok")).await, "an answer out of order: 250 yes");
    drop(mailer);
    assert_eq!(server.await.unwrap().last().map(String::as_str), Some("DATA\r\n"), "no word of the mail was said");
}

#[tokio::test]
async fn whoever_waits_for_a_connection_does_not_wait_forever() {
    let mut sink = Sink::start(&[]).await;
    let options = SmtpOptions { send_timeout: Duration::from_secs(2), connections: 1, ..sink.options() };
    let mailer = SmtpMailer::new(&options).unwrap();
    let (slow, behind) = (mail_to("slow"), mail_to("slow"));
    let (first, second) = tokio::join!(mailer.send(&slow), mailer.send(&behind));
    is_later(first, "not done within 2s");
    is_later(second, "not done within 2s");
    mailer.send(&mail_to("ok")).await.unwrap();
    assert_eq!(sink.mail().await["to"][0], "slow@home.example");
}
