//! Tickets that go into others, and come out again.

use crate::house::{House, code, id, key, person};
use serde_json::{Value, json};
use ticketing_core::Actor;
use ticketing_core::desk::{NewComment, NewLink, NewMerge, NewTicket, Requester, TicketPatch, UserPatch};
use ticketing_core::ids::TicketId;
use ticketing_core::input::Patch;
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{LinkKind, Role, Status};

fn into(target: &TicketView) -> NewMerge {
    NewMerge { into: key(target), confirm_other_customer: false }
}

fn confirmed(target: &TicketView) -> NewMerge {
    NewMerge { confirm_other_customer: true, ..into(target) }
}

fn status(status: Status) -> TicketPatch {
    TicketPatch { status: Patch::Set(status), ..TicketPatch::default() }
}

/// All that staff see of a ticket, less what every commit changes.
async fn whole(house: &House, ticket: TicketId) -> Value {
    let (desk, admin, key) = (&house.desk, &house.admin, &ticket.into());
    let mut seen = json!(desk.ticket(admin, key).await.unwrap());
    for moving in ["version", "updated_at"] {
        seen.as_object_mut().unwrap().remove(moving);
    }
    let watchers = desk.watchers(admin, key, None, 100).await.unwrap().items;
    let mut links = json!(desk.links(admin, key).await.unwrap());
    for link in links.as_array_mut().unwrap() {
        // What the other end is like is the other end's.
        link["ticket"]["status"] = Value::Null;
    }
    json!({ "ticket": seen, "comments": desk.comments(admin, key, None, 100).await.unwrap().items,
        "watchers": watchers, "links": links })
}

async fn said(house: &House, actor: &Actor, ticket: &TicketView) -> Vec<String> {
    let page = house.desk.comments(actor, &key(ticket), None, 100).await.unwrap();
    page.items.into_iter().map(|comment| comment.body).collect()
}

#[tokio::test]
async fn a_merged_ticket_is_closed_and_its_words_go_with_it() {
    let house = House::new().await;
    let (desk, source, target) = (&house.desk, house.ticket().await, house.ticket().await);
    desk.add_comment(&house.customer, &key(&source), NewComment::public("one")).await.unwrap();
    desk.add_comment(&house.agent, &key(&source), NewComment::internal("note")).await.unwrap();
    desk.watch_ticket(&house.agent, &key(&source), id(&house.manager)).await.unwrap();
    house.pass(1);
    let merged = desk.merge_ticket(&house.agent, &key(&source), into(&target)).await.unwrap();
    assert_eq!((merged.id(), merged.version()), (target.id(), 2));
    let seen = desk.ticket(&house.customer, &key(&source)).await.unwrap();
    assert_eq!((seen.public().status, seen.public().merged_into), (Status::Closed, Some(target.id())));
    assert_eq!(seen.public().closed_at, Some(desk.now()));
    assert_eq!(said(&house, &house.admin, &target).await, ["one", "note"]);
    assert_eq!(said(&house, &house.customer, &target).await, ["one"], "a note stays a note");
    assert!(said(&house, &house.admin, &source).await.is_empty());
    let listening = desk.watchers(&house.agent, &key(&target), None, 10).await.unwrap();
    assert_eq!(listening.items[0].user.id, Some(id(&house.manager)));
    let told = house.told(&house.customer, &source).await;
    assert_eq!(told[told.len() - 3..], ["ticket.merged", "ticket.status_changed", "ticket.closed"]);
    assert_eq!(house.told(&house.customer, &target).await, ["ticket.created", "ticket.merged"]);
    assert_eq!(
        code(desk.update_ticket(&house.agent, &key(&source), status(Status::Open), None).await),
        "ticket_merged"
    );
    let watch = desk.watch_ticket(&house.agent, &key(&source), id(&house.admin)).await;
    assert!(watch.unwrap_err().to_string().contains(&target.id().to_string()), "it names the target");
    let later = desk.add_comment(&house.customer, &key(&source), NewComment::public("two")).await.unwrap();
    assert_eq!(later.ticket_id, target.id(), "what is said on it lands on the target");
}

#[tokio::test]
async fn what_does_not_fit_together_is_not_merged() {
    let house = House::new().await;
    let (desk, agent) = (&house.desk, &house.agent);
    let (a, b, c) = (house.ticket().await, house.ticket().await, house.ticket().await);
    let foreign = desk.create_ticket(&house.stranger, NewTicket::new("Mine", "Mine alone.")).await.unwrap();
    assert_eq!(code(desk.merge_ticket(agent, &key(&a), into(&a)).await), "invalid");
    assert_eq!(code(desk.merge_ticket(&house.customer, &key(&a), into(&b)).await), "forbidden");
    assert_eq!(code(desk.merge_ticket(&house.stranger, &key(&a), into(&b)).await), "not_found");
    assert_eq!(code(desk.merge_ticket(agent, &key(&a), into(&foreign)).await), "other_customer");
    desk.update_ticket(agent, &key(&b), status(Status::Closed), None).await.unwrap();
    assert_eq!(code(desk.merge_ticket(agent, &key(&a), into(&b)).await), "target_closed");
    desk.merge_ticket(agent, &key(&a), into(&c)).await.unwrap();
    assert_eq!(code(desk.merge_ticket(agent, &key(&a), into(&foreign)).await), "ticket_merged");
    assert_eq!(code(desk.merge_ticket(agent, &key(&foreign), confirmed(&a)).await), "target_merged");
    assert_eq!(code(desk.unmerge_ticket(agent, &key(&c)).await), "not_merged");
    let theirs = NewTicket { team_id: Some(house.billing), ..NewTicket::new("Team", "Of billing") };
    let theirs = desk.create_ticket(&house.admin, theirs).await.unwrap();
    let hidden = desk.merge_ticket(&house.outsider, &key(&c), confirmed(&theirs)).await;
    assert_eq!(code(hidden), "invalid", "what one may not see is no target");
}

#[tokio::test]
async fn nobody_gets_to_see_what_was_another_customers() {
    let house = House::new().await;
    let (desk, admin) = (&house.desk, &house.admin);
    let source = desk.create_ticket(&house.stranger, NewTicket::new("Mine", "Mine alone.")).await.unwrap();
    let target = house.ticket().await;
    desk.add_comment(&house.stranger, &key(&source), NewComment::public("canary one")).await.unwrap();
    desk.watch_ticket(admin, &key(&source), id(&house.stranger)).await.unwrap();
    desk.watch_ticket(admin, &key(&source), id(&house.manager)).await.unwrap();
    let before = whole(&house, source.id()).await;
    desk.merge_ticket(admin, &key(&source), confirmed(&target)).await.unwrap();
    let answer = desk.add_comment(&house.stranger, &key(&source), NewComment::public("canary two")).await.unwrap();
    assert_eq!((answer.ticket_id, answer.is_internal), (source.id(), false), "its author hears of the own ticket");
    assert_eq!(said(&house, admin, &target).await, ["canary one", "canary two"]);
    let mut seen = json!(desk.comments(&house.customer, &key(&target), None, 99).await.unwrap().items).to_string();
    seen += &json!(desk.timeline(&house.customer, &key(&target), None, 99).await.unwrap().items).to_string();
    seen += &json!(desk.events(&house.customer, ticketing_core::ids::Seq(0), 99).await.unwrap().items).to_string();
    assert!(!seen.contains("canary") && !seen.contains(&source.id().to_string()), "{seen}");
    let listening = desk.watchers(admin, &key(&target), None, 10).await.unwrap().items;
    assert_eq!(listening.len(), 1, "only who may see the target listens to it");
    desk.unmerge_ticket(admin, &key(&source)).await.unwrap();
    assert_eq!(whole(&house, source.id()).await, before);
    assert_eq!(said(&house, &house.stranger, &source).await, ["canary one"], "public again");
    assert_eq!(said(&house, admin, &target).await, ["canary two"], "what was said since stays");
}

#[tokio::test]
async fn those_listen_to_the_target_who_may_see_it_and_have_not_left() {
    let house = House::new().await;
    let (desk, admin) = (&house.desk, &house.admin);
    let colleague = person(desk, Role::Customer, "carl", Some(house.acme)).await;
    let gone = person(desk, Role::Agent, "gil", None).await;
    let moved = person(desk, Role::Customer, "mona", Some(house.acme)).await;
    let source = house.ticket().await;
    let listeners =
        [&house.agent, &house.outsider, &house.manager, &house.customer, &colleague, &house.stranger, &gone, &moved];
    for listener in [&house.agent, &house.outsider, &house.manager, &house.customer, &colleague, &gone, &moved] {
        desk.watch_ticket(admin, &key(&source), id(listener)).await.unwrap();
    }
    let target = NewTicket { team_id: Some(house.billing), ..NewTicket::new("The same", "Again.") };
    let target = NewTicket { requester: Requester::User(id(&house.customer)), ..target };
    let target = desk.create_ticket(admin, target).await.unwrap();
    desk.watch_ticket(admin, &key(&target), id(&house.manager)).await.unwrap();
    let off = UserPatch { is_active: Patch::Set(false), ..UserPatch::default() };
    desk.update_user(admin, id(&gone), off, None).await.unwrap();
    let away = UserPatch { organization_id: Patch::Set(None), ..UserPatch::default() };
    desk.update_user(admin, id(&moved), away, None).await.unwrap();
    house.pass(1);
    desk.merge_ticket(admin, &key(&source), into(&target)).await.unwrap();
    let listening = async || {
        let page = desk.watchers(admin, &key(&target), None, 100).await.unwrap();
        let found: Vec<_> = page.items.into_iter().filter_map(|watcher| watcher.user.id).collect();
        listeners.iter().map(|listener| found.contains(&id(listener))).collect::<Vec<_>>()
    };
    // The outsider is of another team, the stranger never listened, and two may not see it any more.
    assert_eq!(listening().await, [true, false, true, true, true, false, false, false]);
    desk.unmerge_ticket(admin, &key(&source)).await.unwrap();
    let only_who_listened_before = [false, false, true, false, false, false, false, false];
    assert_eq!(listening().await, only_who_listened_before);
}

#[tokio::test]
async fn chains_are_flat_and_come_apart_link_by_link() {
    let house = House::new().await;
    let (desk, agent) = (&house.desk, &house.agent);
    let (a, b, c) = (house.ticket().await, house.ticket().await, house.ticket().await);
    let goes_to = async |ticket: &TicketView| desk.ticket(agent, &key(ticket)).await.unwrap().public().merged_into;
    for ticket in [&a, &b, &c] {
        let word = NewComment::public(format!("of {}", ticket.number()));
        desk.add_comment(agent, &key(ticket), word).await.unwrap();
    }
    desk.merge_ticket(agent, &key(&a), into(&b)).await.unwrap();
    desk.merge_ticket(agent, &key(&b), into(&c)).await.unwrap();
    assert_eq!((goes_to(&a).await, goes_to(&b).await), (Some(c.id()), Some(c.id())));
    assert_eq!(said(&house, agent, &c).await.len(), 3);
    desk.unmerge_ticket(agent, &key(&a)).await.unwrap();
    assert_eq!((goes_to(&a).await, goes_to(&b).await), (None, Some(c.id())));
    assert_eq!(said(&house, agent, &a).await, [format!("of {}", a.number())]);
    // By another way into the same ticket: b no longer has a claim on it.
    desk.merge_ticket(agent, &key(&a), into(&c)).await.unwrap();
    desk.unmerge_ticket(agent, &key(&b)).await.unwrap();
    assert_eq!((goes_to(&a).await, goes_to(&b).await), (Some(c.id()), None));
    assert_eq!(said(&house, agent, &b).await, [format!("of {}", b.number())]);
    assert_eq!(said(&house, agent, &c).await.len(), 2);
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// One random step; many are refused, which is a part of it.
async fn step(house: &House, tickets: &[TicketView], people: &[Actor], dice: &mut Dice) {
    let desk = &house.desk;
    let one = key(&tickets[dice.below(tickets.len())]);
    let other = &tickets[dice.below(tickets.len())];
    let somebody = &people[dice.below(people.len())];
    match dice.below(9) {
        0 | 1 => drop(desk.add_comment(somebody, &one, NewComment::public("word")).await),
        2 => drop(desk.add_comment(&house.admin, &one, NewComment::internal("note")).await),
        3 => drop(desk.watch_ticket(&house.admin, &one, id(somebody)).await),
        4 => drop(desk.unwatch_ticket(&house.admin, &one, id(somebody)).await),
        5 => {
            let kind = LinkKind::ALL[dice.below(LinkKind::ALL.len())];
            drop(desk.link_tickets(&house.admin, &one, NewLink { ticket: key(other), kind }).await);
        }
        6 => {
            let patch = TicketPatch { ignore_blockers: true, ..status(Status::ALL[dice.below(Status::ALL.len())]) };
            drop(desk.update_ticket(&house.admin, &one, patch, None).await);
        }
        7 => drop(desk.merge_ticket(&house.admin, &one, confirmed(other)).await),
        _ => drop(desk.unmerge_ticket(&house.admin, &one).await),
    }
    house.pass(1);
}

#[tokio::test]
async fn an_unmerged_ticket_is_as_it_was_whatever_came_before() {
    let mut tried = 0;
    for seed in 0..25 {
        let house = House::new().await;
        let colleague = person(&house.desk, Role::Customer, "carl", Some(house.acme)).await;
        let people =
            [house.customer.clone(), house.stranger.clone(), colleague, house.agent.clone(), house.manager.clone()];
        let mut tickets = Vec::new();
        for place in 0..5 {
            let new = NewTicket::new(format!("Ticket {place}"), "x");
            tickets.push(house.desk.create_ticket(&people[place % 3], new).await.unwrap());
        }
        let mut dice = Dice(seed);
        for _ in 0..12 {
            for _ in 0..6 {
                step(&house, &tickets, &people, &mut dice).await;
            }
            let source = &tickets[dice.below(tickets.len())];
            let target = &tickets[dice.below(tickets.len())];
            let mut before = Vec::new();
            for ticket in &tickets {
                before.push(whole(&house, ticket.id()).await);
            }
            if house.desk.merge_ticket(&house.admin, &key(source), confirmed(target)).await.is_err() {
                continue;
            }
            assert_ne!(whole(&house, source.id()).await, before[tickets.iter().position(|t| t == source).unwrap()]);
            house.desk.unmerge_ticket(&house.admin, &key(source)).await.unwrap();
            for (ticket, before) in tickets.iter().zip(&before) {
                assert_eq!(whole(&house, ticket.id()).await, *before, "seed {seed}");
            }
            tried += 1;
        }
    }
    assert!(tried > 40, "{tried} merges were undone");
}
