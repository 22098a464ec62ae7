//! Values that one row alone may have, and rows that others refer to.

use super::sample::{add, change};
use super::trial::Trial;
use super::{area, refused};
use crate::model::{Organization, Role};
use crate::port::{StoreError, Unique};

area!["unique":
    an_address_belongs_to_one_person,
    an_address_is_compared_folded,
    an_address_that_was_given_up_is_free,
    a_ticket_number_belongs_to_one_ticket,
    a_company_name_belongs_to_one_company,
    a_mail_domain_belongs_to_one_company,
    a_mail_domain_moves_in_one_commit,
    a_mail_domain_that_is_kept_is_not_taken_in_one_commit,
    a_team_name_belongs_to_one_active_team,
    a_key_prefix_belongs_to_one_key,
    a_refused_value_stays_free,
];

async fn an_address_belongs_to_one_person(t: &Trial) {
    let first = t.sample.user("Lou", Role::Customer);
    let mut second = t.sample.user("Lou", Role::Agent);
    t.commit(vec![add(&first), add(&second)]).await;
    let mut third = t.sample.user("Lou", Role::Customer);
    third.email.clone_from(&first.email);
    refused!(t.attempt(vec![add(&third)]).await, StoreError::Duplicate(Unique::Email), "a new person");
    let moved = change(&mut second, |user| user.email.clone_from(&first.email));
    refused!(t.attempt(vec![moved]).await, StoreError::Duplicate(Unique::Email), "a person who moves");
}

async fn an_address_is_compared_folded(t: &Trial) {
    let pairs = [
        ("straße@haus.example", "STRASSE@HAUS.example"),
        ("Ana.Lima@mail.example", "ana.lima@MAIL.EXAMPLE"),
        ("ΣΊΣΥΦΟΣ@mail.example", "σίσυφοσ@mail.example"),
        ("ＷＩＤＥ@mail.example", "wide@mail.example"),
        ("e\u{301}@mail.example", "\u{e9}@mail.example"),
    ];
    for (taken, same) in pairs {
        let (mut first, mut second) = (t.sample.user("One", Role::Customer), t.sample.user("Two", Role::Customer));
        (first.email, second.email) = (taken.to_owned(), same.to_owned());
        t.commit(vec![add(&first)]).await;
        let outcome = t.attempt(vec![add(&second)]).await;
        refused!(outcome, StoreError::Duplicate(Unique::Email), "{taken} and {same} are one address");
        let found = t.store.credential(&super::trial::ALL, &crate::fold::fold(same)).await.unwrap();
        assert_eq!(found.map(|credential| credential.user), Some(first), "found as {same}, kept as it was written");
    }
    let (mut dotted, mut plain) = (t.sample.user("One", Role::Customer), t.sample.user("Two", Role::Customer));
    (dotted.email, plain.email) = ("ı@mail.example".to_owned(), "i@mail.example".to_owned());
    t.commit(vec![add(&dotted), add(&plain)]).await;
}

async fn an_address_that_was_given_up_is_free(t: &Trial) {
    let mut first = t.sample.user("May", Role::Customer);
    let given_up = first.email.clone();
    t.commit(vec![add(&first)]).await;
    // The own address, written another way, is no obstacle.
    t.commit(vec![change(&mut first, |user| user.email = user.email.to_uppercase())]).await;
    t.commit(vec![change(&mut first, |user| user.email = "may@elsewhere.example".to_owned())]).await;
    let mut second = t.sample.user("Noa", Role::Customer);
    second.email = given_up;
    t.commit(vec![add(&second)]).await;
}

async fn a_ticket_number_belongs_to_one_ticket(t: &Trial) {
    let customer = t.sample.user("Oda", Role::Customer);
    let (first, mut second) = (t.sample.ticket(&customer), t.sample.ticket(&customer));
    second.number = first.number.clone();
    t.commit(vec![add(&customer), add(&first)]).await;
    refused!(t.attempt(vec![add(&second)]).await, StoreError::Duplicate(Unique::TicketNumber), "a number taken");
}

async fn a_company_name_belongs_to_one_company(t: &Trial) {
    let (mut first, mut second) = (t.sample.organization("A"), t.sample.organization("B"));
    first.name = "Café Größe".to_owned();
    t.commit(vec![add(&first), add(&second)]).await;
    let mut third = t.sample.organization("C");
    third.name = "CAFÉ GRÖSSE".to_owned();
    let outcome = t.attempt(vec![add(&third)]).await;
    refused!(outcome, StoreError::Duplicate(Unique::OrganizationName), "a new company");
    let renamed = change(&mut second.clone(), |row| row.name = "cafe\u{301} grösse".to_owned());
    refused!(t.attempt(vec![renamed]).await, StoreError::Duplicate(Unique::OrganizationName), "a renamed company");
    t.commit(vec![change(&mut first, |row| row.name = "Quay".to_owned())]).await;
    t.commit(vec![change(&mut second, |row| row.name = "CAFÉ größe".to_owned())]).await;
}

async fn a_mail_domain_belongs_to_one_company(t: &Trial) {
    let (mut first, mut second) = (t.sample.organization("A"), t.sample.organization("B"));
    first.domains = vec!["a.example".to_owned(), "mail.a.example".to_owned()];
    t.commit(vec![add(&first), add(&second)]).await;
    let mut third = t.sample.organization("C");
    third.domains = vec!["c.example".to_owned(), "mail.a.example".to_owned()];
    let outcome = t.attempt(vec![add(&third)]).await;
    refused!(outcome, StoreError::Duplicate(Unique::OrganizationDomain), "a new company");
    let grown = change(&mut second.clone(), |row| row.domains.push("a.example".to_owned()));
    refused!(t.attempt(vec![grown]).await, StoreError::Duplicate(Unique::OrganizationDomain), "a company that grows");
    t.commit(vec![change(&mut first, |row| row.domains = vec!["a.example".to_owned()])]).await;
    t.commit(vec![change(&mut second, |row| row.domains = vec!["mail.a.example".to_owned()])]).await;
    for (domain, owner) in [("a.example", &first), ("mail.a.example", &second)] {
        let found = t.store.organization_by_domain(&super::trial::ALL, domain).await.unwrap();
        assert_eq!(found.as_ref(), Some(owner), "{domain}");
    }
}

/// The company that the domain belongs to.
async fn owner(t: &Trial, domain: &str) -> Option<Organization> {
    t.store.organization_by_domain(&super::trial::ALL, domain).await.unwrap()
}

async fn a_mail_domain_moves_in_one_commit(t: &Trial) {
    let (mut first, mut second) = (t.sample.organization("A"), t.sample.organization("B"));
    (first.domains, second.domains) = (vec!["x.example".to_owned()], Vec::new());
    t.commit(vec![add(&first), add(&second)]).await;
    // There and back, with the one who gives it up written first, and then with the other.
    for turn in 0..4 {
        let mut writes = vec![
            change(&mut first, |row| row.domains.clear()),
            change(&mut second, |row| row.domains = vec!["x.example".to_owned()]),
        ];
        if turn >= 2 {
            writes.reverse();
        }
        t.commit(writes).await;
        assert_eq!(owner(t, "x.example").await.as_ref(), Some(&second), "in turn {turn}");
        std::mem::swap(&mut first, &mut second);
    }
    // A new company may be the one that gains, and two may swap.
    let mut third = t.sample.organization("C");
    third.domains = vec!["x.example".to_owned()];
    let given_up = change(&mut first, |row| row.domains = vec!["y.example".to_owned()]);
    t.commit(vec![add(&third), given_up]).await;
    let swapped = [
        change(&mut first, |row| row.domains = vec!["x.example".to_owned()]),
        change(&mut third, |row| row.domains = vec!["y.example".to_owned()]),
    ];
    t.commit(swapped.to_vec()).await;
    assert_eq!(owner(t, "x.example").await, Some(first));
    assert_eq!(owner(t, "y.example").await, Some(third));
}

async fn a_mail_domain_that_is_kept_is_not_taken_in_one_commit(t: &Trial) {
    let (mut first, second) = (t.sample.organization("A"), t.sample.organization("B"));
    first.domains = vec!["x.example".to_owned(), "y.example".to_owned()];
    t.commit(vec![add(&first), add(&second)]).await;
    for keeper_first in [true, false] {
        let mut writes = vec![
            change(&mut first.clone(), |row| row.domains = vec!["x.example".to_owned()]),
            change(&mut second.clone(), |row| row.domains = vec!["x.example".to_owned()]),
        ];
        if !keeper_first {
            writes.reverse();
        }
        let outcome = t.attempt(writes).await;
        refused!(outcome, StoreError::Duplicate(Unique::OrganizationDomain), "the keeper is first: {keeper_first}");
        for domain in &first.domains {
            assert_eq!(owner(t, domain).await.as_ref(), Some(&first), "{domain} stays where it was");
        }
    }
}

async fn a_team_name_belongs_to_one_active_team(t: &Trial) {
    let (mut first, mut second) = (t.sample.team("A"), t.sample.team("B"));
    first.name = "Straße".to_owned();
    t.commit(vec![add(&first), add(&second)]).await;
    let mut third = t.sample.team("C");
    third.name = "STRASSE".to_owned();
    refused!(t.attempt(vec![add(&third)]).await, StoreError::Duplicate(Unique::TeamName), "a new team");
    let renamed = change(&mut second.clone(), |team| team.name = "strasse".to_owned());
    refused!(t.attempt(vec![renamed]).await, StoreError::Duplicate(Unique::TeamName), "a renamed team");
    t.commit(vec![change(&mut first, |team| team.is_active = false)]).await;
    t.commit(vec![add(&third)]).await;
    let back = change(&mut first.clone(), |team| team.is_active = true);
    refused!(t.attempt(vec![back]).await, StoreError::Duplicate(Unique::TeamName), "a team that comes back");
    t.commit(vec![change(&mut second, |team| (team.name, team.is_active) = ("straße".to_owned(), false))]).await;
}

async fn a_key_prefix_belongs_to_one_key(t: &Trial) {
    let owner = t.sample.user("Pia", Role::Agent);
    let (first, mut second) = (t.sample.api_key(&owner), t.sample.api_key(&owner));
    second.prefix.clone_from(&first.prefix);
    t.commit(vec![add(&owner), add(&first)]).await;
    refused!(t.attempt(vec![add(&second)]).await, StoreError::Duplicate(Unique::ApiKeyPrefix), "a prefix taken");
}

async fn a_refused_value_stays_free(t: &Trial) {
    let taken = t.sample.user("Quin", Role::Customer);
    t.commit(vec![add(&taken)]).await;
    let mut wanted = t.sample.user("Ray", Role::Customer);
    wanted.email = "free@people.example".to_owned();
    let mut clash = t.sample.user("Sue", Role::Customer);
    clash.email.clone_from(&taken.email);
    refused!(t.attempt(vec![add(&wanted), add(&clash)]).await, StoreError::Duplicate(Unique::Email), "a clash");
    let mut other = t.sample.user("Tom", Role::Customer);
    other.email = "free@people.example".to_owned();
    t.commit(vec![add(&other)]).await;
}
