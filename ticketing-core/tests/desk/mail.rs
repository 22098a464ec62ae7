//! Brand and wording of the desk's mails.

use crate::house::{House, code, fields, key};
use serde_json::{Value, json};
use ticketing_core::Error;
use ticketing_core::desk::{
    BrandPatch, Escalation, MailPreview, NewComment, NewCustomField, NewEmailTemplate, NewTicket, TicketPatch,
};
use ticketing_core::input::{Input, Patch};
use ticketing_core::mail::MailType;
use ticketing_core::query::AuditQuery;

fn texts(text: &str) -> NewEmailTemplate {
    NewEmailTemplate { subject: text.to_owned(), html: format!("<p>{text}</p>"), text: text.to_owned() }
}

fn colour(colour: &str) -> BrandPatch {
    BrandPatch { colour: Patch::Set(colour.to_owned()), ..BrandPatch::default() }
}

fn about(ticket: &impl ToString) -> MailPreview {
    MailPreview { ticket: Some(ticket.to_string()), ..MailPreview::default() }
}

/// Field, code and message of the only failure.
fn failure<T: std::fmt::Debug>(answer: Result<T, Error>) -> (String, &'static str, String) {
    let Err(Error::Invalid(mut errors)) = answer else { panic!("expected an invalid input, got {answer:?}") };
    assert_eq!(errors.len(), 1, "{errors:?}");
    let error = errors.remove(0);
    (error.field, error.code, error.message)
}

async fn deeds(house: &House) -> Vec<(String, Value)> {
    let query = AuditQuery { limit: 100, ..AuditQuery::default() };
    let page = house.desk.audit(&house.admin, query).await.unwrap();
    page.items.into_iter().map(|entry| (entry.action, entry.detail.changes)).collect()
}

#[tokio::test]
async fn administrators_set_the_brand() {
    let house = House::new().await;
    let desk = &house.desk;
    for actor in [&house.manager, &house.agent, &house.customer] {
        assert_eq!(code(desk.brand(actor).await), "forbidden");
        assert_eq!(code(desk.update_brand(actor, colour("#ff0000"), None).await), "forbidden");
    }
    let first = desk.brand(&house.admin).await.unwrap();
    assert_eq!((first.version, first.updated_at), (0, None));
    let patch = json!({"name": " Acme ", "colour": "#FFDD00", "logo_url": "https://acme.example/logo.png",
        "footer": "Acme GmbH\nBerlin", "from_name": "Acme Help", "from_address": "help@acme.example", "reply_to": null});
    let patch = BrandPatch::from_json(patch).unwrap();
    assert_eq!(code(desk.update_brand(&house.admin, patch.clone(), Some(1)).await), "stale_version");
    let saved = desk.update_brand(&house.admin, patch.clone(), Some(0)).await.unwrap();
    assert_eq!((saved.version, saved.content.name.as_deref(), &*saved.content.colour), (1, Some("Acme"), "#ffdd00"));
    assert_eq!(code(desk.update_brand(&house.admin, colour("#000000"), Some(0)).await), "stale_version");
    assert_eq!(desk.update_brand(&house.admin, patch, Some(1)).await.unwrap().version, 1, "nothing has changed");
    let mail =
        desk.preview_email_template(&house.admin, MailType::StatusChanged, MailPreview::default()).await.unwrap();
    for part in
        ["src=\"https://acme.example/logo.png\" alt=\"Acme\"", "bgcolor=\"#ffdd00\"", "color:#000000", "Acme GmbH<br>"]
    {
        assert!(mail.html.contains(part), "{}", mail.html);
    }
    let unnamed = BrandPatch::from_json(json!({"name": null, "logo_url": null})).unwrap();
    let saved = desk.update_brand(&house.admin, unnamed, None).await.unwrap();
    assert_eq!((saved.version, saved.content.name), (2, None));
    let mail =
        desk.preview_email_template(&house.admin, MailType::StatusChanged, MailPreview::default()).await.unwrap();
    assert!(mail.html.contains("Help desk") && !mail.html.contains("<img"), "the desk's own name again");
    let told: Vec<_> = deeds(&house).await.into_iter().filter(|(action, _)| action == "brand.updated").collect();
    assert_eq!(told.len(), 2);
    assert!(told.iter().any(|(_, changes)| changes["colour"] == json!(["#1f4f8f", "#ffdd00"])), "{told:?}");
}

#[tokio::test]
async fn a_bad_brand_is_refused_with_all_that_is_wrong() {
    let long = "x".repeat(101);
    let bad = json!({"name": " ", "colour": "red", "logo_url": "http://acme.example/logo.png", "footer": "x".repeat(1_001),
        "from_name": long, "from_address": "nobody", "reply_to": "a@b\r\nBcc: c@d", "theme": "dark"});
    let mut found = fields(BrandPatch::from_json(bad));
    found.sort();
    assert_eq!(found, ["colour", "footer", "from_address", "from_name", "logo_url", "name", "reply_to", "theme"]);
    for url in
        ["https://", "https:///logo.png", "https://a b/c", "javascript:alert(1)", "https://a/\"onerror=", "//a/b"]
    {
        assert_eq!(fields(BrandPatch::from_json(json!({ "logo_url": url }))), ["logo_url"], "{url}");
    }
}

#[tokio::test]
async fn administrators_reword_mails_and_bring_the_built_in_back() {
    let house = House::new().await;
    let (desk, kind) = (&house.desk, MailType::StatusChanged);
    for actor in [&house.manager, &house.agent, &house.customer] {
        assert_eq!(code(desk.email_templates(actor).await), "forbidden");
        assert_eq!(code(desk.email_template(actor, kind, None).await), "forbidden");
        assert_eq!(code(desk.put_email_template(actor, kind, None, texts("x"), None).await), "forbidden");
        assert_eq!(code(desk.delete_email_template(actor, kind, None, None).await), "forbidden");
        assert_eq!(code(desk.preview_email_template(actor, kind, MailPreview::default()).await), "forbidden");
    }
    let all = desk.email_templates(&house.admin).await.unwrap();
    assert_eq!(all.len(), 9);
    assert!(all.iter().all(|mail| mail.is_built_in && mail.version == 0));
    let first = desk.email_template(&house.admin, kind, Some("de-AT")).await.unwrap();
    assert!(first.summary.is_built_in && first.html.contains("Der Status") && first.html.contains("{{new_label}}"));
    assert!(first.variables.iter().any(|variable| variable.path == "new_label" && !variable.about.is_empty()));
    assert_eq!(code(desk.delete_email_template(&house.admin, kind, None, None).await), "not_found");
    // What is built in can be saved as it is.
    let same = NewEmailTemplate { subject: first.summary.subject, html: first.html, text: first.text };
    desk.put_email_template(&house.admin, kind, Some("de-AT"), same, None).await.unwrap();

    assert_eq!(code(desk.put_email_template(&house.admin, kind, None, texts("x"), Some(1)).await), "stale_version");
    let saved = desk.put_email_template(&house.admin, kind, None, texts("Now {{new}}"), Some(0)).await.unwrap();
    assert_eq!((saved.summary.version, saved.summary.is_built_in), (1, false));
    assert_eq!(code(desk.put_email_template(&house.admin, kind, None, texts("y"), Some(0)).await), "stale_version");
    let same = desk.put_email_template(&house.admin, kind, None, texts("Now {{new}}"), Some(1)).await.unwrap();
    assert_eq!(same.summary.version, 1, "what changes nothing is not written");
    let german =
        desk.put_email_template(&house.admin, kind, Some("DE"), texts("Jetzt {{new_label}}"), None).await.unwrap();
    assert_eq!(german.summary.locale.as_deref(), Some("de"));
    let list = desk.email_templates(&house.admin).await.unwrap();
    let of_kind: Vec<_> = list.iter().filter(|mail| mail.mail_type == kind).collect();
    assert_eq!((list.len(), of_kind.len()), (11, 3));
    assert_eq!(
        of_kind.iter().map(|mail| mail.locale.as_deref()).collect::<Vec<_>>(),
        [None, Some("de"), Some("de-at")]
    );

    let read = async |locale: Option<&str>| {
        let input = MailPreview { locale: locale.map(str::to_owned), ..MailPreview::default() };
        desk.preview_email_template(&house.admin, kind, input).await.unwrap()
    };
    assert_eq!(read(None).await.html, "<p>Now in_progress</p>");
    assert_eq!(read(Some("de-CH")).await.subject, "Jetzt In Bearbeitung");
    desk.delete_email_template(&house.admin, kind, Some("de"), Some(1)).await.unwrap();
    assert_eq!(read(Some("de-CH")).await.subject, "Now in_progress");
    assert_eq!(code(desk.delete_email_template(&house.admin, kind, None, Some(7)).await), "stale_version");
    desk.delete_email_template(&house.admin, kind, None, None).await.unwrap();
    assert!(read(None).await.subject.starts_with("[TKT-"));
    assert!(desk.email_template(&house.admin, kind, None).await.unwrap().summary.is_built_in);
    let again = desk.put_email_template(&house.admin, kind, None, texts("Back"), Some(0)).await.unwrap();
    assert_eq!(again.summary.version, 3, "versions go on where the deleted one ended");
    assert_eq!(read(None).await.text, "Back");

    let told = deeds(&house).await;
    let count = |action: &str| told.iter().filter(|(name, _)| name == action).count();
    assert_eq!(
        (count("email_template.created"), count("email_template.updated"), count("email_template.deleted")),
        (4, 0, 2)
    );
    let made = told.iter().find(|(_, changes)| changes["subject"] == json!([null, "Now {{new}}"]));
    assert!(made.unwrap().1["html"][1].as_str().unwrap().starts_with("18 bytes, sha256 "), "{made:?}");
}

#[tokio::test]
async fn a_bad_template_is_refused_where_it_is_wrong() {
    let house = House::new().await;
    let put = async |kind: MailType, input: NewEmailTemplate| {
        house.desk.put_email_template(&house.admin, kind, None, input, None).await
    };
    let (field, code, message) = failure(
        put(MailType::TicketCreated, NewEmailTemplate { html: "<p>\n{{subjekt}}</p>".into(), ..texts("Hi") }).await,
    );
    assert_eq!((&*field, code, &*message), ("html", "unknown_variable", "Line 2: there is no value `subjekt`."));
    let (field, code, message) =
        failure(put(MailType::TicketCreated, NewEmailTemplate { text: "a\n{{> x}}".into(), ..texts("Hi") }).await);
    assert_eq!((&*field, code), ("text", "invalid_template"));
    assert!(message.starts_with("Line 2: "), "{message}");
    // Each mail has its own values.
    put(MailType::Escalation, texts("{{escalation.reason}}")).await.unwrap();
    assert_eq!(fields(put(MailType::SlaBreach, texts("{{escalation.reason}}")).await), ["subject", "html", "text"]);
    assert_eq!(fields(put(MailType::Invitation, texts("{{ticket_number}}")).await), ["subject", "html", "text"]);
    let long = NewEmailTemplate { html: "x".repeat(64 * 1024 + 1), subject: "a\nb".into(), text: String::new() };
    assert_eq!(fields(put(MailType::Escalation, long).await), ["subject", "html", "text"]);
    let missing = NewEmailTemplate::from_json(json!({"subject": "x", "body": "y"}));
    assert_eq!(fields(missing), ["html", "text", "body"]);
    let locale = house.desk.email_template(&house.admin, MailType::Escalation, Some("not a tag")).await;
    assert_eq!(fields(locale), ["locale"]);
}

#[tokio::test]
async fn a_preview_shows_a_ticket_or_a_made_up_one_and_tries_drafts() {
    let house = House::new().await;
    let ticket = house.ticket().await;
    let preview =
        async |kind: MailType, input: MailPreview| house.desk.preview_email_template(&house.admin, kind, input).await;
    for kind in MailType::ALL.iter().copied() {
        let made_up = preview(kind, MailPreview::default()).await.unwrap();
        assert!(!made_up.subject.is_empty() && !made_up.html.is_empty() && !made_up.text.is_empty());
        let real = preview(kind, about(ticket.number())).await.unwrap();
        assert_eq!(real.subject.contains("Cannot log in"), made_up.subject.contains("TKT-"), "{kind}");
        let german = preview(kind, MailPreview { locale: Some("de".into()), ..MailPreview::default() }).await.unwrap();
        assert!(german.html.contains("lang=\"de\""));
    }
    let draft = MailPreview { subject: Some("Draft: {{subject}} by {{customer.name}}".into()), ..about(&ticket.id()) };
    let mail = preview(MailType::StatusChanged, draft).await.unwrap();
    assert_eq!(mail.subject, "Draft: Cannot log in by cleo");
    assert!(mail.html.contains("<!DOCTYPE html>"), "the rest as it is");
    let draft = MailPreview { html: Some("{{x}}".into()), ..MailPreview::default() };
    let (field, code, _) = failure(preview(MailType::StatusChanged, draft).await);
    assert_eq!((&*field, code), ("html", "unknown_variable"));
    let long = "{{#each tags}}{{../description}}{{../description}}{{../description}}{{/each}}";
    let tags = (0..20).map(|n| format!("t{n}")).collect();
    let new = NewTicket { tags, ..NewTicket::new("Long", "x".repeat(19_000)) };
    let big = house.desk.create_ticket(&house.admin, new).await;
    let big = big.unwrap();
    let draft = MailPreview { text: Some(long.into()), ..about(&big.id()) };
    let (field, code, _) = failure(preview(MailType::StatusChanged, draft).await);
    assert_eq!((&*field, code), ("text", "too_long"));
    assert_eq!(fields(preview(MailType::StatusChanged, about(&"no-ticket")).await), ["ticket"]);
    assert_eq!(crate::house::code(preview(MailType::StatusChanged, about(&"TKT-22222222")).await), "not_found");
}

#[tokio::test]
async fn no_mail_to_a_customer_tells_what_is_for_staff() {
    let house = House::new().await;
    let desk = &house.desk;
    let field = json!({"key": "risk", "label": "Risk", "field_type": "text"});
    desk.create_custom_field(&house.admin, NewCustomField::from_json(field).unwrap()).await.unwrap();
    let ticket = house.ticket().await;
    let values = json!({"custom_fields": {"risk": "CANARY field"}});
    desk.update_ticket(&house.admin, &key(&ticket), TicketPatch::from_json(values).unwrap(), None).await.unwrap();
    let note = NewComment::from_json(json!({"body": "CANARY note", "is_internal": true})).unwrap();
    desk.add_comment(&house.agent, &key(&ticket), note).await.unwrap();
    let escalation = Escalation::from_json(json!({"reason": "CANARY reason"})).unwrap();
    desk.escalate_ticket(&house.agent, &key(&ticket), escalation, None).await.unwrap();
    for kind in MailType::ALL.iter().copied() {
        let asks = "{{recipient.is_customer}}: {{custom_fields.risk}} {{ticket.custom_fields.risk}}";
        let draft = MailPreview { text: is_of_ticket(kind).then(|| asks.to_owned()), ..about(&ticket.id()) };
        let mail = desk.preview_email_template(&house.admin, kind, draft).await.unwrap();
        let whole = format!("{}{}{}", mail.subject, mail.html, mail.text);
        match kind {
            MailType::TicketCreated | MailType::StatusChanged | MailType::CommentAdded => {
                assert_eq!(mail.text, "true:  ", "{kind} goes to the customer");
                assert!(!whole.contains("CANARY"), "{kind}: {whole}");
            }
            // Staff read their own fields.
            _ if is_of_ticket(kind) => assert_eq!(mail.text, "false: CANARY field CANARY field", "{kind}"),
            _ => assert!(!whole.contains("CANARY"), "{kind}"),
        }
    }
}

fn is_of_ticket(kind: MailType) -> bool {
    !matches!(kind, MailType::Invitation | MailType::PasswordReset)
}

#[tokio::test]
async fn of_two_who_save_at_once_both_are_kept_or_one_is_told() {
    let house = House::new().await;
    let desk = &house.desk;
    let save =
        |text: &'static str| desk.put_email_template(&house.admin, MailType::Escalation, None, texts(text), None);
    let (one, other) = tokio::join!(save("one"), save("other"));
    let mut versions = [one.unwrap().summary.version, other.unwrap().summary.version];
    versions.sort_unstable();
    assert_eq!(versions, [1, 2], "who comes second writes over what the first wrote");
    let claim =
        |text: &'static str| desk.put_email_template(&house.admin, MailType::SlaBreach, None, texts(text), Some(0));
    let (one, other) = tokio::join!(claim("one"), claim("other"));
    let refused = [one, other].into_iter().filter_map(Result::err).map(|error| error.code()).collect::<Vec<_>>();
    assert_eq!(refused, ["stale_version"], "who names a version does not write over");
}
