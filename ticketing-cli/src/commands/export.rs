//! `ticketing export FILE`: the whole desk, to be taken in elsewhere.

use super::print;
use super::progress::Progress;
use crate::args::ExportVerb;
use crate::config::Config;
use crate::wiring::{OpenStore, desk_with_files, folder, operator};
use anyhow::Context;
use serde_json::json;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use ticketing_core::Desk;
use ticketing_core::desk::transfer::{DeskExport, ExportTally};
use ticketing_core::port::BlobStore;

/// Writes down the desk that is set, beside a server that may be running on it.
pub async fn run(config: Config, verb: ExportVerb) -> anyhow::Result<ExitCode> {
    let store = OpenStore::open(&config).await?;
    let done = async {
        store.migrate().await?;
        let app_url = config.settings.app_url.as_deref().unwrap_or_default();
        let desk = desk_with_files(&config, store.port(), app_url).await?;
        export(&desk, &verb).await
    };
    let done = done.await;
    store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn export(desk: &Desk, verb: &ExportVerb) -> anyhow::Result<()> {
    let to_stdout = verb.file.as_os_str() == "-";
    if to_stdout && verb.files {
        anyhow::bail!(super::WrongUsage("--files needs a FILE to lie beside"));
    }
    let files = if verb.files { Some(folder(&files_of(&verb.file)).await?) } else { None };
    let files = files.as_ref().map(|files| files as &dyn BlobStore);
    let options = DeskExport { with_secrets: verb.with_secrets, files };
    if to_stdout {
        write(desk, &options, &mut BufWriter::new(std::io::stdout())).await?;
        return Ok(());
    }
    // Nobody takes for whole what was cut off, and what a desk knows is for its owner's eyes.
    let part = beside(&verb.file, ".part");
    let name = part.display();
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part);
    let mut out = BufWriter::new(file.with_context(|| format!("{name} can't be made"))?);
    let tally = write(desk, &options, &mut out).await?;
    let file: File = out.into_inner().with_context(|| format!("{name} can't be written"))?;
    file.sync_all().with_context(|| format!("{name} can't be written"))?;
    std::fs::rename(&part, &verb.file).with_context(|| format!("{} can't be made", verb.file.display()))?;
    tell(&tally, verb)
}

async fn write(desk: &Desk, options: &DeskExport<'_>, out: &mut (dyn Write + Send)) -> anyhow::Result<ExportTally> {
    let mut progress = Progress::new("tickets");
    let tally = desk.export_desk(operator(), options, out, &mut |done| progress.tell(done)).await;
    progress.end();
    Ok(tally?)
}

fn tell(tally: &ExportTally, verb: &ExportVerb) -> anyhow::Result<()> {
    if verb.output.json {
        return print(&json!(tally).to_string());
    }
    let counts: Vec<String> = tally.counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
    print(&format!("{}: {}", verb.file.display(), counts.join(", ")))?;
    print(&format!("left out: {}", tally.left_out.join(", ")))?;
    if verb.files {
        print(&format!("{}: {} files", files_of(&verb.file).display(), tally.files))?;
    }
    if tally.missing_files > 0 {
        eprintln!("{} files have no bytes any more", tally.missing_files);
    }
    Ok(())
}

/// The folder for the bytes of a desk's files.
pub(super) fn files_of(file: &Path) -> PathBuf {
    beside(file, ".files")
}

/// A path with something behind its name.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(ending);
    path.into()
}
