//! What needs the inside: certificates of the test's own, and the resolver without a client.

use super::GuardedWebhookSender;
use super::guard::Guard;
use super::resolve::{Lookup, Resolver};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::io::{self, BufRead, BufReader, Write};
use std::net::{IpAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use ticketing_core::port::{WebhookError, WebhookRequest, WebhookSender};
use ticketing_core::time::from_micros;

/// Every name leads here.
struct To(Vec<&'static str>);

#[async_trait]
impl Lookup for To {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        assert!(!name.contains("localhost"), "nobody may be asked about {name}");
        Ok(self.0.iter().map(|address| address.parse().unwrap()).collect())
    }
}

fn resolver(addresses: &[&'static str], allowed: &[&str]) -> Resolver {
    let allowed = allowed.iter().map(|network| network.parse().unwrap()).collect();
    Resolver::new(Guard::new(allowed), Arc::new(To(addresses.to_vec())))
}

#[tokio::test]
async fn a_name_is_refused_whole_where_one_of_its_addresses_is() {
    for (addresses, allowed) in [
        (vec!["127.0.0.1"], vec![]),
        (vec!["8.8.8.8", "127.0.0.1"], vec![]),
        (vec!["10.0.0.1", "8.8.8.8"], vec![]),
        (vec!["2606:4700:4700::1111", "::ffff:10.0.0.1"], vec![]),
        (vec!["8.8.8.8", "64:ff9b::7f00:1"], vec![]),
        (vec!["127.0.0.2", "127.0.0.1"], vec!["127.0.0.2"]),
    ] {
        let told = resolver(&addresses, &allowed).addresses("hooks.example.org").await;
        assert_eq!(told, Err(WebhookError::NotAllowed), "{addresses:?}");
    }
    let told = resolver(&["8.8.8.8", "127.0.0.2"], &["127.0.0.2"]).addresses("hooks.example.org").await;
    assert_eq!(told.unwrap(), ["8.8.8.8".parse::<IpAddr>().unwrap(), "127.0.0.2".parse().unwrap()]);
    assert_eq!(resolver(&[], &[]).addresses("hooks.example.org").await, Err(WebhookError::Unresolved));
}

#[tokio::test]
async fn this_machine_by_name_is_never_looked_up() {
    let names = ["localhost", "LocalHost", "localhost.", "a.localhost", "a.b.LOCALHOST."];
    for name in names {
        assert_eq!(resolver(&["8.8.8.8"], &[]).addresses(name).await, Err(WebhookError::NotAllowed), "{name}");
        let told = resolver(&["8.8.8.8"], &["127.0.0.0/8"]).addresses(name).await;
        assert_eq!(told.unwrap(), ["127.0.0.1".parse::<IpAddr>().unwrap()], "{name}");
    }
}

/// A certificate for `endpoint.test`, signed by its own key, and that key. They protect nothing.
const CERTIFICATE: &str = "\
MIIBaTCCARCgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1lbmRwb2ludC50ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIx\
MjAwMTAxMDAwMDAwWjAYMRYwFAYDVQQDDA1lbmRwb2ludC50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMJ3o6mtE17JY\
Xmxf7Z7ZTuZy4GGyk0f4WCZutuITIzlxeR4WbiYVVJanQHpiJM/2yEmGgNJNHqj6baIPDtWOoKNJMEcwDAYDVR0TAQH/BAIwADAY\
BgNVHREEETAPgg1lbmRwb2ludC50ZXN0MB0GA1UdDgQWBBSDKbtxiX+ptnTyPSLtPa7R2IWYkzAKBggqhkjOPQQDAgNHADBEAiA1\
RKwZYz2mCwTPgvPQkAa+JwqL1dudfbo24VVb4BB/WAIgP6mJJerbINt4zGxXdrPk2SNqmQ90FX7q9LZwt6zCstI=";
const KEY: &str = "\
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgM6HaIsHblU3aJg26PQPpe4yL2EkNdlcNTlwv/MJCjrehRANCAAQw\
nejqa0TXslhebF/tntlO5nLgYbKTR/hYJm624hMjOXF5HhZuJhVUlqdAemIkz/bISYaA0k0eqPptog8O1Y6g";

fn certificate() -> CertificateDer<'static> {
    STANDARD.decode(CERTIFICATE).unwrap().into()
}

/// Answers one call by TLS; the thread ends with the first line of the request, where one came.
fn secure_endpoint() -> (u16, JoinHandle<io::Result<String>>) {
    let key = PrivatePkcs8KeyDer::from(STANDARD.decode(KEY).unwrap());
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate()], key.into())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = move || {
        let (stream, _) = listener.accept()?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let connection = ServerConnection::new(Arc::new(config)).map_err(io::Error::other)?;
        let mut stream = BufReader::new(StreamOwned::new(connection, stream));
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 || line == "\r\n" {
                break;
            }
            lines.push(line);
        }
        let stream = stream.get_mut();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")?;
        stream.flush()?;
        Ok(lines.swap_remove(0))
    };
    (port, thread::spawn(serve))
}

fn sender(roots: Option<RootCertStore>) -> GuardedWebhookSender {
    let allowed = vec!["127.0.0.0/8".parse().unwrap()];
    let lookup = Arc::new(To(vec!["127.0.0.1"]));
    match roots {
        Some(roots) => GuardedWebhookSender::with_roots(allowed, lookup, roots).unwrap(),
        None => GuardedWebhookSender::with_lookup(allowed, lookup).unwrap(),
    }
}

fn trusting() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(certificate()).unwrap();
    roots
}

fn request(url: String) -> WebhookRequest {
    WebhookRequest {
        url,
        id: "1".to_owned(),
        event: "ticket.created".to_owned(),
        at: from_micros(1_767_225_600_000_000).unwrap(),
        headers: Vec::new(),
        body: "{}".to_owned(),
        secrets: Vec::new(),
        timeout: Duration::from_secs(10),
    }
}

#[tokio::test]
async fn a_known_certificate_is_called() {
    let (port, endpoint) = secure_endpoint();
    let answer = sender(Some(trusting())).send(&request(format!("https://endpoint.test:{port}/hook"))).await.unwrap();
    assert_eq!((answer.status, answer.body.as_str()), (200, "ok"));
    assert_eq!(endpoint.join().unwrap().unwrap(), "POST /hook HTTP/1.1\r\n");
}

#[tokio::test]
async fn a_certificate_of_nobody_known_or_for_another_host_is_no_answer() {
    for (roots, host, why) in [
        (None, "endpoint.test", "the certificate comes from nobody known"),
        (Some(trusting()), "other.test", "the certificate is for another host"),
        (Some(trusting()), "127.0.0.1", "the certificate is for another host"),
    ] {
        let (port, endpoint) = secure_endpoint();
        let told = sender(roots).send(&request(format!("https://{host}:{port}/"))).await;
        assert_eq!(told, Err(WebhookError::Unreachable(why.to_owned())));
        assert!(endpoint.join().unwrap().is_err(), "a request came through");
    }
}

#[tokio::test]
async fn https_to_an_endpoint_without_it_is_no_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let endpoint = thread::spawn(move || listener.accept()?.0.write_all(b"HTTP/1.1 200 OK\r\n\r\n"));
    let told = sender(None).send(&request(format!("https://endpoint.test:{port}/"))).await;
    assert_eq!(told, Err(WebhookError::Unreachable("no TLS connection came about".to_owned())));
    endpoint.join().unwrap().unwrap();
}
