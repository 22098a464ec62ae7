//! Tickets: made, seen, changed, assigned, escalated.

use crate::house::{House, code, fields, id, key, person};
use chrono::TimeDelta;
use serde_json::json;
use ticketing_core::Error;
use ticketing_core::condition::{Condition, Field, Literal, Test};
use ticketing_core::desk::{Assignment, Escalation, NewCustomer, NewTicket, Requester, TicketList, TicketPatch};
use ticketing_core::ids::TicketKey;
use ticketing_core::input::{Input, Patch};
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{CustomFields, Priority, Role, Status};
use ticketing_core::query::Sort;

fn status(status: Status) -> TicketPatch {
    TicketPatch { status: Patch::Set(status), ..TicketPatch::default() }
}

#[tokio::test]
async fn a_new_ticket_is_open_and_says_who_asks() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let seen = ticket.public();
    assert_eq!((seen.status, seen.priority, seen.version), (Status::Open, Priority::Medium, 1));
    assert_eq!(seen.customer_id, id(&house.customer));
    assert_eq!(seen.organization_id, Some(house.acme));
    assert_eq!(seen.url, format!("http://127.0.0.1:5000/tickets/{}", seen.ticket_number));
    assert_eq!(house.desk.ticket(&house.customer, &key(&ticket)).await.unwrap(), ticket);
    let by_number = seen.ticket_number.as_str().parse().unwrap();
    assert_eq!(house.desk.ticket(&house.customer, &by_number).await.unwrap(), ticket);
    assert_eq!(house.told(&house.customer, &ticket).await, ["ticket.created"]);
}

#[tokio::test]
async fn a_customer_does_not_say_who_works_on_it() {
    let house = House::new().await;
    let new = NewTicket {
        requester: Requester::User(id(&house.stranger)),
        team_id: Some(house.billing),
        assigned_agent_id: Some(id(&house.agent)),
        ..NewTicket::new("", "x\0y")
    };
    let answer = house.desk.create_ticket(&house.customer, new).await;
    assert_eq!(
        fields(answer),
        ["subject", "description", "customer_id", "team_id", "assigned_agent_id"],
        "all failures at once"
    );
    let list = house.desk.tickets(&house.admin, TicketList::default()).await.unwrap();
    assert!(list.items.is_empty(), "nothing was written");
}

#[tokio::test]
async fn a_customer_known_by_address_is_added_once() {
    let house = House::new().await;
    let new = |email: &str| NewTicket {
        requester: Requester::Address(NewCustomer { email: email.into(), name: "Nina".into() }),
        ..NewTicket::new("Help", "Please")
    };
    let first = house.desk.create_ticket(&house.agent, new("nina@nord.example")).await.unwrap();
    let second = house.desk.create_ticket(&house.agent, new("NINA@Nord.example")).await.unwrap();
    assert_eq!(first.public().customer_id, second.public().customer_id);
    let known = house.desk.create_ticket(&house.agent, new("cleo@house.example")).await.unwrap();
    assert_eq!(known.public().customer_id, id(&house.customer));
    assert_eq!(known.public().organization_id, Some(house.acme));
}

#[tokio::test]
async fn a_json_body_fails_with_every_field_at_once() {
    let body = json!({"subject": 7, "descripton": "typo", "priority": "urgent", "tags": ["ok", 1],
        "customer": {"email": "nobody", "nam": "x"}, "custom_fields": {"order": 1}});
    let mut found = fields(NewTicket::from_json_of(&House::new().await.agent, &CustomFields::default(), body));
    found.sort();
    assert_eq!(
        found,
        [
            "custom_fields.order",
            "customer.email",
            "customer.nam",
            "customer.name",
            "description",
            "descripton",
            "priority",
            "subject",
            "tags"
        ]
    );
}

#[tokio::test]
async fn a_body_of_endless_fields_costs_little_and_is_told_its_first_failures() {
    let body: serde_json::Map<_, _> = (0..200_000).map(|n| (format!("f{n}"), json!(n))).collect();
    assert_eq!(fields(NewTicket::from_json(body.into())).len(), 100);
}

#[tokio::test]
async fn a_whole_life_is_told_in_order() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let key = key(&ticket);
    let to = Assignment { agent_id: Patch::Set(Some(id(&house.agent))), team_id: Patch::Set(Some(house.billing)) };
    house.desk.assign_ticket(&house.manager, &key, to, None).await.unwrap();
    house.pass(1);
    let escalation = Escalation { reason: "VIP".into(), to: Some(id(&house.manager).0.into()) };
    let escalated = house.desk.escalate_ticket(&house.agent, &key, escalation, None).await.unwrap();
    let TicketView::Staff(escalated) = escalated else { panic!("staff see the level") };
    assert_eq!(escalated.escalation_level, 1);
    assert_eq!(escalated.public.assigned_agent_id, Some(id(&house.manager)));
    house.pass(1);
    let resolved = house.desk.update_ticket(&house.manager, &key, status(Status::Resolved), None).await.unwrap();
    assert_eq!(resolved.public().resolved_at, Some(house.desk.now()));
    house.pass(1);
    let reopened = house.desk.update_ticket(&house.manager, &key, status(Status::InProgress), None).await.unwrap();
    assert_eq!(reopened.public().resolved_at, None);
    let closed = house.desk.update_ticket(&house.manager, &key, status(Status::Closed), None).await.unwrap();
    assert_eq!(closed.public().closed_at, Some(house.desk.now()));
    let again = house.desk.update_ticket(&house.manager, &key, status(Status::Open), None).await.unwrap();
    assert_eq!((again.public().closed_at, again.version()), (None, 7));
    let all = [
        "ticket.created",
        "ticket.assigned",
        "ticket.escalated",
        "ticket.assigned",
        "ticket.status_changed",
        "ticket.resolved",
        "ticket.status_changed",
        "ticket.reopened",
        "ticket.status_changed",
        "ticket.closed",
        "ticket.status_changed",
        "ticket.reopened",
    ];
    assert_eq!(house.told(&house.admin, &ticket).await, all);
    let public: Vec<_> = all.into_iter().filter(|name| *name != "ticket.escalated").collect();
    assert_eq!(house.told(&house.customer, &ticket).await, public);
}

#[tokio::test]
async fn a_closed_ticket_takes_nothing_but_being_opened() {
    let house = House::new().await;
    let key = key(&house.ticket().await);
    let desk = &house.desk;
    desk.update_ticket(&house.admin, &key, status(Status::Closed), None).await.unwrap();
    let text = TicketPatch { subject: Patch::Set("New".into()), ..TicketPatch::default() };
    assert_eq!(code(desk.update_ticket(&house.admin, &key, text, None).await), "ticket_closed");
    assert_eq!(code(desk.update_ticket(&house.admin, &key, status(Status::Pending), None).await), "illegal_transition");
    let off = Assignment { agent_id: Patch::Set(None), team_id: Patch::Keep };
    assert_eq!(code(desk.assign_ticket(&house.admin, &key, off, None).await), "ticket_closed");
    let escalation = Escalation { reason: "now".into(), to: None };
    assert_eq!(code(desk.escalate_ticket(&house.admin, &key, escalation, None).await), "not_open");
    let both = TicketPatch { subject: Patch::Set("New".into()), ..status(Status::Open) };
    assert_eq!(desk.update_ticket(&house.admin, &key, both, None).await.unwrap().public().subject, "New");
}

#[tokio::test]
async fn a_stale_version_is_never_retried() {
    let house = House::new().await;
    let key = key(&house.ticket().await);
    house.desk.update_ticket(&house.admin, &key, status(Status::Pending), Some(1)).await.unwrap();
    let late = house.desk.update_ticket(&house.admin, &key, status(Status::OnHold), Some(1)).await;
    assert!(matches!(late, Err(ticketing_core::Error::Stale { expected: 1, current: 2 })), "{late:?}");
}

#[tokio::test]
async fn a_change_that_changes_nothing_writes_nothing() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    house.pass(5);
    let same = TicketPatch {
        subject: Patch::Set(" Cannot log in ".into()),
        priority: Patch::Set(Priority::Medium),
        tags: Patch::Set(vec![]),
        ..status(Status::Open)
    };
    let answer = house.desk.update_ticket(&house.agent, &key(&ticket), same, None).await.unwrap();
    assert_eq!((answer.version(), answer.public().updated_at), (1, ticket.public().updated_at));
}

#[tokio::test]
async fn changed_fields_stand_with_old_and_new_value() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let patch = TicketPatch {
        priority: Patch::Set(Priority::Critical),
        tags: Patch::Set(vec!["Zoo".into(), "zoo".into(), " apple".into()]),
        category: Patch::Set(Some("Access".into())),
        ..TicketPatch::default()
    };
    let changed = house.desk.update_ticket(&house.agent, &key(&ticket), patch, None).await.unwrap();
    assert_eq!(changed.public().tags, ["apple", "Zoo"]);
    let told = house.desk.timeline(&house.customer, &key(&ticket), None, 10).await.unwrap();
    let last = told.items.last().unwrap();
    assert_eq!(last.kind, "ticket.updated");
    assert_eq!(
        last.data["changes"],
        json!({"priority": ["medium", "critical"], "tags": [[], ["apple", "Zoo"]], "category": [null, "Access"]})
    );
}

#[tokio::test]
async fn what_may_not_be_seen_is_absent_and_what_may_not_be_done_is_forbidden() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let key = key(&ticket);
    let desk = &house.desk;
    assert_eq!(code(desk.ticket(&house.stranger, &key).await), "not_found");
    assert_eq!(code(desk.update_ticket(&house.stranger, &key, status(Status::Closed), None).await), "not_found");
    assert_eq!(code(desk.update_ticket(&house.customer, &key, status(Status::Closed), None).await), "forbidden");
    assert!(desk.ticket(&house.outsider, &key).await.is_ok(), "a ticket of no team is every agent's");
    let to = Assignment { agent_id: Patch::Keep, team_id: Patch::Set(Some(house.billing)) };
    desk.assign_ticket(&house.admin, &key, to, None).await.unwrap();
    assert_eq!(code(desk.ticket(&house.outsider, &key).await), "not_found");
    assert!(desk.ticket(&house.agent, &key).await.is_ok());
    let to = Assignment { agent_id: Patch::Set(Some(id(&house.outsider))), team_id: Patch::Keep };
    desk.assign_ticket(&house.admin, &key, to, None).await.unwrap();
    assert!(desk.ticket(&house.outsider, &key).await.is_ok(), "assigned to them");
}

#[tokio::test]
async fn a_team_alone_keeps_only_an_agent_of_its_own() {
    let house = House::new().await;
    let key = key(&house.ticket().await);
    let give = |agent: Option<_>, team: Option<_>| Assignment {
        agent_id: agent.map_or(Patch::Keep, |agent| Patch::Set(Some(agent))),
        team_id: team.map_or(Patch::Keep, |team| Patch::Set(Some(team))),
    };
    let desk = &house.desk;
    desk.assign_ticket(&house.admin, &key, give(Some(id(&house.outsider)), None), None).await.unwrap();
    let moved = desk.assign_ticket(&house.admin, &key, give(None, Some(house.billing)), None).await.unwrap();
    assert_eq!((moved.public().assigned_agent_id, moved.public().team_id), (None, Some(house.billing)));
    let unknown = give(Some(id(&house.customer)), Some(ticketing_core::TeamId(uuid::Uuid::nil())));
    assert_eq!(fields(desk.assign_ticket(&house.admin, &key, unknown, None).await), ["agent_id", "team_id"]);
}

#[tokio::test]
async fn escalation_ends_at_the_highest_level() {
    let house = House::new().await;
    let key = key(&house.ticket().await);
    let call = || Escalation { reason: "more".into(), to: None };
    for _ in 0..5 {
        house.desk.escalate_ticket(&house.agent, &key, call(), None).await.unwrap();
    }
    assert_eq!(code(house.desk.escalate_ticket(&house.agent, &key, call(), None).await), "top_level");
    assert_eq!(code(house.desk.escalate_ticket(&house.customer, &key, call(), None).await), "forbidden");
}

#[tokio::test]
async fn lists_are_walked_page_by_page_and_counted_on_request() {
    let house = House::new().await;
    for _ in 0..7 {
        house.ticket().await;
        house.pass(1);
    }
    let filter = Condition::leaf(Field::Status, Test::In(vec![Literal::Rank(Status::Open.rank())]));
    let mut list = TicketList { filter, sort: Sort::default(), limit: 3, count: true, ..TicketList::default() };
    let mut seen = Vec::new();
    loop {
        let page = house.desk.tickets(&house.customer, list.clone()).await.unwrap();
        assert_eq!(page.total, Some(7));
        seen.extend(page.items.iter().map(|ticket| ticket.public().created_at));
        match page.next {
            Some(next) => list.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen.len(), 7);
    assert!(seen.is_sorted_by(|a, b| a > b), "newest first");
    let none = house.desk.tickets(&house.stranger, TicketList { count: true, ..TicketList::default() }).await.unwrap();
    assert_eq!((none.items.len(), none.total), (0, Some(0)));
}

#[tokio::test]
async fn whoever_asked_opens_a_resolved_ticket_again_and_closes_it() {
    let house = House::new().await;
    let (desk, ticket) = (&house.desk, house.ticket().await);
    let (key, customer) = (key(&ticket), &house.customer);
    assert_eq!(code(desk.reopen_ticket(customer, &key, None).await), "not_resolved");
    desk.update_ticket(&house.admin, &key, status(Status::Resolved), None).await.unwrap();
    let stale = desk.reopen_ticket(customer, &key, Some(1)).await;
    assert!(matches!(stale, Err(Error::Stale { current: 2, .. })), "{stale:?}");
    let opened = desk.reopen_ticket(customer, &key, Some(2)).await.unwrap();
    assert!(matches!(opened, TicketView::Customer(_)), "customers are shown no more than before");
    assert_eq!((opened.public().status, opened.public().resolved_at), (Status::Open, None));
    let closed = desk.close_ticket(customer, &key, None).await.unwrap();
    assert_eq!((closed.public().status, closed.version()), (Status::Closed, 4));
    assert_eq!(desk.close_ticket(customer, &key, None).await.unwrap().version(), 4, "it is closed already");
    assert_eq!(code(desk.reopen_ticket(customer, &key, None).await), "ticket_closed");
    let page = desk.timeline(&house.admin, &TicketKey::Id(ticket.id()), None, 100).await.unwrap();
    let changed: Vec<_> = page.items.iter().filter(|event| event.kind == "ticket.status_changed").collect();
    let by: Vec<_> = changed.iter().map(|event| event.actor.id).collect();
    assert_eq!(by, [Some(id(&house.admin)), Some(id(customer)), Some(id(customer))]);
}

#[tokio::test]
async fn a_ticket_is_for_nobody_else_to_close_or_open_again() {
    let house = House::new().await;
    let desk = &house.desk;
    let key = key(&house.ticket().await);
    let colleague = person(desk, Role::Customer, "carl", Some(house.acme)).await;
    desk.update_ticket(&house.admin, &key, status(Status::Resolved), None).await.unwrap();
    for (actor, refusal) in [(&colleague, "forbidden"), (&house.admin, "forbidden"), (&house.stranger, "not_found")] {
        assert_eq!(code(desk.reopen_ticket(actor, &key, None).await), refusal);
        assert_eq!(code(desk.close_ticket(actor, &key, None).await), refusal);
    }
    assert_eq!(desk.ticket(&house.admin, &key).await.unwrap().public().status, Status::Resolved);
}

#[tokio::test]
async fn what_was_resolved_long_ago_is_not_opened_again() {
    let house = House::new().await;
    let key = key(&house.ticket().await);
    house.desk.update_ticket(&house.admin, &key, status(Status::Resolved), None).await.unwrap();
    house.clock.advance(TimeDelta::days(15));
    assert_eq!(code(house.desk.reopen_ticket(&house.customer, &key, None).await), "resolved_long_ago");
    house.desk.close_ticket(&house.customer, &key, None).await.unwrap();
}

#[tokio::test]
async fn labels_are_put_on_and_taken_off_beside_those_that_are_there() {
    let house = House::new().await;
    let (desk, key) = (&house.desk, key(&house.ticket().await));
    let patch = |body| TicketPatch::from_json(body).unwrap();
    let tags =
        async |body| desk.update_ticket(&house.agent, &key, patch(body), None).await.unwrap().public().tags.clone();
    assert_eq!(tags(json!({"add_tags": ["vip", " Berlin "]})).await, ["Berlin", "vip"]);
    assert_eq!(tags(json!({"add_tags": ["VIP", "late"], "remove_tags": ["BERLIN", "nothing"]})).await, ["late", "vip"]);
    let version = desk.ticket(&house.agent, &key).await.unwrap().version();
    tags(json!({"add_tags": ["Late"], "remove_tags": ["gone"]})).await;
    assert_eq!(desk.ticket(&house.agent, &key).await.unwrap().version(), version, "nothing was to change");

    let many: Vec<_> = (0..49).map(|n| n.to_string()).collect();
    let answer = desk.update_ticket(&house.agent, &key, patch(json!({"add_tags": many})), None).await;
    assert_eq!(fields(answer), ["add_tags"], "51 are too many");
    assert_eq!(fields(TicketPatch::from_json(json!({"tags": [], "add_tags": ["x"]}))), ["add_tags"]);
    assert_eq!(fields(TicketPatch::from_json(json!({"tags": [], "remove_tags": ["x"]}))), ["remove_tags"]);
    let wrong = TicketPatch::from_json(json!({"add_tags": ["a,b"], "remove_tags": [""]}));
    assert_eq!(fields(wrong), ["add_tags[0]", "remove_tags[0]"]);
}
