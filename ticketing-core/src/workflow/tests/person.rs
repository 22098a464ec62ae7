//! Texts that people say in their own name, on any ticket.

use super::house::House;
use crate::conformance::arbitrary;
use crate::model::{Person, Ticket};
use crate::workflow::facts::{ChangedFields, Facts, People, Subject};
use crate::workflow::variable::{Needs, Text, Values, Variables};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

const MOST: usize = 600;

/// Parts of texts: all that they may ask for, some that is not there, and blocks.
fn parts() -> impl Strategy<Value = Vec<String>> {
    let mut all: Vec<String> = Variables::of_people(&arbitrary::custom_fields())
        .all()
        .variables()
        .into_iter()
        .map(|variable| format!("{{{{{}}}}}", variable.path))
        .collect();
    let more = [
        "{{reset_link}}",
        "{{#each tags}}{{this}};{{/each}}",
        "{{#if team_name}}{{team_name}}{{else}}-{{/if}}",
        "ö, ",
        "{{ticket}}",
    ];
    all.extend(more.map(str::to_owned));
    vec(select(all), 0..20)
}

fn fill(house: &House, ticket: &Ticket, people: &People, text: &Text) -> (String, Vec<String>, bool) {
    let (changed, actor) = (ChangedFields::default(), Person { name: "{{subject}}".to_owned(), ..Person::system() });
    let facts = Facts::new(
        Subject {
            ticket,
            before: None,
            after: ticket,
            comment: None,
            mail: None,
            actor: &actor,
            people,
            directory: &house.directory,
            agent_visibility: house.agent_visibility,
            calendars: &house.calendars,
            now: house.now,
        },
        &changed,
    );
    let values = Values::of_person(&facts, "https://desk.example", text.needs);
    let (filled, is_cut) = text.fill_cut(&values, MOST);
    let marked = text.fill_marked(&values, MOST);
    assert!(marked.len() <= MOST);
    if !is_cut && filled.missing.is_empty() {
        assert_eq!(marked, filled.text);
    }
    for name in filled.missing.iter().filter(|_| marked.len() + 4 <= MOST) {
        assert!(marked.contains(&format!("{{{{{name}}}}}")), "{name} in {marked}");
    }
    (filled.text, filled.missing, is_cut)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_text_is_filled_in_for_any_ticket_and_never_too_long(
        ticket in arbitrary::ticket(), parts in parts(), knows in any::<bool>(),
    ) {
        let house = House::new();
        let variables = Variables::of_people(&arbitrary::custom_fields());
        let people = if knows { house.people.clone() } else { People::default() };
        let (text, unknown) = Text::read_leniently(&parts.concat(), &variables).unwrap();
        let (filled, missing, is_cut) = fill(&house, &ticket, &people, &text);
        prop_assert!(filled.len() <= MOST);
        let mut once = missing.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), missing.len(), "each is named once");
        if !is_cut {
            for name in unknown.iter().map(|unknown| unknown.path.clone()).filter(|path| path != "ticket") {
                prop_assert!(missing.contains(&name), "{} in {:?}", name, missing);
            }
        }
    }
}

#[test]
fn a_name_that_looks_like_a_variable_is_no_variable() {
    let house = House::new();
    let variables = Variables::of_people(&house.custom);
    let (text, unknown) = Text::read_leniently("{{agent_name}}, {{ticket.agent_name}}", &variables).unwrap();
    assert!(unknown.is_empty());
    let (filled, missing, _) = fill(&house, &house.ticket, &house.people, &text);
    let agent = house.ticket.assigned_agent_id.and_then(|id| house.directory.staff(id)).map(|user| user.name.clone());
    assert_eq!(filled, format!("{{{{subject}}}}, {}", agent.unwrap_or_default()));
    assert!(missing.len() <= 1);
}

#[test]
fn what_a_text_needs_of_customers_is_known_before_it_is_filled_in() {
    let house = House::new();
    let variables = Variables::of_people(&house.custom);
    let needs = |text: &str| Text::read_leniently(text, &variables).unwrap().0.needs;
    assert_eq!(needs("{{subject}} {{nothing}} {{agent.email}}"), Needs::default());
    assert_eq!(needs("{{customer_name}} {{nothing}}"), Needs { customer: true, organization: false });
    assert_eq!(needs("{{organization.name}}"), Needs { customer: false, organization: true });
}
