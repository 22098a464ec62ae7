//! What people are told on the desk, by two desks at the same time on whatever store there is.

use std::sync::Arc;
use ticketing_core::access::SystemReason;
use ticketing_core::desk::{NewComment, NewTicket, NewUser, NotificationList, ReadAll, Requester};
use ticketing_core::memory::TestClock;
use ticketing_core::model::{NotificationKind, Role};
use ticketing_core::port::Store;
use ticketing_core::{Actor, Desk};

async fn person(desk: &Desk, name: &str, role: Role) -> Actor {
    let new = NewUser { role, ..NewUser::new(format!("{name}@told.example"), name) };
    let user = desk.create_user(&Actor::system(SystemReason::Host), new).await.expect("a person is added");
    desk.actor_of(user.id, None).await.expect("the person may act")
}

/// Each comment is counted once, whichever desk takes it, and what is read meanwhile is neither lost nor read again.
pub async fn many_at_once_are_one(store: Arc<dyn Store>) {
    let clock = Arc::new(TestClock::default());
    let desks: [Desk; 2] = [(), ()].map(|()| {
        let desk = Desk::builder().store(Arc::clone(&store)).clock(Arc::clone(&clock) as Arc<_>);
        desk.build().expect("a desk is built")
    });
    let (agent, customer) =
        (person(&desks[0], "amy", Role::Agent).await, person(&desks[0], "kim", Role::Customer).await);
    let new = NewTicket {
        requester: Requester::User(customer.user_id().expect("it is a person")),
        assigned_agent_id: agent.user_id(),
        ..NewTicket::new("Lift", "It is stuck.")
    };
    let admin = person(&desks[0], "ada", Role::Admin).await;
    let ticket = desks[0].create_ticket(&admin, new).await.expect("it is made").id().into();
    let say = async |desk: &Desk, number: usize| {
        let comment = NewComment::public(format!("Number {number}"));
        desk.add_comment(&customer, &ticket, comment).await.expect("it is said");
    };
    let comments = NotificationList { kinds: vec![NotificationKind::CommentAdded], ..NotificationList::default() };
    let told = async || {
        let page = desks[1].notifications(&agent, comments.clone(), None, 100).await.expect("they are listed");
        page.items.iter().map(|one| one.count).collect::<Vec<_>>()
    };
    let said = (0..12).map(|number| say(&desks[number % 2], number));
    futures::future::join_all(said).await;
    assert_eq!(told().await, [12]);

    let said = futures::future::join_all((0..12).map(|number| say(&desks[number % 2], number)));
    let read = async {
        for _ in 0..6 {
            desks[1].read_notifications(&agent, ReadAll::default()).await.expect("they are read");
        }
    };
    futures::future::join(said, read).await;
    assert_eq!(told().await.iter().sum::<i32>(), 24, "each is counted once");
    let unread = desks[0].unread_count(&agent).await.expect("they are counted");
    let list = NotificationList { unread: true, ..NotificationList::default() };
    let listed = desks[0].notifications(&agent, list, None, 100).await.expect("they are listed").items;
    assert_eq!(unread, listed.len() as u64);
    assert_eq!(desks[0].read_notifications(&agent, ReadAll::default()).await.expect("they are read"), 0);
}
