//! What a commit plans by the clock.

use super::Recorder;
use crate::changes::{Expect, Write};
use crate::desk::work::{next_look, replan_job};
use crate::error::Error;
use crate::ids::{SlaPolicyId, TeamId, TicketId};
use crate::model::{Calendar, CustomField, Recurrence, RecurrenceKind, Schedule, SlaPolicy, Team, Ticket, Workflow};
use crate::setting::{DeskProfile, Document, Setting};
use crate::time::Time;
use crate::timer::{FiredSet, Moment, may_have_fired, moments, next_wake};
use crate::workflow::schedule::next_run;
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// A ticket that is planned anew.
pub(super) struct Planned {
    ticket_id: TicketId,
    moments: Vec<Moment>,
    /// What rules have looked at it for, where that is known.
    fired: Option<FiredSet>,
}

impl Recorder<'_> {
    /// Plans when a ticket next asks for something by the clock, where that is otherwise than it was.
    pub(in crate::desk) fn plan_wake(&mut self, before: Option<&Ticket>, after: &Ticket) {
        let snapshot = Arc::clone(&self.snapshot);
        let timing = snapshot.timing();
        let now = moments(after, &timing);
        if now != before.map(|before| moments(before, &timing)).unwrap_or_default() {
            self.plan(after.id, now, before.is_none().then(FiredSet::default));
        }
    }

    /// Plans it whatever was planned before.
    pub(in crate::desk) fn plan(&mut self, ticket_id: TicketId, moments: Vec<Moment>, fired: Option<FiredSet>) {
        self.planned.retain(|planned| planned.ticket_id != ticket_id);
        self.planned.push(Planned { ticket_id, moments, fired });
    }

    /// Adds what this commit plans: when tickets are due, when rules look at all of them, and, where a setting moves
    /// what is planned for many tickets, the job that plans these anew.
    pub(super) async fn write_plans(&mut self) -> Result<(), Error> {
        let documents: Vec<Document> = self
            .writes()
            .iter()
            .filter_map(|write| if let Write::Setting { document, .. } = write { Some(document.clone()) } else { None })
            .collect();
        let mut schedules = BTreeMap::new();
        let mut moves_tickets = self.writes().iter().any(|write| match write {
            Write::Team { team, .. } => {
                let known = self.snapshot.directory.team(team.id).and_then(|known| known.calendar_id);
                known != team.calendar_id
            }
            _ => false,
        });
        for document in documents {
            match document.kind.as_str() {
                Workflow::KIND => {
                    let (old, new) = (self.old_schedule(document.id), new_schedule(&document)?);
                    if old != new {
                        moves_tickets |= matches!(new, Some(Schedule::After { .. }));
                        schedules.insert(document.id, new.and_then(|schedule| next_run(&schedule, self.now)));
                    }
                }
                SlaPolicy::KIND => moves_tickets |= self.promises_otherwise(&document)?,
                // Rules and policies that ask for a field come and go with it.
                Calendar::KIND | CustomField::KIND => moves_tickets = true,
                DeskProfile::KIND => {
                    let new: DeskProfile = document.stored()?.content;
                    let is_moved = new.auto_close_after != self.snapshot.profile.content.auto_close_after;
                    moves_tickets |= is_moved && new.auto_close_after.is_some();
                }
                _ => {}
            }
        }
        self.write_schedules(RecurrenceKind::Workflow, &schedules).await?;
        let looks = self.looks_at_teams();
        self.write_schedules(RecurrenceKind::Routing, &looks).await?;
        if moves_tickets {
            let job = replan_job(self.desk, self.now);
            self.write(Write::Job(Box::new(job)));
        }
        self.write_wakes().await
    }

    async fn write_wakes(&mut self) -> Result<(), Error> {
        let planned = std::mem::take(&mut self.planned);
        let is_asked = |one: &&Planned| one.fired.is_none() && may_have_fired(&one.moments, self.now);
        let asked: Vec<TicketId> = planned.iter().filter(is_asked).map(|one| one.ticket_id).collect();
        let known = if asked.is_empty() { Vec::new() } else { self.desk.store().fired(&asked).await? };
        for Planned { ticket_id, moments, fired } in planned {
            let of_ticket = || known.iter().filter(|fired| fired.ticket_id == ticket_id).copied().collect();
            let due_at = next_wake(&moments, &fired.unwrap_or_else(of_ticket));
            self.write(Write::TicketWake { ticket_id, due_at });
        }
        Ok(())
    }

    /// When teams look by themselves whether somebody is free, where that is otherwise than it was.
    fn looks_at_teams(&self) -> BTreeMap<Uuid, Option<Time>> {
        let known = |id: TeamId| self.snapshot.directory.team(id).is_some_and(Team::is_routed);
        let looks = self.writes().iter().filter_map(|write| match write {
            Write::Team { team, .. } if team.is_routed() != known(team.id) => {
                Some((team.id.0, team.is_routed().then(|| next_look(self.now))))
            }
            Write::DeleteTeam { team_id, .. } if known(*team_id) => Some((team_id.0, None)),
            _ => None,
        });
        looks.collect()
    }

    async fn write_schedules(
        &mut self,
        kind: RecurrenceKind,
        wanted: &BTreeMap<Uuid, Option<Time>>,
    ) -> Result<(), Error> {
        if wanted.is_empty() {
            return Ok(());
        }
        let ids: Vec<Uuid> = wanted.keys().copied().collect();
        let known = self.desk.store().schedules(kind, &ids).await?;
        for (id, next_at) in wanted {
            let known = known.iter().find(|row| row.id == *id).map(|row| row.version);
            match (*next_at, known) {
                (Some(next_at), known) => {
                    let version = known.unwrap_or_default() + 1;
                    let expect = known.map_or(Expect::New, Expect::Version);
                    let recurrence = Recurrence { kind, id: *id, next_at, version };
                    self.write(Write::Schedule { recurrence, expect });
                }
                (None, Some(version)) => self.write(Write::Unschedule { kind, id: *id, version }),
                (None, None) => {}
            }
        }
        Ok(())
    }

    /// Plans all that is to happen by the clock on a desk whose rules and tickets were taken in as they are.
    pub(in crate::desk) async fn plan_all(&mut self) -> Result<(), Error> {
        let snapshot = Arc::clone(&self.snapshot);
        let scheduled = snapshot.rules.iter().filter(|entry| entry.stored.content.is_active).filter_map(|entry| {
            let schedule = entry.stored.content.schedule.as_ref()?;
            Some((entry.stored.id, next_run(schedule, self.now)))
        });
        self.write_schedules(RecurrenceKind::Workflow, &scheduled.collect()).await?;
        let routed = snapshot.directory.teams().filter(|team| team.is_routed());
        let looks: BTreeMap<Uuid, Option<Time>> = routed.map(|team| (team.id.0, Some(next_look(self.now)))).collect();
        self.write_schedules(RecurrenceKind::Routing, &looks).await?;
        let job = replan_job(self.desk, self.now);
        self.write(Write::Job(Box::new(job)));
        Ok(())
    }

    /// Whether a policy as it will be is for other tickets, or promises something else.
    fn promises_otherwise(&self, document: &Document) -> Result<bool, Error> {
        let known = self.snapshot.sla_policies.get(SlaPolicyId(document.id));
        let (Some(known), false) = (known, document.deleted) else { return Ok(true) };
        let old = known.stored.content.clone();
        let (name, description) = (old.name.clone(), old.description.clone());
        Ok(SlaPolicy { name, description, ..document.stored::<SlaPolicy>()?.content } != old)
    }

    /// When a rule looks at tickets by itself until this commit.
    fn old_schedule(&self, id: Uuid) -> Option<Schedule> {
        let rule = &self.snapshot.rules.by_id(id)?.stored.content;
        rule.schedule.clone().filter(|_| rule.is_active)
    }
}

/// When a rule looks at tickets by itself from now on.
fn new_schedule(document: &Document) -> Result<Option<Schedule>, Error> {
    if document.deleted {
        return Ok(None);
    }
    let rule: Workflow = document.stored()?.content;
    Ok(rule.schedule.filter(|_| rule.is_active))
}
