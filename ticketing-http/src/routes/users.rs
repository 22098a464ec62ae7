//! People.

use crate::App;
use crate::auth::{Caller, Manager, Staff};
use crate::etag::{Change, IfNoneMatch};
use crate::json::Given;
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One};
use crate::problem::Problem;
use crate::query::{MOST, Query};
use crate::reply;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::{NewUser, UserPatch};
use ticketing_core::model::Role;
use ticketing_core::query::UserQuery;
use ticketing_core::{OrganizationId, UserId};

/// Lists people.
///
/// For staff. With `ids`, whoever shows a page of tickets learns the names of all people on it by one request.
#[utoipa::path(
    get,
    path = "/api/users",
    operation_id = "list_users",
    params(parameter::UserFilter, parameter::Paging),
    responses((status = 200, body = view::Page<view::User>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Staff, mut query: Query) -> Result<Response, Problem> {
    let roles = query.read("role", "of customer, agent, manager, admin, separated by commas", |text| {
        text.split(',').map(|word| word.trim().parse::<Role>().ok()).collect::<Option<Vec<_>>>()
    });
    let organization_id = query.read("organization_id", "an id (UUID)", |text| text.parse::<OrganizationId>().ok());
    let is_active = query.read("is_active", "true or false", |text| text.parse::<bool>().ok());
    let text = query.text("q");
    let ids = ids(&mut query);
    let has_limit = query.has("limit");
    let mut paged = query.paged(&app.cursors)?;
    if !ids.is_empty() && !has_limit {
        // Whoever names people wants all of them.
        paged.limit = MOST;
    }
    let people = UserQuery {
        roles: roles.unwrap_or_default(),
        ids,
        organization_id,
        is_active,
        text,
        after: paged.after.map(|place| UserId(place.id)),
        limit: paged.limit,
    };
    let page = app.desk.users(caller.call(), people.clone()).await?;
    reply::counted(&app, &paged, page, || app.desk.user_count(caller.call(), people)).await
}

/// The people that are named.
fn ids(query: &mut Query) -> Vec<UserId> {
    let values = query.values("ids").unwrap_or_default();
    let known: Vec<UserId> = values.iter().filter_map(|text| text.parse().ok()).collect();
    if known.len() < values.len() {
        query.problems.add("ids", "unknown_value", "Must be ids (UUIDs), separated by commas.");
    }
    known
}

/// Adds a person.
///
/// For managers.
#[utoipa::path(
    post,
    path = "/api/users",
    operation_id = "create_user",
    request_body = body::NewUser,
    responses((status = 201, body = view::User)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Manager,
    Base(base): Base,
    Given(input): Given<NewUser>,
) -> Result<Response, Problem> {
    let user = app.desk.create_user(caller.call(), input).await?;
    reply::created(&user, Some(user.version), &format!("{base}/api/users/{}", user.id))
}

/// Shows a person.
///
/// Customers see themselves.
#[utoipa::path(
    get,
    path = "/api/users/{id}",
    operation_id = "show_user",
    params(parameter::ById, parameter::IfNoneMatch),
    responses((status = 200, body = view::User)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    One(id): One<UserId>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let user = app.desk.user(caller.call(), id).await?;
    reply::fresh_resource(&held, &user, user.version)
}

/// Changes a person.
///
/// For managers.
#[utoipa::path(
    patch,
    path = "/api/users/{id}",
    operation_id = "update_user",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::UserPatch,
    responses((status = 200, body = view::User)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Manager,
    One(id): One<UserId>,
    change: Change<UserPatch>,
) -> Result<Response, Problem> {
    let user = change.apply(|input, expected| app.desk.update_user(caller.call(), id, input, expected)).await?;
    reply::resource(&user, user.version)
}
