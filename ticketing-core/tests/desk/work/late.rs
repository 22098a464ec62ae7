//! What could not be told in time: one mail to each person, however much there is, whatever stops in between.

use super::Works;
use super::escalation::{given, member, promise};
use super::timer::change;
use crate::house::{House, id};
use chrono::TimeDelta;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use ticketing_core::access::Actor;
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::desk::{NewComment, TicketPatch, UserPatch};
use ticketing_core::ids::WorkerId;
use ticketing_core::input::Patch;
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{JobKind, JobState, TeamRole};
use ticketing_core::port::{Claim, Mail, MailError};

const DAY: i64 = 24 * 60;

/// Promises of an hour and of four that go up when they are broken, and somebody for whom tickets are.
async fn promised(house: &House) -> Actor {
    promise(house, json!({"on_breach": {"escalate": true}})).await;
    member(house, "mia", TeamRole::Member).await
}

/// Tickets of this person, of which all was mailed that is to be mailed so far.
async fn tickets(works: &Works, mia: &Actor, many: usize) -> Vec<TicketView> {
    let mut tickets = Vec::new();
    for _ in 0..many {
        tickets.push(given(&works.house, Some(mia)).await);
    }
    works.mails().await;
    tickets
}

/// The mails of the next minutes.
async fn after(works: &Works, minutes: i64) -> Vec<Mail> {
    works.later(minutes).await;
    works.mails().await
}

fn addressees(mails: &[Mail]) -> Vec<&str> {
    mails.iter().map(|mail| mail.to.address.as_str()).collect()
}

#[tokio::test]
async fn after_a_day_each_person_gets_one_mail_in_their_language() {
    let works = Works::new().await;
    let house = &works.house;
    let mia = promised(house).await;
    let german = UserPatch { locale: Patch::Set(Some("de".to_owned())), ..UserPatch::default() };
    house.desk.update_user(&house.admin, id(&mia), german, None).await.unwrap();
    let mut all = tickets(&works, &mia, 3).await;
    all.push(given(house, Some(&house.agent)).await);
    works.mails().await;
    // Nobody works for a day.
    assert_eq!(addressees(&after(&works, DAY).await), Vec::<&str>::new(), "more is waited for");
    let mails = after(&works, 5).await;
    assert_eq!(addressees(&mails), ["amy@house.example", "mia@house.example"]);
    let (amys, mias) = (&mails[0], &mails[1]);
    // Both promises of each ticket and what was done about them: all of it for who leads the team, of a colleague's
    // ticket that it was escalated for whoever is in it.
    assert_eq!(amys.subject, "Late news of tickets (16)");
    assert_eq!(mias.subject, "Verspätete Nachrichten zu Tickets (14)");
    for (ticket, of_mia) in all.iter().zip([4, 4, 4, 2]) {
        let link = format!("/tickets/{}", ticket.number());
        for (mail, lines) in [(amys, 4), (mias, of_mia)] {
            assert_eq!((mail.text.matches(&link).count(), mail.html.matches(&link).count()), (lines, lines));
        }
    }
    let line = "Refund\n  Erste Antwort überfällig, 15. Januar 2026, 11:00 Uhr (UTC)";
    assert!(mias.text.contains(line), "{}", mias.text);
    assert!(amys.text.contains("Escalated to level 2, 16 January 2026, 10:00 UTC"), "{}", amys.text);
    assert!(mias.is_automatic && mias.references.is_empty(), "of no ticket in particular");
    assert_eq!(addressees(&after(&works, DAY).await), Vec::<&str>::new(), "once");
    for kind in [JobKind::LateNews, JobKind::LateMail] {
        assert_eq!(works.jobs(kind, JobState::Ready).await, [], "{kind}");
    }
}

#[tokio::test]
async fn what_is_told_in_time_has_mails_of_its_own_beside_it() {
    let works = Works::new().await;
    let house = &works.house;
    let mia = promised(house).await;
    let ticket = tickets(&works, &mia, 1).await.remove(0);
    // Within the hour after.
    let mails = after(&works, 119).await;
    assert_eq!(addressees(&mails), ["amy@house.example", "mia@house.example"]);
    assert!(mails.iter().all(|mail| mail.subject.contains(ticket.number().as_str())));
    // The resolution is late by the time that somebody writes.
    house.pass(DAY);
    house.desk.add_comment(&house.customer, &crate::house::key(&ticket), NewComment::public("Well?")).await.unwrap();
    let mails = works.mails().await;
    assert_eq!(addressees(&mails), ["mia@house.example"]);
    assert!(mails[0].text.contains("Well?") && !mails[0].text.contains("overdue"), "{}", mails[0].text);
    let mails = after(&works, 5).await;
    assert_eq!(addressees(&mails), ["amy@house.example", "mia@house.example"]);
    assert!(mails.iter().all(|mail| mail.subject == "Late news of tickets (2)"), "{mails:?}");
}

#[tokio::test]
async fn a_stop_in_the_middle_neither_loses_nor_doubles_anything() {
    let works = Works::new().await;
    let house = &works.house;
    let mia = promised(house).await;
    let all = tickets(&works, &mia, 6).await;
    house.pass(DAY);
    // One is stopped after a part of the tickets, and one after a part of what follows.
    let options = WorkOptions { digest_window: Duration::ZERO, per_lane: 6, ..WorkOptions::default() };
    for _ in 0..3 {
        house.desk.workers(options.clone()).run_due(2).await.unwrap();
    }
    works.work().await;
    house.pass(6);
    // One takes all that is to be written and is lost.
    let store = house.desk.store();
    let now = house.desk.now();
    let claim = Claim {
        worker: WorkerId(house.desk.ids().uuid(now)),
        now,
        until: now + TimeDelta::minutes(1),
        room: 100,
        rooms: BTreeMap::new(),
        limit: 100,
    };
    let lost = store.claim_jobs(&claim).await.unwrap();
    assert!(lost.iter().all(|job| job.kind == JobKind::LateMail) && lost.len() == 12, "{lost:?}");
    assert_eq!(works.mails().await, []);
    house.pass(2);
    assert_eq!(store.free_jobs(house.desk.now(), 100).await.unwrap(), lost.len() as u64);
    // Several workers are there again, side by side.
    let others = house.desk.workers(options);
    let (one, other) = tokio::join!(others.run_due(100), works.workers.run_due(100));
    assert!(one.unwrap() + other.unwrap() >= lost.len());
    let mails = works.mails().await;
    assert_eq!(addressees(&mails), ["amy@house.example", "mia@house.example"]);
    for mail in &mails {
        assert!(mail.subject.ends_with("(24)"), "{}", mail.subject);
        for ticket in &all {
            assert_eq!(mail.text.matches(&format!("* {}", ticket.number())).count(), 4);
        }
    }
}

#[tokio::test]
async fn what_comes_after_a_mail_waits_for_as_long_as_that_did() {
    let works = Works::new().await;
    let house = &works.house;
    promise(house, json!({"conditions": [{"field": "tags", "operator": "contains", "value": "gold"}]})).await;
    let mia = member(house, "mia", TeamRole::Member).await;
    let all = tickets(&works, &mia, 3).await;
    works.later(DAY).await;
    // What it promises is over long before it is promised.
    let gild = async |ticket: &TicketView| {
        let patch = TicketPatch { tags: Patch::Set(vec!["gold".to_owned()]), ..TicketPatch::default() };
        change(house, ticket, patch).await;
        works.work().await;
    };
    gild(&all[0]).await;
    assert_eq!(after(&works, 3).await, []);
    gild(&all[1]).await;
    let both = after(&works, 2).await;
    assert_eq!(addressees(&both), ["amy@house.example", "mia@house.example"]);
    assert!(both.iter().all(|mail| mail.subject.ends_with("(4)")), "{both:?}");
    works.later(1).await;
    gild(&all[2]).await;
    assert_eq!(after(&works, 2).await, [], "that the second has waited does not count for the third");
    let third = after(&works, 3).await;
    assert_eq!(addressees(&third), ["amy@house.example", "mia@house.example"]);
    assert!(third.iter().all(|mail| mail.subject.ends_with("(2)")), "{third:?}");
}

#[tokio::test]
async fn a_flood_is_one_mail_that_says_how_much_it_leaves_out() {
    let works = Works::new().await;
    let house = &works.house;
    promise(house, json!({"targets": {"medium": {"resolution": "4h"}}})).await;
    let mia = member(house, "mia", TeamRole::Member).await;
    // More than one commit takes along.
    for _ in 0..5 {
        tickets(&works, &mia, 101).await;
    }
    assert_eq!(addressees(&after(&works, DAY).await), Vec::<&str>::new());
    let mails = after(&works, 5).await;
    assert_eq!(addressees(&mails), ["amy@house.example", "mia@house.example"]);
    for mail in mails {
        assert_eq!(mail.subject, "Late news of tickets (505)");
        assert_eq!(mail.text.matches("Resolution overdue").count(), 100);
        assert!(mail.text.contains("And 405 more.") && mail.html.contains("And 405 more."));
        assert!(mail.html.len() < 100 * 1024, "mail programs clip more: {}", mail.html.len());
    }
}

#[tokio::test]
async fn whoever_can_not_be_reached_or_has_left_gets_none() {
    let works = Works::new().await;
    let house = &works.house;
    let mia = promised(house).await;
    works.mailer.refuse("amy@house.example", MailError::Address("550 no such user".into()));
    tickets(&works, &mia, 1).await;
    // The first one is refused, and with it the address is known.
    assert_eq!(addressees(&after(&works, 61).await), ["mia@house.example"]);
    house.pass(DAY);
    works.work().await;
    let gone = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    house.desk.update_user(&house.admin, id(&mia), gone, None).await.unwrap();
    assert_eq!(addressees(&after(&works, 5).await), Vec::<&str>::new());
    let dead = works.jobs(JobKind::Mail, JobState::Dead).await;
    let why: Vec<_> = dead.iter().filter_map(|job| job.last_error.as_deref()).collect();
    assert_eq!(why.len(), 2);
    assert!(why.iter().any(|why| why.contains("can't be reached")), "{why:?}");
    assert_eq!(works.jobs(JobKind::LateNews, JobState::Ready).await, []);
}
