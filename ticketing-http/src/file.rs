//! Bodies that are files of a kind of their own.

use crate::App;
use crate::json;
use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use std::sync::Arc;
use ticketing_core::calendar::MOST_BYTES;

/// The type of iCalendar files.
pub(crate) const CALENDAR: &str = "text/calendar";

/// The type of mails.
pub(crate) const MAIL: &str = "message/rfc822";

/// The type of tables.
pub(crate) const TABLE: &str = "text/csv";

/// An iCalendar file.
#[derive(Debug)]
pub(crate) struct CalendarFile(pub(crate) String);

impl FromRequest<Arc<App>> for CalendarFile {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        json::check_media_type(&parts.headers, CALENDAR)?;
        let bytes = json::whole_within(app.body_limit.min(MOST_BYTES), &parts, body).await?;
        match String::from_utf8(bytes.into()) {
            Ok(text) => Ok(Self(text)),
            Err(_) => Err(Problem::malformed("The file is not UTF-8.")),
        }
    }
}

/// A mail as it travels, of at most as many bytes as the desk takes in.
#[derive(Debug)]
pub(crate) struct RawMail(pub(crate) Bytes);

impl FromRequest<Arc<App>> for RawMail {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        json::check_media_type(&parts.headers, MAIL)?;
        json::whole_within(app.desk.options().max_mail_size, &parts, body).await.map(Self)
    }
}

/// A table, of at most as many bytes as the desk takes in.
#[derive(Debug)]
pub(crate) struct TableFile(pub(crate) Bytes);

impl FromRequest<Arc<App>> for TableFile {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        json::check_media_type(&parts.headers, TABLE)?;
        json::whole_within(app.desk.options().max_import_size, &parts, body).await.map(Self)
    }
}
