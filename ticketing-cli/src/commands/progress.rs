//! How far long work has come, where somebody watches.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

/// How often the line is written anew.
const PACE: Duration = Duration::from_millis(200);

/// One line on stderr that is written over and over; nothing where that is no terminal.
pub struct Progress {
    what: &'static str,
    is_shown: bool,
    since: Instant,
    told: Option<Instant>,
}

impl Progress {
    /// Nothing is done yet.
    pub fn new(what: &'static str) -> Self {
        Self { what, is_shown: std::io::stderr().is_terminal(), since: Instant::now(), told: None }
    }

    /// So much is done.
    pub fn tell(&mut self, done: u64) {
        if !self.is_shown || self.told.is_some_and(|told| told.elapsed() < PACE) {
            return;
        }
        self.told = Some(Instant::now());
        let seconds = self.since.elapsed().as_secs();
        let mut stderr = std::io::stderr().lock();
        // Where nobody can be told, the work goes on.
        let _ = write!(stderr, "\r\x1b[2K{done} {} in {seconds} s", self.what);
        let _ = stderr.flush();
    }

    /// The line goes.
    pub fn end(self) {
        if self.told.is_some() {
            eprint!("\r\x1b[2K");
        }
    }
}
