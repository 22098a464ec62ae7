//! Who is talked to: TLS and sign-in.

use crate::sink::Sink;
use crate::{is_later, mail_to};
use ticketing_core::port::Mailer;
use ticketing_deliver::smtp::{SmtpCredentials, SmtpError, SmtpMailer, SmtpOptions, SmtpTls};

const SIGN_IN: [&str; 4] = ["--user", "desk", "--password", "correct horse"];

fn credentials(password: &str) -> SmtpCredentials {
    SmtpCredentials { user: "desk".into(), password: password.into() }
}

fn mailer(options: &SmtpOptions) -> SmtpMailer {
    SmtpMailer::new(options).unwrap()
}

/// A server that asks for sign-in, and how to do that.
async fn guarded(tls: &str) -> (Sink, SmtpOptions) {
    let sink = Sink::start(&[&["--tls", tls], &SIGN_IN[..]].concat()).await;
    let kind = match tls {
        "none" => SmtpTls::None,
        "starttls" => SmtpTls::StartTls,
        _ => SmtpTls::Tls,
    };
    let options = SmtpOptions { tls: kind, credentials: Some(credentials("correct horse")), ..sink.options() };
    (sink, options)
}

#[tokio::test]
async fn signs_in_over_every_kind_of_connection() {
    for tls in ["none", "starttls", "tls"] {
        let (mut sink, options) = guarded(tls).await;
        mailer(&options).send(&mail_to("ok")).await.unwrap();
        let arrived = sink.mail().await;
        assert_eq!(arrived["encrypted"], tls != "none", "{tls}");
        assert_eq!(arrived["signed_in"], true, "{tls}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_the_desk_s_fault() {
    let (mut sink, options) = guarded("starttls").await;
    let wrong = SmtpOptions { credentials: Some(credentials("wrong")), ..options.clone() };
    is_later(mailer(&wrong).send(&mail_to("ok")).await, "535 5.7.8");
    assert_eq!(sink.ended().await, ["AUTH"]);
    let nobody = SmtpOptions { credentials: None, ..options };
    is_later(mailer(&nobody).send(&mail_to("ok")).await, "530 5.7.0");
}

#[tokio::test]
async fn a_server_without_sign_in_gets_no_password() {
    let mut sink = Sink::start(&["--tls", "starttls"]).await;
    let options = SmtpOptions { credentials: Some(credentials("correct horse")), ..sink.options() };
    is_later(mailer(&options).send(&mail_to("ok")).await, "offers no sign-in");
    assert!(sink.ended().await.is_empty());
}

#[tokio::test]
async fn nothing_is_said_in_plain_where_starttls_is_wanted() {
    let mut sink = Sink::start(&SIGN_IN).await;
    let options =
        SmtpOptions { tls: SmtpTls::StartTls, credentials: Some(credentials("correct horse")), ..sink.options() };
    is_later(mailer(&options).send(&mail_to("ok")).await, "offers no STARTTLS");
    assert!(sink.ended().await.is_empty());
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_gets_no_mail() {
    for tls in ["starttls", "tls"] {
        let (mut sink, options) = guarded(tls).await;
        let distrustful = SmtpOptions { extra_roots: None, ..options.clone() };
        is_later(mailer(&distrustful).send(&mail_to("ok")).await, "invalid peer certificate");
        mailer(&options).check().await.unwrap();
        loop {
            // No connection before the last one came as far as to sign in.
            let verbs = sink.ended().await;
            if !verbs.is_empty() {
                assert_eq!(verbs, ["AUTH", "QUIT"], "{tls}");
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_certificate_for_somebody_else_gets_no_mail() {
    for tls in ["starttls", "tls"] {
        let mut sink = Sink::start(&["--tls", tls, "--name", "other.example"]).await;
        let kind = if tls == "tls" { SmtpTls::Tls } else { SmtpTls::StartTls };
        let options = SmtpOptions { tls: kind, ..sink.options() };
        is_later(mailer(&options).send(&mail_to("ok")).await, "certificate not valid for name");
        if tls == "starttls" {
            assert!(sink.ended().await.is_empty());
        }
    }
}

/// Whether the machine's certificates count is asked of a process that finds other ones: of this program, run again.
#[tokio::test]
#[allow(clippy::disallowed_methods)] // The process that runs it again says so in the environment.
async fn an_authority_of_the_machine_is_trusted() {
    const PORT: &str = "TEST_SMTP_TRUSTED_PORT";
    if let Ok(port) = std::env::var(PORT) {
        let options = SmtpOptions { port: port.parse().unwrap(), ..SmtpOptions::new("127.0.0.1") };
        return mailer(&options).send(&mail_to("ok")).await.map(drop).unwrap();
    }
    let mut sink = Sink::start(&["--tls", "starttls"]).await;
    let options = sink.options();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), options.extra_roots.unwrap()).unwrap();
    let run = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "trust::an_authority_of_the_machine_is_trusted"])
        .env(PORT, options.port.to_string())
        .env("SSL_CERT_FILE", file.path())
        .output();
    let output = run.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(sink.mail().await["encrypted"], true);
}

#[tokio::test]
async fn a_check_says_in_a_line_what_is_wrong() {
    let (mut sink, options) = guarded("starttls").await;
    mailer(&options).check().await.unwrap();
    assert_eq!(sink.ended().await, ["AUTH", "QUIT"]);

    let place = format!("127.0.0.1:{}: ", options.port);
    let wrong = SmtpOptions { credentials: Some(credentials("wrong")), ..options.clone() };
    let distrustful = SmtpOptions { extra_roots: None, ..options.clone() };
    let early = SmtpOptions { tls: SmtpTls::Tls, ..options.clone() };
    for (options, part) in [(wrong, "535 5.7.8 Authentication"), (distrustful, "invalid peer certificate"), (early, "")]
    {
        let SmtpError::Unready(line) = mailer(&options).check().await.unwrap_err() else { panic!("unready") };
        assert!(line.starts_with(&place) && line.contains(part), "{line}");
        assert!(!line.contains(['\r', '\n']) && !line.contains("wrong"), "{line}");
    }

    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let nobody = SmtpOptions { port: free, tls: SmtpTls::None, ..SmtpOptions::new("localhost") };
    let line = mailer(&nobody).check().await.unwrap_err().to_string();
    assert!(line.starts_with(&format!("localhost:{free}: ")) && line.contains("refused"), "{line}");
}
