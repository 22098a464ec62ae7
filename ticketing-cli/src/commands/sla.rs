//! `ticketing sla explain`: how a ticket came to stand where it stands to what was promised.

use super::print;
use crate::args::{Output, SlaVerb};
use crate::config::Config;
use crate::wiring::{OpenStore, desk, operator};
use serde_json::json;
use std::fmt::Write;
use std::process::ExitCode;
use ticketing_core::Desk;
use ticketing_core::desk::SlaStory;
use ticketing_core::ids::TicketKey;
use ticketing_core::sla::{ClockState, ClockStory, Why};
use ticketing_core::time::Time;

/// Does what was asked on the store that is set, beside a server that may be running on it.
pub async fn run(config: Config, verb: SlaVerb) -> anyhow::Result<ExitCode> {
    let store = OpenStore::open(&config).await?;
    let done = async {
        store.migrate().await?;
        let desk = desk(&config, store.port(), config.settings.app_url.as_deref().unwrap_or_default())?;
        match verb {
            SlaVerb::Explain { ticket, output } => explain(&desk, &ticket, output).await,
        }
    };
    let done = done.await;
    store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn explain(desk: &Desk, ticket: &TicketKey, output: Output) -> anyhow::Result<()> {
    let story = desk.sla_story(operator(), ticket).await?;
    if output.json { print(&json!(story).to_string()) } else { print(told(&story).trim_end()) }
}

/// The story for people. Writing to a text does not fail.
fn told(story: &SlaStory) -> String {
    let mut text = String::new();
    let Some(policy) = &story.policy else { return "nothing is promised to this ticket".to_owned() };
    let name = policy.name.as_deref().unwrap_or("a policy that is deleted");
    let _ = writeln!(text, "{name}, version {}; it is {}", policy.version, moment(story.now));
    if let Some(since) = story.paused_since {
        let _ = writeln!(text, "paused since {}", moment(since));
    }
    if story.is_cut {
        text.push_str("the ticket has more events than are looked at: not all of the time is told as it was\n");
    }
    for clock in &story.clocks {
        tell(clock, &mut text);
    }
    text
}

fn tell(clock: &ClockStory, text: &mut String) {
    let kind = if clock.working_time { "working time" } else { "all time" };
    let _ = writeln!(text, "\n{}: {} of {kind} from {}", clock.metric, clock.target, moment(clock.started_at));
    let end = match (clock.state, clock.due_at, clock.breached_at, clock.met_at) {
        (ClockState::Breached, _, Some(at), met) => {
            let met = met.map_or_else(String::new, |met| format!(", done {}", moment(met)));
            format!("broken {}{met}", moment(at))
        }
        (ClockState::Met, _, _, Some(at)) => format!("kept {}", moment(at)),
        (ClockState::Running, Some(at), ..) => format!("due {}", moment(at)),
        (ClockState::Running, None, ..) => "never due: the calendar never opens again".to_owned(),
        (ClockState::Stopped, ..) => "stopped: the ticket was over first".to_owned(),
        _ => "paused".to_owned(),
    };
    let (spent, left) = (length(clock.spent_seconds), length(clock.left_seconds));
    let _ = writeln!(text, "  {end}; {spent} counted, {left} left");
    if clock.is_cut {
        text.push_str("  older stretches are left out\n");
    }
    for stretch in &clock.stretches {
        let why = match &stretch.why {
            Why::Counted => "counted".to_owned(),
            Why::Closed { holidays } if holidays.is_empty() => "closed".to_owned(),
            Why::Closed { holidays } => format!("closed ({})", holidays.join(", ")),
            Why::Paused { status } => format!("paused: {status}"),
            Why::Over { status } => format!("over: {status}"),
        };
        let length = length((stretch.to - stretch.from).num_seconds());
        let _ = writeln!(text, "  {} to {}  {length:>9}  {why}", moment(stretch.from), moment(stretch.to));
    }
}

fn moment(at: Time) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// Hours, minutes and seconds.
fn length(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    format!("{sign}{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_hours_minutes_and_seconds() {
        assert_eq!([length(0), length(3_661), length(-59)], ["0:00:00", "1:01:01", "-0:00:59"]);
    }
}
