//! What a run found, for people and for programs.

use crate::cell::Measured;
use crate::operation::Operation;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// A run over one desk.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// `sqlite` or `postgres`.
    pub database: String,
    /// How many tickets there were before.
    pub tickets: u64,
    /// How long one run of a cell lasted, seconds.
    pub seconds: u64,
    /// Each figure is the median of this many runs.
    pub runs: usize,
    /// Resident memory of the server before the load, MiB.
    pub idle_mib: f64,
    /// The most that was ever resident under the load, MiB.
    pub peak_mib: f64,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// An operation at a number of connections.
#[derive(Debug, Serialize, Deserialize)]
pub struct Cell {
    /// What was asked for.
    pub operation: Operation,
    /// By how many at once.
    pub connections: usize,
    /// What the server gave.
    pub server: Measured,
    /// What the least SQL gave in the same minutes.
    pub limit: Option<Measured>,
    /// The server's rate as a share of the limit's.
    pub ratio: Option<f64>,
}

/// The least share of the limit that each operation is meant to reach at eight connections.
fn goal(operation: Operation) -> f64 {
    match operation {
        Operation::Create | Operation::Comment => 0.40,
        Operation::Get => 0.35,
        Operation::First | Operation::Deep => 0.30,
    }
}

/// The most that the median may grow from the smallest desk to the largest.
const GROWTH: f64 = 1.6;

impl Report {
    /// The table of a run.
    pub fn table(&self) -> String {
        let mut text = format!(
            "{} with {} tickets; each figure the median of {} runs of {} s; memory idle {:.0} MiB, peak {:.0} MiB\n\n",
            self.database, self.tickets, self.runs, self.seconds, self.idle_mib, self.peak_mib
        );
        text.push_str("operation    c |    req/s   p50 ms   p99 ms | CPU ms: server  database  client");
        text.push_str(" |  pgbench   p50 ms   p99 ms   CPU ms | ratio\n");
        for cell in &self.cells {
            let ours = &cell.server;
            let _ = write!(
                text,
                "{:<9} {:>4} | {:>8.0} {:>8.2} {:>8.2} | {:>14.3} {:>9.3} {:>7.3} |",
                cell.operation.name(),
                cell.connections,
                ours.per_second,
                ours.p50_ms,
                ours.p99_ms,
                ours.server_cpu_ms,
                ours.database_cpu_ms,
                ours.client_cpu_ms
            );
            if let (Some(limit), Some(ratio)) = (&cell.limit, cell.ratio) {
                let _ = write!(
                    text,
                    " {:>8.0} {:>8.2} {:>8.2} {:>8.3} | {ratio:>5.2}",
                    limit.per_second, limit.p50_ms, limit.p99_ms, limit.database_cpu_ms
                );
                if cell.connections == 8 {
                    let goal = goal(cell.operation);
                    let _ = write!(text, " (goal {goal:.2}: {})", if ratio >= goal { "reached" } else { "MISSED" });
                }
            }
            text.push('\n');
        }
        text
    }
}

/// How the medians grow from the smallest desk to the largest.
pub fn growth(reports: &[Report]) -> String {
    let mut text = String::from("p50 ms by number of tickets\n\noperation    c |");
    for report in reports {
        let _ = write!(text, " {:>9}", report.tickets);
    }
    text.push_str(" | growth\n");
    let (Some(first), Some(last)) = (reports.first(), reports.last()) else { return text };
    for cell in &first.cells {
        let p50 = |report: &Report| {
            let same = report.cells.iter().find(|c| (c.operation, c.connections) == (cell.operation, cell.connections));
            same.map_or(f64::NAN, |cell| cell.server.p50_ms)
        };
        let _ = write!(text, "{:<9} {:>4} |", cell.operation.name(), cell.connections);
        for report in reports {
            let _ = write!(text, " {:>9.2}", p50(report));
        }
        let growth = p50(last) / p50(first);
        let verdict = if growth <= GROWTH { "reached" } else { "MISSED" };
        let _ = writeln!(text, " | {growth:>6.2} (goal {GROWTH}: {verdict})");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(tickets: u64, p50_ms: f64) -> Report {
        let server = Measured { per_second: 400.0, p50_ms, ..Measured::default() };
        let limit = Some(Measured { per_second: 1000.0, ..Measured::default() });
        let cell = Cell { operation: Operation::Get, connections: 8, server, limit, ratio: Some(0.4) };
        Report {
            database: "postgres".to_owned(),
            tickets,
            seconds: 1,
            runs: 1,
            idle_mib: 0.0,
            peak_mib: 0.0,
            cells: vec![cell],
        }
    }

    #[test]
    fn a_goal_is_reached_or_missed_by_the_figures() {
        assert!(report(10, 1.0).table().contains("0.40 (goal 0.35: reached)"));
        assert!(growth(&[report(10, 1.0), report(1000, 1.5)]).contains("1.50 (goal 1.6: reached)"));
        assert!(growth(&[report(10, 1.0), report(1000, 1.7)]).contains("1.70 (goal 1.6: MISSED)"));
    }
}
