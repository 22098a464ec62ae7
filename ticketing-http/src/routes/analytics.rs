//! What happened, in numbers.

use crate::App;
use crate::auth::Manager;
use crate::filter::{edge, zone};
use crate::json;
use crate::openapi::{parameter, view};
use crate::problem::Problem;
use crate::query::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::Arc;
use ticketing_core::TeamId;
use ticketing_core::desk::SlaReportQuery;
use ticketing_core::model::{SlaGroupBy, SlaMetric};

/// Tells how well the desk kept what it promised.
///
/// How many promises were kept and broken, by priority, team, agent and policy as they were at that moment. For managers
/// and administrators.
#[utoipa::path(
    get,
    path = "/api/analytics/sla",
    operation_id = "report_sla",
    params(parameter::SlaReportFilter),
    responses((status = 200, body = view::SlaReport)),
)]
pub(crate) async fn sla(State(app): State<Arc<App>>, caller: Manager, mut query: Query) -> Result<Response, Problem> {
    let words = SlaGroupBy::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ");
    let asked = SlaReportQuery {
        from: edge(&mut query, "from"),
        to: edge(&mut query, "to"),
        group_by: query.read("group_by", &format!("of {words}"), |text| text.parse().ok()),
        metrics: query.words("metric", SlaMetric::ALL).unwrap_or_default(),
        team_id: query.read("team_id", "an id (UUID)", |text| text.parse::<TeamId>().ok()),
        time_zone: zone(&mut query),
    };
    query.finish()?;
    let report = app.desk.sla_report(caller.call(), asked).await?;
    json::reply(StatusCode::OK, &report)
}
