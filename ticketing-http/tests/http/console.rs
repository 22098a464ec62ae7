//! The web console, as far as it was built: pages for people, and never for programs.

use crate::support::{get, world};
use axum::Router;
use std::path::Path;
use ticketing_core::Actor;
use ticketing_core::access::SystemReason;
use ticketing_core::desk::DeskPatch;
use ticketing_core::input::Patch;

const BROWSER: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

/// Whether there is a console to serve: a program without it has a page that says so.
fn is_built() -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("console/dist/page/index.html").exists()
}

#[tokio::test]
async fn any_address_is_a_page_for_people_and_not_there_for_programs() {
    let world = world().await;
    for path in ["/tickets/TKT-ABCDEFGH", "/admin/users", "/sign-in?to=/me"] {
        let page = world.send(get(path).with("accept", BROWSER)).await;
        assert_eq!(page.status, if is_built() { 200 } else { 404 }, "{path}");
        let program = world.send(get(path).with("accept", "application/json")).await;
        assert_eq!(
            (program.status.as_u16(), program.header("content-type")),
            (404, "application/problem+json"),
            "{path}"
        );
    }
    for path in ["/api/nothing", "/docs/nothing", "/assets/nothing.js", "/healthz/nothing"] {
        let answer = world.send(get(path).with("accept", BROWSER)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (404, "application/problem+json"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_page_finds_everything_from_where_it_is_nested_and_runs_only_its_own_files() {
    if !is_built() {
        return;
    }
    let world = world().await;
    let nested = Router::new().nest("/support", world.app.clone());
    for (app, path, base) in [(world.app.clone(), "/", "/"), (nested, "/support/tickets/TKT-ABCDEFGH", "/support/")] {
        let page = get(path).with("accept", BROWSER).send(&app).await;
        assert_eq!(page.status, 200, "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        // What is not named, such as objects, falls under `default-src`.
        for rule in ["base-uri 'self'", "form-action 'none'", "frame-ancestors 'none'", "connect-src 'self'"] {
            assert!(policy.split("; ").any(|part| part == rule), "{rule}: {policy}");
        }
        assert!(!policy.contains("object-src"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(page.header(name), value, "{name}");
        }
        let html = page.text();
        assert!(html.contains(&format!("<base href=\"{base}\" />")), "{html}");
        assert!(!html.contains("style=") && !html.contains("<style") && !html.contains("<script>"), "{html}");
    }
}

#[tokio::test]
async fn files_come_packed_once_and_are_kept() {
    if !is_built() {
        return;
    }
    let world = world().await;
    let html = world.send(get("/").with("accept", BROWSER)).await.text();
    let script = html.split('"').find(|part| part.starts_with("./assets/index-")).unwrap()[1..].to_owned();
    let plain = world.send(get(&script)).await;
    assert_eq!((plain.status.as_u16(), plain.header("content-type")), (200, "text/javascript"));
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    for coding in ["gzip", "br"] {
        let packed = world.send(get(&script).with("accept-encoding", coding)).await;
        assert_eq!(packed.header("content-encoding"), coding);
        assert!(packed.body.len() * 2 < plain.body.len());
        assert_ne!(packed.header("etag"), plain.header("etag"));
    }
    let known = world.send(get(&script).with("if-none-match", plain.header("etag"))).await;
    assert_eq!((known.status.as_u16(), known.body.len()), (304, 0));
}

#[tokio::test]
async fn the_frame_of_mails_has_no_origin_and_no_pictures_from_elsewhere_until_asked() {
    if !is_built() {
        return;
    }
    let world = world().await;
    let frame = world.send(get("/frame.html")).await;
    let policy = frame.header("content-security-policy");
    assert!(policy.starts_with("sandbox allow-scripts") && !policy.contains("allow-same-origin"), "{policy}");
    assert!(policy.contains("img-src data:;") && !policy.contains("https:"), "{policy}");
    assert!(policy.contains("default-src 'none'; script-src 'self';"), "{policy}");
    assert!(policy.contains("base-uri 'none'; form-action 'none'; frame-ancestors 'self'"), "{policy}");
    assert_eq!(frame.header("x-frame-options"), "SAMEORIGIN");
    assert_eq!((frame.header("x-content-type-options"), frame.header("referrer-policy")), ("nosniff", "no-referrer"));
    let asked = world.send(get("/frame.html?images")).await;
    let shown = asked.header("content-security-policy");
    assert_eq!(shown, policy.replace("img-src data:;", "img-src data: https:;"));
}

#[tokio::test]
async fn without_a_console_the_page_says_what_runs_here_and_runs_nothing() {
    if is_built() {
        return;
    }
    let world = world().await;
    // Links come from APP_URL, whatever host the request names.
    let answer = world.send(get("/").with("host", "evil.example").with("x-forwarded-host", "evil.example")).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"));
    let html = answer.text();
    assert!(html.contains("<h1>Help desk</h1>"));
    assert!(html.contains("http://127.0.0.1:5000/api/auth/login") && !html.contains("evil"));
    assert!(!html.contains("<script") && !html.contains("style=\""));
    let change = DeskPatch { name: Patch::Set("<script>alert(1)</script>".to_owned()), ..DeskPatch::default() };
    world.desk.update_profile(&Actor::system(SystemReason::Operator), change, None).await.unwrap();
    let html = world.send(get("/")).await.text();
    assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
}
