//! The matrix of routes and roles: what is closed to a role is a 403, whatever the body says.

use crate::support::*;
use axum::http::Method;
use serde_json::json;
use ticketing_core::model::Role;

/// Every route that is wholly closed to a role, with its path's ids left open.
const CLOSED: &[(Role, Method, &str)] = &[
    (Role::Customer, Method::GET, "/api/users"),
    (Role::Agent, Method::POST, "/api/users"),
    (Role::Agent, Method::PATCH, "/api/users/{id}"),
    (Role::Customer, Method::GET, "/api/organizations"),
    (Role::Agent, Method::POST, "/api/organizations"),
    (Role::Agent, Method::PATCH, "/api/organizations/{id}"),
    (Role::Customer, Method::GET, "/api/teams"),
    (Role::Agent, Method::POST, "/api/teams"),
    (Role::Customer, Method::GET, "/api/teams/{id}"),
    (Role::Agent, Method::PATCH, "/api/teams/{id}"),
    (Role::Agent, Method::DELETE, "/api/teams/{id}"),
    (Role::Customer, Method::GET, "/api/teams/{id}/members"),
    (Role::Agent, Method::POST, "/api/teams/{id}/members"),
    (Role::Agent, Method::PATCH, "/api/teams/{id}/members/{id}"),
    (Role::Agent, Method::DELETE, "/api/teams/{id}/members/{id}"),
    (Role::Customer, Method::PATCH, "/api/tickets/{id}"),
    (Role::Customer, Method::POST, "/api/tickets/{id}/assign"),
    (Role::Customer, Method::POST, "/api/tickets/{id}/escalate"),
    (Role::Customer, Method::POST, "/api/tickets/{id}/deescalate"),
    (Role::Customer, Method::GET, "/api/tickets/{id}/watchers"),
    (Role::Customer, Method::POST, "/api/tickets/{id}/watchers"),
    (Role::Customer, Method::DELETE, "/api/tickets/{id}/watchers/{id}"),
    (Role::Manager, Method::GET, "/api/audit"),
    (Role::Manager, Method::GET, "/api/audit/verify"),
    (Role::Manager, Method::GET, "/api/webhooks"),
    (Role::Manager, Method::POST, "/api/webhooks"),
    (Role::Manager, Method::GET, "/api/webhooks/{id}"),
    (Role::Manager, Method::PATCH, "/api/webhooks/{id}"),
    (Role::Manager, Method::DELETE, "/api/webhooks/{id}"),
    (Role::Manager, Method::POST, "/api/webhooks/{id}/test"),
    (Role::Manager, Method::POST, "/api/webhooks/{id}/replay"),
    (Role::Manager, Method::GET, "/api/webhooks/{id}/deliveries"),
    (Role::Manager, Method::GET, "/api/webhook-deliveries/{id}"),
    (Role::Manager, Method::POST, "/api/webhook-deliveries/{id}/redeliver"),
    (Role::Manager, Method::GET, "/api/jobs"),
    (Role::Manager, Method::DELETE, "/api/jobs"),
    (Role::Manager, Method::GET, "/api/jobs/{id}"),
    (Role::Manager, Method::POST, "/api/jobs/{id}/retry"),
    (Role::Manager, Method::GET, "/api/email-templates"),
    (Role::Manager, Method::GET, "/api/email-templates/{id}"),
    (Role::Manager, Method::PUT, "/api/email-templates/{id}"),
    (Role::Manager, Method::DELETE, "/api/email-templates/{id}"),
    (Role::Manager, Method::POST, "/api/email-templates/{id}/preview"),
    (Role::Manager, Method::GET, "/api/brand"),
    (Role::Manager, Method::PATCH, "/api/brand"),
    (Role::Manager, Method::GET, "/api/desk"),
    (Role::Manager, Method::PATCH, "/api/desk"),
];

/// Whatever else is wrong with the request: the role comes first, and nothing is told of what is there.
#[tokio::test]
async fn routes_that_are_closed_to_a_role_say_so_whatever_was_sent() {
    let world = world().await;
    let people = [
        (Role::Customer, &world.customer),
        (Role::Agent, &world.agent),
        (Role::Manager, &world.manager),
        (Role::Admin, &world.admin),
    ];
    let ticket = text(&world.ticket("Mine").await, "id").to_owned();
    for (highest, method, path) in CLOSED {
        for (role, person) in people {
            for id in ["01890000-0000-7000-8000-000000000000", "nonsense", &ticket] {
                let path = path.replace("{id}", id);
                let send = || call(method.clone(), &path).by(person);
                let calls = [
                    send(),
                    send().json(&json!({})),
                    send().json(&json!({"nonsense": true, "version": "x"})),
                    send().raw("text/plain", "x"),
                    send().raw("application/json", "{").with("if-match", "nonsense"),
                    call(method.clone(), format!("{path}?nonsense=1&limit=0")).by(person),
                ];
                for call in calls {
                    let answer = world.send(call).await;
                    if role <= *highest {
                        answer.problem(403, "forbidden");
                    } else {
                        assert_ne!(answer.status, 403, "{role} {method} {path}: {}", answer.text());
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn customers_say_things_and_change_no_more_than_whether_it_is_over() {
    let world = world().await;
    let path = format!("/api/tickets/{}", text(&world.ticket("Mine").await, "id"));
    let say = |body: serde_json::Value| post(format!("{path}/comments"), &body).by(&world.customer);
    world.send(say(json!({"body": "Any news?"}))).await.ok(201);
    world.send(say(json!({"body": "x", "is_internal": true}))).await.fields(&[("is_internal", "forbidden")]);
    for call in [
        patch(&path, &json!({"priority": "critical"})),
        post(format!("{path}/assign"), &json!({"agent_id": null})),
        post(format!("{path}/escalate"), &json!({"reason": "now!"})),
        post(format!("{path}/deescalate"), &json!({"reason": "later"})),
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
