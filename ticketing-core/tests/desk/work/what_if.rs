//! What policies and calendars would do to the open tickets, asked before they are saved.

use super::Works;
use super::escalation::{given, promise};
use super::timer::{set, stored};
use crate::house::{House, code, fields};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::Arc;
use ticketing_core::changes::{Changes, Expect, Write};
use ticketing_core::conformance::sample::Sample;
use ticketing_core::desk::{DeskOptions, NewCalendar, SlaWhatIf};
use ticketing_core::ids::ChangeId;
use ticketing_core::input::Input;
use ticketing_core::model::{Role, Status, Ticket};
use ticketing_core::{Desk, Scope};

async fn what_if(house: &House, body: Value) -> Value {
    let input = SlaWhatIf::from_json(body).unwrap();
    json!(house.desk.sla_what_if(&house.admin, input).await.unwrap())
}

#[tokio::test]
async fn a_policy_is_tried_on_the_open_tickets_and_nothing_is_saved() {
    let works = Works::new().await;
    let house = &works.house;
    let old = given(house, None).await;
    works.later(90).await;
    let new = given(house, None).await;
    let closed = given(house, None).await;
    set(house, &closed, Status::Resolved).await;
    let targets =
        |first: &str, resolution: &str| json!({"medium": {"first_response": first, "resolution": resolution}});
    let draft = |targets: Value| json!({"policy": {"name": "Draft", "targets": targets}});
    let seen = what_if(house, draft(targets("1h", "4h"))).await;
    assert_eq!((&seen["tickets"], &seen["affected"], &seen["is_cut"]), (&json!(2), &json!(2), &json!(false)));
    assert_eq!((&seen["newly_promised"], &seen["breached_at_once"]), (&json!(4), &json!(1)), "the old one's response");
    assert_eq!(seen["samples"][0]["ticket"], json!(old)["ticket_number"]);
    assert_eq!((&seen["samples"][0]["due_at"], seen["samples"].as_array().unwrap().len()), (&Value::Null, 4));

    let made = promise(house, json!({})).await;
    works.work().await;
    // It was over before it was promised.
    let over = house.desk.now() - TimeDelta::minutes(30);
    assert_eq!(stored(house, &old).await.sla.unwrap().first_response.unwrap().breached_at, Some(over));
    let version = stored(house, &new).await.version;
    let instead = |targets: Value| json!({"policy": {"name": "Gold", "targets": targets}, "replaces": made.id});
    let same = what_if(house, instead(targets("1h", "4h"))).await;
    assert_eq!((&same["affected"], &same["samples"]), (&json!(0), &json!([])));
    let more_time = what_if(house, instead(targets("2h", "8h"))).await;
    assert_eq!((&more_time["saved"], &more_time["due_later"]), (&json!(1), &json!(3)));
    let less_time = what_if(house, instead(json!({"medium": {"resolution": "1h"}}))).await;
    let counts =
        ["no_longer_promised", "breached_at_once", "due_earlier", "saved"].map(|field| less_time[field].clone());
    assert_eq!(counts, [json!(2), json!(1), json!(1), json!(0)]);
    let due = stored(house, &new).await.sla.unwrap().resolution.unwrap().due_at.unwrap();
    let sample = less_time["samples"]
        .as_array()
        .unwrap()
        .iter()
        .find(|sample| sample["ticket"] == json!(new)["ticket_number"] && sample["metric"] == "resolution");
    let sooner = due - TimeDelta::hours(3);
    assert_eq!((&sample.unwrap()["due_at"], &sample.unwrap()["would_be_due_at"]), (&json!(due), &json!(sooner)));
    // A policy before it that takes its tickets away and promises less.
    let first = json!({"policy": {"name": "First", "position": 0, "targets": {"medium": {"resolution": "2d"}}}});
    assert_eq!(what_if(house, first).await["no_longer_promised"], 0, "the one that is there was there first");

    assert_eq!(house.desk.sla_policies(&house.admin).await.unwrap(), [made]);
    assert_eq!(stored(house, &new).await.version, version);
    let name = SlaWhatIf::from_json(draft(targets("1h", "4h"))).unwrap();
    assert_eq!(code(house.desk.sla_what_if(&house.manager, name).await), "forbidden");
    let taken = SlaWhatIf::from_json(json!({"policy": {"name": "gold", "targets": targets("1h", "4h")}})).unwrap();
    assert_eq!(fields(house.desk.sla_what_if(&house.admin, taken).await), ["policy.name"]);
    let gone = json!({"policy": {"name": "X", "targets": targets("1h", "4h")}, "replaces": uuid::Uuid::nil()});
    assert_eq!(code(house.desk.sla_what_if(&house.admin, SlaWhatIf::from_json(gone).unwrap()).await), "not_found");
}

#[tokio::test]
async fn no_more_tickets_are_gone_through_than_may_be() {
    let house = &House::new().await;
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(given(house, None).await);
        house.pass(1);
    }
    // What is resolved or closed takes no place.
    set(house, &all[0], Status::Resolved).await;
    set(house, &all[1], Status::Closed).await;
    let draft = json!({"policy": {"name": "Draft", "targets": {"medium": {"resolution": "4h"}}}});
    for (most, seen, is_cut) in [(0, 0, true), (1, 1, true), (2, 2, true), (3, 3, false), (500, 3, false)] {
        let options = DeskOptions { what_if_tickets: most, ..DeskOptions::default() };
        let desk = Desk::builder().store(Arc::clone(house.desk.store())).clock(Arc::clone(&house.clock) as Arc<_>);
        let desk = desk.options(options).build().unwrap();
        let input = SlaWhatIf::from_json(draft.clone()).unwrap();
        let told = desk.sla_what_if(&house.admin, input).await.unwrap();
        assert_eq!((told.tickets, told.affected, told.is_cut), (seen, seen, is_cut), "at most {most}");
    }
}

#[tokio::test]
async fn a_calendar_is_tried_in_the_place_of_another() {
    let works = Works::new().await;
    let house = &works.house;
    let day = json!([{"start": "09:00", "end": "17:00"}]);
    let week = |day: &Value| json!({"monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day});
    let office =
        |day: &Value| json!({"name": "Office", "time_zone": "UTC", "weekly_hours": week(day), "is_default": true});
    let new = NewCalendar::from_json(office(&day)).unwrap();
    let calendar = house.desk.create_calendar(&house.admin, new).await.unwrap();
    promise(house, json!({"targets": {"medium": {"resolution": "8h"}}})).await;
    given(house, None).await;
    let longer = json!([{"start": "09:00", "end": "21:00"}]);
    let seen = what_if(house, json!({"calendar": office(&longer), "replaces": calendar.id})).await;
    assert_eq!((&seen["affected"], &seen["due_earlier"], &seen["saved"]), (&json!(1), &json!(1), &json!(0)));
    // A Thursday at ten: an hour is left for Friday, or nothing is.
    assert_eq!(seen["samples"][0]["due_at"], "2026-01-16T10:00:00Z");
    assert_eq!(seen["samples"][0]["would_be_due_at"], "2026-01-15T18:00:00Z");
    let same = what_if(house, json!({"calendar": office(&day), "replaces": calendar.id})).await;
    assert_eq!(same["affected"], 0);
    for (body, field) in [
        (json!({}), "policy"),
        (json!({"calendar": office(&day)}), "replaces"),
        (json!({"calendar": {"name": ""}, "replaces": calendar.id}), "calendar.time_zone"),
    ] {
        assert!(fields(SlaWhatIf::from_json(body)).contains(&field.to_owned()), "{field}");
    }
}

#[tokio::test]
async fn what_is_broken_is_not_broken_anew_where_a_policy_would_end_its_pause() {
    let works = Works::new().await;
    let house = &works.house;
    let made = promise(house, json!({"targets": {"medium": {"resolution": "1h"}}})).await;
    let (late, slow) = (given(house, None).await, given(house, None).await);
    works.later(30).await;
    set(house, &slow, Status::Pending).await;
    works.later(60).await;
    assert!(stored(house, &late).await.is_sla_breached());
    set(house, &late, Status::Pending).await;
    let instead = |resolution: &str, pause_on: Value| {
        json!({"policy": {"name": "Gold", "targets": {"medium": {"resolution": resolution}}, "pause_on": pause_on},
            "replaces": made.id})
    };
    // Both wait. The one goes on with half an hour left; the other's hour is over as it was.
    let seen = what_if(house, instead("1h", json!([]))).await;
    let counts = ["affected", "breached_at_once", "due_earlier", "saved"].map(|field| seen[field].clone());
    assert_eq!(counts, [json!(1), json!(0), json!(1), json!(0)]);
    let less = what_if(house, instead("20m", json!([]))).await;
    assert_eq!((&less["affected"], &less["breached_at_once"]), (&json!(1), &json!(1)), "the one that is not broken");
    let more = what_if(house, instead("4h", json!(["pending"]))).await;
    assert_eq!((&more["saved"], &more["due_later"]), (&json!(1), &json!(1)));
}

#[tokio::test]
async fn tickets_that_are_over_take_no_place_of_open_ones() {
    let house = &House::new().await;
    let over = house.ticket().await;
    set(house, &over, Status::Resolved).await;
    let (over, store) = (stored(house, &over).await, house.desk.store());
    let sample = Sample::new(5);
    let somebody = sample.user("x", Role::Customer);
    let copy = |_| {
        let twin = sample.ticket(&somebody);
        let ticket = Ticket { id: twin.id, number: twin.number, version: 1, ..over.clone() };
        Write::Ticket { ticket: Box::new(ticket), expect: Expect::New, text: true }
    };
    let changes = Changes {
        id: ChangeId(sample.uuid()),
        scope: Scope::UPKEEP,
        settings: store.settings_version().await.unwrap(),
        bumps_settings: false,
        writes: (0..50_000).map(copy).collect(),
        guards: Vec::new(),
    };
    store.commit(changes).await.unwrap();
    house.pass(1);
    given(house, None).await;
    let draft = json!({"policy": {"name": "Draft", "targets": {"medium": {"resolution": "1h"}}}});
    let seen = what_if(house, draft).await;
    assert_eq!((&seen["tickets"], &seen["newly_promised"], &seen["is_cut"]), (&json!(1), &json!(1), &json!(false)));
}
