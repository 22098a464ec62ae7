//! `ticketing workflow …`: rules looked through, tried and carried from desk to desk, from the command line.

mod file;
pub mod test;
mod told;

use super::print;
use crate::args::{Output, WorkflowVerb};
use crate::config::Config;
use crate::wiring::{OpenStore, desk, operator};
use anyhow::Context;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use ticketing_core::Desk;
use ticketing_core::desk::{
    ImportedWorkflow, ImportedWorkflows, NewWorkflow, Stretch, WorkflowImport, WorkflowUnderTest,
};
use ticketing_core::ids::TicketKey;
use ticketing_core::workflow::backtest::{Report, Tally};
use ticketing_core::workflow::trace::EffectTrace;

/// Does what was asked on the store that is set, beside a server that may be running on it.
pub async fn run(config: Config, verb: WorkflowVerb) -> anyhow::Result<ExitCode> {
    let store = OpenStore::open(&config).await?;
    let done = async {
        store.migrate().await?;
        let desk = desk(&config, store.port(), config.settings.app_url.as_deref().unwrap_or_default())?;
        perform(&desk, verb).await
    };
    let done = done.await;
    store.close().await;
    done
}

async fn perform(desk: &Desk, verb: WorkflowVerb) -> anyhow::Result<ExitCode> {
    match verb {
        WorkflowVerb::Test { file, filter, output } => return test::run(&file, filter.as_deref(), output).await,
        WorkflowVerb::Lint { file, output } => return lint(desk, &file, output).await,
        WorkflowVerb::DryRun { file, ticket, output } => dry_run(desk, &file, &ticket, output).await?,
        WorkflowVerb::Backtest { file, from, to, output } => {
            let stretch = Stretch { from, to: to.unwrap_or_else(|| desk.now()) };
            backtest(desk, &file, stretch, output).await?;
        }
        WorkflowVerb::Export { file, output } => export(desk, file.as_deref(), output).await?,
        WorkflowVerb::Import { file, dry_run, output } => import(desk, &file, dry_run, output).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn lint(desk: &Desk, path: &Path, output: Output) -> anyhow::Result<ExitCode> {
    let rules = file::rules(path)?.workflows;
    let report = desk.lint_drafts(operator(), &rules).await?;
    let found = !report.warnings.is_empty();
    if output.json {
        print(&json!(report).to_string())?;
    } else if found {
        for warning in &report.warnings {
            print(&format!("{}: {}", warning.code, warning.message))?;
        }
    } else {
        print(&format!("nothing is wrong with {} rules", rules.len()))?;
    }
    Ok(if found { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn dry_run(desk: &Desk, path: &Path, ticket: &TicketKey, output: Output) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for rule in file::rules(path)?.workflows {
        let name = name(&rule);
        let found = desk.dry_run_workflow(operator(), draft(rule), ticket).await;
        let found = found.with_context(|| name.clone())?;
        if output.json {
            let mut value = json!(found);
            value["name"] = name.into();
            all.push(value);
        } else {
            print(told::dry_run(&name, &found).trim_end())?;
        }
    }
    if output.json { print(&Value::from(all).to_string()) } else { Ok(()) }
}

async fn backtest(desk: &Desk, path: &Path, stretch: Stretch, output: Output) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for rule in file::rules(path)?.workflows {
        let name = name(&rule);
        let found = desk.backtest_workflow(operator(), draft(rule), stretch, |_| ()).await;
        let found = found.with_context(|| name.clone())?;
        if output.json {
            let mut value = json!(found);
            value["name"] = name.into();
            all.push(value);
        } else {
            print(summed_up(&name, &found).trim_end())?;
        }
    }
    if output.json { print(&Value::from(all).to_string()) } else { Ok(()) }
}

/// A trial over history for people.
fn summed_up(name: &str, found: &Report) -> String {
    let Report { events, changes, matched, differences, .. } = found;
    let mut text = format!("{name}: would have fired in {matched} of {changes} changes ({events} events)\n");
    let effects =
        |tally: &Tally| tally.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ");
    if !found.effects.is_empty() {
        let _ = writeln!(text, "  would have done {}", effects(&found.effects));
    }
    if !found.current_effects.is_empty() {
        let _ = writeln!(text, "  the rules that are switched on do {}", effects(&found.current_effects));
    }
    let _ = writeln!(text, "  {differences} changes would have come out otherwise");
    for difference in &found.differs_from_current {
        let kinds = |all: &[EffectTrace]| {
            let kinds: Vec<&str> = all.iter().map(|effect| effect.kind.as_str()).collect();
            if kinds.is_empty() { "nothing".to_owned() } else { kinds.join(", ") }
        };
        let (draft, current) = (kinds(&difference.draft), kinds(&difference.current));
        let _ = writeln!(text, "  {} at {}: {draft} instead of {current}", difference.ticket, difference.at);
    }
    text
}

async fn export(desk: &Desk, path: Option<&Path>, output: Output) -> anyhow::Result<()> {
    let rules = desk.export_workflows(operator()).await?;
    let text = file::written(&rules, output.json || path.is_some_and(file::is_json))?;
    match path {
        None => print(text.trim_end()),
        Some(path) => {
            let text = format!("{}\n", text.trim_end());
            std::fs::write(path, text).with_context(|| format!("{} can't be written", path.display()))?;
            print(&format!("wrote {} rules to {}", rules.workflows.len(), path.display()))
        }
    }
}

async fn import(desk: &Desk, path: &Path, dry_run: bool, output: Output) -> anyhow::Result<()> {
    let input = WorkflowImport { dry_run, ..file::rules(path)? };
    let done = desk.import_workflows(operator(), input).await?;
    if output.json {
        return print(&json!(done).to_string());
    }
    let ImportedWorkflows { created, updated, unchanged } = &done;
    let would = if dry_run { "would be " } else { "" };
    for (what, rules) in [("created", created), ("updated", updated), ("unchanged", unchanged)] {
        for ImportedWorkflow { name, version, .. } in rules {
            print(&format!("{would}{what}: {name} (version {version})"))?;
        }
    }
    Ok(())
}

fn name(rule: &NewWorkflow) -> String {
    rule.0.name.as_ref().map(|name| name.trim().to_owned()).unwrap_or_default()
}

fn draft(rule: NewWorkflow) -> WorkflowUnderTest {
    WorkflowUnderTest::Draft(Box::new(rule))
}
