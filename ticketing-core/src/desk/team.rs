//! Teams and who is in them.

use super::recorder::{Recorder, differences};
use super::{Desk, Snapshot, check_version};
use crate::access::{Call, Scope};
use crate::changes::{Expect, Write};
use crate::error::Error;
use crate::event::FieldChanges;
use crate::ids::{CalendarId, TeamId, UserId};
use crate::input::{Fields, Input, Patch, Problems};
use crate::model::{Membership, Role, Routing, Subject, Team, TeamRole};
use crate::ticket::tidy_tags;
use crate::time::Time;
use serde::Serialize;
use std::sync::Arc;

/// How many skills a member has in a team.
const MOST_SKILLS: usize = 50;

/// A team to be made.
#[derive(Clone, Debug)]
pub struct NewTeam {
    /// What it is called.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// How its tickets find their agent.
    pub routing: Routing,
    /// The most open tickets that a member is given.
    pub capacity: Option<i64>,
    /// The calendar that says when it works; none for that of the desk as a whole.
    pub calendar_id: Option<CalendarId>,
}

impl NewTeam {
    /// A team that routes by hand.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: None, routing: Routing::Manual, capacity: None, calendar_id: None }
    }
}

impl Input for NewTeam {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.required_text("name"),
            description: fields.nullable_text("description").into_option().flatten(),
            routing: fields.word("routing", Routing::ALL).into_option().unwrap_or(Routing::Manual),
            capacity: fields.nullable_integer("capacity").into_option().flatten(),
            calendar_id: fields.nullable_id("calendar_id").into_option().flatten().map(CalendarId),
        }
    }

    fn check(&self, problems: &mut Problems) {
        problems.text("name", self.name.trim(), 1..=100, false);
        if let Some(description) = &self.description {
            problems.text("description", description, 0..=2_000, true);
        }
        check_capacity(problems, self.capacity);
    }
}

/// What to change of a team.
#[derive(Clone, Debug, Default)]
pub struct TeamPatch {
    /// What it is called.
    pub name: Patch<String>,
    /// What it is for.
    pub description: Patch<Option<String>>,
    /// How its tickets find their agent.
    pub routing: Patch<Routing>,
    /// The most open tickets that a member is given.
    pub capacity: Patch<Option<i64>>,
    /// The calendar that says when it works.
    pub calendar_id: Patch<Option<CalendarId>>,
    /// Whether it takes tickets.
    pub is_active: Patch<bool>,
}

impl Input for TeamPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name"),
            description: fields.nullable_text("description"),
            routing: fields.word("routing", Routing::ALL),
            capacity: fields.nullable_integer("capacity"),
            calendar_id: fields.nullable_id("calendar_id").into_option().map(|id| id.map(CalendarId)).into(),
            is_active: fields.flag("is_active"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        if let Some(name) = self.name.as_ref() {
            problems.text("name", name.trim(), 1..=100, false);
        }
        if let Patch::Set(Some(description)) = &self.description {
            problems.text("description", description, 0..=2_000, true);
        }
        check_capacity(problems, self.capacity.as_ref().copied().flatten());
    }
}

/// A person to join a team.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// Who.
    pub user_id: UserId,
    /// As what.
    pub role: TeamRole,
    /// The most open tickets that the person is given here.
    pub capacity: Option<i64>,
    /// Labels of tickets that the person knows how to answer.
    pub skills: Vec<String>,
}

impl NewMember {
    /// A person without limits of the own or skills.
    pub fn new(user_id: UserId, role: TeamRole) -> Self {
        Self { user_id, role, capacity: None, skills: Vec::new() }
    }
}

impl Input for NewMember {
    fn read(fields: &mut Fields) -> Self {
        Self {
            user_id: UserId(fields.required_id("user_id")),
            role: fields.word("role", TeamRole::ALL).into_option().unwrap_or(TeamRole::Member),
            capacity: fields.nullable_integer("capacity").into_option().flatten(),
            skills: fields.texts("skills").into_option().unwrap_or_default(),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_capacity(problems, self.capacity);
        check_skills(problems, &self.skills);
    }
}

/// What to change of a membership.
#[derive(Clone, Debug, Default)]
pub struct MemberPatch {
    /// As what.
    pub role: Patch<TeamRole>,
    /// The most open tickets that the person is given here.
    pub capacity: Patch<Option<i64>>,
    /// Labels of tickets that the person knows how to answer.
    pub skills: Patch<Vec<String>>,
}

impl Input for MemberPatch {
    fn read(fields: &mut Fields) -> Self {
        Self {
            role: fields.word("role", TeamRole::ALL),
            capacity: fields.nullable_integer("capacity"),
            skills: fields.texts("skills"),
        }
    }

    fn check(&self, problems: &mut Problems) {
        check_capacity(problems, self.capacity.as_ref().copied().flatten());
        check_skills(problems, self.skills.as_ref().map(Vec::as_slice).unwrap_or_default());
    }
}

/// A member as others see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MemberView {
    /// The team.
    pub team_id: TeamId,
    /// Who.
    pub user_id: UserId,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// As what.
    pub role: TeamRole,
    /// The most open tickets that the person is given here.
    pub capacity: Option<i32>,
    /// Labels of tickets that the person knows how to answer.
    pub skills: Vec<String>,
    /// For conditional changes.
    pub version: i64,
    /// Since when.
    pub created_at: Time,
}

impl Desk {
    /// Makes a team. For managers.
    pub async fn create_team(&self, call: impl Into<Call>, input: NewTeam) -> Result<Team, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Manager)?;
        input.checked()?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            check_calendar(&recorder.snapshot, input.calendar_id)?;
            let team = Team {
                id: TeamId(self.ids().uuid(recorder.now)),
                name: input.name.trim().to_owned(),
                description: input.description.clone(),
                routing: input.routing,
                capacity: capacity(input.capacity),
                calendar_id: input.calendar_id,
                is_active: true,
                version: 1,
                created_at: recorder.now,
                updated_at: recorder.now,
            };
            recorder.bump_settings();
            recorder.write(Write::Team { team: team.clone(), expect: Expect::New });
            recorder.deed("team.created", Subject::Team(team.id), &differences(None, &team));
            recorder.answer(|| &team)?;
            recorder.commit().await?;
            Ok(team)
        })
        .await
    }

    /// All teams, oldest first. For staff.
    pub async fn teams(&self, call: impl Into<Call>) -> Result<Vec<Team>, Error> {
        call.into().actor.at_least(Role::Agent)?;
        Ok(self.snapshot().await?.directory.teams().cloned().collect())
    }

    /// A team. For staff.
    pub async fn team(&self, call: impl Into<Call>, id: TeamId) -> Result<Team, Error> {
        call.into().actor.at_least(Role::Agent)?;
        known_team(&*self.snapshot().await?, id).cloned()
    }

    /// Changes a team. For managers.
    pub async fn update_team(
        &self,
        call: impl Into<Call>,
        id: TeamId,
        input: TeamPatch,
        expected: Option<i64>,
    ) -> Result<Team, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Manager)?;
        input.checked()?;
        self.insist(move || async move {
            let recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = known_team(&snapshot, id)?;
            check_version(expected, old.version)?;
            let mut new = old.clone();
            if let Some(name) = input.name.as_ref() {
                name.trim().clone_into(&mut new.name);
            }
            input.description.apply(&mut new.description);
            input.routing.apply(&mut new.routing);
            if let Some(given) = input.capacity.as_ref() {
                new.capacity = capacity(*given);
            }
            if input.calendar_id.apply(&mut new.calendar_id) {
                check_calendar(&snapshot, new.calendar_id)?;
            }
            input.is_active.apply(&mut new.is_active);
            self.write_team(recorder, old, new, "team.updated").await
        })
        .await
    }

    async fn write_team(
        &self,
        mut recorder: Recorder<'_>,
        old: &Team,
        mut new: Team,
        action: &str,
    ) -> Result<Team, Error> {
        let changes = differences(Some(old), &new);
        if changes.is_empty() {
            return Ok(new);
        }
        new.version = old.version + 1;
        new.updated_at = recorder.now;
        recorder.bump_settings();
        recorder.write(Write::Team { team: new.clone(), expect: Expect::Version(old.version) });
        recorder.deed(action, Subject::Team(new.id), &changes);
        recorder.commit().await?;
        Ok(new)
    }

    /// Deletes a team; one that tickets still name, or that something is shared with, is only deactivated. For managers.
    pub async fn delete_team(&self, call: impl Into<Call>, id: TeamId, expected: Option<i64>) -> Result<(), Error> {
        let call = &call.into();
        call.actor.at_least(Role::Manager)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = known_team(&snapshot, id)?;
            check_version(expected, old.version)?;
            if snapshot.shares_with(id) || self.store.team_in_use(&Scope::UPKEEP, id).await? {
                let new = Team { is_active: false, ..old.clone() };
                return self.write_team(recorder, old, new, "team.deactivated").await.map(drop);
            }
            recorder.bump_settings();
            recorder.write(Write::DeleteTeam { team_id: id, version: old.version });
            recorder.deed("team.deleted", Subject::Team(id), &FieldChanges::new());
            recorder.commit().await
        })
        .await
    }

    /// The members of a team. For staff.
    pub async fn members(&self, call: impl Into<Call>, id: TeamId) -> Result<Vec<MemberView>, Error> {
        call.into().actor.at_least(Role::Agent)?;
        let snapshot = self.snapshot().await?;
        known_team(&snapshot, id)?;
        Ok(snapshot.directory.members(id).filter_map(|membership| view(&snapshot, membership)).collect())
    }

    /// The actor's own places in teams. For staff.
    pub async fn my_teams(&self, call: impl Into<Call>) -> Result<Vec<MemberView>, Error> {
        let actor = call.into().actor;
        actor.at_least(Role::Agent)?;
        let snapshot = self.snapshot().await?;
        let Some(me) = actor.user_id() else { return Ok(Vec::new()) };
        let directory = &snapshot.directory;
        let places = directory.teams_of(me).iter().filter_map(|team| directory.membership(*team, me));
        Ok(places.filter_map(|membership| view(&snapshot, membership)).collect())
    }

    /// Takes a person into a team. For managers.
    pub async fn add_member(&self, call: impl Into<Call>, id: TeamId, input: NewMember) -> Result<MemberView, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Manager)?;
        input.checked()?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            known_team(&snapshot, id)?;
            if snapshot.directory.staff(input.user_id).is_none_or(|user| !user.is_active) {
                return Err(Error::field("user_id", "unknown", "There is no such active member of staff."));
            }
            if snapshot.directory.membership(id, input.user_id).is_some() {
                return Err(Error::conflict("duplicate", "This person is a member already."));
            }
            let membership = Membership {
                team_id: id,
                user_id: input.user_id,
                role: input.role,
                capacity: capacity(input.capacity),
                skills: tidy_tags(&input.skills),
                version: 1,
                created_at: recorder.now,
            };
            recorder.bump_settings();
            recorder.write(Write::Membership { membership: membership.clone(), expect: Expect::New });
            recorder.deed("team.member_added", Subject::Team(id), &differences(None, &membership));
            let member = view(&snapshot, &membership).ok_or(Error::NotFound("user"))?;
            recorder.answer(|| &member)?;
            recorder.commit().await?;
            Ok(member)
        })
        .await
    }

    /// Changes a person's place in a team. For managers.
    pub async fn update_member(
        &self,
        call: impl Into<Call>,
        id: TeamId,
        user_id: UserId,
        input: MemberPatch,
        expected: Option<i64>,
    ) -> Result<MemberView, Error> {
        let (call, input) = (&call.into(), &input);
        call.actor.at_least(Role::Manager)?;
        input.checked()?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = snapshot.directory.membership(id, user_id).ok_or(Error::NotFound("member"))?;
            check_version(expected, old.version)?;
            let mut new = old.clone();
            input.role.apply(&mut new.role);
            if let Some(given) = input.capacity.as_ref() {
                new.capacity = capacity(*given);
            }
            if let Some(skills) = input.skills.as_ref() {
                new.skills = tidy_tags(skills);
            }
            let mut changes = differences(Some(old), &new);
            if !changes.is_empty() {
                new.version = old.version + 1;
                recorder.bump_settings();
                let expect = Expect::Version(old.version);
                recorder.write(Write::Membership { membership: new.clone(), expect });
                changes.insert("user_id".to_owned(), (serde_json::json!(user_id), serde_json::json!(user_id)));
                recorder.deed("team.member_updated", Subject::Team(id), &changes);
                recorder.commit().await?;
            }
            view(&snapshot, &new).ok_or(Error::NotFound("member"))
        })
        .await
    }

    /// Takes a person out of a team. For managers.
    pub async fn remove_member(
        &self,
        call: impl Into<Call>,
        id: TeamId,
        user_id: UserId,
        expected: Option<i64>,
    ) -> Result<(), Error> {
        let call = &call.into();
        call.actor.at_least(Role::Manager)?;
        self.insist(move || async move {
            let mut recorder = Recorder::begin(self, call).await?;
            let snapshot = Arc::clone(&recorder.snapshot);
            let old = snapshot.directory.membership(id, user_id).ok_or(Error::NotFound("member"))?;
            check_version(expected, old.version)?;
            recorder.bump_settings();
            recorder.write(Write::DeleteMembership { team_id: id, user_id, version: old.version });
            let left = (serde_json::json!(user_id), serde_json::Value::Null);
            recorder.deed(
                "team.member_removed",
                Subject::Team(id),
                &FieldChanges::from([("user_id".to_owned(), left)]),
            );
            recorder.commit().await
        })
        .await
    }
}

fn known_team(snapshot: &Snapshot, id: TeamId) -> Result<&Team, Error> {
    snapshot.directory.team(id).ok_or(Error::NotFound("team"))
}

fn view(snapshot: &Snapshot, membership: &Membership) -> Option<MemberView> {
    let user = snapshot.directory.staff(membership.user_id)?;
    Some(MemberView {
        team_id: membership.team_id,
        user_id: user.id,
        name: user.name.clone(),
        email: user.email.clone(),
        role: membership.role,
        capacity: membership.capacity,
        skills: membership.skills.clone(),
        version: membership.version,
        created_at: membership.created_at,
    })
}

fn check_calendar(snapshot: &Snapshot, id: Option<CalendarId>) -> Result<(), Error> {
    match id {
        Some(id) if snapshot.calendars.get(id).is_none() => {
            Err(Error::field("calendar_id", "unknown", "There is no such calendar."))
        }
        _ => Ok(()),
    }
}

fn check_skills(problems: &mut Problems, skills: &[String]) {
    if skills.len() > MOST_SKILLS {
        problems.add("skills", "too_many", format!("May have at most {MOST_SKILLS} entries."));
    }
    for (place, skill) in skills.iter().enumerate().take(MOST_SKILLS) {
        problems.text(&format!("skills[{place}]"), skill.trim(), 1..=50, false);
    }
}

fn check_capacity(problems: &mut Problems, capacity: Option<i64>) {
    if capacity.is_some_and(|n| !(0..=10_000).contains(&n)) {
        problems.add("capacity", "out_of_range", "Must be 0 to 10,000.");
    }
}

/// Checked to fit before.
fn capacity(given: Option<i64>) -> Option<i32> {
    given.and_then(|n| i32::try_from(n).ok())
}
