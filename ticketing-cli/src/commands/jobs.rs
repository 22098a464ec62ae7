//! `ticketing jobs …`: what the workers have to do, from the command line.

use super::print;
use crate::args::{JobsVerb, Output};
use crate::config::Config;
use crate::wiring::{OpenStore, desk, operator};
use std::process::ExitCode;
use ticketing_core::desk::{JobView, WholeJob};
use ticketing_core::model::{JobKind, JobState};
use ticketing_core::port::{Clock, JobQuery, SystemClock};
use ticketing_core::{Desk, JobId};

/// How many jobs are asked for at once.
const PAGE: usize = 500;

/// Does what was asked on the store that is set, beside a server that may be running on it.
pub async fn run(config: Config, verb: JobsVerb) -> anyhow::Result<ExitCode> {
    let store = OpenStore::open(&config).await?;
    let done = async {
        store.migrate().await?;
        let desk = desk(&config, store.port(), config.settings.app_url.as_deref().unwrap_or_default())?;
        perform(&desk, verb).await
    };
    let done = done.await;
    store.close().await;
    done?;
    Ok(ExitCode::SUCCESS)
}

async fn perform(desk: &Desk, verb: JobsVerb) -> anyhow::Result<()> {
    match verb {
        JobsVerb::List { states, kinds, limit, output } => {
            let query = JobQuery { states, kinds, limit: usize::from(limit), ..JobQuery::default() };
            list(desk, query, output).await
        }
        JobsVerb::Show { id, output } => show(&desk.job(operator(), id).await?, output),
        JobsVerb::Retry { id: Some(id), output, .. } => {
            let job = desk.retry_job(operator(), id).await?;
            tell(output, &serde_json::json!(job), || format!("{} is done again", job.id))
        }
        JobsVerb::Retry { kinds, output, .. } => {
            let count = retry_dead(desk, kinds).await?;
            tell(output, &serde_json::json!({ "retried": count }), || format!("{count} jobs are done again"))
        }
        JobsVerb::Purge { older_than, states, output } => {
            let states = if states.is_empty() { vec![JobState::Done, JobState::Dead] } else { states };
            let count = desk.purge_jobs(operator(), states, SystemClock.now() - older_than).await?;
            tell(output, &serde_json::json!({ "purged": count }), || format!("forgot {count} jobs"))
        }
    }
}

fn tell(output: Output, json: &serde_json::Value, text: impl FnOnce() -> String) -> anyhow::Result<()> {
    print(&if output.json { json.to_string() } else { text() })
}

async fn list(desk: &Desk, query: JobQuery, output: Output) -> anyhow::Result<()> {
    let counts = desk.job_counts(operator()).await?;
    let jobs = desk.jobs(operator(), query).await?.items;
    if output.json {
        let counts: Vec<_> = counts
            .iter()
            .map(|count| {
                serde_json::json!({
                    "kind": count.kind, "state": count.state, "count": count.count, "oldest_due": count.oldest_due
                })
            })
            .collect();
        return print(&serde_json::json!({ "counts": counts, "items": jobs }).to_string());
    }
    for count in counts.iter().filter(|count| count.count > 0) {
        let since = count.oldest_due.map(|at| format!(", the oldest due {}", at.format("%FT%TZ"))).unwrap_or_default();
        print(&format!("{} {}: {}{since}", count.kind, count.state, count.count))?;
    }
    for job in &jobs {
        print(&line(job))?;
    }
    Ok(())
}

fn line(job: &JobView) -> String {
    let why = job.last_error.as_deref().map(|why| format!("  {}", one_line(why))).unwrap_or_default();
    let due = job.due_at.format("%FT%TZ");
    format!(
        "{}  {:<13} {:<7} due {due}  {} attempts  {}{why}",
        job.id,
        job.kind.as_str(),
        job.state.as_str(),
        job.attempts,
        job.lane
    )
}

fn show(job: &WholeJob, output: Output) -> anyhow::Result<()> {
    if output.json {
        return print(&serde_json::to_string(job)?);
    }
    print(&line(&job.job))?;
    for attempt in &job.attempts_made {
        let code = attempt.status_code.map(|code| format!("{code} ")).unwrap_or_default();
        let said = attempt.error.as_deref().or(attempt.response.as_deref()).unwrap_or_default();
        let at = attempt.at.format("%FT%T%.3fZ");
        print(&format!("  {at}  {} ms  {code}{}", attempt.duration_ms, one_line(said)))?;
    }
    print(&serde_json::to_string_pretty(&job.payload)?)
}

/// What a stranger's server said, as one line that no terminal takes for a command.
fn one_line(said: &str) -> String {
    let visible: String = said.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All that were given up, newest first, a page at a time, but mails that were held back: sending all of them at
/// once is what they were held back for.
async fn retry_dead(desk: &Desk, kinds: Vec<JobKind>) -> anyhow::Result<u64> {
    let mut query = JobQuery { states: vec![JobState::Dead], kinds, limit: PAGE, ..JobQuery::default() };
    let mut count = 0;
    loop {
        let page = desk.jobs(operator(), query.clone()).await?;
        let is_held = |job: &&JobView| job.last_error.as_deref().is_some_and(|why| why.starts_with("held back"));
        for job in page.items.iter().filter(|job| !is_held(job)) {
            match desk.retry_job(operator(), job.id).await {
                Ok(_) => count += 1,
                // Somebody else was faster.
                Err(ticketing_core::Error::Conflict { .. } | ticketing_core::Error::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let Some(next) = page.next else { return Ok(count) };
        query.after = Some(JobId(next.id));
    }
}
