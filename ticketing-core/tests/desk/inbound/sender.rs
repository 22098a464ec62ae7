//! Who may say what by mail.

use super::{CLEO, Post, TRUSTED, became, reply_to, take};
use crate::house::{id, key};
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Desk;
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::desk::{Assignment, DeskOptions, InboundMailboxPatch, InboundPolicyPatch, UserPatch};
use ticketing_core::input::Patch;
use ticketing_core::model::{ArrivalCause, ArrivalState, Role, SpamHeader, Status};

const AMY: &str = "From: Amy <amy@house.example>";

#[tokio::test]
async fn staff_are_believed_by_a_trusted_server_alone() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let to = reply_to(&mail);
    let pass = "dmarc=pass header.from=house.example";
    let cases = [
        ("nothing", String::new(), ArrivalState::Held),
        ("a failure", format!("{TRUSTED} dmarc=fail header.from=house.example\n"), ArrivalState::Held),
        ("another server", format!("Authentication-Results: mx.evil.example; {pass}\n"), ArrivalState::Held),
        ("another domain", format!("{TRUSTED} dmarc=pass header.from=evil.example\n"), ArrivalState::Held),
        ("a pass", format!("{TRUSTED} {pass}\n"), ArrivalState::Threaded),
    ];
    for (place, (name, header, state)) in cases.into_iter().enumerate() {
        let answer = format!("{header}{AMY}\nTo: {to}\nMessage-ID: <{place}@a>\nSubject: s\n\nDone.");
        let view = post.bring(&answer).await;
        assert_eq!(view.state, state, "{name}");
        assert_eq!(view.cause, (state == ArrivalState::Held).then_some(ArrivalCause::UnprovenStaff), "{name}");
    }
    let comments = post.comments(&ticket).await;
    assert_eq!(comments.iter().map(|said| (&*said.author.name, &*said.body)).collect::<Vec<_>>(), [("amy", "Done.")]);
    let answered = post.desk.ticket(&post.admin, &key(&ticket)).await.unwrap();
    assert!(answered.public().first_responded_at.is_some());
}

#[tokio::test]
async fn a_door_that_is_trusted_takes_a_token_for_a_proof() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    post.trust().await;
    let answer = format!("{AMY}\nTo: {}\nMessage-ID: <1@a>\nSubject: s\n\nDone.", reply_to(&mail));
    assert_eq!(post.bring(&answer).await.state, ArrivalState::Threaded);
    // A number is no token.
    let subject = format!("Subject: Re: [{}]", ticket.number());
    let forged = format!("{AMY}\nTo: help@desk.example\nMessage-ID: <2@a>\n{subject}\n\nDone.");
    assert_eq!(became(&post.bring(&forged).await), (ArrivalState::Held, Some(ArrivalCause::UnprovenStaff)));
    assert_eq!(post.comments(&ticket).await.len(), 1);
}

#[tokio::test]
async fn a_mail_does_not_choose_whom_the_desk_believes() {
    let post = Post::new().await;
    let (_, mail) = post.conversation().await;
    post.trust().await;
    // The door does not say where it came in; the mail says so itself.
    let raw = format!(
        "{TRUSTED} dmarc=pass header.from=house.example\n{AMY}\nTo: {}\nCc: help@desk.example\nMessage-ID: <1@a>\nSubject: s\n\nDone.",
        reply_to(&mail)
    );
    let delivery = ticketing_core::desk::Delivery::by(ticketing_core::model::ArrivalDoor::Http);
    let taken = post.desk.take_in(&delivery, raw.into()).await.unwrap();
    post.works.work().await;
    let view = post.arrival(taken).await;
    assert_eq!(became(&view), (ArrivalState::Held, Some(ArrivalCause::UnprovenStaff)));
    assert_eq!(view.mailbox_id, Some(post.mailbox));
}

#[tokio::test]
async fn rights_are_those_of_this_moment() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    post.trust().await;
    let answer = |place: usize| format!("{AMY}\nTo: {}\nMessage-ID: <{place}@a>\nSubject: s\n\nDone.", reply_to(&mail));
    // Of another team by now.
    let billing = Assignment { team_id: Patch::Set(Some(post.billing)), ..Assignment::default() };
    post.desk.assign_ticket(&post.admin, &key(&ticket), billing, None).await.unwrap();
    let otto = answer(0).replace("amy@", "otto@");
    assert_eq!(became(&post.bring(&otto).await), (ArrivalState::Held, Some(ArrivalCause::NotAllowed)));
    // A customer by now: what one says is a customer's word, and the ticket is not theirs.
    let demoted = UserPatch { role: Patch::Set(Role::Customer), ..UserPatch::default() };
    post.desk.update_user(&post.admin, id(&post.outsider), demoted, None).await.unwrap();
    let otto = answer(1).replace("amy@", "otto@");
    post.bring(&otto).await;
    let comments = post.comments(&ticket).await;
    assert_eq!(
        comments.iter().map(|said| (&*said.author.role, said.is_internal)).collect::<Vec<_>>(),
        [("customer", true)]
    );
    // Gone.
    let gone = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    post.desk.update_user(&post.admin, id(&post.agent), gone, None).await.unwrap();
    assert_eq!(became(&post.bring(&answer(2)).await), (ArrivalState::Held, Some(ArrivalCause::FormerSender)));
    let view = post.desk.release_mail(&post.admin, post.arrivals().await[0].id, None).await.unwrap();
    post.works.work().await;
    let view = post.desk.inbound_mail(&post.admin, view.id).await.unwrap().mail;
    assert_eq!(became(&view), (ArrivalState::Held, Some(ArrivalCause::FormerSender)), "nobody can release that");
    assert_eq!(post.comments(&ticket).await.len(), 1);
}

#[tokio::test]
async fn staff_write_notes_and_set_the_status_on_the_first_line() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    post.trust().await;
    let say = async |place: usize, text: &str| {
        let answer = format!("{AMY}\nTo: {}\nMessage-ID: <{place}@a>\nSubject: s\n\n{text}", reply_to(&mail));
        post.bring(&answer).await;
        let said = post.comments(&ticket).await.pop().unwrap();
        let status = post.desk.ticket(&post.admin, &key(&ticket)).await.unwrap().public().status;
        (said.body, said.is_internal, status)
    };
    let open = Status::Open;
    assert_eq!(say(0, "#note\nAsk Max.").await, ("Ask Max.".to_owned(), true, open));
    assert_eq!(say(1, "#note Ask Max.").await, ("Ask Max.".to_owned(), true, open));
    assert_eq!(say(2, "#resolve\nDone.").await, ("#resolve\nDone.".to_owned(), false, open), "not unless it is set");
    let words = InboundPolicyPatch { status_words: Patch::Set(true), ..InboundPolicyPatch::default() };
    post.desk.update_inbound_policy(&post.admin, words, None).await.unwrap();
    assert_eq!(say(3, "#resolve\nDone.").await, ("Done.".to_owned(), false, Status::Resolved));
    assert_eq!(say(4, "#note #pending\nWaits.").await, ("Waits.".to_owned(), true, Status::Pending));
    assert_eq!(say(5, "#resolved4ever is a band.").await.0, "#resolved4ever is a band.");
    // Whoever asks for a note gets one, whatever else stands there.
    assert_eq!(say(6, "#Note #4711 is the same.").await, ("#4711 is the same.".to_owned(), true, Status::Pending));
    assert_eq!(
        say(7, "#4711 #note is the same.").await,
        ("#4711 #note is the same.".to_owned(), true, Status::Pending)
    );
    // A customer has no such words.
    let answer = format!("{CLEO}\nTo: {}\nMessage-ID: <c@c>\nSubject: s\n\n#note #close\nMine.", reply_to(&mail));
    post.bring(&answer).await;
    let said = post.comments(&ticket).await.pop().unwrap();
    assert_eq!((&*said.body, said.is_internal), ("#note #close\nMine.", false));
}

#[tokio::test]
async fn strangers_are_taken_held_or_refused_as_it_is_set() {
    let post = Post::new().await;
    let kim = |place: usize| {
        format!("From: kim@elsewhere.example\nTo: help@desk.example\nMessage-ID: <{place}@k>\nSubject: s\n\nHi.")
    };
    let hold = |on| InboundPolicyPatch { hold_strangers: Patch::Set(on), ..InboundPolicyPatch::default() };
    post.desk.update_inbound_policy(&post.admin, hold(true), None).await.unwrap();
    let view = post.bring(&kim(0)).await;
    assert_eq!(became(&view), (ArrivalState::Held, Some(ArrivalCause::UnknownSender)));
    let known = format!("{CLEO}\nTo: help@desk.example\nMessage-ID: <1@c>\nSubject: s\n\nHi.");
    assert_eq!(post.bring(&known).await.state, ArrivalState::New, "who is known is no stranger");
    post.desk.release_mail(&post.admin, view.id, Some(view.version)).await.unwrap();
    post.works.work().await;
    let released = post.desk.inbound_mail(&post.admin, view.id).await.unwrap().mail;
    assert_eq!(released.state, ArrivalState::New);
    post.desk.update_inbound_policy(&post.admin, hold(false), None).await.unwrap();
    assert_eq!(post.bring(&kim(1)).await.state, ArrivalState::New, "known by now");

    // Where nobody may sign up.
    let closed = Desk::builder()
        .store(Arc::clone(post.desk.store()))
        .clock(Arc::clone(&post.clock) as Arc<_>)
        .blobs(Arc::new(ticketing_core::memory::MemoryBlobs::default()))
        .mail_reader(Arc::new(super::PlainReader))
        .options(DeskOptions { registration_open: false, ..DeskOptions::default() })
        .build()
        .unwrap();
    let workers = closed.workers(WorkOptions { digest_window: Duration::ZERO, ..WorkOptions::default() });
    let taken = take(&closed, &kim(2).replace("kim@", "lee@")).await;
    while workers.run_due(10).await.unwrap() > 0 {}
    let view = closed.inbound_mail(&post.admin, taken.id).await.unwrap().mail;
    assert_eq!(became(&view), (ArrivalState::Refused, Some(ArrivalCause::RegistrationClosed)));
    closed.release_mail(&post.admin, taken.id, None).await.unwrap();
    while workers.run_due(10).await.unwrap() > 0 {}
    assert_eq!(closed.inbound_mail(&post.admin, taken.id).await.unwrap().mail.state, ArrivalState::New);
}

#[tokio::test]
async fn the_block_list_spam_and_forged_mail_make_nothing() {
    let post = Post::new().await;
    let policy = InboundPolicyPatch {
        blocked: Patch::Set(vec!["Troll@Elsewhere.example".into(), "@spam.example".into()]),
        spam_headers: Patch::Set(vec![SpamHeader { name: "X-Spam".into(), begins: "Yes".into() }]),
        ..InboundPolicyPatch::default()
    };
    post.desk.update_inbound_policy(&post.admin, policy, None).await.unwrap();
    let cases = [
        ("From: troll@elsewhere.example", (ArrivalState::Refused, ArrivalCause::Blocked)),
        ("From: anybody@spam.example", (ArrivalState::Refused, ArrivalCause::Blocked)),
        ("From: kim@acme.example\nX-Spam: YES, 17", (ArrivalState::Held, ArrivalCause::Spam)),
        (
            "Authentication-Results: mx.desk.example; dmarc=fail header.from=acme.example\nFrom: kim@acme.example",
            (ArrivalState::Held, ArrivalCause::Forged),
        ),
        ("From: support@desk.example", (ArrivalState::Held, ArrivalCause::OwnMail)),
        ("From: nobody", (ArrivalState::Held, ArrivalCause::NoSender)),
    ];
    for (place, (head, (state, cause))) in cases.into_iter().enumerate() {
        let view =
            post.bring(&format!("{head}\nTo: help@desk.example\nMessage-ID: <{place}@x>\nSubject: s\n\nBuy.")).await;
        assert_eq!(became(&view), (state, Some(cause)), "{head}");
        assert!(view.reason.is_some(), "{head}");
    }
    assert!(post.tickets(&post.admin).await.is_empty());
    assert!(post.works.mails().await.is_empty());
    // A token proves that it is wanted, whatever a filter says.
    let (ticket, mail) = post.conversation().await;
    let answer = format!("{CLEO}\nX-Spam: yes\nTo: {}\nMessage-ID: <c@c>\nSubject: s\n\nReal.", reply_to(&mail));
    assert_eq!(post.bring(&answer).await.ticket_id, Some(ticket.id()));
    let off = InboundMailboxPatch { is_active: Patch::Set(false), ..InboundMailboxPatch::default() };
    post.change_mailbox(off).await;
}
