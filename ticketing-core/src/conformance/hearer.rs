//! Whom news of a ticket may reach.

use super::area;
use super::sample::add;
use super::trial::Trial;
use crate::changes::Write;
use crate::ids::{TicketId, UserId};
use crate::model::{Comment, NoticePreferences, Person, Role, User};
use crate::port::HearerQuery;
use crate::setting::{Document, Setting};
use std::collections::BTreeSet;

area!["hearer":
    hearers_are_asked_for_or_listen,
    commenters_are_those_whom_customers_meet,
];

async fn hearers_are_asked_for_or_listen(t: &Trial) {
    let mut company = t.sample.organization("Acme");
    company.shares_tickets = true;
    let mut customer = t.sample.user("Kim", Role::Customer);
    customer.organization_id = Some(company.id);
    let people: Vec<_> = (0..4).map(|_| t.sample.user("Amy", Role::Agent)).collect();
    let mut ticket = t.sample.ticket(&customer);
    ticket.organization_id = Some(company.id);
    let mut writes = vec![add(&company), add(&customer), add(&ticket)];
    writes.extend(people.iter().map(add));
    for person in &people[..3] {
        writes.push(Write::Watch { ticket_id: ticket.id, user_id: person.id, at: t.sample.now() });
    }
    t.commit(writes).await;
    let body = serde_json::json!({"mention": {"own": ["email"]}});
    let wish = |user: &User| Document {
        kind: NoticePreferences::KIND.to_owned(),
        id: user.id.0,
        owner: Some(user.id),
        ..t.sample.document("any", body.clone())
    };
    let gone = Document { deleted: true, ..wish(&people[1]) };
    t.commit(vec![add(&wish(&people[0])), add(&gone), add(&wish(&customer))]).await;

    let query = |people: Vec<UserId>, watchers| HearerQuery {
        ticket_id: ticket.id,
        organization_id: ticket.organization_id,
        people,
        watchers,
    };
    let asked = vec![customer.id, people[0].id, people[3].id, UserId(t.sample.uuid())];
    let found = t.store.hearers(&query(asked, 2)).await.expect("they are found");
    let mut listening: Vec<UserId> = people[..3].iter().map(|user| user.id).collect();
    listening.sort_unstable();
    let wanted: BTreeSet<UserId> =
        [customer.id, people[0].id, people[3].id].into_iter().chain(listening[..2].iter().copied()).collect();
    assert_eq!(found.people.len(), wanted.len(), "each once");
    assert_eq!(found.people.iter().map(|hearer| hearer.user.id).collect::<BTreeSet<_>>(), wanted);
    assert!(found.shares_tickets);
    for hearer in &found.people {
        let known = people.iter().chain([&customer]).find(|user| user.id == hearer.user.id).expect("it is one of them");
        assert_eq!(&hearer.user, known);
        assert_eq!(hearer.is_watching, listening.contains(&known.id), "{hearer:?}");
        let wished = [people[0].id, customer.id].contains(&known.id).then(|| body.clone());
        assert_eq!(hearer.preferences, wished, "{hearer:?}");
    }
    let none = t.store.hearers(&query(Vec::new(), 0)).await.expect("they are found");
    assert_eq!(none.people.len(), 0);
    let listening = t.store.hearers(&query(Vec::new(), 9)).await.expect("they are found");
    assert_eq!(listening.people.len(), 3);
    // A ticket that is not there yet, of nobody's company; more people than one statement may name.
    let mut many: Vec<UserId> = (0..600).map(|_| UserId(t.sample.uuid())).collect();
    many.insert(300, customer.id);
    let elsewhere =
        HearerQuery { ticket_id: TicketId(t.sample.uuid()), organization_id: None, people: many, watchers: 9 };
    let found = t.store.hearers(&elsewhere).await.expect("they are found");
    assert_eq!(found.people.iter().map(|hearer| hearer.user.id).collect::<Vec<_>>(), [customer.id]);
    assert!(!found.shares_tickets && !found.people[0].is_watching);
}

async fn commenters_are_those_whom_customers_meet(t: &Trial) {
    let customer = t.sample.user("Kim", Role::Customer);
    let agents: Vec<_> = (0..3).map(|_| t.sample.user("Amy", Role::Agent)).collect();
    let (ticket, other) = (t.sample.ticket(&customer), t.sample.ticket(&customer));
    let mut writes = vec![add(&customer), add(&ticket), add(&other)];
    writes.extend(agents.iter().map(add));
    let system = Comment { author: Person::system(), ..t.sample.comment(&ticket, &customer, false) };
    let said = [
        t.sample.comment(&ticket, &customer, false),
        t.sample.comment(&ticket, &agents[0], false),
        t.sample.comment(&ticket, &agents[0], false),
        t.sample.comment(&other, &agents[1], false),
        t.sample.comment(&ticket, &agents[2], true),
        system,
    ];
    writes.extend(said.iter().map(add));
    t.commit(writes).await;
    let mut wanted = vec![customer.id, agents[0].id];
    wanted.sort_unstable();
    assert_eq!(t.store.commenters(ticket.id, 9).await.unwrap(), wanted);
    assert_eq!(t.store.commenters(ticket.id, 1).await.unwrap(), wanted[..1]);
    assert_eq!(t.store.commenters(TicketId(t.sample.uuid()), 9).await.unwrap(), []);
}
