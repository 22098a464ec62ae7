//! A link that fails in the middle of a stream of changes: afterwards the client's picture of the desk is right, with
//! nothing missing and nothing double.

use crate::Cast;
use crate::fold::Follower;
use crate::link::{Link, Weather};
use crate::server::{Place, Server};
use crate::writers::Writers;
use serde_json::json;
use std::fmt::Write;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::JoinSet;

struct Stream {
    changes: usize,
    /// How long it takes.
    lasts: Duration,
    /// How long nothing gets through, from the end of its first quarter on.
    dropped: Duration,
    /// How much a ticket says, bytes: so much that what is not read for so long does not fit into anybody's buffers.
    text: usize,
}

const SHORT: Stream =
    Stream { changes: 240, lasts: Duration::from_secs(5), dropped: Duration::from_secs(2), text: 100 };
const LONG: Stream =
    Stream { changes: 1_000, lasts: Duration::from_secs(18), dropped: Duration::from_secs(10), text: 24_000 };
const WRITERS: u32 = 4;
const TICKETS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_drops_leaves_no_gap_on_sqlite() {
    let Some(mut cast) = Cast::gather(Place::sqlite(), 1).await else { return };
    run(&mut cast, 0, Weather::Severed, &SHORT).await;
    run(&mut cast, 1, Weather::Stalled, &SHORT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_drops_leaves_no_gap_at_two_servers_on_postgres() {
    let Some(mut cast) = Cast::gather(Place::postgres(), 2).await else { return };
    run(&mut cast, 0, Weather::Severed, &SHORT).await;
    run(&mut cast, 1, Weather::Stalled, &SHORT).await;
}

/// Run by `scripts/sockets`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes ten minutes"]
async fn a_hundred_links_that_drop_leave_no_gap() {
    let mut lanes = JoinSet::new();
    for lane in 0..4 {
        lanes.spawn(async move {
            let (place, servers) = if lane % 2 == 0 { (Place::sqlite(), 1) } else { (Place::postgres(), 2) };
            let cast = Cast::gather(place.with("JWT_EXPIRES_IN", "4h"), servers).await;
            let mut cast = cast.expect("a long proof needs SOCKET_CLIENT");
            let mut overflows = 0;
            for number in 0..25 {
                let weather = if number % 2 == 0 { Weather::Severed } else { Weather::Stalled };
                let catches = run(&mut cast, number, weather, &LONG).await;
                overflows += if weather == Weather::Stalled { catches } else { 0 };
            }
            overflows
        });
    }
    let mut overflows = 0;
    while let Some(lane) = lanes.join_next().await {
        overflows += lane.expect("every run of the lane holds");
    }
    assert!(overflows > 0, "nobody was ever told to read on where the link had only stalled");
}

/// One drop, and how often the log was read because of it.
async fn run(cast: &mut Cast, number: usize, weather: Weather, stream: &Stream) -> usize {
    let urls: Vec<&str> = cast.servers.iter().map(Server::url).collect();
    let mut tickets = Vec::new();
    let description = "x".repeat(stream.text);
    for ticket in 0..TICKETS {
        let new = json!({"subject": format!("Ticket {ticket} of {number}"), "description": description});
        tickets.push(cast.ticket(&cast.cy, new).await);
    }
    let link = Link::to(&urls).await;
    let (end, ended) = watch::channel(None);
    let mut followers = JoinSet::new();
    for (who, person) in [("ann", &cast.ann), ("cy", &cast.cy)] {
        let name = format!("{who} {number}");
        let follower = Follower::new(cast.sockets.ear(&name), person.at(link.url()));
        cast.sockets.open(&name, link.url(), person).await;
        followers.spawn(follower.follow(ended.clone()));
    }

    let writing = [&cast.cy, &cast.ann, &cast.bob, &cast.manager].into_iter().zip(urls.iter().cycle());
    let people = writing.map(|(person, url)| person.at(url)).collect();
    let each = stream.changes / WRITERS as usize;
    let every = stream.lasts * WRITERS / u32::try_from(stream.changes).expect("not so many");
    let writers = Writers::start(people, &tickets, each, every);
    until(|| writers.done() >= stream.changes / 4).await;
    link.turn(weather);
    let at_drop = writers.done();
    tokio::time::sleep(stream.dropped).await;
    let meanwhile = writers.done() - at_drop;
    link.turn(Weather::Fair);
    assert!(meanwhile > 0, "something happens meanwhile");
    assert!(writers.done() < stream.changes, "it goes on afterwards");
    assert_eq!(writers.finished().await, stream.changes);

    let last =
        cast.ticket(&cast.cy, json!({"subject": format!("End of {number}"), "description": "All know it."})).await;
    end.send_replace(Some(last));
    let mut catches = 0;
    let mut said = format!("{weather:?} in run {number}: {} changes, {meanwhile} of them meanwhile", stream.changes);
    while let Some(follower) = followers.join_next().await {
        let follower = follower.expect("it gets to the end");
        let person = if follower.name().starts_with("ann") { &cast.ann } else { &cast.cy };
        follower.check(person, &tickets).await;
        assert!(follower.count() >= stream.changes / 2, "it heard of {}", follower.count());
        if weather == Weather::Severed {
            assert!(follower.catches > 0, "the link was gone, so something was missed");
        }
        catches += follower.catches;
        let (count, read, twice) = (follower.count(), follower.catches, follower.twice);
        let _ = write!(said, "; {count} events, log read {read} times, {twice} events both ways");
    }
    for who in ["ann", "cy"] {
        cast.sockets.close(&format!("{who} {number}")).await;
    }
    println!("{said}");
    catches
}

async fn until(holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_mins(1), "it does not get there");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
