//! Mail in: what becomes of a mail, and who may say what by it.

mod automatic;
mod keep;
mod review;
mod sender;
mod thread;

use crate::house::House;
use crate::work::Works;
use bytes::Bytes;
use std::sync::Arc;
use ticketing_core::Desk;
use ticketing_core::access::Actor;
use ticketing_core::desk::{ArrivalList, ArrivalView, Delivery, InboundMailboxPatch, NewInboundMailbox, TakenIn};
use ticketing_core::input::{Input, Patch};
use ticketing_core::mail::inbound::{DeliveryReport, InboundFile, InboundMail, ReportedRecipient};
use ticketing_core::memory::MemoryBlobs;
use ticketing_core::model::view::{CommentView, TicketView};
use ticketing_core::model::{ArrivalCause, ArrivalDoor, ArrivalState, Envelope};
use ticketing_core::port::{Mail, MailReader, Mailbox, Unreadable};
use ticketing_core::query::Sort;
use uuid::Uuid;

/// Reads mails in the simplest form: a header a line, an empty line, text. What programs really send is the
/// business of the reader's own tests.
struct PlainReader;

impl MailReader for PlainReader {
    fn read(&self, raw: &[u8]) -> Result<InboundMail, Unreadable> {
        let text = std::str::from_utf8(raw).map_err(|_| Unreadable("it is no text".to_owned()))?;
        let (head, body) = text.split_once("\n\n").ok_or_else(|| Unreadable("it has no body".to_owned()))?;
        let headers: Vec<(String, String)> = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        let mut mail = InboundMail { text: body.to_owned(), headers, ..InboundMail::default() };
        let value = |name: &str| mail.header(name).next().map(str::to_owned);
        let id = |text: &str| text.trim_matches(['<', '>']).to_owned();
        let (from, subject) = (value("From"), value("Subject"));
        let message_id = value("Message-ID").as_deref().map(id);
        let answers = value("References").unwrap_or_default().split_whitespace().map(id).collect();
        let to = mail.header("To").chain(mail.header("Cc")).map(mailbox).collect();
        let return_path = value("Return-Path").as_deref().map(id);
        let report = value("X-Test-Report").map(|report| {
            let (message_id, rest) = report.split_once(' ').expect("an id and an address");
            let (address, status) = rest.split_once(' ').expect("an address and a status");
            let recipient = ReportedRecipient {
                address: address.to_owned(),
                action: "failed".to_owned(),
                status: status.to_owned(),
                diagnostic: None,
            };
            DeliveryReport { message_id: Some(message_id.to_owned()), recipients: vec![recipient] }
        });
        let files = mail.header("X-Test-File").map(|name| InboundFile {
            name: Some(name.to_owned()),
            content_type: "text/plain".to_owned(),
            content_id: None,
            is_inline: false,
            bytes: format!("bytes of {name}").into_bytes(),
        });
        mail.files = files.collect();
        mail.from = from.as_deref().map(mailbox);
        mail.subject = subject.unwrap_or_default();
        (mail.message_id, mail.answers, mail.to, mail.return_path, mail.report) =
            (message_id, answers, to, return_path, report);
        Ok(mail)
    }
}

fn mailbox(text: &str) -> Mailbox {
    match text.split_once('<') {
        Some((name, rest)) => {
            let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
            Mailbox { name, address: rest.trim_end_matches('>').to_owned() }
        }
        None => Mailbox { name: None, address: text.to_owned() },
    }
}

/// A desk that takes mail in, with a mailbox at `help@desk.example` behind a server that says where mail comes from.
struct Post {
    works: Works,
    mailbox: Uuid,
}

impl std::ops::Deref for Post {
    type Target = House;

    fn deref(&self) -> &House {
        &self.works.house
    }
}

const TRUSTED: &str = "Authentication-Results: mx.desk.example;";

impl Post {
    async fn new() -> Self {
        let works =
            Works::with(|desk| desk.blobs(Arc::new(MemoryBlobs::default())).mail_reader(Arc::new(PlainReader))).await;
        let input = serde_json::json!({
            "name": "Help", "address": "help@desk.example", "aliases": ["support@desk.example"],
            "trusted_servers": ["mx.desk.example"], "priority": "high", "locale": "de",
            "team_id": works.house.billing,
        });
        let input = NewInboundMailbox::from_json(input).unwrap();
        let mailbox = works.house.desk.create_mailbox(&works.house.admin, input).await.unwrap().id;
        Self { works, mailbox }
    }

    async fn take(&self, mail: &str) -> TakenIn {
        take(&self.desk, mail).await
    }

    /// Takes the mail in and does all that follows; what became of it.
    async fn bring(&self, mail: &str) -> ArrivalView {
        let taken = self.take(mail).await;
        self.works.work().await;
        self.arrival(taken).await
    }

    async fn arrival(&self, taken: TakenIn) -> ArrivalView {
        self.desk.inbound_mail(&self.admin, taken.id).await.unwrap().mail
    }

    async fn arrivals(&self) -> Vec<ArrivalView> {
        self.desk
            .inbound_mails(&self.admin, ArrivalList { limit: 1_000, ..ArrivalList::default() })
            .await
            .unwrap()
            .items
    }

    /// A ticket of the customer, and the address that answers to it go to, as the mail about it says.
    async fn conversation(&self) -> (TicketView, Mail) {
        let ticket = self.ticket().await;
        let mails = self.works.mails().await;
        let mail = mails.into_iter().find(|mail| mail.to.address == "cleo@house.example").expect("it is confirmed");
        (ticket, mail)
    }

    /// What staff see on a ticket.
    async fn comments(&self, ticket: &TicketView) -> Vec<CommentView> {
        self.desk.comments(&self.admin, &crate::house::key(ticket), None, 100).await.unwrap().items
    }

    async fn tickets(&self, actor: &Actor) -> Vec<TicketView> {
        use ticketing_core::desk::TicketList;
        let list = TicketList { limit: 100, sort: Sort::default(), ..TicketList::default() };
        self.desk.tickets(actor, list).await.unwrap().items
    }

    async fn change_mailbox(&self, patch: InboundMailboxPatch) {
        self.desk.update_mailbox(&self.admin, self.mailbox, patch, None).await.unwrap();
    }

    /// Lets the mailbox believe tokens alone.
    async fn trust(&self) {
        self.change_mailbox(InboundMailboxPatch { is_trusted: Patch::Set(true), ..InboundMailboxPatch::default() })
            .await;
    }
}

async fn take(desk: &Desk, mail: &str) -> TakenIn {
    let envelope = Envelope { from: None, to: vec!["help@desk.example".to_owned()] };
    let delivery = Delivery { door: ArrivalDoor::Lmtp, mailbox_id: None, envelope };
    desk.take_in(&delivery, Bytes::from(mail.to_owned())).await.unwrap()
}

/// The address that answers to this mail go to.
fn reply_to(mail: &Mail) -> &str {
    &mail.reply_to.as_ref().expect("it can be answered").address
}

fn became(view: &ArrivalView) -> (ArrivalState, Option<ArrivalCause>) {
    (view.state, view.cause)
}

const CLEO: &str = "From: Cleo <cleo@house.example>";
