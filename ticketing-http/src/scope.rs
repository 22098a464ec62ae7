//! What a key's scopes open: the one place that says which routes, by method and area.

use crate::problem::Problem;
use axum::http::{Method, StatusCode};
use ticketing_core::Actor;
use ticketing_core::model::KeyScope;

/// Areas whose reading belongs to working on tickets.
const READ_WITH_TICKETS: &[&str] = &[
    "tickets",
    "comments",
    "attachments",
    "time-entries",
    "time-tracking",
    "timer",
    "search",
    "events",
    "users",
    "organizations",
    "teams",
    "calendars",
    "views",
    "macros",
    "canned-responses",
    "custom-fields",
    "sla-policies",
    "notifications",
];
/// Areas whose writing belongs to working on tickets.
const WRITTEN_WITH_TICKETS: &[&str] = &["tickets", "comments", "attachments", "time-entries", "timer", "notifications"];
/// What is a person's own: every key of theirs reads it, and only one that may do everything changes it.
const OWN: &[&str] = &["/api/auth/me", "/api/auth/me/teams", "/api/notifications/preferences"];
/// The route that counts lists of tickets.
const COUNTS: &str = "/api/tickets/counts";
/// Areas that are reports.
const REPORTS: &[&str] = &["analytics", "export", "scheduled-reports"];

/// Refuses a program whose key does not open this route. A person is never refused here.
pub(crate) fn check(actor: &Actor, method: &Method, path: &str) -> Result<(), Problem> {
    let Some(scopes) = actor.principal().and_then(|principal| principal.key_scopes.as_deref()) else { return Ok(()) };
    let Some(needed) = needed(method, path) else { return Ok(()) };
    if scopes.contains(&KeyScope::Admin) || scopes.contains(&needed) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "scope", format!("The key lacks the scope {needed}.")))
}

/// The scope that opens a route; none where every key does. What is not named here takes `admin`, so a
/// new route is closed until somebody decides otherwise.
fn needed(method: &Method, path: &str) -> Option<KeyScope> {
    let mut parts = path.trim_start_matches('/').split('/');
    let (root, area) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let last = path.rsplit('/').next().unwrap_or_default();
    if root != "api" {
        return Some(KeyScope::Admin);
    }
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if OWN.contains(&path) {
        return if reads { None } else { Some(KeyScope::Admin) };
    }
    let is_report =
        REPORTS.contains(&area) || matches!((area, last), ("teams", "analytics") | ("time-entries", "summary"));
    // A search in a body reads too, and so do counting lists and filling in a canned response.
    let asks = area == "search" || path == COUNTS || (area, last) == ("canned-responses", "render");
    Some(if is_report && reads {
        KeyScope::ReportsRead
    } else if !is_report && (reads || asks) && READ_WITH_TICKETS.contains(&area) {
        KeyScope::TicketsRead
    } else if !is_report && WRITTEN_WITH_TICKETS.contains(&area) {
        KeyScope::TicketsWrite
    } else {
        KeyScope::Admin
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HttpOptions;
    use axum::body::Body;
    use axum::http::{Request, header};
    use http_body_util::BodyExt;
    use std::sync::Arc;
    use ticketing_core::Desk;
    use ticketing_core::access::SystemReason;
    use ticketing_core::desk::{NewApiKey, NewUser};
    use ticketing_core::memory::MemoryStore;
    use ticketing_core::model::Role;
    use tower::ServiceExt;

    /// What anybody may ask for, signed in or not.
    const PUBLIC: &[&str] = &[
        "/api/auth/login",
        "/api/auth/refresh",
        "/api/auth/register",
        "/api/auth/password/forgot",
        "/api/auth/password/reset",
        "/api/auth/setup",
        "/api/inbound/email",
        "/api/openapi.json",
        "/api/welcome",
    ];

    async fn key(desk: &Desk, scopes: Vec<KeyScope>) -> String {
        let operator = &Actor::system(SystemReason::Operator);
        let email = format!("{}@desk.example", scopes.len());
        let new = NewUser { role: Role::Admin, ..NewUser::new(email, "Ada") };
        let owner = desk.create_user(operator, new).await.unwrap();
        let owner = desk.actor_of(owner.id, None).await.unwrap();
        let new = NewApiKey { name: "Robot".to_owned(), scopes, expires_at: None };
        desk.create_api_key(&owner, new).await.unwrap().key
    }

    async fn send(app: &axum::Router, method: &Method, path: &str, key: &str) -> (StatusCode, String) {
        let request = Request::builder().method(method.clone()).uri(path);
        let request = request.header(header::AUTHORIZATION, format!("Bearer {key}")).body(Body::empty()).unwrap();
        let (parts, body) = app.clone().oneshot(request).await.unwrap().into_parts();
        (parts.status, String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned())
    }

    /// Every route that there is, also one that comes later: a key that reads tickets changes nothing.
    #[tokio::test]
    async fn a_key_that_reads_changes_nothing_on_any_route() {
        let desk = Desk::builder().store(Arc::new(MemoryStore::new())).build().unwrap();
        let reading = key(&desk, vec![KeyScope::TicketsRead]).await;
        let whole = key(&desk, vec![KeyScope::TicketsRead, KeyScope::Admin]).await;
        let app = crate::router(desk, HttpOptions::default());
        let mut refused = 0;
        for route in crate::routes::all().paths().into_iter().filter(|path| path.starts_with("/api/")) {
            let path: Vec<_> = route
                .split('/')
                .map(|part| if part.starts_with('{') { "01890000-0000-7000-8000-000000000000" } else { part })
                .collect();
            let path = path.join("/");
            for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                let (status, text) = send(&app, &method, &path, &reading).await;
                if status == StatusCode::METHOD_NOT_ALLOWED || PUBLIC.contains(&route.as_str()) {
                    continue;
                }
                let opens = matches!(needed(&method, &path), None | Some(KeyScope::TicketsRead));
                assert!(opens || text.contains("/problems/scope"), "{method} {route}: {status} {text}");
                assert!(!opens || status != StatusCode::FORBIDDEN, "{method} {route}: {status} {text}");
                let asks = route.starts_with("/api/search")
                    || (&method, route.as_str()) == (&Method::POST, COUNTS)
                    || route.ends_with("/render");
                assert!(method == Method::GET || asks || !opens, "{method} {route} is open to a key that reads");
                refused += usize::from(!opens);
                let (status, text) = send(&app, &method, &path, &whole).await;
                assert_ne!(status, StatusCode::UNAUTHORIZED, "{method} {route}: {text}");
                assert!(!text.contains("/problems/scope"), "{method} {route}: {status} {text}");
            }
        }
        assert!(refused > 15, "{refused}");
    }

    #[test]
    fn areas_and_methods_say_which_scope_opens_a_route() {
        use KeyScope::{Admin, ReportsRead, TicketsRead, TicketsWrite};
        let cases = [
            (Method::GET, "/api/auth/me", None),
            (Method::PATCH, "/api/auth/me", Some(Admin)),
            (Method::GET, "/api/auth/me/teams", None),
            (Method::GET, "/api/tickets", Some(TicketsRead)),
            (Method::HEAD, "/api/tickets/x/comments", Some(TicketsRead)),
            (Method::POST, "/api/tickets/x/comments", Some(TicketsWrite)),
            (Method::GET, "/api/comments/x", Some(TicketsRead)),
            (Method::PATCH, "/api/comments/x", Some(TicketsWrite)),
            (Method::POST, "/api/search/advanced", Some(TicketsRead)),
            (Method::POST, "/api/tickets/counts", Some(TicketsRead)),
            (Method::POST, "/api/tickets/x/counts", Some(TicketsWrite)),
            (Method::POST, "/api/tickets/counts/", Some(TicketsWrite)),
            (Method::GET, "/api/users", Some(TicketsRead)),
            (Method::POST, "/api/users", Some(Admin)),
            (Method::GET, "/api/teams/x", Some(TicketsRead)),
            (Method::GET, "/api/teams/x/analytics", Some(ReportsRead)),
            (Method::GET, "/api/calendars/x", Some(TicketsRead)),
            (Method::POST, "/api/calendars/x/holidays", Some(Admin)),
            (Method::GET, "/api/time-entries/summary", Some(ReportsRead)),
            (Method::GET, "/api/time-entries", Some(TicketsRead)),
            (Method::DELETE, "/api/time-entries/x", Some(TicketsWrite)),
            (Method::GET, "/api/timer", Some(TicketsRead)),
            (Method::POST, "/api/timer/stop", Some(TicketsWrite)),
            (Method::GET, "/api/time-tracking", Some(TicketsRead)),
            (Method::PATCH, "/api/time-tracking", Some(Admin)),
            (Method::GET, "/api/export/tickets/csv", Some(ReportsRead)),
            (Method::GET, "/api/analytics/sla", Some(ReportsRead)),
            (Method::POST, "/api/scheduled-reports", Some(Admin)),
            (Method::GET, "/api/api-keys", Some(Admin)),
            (Method::GET, "/api/audit", Some(Admin)),
            (Method::GET, "/api/notifications", Some(TicketsRead)),
            (Method::PATCH, "/api/notifications/x/read", Some(TicketsWrite)),
            (Method::GET, "/api/notifications/preferences", None),
            (Method::PUT, "/api/notifications/preferences", Some(Admin)),
            (Method::GET, "/api/webhooks", Some(Admin)),
            (Method::GET, "/api/webhook-deliveries/x", Some(Admin)),
            (Method::GET, "/api/jobs", Some(Admin)),
            (Method::GET, "/api/canned-responses", Some(TicketsRead)),
            (Method::POST, "/api/canned-responses", Some(Admin)),
            (Method::POST, "/api/canned-responses/x/render", Some(TicketsRead)),
            (Method::POST, "/api/canned-responses/import", Some(Admin)),
            (Method::GET, "/api/macros/x", Some(TicketsRead)),
            (Method::PATCH, "/api/macros/x", Some(Admin)),
            (Method::POST, "/api/tickets/x/macros/y", Some(TicketsWrite)),
            (Method::GET, "/api/workflows", Some(Admin)),
            (Method::POST, "/api/workflows/x/restore", Some(Admin)),
            (Method::GET, "/api/tickets/x/workflow-runs", Some(TicketsRead)),
            (Method::GET, "/api/email-templates/x", Some(Admin)),
            (Method::GET, "/api/brand", Some(Admin)),
            (Method::GET, "/api/desk", Some(Admin)),
            (Method::PATCH, "/api/desk", Some(Admin)),
            (Method::GET, "/api/%74ickets", Some(Admin)),
            (Method::GET, "//api/tickets", Some(TicketsRead)),
            (Method::GET, "/", Some(Admin)),
        ];
        for (method, path, wanted) in cases {
            assert_eq!(needed(&method, path), wanted, "{method} {path}");
        }
    }
}
