//! The door for mail servers: who may bring mail, what is taken, and that it is kept before that is said.

use crate::letter::*;
use crate::support::*;
use axum::extract::ConnectInfo;
use axum::http::Method;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use ticketing_core::desk::{DeskOptions, PasswordHash};
use ticketing_core::memory::MemoryStore;
use ticketing_http::HttpOptions;
use tower::ServiceExt;

async fn listed(world: &World, query: &str) -> Vec<Value> {
    let page = world.send(get(format!("/api/inbound{query}")).by(&world.admin)).await.ok(200);
    page["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_signed_mail_is_taken_in_once_and_becomes_a_ticket() {
    let world = world().await;
    let mail = letter("1", "zoe@zeta.example", "The lift is stuck", "Since this morning.");
    let first = world.send(bring(&mail)).await;
    let taken = first.ok(201);
    assert_eq!(taken["is_known"], false);
    let path = format!("/api/inbound/{}", text(&taken, "id"));
    assert_eq!(first.header("location"), path);
    let waiting = world.send(get(&path).by(&world.admin)).await.ok(200);
    assert_eq!((text(&waiting, "state"), text(&waiting, "door")), ("waiting", "http"));
    assert_eq!(waiting["content"]["subject"], "The lift is stuck");

    world.work().await;
    let done = world.send(get(&path).by(&world.admin)).await.ok(200);
    assert_eq!(text(&done, "state"), "new", "{done}");
    let ticket = world.send(get(format!("/api/tickets/{}", text(&done, "ticket_id"))).by(&world.admin)).await.ok(200);
    assert_eq!((text(&ticket, "subject"), text(&ticket, "channel")), ("The lift is stuck", "email"));
    assert_eq!(text(&ticket, "description").trim(), "Since this morning.");

    // The same mail again, and another copy of it, such as a second server brings.
    for copy in [mail.clone(), format!("X-Trace: 2\r\n{mail}")] {
        let known = world.send(bring(copy)).await;
        assert_eq!(known.ok(200), json!({"id": taken["id"], "is_known": true}));
        assert_eq!(known.header("location"), "");
    }
    world.work().await;
    assert_eq!(listed(&world, "").await.len(), 1);
    let tickets = world.send(get("/api/tickets").by(&world.admin)).await.ok(200);
    assert_eq!(subjects(&tickets), ["The lift is stuck"]);
}

#[tokio::test]
async fn what_is_not_signed_with_the_secret_is_not_taken() {
    let world = world().await;
    let mail = letter("1", "zoe@zeta.example", "Let me in", "Please.");
    let good = signature(SECRET, mail.as_bytes());
    let last = if good.ends_with('0') { "1" } else { "0" };
    let one_digit_off = format!("{}{last}", &good[..good.len() - 1]);
    let wrong = [
        String::new(),
        "sha256=".to_owned(),
        one_digit_off,
        good[..good.len() - 1].to_owned(),
        good[..good.len() - 2].to_owned(),
        format!("{good}00"),
        good.replace("sha256=", ""),
        good.replace("sha256=", "sha1="),
        signature(b"another secret", mail.as_bytes()),
        signature(SECRET, mail.trim_end().as_bytes()),
    ];
    for signature in wrong {
        let answer = world.send(unsigned("", &mail).with("x-inbound-signature", &signature)).await;
        answer.problem(401, "bad_signature");
        assert!(answer.header("www-authenticate").starts_with("HMAC-SHA256"), "{signature}");
    }
    world.send(unsigned("", &mail)).await.problem(401, "bad_signature");
    let twice = unsigned("", &mail).with("x-inbound-signature", &good).with("x-inbound-signature", &good);
    world.send(twice).await.problem(401, "bad_signature");
    // Nobody's token stands in for it.
    world.send(unsigned("", &mail).by(&world.admin)).await.problem(401, "bad_signature");
    assert_eq!(listed(&world, "").await, Vec::<Value>::new());
    let shouted = format!("sha256={}", good.trim_start_matches("sha256=").to_uppercase());
    world.send(unsigned("", &mail).with("x-inbound-signature", shouted)).await.ok(201);
}

#[tokio::test]
async fn a_door_without_a_secret_is_closed_and_loses_nothing() {
    for inbound_secret in [None, Some(Vec::new())] {
        let secret = inbound_secret.clone().unwrap_or_default();
        let world = world_with("http://127.0.0.1:5000", HttpOptions { inbound_secret, ..options() }).await;
        let mail = letter("1", "zoe@zeta.example", "Hello", "There.");
        let signed = unsigned("", &mail).with("x-inbound-signature", signature(&secret, mail.as_bytes()));
        let answer = world.send(signed).await;
        let problem = answer.problem(503, "not_set_up");
        assert_eq!(answer.header("retry-after"), "300", "{problem}");
        assert_eq!(listed(&world, "").await.len(), 0);
    }
}

#[tokio::test]
async fn a_mail_has_a_type_a_size_and_something_in_it() {
    let settings =
        DeskOptions { max_mail_size: 1_000, password_hash: PasswordHash::Bcrypt { cost: 4 }, ..DeskOptions::default() };
    let more = |desk: ticketing_core::desk::DeskBuilder| desk.options(settings);
    let world = world_of(Arc::new(MemoryStore::new()), "http://127.0.0.1:5000", options(), more).await;
    let fits = letter("1", "zoe@zeta.example", "Just", "");
    let fits = format!("{fits}{}", "x".repeat(1_000 - fits.len()));
    world.send(bring(&fits)).await.ok(201);
    let answer = world.send(bring(format!("{fits}x"))).await;
    let problem = answer.problem(413, "too_large");
    assert!(text(&problem, "detail").contains("1000 bytes"), "{problem}");
    world.send(bring("")).await.fields(&[("message", "required")]);
    let raw = |media: &str| {
        let call = call(Method::POST, "/api/inbound/email").raw(media, fits.as_bytes());
        call.with("x-inbound-signature", signature(SECRET, fits.as_bytes()))
    };
    for media in ["text/plain", "application/json", "message/rfc822; charset=latin1", ""] {
        world.send(raw(media)).await.problem(415, "unsupported_media_type");
    }
    let packed = raw("message/rfc822").with("content-encoding", "gzip");
    world.send(packed).await.problem(415, "unsupported_media_type");
    assert_eq!(listed(&world, "").await.len(), 1);
}

#[tokio::test]
async fn the_server_may_say_where_a_mail_goes_and_whom_it_comes_from() {
    let world = world().await;
    let mail = letter("1", "zoe@zeta.example", "Hello", "There.");
    // As long as there are no mailboxes, every address is one of the desk's.
    let taken = world.send(bring_to("?mailbox=any@desk.example&from=&to=any@desk.example,b@desk.example", &mail)).await;
    let shown = get(format!("/api/inbound/{}", text(&taken.ok(201), "id"))).by(&world.admin);
    let shown = world.send(shown).await.ok(200);
    assert_eq!(shown["envelope"], json!({"from": "", "to": ["any@desk.example", "b@desk.example"]}));
    assert_eq!(shown["mailbox_id"], Value::Null);

    let new = json!({"name": "Sales", "address": "sales@desk.example", "priority": "high"});
    let mailbox = world.send(post("/api/mailboxes", &new).by(&world.admin)).await.ok(201);
    let id = text(&mailbox, "id");
    for (place, query) in [format!("?mailbox={id}"), "?mailbox=SALES%2Btag@desk.example".to_owned()].iter().enumerate()
    {
        let mail = letter(&format!("to-{place}"), "zoe@zeta.example", "Offer", "Please.");
        let taken = world.send(bring_to(query, mail)).await.ok(201);
        world.work().await;
        let shown = get(format!("/api/inbound/{}", text(&taken, "id"))).by(&world.admin);
        let shown = world.send(shown).await.ok(200);
        assert_eq!((text(&shown, "mailbox_id"), text(&shown, "state")), (id, "new"), "{shown}");
        let ticket = get(format!("/api/tickets/{}", text(&shown, "ticket_id"))).by(&world.admin);
        assert_eq!(world.send(ticket).await.ok(200)["priority"], "high");
    }
    let unknown = "01890000-0000-7000-8000-000000000000";
    for query in ["?mailbox=nobody@desk.example", "?mailbox=", &format!("?mailbox={unknown}")] {
        world.send(bring_to(query, &mail)).await.fields(&[("mailbox", "unknown")]);
    }
    let long = "x".repeat(255);
    let wrong = bring_to(&format!("?mailbox=no&from={long}&to=a,,b&cc=x"), &mail);
    let expected = [("mailbox", "unknown"), ("from", "unknown_value"), ("to", "required"), ("cc", "unknown_parameter")];
    world.send(wrong).await.fields(&expected);
}

#[tokio::test]
async fn mail_servers_are_not_counted_as_strangers() {
    let rate = Some("2/1h".parse().unwrap());
    let world = world_with("http://127.0.0.1:5000", HttpOptions { rate_limit_anonymous: rate, ..options() }).await;
    for number in 0..5 {
        let mail = letter(&number.to_string(), "zoe@zeta.example", "One of many", "Hello.");
        let mut request = bring(mail).request();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 9], 4711))));
        let (parts, body) = world.app.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        answer.ok(201);
        assert_eq!(answer.header("ratelimit-limit"), "6000");
        assert_eq!(answer.header("ratelimit-remaining"), (5_999 - number).to_string());
    }
}
