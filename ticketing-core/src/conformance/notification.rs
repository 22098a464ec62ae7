//! What people are told on the desk.

use super::area;
use super::race::together;
use super::sample::inform;
use super::trial::{Trial, ends};
use crate::changes::Write;
use crate::ids::{ChangeId, NotificationId, TicketId, UserId};
use crate::model::{Notification, NotificationKind, Reading, RuleRef};
use crate::port::StoreError;
use crate::query::NotificationQuery;
use chrono::TimeDelta;
use std::sync::Arc;
use uuid::Uuid;

area!["notification":
    one_is_read_back_whole,
    one_is_told_once,
    a_list_is_its_owners_newest_first,
    a_list_shows_what_is_asked_for_and_is_counted,
    the_same_within_a_while_is_one,
    other_people_tickets_kinds_and_rules_are_others,
    what_is_read_takes_no_more,
    what_a_commit_tells_stays_unread_where_it_reads_the_ticket,
    commits_at_the_same_time_are_one,
    reading_and_telling_lose_nothing,
    what_people_have_not_read_is_counted_at_once,
    those_of_a_commit_are_found,
    the_oldest_that_were_read_are_forgotten_first,
    what_is_no_longer_joined_begins_anew,
    all_of_a_person_are_forgotten,
    a_count_is_what_a_walk_finds,
];

fn somebody(t: &Trial) -> UserId {
    UserId(t.sample.uuid())
}

fn some_ticket(t: &Trial) -> TicketId {
    TicketId(t.sample.uuid())
}

/// Something about a ticket, so that it may join others.
fn about(t: &Trial, user_id: UserId, ticket_id: TicketId) -> Notification {
    let told = t.sample.notification(user_id);
    Notification { ticket_id: Some(ticket_id), kind: NotificationKind::CommentAdded, ..told }
}

fn later(told: &Notification, first: &Notification, by: TimeDelta) -> Notification {
    let at = first.updated_at + by;
    Notification { created_at: at, updated_at: at, ..told.clone() }
}

async fn all(t: &Trial, user_id: UserId) -> Vec<Notification> {
    t.store.notifications(&NotificationQuery::of(user_id, 1_000)).await.expect("notifications are read")
}

async fn unread(t: &Trial, user_id: UserId) -> u64 {
    let query = NotificationQuery { unread: true, ..NotificationQuery::of(user_id, 0) };
    t.store.notification_count(&query).await.expect("notifications are counted")
}

fn read(t: &Trial, reading: Reading) -> Write {
    Write::ReadNotifications { reading, at: t.sample.now() }
}

async fn one_is_read_back_whole(t: &Trial) {
    let user_id = somebody(t);
    let full = Notification {
        ticket_id: Some(some_ticket(t)),
        ticket_number: Some("TKT-7KQ2M9XD".parse().expect("it is a number")),
        kind: NotificationKind::SlaBreach,
        title: "«größe» 世界 🧭".to_owned(),
        message: "one\ntwo".to_owned(),
        count: 7,
        rule: Some(RuleRef { version: 5_000_000_000, ..t.sample.rule() }),
        updated_at: t.sample.now(),
        read_at: Some(t.sample.now()),
        ..t.sample.notification(user_id)
    };
    let bare = Notification { title: String::new(), message: String::new(), ..t.sample.notification(user_id) };
    t.commit(vec![inform(&full), inform(&bare)]).await;
    assert_eq!(all(t, user_id).await, [bare, full.clone()]);
    assert_eq!(t.store.notification(user_id, full.id).await.unwrap(), Some(full.clone()));
    assert_eq!(t.store.notification(somebody(t), full.id).await.unwrap(), None, "it is somebody else's");
    assert_eq!(t.store.notification(user_id, NotificationId(Uuid::nil())).await.unwrap(), None);
}

async fn one_is_told_once(t: &Trial) {
    let told = t.sample.notification(somebody(t));
    let again = Notification { title: "Again".to_owned(), read_at: Some(t.sample.now()), ..told.clone() };
    t.commit(vec![inform(&told)]).await;
    let next = t.sample.notification(told.user_id);
    // The others of the commit are told all the same, and of two that are the same the first.
    let again_next = Notification { title: "Again".to_owned(), ..next.clone() };
    t.commit(vec![inform(&again), inform(&next), inform(&again_next)]).await;
    t.commit(vec![inform(&again)]).await;
    let of_ticket = about(t, told.user_id, some_ticket(t));
    t.commit(vec![inform(&of_ticket)]).await;
    t.commit(vec![inform(&Notification { title: "Again".to_owned(), ..of_ticket.clone() })]).await;
    assert_eq!(all(t, told.user_id).await, [of_ticket, next, told]);
}

async fn a_list_is_its_owners_newest_first(t: &Trial) {
    let people = [somebody(t), somebody(t)];
    let told: Vec<Notification> = (0..24).map(|n| t.sample.notification(people[n % 2])).collect();
    t.commit(told.iter().map(inform).collect()).await;
    for person in people {
        let (mut found, mut before) = (Vec::new(), None);
        for pages in 0.. {
            ends(pages);
            let query = NotificationQuery { before, ..NotificationQuery::of(person, 5) };
            let page = t.store.notifications(&query).await.expect("notifications are read");
            assert!(page.len() <= 5, "no more than are asked for");
            let Some(last) = page.last() else { break };
            before = Some(last.id);
            found.extend(page);
        }
        let wanted: Vec<_> = told.iter().rev().filter(|told| told.user_id == person).cloned().collect();
        assert_eq!(found, wanted);
    }
    assert_eq!(t.store.notifications(&NotificationQuery::of(people[0], 0)).await.unwrap(), []);
    assert_eq!(all(t, UserId(Uuid::nil())).await, []);
}

async fn a_list_shows_what_is_asked_for_and_is_counted(t: &Trial) {
    let (person, tickets) = (somebody(t), [some_ticket(t), some_ticket(t)]);
    let kinds = [NotificationKind::CommentAdded, NotificationKind::Mention, NotificationKind::Rule];
    let mut told = Vec::new();
    for place in 0..18 {
        let (ticket_id, kind) = (Some(tickets[place % 2]), kinds[place % 3]);
        let read_at = (place % 4 == 0).then(|| t.sample.now());
        // Far enough apart to stand alone.
        let at = t.sample.now() + TimeDelta::minutes(i64::try_from(place).unwrap());
        let one = t.sample.notification(person);
        told.push(Notification { ticket_id, kind, read_at, created_at: at, updated_at: at, ..one });
    }
    for one in &told {
        t.commit(vec![inform(one)]).await;
    }
    let whole = NotificationQuery::of(person, 100);
    for unread in [false, true] {
        for ticket_id in [None, Some(tickets[0]), Some(some_ticket(t))] {
            for kinds in
                [vec![], vec![NotificationKind::Mention], kinds[1..].to_vec(), vec![NotificationKind::SlaBreach]]
            {
                let query = NotificationQuery { unread, kinds, ticket_id, ..whole.clone() };
                let wanted = told.iter().rev().filter(|one| {
                    (!unread || one.read_at.is_none())
                        && ticket_id.is_none_or(|id| one.ticket_id == Some(id))
                        && (query.kinds.is_empty() || query.kinds.contains(&one.kind))
                });
                let wanted: Vec<Notification> = wanted.cloned().collect();
                assert_eq!(t.store.notifications(&query).await.unwrap(), wanted, "{query:?}");
                let page = NotificationQuery { limit: 1, before: Some(told[3].id), ..query.clone() };
                let count = t.store.notification_count(&page).await.unwrap();
                assert_eq!(count, wanted.len() as u64, "the page does not matter: {query:?}");
            }
        }
    }
}

async fn the_same_within_a_while_is_one(t: &Trial) {
    let (person, ticket) = (somebody(t), some_ticket(t));
    let first = about(t, person, ticket);
    t.commit(vec![inform(&first)]).await;
    // The while begins anew with each.
    let second = later(&about(t, person, ticket), &first, Notification::WINDOW);
    let second = Notification {
        title: "Newer".to_owned(),
        message: "Newest".to_owned(),
        count: 2,
        rule: Some(t.sample.rule()),
        ..second
    };
    t.commit(vec![inform(&second)]).await;
    let joined = Notification { id: first.id, created_at: first.created_at, count: 3, ..second.clone() };
    assert_eq!(all(t, person).await, std::slice::from_ref(&joined));
    // A clock that is behind moves nothing back.
    let behind = later(&about(t, person, ticket), &first, -Notification::WINDOW);
    t.commit(vec![inform(&behind)]).await;
    let joined =
        Notification { id: first.id, created_at: first.created_at, updated_at: joined.updated_at, count: 4, ..behind };
    assert_eq!(all(t, person).await, std::slice::from_ref(&joined));
    let too_late = later(&about(t, person, ticket), &joined, Notification::WINDOW + TimeDelta::microseconds(1));
    t.commit(vec![inform(&too_late)]).await;
    assert_eq!(all(t, person).await, [too_late.clone(), joined.clone()]);
    let next = later(&about(t, person, ticket), &too_late, TimeDelta::zero());
    t.commit(vec![inform(&next)]).await;
    let grown = Notification { id: too_late.id, created_at: too_late.created_at, count: 2, ..next };
    assert_eq!(all(t, person).await, [grown, joined], "it joins the last");
}

async fn other_people_tickets_kinds_and_rules_are_others(t: &Trial) {
    let (person, ticket) = (somebody(t), some_ticket(t));
    let first = about(t, person, ticket);
    let of_rule = |rule| Notification {
        kind: NotificationKind::Rule,
        rule: Some(rule),
        ..later(&about(t, person, ticket), &first, TimeDelta::zero())
    };
    let (one, other) = (t.sample.rule(), t.sample.rule());
    let told = [
        first.clone(),
        later(&about(t, somebody(t), ticket), &first, TimeDelta::zero()),
        later(&about(t, person, some_ticket(t)), &first, TimeDelta::zero()),
        Notification { kind: NotificationKind::Mention, ..later(&about(t, person, ticket), &first, TimeDelta::zero()) },
        of_rule(one),
        of_rule(other),
        Notification { ticket_id: None, ..later(&about(t, person, ticket), &first, TimeDelta::zero()) },
        Notification { ticket_id: None, ..later(&about(t, person, ticket), &first, TimeDelta::zero()) },
        Notification { read_at: Some(t.sample.now()), ..later(&about(t, person, ticket), &first, TimeDelta::zero()) },
    ];
    t.commit(told.iter().map(inform).collect()).await;
    let mut stored = all(t, person).await;
    stored.extend(all(t, told[1].user_id).await);
    stored.sort_by_key(|one| one.id);
    let mut wanted = told.to_vec();
    wanted.sort_by_key(|one| one.id);
    assert_eq!(stored, wanted);
    // Another version of a rule is the same rule.
    let again = of_rule(RuleRef { version: one.version + 1, ..one });
    t.commit(vec![inform(&again)]).await;
    let joined = t.store.notification(person, told[4].id).await.unwrap().expect("it is there");
    assert_eq!((joined.count, joined.rule), (2, again.rule));
}

async fn what_people_have_not_read_is_counted_at_once(t: &Trial) {
    let people: Vec<UserId> = (0..300).map(|_| somebody(t)).collect();
    let told: Vec<Notification> =
        (0..900).map(|n| Notification { ticket_id: None, ..t.sample.notification(people[n % 3 * 149]) }).collect();
    t.commit(told.iter().map(inform).collect()).await;
    t.commit(vec![read(t, Reading::Person(people[0])), read(t, Reading::One(people[298], told[2].id))]).await;
    let counts = async |people: &[UserId]| {
        let mut counts = t.store.unread_counts(people).await.expect("they are counted");
        counts.sort_unstable();
        counts
    };
    // Each once, however often asked for; nobody who has read all, and nobody else.
    let mut wanted = vec![(people[149], 300), (people[298], 299)];
    wanted.sort_unstable();
    assert_eq!(counts(&people).await, wanted);
    assert_eq!(counts(&[people[149], people[149], people[0]]).await, [(people[149], 300)]);
    assert_eq!(counts(&[]).await, []);
}

async fn what_is_read_takes_no_more(t: &Trial) {
    for place in 0..4 {
        let (person, ticket, other) = (somebody(t), some_ticket(t), somebody(t));
        let (first, bystander) = (about(t, person, ticket), about(t, other, ticket));
        let elsewhere = about(t, person, some_ticket(t));
        let stranger = about(t, other, some_ticket(t));
        t.commit([&first, &bystander, &elsewhere, &stranger].map(inform).to_vec()).await;
        let reading = [
            Reading::One(person, first.id),
            Reading::Person(person),
            Reading::PersonOnTicket(person, ticket),
            Reading::Ticket(ticket),
        ][place];
        let read_at = t.sample.now();
        t.commit(vec![Write::ReadNotifications { reading, at: read_at }]).await;
        let meant = [true, place == 3, place == 1, false];
        for (told, is_meant) in [&first, &bystander, &elsewhere, &stranger].into_iter().zip(meant) {
            let stored = t.store.notification(told.user_id, told.id).await.unwrap().expect("it is there");
            let wanted = Notification { read_at: is_meant.then_some(read_at), ..told.clone() };
            assert_eq!(stored, wanted, "{reading:?}");
            // What was read stays as it was read.
            let next = later(&about(t, told.user_id, told.ticket_id.unwrap()), told, TimeDelta::seconds(1));
            t.commit(vec![inform(&next)]).await;
            let kept = t.store.notification(told.user_id, told.id).await.unwrap().expect("it is there");
            assert_eq!(kept.count, if is_meant { 1 } else { 2 }, "{reading:?}");
            let new = t.store.notification(told.user_id, next.id).await.unwrap();
            assert_eq!(new, is_meant.then_some(next), "{reading:?}");
        }
        // Reading again changes nothing of what was read before.
        t.commit(vec![read(t, reading)]).await;
        let kept = t.store.notification(person, first.id).await.unwrap().expect("it is there");
        assert_eq!(kept.read_at, Some(read_at));
    }
}

async fn what_a_commit_tells_stays_unread_where_it_reads_the_ticket(t: &Trial) {
    let (person, ticket) = (somebody(t), some_ticket(t));
    let first = about(t, person, ticket);
    t.commit(vec![inform(&first)]).await;
    let closing = later(&about(t, person, ticket), &first, TimeDelta::seconds(1));
    // Whichever is written first.
    t.commit(vec![inform(&closing), read(t, Reading::Ticket(ticket))]).await;
    let stored = all(t, person).await;
    assert_eq!(stored[0], closing);
    assert!(stored[1].read_at.is_some() && stored.len() == 2, "{stored:?}");
    let next = later(&about(t, person, ticket), &closing, TimeDelta::seconds(1));
    t.commit(vec![read(t, Reading::Ticket(ticket)), inform(&next)]).await;
    let stored = all(t, person).await;
    assert_eq!((stored.len(), unread(t, person).await, &stored[0]), (3, 1, &next));
}

async fn commits_at_the_same_time_are_one(t: &Trial) {
    for _ in 0..5 {
        let (people, ticket) = ([somebody(t), somebody(t), somebody(t)], some_ticket(t));
        let first = about(t, people[0], ticket);
        let mut changes = Vec::new();
        for _ in 0..16 {
            let told = people.map(|person| later(&about(t, person, ticket), &first, TimeDelta::zero()));
            changes.push(t.changes(told.iter().map(inform).collect()).await);
        }
        for answer in together(t, changes).await {
            answer.expect("a commit that nothing forbids is applied");
        }
        for person in people {
            let stored = all(t, person).await;
            assert_eq!(stored.iter().map(|told| told.count).collect::<Vec<_>>(), [16], "{stored:?}");
        }
    }
}

async fn reading_and_telling_lose_nothing(t: &Trial) {
    let (person, ticket) = (somebody(t), some_ticket(t));
    let first = about(t, person, ticket);
    let mut changes = Vec::new();
    for turn in 0..24 {
        let told = later(&about(t, person, ticket), &first, TimeDelta::zero());
        let write = match turn % 4 {
            0 => read(t, Reading::Person(person)),
            1 => read(t, Reading::Ticket(ticket)),
            _ => inform(&told),
        };
        changes.push(t.changes(vec![write]).await);
    }
    // Of two that wait for one another a store may refuse one; the desk decides it again.
    let gate = Arc::new(tokio::sync::Barrier::new(changes.len()));
    let tasks: Vec<_> = changes
        .into_iter()
        .map(|changes| {
            let (store, gate) = (Arc::clone(&t.store), Arc::clone(&gate));
            tokio::spawn(async move {
                gate.wait().await;
                for tries in 0.. {
                    ends(tries);
                    match store.commit(changes.clone()).await {
                        Err(StoreError::Conflict) => {}
                        answer => return answer.expect("a commit that nothing forbids is applied"),
                    }
                }
                unreachable!("the walk ends before")
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a commit does not panic");
    }
    let stored = all(t, person).await;
    assert_eq!(stored.iter().map(|told| told.count).sum::<i32>(), 12, "each was told once: {stored:?}");
    t.commit(vec![read(t, Reading::Person(person))]).await;
    assert_eq!(unread(t, person).await, 0);
}

async fn those_of_a_commit_are_found(t: &Trial) {
    let (one, other, ticket) = (somebody(t), somebody(t), some_ticket(t));
    let (first, second) = (ChangeId(t.sample.uuid()), ChangeId(t.sample.uuid()));
    let told = |person, change_id| Notification { change_id, ..about(t, person, ticket) };
    let a = [told(one, first), told(other, first)];
    t.commit(a.iter().map(inform).collect()).await;
    let found =
        async |changes: &[ChangeId]| t.store.notifications_of_changes(changes, 100).await.expect("they are read");
    let mut wanted = a.to_vec();
    wanted.sort_by_key(|told| (told.user_id, told.id));
    assert_eq!(found(&[first]).await, wanted);
    assert_eq!(t.store.notifications_of_changes(&[second, first], 1).await.unwrap(), wanted[..1]);
    // What joins takes the notification along.
    let joining = Notification { change_id: second, ..later(&about(t, one, ticket), &a[0], TimeDelta::zero()) };
    t.commit(vec![inform(&joining)]).await;
    assert_eq!(found(&[first]).await, [a[1].clone()]);
    assert_eq!(found(&[second]).await.iter().map(|told| (told.id, told.count)).collect::<Vec<_>>(), [(a[0].id, 2)]);
    assert_eq!(found(&[first, ChangeId(Uuid::nil()), second]).await.len(), 2);
    assert_eq!(found(&[]).await, []);
}

async fn the_oldest_that_were_read_are_forgotten_first(t: &Trial) {
    let person = somebody(t);
    let mut told: Vec<Notification> = (0..9).map(|_| t.sample.notification(person)).collect();
    // The moment of reading decides, not the id; what is unread stays.
    for place in 0..8 {
        told[place].read_at = Some(told[8 - place].created_at);
    }
    t.commit(told.iter().map(inform).collect()).await;
    let before = told[1].read_at.unwrap();
    assert_eq!(t.store.purge_notifications(before, 0).await.unwrap(), 0);
    assert_eq!(t.store.purge_notifications(before, 4).await.unwrap(), 4);
    let ids = async || all(t, person).await.iter().map(|told| told.id).collect::<Vec<_>>();
    let wanted = |places: &[usize]| places.iter().map(|place| told[*place].id).collect::<Vec<_>>();
    assert_eq!(ids().await, wanted(&[8, 3, 2, 1, 0]));
    assert_eq!(t.store.purge_notifications(before, 4).await.unwrap(), 2);
    assert_eq!(t.store.purge_notifications(before, 4).await.unwrap(), 0);
    assert_eq!(ids().await, wanted(&[8, 1, 0]), "that of this very moment stays");
}

async fn what_is_no_longer_joined_begins_anew(t: &Trial) {
    let (person, ticket) = (somebody(t), some_ticket(t));
    let told = about(t, person, ticket);
    t.commit(vec![inform(&told)]).await;
    assert_eq!(t.store.purge_joined(told.updated_at, 9).await.unwrap(), 0, "that of this very moment stays");
    assert_eq!(t.store.purge_joined(t.sample.now(), 0).await.unwrap(), 0);
    assert_eq!(t.store.purge_joined(t.sample.now(), 9).await.unwrap(), 1);
    assert_eq!(t.store.purge_joined(t.sample.now(), 9).await.unwrap(), 0);
    let next = later(&about(t, person, ticket), &told, TimeDelta::seconds(1));
    t.commit(vec![inform(&next)]).await;
    assert_eq!(all(t, person).await, [next, told]);
}

async fn all_of_a_person_are_forgotten(t: &Trial) {
    let (person, other, ticket) = (somebody(t), somebody(t), some_ticket(t));
    let kept = about(t, other, ticket);
    let told = [about(t, person, ticket), t.sample.notification(person)];
    t.commit(told.iter().chain([&kept]).map(inform).collect()).await;
    t.commit(vec![Write::ForgetNotifications { user_id: person }]).await;
    assert_eq!(all(t, person).await, []);
    assert_eq!(all(t, other).await, [kept]);
    let next = later(&about(t, person, ticket), &told[0], TimeDelta::zero());
    t.commit(vec![inform(&next)]).await;
    assert_eq!(all(t, person).await, [next]);
}

/// Whatever was told, read and forgotten, in whatever order.
async fn a_count_is_what_a_walk_finds(t: &Trial) {
    let people = [somebody(t), somebody(t)];
    let tickets = [some_ticket(t), some_ticket(t), some_ticket(t)];
    let kinds = [NotificationKind::CommentAdded, NotificationKind::StatusChanged];
    for step in 0..t.cases.min(200) {
        let dice = usize::from(t.sample.uuid().as_bytes()[15]);
        let (person, ticket) = (people[dice % 2], tickets[dice / 2 % 3]);
        let told = || Notification { kind: kinds[dice / 6 % 2], ..about(t, person, ticket) };
        let write = match dice / 12 % 8 {
            0 => read(t, Reading::Person(person)),
            1 => read(t, Reading::PersonOnTicket(person, ticket)),
            2 => read(t, Reading::Ticket(ticket)),
            3 => match all(t, person).await.first() {
                Some(last) => read(t, Reading::One(person, last.id)),
                None => continue,
            },
            _ => inform(&told()),
        };
        t.commit(vec![write]).await;
        if step % 17 == 0 {
            t.store.purge_notifications(t.sample.now(), 3).await.expect("some are forgotten");
        }
        for person in people {
            let stored = all(t, person).await;
            let wanted = stored.iter().filter(|told| told.read_at.is_none()).count();
            assert_eq!(unread(t, person).await, wanted as u64, "after {step} steps");
            let query = NotificationQuery::of(person, 0);
            assert_eq!(t.store.notification_count(&query).await.unwrap(), stored.len() as u64);
        }
    }
}
