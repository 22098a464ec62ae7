//! Log lines, on stderr.

use crate::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

/// Starts writing log lines. `quiet` is for verbs that answer and end: they say only what is wrong,
/// unless somebody asked for more.
pub fn start(config: &Config, quiet: bool) {
    let filter = match (quiet, config.origin("RUST_LOG")) {
        (true, None) => EnvFilter::new("warn"),
        _ => EnvFilter::new(&config.settings.rust_log),
    };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.settings.log_format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
}
