//! A mail that was taken in is never lost, and done once.

use super::{Post, take};
use crate::work::Works;
use bytes::Bytes;
use std::sync::Arc;
use ticketing_core::Error;
use ticketing_core::desk::Delivery;
use ticketing_core::memory::MemoryBlobs;
use ticketing_core::model::{ArrivalCause, ArrivalDoor, ArrivalState, BlobKey, JobKind, JobState};
use ticketing_core::port::BlobStore as _;

#[tokio::test]
async fn a_mail_that_is_too_large_or_empty_is_refused() {
    let post = Post::new().await;
    let delivery = Delivery::by(ArrivalDoor::Http);
    let most = post.desk.options().max_mail_size;
    for (bytes, code) in [(Bytes::new(), "required"), (Bytes::from(vec![b'x'; most + 1]), "too_large")] {
        let Err(Error::Invalid(errors)) = post.desk.take_in(&delivery, bytes).await else { panic!("it is refused") };
        assert_eq!((&*errors[0].field, errors[0].code), ("message", code));
    }
    assert!(post.arrivals().await.is_empty());
}

#[tokio::test]
async fn a_mail_is_waiting_with_its_work_once_it_is_taken_in() {
    let post = Post::new().await;
    let taken = take(&post.desk, "From: a@b.example\nMessage-ID: <1@b>\nSubject: s\n\nHi.").await;
    assert_eq!(post.arrival(taken).await.state, ArrivalState::Waiting);
    assert_eq!(post.works.jobs(JobKind::Inbound, JobState::Ready).await.len(), 1);
    // Two workers at once do it once.
    let (one, other) = tokio::join!(post.works.workers.run_due(10), post.works.workers.run_due(10));
    assert!(one.unwrap() + other.unwrap() >= 1);
    post.works.work().await;
    assert_eq!(post.arrival(taken).await.state, ArrivalState::New);
    assert_eq!(post.tickets(&post.admin).await.len(), 1);
    assert!(post.works.jobs(JobKind::Inbound, JobState::Ready).await.is_empty());
}

#[tokio::test]
async fn who_is_erased_leaves_no_mail() {
    let post = Post::new().await;
    let mail = "From: Kim <kim@acme.example>\nTo: help@desk.example\nMessage-ID: <1@kim>\nSubject: Mine\n\nIt hums.";
    let view = post.bring(mail).await;
    let waiting = take(&post.desk, &mail.replace("1@kim", "2@kim").replace("Mine", "Too")).await;
    let key = view.ticket_id.unwrap().into();
    let customer = post.desk.ticket(&post.admin, &key).await.unwrap().public().customer_id;
    post.works.work().await;
    post.desk.erase_user(&post.admin, customer).await.unwrap();
    for id in [view.id, waiting.id] {
        assert!(post.desk.inbound_bytes(&post.admin, id).await.is_err(), "the bytes are gone");
    }
    let left = serde_json::to_string(&post.arrivals().await).unwrap();
    assert!(!left.contains("kim@") && !left.contains("Kim") && !left.contains("Mine"), "{left}");
    assert_eq!(post.desk.ticket(&post.admin, &key).await.unwrap().public().description, "It hums.");
    // Nothing is done about what had not been read by then.
    let other = take(&post.desk, "From: lee@acme.example\nMessage-ID: <1@lee>\nSubject: s\n\nHi.").await;
    assert_eq!(post.arrival(other).await.state, ArrivalState::Waiting);
}

#[tokio::test]
async fn a_mail_whose_bytes_are_gone_is_left_to_an_administrator() {
    let blobs = Arc::new(MemoryBlobs::default());
    let kept = Arc::clone(&blobs);
    let works = Works::with(|desk| desk.blobs(kept).mail_reader(Arc::new(super::PlainReader))).await;
    let taken = take(&works.house.desk, "From: a@b.example\nMessage-ID: <1@b>\nSubject: s\n\nHi.").await;
    let mail = works.house.desk.inbound_mail(&works.house.admin, taken.id).await.unwrap();
    assert!(mail.content.is_some());
    let digest = works.house.desk.store().arrival(taken.id).await.unwrap().unwrap().digest;
    blobs.delete(BlobKey(digest)).await.unwrap();
    works.work().await;
    let mail = works.house.desk.inbound_mail(&works.house.admin, taken.id).await.unwrap();
    assert_eq!(super::became(&mail.mail), (ArrivalState::Quarantined, Some(ArrivalCause::Failed)));
    assert!(mail.content.is_none());
    works.house.desk.drop_mail(&works.house.admin, taken.id, None).await.unwrap();
}
