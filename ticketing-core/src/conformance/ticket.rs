//! One ticket: whole, by either name, with or without its text.

use super::area;
use super::sample::{add, change};
use super::trial::{ALL, Trial, listed};
use crate::changes::{Expect, Write};
use crate::condition::{Condition, Field, Literal, Test};
use crate::decimal::Decimal;
use crate::ids::{TicketKey, TicketNumber};
use crate::model::{Channel, FieldType, Priority, Role, RuleSpend, Status};
use crate::query::Sort;
use serde_json::{Map, json};

area!["ticket":
    is_read_back_whole,
    with_least_is_read_back,
    every_word_is_read_back,
    is_found_by_number,
    that_is_not_there_is_absent,
    text_is_replaced_where_it_changed,
    text_stays_where_it_did_not_change,
    tags_are_replaced,
    what_is_said_in_custom_fields_follows_a_change,
    a_team_is_in_use_while_a_ticket_names_it,
];

async fn is_read_back_whole(t: &Trial) {
    let organization = t.sample.organization("Dock");
    let mut customer = t.sample.user("Zoe", Role::Customer);
    customer.organization_id = Some(organization.id);
    let (agent, team) = (t.sample.user("Abe", Role::Agent), t.sample.team("Dock"));
    let mut ticket = t.sample.ticket(&customer);
    ticket.assigned_agent_id = Some(agent.id);
    ticket.team_id = Some(team.id);
    ticket.escalation_level = 3;
    ticket.status = Status::Closed;
    ticket.priority = Priority::Critical;
    ticket.first_responded_at = Some(t.sample.now());
    ticket.resolved_at = Some(t.sample.now());
    ticket.closed_at = Some(t.sample.now());
    ticket.wake_at = Some(t.sample.now());
    ticket.last_customer_reply_at = Some(t.sample.now());
    ticket.last_status_change_at = Some(t.sample.now());
    ticket.rule_spend = Some(RuleSpend { since: t.sample.now(), effects: 9 });
    ticket.sla = Some(Box::new(t.sample.sla()));
    let target = t.sample.ticket(&customer);
    ticket.merged_into = Some(target.id);
    ticket.updated_at = t.sample.now();
    t.commit(vec![add(&organization), add(&customer), add(&agent), add(&team), add(&ticket), add(&target)]).await;
    assert_eq!(t.ticket(ticket.id).await.as_ref(), Some(&ticket));
    let all = listed(t, Condition::always(), Sort::default(), 10);
    assert_eq!(t.store.tickets(&ALL, &all).await.unwrap(), [target, ticket], "a list has whole tickets too");
}

async fn with_least_is_read_back(t: &Trial) {
    let customer = t.sample.user("Bea", Role::Customer);
    let mut ticket = t.sample.ticket(&customer);
    (ticket.subject, ticket.description) = (String::new(), String::new());
    (ticket.category, ticket.tags, ticket.custom_fields) = (None, Vec::new(), Map::new());
    t.commit(vec![add(&customer), add(&ticket)]).await;
    assert_eq!(t.ticket(ticket.id).await, Some(ticket));
}

async fn every_word_is_read_back(t: &Trial) {
    let customer = t.sample.user("Cy", Role::Customer);
    t.commit(vec![add(&customer)]).await;
    let longest = Status::ALL.len().max(Priority::ALL.len()).max(Channel::ALL.len());
    for place in 0..longest {
        let mut ticket = t.sample.ticket(&customer);
        ticket.status = Status::ALL[place % Status::ALL.len()];
        ticket.priority = Priority::ALL[place % Priority::ALL.len()];
        ticket.channel = Channel::ALL[place % Channel::ALL.len()];
        t.commit(vec![add(&ticket)]).await;
        assert_eq!(t.ticket(ticket.id).await, Some(ticket));
    }
}

async fn is_found_by_number(t: &Trial) {
    let customer = t.sample.user("Di", Role::Customer);
    let (first, second) = (t.sample.ticket(&customer), t.sample.ticket(&customer));
    t.commit(vec![add(&customer), add(&first), add(&second)]).await;
    for ticket in [first, second] {
        let found = t.store.ticket(&ALL, &TicketKey::Number(ticket.number.clone())).await.unwrap();
        assert_eq!(found, Some(ticket));
    }
}

async fn that_is_not_there_is_absent(t: &Trial) {
    let absent = t.sample.ticket(&t.sample.user("Nobody", Role::Customer));
    assert_eq!(t.ticket(absent.id).await, None);
    let number = TicketKey::Number(TicketNumber::from_bits(7));
    assert_eq!(t.store.ticket(&ALL, &number).await.unwrap(), None);
    assert!(t.comments(absent.id).await.is_empty());
    assert!(t.store.watchers(&ALL, absent.id, None, 10).await.unwrap().is_empty());
    assert!(t.store.ticket_events(&ALL, absent.id, crate::Seq(0), 10).await.unwrap().is_empty());
}

async fn text_is_replaced_where_it_changed(t: &Trial) {
    let customer = t.sample.user("Ed", Role::Customer);
    let mut ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    let write = change(&mut ticket, |ticket| {
        ticket.subject = "The stairs are wet".to_owned();
        ticket.description = "All of them.".to_owned();
        ticket.category = None;
        ticket.tags = vec!["stairs".to_owned()];
        ticket.custom_fields.insert("floor".to_owned(), json!(4));
    });
    t.commit(vec![write]).await;
    assert_eq!(t.ticket(ticket.id).await.as_ref(), Some(&ticket));
    for (field, text, wanted) in [
        (Field::Subject, "stairs", 1),
        (Field::Subject, "lift", 0),
        (Field::Description, "all of", 1),
        (Field::Description, "hums", 0),
    ] {
        let filter = Condition::leaf(field, Test::Contains(text.to_owned()));
        let found = t.store.ticket_count(&ALL, &listed(t, filter, Sort::default(), 10)).await.unwrap();
        assert_eq!(found, wanted, "{field:?} contains {text}");
    }
}

async fn text_stays_where_it_did_not_change(t: &Trial) {
    let customer = t.sample.user("Flo", Role::Customer);
    let stored = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&stored)]).await;
    // The writer says that the text is the same, so whatever it carries is not looked at.
    let mut light = stored.clone();
    (light.subject, light.description) = ("Not this".to_owned(), String::new());
    (light.category, light.tags) = (None, Vec::new());
    (light.status, light.version, light.updated_at) = (Status::Pending, 2, t.sample.now());
    let mut wanted = stored.clone();
    (wanted.status, wanted.version, wanted.updated_at) = (light.status, light.version, light.updated_at);
    t.commit(vec![Write::Ticket { ticket: Box::new(light), expect: Expect::Version(1), text: false }]).await;
    assert_eq!(t.ticket(stored.id).await, Some(wanted));
    for (field, text) in [(Field::Subject, "lift"), (Field::Description, "hums"), (Field::Category, "building")] {
        let filter = Condition::leaf(field, Test::Contains(text.to_owned()));
        let found = t.store.ticket_count(&ALL, &listed(t, filter, Sort::default(), 10)).await.unwrap();
        assert_eq!(found, 1, "{field:?} still contains {text}");
    }
}

async fn tags_are_replaced(t: &Trial) {
    let customer = t.sample.user("Gil", Role::Customer);
    let mut ticket = t.sample.ticket(&customer);
    t.commit(vec![add(&customer), add(&ticket)]).await;
    let tagged = |tag: &str| {
        let one = crate::condition::Literal::Text(tag.to_owned());
        listed(t, Condition::leaf(Field::Tags, Test::In(vec![one])), Sort::default(), 10)
    };
    assert_eq!(t.store.ticket_count(&ALL, &tagged("lift")).await.unwrap(), 1);
    t.commit(vec![change(&mut ticket, |ticket| ticket.tags = vec!["Later".to_owned(), "urgent".to_owned()])]).await;
    for (tag, wanted) in [("lift", 0), ("urgent", 1), ("later", 1)] {
        assert_eq!(t.store.ticket_count(&ALL, &tagged(tag)).await.unwrap(), wanted, "tag {tag}");
    }
    t.commit(vec![change(&mut ticket, |ticket| ticket.tags = Vec::new())]).await;
    assert_eq!(t.store.ticket_count(&ALL, &tagged("urgent")).await.unwrap(), 0);
    assert_eq!(t.ticket(ticket.id).await, Some(ticket));
}

async fn what_is_said_in_custom_fields_follows_a_change(t: &Trial) {
    let customer = t.sample.user("Cy", Role::Customer);
    let mut ticket = t.sample.ticket(&customer);
    let values = |json: serde_json::Value| json.as_object().unwrap().clone();
    ticket.custom_fields = values(json!({"plan": "Gold", "floors": ["One", "Two"], "count": 2.5}));
    t.commit(vec![add(&customer), add(&ticket)]).await;
    let filled = |key: &str, field_type, literal| {
        let field = Field::Custom(key.parse().unwrap(), field_type);
        listed(t, Condition::leaf(field, Test::In(vec![literal])), Sort::default(), 10)
    };
    let plan = |plan: &str| filled("plan", FieldType::Select, Literal::Text(plan.to_owned()));
    let floor = |floor: &str| filled("floors", FieldType::Multiselect, Literal::Text(floor.to_owned()));
    let count = filled("count", FieldType::Number, Literal::Decimal(Decimal::from_scaled(25_000).unwrap()));
    let in_use = |key: &str| t.store.custom_field_in_use(&ALL, key.parse().unwrap());
    for query in [plan("gold"), floor("one"), floor("two"), count.clone()] {
        assert_eq!(t.store.ticket_count(&ALL, &query).await.unwrap(), 1, "{:?}", query.filter);
    }
    assert!(in_use("plan").await.unwrap() && in_use("count").await.unwrap() && !in_use("other").await.unwrap());
    // One value changes, one entry of a list goes and another comes, one is no longer there.
    let next = values(json!({"plan": "Silver", "floors": ["Two", "Three"]}));
    t.commit(vec![change(&mut ticket, |ticket| ticket.custom_fields = next)]).await;
    for (query, wanted) in [
        (plan("gold"), 0),
        (plan("silver"), 1),
        (floor("one"), 0),
        (floor("two"), 1),
        (floor("three"), 1),
        (count.clone(), 0),
    ] {
        assert_eq!(t.store.ticket_count(&ALL, &query).await.unwrap(), wanted, "{:?}", query.filter);
    }
    assert!(in_use("plan").await.unwrap() && !in_use("count").await.unwrap());
    t.commit(vec![change(&mut ticket, |ticket| ticket.custom_fields.clear())]).await;
    assert!(!in_use("plan").await.unwrap());
    assert_eq!(t.ticket(ticket.id).await, Some(ticket));
}

async fn a_team_is_in_use_while_a_ticket_names_it(t: &Trial) {
    let customer = t.sample.user("Hans", Role::Customer);
    let (team, other) = (t.sample.team("Used"), t.sample.team("Unused"));
    let mut ticket = t.sample.ticket(&customer);
    ticket.team_id = Some(team.id);
    t.commit(vec![add(&customer), add(&team), add(&other), add(&ticket)]).await;
    assert!(t.store.team_in_use(&ALL, team.id).await.unwrap());
    assert!(!t.store.team_in_use(&ALL, other.id).await.unwrap());
    t.commit(vec![change(&mut ticket, |ticket| ticket.team_id = None)]).await;
    assert!(!t.store.team_in_use(&ALL, team.id).await.unwrap());
}
