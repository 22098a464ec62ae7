//! How many may stand at the door for mail servers at once, and what a mail that is brought again is worth.

use crate::letter::*;
use crate::support::*;
use async_trait::async_trait;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::response::Response;
use futures::stream;
use http_body_util::BodyExt;
use serde_json::json;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use ticketing_core::memory::MemoryStore;
use ticketing_core::model::BlobKey;
use ticketing_core::port::{BlobError, BlobStore};
use ticketing_http::HttpOptions;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tower::ServiceExt;

/// Somebody who brings a mail and has no answer yet.
type Bringing = Pin<Box<dyn Future<Output = Result<Response, Infallible>>>>;

/// Brings it from this address.
fn bring_from(world: &World, address: [u8; 4], call: Call) -> Bringing {
    let mut request = call.request();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((address, 4711))));
    Box::pin(world.app.clone().oneshot(request))
}

/// The same with a body that never comes. Whoever waits for it is told.
fn bring_nothing_from(world: &World, address: [u8; 4], told: &UnboundedSender<()>) -> Bringing {
    let told = told.clone();
    let body = stream::poll_fn(move |_| {
        told.send(()).unwrap();
        Poll::<Option<Result<Bytes, Infallible>>>::Pending
    });
    let (mut parts, _) = bring("x").request().into_parts();
    parts.extensions.insert(ConnectInfo(SocketAddr::from((address, 4711))));
    Box::pin(world.app.clone().oneshot(axum::http::Request::from_parts(parts, Body::from_stream(body))))
}

async fn answer(bringing: Bringing) -> Answer {
    let (parts, body) = bringing.await.unwrap().into_parts();
    Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
}

/// Goes on until it waits for what is told.
async fn seated(mut bringing: Bringing, is_seated: &mut UnboundedReceiver<()>) -> Bringing {
    tokio::select! {
        biased;
        told = is_seated.recv() => told.unwrap(),
        answer = &mut bringing => panic!("it waits for nothing: {}", answer.unwrap().status()),
    }
    bringing
}

const ONE: [u8; 4] = [203, 0, 113, 9];
const OTHER: [u8; 4] = [198, 51, 100, 7];

fn a_letter(id: &str) -> Call {
    bring(letter(id, "zoe@zeta.example", "The lift is stuck", "Since this morning."))
}

#[tokio::test]
async fn one_address_can_t_keep_the_others_out() {
    let world = world().await;
    let (told, mut is_seated) = unbounded_channel();
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(seated(bring_nothing_from(&world, ONE, &told), &mut is_seated).await);
    }
    let refused = answer(bring_from(&world, ONE, a_letter("1"))).await;
    refused.problem(503, "overloaded");
    assert_eq!(refused.header("retry-after"), "1");
    answer(bring_from(&world, OTHER, a_letter("1"))).await.ok(201);
    held.pop();
    answer(bring_from(&world, ONE, a_letter("2"))).await.ok(201);
}

#[tokio::test]
async fn a_body_that_never_comes_is_not_waited_for() {
    let options = HttpOptions { request_timeout: Duration::from_millis(20), ..options() };
    let world = world_with("http://127.0.0.1:5000", options).await;
    let (told, _is_seated) = unbounded_channel();
    // Those that are gone hold no seat, else the fifth would hear something else.
    for _ in 0..8 {
        answer(bring_nothing_from(&world, ONE, &told)).await.problem(503, "timeout");
    }
}

/// A place for bytes that keeps nothing and never says so.
struct Stuck(UnboundedSender<()>);

#[async_trait]
impl BlobStore for Stuck {
    async fn put(&self, _: BlobKey, _: Bytes) -> Result<(), BlobError> {
        self.0.send(()).unwrap();
        std::future::pending().await
    }

    async fn get(&self, _: BlobKey) -> Result<Option<Bytes>, BlobError> {
        Ok(None)
    }

    async fn delete(&self, _: BlobKey) -> Result<(), BlobError> {
        Ok(())
    }

    async fn ping(&self) -> Result<(), BlobError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_seat_is_held_until_the_desk_has_the_mail() {
    let (told, mut is_seated) = unbounded_channel();
    let more = |desk: ticketing_core::desk::DeskBuilder| desk.blobs(Arc::new(Stuck(told)));
    let world = world_of(Arc::new(MemoryStore::new()), "http://127.0.0.1:5000", options(), more).await;
    let mut held = Vec::new();
    for number in 0..4 {
        let bringing = bring_from(&world, ONE, a_letter(&number.to_string()));
        held.push(seated(bringing, &mut is_seated).await);
    }
    answer(bring_from(&world, ONE, a_letter("5"))).await.problem(503, "overloaded");
    held.clear();
    let again = bring_from(&world, ONE, a_letter("5"));
    drop(seated(again, &mut is_seated).await);
}

#[tokio::test]
async fn a_mail_that_is_brought_again_stays_in_its_mailbox() {
    let world = world().await;
    for (name, is_trusted) in [("sales", false), ("board", true)] {
        let new = json!({"name": name, "address": format!("{name}@desk.example"), "is_trusted": is_trusted});
        world.send(post("/api/mailboxes", &new).by(&world.admin)).await.ok(201);
    }
    let with_id = letter("1", "zoe@zeta.example", "Offer", "Please.");
    let without = with_id.replace("Message-ID: <1@mail.example>\r\n", "");
    for mail in [with_id, without] {
        let taken = world.send(bring_to("?mailbox=sales@desk.example", &mail)).await.ok(201);
        let show = || get(format!("/api/inbound/{}", text(&taken, "id"))).by(&world.admin);
        let first = world.send(show()).await.ok(200);
        // Before it is read, and after.
        for is_read in [false, true] {
            if is_read {
                world.work().await;
            }
            let query = "?mailbox=board@desk.example&from=boss@desk.example&to=board@desk.example";
            let again = world.send(bring_to(query, &mail)).await.ok(200);
            assert_eq!(again, json!({"id": taken["id"], "is_known": true}));
            let shown = world.send(show()).await.ok(200);
            assert_eq!((&shown["mailbox_id"], &shown["envelope"]), (&first["mailbox_id"], &first["envelope"]));
        }
    }
    let tickets = world.send(get("/api/tickets").by(&world.admin)).await.ok(200);
    assert_eq!(subjects(&tickets), ["Offer", "Offer"]);
    let listed = world.send(get("/api/inbound").by(&world.admin)).await.ok(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_signature_is_that_of_a_body_in_pieces_too() {
    let world = world().await;
    let mail = letter("1", "zoe@zeta.example", "The lift is stuck", &"Since this morning. ".repeat(100));
    let in_pieces = |order: &[usize]| {
        let pieces: Vec<_> = mail.as_bytes().chunks(700).map(Bytes::copy_from_slice).collect();
        let pieces: Vec<_> = order.iter().map(|at| Ok::<_, Infallible>(pieces[*at].clone())).collect();
        let (parts, _) = bring(&mail).request().into_parts();
        Box::pin(
            world.app.clone().oneshot(axum::http::Request::from_parts(parts, Body::from_stream(stream::iter(pieces)))),
        )
    };
    assert_eq!(mail.len().div_ceil(700), 4);
    for wrong in [&[0, 1, 2][..], &[1, 0, 2, 3], &[0, 1, 2, 3, 3], &[]] {
        answer(in_pieces(wrong)).await.problem(401, "bad_signature");
    }
    answer(in_pieces(&[0, 1, 2, 3])).await.ok(201);
}
