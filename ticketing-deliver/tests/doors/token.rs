//! Sign-in by tokens: Dovecot asks a server whether they are good, the desk fetches them from another.

use crate::desk::{House, mail, until};
use crate::dovecot::Dovecot;
use crate::fetch::{Fetching, options};
use crate::process::open_folder;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use ticketing_deliver::imap::ImapOptions;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Both servers: one gives tokens, one knows which are good.
#[derive(Default)]
struct Authority {
    given: AtomicUsize,
    /// How many of the tokens are not good any more.
    revoked: AtomicUsize,
    asked: Mutex<Vec<String>>,
}

impl Authority {
    fn give(&self, form: &str) -> (&'static str, String) {
        self.asked.lock().unwrap().push(form.to_owned());
        if !form.contains("refresh_token=a%2Fb%2Bc&") {
            let refusal = r#"{"error":"invalid_grant","error_description":"It was taken back."}"#;
            return ("400 Bad Request", refusal.to_owned());
        }
        let number = self.given.fetch_add(1, Ordering::SeqCst) + 1;
        ("200 OK", json!({ "access_token": format!("token{number}"), "expires_in": 3600 }).to_string())
    }

    fn knows(&self, path: &str) -> (&'static str, String) {
        let number = path.rsplit("token").next().and_then(|number| number.parse().ok()).unwrap_or(0);
        if number > self.revoked.load(Ordering::SeqCst) {
            ("200 OK", r#"{"username":"desk"}"#.to_owned())
        } else {
            ("401 Unauthorized", "{}".to_owned())
        }
    }
}

/// Answers one call of HTTP.
async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: impl FnOnce(&str, &str) -> (&'static str, String),
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let (mut head, mut line, mut length) = (String::new(), String::new(), 0);
    while stream.read_line(&mut line).await? > 2 {
        if head.is_empty() {
            head.clone_from(&line);
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let path = head.split(' ').nth(1).unwrap_or_default();
    let (status, text) = answer(path, &String::from_utf8_lossy(&body));
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        text.len()
    );
    stream.get_mut().write_all((head + &text).as_bytes()).await?;
    stream.get_mut().shutdown().await
}

#[tokio::test]
async fn a_token_is_fetched_and_used_until_it_is_good_no_more() {
    let authority = Arc::new(Authority::default());
    let checks = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let check_port = checks.local_addr().unwrap().port();
    let knowing = Arc::clone(&authority);
    tokio::spawn(async move {
        loop {
            let (stream, _) = checks.accept().await.unwrap();
            let _ = answer(stream, |path, _| knowing.knows(path)).await;
        }
    });
    let folder = open_folder();
    let file = folder.path().join("oauth2.conf");
    let conf = format!("tokeninfo_url = http://127.0.0.1:{check_port}/check?token=\nusername_attribute = username\n");
    std::fs::write(&file, conf).unwrap();
    let mut server = Dovecot::with(&format!(
        "auth_mechanisms = xoauth2\npassdb {{\n  driver = oauth2\n  mechanisms = xoauth2\n  args = {}\n}}",
        file.display()
    ));

    let tokens = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let token_port = tokens.local_addr().unwrap().port();
    let (certificate, key) = crate::process::certificate(folder.path());
    let root = std::fs::read_to_string(&certificate).unwrap();
    let tls = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_file(&certificate).unwrap()],
            PrivateKeyDer::from_pem_file(&key).unwrap(),
        )
        .unwrap();
    let (tls, giving) = (TlsAcceptor::from(Arc::new(tls)), Arc::clone(&authority));
    tokio::spawn(async move {
        loop {
            let (stream, _) = tokens.accept().await.unwrap();
            if let Ok(stream) = tls.accept(stream).await {
                let _ = answer(stream, |_, form| giving.give(form)).await;
            }
        }
    });

    let house = House::new();
    let account = |refresh_token: &str| {
        json!({
            "host": "127.0.0.1", "port": server.port, "security": "none", "username": "desk", "auth": "oauth2",
            "token_url": format!("https://127.0.0.1:{token_port}/token"), "client_id": "the desk",
            "client_secret": "s&t", "secret": refresh_token,
        })
    };
    let (good, bad) = (account("a/b+c"), account("old"));
    let mailbox = house.fetched(&bad).await;
    let trusting = ImapOptions { extra_roots: Some(root), ..options() };
    let fetching = Fetching::start(&house, trusting);
    assert_eq!(fetching.error().await, "no token: 400 Bad Request, invalid_grant: It was taken back.");

    house.change(mailbox, json!({ "imap": good })).await;
    server.deliver("a", &mail("a"));
    house.once_there_are(1).await;
    let form = authority.asked.lock().unwrap().last().unwrap().clone();
    assert_eq!(form, "grant_type=refresh_token&refresh_token=a%2Fb%2Bc&client_id=the+desk&client_secret=s%26t");

    server.kill();
    server.resume();
    server.deliver("b", &mail("b"));
    house.once_there_are(2).await;
    assert_eq!(authority.given.load(Ordering::SeqCst), 1);

    server.kill();
    authority.revoked.store(1, Ordering::SeqCst);
    server.resume();
    server.deliver("c", &mail("c"));
    house.once_there_are(3).await;
    assert_eq!(authority.given.load(Ordering::SeqCst), 2);
    until("all is well", async || fetching.status().is_some_and(|status| status.last_error.is_none())).await;
}
