//! What is said, who hears it, and who listens.

use crate::house::{House, code, fields, id, key, person};
use ticketing_core::desk::{CommentEdit, NewComment, TicketPatch};
use ticketing_core::input::Patch;
use ticketing_core::model::view::TicketView;
use ticketing_core::model::{Role, Status};

#[tokio::test]
async fn no_byte_of_a_note_reaches_a_customer() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let (desk, key) = (&house.desk, key(&ticket));
    desk.add_comment(&house.agent, &key, NewComment::internal("canary: he is rude")).await.unwrap();
    desk.add_comment(&house.agent, &key, NewComment::public("We look into it")).await.unwrap();
    let mut heard =
        serde_json::to_string(&desk.timeline(&house.customer, &key, None, 99).await.unwrap().items).unwrap();
    heard += &serde_json::to_string(&desk.comments(&house.customer, &key, None, 99).await.unwrap().items).unwrap();
    let events = desk.events(&house.customer, ticketing_core::ids::Seq::default(), 99).await.unwrap();
    heard += &serde_json::to_string(&events.items).unwrap();
    heard += &serde_json::to_string(&desk.ticket(&house.customer, &key).await.unwrap()).unwrap();
    assert!(heard.contains("We look into it"));
    for word in ["canary", "escalation_level", "\"is_internal\":true"] {
        assert!(!heard.contains(word), "{word} in {heard}");
    }
    let staff = desk.comments(&house.agent, &key, None, 99).await.unwrap();
    assert_eq!(staff.items.len(), 2);
}

#[tokio::test]
async fn only_staff_write_notes_and_nobody_writes_nothing() {
    let house = House::new().await;
    let key = key(&house.ticket().await);
    let note = house.desk.add_comment(&house.customer, &key, NewComment::internal("x")).await;
    assert_eq!(fields(note), ["is_internal"]);
    assert_eq!(fields(house.desk.add_comment(&house.customer, &key, NewComment::public(" \n")).await), ["body"]);
    let foreign = house.desk.add_comment(&house.stranger, &key, NewComment::public("hi")).await;
    assert_eq!(code(foreign), "not_found");
}

#[tokio::test]
async fn the_first_public_word_of_staff_is_the_first_response() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let (desk, key) = (&house.desk, key(&ticket));
    house.pass(1);
    desk.add_comment(&house.customer, &key, NewComment::public("Hello?")).await.unwrap();
    desk.add_comment(&house.agent, &key, NewComment::internal("mine")).await.unwrap();
    assert_eq!(desk.ticket(&house.agent, &key).await.unwrap().public().first_responded_at, None);
    house.pass(1);
    desk.add_comment(&house.agent, &key, NewComment::public("Hi")).await.unwrap();
    let first = house.desk.now();
    house.pass(1);
    desk.add_comment(&house.agent, &key, NewComment::public("Still there?")).await.unwrap();
    let seen = desk.ticket(&house.agent, &key).await.unwrap();
    assert_eq!(seen.public().first_responded_at, Some(first));
    assert_eq!((seen.version(), seen.public().updated_at), (5, house.desk.now()));
}

#[tokio::test]
async fn its_author_corrects_a_comment_for_a_quarter_of_an_hour() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let (desk, key) = (&house.desk, key(&ticket));
    let edit = |body: &str| CommentEdit { body: body.into() };
    let said = desk.add_comment(&house.customer, &key, NewComment::public("My password is hunter2")).await.unwrap();
    let edited = desk.edit_comment(&house.customer, said.id, edit("My password is secret"), None).await.unwrap();
    assert_eq!((edited.version, edited.edited_at), (2, Some(desk.now())));
    assert_eq!(code(desk.edit_comment(&house.agent, said.id, edit("x"), None).await), "forbidden");
    assert_eq!(code(desk.edit_comment(&house.stranger, said.id, edit("x"), None).await), "not_found");
    assert_eq!(code(desk.edit_comment(&house.customer, said.id, edit("x"), Some(1)).await), "stale_version");
    let colleague = person(desk, Role::Customer, "carl", Some(house.acme)).await;
    let told = serde_json::to_string(&desk.timeline(&colleague, &key, None, 99).await.unwrap().items).unwrap();
    assert!(!told.contains("hunter2"), "the earlier text is not shown to customers again: {told}");
    house.pass(16);
    assert_eq!(code(desk.edit_comment(&house.customer, said.id, edit("x"), None).await), "forbidden");
}

#[tokio::test]
async fn nothing_is_said_on_a_closed_ticket() {
    let house = House::new().await;
    let key = key(&house.ticket().await);
    let close = TicketPatch { status: Patch::Set(Status::Closed), ..TicketPatch::default() };
    house.desk.update_ticket(&house.agent, &key, close, None).await.unwrap();
    assert_eq!(code(house.desk.add_comment(&house.agent, &key, NewComment::public("x")).await), "ticket_closed");
    assert_eq!(code(house.desk.add_comment(&house.agent, &key, NewComment::internal("x")).await), "ticket_closed");
}

#[tokio::test]
async fn a_customers_word_opens_a_resolved_ticket_again_or_begins_a_new_one() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let (desk, key) = (&house.desk, key(&ticket));
    let set = |status| TicketPatch { status: Patch::Set(status), ..TicketPatch::default() };
    desk.update_ticket(&house.agent, &key, set(Status::Resolved), None).await.unwrap();
    desk.add_comment(&house.agent, &key, NewComment::public("Done?")).await.unwrap();
    assert_eq!(desk.ticket(&house.agent, &key).await.unwrap().public().status, Status::Resolved, "staff do not");
    house.pass(14 * 24 * 60);
    let said = desk.add_comment(&house.customer, &key, NewComment::public("No")).await.unwrap();
    assert_eq!(said.ticket_id, ticket.id());
    let seen = desk.ticket(&house.agent, &key).await.unwrap();
    assert_eq!((seen.public().status, seen.public().resolved_at), (Status::Open, None));
    assert!(house.told(&house.customer, &ticket).await.ends_with(&["ticket.status_changed", "ticket.reopened"]));
    desk.update_ticket(&house.agent, &key, set(Status::Resolved), None).await.unwrap();
    house.pass(14 * 24 * 60 + 1);
    let late = desk.add_comment(&house.customer, &key, NewComment::public("Again")).await.unwrap();
    assert_ne!(late.ticket_id, ticket.id());
    assert_eq!(desk.ticket(&house.agent, &key).await.unwrap().public().status, Status::Resolved, "it stays over");
    let new = desk.ticket(&house.customer, &late.ticket_id.into()).await.unwrap();
    assert_eq!((new.public().status, new.public().subject.as_str()), (Status::Open, "Cannot log in"));
    assert_eq!(new.public().customer_id, id(&house.customer));
    let words = desk.comments(&house.customer, &new.id().into(), None, 9).await.unwrap().items;
    assert_eq!(words, [late]);
    let links = desk.links(&house.customer, &new.id().into()).await.unwrap();
    assert_eq!((links[0].ticket.id, links[0].direction, links.len()), (ticket.id(), "outward", 1));
    desk.update_ticket(&house.agent, &key, set(Status::Closed), None).await.unwrap();
    let closed = desk.add_comment(&house.customer, &key, NewComment::public("And again")).await.unwrap();
    assert!(closed.ticket_id != ticket.id() && closed.ticket_id != new.id());
}

#[tokio::test]
async fn what_is_put_off_wakes_when_the_customer_answers() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let (desk, key) = (&house.desk, key(&ticket));
    let wake = |at| TicketPatch { wake_at: Patch::Set(at), ..TicketPatch::default() };
    let soon = Some(desk.now() + chrono::TimeDelta::days(2));
    let status = async || desk.ticket(&house.admin, &key).await.unwrap().public().status;
    let slept = desk.update_ticket(&house.agent, &key, wake(soon), None).await.unwrap();
    let TicketView::Staff(slept) = slept else { panic!("staff see all") };
    assert_eq!((slept.wake_at, slept.public.status), (soon, Status::Pending));
    let seen = serde_json::to_string(&desk.ticket(&house.customer, &key).await.unwrap()).unwrap()
        + &serde_json::to_string(&desk.timeline(&house.customer, &key, None, 99).await.unwrap().items).unwrap();
    assert!(!seen.contains("wake_at") && !seen.contains("ticket.updated"), "{seen}");
    desk.update_ticket(&house.agent, &key, wake(None), None).await.unwrap();
    assert_eq!(status().await, Status::Pending);
    desk.add_comment(&house.customer, &key, NewComment::public("Well?")).await.unwrap();
    assert_eq!(status().await, Status::Pending, "it only waits");
    desk.update_ticket(&house.agent, &key, wake(soon), None).await.unwrap();
    desk.add_comment(&house.agent, &key, NewComment::public("Later")).await.unwrap();
    assert_eq!(status().await, Status::Pending);
    desk.add_comment(&house.customer, &key, NewComment::public("Now!")).await.unwrap();
    let TicketView::Staff(awake) = desk.ticket(&house.admin, &key).await.unwrap() else { panic!("staff see all") };
    assert_eq!((awake.wake_at, awake.public.status), (None, Status::Open));
    for wrong in [desk.now(), desk.now() + chrono::TimeDelta::days(367)] {
        assert_eq!(fields(desk.update_ticket(&house.agent, &key, wake(Some(wrong)), None).await), ["wake_at"]);
    }
    let both = TicketPatch { status: Patch::Set(Status::Open), ..wake(soon) };
    assert_eq!(fields(desk.update_ticket(&house.agent, &key, both, None).await), ["wake_at"]);
}

#[tokio::test]
async fn only_who_may_see_a_ticket_listens_to_it() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let (desk, key) = (&house.desk, key(&ticket));
    desk.watch_ticket(&house.agent, &key, id(&house.outsider)).await.unwrap();
    desk.watch_ticket(&house.agent, &key, id(&house.customer)).await.unwrap();
    let version = desk.ticket(&house.agent, &key).await.unwrap().version();
    house.pass(1);
    let again = desk.watch_ticket(&house.agent, &key, id(&house.customer)).await.unwrap();
    assert!(again.created_at < desk.now(), "since when it is, not since now");
    assert_eq!(desk.ticket(&house.agent, &key).await.unwrap().version(), version, "nothing changed");
    assert_eq!(fields(desk.watch_ticket(&house.agent, &key, id(&house.stranger)).await), ["user_id"]);
    assert_eq!(code(desk.watchers(&house.customer, &key, None, 10).await), "forbidden");
    let page = desk.watchers(&house.agent, &key, None, 1).await.unwrap();
    assert_eq!(page.items[0].user.name, "otto");
    assert!(page.next.is_some());
    desk.unwatch_ticket(&house.agent, &key, id(&house.outsider)).await.unwrap();
    assert_eq!(code(desk.unwatch_ticket(&house.agent, &key, id(&house.outsider)).await), "not_found");
    assert_eq!(desk.watchers(&house.agent, &key, None, 10).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn of_two_edits_at_once_both_are_kept_in_the_log_and_none_waits_for_long() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let (desk, key) = (&house.desk, key(&ticket));
    let said = desk.add_comment(&house.customer, &key, NewComment::public("one")).await.unwrap();
    let edit = |body: &str| desk.edit_comment(&house.customer, said.id, CommentEdit { body: body.into() }, None);
    let (two, three) = tokio::join!(edit("two"), edit("three"));
    let mut versions = [two.unwrap().version, three.unwrap().version];
    versions.sort_unstable();
    assert_eq!(versions, [2, 3]);
    let (one, other) = tokio::join!(
        desk.edit_comment(&house.customer, said.id, CommentEdit { body: "four".into() }, Some(3)),
        desk.edit_comment(&house.customer, said.id, CommentEdit { body: "five".into() }, Some(3))
    );
    assert!(one.is_ok() != other.is_ok(), "a caller's version is good for one");
}
