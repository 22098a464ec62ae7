//! People and companies.

use super::sample::{add, change};
use super::trial::{ALL, Trial, ends};
use super::{area, refused};
use crate::access::Scope;
use crate::changes::{Changes, Guard, Row, Write};
use crate::fold::fold;
use crate::model::{Availability, Organization, Role, User};
use crate::port::StoreError;
use crate::query::{Countable, OrganizationQuery, UserQuery};

area!["person":
    is_read_back_whole,
    people_are_found_by_their_ids,
    a_list_goes_from_the_oldest_on,
    a_list_is_narrowed_by_role_company_and_state,
    a_search_finds_folded_names_and_addresses,
    a_search_takes_signs_literally,
    a_company_is_read_back_whole,
    companies_go_from_the_oldest_on,
    a_search_finds_companies_by_name_and_domain,
    a_company_is_found_by_its_domains,
    a_password_changes_under_a_guard_of_its_person,
];

async fn is_read_back_whole(t: &Trial) {
    let organization = t.sample.organization("Yard");
    t.commit(vec![add(&organization)]).await;
    for role in Role::ALL {
        for availability in Availability::ALL {
            let mut user = t.sample.user("Nils", *role);
            user.organization_id = Some(organization.id).filter(|_| *role == Role::Customer);
            user.availability = *availability;
            user.joins_by_domain = *role == Role::Customer && *availability == Availability::Away;
            user.locale = Some("de-AT".to_owned());
            t.commit(vec![add(&user)]).await;
            let found = t.store.user(&ALL, user.id).await.unwrap();
            assert_eq!(found.as_ref(), Some(&user));
            t.commit(vec![change(&mut user, |user| {
                (user.time_zone, user.locale, user.is_active) = (None, None, false);
                user.joins_by_domain = !user.joins_by_domain;
                user.email = format!("new-{}", user.email);
                user.updated_at = t.sample.now();
            })])
            .await;
            assert_eq!(t.store.user(&ALL, user.id).await.unwrap(), Some(user));
        }
    }
    assert_eq!(t.store.user(&ALL, crate::UserId(t.sample.uuid())).await.unwrap(), None);
}

/// A few dozen people with every mix of role, company and state.
async fn people(t: &Trial) -> (Vec<User>, Organization) {
    let organization = t.sample.organization("Yard");
    let mut people = Vec::new();
    for place in 0..32 {
        let mut user = t.sample.user(&format!("Person {place}"), Role::ALL[place % 4]);
        user.organization_id = Some(organization.id).filter(|_| place % 3 == 0);
        user.is_active = place % 5 != 0;
        people.push(user);
    }
    let mut writes = vec![add(&organization)];
    writes.extend(people.iter().rev().map(add));
    t.commit(writes).await;
    people.sort_by_key(|user| user.id);
    (people, organization)
}

async fn people_are_found_by_their_ids(t: &Trial) {
    let (people, _) = people(t).await;
    let ids = [people[9].id, crate::UserId(t.sample.uuid()), people[2].id];
    let mut found = t.store.users_by_ids(&ALL, &ids).await.unwrap();
    found.sort_by_key(|user| user.id);
    assert_eq!(found, [people[2].clone(), people[9].clone()]);
    assert!(t.store.users_by_ids(&ALL, &[]).await.unwrap().is_empty());
}

async fn a_list_goes_from_the_oldest_on(t: &Trial) {
    let (people, _) = people(t).await;
    for size in [1, 7, 100] {
        let mut found: Vec<User> = Vec::new();
        loop {
            let after = found.last().map(|user| user.id);
            let query = UserQuery { after, limit: size, ..UserQuery::default() };
            let page = t.store.users(&ALL, &query).await.unwrap();
            assert!(page.len() <= size);
            if page.is_empty() {
                break;
            }
            found.extend(page);
            ends(found.len());
        }
        assert_eq!(found, people, "by pages of {size}");
    }
}

async fn a_list_is_narrowed_by_role_company_and_state(t: &Trial) {
    let (people, organization) = people(t).await;
    let role_sets = [vec![], vec![Role::Customer], vec![Role::Agent, Role::Admin]];
    for roles in role_sets {
        for organization_id in [None, Some(organization.id)] {
            for is_active in [None, Some(true), Some(false)] {
                let query =
                    UserQuery { roles: roles.clone(), organization_id, is_active, limit: 100, ..UserQuery::default() };
                let wanted = people.iter().filter(|user| {
                    (roles.is_empty() || roles.contains(&user.role))
                        && organization_id.is_none_or(|id| user.organization_id == Some(id))
                        && is_active.is_none_or(|active| user.is_active == active)
                });
                let found = t.store.users(&ALL, &query).await.unwrap();
                assert_eq!(found, wanted.cloned().collect::<Vec<_>>(), "{query:?}");
            }
        }
    }
    let query =
        UserQuery { organization_id: Some(crate::OrganizationId(t.sample.uuid())), limit: 9, ..UserQuery::default() };
    assert!(t.store.users(&ALL, &query).await.unwrap().is_empty());
    // Those that are named, once each, as far as they are there and fit.
    let named = |places: &[usize]| places.iter().map(|place| people[*place].id).collect::<Vec<_>>();
    let mut ids = named(&[3, 1, 3, 0]);
    ids.push(crate::UserId(t.sample.uuid()));
    let query = UserQuery { ids, limit: 100, ..UserQuery::default() };
    let found = async |scope: &Scope, query: &UserQuery| {
        let found = t.store.users(scope, query).await.unwrap();
        let counted = t.store.count(scope, Countable::Users(query)).await.unwrap();
        assert_eq!(counted, found.len() as u64, "{query:?}");
        found.iter().map(|user| user.id).collect::<Vec<_>>()
    };
    let mut wanted = named(&[0, 1, 3]);
    wanted.sort_unstable();
    assert_eq!(found(&ALL, &query).await, wanted);
    let own = Scope::Customer { user_id: people[1].id, organization_id: None };
    assert_eq!(found(&own, &query).await, named(&[1]), "a customer sees nobody else");
    let one = UserQuery { is_active: Some(!people[3].is_active), ids: named(&[3]), ..query };
    assert!(found(&ALL, &one).await.is_empty());
}

/// Ids of the people that a search finds.
async fn search(t: &Trial, text: &str) -> Vec<crate::UserId> {
    let query = UserQuery { text: Some(fold(text)), limit: 100, ..UserQuery::default() };
    t.store.users(&ALL, &query).await.unwrap().iter().map(|user| user.id).collect()
}

async fn a_search_finds_folded_names_and_addresses(t: &Trial) {
    let mut street = t.sample.user("Straßer, José", Role::Customer);
    street.email = "Pepe@Haus.example".to_owned();
    let other = t.sample.user("Ole", Role::Customer);
    t.commit(vec![add(&street), add(&other)]).await;
    for text in ["STRASSER", "jose\u{301}", "JOSÉ", "pepe@haus", "HAUS.EXAMPLE", "asse"] {
        assert_eq!(search(t, text).await, [street.id], "{text}");
    }
    assert!(search(t, "jose").await.is_empty(), "an accent is not nothing");
    assert_eq!(search(t, "example").await.len(), 2, "both addresses");
    t.commit(vec![change(&mut street, |user| user.name = "Ana".to_owned())]).await;
    assert!(search(t, "strasser").await.is_empty(), "the old name is forgotten");
    assert_eq!(search(t, "ana").await, [street.id]);
}

async fn a_search_takes_signs_literally(t: &Trial) {
    let names = ["100% sure", "a_b", "axb", "back\\slash", "quo'te", "star*", "[box]", "ques?tion"];
    let people: Vec<User> = names.iter().map(|name| t.sample.user(name, Role::Customer)).collect();
    t.commit(people.iter().map(add).collect()).await;
    for (text, place) in
        [("0% s", 0), ("a_b", 1), ("k\\s", 3), ("o't", 4), ("r*", 5), ("[box", 6), ("s?t", 7), ("%", 0), ("_", 1)]
    {
        assert_eq!(search(t, text).await, [people[place].id], "{text}");
    }
    assert!(search(t, "%%").await.is_empty());
    assert!(search(t, "a%b").await.is_empty());
}

async fn a_company_is_read_back_whole(t: &Trial) {
    let mut organization = t.sample.organization("Yard");
    organization.domains = vec!["a.example".to_owned(), "b.example".to_owned(), "ü.example".to_owned()];
    t.commit(vec![add(&organization)]).await;
    assert_eq!(t.store.organization(&ALL, organization.id).await.unwrap().as_ref(), Some(&organization));
    let edit = change(&mut organization, |row| {
        (row.shares_tickets, row.updated_at) = (true, t.sample.now());
        row.domains.clear();
    });
    t.commit(vec![edit]).await;
    assert_eq!(t.store.organization(&ALL, organization.id).await.unwrap(), Some(organization));
}

async fn companies_go_from_the_oldest_on(t: &Trial) {
    let mut wanted: Vec<Organization> = (0..9).map(|place| t.sample.organization(&format!("Shop {place}"))).collect();
    t.commit(wanted.iter().rev().map(add).collect()).await;
    wanted.sort_by_key(|row| row.id);
    for size in [1, 4, 100] {
        let mut found: Vec<Organization> = Vec::new();
        loop {
            let query = OrganizationQuery {
                after: found.last().map(|row| row.id),
                limit: size,
                ..OrganizationQuery::default()
            };
            let page = t.store.organizations(&ALL, &query).await.unwrap();
            if page.is_empty() {
                break;
            }
            found.extend(page);
            ends(found.len());
        }
        assert_eq!(found, wanted, "by pages of {size}");
    }
}

async fn a_search_finds_companies_by_name_and_domain(t: &Trial) {
    let named = |name: &str, domains: &[&str]| {
        let domains = domains.iter().map(|domain| (*domain).to_owned()).collect();
        Organization { domains, ..t.sample.organization(name) }
    };
    let all = [
        named("Große Straße 100%", &["mail.example", "strasse.example"]),
        named("Alba_Co", &[]),
        named("Brix", &["alba.example"]),
    ];
    t.commit(all.iter().map(add).collect()).await;
    let find = async |scope: &Scope, text: &str, after: Option<usize>| {
        let after = after.map(|place| all[place].id);
        let query = OrganizationQuery { text: Some(fold(text)), after, limit: 10 };
        let found = t.store.organizations(scope, &query).await.unwrap();
        if after.is_none() {
            let page = OrganizationQuery { after: Some(all[1].id), limit: 1, ..query };
            let counted = t.store.count(scope, Countable::Organizations(&page)).await.unwrap();
            assert_eq!(counted, found.len() as u64, "{text} counted, whatever page");
        }
        let place = |row: &Organization| all.iter().position(|known| known == row).expect("it is one of them, whole");
        found.iter().map(place).collect::<Vec<_>>()
    };
    for (text, wanted) in [
        ("STRASSE", vec![0]),
        ("alba", vec![1, 2]),
        ("mail.ex", vec![0]),
        (".example", vec![0, 2]),
        ("a_c", vec![1]),
        ("%", vec![0]),
        ("brixx", vec![]),
    ] {
        assert_eq!(find(&ALL, text, None).await, wanted, "{text}");
    }
    assert_eq!(find(&ALL, "alba", Some(1)).await, [2]);
    let customer = Scope::Customer { user_id: crate::UserId(t.sample.uuid()), organization_id: Some(all[1].id) };
    assert!(find(&customer, "alba", None).await.is_empty());
}

async fn a_company_is_found_by_its_domains(t: &Trial) {
    let mut organization = t.sample.organization("Yard");
    organization.domains = vec!["a.example".to_owned(), "b.example".to_owned()];
    t.commit(vec![add(&organization)]).await;
    for domain in ["a.example", "b.example"] {
        let found = t.store.organization_by_domain(&ALL, domain).await.unwrap();
        assert_eq!(found.as_ref(), Some(&organization), "{domain}");
    }
    for domain in ["example", "x.a.example", "a.exampl_", ""] {
        assert_eq!(t.store.organization_by_domain(&ALL, domain).await.unwrap(), None, "{domain}");
    }
}

async fn a_password_changes_under_a_guard_of_its_person(t: &Trial) {
    let user = t.sample.user("Nils", Role::Customer);
    t.commit(vec![add(&user)]).await;
    let set = async |hash: &str, version| {
        let changes = t.changes(vec![Write::Password { user_id: user.id, hash: Some(hash.to_owned()) }]).await;
        t.store.commit(Changes { guards: vec![Guard { row: Row::User(user.id), version }], ..changes }).await
    };
    set("one", 1).await.expect("the guard holds");
    refused!(set("two", 2).await, StoreError::Conflict, "it does not");
    let found = t.store.credential_by_id(&ALL, user.id).await.unwrap().unwrap();
    assert_eq!((found.user, found.password_hash.as_deref()), (user, Some("one")), "the person stays as they are");
}
