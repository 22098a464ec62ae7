//! `ticketing mail deliver`: a mail server hands one mail over. It hears by the exit code whether the desk has it
//! (`sysexits.h`), and keeps it where it is to come again.

use super::print;
use crate::args::{MailVerb, Output};
use crate::config::{BadSetting, Config, Database};
use crate::log;
use crate::wiring::{self, OpenStore};
use axum::body::Bytes;
use std::io::{IsTerminal, Read};
use std::process::ExitCode;
use ticketing_core::desk::{Delivery, MailboxFor, TakenIn};
use ticketing_core::model::{ArrivalDoor, Envelope};
use ticketing_core::{Desk, Error};
use uuid::Uuid;

/// `EX_USAGE`: it was called wrongly.
pub const USAGE: u8 = 64;
/// `EX_DATAERR`: no mail, or one that is too large.
const DATA: u8 = 65;
/// `EX_NOUSER`: the desk has no such address.
const NO_USER: u8 = 67;
/// `EX_TEMPFAIL`: not now.
const LATER: u8 = 75;
/// `EX_CONFIG`: what is set can't be accepted.
const CONFIG: u8 = 78;

/// Why a mail was not taken in: the code for the mail server, and a line for its log.
struct NotTaken(u8, String);

impl From<BadSetting> for NotTaken {
    fn from(bad: BadSetting) -> Self {
        Self(if bad.on_command_line { USAGE } else { CONFIG }, bad.to_string())
    }
}

impl From<anyhow::Error> for NotTaken {
    /// Whatever is not plainly about the mail or a setting may be right again in a while.
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<BadSetting>() {
            Ok(bad) => bad.into(),
            Err(error) => Self(LATER, format!("{error:#}")),
        }
    }
}

impl From<Error> for NotTaken {
    fn from(error: Error) -> Self {
        match &error {
            Error::Invalid(fields) => {
                let lines: Vec<_> = fields.iter().map(|field| format!("{}: {}", field.field, field.message)).collect();
                Self(DATA, lines.join(" "))
            }
            _ => anyhow::Error::new(error).into(),
        }
    }
}

/// Takes the mail on stdin in.
pub fn run(config: Result<Config, BadSetting>, verb: MailVerb) -> ExitCode {
    let MailVerb::Deliver { from, to, output } = verb;
    match taken(config, Envelope { from, to }).and_then(|taken| Ok(tell(taken, output)?)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(NotTaken(code, why)) => {
            eprintln!("ticketing: {}", why.split_whitespace().collect::<Vec<_>>().join(" "));
            ExitCode::from(code)
        }
    }
}

/// A mail server takes whatever is printed for an error, so nothing is unless somebody asks.
fn tell(taken: TakenIn, output: Output) -> anyhow::Result<()> {
    if output.json {
        print(&serde_json::json!({ "id": taken.id, "is_known": taken.is_known }).to_string())?;
    }
    Ok(())
}

fn taken(config: Result<Config, BadSetting>, envelope: Envelope) -> Result<TakenIn, NotTaken> {
    let config = config?;
    log::start(&config, true);
    let raw = mail_on_stdin(config.settings.max_mail_size)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|error| NotTaken(LATER, format!("no runtime: {error}")))?;
    runtime.block_on(async {
        let store = open(&config).await?;
        let taken = deliver(&config, &store, envelope, raw).await;
        store.close().await;
        taken
    })
}

/// The mail, as far as it has to be read to know that it is too large.
fn mail_on_stdin(most: usize) -> Result<Bytes, NotTaken> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Err(NotTaken(USAGE, "hand the mail over on stdin: ticketing mail deliver < message".to_owned()));
    }
    let mut raw = Vec::new();
    let read = stdin.lock().take((most as u64).saturating_add(1)).read_to_end(&mut raw);
    read.map_err(|error| NotTaken(LATER, format!("stdin can't be read: {error}")))?;
    Ok(raw.into())
}

/// The desk's store. One that is not there or not up to date is not made here: mail would go where nobody reads it.
async fn open(config: &Config) -> Result<OpenStore, NotTaken> {
    if let Database::Sqlite(path) = &config.database
        && !path.exists()
    {
        let why = format!("there is no desk at {}; set DATA_DIR, or make it: ticketing migrate", path.display());
        return Err(NotTaken(LATER, why));
    }
    let store = OpenStore::open(config).await?;
    let why = match store.pending_migrations().await {
        Ok(pending) if pending.is_empty() => return Ok(store),
        Ok(_) => "the store is not up to date: ticketing migrate".to_owned(),
        Err(error) => format!("{:#}", anyhow::Error::new(error)),
    };
    store.close().await;
    Err(NotTaken(LATER, why))
}

async fn deliver(config: &Config, store: &OpenStore, envelope: Envelope, raw: Bytes) -> Result<TakenIn, NotTaken> {
    let app_url = config.settings.app_url.as_deref().unwrap_or_default();
    let desk = wiring::desk_with_files(config, store.port(), app_url).await?;
    desk.check_size(raw.len())?;
    let mailbox_id = mailbox(&desk, &envelope.to).await?;
    let delivery = Delivery { mailbox_id, envelope, ..Delivery::by(ArrivalDoor::Pipe) };
    Ok(desk.take_in(&delivery, raw).await?)
}

/// The first mailbox among those whom the mail is for; none where that is not said, or the desk has no mailboxes yet.
async fn mailbox(desk: &Desk, to: &[String]) -> Result<Option<Uuid>, NotTaken> {
    let mut has_none = to.is_empty();
    for address in to {
        match desk.mailbox_for(address).await? {
            MailboxFor::Mailbox(id) => return Ok(Some(id)),
            MailboxFor::Unset => has_none = true,
            MailboxFor::Unknown => {}
        }
    }
    if has_none { Ok(None) } else { Err(NotTaken(NO_USER, format!("the desk has no mailbox {}", to.join(", ")))) }
}
