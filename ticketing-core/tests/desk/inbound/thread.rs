//! Which ticket a mail goes to.

use super::{CLEO, Post, TRUSTED, became, reply_to};
use crate::house::{id, key};
use ticketing_core::desk::{Assignment, NewComment, NewMerge, TicketPatch};
use ticketing_core::input::Patch;
use ticketing_core::model::{ArrivalCause, ArrivalState, Channel, Priority, Status};

#[tokio::test]
async fn an_answer_to_the_address_of_a_mail_lands_on_its_ticket() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    assert!(reply_to(&mail).starts_with("desk+") && reply_to(&mail).ends_with("@localhost"), "{mail:?}");
    let answer = format!(
        "{CLEO}\nTo: {}\nMessage-ID: <1@cleo>\nSubject: Re: help\nX-Test-File: a.txt\n\nIt hums.\n\nOn Mon, Help wrote:\n> Hello\n",
        reply_to(&mail)
    );
    let view = post.bring(&answer).await;
    assert_eq!((became(&view), view.ticket_id), ((ArrivalState::Threaded, None), Some(ticket.id())));
    let comments = post.comments(&ticket).await;
    let said = comments.first().unwrap();
    assert_eq!((&*said.body, said.is_internal, said.channel), ("It hums.", false, Channel::Email));
    assert_eq!((&*said.author.name, view.comment_id), ("cleo", Some(said.id)));
    let files = post.desk.store().comment_attachments(&ticketing_core::Scope::UPKEEP, &[said.id]).await.unwrap();
    assert_eq!(files.iter().map(|file| &*file.filename).collect::<Vec<_>>(), ["a.txt"]);
    // Upper case, as some servers make of addresses.
    let (local, domain) = reply_to(&mail).split_once('@').unwrap();
    let shout = format!("{CLEO}\nTo: {}@{domain}\nMessage-ID: <2@cleo>\nSubject: x\n\nAgain.", local.to_uppercase());
    assert_eq!(post.bring(&shout).await.ticket_id, Some(ticket.id()));
    assert_eq!(post.comments(&ticket).await.len(), 2);
}

#[tokio::test]
async fn an_answer_to_the_id_of_a_mail_lands_on_its_ticket() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    for (place, id) in [&mail.message_id, &mail.references[0]].into_iter().enumerate() {
        let answer = format!(
            "{CLEO}\nTo: help@desk.example\nReferences: <other@x> <{id}>\nMessage-ID: <{place}@c>\nSubject: s\n\nYes {place}."
        );
        assert_eq!(post.bring(&answer).await.ticket_id, Some(ticket.id()), "{id}");
    }
    assert_eq!(post.comments(&ticket).await.len(), 2);
}

#[tokio::test]
async fn a_token_that_is_not_whole_is_none() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let address = reply_to(&mail).to_owned();
    let (local, domain) = address.split_once('@').unwrap();
    let mut forged = vec![
        format!("{}@{domain}", &local[..local.len() - 1]),
        format!("{local}a@{domain}"),
        format!("{}@{domain}", &local[..local.len() - 16]),
        format!("{}@{domain}", local.replace('.', "")),
    ];
    for place in (local.len() - 16)..local.len() {
        let other = if &local[place..=place] == "a" { "b" } else { "a" };
        forged.push(format!("{}{other}{}@{domain}", &local[..place], &local[place + 1..]));
    }
    for (place, to) in forged.iter().enumerate() {
        // Not more than one sender may open within an hour.
        let from = format!("From: Stranger <s{place}@elsewhere.example>");
        let mail =
            format!("{from}\nTo: {to}\nMessage-ID: <{place}@s>\nSubject: Re: [{}]\n\nLet me in.", ticket.number());
        let view = post.bring(&mail).await;
        assert_eq!(view.state, ArrivalState::New, "{to}");
        assert_ne!(view.ticket_id, Some(ticket.id()), "{to}");
    }
    let id = mail.message_id.clone();
    let ids = [id[1..].to_owned(), id.replace('@', "a@"), id.replacen('.', "", 1), format!("x{id}")];
    for (place, id) in ids.iter().enumerate() {
        let from = format!("From: Stranger <t{place}@elsewhere.example>");
        let mail = format!(
            "{from}\nTo: help@desk.example\nReferences: <{id}>\nMessage-ID: <{place}@t>\nSubject: s\n\nLet me in."
        );
        assert_ne!(post.bring(&mail).await.ticket_id, Some(ticket.id()), "{id}");
    }
    assert!(post.comments(&ticket).await.is_empty());
}

#[tokio::test]
async fn a_number_in_the_subject_counts_for_whoever_takes_part() {
    let post = Post::new().await;
    let (ticket, _) = post.conversation().await;
    let subject = format!("Subject: Re: [{}] It hums", ticket.number());
    // Where somebody can say where a mail comes from, it has to be said: anybody can write a number and a name.
    let forged = format!("{CLEO}\nTo: help@desk.example\nMessage-ID: <0@c>\n{subject}\n\nForged.");
    assert_eq!(post.bring(&forged).await.state, ArrivalState::New);
    let proof = format!("{TRUSTED} dmarc=pass header.from=house.example");
    let answer = format!("{proof}\n{CLEO}\nTo: help@desk.example\nMessage-ID: <1@c>\n{subject}\n\nStill.");
    assert_eq!(became(&post.bring(&answer).await), (ArrivalState::Threaded, None));
    // A stranger, another customer, and somebody in copy.
    for (place, from) in ["Eve <eve@elsewhere.example>", "Sam <sam@house.example>"].into_iter().enumerate() {
        let mail = format!(
            "From: {from}\nTo: help@desk.example\nCc: cleo@house.example\nMessage-ID: <{place}@e>\n{subject}\n\nTell me all."
        );
        let view = post.bring(&mail).await;
        assert_eq!(view.state, ArrivalState::New, "{from}");
        assert_ne!(view.ticket_id, Some(ticket.id()), "{from}");
    }
    assert_eq!(post.comments(&ticket).await.len(), 1);
    let eve = post.works.mails().await;
    assert!(
        eve.iter().all(|mail| !mail.text.contains("Cannot log in") || mail.to.address == "cleo@house.example"),
        "{eve:?}"
    );
}

#[tokio::test]
async fn a_new_mail_makes_a_ticket_as_its_mailbox_has_it() {
    let post = Post::new().await;
    let mail = "From: Kim Lee <kim@acme.example>\nTo: Help <help@desk.example>\nMessage-ID: <k@k>\nSubject: It hums\nX-Test-File: log.txt\n\nSince noon.\n\n> quoted stays";
    let view = post.bring(mail).await;
    assert_eq!((became(&view), view.mailbox_id), ((ArrivalState::New, None), Some(post.mailbox)));
    let key = view.ticket_id.unwrap().into();
    let ticket = post.desk.ticket(&post.admin, &key).await.unwrap();
    let ticket = ticket.public();
    assert_eq!((&*ticket.subject, &*ticket.description), ("It hums", "Since noon.\n\n> quoted stays"));
    assert_eq!((ticket.priority, ticket.team_id, ticket.channel), (Priority::High, Some(post.billing), Channel::Email));
    let kim = post.desk.user(&post.admin, ticket.customer_id).await.unwrap();
    assert_eq!((&*kim.name, &*kim.email, kim.locale.as_deref()), ("Kim Lee", "kim@acme.example", Some("de")));
    assert_eq!(kim.organization_id, Some(post.acme), "by the domain of the address");
    let confirmation = post.works.mails().await.into_iter().find(|mail| mail.to.address == "kim@acme.example").unwrap();
    assert!(confirmation.subject.contains("TKT-") && confirmation.from.address == "help@desk.example");
    let files = post.desk.store().attachments(&ticketing_core::Scope::UPKEEP, ticket.id, None, 10).await.unwrap();
    assert_eq!(files.len(), 1);
}

#[tokio::test]
async fn the_same_mail_is_taken_in_once() {
    let post = Post::new().await;
    let mail = format!("{CLEO}\nTo: help@desk.example\nMessage-ID: <1@c>\nSubject: s\n\nHello.");
    let first = post.take(&mail).await;
    assert!(!first.is_known);
    // Before and after it was read; by another way, which adds headers.
    let again = post.take(&format!("Received: by elsewhere\n{mail}")).await;
    assert_eq!((again.id, again.is_known), (first.id, true));
    post.works.work().await;
    assert!(post.take(&mail).await.is_known);
    post.works.work().await;
    assert_eq!(post.tickets(&post.customer).await.len(), 1);
    let nameless = "From: cleo@house.example\nSubject: s\n\nHello.";
    assert!(!post.take(nameless).await.is_known);
    assert!(post.take(nameless).await.is_known);
    assert!(!post.take(&format!("{nameless}!")).await.is_known);
}

#[tokio::test]
async fn an_answer_follows_a_merged_ticket_and_begins_anew_after_a_closed_one() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let target = post.ticket().await;
    let merge = NewMerge { into: key(&target), confirm_other_customer: false };
    post.desk.merge_ticket(&post.admin, &key(&ticket), merge).await.unwrap();
    let answer = format!("{CLEO}\nTo: {}\nMessage-ID: <1@c>\nSubject: s\n\nMerged?", reply_to(&mail));
    assert_eq!(post.bring(&answer).await.ticket_id, Some(target.id()));
    assert_eq!(post.comments(&target).await.last().unwrap().body, "Merged?");
    let close = TicketPatch { status: Patch::Set(Status::Closed), ..TicketPatch::default() };
    post.desk.update_ticket(&post.admin, &key(&target), close, None).await.unwrap();
    let answer = format!("{CLEO}\nTo: {}\nMessage-ID: <2@c>\nSubject: s\n\nAgain!", reply_to(&mail));
    let view = post.bring(&answer).await;
    assert_eq!(view.state, ArrivalState::New);
    assert!(view.ticket_id.is_some_and(|id| id != target.id() && id != ticket.id()));
    assert!(view.comment_id.is_some(), "what was said is a comment of the new ticket");
}

#[tokio::test]
async fn an_answer_opens_a_resolved_ticket_again() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let resolve = TicketPatch { status: Patch::Set(Status::Resolved), ..TicketPatch::default() };
    post.desk.update_ticket(&post.admin, &key(&ticket), resolve.clone(), None).await.unwrap();
    let program = format!(
        "{CLEO}\nTo: {}\nMessage-ID: <0@c>\nAuto-Submitted: auto-replied\nSubject: s\n\nI am away.",
        reply_to(&mail)
    );
    assert_eq!(post.bring(&program).await.state, ArrivalState::Threaded);
    let status = post.desk.ticket(&post.admin, &key(&ticket)).await.unwrap().public().status;
    assert_eq!(status, Status::Resolved, "a program opens nothing");
    let answer = format!("{CLEO}\nTo: {}\nMessage-ID: <1@c>\nSubject: s\n\nNot solved.", reply_to(&mail));
    post.bring(&answer).await;
    let status = post.desk.ticket(&post.admin, &key(&ticket)).await.unwrap().public().status;
    assert_eq!(status, Status::Open);
    assert_eq!(post.comments(&ticket).await.len(), 2);
}

#[tokio::test]
async fn who_holds_a_token_without_seeing_the_ticket_writes_a_note() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let resolve = TicketPatch { status: Patch::Set(Status::Resolved), ..TicketPatch::default() };
    post.desk.update_ticket(&post.admin, &key(&ticket), resolve, None).await.unwrap();
    post.works.mails().await;
    for (place, from) in ["Sam <sam@house.example>", "New <new@elsewhere.example>"].into_iter().enumerate() {
        let answer =
            format!("From: {from}\nTo: {}\nMessage-ID: <{place}@x>\nSubject: s\n\nFrom {place}.", reply_to(&mail));
        assert_eq!(post.bring(&answer).await.ticket_id, Some(ticket.id()));
    }
    let comments = post.comments(&ticket).await;
    assert_eq!(comments.iter().map(|said| said.is_internal).collect::<Vec<_>>(), [true, true]);
    assert_eq!(comments.iter().map(|said| &*said.author.name).collect::<Vec<_>>(), ["sam", "New"]);
    assert!(post.desk.comments(&post.customer, &key(&ticket), None, 10).await.unwrap().items.is_empty());
    assert!(post.desk.ticket(&post.stranger, &key(&ticket)).await.is_err(), "a token shows nothing");
    let told = post.works.mails().await;
    assert!(
        told.iter()
            .all(|mail| !["sam@house.example", "new@elsewhere.example", "cleo@house.example"]
                .contains(&&*mail.to.address)),
        "{told:?}"
    );
    let status = post.desk.ticket(&post.admin, &key(&ticket)).await.unwrap().public().status;
    assert_eq!(status, Status::Resolved);
}

#[tokio::test]
async fn a_tag_that_is_no_token_is_an_address_of_the_mailbox() {
    let post = Post::new().await;
    let mail = "From: kim@acme.example\nTo: support+sales@desk.example\nMessage-ID: <1@k>\nSubject: s\n\nHi.";
    let view = post.bring(mail).await;
    assert_eq!((became(&view), view.mailbox_id), ((ArrivalState::New, None), Some(post.mailbox)));
    let comment = NewComment::public("Hello");
    post.desk.add_comment(&post.admin, &view.ticket_id.unwrap().into(), comment).await.unwrap();
    let empty = post.bring("From: kim@acme.example\nMessage-ID: <2@k>\nSubject:\n\n").await;
    let ticket = post.desk.ticket(&post.admin, &empty.ticket_id.unwrap().into()).await.unwrap();
    assert_eq!((&*ticket.public().subject, &*ticket.public().description), ("(no subject)", "(no text)"));
    assert_eq!(post.bring("Subject: s\n\nHi.").await.cause, Some(ArrivalCause::NoSender));
}

#[tokio::test]
async fn an_answer_to_a_mail_that_tells_of_a_note_is_a_note() {
    let post = Post::new().await;
    let (ticket, public) = post.conversation().await;
    post.trust().await;
    let to_amy = Assignment { agent_id: Patch::Set(Some(id(&post.agent))), ..Assignment::default() };
    post.desk.assign_ticket(&post.admin, &key(&ticket), to_amy, None).await.unwrap();
    post.works.mails().await;
    post.desk.add_comment(&post.admin, &key(&ticket), NewComment::internal("He is difficult.")).await.unwrap();
    let mails = post.works.mails().await;
    let told = mails.iter().find(|mail| mail.to.address == "amy@house.example").expect("the agent hears of notes");
    assert!(told.text.contains("He is difficult.") && reply_to(told) != reply_to(&public));
    // By the address, and by the id where somebody answers to the address of the mailbox.
    for (place, (to, answers)) in [(reply_to(told), ""), (reply_to(&public), &*told.message_id)].into_iter().enumerate()
    {
        let answer = format!(
            "From: amy@house.example\nTo: {to}\nReferences: <{answers}>\nMessage-ID: <{place}@a>\nSubject: s\n\n> He is difficult.\nHe is!"
        );
        assert_eq!(post.bring(&answer).await.ticket_id, Some(ticket.id()));
    }
    let seen = post.desk.comments(&post.customer, &key(&ticket), None, 10).await.unwrap();
    assert!(seen.items.is_empty(), "{seen:?}");
    assert_eq!(post.comments(&ticket).await.len(), 3);
    let answer = format!(
        "From: amy@house.example\nTo: {}\nMessage-ID: <p@a>\nSubject: s\n\n#public We look into it.",
        reply_to(told)
    );
    post.bring(&answer).await;
    let seen = post.desk.comments(&post.customer, &key(&ticket), None, 10).await.unwrap();
    assert_eq!(seen.items.iter().map(|said| &*said.body).collect::<Vec<_>>(), ["We look into it."]);
}

#[tokio::test]
async fn a_forged_sender_with_a_token_is_heard_by_staff_alone() {
    let post = Post::new().await;
    let (ticket, mail) = post.conversation().await;
    let fail = format!("{TRUSTED} dmarc=fail header.from=house.example");
    let answer = format!("{fail}\n{CLEO}\nTo: {}\nMessage-ID: <1@c>\nSubject: s\n\nPay me.", reply_to(&mail));
    assert_eq!(post.bring(&answer).await.ticket_id, Some(ticket.id()));
    assert!(post.comments(&ticket).await[0].is_internal);
}

#[tokio::test]
async fn two_mails_that_somebody_gave_one_id_are_two() {
    let post = Post::new().await;
    let mail = |date: &str, text: &str| {
        format!(
            "From: printer@acme.example\nTo: help@desk.example\nDate: {date}\nMessage-ID: <1@printer>\nSubject: s\n\n{text}"
        )
    };
    let first = post.take(&mail("Mon, 12 Jan 2026 10:00:00 +0000", "Paper jam.")).await;
    let second = post.take(&mail("Tue, 13 Jan 2026 10:00:00 +0000", "No toner.")).await;
    assert!(!second.is_known && first.id != second.id);
    let again = post.take(&mail("Tue, 13 Jan 2026 10:00:00 +0000", "No toner.")).await;
    assert_eq!((again.id, again.is_known), (second.id, true));
    let by_another_way = format!("Received: by elsewhere\n{}", mail("Mon, 12 Jan 2026 10:00:00 +0000", "Paper jam."));
    assert_eq!(post.take(&by_another_way).await.id, first.id);
}
