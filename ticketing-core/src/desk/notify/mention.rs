//! Who is named in a comment, by `@` and a mail address, and may be.

use crate::access::{Call, Scope};
use crate::desk::session::staff_actor;
use crate::desk::{Desk, Snapshot};
use crate::error::{Error, FieldError};
use crate::fold::fold;
use crate::ids::{CommentId, TicketKey, UserId};
use crate::model::{Comment, Role, Ticket, User};
use crate::query::UserQuery;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many people one comment names; the first.
const MOST: usize = 10;
/// How many of those who said something on a ticket are known.
const MOST_COMMENTERS: usize = 500;
/// How many people of a company are looked through for a suggestion.
const MOST_COLLEAGUES: usize = 100;
/// How many people are suggested.
const SUGGESTED: usize = 10;

/// Somebody who can be named in a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mentionable {
    /// Who.
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// What stands behind the `@`.
    pub email: String,
    /// The person's role.
    pub role: Role,
}

/// The addresses that a text names, folded, each once, in their order. An `@` within a word names nobody, so a plain
/// address does not.
fn addresses(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        let begins = c == '@' && before.is_none_or(|before| !is_local(before));
        before = Some(c);
        if !begins || found.len() == MOST {
            continue;
        }
        let rest = &text[at + 1..];
        let local = rest.find(|c| !is_local(c)).unwrap_or(rest.len());
        let Some(domain) = rest[local..].strip_prefix('@').filter(|_| local > 0) else { continue };
        let end = domain.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(domain.len());
        // What ends a sentence is no part of an address.
        let domain = domain[..end].trim_end_matches(['.', '-']);
        let address = fold(&format!("{}@{domain}", &rest[..local]));
        if !domain.is_empty() && !found.contains(&address) {
            found.push(address);
        }
    }
    found
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '!' | '#' | '$' | '%' | '&' | '\'' | '*' | '/' | '=')
}

/// What its author is told where somebody who was named is not: never whether there is such a person.
pub(in crate::desk) fn without_access() -> FieldError {
    let message = "Somebody who is named here was not told, because only people who may read this can be.";
    FieldError::new("body", "mention_without_access", message)
}

impl Desk {
    /// Who is named in these comments and is told of it.
    pub(in crate::desk) async fn mentioned<'c>(
        &self,
        snapshot: &Snapshot,
        ticket: &Ticket,
        comments: impl Iterator<Item = &'c Comment> + Send,
    ) -> Result<HashMap<CommentId, BTreeSet<UserId>>, Error> {
        let mut all = HashMap::new();
        for comment in comments {
            // What a rule says may hold anybody's words.
            let author = comment.author.role.parse::<Role>().ok().filter(|_| comment.author.id.is_some());
            let named = addresses(&comment.body);
            let Some(author) = author.filter(|_| !named.is_empty()) else { continue };
            let found = self.named(snapshot, ticket, &named, (author, comment.is_internal)).await?;
            all.insert(comment.id, found);
        }
        Ok(all)
    }

    /// Whether somebody is named in what a member of staff is about to say who will not be told.
    pub(in crate::desk) async fn misses(
        &self,
        snapshot: &Snapshot,
        ticket: &Ticket,
        (author, body, is_internal): (Role, &str, bool),
    ) -> Result<bool, Error> {
        let named = addresses(body);
        if named.is_empty() || !author.is_staff() {
            return Ok(false);
        }
        let found = self.named(snapshot, ticket, &named, (author, is_internal)).await?;
        Ok(found.len() < named.len())
    }

    /// The people behind these addresses whom this author may name: who may read it, and by a customer only those whom
    /// the customer meets on the ticket.
    async fn named(
        &self,
        snapshot: &Snapshot,
        ticket: &Ticket,
        addresses: &[String],
        (author, is_internal): (Role, bool),
    ) -> Result<BTreeSet<UserId>, Error> {
        if is_internal && !author.is_staff() {
            // A customer's word that became a note on a ticket of others.
            return Ok(BTreeSet::new());
        }
        let mut wanted: BTreeSet<&str> = addresses.iter().map(String::as_str).collect();
        let mut people = Vec::new();
        for user in snapshot.directory.all_staff() {
            if wanted.remove(fold(&user.email).as_str()) {
                people.push(user.id);
            }
        }
        if !is_internal {
            for address in wanted {
                let found = self.store.credential(&Scope::UPKEEP, address).await?;
                people.extend(found.map(|found| found.user.id));
            }
        }
        if !author.is_staff() {
            let met = self.met(ticket).await?;
            people.retain(|id| met.contains(id));
        }
        Ok(self.who_sees(snapshot, &people, ticket).await?.into_iter().collect())
    }

    /// Whom customers meet on a ticket: who asks, and who has said something that they see.
    async fn met(&self, ticket: &Ticket) -> Result<BTreeSet<UserId>, Error> {
        let commenters = self.store.commenters(ticket.id, MOST_COMMENTERS).await?;
        Ok(commenters.into_iter().chain([ticket.customer_id]).collect())
    }

    /// People who can be named in a comment on this ticket and whose name or address begins so, at most ten, by name.
    /// For staff everybody who sees the ticket, for customers the other customers whom they meet on it.
    pub async fn mentionable(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        beginning: &str,
    ) -> Result<Vec<Mentionable>, Error> {
        let call = &call.into();
        let ticket = self.seen_ticket(call, key).await?;
        let snapshot = self.snapshot().await?;
        let beginning = fold(beginning.trim());
        let begins = |user: &User| {
            let name = fold(&user.name);
            let is_word = |word: &str| word.starts_with(&beginning);
            name.starts_with(&beginning) || name.split_whitespace().any(is_word) || is_word(&fold(&user.email))
        };
        let met = self.met(&ticket).await?;
        let mut people: BTreeMap<UserId, User> = BTreeMap::new();
        if call.actor.is_staff() {
            for user in snapshot.directory.all_staff().filter(|user| user.is_active && begins(user)) {
                if self.scope(&staff_actor(&snapshot, user, None)?).sees(&ticket) {
                    people.insert(user.id, user.clone());
                }
            }
            if let Some(id) = ticket.organization_id {
                let text = Some(beginning.clone()).filter(|text| !text.is_empty());
                let query = UserQuery {
                    organization_id: Some(id),
                    is_active: Some(true),
                    text,
                    limit: MOST_COLLEAGUES,
                    ..UserQuery::default()
                };
                let colleagues = self.store.users(&Scope::UPKEEP, &query).await?;
                people.extend(colleagues.into_iter().map(|user| (user.id, user)));
            }
        }
        let others: Vec<UserId> = met.into_iter().filter(|id| !people.contains_key(id)).collect();
        let others = self.store.users_by_ids(&Scope::UPKEEP, &others).await?;
        people.extend(others.into_iter().map(|user| (user.id, user)));
        let own = call.actor.user_id();
        // The addresses of those who work here are for the desk to give away, not for suggestions.
        let is_suggested = |user: &User| call.actor.is_staff() || !user.role.is_staff();
        people.retain(|id, user| Some(*id) != own && begins(user) && is_suggested(user));
        let ids: Vec<UserId> = people.keys().copied().collect();
        let mut found: Vec<Mentionable> = Vec::new();
        for id in self.who_sees(&snapshot, &ids, &ticket).await? {
            let Some(user) = people.remove(&id) else { continue };
            found.push(Mentionable { id, name: user.name, email: user.email, role: user.role });
        }
        found.sort_by_cached_key(|person| (fold(&person.name), person.id));
        found.truncate(SUGGESTED);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, addresses};

    #[test]
    fn people_are_named_by_an_at_and_their_address() {
        for (text, named) in [
            ("@kim@acme.example", vec!["kim@acme.example"]),
            ("Hi @Kim@ACME.example, and (@lee.o+x@a-b.example).", vec!["kim@acme.example", "lee.o+x@a-b.example"]),
            ("@kim@acme.example @KIM@acme.example", vec!["kim@acme.example"]),
            ("@jörg@müller.example", vec!["jörg@müller.example"]),
            ("kim@acme.example and x@kim@acme.example", vec![]),
            ("@kim @ kim@acme.example @@acme.example @kim@ @kim@.", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(addresses(text), named, "{text}");
        }
        let many: Vec<String> = (0..50).map(|n| format!("@p{n}@a.example")).collect();
        assert_eq!(addresses(&many.join(" ")).len(), MOST);
    }
}
