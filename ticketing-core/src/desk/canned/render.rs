//! Texts that people say in their own name, filled in for a ticket.

use crate::access::Call;
use crate::desk::{Desk, Snapshot};
use crate::error::Error;
use crate::model::{CannedResponse, Person, Ticket};
use crate::workflow::facts::{ChangedFields, Facts, Missing, People, Subject};
use crate::workflow::variable::{Needs, Text, Values};
use serde::Serialize;

/// A canned response, filled in for a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilledResponse {
    /// The text.
    pub content: String,
    /// What it asks for and the ticket has not, each once.
    pub missing: Vec<String>,
    /// The text with `{{…}}` wherever something is missing, for people to see what they have to fill in themselves;
    /// none where nothing is.
    pub marked: Option<String>,
    /// Whether it ends before its end, since it would be too long.
    pub is_cut: bool,
}

/// A ticket, and what is known of its people.
pub(super) struct Filling<'d> {
    snapshot: &'d Snapshot,
    desk: &'d Desk,
    ticket: Ticket,
    people: People,
    speaker: Person,
}

impl<'d> Filling<'d> {
    /// Of a ticket that the actor sees, for texts that need this.
    pub(super) async fn new(
        desk: &'d Desk,
        call: &Call,
        snapshot: &'d Snapshot,
        ticket: Ticket,
        needs: Needs,
    ) -> Result<Self, Error> {
        let missing = Missing { customer: needs.customer, organization: needs.organization, ..Missing::default() };
        let mut people = People::default();
        desk.look_up(snapshot, &ticket, &missing, &mut people).await?;
        Ok(Self { snapshot, desk, ticket, people, speaker: call.actor.person() })
    }

    /// What a canned response says there. What can't be read any more stands as it was written.
    pub(super) fn fill(&self, content: &str) -> FilledResponse {
        let Ok((text, _)) = Text::read_leniently(content, &self.snapshot.people_variables) else {
            return FilledResponse { content: content.to_owned(), missing: Vec::new(), marked: None, is_cut: false };
        };
        let changed = ChangedFields::default();
        let facts = Facts::new(self.subject(), &changed);
        let values = Values::of_person(&facts, &self.desk.options().app_url, text.needs);
        let (filled, is_cut) = text.fill_cut(&values, CannedResponse::LONGEST_FILLED);
        let marked = (!filled.missing.is_empty()).then(|| text.fill_marked(&values, CannedResponse::LONGEST_FILLED));
        FilledResponse { content: filled.text, missing: filled.missing, marked, is_cut }
    }

    fn subject(&self) -> Subject<'_> {
        Subject {
            ticket: &self.ticket,
            before: None,
            after: &self.ticket,
            comment: None,
            mail: None,
            actor: &self.speaker,
            people: &self.people,
            directory: &self.snapshot.directory,
            agent_visibility: self.desk.options().agent_visibility,
            calendars: &self.snapshot.calendars,
            now: self.desk.now(),
        }
    }
}
