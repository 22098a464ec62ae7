//! What the environment must not decide.

use crate::support::{Canary, Endpoint, Names, knowing, request};
use std::process::Command;
use ticketing_core::port::WebhookSender;

const INNER: &str = "TICKETING_TEST_BEHIND_PROXIES";

/// A process can't safely change its own environment, so the test starts itself with another one.
#[test]
fn proxies_of_the_environment_are_not_asked() {
    let canary = Canary::new();
    let proxy = format!("http://127.0.0.1:{}", canary.port);
    let mut inner = Command::new(std::env::current_exe().unwrap());
    inner.args(["--exact", "environment::behind_proxies", "--ignored"]).env(INNER, "1").env_remove("NO_PROXY");
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        inner.env(name, &proxy);
    }
    // A name of its own in the environment of a CGI program would switch the others off.
    let output = inner.env_remove("no_proxy").env_remove("REQUEST_METHOD").output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
    assert!(!canary.was_called());
}

#[tokio::test]
#[ignore = "proxies_of_the_environment_are_not_asked runs it"]
async fn behind_proxies() {
    assert!(std::env::vars().any(|(name, _)| name == INNER), "this runs inside of another test");
    let names = Names::default();
    names.tell("hooks.example.org", &[&["127.0.0.2"]]);
    let sender = knowing(&["127.0.0.2"], &names);
    let answer = crate::support::Answer::Whole(b"HTTP/1.1 200 OK\r\n\r\n".to_vec());
    let endpoint = Endpoint::start("127.0.0.2", answer).await;
    for host in ["127.0.0.2", "hooks.example.org"] {
        let url = format!("http://{host}:{}/", endpoint.address.port());
        assert_eq!(sender.send(&request(url)).await.map(|answer| answer.status), Ok(200), "{host}");
    }
}
