//! The desk that a scenario is played on: in memory, foreseeable, with all that is given.

use super::given::{Given, GivenOrganization, GivenPerson, GivenTeam, GivenWebhook};
use super::name::{Noun, key};
use super::report::Broken;
use super::suite::{Scenario, Suite, rule_name};
use crate::access::{Actor, SystemReason};
use crate::desk::work::{WorkOptions, Workers};
use crate::desk::{Desk, DeskBuilder, NewMember, UserPatch, WorkflowImport};
use crate::error::Error;
use crate::ids::{NotificationId, OrganizationId, TeamId, TicketId, UserId, WorkflowId};
use crate::input::Patch;
use crate::memory::{MemoryMailer, MemoryStore, SeededIds, TestClock};
use crate::port::{IdSource, WebhookAnswer, WebhookError, WebhookRequest, WebhookSender};
use crate::time::{Time, YEARS, from_micros};
use crate::webhook::url::{BadUrl, check_form};
use async_trait::async_trait;
use chrono::{Datelike, TimeDelta};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use uuid::Uuid;

/// What time it is where nobody says: Monday, 5 January 2026, nine o'clock in UTC.
const MORNING: i64 = 1_767_603_600_000_000;
/// How many jobs one step may leave to do.
const MOST_JOBS: usize = 100_000;

/// A desk with its clock, its mail and its calls.
pub(super) struct Stage {
    pub(super) desk: Desk,
    pub(super) host: Actor,
    pub(super) mailer: Arc<MemoryMailer>,
    pub(super) calls: Arc<Calls>,
    clock: Arc<TestClock>,
    ids: Arc<GivenIds>,
    workers: Workers,
    /// All that is given, by its name.
    pub(super) things: BTreeMap<(Noun, String), Uuid>,
    pub(super) rules: BTreeMap<String, WorkflowId>,
    /// Tickets that have a name.
    pub(super) tickets: BTreeMap<String, TicketId>,
    /// All tickets, the latest last.
    pub(super) all_tickets: Vec<TicketId>,
    /// What people have been told so far.
    pub(super) told: BTreeSet<(NotificationId, i32)>,
}

/// Ids that follow from a seed, but for one that is given.
struct GivenIds {
    seeded: SeededIds,
    next: Mutex<Option<(bool, Uuid)>>,
}

impl GivenIds {
    /// What the next use case makes has this id: a use case draws an id for its change, then one for what it makes.
    fn give(&self, id: Option<Uuid>) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = id.map(|id| (false, id));
    }
}

impl IdSource for GivenIds {
    fn fill(&self, bytes: &mut [u8]) {
        self.seeded.fill(bytes);
    }

    fn uuid(&self, now: Time) -> Uuid {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        match *next {
            Some((true, id)) => {
                *next = None;
                id
            }
            Some((false, id)) => {
                *next = Some((true, id));
                self.seeded.uuid(now)
            }
            None => self.seeded.uuid(now),
        }
    }
}

/// Endpoints that answer every call, and remember its id.
#[derive(Default)]
pub(super) struct Calls(Mutex<BTreeSet<String>>);

impl Calls {
    /// The calls since the last look.
    pub(super) fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl WebhookSender for Calls {
    async fn send(&self, request: &WebhookRequest) -> Result<WebhookAnswer, WebhookError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(request.id.clone());
        Ok(WebhookAnswer { status: 200, retry_after: None, body: String::new(), sent: Vec::new() })
    }

    /// Nothing is called, and which inner addresses an operator allows is not known here: the form is enough.
    async fn check(&self, url: &str) -> Result<(), WebhookError> {
        match check_form(url) {
            Err(BadUrl::Form(why)) => Err(WebhookError::Invalid(why.to_owned())),
            Err(BadUrl::NotAllowed) | Ok(()) => Ok(()),
        }
    }
}

impl Stage {
    /// The desk with all that is given and all rules.
    pub(super) async fn set(
        suite: &Suite,
        (scenario, at): (&Scenario, &str),
        builder: DeskBuilder,
    ) -> Result<Self, Broken> {
        let now = scenario.given.now.or(suite.given.now).or(from_micros(MORNING)).unwrap_or_default();
        let (clock, mailer) = (Arc::new(TestClock::at(now)), Arc::new(MemoryMailer::new()));
        let (ids, calls) =
            (Arc::new(GivenIds { seeded: SeededIds::new(1), next: Mutex::default() }), Arc::<Calls>::default());
        let desk = builder
            .store(Arc::new(MemoryStore::new()))
            .clock(Arc::clone(&clock) as _)
            .ids(Arc::clone(&ids) as _)
            .mailer(Arc::clone(&mailer) as _)
            .webhook_sender(Arc::clone(&calls) as _)
            .keep_all_runs()
            .build()
            .map_err(|error| Broken(error.to_string()))?;
        // One after the other, so that what an application does comes in the same order each time.
        let options = WorkOptions { at_once: 1, digest_window: Duration::ZERO, ..WorkOptions::default() };
        let workers = desk.workers(options);
        let mut stage = Self {
            host: Actor::system(SystemReason::Host),
            things: BTreeMap::new(),
            rules: BTreeMap::new(),
            tickets: BTreeMap::new(),
            all_tickets: Vec::new(),
            told: BTreeSet::new(),
            desk,
            mailer,
            calls,
            clock,
            ids,
            workers,
        };
        let both = [(&suite.given, "given".to_owned()), (&scenario.given, format!("{at}.given"))];
        for (given, at) in &both {
            stage.furnish(given, at).await?;
        }
        for (given, at) in &both {
            stage.people(given, at).await?;
        }
        stage.import(suite).await?;
        // Invitations are no part of the story.
        stage.work().await?;
        stage.mailer.take_sent();
        Ok(stage)
    }

    async fn furnish(&mut self, given: &Given, at: &str) -> Result<(), Broken> {
        for (place, GivenOrganization { id, input }) in given.organizations.iter().enumerate() {
            self.ids.give(*id);
            let made = self.desk.create_organization(&self.host, input.clone()).await.map(|made| made.id.0);
            self.add((Noun::Organization, &input.name), *id, &format!("{at}.organizations[{place}]"), made)?;
        }
        for (place, GivenTeam { id, input }) in given.teams.iter().enumerate() {
            self.ids.give(*id);
            let made = self.desk.create_team(&self.host, input.clone()).await.map(|made| made.id.0);
            self.add((Noun::Team, &input.name), *id, &format!("{at}.teams[{place}]"), made)?;
        }
        for (place, field) in given.custom_fields.iter().enumerate() {
            let made = self.desk.create_custom_field(&self.host, field.clone()).await;
            made.map_err(|error| Broken::at(&format!("{at}.custom_fields[{place}]"), &error))?;
        }
        for (place, hook) in given.webhooks.iter().enumerate() {
            let GivenWebhook { id, input } = hook;
            self.ids.give(*id);
            let made = self.desk.create_webhook(&self.host, input.clone()).await.map(|made| made.id.0);
            self.add((Noun::Webhook, hook.name()), *id, &format!("{at}.webhooks[{place}]"), made)?;
        }
        Ok(())
    }

    async fn people(&mut self, given: &Given, at: &str) -> Result<(), Broken> {
        for (place, person) in given.people.iter().enumerate() {
            let at = format!("{at}.people[{place}]");
            let GivenPerson { id, input, organization, teams, availability } = person;
            let mut input = input.clone();
            if let Some(name) = organization {
                let company = self.thing(Noun::Organization, name)?;
                input.organization_id = Patch::Set(Some(OrganizationId(company)));
            }
            let email = input.email.clone();
            self.ids.give(*id);
            let made = self.desk.create_user(&self.host, input).await.map(|made| made.id.0);
            self.add((Noun::Person, &email), *id, &at, made)?;
            let user = UserId(self.thing(Noun::Person, &email)?);
            for (place, membership) in teams.iter().enumerate() {
                let team = TeamId(self.thing(Noun::Team, &membership.team)?);
                let member = NewMember::new(user, membership.role);
                let added = self.desk.add_member(&self.host, team, member).await;
                added.map_err(|error| Broken::at(&format!("{at}.teams[{place}]"), &error))?;
            }
            if *availability != Patch::Keep {
                let patch = UserPatch { availability: availability.clone(), ..UserPatch::default() };
                let changed = self.desk.update_user(&self.host, user, patch, None).await;
                changed.map_err(|error| Broken::at(&at, &error))?;
            }
        }
        Ok(())
    }

    /// Notes what was made.
    fn add(
        &mut self,
        (noun, name): (Noun, &str),
        given: Option<Uuid>,
        at: &str,
        made: Result<Uuid, Error>,
    ) -> Result<(), Broken> {
        let made = made.map_err(|error| Broken::at(at, &error))?;
        if given.is_some_and(|given| given != made) {
            return Err(Broken(format!("{at}.id: could not be given")));
        }
        self.things.insert((noun, key(noun, name)), made);
        Ok(())
    }

    async fn import(&mut self, suite: &Suite) -> Result<(), Broken> {
        for source in &suite.sources {
            let input = WorkflowImport { workflows: source.workflows.clone(), dry_run: false };
            let taken = self.desk.import_workflows(&self.host, input).await;
            let taken = taken.map_err(|error| Broken::of_rules(&source.prefix(), &error))?;
            let ids: BTreeMap<String, WorkflowId> =
                taken.created.into_iter().filter_map(|rule| Some((rule.name, rule.id?))).collect();
            for rule in &source.workflows {
                let name = rule_name(rule);
                self.rules.extend(ids.get(&name).map(|id| (name, *id)));
            }
        }
        Ok(())
    }

    /// The id of what has this name.
    pub(super) fn thing(&self, noun: Noun, name: &str) -> Result<Uuid, Broken> {
        let known = self.things.get(&(noun, key(noun, name)));
        known.copied().ok_or_else(|| Broken(format!("nothing that is given is called {name}")))
    }

    /// A new id: what happens from now on has later ones.
    pub(super) fn mark(&self) -> Uuid {
        self.ids.uuid(self.desk.now())
    }

    /// Lets time pass.
    pub(super) fn pass(&self, by: TimeDelta) -> Result<(), Broken> {
        let now = self.clock.advance(by);
        if YEARS.contains(&now.year()) { Ok(()) } else { Err(Broken("the year 9999 is over".to_owned())) }
    }

    /// Does all that is due, and what follows from it.
    pub(super) async fn work(&self) -> Result<(), Broken> {
        for _ in 0..MOST_JOBS {
            if self.workers.run_due(1).await? == 0 {
                return Ok(());
            }
        }
        Err(Broken("what rules ask for has no end".to_owned()))
    }
}
