//! Who is mailed about what.

use super::Works;
use crate::house::{House, code, id, key};
use serde_json::json;
use ticketing_core::desk::{
    Assignment, Escalation, Forgotten, NewComment, NewTicket, NewUser, PasswordReset, TicketPatch, UserPatch,
};
use ticketing_core::input::Patch;
use ticketing_core::model::{JobKind, JobState, NoticeChannel, NoticeKind, Relation, Role, Status};
use ticketing_core::port::MailError;

fn assigned(house: &House) -> Assignment {
    Assignment { agent_id: Patch::Set(Some(id(&house.agent))), team_id: Patch::Keep }
}

#[tokio::test]
async fn the_requester_hears_that_the_question_arrived_and_what_becomes_of_it() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let ticket = house.ticket().await;
    let mails = works.mails().await;
    assert_eq!(mails.len(), 1);
    let first = &mails[0];
    assert_eq!(first.to.address, "cleo@house.example");
    assert!(first.subject.contains(ticket.number().as_str()) && first.subject.contains("Cannot log in"));
    assert!(first.text.contains("/tickets/") && first.html.contains("/tickets/"));
    assert!(first.is_automatic && first.reply_to.as_ref().is_some_and(|to| to.address.starts_with("desk+")));

    desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Try again, please")).await.unwrap();
    let second = works.mails().await;
    assert_eq!(second.len(), 1);
    assert!(second[0].text.contains("Try again, please"));
    assert_ne!(second[0].message_id, first.message_id);
    assert_eq!(second[0].references, first.references, "one conversation");
    assert_eq!(second[0].reply_to, first.reply_to);

    let patch = TicketPatch { status: Patch::Set(Status::Resolved), ..TicketPatch::default() };
    desk.update_ticket(&house.agent, &key(&ticket), patch, None).await.unwrap();
    assert_eq!(works.addressees().await, ["cleo"]);
}

#[tokio::test]
async fn nobody_is_mailed_about_an_own_act_and_no_customer_of_a_note() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let ticket = house.ticket().await;
    desk.assign_ticket(&house.manager, &key(&ticket), assigned(house), None).await.unwrap();
    assert_eq!(works.addressees().await, ["amy", "cleo"]);
    desk.add_comment(&house.agent, &key(&ticket), NewComment::internal("canary: she is rude")).await.unwrap();
    assert_eq!(works.addressees().await, Vec::<String>::new());
    desk.add_comment(&house.manager, &key(&ticket), NewComment::internal("canary: be kind")).await.unwrap();
    let mails = works.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].to.address.starts_with("amy@") && mails[0].text.contains("canary: be kind"));
    desk.add_comment(&house.customer, &key(&ticket), NewComment::public("Anybody?")).await.unwrap();
    assert_eq!(works.addressees().await, ["amy"]);
    // A note and a public word at once: the customer hears of the word alone.
    desk.add_comment(&house.agent, &key(&ticket), NewComment::internal("canary again")).await.unwrap();
    desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Hello Cleo")).await.unwrap();
    let mails = works.mails().await;
    let to_customer: Vec<_> = mails.iter().filter(|mail| mail.to.address.starts_with("cleo@")).collect();
    assert_eq!(to_customer.len(), 1);
    assert!(!format!("{to_customer:?}").contains("canary") && to_customer[0].text.contains("Hello Cleo"));
}

#[tokio::test]
async fn escalation_reaches_the_team_s_leads() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let ticket = house.ticket().await;
    let team = Assignment { agent_id: Patch::Keep, team_id: Patch::Set(Some(house.billing)) };
    desk.assign_ticket(&house.manager, &key(&ticket), team, None).await.unwrap();
    works.mails().await;
    let escalation = Escalation { reason: "It burns".into(), to: None };
    desk.escalate_ticket(&house.manager, &key(&ticket), escalation, None).await.unwrap();
    let mails = works.mails().await;
    assert_eq!(mails.iter().map(|mail| mail.to.address.as_str()).collect::<Vec<_>>(), ["amy@house.example"]);
    assert!(mails[0].text.contains("It burns"));
}

#[tokio::test]
async fn what_happens_at_once_is_told_in_one_mail() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let ticket = house.ticket().await;
    works.mails().await;
    for word in ["First", "Second", "Third"] {
        desk.add_comment(&house.agent, &key(&ticket), NewComment::public(word)).await.unwrap();
    }
    let mails = works.mails().await;
    assert_eq!(mails.len(), 1);
    for word in ["First", "Second", "Third"] {
        assert!(mails[0].text.contains(word) && mails[0].html.contains(word), "{word}");
    }
    // A status that goes there and back is no news beside a word.
    for status in [Status::Pending, Status::InProgress, Status::Open] {
        let patch = TicketPatch { status: Patch::Set(status), ..TicketPatch::default() };
        desk.update_ticket(&house.agent, &key(&ticket), patch, None).await.unwrap();
    }
    desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Fourth")).await.unwrap();
    let mails = works.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("Fourth") && !mails[0].text.contains("Pending"), "{}", mails[0].text);
}

#[tokio::test]
async fn people_choose_what_they_are_mailed() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let none = json!({"comment_added": {"own": [], "watched": ["in_app"]}});
    let said = desk.set_notice_preferences(&house.customer, &none).await.unwrap();
    assert!(!said.wants(NoticeKind::CommentAdded, Relation::Own, NoticeChannel::Email));
    assert!(said.wants(NoticeKind::StatusChanged, Relation::Own, NoticeChannel::Email));
    assert_eq!(desk.notice_preferences(&house.customer).await.unwrap(), said);
    let ticket = house.ticket().await;
    assert_eq!(works.addressees().await, ["cleo"], "that it arrived is always told");
    desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Hi")).await.unwrap();
    assert_eq!(works.addressees().await, Vec::<String>::new());
    desk.set_notice_preferences(&house.customer, &json!({})).await.unwrap();
    desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Hi again")).await.unwrap();
    assert_eq!(works.addressees().await, ["cleo"]);
    let bad = json!({"nothing": {}, "comment_added": {"mine": [], "own": ["pigeon", 3], "team": "email"}});
    let refused = desk.set_notice_preferences(&house.customer, &bad).await;
    let mut fields = crate::house::fields(refused);
    fields.sort();
    assert_eq!(
        fields,
        ["comment_added.mine", "comment_added.own[0]", "comment_added.own[1]", "comment_added.team", "nothing"]
    );
}

#[tokio::test]
async fn team_members_are_mailed_only_where_they_ask_for_it() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let team_ticket = || NewTicket { team_id: Some(house.billing), ..NewTicket::new("Bill", "Too high") };
    desk.create_ticket(&house.manager, team_ticket()).await.unwrap();
    assert_eq!(works.addressees().await, ["max"], "the requester alone");
    desk.set_notice_preferences(&house.agent, &json!({"ticket_created": {"team": ["email"]}})).await.unwrap();
    desk.create_ticket(&house.manager, team_ticket()).await.unwrap();
    assert_eq!(works.addressees().await, ["amy", "max"]);
}

#[tokio::test]
async fn an_address_that_is_refused_gets_nothing_more_and_the_ticket_says_so() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    works.mailer.refuse("cleo@house.example", MailError::Address("550 5.1.1 <cleo@house.example>: unknown".into()));
    let ticket = house.ticket().await;
    assert_eq!(works.mails().await, []);
    let names = house.told(&house.agent, &ticket).await;
    assert!(names.contains(&"mail.failed"), "{names:?}");
    assert!(!house.told(&house.customer, &ticket).await.contains(&"mail.failed"));
    works.mailer.accept("cleo@house.example");
    desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Hi")).await.unwrap();
    assert_eq!(works.mails().await, [], "nobody writes there any more");
    let dead = works.jobs(JobKind::Mail, JobState::Dead).await;
    assert_eq!(dead.len(), 2);
    assert!(dead.iter().all(|job| job.last_error.as_ref().is_some_and(|why| why.contains("550 5.1.1"))), "{dead:?}");
    // Somebody who knows better has it tried again, and all is well from then on.
    desk.retry_job(&house.admin, dead[0].id).await.unwrap();
    assert_eq!(works.addressees().await, ["cleo"]);
    assert_eq!(code(desk.retry_job(&house.agent, dead[1].id).await), "forbidden");
    desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Hi")).await.unwrap();
    assert_eq!(works.addressees().await, ["cleo"]);
}

#[tokio::test]
async fn a_loop_is_held_back_and_shown() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let ticket = house.ticket().await;
    let mut sent = works.mails().await.len();
    for _ in 0..30 {
        desk.add_comment(&house.agent, &key(&ticket), NewComment::public("I am away")).await.unwrap();
        sent += works.mails().await.len();
    }
    assert_eq!(sent, 10);
    let names = house.told(&house.agent, &ticket).await;
    assert_eq!(names.iter().filter(|name| **name == "mail.held").count(), 1, "{names:?}");
    let dead = works.jobs(JobKind::Mail, JobState::Dead).await;
    assert_eq!(dead.len(), 21);
    assert!(dead[0].last_error.as_ref().is_some_and(|why| why.contains("10 mails")), "{:?}", dead[0].last_error);
    house.pass(11);
    desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Back again")).await.unwrap();
    assert_eq!(works.mails().await.len(), 1);
}

#[tokio::test]
async fn links_that_set_a_password_are_mailed_and_never_lie_open() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    desk.forgot_password(&house.system, Forgotten { email: "CLEO@house.example".into() }).await.unwrap();
    desk.forgot_password(&house.system, Forgotten { email: "nobody@house.example".into() }).await.unwrap();
    let waiting = works.jobs(JobKind::PasswordMail, JobState::Ready).await;
    assert_eq!(waiting.len(), 2, "known and unknown cost the same");
    let mails = works.mails().await;
    assert_eq!(mails.len(), 1);
    let link = mails[0].text.split_whitespace().find(|word| word.contains("/reset?token=")).expect("a link");
    let token = link.split_once("token=").unwrap().1.to_owned();
    let done = works.jobs(JobKind::PasswordMail, JobState::Done).await;
    assert_eq!(done.len(), 3, "two that were asked for and a letter");
    assert!(!format!("{done:?}").contains(&token));
    let reset = PasswordReset { token, password: "another good one".into() };
    desk.reset_password(&house.system, reset).await.unwrap();

    let new = NewUser { role: Role::Agent, ..NewUser::new("ina@house.example", "Ina") };
    desk.create_user(&house.admin, new).await.unwrap();
    let mails = works.mails().await;
    assert_eq!(mails.len(), 1);
    assert!(mails[0].to.address.starts_with("ina@") && mails[0].text.contains("/invite?token="));
    // Who has got many mails can still be mailed a link.
    let ticket = desk.create_ticket(&house.stranger, NewTicket::new("Sam asks", "Much")).await.unwrap();
    for _ in 0..9 {
        desk.add_comment(&house.agent, &key(&ticket), NewComment::public("Wait")).await.unwrap();
        works.work().await;
    }
    assert_eq!(works.mails().await.len(), 10);
    // Links are asked for by anybody: few of them are mailed.
    for _ in 0..10 {
        desk.forgot_password(&house.system, Forgotten { email: "sam@house.example".into() }).await.unwrap();
        works.work().await;
    }
    assert_eq!(works.mails().await.len(), 3);
}

#[tokio::test]
async fn mail_is_in_the_reader_s_language_and_carries_the_desk_s_name() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let patch = ticketing_core::desk::MePatch {
        locale: Patch::Set(Some("de-AT".into())),
        time_zone: Patch::Set(Some("Europe/Vienna".into())),
        ..ticketing_core::desk::MePatch::default()
    };
    desk.update_me(&house.customer, patch, None).await.unwrap();
    house.ticket().await;
    let mails = works.mails().await;
    assert!(mails[0].html.contains("lang=\"de"), "{}", mails[0].html);
    assert_eq!(mails[0].from.name.as_deref(), Some("Help desk"));
}

#[tokio::test]
async fn a_link_that_went_to_a_wrong_address_opens_nothing_once_that_is_mended() {
    let works = Works::new().await;
    let (house, desk) = (&works.house, &works.house.desk);
    let new = NewUser { role: Role::Agent, ..NewUser::new("ann@gmial.example", "Ann") };
    let ann = desk.create_user(&house.admin, new).await.unwrap();
    let link = |mail: &ticketing_core::port::Mail| {
        let word = mail.text.split_whitespace().find(|word| word.contains("token=")).unwrap();
        word.split_once("token=").unwrap().1.to_owned()
    };
    let wrong = link(&works.mails().await[0]);
    let patch = UserPatch { email: Patch::Set("ann@gmail.example".into()), ..UserPatch::default() };
    desk.update_user(&house.admin, ann.id, patch, None).await.unwrap();
    let mails = works.mails().await;
    assert_eq!(mails.len(), 1, "invited again");
    assert_eq!(mails[0].to.address, "ann@gmail.example");
    let reset = |token| PasswordReset { token, password: "another good one".into() };
    assert_eq!(crate::house::fields(desk.reset_password(&house.system, reset(wrong)).await), ["token"]);
    desk.reset_password(&house.system, reset(link(&mails[0]))).await.unwrap();
}
