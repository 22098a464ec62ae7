//! Looking after mail that came in.

use super::{CLEO, Post, became, reply_to};
use crate::house::{code, key};
use ticketing_core::desk::{ArrivalList, Delivery};
use ticketing_core::model::{ArrivalCause, ArrivalDoor, ArrivalState};
use ticketing_core::query::AuditQuery;

#[tokio::test]
async fn what_cannot_be_read_is_kept_with_its_reason() {
    let post = Post::new().await;
    let delivery = Delivery::by(ArrivalDoor::Pipe);
    let taken = post.desk.take_in(&delivery, vec![0xff, 0xfe, 0x00].into()).await.unwrap();
    post.works.work().await;
    let view = post.arrival(taken).await;
    assert_eq!(became(&view), (ArrivalState::Quarantined, Some(ArrivalCause::Unreadable)));
    assert_eq!(view.reason.as_deref(), Some("it is no text"));
    assert_eq!(post.desk.inbound_bytes(&post.admin, taken.id).await.unwrap(), vec![0xff, 0xfe, 0x00]);
    post.desk.release_mail(&post.admin, taken.id, None).await.unwrap();
    post.works.work().await;
    assert_eq!(post.arrival(taken).await.state, ArrivalState::Quarantined, "it still can't");
    let dropped = post.desk.drop_mail(&post.admin, taken.id, None).await.unwrap();
    assert_eq!(dropped.state, ArrivalState::Dropped);
    assert_eq!(code(post.desk.release_mail(&post.admin, taken.id, None).await), "not_open");
    let log = post.desk.audit(&post.admin, AuditQuery { limit: 100, ..AuditQuery::default() }).await.unwrap();
    let deeds: Vec<_> = log.items.iter().map(|line| &*line.action).filter(|deed| deed.starts_with("mail.")).collect();
    assert_eq!(deeds, ["mail.dropped", "mail.released"]);
}

#[tokio::test]
async fn administrators_alone_see_all_mail_and_staff_that_of_their_tickets() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let answer = format!("{CLEO}\nTo: {}\nMessage-ID: <1@c>\nSubject: s\n\nYes.\n\n-- \nCleo\n", reply_to(&mail));
    let view = post.bring(&answer).await;
    for actor in [&post.manager, &post.agent, &post.customer] {
        assert_eq!(code(post.desk.inbound_mails(actor, ArrivalList::default()).await), "forbidden");
        assert_eq!(code(post.desk.inbound_mail(actor, view.id).await), "forbidden");
        assert_eq!(code(post.desk.inbound_bytes(actor, view.id).await), "forbidden");
        assert_eq!(code(post.desk.release_mail(actor, view.id, None).await), "forbidden");
        assert_eq!(code(post.desk.inbound_counts(actor).await), "forbidden");
    }
    let of_ticket = post.desk.ticket_mails(&post.agent, &key(&ticket), None, 10).await.unwrap();
    assert_eq!(of_ticket.items.iter().map(|mail| mail.id).collect::<Vec<_>>(), [view.id]);
    let whole = post.desk.ticket_mail(&post.agent, &key(&ticket), view.id).await.unwrap();
    let content = whole.content.unwrap();
    assert_eq!((content.text.trim(), content.signature.contains("Cleo")), ("Yes.", true));
    assert_eq!(code(post.desk.ticket_mails(&post.customer, &key(&ticket), None, 10).await), "forbidden");
    let other = post.ticket().await;
    assert_eq!(code(post.desk.ticket_mail(&post.agent, &key(&other), view.id).await), "not_found");
    let held =
        format!("From: Amy <amy@house.example>\nTo: {}\nMessage-ID: <2@c>\nSubject: s\n\nSecret.", reply_to(&mail));
    let held = post.bring(&held).await;
    assert_eq!(held.state, ArrivalState::Held);
    assert_eq!(code(post.desk.ticket_mail(&post.agent, &key(&ticket), held.id).await), "not_found");
}

#[tokio::test]
async fn a_preview_says_what_would_become_of_a_mail_and_keeps_nothing() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let answer = format!("{CLEO}\nTo: {}\nMessage-ID: <1@c>\nSubject: s\n\nYes.", reply_to(&mail));
    let delivery = Delivery::by(ArrivalDoor::Host);
    assert_eq!(code(post.desk.preview_mail(&post.agent, &delivery, answer.clone().into()).await), "forbidden");
    let preview = post.desk.preview_mail(&post.admin, &delivery, answer.into()).await.unwrap();
    let outcome = preview.outcome.unwrap();
    assert_eq!(outcome["state"], "threaded");
    assert_eq!(outcome["ticket_id"], serde_json::json!(ticket.id()));
    assert_eq!(outcome["body"], "Yes.");
    let stranger = post.desk.preview_mail(&post.admin, &delivery, "From: a@b.example\nSubject: s\n\nHi.".into()).await;
    assert_eq!(stranger.unwrap().outcome.unwrap()["author"]["is_new"], true);
    assert_eq!(code(post.desk.preview_mail(&post.admin, &delivery, "nonsense".into()).await), "invalid");
    assert!(post.arrivals().await.is_empty() && post.comments(&ticket).await.is_empty());
}

#[tokio::test]
async fn what_waits_is_counted_and_listed() {
    let post = Post::new().await;
    post.take("From: a@b.example\nMessage-ID: <1@b>\nSubject: s\n\nHi.").await;
    let counts = post.desk.inbound_counts(&post.admin).await.unwrap();
    assert_eq!(counts.iter().map(|count| (count.state, count.count)).collect::<Vec<_>>(), [(ArrivalState::Waiting, 1)]);
    assert_eq!(counts[0].oldest, Some(post.desk.now()));
    post.works.work().await;
    assert!(post.desk.inbound_counts(&post.admin).await.unwrap().is_empty());
    let tally = post.desk.inbound_tally().counts();
    assert_eq!(tally, [(ArrivalState::New, None, 1)]);
    let of = ArrivalList { sender: Some(" A@B.example ".to_owned()), ..ArrivalList::default() };
    assert_eq!(post.desk.inbound_mails(&post.admin, of).await.unwrap().items.len(), 1);
}
