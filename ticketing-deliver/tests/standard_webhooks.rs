//! Calls as receivers check them: by the libraries of Standard Webhooks for Node and Python, which we did not write.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[allow(dead_code, reason = "this test needs only some of it")]
#[path = "webhook/support.rs"]
mod support;

use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use support::{Endpoint, body, header, request, sender};
use ticketing_core::port::{Clock, SystemClock, WebhookRequest, WebhookSender};

const PREFIXED: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// Base64 without its padding.
const BARE: &str = "whsec_c2l4dGVlbiBieXRlcy4uLg";
const TYPED: &str = "correct horse battery";
/// One that signs nothing here.
const OTHER: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

/// Where `scripts/webhook-libraries` has put the libraries. Only a machine that tests nothing for others may do without.
fn libraries() -> Option<String> {
    let named = |wanted: &str| std::env::vars().find(|(name, _)| name == wanted).map(|(_, value)| value);
    let folder = named("WEBHOOK_LIBRARIES");
    assert!(
        folder.is_some() || named("CI").is_none(),
        "WEBHOOK_LIBRARIES is not set: it names what scripts/webhook-libraries installs; scripts/test sets it"
    );
    if folder.is_none() {
        eprintln!("skipped: WEBHOOK_LIBRARIES is not set; scripts/webhook-libraries prints what to set it to");
    }
    folder
}

/// What the program says of each call.
fn verdicts(program: &str, arguments: &[&str], calls: &Value) -> Vec<bool> {
    let mut child = Command::new(program);
    let mut child = child.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(calls.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} gave no verdict");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The verdicts of both libraries, which must be of one mind.
fn judged(folder: &str, calls: &[Value]) -> Vec<bool> {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/receiver");
    let script = |name: &str| scripts.join(name).into_os_string().into_string().unwrap();
    let calls = Value::from(calls.to_vec());
    let node = verdicts("node", &[&script("verify.cjs"), folder], &calls);
    let python = verdicts(&format!("{folder}/python/bin/python"), &[&script("verify.py")], &calls);
    assert_eq!(node, python, "the libraries disagree");
    assert_eq!(node.len(), calls.as_array().unwrap().len());
    node
}

/// A call with these secrets, as it arrives.
async fn arrived(secrets: &[&str]) -> String {
    let mut endpoint = Endpoint::answering(200, "", "").await;
    let secrets = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    // The libraries refuse what is older than five minutes.
    let call = WebhookRequest { secrets, at: SystemClock.now(), ..request(endpoint.url()) };
    sender(&["127.0.0.1"]).send(&call).await.unwrap();
    endpoint.call().await
}

/// The call as a library gets it, to be checked with this secret.
fn call(arrived: &str, secret: &str) -> Value {
    let headers: serde_json::Map<_, _> = ["webhook-id", "webhook-timestamp", "webhook-signature"]
        .into_iter()
        .map(|name| (name.to_owned(), Value::from(header(arrived, name)[0])))
        .collect();
    json!({"secret": secret, "isRaw": !secret.starts_with("whsec_"), "headers": headers, "body": body(arrived)})
}

#[tokio::test]
async fn receivers_libraries_accept_each_secret_and_no_other() {
    let Some(folder) = libraries() else { return };
    let mut calls = Vec::new();
    for secret in [PREFIXED, BARE, TYPED] {
        let arrived = arrived(&[secret]).await;
        calls.extend([call(&arrived, secret), call(&arrived, OTHER)]);
    }
    assert_eq!(judged(&folder, &calls), [true, false].repeat(3));

    // While a secret is changed, an endpoint may know either.
    let arrived = arrived(&[TYPED, PREFIXED]).await;
    let calls: Vec<_> = [TYPED, PREFIXED, OTHER].iter().map(|secret| call(&arrived, secret)).collect();
    assert_eq!(judged(&folder, &calls), [true, true, false]);
}

#[tokio::test]
async fn receivers_libraries_refuse_a_call_with_one_byte_changed() {
    let Some(folder) = libraries() else { return };
    let good = call(&arrived(&[PREFIXED]).await, PREFIXED);
    let mut calls = vec![good.clone()];
    let text = |call: &Value, pointer: &str| call.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    let changed = |pointer: &str, at: usize| {
        let mut bytes = text(&good, pointer).into_bytes();
        bytes[at] ^= 1;
        let mut call = good.clone();
        *call.pointer_mut(pointer).unwrap() = String::from_utf8(bytes).unwrap().into();
        call
    };
    // Every byte of the body that leaves it text, the ends of the id, the last digit of the moment, the first of the code.
    let body = text(&good, "/body");
    calls.extend((0..body.len()).filter(|at| body.as_bytes()[*at].is_ascii()).map(|at| changed("/body", at)));
    for (pointer, first) in
        [("/headers/webhook-id", 0), ("/headers/webhook-timestamp", 9), ("/headers/webhook-signature", 3)]
    {
        calls.push(changed(pointer, first));
    }
    let id = text(&good, "/headers/webhook-id");
    calls.push(changed("/headers/webhook-id", id.len() - 1));
    let verdicts = judged(&folder, &calls);
    assert!(verdicts[0], "the call itself is refused");
    assert_eq!(verdicts[1..].iter().position(|accepted| *accepted), None, "a changed call is accepted");
    assert!(calls.len() > 20);
}
