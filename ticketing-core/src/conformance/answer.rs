//! What calls are answered, so that none is done twice.

use super::sample::{add, tell};
use super::trial::{ALL, Trial};
use super::{area, refused};
use crate::access::Scope;
use crate::changes::Write;
use crate::event::Fact;
use crate::ids::Seq;
use crate::model::{Answer, IdempotencyKey, Role};
use crate::port::{StoreError, Unique};
use chrono::TimeDelta;
use std::sync::Arc;

area!["answer":
    an_answer_is_read_back_whole,
    a_call_is_answered_once,
    a_repetition_leaves_nothing,
    a_repetition_is_told_before_anything_else,
    twins_have_one_winner,
    keys_of_others_and_of_other_routes_do_not_meet,
    an_answer_is_forgotten_after_a_day,
    old_answers_do_not_pile_up,
    only_the_desk_itself_reads_answers,
];

/// An answer of this moment.
fn answer(t: &Trial, key: &str) -> Answer {
    let key = IdempotencyKey {
        owner: "person 1".to_owned(),
        route: "/api/tickets".to_owned(),
        key: key.to_owned(),
        digest: [7; 32],
    };
    Answer { key, output: Some(r#"{"id": "1",  "b": "Grüße \u0000"}"#.to_owned()), at: t.sample.now() }
}

fn keep(answer: &Answer) -> Write {
    Write::Answer(Box::new(answer.clone()))
}

async fn stored(t: &Trial, key: &IdempotencyKey) -> Option<Answer> {
    t.store.answer(&ALL, key).await.expect("an answer is read")
}

async fn an_answer_is_read_back_whole(t: &Trial) {
    let (told, mut secret) = (answer(t, "told"), answer(t, "secret"));
    secret.output = None;
    t.commit(vec![keep(&told)]).await;
    t.commit(vec![keep(&secret)]).await;
    assert_eq!(stored(t, &told.key).await, Some(told.clone()));
    assert_eq!(stored(t, &secret.key).await, Some(secret));
    let asked_otherwise = IdempotencyKey { digest: [8; 32], ..told.key.clone() };
    assert_eq!(stored(t, &asked_otherwise).await, Some(told), "what was asked is for the desk to compare");
    assert_eq!(stored(t, &answer(t, "another").key).await, None);
}

async fn a_call_is_answered_once(t: &Trial) {
    let first = answer(t, "key");
    t.commit(vec![keep(&first)]).await;
    for digest in [[7; 32], [8; 32]] {
        let mut second = answer(t, "key");
        (second.key.digest, second.output) = (digest, Some("2".to_owned()));
        refused!(t.attempt(vec![keep(&second)]).await, StoreError::Duplicate(Unique::Answer), "a repetition");
        assert_eq!(stored(t, &first.key).await.as_ref(), Some(&first), "the first answer stays");
    }
}

async fn a_repetition_leaves_nothing(t: &Trial) {
    let customer = t.sample.user("Ann", Role::Customer);
    let known = answer(t, "key");
    t.commit(vec![add(&customer), keep(&known)]).await;
    let ticket = t.sample.ticket(&customer);
    let event = t.sample.event(&ticket, Fact::TicketCreated {}, &customer);
    let again = vec![add(&ticket), tell(&event), keep(&answer(t, "key"))];
    refused!(t.attempt(again).await, StoreError::Duplicate(Unique::Answer), "a repetition");
    assert_eq!(t.ticket(ticket.id).await, None);
    assert!(t.store.events(&ALL, Seq(0), 10).await.expect("the log is read").events.is_empty());
    // A commit that is refused for something else keeps no answer.
    let other = answer(t, "other");
    refused!(t.attempt(vec![keep(&other), add(&customer)]).await, StoreError::Duplicate(_), "a row that is there");
    assert_eq!(stored(t, &other.key).await, None);
    t.commit(vec![keep(&other), add(&ticket), tell(&event)]).await;
}

async fn a_repetition_is_told_before_anything_else(t: &Trial) {
    let customer = t.sample.user("Bo", Role::Customer);
    let make = vec![add(&customer), keep(&answer(t, "key"))];
    t.commit(make.clone()).await;
    refused!(t.attempt(make).await, StoreError::Duplicate(Unique::Answer), "the person is there, and so is the answer");
}

async fn twins_have_one_winner(t: &Trial) {
    let gate = Arc::new(tokio::sync::Barrier::new(16));
    let mut tasks = Vec::new();
    for twin in 0..16 {
        let customer = t.sample.user("Twin", Role::Customer);
        let mut answer = answer(t, "key");
        answer.output = Some(twin.to_string());
        let changes = t.changes(vec![add(&customer), keep(&answer)]).await;
        let (store, gate) = (Arc::clone(&t.store), Arc::clone(&gate));
        tasks.push(tokio::spawn(async move {
            gate.wait().await;
            (store.commit(changes).await, answer, customer)
        }));
    }
    let mut winners = Vec::new();
    for task in tasks {
        let (outcome, answer, customer) = task.await.expect("a commit does not panic");
        let is_there = t.store.user(&ALL, customer.id).await.expect("a person is read").is_some();
        assert_eq!(is_there, outcome.is_ok());
        match outcome {
            Ok(_) => winners.push(answer),
            Err(error) => assert!(matches!(error, StoreError::Duplicate(Unique::Answer)), "{error:?}"),
        }
    }
    assert_eq!(winners.len(), 1, "one does it");
    assert_eq!(stored(t, &winners[0].key).await.as_ref(), winners.first());
}

async fn keys_of_others_and_of_other_routes_do_not_meet(t: &Trial) {
    let (mine, mut theirs, mut elsewhere) = (answer(t, "key"), answer(t, "key"), answer(t, "key"));
    theirs.key.owner = "person 2".to_owned();
    elsewhere.key.route = "/api/teams".to_owned();
    for answer in [&mine, &theirs, &elsewhere] {
        t.commit(vec![keep(answer)]).await;
    }
    for answer in [mine, theirs, elsewhere] {
        assert_eq!(stored(t, &answer.key).await, Some(answer));
    }
}

async fn an_answer_is_forgotten_after_a_day(t: &Trial) {
    let first = answer(t, "key");
    t.commit(vec![keep(&first)]).await;
    let mut late = Answer { output: Some("late".to_owned()), ..answer(t, "key") };
    late.at = first.at + Answer::KEPT - TimeDelta::microseconds(1);
    refused!(t.attempt(vec![keep(&late)]).await, StoreError::Duplicate(Unique::Answer), "within the day");
    late.at = first.at + Answer::KEPT;
    late.key.digest = [9; 32];
    t.commit(vec![keep(&late)]).await;
    assert_eq!(stored(t, &late.key).await, Some(late));
}

async fn old_answers_do_not_pile_up(t: &Trial) {
    let old: Vec<_> = (0..6).map(|n| answer(t, &format!("old {n}"))).collect();
    for answer in &old {
        t.commit(vec![keep(answer)]).await;
    }
    let young = answer(t, "young");
    for n in 0..3 {
        let mut new = answer(t, &format!("new {n}"));
        new.at = old[5].at + Answer::KEPT;
        t.commit(vec![keep(&new)]).await;
        let mut left = 0;
        for answer in &old {
            left += usize::from(stored(t, &answer.key).await.is_some());
        }
        assert!(left <= 6 - 2 * (n + 1), "{left} old answers are left after {} new ones", n + 1);
        assert!(stored(t, &new.key).await.is_some());
    }
    t.commit(vec![keep(&young)]).await;
    assert!(stored(t, &young.key).await.is_some(), "what is young stays");
}

async fn only_the_desk_itself_reads_answers(t: &Trial) {
    let kept = answer(t, "key");
    t.commit(vec![keep(&kept)]).await;
    let scope = Scope::Staff { user_id: crate::UserId(t.sample.uuid()) };
    assert_eq!(t.store.answer(&scope, &kept.key).await.expect("it is read"), None);
}
