//! All that the desk keeps of a person, page by page, for who asks what that is.

use super::Desk;
use super::api_key::ApiKeyView;
use super::time::{TimeEntryView, TimeList, TimeSelection};
use super::user::page;
use crate::access::{Call, Scope};
use crate::condition::{Condition, Field, Literal, Test};
use crate::error::Error;
use crate::ids::{AuditId, CommentId, TicketId, UserId};
use crate::model::view::{CommentView, Reader, TicketView};
use crate::model::{AuditDetail, AuditEntry, Comment, Membership, Organization, Role, Subject, User};
use crate::query::{AuditQuery, Page, Position, Sort, SortField, TicketQuery, TimeFilter};
use crate::time::Time;
use serde::Serialize;

/// How many rows a page has.
const PAGE: usize = 100;

/// Who a person is on this desk.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedPerson {
    /// The profile.
    pub user: User,
    /// The company.
    pub organization: Option<Organization>,
    /// Places in teams.
    pub memberships: Vec<Membership>,
    /// Keys that were not taken back, without what they are made of.
    pub api_keys: Vec<ApiKeyView>,
}

/// Which lines of the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What the person did.
    By,
    /// What was done to the person, by others or by oneself.
    About,
}

/// A line of the audit log.
#[derive(Clone, Debug, Serialize)]
pub struct ExportedLine {
    /// Its id.
    pub id: AuditId,
    /// When it happened.
    pub at: Time,
    /// Who did it; nobody where the desk itself did.
    pub actor_id: Option<UserId>,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: Subject,
    /// The request that asked for it.
    pub request_id: Option<String>,
    /// Before and after, and where from.
    #[serde(flatten)]
    pub detail: AuditDetail,
}

impl From<AuditEntry> for ExportedLine {
    fn from(entry: AuditEntry) -> Self {
        let AuditEntry { id, at, actor, action, subject, request_id, detail, .. } = entry;
        Self { id, at, actor_id: actor.id, action, subject, request_id, detail }
    }
}

impl Desk {
    /// Who a person is on this desk. What the person asked, wrote and did follows page by page. For
    /// administrators and the operator, as everything here.
    pub async fn export_user(&self, call: impl Into<Call>, id: UserId) -> Result<ExportedPerson, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let user = self.store.user(&Scope::UPKEEP, id).await?.ok_or(Error::NotFound("user"))?;
        let organization = match user.organization_id {
            Some(organization) => self.store.organization(&Scope::UPKEEP, organization).await?,
            None => None,
        };
        let snapshot = self.snapshot().await?;
        let places = snapshot.directory.teams_of(id).iter().filter_map(|team| snapshot.directory.membership(*team, id));
        let memberships = places.cloned().collect();
        let keys = self.store.api_keys(&Scope::SIGN_IN, id).await?;
        let api_keys = keys.into_iter().map(ApiKeyView::from).collect();
        Ok(ExportedPerson { user, organization, memberships, api_keys })
    }

    /// Tickets that the person asked for, oldest first, as the person sees them.
    pub async fn exported_tickets(
        &self,
        call: impl Into<Call>,
        id: UserId,
        after: Option<Position>,
    ) -> Result<Page<TicketView>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let filter = Condition::leaf(Field::CustomerId, Test::In(vec![Literal::Id(id.0)]));
        let sort = Sort { field: SortField::CreatedAt, descending: false };
        let query = TicketQuery { filter, sort, after, limit: PAGE + 1, now: self.now() };
        let found = self.store.tickets(&Scope::UPKEEP, &query).await?;
        let found = page(found, PAGE, |ticket| Position::of_ticket(sort, ticket));
        let snapshot = self.snapshot().await?;
        let reader = Reader::Customer(&snapshot.custom_fields);
        Ok(found.map(|ticket| TicketView::new(ticket, reader, &self.options().app_url)))
    }

    /// What was said on a ticket that the person asked for, oldest first: what is public, and what the
    /// person wrote.
    pub async fn exported_answers(
        &self,
        call: impl Into<Call>,
        id: UserId,
        ticket_id: TicketId,
        after: Option<CommentId>,
    ) -> Result<Page<CommentView>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let found = self.store.comments(&Scope::UPKEEP, ticket_id, after, PAGE + 1).await?;
        let Page { items, next, total } = page(found, PAGE, place);
        let told = items.into_iter().filter_map(|comment| {
            let own = comment.author.id == Some(id);
            CommentView::new(comment, own)
        });
        Ok(Page { items: self.with_files(&Scope::UPKEEP, told.collect()).await?, next, total })
    }

    /// What the person wrote on any ticket, oldest first, notes too.
    pub async fn exported_comments(
        &self,
        call: impl Into<Call>,
        id: UserId,
        after: Option<CommentId>,
    ) -> Result<Page<CommentView>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let found = self.store.comments_by_author(&Scope::UPKEEP, id, after, PAGE + 1).await?;
        let Page { items, next, total } = page(found, PAGE, place);
        let told = items.into_iter().filter_map(|comment| CommentView::new(comment, true)).collect();
        Ok(Page { items: self.with_files(&Scope::UPKEEP, told).await?, next, total })
    }

    /// Time that the person spent on any ticket, latest first.
    pub async fn exported_time(
        &self,
        call: impl Into<Call>,
        id: UserId,
        after: Option<Position>,
    ) -> Result<Page<TimeEntryView>, Error> {
        let call = call.into();
        call.actor.at_least(Role::Admin)?;
        let filter = TimeFilter { user_id: Some(id), ..TimeFilter::default() };
        let selection = TimeSelection { filter, ..TimeSelection::default() };
        self.time_entries(call, TimeList { selection, after, limit: PAGE, count: false }).await
    }

    /// What the audit log says that the person did, or that was done to them, newest first.
    pub async fn exported_lines(
        &self,
        call: impl Into<Call>,
        id: UserId,
        side: Side,
        before: Option<(Time, AuditId)>,
    ) -> Result<Vec<ExportedLine>, Error> {
        call.into().actor.at_least(Role::Admin)?;
        let query = AuditQuery { before, limit: PAGE, ..AuditQuery::default() };
        let query = match side {
            Side::By => AuditQuery { actor: Some(id), ..query },
            Side::About => AuditQuery { subject: Some(Subject::User(id)), ..query },
        };
        Ok(self.store.audit(&Scope::UPKEEP, &query).await?.into_iter().map(ExportedLine::from).collect())
    }
}

fn place(comment: &Comment) -> Position {
    Position::at(0, comment.id.0)
}
