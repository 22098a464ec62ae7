//! A mail that was taken in is never lost, and done once.

use super::{Post, take};
use bytes::Bytes;
use ticketing_core::Error;
use ticketing_core::desk::Delivery;
use ticketing_core::model::{ArrivalDoor, ArrivalState, JobKind, JobState};

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
