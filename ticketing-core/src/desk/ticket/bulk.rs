//! The same change for many tickets.

use super::TicketPatch;
use crate::access::Call;
use crate::desk::recorder::Recorder;
use crate::desk::{Desk, MacroUse, is_race};
use crate::error::Error;
use crate::ids::{MacroId, TicketId, TicketKey};
use crate::input::{Fields, Input, Problems};
use crate::model::{CustomFields, Role, Ticket};
use serde_json::Value;
use std::collections::HashSet;

/// How many tickets one call may change.
const MOST_TICKETS: usize = 100;

/// One change, and the tickets to make it on.
#[derive(Clone, Debug, Default)]
pub struct BulkChange {
    /// The tickets, 1 to 100, none twice.
    pub tickets: Vec<TicketKey>,
    /// What to change of each.
    pub changes: TicketPatch,
    /// A macro to do to each instead.
    pub macro_id: Option<MacroId>,
    /// How it is used.
    pub macro_use: MacroUse,
}

impl BulkChange {
    /// The input from a JSON body, or all that is wrong with it, what these fields do not take included.
    pub fn from_json_with(fields: &CustomFields, value: Value) -> Result<Self, Error> {
        let (input, mut problems) = Self::read_json(value)?;
        let mut of_changes = Problems::default();
        input.changes.check_custom(fields, &mut of_changes);
        problems.extend_below("changes", of_changes);
        problems.finish()?;
        Ok(input)
    }
}

impl Input for BulkChange {
    fn read(fields: &mut Fields) -> Self {
        fields.require(&["tickets"]);
        let macro_id = fields.nullable_id("macro_id").into_option().flatten().map(MacroId);
        if fields.has("changes") == macro_id.is_some() {
            fields.fail("changes", "required", "Say either what to change, or which macro to do.");
        }
        let names = fields.texts("tickets").into_option().unwrap_or_default();
        let mut tickets = Vec::new();
        for (place, name) in names.iter().enumerate().take(MOST_TICKETS + 1) {
            if let Ok(key) = name.parse() {
                tickets.push(key);
            } else {
                let field = format!("tickets[{place}]");
                fields.fail(&field, "unknown", "Is neither the id nor the number of a ticket.");
            }
        }
        if names.is_empty() {
            fields.fail("tickets", "required", "Name at least one ticket.");
        }
        let changes = fields.nested("changes", TicketPatch::read).unwrap_or_default();
        Self { tickets, changes, macro_id, macro_use: MacroUse::read(fields) }
    }

    fn check(&self, problems: &mut Problems) {
        if self.tickets.len() > MOST_TICKETS {
            problems.add("tickets", "too_many", format!("May have at most {MOST_TICKETS} entries."));
        }
        let mut named = HashSet::new();
        for (place, key) in self.tickets.iter().enumerate() {
            if !named.insert(key) {
                problems.add(format!("tickets[{place}]"), "duplicate", "Is named twice.");
            }
        }
        let mut of_changes = Problems::default();
        self.changes.check(&mut of_changes);
        problems.extend_below("changes", of_changes);
    }
}

impl Desk {
    /// Changes many tickets, each on its own: one that can't be changed does not hold up the others.
    /// Answers what became of each, in their order; what the actor may not see is not there. The audit
    /// lines of all carry the call's request id. For staff.
    pub async fn update_tickets(
        &self,
        call: impl Into<Call>,
        input: BulkChange,
    ) -> Result<Vec<(TicketKey, Result<(), Error>)>, Error> {
        let call = &call.into();
        call.actor.at_least(Role::Agent)?;
        input.checked()?;
        let found = self.store.tickets_by_keys(&self.scope(&call.actor), &input.tickets).await?;
        let of_key = |key: &TicketKey| {
            found.iter().find(|ticket| match key {
                TicketKey::Id(id) => ticket.id == *id,
                TicketKey::Number(number) => ticket.number == *number,
            })
        };
        let mut seen: HashSet<TicketId> = HashSet::new();
        for (place, key) in input.tickets.iter().enumerate() {
            if of_key(key).is_some_and(|ticket| !seen.insert(ticket.id)) {
                return Err(Error::field(format!("tickets[{place}]"), "duplicate", "Is named twice."));
            }
        }
        let mut results = Vec::with_capacity(input.tickets.len());
        for (place, key) in input.tickets.iter().enumerate() {
            let result = match of_key(key) {
                Some(ticket) => match self.change_one(&call.part(place), ticket, &input).await {
                    // A call that was cut short and comes again goes on where it ended.
                    Err(Error::Conflict { code: "repeated", .. }) => Ok(()),
                    answer => answer,
                },
                None => Err(Error::NotFound("ticket")),
            };
            results.push((key.clone(), result));
        }
        Ok(results)
    }

    /// Keeps what a call of several commits answers, where it is kept at all.
    pub async fn keep_answer(&self, call: impl Into<Call>, output: &impl serde::Serialize) -> Result<(), Error> {
        let call = &call.into();
        let mut recorder = Recorder::begin(self, call).await?;
        recorder.answer(|| output)?;
        recorder.unchanged().await
    }

    /// Changes a ticket that was just read, and reads it again only where somebody was faster.
    async fn change_one(&self, call: &Call, found: &Ticket, input: &BulkChange) -> Result<(), Error> {
        let (key, wanted) = (found.id.into(), input.macro_id.map(|id| (id, input.macro_use)));
        match self.change_found(call, found, &input.changes, wanted).await {
            Err(error) if is_race(&error) => match wanted {
                Some((id, how)) => self.apply_macro(call, &key, id, how, None).await.map(drop),
                None => self.update_ticket(call, &key, input.changes.clone(), None).await.map(drop),
            },
            answer => answer,
        }
    }

    async fn change_found(
        &self,
        call: &Call,
        found: &Ticket,
        changes: &TicketPatch,
        wanted: Option<(MacroId, MacroUse)>,
    ) -> Result<(), Error> {
        let _turn = self.parts.turns.take(&found.id).await;
        let recorder = Recorder::begin(self, call).await?;
        if let Some(wanted) = wanted {
            return self.macro_loaded(recorder, found.clone(), wanted).await.map(drop);
        }
        self.check_patch(call, found, changes).await?;
        Self::change_loaded(recorder, found.clone(), None, move |change| change.apply(changes)).await.map(drop)
    }
}
