//! Who and what is known already, so that lines are held against it without asking the store for each.

use super::table::Row;
use crate::access::Scope;
use crate::desk::Desk;
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{OrganizationId, UserId};
use crate::model::{Organization, User};
use crate::query::OrganizationQuery;
use futures::{StreamExt, TryStreamExt, stream};
use std::collections::{HashMap, HashSet};

/// How many people are remembered at most.
const MOST_PEOPLE: usize = 200_000;

/// How many people are looked up beside one another.
const AT_ONCE: usize = 16;

/// How many companies are read at a time.
const PAGE: usize = 500;

/// Somebody who asks, and for which company.
#[derive(Clone, Copy)]
pub(super) struct Customer {
    pub(super) id: UserId,
    pub(super) organization_id: Option<OrganizationId>,
}

impl From<&User> for Customer {
    fn from(user: &User) -> Self {
        Self { id: user.id, organization_id: user.organization_id }
    }
}

/// All companies, people who were met, and what stood in lines above.
pub(super) struct Known {
    people: HashMap<String, Customer>,
    companies: HashMap<String, OrganizationId>,
    domains: HashMap<String, OrganizationId>,
    /// What may stand in one line only, and in which it does.
    seen: HashMap<u128, u64>,
}

/// What some lines add to it once they are in.
#[derive(Default)]
pub(super) struct Additions {
    pub(super) people: HashMap<String, Customer>,
    pub(super) companies: HashMap<String, OrganizationId>,
    pub(super) domains: HashMap<String, OrganizationId>,
    pub(super) seen: HashMap<u128, u64>,
}

impl Known {
    /// All companies of the desk.
    pub(super) async fn load(desk: &Desk) -> Result<Self, Error> {
        let mut known =
            Self { people: HashMap::new(), companies: HashMap::new(), domains: HashMap::new(), seen: HashMap::new() };
        known.read_companies(desk).await?;
        Ok(known)
    }

    async fn read_companies(&mut self, desk: &Desk) -> Result<(), Error> {
        let mut after = None;
        loop {
            let query = OrganizationQuery { text: None, after, limit: PAGE };
            let page = desk.store.organizations(&Scope::UPKEEP, &query).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            for Organization { id, name, domains, .. } in page {
                self.companies.insert(fold(&name), id);
                self.domains.extend(domains.into_iter().map(|domain| (domain, id)));
            }
        }
    }

    /// Somebody else has changed people or companies meanwhile: they are looked up anew.
    pub(super) async fn forget(&mut self, desk: &Desk) -> Result<(), Error> {
        self.people.clear();
        self.companies.clear();
        self.domains.clear();
        self.read_companies(desk).await
    }

    pub(super) fn add(&mut self, additions: Additions) {
        if self.people.len() > MOST_PEOPLE {
            self.people.clear();
        }
        self.people.extend(additions.people);
        self.companies.extend(additions.companies);
        self.domains.extend(additions.domains);
        self.seen.extend(additions.seen);
    }

    /// Looks up who of these addresses is known, each once.
    pub(super) async fn meet(&mut self, desk: &Desk, rows: &[Row], field: &str) -> Result<(), Error> {
        let mut asked = HashSet::new();
        let addresses = rows.iter().filter_map(|row| row.cell(field)).map(|email| fold(email.trim()));
        let asked: Vec<String> =
            addresses.filter(|email| !self.people.contains_key(email) && asked.insert(email.clone())).collect();
        let look = |email: String| async move {
            let found = desk.store.credential(&Scope::UPKEEP, &email).await?;
            Ok::<_, Error>(found.map(|found| (email, Customer::from(&found.user))))
        };
        let found: Vec<Option<(String, Customer)>> =
            stream::iter(asked.into_iter().map(look)).buffered(AT_ONCE).try_collect().await?;
        self.people.extend(found.into_iter().flatten());
        Ok(())
    }

    pub(super) fn person(&self, more: &Additions, email_fold: &str) -> Option<Customer> {
        more.people.get(email_fold).or_else(|| self.people.get(email_fold)).copied()
    }

    pub(super) fn company(&self, more: &Additions, name: &str) -> Option<OrganizationId> {
        let name = fold(name.trim());
        more.companies.get(&name).or_else(|| self.companies.get(&name)).copied()
    }

    pub(super) fn of_domain(&self, more: &Additions, domain: &str) -> Option<OrganizationId> {
        more.domains.get(domain).or_else(|| self.domains.get(domain)).copied()
    }

    /// The line above this one that says the same, if there is one. From then on this line says it.
    pub(super) fn repeats(&self, more: &mut Additions, what: u128, line: u64) -> Option<u64> {
        let before = self.seen.get(&what).or_else(|| more.seen.get(&what)).copied();
        if before.is_none() {
            more.seen.insert(what, line);
        }
        before
    }
}
