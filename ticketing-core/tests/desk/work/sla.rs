//! Promised times while settings change, and in changes that rules do not look at.

use super::Works;
use super::escalation::{given, names, promise};
use super::rule::notifications;
use super::timer::{set, stored};
use crate::house::{House, id, key};
use crate::rule::add;
use chrono::TimeDelta;
use serde_json::json;
use ticketing_core::Scope;
use ticketing_core::changes::{Changes, Write};
use ticketing_core::conformance::sample::Sample;
use ticketing_core::desk::{NewLink, NewMerge, SlaPolicyPatch};
use ticketing_core::event::{Event, Fact};
use ticketing_core::ids::ChangeId;
use ticketing_core::input::Input;
use ticketing_core::model::{LinkKind, Role, Status};
use ticketing_core::sla::Why;

/// What is due now is in the hands of a worker that is lost: nobody else does it before its hold ends.
async fn hold_wakes(house: &House) {
    let now = house.desk.now();
    house.desk.store().claim_wakes(now, now + TimeDelta::seconds(5), 100).await.unwrap();
}

fn patch(body: serde_json::Value) -> SlaPolicyPatch {
    SlaPolicyPatch::from_json(body).unwrap()
}

#[tokio::test]
async fn what_was_over_before_a_policy_changed_is_told_though_tickets_are_planned_anew_first() {
    for is_deleted in [false, true] {
        let works = Works::new().await;
        let house = &works.house;
        let made = promise(house, json!({})).await;
        works.work().await;
        let ticket = given(house, None).await;
        let due_at = stored(house, &ticket).await.sla.unwrap().first_response.unwrap().due_at;
        // Workers stand still for a while, in which an hour is over and four are promised instead, or none.
        house.pass(80);
        if is_deleted {
            house.desk.delete_sla_policy(&house.admin, made.id, None).await.unwrap();
        } else {
            let more = patch(json!({"targets": {"medium": {"first_response": "4h", "resolution": "8h"}}}));
            house.desk.update_sla_policy(&house.admin, made.id, more, None).await.unwrap();
        }
        hold_wakes(house).await;
        works.work().await;
        works.later(1).await;
        let told = names(house, &ticket).await;
        assert_eq!(told.iter().filter(|name| **name == "sla.breached").count(), 1, "{told:?}");
        let sla = stored(house, &ticket).await.sla.unwrap();
        assert_eq!(sla.first_response.unwrap().breached_at, due_at);
        // And it follows the change all the same.
        assert_eq!(sla.policy.map(|policy| policy.version), (!is_deleted).then_some(made.version + 1));
        assert_eq!(sla.resolution.unwrap().target, if is_deleted { 0 } else { 8 * 3_600 });
    }
}

#[tokio::test]
async fn a_breach_is_told_where_rules_see_it_though_a_change_without_rules_comes_first() {
    let works = Works::new().await;
    let house = &works.house;
    promise(house, json!({"on_breach": {"escalate": true}})).await;
    for trigger in ["sla_breach", "escalation"] {
        let rule = json!({"name": trigger, "trigger_type": trigger,
            "actions": [{"type": "add_tags", "params": {"tags": [trigger]}}]});
        add(house, rule).await;
    }
    works.work().await;
    let (late, other, gone) = (given(house, None).await, given(house, None).await, given(house, None).await);
    let due_at = stored(house, &late).await.sla.unwrap().first_response.unwrap().due_at;
    // Workers are a little late, and somebody is faster.
    house.pass(61);
    let link = NewLink { ticket: key(&other), kind: LinkKind::Relates };
    house.desk.link_tickets(&house.admin, &key(&late), link).await.unwrap();
    assert_eq!(names(house, &late).await.last(), Some(&"link.added"));
    let merge = NewMerge { into: key(&other), confirm_other_customer: false };
    house.desk.merge_ticket(&house.admin, &key(&gone), merge).await.unwrap();
    assert!(names(house, &gone).await.contains(&"sla.breached"), "nobody looks at it any more");
    works.work().await;
    for ticket in [&late, &other] {
        let now = stored(house, ticket).await;
        assert_eq!(now.sla.unwrap().first_response.unwrap().breached_at, due_at);
        assert_eq!((now.tags, now.escalation_level), (vec!["escalation".to_owned(), "sla_breach".to_owned()], 1));
        let bell = notifications(house, id(&house.agent)).await;
        let about = bell.iter().filter(|one| one.ticket_id == Some(ticket.id())).count();
        assert_eq!(about, 2, "the breach and the escalation: {bell:?}");
        let told = names(house, ticket).await;
        assert_eq!(told.iter().filter(|name| **name == "sla.breached").count(), 1);
    }
}

#[tokio::test]
async fn a_story_of_a_very_long_history_says_that_it_is_cut_and_how_it_ended() {
    let works = Works::new().await;
    let house = &works.house;
    promise(house, json!({})).await;
    works.work().await;
    let ticket = given(house, None).await;
    house.pass(30);
    set(house, &ticket, Status::Pending).await;
    let told = async || {
        let story = house.desk.sla_story(&house.admin, &key(&ticket)).await.unwrap();
        let stretches = story.clocks.last().unwrap().stretches.clone();
        let minutes = |one: ticketing_core::sla::StoryStretch| (one.why, (one.to - one.from).num_minutes());
        (story.is_cut, stretches.into_iter().map(minutes).collect::<Vec<_>>())
    };
    house.pass(30);
    let paused = Why::Paused { status: Status::Pending };
    assert_eq!(told().await, (false, vec![(Why::Counted, 30), (paused.clone(), 30)]));
    let (sample, now, store) = (Sample::new(9), stored(house, &ticket).await, house.desk.store());
    let actor = sample.user("x", Role::Agent);
    let passing = |_| {
        let fact = Fact::WatcherAdded { user_id: actor.id };
        Write::Event(Box::new(Event { at: now.updated_at, image: None, ..sample.event(&now, fact, &actor) }))
    };
    let changes = Changes {
        id: ChangeId(sample.uuid()),
        scope: Scope::UPKEEP,
        settings: store.settings_version().await.unwrap(),
        bumps_settings: false,
        writes: (0..2_000).map(passing).collect(),
        guards: Vec::new(),
    };
    store.commit(changes).await.unwrap();
    set(house, &ticket, Status::Open).await;
    house.pass(30);
    assert_eq!(told().await, (true, vec![(Why::Counted, 30), (paused, 30), (Why::Counted, 30)]));
}
