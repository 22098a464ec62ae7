//! Each mail of the table, taken in by a desk: on which ticket it lands, as whose words, and with which files.

use crate::table::{Expected, Thread, fill, mail, table};
use chrono::{TimeZone as _, Utc};
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Desk;
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::desk::work::{WorkOptions, Workers};
use ticketing_core::desk::{
    ArrivalView, Delivery, DeskOptions, NewInboundMailbox, NewTicket, NewUser, PasswordHash, TakenIn,
};
use ticketing_core::ids::TicketKey;
use ticketing_core::input::Input as _;
use ticketing_core::memory::{MemoryBlobs, MemoryMailer, MemoryStore, SeededIds, TestClock};
use ticketing_core::model::view::{AttachmentView, CommentView, TicketView};
use ticketing_core::model::{ArrivalCause, ArrivalDoor, ArrivalState, Envelope, Role};
use ticketing_deliver::inbound::Reader;

/// A desk with one ticket, of Kim, and a mailbox.
struct Post {
    desk: Desk,
    workers: Workers,
    admin: Actor,
    ticket: TicketView,
    /// What is to be filled in in the mails.
    filling: Vec<(&'static str, String)>,
}

impl Post {
    async fn new() -> Self {
        let mailer = Arc::new(MemoryMailer::new());
        let options = DeskOptions { password_hash: PasswordHash::Bcrypt { cost: 4 }, ..DeskOptions::default() };
        let app_url = options.app_url.clone();
        let desk = Desk::builder()
            .store(Arc::new(MemoryStore::new()))
            .clock(Arc::new(TestClock::at(Utc.with_ymd_and_hms(2025, 3, 3, 9, 12, 0).unwrap())))
            .ids(Arc::new(SeededIds::new(7)))
            .mailer(Arc::clone(&mailer) as Arc<_>)
            .blobs(Arc::new(MemoryBlobs::default()))
            .mail_reader(Arc::new(Reader::default()))
            .options(options)
            .build()
            .unwrap();
        let workers = desk.workers(WorkOptions { digest_window: Duration::ZERO, ..WorkOptions::default() });
        let admin = person(&desk, Role::Admin, "ada@desk.example").await;
        let kim = person(&desk, Role::Customer, "kim@acme.example").await;
        let mailbox = serde_json::json!({ "name": "Help", "address": "help@desk.example" });
        desk.create_mailbox(&admin, NewInboundMailbox::from_json(mailbox).unwrap()).await.unwrap();
        let ticket = desk.create_ticket(&kim, NewTicket::new("It hums", "In the cellar.")).await.unwrap();
        work(&workers).await;
        let confirmed = mailer.take_sent().into_iter().find(|mail| mail.to.address == "kim@acme.example").unwrap();
        let filling = vec![
            ("reply_address", confirmed.reply_to.as_ref().unwrap().address.clone()),
            ("message_id", confirmed.message_id.clone()),
            ("ticket_number", ticket.number().to_string()),
            ("from", "kim@acme.example".to_owned()),
            ("loop_mark", app_url),
        ];
        Self { desk, workers, admin, ticket, filling }
    }

    fn filling(&self) -> Vec<(&str, &str)> {
        self.filling.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    async fn take(&self, name: &str) -> TakenIn {
        let envelope = Envelope { from: None, to: vec!["help@desk.example".to_owned()] };
        let delivery = Delivery { door: ArrivalDoor::Lmtp, mailbox_id: None, envelope };
        self.desk.take_in(&delivery, mail(name, &self.filling()).into()).await.unwrap()
    }

    async fn comments(&self) -> Vec<CommentView> {
        self.desk.comments(&self.admin, &TicketKey::Id(self.ticket.id()), None, 100).await.unwrap().items
    }
}

async fn person(desk: &Desk, role: Role, address: &str) -> Actor {
    let system = Actor::system(SystemReason::Host);
    let new = NewUser { role, password: Some("correct horse battery".to_owned()), ..NewUser::new(address, address) };
    let user = desk.create_user(&system, new).await.unwrap();
    desk.actor_of(user.id, None).await.unwrap()
}

async fn work(workers: &Workers) {
    while workers.run_due(100).await.unwrap() > 0 {}
}

/// What is to become of a mail: how far it gets, and why no further.
fn fate(expected: &Expected) -> (ArrivalState, Option<ArrivalCause>) {
    let is_known = matches!(expected.thread, Thread::Token | Thread::MessageId | Thread::Number);
    match (expected.automatic.as_deref(), expected.thread) {
        (_, Thread::Report) => (ArrivalState::Noted, Some(ArrivalCause::DeliveryReport)),
        (Some("own"), Thread::New) => (ArrivalState::Held, Some(ArrivalCause::OwnMail)),
        (Some("own"), _) => (ArrivalState::Noted, Some(ArrivalCause::OwnMail)),
        (Some(_), Thread::New) => (ArrivalState::Held, Some(ArrivalCause::Automatic)),
        _ if is_known => (ArrivalState::Threaded, None),
        _ => (ArrivalState::New, None),
    }
}

fn files(found: &[AttachmentView]) -> Vec<(String, usize)> {
    found.iter().map(|file| (file.content_type.clone(), usize::try_from(file.size).unwrap())).collect()
}

#[tokio::test]
async fn mails_land_where_they_belong() {
    for (name, expected) in table() {
        let post = Post::new().await;
        let taken = post.take(&name).await;
        assert!(!taken.is_known, "{name}");
        work(&post.workers).await;
        let view = post.desk.inbound_mail(&post.admin, taken.id).await.unwrap().mail;
        assert_eq!((view.state, view.cause), fate(&expected), "{name}: {:?}", view.reason);
        assert_eq!(view.from.as_deref(), Some(fill(&expected.from, &post.filling()).as_str()), "{name}");
        check(&post, &name, &expected, &view).await;
        // The same mail once more is the same mail.
        assert!(post.take(&name).await.is_known, "{name}");
    }
}

/// What stands on the tickets of the desk.
async fn check(post: &Post, name: &str, expected: &Expected, view: &ArrivalView) {
    let comments = post.comments().await;
    let fresh = fill(&expected.fresh, &post.filling());
    let wanted: Vec<(String, usize)> =
        expected.files.iter().map(|file| (file.content_type.clone(), file.size)).collect();
    match view.state {
        ArrivalState::Threaded => {
            let [comment] = &comments[..] else { panic!("{name}: {comments:?}") };
            assert_eq!((view.ticket_id, view.comment_id), (Some(post.ticket.id()), Some(comment.id)), "{name}");
            assert_eq!(
                (comment.author.name.as_str(), comment.body.as_str()),
                ("kim@acme.example", fresh.as_str()),
                "{name}"
            );
            // What a program says is for staff.
            assert_eq!(comment.is_internal, expected.automatic.is_some(), "{name}");
            if expected.automatic.is_none() {
                assert_eq!(files(&comment.attachments), wanted, "{name}");
            }
            for file in expected.files.iter().filter_map(|file| file.name.as_ref()) {
                assert!(comment.attachments.iter().any(|found| found.filename == *file), "{name}: {file}");
            }
        }
        ArrivalState::New => {
            assert_eq!(comments.len(), 0, "{name}");
            let key = TicketKey::Id(view.ticket_id.unwrap());
            assert_ne!(view.ticket_id, Some(post.ticket.id()), "{name}");
            let ticket = post.desk.ticket(&post.admin, &key).await.unwrap();
            let opened = ticket.public();
            assert!(opened.description.starts_with(&fresh), "{name}: {}", opened.description);
            let files_found = post.desk.attachments(&post.admin, &key, None, 100).await.unwrap().items;
            assert_eq!(files(&files_found), wanted, "{name}");
        }
        _ => assert_eq!(comments.len(), 0, "{name}"),
    }
}
