//! The verbs, a file each, and what the process says about how they went.

mod audit;
mod completions;
mod demo;
mod doctor;
mod export;
mod import;
mod jobs;
mod mail;
mod migrate;
mod openapi;
mod person;
mod progress;
mod serve;
mod sla;
mod user;
mod worker;
mod workflow;

use crate::args::{Arguments, Verb, WorkflowVerb};
use crate::config::{BadSetting, Config, Sources};
use crate::log;
use anyhow::Context;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

/// Does what was asked. A failure is one line on stderr.
pub fn run(arguments: Arguments) -> ExitCode {
    match perform(arguments) {
        Ok(code) => code,
        Err(error) => {
            let line = format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ");
            eprintln!("ticketing: {line}");
            exit_code(&error)
        }
    }
}

/// Says what was typed wrongly, or what was asked about the program itself. Mail servers have codes of their own.
pub fn misused(error: &clap::Error) -> ExitCode {
    // Where nobody can be told, the code says enough.
    let _ = error.print();
    if !error.use_stderr() {
        return ExitCode::SUCCESS;
    }
    let typed: Vec<_> = std::env::args_os().collect();
    let delivers = typed.windows(2).any(|pair| pair[0] == "mail" && pair[1] == "deliver");
    ExitCode::from(if delivers { mail::USAGE } else { 2 })
}

/// Something that the verb needs was not typed.
#[derive(Debug)]
struct WrongUsage(&'static str);

impl std::fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for WrongUsage {}

/// A bad flag is wrong usage (2), and so is a missing one; everything else failed (1).
fn exit_code(error: &anyhow::Error) -> ExitCode {
    let typed = error.downcast_ref::<BadSetting>().is_some_and(|bad| bad.on_command_line);
    ExitCode::from(if typed || error.is::<WrongUsage>() { 2 } else { 1 })
}

fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let sources = Sources {
        flags: &arguments.flags.settings,
        environment: std::env::vars_os().collect(),
        file: arguments.flags.config.as_deref(),
    };
    let config = || Config::load(&sources);
    match arguments.verb {
        Verb::Audit(verb) => in_runtime(audit::run(logged(config()?, true), verb)),
        Verb::Completions { shell } => completions::run(shell),
        Verb::Doctor { output } => in_runtime(doctor::run(config(), output)),
        Verb::Export(verb) => in_runtime(export::run(logged(config()?, true), verb)),
        Verb::Import(verb) => in_runtime(import::run(logged(config()?, true), verb)),
        Verb::Serve { demo, demo_until } => in_runtime(serve::run(logged(config()?, false), demo, demo_until)),
        Verb::Jobs(verb) => in_runtime(jobs::run(logged(config()?, true), verb)),
        Verb::Mail(verb) => Ok(mail::run(config(), verb)),
        Verb::Migrate { output } => in_runtime(migrate::run(logged(config()?, true), output)),
        Verb::Openapi => openapi::run(),
        Verb::Sla(verb) => in_runtime(sla::run(logged(config()?, true), verb)),
        Verb::User(verb) => in_runtime(user::run(logged(config()?, true), verb)),
        // It needs no store, and so nothing that is set.
        Verb::Workflow(WorkflowVerb::Test { file, filter, output }) => {
            in_runtime(workflow::test::run(&file, filter.as_deref(), output))
        }
        Verb::Workflow(verb) => in_runtime(workflow::run(logged(config()?, true), verb)),
        Verb::Worker => in_runtime(worker::run(logged(config()?, false))),
    }
}

fn logged(config: Config, quiet: bool) -> Config {
    log::start(&config, quiet);
    config
}

fn in_runtime(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no runtime")?.block_on(work)
}

/// Writes a line to stdout. A reader that has seen enough and left, such as `head`, is no failure.
fn print(line: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{line}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("stdout can't be written"),
        _ => Ok(()),
    }
}
