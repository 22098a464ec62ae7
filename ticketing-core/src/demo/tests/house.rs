//! What the small desk has set up, as an administrator finds it.

use super::super::fill;
use super::{everything, options};
use crate::access::{Actor, SystemReason};
use crate::desk::{CannedQuery, Desk, MailPreview, RunQuery, TimeGroupBy, TimeSelection, WorkflowView};
use crate::ids::WorkflowId;
use crate::input::Problems;
use crate::mail::MailType;
use crate::memory::{MemoryStore, TestClock};
use crate::model::{FieldType, NotificationKind, RunOutcome, TimeSpent};
use crate::port::{PeopleRead, Queue};
use std::collections::HashSet;
use std::sync::Arc;

/// What a visitor finds.
const SIZE: u64 = 400;

async fn desk() -> (Desk, Arc<MemoryStore>, Actor) {
    let store = Arc::new(MemoryStore::new());
    fill(&*store, &options(SIZE), |_| ()).await.unwrap();
    let clock = Arc::new(TestClock::at(super::now()));
    let desk = Desk::builder().store(Arc::clone(&store) as Arc<_>).clock(clock).build().unwrap();
    (desk, store, Actor::system(SystemReason::Operator))
}

async fn rules(desk: &Desk, admin: &Actor) -> Vec<WorkflowView> {
    desk.workflows(admin, None, 100).await.unwrap().items
}

#[tokio::test]
async fn nothing_is_wrong_with_its_rules_and_some_were_edited() {
    let (desk, _, admin) = desk().await;
    let rules = rules(&desk, &admin).await;
    assert!((5..=6).contains(&rules.len()));
    for rule in &rules {
        assert_eq!(rule.problems, [], "{}", rule.name);
        assert_eq!(rule.warnings, [], "{}", rule.name);
        let versions = desk.workflow_versions(&admin, rule.id, None, 10).await.unwrap().items;
        assert_eq!(i64::try_from(versions.len()).unwrap(), rule.version);
        assert!(versions.iter().all(|version| version.saved_by.is_some()));
    }
    assert!(rules.iter().filter(|rule| rule.version > 1).count() >= 3);
    assert!(rules.iter().any(|rule| !rule.is_active));
}

#[tokio::test]
async fn every_rule_that_is_on_has_fired_and_each_run_explains_itself() {
    let (desk, _, admin) = desk().await;
    let mut versions = HashSet::new();
    for rule in rules(&desk, &admin).await {
        let query = RunQuery { limit: 1_000, ..RunQuery::default() };
        let runs = desk.workflow_runs(&admin, WorkflowId(rule.id.0), query).await.unwrap().items;
        let fired = runs.iter().filter(|run| run.outcome == RunOutcome::Fired).count();
        println!("{}: fired {fired} of {}", rule.name, runs.len());
        assert_eq!(fired > 0, rule.is_active, "{}", rule.name);
        for run in runs {
            assert!(run.outcome != RunOutcome::Suppressed);
            assert!(run.outcome != RunOutcome::Fired || run.effects.iter().any(|effect| effect.done), "{run:?}");
            versions.insert((run.workflow_id, run.workflow_version));
        }
    }
    assert!(versions.iter().any(|(_, version)| *version == 1) && versions.iter().any(|(_, version)| *version == 2));
}

#[tokio::test]
async fn every_type_of_field_that_it_has_is_filled_in_as_its_desk_would_take_it() {
    let (desk, _, admin) = desk().await;
    let snapshot = desk.snapshot().await.unwrap();
    let types: HashSet<FieldType> = snapshot.custom_fields.iter().map(|field| field.content.field_type).collect();
    assert_eq!(types.len(), desk.custom_fields(&admin).await.unwrap().len());
    let mut filled = HashSet::new();
    let all = everything(&options(SIZE));
    for ticket in all.tickets.values().filter_map(|told| told.ticket.as_ref()) {
        for (key, value) in &ticket.custom_fields {
            let field = snapshot.custom_fields.by_key(key).unwrap();
            let mut problems = Problems::default();
            assert_eq!(field.read(value, key, &mut problems).as_ref(), Some(value));
            problems.finish().unwrap();
            filled.insert(field.field_type);
        }
    }
    assert_eq!(filled, types);
}

#[tokio::test]
async fn it_calls_nobody_and_fetches_nothing() {
    let (desk, store, admin) = desk().await;
    let webhooks = desk.webhooks(&admin, None, 100).await.unwrap().items;
    assert_eq!(webhooks.len(), 2);
    assert!(webhooks.iter().all(|webhook| !webhook.is_active && webhook.url.contains(".example/")));
    let mailboxes = desk.mailboxes(&admin).await.unwrap();
    assert!(!mailboxes.is_empty() && mailboxes.iter().all(|mailbox| mailbox.imap.is_none()));
    assert!(store.job_counts().await.unwrap().is_empty(), "nothing waits to be sent");
}

#[tokio::test]
async fn its_people_answer_and_act_by_one_press() {
    let (desk, store, _) = desk().await;
    let people = super::super::people(&options(SIZE));
    let signed_in = async |place: usize| {
        let email = crate::fold::fold(&people.sign_ins[place].email);
        let found = store.credential(&crate::Scope::UPKEEP, &email).await.unwrap().unwrap();
        desk.actor_of(found.user.id, None).await.unwrap()
    };
    let query = CannedQuery { limit: 100, ..CannedQuery::default() };
    let (admin, lead) = (signed_in(0).await, signed_in(2).await);
    let seen = desk.canned_responses(&lead, query.clone()).await.unwrap().items;
    let run = desk.canned_responses(&admin, query).await.unwrap().items;
    assert_eq!((run.len(), run[0].own_uses), (11, 4));
    assert!(seen.len() < 12 && seen.iter().any(|one| one.owner_id.is_some()));
    assert!(seen.windows(2).all(|pair| pair[0].own_uses >= pair[1].own_uses) && seen[0].own_uses > 20);
    assert!(seen.iter().any(|one| one.uses > one.own_uses) && seen.iter().any(|one| one.team_id.is_some()));
    let strange: Vec<_> = run.iter().flat_map(|one| &one.unknown_variables).collect();
    assert_eq!(strange.len(), 2, "one asks for what no ticket has, and one for a field that there is not: {strange:?}");
    let macros = desk.macros(&admin).await.unwrap();
    assert_eq!(macros.len(), 5);
    assert!(macros.iter().all(|one| one.problems.is_empty() && !one.actions.is_empty()));
    assert_eq!(desk.macros(&lead).await.unwrap().len(), 4);
}

#[tokio::test]
async fn its_reworded_mails_can_be_read() {
    let (desk, _, admin) = desk().await;
    let templates = desk.email_templates(&admin).await.unwrap();
    assert_eq!(templates.iter().filter(|template| !template.is_built_in).count(), 2);
    for locale in ["en", "de"] {
        let preview = MailPreview { locale: Some(locale.to_owned()), ..MailPreview::default() };
        let mail = desk.preview_email_template(&admin, MailType::TicketCreated, preview).await.unwrap();
        let warning = if locale == "de" { "Akku" } else { "battery" };
        assert!(mail.subject.contains("Fjordrad") && mail.text.contains(warning) && mail.html.contains(warning));
    }
}

#[test]
fn people_have_been_told_things_and_have_not_read_them_all() {
    let told: Vec<_> = super::super::batches(&options(SIZE), 1)
        .flat_map(|changes| changes.writes)
        .filter_map(|write| if let crate::changes::Write::Notification(told) = write { Some(told) } else { None })
        .collect();
    let unread = told.iter().filter(|told| told.read_at.is_none()).count();
    println!("{} told, {unread} unread", told.len());
    assert!(told.iter().all(|told| told.kind == NotificationKind::Rule && told.created_at < super::now()));
    assert!(told.iter().all(|told| told.read_at.is_none_or(|at| at >= told.created_at && at < super::now())));
    assert!(unread > 0 && unread < told.len());
}

#[tokio::test]
async fn its_views_are_in_use() {
    let (desk, _, admin) = desk().await;
    let views = desk.saved_views(&admin, false).await.unwrap();
    let made: Vec<_> = views.iter().filter(|view| view.key.is_none()).collect();
    assert_eq!(made.iter().filter(|view| view.sharing.team().is_some()).count(), 2, "{made:?}");
    assert_eq!(made.len(), 3, "and one for everybody");
    assert!(made.iter().all(|view| !view.is_broken));
    let counts = desk.saved_view_counts(&admin).await.unwrap();
    for (view, count) in views.iter().zip(counts) {
        assert_eq!(view.id, count.view_id);
        let is_mine = view.key == Some(crate::model::BuiltInView::Mine);
        assert!(is_mine || count.count > Some(0), "there is something to see in {}", view.name);
    }
}

#[tokio::test]
async fn time_is_on_its_tickets_and_two_companies_have_prices_of_their_own() {
    let (desk, _, admin) = desk().await;
    let rates = desk.time_tracking(&admin).await.unwrap().content.rates;
    assert_eq!(rates.len(), 2);
    let by = async |group_by| desk.time_summary(&admin, group_by, TimeSelection::default()).await.unwrap();
    let (people, companies) = (by(TimeGroupBy::Agent).await, by(TimeGroupBy::Organization).await);
    assert_eq!(people.totals, companies.totals);
    assert!(people.items.len() > 5 && people.items.iter().all(|item| item.label.is_some()));
    let totals = people.totals;
    assert!(totals.entries > 100, "{totals:?}");
    assert!(totals.billable_hours > TimeSpent::default() && totals.billable_hours < totals.hours, "{totals:?}");
    assert!(by(TimeGroupBy::Day).await.items.len() > 60);
}
