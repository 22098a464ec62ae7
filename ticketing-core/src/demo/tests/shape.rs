//! What a desk looks like as a whole: when, in which languages, how much, and always the same.

use super::super::company::Company;
use super::super::{batches, people};
use super::{Everything, as_text, everything, now, options};
use crate::changes::{Changes, Write};
use crate::model::{Role, Status, Ticket};
use crate::time::Time;
use chrono::{Datelike, TimeDelta, Timelike};
use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

fn tickets(all: &Everything) -> impl Iterator<Item = &Ticket> {
    all.tickets.values().map(|told| told.ticket.as_ref().unwrap())
}

#[test]
fn the_same_seed_makes_the_same_desk_and_another_another() {
    let first: Vec<Changes> = batches(&options(120), 1).collect();
    let again: Vec<Changes> = batches(&options(120), 1).collect();
    assert!(as_text(&first) == as_text(&again));
    let other: Vec<Changes> = batches(&super::DemoOptions { seed: 8, ..options(120) }, 1).collect();
    assert!(as_text(&first) != as_text(&other));
}

#[test]
fn the_size_of_a_batch_changes_no_ticket() {
    let whole = everything(&options(300));
    let small = everything(&super::DemoOptions { batch: 7, ..options(300) });
    assert_eq!(whole.order, small.order);
    assert!(whole.tickets.iter().all(|(id, told)| told.ticket == small.tickets[id].ticket));
}

#[test]
fn only_the_first_commit_changes_settings() {
    let all: Vec<Changes> = batches(&options(1200), 41).collect();
    assert!(all[0].bumps_settings && all[0].settings == 41);
    assert!(all[1..].iter().all(|changes| !changes.bumps_settings && changes.settings == 42));
    let commits: HashSet<_> = all.iter().map(|changes| changes.id).collect();
    assert_eq!(commits.len(), all.len());
}

#[test]
fn no_commit_writes_a_row_twice() {
    for changes in [400, 3000].into_iter().flat_map(|size| batches(&options(size), 1)) {
        let mut rows = HashSet::new();
        for write in &changes.writes {
            let row = match write {
                Write::Ticket { ticket, .. } => ticket.id.to_string(),
                Write::Comment { comment, .. } => comment.id.to_string(),
                Write::Watch { ticket_id, user_id, .. } => format!("{ticket_id} {user_id}"),
                Write::User { user, .. } => user.id.to_string(),
                Write::Password { user_id, .. } => format!("password of {user_id}"),
                Write::Organization { organization, .. } => organization.id.to_string(),
                Write::Team { team, .. } => team.id.to_string(),
                Write::Membership { membership, .. } => format!("{} {}", membership.team_id, membership.user_id),
                Write::Setting { document, .. } => format!("{} {}", document.kind, document.id),
                Write::WorkflowRun(run) => run.id.to_string(),
                Write::Notification(told) => told.subject().map_or(told.id.to_string(), |one| format!("{one:?}")),
                Write::SlaResult(one) => format!("{} {} {}", one.ticket_id, one.metric, one.started_at),
                Write::Milestone(one) => format!("{} {} {}", one.ticket_id, one.kind, one.at),
                Write::TimeEntry { entry, .. } => entry.id.to_string(),
                Write::RoutingDecision(decision) => decision.id.to_string(),
                Write::TicketWake { ticket_id, .. } => format!("wake of {ticket_id}"),
                Write::Event(event) => event.id.to_string(),
                Write::Audit(entry) => entry.id.to_string(),
                other => panic!("the demo writes no {other:?}"),
            };
            assert!(rows.insert(row), "{write:?}");
        }
    }
}

#[test]
fn every_address_leads_nowhere_and_every_text_is_clean() {
    let all = everything(&options(2000));
    let mut addresses = HashSet::new();
    for user in &all.users {
        assert!(user.email.ends_with(".example"), "{}", user.email);
        assert!(user.email.is_ascii() && addresses.insert(crate::fold::fold(&user.email)), "{}", user.email);
    }
    let company = Company::new(&options(1_000_000));
    let mut names = HashSet::new();
    for organization in &company.organizations {
        assert!(names.insert(crate::fold::fold(&organization.name)), "{}", organization.name);
        assert!(organization.domains.iter().all(|domain| domain.ends_with(".example") && names.insert(domain.clone())));
    }
    for told in all.tickets.values() {
        let ticket = told.ticket.as_ref().unwrap();
        let mut texts = vec![ticket.subject.as_str(), ticket.description.as_str()];
        texts.extend(told.comments.iter().map(|comment| comment.body.as_str()));
        for text in texts {
            assert!(!text.contains(['\0', '{', '}']) && !text.contains("{{"), "{text}");
            let letters = text.chars().zip(text.chars().skip(1));
            for (sign, next) in letters {
                assert!(sign != '%' || !next.is_ascii_alphabetic(), "a slot was left open: {text}");
            }
            assert!(!text.contains(". .") && !text.contains("..") && !text.contains("  "), "{text}");
        }
        assert!(ticket.subject.chars().count() <= 80, "{}", ticket.subject);
    }
}

#[test]
fn mondays_are_busy_and_sundays_quiet() {
    let company = Company::new(&options(40_000));
    let local = |index: u64| -> Time {
        let part = super::super::rhythm::part_of(index, 40_000, 0);
        super::super::dice::moment(company.rhythm.at(part)) + TimeDelta::hours(1)
    };
    let mut days = [0_u32; 7];
    let mut hours = [0_u32; 24];
    for at in (0..40_000).map(local) {
        days[at.weekday().num_days_from_monday() as usize] += 1;
        hours[at.hour() as usize] += 1;
    }
    assert!(days[6] * 3 < days[0], "{days:?}");
    assert_eq!(days.iter().max(), Some(&days[0]));
    let busiest = (0..24).max_by_key(|hour| hours[*hour]).unwrap();
    assert!((9..=11).contains(&busiest), "{hours:?}");
    assert!(hours[3] * 5 < hours[10], "{hours:?}");
}

#[test]
fn every_language_is_spoken() {
    for size in [400, 2000] {
        let all = everything(&options(size));
        let locale: HashMap<_, _> = all.users.iter().map(|user| (user.id, user.locale.clone().unwrap())).collect();
        let mut spoken: HashMap<&str, usize> = HashMap::new();
        for ticket in tickets(&all) {
            *spoken.entry(locale[&ticket.customer_id].as_str()).or_default() += 1;
        }
        assert_eq!(spoken.len(), 8, "{spoken:?}");
        assert!(tickets(&all).any(|ticket| ticket.description.contains('。')));
        assert!(tickets(&all).any(|ticket| ticket.description.contains('ا')));
        assert!(tickets(&all).any(|ticket| ticket.subject.contains("ą") || ticket.description.contains("ę")));
    }
}

#[test]
fn a_small_desk_has_a_lively_present_and_a_past() {
    let all = everything(&options(1000));
    let mut by_status: HashMap<Status, usize> = HashMap::new();
    for ticket in tickets(&all) {
        *by_status.entry(ticket.status).or_default() += 1;
    }
    let share = |status| by_status.get(&status).copied().unwrap_or_default();
    assert!((15..=150).contains(&share(Status::Open)), "{by_status:?}");
    assert!((15..=150).contains(&share(Status::InProgress)), "{by_status:?}");
    assert!((15..=150).contains(&share(Status::Pending)), "{by_status:?}");
    assert!((5..=100).contains(&share(Status::OnHold)), "{by_status:?}");
    assert!((200..=600).contains(&share(Status::Resolved)), "{by_status:?}");
    assert!((250..=600).contains(&share(Status::Closed)), "{by_status:?}");
    let since = |days| tickets(&all).filter(|ticket| ticket.created_at > now() - TimeDelta::days(days)).count();
    assert!(since(1) >= 15 && since(2) >= 40 && since(45) < 900, "{} {} {}", since(1), since(2), since(45));
}

#[test]
fn a_large_desk_is_mostly_done_and_of_the_expected_size() {
    let all = everything(&options(8000));
    let count = all.tickets.len();
    let open = tickets(&all).filter(|ticket| ticket.is_open()).count();
    assert!(open * 100 < count * 10 && open > 0, "{open} of {count} are open");
    let oldest = tickets(&all).map(|ticket| ticket.created_at).min().unwrap();
    assert!(oldest < now() - TimeDelta::days(500));
    let comments: usize = all.tickets.values().map(|told| told.comments.len()).sum();
    let events: usize = all.tickets.values().map(|told| told.events.len()).sum();
    let lines: usize = all.tickets.values().map(|told| told.audit.len()).sum();
    let tags: usize = tickets(&all).map(|ticket| ticket.tags.len()).sum();
    let a_ticket = |rows: usize| rows * 100 / count;
    println!(
        "in 100 tickets: {} comments, {} events, {} audit lines, {} tags, {} open",
        a_ticket(comments),
        a_ticket(events),
        a_ticket(lines),
        a_ticket(tags),
        open * 100 / count
    );
    assert!((200..=300).contains(&a_ticket(comments)), "{}", a_ticket(comments));
    assert!((400..=700).contains(&a_ticket(events)), "{}", a_ticket(events));
    assert!((150..=200).contains(&a_ticket(tags)), "{}", a_ticket(tags));
    let longest = all.tickets.values().map(|told| told.comments.len()).max().unwrap();
    assert!((20..=50).contains(&longest), "{longest}");
}

#[test]
fn the_people_to_sign_in_as_are_on_the_desk() {
    let options = options(400);
    let all = everything(&options);
    let made = people(&options);
    assert_eq!(made.staff + made.customers, all.users.len());
    for sign_in in &made.sign_ins {
        let user = all.users.iter().find(|user| user.email == sign_in.email).unwrap();
        assert_eq!((&user.name, user.role), (&sign_in.name, sign_in.role));
        let own = tickets(&all).filter(|ticket| ticket.customer_id == user.id).count();
        assert!(user.role != Role::Customer || own >= 3, "{} has {own} tickets", user.email);
    }
    let roles: HashSet<_> = made.sign_ins.iter().map(|sign_in| sign_in.role).collect();
    assert_eq!(roles.len(), 4);
}

#[test]
fn a_million_tickets_are_made_when_they_are_asked_for() {
    let start = Instant::now();
    let mut first = batches(&options(1_000_000), 1);
    let rows: usize = first.by_ref().take(3).map(|changes| changes.writes.len()).sum();
    assert!(rows < 6000, "{rows} rows in three commits");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    let tickets = first.find(|changes| changes.writes.iter().any(|write| matches!(write, Write::Ticket { .. })));
    assert!(tickets.unwrap().writes.len() < 500 * 40);
}
