//! `ticketing import FILE`: a desk that was exported, or a table of people, companies or tickets.

use super::export::{beside, files_of};
use super::print;
use super::progress::Progress;
use crate::args::ImportVerb;
use crate::config::Config;
use crate::wiring::{OpenStore, desk_with_files, folder, operator};
use anyhow::Context;
use serde_json::json;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use ticketing_core::Desk;
use ticketing_core::desk::import::{CsvFormat, CsvImport, CsvReport};
use ticketing_core::desk::transfer::{DeskImport, ImportTally, is_desk_file};
use ticketing_core::port::BlobStore;

/// How much of a file shows whether it is a desk's.
const BEGINNING: u64 = 64;

/// Takes the file in on the store that is set, a table also beside a server that is running on it.
pub async fn run(config: Config, verb: ImportVerb) -> anyhow::Result<ExitCode> {
    let is_desk = is_desk(&verb.file)?;
    let store = OpenStore::open(&config).await?;
    let done = async {
        store.migrate().await?;
        let app_url = config.settings.app_url.as_deref().unwrap_or_default();
        let desk = desk_with_files(&config, store.port(), app_url).await?;
        if is_desk { take_desk(&desk, &verb).await } else { take_table(&desk, &verb).await }
    };
    let done = done.await;
    store.close().await;
    done
}

fn is_desk(path: &Path) -> anyhow::Result<bool> {
    let mut beginning = Vec::new();
    let file = File::open(path).with_context(|| format!("{} can't be opened", path.display()))?;
    let read = file.take(BEGINNING).read_to_end(&mut beginning);
    read.with_context(|| format!("{} can't be read", path.display()))?;
    Ok(is_desk_file(&beginning))
}

fn open(path: &Path) -> std::io::Result<Box<dyn BufRead + Send>> {
    Ok(Box::new(BufReader::with_capacity(256 * 1024, File::open(path)?)))
}

async fn take_desk(desk: &Desk, verb: &ImportVerb) -> anyhow::Result<ExitCode> {
    let of_table = verb.kind.is_some() || verb.delimiter.is_some() || !verb.columns.is_empty() || verb.skip_bad;
    if of_table || verb.name.is_some() {
        anyhow::bail!(super::WrongUsage("FILE is a desk; only --dry-run and --json say anything about one"));
    }
    let path = files_of(&verb.file);
    let files = if path.is_dir() { Some(folder(&path).await?) } else { None };
    let options = DeskImport { dry_run: verb.dry_run, files: files.as_ref().map(|files| files as &dyn BlobStore) };
    let mut progress = Progress::new("lines");
    let again = || open(&verb.file);
    let tally = desk.import_desk(operator(), &options, &again, &mut |done| progress.tell(done)).await;
    progress.end();
    let tally = tally.with_context(|| verb.file.display().to_string())?;
    if verb.output.json {
        print(&json!(tally).to_string())?;
    } else {
        tell_desk(&tally, verb, files.is_some())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell_desk(tally: &ImportTally, verb: &ImportVerb, has_files: bool) -> anyhow::Result<()> {
    let counts: Vec<String> = tally.footer.counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
    let what = match (tally.was_whole, verb.dry_run, tally.is_resumed) {
        (true, _, _) => "was taken in before",
        (false, true, true) => "would go on",
        (false, true, false) => "would be taken in",
        (false, false, true) => "is in now; an earlier import had begun",
        (false, false, false) => "is in",
    };
    print(&format!("{}, as of {}, {what}: {}", tally.header.desk, tally.header.made_at, counts.join(", ")))?;
    let named = tally.footer.counts.get("attachment").copied().unwrap_or_default();
    if tally.missing_files > 0 {
        eprintln!("{} files have no bytes in {}", tally.missing_files, files_of(&verb.file).display());
    } else if named > 0 && !has_files {
        eprintln!("the bytes of {named} files are not in it: copy the folder that the desk keeps them in");
    }
    Ok(())
}

async fn take_table(desk: &Desk, verb: &ImportVerb) -> anyhow::Result<ExitCode> {
    let name = verb.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let options = CsvImport {
        kind: verb.kind,
        format: CsvFormat { delimiter: verb.delimiter, columns: verb.columns.clone() },
        name: verb.name.clone().unwrap_or(name),
        dry_run: verb.dry_run,
        skip_bad: verb.skip_bad,
    };
    let path = beside(&verb.file, ".rejected.csv");
    let mut rejected = if verb.skip_bad {
        Some(File::create(&path).with_context(|| format!("{} can't be made", path.display()))?)
    } else {
        None
    };
    let mut progress = Progress::new("lines");
    let again = || open(&verb.file);
    let out = rejected.as_mut().map(|file| file as &mut (dyn Write + Send));
    let report = desk.import_csv(operator(), &options, &again, out, &mut |done| progress.tell(done.rows)).await;
    progress.end();
    if rejected.is_some() && report.as_ref().is_ok_and(|report| report.wrong_rows == 0) {
        std::fs::remove_file(&path).with_context(|| format!("{} can't be removed", path.display()))?;
    }
    let report = report.with_context(|| verb.file.display().to_string())?;
    if verb.output.json {
        print(&json!(report).to_string())?;
    } else {
        tell_table(&report)?;
    }
    Ok(if report.is_accepted { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn tell_table(report: &CsvReport) -> anyhow::Result<()> {
    for wrong in &report.wrong {
        let error = &wrong.error;
        print(&format!("line {}: {}: {} ({})", wrong.line, error.field, error.message, error.code))?;
    }
    if report.wrong_rows > 0 {
        let codes: Vec<String> = report.wrong_by_code.iter().map(|(code, count)| format!("{code} {count}")).collect();
        print(&format!("{} lines are wrong: {}", report.wrong_rows, codes.join(", ")))?;
    }
    let CsvReport { kind, rows, made, known, new_customers, .. } = report;
    let done = match (report.dry_run, report.is_accepted) {
        (true, _) => "would be made",
        (false, true) => "were made",
        (false, false) => "could be made; nothing was written",
    };
    let customers = if *new_customers > 0 { format!(", and {new_customers} customers") } else { String::new() };
    print(&format!("{rows} lines of {kind}: {made} {done}{customers}; {known} are here already"))
}
