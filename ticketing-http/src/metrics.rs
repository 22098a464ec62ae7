//! Counts and durations of requests, for Prometheus. A request costs a few atomic additions.

use axum::extract::{MatchedPath, NestedPath};
use axum::http::{Extensions, Method, StatusCode};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

const METHODS: &[&str] = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other"];
/// Upper bounds in microseconds.
const BOUNDS: &[u64] =
    &[500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000];
/// The smallest status code.
const FIRST: u16 = 100;
const STATUSES: usize = 500;

/// What was asked of the router so far.
#[derive(Debug)]
pub(crate) struct Metrics {
    routes: HashMap<String, usize>,
    names: Vec<String>,
    /// A cell a route and method, made when it is first used.
    cells: Vec<OnceLock<Box<Cell>>>,
    in_flight: AtomicI64,
}

#[derive(Debug)]
struct Cell {
    statuses: [AtomicU64; STATUSES],
    buckets: [AtomicU64; BOUNDS.len()],
    count: AtomicU64,
    micros: AtomicU64,
}

/// One request that is being worked on.
#[derive(Debug)]
pub(crate) struct InFlight<'a>(&'a AtomicI64);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

impl Metrics {
    /// `routes` are the paths as the router was given them.
    pub(crate) fn new(mut routes: Vec<String>) -> Self {
        routes.push("unmatched".to_owned());
        let cells = std::iter::repeat_with(OnceLock::new).take(routes.len() * METHODS.len()).collect();
        Self {
            routes: routes.iter().enumerate().map(|(place, path)| (path.clone(), place)).collect(),
            names: routes,
            cells,
            in_flight: AtomicI64::new(0),
        }
    }

    /// The route that a request was matched to, as its place in the list.
    pub(crate) fn route(&self, extensions: &Extensions) -> usize {
        let unmatched = self.names.len() - 1;
        let Some(matched) = extensions.get::<MatchedPath>() else { return unmatched };
        let mut path = matched.as_str();
        if let Some(nested) = extensions.get::<NestedPath>() {
            path = path.strip_prefix(nested.as_str().trim_end_matches('/')).unwrap_or(path);
        }
        self.routes.get(if path.is_empty() { "/" } else { path }).copied().unwrap_or(unmatched)
    }

    /// The path of a route.
    pub(crate) fn name(&self, route: usize) -> &str {
        self.names.get(route).map_or("unmatched", String::as_str)
    }

    /// Counts a request as being worked on until the guard is gone.
    pub(crate) fn begin(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Relaxed);
        InFlight(&self.in_flight)
    }

    /// Counts an answered request.
    pub(crate) fn record(&self, route: usize, method: &Method, status: StatusCode, took: Duration) {
        let method = METHODS.iter().position(|name| *name == method.as_str()).unwrap_or(METHODS.len() - 1);
        let Some(cell) = self.cells.get(route * METHODS.len() + method) else { return };
        let cell = cell.get_or_init(|| Box::new(Cell::new()));
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(count) = cell.statuses.get(usize::from(status.as_u16().saturating_sub(FIRST))) {
            count.fetch_add(1, Relaxed);
        }
        if let Some(bucket) = BOUNDS.iter().position(|bound| micros <= *bound) {
            cell.buckets[bucket].fetch_add(1, Relaxed);
        }
        cell.count.fetch_add(1, Relaxed);
        cell.micros.fetch_add(micros, Relaxed);
    }

    /// Everything in Prometheus' text format.
    pub(crate) fn write(&self, out: &mut String) {
        // Writing to a String can't fail.
        let _ = self.try_write(out);
    }

    fn try_write(&self, out: &mut String) -> std::fmt::Result {
        let used = || {
            self.cells.iter().enumerate().filter_map(|(place, cell)| {
                let (route, method) = (&self.names[place / METHODS.len()], METHODS[place % METHODS.len()]);
                cell.get().map(|cell| (route, method, cell))
            })
        };
        writeln!(out, "# HELP ticketing_http_requests_in_flight Requests being worked on.")?;
        writeln!(out, "# TYPE ticketing_http_requests_in_flight gauge")?;
        writeln!(out, "ticketing_http_requests_in_flight {}", self.in_flight.load(Relaxed))?;
        writeln!(out, "# HELP ticketing_http_requests_total Requests answered.")?;
        writeln!(out, "# TYPE ticketing_http_requests_total counter")?;
        for (route, method, cell) in used() {
            for (place, count) in cell.statuses.iter().enumerate().filter(|(_, count)| count.load(Relaxed) > 0) {
                let (status, count) = (place + usize::from(FIRST), count.load(Relaxed));
                let name = "ticketing_http_requests_total";
                writeln!(out, "{name}{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}")?;
            }
        }
        writeln!(out, "# HELP ticketing_http_request_duration_seconds Time from the request's head to its answer.")?;
        writeln!(out, "# TYPE ticketing_http_request_duration_seconds histogram")?;
        for (route, method, cell) in used() {
            cell.write_durations(out, &format!("route=\"{route}\",method=\"{method}\""))?;
        }
        Ok(())
    }
}

impl Cell {
    fn new() -> Self {
        Self {
            statuses: [const { AtomicU64::new(0) }; STATUSES],
            buckets: [const { AtomicU64::new(0) }; BOUNDS.len()],
            count: AtomicU64::new(0),
            micros: AtomicU64::new(0),
        }
    }

    fn write_durations(&self, out: &mut String, labels: &str) -> std::fmt::Result {
        const NAME: &str = "ticketing_http_request_duration_seconds";
        // The total is read first and the buckets are capped by it, so that a request that is counted
        // meanwhile can't make a bucket larger than the whole.
        let count = self.count.load(Relaxed);
        let mut sum = 0;
        for (bound, bucket) in BOUNDS.iter().zip(&self.buckets) {
            sum += bucket.load(Relaxed);
            writeln!(out, "{NAME}_bucket{{{labels},le=\"{}\"}} {}", seconds(*bound), sum.min(count))?;
        }
        writeln!(out, "{NAME}_bucket{{{labels},le=\"+Inf\"}} {count}")?;
        writeln!(out, "{NAME}_sum{{{labels}}} {}", seconds(self.micros.load(Relaxed)))?;
        writeln!(out, "{NAME}_count{{{labels}}} {count}")
    }
}

/// Microseconds as seconds, exactly.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_method_and_status() {
        let metrics = Metrics::new(vec!["/".to_owned(), "/api/tickets".to_owned()]);
        let record = |status, micros| {
            metrics.record(1, &Method::GET, StatusCode::from_u16(status).unwrap(), Duration::from_micros(micros));
        };
        record(200, 300);
        record(200, 700);
        record(404, 20_000_000);
        let guard = metrics.begin();
        let mut text = String::new();
        metrics.write(&mut text);
        drop(guard);
        let lines = [
            "ticketing_http_requests_in_flight 1",
            "ticketing_http_requests_total{route=\"/api/tickets\",method=\"GET\",status=\"200\"} 2",
            "ticketing_http_requests_total{route=\"/api/tickets\",method=\"GET\",status=\"404\"} 1",
            "ticketing_http_request_duration_seconds_bucket{route=\"/api/tickets\",method=\"GET\",le=\"0.0005\"} 1",
            "ticketing_http_request_duration_seconds_bucket{route=\"/api/tickets\",method=\"GET\",le=\"0.001\"} 2",
            "ticketing_http_request_duration_seconds_bucket{route=\"/api/tickets\",method=\"GET\",le=\"10\"} 2",
            "ticketing_http_request_duration_seconds_bucket{route=\"/api/tickets\",method=\"GET\",le=\"+Inf\"} 3",
            "ticketing_http_request_duration_seconds_sum{route=\"/api/tickets\",method=\"GET\"} 20.001",
            "ticketing_http_request_duration_seconds_count{route=\"/api/tickets\",method=\"GET\"} 3",
        ];
        for line in lines {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
        assert_eq!(metrics.in_flight.load(Relaxed), 0);
    }
}
