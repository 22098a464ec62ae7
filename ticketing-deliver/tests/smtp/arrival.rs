//! What arrives is what was written.

use crate::sink::Sink;
use crate::{header, mail_to, person};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use ticketing_core::port::{Mail, MailError, Mailer};
use tokio::task::JoinSet;

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let mut sink = Sink::start(&[]).await;
    let text = "Grüße, 你好, שלום, 😀\n\n.\n..two dots\nlast line".to_owned() + &" long".repeat(300);
    let mail = Mail {
        from: person(Some("Müller, \"the\" Desk 😀"), "desk@desk.example"),
        to: person(Some("שלום, עולם"), "ok@home.example"),
        reply_to: Some(person(Some("O'Neil; <Ann>"), "reply+7@desk.example")),
        references: vec!["first@home.example".into(), "second@desk.example".into()],
        subject: "Grüße: ".to_owned() + &"ein langer Betreff über alles 😀 ".repeat(10) + "Ende",
        html: format!("<p>{text}</p>"),
        text: text.clone(),
        unsubscribe: Some("https://desk.example/stop?token=abc".into()),
        ..mail_to("ok")
    };
    assert_eq!(sink.mailer().send(&mail).await.unwrap(), "250 2.0.0 Mail taken");

    let arrived = sink.mail().await;
    assert_eq!((&arrived["from"], &arrived["to"]), (&json!("desk@desk.example"), &json!(["ok@home.example"])));
    assert_eq!(arrived["defects"], json!([]));
    assert_eq!(arrived["type"], "multipart/alternative");
    assert_eq!(
        arrived["parts"],
        json!([
            { "type": "text/plain", "charset": "utf-8", "text": mail.text },
            { "type": "text/html", "charset": "utf-8", "text": mail.html },
        ])
    );
    assert_eq!(
        arrived["people"],
        json!({
            "From": [[mail.from.name, "desk@desk.example"]],
            "To": [[mail.to.name, "ok@home.example"]],
            "Reply-To": [["O'Neil; <Ann>", "reply+7@desk.example"]],
        })
    );
    for (name, value) in [
        ("Message-ID", "<ticket.ok.1@desk.example>"),
        ("Date", "Mon, 02 Mar 2026 09:06:07 +0000"),
        ("In-Reply-To", "<second@desk.example>"),
        ("References", "<first@home.example> <second@desk.example>"),
        ("Subject", mail.subject.as_str()),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("Precedence", "bulk"),
        ("X-Loop", "desk.example"),
        ("List-Unsubscribe", "<https://desk.example/stop?token=abc>"),
        ("MIME-Version", "1.0"),
    ] {
        assert_eq!(header(&arrived, name), [value], "{name}");
    }
}

#[tokio::test]
async fn nothing_in_a_mail_adds_a_header_or_a_recipient() {
    let mut sink = Sink::start(&[]).await;
    let mailer = sink.mailer();
    mailer.send(&mail_to("ok")).await.unwrap();
    let plain = sink.mail().await;
    let names = |arrived: &serde_json::Value| {
        let headers = arrived["headers"].as_array().unwrap();
        headers.iter().map(|header| header[0].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for hostile in [
        "x\r\nBcc: eve@evil.example",
        "x\nBcc: eve@evil.example\n\nbody",
        "x\rBcc: eve@evil.example",
        "x\0\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n",
        "x\r\n\r\n.\r\nRCPT TO:<eve@evil.example>",
        "x\" <eve@evil.example>, \"y",
        "x\u{2028}Bcc: eve@evil.example\u{85}Bcc: eve@evil.example",
        "=?utf-8?q?x=0D=0ABcc:_eve@evil.example?=",
    ] {
        let mail = Mail {
            from: person(Some(hostile), "desk@desk.example"),
            to: person(Some(hostile), "ok@home.example"),
            references: vec![format!("a>\r\nBcc: <{hostile}"), hostile.into()],
            subject: hostile.into(),
            text: format!("text\n.\n{hostile}\r.\r"),
            html: hostile.into(),
            unsubscribe: Some(format!("https://desk.example/>\r\n{hostile}")),
            desk: hostile.into(),
            ..mail_to("ok")
        };
        mailer.send(&mail).await.unwrap();
        let arrived = sink.mail().await;
        assert_eq!(arrived["to"], json!(["ok@home.example"]), "{hostile:?}");
        // An id of visible ASCII is an id, whatever else it looks like.
        let ids = ["In-Reply-To", "References"];
        let mut found = names(&arrived);
        found.retain(|name| !(hostile.starts_with("=?") && ids.contains(&name.as_str())));
        assert_eq!(found, names(&plain), "{hostile:?}");
        assert_eq!(arrived["parts"].as_array().unwrap().len(), 2, "{hostile:?}");
        for (_, people) in arrived["people"].as_object().unwrap() {
            assert_eq!(people.as_array().unwrap().len(), 1, "{hostile:?}: {people}");
        }
    }
    for hostile in ["ok@home.example\r\nRCPT TO:<eve@evil.example>", "ok@home.example,eve@evil.example"] {
        let mail = Mail { to: person(None, hostile), ..mail_to("ok") };
        assert!(matches!(mailer.send(&mail).await, Err(MailError::Address(_))), "{hostile:?}");
    }
    drop(mailer);
    let verbs = sink.ended().await;
    assert_eq!(verbs.iter().filter(|verb| verb.starts_with("RCPT")).count(), 9, "{verbs:?}");
}

#[tokio::test]
async fn fifty_mails_at_once_arrive_once_each_over_few_connections() {
    let mut sink = Sink::start(&[]).await;
    let mailer = Arc::new(sink.mailer());
    let mut sending = JoinSet::new();
    for n in 0..50 {
        let mailer = Arc::clone(&mailer);
        sending.spawn(async move {
            let mail = Mail { message_id: format!("{n}@desk.example"), ..mail_to("ok") };
            mailer.send(&mail).await.unwrap();
        });
    }
    sending.join_all().await;

    let (mut ids, mut connections) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..50 {
        let arrived = sink.mail().await;
        assert!(ids.insert(header(&arrived, "Message-ID")[0].to_owned()), "{ids:?} twice");
        connections.insert(arrived["connection"].as_u64());
    }
    assert_eq!(ids, (0..50).map(|n| format!("<{n}@desk.example>")).collect());
    assert!(connections.len() <= 8, "{connections:?}");
    drop(mailer);
    for _ in connections {
        // The next thing that is told is an end, so nothing came twice.
        sink.ended().await;
    }
}

#[tokio::test]
async fn an_address_beyond_ascii_goes_where_it_is_known() {
    let mail = Mail { to: person(Some("Ann"), "jörg@home.example"), ..mail_to("ok") };
    let mut sink = Sink::start(&[]).await;
    sink.mailer().send(&mail).await.unwrap();
    let arrived = sink.mail().await;
    assert_eq!(arrived["to"], json!(["jörg@home.example"]));
    assert_eq!(header(&arrived, "To"), ["Ann <jörg@home.example>"]);
    assert_eq!(arrived["options"], json!(["SMTPUTF8", "BODY=8BITMIME"]));

    let mut sink = Sink::start(&["--ascii"]).await;
    let mailer = sink.mailer();
    assert!(matches!(mailer.send(&mail).await, Err(MailError::Refused(why)) if why.contains("SMTPUTF8")));
    mailer.send(&mail_to("ok")).await.unwrap();
    assert_eq!(sink.mail().await["to"], json!(["ok@home.example"]));
}
