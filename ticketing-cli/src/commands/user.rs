//! `ticketing user …`: people, from the command line.

use super::{person as person_verb, print};
use crate::args::{Output, PasswordSource, UserVerb};
use crate::config::Config;
use crate::server::authority;
use crate::wiring::{OpenStore, linked_desk, operator};
use anyhow::{Context, bail};
use rustix::termios::{self, LocalModes, OptionalActions};
use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use ticketing_core::Desk;
use ticketing_core::desk::{NewUser, UserPatch};
use ticketing_core::fold::fold;
use ticketing_core::ids::UserId;
use ticketing_core::input::Patch;
use ticketing_core::model::{TokenKind, User};
use ticketing_core::query::UserQuery;

/// How many people are read at a time.
const PAGE: usize = 100;

/// Does what was asked on the store that is set, beside a server that may be running on it.
pub async fn run(config: Config, verb: UserVerb) -> anyhow::Result<ExitCode> {
    let store = OpenStore::open(&config).await?;
    let done = async {
        store.migrate().await?;
        let settings = &config.settings;
        let address = format!("http://{}", authority(&settings.host, settings.port));
        let app_url = settings.app_url.as_deref().unwrap_or(&address);
        let desk = linked_desk(&config, &store, app_url).await?;
        let done = perform(&desk, verb).await;
        desk.bus().close().await;
        done
    };
    let done = done.await;
    store.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn perform(desk: &Desk, verb: UserVerb) -> anyhow::Result<()> {
    match verb {
        UserVerb::Create { email, name, role, password, output } => {
            let password = read_password(&password)?;
            let can_sign_in = password.is_some();
            let user = desk.create_user(operator(), NewUser { role, password, ..NewUser::new(email, name) }).await?;
            told(&user, output, if can_sign_in { "created" } else { "created without a password:" })
        }
        UserVerb::List { output } => list(desk, output).await,
        UserVerb::SetRole { email, role, output } => {
            let user = person(desk, &email).await?;
            let patch = UserPatch { role: Patch::Set(role), ..UserPatch::default() };
            told(&desk.update_user(operator(), user.id, patch, None).await?, output, "changed")
        }
        UserVerb::Reset { email, output } => link(desk, &email, TokenKind::Reset, output).await,
        UserVerb::Invite { email, output } => link(desk, &email, TokenKind::Invitation, output).await,
        UserVerb::Erase { person: who, yes, output } => {
            person_verb::erase(desk, &find(desk, &who).await?, yes, output).await
        }
        UserVerb::Export { person: who } => person_verb::export(desk, &find(desk, &who).await?).await,
        UserVerb::SetPassword { email, password, output } => {
            let user = person(desk, &email).await?;
            let password = match read_password(&password)? {
                Some(password) => password,
                None => from_stdin()?,
            };
            desk.set_password(operator(), user.id, &password).await?;
            told(&user, output, "changed the password of")
        }
    }
}

/// Prints the link by which a person sets a password; whoever has it can, once.
async fn link(desk: &Desk, email: &str, kind: TokenKind, output: Output) -> anyhow::Result<()> {
    let user = person(desk, email).await?;
    let token = desk.create_password_token(operator(), user.id, kind).await?;
    let url = desk.password_link(kind, &token);
    if output.json {
        print(&serde_json::json!({"url": url, "token": token}).to_string())?;
    } else {
        print(&url)?;
    }
    Ok(())
}

fn read_password(source: &PasswordSource) -> anyhow::Result<Option<String>> {
    if source.password_stdin { from_stdin().map(Some) } else { Ok(source.password.clone()) }
}

/// The first line of stdin. At a terminal it is asked for and not shown.
fn from_stdin() -> anyhow::Result<String> {
    let mut line = String::new();
    let stdin = std::io::stdin();
    let read = if stdin.is_terminal() {
        eprint!("Password: ");
        let shown = termios::tcgetattr(&stdin).context("the terminal can't be asked")?;
        let mut hidden = shown.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        termios::tcsetattr(&stdin, OptionalActions::Flush, &hidden).context("the terminal shows what is typed")?;
        let read = stdin.lock().read_line(&mut line);
        termios::tcsetattr(&stdin, OptionalActions::Flush, &shown).context("the terminal hides what is typed")?;
        eprintln!();
        read
    } else {
        stdin.lock().read_line(&mut line)
    };
    read.context("stdin can't be read")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("no password came from stdin");
    }
    Ok(password.to_owned())
}

/// The person with this id or address.
async fn find(desk: &Desk, who: &str) -> anyhow::Result<User> {
    match who.trim().parse() {
        Ok(id) => desk.user(operator(), UserId(id)).await.with_context(|| format!("{who}: no person has this id")),
        Err(_) => person(desk, who).await,
    }
}

/// The person with this address, however it is written.
async fn person(desk: &Desk, email: &str) -> anyhow::Result<User> {
    let wanted = fold(email.trim());
    let mut query = UserQuery { text: Some(wanted.clone()), limit: PAGE, ..UserQuery::default() };
    loop {
        let page = desk.users(operator(), query.clone()).await?;
        query.after = page.items.last().map(|user| user.id);
        if let Some(user) = page.items.into_iter().find(|user| fold(&user.email) == wanted) {
            return Ok(user);
        }
        if page.next.is_none() {
            bail!("there is no person with the address {email}");
        }
    }
}

async fn list(desk: &Desk, output: Output) -> anyhow::Result<()> {
    let mut people = Vec::new();
    let mut query = UserQuery { limit: PAGE, ..UserQuery::default() };
    loop {
        let page = desk.users(operator(), query.clone()).await?;
        query.after = page.items.last().map(|user| user.id);
        people.extend(page.items);
        if page.next.is_none() {
            break;
        }
    }
    if output.json {
        print(&serde_json::to_string(&people)?)?;
        return Ok(());
    }
    for user in &people {
        print(&line(user))?;
    }
    Ok(())
}

fn told(user: &User, output: Output, what: &str) -> anyhow::Result<()> {
    if output.json {
        print(&serde_json::to_string(user)?)?;
    } else {
        print(&format!("{what} {}", line(user)))?;
    }
    Ok(())
}

/// A person in one line: role, address, name.
fn line(user: &User) -> String {
    let gone = if user.is_active { "" } else { " (inactive)" };
    format!("{:<8} {} {}{gone}", user.role.as_str(), user.email, user.name)
}
