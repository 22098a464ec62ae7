//! Files that came by mail: who is given them, and as what.

use crate::letter::*;
use crate::support::*;
use serde_json::{Value, json};

/// A ticket that a mail with these files made, and its files as staff are told of them.
async fn with_files(world: &World, files: &[&str]) -> (String, Vec<Value>) {
    let mail = letter("1", &world.customer.user.email, "Printer", "See there.");
    let lines: Vec<_> = files.iter().map(|file| format!("X-File: {file}\r\n")).collect();
    let mail = world.receive(lines.concat() + &mail).await;
    let ticket = format!("/api/tickets/{}", text(&mail, "ticket_id"));
    let page = world.send(get(format!("{ticket}/attachments")).by(&world.agent)).await.ok(200);
    (ticket, page["items"].as_array().unwrap().clone())
}

#[tokio::test]
async fn a_file_is_listed_and_given_to_those_who_see_its_ticket() {
    let world = world().await;
    let (ticket, files) = with_files(&world, &["plan.png image/png PIXELS", "Größe.html text/html <b>1</b>"]).await;
    assert_eq!(files.len(), 2, "{files:?}");
    let file = &files[0];
    assert_eq!(
        (text(file, "filename"), text(file, "content_type"), &file["size"]),
        ("plan.png", "image/png", &json!(6))
    );
    assert_eq!(text(file, "uploaded_by"), world.customer.id());
    let path = format!("/api/attachments/{}", text(file, "id"));
    assert_eq!(text(file, "url"), format!("http://127.0.0.1:5000{path}"));
    for person in [&world.agent, &world.customer, &world.admin] {
        let given = world.send(get(&path).by(person)).await;
        assert_eq!(given.ok_text(200), "PIXELS");
        assert_eq!(given.header("etag"), format!("\"{}\"", text(file, "sha256")));
        assert_eq!(given.header("content-type"), "image/png");
        let name = "attachment; filename=\"plan.png\"; filename*=UTF-8''plan.png";
        assert_eq!(given.header("content-disposition"), name);
        assert_eq!(given.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!((given.header("x-content-type-options"), given.header("cache-control")), ("nosniff", "no-store"));
    }
    world.send(get(&path).by(&world.stranger)).await.problem(404, "not_found");
    world.send(get(format!("{ticket}/attachments")).by(&world.stranger)).await.problem(404, "not_found");
    world.send(get(&path)).await.problem(401, "unauthenticated");
    for nothing in ["01890000-0000-7000-8000-000000000000", "nonsense"] {
        world.send(get(format!("/api/attachments/{nothing}")).by(&world.admin)).await.problem(404, "not_found");
    }
    let first = world.send(get(format!("{ticket}/attachments?limit=1")).by(&world.customer)).await.ok(200);
    let next = format!("{ticket}/attachments?limit=1&cursor={}", text(&first, "next_cursor"));
    let second = world.send(get(next).by(&world.customer)).await.ok(200);
    assert_eq!([&first["items"][0], &second["items"][0]], [&files[0], &files[1]]);
    assert_eq!(second["next_cursor"], Value::Null);
}

#[tokio::test]
async fn what_could_run_is_given_as_bytes() {
    let world = world().await;
    let sent = ["a.html text/html <script>", "b.svg image/svg+xml <svg/>", "c.png text/html; <b>"];
    let (_, files) = with_files(&world, &sent).await;
    assert_eq!(files.len(), 3);
    for file in files {
        let given = world.send(get(format!("/api/attachments/{}", text(&file, "id"))).by(&world.customer)).await;
        assert_eq!((given.status.as_u16(), given.header("content-type")), (200, "application/octet-stream"), "{file}");
        assert!(given.header("content-disposition").starts_with("attachment; "), "{file}");
    }
}

#[tokio::test]
async fn a_file_of_an_answer_stands_with_it() {
    let world = world().await;
    let (ticket, _) = with_files(&world, &[]).await;
    let number = world.send(get(&ticket).by(&world.agent)).await.ok(200);
    let subject = format!("Re: [{}] Printer", text(&number, "ticket_number"));
    let mail = letter("2", &world.customer.user.email, &subject, "Here.");
    let mail = world.receive(format!("X-File: log.txt text/plain lines\r\n{mail}")).await;
    assert_eq!(text(&mail, "state"), "threaded", "{mail}");
    let comments = world.send(get(format!("{ticket}/comments")).by(&world.customer)).await.ok(200);
    let file = &comments["items"][0]["attachments"][0];
    assert_eq!((text(file, "filename"), &file["size"]), ("log.txt", &json!(5)), "{comments}");
    let given = world.send(get(format!("/api/attachments/{}", text(file, "id"))).by(&world.customer)).await;
    assert_eq!((given.ok_text(200).as_str(), given.header("content-type")), ("lines", "text/plain"));
}
