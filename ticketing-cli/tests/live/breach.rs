//! A promise that is broken with nobody at work, as those hear of it who may.

use super::{Cast, Heard, names};
use crate::server::Place;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_promise_is_heard_by_staff_who_see_the_ticket() {
    let Some(mut cast) = Cast::gather(Place::postgres(), 2).await else { return };
    let policy = json!({"name": "Soon", "targets": {"medium": {"resolution": "1s", "working_time": false}}});
    cast.admin.post("/api/sla-policies", policy).await.expect(201);
    let new = json!({
        "subject": "Where is it?", "description": "I wait.", "customer_id": cast.cy.id(),
        "team_id": cast.billing, "assigned_agent_id": cast.ann.id(),
    });
    let ticket = cast.ticket(&cast.manager, new).await;
    let broken = |heard: &Heard| heard.event == "sla_breach" && heard.data["ticket"]["id"] == ticket.as_str();
    let shown = cast.sockets.until("ann", broken).await.data;
    assert_eq!((&shown["type"], &shown["data"]["metric"]), (&json!("sla.breached"), &json!("resolution")));
    let told = |heard: &Heard| {
        heard.event == "notification"
            && heard.data["ticket_id"] == ticket.as_str()
            && heard.data["kind"] == "sla_breach"
    };
    cast.sockets.until("ann", told).await;
    cast.barrier("broken").await;
    assert_eq!(cast.hearers(broken), names(&["manager", "ann", "bob"]));
    assert_eq!(cast.hearers(told), names(&["ann"]), "whoever answers for it");
    cast.hold_to_once();
}
