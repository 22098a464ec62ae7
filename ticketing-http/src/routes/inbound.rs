//! Mail that comes in, and what administrators do about it.

use crate::App;
use crate::auth::{Admin, Staff};
use crate::download;
use crate::etag::IfMatch;
use crate::file::{MAIL, RawMail};
use crate::inbound::SignedMail;
use crate::json::{self, NoBody};
use crate::openapi::{body, parameter, view};
use crate::path::{Base, One, Two};
use crate::problem::Problem;
use crate::query::Query;
use crate::reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;
use ticketing_core::access::{Actor, SystemReason};
use ticketing_core::desk::{ArrivalList, Delivery, MailboxFor};
use ticketing_core::model::{ArrivalCause, ArrivalDoor, ArrivalState, Envelope};
use ticketing_core::{ArrivalId, Error, TicketKey};
use uuid::Uuid;

/// The most bytes of an address (RFC 5321, 4.5.3.1.3).
const LONGEST_ADDRESS: usize = 254;

/// Takes a mail in.
///
/// For mail servers: signed with the secret that they share with the desk. Answered once the mail is kept for good; it is
/// read afterwards. A mail that is known already, by its `Message-ID` or else by its bytes, is a 200.
#[utoipa::path(
    post,
    path = "/api/inbound/email",
    operation_id = "take_in_mail",
    params(parameter::InboundSignature, parameter::MailEnvelope),
    request_body(
        content = String,
        content_type = "message/rfc822",
        description = "The mail as it travels (RFC 5322).",
        example = "From: Kim <kim@alba.example>\r\nTo: help@desk.example\r\nSubject: The lift is stuck\r\n\
            Message-ID: <1@alba.example>\r\n\r\nIt has been so since this morning.\r\n",
    ),
    responses((status = 201, body = view::TakenIn), (status = 200, body = view::TakenIn)),
    security(()),
)]
pub(crate) async fn take_in(
    State(app): State<Arc<App>>,
    Base(base): Base,
    mut query: Query,
    SignedMail { raw, seat: _seat }: SignedMail,
) -> Result<Response, Problem> {
    let delivery = delivery(&app, &mut query).await?;
    let taken = app.desk.take_in(&delivery, raw).await?;
    let answer = json!({ "id": taken.id, "is_known": taken.is_known });
    if taken.is_known {
        return json::reply(StatusCode::OK, &answer);
    }
    reply::created(&answer, None, &format!("{base}/api/inbound/{}", taken.id))
}

/// How a mail came, as the query says.
async fn delivery(app: &App, query: &mut Query) -> Result<Delivery, Problem> {
    let mailbox = query.take("mailbox");
    let from =
        query.read("from", "an address, or nothing", |text| (text.len() <= LONGEST_ADDRESS).then(|| text.to_owned()));
    let to = query.values("to").unwrap_or_default();
    let mailbox_id = match mailbox {
        Some(text) => match mailbox_id(app, &text).await? {
            Ok(id) => id,
            Err(message) => {
                query.problems.add("mailbox", "unknown", message);
                None
            }
        },
        None => None,
    };
    query.finish()?;
    Ok(Delivery { mailbox_id, envelope: Envelope { from, to }, ..Delivery::by(ArrivalDoor::Http) })
}

/// The mailbox with this id or address; none where the desk has no mailboxes yet.
async fn mailbox_id(app: &App, text: &str) -> Result<Result<Option<Uuid>, &'static str>, Error> {
    const UNKNOWN: &str = "Must be the id or an address of an active mailbox.";
    if let Ok(id) = text.parse::<Uuid>() {
        return match app.desk.mailbox(&Actor::system(SystemReason::Upkeep), id).await {
            Ok(mailbox) if mailbox.is_active => Ok(Ok(Some(id))),
            Ok(_) | Err(Error::NotFound(_)) => Ok(Err(UNKNOWN)),
            Err(error) => Err(error),
        };
    }
    Ok(match app.desk.mailbox_for(text).await? {
        MailboxFor::Mailbox(id) => Ok(Some(id)),
        MailboxFor::Unset => Ok(None),
        MailboxFor::Unknown => Err(UNKNOWN),
    })
}

/// Says what would become of a mail.
///
/// Nothing is kept. For administrators.
#[utoipa::path(
    post,
    path = "/api/inbound/preview",
    operation_id = "preview_inbound_mail",
    params(parameter::MailEnvelope),
    request_body(
        content = String,
        content_type = "message/rfc822",
        description = "The mail as it travels (RFC 5322).",
        example = "From: Kim <kim@alba.example>\r\nTo: help@desk.example\r\nSubject: The lift is stuck\r\n\
            Message-ID: <1@alba.example>\r\n\r\nIt has been so since this morning.\r\n",
    ),
    responses((status = 200, body = view::ReceivedMail)),
)]
pub(crate) async fn preview(
    State(app): State<Arc<App>>,
    caller: Admin,
    mut query: Query,
    RawMail(raw): RawMail,
) -> Result<Response, Problem> {
    let delivery = delivery(&app, &mut query).await?;
    let mail = app.desk.preview_mail(caller.call(), &delivery, raw).await?;
    json::reply(StatusCode::OK, &mail)
}

/// Lists mails that came in, newest first.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/inbound",
    operation_id = "list_inbound_mails",
    params(parameter::InboundFilter, parameter::Place),
    responses((status = 200, body = view::Page<view::InboundMail>)),
)]
pub(crate) async fn list(State(app): State<Arc<App>>, caller: Admin, mut query: Query) -> Result<Response, Problem> {
    let states = query.words("state", ArrivalState::ALL).unwrap_or_default();
    let cause = query.read("cause", "a cause", |text| text.parse::<ArrivalCause>().ok());
    let mailbox_id = query.read("mailbox_id", "an id (UUID)", |text| text.parse::<Uuid>().ok());
    let sender = query.read("from", "an address", |text| {
        (1..=LONGEST_ADDRESS).contains(&text.trim().len()).then(|| text.trim().to_owned())
    });
    let after = query.place(&app.cursors, "cursor").map(|place| ArrivalId(place.id));
    let limit = query.limit();
    query.finish()?;
    let list = ArrivalList { states, cause, mailbox_id, sender, after, limit };
    let page = app.desk.inbound_mails(caller.call(), list).await?;
    reply::page(&app, &query, &page)
}

/// Counts mails that wait.
///
/// By state and cause, with the oldest of each: what is not read yet, held, refused, or can't be read. For administrators.
#[utoipa::path(
    get,
    path = "/api/inbound/counts",
    operation_id = "count_inbound_mails",
    responses((status = 200, body = view::InboundCounts)),
)]
pub(crate) async fn counts(State(app): State<Arc<App>>, caller: Admin) -> Result<Response, Problem> {
    let counts = app.desk.inbound_counts(caller.call()).await?.into_iter();
    let items: Vec<Value> = counts
        .map(|one| json!({ "state": one.state, "cause": one.cause, "count": one.count, "oldest": one.oldest }))
        .collect();
    json::reply(StatusCode::OK, &json!({ "items": items }))
}

/// Shows a mail that came in, with what it says.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/inbound/{id}",
    operation_id = "show_inbound_mail",
    params(parameter::ById),
    responses((status = 200, body = view::WholeInboundMail)),
)]
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<ArrivalId>,
) -> Result<Response, Problem> {
    let mail = app.desk.inbound_mail(caller.call(), id).await?;
    reply::resource(&mail, mail.mail.version)
}

/// Gives a mail as it came, byte for byte.
///
/// For administrators.
#[utoipa::path(
    get,
    path = "/api/inbound/{id}/raw",
    operation_id = "download_inbound_mail",
    params(parameter::ById),
    responses((status = 200, body = String, content_type = "message/rfc822")),
)]
pub(crate) async fn raw(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<ArrivalId>,
) -> Result<Response, Problem> {
    let bytes = app.desk.inbound_bytes(caller.call(), id).await?;
    Ok(download::file(bytes, MAIL, &format!("{id}.eml")))
}

/// Takes a mail that was held, refused or could not be read.
///
/// It is read once more, whatever kept it back. Who may not do what it asks for still may not. For administrators.
#[utoipa::path(
    post,
    path = "/api/inbound/{id}/release",
    operation_id = "release_inbound_mail",
    params(parameter::ById, parameter::IfMatch),
    request_body = Option<body::Nothing>,
    responses((status = 200, body = view::InboundMail)),
)]
pub(crate) async fn release(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<ArrivalId>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Response, Problem> {
    let mail = if_match.apply(None, |expected| app.desk.release_mail(caller.call(), id, expected)).await?;
    reply::resource(&mail, mail.version)
}

/// Wants nothing of a mail that was held, refused or could not be read.
///
/// It stays listed. For administrators.
#[utoipa::path(
    post,
    path = "/api/inbound/{id}/drop",
    operation_id = "drop_inbound_mail",
    params(parameter::ById, parameter::IfMatch),
    request_body = Option<body::Nothing>,
    responses((status = 200, body = view::InboundMail)),
)]
pub(crate) async fn drop_one(
    State(app): State<Arc<App>>,
    caller: Admin,
    One(id): One<ArrivalId>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Response, Problem> {
    let mail = if_match.apply(None, |expected| app.desk.drop_mail(caller.call(), id, expected)).await?;
    reply::resource(&mail, mail.version)
}

/// Lists the mails of a ticket, newest first.
///
/// Those that made it, went to it or are about it. For staff.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/mails",
    operation_id = "list_ticket_mails",
    params(parameter::ByTicket, parameter::Place),
    responses((status = 200, body = view::Page<view::InboundMail>)),
)]
pub(crate) async fn of_ticket(
    State(app): State<Arc<App>>,
    caller: Staff,
    One(key): One<TicketKey>,
    mut query: Query,
) -> Result<Response, Problem> {
    let after = query.place(&app.cursors, "cursor").map(|place| ArrivalId(place.id));
    let limit = query.limit();
    query.finish()?;
    let page = app.desk.ticket_mails(caller.call(), &key, after, limit).await?;
    reply::page(&app, &query, &page)
}

/// Shows a mail of a ticket, whole.
///
/// With what it quotes, its headers and its HTML, in which nothing runs or loads. For staff.
#[utoipa::path(
    get,
    path = "/api/tickets/{ticket}/mails/{id}",
    operation_id = "show_ticket_mail",
    params(parameter::ByTicketAndMail),
    responses((status = 200, body = view::WholeInboundMail)),
)]
pub(crate) async fn one_of_ticket(
    State(app): State<Arc<App>>,
    caller: Staff,
    Two(key, id): Two<TicketKey, ArrivalId>,
) -> Result<Response, Problem> {
    let mail = app.desk.ticket_mail(caller.call(), &key, id).await?;
    reply::resource(&mail, mail.mail.version)
}
