//! Loops: what programs send starts nothing.

use super::{CLEO, Post, became, reply_to};
use crate::house::key;
use serde_json::json;
use ticketing_core::desk::{Delivery, NewMerge, NewWorkflow, TicketPatch};
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::{ArrivalCause, ArrivalDoor, ArrivalState, Envelope, Status};

#[tokio::test]
async fn a_programs_answer_is_a_note_and_nobody_is_mailed() {
    let post = Post::new().await;
    // A rule that answers everything that is said.
    let rule = json!({ "name": "Answers", "trigger_type": "comment_added", "actions": [
        { "type": "send_email", "params": { "to": "{{customer_email}}", "subject": "We read it", "body": "Thanks." } },
    ] });
    post.desk.create_workflow(&post.admin, NewWorkflow::from_json(rule).unwrap()).await.unwrap();
    let (ticket, mail) = post.conversation().await;
    post.works.mails().await;
    let away = format!(
        "{CLEO}\nTo: {}\nMessage-ID: <1@c>\nAuto-Submitted: auto-replied\nSubject: Away\n\nI am away.",
        reply_to(&mail)
    );
    let view = post.bring(&away).await;
    assert_eq!((became(&view), view.automatic.as_deref()), ((ArrivalState::Threaded, None), Some("declared")));
    let comments = post.comments(&ticket).await;
    assert_eq!(comments.iter().map(|said| (&*said.body, said.is_internal)).collect::<Vec<_>>(), [("I am away.", true)]);
    assert!(post.works.mails().await.is_empty(), "neither the desk nor its rules answer a program");
    let word = format!("{CLEO}\nTo: {}\nMessage-ID: <2@c>\nSubject: Here\n\nI am here.", reply_to(&mail));
    post.bring(&word).await;
    assert!(post.works.mails().await.iter().any(|mail| mail.subject.contains("We read it")), "the rule works");
}

#[tokio::test]
async fn a_programs_mail_makes_no_ticket_of_its_own() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    for (place, head) in [
        "From: cron@acme.example\nAuto-Submitted: auto-generated",
        "From: list@acme.example\nPrecedence: list",
        "From: MAILER-DAEMON@acme.example\nReturn-Path: <>",
        "From: no-reply@acme.example",
    ]
    .into_iter()
    .enumerate()
    {
        let view =
            post.bring(&format!("{head}\nTo: help@desk.example\nMessage-ID: <{place}@p>\nSubject: s\n\nBeep.")).await;
        assert_eq!(became(&view), (ArrivalState::Held, Some(ArrivalCause::Automatic)), "{head}");
    }
    assert_eq!(post.tickets(&post.admin).await.len(), 1);
    // Nor does it open what is over.
    let close = TicketPatch { status: Patch::Set(Status::Closed), ..TicketPatch::default() };
    post.desk.update_ticket(&post.admin, &key(&ticket), close, None).await.unwrap();
    let away = format!(
        "{CLEO}\nTo: {}\nMessage-ID: <1@c>\nAuto-Submitted: auto-replied\nSubject: Away\n\nAway.",
        reply_to(&mail)
    );
    let view = post.bring(&away).await;
    assert_eq!(
        (became(&view), view.ticket_id),
        ((ArrivalState::Noted, Some(ArrivalCause::Automatic)), Some(ticket.id()))
    );
    assert_eq!(post.tickets(&post.admin).await.len(), 1);
    // An administrator can make a ticket of one; its sender is told nothing.
    post.works.mails().await;
    let held =
        post.arrivals().await.into_iter().find(|mail| mail.from.as_deref() == Some("cron@acme.example")).unwrap();
    post.desk.release_mail(&post.admin, held.id, None).await.unwrap();
    post.works.work().await;
    assert_eq!(post.tickets(&post.admin).await.len(), 2);
    assert!(post.works.mails().await.iter().all(|mail| mail.to.address != "cron@acme.example"));
}

#[tokio::test]
async fn the_desks_own_mail_is_known_when_it_comes_back() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let back = format!(
        "From: Cleo <cleo@house.example>\nTo: {}\nX-Loop: {}\nMessage-ID: <1@c>\nSubject: s\n\nHello.",
        reply_to(&mail),
        mail.desk
    );
    assert_eq!(became(&post.bring(&back).await), (ArrivalState::Noted, Some(ArrivalCause::OwnMail)));
    assert!(post.comments(&ticket).await.is_empty());
}

#[tokio::test]
async fn a_bounce_silences_the_address_that_was_mailed_and_tells_the_ticket() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let report = |place: usize, id: &str, address: &str, status: &str| {
        format!(
            "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nTo: help@desk.example\nMessage-ID: <{place}@mx>\nSubject: Undelivered\nX-Test-Report: {id} {address} {status}\n\nSorry."
        )
    };
    let told = async || post.told(&post.admin, &ticket).await.iter().filter(|kind| **kind == "mail.failed").count();
    // Forged: an id of nobody's, or somebody else's address.
    post.bring(&report(0, "x@y", "cleo@house.example", "5.1.1")).await;
    post.bring(&report(1, &mail.message_id, "sam@house.example", "5.1.1")).await;
    post.bring(&report(2, &mail.message_id, "cleo@house.example", "4.4.1")).await;
    assert_eq!(told().await, 0);
    let view = post.bring(&report(3, &mail.message_id, "Cleo@House.example", "5.1.1")).await;
    assert_eq!(
        (became(&view), view.ticket_id),
        ((ArrivalState::Noted, Some(ArrivalCause::DeliveryReport)), Some(ticket.id()))
    );
    assert_eq!(told().await, 1);
    for place in 4..54 {
        post.bring(&report(place, &mail.message_id, "cleo@house.example", "5.1.1")).await;
    }
    assert_eq!(told().await, 1, "a storm of them is told once");
    assert_eq!(post.tickets(&post.admin).await.len(), 1);
    post.works.mails().await;
    let comment = ticketing_core::desk::NewComment::public("Are you there?");
    post.desk.add_comment(&post.admin, &key(&ticket), comment).await.unwrap();
    assert!(post.works.mails().await.iter().all(|mail| mail.to.address != "cleo@house.example"));
}

#[tokio::test]
async fn two_programs_that_answer_each_other_stay_under_the_caps() {
    let post = Post::new().await;
    let (_, mail) = post.conversation().await;
    // Somebody's program answers each mail at once, with none of the headers that would say so.
    let rule = json!({ "name": "Answers", "trigger_type": "comment_added", "actions": [
        { "type": "add_comment", "params": { "body": "We read it." } },
        { "type": "send_email", "params": { "to": "{{customer_email}}", "subject": "We read it", "body": "Thanks." } },
    ] });
    post.desk.create_workflow(&post.admin, NewWorkflow::from_json(rule).unwrap()).await.unwrap();
    let mut said = format!("{CLEO}\nTo: {}\nMessage-ID: <first@c>\nSubject: s\n\nHello.", reply_to(&mail));
    let (mut mails, mut rounds) = (0, 0);
    loop {
        post.bring(&said).await;
        let sent: Vec<_> =
            post.works.mails().await.into_iter().filter(|mail| mail.to.address == "cleo@house.example").collect();
        mails += sent.len();
        rounds += 1;
        let Some(mail) = sent.first().filter(|_| rounds < 200) else { break };
        said = format!(
            "{CLEO}\nTo: {}\nMessage-ID: <{rounds}@c>\nSubject: Re: s\n\nI answer everything ({rounds}).",
            reply_to(mail)
        );
    }
    assert!(mails <= 11 && rounds < 40, "{mails} mails in {rounds} rounds");
    assert_eq!(post.tickets(&post.admin).await.len(), 1);
}

#[tokio::test]
async fn one_sender_makes_only_so_many_tickets_an_hour() {
    let post = Post::new().await;
    let mail = |place: usize| {
        format!("From: kim@elsewhere.example\nTo: help@desk.example\nMessage-ID: <{place}@k>\nSubject: {place}\n\nHi.")
    };
    let mut states = Vec::new();
    for place in 0..15 {
        states.push(post.bring(&mail(place)).await.state);
    }
    assert_eq!(states.iter().filter(|state| **state == ArrivalState::New).count(), 10);
    let held = post.arrivals().await.into_iter().find(|view| view.state == ArrivalState::Held).unwrap();
    assert_eq!(held.cause, Some(ArrivalCause::TooMany));
    post.pass(61);
    assert_eq!(post.bring(&mail(99)).await.state, ArrivalState::New);
}

#[tokio::test]
async fn a_mail_that_failures_are_told_nowhere_of_is_a_programs() {
    let post = Post::new().await;
    let envelope = Envelope { from: Some(String::new()), to: vec!["help@desk.example".to_owned()] };
    let delivery = Delivery { door: ArrivalDoor::Lmtp, mailbox_id: None, envelope };
    let mail = "From: kim@acme.example\nTo: help@desk.example\nMessage-ID: <1@k>\nSubject: s\n\nI am away.";
    let taken = post.desk.take_in(&delivery, mail.into()).await.unwrap();
    post.works.work().await;
    let view = post.arrival(taken).await;
    assert_eq!(
        (became(&view), view.automatic.as_deref()),
        ((ArrivalState::Held, Some(ArrivalCause::Automatic)), Some("report"))
    );
}

#[tokio::test]
async fn answers_to_a_ticket_that_is_over_make_only_so_many() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let close = TicketPatch { status: Patch::Set(Status::Closed), ..TicketPatch::default() };
    post.desk.update_ticket(&post.admin, &key(&ticket), close, None).await.unwrap();
    let mut states = Vec::new();
    for place in 0..14 {
        let answer = format!("{CLEO}\nTo: {}\nMessage-ID: <{place}@c>\nSubject: s\n\nAgain.", reply_to(&mail));
        states.push(post.bring(&answer).await.state);
    }
    assert_eq!(states.iter().filter(|state| **state == ArrivalState::New).count(), 10);
    assert_eq!(states.last(), Some(&ArrivalState::Held));
}

#[tokio::test]
async fn the_caps_of_a_ticket_hold_for_what_was_merged_into_it() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let target = post.ticket().await;
    let merge = NewMerge { into: key(&target), confirm_other_customer: false };
    post.desk.merge_ticket(&post.admin, &key(&ticket), merge).await.unwrap();
    let mut states = Vec::new();
    for place in 0..14 {
        let answer = format!(
            "{CLEO}\nTo: {}\nMessage-ID: <{place}@c>\nAuto-Submitted: auto-replied\nSubject: s\n\nAway.",
            reply_to(&mail)
        );
        states.push(post.bring(&answer).await.state);
    }
    assert_eq!(states.iter().filter(|state| **state == ArrivalState::Threaded).count(), 10);
}
