//! What a server says no to, and what the desk makes of it.

use crate::sink::Sink;
use crate::{is_later, mail_to, person};
use ticketing_core::port::{Mail, MailError, Mailer};

#[tokio::test]
async fn each_refusal_means_what_it_says() {
    let mut sink = Sink::start(&[]).await;
    let mailer = sink.mailer();
    let address = |text: &str| MailError::Address(text.into());
    let refused = |text: &str| MailError::Refused(text.into());
    let later = |text: &str| MailError::Later(text.into());
    for (who, error) in [
        ("nobody", address("550 5.1.1 No such user here")),
        ("gone", address("550 gone")),
        ("policy", refused("554 5.7.1 Looks like spam or worse")),
        ("filtered", refused("550 We do not like this mail")),
        ("full", later("452 4.2.2 Mailbox full")),
        ("over", later("552 5.2.2 Mailbox full, for good")),
    ] {
        assert_eq!(mailer.send(&mail_to(who)).await, Err(error), "{who}");
    }
    let stranger = Mail { from: person(None, "stranger@desk.example"), ..mail_to("ok") };
    assert_eq!(mailer.send(&stranger).await, Err(later("553 5.7.1 Not your address")), "that is the desk's fault");

    mailer.send(&mail_to("ok")).await.unwrap();
    assert_eq!(sink.mail().await["connection"], 1, "a refusal does not cost the connection");
}

#[tokio::test]
async fn a_busy_server_is_left_alone() {
    let mut sink = Sink::start(&[]).await;
    let mailer = sink.mailer();
    mailer.send(&mail_to("ok")).await.unwrap();
    sink.mail().await;
    is_later(mailer.send(&mail_to("busy")).await, "421 4.3.2 Too busy");
    let plain = |verbs: &[&str]| verbs.iter().map(|verb| format!("{verb} in plain")).collect::<Vec<_>>();
    assert_eq!(sink.ended().await, plain(&["MAIL", "RCPT", "DATA", "MAIL", "RCPT"]));
    mailer.send(&mail_to("ok")).await.unwrap();
    assert_eq!(sink.mail().await["connection"], 2);
}
