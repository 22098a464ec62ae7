//! The matrix of routes and roles: what is closed to a role is a 403, whatever the body says.

use crate::support::*;
use axum::http::Method;
use serde_json::json;

#[tokio::test]
async fn routes_that_are_closed_to_a_role_say_so_whatever_was_sent() {
    let world = world().await;
    let id = "01890000-0000-7000-8000-000000000000";
    let closed = [
        (&world.customer, Method::GET, "/api/users".to_owned()),
        (&world.customer, Method::POST, "/api/users".to_owned()),
        (&world.customer, Method::GET, "/api/organizations".to_owned()),
        (&world.customer, Method::POST, "/api/organizations".to_owned()),
        (&world.customer, Method::GET, "/api/teams".to_owned()),
        (&world.customer, Method::GET, format!("/api/teams/{id}")),
        (&world.customer, Method::GET, format!("/api/teams/{id}/members")),
        (&world.agent, Method::POST, "/api/teams".to_owned()),
        (&world.agent, Method::PATCH, format!("/api/teams/{id}")),
        (&world.agent, Method::DELETE, format!("/api/teams/{id}")),
        (&world.agent, Method::POST, format!("/api/teams/{id}/members")),
        (&world.agent, Method::PATCH, format!("/api/teams/{id}/members/{id}")),
        (&world.agent, Method::DELETE, format!("/api/teams/{id}/members/{id}")),
        (&world.manager, Method::GET, "/api/audit".to_owned()),
    ];
    for (person, method, path) in closed {
        for body in [json!({}), json!({"nonsense": true})] {
            let answer = world.send(call(method.clone(), &path).json(&body).by(person)).await;
            assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text());
            answer.problem(403, "forbidden");
        }
    }
}

#[tokio::test]
async fn customers_say_things_and_change_nothing_else() {
    let world = world().await;
    let path = format!("/api/tickets/{}", text(&world.ticket("Mine").await, "id"));
    let say = |body: serde_json::Value| post(format!("{path}/comments"), &body).by(&world.customer);
    world.send(say(json!({"body": "Any news?"}))).await.ok(201);
    world.send(say(json!({"body": "x", "is_internal": true}))).await.fields(&[("is_internal", "forbidden")]);
    for call in [
        patch(&path, &json!({"priority": "critical"})),
        post(format!("{path}/assign"), &json!({"agent_id": null})),
        post(format!("{path}/escalate"), &json!({"reason": "now!"})),
        post(format!("{path}/watchers"), &json!({"user_id": world.customer.id()})),
    ] {
        world.send(call.by(&world.customer)).await.problem(403, "forbidden");
    }
}

#[tokio::test]
async fn an_agent_sees_the_own_teams_tickets_and_those_of_none() {
    let world = world().await;
    let ticket = world.ticket("Secret of the night shift").await;
    let path = format!("/api/tickets/{}", text(&ticket, "id"));
    world.send(get(&path).by(&world.agent)).await.ok(200);
    let team = world.send(post("/api/teams", &json!({"name": "Night", "routing": "manual"})).by(&world.manager)).await;
    let team = team.ok(201);
    world.send(post(format!("{path}/assign"), &json!({"team_id": team["id"]})).by(&world.manager)).await.ok(200);
    for call in [
        get(&path),
        get(format!("/api/tickets/{}", text(&ticket, "ticket_number"))),
        patch(&path, &json!({"subject": "x"})),
        post(format!("{path}/comments"), &json!({"body": "x"})),
        get(format!("{path}/timeline")),
    ] {
        world.send(call.by(&world.agent)).await.problem(404, "not_found");
    }
    assert!(!world.send(get("/api/tickets").by(&world.agent)).await.text().contains("night shift"));
    let events = world.send(get("/api/events").by(&world.agent)).await;
    assert!(!events.text().contains(text(&ticket, "id")), "not in the event log either");
    let member = json!({"user_id": world.agent.id(), "role": "member"});
    let members = format!("/api/teams/{}/members", text(&team, "id"));
    world.send(post(members, &member).by(&world.manager)).await.ok(201);
    world.send(get(&path).by(&world.agent)).await.ok(200);
}
