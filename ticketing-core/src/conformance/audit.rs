//! The audit log.

use super::area;
use super::sample::{add, change, note};
use super::trial::{ALL, Trial, ends};
use crate::changes::Write;
use crate::model::audit::AuditDetail;
use crate::model::{AuditEntry, Person, Role, Subject, User};
use crate::query::AuditQuery;
use chrono::TimeDelta;

area!["audit":
    a_line_is_read_back_whole,
    lines_come_newest_first,
    lines_of_one_moment_go_by_id,
    pages_follow_one_another_among_new_lines,
    filters_narrow_the_log,
    an_actor_has_the_name_of_now,
];

fn lines(limit: usize) -> AuditQuery {
    AuditQuery { limit, ..AuditQuery::default() }
}

async fn a_line_is_read_back_whole(t: &Trial) {
    let actor = t.sample.user("Jo", Role::Admin);
    t.commit(vec![add(&actor)]).await;
    let id = t.sample.uuid();
    let subjects = [
        Subject::Ticket(crate::TicketId(id)),
        Subject::User(actor.id),
        Subject::Organization(crate::OrganizationId(id)),
        Subject::Team(crate::TeamId(id)),
        Subject::Session(crate::SessionId(id)),
        Subject::Setting(uuid::Uuid::nil()),
    ];
    for (place, subject) in subjects.into_iter().enumerate() {
        let mut entry = t.sample.audit(&actor, "something.done", subject);
        if place % 2 == 1 {
            (entry.request_id, entry.actor) = (None, Person::system());
            let user_agent = Some("Größe 🧭".repeat(40));
            entry.detail = AuditDetail { peer: Some("10.0.0.1".to_owned()), user_agent, ..AuditDetail::default() };
        }
        t.commit(vec![note(&entry)]).await;
        assert_eq!(t.store.audit(&ALL, &lines(1)).await.unwrap(), [entry]);
    }
}

/// Thirty lines of two people on three subjects, four acts and few moments.
async fn ledger(t: &Trial) -> (Vec<AuditEntry>, Vec<User>, Vec<Subject>) {
    let people = vec![t.sample.user("Kit", Role::Admin), t.sample.user("Liv", Role::Manager)];
    let subjects: Vec<Subject> = (0..3).map(|_| Subject::Ticket(crate::TicketId(t.sample.uuid()))).collect();
    let start = t.sample.now();
    let mut entries = Vec::new();
    for place in 0..30_usize {
        let action = ["ticket.created", "ticket.assigned", "ticket.closed", "user.updated"][place % 4];
        let mut entry = t.sample.audit(&people[place % 2], action, subjects[place % 3]);
        entry.at = start + TimeDelta::microseconds(i64::try_from(t.sample.ids.below(8)).unwrap());
        entries.push(entry);
    }
    let mut writes: Vec<Write> = people.iter().map(add).collect();
    writes.extend(entries.iter().map(note));
    t.commit(writes).await;
    entries.sort_by_key(|entry| (entry.at, entry.id));
    entries.reverse();
    (entries, people, subjects)
}

async fn lines_come_newest_first(t: &Trial) {
    let (wanted, _, _) = ledger(t).await;
    assert_eq!(t.store.audit(&ALL, &lines(100)).await.unwrap(), wanted);
    assert_eq!(t.store.audit(&ALL, &lines(7)).await.unwrap(), wanted[..7]);
}

async fn lines_of_one_moment_go_by_id(t: &Trial) {
    let actor = t.sample.user("Mo", Role::Admin);
    let at = t.sample.now();
    let mut wanted: Vec<AuditEntry> =
        (0..9).map(|_| AuditEntry { at, ..t.sample.audit(&actor, "same.moment", Subject::User(actor.id)) }).collect();
    let mut writes = vec![add(&actor)];
    writes.extend(wanted.iter().skip(1).step_by(2).map(note));
    writes.extend(wanted.iter().step_by(2).map(note));
    t.commit(writes).await;
    wanted.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    assert_eq!(t.store.audit(&ALL, &lines(100)).await.unwrap(), wanted);
}

async fn pages_follow_one_another_among_new_lines(t: &Trial) {
    let (wanted, people, subjects) = ledger(t).await;
    for size in [1, 4, 30] {
        let start = wanted[0].clone();
        let mut found: Vec<AuditEntry> = Vec::new();
        let mut before = Some((start.at + TimeDelta::microseconds(1), start.id));
        loop {
            let page = t.store.audit(&ALL, &AuditQuery { before, ..lines(size) }).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some((last.at, last.id));
            found.extend(page);
            ends(found.len());
            // What happens meanwhile is newer than every page.
            t.commit(vec![note(&t.sample.audit(&people[0], "later.on", subjects[0]))]).await;
        }
        assert_eq!(found, wanted, "by pages of {size}");
    }
}

async fn filters_narrow_the_log(t: &Trial) {
    let (all, people, subjects) = ledger(t).await;
    let moments = [None, Some(all[9].at), Some(all[20].at)];
    for actor in [None, Some(people[0].id), Some(people[1].id)] {
        for subject in [None, Some(subjects[1]), Some(Subject::User(people[0].id))] {
            for action in [None, Some("ticket.closed".to_owned()), Some("ticket".to_owned())] {
                for (from, to) in moments.iter().flat_map(|from| moments.map(|to| (*from, to))) {
                    let wanted = all.iter().filter(|entry| {
                        actor.is_none_or(|id| entry.actor.id == Some(id))
                            && subject.is_none_or(|subject| entry.subject == subject)
                            && action.as_ref().is_none_or(|action| entry.action == *action)
                            && from.is_none_or(|from| entry.at >= from)
                            && to.is_none_or(|to| entry.at < to)
                    });
                    let wanted: Vec<_> = wanted.take(5).cloned().collect();
                    let action = action.clone();
                    let query = AuditQuery { actor, subject, action, from, to, before: None, limit: 5 };
                    assert_eq!(t.store.audit(&ALL, &query).await.unwrap(), wanted, "{query:?}");
                }
            }
        }
    }
}

async fn an_actor_has_the_name_of_now(t: &Trial) {
    let mut actor = t.sample.user("Nell", Role::Admin);
    let entry = t.sample.audit(&actor, "user.updated", Subject::User(actor.id));
    t.commit(vec![add(&actor), note(&entry)]).await;
    t.commit(vec![change(&mut actor, |user| user.name = "Nelly".to_owned())]).await;
    let found = t.store.audit(&ALL, &lines(10)).await.unwrap();
    assert_eq!(found, [AuditEntry { actor: Person::from(&actor), ..entry }]);
}
