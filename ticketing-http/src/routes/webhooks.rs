//! Endpoints that are told what happens, and what they were told. For administrators.

use crate::App;
use crate::auth::Admin;
use crate::etag::{Change, IfMatch};
use crate::json::{self, Given, NoBody};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, DeliveryId, One};
use crate::problem::Problem;
use crate::query::{Paged, Query};
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::{DeliveryQuery, DeliveryStatus, NewReplay, NewWebhook, WebhookPatch};
use ticketing_core::{JobId, WebhookId};

/// Lists webhooks, oldest first.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/webhooks",
    operation_id = "list_webhooks",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::Webhook>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Admin, paged: Paged) -> Result<Response, Problem> {
    let after = paged.after.map(|place| WebhookId(place.id));
    let page = app.desk.webhooks(caller.call(), after, paged.limit).await?;
    reply::counted(&app, &paged, page, || app.desk.webhook_count(caller.call())).await
}

/// Adds a webhook.
///
/// For administrators.
#[utoipa::path(
    post,
    path = "/api/webhooks",
    operation_id = "create_webhook",
    request_body = body::NewWebhook,
    responses((status = 201, body = view::Webhook)),
)]
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Admin,
    Base(base): Base,
    Given(input): Given<NewWebhook>,
) -> Result<Response, Problem> {
    let webhook = app.desk.create_webhook(caller.call(), input).await?;
    reply::created(&webhook, Some(webhook.version), &format!("{base}/api/webhooks/{}", webhook.id))
}

/// Shows a webhook.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/webhooks/{id}",
    operation_id = "show_webhook",
    params(parameter::ById),
    responses((status = 200, body = view::Webhook)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WebhookId>,
) -> Result<Response, Problem> {
    let webhook = app.desk.webhook(caller.call(), id).await?;
    reply::resource(&webhook, webhook.version)
}

/// Changes a webhook.
///
/// For administrators.
#[utoipa::path(
    patch,
    path = "/api/webhooks/{id}",
    operation_id = "update_webhook",
    params(parameter::ById, parameter::IfMatch),
    request_body = body::WebhookPatch,
    responses((status = 200, body = view::Webhook)),
)]
pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WebhookId>,
    change: Change<WebhookPatch>,
) -> Result<Response, Problem> {
    let webhook = change.apply(|input, expected| app.desk.update_webhook(caller.call(), id, input, expected)).await?;
    reply::resource(&webhook, webhook.version)
}

/// Takes a webhook away.
///
/// What was still to be sent to it is not sent. For administrators.
#[utoipa::path(
    delete,
    path = "/api/webhooks/{id}",
    operation_id = "delete_webhook",
    params(parameter::ById, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WebhookId>,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    if_match.apply(None, |expected| app.desk.delete_webhook(caller.call(), id, expected)).await?;
    Ok(reply::done())
}

/// Sends a webhook a made-up event.
///
/// It is a `webhook.test`, sent once, whatever the webhook is told of and also where it is switched off. For
/// administrators.
#[utoipa::path(
    post,
    path = "/api/webhooks/{id}/test",
    operation_id = "test_webhook",
    params(parameter::ById),
    request_body = Option<body::Nothing>,
    responses((status = 201, body = view::Delivery)),
)]
pub(crate) async fn test(
    State(app): State<Arc<App>>,
    caller: Admin,
    Base(base): Base,
    One(id): One<WebhookId>,
    _: NoBody,
) -> Result<Response, Problem> {
    let delivery = app.desk.test_webhook(caller.call(), id).await?;
    reply::created(&delivery, None, &format!("{base}/api/webhook-deliveries/{}", delivery.id))
}

/// Lists what was sent to a webhook, newest first.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/webhooks/{id}/deliveries",
    operation_id = "list_webhook_deliveries",
    params(parameter::ById, parameter::DeliveryFilter, parameter::Place),
    responses((status = 200, body = view::Page<view::Delivery>)),
)]
pub(crate) async fn deliveries(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<WebhookId>,
    mut query: Query,
) -> Result<Response, Problem> {
    let status = query.read("status", "pending, done or dead", |text| text.parse::<DeliveryStatus>().ok());
    let after = query.place(&app.cursors, "cursor").map(|place| JobId(place.id));
    let limit = query.limit();
    query.finish()?;
    let page = app.desk.webhook_deliveries(caller.call(), id, DeliveryQuery { status, after, limit }).await?;
    reply::page(&app, &query, &page)
}

/// Tells a webhook of what it has missed.
///
/// From a moment on, at most 30 days back: what it has got already is not sent again, what was given up is. A worker
/// does it; the answer's `id` is the job's. For administrators.
#[utoipa::path(
    post,
    path = "/api/webhooks/{id}/replay",
    operation_id = "replay_webhook",
    params(parameter::ById),
    request_body = body::NewReplay,
    responses((status = 201, body = view::Replay)),
)]
pub(crate) async fn replay(
    State(app): State<Arc<App>>,
    caller: Admin,
    Base(base): Base,
    One(id): One<WebhookId>,
    Given(input): Given<NewReplay>,
) -> Result<Response, Problem> {
    let replay = app.desk.replay_webhook(caller.call(), id, input).await?;
    reply::created(&replay, None, &format!("{base}/api/jobs/{}", replay.id))
}

/// Shows a delivery.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/webhook-deliveries/{id}",
    operation_id = "show_webhook_delivery",
    params(parameter::ById),
    responses((status = 200, body = view::Delivery)),
)]
pub(crate) async fn delivery(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(DeliveryId(id)): One<DeliveryId>,
) -> Result<Response, Problem> {
    let delivery = app.desk.webhook_delivery(caller.call(), id).await?;
    json::reply(StatusCode::OK, &delivery)
}

/// Sends a delivery again that has arrived or was given up.
///
/// Under the same id, by which a receiver knows it. For administrators.
#[utoipa::path(
    post,
    path = "/api/webhook-deliveries/{id}/redeliver",
    operation_id = "redeliver_webhook",
    params(parameter::ById),
    request_body = Option<body::Nothing>,
    responses((status = 200, body = view::Delivery)),
)]
pub(crate) async fn redeliver(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(DeliveryId(id)): One<DeliveryId>,
    _: NoBody,
) -> Result<Response, Problem> {
    let delivery = app.desk.redeliver_webhook(caller.call(), id).await?;
    json::reply(StatusCode::OK, &delivery)
}
