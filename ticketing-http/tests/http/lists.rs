//! Lists: pages, filters, sorts, and cursors that hold nothing but their own list.

use crate::support::*;
use chrono::TimeDelta;
use serde_json::{Value, json};

async fn filled() -> World {
    let world = world().await;
    let rows = [
        ("one", "low", "Billing", json!(["a"])),
        ("two", "high", "billing", json!(["A", "b"])),
        ("three", "critical", "Straße", json!([])),
        ("four", "medium", "Access", json!(["c"])),
        ("five", "high", "Access", json!(["b"])),
    ];
    for (subject, priority, category, tags) in rows {
        let body =
            json!({"subject": subject, "description": "x", "priority": priority, "category": category, "tags": tags});
        world.ticket_with(body).await;
        // One ticket a minute, the first at 09:06 of the second of March.
        world.pass(TimeDelta::minutes(1));
    }
    world
}

async fn found(world: &World, query: &str) -> Vec<String> {
    let page = world.send(get(format!("/api/tickets?{query}")).by(&world.admin)).await.ok(200);
    let mut found = subjects(&page);
    found.sort();
    found
}

#[tokio::test]
async fn pages_follow_one_another_without_gap_or_repeat() {
    let world = filled().await;
    for sort in ["created_at", "-created_at", "updated_at", "-updated_at", "priority", "-priority", "status", "-status"]
    {
        let whole = subjects(&world.send(get(format!("/api/tickets?sort={sort}")).by(&world.admin)).await.ok(200));
        assert_eq!(whole.len(), 5);
        let mut walked = Vec::new();
        let mut next = String::new();
        loop {
            let path = format!("/api/tickets?limit=2&sort={sort}{next}");
            let page = world.send(get(path).by(&world.admin)).await.ok(200);
            assert!(page.get("total").is_none(), "nobody asked for a total");
            walked.extend(subjects(&page));
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(walked, whole, "{sort}");
    }
    let newest = world.send(get("/api/tickets?limit=1").by(&world.admin)).await.ok(200);
    assert_eq!(subjects(&newest), ["five"], "the newest first unless asked otherwise");
    let urgent = world.send(get("/api/tickets?limit=1&sort=-priority").by(&world.admin)).await.ok(200);
    assert_eq!(subjects(&urgent), ["three"]);
    assert_eq!(world.send(get("/api/tickets?limit=1&count=true").by(&world.admin)).await.ok(200)["total"], 5);
}

#[tokio::test]
async fn a_cursor_is_good_only_for_its_own_list() {
    let world = filled().await;
    let page = world.send(get("/api/tickets?limit=2&priority=high,low,critical").by(&world.admin)).await.ok(200);
    let cursor = text(&page, "next_cursor");
    let with = |query: &str| get(format!("/api/tickets?{query}&cursor={cursor}")).by(&world.admin);
    world.send(with("limit=2&priority=high,low,critical")).await.ok(200);
    world.send(with("limit=50&priority=high,low,critical&count=true")).await.ok(200);
    let refused = [("cursor", "invalid_cursor")];
    world.send(with("limit=2")).await.fields(&refused);
    world.send(with("priority=high")).await.fields(&refused);
    world.send(with("priority=high,low,critical&sort=priority")).await.fields(&refused);
    world.send(get(format!("/api/users?cursor={cursor}")).by(&world.admin)).await.fields(&refused);
    let mut forged = cursor.to_owned();
    forged.replace_range(5..6, if &forged[5..6] == "A" { "B" } else { "A" });
    let path = format!("/api/tickets?priority=high,low,critical&cursor={forged}");
    world.send(get(path).by(&world.admin)).await.fields(&refused);
    world.send(get("/api/tickets?cursor=").by(&world.admin)).await.fields(&refused);
    world.send(get("/api/tickets?cursor=1;select%20pg_sleep(5)").by(&world.admin)).await.fields(&refused);
}

#[tokio::test]
async fn filters_select() {
    let world = filled().await;
    let cases = [
        ("priority=high", vec!["five", "two"]),
        ("priority=high,%20low", vec!["five", "one", "two"]),
        ("priority=high&category=access", vec!["five"]),
        ("category=BILLING", vec!["one", "two"]),
        ("category=STRASSE", vec!["three"]),
        ("tag=A", vec!["one", "two"]),
        ("tag=a,c", vec!["four", "one", "two"]),
        ("status=open&tag=b", vec!["five", "two"]),
        ("status=closed", vec![]),
        ("channel=web", vec!["five", "four", "one", "three", "two"]),
        ("channel=portal", vec![]),
        ("created_from=2026-03-03", vec![]),
        ("created_to=2026-03-01", vec![]),
        ("created_from=2026-03-02&created_to=2026-03-02", vec!["five", "four", "one", "three", "two"]),
        ("assigned_agent_id=none", vec!["five", "four", "one", "three", "two"]),
        ("team_id=none&assigned_agent_id=me", vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&world, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_bound_in_time_includes_its_own_moment() {
    let world = filled().await;
    let page = world.send(get("/api/tickets?sort=created_at").by(&world.admin)).await.ok(200);
    let second = text(&page["items"][1], "created_at").to_owned();
    assert_eq!(found(&world, &format!("created_to={second}")).await, ["one", "two"]);
    assert_eq!(found(&world, &format!("created_from={second}")).await, ["five", "four", "three", "two"]);
    assert_eq!(found(&world, &format!("created_from={second}&created_to={second}")).await, ["two"]);
    assert_eq!(found(&world, &format!("updated_from={second}&updated_to={second}")).await, ["two"]);
    let offset = second.replace('Z', "+00:00");
    assert_eq!(found(&world, &format!("created_to={offset}")).await, ["one", "two"], "an unencoded plus sign");
    let encoded = offset.replace('+', "%2B");
    assert_eq!(found(&world, &format!("created_to={encoded}")).await, ["one", "two"]);
}

#[tokio::test]
async fn filters_by_people_and_teams() {
    let world = filled().await;
    let page = world.send(get("/api/tickets?sort=created_at").by(&world.admin)).await.ok(200);
    let path = |at: usize| format!("/api/tickets/{}", text(&page["items"][at], "id"));
    let team = world.send(post("/api/teams", &json!({"name": "Night", "routing": "manual"})).by(&world.manager)).await;
    let team = team.ok(201);
    let give = |at: usize, body: Value| post(format!("{}/assign", path(at)), &body).by(&world.admin);
    world.send(give(0, json!({"agent_id": world.agent.id()}))).await.ok(200);
    world.send(give(1, json!({"agent_id": world.admin.id()}))).await.ok(200);
    world.send(give(2, json!({"team_id": team["id"]}))).await.ok(200);
    let agent = world.agent.id();
    let customer = world.customer.id();
    let cases = [
        ("assigned_agent_id=me".to_owned(), vec!["two"]),
        (format!("assigned_agent_id=me,{agent}"), vec!["one", "two"]),
        ("assigned_agent_id=none,me".to_owned(), vec!["five", "four", "three", "two"]),
        (format!("team_id={}", text(&team, "id")), vec!["three"]),
        (format!("team_id=none,{}&assigned_agent_id=none", text(&team, "id")), vec!["five", "four", "three"]),
        (format!("customer_id={customer}&priority=low"), vec!["one"]),
        ("customer_id=me".to_owned(), vec![]),
        (format!("organization_id={}&priority=low", world.organization.id), vec!["one"]),
        ("organization_id=none".to_owned(), vec![]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&world, &query).await, expected, "{query}");
    }
    let own = world.send(get("/api/tickets?customer_id=me&priority=low").by(&world.customer)).await.ok(200);
    assert_eq!(subjects(&own), ["one"]);
}

#[tokio::test]
async fn every_bad_parameter_is_named() {
    let world = world().await;
    let query = "status=opened&priority=&sort=subject&limit=101&created_from=yesterday&updated_to=2026-02-30\
        &team_id=x&customer_id=none&assigned_agent_id=ME&custom_fields.plan=gold&is_sla_breached=perhaps&sla_due_from=soon&offset=3&tag=a&tag=b\
        &count=1";
    let expected = [
        ("status", "unknown_value"),
        ("priority", "required"),
        ("sort", "unknown_value"),
        ("limit", "out_of_range"),
        ("created_from", "unknown_value"),
        ("updated_to", "unknown_value"),
        ("team_id", "unknown_value"),
        ("customer_id", "unknown_value"),
        ("assigned_agent_id", "unknown_value"),
        ("custom_fields.plan", "unknown_parameter"),
        ("is_sla_breached", "unknown_value"),
        ("sla_due_from", "unknown_value"),
        ("offset", "unknown_parameter"),
        ("tag", "repeated"),
        ("count", "unknown_value"),
    ];
    world.send(get(format!("/api/tickets?{query}")).by(&world.agent)).await.fields(&expected);
    for limit in ["0", "-1", "x", "1.5", "99999999999999999999"] {
        let path = format!("/api/tickets?limit={limit}");
        world.send(get(path).by(&world.agent)).await.fields(&[("limit", "out_of_range")]);
    }
    for path in ["/api/users", "/api/organizations", "/api/teams", "/api/audit", "/api/events"] {
        let answer = world.send(get(format!("{path}?sort=x")).by(&world.admin)).await;
        answer.fields(&[("sort", "unknown_parameter")]);
    }
    let many = ["a"; 101].join(",");
    world.send(get(format!("/api/tickets?tag={many}")).by(&world.agent)).await.fields(&[("tag", "too_long")]);
}

#[tokio::test]
async fn every_list_counts_its_rows_when_asked() {
    let world = world().await;
    let path = format!("/api/tickets/{}", text(&world.ticket("Counted").await, "id"));
    for (body, is_internal) in [("one", false), ("two", false), ("three", true)] {
        let comment = json!({"body": body, "is_internal": is_internal});
        world.send(post(format!("{path}/comments"), &comment).by(&world.agent)).await.ok(201);
    }
    for person in [&world.agent, &world.manager] {
        let watcher = json!({"user_id": person.id()});
        world.send(post(format!("{path}/watchers"), &watcher).by(&world.agent)).await.ok(201);
    }
    let (comments, timeline) = (format!("{path}/comments"), format!("{path}/timeline"));
    for (list, person, total) in [
        ("/api/users", &world.agent, 5),
        ("/api/users?role=customer", &world.agent, 2),
        ("/api/users?q=DESK.example", &world.agent, 3),
        ("/api/organizations", &world.agent, 1),
        (&comments, &world.agent, 3),
        (&comments, &world.customer, 2),
        (&format!("{path}/watchers"), &world.agent, 2),
        (&timeline, &world.agent, 6),
        (&timeline, &world.customer, 3),
        ("/api/audit?action=comment.added", &world.admin, 3),
    ] {
        let mark = if list.contains('?') { '&' } else { '?' };
        let page = world.send(get(format!("{list}{mark}limit=1&count=true")).by(person)).await.ok(200);
        assert_eq!((&page["total"], page["items"].as_array().unwrap().len()), (&json!(total), 1), "{list}");
        if let Some(cursor) = page["next_cursor"].as_str() {
            let next = format!("{list}{mark}limit=1&count=true&cursor={cursor}");
            assert_eq!(world.send(get(next).by(person)).await.ok(200)["total"], total, "{list} on its second page");
        }
        let silent = world.send(get(list).by(person)).await.ok(200);
        assert!(silent.get("total").is_none(), "{list} counts only when asked");
    }
    let stranger = world.send(get(format!("{comments}?count=true")).by(&world.stranger)).await;
    stranger.problem(404, "not_found");
}

#[tokio::test]
async fn a_page_links_to_the_next_with_all_that_was_asked_for() {
    let world = world().await;
    for number in 0..5 {
        world.ticket(&format!("Ticket {number}")).await;
    }
    world.send(post("/api/teams", &json!({"name": "A", "routing": "manual"})).by(&world.admin)).await.ok(201);
    let lists = [
        "/api/tickets?limit=1&sort=created_at&status=open,pending&count=true",
        "/api/tickets?status=open&limit=2",
        "/api/users?limit=2",
        "/api/audit?limit=3&action=ticket.created",
    ];
    for list in lists.map(str::to_owned) {
        let path = list.split('?').next().unwrap();
        let (mut target, mut seen, mut pages) = (list.clone(), Vec::new(), 0);
        loop {
            let page = world.send(get(&target).by(&world.admin)).await;
            let body = page.ok(200);
            seen.extend(body["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
            pages += 1;
            let Some(cursor) = body["next_cursor"].as_str() else {
                assert_eq!(page.header("link"), "", "{list}: the last page leads nowhere");
                break;
            };
            let query = page.header("link").strip_prefix("<").and_then(|link| link.strip_suffix(">; rel=\"next\""));
            let query = query.unwrap_or_else(|| panic!("{list}: {:?}", page.header("link")));
            assert!(query.ends_with(&format!("cursor={cursor}")) && query.matches("cursor=").count() == 1, "{query}");
            target = format!("{path}{query}");
        }
        let whole =
            list.replace("limit=1", "limit=100").replace("limit=2", "limit=100").replace("limit=3", "limit=100");
        let whole = world.send(get(whole).by(&world.admin)).await.ok(200);
        let whole: Vec<_> = whole["items"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
        assert_eq!(seen, whole, "{list}");
        assert!(pages > 1, "{list}");
    }
    let log = world.send(get("/api/events?limit=2").by(&world.admin)).await;
    let cursor = log.ok(200)["next_cursor"].as_str().unwrap().to_owned();
    assert_eq!(log.header("link"), format!("<?limit=2&after={cursor}>; rel=\"next\""));
}

#[tokio::test]
async fn a_long_conversation_is_read_from_its_end() {
    let world = world().await;
    let path = format!("/api/tickets/{}", text(&world.ticket("Long").await, "id"));
    for turn in 0..7 {
        let said = json!({"body": format!("{turn}"), "is_internal": turn % 3 == 2});
        world.send(post(format!("{path}/comments"), &said).by(&world.agent)).await.ok(201);
        world.pass(TimeDelta::seconds(1));
    }
    for (list, person) in [
        ("comments", &world.agent),
        ("comments", &world.customer),
        ("timeline", &world.agent),
        ("timeline", &world.customer),
    ] {
        let read = async |query: &str| {
            let page = world.send(get(format!("{path}/{list}?{query}")).by(person)).await.ok(200);
            let items = page["items"].as_array().unwrap().clone();
            (items, page["next_cursor"].as_str().map(str::to_owned), page["total"].clone())
        };
        let (mut wanted, ..) = read("limit=100&sort=created_at").await;
        assert_eq!(read("limit=100").await.0, wanted, "oldest first unless it is said otherwise");
        wanted.reverse();
        let (mut found, mut place, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let (items, next, total) = read(&format!("sort=-created_at&limit=2&count=true{place}")).await;
            assert_eq!(total, json!(wanted.len()));
            found.extend(items);
            pages += 1;
            let Some(next) = next else { break };
            // A cursor of one order is none of the other.
            let other = get(format!("{path}/{list}?sort=created_at&limit=2&cursor={next}")).by(person);
            world.send(other).await.fields(&[("cursor", "invalid_cursor")]);
            place = format!("&cursor={next}");
        }
        assert_eq!((&found, pages), (&wanted, wanted.len().div_ceil(2)), "{list}");
        let bad = get(format!("{path}/{list}?sort=-id")).by(person);
        world.send(bad).await.fields(&[("sort", "unknown_value")]);
    }
    world.send(get(format!("{path}/comments?sort=-created_at")).by(&world.stranger)).await.problem(404, "not_found");
}
