//! Teams and their members.

use crate::App;
use crate::auth::{Manager, Staff};
use crate::etag::{Change, IfMatch, IfNoneMatch};
use crate::filter::{edge, zone};
use crate::json::{self, Given};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One, Two};
use crate::problem::Problem;
use crate::query::{Paged, Query};
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::{MemberPatch, NewMember, NewTeam, TeamPatch, TeamReportQuery};
use ticketing_core::{Error, RoutingDecisionId, TeamId, TicketKey, UserId};

/// Lists teams.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/teams",
    operation_id = "list_teams",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::Team>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Staff, paged: Paged) -> Result<Response, Problem> {
    let teams = app.desk.teams(caller.call()).await?;
    reply::page_of(&app, &paged, teams, |team| (0, team.id.0))
}

/// Makes a team.
///
/// For managers.
#[utoipa::path(
    post,
    path = "/api/teams",
    operation_id = "create_team",
    request_body = body::NewTeam,
    responses((status = 201, body = view::Team)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Manager,
    Base(base): Base,
    Given(input): Given<NewTeam>,
) -> Result<Response, Problem> {
    let team = app.desk.create_team(caller.call(), input).await?;
    reply::created(&team, Some(team.version), &format!("{base}/api/teams/{}", team.id))
}

/// Shows a team.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/teams/{id}",
    operation_id = "show_team",
    params(parameter::ById, parameter::IfNoneMatch),
    responses((status = 200, body = view::Team)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<TeamId>,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let team = app.desk.team(caller.call(), id).await?;
    reply::fresh_resource(&held, &team, team.version)
}

/// Changes a team.
///
/// For managers.
#[utoipa::path(
    patch,
    path = "/api/teams/{id}",
    operation_id = "update_team",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::TeamPatch,
    responses((status = 200, body = view::Team)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Manager,
    One(id): One<TeamId>,
    change: Change<TeamPatch>,
) -> Result<Response, Problem> {
    let team = change.apply(|input, expected| app.desk.update_team(caller.call(), id, input, expected)).await?;
    reply::resource(&team, team.version)
}

/// Deletes a team.
///
/// While tickets name it, it is only made inactive. For managers.
#[utoipa::path(
    delete,
    path = "/api/teams/{id}",
    operation_id = "delete_team",
    params(parameter::ById, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Manager,
    One(id): One<TeamId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.delete_team(caller.call(), id, expected)).await?;
    Ok(reply::done())
}

/// Lists the members of a team.
///
/// For staff.
#[utoipa::path(
    get,
    path = "/api/teams/{id}/members",
    operation_id = "list_members",
    params(parameter::ById, parameter::Paging),
    responses((status = 200, body = view::Page<view::Member>)),
)]
pub(crate) async fn members(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<TeamId>,
    paged: Paged,
) -> Result<Response, Problem> {
    let members = app.desk.members(caller.call(), id).await?;
    reply::page_of(&app, &paged, members, |member| (0, member.user_id.0))
}

/// Lists your own places in teams.
///
/// For staff. Whoever leads a team shares views, canned responses and macros with it.
#[utoipa::path(
    get,
    path = "/api/auth/me/teams",
    operation_id = "list_my_teams",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::Member>)),
)]
pub(crate) async fn mine(State(app): State<Arc<App>>, caller: Staff, paged: Paged) -> Result<Response, Problem> {
    let places = app.desk.my_teams(caller.call()).await?;
    reply::page_of(&app, &paged, places, |place| (0, place.team_id.0))
}

/// Adds a member to a team.
///
/// For managers.
#[utoipa::path(
    post,
    path = "/api/teams/{id}/members",
    operation_id = "add_member",
    params(parameter::ById),
    request_body = body::NewMember,
    responses((status = 201, body = view::Member)),
)]
pub(crate) async fn add_member(
    State(app): State<Arc<App>>,
    caller: Manager,
    Base(base): Base,
    One(id): One<TeamId>,
    Given(input): Given<NewMember>,
) -> Result<Response, Problem> {
    let member = app.desk.add_member(caller.call(), id, input).await?;
    let location = format!("{base}/api/teams/{id}/members/{}", member.user_id);
    reply::created(&member, Some(member.version), &location)
}

/// Changes a membership.
///
/// For managers.
#[utoipa::path(
    patch,
    path = "/api/teams/{id}/members/{user_id}",
    operation_id = "update_member",
    params(parameter::ByTeamAndUser, parameter::IfMatch),
    request_body = body::MemberPatch,
    responses((status = 200, body = view::Member)),
)]
pub(crate) async fn update_member(
    State(app): State<Arc<App>>,
    caller: Manager,
    Two(id, user_id): Two<TeamId, UserId>,
    change: Change<MemberPatch>,
) -> Result<Response, Problem> {
    let member =
        change.apply(|input, expected| app.desk.update_member(caller.call(), id, user_id, input, expected)).await?;
    reply::resource(&member, member.version)
}

/// Takes a member out of a team.
///
/// For managers.
#[utoipa::path(
    delete,
    path = "/api/teams/{id}/members/{user_id}",
    operation_id = "remove_member",
    params(parameter::ByTeamAndUser, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove_member(
    State(app): State<Arc<App>>,
    caller: Manager,
    Two(id, user_id): Two<TeamId, UserId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.remove_member(caller.call(), id, user_id, expected)).await?;
    Ok(reply::done())
}

/// Tells how much a team has to do.
///
/// What its members hold and how many of its tickets wait for somebody, at this moment. For staff.
#[utoipa::path(
    get,
    path = "/api/teams/{id}/load",
    operation_id = "show_team_load",
    params(parameter::ById),
    responses((status = 200, body = view::TeamLoad)),
)]
pub(crate) async fn load(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<TeamId>,
) -> Result<Response, Problem> {
    json::reply(StatusCode::OK, &app.desk.team_load(caller.call(), id).await?)
}

/// Tells what a team got done.
///
/// Its volume, backlog, times and promises in a stretch of time, and who did how much. A ticket counts for the team that
/// had it at that moment. For managers.
#[utoipa::path(
    get,
    path = "/api/teams/{id}/analytics",
    operation_id = "report_team",
    params(parameter::ById, parameter::Stretch),
    responses((status = 200, body = view::TeamReport)),
)]
pub(crate) async fn analytics(
    State(app): State<Arc<App>>,
    caller: Manager,
    One(id): One<TeamId>,
    mut query: Query,
) -> Result<Response, Problem> {
    let asked =
        TeamReportQuery { from: edge(&mut query, "from"), to: edge(&mut query, "to"), time_zone: zone(&mut query) };
    query.finish()?;
    json::reply(StatusCode::OK, &app.desk.team_report(caller.call(), id, asked).await?)
}

fn place(app: &App, query: &mut Query) -> Result<(Option<RoutingDecisionId>, usize), Error> {
    let before = query.place(&app.cursors, "cursor").map(|place| RoutingDecisionId(place.id));
    let limit = query.limit();
    query.finish()?;
    Ok((before, limit))
}

/// Lists how tickets of a team looked for their agents, newest first.
///
/// Of tickets that the caller sees, with everybody who was looked at and why most did not get them. For staff.
#[utoipa::path(
    get,
    path = "/api/teams/{id}/routing",
    operation_id = "list_team_routing",
    params(parameter::ById, parameter::Place),
    responses((status = 200, body = view::Page<view::RoutingDecision>)),
)]
pub(crate) async fn routing(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(id): One<TeamId>,
    mut query: Query,
) -> Result<Response, Problem> {
    let (before, limit) = place(&app, &mut query)?;
    let page = app.desk.team_routing(caller.call(), id, before, limit).await?;
    reply::page(&app, &query, &page)
}

/// Lists how a ticket looked for its agents, newest first.
///
/// With everybody who was looked at and why most did not get it. For staff.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/routing",
    operation_id = "list_ticket_routing",
    params(parameter::ByTicket, parameter::Place),
    responses((status = 200, body = view::Page<view::RoutingDecision>)),
)]
pub(crate) async fn of_ticket(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let (before, limit) = place(&app, &mut query)?;
    let page = app.desk.ticket_routing(caller.call(), &key, before, limit).await?;
    reply::page(&app, &query, &page)
}
