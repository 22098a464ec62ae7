//! What administrators see of mail that came in and do about it, and where it comes in.

use crate::letter::*;
use crate::support::*;
use axum::http::Method;
use serde_json::{Value, json};

fn review(mail: &Value, deed: &str) -> Call {
    call(Method::POST, format!("/api/inbound/{}/{deed}", text(mail, "id")))
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|mail| text(mail, "id")).collect()
}

#[tokio::test]
async fn what_is_no_mail_is_kept_quarantined_and_dropped() {
    let world = world().await;
    let nonsense: Vec<u8> = (0..=255).cycle().take(5_000).collect();
    let mail = world.receive(&nonsense).await;
    assert_eq!((text(&mail, "state"), text(&mail, "cause")), ("quarantined", "unreadable"), "{mail}");
    assert_eq!((text(&mail, "reason"), &mail["content"]), ("It is not a mail.", &Value::Null));
    let raw = world.send(get(format!("/api/inbound/{}/raw", text(&mail, "id"))).by(&world.admin)).await;
    assert_eq!((raw.status.as_u16(), &raw.body[..]), (200, &nonsense[..]));

    // Reading it once more does not make it a mail.
    let released = world.send(review(&mail, "release").by(&world.admin)).await.ok(200);
    assert_eq!((text(&released, "state"), &released["version"]), ("waiting", &json!(3)));
    world.work().await;
    let path = format!("/api/inbound/{}", text(&mail, "id"));
    let again = world.send(get(&path).by(&world.admin)).await;
    assert_eq!(text(&again.ok(200), "state"), "quarantined");
    let stale = review(&mail, "drop").by(&world.admin).with("if-match", "\"2\"");
    world.send(stale).await.problem(412, "stale_version");
    let current = again.header("etag").to_owned();
    let dropped = world.send(review(&mail, "drop").by(&world.admin).with("if-match", current)).await;
    assert_eq!((text(&dropped.ok(200), "state"), dropped.header("etag")), ("dropped", "\"5\""));
    for deed in ["drop", "release"] {
        world.send(review(&mail, deed).by(&world.admin)).await.problem(409, "not_open");
    }
    world
        .send(review(&mail, "drop").json(&json!({"why": "x"})).by(&world.admin))
        .await
        .fields(&[("why", "unknown_field")]);
    let lines = world.send(get("/api/audit?action=mail.dropped").by(&world.admin)).await.ok(200);
    assert_eq!(lines["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_held_is_taken_when_an_administrator_says_so() {
    let world = world().await;
    let hold = patch("/api/inbound-policy", &json!({"hold_strangers": true})).by(&world.admin);
    world.send(hold).await.ok(200);
    let mail = world.receive(letter("1", "zoe@zeta.example", "May I?", "I am new here.")).await;
    assert_eq!((text(&mail, "state"), text(&mail, "cause")), ("held", "unknown_sender"), "{mail}");
    let tickets = async || world.send(get("/api/tickets").by(&world.admin)).await.ok(200);
    assert_eq!(subjects(&tickets().await), Vec::<String>::new());
    world.send(review(&mail, "release").by(&world.admin)).await.ok(200);
    world.work().await;
    assert_eq!(subjects(&tickets().await), ["May I?"]);
}

#[tokio::test]
async fn mails_are_listed_newest_first_and_filtered() {
    let world = world().await;
    let kim = world.customer.user.email.as_str();
    world.receive(letter("1", "zoe@zeta.example", "First", "Hello.")).await;
    world.receive(letter("2", kim, "Second", "Hello.")).await;
    let spam = format!("X-Spam-Flag: YES\r\n{}", letter("3", "zoe@zeta.example", "Win", "Now."));
    let spam = world.receive(spam).await;
    let unread = world.send(bring(letter("4", kim, "Last", "Hello."))).await.ok(201);
    let list = async |query: &str| world.send(get(format!("/api/inbound{query}")).by(&world.admin)).await.ok(200);
    let all = list("").await;
    assert_eq!((ids(&all).len(), ids(&all)[0], ids(&all)[1]), (4, text(&unread, "id"), text(&spam, "id")));
    assert!(all["items"][0].get("content").is_none() && all.get("total").is_none());
    let spam_state = text(&spam, "state");
    for (query, count) in [
        ("?state=new", 2),
        ("?state=waiting,new", 3),
        (&format!("?state={spam_state}"), 1),
        ("?cause=spam", 1),
        ("?cause=forged", 0),
        ("?from=ZOE@zeta.example", 2),
        ("?mailbox_id=01890000-0000-7000-8000-000000000000", 0),
    ] {
        assert_eq!(ids(&list(query).await).len(), count, "{query}");
    }
    let first = list("?limit=3").await;
    let rest = list(&format!("?limit=3&cursor={}", text(&first, "next_cursor"))).await;
    assert_eq!((ids(&first).len(), ids(&rest).len(), &rest["next_cursor"]), (3, 1, &Value::Null));
    assert_eq!([ids(&first), ids(&rest)].concat(), ids(&all));
    let wrong = get("/api/inbound?state=lost&cause=none&mailbox_id=7&from=&count=true").by(&world.admin);
    let expected = [
        ("state", "unknown_value"),
        ("cause", "unknown_value"),
        ("mailbox_id", "unknown_value"),
        ("from", "unknown_value"),
        ("count", "unknown_parameter"),
    ];
    world.send(wrong).await.fields(&expected);
    let counts = world.send(get("/api/inbound/counts").by(&world.admin)).await.ok(200);
    let mut told: Vec<_> =
        counts["items"].as_array().unwrap().iter().map(|c| (text(c, "state"), c["count"].as_u64())).collect();
    told.sort_by_key(|(state, _)| *state);
    let mut expected = vec![(spam_state, Some(1)), ("waiting", Some(1))];
    expected.sort_by_key(|(state, _)| *state);
    assert_eq!(told, expected, "{counts}");
}

#[tokio::test]
async fn a_mail_is_given_as_it_came_and_never_shown_by_a_browser() {
    let world = world().await;
    let mail = letter("1", "zoe@zeta.example", "<script>", "<img src=x>");
    let taken = world.send(bring(&mail)).await.ok(201);
    let raw = world.send(get(format!("/api/inbound/{}/raw", text(&taken, "id"))).by(&world.admin)).await;
    assert_eq!(raw.ok_text(200), mail);
    assert_eq!(raw.header("content-type"), "message/rfc822");
    assert!(raw.header("content-disposition").starts_with("attachment; filename=\""), "{raw:?}");
    assert_eq!(raw.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!((raw.header("x-content-type-options"), raw.header("cache-control")), ("nosniff", "no-store"));
}

#[tokio::test]
async fn a_preview_says_what_would_become_of_a_mail_and_keeps_nothing() {
    let world = world().await;
    let ticket = world.ticket("Printer").await;
    let number = text(&ticket, "ticket_number");
    let try_out = async |mail: &str| {
        let call = call(Method::POST, "/api/inbound/preview").raw("message/rfc822", mail).by(&world.admin);
        world.send(call).await
    };
    let new = try_out(&letter("1", "zoe@zeta.example", "Hello", "There.")).await.ok(200);
    assert_eq!((&new["outcome"]["state"], &new["outcome"]["author"]["is_new"]), (&json!("new"), &json!(true)), "{new}");
    let answer = letter("2", &world.customer.user.email, &format!("Re: [{number}] Printer"), "It works again.");
    let answer = try_out(&answer).await.ok(200);
    let outcome = &answer["outcome"];
    assert_eq!((&outcome["state"], &outcome["ticket_id"]), (&json!("threaded"), &ticket["id"]), "{answer}");
    try_out("nonsense").await.fields(&[("message", "unreadable")]);
    try_out("").await.fields(&[("message", "required")]);
    let listed = world.send(get("/api/inbound").by(&world.admin)).await.ok(200);
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn staff_who_see_a_ticket_see_its_mails() {
    let world = world().await;
    let mail = world.receive(letter("1", &world.customer.user.email, "Printer", "It smokes.")).await;
    let path = format!("/api/tickets/{}/mails", text(&mail, "ticket_id"));
    let listed = world.send(get(&path).by(&world.agent)).await.ok(200);
    assert_eq!(ids(&listed), [text(&mail, "id")]);
    let one = format!("{path}/{}", text(&mail, "id"));
    let shown = world.send(get(&one).by(&world.agent)).await.ok(200);
    assert_eq!((&shown["content"]["text"], &shown["state"]), (&mail["content"]["text"], &json!("new")));
    for path in [&path, &one] {
        world.send(get(path).by(&world.customer)).await.problem(403, "forbidden");
        world.send(get(path)).await.problem(401, "unauthenticated");
    }
    let other = world.ticket("Another").await;
    let elsewhere = format!("/api/tickets/{}/mails/{}", text(&other, "id"), text(&mail, "id"));
    world.send(get(elsewhere).by(&world.agent)).await.problem(404, "not_found");
    world
        .send(get(format!("{path}?cursor=x&state=new")).by(&world.agent))
        .await
        .fields(&[("cursor", "invalid_cursor"), ("state", "unknown_parameter")]);
}

#[tokio::test]
async fn all_of_it_is_for_administrators() {
    let world = world().await;
    let mail = world.receive("nonsense").await;
    let mailbox = json!({"name": "Help", "address": "help@desk.example"});
    let made = world.send(post("/api/mailboxes", &mailbox).by(&world.admin)).await.ok(201);
    let one = format!("/api/inbound/{}", text(&mail, "id"));
    let mailbox_path = format!("/api/mailboxes/{}", text(&made, "id"));
    for person in [&world.manager, &world.agent, &world.customer] {
        let calls = [
            get("/api/inbound"),
            get("/api/inbound/counts"),
            get(&one),
            get(format!("{one}/raw")),
            review(&mail, "release"),
            review(&mail, "drop"),
            call(Method::POST, "/api/inbound/preview").raw("message/rfc822", "x"),
            get("/api/mailboxes"),
            post("/api/mailboxes", &mailbox),
            get(&mailbox_path),
            patch(&mailbox_path, &json!({"name": "Mine"})),
            delete(&mailbox_path),
            get("/api/inbound-policy"),
            patch("/api/inbound-policy", &json!({"hold_strangers": true})),
        ];
        for call in calls {
            world.send(call.by(person)).await.problem(403, "forbidden");
        }
    }
    for nothing in ["01890000-0000-7000-8000-000000000000", "nonsense"] {
        for path in ["", "/raw"] {
            let path = format!("/api/inbound/{nothing}{path}");
            world.send(get(path).by(&world.admin)).await.problem(404, "not_found");
        }
        world.send(get(format!("/api/mailboxes/{nothing}")).by(&world.admin)).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_mailbox_is_made_changed_and_taken_away_and_keeps_its_secrets() {
    let world = world().await;
    let new = json!({
        "name": "Help", "address": "help@desk.example", "locale": "de",
        "imap": {"host": "imap.desk.example", "username": "help", "secret": "canary-1", "then": "move", "then_folder": "Done"},
    });
    let made = world.send(post("/api/mailboxes", &new).by(&world.admin)).await;
    let mailbox = made.ok(201);
    let path = format!("/api/mailboxes/{}", text(&mailbox, "id"));
    assert_eq!((made.header("location"), made.header("etag")), (path.as_str(), "\"1\""));
    let imap = &mailbox["imap"];
    assert_eq!((&imap["port"], &imap["security"], &imap["then_folder"]), (&json!(993), &json!("tls"), &json!("Done")));
    let shown = world.send(get(&path).by(&world.admin).with("if-none-match", "\"1\"")).await;
    assert_eq!(shown.status, 304);

    let other = json!({"name": "Other", "address": "HELP@desk.example"});
    world.send(post("/api/mailboxes", &other).by(&world.admin)).await.fields(&[("address", "duplicate")]);
    world.send(post("/api/mailboxes", &json!({"imap": {}})).by(&world.admin)).await.fields(&[
        ("name", "required"),
        ("address", "required"),
        ("imap.host", "required"),
        ("imap.username", "required"),
    ]);
    let change = json!({"imap": {"host": "imap.desk.example", "username": "help2"}, "priority": "low"});
    let changed = world.send(patch(&path, &change).by(&world.admin).with("if-match", "\"1\"")).await.ok(200);
    assert_eq!((&changed["imap"]["username"], &changed["version"]), (&json!("help2"), &json!(2)));
    // The secret is not sent to another place than the one that it was given for.
    let elsewhere = json!({"imap": {"host": "imap.evil.example", "username": "help2"}});
    world.send(patch(&path, &elsewhere).by(&world.admin)).await.fields(&[("imap.secret", "required")]);
    world.send(patch(&path, &change).by(&world.admin).with("if-match", "\"1\"")).await.problem(412, "stale_version");

    let listed = world.send(get("/api/mailboxes?count=true").by(&world.admin)).await;
    assert_eq!(listed.ok(200)["total"], 1);
    let audit = world.send(get("/api/audit").by(&world.admin)).await;
    for answer in [&made, &listed, &audit] {
        assert!(!answer.text().contains("canary"), "{}", answer.text());
    }
    assert_eq!(world.send(delete(&path).by(&world.admin)).await.status, 204);
    world.send(get(&path).by(&world.admin)).await.problem(404, "not_found");
}

#[tokio::test]
async fn how_mail_is_taken_in_has_a_version() {
    let world = world().await;
    let first = world.send(get("/api/inbound-policy").by(&world.admin)).await;
    let policy = first.ok(200);
    assert_eq!((&policy["version"], &policy["updated_at"], first.header("etag")), (&json!(0), &Value::Null, "\"0\""));
    let change = json!({"blocked": ["Ann@acme.example", "@spam.example"], "status_words": true});
    let change = patch("/api/inbound-policy", &change).by(&world.admin).with("if-match", "\"0\"");
    let changed = world.send(change).await.ok(200);
    assert_eq!((&changed["blocked"], &changed["version"]), (&json!(["@spam.example", "ann@acme.example"]), &json!(1)));
    let wrong = json!({"blocked": ["no"], "spam_headers": [{"name": "", "begins": "yes"}], "colour": 1});
    world.send(patch("/api/inbound-policy", &wrong).by(&world.admin)).await.fields(&[
        ("blocked[0]", "not_an_address"),
        ("spam_headers[0].name", "invalid_value"),
        ("colour", "unknown_field"),
    ]);
    let mail = world.receive(letter("1", "ann@acme.example", "Again", "It is me.")).await;
    assert_eq!((text(&mail, "state"), text(&mail, "cause")), ("refused", "blocked"), "{mail}");
}

#[tokio::test]
async fn metrics_tell_what_becomes_of_mail_and_nothing_of_who_is_known() {
    let world = world().await;
    let hold = patch("/api/inbound-policy", &json!({"hold_strangers": true})).by(&world.admin);
    world.send(hold).await.ok(200);
    let line = async |name: &str| {
        let told = world.send(get("/metrics")).await.ok_text(200);
        assert!(!told.contains("unknown_sender"), "{told}");
        told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse::<u64>().ok())
    };
    let waiting = "ticketing_inbound_waiting{state=\"waiting\",cause=\"none\"}";
    let oldest = "ticketing_inbound_oldest_waiting_seconds";
    assert_eq!((line(waiting).await, line(oldest).await), (Some(0), Some(0)));
    world.receive(letter("1", "zoe@zeta.example", "May I?", "Hello.")).await;
    world.receive(letter("2", &world.customer.user.email, "Printer", "Hello.")).await;
    world.send(bring(letter("3", &world.customer.user.email, "Lamp", "Hello."))).await.ok(201);
    world.pass(chrono::TimeDelta::seconds(90));
    assert_eq!((line(waiting).await, line(oldest).await), (Some(1), Some(90)));
    assert_eq!(line("ticketing_inbound_waiting{state=\"held\",cause=\"sender\"}").await, Some(1));
    assert_eq!(line("ticketing_inbound_mails_total{state=\"held\",cause=\"sender\"}").await, Some(1));
    assert_eq!(line("ticketing_inbound_mails_total{state=\"new\",cause=\"none\"}").await, Some(1));
}
