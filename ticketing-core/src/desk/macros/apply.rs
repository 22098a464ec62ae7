//! A macro done to a ticket: as if the actor had done each of its actions by hand, in one commit, all or none.

use super::MacroUse;
use crate::access::Call;
use crate::changes::{Expect, Write};
use crate::desk::recorder::Recorder;
use crate::desk::ticket::{Change, channel, check_unmerged};
use crate::desk::{Desk, Snapshot, check_version};
use crate::error::{Error, FieldError};
use crate::event::FieldChanges;
use crate::ids::{MacroId, TicketId, TicketKey, UserId};
use crate::model::view::TicketView;
use crate::model::{Macro, Ticket};
use crate::setting::Stored;
use crate::ticket::Draft;
use crate::time::Time;
use crate::workflow::by_hand::{self, Done, Hand, Step, changes_of};
use crate::workflow::engine::World;
use crate::workflow::facts::People;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a macro would do to a ticket.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MacroPreview {
    /// Each action, in order.
    pub actions: Vec<MacroStep>,
    /// What would be said.
    pub comments: Vec<PreviewedComment>,
    /// The fields that would be changed by all of it together.
    pub changes: FieldChanges,
    /// What its texts ask for and the ticket has not, each once.
    pub missing: Vec<String>,
    /// Whether it would be done as it is: nothing is missing, and nothing refused.
    pub is_possible: bool,
}

/// One action of a macro, and what would come of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MacroStep {
    /// Which.
    #[serde(rename = "type")]
    pub kind: String,
    /// With what, texts filled in.
    pub params: Map<String, Value>,
    /// The fields that it would change.
    pub changes: FieldChanges,
    /// What its texts ask for and the ticket has not, each once.
    pub missing: Vec<String>,
    /// Why it can't be done.
    pub refused: Option<MacroRefusal>,
}

/// Why an action can't be done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MacroRefusal {
    /// A stable code.
    pub code: &'static str,
    /// For people.
    pub message: String,
}

/// Something that would be said.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviewedComment {
    /// What.
    pub body: String,
    /// Whether to staff alone.
    pub is_internal: bool,
}

impl Desk {
    /// Does a macro that the actor has to a ticket that the actor sees: in the actor's name and with the actor's rights,
    /// all of it or nothing. For staff.
    pub async fn apply_macro(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        id: MacroId,
        input: MacroUse,
        expected: Option<i64>,
    ) -> Result<TicketView, Error> {
        let call = &call.into();
        self.staff_change(call, key).await?;
        let ticket_id = self.ticket_id(call, key).await?;
        let _turn = self.parts.turns.take(&ticket_id).await;
        let ticket = self.insist(move || self.try_macro(call, ticket_id, (id, input), expected)).await?;
        Ok(self.staff_view(ticket))
    }

    async fn try_macro(
        &self,
        call: &Call,
        ticket_id: TicketId,
        wanted: (MacroId, MacroUse),
        expected: Option<i64>,
    ) -> Result<Ticket, Error> {
        let recorder = Recorder::begin(self, call).await?;
        let before = self.seen_ticket(call, &ticket_id.into()).await?;
        check_version(expected, before.version)?;
        self.macro_loaded(recorder, before, wanted).await
    }

    /// The same to a ticket that was found, for who has taken the turn.
    pub(in crate::desk) async fn macro_loaded(
        &self,
        mut recorder: Recorder<'_>,
        before: Ticket,
        (id, input): (MacroId, MacroUse),
    ) -> Result<Ticket, Error> {
        let call = recorder.call;
        check_unmerged(&before)?;
        let snapshot = Arc::clone(&recorder.snapshot);
        let stored = self.seen_setting::<Macro>(&call.actor, &snapshot, id.0).await?;
        let now = recorder.now.max(before.updated_at);
        let mut done = self.work_out(call, &snapshot, &stored, &before, now).await?;
        self.look_at_resolving(call, &mut done).await?;
        for (place, step) in done.steps.iter_mut().enumerate() {
            check(place, step, input)?;
        }
        recorder.by_macro = Some((id, stored.version));
        let done = &done;
        let change = move |change: &mut Change| {
            change.draft = done.draft.clone();
            for comment in &done.additions.comments {
                change.write(Write::Comment { comment: comment.clone(), expect: Expect::New });
            }
            // Of one person the last word counts.
            let watching: BTreeMap<UserId, bool> = done.additions.watching.iter().copied().collect();
            let (ticket_id, at) = (change.ticket.id, change.now);
            for (user_id, on) in watching {
                change.write(if on {
                    Write::Watch { ticket_id, user_id, at }
                } else {
                    Write::Unwatch { ticket_id, user_id }
                });
            }
            Ok(())
        };
        Self::change_loaded(recorder, before, None, change).await.map(|(ticket, ())| ticket)
    }

    /// What a macro would do to a ticket, action by action, also where it could not be done. It changes nothing. For staff.
    pub async fn preview_macro(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        id: MacroId,
    ) -> Result<MacroPreview, Error> {
        let call = &call.into();
        self.staff_change(call, key).await?;
        let snapshot = self.snapshot().await?;
        let before = self.seen_ticket(call, key).await?;
        check_unmerged(&before)?;
        let stored = self.seen_setting::<Macro>(&call.actor, &snapshot, id.0).await?;
        let now = self.now().max(before.updated_at);
        let mut done = self.work_out(call, &snapshot, &stored, &before, now).await?;
        self.look_at_resolving(call, &mut done).await?;
        Ok(preview(done))
    }

    /// What comes of the macro's actions, before anything is written.
    async fn work_out(
        &self,
        call: &Call,
        snapshot: &Snapshot,
        stored: &Stored<Macro>,
        before: &Ticket,
        now: Time,
    ) -> Result<Done, Error> {
        let read = by_hand::read(&stored.content.actions, &snapshot.macro_context(self.extensions()));
        let actions = read.map_err(|errors| {
            let what = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            Error::conflict("macro_broken", format!("What the macro names is not there any more. {what}"))
        })?;
        let hand = Hand { person: call.actor.person(), channel: channel(call) };
        let mut people = People::default();
        // Each look makes something known for good that was not, and so few actions name no more.
        loop {
            let world = World {
                ground: snapshot.ground(),
                people: &people,
                agent_visibility: self.options().agent_visibility,
                app_url: &self.options().app_url,
                ids: self.ids(),
                not_matched: 0,
            };
            match by_hand::carry_out(&actions, &world, Draft::of(before.clone(), now), &hand) {
                Ok(done) => return Ok(done),
                Err(missing) => self.look_up(snapshot, before, &missing, &mut people).await?,
            }
        }
    }

    /// Notes where a ticket may not be resolved, which only the store can tell.
    async fn look_at_resolving(&self, call: &Call, done: &mut Done) -> Result<(), Error> {
        for step in done.steps.iter_mut().filter(|step| step.refused.is_none()) {
            if let Some((ticket, patch)) = step.resolves.take() {
                match self.check_patch(call, &ticket, &patch).await {
                    Ok(()) => {}
                    Err(error @ (Error::Conflict { .. } | Error::Invalid(_))) => step.refused = Some(error),
                    Err(other) => return Err(other),
                }
            }
        }
        Ok(())
    }
}

/// Whether an action could be done, by the name of its place.
fn check(place: usize, step: &mut Step, input: MacroUse) -> Result<(), Error> {
    let at = format!("actions[{place}]");
    match step.refused.take() {
        None => {}
        Some(Error::Invalid(errors)) => {
            let named = errors.into_iter().map(|error| {
                let field = if error.field.is_empty() { at.clone() } else { format!("{at}.params.{}", error.field) };
                FieldError { field, ..error }
            });
            return Err(Error::Invalid(named.collect()));
        }
        Some(Error::Conflict { code, detail }) => {
            return Err(Error::Conflict { code, detail: format!("{at} ({}): {detail}", step.kind) });
        }
        Some(Error::Forbidden(detail)) => return Err(Error::Forbidden(format!("{at} ({}): {detail}", step.kind))),
        Some(other) => return Err(other),
    }
    if step.missing.is_empty() || input.allow_missing {
        return Ok(());
    }
    let message = format!("The ticket has nothing for {}.", step.missing.join(", "));
    Err(Error::field(at, "missing_variable", message))
}

fn preview(done: Done) -> MacroPreview {
    let changes = changes_of(&done.draft, 0);
    let said = done.additions.comments.into_iter();
    let comments = said.map(|comment| PreviewedComment { body: comment.body, is_internal: comment.is_internal });
    let mut missing: Vec<String> = Vec::new();
    for name in done.steps.iter().flat_map(|step| &step.missing) {
        if !missing.contains(name) {
            missing.push(name.clone());
        }
    }
    let actions: Vec<MacroStep> = done.steps.into_iter().map(step).collect();
    let is_possible = missing.is_empty() && actions.iter().all(|action| action.refused.is_none());
    MacroPreview { comments: comments.collect(), changes, missing, is_possible, actions }
}

fn step(step: Step) -> MacroStep {
    let Step { kind, params, changes, missing, refused, .. } = step;
    let refused = refused.map(|error| match error {
        Error::Invalid(errors) => MacroRefusal {
            code: errors.first().map_or("invalid", |error| error.code),
            message: errors.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        },
        other => MacroRefusal { code: other.code(), message: other.to_string() },
    });
    MacroStep { kind, params, changes, missing, refused }
}
