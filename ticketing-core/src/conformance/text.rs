//! Texts of every script and moments of every age, byte for byte.

use super::area;
use super::sample::{add, note, tell};
use super::trial::{ALL, Trial, listed};
use crate::condition::{Bound, Condition, Field, Literal, Test};
use crate::event::Fact;
use crate::ids::Seq;
use crate::model::{EscalationCause, Role, Subject};
use crate::query::{AuditQuery, Sort};
use crate::time::{Time, from_micros};
use chrono::TimeDelta;
use serde_json::json;

area!["text":
    people_and_companies_keep_every_text,
    tickets_and_comments_keep_every_text,
    settings_events_and_audit_keep_every_text,
    sign_ins_keep_every_text,
    moments_keep_their_microseconds,
    ranges_of_moments_are_exact,
    search_is_folded_as_the_desk_folds,
];

/// Texts that some store somewhere has mangled.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "👩‍👩‍👧‍👦 family, 🏳️‍🌈 flag, 🇵🇹 region, 👍🏽 skin, 🧭",
        "مرحبا بالعالم \u{202e}right to left\u{202c} שלום",
        "e\u{301} is not \u{e9}, Å is not Å, ﬁ is not fi",
        "zero\u{200b}width\u{200d}joiner\u{feff}mark\u{ad}hyphen",
        "Straße STRASSE İstanbul ıI ΣΊΣΥΦΟΣ σίσυφος Ǆ ǅ ǆ",
        "汉字 漢字 かな カナ 한글 \u{1100}\u{1161}\u{11a8} \u{20000}\u{2a6d6}",
        "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}a\u{334}\u{335}\u{31e}l\u{323}g\u{33a}o",
        "'; DROP TABLE ticket; -- \" \\ \\n % _ * ? [x] {y} $1 :name @p ~ ` | & <b>",
        "\ttab\r\nline \u{b}\u{c}\u{1b}\u{7f}\u{85}\u{a0}\u{2028}\u{2029} end",
        "  spaces before and after  ",
        "null NULL None undefined NaN 0 -0 1e400 true",
        "\u{10ffff}\u{fffd}\u{e000}",
    ]
    .map(str::to_owned)
    .into();
    // 64 KiB and a little: no page, varchar or index entry may cut it short.
    texts.push("Lange Größe 🧭 ".repeat(4_000));
    texts
}

async fn people_and_companies_keep_every_text(t: &Trial) {
    for (place, text) in texts().into_iter().enumerate() {
        // Names are indexed, and no index takes 64 KiB; 2,000 bytes are more than the desk allows.
        let text: String = text.chars().take(400).collect();
        let (mut user, mut organization) = (t.sample.user(&text, Role::Agent), t.sample.organization(""));
        let mut team = t.sample.team("");
        user.email = format!("{place}-{}@people.example", text.replace(char::is_whitespace, "_"));
        (user.time_zone, user.locale) = (Some(text.clone()), Some(text.clone()));
        organization.name = format!("{place} {text}");
        organization.domains = vec![format!("{place}.{text}")];
        (team.name, team.description) = (format!("{place} {text}"), Some(text.repeat(40)));
        t.commit(vec![add(&user), add(&organization), add(&team)]).await;
        assert_eq!(t.store.user(&ALL, user.id).await.unwrap(), Some(user));
        assert_eq!(t.store.organization(&ALL, organization.id).await.unwrap(), Some(organization));
        let teams = t.store.settings().await.unwrap().teams;
        assert!(teams.contains(&team), "{text}");
    }
}

async fn tickets_and_comments_keep_every_text(t: &Trial) {
    let customer = t.sample.user("Olga", Role::Customer);
    t.commit(vec![add(&customer)]).await;
    for text in texts() {
        let short: String = text.chars().take(400).collect();
        let mut ticket = t.sample.ticket(&customer);
        let mut comment = t.sample.comment(&ticket, &customer, false);
        (ticket.subject, ticket.description) = (short.clone(), text.clone());
        (ticket.category, ticket.tags) = (Some(short.clone()), vec![short.clone(), format!("{short}2")]);
        ticket.custom_fields.insert(short.clone(), json!({"text": text, "list": [text, short]}));
        comment.body = text;
        t.commit(vec![add(&ticket), add(&comment)]).await;
        assert_eq!(t.ticket(ticket.id).await.as_ref(), Some(&ticket));
        assert_eq!(t.comments(ticket.id).await, [comment]);
    }
}

async fn settings_events_and_audit_keep_every_text(t: &Trial) {
    let actor = t.sample.user("Pia", Role::Admin);
    let ticket = t.sample.ticket(&actor);
    t.commit(vec![add(&actor), add(&ticket)]).await;
    for text in texts() {
        let short: String = text.chars().take(400).collect();
        let mut document = t.sample.document("text", json!({"text": text, short.clone(): [short]}));
        document.kind = format!("kind {}", short.chars().take(40).collect::<String>());
        let reason = text.clone();
        let changes = [(short.clone(), (json!(text), json!(short)))].into();
        let fact = Fact::TicketEscalated { changes, level: 1, reason, cause: EscalationCause::Manual };
        let mut event = t.sample.event(&ticket, fact, &actor);
        event.image = Some(json!({"text": text}));
        let mut entry = t.sample.audit(&actor, &short, Subject::User(actor.id));
        (entry.request_id, entry.key_id) = (Some(short.clone()), short.clone());
        entry.detail.changes = json!({"text": [text, null]});
        (entry.detail.ip, entry.detail.user_agent) = (Some(short.clone()), Some(text));
        event.seq = t.commit(vec![add(&document), tell(&event), note(&entry)]).await.seqs[0];
        assert_eq!(t.store.document_history(&document.kind, document.id, 2).await.unwrap(), [document]);
        let found = t.store.ticket_events(&ALL, ticket.id, Seq(event.seq.0 - 1), 2).await.unwrap();
        assert_eq!(found, [event]);
        let query = AuditQuery { action: Some(short), limit: 2, ..AuditQuery::default() };
        assert_eq!(t.store.audit(&ALL, &query).await.unwrap(), [entry]);
    }
}

async fn sign_ins_keep_every_text(t: &Trial) {
    let user = t.sample.user("Rui", Role::Agent);
    t.commit(vec![add(&user)]).await;
    for (place, text) in texts().into_iter().enumerate() {
        let short: String = text.chars().take(400).collect();
        let (mut session, mut key) = (t.sample.session(&user), t.sample.api_key(&user));
        session.user_agent = Some(text);
        (key.name, key.prefix) = (short.clone(), format!("{place} {short}"));
        key.scopes = vec![short.clone(), short];
        t.commit(vec![add(&session), add(&key)]).await;
        assert_eq!(t.store.session(&ALL, session.id).await.unwrap(), Some(session));
        assert_eq!(t.store.api_key(&ALL, &key.prefix).await.unwrap(), Some(key));
    }
}

/// Before 1970, at it, leap days, and as late as calendars are printed.
fn moments() -> Vec<Time> {
    [-2_208_988_800_000_001, -1, 0, 1, 951_782_400_999_999, 1_772_442_367_123_457, 253_402_300_799_999_999]
        .into_iter()
        .filter_map(from_micros)
        .collect()
}

async fn moments_keep_their_microseconds(t: &Trial) {
    let customer = t.sample.user("Sol", Role::Customer);
    t.commit(vec![add(&customer)]).await;
    for at in moments() {
        let mut ticket = t.sample.ticket(&customer);
        (ticket.created_at, ticket.updated_at) = (at, at);
        (ticket.first_responded_at, ticket.resolved_at, ticket.closed_at) = (Some(at), Some(at), Some(at));
        let mut comment = t.sample.comment(&ticket, &customer, false);
        (comment.created_at, comment.edited_at) = (at, Some(at));
        let mut session = t.sample.session(&customer);
        (session.created_at, session.refreshed_at, session.expires_at) = (at, at, at);
        let mut document = t.sample.document("moment", json!({}));
        document.saved_at = at;
        let mut event = t.sample.event(&ticket, Fact::TicketCreated {}, &customer);
        event.at = at;
        let mut entry = t.sample.audit(&customer, "ticket.created", Subject::Ticket(ticket.id));
        entry.at = at;
        let writes = vec![add(&ticket), add(&comment), add(&session), add(&document), tell(&event), note(&entry)];
        event.seq = t.commit(writes).await.seqs[0];
        assert_eq!(t.ticket(ticket.id).await.as_ref(), Some(&ticket), "{at}");
        assert_eq!(t.comments(ticket.id).await, [comment], "{at}");
        assert_eq!(t.store.session(&ALL, session.id).await.unwrap(), Some(session), "{at}");
        assert_eq!(t.store.document_history("moment", document.id, 1).await.unwrap(), [document], "{at}");
        assert_eq!(t.store.ticket_events(&ALL, ticket.id, Seq(0), 9).await.unwrap(), [event], "{at}");
        let query = AuditQuery { subject: Some(entry.subject), limit: 9, ..AuditQuery::default() };
        assert_eq!(t.store.audit(&ALL, &query).await.unwrap(), [entry], "{at}");
    }
    let by_age = Sort { descending: false, ..Sort::default() };
    let found = t.store.tickets(&ALL, &listed(t, Condition::always(), by_age, 100)).await.unwrap();
    assert_eq!(found.iter().map(|row| row.created_at).collect::<Vec<_>>(), moments(), "in the order of time");
}

async fn ranges_of_moments_are_exact(t: &Trial) {
    let customer = t.sample.user("Ted", Role::Customer);
    t.commit(vec![add(&customer)]).await;
    for at in moments() {
        let mut ticket = t.sample.ticket(&customer);
        ticket.updated_at = at;
        t.commit(vec![add(&ticket)]).await;
        let microsecond = TimeDelta::microseconds(1);
        for (min, max, inclusive, wanted) in [
            (at, at, true, 1),
            (at, at, false, 0),
            (at - microsecond, at + microsecond, false, 1),
            (at + microsecond, at + microsecond * 2, true, 0),
            (at - microsecond * 2, at - microsecond, true, 0),
        ] {
            let bound = |value| Some(Bound { value: Literal::Time(value), inclusive });
            let range = Test::Range { min: bound(min), max: bound(max) };
            let only = Condition::leaf(Field::TicketNumber, number(&ticket));
            let filter = Condition::All(vec![only, Condition::leaf(Field::UpdatedAt, range)]);
            let count = t.store.ticket_count(&ALL, &listed(t, filter, Sort::default(), 1)).await.unwrap();
            assert_eq!(count, wanted, "{at} from {min} to {max}, ends included: {inclusive}");
        }
    }
}

fn number(ticket: &crate::model::Ticket) -> Test {
    Test::In(vec![Literal::Text(crate::fold::fold(ticket.number.as_str()))])
}

async fn search_is_folded_as_the_desk_folds(t: &Trial) {
    let customer = t.sample.user("Ulla", Role::Customer);
    t.commit(vec![add(&customer)]).await;
    for text in texts() {
        let mut ticket = t.sample.ticket(&customer);
        ticket.subject = text.chars().take(300).collect();
        t.commit(vec![add(&ticket)]).await;
        // Whatever the text is made of, it is found by any stretch of its folded form.
        let folded: Vec<char> = crate::fold::fold(&ticket.subject).chars().collect();
        for start in (0..folded.len()).step_by(3) {
            let part: String = folded[start..].iter().take(9).collect();
            let test = Condition::leaf(Field::Subject, Test::Contains(part.clone()));
            let only = Condition::leaf(Field::TicketNumber, number(&ticket));
            let query = listed(t, Condition::All(vec![only, test]), Sort::default(), 5);
            let count = t.store.ticket_count(&ALL, &query).await.unwrap();
            assert_eq!(count, 1, "{part:?} in {:?}", ticket.subject);
        }
    }
}
