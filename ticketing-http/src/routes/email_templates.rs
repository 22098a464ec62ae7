//! The desk's mails as administrators reword them.

use crate::App;
use crate::auth::Admin;
use crate::etag::{Change, IfMatch, IfNoneMatch};
use crate::json::{self, Given};
use crate::openapi::{body, parameter, view};
use crate::path::One;
use crate::problem::Problem;
use crate::query::{Paged, Query};
use crate::reply;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::desk::{EmailTemplateSummary, MailPreview, NewEmailTemplate};
use ticketing_core::mail::{EmailTemplate, MailType};
use uuid::Uuid;

/// Lists the mails that may be reworded.
///
/// Each once for all languages, and behind it those that were reworded for one language. For administrators.
#[utoipa::path(
    get,
    path = "/api/email-templates",
    operation_id = "list_email_templates",
    params(parameter::Paging),
    responses((status = 200, body = view::Page<view::EmailTemplateSummary>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Admin, paged: Paged) -> Result<Response, Problem> {
    let templates = app.desk.email_templates(caller.call()).await?;
    reply::page_of(&app, &paged, templates, place)
}

/// By mail, then by language as far as seven letters go.
fn place(template: &EmailTemplateSummary) -> (i64, Uuid) {
    let locale = template.locale.as_deref();
    let letters = locale.unwrap_or_default().bytes().chain(std::iter::repeat(0)).take(7);
    let place = letters.fold(i64::from(template.mail_type.rank()), |place, letter| (place << 8) | i64::from(letter));
    (place, EmailTemplate::id(template.mail_type, locale))
}

/// The language that a query names, and nothing else.
pub(crate) struct Locale(Option<String>);

impl<S: Sync> FromRequestParts<S> for Locale {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let mut query = Query::from_request_parts(parts, state).await?;
        let locale = query.take("locale");
        query.finish()?;
        Ok(Self(locale))
    }
}

/// Shows a mail with its texts.
///
/// As it was reworded for this language, or for all where none is named; else as it is built in. For administrators.
#[utoipa::path(
    get,
    path = "/api/email-templates/{type}",
    operation_id = "show_email_template",
    params(parameter::ByMailType, parameter::MailLocale, parameter::IfNoneMatch),
    responses((status = 200, body = view::EmailTemplate)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(mail_type): One<MailType>,
    Locale(locale): Locale,
    held: IfNoneMatch,
) -> Result<Response, Problem> {
    let template = app.desk.email_template(caller.call(), mail_type, locale.as_deref()).await?;
    match template.summary.version {
        // What is built in may change with the program.
        0 => reply::resource(&template, 0),
        version => reply::fresh_resource(&held, &template, version),
    }
}

/// Rewords a mail.
///
/// For one language, or for all that have no texts of their own. For administrators.
#[utoipa::path(
    put,
    path = "/api/email-templates/{type}",
    operation_id = "replace_email_template",
    params(parameter::ByMailType, parameter::MailLocale, parameter::IfMatch),
    request_body = body::NewEmailTemplate,
    responses((status = 200, body = view::EmailTemplate)),
)]
pub(crate) async fn replace(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(mail_type): One<MailType>,
    Locale(locale): Locale,
    change: Change<NewEmailTemplate>,
) -> Result<Response, Problem> {
    let (desk, locale) = (&app.desk, locale.as_deref());
    let put = |input, expected| desk.put_email_template(caller.call(), mail_type, locale, input, expected);
    let template = change.apply(put).await?;
    reply::resource(&template, template.summary.version)
}

/// Brings the built-in texts of a mail back.
///
/// For administrators.
#[utoipa::path(
    delete,
    path = "/api/email-templates/{type}",
    operation_id = "delete_email_template",
    params(parameter::ByMailType, parameter::MailLocale, parameter::IfMatch),
    responses((status = 204)),
)]
pub(crate) async fn remove(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(mail_type): One<MailType>,
    Locale(locale): Locale,
    if_match: IfMatch,
) -> Result<Response, Problem> {
    let (desk, locale) = (&app.desk, locale.as_deref());
    let delete = |expected| desk.delete_email_template(caller.call(), mail_type, locale, expected);
    if_match.apply(None, delete).await?;
    Ok(reply::done())
}

/// Fills a mail in, as its reader would get it.
///
/// About a ticket or a made-up one, with the texts that hold or others. Nothing is kept or sent. For administrators.
#[utoipa::path(
    post,
    path = "/api/email-templates/{type}/preview",
    operation_id = "preview_email_template",
    params(parameter::ByMailType),
    request_body = body::MailPreview,
    responses((status = 200, body = view::ComposedMail)),
)]
pub(crate) async fn preview(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(mail_type): One<MailType>,
    Given(input): Given<MailPreview>,
) -> Result<Response, Problem> {
    let mail = app.desk.preview_email_template(caller.call(), mail_type, input).await?;
    json::reply(StatusCode::OK, &mail)
}
