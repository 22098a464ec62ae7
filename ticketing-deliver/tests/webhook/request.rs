//! What an endpoint gets.

use crate::support::{Canary, Endpoint, body, header, request, sender};
use ticketing_core::port::{WebhookError, WebhookRequest, WebhookSender};
use ticketing_deliver::webhook::signature;

const ID: &str = "0198c2a0-1111-7000-8000-000000000001";
const NEW: &str = "correct horse battery";
const OLD: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn pairs(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn a_call_says_what_happened_when_and_who_says_so() {
    let mut endpoint = Endpoint::answering(200, "", "").await;
    let url = format!("{}?team=a%20b", endpoint.url());
    let secrets = vec![NEW.to_owned()];
    let headers = pairs(&[("Authorization", "Bearer abc"), ("X-Tenant", "one"), ("X-Tenant", "two")]);
    let call = WebhookRequest { secrets, headers, ..request(&url) };
    sender(&["127.0.0.1"]).send(&call).await.unwrap();

    let got = endpoint.call().await;
    assert!(got.starts_with("POST /hook?team=a%20b HTTP/1.1\r\n"), "{got}");
    assert_eq!(body(&got), call.body);
    // The codes were computed by Python's hmac.
    for (name, values) in [
        ("host", &[endpoint.address.to_string().as_str()][..]),
        ("content-type", &["application/json"]),
        ("content-length", &["21"]),
        ("user-agent", &[concat!("ticketing/", env!("CARGO_PKG_VERSION"))]),
        ("x-webhook-event", &["ticket.created"]),
        ("x-webhook-delivery", &[ID]),
        ("webhook-id", &[ID]),
        ("webhook-timestamp", &["1767225600"]),
        ("webhook-signature", &["v1,rMlC7LFf1gxVWBo/IXTXytKHOtgxIT1Y9JqTOF35HLI="]),
        ("x-webhook-signature", &["sha256=d0b328f5a3917ea86b9652854e7a6dd28ac3f68b26f7a40685e76f344337815c"]),
        ("authorization", &["Bearer abc"]),
        ("x-tenant", &["one", "two"]),
        ("accept-encoding", &[]),
        ("cookie", &[]),
        ("referer", &[]),
    ] {
        assert_eq!(header(&got, name), values, "{name}");
    }
}

#[tokio::test]
async fn each_secret_signs_and_the_newest_signs_the_body() {
    let mut endpoint = Endpoint::answering(200, "", "").await;
    let call = WebhookRequest { secrets: vec![NEW.to_owned(), OLD.to_owned()], ..request(endpoint.url()) };
    sender(&["127.0.0.1"]).send(&call).await.unwrap();
    let got = endpoint.call().await;
    let sign = |secret| signature::standard(secret, ID, 1_767_225_600, &call.body);
    assert_eq!(header(&got, "webhook-signature"), [format!("{} {}", sign(NEW), sign(OLD))]);
    assert_eq!(header(&got, "x-webhook-signature"), [signature::of_body(NEW, &call.body)]);
}

#[tokio::test]
async fn without_a_secret_there_is_no_signature() {
    let mut endpoint = Endpoint::answering(200, "", "").await;
    sender(&["127.0.0.1"]).send(&request(endpoint.url())).await.unwrap();
    let got = endpoint.call().await;
    assert!(header(&got, "webhook-signature").is_empty() && header(&got, "x-webhook-signature").is_empty(), "{got}");
    assert_eq!(header(&got, "webhook-id"), [ID]);
}

#[tokio::test]
async fn a_webhooks_own_headers_replace_none_of_the_senders() {
    let taken = [
        "Host",
        "content-length",
        "CONTENT-TYPE",
        "Content-Encoding",
        "Transfer-Encoding",
        "Connection",
        "Upgrade",
        "Expect",
        "TE",
        "Trailer",
        "Keep-Alive",
        "Proxy-Connection",
        "Accept-Encoding",
        "User-Agent",
        "Webhook-Id",
        "webhook-timestamp",
        "WEBHOOK-SIGNATURE",
        "X-Webhook-Signature",
        "x-webhook-event",
        "X-Webhook-Delivery",
        "X-Webhook-New",
    ];
    let mut endpoint = Endpoint::answering(200, "", "").await;
    let headers: Vec<_> = taken.iter().map(|name| (*name, "evil")).chain([("X-Mine", "mine")]).collect();
    let call = WebhookRequest { headers: pairs(&headers), secrets: vec![NEW.to_owned()], ..request(endpoint.url()) };
    let answer = sender(&["127.0.0.1"]).send(&call).await.unwrap();
    let got = endpoint.call().await;
    assert!(!got.contains("evil"), "{got}");
    assert_eq!(header(&got, "x-mine"), ["mine"]);
    for name in ["host", "content-length", "content-type", "webhook-id", "webhook-signature", "x-webhook-signature"] {
        assert_eq!(header(&got, name).len(), 1, "{name}");
    }
    assert!(answer.sent.iter().all(|(_, value)| value != "evil"), "{answer:?}");
}

#[tokio::test]
async fn a_header_can_not_smuggle_another_one_in() {
    let canary = Canary::new();
    let sender = sender(&["127.0.0.1"]);
    let call = request(format!("http://127.0.0.1:{}/", canary.port));
    for (name, value) in [
        ("X-Mine", "a\r\nX-Evil: b"),
        ("X-Mine", "a\nX-Evil: b"),
        ("X-Mine", "a\rb"),
        ("X-Mine", "a\0"),
        ("X-Mine", "a\r\n\r\nPOST / HTTP/1.1"),
        ("X-Mine\r\nX-Evil", "b"),
        ("X-Mine: a", "b"),
        ("", "b"),
        ("X Mine", "b"),
    ] {
        let told = sender.send(&WebhookRequest { headers: pairs(&[(name, value)]), ..call.clone() }).await;
        assert!(matches!(&told, Err(WebhookError::Invalid(why)) if !why.contains("Evil")), "{name:?}: {told:?}");
    }
    for wrong in [
        WebhookRequest { id: "1\r\nX-Evil: b".to_owned(), ..call.clone() },
        WebhookRequest { event: "ticket.created\nX-Evil: b".to_owned(), ..call.clone() },
        WebhookRequest { secrets: vec![String::new()], ..call.clone() },
        WebhookRequest { secrets: vec![NEW.to_owned(), String::new()], ..call.clone() },
    ] {
        let told = sender.send(&wrong).await;
        assert!(matches!(told, Err(WebhookError::Invalid(_))), "{told:?}");
    }
    assert!(!canary.was_called());
}

#[tokio::test]
async fn the_log_of_what_was_sent_holds_no_secret() {
    let endpoint = Endpoint::answering(200, "", "").await;
    let call = WebhookRequest {
        headers: pairs(&[("Authorization", "Bearer canary"), ("X-Tenant", "canary")]),
        secrets: vec!["canary".to_owned()],
        ..request(endpoint.url())
    };
    let answer = sender(&["127.0.0.1"]).send(&call).await.unwrap();
    let sent: Vec<_> = answer.sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for header in [
        ("content-type", "application/json"),
        ("x-webhook-event", "ticket.created"),
        ("x-webhook-delivery", ID),
        ("webhook-id", ID),
        ("webhook-timestamp", "1767225600"),
        ("webhook-signature", "…"),
        ("x-webhook-signature", "…"),
        ("authorization", "…"),
        ("x-tenant", "…"),
    ] {
        assert!(sent.contains(&header), "{header:?} is not in {sent:?}");
    }
    assert!(!format!("{answer:?}").contains("canary"));
}
