//! `ticketing workflow test …`: rules held to scenarios, without a store and without settings.

use super::{file, told};
use crate::args::Output;
use crate::commands::{WrongUsage, print};
use anyhow::{Context, bail};
use serde_json::json;
use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use ticketing_core::Desk;
use ticketing_core::input::Input;
use ticketing_core::scenario::{RuleSource, ScenarioFile, ScenarioReport, Suite, Unmet, UnmetKind};

/// Plays the scenarios of a file, or those of them that have this in their names.
pub async fn run(path: &Path, filter: Option<&str>, output: Output) -> anyhow::Result<ExitCode> {
    let suite = suite(path).context(WrongUsage("the scenarios can't be read"))?;
    let mut reports = Vec::new();
    for (place, scenario) in suite.scenarios().iter().enumerate() {
        if filter.is_some_and(|text| !scenario.name.contains(text)) {
            continue;
        }
        let Some(report) = suite.play(place, Desk::builder()).await else { continue };
        if !output.json {
            print(said(&report).trim_end())?;
        }
        reports.push(report);
    }
    if reports.is_empty() {
        bail!("there is no such scenario");
    }
    let (all, passed) = (reports.len(), reports.iter().filter(|report| report.passed).count());
    if output.json {
        print(&json!({ "passed": passed, "failed": all - passed, "scenarios": reports }).to_string())?;
    } else {
        print(&format!("{passed} of {all} scenarios passed"))?;
    }
    Ok(if passed == all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The scenarios of a file with the rules that it names, whose paths begin where the file is.
fn suite(path: &Path) -> anyhow::Result<Suite> {
    let name = || path.display().to_string();
    let read = ScenarioFile::from_json(file::value(path)?).with_context(name)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut sources = Vec::with_capacity(read.rules.len());
    for name in &read.rules {
        let workflows = file::rules(&folder.join(name))?.workflows;
        sources.push(RuleSource { name: name.clone(), workflows });
    }
    read.suite(sources).with_context(name)
}

/// How a scenario came out, for people.
fn said(report: &ScenarioReport) -> String {
    let verdict = if report.passed { "ok" } else { "FAILED" };
    let mut text = format!("{verdict}  {}\n", report.name);
    for unmet in &report.unmet {
        let Unmet { at, expected, actual, .. } = unmet;
        // Writing to a text does not fail.
        let _ = match unmet.kind {
            UnmetKind::Differs => writeln!(text, "  {at}: expected {expected}, is {actual}"),
            UnmetKind::Missing => writeln!(text, "  {at}: expected {expected}, not among {actual}"),
            UnmetKind::Unexpected => writeln!(text, "  {at}: not expected: {actual}"),
        };
        unmet.rules.iter().for_each(|story| text.push_str(&told::story(story, 2)));
    }
    if let Some(why) = &report.broken {
        let _ = writeln!(text, "  {why}");
    }
    text
}
