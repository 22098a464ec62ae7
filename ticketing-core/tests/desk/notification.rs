//! What people are told on the desk: who, of what, once, and only of what they may see.

use crate::house::{House, code, id, key, person};
use crate::work::Works;
use chrono::TimeDelta;
use serde_json::json;
use std::time::Duration;
use ticketing_core::access::Actor;
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::desk::{
    Assignment, Escalation, NewComment, NewMember, NewTicket, NotificationList, NotificationView, ReadAll, Requester,
    TicketPatch,
};
use ticketing_core::ids::NotificationId;
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::NotificationKind::{self, CommentAdded, Mention};
use ticketing_core::model::view::{CommentView, TicketView};
use ticketing_core::model::{Role, Status, TeamRole};

/// Stands in what is for staff alone.
const NOTED: &str = "wendehals";

/// Everybody around one ticket of the billing team: Cleo asks, Amy answers and leads the team, Mia is a member, Max and
/// Cleo's colleague Carl listen.
struct Scene {
    house: House,
    mia: Actor,
    carl: Actor,
    ticket: TicketView,
}

impl Scene {
    async fn set() -> Self {
        Self::of(House::new().await).await
    }

    async fn of(house: House) -> Self {
        let mia = person(&house.desk, Role::Agent, "mia", None).await;
        let member = NewMember::new(id(&mia), TeamRole::Member);
        house.desk.add_member(&house.system, house.billing, member).await.unwrap();
        let mia = house.desk.actor_of(id(&mia), None).await.unwrap();
        let carl = person(&house.desk, Role::Customer, "carl", Some(house.acme)).await;
        let new = NewTicket {
            requester: Requester::User(id(&house.customer)),
            team_id: Some(house.billing),
            assigned_agent_id: Some(id(&house.agent)),
            ..NewTicket::new("Refund", "Where is it?")
        };
        let ticket = house.desk.create_ticket(&house.admin, new).await.unwrap();
        Self { house, mia, carl, ticket }
    }

    /// The same with listeners, and nothing unread.
    async fn listened() -> Self {
        let scene = Self::set().await;
        for listener in [&scene.house.manager, &scene.carl] {
            scene.house.desk.watch_ticket(&scene.house.admin, &key(&scene.ticket), id(listener)).await.unwrap();
        }
        scene.news().await;
        scene
    }

    fn everybody(&self) -> [(&'static str, &Actor); 8] {
        let house = &self.house;
        [
            ("ada", &house.admin),
            ("amy", &house.agent),
            ("carl", &self.carl),
            ("cleo", &house.customer),
            ("max", &house.manager),
            ("mia", &self.mia),
            ("otto", &house.outsider),
            ("sam", &house.stranger),
        ]
    }

    /// What everybody was told since the last look, by name; all of it is read then, and a minute passes.
    async fn news(&self) -> Vec<(&'static str, NotificationKind)> {
        let mut news = Vec::new();
        for (name, actor) in self.everybody() {
            let mut kinds: Vec<NotificationKind> =
                unread(&self.house, actor).await.iter().map(|one| one.kind).collect();
            kinds.sort_unstable();
            news.extend(kinds.into_iter().map(|kind| (name, kind)));
            assert_eq!(self.house.desk.read_notifications(actor, ReadAll::default()).await.unwrap(), 0);
        }
        self.house.pass(1);
        news
    }

    async fn say(&self, actor: &Actor, input: NewComment) -> CommentView {
        self.house.desk.add_comment(actor, &key(&self.ticket), input).await.unwrap()
    }

    async fn set_status(&self, actor: &Actor, status: Status) {
        let patch = TicketPatch { status: Patch::Set(status), ..TicketPatch::default() };
        self.house.desk.update_ticket(actor, &key(&self.ticket), patch, None).await.unwrap();
    }
}

async fn listed(house: &House, actor: &Actor, list: NotificationList) -> Vec<NotificationView> {
    house.desk.notifications(actor, list, None, 100).await.unwrap().items
}

async fn unread(house: &House, actor: &Actor) -> Vec<NotificationView> {
    listed(house, actor, NotificationList { unread: true, ..NotificationList::default() }).await
}

async fn all(house: &House, actor: &Actor) -> Vec<NotificationView> {
    listed(house, actor, NotificationList::default()).await
}

fn each(names: &[&'static str], kind: NotificationKind) -> Vec<(&'static str, NotificationKind)> {
    names.iter().map(|name| (*name, kind)).collect()
}

#[tokio::test]
async fn everybody_hears_of_what_concerns_them_and_of_no_own_act() {
    use NotificationKind::{Escalation as Up, StatusChanged, TicketAssigned, TicketCreated};
    let scene = Scene::set().await;
    let (house, ticket) = (&scene.house, key(&scene.ticket));
    let made = [("amy", TicketCreated), ("amy", TicketAssigned), ("cleo", TicketCreated), ("mia", TicketCreated)];
    assert_eq!(scene.news().await, made, "Ada has made it");
    for listener in [&house.manager, &scene.carl] {
        house.desk.watch_ticket(&house.admin, &ticket, id(listener)).await.unwrap();
    }
    assert_eq!(scene.news().await, []);
    scene.set_status(&house.agent, Status::InProgress).await;
    assert_eq!(scene.news().await, each(&["carl", "cleo", "max", "mia"], StatusChanged));
    scene.say(&house.customer, NewComment::public("Still nothing.")).await;
    assert_eq!(scene.news().await, each(&["amy", "carl", "max", "mia"], CommentAdded));
    scene.say(&house.agent, NewComment::internal(NOTED)).await;
    assert_eq!(scene.news().await, each(&["max", "mia"], CommentAdded), "notes are for staff");
    let to = Assignment { agent_id: Patch::Set(Some(id(&scene.mia))), ..Assignment::default() };
    house.desk.assign_ticket(&house.admin, &ticket, to, None).await.unwrap();
    assert_eq!(scene.news().await, [("mia", TicketAssigned)]);
    let up = Escalation::from_json(json!({"reason": NOTED})).unwrap();
    house.desk.escalate_ticket(&house.admin, &ticket, up, None).await.unwrap();
    assert_eq!(scene.news().await, each(&["amy", "max", "mia"], Up), "levels are for staff");
    let to = Assignment { agent_id: Patch::Set(None), ..Assignment::default() };
    house.desk.assign_ticket(&house.admin, &ticket, to, None).await.unwrap();
    assert_eq!(scene.news().await, [], "taking it from somebody is no news");
    for (_, actor) in scene.everybody() {
        for one in all(house, actor).await {
            let holds = format!("{} {}", one.title, one.message).contains(NOTED);
            assert!(!holds || actor.is_staff(), "{one:?}");
            assert_eq!(one.ticket_number.as_ref(), Some(scene.ticket.number()));
        }
    }
}

#[tokio::test]
async fn who_asks_for_oneself_is_not_told_that_it_has_arrived() {
    let house = &House::new().await;
    let own = house.desk.create_ticket(&house.customer, NewTicket::new("Own", "Text.")).await.unwrap();
    assert_eq!(all(house, &house.customer).await, []);
    // A ticket that nobody is told of needs no look at the store, and one of no team has no other readers.
    let up = Escalation::from_json(json!({"reason": "Now"})).unwrap();
    house.desk.escalate_ticket(&house.admin, &key(&own), up, None).await.unwrap();
    assert_eq!(all(house, &house.customer).await, []);
}

#[tokio::test]
async fn texts_are_in_the_readers_language() {
    let scene = Scene::listened().await;
    let german = ticketing_core::desk::UserPatch { locale: Patch::Set(Some("de-AT".into())), ..Default::default() };
    scene.house.desk.update_user(&scene.house.admin, id(&scene.house.customer), german, None).await.unwrap();
    scene.set_status(&scene.house.agent, Status::Pending).await;
    scene.say(&scene.house.agent, NewComment::public("Wait\nfor it.")).await;
    let number = scene.ticket.number();
    let told = unread(&scene.house, &scene.house.customer).await;
    let texts: Vec<_> = told.iter().map(|one| (one.title.as_str(), one.message.as_str())).collect();
    let status = format!("{number} · Status geändert von „Offen“ zu „Wartet auf Antwort“");
    assert_eq!(texts, [(&*format!("{number} · Neue Antwort"), "Refund · Wait for it."), (&*status, "Refund")]);
    let told = unread(&scene.house, &scene.mia).await;
    assert_eq!(told[0].title, format!("{number} · New reply"));
}

#[tokio::test]
async fn wishes_are_heard() {
    let scene = Scene::listened().await;
    let house = &scene.house;
    let wish = async |actor: &Actor, wish| house.desk.set_notice_preferences(actor, &wish).await.unwrap();
    wish(&house.customer, json!({"comment_added": {"own": ["email"]}})).await;
    wish(&house.manager, json!({"comment_added": {"watched": []}, "mention": {"own": ["in_app"]}})).await;
    wish(&scene.mia, json!({"status_changed": {"team": []}})).await;
    scene.say(&house.agent, NewComment::public("Hm.")).await;
    assert_eq!(scene.news().await, each(&["carl", "mia"], CommentAdded));
    scene.say(&house.agent, NewComment::public("@max@house.example ?")).await;
    let mut told = scene.news().await;
    told.retain(|(name, _)| *name == "max");
    assert_eq!(told, [("max", Mention)]);
    scene.set_status(&house.agent, Status::Pending).await;
    assert_eq!(scene.news().await, each(&["carl", "cleo", "max"], NotificationKind::StatusChanged));
}

#[tokio::test]
async fn many_of_a_kind_within_seconds_are_one() {
    let scene = Scene::listened().await;
    let house = &scene.house;
    for word in ["one", "two", "three"] {
        scene.say(&house.customer, NewComment::public(word)).await;
        house.clock.advance(TimeDelta::seconds(9));
    }
    let told = unread(house, &house.agent).await;
    assert_eq!((told.len(), told[0].count, told[0].message.as_str()), (1, 3, "Refund · three"));
    assert!(told[0].updated_at > told[0].created_at);
    // What was read takes no more, however soon something follows.
    house.desk.read_notification(&house.agent, told[0].id).await.unwrap();
    scene.say(&house.customer, NewComment::public("four")).await;
    let told = all(house, &house.agent).await;
    assert_eq!((told[0].count, told[0].message.as_str(), told[1].count), (1, "Refund · four", 3));
    house.clock.advance(TimeDelta::seconds(11));
    scene.say(&house.customer, NewComment::public("five")).await;
    assert_eq!(house.desk.unread_count(&house.agent).await.unwrap(), 2);
}

#[tokio::test]
async fn closing_reads_what_was_told_before_but_not_that_it_is_closed() {
    let scene = Scene::listened().await;
    let house = &scene.house;
    scene.say(&house.agent, NewComment::public("Done.")).await;
    scene.set_status(&house.agent, Status::Resolved).await;
    let elsewhere = house.desk.create_ticket(
        &house.manager,
        NewTicket { requester: Requester::User(id(&house.customer)), ..NewTicket::new("Other", "Text.") },
    );
    elsewhere.await.unwrap();
    assert_eq!(house.desk.unread_count(&house.customer).await.unwrap(), 3);
    scene.set_status(&house.admin, Status::Closed).await;
    let told: Vec<_> = unread(house, &house.customer).await.iter().map(|one| (one.kind, one.count)).collect();
    assert_eq!(told, [(NotificationKind::StatusChanged, 1), (NotificationKind::TicketCreated, 1)]);
    let told: Vec<_> = unread(house, &house.manager).await.iter().map(|one| (one.kind, one.count)).collect();
    assert_eq!(told, [(NotificationKind::StatusChanged, 1)]);
}

#[tokio::test]
async fn everybody_reads_ones_own() {
    let scene = Scene::listened().await;
    let house = &scene.house;
    let other = house.desk.create_ticket(
        &house.manager,
        NewTicket {
            requester: Requester::User(id(&house.customer)),
            assigned_agent_id: Some(id(&house.agent)),
            ..NewTicket::new("Other", "Text.")
        },
    );
    let other = other.await.unwrap();
    scene.say(&house.customer, NewComment::public("Please.")).await;
    let told = unread(house, &house.agent).await;
    assert_eq!(told.len(), 3);
    assert_eq!(code(house.desk.read_notification(&house.customer, told[0].id).await), "not_found");
    let nobodys = NotificationId(uuid::Uuid::nil());
    assert_eq!(code(house.desk.read_notification(&house.agent, nobodys).await), "not_found");
    assert_eq!(code(house.desk.unread_count(&house.system).await), "forbidden");
    assert_eq!(unread(house, &house.agent).await, told);

    // Opening a ticket reads what was told of it, to the one who opens it.
    house.desk.read_notifications_of(&house.agent, &key(&scene.ticket)).await.unwrap();
    assert_eq!(unread(house, &house.agent).await, told[1..]);
    assert_eq!(house.desk.unread_count(&scene.mia).await.unwrap(), 1);
    let hidden = house.desk.read_notifications_of(&house.outsider, &key(&scene.ticket)).await;
    assert_eq!(code(hidden), "not_found");
    let all_of_it = ReadAll { ticket: Some(other.number().as_str().parse().unwrap()) };
    assert_eq!(house.desk.read_notifications(&house.agent, all_of_it).await.unwrap(), 0);
    let first = all(house, &house.agent).await;
    house.pass(1);
    house.desk.read_notification(&house.agent, first[0].id).await.unwrap();
    assert_eq!(all(house, &house.agent).await, first, "it was read when it was read");

    let about = |ticket| NotificationList { ticket: Some(ticket), ..NotificationList::default() };
    assert_eq!(listed(house, &house.agent, about(key(&other))).await.len(), 2);
    let by_number = about("TKT-222222".parse().unwrap());
    assert_eq!(listed(house, &house.agent, by_number.clone()).await, [], "there is no such ticket");
    assert_eq!(house.desk.notification_count(&house.agent, by_number).await.unwrap(), 0);
}

#[tokio::test]
async fn staff_mention_whoever_may_read_it() {
    let scene = Scene::listened().await;
    let house = &scene.house;
    let text = "@MAX@house.example, @mia@house.example. What of @cleo@house.example?";
    let said = scene.say(&house.agent, NewComment::public(text)).await;
    assert_eq!(said.warnings, []);
    let told = [("carl", CommentAdded), ("cleo", Mention), ("max", Mention), ("mia", Mention)];
    assert_eq!(scene.news().await, told);
    // Ada does not listen, and does not from then on.
    scene.say(&house.agent, NewComment::internal("@ada@house.example @amy@house.example")).await;
    assert_eq!(scene.news().await[0], ("ada", Mention));
    scene.say(&house.agent, NewComment::internal("Hm.")).await;
    assert!(scene.news().await.iter().all(|(name, _)| *name != "ada"));
    let warned: Vec<_> = ["@otto@house.example", "@sam@house.example", "@nobody@house.example"]
        .into_iter()
        .map(|name| (name, false))
        .chain([("@cleo@house.example", true)])
        .collect();
    let mut answers = Vec::new();
    for (name, is_internal) in warned {
        let said =
            scene.say(&house.agent, NewComment { is_internal, ..NewComment::public(format!("Ask {name}")) }).await;
        assert_eq!(said.warnings.len(), 1, "{name}");
        answers.push(json!(said.warnings));
        let told = scene.news().await;
        assert!(told.iter().all(|(_, kind)| *kind == CommentAdded), "{name}: {told:?}");
        assert!(told.iter().all(|(name, _)| !["otto", "sam"].contains(name)), "{told:?}");
        assert!(!is_internal || told.iter().all(|(name, _)| *name != "cleo"), "{told:?}");
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "they do not tell who is there: {answers:?}");
}

#[tokio::test]
async fn customers_mention_whom_they_meet_and_are_never_warned() {
    let scene = Scene::listened().await;
    let house = &scene.house;
    let ask = async |name: &str| {
        let said = scene.say(&house.customer, NewComment::public(format!("@{name}@house.example?"))).await;
        assert_eq!(said.warnings, []);
        scene.news().await
    };
    let plain = each(&["amy", "carl", "max", "mia"], CommentAdded);
    for name in ["mia", "max", "otto", "nobody", "carl"] {
        assert_eq!(ask(name).await, plain, "{name} has said nothing that Cleo sees");
    }
    scene.say(&scene.mia, NewComment::internal("I know.")).await;
    scene.news().await;
    assert_eq!(ask("mia").await, plain);
    scene.say(&scene.mia, NewComment::public("I know.")).await;
    scene.news().await;
    let told = ask("mia").await;
    assert_eq!(told.iter().filter(|(_, kind)| *kind == Mention).collect::<Vec<_>>(), [&("mia", Mention)]);
}

#[tokio::test]
async fn whom_one_may_mention_is_suggested() {
    let scene = Scene::listened().await;
    let house = &scene.house;
    scene.say(&house.agent, NewComment::public("Hello.")).await;
    scene.say(&scene.mia, NewComment::internal("Hm.")).await;
    let ask = async |actor: &Actor, beginning: &str| {
        let found = house.desk.mentionable(actor, &key(&scene.ticket), beginning).await.unwrap();
        found.into_iter().map(|person| person.name).collect::<Vec<_>>()
    };
    assert_eq!(ask(&house.agent, "").await, ["ada", "carl", "cleo", "max", "mia"], "Otto and Sam do not see it");
    assert_eq!(ask(&house.agent, "M").await, ["max", "mia"]);
    assert_eq!(ask(&house.agent, "cleo@house.ex").await, ["cleo"]);
    assert_eq!(ask(&house.agent, "house").await, Vec::<String>::new(), "no part but the beginning");
    assert_eq!(ask(&scene.carl, "").await, ["cleo"], "no address of staff is given away");
    assert_eq!(ask(&house.customer, "").await, Vec::<String>::new(), "nobody is suggested themselves");
    let hidden = house.desk.mentionable(&house.stranger, &key(&scene.ticket), "").await;
    assert_eq!(code(hidden), "not_found");
    for number in 0..20 {
        person(&house.desk, Role::Manager, &format!("boss{number}"), None).await;
    }
    assert_eq!(ask(&house.agent, "boss").await.len(), 10);
}

#[tokio::test]
async fn what_a_rule_says_mentions_nobody() {
    let scene = Scene::listened().await;
    let house = &scene.house;
    let rule = json!({"name": "Echo", "trigger_type": "comment_added",
        "trigger_conditions": [{"field": "comment.is_internal", "operator": "equals", "value": false}],
        "actions": [{"type": "add_comment", "params": {"body": "{{comment.body}}", "is_internal": true}}]});
    let rule = ticketing_core::desk::NewWorkflow::from_json(rule).unwrap();
    house.desk.create_workflow(&house.admin, rule).await.unwrap();
    scene.say(&house.customer, NewComment::public("@max@house.example!")).await;
    let told = scene.news().await;
    assert!(told.iter().all(|(_, kind)| *kind == CommentAdded), "{told:?}");
    // What the caller did and what the rule did is one.
    let said = all(house, &house.manager).await;
    assert_eq!((said[0].count, said[0].title.ends_with("New internal note")), (2, true));
}

#[tokio::test]
async fn whoever_is_erased_was_told_nothing() {
    let scene = Scene::listened().await;
    let house = &scene.house;
    scene.say(&house.agent, NewComment::public("Hello.")).await;
    let query = ticketing_core::query::NotificationQuery::of(id(&house.customer), 9);
    assert!(!house.desk.store().notifications(&query).await.unwrap().is_empty());
    house.desk.erase_user(&house.admin, id(&house.customer)).await.unwrap();
    assert_eq!(house.desk.store().notifications(&query).await.unwrap(), []);
    // Who has left the desk is told nothing any more.
    scene.set_status(&house.agent, Status::Pending).await;
    assert_eq!(house.desk.store().notifications(&query).await.unwrap(), []);
}

#[tokio::test]
async fn what_was_read_is_forgotten_in_time_and_what_is_unread_stays() {
    let Works { house, .. } = Works::new().await;
    let scene = Scene::of(house).await;
    let house = &scene.house;
    house.desk.read_notifications(&house.agent, ReadAll::default()).await.unwrap();
    assert_eq!((all(house, &house.agent).await.len(), all(house, &scene.mia).await.len()), (2, 1));
    house.pass(60 * 24);
    let hour = Duration::from_hours(1);
    let workers = house.desk.workers(WorkOptions { notification_retention: hour, ..WorkOptions::default() });
    // Only some calls look for what is old.
    for _ in 0..2_000 {
        workers.run_due(1).await.unwrap();
    }
    assert_eq!((all(house, &house.agent).await.len(), all(house, &scene.mia).await.len()), (0, 1));
}
