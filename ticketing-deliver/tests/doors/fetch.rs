//! Mail out of a mailbox on a real server.

use crate::desk::{House, LARGEST, PATIENCE, mail, until};
use crate::dovecot::{Dovecot, OLD};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;
use ticketing_core::model::ArrivalDoor;
use ticketing_deliver::imap::{ImapOptions, ImapStatus, ImapStatuses, run};
use tokio::task::JoinHandle;

/// Somebody who fetches, until dropped.
pub struct Fetching {
    statuses: ImapStatuses,
    task: JoinHandle<()>,
}

impl Fetching {
    pub fn start(house: &House, options: ImapOptions) -> Self {
        let (desk, statuses) = (house.desk.clone(), ImapStatuses::default());
        let told = statuses.clone();
        let task = tokio::spawn(async move { run(desk, options, told, std::future::pending()).await.unwrap() });
        Self { statuses, task }
    }

    /// How the one mailbox is doing, where it is fetched.
    pub fn status(&self) -> Option<ImapStatus> {
        self.statuses.all().pop()
    }

    pub async fn once(&self, what: &str, holds: impl Fn(&ImapStatus) -> bool) -> ImapStatus {
        until(what, async || self.status().is_some_and(|status| holds(&status))).await;
        self.status().unwrap()
    }

    /// What is wrong, once something is.
    pub async fn error(&self) -> String {
        self.once("something is wrong", |status| status.last_error.is_some()).await.last_error.unwrap()
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Quick to see and to try again; what the server should tell is never asked for.
pub fn options() -> ImapOptions {
    ImapOptions {
        settings_every: Duration::from_millis(100),
        poll_every: PATIENCE * 100,
        first_pause: Duration::from_millis(50),
        longest_pause: Duration::from_millis(500),
        ..ImapOptions::default()
    }
}

fn trusting(server: &Dovecot) -> ImapOptions {
    ImapOptions { extra_roots: Some(server.root.clone()), ..options() }
}

fn with(mut account: Value, fields: &Value) -> Value {
    account.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    account
}

fn flags(server: &Dovecot, folder: &str) -> Vec<String> {
    server.mails(folder).into_iter().map(|(name, flags)| format!("{name} {flags}").trim_end().to_owned()).collect()
}

#[tokio::test]
async fn mail_is_fetched_once_and_marked_and_new_mail_as_soon_as_the_server_tells() {
    let (house, server) = (House::new(), Dovecot::start());
    for name in ["a", "b"] {
        server.deliver(name, &mail(name));
    }
    let mailbox = house.fetched(&server.account("flag")).await;
    let fetching = Fetching::start(&house, options());
    let arrivals = house.once_there_are(2).await;
    assert_eq!(arrivals.iter().map(|arrival| house.raw(arrival)).collect::<Vec<_>>(), [mail("a"), mail("b")]);
    for arrival in &arrivals {
        assert_eq!((arrival.door, arrival.mailbox_id), (ArrivalDoor::Imap, Some(mailbox)));
        assert_eq!((&arrival.detail.envelope.from, arrival.detail.envelope.to.len()), (&None, 0));
    }
    for name in ["c", "d", "e"] {
        let before = house.arrivals().await.len();
        server.deliver(name, &mail(name));
        house.once_there_are(before + 1).await;
    }
    // What is known already is marked like any other.
    server.deliver("f", &mail("a"));
    let status = fetching.once("all are fetched", |status| status.fetched == 6).await;
    assert_eq!((status.mailbox_id, status.last_error, status.refused), (mailbox, None, 0));
    assert!(status.connected_since.is_some() && status.connected_since <= status.last_fetch_at);
    assert_eq!(flags(&server, "INBOX"), ["a Sa", "b Sa", "c Sa", "d Sa", "e Sa", "f Sa"]);
    assert_eq!(house.arrivals().await.len(), 5);

    // Whoever begins anew has nothing to do.
    drop(fetching);
    server.deliver("g", &mail("g"));
    let fetching = Fetching::start(&house, options());
    house.once_there_are(6).await;
    assert_eq!(fetching.once("one is fetched", |status| status.fetched > 0).await.fetched, 1);
}

#[tokio::test]
async fn what_people_read_before_the_desk_does_is_fetched_too() {
    let (house, server) = (House::new(), Dovecot::start());
    server.deliver_read("a", &mail("a"));
    server.deliver("b", &mail("b"));
    house.fetched(&server.account("flag")).await;
    let fetching = Fetching::start(&house, options());
    fetching.once("both are fetched", |status| status.fetched == 2).await;
    server.deliver_read("c", &mail("c"));
    fetching.once("the next is fetched", |status| status.fetched == 3).await;
    // The first keyword of a maildir is `a`.
    assert_eq!(flags(&server, "INBOX"), ["a Sa", "b Sa", "c Sa"]);
    // Whoever begins anew fetches what is new alone.
    drop(fetching);
    server.deliver_read("d", &mail("d"));
    let fetching = Fetching::start(&house, options());
    house.once_there_are(4).await;
    assert_eq!(fetching.once("one is fetched", |status| status.fetched > 0).await.fetched, 1);
}

#[tokio::test]
async fn a_folder_that_can_t_be_made_holds_up_no_mail() {
    let (house, server) = (House::new(), Dovecot::start());
    for name in ["a", "b"] {
        server.deliver(name, &mail(name));
    }
    let mailbox = house.fetched(&with(server.account("move"), &json!({ "then_folder": "no..name" }))).await;
    let fetching = Fetching::start(&house, options());
    house.once_there_are(2).await;
    let error = fetching.error().await;
    assert!(error.starts_with("MOVE refused: "), "{error}");
    server.deliver("c", &mail("c"));
    let status = fetching.once("the next is fetched", |status| status.fetched == 3).await;
    assert!(status.connected_since.is_some() && status.last_error.is_some(), "{status:?}");
    assert_eq!(server.mails("INBOX").len(), 3);
    // Once there is a place, all go there.
    house.change(mailbox, json!({ "imap": with(server.account("move"), &json!({ "then_folder": "Done" })) })).await;
    until("all are there", async || server.mails("Done").len() == 3).await;
    assert_eq!(house.arrivals().await.len(), 3);
}

#[tokio::test]
async fn a_server_that_can_t_tell_is_asked_and_one_that_can_t_move_copies() {
    let (house, server) = (House::new(), Dovecot::with(&format!("imap_capability = {OLD}")));
    server.deliver("a", &mail("a"));
    house.fetched(&with(server.account("move"), &json!({ "then_folder": "Done" }))).await;
    let polling = ImapOptions { poll_every: Duration::from_millis(100), ..options() };
    let fetching = Fetching::start(&house, polling);
    house.once_there_are(1).await;
    server.deliver("b", &mail("b"));
    house.once_there_are(2).await;
    fetching.once("both are fetched", |status| status.fetched == 2).await;
    assert_eq!(server.mails("Done").len(), 2);
    // It can't remove one mail alone, so these stay, and are not fetched again.
    assert_eq!(flags(&server, "INBOX"), ["a T", "b T"]);
}

#[tokio::test]
async fn mail_goes_to_another_folder_which_is_made() {
    for (capability, folder, name) in
        [("", "Gelöscht & weg", "Gel&APY-scht &- weg"), ("imap_capability = IMAP4rev1 IDLE UIDPLUS", "Done", "Done")]
    {
        let (house, server) = (House::new(), Dovecot::with(capability));
        server.deliver("a", &mail("a"));
        house.fetched(&with(server.account("move"), &json!({ "then_folder": folder }))).await;
        let fetching = Fetching::start(&house, options());
        house.once_there_are(1).await;
        server.deliver("b", &mail("b"));
        house.once_there_are(2).await;
        fetching.once("both are fetched", |status| status.fetched == 2).await;
        assert_eq!((server.mails("INBOX").len(), server.mails(name).len()), (0, 2), "{folder}");
    }
}

#[tokio::test]
async fn mail_is_deleted_once_the_desk_has_it_and_not_before() {
    let (house, server) = (House::new(), Dovecot::start());
    house.blobs.is_away.store(true, Ordering::SeqCst);
    for name in ["a", "b"] {
        server.deliver(name, &mail(name));
    }
    house.fetched(&server.account("delete")).await;
    let fetching = Fetching::start(&house, options());
    assert!(fetching.error().await.starts_with("the desk can't take it in now"));
    assert_eq!(flags(&server, "INBOX"), ["a", "b"]);
    house.blobs.is_away.store(false, Ordering::SeqCst);
    house.once_there_are(2).await;
    let status = fetching.once("both are fetched", |status| status.fetched == 2 && status.last_error.is_none()).await;
    assert!(status.connected_since.is_some());
    assert!(server.mails("INBOX").is_empty());
}

#[tokio::test]
async fn a_mail_that_is_too_large_stays_for_people_to_see_and_hinders_nobody() {
    let (house, server) = (House::new(), Dovecot::start());
    server.deliver("a", &(mail("a") + &"x".repeat(LARGEST)));
    server.deliver("b", &mail("b"));
    house.fetched(&server.account("delete")).await;
    let fetching = Fetching::start(&house, options());
    fetching.once("both are seen", |status| status.fetched == 1 && status.refused == 1).await;
    server.deliver("c", &mail("c"));
    let status = fetching.once("the next is fetched", |status| status.fetched == 2).await;
    assert_eq!((status.refused, status.last_error), (1, None));
    assert_eq!(flags(&server, "INBOX"), ["a F"]);
    assert_eq!(house.arrivals().await.len(), 2);
}

#[tokio::test]
async fn a_connection_is_secured_by_tls() {
    let (house, server) = (House::new(), Dovecot::with("disable_plaintext_auth = yes\nssl = required"));
    let kinds = [("tls", server.tls_port), ("starttls", server.port)];
    let account =
        |(security, port): (&str, u16)| with(server.account("flag"), &json!({ "security": security, "port": port }));
    let mailbox = house.fetched(&account(kinds[0])).await;
    // Nobody vouches for the server.
    for kind in kinds {
        house.change(mailbox, json!({ "imap": account(kind) })).await;
        let fetching = Fetching::start(&house, options());
        let error = fetching.error().await;
        assert!(error.starts_with("no connection: invalid peer certificate"), "{error}");
    }
    for (name, kind) in ["a", "b"].into_iter().zip(kinds) {
        house.change(mailbox, json!({ "imap": account(kind) })).await;
        server.deliver(name, &mail(name));
        let fetching = Fetching::start(&house, trusting(&server));
        fetching.once("it is fetched", |status| status.fetched == 1).await;
    }
    assert_eq!(house.arrivals().await.len(), 2);
}

#[tokio::test]
async fn settings_that_change_are_followed() {
    let (house, server) = (House::new(), Dovecot::start());
    server.deliver("a", &mail("a"));
    let mailbox = house.fetched(&with(server.account("flag"), &json!({ "secret": "wrong" }))).await;
    let fetching = Fetching::start(&house, options());
    let error = fetching.error().await;
    assert!(error.starts_with("sign-in refused:") && !error.contains("wrong"), "{error}");
    assert_eq!(fetching.status().unwrap().connected_since, None);

    house.change(mailbox, json!({ "imap": server.account("flag") })).await;
    house.once_there_are(1).await;
    fetching.once("all is well", |status| status.last_error.is_none() && status.fetched == 1).await;

    house.change(mailbox, json!({ "is_active": false })).await;
    until("it is not fetched any more", async || fetching.status().is_none()).await;
    server.deliver("b", &mail("b"));
    house.change(mailbox, json!({ "is_active": true })).await;
    house.once_there_are(2).await;
}

#[tokio::test]
async fn a_password_may_be_of_any_letters() {
    for password in ["ge\"hei\\m", "Ünterm台"] {
        let words = format!("passdb {{\n  driver = static\n  args = password={password}\n}}");
        let (house, server) = (House::new(), Dovecot::with(&words));
        server.deliver("a", &mail("a"));
        house.fetched(&with(server.account("flag"), &json!({ "secret": password }))).await;
        let fetching = Fetching::start(&house, options());
        let status = fetching
            .once("it is fetched or refused", |status| status.fetched + status.last_error.iter().len() as u64 > 0);
        assert_eq!(status.await.last_error, None, "{password}");
    }
}

#[tokio::test]
async fn a_server_that_crashes_costs_no_mail_and_doubles_none() {
    for then in ["flag", "move", "delete"] {
        let (house, mut server) = (House::new(), Dovecot::start());
        let names: BTreeSet<String> = (0..200).map(|n| format!("m{n:03}")).collect();
        for name in &names {
            server.deliver(name, &mail(name));
        }
        let folder = (then == "move").then_some("Done");
        let account = with(server.account(then), &json!({ "then_folder": folder }));
        house.fetched(&account).await;
        let fetching = Fetching::start(&house, options());
        for some in [20, 60, 100, 140] {
            house.once_there_are(some).await;
            server.kill();
            fetching.once("it is missed", |status| status.last_error.is_some()).await;
            server.resume();
        }
        until("all are out of the way", async || {
            let inbox = server.mails("INBOX");
            // One that it was killed in the middle of removing stays, marked.
            let is_done = |flags: &str| if then == "flag" { flags == "Sa" } else { flags.contains('T') };
            inbox.iter().all(|(_, flags)| is_done(flags))
        })
        .await;
        let arrivals = house.arrivals().await;
        let found: Vec<String> = arrivals.iter().map(|arrival| house.raw(arrival)).collect();
        assert_eq!(arrivals.len(), 200, "{then}");
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), names.iter().map(|name| mail(name)).collect());
        if then == "move" {
            // A move that the server was killed in is one that it does again, and maildirs then hold both copies.
            assert!((200..=204).contains(&server.mails("Done").len()), "{:?}", server.mails("Done").len());
        }
    }
}

#[tokio::test]
async fn two_processes_may_fetch_one_mailbox() {
    let (house, server) = (House::new(), Dovecot::start());
    for n in 0..100 {
        server.deliver(&format!("m{n:03}"), &mail(&n.to_string()));
    }
    house.fetched(&server.account("delete")).await;
    let _fetching = [Fetching::start(&house, options()), Fetching::start(&house, options())];
    until("all are out of the way", async || server.mails("INBOX").is_empty()).await;
    assert_eq!(house.arrivals().await.len(), 100);
}
