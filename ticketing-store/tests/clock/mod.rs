//! What happens by the clock, told once through a desk on whatever store there is.

use chrono::TimeDelta;
use serde_json::json;
use std::sync::Arc;
use ticketing_core::access::SystemReason;
use ticketing_core::desk::work::WorkOptions;
use ticketing_core::desk::{DeskPatch, NewComment, NewTicket, NewUser, NewWorkflow, TicketPatch};
use ticketing_core::ids::{TicketKey, UserId};
use ticketing_core::input::{Input, Patch};
use ticketing_core::memory::TestClock;
use ticketing_core::model::{NotificationKind, Role, Status};
use ticketing_core::port::Store;
use ticketing_core::query::NotificationQuery;
use ticketing_core::{Actor, Desk, Scope};

/// A desk on the store, as a process that has just started has one.
fn started(store: &Arc<dyn Store>, clock: &Arc<TestClock>) -> Desk {
    let desk = Desk::builder().store(Arc::clone(store)).clock(Arc::clone(clock) as Arc<_>);
    desk.build().expect("a desk is built")
}

async fn person(desk: &Desk, system: &Actor, name: &str, role: Role) -> Actor {
    let new = NewUser { role, ..NewUser::new(format!("{name}@clock.example"), name) };
    let user = desk.create_user(system, new).await.expect("a person is added");
    desk.actor_of(user.id, None).await.expect("the person may act")
}

/// Two processes do all that is due, side by side.
async fn work(desks: &[Desk; 2]) {
    for rounds in 0.. {
        assert!(rounds < 200, "work comes to an end");
        let [one, other] = desks.each_ref().map(|desk| desk.workers(WorkOptions::default()));
        let (one, other) = tokio::join!(one.run_due(50), other.run_due(50));
        if one.expect("it works") + other.expect("it works") == 0 {
            return;
        }
    }
}

async fn told(store: &Arc<dyn Store>, who: UserId) -> usize {
    use NotificationKind::{Rule, SnoozeEnded};
    let query = NotificationQuery { kinds: vec![Rule, SnoozeEnded], ..NotificationQuery::of(who, 1_000) };
    store.notifications(&query).await.expect("notifications are read").len()
}

/// Rules count from replies, on an interval and by a setting, over restarts, and two processes do each thing once.
pub async fn what_is_due_is_done_once(store: Arc<dyn Store>) {
    let clock = Arc::new(TestClock::default());
    let mut desks = [started(&store, &clock), started(&store, &clock)];
    let system = Actor::system(SystemReason::Host);
    let admin = person(&desks[0], &system, "ada", Role::Admin).await;
    let customer = person(&desks[0], &system, "cleo", Role::Customer).await;
    let ada = admin.user_id().expect("she is a person");
    let rule = |schedule| {
        let tell = json!({"type": "send_notification", "params": {"user_id": ada, "title": "T", "message": "M"}});
        let open = json!([{"field": "status", "operator": "in", "value": ["open", "pending"]}]);
        NewWorkflow::from_json(json!({"name": "By the clock", "trigger_type": "time_based", "schedule": schedule,
            "trigger_conditions": open, "actions": [tell]}))
        .expect("a rule")
    };
    let after = rule(json!({"after": "4h", "since": "last_customer_reply"}));
    desks[0].create_workflow(&admin, after).await.expect("it is saved");
    let mut keys = Vec::new();
    for _ in 0..20 {
        let ticket = desks[0].create_ticket(&customer, NewTicket::new("Late", "Text.")).await.expect("it is made");
        keys.push(TicketKey::Id(ticket.id()));
    }
    clock.advance(TimeDelta::hours(2));
    for key in &keys[..5] {
        desks[1].add_comment(&customer, key, NewComment::public("And?")).await.expect("it is said");
    }
    work(&desks).await;
    assert_eq!(told(&store, ada).await, 0);
    clock.advance(TimeDelta::hours(2));
    work(&desks).await;
    assert_eq!(told(&store, ada).await, 15, "those that were not answered since");
    desks = [started(&store, &clock), started(&store, &clock)];
    clock.advance(TimeDelta::hours(2));
    work(&desks).await;
    assert_eq!(told(&store, ada).await, 20);
    // A ticket sleeps, others are resolved, and a rule looks at all of them each hour.
    let wake_at = clock.advance(TimeDelta::zero()) + TimeDelta::hours(3);
    let snooze = TicketPatch { wake_at: Patch::Set(Some(wake_at)), ..TicketPatch::default() };
    desks[0].update_ticket(&admin, &keys[0], snooze, None).await.expect("it sleeps");
    for key in &keys[1..] {
        let resolve = TicketPatch { status: Patch::Set(Status::Resolved), ..TicketPatch::default() };
        desks[0].update_ticket(&admin, key, resolve, None).await.expect("it is resolved");
    }
    desks[0].create_workflow(&admin, rule(json!({"every": "1h"}))).await.expect("it is saved");
    let closing = DeskPatch { auto_close_after: Patch::Set(Some("2h".to_owned())), ..DeskPatch::default() };
    desks[0].update_profile(&admin, closing, None).await.expect("it is saved");
    work(&desks).await;
    clock.advance(TimeDelta::hours(1));
    work(&desks).await;
    assert_eq!(told(&store, ada).await, 21, "the one that is not resolved");
    desks = [started(&store, &clock), started(&store, &clock)];
    clock.advance(TimeDelta::hours(2));
    work(&desks).await;
    assert_eq!(told(&store, ada).await, 23, "and that the one that she put off asks again");
    let awake = store.ticket(&Scope::UPKEEP, &keys[0]).await.expect("it is read").expect("it is there");
    assert_eq!((awake.status, awake.wake_at), (Status::Pending, None));
    for key in &keys[1..] {
        let closed = store.ticket(&Scope::UPKEEP, key).await.expect("it is read").expect("it is there");
        assert_eq!(closed.status, Status::Closed);
        let events = store.ticket_events(&Scope::UPKEEP, closed.id, ticketing_core::Seq(0), 100).await;
        let closings = events.expect("events are read").iter().filter(|e| e.fact.name() == "ticket.closed").count();
        assert_eq!(closings, 1);
    }
}
