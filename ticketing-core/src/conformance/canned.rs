//! How often canned responses were put to use.

use super::area;
use super::race::together;
use super::sample::add;
use super::trial::Trial;
use crate::changes::Write;
use crate::ids::{CannedResponseId, UserId};
use crate::model::{CannedUse, Role};
use crate::time::Time;

area!["canned":
    uses_are_counted_by_person_and_response,
    uses_of_everybody_are_summed_up,
    several_uses_in_a_commit_all_count,
    uses_at_the_same_time_all_count,
    a_commit_that_is_refused_counts_nothing,
];

fn used(response_id: CannedResponseId, user_id: UserId, at: Time) -> Write {
    Write::CannedUsed { response_id, user_id, uses: 1, at }
}

async fn uses(t: &Trial, user_id: UserId) -> Vec<CannedUse> {
    let mut uses = t.store.canned_uses(user_id).await.expect("they are read");
    uses.sort_by_key(|used| used.response_id);
    uses
}

async fn totals(t: &Trial, ids: &[CannedResponseId]) -> Vec<(CannedResponseId, u64)> {
    let mut totals = t.store.canned_totals(ids).await.expect("they are read");
    totals.sort_unstable();
    totals
}

fn ids<const N: usize>(t: &Trial) -> ([UserId; N], [CannedResponseId; N]) {
    ([(); N].map(|()| UserId(t.sample.uuid())), [(); N].map(|()| CannedResponseId(t.sample.uuid())))
}

async fn uses_are_counted_by_person_and_response(t: &Trial) {
    let ([ana, bo], [greeting, refund]) = ids(t);
    assert_eq!(uses(t, ana).await, []);
    let [early, late, last] = [t.sample.now(), t.sample.now(), t.sample.now()];
    t.commit(vec![used(greeting, ana, late), used(refund, ana, early), used(greeting, bo, last)]).await;
    let of = |response_id, uses, last_used_at| CannedUse { response_id, uses, last_used_at };
    assert_eq!(uses(t, ana).await, [of(greeting, 1, late), of(refund, 1, early)]);
    t.commit(vec![used(greeting, ana, early)]).await;
    assert_eq!(uses(t, ana).await[0], of(greeting, 2, late), "what is told later was not earlier");
    t.commit(vec![used(greeting, ana, last)]).await;
    assert_eq!(uses(t, ana).await, [of(greeting, 3, last), of(refund, 1, early)]);
    assert_eq!(uses(t, bo).await, [of(greeting, 1, last)]);
}

async fn uses_of_everybody_are_summed_up(t: &Trial) {
    let ([ana, bo, cy], [greeting, refund, never]) = ids(t);
    for user in [ana, bo, cy, ana] {
        t.commit(vec![used(greeting, user, t.sample.now())]).await;
    }
    t.commit(vec![used(refund, cy, t.sample.now())]).await;
    assert_eq!(totals(t, &[never, refund, greeting]).await, [(greeting, 4), (refund, 1)]);
    assert_eq!(totals(t, &[refund, refund]).await, [(refund, 1)], "each once");
    assert_eq!(totals(t, &[never]).await, []);
    assert_eq!(totals(t, &[]).await, []);
}

async fn several_uses_in_a_commit_all_count(t: &Trial) {
    let ([ana, bo], [greeting, refund]) = ids(t);
    let [early, late] = [t.sample.now(), t.sample.now()];
    let writes = vec![
        used(greeting, ana, late),
        used(refund, bo, early),
        used(greeting, ana, early),
        used(greeting, bo, early),
        used(greeting, ana, early),
        Write::CannedUsed { response_id: refund, user_id: bo, uses: 40, at: late },
    ];
    t.commit(writes).await;
    assert_eq!(uses(t, ana).await, [CannedUse { response_id: greeting, uses: 3, last_used_at: late }]);
    assert_eq!(totals(t, &[greeting, refund]).await, [(greeting, 4), (refund, 41)]);
}

async fn uses_at_the_same_time_all_count(t: &Trial) {
    let ([ana, bo], [greeting, _]) = ids(t);
    for _ in 0..3 {
        let mut racing = Vec::new();
        for writer in 0..12 {
            let user = if writer % 3 == 0 { bo } else { ana };
            racing.push(t.changes(vec![used(greeting, user, t.sample.now())]).await);
        }
        let answers = together(t, racing).await;
        assert!(answers.iter().all(Result::is_ok), "nobody is in another's way: {answers:?}");
    }
    assert_eq!((uses(t, ana).await[0].uses, uses(t, bo).await[0].uses), (24, 12));
    assert_eq!(totals(t, &[greeting]).await, [(greeting, 36)]);
}

async fn a_commit_that_is_refused_counts_nothing(t: &Trial) {
    let ([ana, _], [greeting, _]) = ids(t);
    let user = t.sample.user("Ana", Role::Agent);
    t.commit(vec![add(&user)]).await;
    let refused = t.attempt(vec![used(greeting, ana, t.sample.now()), add(&user)]).await;
    assert!(refused.is_err(), "the person is there already");
    assert_eq!(uses(t, ana).await, []);
}
