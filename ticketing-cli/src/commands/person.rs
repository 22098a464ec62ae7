//! `ticketing user erase` and `user export`: what is kept of a person, and how it is forgotten.

use super::{WrongUsage, print};
use crate::args::Output;
use crate::wiring::operator;
use anyhow::{Context, bail};
use serde::Serialize;
use serde_json::json;
use std::io::{BufWriter, ErrorKind, IsTerminal, Write};
use ticketing_core::Desk;
use ticketing_core::desk::Side;
use ticketing_core::ids::CommentId;
use ticketing_core::model::User;

/// Forgets the person, after asking at a terminal.
pub async fn erase(desk: &Desk, user: &User, yes: bool, output: Output) -> anyhow::Result<()> {
    if !yes {
        confirm(user)?;
    }
    let erasure = desk.erase_user(operator(), user.id).await?;
    if output.json {
        print(&json!({"id": erasure.user.id, "emptied": erasure.emptied}).to_string())
    } else {
        print(&format!("erased {}, and what {} lines of the audit log said", erasure.user.id, erasure.emptied))
    }
}

fn confirm(user: &User) -> anyhow::Result<()> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        bail!(WrongUsage("nobody can be asked and erasing can't be undone: say --yes"));
    }
    eprint!("Erase {} ({}, {})? It can't be undone. Type yes: ", user.name, user.email, user.id);
    let mut line = String::new();
    stdin.read_line(&mut line).context("stdin can't be read")?;
    if line.trim() != "yes" {
        bail!("nobody was erased");
    }
    Ok(())
}

/// Writes all that is kept of the person to stdout, page by page.
pub async fn export(desk: &Desk, user: &User) -> anyhow::Result<()> {
    let mut document = Document::new(BufWriter::new(std::io::stdout().lock()));
    match write_all(desk, user, &mut document).await {
        // A reader that has seen enough and left, such as `head`, is no failure.
        Err(error) if error.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe) => {
            Ok(())
        }
        outcome => outcome,
    }
}

async fn write_all(desk: &Desk, user: &User, document: &mut Document<impl Write>) -> anyhow::Result<()> {
    let (call, id) = (&operator(), user.id);
    let person = desk.export_user(call, id).await?;
    document.field("user", &person.user)?;
    document.field("organization", &person.organization)?;
    document.field("memberships", &person.memberships)?;
    document.field("api_keys", &person.api_keys)?;
    document.begin("tickets")?;
    let mut after = None;
    loop {
        let page = desk.exported_tickets(call, id, after).await?;
        for ticket in &page.items {
            document.open()?;
            document.field("ticket", ticket)?;
            document.begin("comments")?;
            let mut said = None;
            loop {
                let page = desk.exported_answers(call, id, ticket.id(), said).await?;
                document.rows(&page.items)?;
                said = page.next.map(|next| CommentId(next.id));
                if said.is_none() {
                    break;
                }
            }
            document.end()?;
            document.close()?;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    document.end()?;
    document.begin("comments")?;
    let mut after = None;
    loop {
        let page = desk.exported_comments(call, id, after).await?;
        document.rows(&page.items)?;
        after = page.next.map(|next| CommentId(next.id));
        if after.is_none() {
            break;
        }
    }
    document.end()?;
    document.begin("time_entries")?;
    let mut after = None;
    loop {
        let page = desk.exported_time(call, id, after).await?;
        document.rows(&page.items)?;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    document.end()?;
    for (name, side) in [("audit_by", Side::By), ("audit_about", Side::About)] {
        document.begin(name)?;
        let mut before = None;
        loop {
            let lines = desk.exported_lines(call, id, side, before).await?;
            let Some(last) = lines.last() else { break };
            document.rows(&lines)?;
            before = Some((last.at, last.id));
        }
        document.end()?;
    }
    document.finish()
}

/// A JSON document that is written as it comes, so that it is never held as a whole.
struct Document<W> {
    out: W,
    /// Whether something stands before, in each object and list that is open.
    begun: Vec<bool>,
}

impl<W: Write> Document<W> {
    fn new(out: W) -> Self {
        Self { out, begun: Vec::new() }
    }

    /// Whatever comes next in the innermost object or list; the first one opens the document.
    fn next(&mut self) -> anyhow::Result<()> {
        if self.begun.is_empty() {
            self.out.write_all(b"{")?;
            self.begun.push(false);
        }
        if let Some(begun) = self.begun.last_mut()
            && std::mem::replace(begun, true)
        {
            self.out.write_all(b",\n")?;
        }
        Ok(())
    }

    fn name(&mut self, name: &str) -> anyhow::Result<()> {
        self.next()?;
        Ok(write!(self.out, "\"{name}\":")?)
    }

    fn value(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        // By way of a text, so that a failure to write is told from one to serialise.
        Ok(self.out.write_all(serde_json::to_string(value)?.as_bytes())?)
    }

    fn field(&mut self, name: &str, value: &impl Serialize) -> anyhow::Result<()> {
        self.name(name)?;
        self.value(value)
    }

    fn rows<T: Serialize>(&mut self, rows: &[T]) -> anyhow::Result<()> {
        for row in rows {
            self.next()?;
            self.value(row)?;
        }
        Ok(())
    }

    /// Begins a list under a name.
    fn begin(&mut self, name: &str) -> anyhow::Result<()> {
        self.name(name)?;
        self.begun.push(false);
        Ok(self.out.write_all(b"[")?)
    }

    /// Ends the list.
    fn end(&mut self) -> anyhow::Result<()> {
        self.begun.pop();
        Ok(self.out.write_all(b"]")?)
    }

    /// Begins an object in a list.
    fn open(&mut self) -> anyhow::Result<()> {
        self.next()?;
        self.begun.push(false);
        Ok(self.out.write_all(b"{")?)
    }

    /// Ends the object.
    fn close(&mut self) -> anyhow::Result<()> {
        self.begun.pop();
        Ok(self.out.write_all(b"}")?)
    }

    fn finish(&mut self) -> anyhow::Result<()> {
        self.out.write_all(b"}\n")?;
        Ok(self.out.flush()?)
    }
}
