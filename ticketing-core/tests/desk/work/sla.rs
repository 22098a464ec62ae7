//! Promised times while settings change, and in changes that rules do not look at.

use super::Works;
use super::escalation::{given, names, promise};
use super::timer::stored;
use crate::house::House;
use chrono::TimeDelta;
use serde_json::json;
use ticketing_core::desk::SlaPolicyPatch;
use ticketing_core::input::Input;

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
