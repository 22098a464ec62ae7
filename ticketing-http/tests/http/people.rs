//! People and organizations.

use crate::support::*;
use serde_json::json;

#[tokio::test]
async fn people_are_added_shown_listed_and_changed() {
    let world = world().await;
    let body = json!({"email": "noa@alba.example", "name": "Noa", "role": "customer",
        "organization_id": world.organization.id, "time_zone": "Europe/Berlin", "locale": "de"});
    let answer = world.send(post("/api/users", &body).by(&world.manager)).await;
    let user = answer.ok(201);
    assert_eq!(answer.header("location"), format!("/api/users/{}", text(&user, "id")));
    let fields: Vec<&str> = user.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "availability",
        "availability_since",
        "created_at",
        "email",
        "id",
        "is_active",
        "locale",
        "name",
        "organization_id",
        "role",
        "time_zone",
        "updated_at",
        "version",
    ];
    assert_eq!(fields, expected);
    assert_eq!(user["availability"], "online");
    let path = answer.header("location").to_owned();
    assert_eq!(world.send(get(&path).by(&world.agent)).await.ok(200), user);
    let changed = world.send(patch(&path, &json!({"name": "Noa N.", "version": 1})).by(&world.manager)).await;
    assert_eq!(changed.ok(200)["name"], "Noa N.");
    assert_eq!(changed.header("etag"), "\"2\"");
    world.send(post("/api/users", &body).by(&world.manager)).await.problem(409, "duplicate");
}

#[tokio::test]
async fn the_directory_is_searched_and_paged() {
    let world = world().await;
    let emails = async |query: &str| {
        let page = world.send(get(format!("/api/users?{query}")).by(&world.agent)).await.ok(200);
        let items = page["items"].as_array().unwrap().clone();
        items.iter().map(|user| text(user, "email").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(emails("role=agent,manager").await, ["max@desk.example", "eve@desk.example"]);
    assert_eq!(emails("q=ALBA").await, ["kim@alba.example"]);
    assert_eq!(emails(&format!("organization_id={}&q=lou", world.organization.id)).await, ["lou@brix.example"]);
    assert_eq!(emails("is_active=false").await, [""; 0]);
    let mut walked = Vec::new();
    let mut next = String::new();
    loop {
        let page = world.send(get(format!("/api/users?limit=2{next}")).by(&world.agent)).await.ok(200);
        walked.extend(page["items"].as_array().unwrap().iter().map(|user| text(user, "email").to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(walked, emails("").await);
    assert_eq!(walked.len(), 5);
    let bad = get("/api/users?role=boss&organization_id=1&is_active=2&q=").by(&world.agent);
    let unknown = "unknown_value";
    world.send(bad).await.fields(&[
        ("role", unknown),
        ("organization_id", unknown),
        ("is_active", unknown),
        ("q", unknown),
    ]);
}

#[tokio::test]
async fn the_people_of_a_page_are_named_by_one_request() {
    let world = world().await;
    let mut ids = vec![world.customer.id(), world.agent.id(), "01890000-0000-7000-8000-000000000000".to_owned()];
    for number in 0..30 {
        let new = json!({"email": format!("p{number}@alba.example"), "name": "P", "role": "customer"});
        ids.push(text(&world.send(post("/api/users", &new).by(&world.manager)).await.ok(201), "id").to_owned());
    }
    let find = async |query: &str| world.send(get(format!("/api/users?{query}")).by(&world.agent)).await;
    let found = find(&format!("ids={}", ids.join(","))).await.ok(200);
    assert_eq!((found["items"].as_array().unwrap().len(), &found["next_cursor"]), (32, &json!(null)), "all at once");
    let staff = find(&format!("ids={}&role=agent", ids.join(","))).await.ok(200);
    assert_eq!(text(&staff["items"][0], "email"), "eve@desk.example");
    let first = find(&format!("ids={}&limit=30", ids.join(","))).await.ok(200);
    let next = format!("ids={}&limit=30&cursor={}", ids.join(","), text(&first, "next_cursor"));
    assert_eq!(find(&next).await.ok(200)["items"].as_array().unwrap().len(), 2);
    find("ids=me").await.fields(&[("ids", "unknown_value")]);
    find("ids=").await.fields(&[("ids", "required")]);
    find(&format!("ids={}", vec![world.agent.id(); 101].join(","))).await.fields(&[("ids", "too_long")]);
    let by_customer = get(format!("/api/users?ids={}", world.customer.id())).by(&world.customer);
    world.send(by_customer).await.problem(403, "forbidden");
}

#[tokio::test]
async fn nobody_raises_anybody_above_oneself() {
    let world = world().await;
    let path = |person: &Person| format!("/api/users/{}", person.id());
    let role = json!({"role": "admin"});
    world.send(patch(path(&world.agent), &role).by(&world.agent)).await.problem(403, "forbidden");
    world.send(patch(path(&world.customer), &role).by(&world.agent)).await.problem(403, "forbidden");
    world.send(patch(path(&world.manager), &role).by(&world.manager)).await.problem(403, "forbidden");
    let steal = json!({"password": "a new password", "email": "evil@x.example"});
    world.send(patch(path(&world.admin), &steal).by(&world.manager)).await.problem(403, "forbidden");
    world.send(patch(path(&world.manager), &steal).by(&world.agent)).await.problem(403, "forbidden");
    let made = json!({"email": "x@x.example", "name": "X", "role": "admin"});
    world.send(post("/api/users", &made).by(&world.manager)).await.problem(403, "forbidden");
    world.send(patch(path(&world.stranger), &json!({"name": "x"})).by(&world.customer)).await.problem(403, "forbidden");
    world.send(get(path(&world.stranger)).by(&world.customer)).await.problem(404, "not_found");
    world.send(get(path(&world.customer)).by(&world.customer)).await.ok(200);
    let raw = json!({"password_hash": "x", "tenant_id": 2, "id": "x", "created_at": "x"});
    let unknown = "unknown_field";
    world.send(patch(path(&world.agent), &raw).by(&world.admin)).await.fields(&[
        ("password_hash", unknown),
        ("tenant_id", unknown),
        ("id", unknown),
        ("created_at", unknown),
    ]);
}

#[tokio::test]
async fn organizations_are_added_shown_listed_and_changed() {
    let world = world().await;
    let body = json!({"name": "Brix", "domains": ["BRIX.example"], "shares_tickets": true});
    let answer = world.send(post("/api/organizations", &body).by(&world.manager)).await;
    let made = answer.ok(201);
    let path = answer.header("location").to_owned();
    assert_eq!(made["domains"], json!(["brix.example"]));
    let shown = world.send(get(&path).by(&world.agent)).await;
    assert_eq!(shown.ok(200), made);
    let changed =
        patch(&path, &json!({"shares_tickets": false})).by(&world.manager).with("if-match", shown.header("etag"));
    assert_eq!(world.send(changed).await.ok(200)["shares_tickets"], false);
    let names = async |query: &str| {
        let page = world.send(get(format!("/api/organizations?{query}")).by(&world.agent)).await.ok(200);
        let names: Vec<String> = page["items"].as_array().unwrap().iter().map(|o| text(o, "name").to_owned()).collect();
        (names, page["next_cursor"].as_str().map(str::to_owned))
    };
    let (first, cursor) = names("limit=1").await;
    assert_eq!(first, ["Alba"]);
    let (second, end) = names(&format!("limit=1&cursor={}", cursor.unwrap())).await;
    assert_eq!((second, end), (vec!["Brix".to_owned()], None));
    for (query, wanted) in
        [("q=RIX", vec!["Brix"]), ("q=brix.ex", vec!["Brix"]), ("q=%20a%20", vec!["Alba", "Brix"]), ("q=x.y", vec![])]
    {
        assert_eq!(names(query).await.0, wanted, "{query}");
    }
    let counted = world.send(get("/api/organizations?q=brix&count=true").by(&world.agent)).await.ok(200);
    assert_eq!(counted["total"], 1);
    world.send(get("/api/organizations?q=").by(&world.agent)).await.fields(&[("q", "unknown_value")]);
    world.send(post("/api/organizations", &json!({"name": "BRIX"})).by(&world.manager)).await.problem(409, "duplicate");
    world.send(get("/api/organizations/nonsense").by(&world.agent)).await.problem(404, "not_found");
}

#[tokio::test]
async fn new_customers_join_the_organization_of_their_mail_domain() {
    let world = world().await;
    let company = json!({"name": "Acme", "domains": ["Acme.example"], "shares_tickets": true});
    let company = world.send(post("/api/organizations", &company).by(&world.manager)).await.ok(201);
    let add = async |body: serde_json::Value| world.send(post("/api/users", &body).by(&world.manager)).await.ok(201);
    let joined = add(json!({"email": "one@ACME.example", "name": "One", "role": "customer"})).await;
    assert_eq!(joined["organization_id"], company["id"]);
    let none = json!({"email": "two@acme.example", "name": "Two", "role": "customer", "organization_id": null});
    assert_eq!(add(none).await["organization_id"], json!(null));
    let ticket =
        |email: &str| json!({"subject": "Hello", "description": "There.", "customer": {"email": email, "name": "New"}});
    let made = world.send(post("/api/tickets", &ticket("three@acme.example")).by(&world.agent)).await.ok(201);
    assert_eq!(made["organization_id"], company["id"]);
    let customer = format!("/api/users/{}", text(&made, "customer_id"));
    assert_eq!(world.send(get(customer).by(&world.agent)).await.ok(200)["organization_id"], company["id"]);
    let made = world.send(post("/api/tickets", &ticket("four@mail.acme.example")).by(&world.agent)).await.ok(201);
    assert_eq!(made["organization_id"], json!(null));
    let body = json!({"email": "five@acme.example", "name": "Five", "password": PASSWORD});
    let registered = world.send(post("/api/auth/register", &body)).await.ok(201);
    assert_eq!(registered["organization_id"], json!(null), "nobody has proved the address");
}

#[tokio::test]
async fn a_repeated_addition_is_told_the_organization_of_the_first() {
    let world = world().await;
    let company = json!({"name": "Acme", "domains": ["acme.example"]});
    let company = world.send(post("/api/organizations", &company).by(&world.manager)).await.ok(201);
    let body = json!({"email": "one@acme.example", "name": "One", "role": "customer"});
    let add = || post("/api/users", &body).by(&world.manager).with("idempotency-key", "one");
    let first = world.send(add()).await.ok(201);
    assert_eq!(first["organization_id"], company["id"]);
    let path = format!("/api/organizations/{}", text(&company, "id"));
    world.send(patch(path, &json!({"domains": []})).by(&world.manager)).await.ok(200);
    assert_eq!(world.send(add()).await.ok(201), first);
}
