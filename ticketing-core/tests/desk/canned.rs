//! Texts that staff answer with again and again.

use crate::house::{House, code, fields, id, key};
use serde_json::{Value, json};
use ticketing_core::desk::{
    CannedQuery, CannedResponseImport, CannedResponseView, NewCannedResponse, NewComment, NewCustomField, NewMember,
    NewTeam, NewTicket,
};
use ticketing_core::ids::CannedResponseId;
use ticketing_core::input::Input;
use ticketing_core::model::{CannedResponse, TeamRole, Visibility};
use ticketing_core::{Actor, Error};

fn new(body: Value) -> NewCannedResponse {
    NewCannedResponse::from_json(body).unwrap()
}

async fn add(house: &House, actor: &Actor, body: Value) -> CannedResponseView {
    house.desk.create_canned_response(actor, new(body)).await.unwrap()
}

fn private(title: &str) -> Value {
    json!({"title": title, "content": "Hello"})
}

fn public(title: &str) -> Value {
    json!({"title": title, "content": "Hello", "is_public": true})
}

async fn titles(house: &House, actor: &Actor, query: CannedQuery) -> Vec<String> {
    let page = house.desk.canned_responses(actor, CannedQuery { limit: 100, ..query }).await.unwrap();
    page.items.into_iter().map(|item| item.title).collect()
}

async fn all(house: &House, actor: &Actor) -> Vec<String> {
    titles(house, actor, CannedQuery::default()).await
}

async fn found(house: &House, actor: &Actor, text: &str) -> Vec<String> {
    titles(house, actor, CannedQuery { text: Some(text.to_owned()), ..CannedQuery::default() }).await
}

async fn answer_with(house: &House, actor: &Actor, response: CannedResponseId) {
    let ticket = house.desk.create_ticket(&house.customer, NewTicket::new("Again", "Please")).await.unwrap();
    let comment = NewComment { canned_response_id: Some(response), ..NewComment::public("Hello") };
    house.desk.add_comment(actor, &key(&ticket), comment).await.unwrap();
}

#[tokio::test]
async fn everybody_has_their_own_and_what_is_shared_with_them() {
    let house = House::new().await;
    add(&house, &house.agent, private("Own of amy")).await;
    add(&house, &house.outsider, private("Own of otto")).await;
    let of_team = json!({"title": "Billing's", "content": "x", "visibility": "team", "team_id": house.billing});
    add(&house, &house.agent, of_team.clone()).await;
    add(&house, &house.manager, public("Everybody's")).await;
    assert_eq!(all(&house, &house.agent).await, ["Billing's", "Everybody's", "Own of amy"]);
    assert_eq!(all(&house, &house.outsider).await, ["Everybody's", "Own of otto"]);
    assert_eq!(
        all(&house, &house.admin).await,
        ["Billing's", "Everybody's"],
        "what is somebody's own is nobody else's"
    );
    // What is shared is shared by those who may: an agent's own is all that an agent makes elsewhere.
    for body in [of_team, public("Mine for all")] {
        assert_eq!(code(house.desk.create_canned_response(&house.outsider, new(body)).await), "forbidden");
    }
    let nobody = house.desk.canned_responses(&house.customer, CannedQuery::default()).await;
    assert_eq!(code(nobody), "forbidden");
    assert_eq!(code(house.desk.create_canned_response(&house.customer, new(private("x"))).await), "forbidden");
    assert_eq!(code(house.desk.canned_categories(&house.customer).await), "forbidden");
    assert_eq!(code(house.desk.export_canned_responses(&house.customer).await), "forbidden");
}

#[tokio::test]
async fn what_is_somebody_elses_is_not_there_and_what_is_shared_is_not_everybodys_to_change() {
    let house = House::new().await;
    let desk = &house.desk;
    let own = add(&house, &house.agent, private("Own")).await;
    let shared = add(&house, &house.manager, public("Shared")).await;
    for actor in [&house.outsider, &house.manager, &house.admin] {
        assert_eq!(code(desk.canned_response(actor, own.id).await), "not_found");
        assert_eq!(code(desk.replace_canned_response(actor, own.id, new(private("x")), None).await), "not_found");
        assert_eq!(code(desk.delete_canned_response(actor, own.id, None).await), "not_found");
        let ticket = house.ticket().await;
        assert_eq!(code(desk.render_canned_response(actor, own.id, &key(&ticket)).await), "not_found");
        let comment = NewComment { canned_response_id: Some(own.id), ..NewComment::public("Hello") };
        assert_eq!(fields(desk.add_comment(actor, &key(&ticket), comment).await), ["canned_response_id"]);
    }
    assert_eq!(code(desk.replace_canned_response(&house.agent, shared.id, new(private("x")), None).await), "forbidden");
    assert_eq!(code(desk.delete_canned_response(&house.agent, shared.id, None).await), "forbidden");
    // What is there stays shared as it is, unless it is said; its id stays either way.
    let kept = desk.replace_canned_response(&house.manager, shared.id, new(private("Other")), Some(1)).await.unwrap();
    assert_eq!((kept.visibility, kept.is_public, kept.version), (Visibility::All, true, 2));
    assert_eq!(code(desk.delete_canned_response(&house.manager, shared.id, Some(1)).await), "stale_version");
    let taken = json!({"title": "Other", "content": "x", "is_public": false});
    let taken = desk.replace_canned_response(&house.manager, shared.id, new(taken), None).await.unwrap();
    assert_eq!(
        (taken.id, taken.visibility, taken.owner_id),
        (shared.id, Visibility::Private, Some(id(&house.manager)))
    );
    assert_eq!(code(desk.canned_response(&house.admin, shared.id).await), "not_found");
    desk.delete_canned_response(&house.manager, shared.id, None).await.unwrap();
    assert_eq!(all(&house, &house.manager).await, [""; 0]);
}

#[test]
fn what_can_be_no_canned_response_says_why() {
    let refused = |body| fields(NewCannedResponse::from_json(body));
    assert_eq!(refused(json!({})), ["title", "content"]);
    assert_eq!(refused(json!({"title": " ", "content": " "})), ["title", "content"]);
    let body = |more: Value| {
        let mut body = private("Title");
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    assert_eq!(refused(body(json!({"shortcut": "two words"}))), ["shortcut"]);
    assert_eq!(refused(body(json!({"is_public": true, "visibility": "private"}))), ["is_public"]);
    assert_eq!(refused(body(json!({"is_public": false, "visibility": "all"}))), ["is_public"]);
    assert_eq!(refused(body(json!({"visibility": "team", "team_id": null}))), ["team_id"]);
    assert_eq!(refused(body(json!({"owner_id": "x", "uses": 9}))), ["owner_id", "uses"]);
    assert!(NewCannedResponse::from_json(body(json!({"is_public": true, "visibility": "all"}))).is_ok());
}

#[tokio::test]
async fn a_text_is_held_to_the_language_but_may_ask_for_what_is_not_there() {
    let house = House::new().await;
    let contract = "Hello {{customer_name}},\n\nclick {{reset_link}} or {{reset_link}}\n\n{{agent_name}}";
    let body = json!({"title": "Password", "category": "Account Access", "content": contract, "is_public": true});
    let view = add(&house, &house.manager, body).await;
    assert_eq!(view.unknown_variables, ["reset_link"]);
    for wrong in ["{{#if x}}", "{{{raw}}}", "{{> part}}", "a \u{7} bell"] {
        let body = json!({"title": "x", "content": wrong});
        assert_eq!(fields(house.desk.create_canned_response(&house.agent, new(body)).await), ["content"], "{wrong}");
    }
    let ticket = house.ticket().await;
    let filled = house.desk.render_canned_response(&house.agent, view.id, &key(&ticket)).await.unwrap();
    assert_eq!(filled.content, "Hello cleo,\n\nclick  or \n\namy");
    assert_eq!(filled.missing, ["reset_link"], "once");
    assert!(!filled.is_cut);
}

#[tokio::test]
async fn it_is_filled_in_for_the_ticket_in_the_name_of_whoever_asks() {
    let house = House::new().await;
    let field = json!({"key": "serial", "label": "Serial", "field_type": "text"});
    house.desk.create_custom_field(&house.admin, NewCustomField::from_json(field).unwrap()).await.unwrap();
    let body = json!({"subject": "<b>{{agent_name}}</b> & co", "description": "x", "custom_fields": {"serial": "A-1"},
        "team_id": house.billing, "assigned_agent_id": id(&house.agent), "customer_id": id(&house.customer)});
    let new_ticket = NewTicket::from_json(body).unwrap();
    let ticket = house.desk.create_ticket(&house.manager, new_ticket).await.unwrap();
    let content = "{{subject}}|{{agent_name}}|{{agent.email}}|{{ticket.agent_name}}|{{customer_email}}|{{organization.name}}|\
        {{team_name}}|{{custom_fields.serial}}|{{category}}|{{old}}|{{comment.body}}|{{rule.name}}|{{actor.name}}|{{ticket_url}}";
    let view = add(&house, &house.manager, json!({"title": "All", "content": content, "is_public": true})).await;
    assert_eq!(view.unknown_variables, ["old", "comment.body", "rule.name", "actor.name"]);
    let filled = house.desk.render_canned_response(&house.manager, view.id, &key(&ticket)).await.unwrap();
    let number = ticket.public().ticket_number.clone();
    let wanted = format!(
        "<b>{{{{agent_name}}}}</b> & co|max|max@house.example|amy|cleo@house.example|Acme|Billing|A-1||||||\
         http://localhost/tickets/{number}"
    );
    let url = &house.desk.options().app_url;
    assert_eq!(
        filled.content,
        wanted.replace("http://localhost", url),
        "nothing is escaped, and nothing filled in twice"
    );
    assert_eq!(filled.missing, ["category", "old", "comment.body", "rule.name", "actor.name"]);
    // A ticket that the actor does not see is not there.
    let answer = house.desk.render_canned_response(&house.outsider, view.id, &key(&ticket)).await;
    assert!(matches!(answer, Err(Error::NotFound("ticket"))), "{answer:?}");
    let list = CannedQuery { ticket: Some(key(&ticket)), limit: 9, ..CannedQuery::default() };
    assert_eq!(code(house.desk.canned_responses(&house.outsider, list.clone()).await), "invalid");
    let listed = house.desk.canned_responses(&house.manager, list).await.unwrap();
    assert_eq!(listed.items[0].rendered.as_ref(), Some(&filled), "in the list, too");
}

#[tokio::test]
async fn what_would_be_too_long_is_cut() {
    let house = House::new().await;
    let long = NewTicket::new("x", "ö".repeat(40_000));
    let ticket = house.desk.create_ticket(&house.customer, long).await.unwrap();
    let body = json!({"title": "Long", "content": "{{description}}{{description}}{{reset_link}}"});
    let view = add(&house, &house.agent, body).await;
    let filled = house.desk.render_canned_response(&house.agent, view.id, &key(&ticket)).await.unwrap();
    assert!(filled.is_cut);
    assert_eq!(filled.content, "ö".repeat(CannedResponse::LONGEST_FILLED / 2));
}

#[tokio::test]
async fn its_use_is_counted_in_the_commit_of_the_word() {
    let house = House::new().await;
    let shared = add(&house, &house.manager, public("Shared")).await;
    let seen = async |actor: &Actor| {
        let view = house.desk.canned_response(actor, shared.id).await.unwrap();
        (view.uses, view.own_uses, view.last_used_at)
    };
    assert_eq!(seen(&house.agent).await, (0, 0, None));
    house.pass(5);
    answer_with(&house, &house.agent, shared.id).await;
    answer_with(&house, &house.agent, shared.id).await;
    answer_with(&house, &house.outsider, shared.id).await;
    assert_eq!(seen(&house.agent).await, (3, 2, Some(house.desk.now())));
    assert_eq!(seen(&house.outsider).await.1, 1);
    assert_eq!(seen(&house.manager).await, (3, 0, None));
    let ticket = house.ticket().await;
    let comment = NewComment { canned_response_id: Some(shared.id), ..NewComment::public("Hello") };
    let refused = house.desk.add_comment(&house.customer, &key(&ticket), comment.clone()).await;
    assert_eq!(fields(refused), ["canned_response_id"]);
    let unknown = NewComment { canned_response_id: Some(CannedResponseId(house.billing.0)), ..comment };
    assert_eq!(fields(house.desk.add_comment(&house.agent, &key(&ticket), unknown).await), ["canned_response_id"]);
    assert_eq!(seen(&house.agent).await.0, 3);
}

#[tokio::test]
async fn those_that_fit_best_come_first_then_those_that_one_uses_most() {
    let house = House::new().await;
    let of = |title: &str, shortcut: &str, category: &str| json!({"title": title, "content": "x", "shortcut": shortcut, "category": category, "is_public": true});
    let refund = add(&house, &house.manager, of("Refund is on its way", "refund", "Billing")).await;
    let invoice = add(&house, &house.manager, of("Copy of an invoice", "inv", "billing")).await;
    add(&house, &house.manager, of("Reference number", "num", "Shipping")).await;
    add(&house, &house.agent, private("No refund after a year")).await;
    answer_with(&house, &house.agent, invoice.id).await;
    house.pass(1);
    answer_with(&house, &house.agent, refund.id).await;
    assert_eq!(
        all(&house, &house.agent).await,
        ["Refund is on its way", "Copy of an invoice", "No refund after a year", "Reference number"],
        "by use and when, then by title"
    );
    answer_with(&house, &house.agent, invoice.id).await;
    assert_eq!(all(&house, &house.agent).await[..2], ["Copy of an invoice", "Refund is on its way"]);
    assert_eq!(
        found(&house, &house.agent, "ref").await,
        ["Refund is on its way", "No refund after a year", "Reference number"],
        "what one types for it, then titles"
    );
    assert_eq!(found(&house, &house.agent, "refnud").await, ["Refund is on its way", "No refund after a year"]);
    assert_eq!(found(&house, &house.agent, "nothing of it").await, [""; 0]);
    let category = CannedQuery { category: Some("BILLING".to_owned()), ..CannedQuery::default() };
    assert_eq!(titles(&house, &house.agent, category).await, ["Copy of an invoice", "Refund is on its way"]);
    let visibility = CannedQuery { visibility: Some(Visibility::Private), ..CannedQuery::default() };
    assert_eq!(titles(&house, &house.agent, visibility).await, ["No refund after a year"]);
    let team = CannedQuery { team_id: Some(house.billing), ..CannedQuery::default() };
    assert_eq!(titles(&house, &house.agent, team).await, [""; 0]);
    let categories = house.desk.canned_categories(&house.agent).await.unwrap();
    let categories: Vec<_> = categories.iter().map(|one| (one.category.as_str(), one.count)).collect();
    assert_eq!(categories.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [2, 1]);
    assert!(categories[0].0.eq_ignore_ascii_case("billing") && categories[1].0 == "Shipping");
}

#[tokio::test]
async fn pages_go_on_where_they_were_also_when_something_is_used_meanwhile() {
    let house = House::new().await;
    for n in 0..7 {
        add(&house, &house.agent, private(&format!("Answer {n}"))).await;
    }
    let page = async |after| {
        let query = CannedQuery { after, limit: 3, ..CannedQuery::default() };
        house.desk.canned_responses(&house.agent, query).await.unwrap()
    };
    let first = page(None).await;
    assert_eq!(first.total, Some(7));
    answer_with(&house, &house.agent, first.items[0].id).await;
    let second = page(first.next).await;
    let third = page(second.next).await;
    let all: Vec<_> =
        [&first, &second, &third].iter().flat_map(|page| &page.items).map(|item| item.title.clone()).collect();
    assert_eq!(all, (0..7).map(|n| format!("Answer {n}")).collect::<Vec<_>>());
    assert_eq!(third.next, None);
    // Whoever stood there may be gone; then the place counts.
    house.desk.delete_canned_response(&house.agent, first.items[2].id, None).await.unwrap();
    assert_eq!(page(first.next).await.items.len(), 3);
}

#[tokio::test]
async fn a_desk_and_a_person_have_so_many() {
    let house = House::new().await;
    let many: Vec<Value> = (0..CannedResponse::MOST_OWN).map(|n| private(&format!("Answer {n}"))).collect();
    let import = CannedResponseImport::from_json(json!({ "canned_responses": many })).unwrap();
    house.desk.import_canned_responses(&house.agent, import).await.unwrap();
    assert_eq!(code(house.desk.create_canned_response(&house.agent, new(private("More"))).await), "too_many");
    let more = CannedResponseImport::from_json(json!({"canned_responses": [private("More")]})).unwrap();
    assert_eq!(code(house.desk.import_canned_responses(&house.agent, more).await), "too_many");
    add(&house, &house.outsider, private("Somebody else's")).await;
}

#[tokio::test]
async fn they_are_taken_into_another_desk() {
    let house = House::new().await;
    add(&house, &house.manager, public("Everybody's")).await;
    add(&house, &house.manager, private("Own")).await;
    let of_team = json!({"title": "Billing's", "content": "Hi {{x}}", "visibility": "team", "team_id": house.billing,
        "category": "Money", "shortcut": "/b"});
    add(&house, &house.manager, of_team).await;
    let export = serde_json::to_value(house.desk.export_canned_responses(&house.manager).await.unwrap()).unwrap();
    let of_team = json!({"title": "Billing's", "content": "Hi {{x}}", "visibility": "team", "team": "Billing",
        "category": "Money", "shortcut": "/b"});
    assert_eq!(
        export,
        json!({"canned_responses": [of_team, {"title": "Everybody's", "content": "Hello", "visibility": "all"},
            {"title": "Own", "content": "Hello", "visibility": "private"}]})
    );
    let import = |mut body: Value, dry_run: bool| {
        body["dry_run"] = json!(dry_run);
        CannedResponseImport::from_json(body).unwrap()
    };
    let again = house.desk.import_canned_responses(&house.manager, import(export.clone(), false)).await.unwrap();
    assert_eq!((again.created.len(), again.updated.len(), again.unchanged.len()), (0, 0, 3));
    let other = House::new().await;
    let dry = other.desk.import_canned_responses(&other.manager, import(export.clone(), true)).await.unwrap();
    assert_eq!((dry.created.len(), dry.created[0].id), (3, None));
    assert_eq!(all(&other, &other.manager).await, [""; 0], "nothing was made");
    other.desk.import_canned_responses(&other.manager, import(export.clone(), false)).await.unwrap();
    let there = other.desk.export_canned_responses(&other.manager).await.unwrap();
    assert_eq!(serde_json::to_value(there).unwrap(), export, "all of it is there");
    let changed = json!({"canned_responses": [{"title": "OWN", "content": "New", "visibility": "private"},
        {"title": "Own", "content": "For all", "visibility": "all"}]});
    let done = other.desk.import_canned_responses(&other.manager, import(changed, false)).await.unwrap();
    assert_eq!((done.updated.len(), done.created.len()), (1, 1), "known by title and by whom it is shared with");
}

#[tokio::test]
async fn all_that_is_wrong_with_an_import_is_said_at_once_and_nothing_is_taken() {
    let house = House::new().await;
    let body = json!({"canned_responses": [
        private("Good"),
        {"title": "For all", "content": "x", "visibility": "all"},
        {"title": "Team", "content": "x", "visibility": "team", "team": "Nobody"},
        {"title": "Text", "content": "{{#if}}"},
        {"title": "good", "content": "x"},
        {"title": "No team", "content": "x", "visibility": "team"},
    ]});
    let import = CannedResponseImport::from_json(body).unwrap();
    let refused = house.desk.import_canned_responses(&house.outsider, import).await;
    let at = |place: usize, field: &str| format!("canned_responses[{place}].{field}");
    assert_eq!(fields(refused), [at(1, "visibility"), at(2, "team"), at(3, "content"), at(4, "title"), at(5, "team")]);
    assert_eq!(all(&house, &house.outsider).await, [""; 0]);
    let unread = json!({"canned_responses": [{"content": "x", "team_id": house.billing}]});
    assert_eq!(fields(CannedResponseImport::from_json(unread)), [at(0, "title"), at(0, "team_id")]);
}

#[tokio::test]
async fn what_was_a_teams_is_for_those_who_run_the_desk_once_the_team_is_gone() {
    let house = House::new().await;
    let team = house.desk.create_team(&house.admin, NewTeam::new("Field service")).await.unwrap();
    let member = NewMember::new(id(&house.outsider), TeamRole::Lead);
    house.desk.add_member(&house.admin, team.id, member).await.unwrap();
    let lead = house.desk.actor_of(id(&house.outsider), None).await.unwrap();
    let body = json!({"title": "Field", "content": "x", "visibility": "team", "team_id": team.id});
    add(&house, &lead, body).await;
    assert_eq!(all(&house, &lead).await, ["Field"]);
    house
        .desk
        .create_ticket(
            &house.admin,
            NewTicket::from_json(json!({"subject": "x", "description": "x",
        "team_id": team.id, "customer_id": id(&house.customer)}))
            .unwrap(),
        )
        .await
        .unwrap();
    house.desk.delete_team(&house.admin, team.id, None).await.unwrap();
    assert_eq!(all(&house, &lead).await, [""; 0]);
    assert_eq!(all(&house, &house.manager).await, ["Field"], "nothing is lost");
}
