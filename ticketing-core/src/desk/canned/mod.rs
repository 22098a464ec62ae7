//! Canned responses: made, found, filled in and counted. For staff.

mod input;
mod render;
mod transfer;

pub use input::NewCannedResponse;
pub(super) use input::check_shortcut;
pub use render::FilledResponse;
pub use transfer::{
    CannedResponseExport, CannedResponseImport, ExportedCannedResponse, ImportedCannedResponse,
    ImportedCannedResponses, NewImportedResponse,
};

use super::recorder::Recorder;
use super::setting::Kind;
use super::{Desk, Snapshot};
use crate::access::Call;
use crate::canned::{Findable, Wanted};
use crate::error::Error;
use crate::fold::fold;
use crate::ids::{CannedResponseId, TeamId, TicketKey, UserId};
use crate::model::{CannedResponse, CannedUse, Role, Sharing, Visibility};
use crate::query::{Page, Position};
use crate::setting::Stored;
use crate::time::Time;
use crate::workflow::variable::{Needs, Text};
use render::Filling;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// A canned response as those who have it see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // The fields are the response's own; see `model::CannedResponse`.
pub struct CannedResponseView {
    pub id: CannedResponseId,
    pub title: String,
    pub category: Option<String>,
    pub content: String,
    pub shortcut: Option<String>,
    /// Whether everybody who works here has it.
    pub is_public: bool,
    pub visibility: Visibility,
    pub team_id: Option<TeamId>,
    pub owner_id: Option<UserId>,
    /// What it asks for and no ticket has, each once.
    pub unknown_variables: Vec<String>,
    /// How often everybody together has answered with it.
    pub uses: u64,
    /// How often whoever asks has.
    pub own_uses: u64,
    /// When whoever asks last has.
    pub last_used_at: Option<Time>,
    /// For conditional changes.
    pub version: i64,
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// What it says on the ticket that was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rendered: Option<FilledResponse>,
}

impl CannedResponseView {
    fn new(stored: &Stored<CannedResponse>, snapshot: &Snapshot) -> Self {
        let CannedResponse { title, category, content, shortcut, sharing, created_at } = stored.content.clone();
        Self {
            id: CannedResponseId(stored.id),
            unknown_variables: unknown(&content, snapshot),
            title,
            category,
            content,
            shortcut,
            is_public: sharing == Sharing::All,
            visibility: sharing.visibility(),
            team_id: sharing.team(),
            owner_id: sharing.owner(),
            uses: 0,
            own_uses: 0,
            last_used_at: None,
            version: stored.version,
            created_at,
            updated_at: stored.saved_at,
            rendered: None,
        }
    }
}

/// What a text asks for and no ticket has, each once.
fn unknown(content: &str, snapshot: &Snapshot) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if let Ok((_, unknown)) = Text::read_leniently(content, &snapshot.people_variables) {
        for one in unknown {
            if !names.contains(&one.path) {
                names.push(one.path);
            }
        }
    }
    names
}

impl Kind for CannedResponse {
    const ONE: &'static str = "canned response";
    const MANY: &'static str = "canned responses";
    const LIMIT: usize = Self::MOST;
    const OWN_LIMIT: usize = Self::MOST_OWN;
    const READERS: Role = Role::Agent;
    const WRITERS: Role = Role::Agent;
    type View = CannedResponseView;

    fn all(snapshot: &Snapshot) -> impl Iterator<Item = &Stored<Self>> {
        snapshot.canned_responses.iter().map(|findable| &findable.stored)
    }

    async fn view(_: &Desk, snapshot: &Snapshot, stored: &Stored<Self>) -> Result<CannedResponseView, Error> {
        Ok(CannedResponseView::new(stored, snapshot))
    }

    fn sharing(&self) -> Option<Sharing> {
        Some(self.sharing)
    }

    async fn prepare(recorder: &mut Recorder<'_>, _: Option<&Stored<Self>>, new: &Stored<Self>) -> Result<(), Error> {
        check_content(&new.content.content, &recorder.snapshot)
    }
}

/// Whether a text can be filled in; what it asks for may not be there.
fn check_content(content: &str, snapshot: &Snapshot) -> Result<(), Error> {
    match Text::read_leniently(content, &snapshot.people_variables) {
        Ok(_) => Ok(()),
        Err((code, message)) => Err(Error::field("content", code, message)),
    }
}

/// Which canned responses, in which order.
#[derive(Clone, Debug, Default)]
pub struct CannedQuery {
    /// Those that fit what was typed, the best first; else those come first that whoever asks uses most.
    pub text: Option<String>,
    /// Only those of this category.
    pub category: Option<String>,
    /// Only those that are shared so.
    pub visibility: Option<Visibility>,
    /// Only those of this team.
    pub team_id: Option<TeamId>,
    /// Each with what it says on this ticket.
    pub ticket: Option<TicketKey>,
    /// After which place. A place is found again by who stands there, so what is used meanwhile moves nobody twice.
    pub after: Option<Position>,
    /// At most how many.
    pub limit: usize,
}

impl CannedQuery {
    fn takes(&self, response: &CannedResponse) -> bool {
        let is_of =
            |category: &String| response.category.as_ref().is_some_and(|own| fold(own) == fold(category.trim()));
        self.category.as_ref().is_none_or(is_of)
            && self.visibility.is_none_or(|visibility| response.sharing.visibility() == visibility)
            && self.team_id.is_none_or(|team| response.sharing.team() == Some(team))
    }
}

/// A category, and how many canned responses of it somebody has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CannedCategory {
    /// What it is called.
    pub category: String,
    /// How many.
    pub count: usize,
}

impl Desk {
    /// Canned responses that the actor has. For staff.
    pub async fn canned_responses(
        &self,
        call: impl Into<Call>,
        query: CannedQuery,
    ) -> Result<Page<CannedResponseView>, Error> {
        let call = &call.into();
        let snapshot = self.snapshot().await?;
        let personal = self.own_canned(call).await?;
        let ticket = match &query.ticket {
            Some(key) => {
                let unknown =
                    || Error::field("ticket", "unknown", "There is no such ticket, or it is not for you to see.");
                Some(self.store.ticket(&self.scope(&call.actor), key).await?.ok_or_else(unknown)?)
            }
            None => None,
        };
        let own = self.own_uses(call).await?;
        let all = all_seen(call, &snapshot, &personal).filter(|one| query.takes(&one.stored.content));
        let found = in_order(all, &query, &own);
        let place = |after: Position| {
            let known = found.iter().position(|one| one.stored.id == after.id).map(|place| place + 1);
            known.unwrap_or_else(|| usize::try_from(after.key).unwrap_or_default()).min(found.len())
        };
        let start = query.after.map_or(0, place);
        let shown = &found[start..found.len().min(start + query.limit)];
        let end = start + shown.len();
        let next = shown.last().filter(|_| end < found.len());
        let next = next.map(|last| Position::at(i64::try_from(end).unwrap_or(i64::MAX), last.stored.id));
        let view = |one: &&Findable| CannedResponseView::new(&one.stored, &snapshot);
        let mut items: Vec<_> = shown.iter().map(view).collect();
        self.add_uses(&mut items, &own).await?;
        if let Some(ticket) = ticket {
            let needs = Needs { customer: true, organization: true };
            let filling = Filling::new(self, call, &snapshot, ticket, needs).await?;
            for item in &mut items {
                item.rendered = Some(filling.fill(&item.content));
            }
        }
        Ok(Page { items, next, total: Some(found.len() as u64) })
    }

    /// The categories of the canned responses that the actor has, by name. For staff.
    pub async fn canned_categories(&self, call: impl Into<Call>) -> Result<Vec<CannedCategory>, Error> {
        let call = &call.into();
        let snapshot = self.snapshot().await?;
        let personal = self.own_canned(call).await?;
        let mut known: BTreeMap<String, CannedCategory> = BTreeMap::new();
        for category in all_seen(call, &snapshot, &personal).filter_map(|one| one.stored.content.category.as_ref()) {
            // Two spellings of a category are one.
            let new = || CannedCategory { category: category.clone(), count: 0 };
            known.entry(fold(category)).or_insert_with(new).count += 1;
        }
        Ok(known.into_values().collect())
    }

    /// A canned response that the actor has. For staff.
    pub async fn canned_response(
        &self,
        call: impl Into<Call>,
        id: CannedResponseId,
    ) -> Result<CannedResponseView, Error> {
        let call = &call.into();
        let view = self.setting::<CannedResponse>(call, id.0).await?;
        self.with_uses(call, view).await
    }

    /// Makes a canned response. For staff; one that is shared, for those who may share.
    pub async fn create_canned_response(
        &self,
        call: impl Into<Call>,
        input: NewCannedResponse,
    ) -> Result<CannedResponseView, Error> {
        let (call, input) = (&call.into(), &input);
        self.create_setting(call, input, |recorder, _| {
            let sharing = input.sharing.apply(None, &call.actor, &recorder.snapshot.directory)?;
            Ok(blank(input, sharing, recorder.now))
        })
        .await
    }

    /// Replaces a canned response; with whom it is shared stays unless it is said. For whoever may change it.
    pub async fn replace_canned_response(
        &self,
        call: impl Into<Call>,
        id: CannedResponseId,
        input: NewCannedResponse,
        expected: Option<i64>,
    ) -> Result<CannedResponseView, Error> {
        let (call, input) = (&call.into(), &input);
        let change = |recorder: &Recorder<'_>, mut response: CannedResponse| {
            input.replace(&mut response);
            let (old, directory) = (Some(response.sharing), &recorder.snapshot.directory);
            response.sharing = input.sharing.apply(old, &call.actor, directory)?;
            Ok(response)
        };
        let view = self.update_setting(call, input, id.0, expected, change).await?;
        self.with_uses(call, view).await
    }

    /// Takes a canned response away. What was said with it stays. For whoever may change it.
    pub async fn delete_canned_response(
        &self,
        call: impl Into<Call>,
        id: CannedResponseId,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        self.delete_setting::<CannedResponse>(&call.into(), id.0, expected).await
    }

    /// What a canned response that the actor has says on a ticket that the actor sees, in the actor's name. It changes
    /// nothing. For staff.
    pub async fn render_canned_response(
        &self,
        call: impl Into<Call>,
        id: CannedResponseId,
        ticket: &TicketKey,
    ) -> Result<FilledResponse, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Agent)?;
        let snapshot = self.snapshot().await?;
        let stored = self.seen_setting::<CannedResponse>(&call.actor, &snapshot, id.0).await?;
        let ticket = self.seen_ticket(call, ticket).await?;
        let content = &stored.content.content;
        let needs = Text::read_leniently(content, &snapshot.people_variables).map(|(text, _)| text.needs);
        let filling = Filling::new(self, call, &snapshot, ticket, needs.unwrap_or_default()).await?;
        Ok(filling.fill(content))
    }

    /// The actor's own, which nobody else has. For staff.
    async fn own_canned(&self, call: &Call) -> Result<Vec<Findable>, Error> {
        call.actor.at_least(CannedResponse::READERS)?;
        Ok(self.own_settings(&call.actor).await?.into_iter().map(Findable::new).collect())
    }

    /// Whether the actor has this canned response, for a word that says to come of it.
    pub(super) async fn check_canned(
        &self,
        call: &Call,
        snapshot: &Snapshot,
        id: CannedResponseId,
    ) -> Result<(), Error> {
        match self.seen_setting::<CannedResponse>(&call.actor, snapshot, id.0).await {
            Ok(_) => Ok(()),
            Err(Error::NotFound(_)) => {
                Err(Error::field("canned_response_id", "unknown", "There is no such canned response."))
            }
            Err(error) => Err(error),
        }
    }

    /// What the actor has answered with so far.
    async fn own_uses(&self, call: &Call) -> Result<HashMap<CannedResponseId, CannedUse>, Error> {
        let Some(id) = call.actor.user_id() else { return Ok(HashMap::new()) };
        Ok(self.store.canned_uses(id).await?.into_iter().map(|used| (used.response_id, used)).collect())
    }

    async fn add_uses(
        &self,
        views: &mut [CannedResponseView],
        own: &HashMap<CannedResponseId, CannedUse>,
    ) -> Result<(), Error> {
        if views.is_empty() {
            return Ok(());
        }
        let ids: Vec<CannedResponseId> = views.iter().map(|view| view.id).collect();
        let totals: HashMap<_, _> = self.store.canned_totals(&ids).await?.into_iter().collect();
        for view in views {
            view.uses = totals.get(&view.id).copied().unwrap_or_default();
            if let Some(own) = own.get(&view.id) {
                (view.own_uses, view.last_used_at) = (own.uses, Some(own.last_used_at));
            }
        }
        Ok(())
    }

    async fn with_uses(&self, call: &Call, mut view: CannedResponseView) -> Result<CannedResponseView, Error> {
        let own = self.own_uses(call).await?;
        self.add_uses(std::slice::from_mut(&mut view), &own).await?;
        Ok(view)
    }
}

fn blank(input: &NewCannedResponse, sharing: Sharing, now: Time) -> CannedResponse {
    let mut response = CannedResponse {
        title: String::new(),
        category: None,
        content: String::new(),
        shortcut: None,
        sharing,
        created_at: now,
    };
    input.replace(&mut response);
    response
}

/// All that the actor has: these of their own, and those of the desk that are shared with them.
fn all_seen<'f>(call: &Call, snapshot: &'f Snapshot, personal: &'f [Findable]) -> impl Iterator<Item = &'f Findable> {
    // What somebody shares at this moment may be both; the later look counts.
    let own: HashSet<Uuid> = personal.iter().map(|one| one.stored.id).collect();
    let actor = call.actor.clone();
    let is_seen =
        move |one: &&Findable| !own.contains(&one.stored.id) && one.stored.content.is_seen(&actor, &snapshot.directory);
    personal.iter().chain(snapshot.canned_responses.iter().filter(is_seen))
}

/// Those that fit what was typed, the best first; of equals those that whoever asks uses most, and last.
fn in_order<'f>(
    all: impl Iterator<Item = &'f Findable>,
    query: &CannedQuery,
    own: &HashMap<CannedResponseId, CannedUse>,
) -> Vec<&'f Findable> {
    let wanted = query.text.as_deref().map(Wanted::new);
    let ranked = |one: &'f Findable| {
        let rank = match &wanted {
            None => None,
            Some(wanted) => Some(wanted.of(one)?),
        };
        let used = own.get(&CannedResponseId(one.stored.id));
        let most_used = Reverse(used.map(|used| (used.uses, used.last_used_at)));
        Some(((rank, most_used, fold(&one.stored.content.title), one.stored.id), one))
    };
    let mut found: Vec<_> = all.filter_map(ranked).collect();
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found.into_iter().map(|(_, one)| one).collect()
}
