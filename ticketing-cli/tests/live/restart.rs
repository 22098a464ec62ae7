//! Redis goes away and comes back while people work at two servers: what passes is told again soon, and of what is kept
//! nothing is lost.

use crate::Cast;
use crate::fold::Follower;
use crate::redis::Redis;
use crate::server::{Place, client};
use crate::sockets::{Ear, Heard};
use crate::writers::Writers;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long after Redis answers again nobody may wait any more.
const SOON: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Killed,
    /// It keeps its connections and says nothing.
    Hung,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_is_killed_under_load_takes_nothing_with_it() {
    troubled(&[Trouble::Killed]).await;
}

/// Run by `scripts/sockets`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn a_redis_that_fails_twenty_times_under_load_takes_nothing_with_it() {
    troubled(&[Trouble::Killed, Trouble::Hung].repeat(10)).await;
}

async fn troubled(troubles: &[Trouble]) {
    let redis = Redis::start().await;
    let place = Place::postgres().with("REDIS_URL", &redis.address()).with("JWT_EXPIRES_IN", "4h");
    // At the first server are the manager, Bob and Cy; at the second Ann, Tom and Dee.
    let Some(mut cast) = Cast::gather(place, 2).await else { return };
    linked(&cast, true).await;
    let mut tickets = Vec::new();
    for number in 0..6 {
        tickets.push(cast.ticket(&cast.cy, json!({"subject": format!("Ticket {number}"), "description": "x"})).await);
    }
    let ticket = tickets[0].clone();
    let (end, ended) = watch::channel(None);
    let mut followers = JoinSet::new();
    for (name, person, server) in [("bob follows", &cast.bob, 0), ("ann follows", &cast.ann, 1)] {
        let url = cast.servers[server].url();
        let follower = Follower::new(cast.sockets.ear(name), person.at(url));
        cast.sockets.open(name, url, person).await;
        followers.spawn(follower.follow(ended.clone()));
    }
    for name in ["ann", "bob", "manager"] {
        cast.sockets.done(name, "subscribe_ticket", json!(ticket)).await;
    }
    crosses(&mut cast, &ticket, ("ann", "Ann"), "bob").await;
    crosses(&mut cast, &ticket, ("bob", "Bob"), "ann").await;

    let urls = [cast.servers[0].url(), cast.servers[1].url()];
    let people = [&cast.cy, &cast.ann, &cast.bob, &cast.manager].into_iter().zip(urls.iter().cycle());
    let people = people.map(|(person, url)| person.at(url)).collect();
    let writers = Writers::start(people, &tickets, usize::MAX, Duration::from_millis(80));
    for (number, trouble) in troubles.iter().enumerate() {
        match trouble {
            Trouble::Killed => redis.kill().await,
            Trouble::Hung => redis.signal("-STOP").await,
        }
        linked(&cast, false).await;
        // The log goes on, at both servers, and so does what passes within one of them.
        let (mut at_one, mut at_other) = (cast.sockets.ear("bob"), cast.sockets.ear("ann"));
        let new = cast.ticket(&cast.cy, json!({"subject": "Meanwhile", "description": "x"})).await;
        for ear in [&mut at_one, &mut at_other] {
            let heard = ear.hears(PATIENCE, |heard| heard.data["ticket"]["id"] == new.as_str()).await;
            assert!(heard.is_some(), "{} hears what is kept", ear.name);
        }
        crosses(&mut cast, &ticket, ("manager", "Max"), "bob").await;
        // Tom begins to look on at a moment when the other server can't be told.
        cast.sockets.done("tom", "subscribe_ticket", json!(ticket)).await;
        let mut looks = cast.sockets.ear("bob");

        match trouble {
            Trouble::Killed => redis.run().await,
            Trouble::Hung => redis.signal("-CONT").await,
        }
        let begun = Instant::now();
        crosses(&mut cast, &ticket, ("ann", "Ann"), "bob").await;
        crosses(&mut cast, &ticket, ("bob", "Bob"), "ann").await;
        assert!(sees(&mut looks, "Tom").await, "who looks on is told again");
        let took = begun.elapsed();
        assert!(took < SOON, "it took {took:?} until all was told again");
        println!("{number}, {trouble:?}: after {took:?} typing and viewers were told again");
        cast.sockets.done("tom", "unsubscribe_ticket", json!(ticket)).await;
        linked(&cast, true).await;
    }

    let changes = writers.stop().await;
    let last = cast.ticket(&cast.cy, json!({"subject": "The end", "description": "x"})).await;
    end.send_replace(Some(last));
    while let Some(follower) = followers.join_next().await {
        let follower = follower.expect("it gets to the end");
        follower.check(if follower.name().starts_with("ann") { &cast.ann } else { &cast.bob }, &tickets).await;
        assert!(follower.count() >= changes, "{changes} changes, and {} events", follower.count());
    }
    for server in cast.servers {
        let log = server.log();
        assert!(!log.contains("panicked"), "{log}");
        server.stop().await;
    }
    drop(cast.place);
}

/// Types until somebody at the other end hears of it.
async fn crosses(cast: &mut Cast, ticket: &str, (from, name): (&str, &str), to: &str) {
    let begun = Instant::now();
    loop {
        let mut ear = cast.sockets.ear(to);
        cast.sockets.done(from, "typing", json!({"ticket_id": ticket, "is_typing": true})).await;
        let is_it = |heard: &Heard| {
            heard.event == "user_typing" && heard.data["name"] == name && heard.data["is_typing"] == true
        };
        let heard = ear.hears(Duration::from_millis(300), is_it).await;
        // Who says again that they write is told of only after a while; who had stopped at once.
        cast.sockets.done(from, "typing", json!({"ticket_id": ticket, "is_typing": false})).await;
        if heard.is_some() {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "{to} never hears that {name} writes");
    }
}

async fn sees(ear: &mut Ear, name: &str) -> bool {
    let is_it = |heard: &Heard| {
        let users = heard.data["users"].as_array();
        heard.event == "viewers" && users.is_some_and(|users| users.iter().any(|user| user["name"] == name))
    };
    ear.hears(PATIENCE, is_it).await.is_some()
}

/// Waits until both servers say that they are linked, or that they are not.
pub async fn linked(cast: &Cast, is_linked: bool) {
    let line = format!("ticketing_bus_linked {}", u8::from(is_linked));
    for server in &cast.servers {
        let begun = Instant::now();
        loop {
            let answer = client::http().get(format!("{}/metrics", server.url())).send().await.expect("it answers");
            let said = answer.text().await.expect("it is text");
            if said.lines().any(|said| said == line) {
                break;
            }
            assert!(begun.elapsed() < PATIENCE, "{line} is not among\n{said}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
