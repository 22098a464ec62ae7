//! What the sockets of this node cost and carry, for Prometheus.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Upper bounds of the time from a commit to its sockets, milliseconds.
const BOUNDS: [u64; 8] = [5, 10, 25, 50, 100, 250, 1_000, 5_000];

/// Counts since the start.
#[derive(Debug, Default)]
pub(crate) struct LiveMetrics {
    pub(super) emitted: AtomicU64,
    pub(super) dropped: AtomicU64,
    pub(super) refused: AtomicU64,
    lag: [AtomicU64; BOUNDS.len() + 1],
    lag_micros: AtomicU64,
}

impl LiveMetrics {
    /// Notes how long an event took from its commit to its sockets.
    pub(super) fn lagged(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let place = BOUNDS.iter().position(|bound| millis <= *bound).unwrap_or(BOUNDS.len());
        self.lag[place].fetch_add(1, Relaxed);
        self.lag_micros.fetch_add(u64::try_from(by.as_micros()).unwrap_or_default(), Relaxed);
    }

    /// Everything in Prometheus' text format.
    pub(crate) fn write(&self, (sockets, rooms): (usize, usize), out: &mut String) {
        // Writing to a String can't fail.
        let _ = self.try_write(sockets, rooms, out);
    }

    fn try_write(&self, sockets: usize, rooms: usize, out: &mut String) -> std::fmt::Result {
        let gauges =
            [("sockets", "Sockets that are connected.", sockets), ("rooms", "Rooms with somebody in them.", rooms)];
        for (name, help, value) in gauges {
            writeln!(out, "# HELP ticketing_live_{name} {help}")?;
            writeln!(out, "# TYPE ticketing_live_{name} gauge")?;
            writeln!(out, "ticketing_live_{name} {value}")?;
        }
        for (name, help, count) in [
            ("emitted", "Messages handed to sockets.", &self.emitted),
            ("dropped", "Messages that a slow socket had no room for.", &self.dropped),
            ("refused", "Connections that were refused.", &self.refused),
        ] {
            writeln!(out, "# HELP ticketing_live_{name}_total {help}")?;
            writeln!(out, "# TYPE ticketing_live_{name}_total counter")?;
            writeln!(out, "ticketing_live_{name}_total {}", count.load(Relaxed))?;
        }
        let name = "ticketing_live_lag_seconds";
        writeln!(out, "# HELP {name} From an event's commit to its sockets.")?;
        writeln!(out, "# TYPE {name} histogram")?;
        let mut count = 0;
        for (bound, bucket) in BOUNDS.iter().zip(&self.lag) {
            count += bucket.load(Relaxed);
            #[allow(clippy::cast_precision_loss, reason = "some seconds")]
            let seconds = *bound as f64 / 1_000.0;
            writeln!(out, "{name}_bucket{{le=\"{seconds}\"}} {count}")?;
        }
        count += self.lag.last().map_or(0, |rest| rest.load(Relaxed));
        writeln!(out, "{name}_bucket{{le=\"+Inf\"}} {count}")?;
        let seconds = Duration::from_micros(self.lag_micros.load(Relaxed)).as_secs_f64();
        writeln!(out, "{name}_sum {seconds}")?;
        writeln!(out, "{name}_count {count}")
    }
}
