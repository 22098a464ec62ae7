#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use super::fact::{Customers, Entry, Happening, Message, PublicComment};
use super::{
    Brand, Composed, EmailTemplate, EmailTemplates, Language, Letterhead, MailFacts, MailKind, MailType, Sample,
    TemplateText, built_in, compose, sample, variables, vocabulary,
};
use crate::setting::{DeskProfile, Stored};
use crate::time::Time;
use chrono::{TimeZone, Utc};
use serde_json::json;

fn now() -> Time {
    Utc.with_ymd_and_hms(2026, 1, 15, 10, 0, 0).unwrap()
}

fn letterhead() -> Letterhead {
    let brand = Brand { footer: Some("Acme GmbH\nBerlin".to_owned()), ..Brand::default() };
    brand.letterhead(&DeskProfile { name: "Acme Support".to_owned(), ..DeskProfile::default() }, "https://desk.example")
}

fn made_up(language: Language) -> Sample {
    let mut sample = Sample::made_up(now(), "https://desk.example");
    sample.locale = Some(language.tag().to_owned());
    sample
}

fn composed(facts: &MailFacts) -> Composed {
    compose(facts, &letterhead(), &EmailTemplates::default()).unwrap()
}

/// Every built-in mail in every language, to both sides.
fn all() -> impl Iterator<Item = (String, MailFacts)> {
    MailKind::all().flat_map(|kind| {
        Language::ALL.into_iter().flat_map(move |language| {
            [false, true].map(|to_staff| {
                let name = format!("{} in {} to staff: {to_staff}", kind.as_str(), language.tag());
                (name, sample(kind, &made_up(language), to_staff))
            })
        })
    })
}

/// The names of open elements after the markup; panics where one is closed that is not open.
fn check_markup(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let body = html.split_once("</style>").unwrap().1;
    for tag in body.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("every tag ends");
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        if tag.starts_with('/') {
            if !matches!(name, "head" | "html") {
                assert_eq!(open.pop(), Some(name), "closed in order");
            }
        } else if !matches!(name, "img" | "br" | "meta") {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

#[test]
fn built_in_mails_keep_to_the_rules_for_others() {
    for kind in MailKind::all() {
        let vocabulary = vocabulary(kind);
        for language in Language::ALL {
            let mail = built_in(kind, language);
            for template in [&mail.parsed.subject, &mail.parsed.html, &mail.parsed.text] {
                assert_eq!(template.unknown(&vocabulary), [], "{kind:?} in {language:?}");
            }
            for text in [&mail.text.subject, &mail.text.html, &mail.text.text] {
                assert!(!text.contains("[[") || text.starts_with("[{{ticket_number}}]"), "{text}");
                assert!(!text.is_empty());
            }
        }
    }
}

#[test]
fn every_value_that_is_documented_is_there() {
    let all_paths = |value: &serde_json::Value, path: &str| {
        path.split('.').try_fold(value.clone(), |value, name| match &value {
            serde_json::Value::Array(items) => items.last()?.get(name).cloned(),
            other => other.get(name).cloned(),
        })
    };
    for kind in MailKind::all() {
        let values = variables(&sample(kind, &made_up(Language::English), true), &letterhead());
        for variable in vocabulary(kind).variables() {
            let path = variable.path.trim_end_matches(".KEY");
            // Only a change of status has these.
            let of_change = ["old", "new", "old_label", "new_label"].contains(&path);
            let is_there = all_paths(&values, path).is_some();
            assert!(is_there || (of_change && kind != MailKind::Type(MailType::StatusChanged)), "{kind:?}: {path}");
        }
    }
}

#[test]
fn every_built_in_mail_is_whole() {
    for (name, facts) in all() {
        let mail = composed(&facts);
        check_markup(&mail.html);
        let language = facts.recipient.locale.as_deref().unwrap();
        for part in [
            &*format!("<html lang=\"{language}\" dir=\"ltr\">"),
            "content=\"light dark\"",
            "prefers-color-scheme: dark",
            "max-width:600px",
            "bgcolor=\"#1f4f8f\"",
            "color:#ffffff",
            "Acme Support",
            "Acme GmbH<br>\nBerlin",
            "dir=\"auto\"",
        ] {
            assert!(mail.html.contains(part), "{name}: no {part}\n{}", mail.html);
        }
        for outside in ["<img", "src=", "@import", "url(", "<script", "<link", "{{", "}}", "[["] {
            assert!(!mail.html.contains(outside), "{name}: {outside}\n{}", mail.html);
        }
        assert!(mail.html.len() < 100 * 1024, "{name}: mail programs clip more");
        for text in [&mail.subject, &mail.text] {
            assert!(!text.contains("{{") && !text.contains("&#39;") && !text.contains("<td"), "{name}: {text}");
        }
        assert!(mail.text.contains("\n-- \nAcme Support\nAcme GmbH\nBerlin\n"), "{name}: {}", mail.text);
        assert!(!mail.text.contains("\n\n\n"), "{name}: too much room\n{}", mail.text);
        let link = facts.unsubscribe_url.as_deref();
        assert_eq!(mail.text.contains("/unsubscribe"), link.is_some(), "{name}");
        if facts.kind().is_of_ticket() {
            assert!(
                mail.subject.starts_with("[TKT-") && mail.subject.ends_with("] The printer on the second floor jams")
            );
            assert!(mail.text.contains("https://desk.example/tickets/TKT-"), "{name}: {}", mail.text);
        } else if facts.kind() != MailKind::Workflow {
            assert!(mail.html.contains("href=\"https://desk.example/"), "{name}");
        }
    }
}

#[test]
fn mails_say_what_happened_in_the_readers_language() {
    use Language::{English, French, German, Spanish};
    use MailType::{
        CommentAdded, Escalation, Invitation, PasswordReset, SlaBreach, SlaWarning, StatusChanged, TicketAssigned,
        TicketCreated,
    };
    for (kind, to_staff, language, phrase) in [
        (TicketCreated, false, English, "We have received your request"),
        (TicketCreated, true, English, "Cleo Winter has opened a new ticket."),
        (TicketCreated, false, German, "Wir haben Ihre Anfrage erhalten"),
        (TicketCreated, false, French, "Nous avons bien reçu votre demande"),
        (TicketCreated, false, Spanish, "Hemos recibido su solicitud"),
        (TicketAssigned, true, English, "Ada Lake has assigned this ticket to you."),
        (TicketAssigned, false, German, "Amy Stone kümmert sich jetzt um Ihre Anfrage."),
        (StatusChanged, false, English, "has changed from Open to In progress."),
        (StatusChanged, false, German, "von „Offen“ zu „In Bearbeitung“ geändert"),
        (StatusChanged, false, French, "de «\u{a0}Ouvert\u{a0}» à «\u{a0}En cours\u{a0}»"),
        (StatusChanged, false, Spanish, "de «Abierto» a «En curso»"),
        (SlaBreach, true, English, "First response was due on 15 January 2026, 10:00 UTC."),
        (SlaWarning, true, German, "Erste Antwort, fällig am 15. Januar 2026, 11:00 Uhr (UTC)"),
        (Escalation, true, English, "Escalated to level 1"),
        (CommentAdded, false, English, "Amy Stone has replied to your request."),
        (CommentAdded, true, French, "Amy Stone a répondu à ce ticket."),
        (Invitation, true, English, "Ada Lake has invited you to Acme Support."),
        (PasswordReset, true, Spanish, "Elegir una contraseña nueva"),
    ] {
        let mail = composed(&sample(kind.into(), &made_up(language), to_staff));
        assert!(mail.text.contains(phrase), "{kind} {language:?}: {}", mail.text);
        assert!(mail.html.contains(phrase), "{kind} {language:?}: {}", mail.html);
    }
    let digest = composed(&sample(MailKind::Digest, &made_up(English), true)).text;
    for part in ["3 updates", "* Assigned to Amy Stone\n  Ada Lake, 15 January 2026, 09:48 UTC", "* New internal note"]
    {
        assert!(digest.contains(part), "{digest}");
    }
    let webhook = composed(&sample(MailKind::WebhookDisabled, &made_up(English), true));
    assert_eq!(webhook.subject, "A webhook was switched off: Billing system");
    assert!(webhook.text.contains("Reason: 503 Service Unavailable"));
}

#[test]
fn a_confirmation_carries_nothing_of_a_stranger_s_but_the_subject() {
    let mail = composed(&sample(MailType::TicketCreated.into(), &made_up(Language::English), false));
    assert!(!mail.text.contains("every third page") && !mail.html.contains("every third page"));
    let mail = composed(&sample(MailType::TicketCreated.into(), &made_up(Language::English), true));
    assert!(mail.text.contains("every third page") && mail.html.contains("every third page"));
}

#[test]
fn hostile_words_stay_words() {
    let hostile = "<script>alert(1)</script>{{7*7}} {{ticket.subject}} \"'&\r\nBcc: x@evil.example";
    let mut sample_of = made_up(Language::English);
    for ticket in [&mut sample_of.customer_ticket, &mut sample_of.ticket.public] {
        hostile.clone_into(&mut ticket.subject);
        hostile.clone_into(&mut ticket.description);
        ticket.category = Some(hostile.to_owned());
    }
    sample_of.people.agent_name = Some(hostile.to_owned());
    sample_of.people.customer_name = hostile.to_owned();
    for kind in MailKind::all() {
        for to_staff in [false, true] {
            let mail = composed(&sample(kind, &sample_of, to_staff));
            assert!(!mail.html.contains("<script") && !mail.subject.contains(['\r', '\n']), "{kind:?}");
            check_markup(&mail.html);
            if kind.is_of_ticket() {
                assert!(mail.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}} {{ticket.subject}}"));
            }
        }
    }
}

#[test]
fn what_is_for_staff_has_no_way_to_a_customer() {
    let staff = sample(MailKind::Digest, &made_up(Language::English), true);
    let Message::ToStaff(news) = staff.message else { panic!("a mail to staff") };
    let notes = news.entries().filter_map(|entry| match &entry.what {
        Happening::Commented(comment) => Some(comment.clone()),
        _ => None,
    });
    let notes: Vec<_> = notes.collect();
    assert!(notes.iter().any(|note| note.is_internal));
    for note in notes {
        assert_eq!(PublicComment::new(note.clone()).is_none(), note.is_internal);
    }
}

#[test]
fn a_long_story_is_told_in_short() {
    let mut facts = sample(MailKind::Digest, &made_up(Language::English), false);
    let Message::ToCustomer(news) = &mut facts.message else { panic!("a mail to a customer") };
    let Some(Happening::Commented(comment)) = news.more.last().map(|entry| entry.what.clone()) else { panic!() };
    let mut view = comment.view().clone();
    view.body = "\"".repeat(1_000_000);
    let comment = PublicComment::new(view).unwrap();
    news.more = (0..40)
        .map(|_| Entry::<Customers> { at: now(), actor: None, what: Happening::Commented(comment.clone()) })
        .collect();
    let mail = composed(&facts);
    assert!(mail.text.contains("26 earlier updates are not shown here."), "{}", &mail.text[..500]);
    assert_eq!(mail.text.matches("* New reply").count(), 15);
}

fn own(mail_type: MailType, locale: Option<&str>, text: &str) -> Stored<EmailTemplate> {
    let text = TemplateText { subject: text.to_owned(), html: text.to_owned(), text: text.to_owned() };
    let id = EmailTemplate::id(mail_type, locale);
    let content = EmailTemplate { mail_type, locale: locale.map(str::to_owned), text };
    Stored { id, version: 1, saved_at: now(), content }
}

#[test]
fn the_template_nearest_to_the_readers_language_is_used() {
    let kind = MailType::CommentAdded;
    let own = EmailTemplates::new(vec![
        own(kind, None, "all {{status}} {{status_label}}"),
        own(kind, Some("de"), "de {{status_label}}"),
        own(kind, Some("de-at"), "de-at {{recipient.name}}"),
        own(MailType::Escalation, None, "{{#each tags}}{{this}}{{/each}}{{ticket.description}}"),
        own(MailType::SlaBreach, None, "{{> broken}}"),
    ]);
    let subject = |kind: MailType, locale: Option<&str>| {
        let with = Sample { locale: locale.map(str::to_owned), ..made_up(Language::English) };
        compose(&sample(kind.into(), &with, false), &letterhead(), &own).unwrap().subject
    };
    assert_eq!(subject(kind, Some("de-AT")), "de-at Cleo Winter");
    assert_eq!(subject(kind, Some("de-CH")), "de In Bearbeitung");
    assert_eq!(subject(kind, Some("fr")), "all in_progress En cours");
    assert_eq!(subject(kind, None), "all in_progress In progress");
    assert!(subject(MailType::TicketCreated, None).starts_with("[TKT-"), "another mail");
    assert!(subject(MailType::SlaBreach, None).starts_with("[TKT-"), "what can't be read any more");
}

#[test]
fn where_an_own_template_grows_too_long_the_built_in_one_is_sent() {
    let greedy = "{{description}}".repeat(20);
    let own = EmailTemplates::new(vec![own(MailType::Escalation, None, &greedy)]);
    let mut with = made_up(Language::English);
    with.ticket.public.description = "x".repeat(20_000);
    let mail = compose(&sample(MailType::Escalation.into(), &with, true), &letterhead(), &own).unwrap();
    assert!(mail.text.contains("Escalated to level 1"));
}

#[test]
fn the_values_of_rules_and_canned_responses_have_the_same_names() {
    let mut with = made_up(Language::English);
    with.ticket.public.custom_fields.insert("order".to_owned(), json!(7));
    let values = variables(&sample(MailType::StatusChanged.into(), &with, true), &letterhead());
    for name in [
        "ticket_number",
        "subject",
        "description",
        "status",
        "priority",
        "category",
        "assigned_agent_id",
        "agent_name",
        "customer_id",
        "customer_name",
        "customer_email",
        "team_name",
        "ticket_url",
    ] {
        assert!(values[name].is_string(), "{name}: {values}");
        assert_eq!(values[name], values["ticket"][name], "{name}");
    }
    assert_eq!((&values["old"], &values["new"]), (&json!("open"), &json!("in_progress")));
    assert_eq!(values["custom_fields"]["order"], json!(7));
    assert_eq!(values["customer"]["email"], json!("cleo@customer.example"));
    assert_eq!(values["team"]["name"], json!("Hardware"));
}
