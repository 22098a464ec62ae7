//! Mails reworded, tried and brought back, and how they look.

use crate::support::*;
use serde_json::{Value, json};

const PATH: &str = "/api/email-templates/ticket_created";

fn texts(subject: &str) -> Value {
    json!({"subject": subject, "html": "<p>{{customer_name}}</p>", "text": "{{ticket_number}}: {{subject}}"})
}

#[tokio::test]
async fn a_mail_is_reworded_and_brought_back() {
    let world = world().await;
    let built_in = world.send(get(PATH).by(&world.admin)).await;
    assert_eq!(built_in.header("etag"), "\"0\"");
    let built_in = built_in.ok(200);
    assert_eq!((&built_in["is_built_in"], &built_in["locale"]), (&json!(true), &Value::Null));
    assert!(built_in["variables"].as_array().unwrap().iter().any(|one| one["path"] == "ticket_number"), "{built_in}");
    let answer = world.send(put(PATH, &texts("Got it")).by(&world.admin).with("if-match", "\"0\"")).await;
    assert_eq!(answer.header("etag"), "\"1\"");
    let own = answer.ok(200);
    assert_eq!((text(&own, "subject"), &own["is_built_in"]), ("Got it", &json!(false)));
    assert_eq!(world.send(get(PATH).by(&world.admin)).await.ok(200), own);
    assert_eq!(world.send(get(PATH).by(&world.admin).with("if-none-match", "\"1\"")).await.status, 304);
    for stale in ["\"0\"", "\"nonsense\""] {
        let again = put(PATH, &texts("Again")).by(&world.admin).with("if-match", stale);
        world.send(again).await.problem(412, "stale_version");
    }
    let mut old = texts("Again");
    old["version"] = json!(7);
    world.send(put(PATH, &old).by(&world.admin)).await.problem(409, "stale_version");
    old["version"] = json!(1);
    assert_eq!(world.send(put(PATH, &old).by(&world.admin)).await.ok(200)["version"], 2);
    world.send(delete(PATH).by(&world.admin).with("if-match", "\"1\"")).await.problem(412, "stale_version");
    assert_eq!(world.send(delete(PATH).by(&world.admin).with("if-match", "\"2\"")).await.status, 204);
    assert_eq!(world.send(get(PATH).by(&world.admin)).await.ok(200), built_in);
    world.send(delete(PATH).by(&world.admin)).await.problem(404, "not_found");
    let never = put(PATH, &texts("Never")).by(&world.admin).with("if-match", "\"nonsense\"");
    world.send(never).await.problem(412, "stale_version");
}

#[tokio::test]
async fn a_language_has_texts_of_its_own() {
    let world = world().await;
    let german = format!("{PATH}?locale=de");
    let built_in = world.send(get(&german).by(&world.admin)).await.ok(200);
    assert_ne!(built_in["html"], world.send(get(PATH).by(&world.admin)).await.ok(200)["html"]);
    world.send(put(&german, &texts("Da ist es")).by(&world.admin)).await.ok(200);
    world.send(put(PATH, &texts("There it is")).by(&world.admin)).await.ok(200);
    assert_eq!(text(&world.send(get(&german).by(&world.admin)).await.ok(200), "subject"), "Da ist es");
    for (locale, subject) in [("de-AT", "Da ist es"), ("fr", "There it is")] {
        let preview = post(format!("{PATH}/preview"), &json!({"locale": locale})).by(&world.admin);
        assert_eq!(text(&world.send(preview).await.ok(200), "subject"), subject, "{locale}");
    }
    assert_eq!(world.send(delete(&german).by(&world.admin)).await.status, 204);
    assert_eq!(text(&world.send(get(PATH).by(&world.admin)).await.ok(200), "subject"), "There it is");
}

#[tokio::test]
async fn mails_are_listed_by_what_they_are_for_and_language() {
    let world = world().await;
    for locale in ["fr", "de-at", "de"] {
        world.send(put(format!("{PATH}?locale={locale}"), &texts(locale)).by(&world.admin)).await.ok(200);
    }
    let (mut found, mut place) = (Vec::new(), String::new());
    loop {
        let page = get(format!("/api/email-templates?limit=5&count=true{place}")).by(&world.admin);
        let page = world.send(page).await.ok(200);
        assert_eq!(page["total"], 12);
        for one in page["items"].as_array().unwrap() {
            found.push((text(one, "type").to_owned(), one["locale"].as_str().unwrap_or("-").to_owned()));
        }
        let Some(next) = page["next_cursor"].as_str() else { break };
        place = format!("&cursor={next}");
    }
    let first: Vec<_> = found.iter().take(4).map(|(_, locale)| locale.as_str()).collect();
    assert_eq!(first, ["-", "de", "de-at", "fr"], "{found:?}");
    assert!(found.iter().take(4).all(|(mail, _)| mail == "ticket_created"), "{found:?}");
    assert_eq!((found.len(), found.last().unwrap().0.as_str()), (12, "sla_warning"));
}

#[tokio::test]
async fn all_that_is_wrong_is_named() {
    let world = world().await;
    let missing = [("subject", "required"), ("html", "required"), ("text", "required")];
    world.send(put(PATH, &json!({})).by(&world.admin)).await.fields(&missing);
    let unknown = json!({"subject": "{{nobody}}", "html": "{{ticket.mood}}", "text": "{{#if x}}", "colour": "red"});
    world.send(put(PATH, &unknown).by(&world.admin)).await.fields(&[("colour", "unknown_field")]);
    let unknown = json!({"subject": "{{nobody}}", "html": "{{ticket.mood}}", "text": "x"});
    let expected = [("subject", "unknown_variable"), ("html", "unknown_variable")];
    world.send(put(PATH, &unknown).by(&world.admin)).await.fields(&expected);
    let broken = json!({"subject": "{{#if subject}}", "html": "x", "text": "x"});
    world.send(put(PATH, &broken).by(&world.admin)).await.fields(&[("subject", "invalid_template")]);
    let preview = |body: Value| post(format!("{PATH}/preview"), &body).by(&world.admin);
    world.send(preview(json!({"subject": "{{nobody}}"}))).await.fields(&[("subject", "unknown_variable")]);
    world.send(preview(json!({"ticket": "nonsense"}))).await.fields(&[("ticket", "unknown_value")]);
    world.send(preview(json!({"to": "me"}))).await.fields(&[("to", "unknown_field")]);
    for path in [format!("{PATH}?locale=not%20one"), format!("{PATH}?language=de")] {
        world.send(get(path).by(&world.admin)).await.problem(422, "invalid");
    }
    for method in [get("/api/email-templates/sonnet"), put("/api/email-templates/sonnet", &texts("x"))] {
        world.send(method.by(&world.admin)).await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn a_preview_is_about_a_ticket_or_a_made_up_one_and_keeps_nothing() {
    let world = world().await;
    let ticket = world.ticket("The <b>lamp</b> flickers").await;
    let preview = async |body: Value| {
        world.send(post(format!("{PATH}/preview"), &body).by(&world.admin).with("idempotency-key", "k")).await
    };
    let made_up = preview(json!({})).await.ok(200);
    assert!(["subject", "html", "text"].iter().all(|part| !text(&made_up, part).is_empty()), "{made_up}");
    let tried = json!({
        "ticket": ticket["ticket_number"], "subject": "About {{ticket_number}}", "html": "<p>{{subject}}</p>",
        "text": "{{subject}}",
    });
    let real = preview(tried).await.ok(200);
    assert_eq!(text(&real, "subject"), format!("About {}", text(&ticket, "ticket_number")));
    assert_eq!(text(&real, "html"), "<p>The &lt;b&gt;lamp&lt;/b&gt; flickers</p>");
    assert_eq!(text(&real, "text"), "The <b>lamp</b> flickers");
    assert_eq!(world.send(get(PATH).by(&world.admin)).await.ok(200)["is_built_in"], true);
}

#[tokio::test]
async fn the_brand_is_changed_and_shown_in_mail() {
    let world = world().await;
    let before = world.send(get("/api/brand").by(&world.admin)).await;
    assert_eq!(before.header("etag"), "\"0\"");
    assert_eq!(before.ok(200)["name"], Value::Null);
    let change = json!({"name": "Acme Support", "colour": "#ABCDEF", "footer": "1 Acme Road"});
    let strange = patch("/api/brand", &change).by(&world.admin).with("if-match", "\"nonsense\"");
    world.send(strange).await.problem(412, "stale_version");
    let answer = world.send(patch("/api/brand", &change).by(&world.admin).with("if-match", "\"0\"")).await;
    assert_eq!(answer.header("etag"), "\"1\"");
    let after = answer.ok(200);
    assert_eq!((text(&after, "name"), text(&after, "colour")), ("Acme Support", "#abcdef"));
    assert_eq!(world.send(get("/api/brand").by(&world.admin).with("if-none-match", "\"1\"")).await.status, 304);
    world
        .send(patch("/api/brand", &change).by(&world.admin).with("if-match", "\"0\""))
        .await
        .problem(412, "stale_version");
    let mail = world.send(post(format!("{PATH}/preview"), &json!({})).by(&world.admin)).await.ok(200);
    assert!(text(&mail, "html").contains("Acme Support") && text(&mail, "html").contains("1 Acme Road"), "{mail}");
    let cleared = world.send(patch("/api/brand", &json!({"footer": null})).by(&world.admin)).await.ok(200);
    assert_eq!(cleared["footer"], Value::Null);
    let wrong =
        json!({"name": "", "colour": "red", "logo_url": "http://a.example/x.png", "from_address": "nobody", "x": 1});
    let expected = [
        ("name", "required"),
        ("colour", "invalid_value"),
        ("logo_url", "invalid_value"),
        ("from_address", "not_an_address"),
        ("x", "unknown_field"),
    ];
    world.send(patch("/api/brand", &wrong).by(&world.admin)).await.fields(&expected);
}

#[tokio::test]
async fn mails_and_brand_are_for_administrators() {
    let world = world().await;
    for person in [&world.manager, &world.agent, &world.customer] {
        let calls = [
            get("/api/email-templates"),
            get(PATH),
            put(PATH, &texts("Mine")),
            delete(PATH),
            post(format!("{PATH}/preview"), &json!({})),
            get("/api/brand"),
            patch("/api/brand", &json!({"name": "Mine"})),
        ];
        for call in calls {
            world.send(call.by(person)).await.problem(403, "forbidden");
        }
    }
}
