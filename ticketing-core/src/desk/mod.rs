//! The desk: every use case, a file a noun.
//!
//! A use case takes a [`Call`](crate::Call) (who, from where, why) and an input, loads what it needs
//! under the actor's scope, decides with pure functions, records what happened and commits once.
//! Every write goes this way, whatever asked for it.

mod api_key;
mod attachment;
pub mod audit;
mod brand;
mod builder;
mod calendar;
mod canned;
pub mod comment;
mod count;
mod credential;
mod custom_field;
mod email_template;
mod erase;
mod export;
pub mod import;
mod inbound;
mod job;
mod live;
mod macros;
mod me;
mod notification;
mod notify;
mod organization;
mod password;
mod period;
mod preference;
mod profile;
mod proof;
mod recorder;
mod refresh_token;
mod routing;
mod saved_view;
mod seal;
pub mod session;
mod setting;
mod settle;
mod sharing;
mod sign_in;
mod signal;
mod sla;
pub mod snapshot;
mod team;
mod thread;
mod ticket;

mod time;
mod timeline;
mod timer;
pub mod transfer;
mod turn;
mod user;
mod watcher;
mod webhook;
mod welcome;
pub mod work;
mod workflow;

pub use api_key::{ApiKeyView, MadeKey, NewApiKey};
pub use audit::{AuditDraft, AuditKey};
pub use brand::BrandPatch;
pub use builder::{BuildError, DeskBuilder, DeskOptions};
pub use calendar::{CalendarPatch, CalendarView, ImportedHolidays, NewCalendar};
pub use canned::{
    CannedCategory, CannedQuery, CannedResponseExport, CannedResponseImport, CannedResponseView,
    ExportedCannedResponse, FilledResponse, ImportedCannedResponse, ImportedCannedResponses, NewCannedResponse,
    NewImportedResponse,
};
pub use comment::{CommentEdit, NewComment};
pub use credential::{Forgotten, PasswordReset, Setup};
pub use custom_field::{CustomFieldPatch, CustomFieldView, NewCustomField};
pub(crate) use email_template::traces as template_traces;
pub use email_template::{EmailTemplateSummary, EmailTemplateView, MailPreview, NewEmailTemplate};
pub use erase::Erasure;
pub use export::{ExportedLine, ExportedPerson, Side};
pub use inbound::{
    ArrivalDetailView, ArrivalList, ArrivalView, Delivery, ImapDoor, ImapInput, ImapView, InboundMailboxPatch,
    InboundMailboxView, InboundPolicyPatch, InboundTally, MailboxFor, NewInboundMailbox, PreviewedFile, ReceivedMail,
    TakenIn,
};
pub use job::{JobView, WholeJob};
pub use live::{LiveEvent, LivePage, LiveView, Told};
pub use macros::{MacroPatch, MacroPreview, MacroRefusal, MacroStep, MacroUse, MacroView, NewMacro, PreviewedComment};
pub use me::MePatch;
pub use notification::{NotificationList, NotificationView, ReadAll};
pub use notify::Mentionable;
pub use organization::{NewOrganization, OrganizationPatch};
pub use password::PasswordHash;
pub use period::ReportEdge;
pub use profile::DeskPatch;
pub use proof::{AuditFlaw, AuditProof, FlawKind};
pub(crate) use recorder::differences;
pub use routing::{CandidateView, LoadView, RoutingView, TeamLoad};
pub use saved_view::{NewSavedView, ReadView, SavedViewPatch, SavedViewView, ViewCount};
pub use session::{Register, SignIn, SignedIn};
pub use sharing::SharingPatch;
pub use sign_in::SignInView;
pub(crate) use sla::sla_results;
pub use sla::{
    MemberReport, NewSlaPolicy, SlaAttainment, SlaForecast, SlaForecastSample, SlaPolicyPatch, SlaPolicyView,
    SlaReport, SlaReportGroup, SlaReportQuery, SlaStory, SlaStoryPolicy, SlaWhatIf, TeamReport, TeamReportQuery, Took,
};
pub use snapshot::Snapshot;
pub use team::{MemberPatch, MemberView, NewMember, NewTeam, TeamPatch};
pub use ticket::{
    Assignment, BulkChange, Deescalation, Escalation, LinkView, LinkedTicket, NewCustomer, NewLink, NewMerge, NewSplit,
    NewTicket, Requester, TicketCount, TicketList, TicketPatch,
};
pub use time::{
    NewTimeEntry, OverlappingTime, StopwatchStart, StopwatchStop, StopwatchView, TimeEntryPatch, TimeEntryView,
    TimeGroupBy, TimeList, TimeSelection, TimeSummary, TimeSummaryItem, TimeTotals, TimeTrackingPatch, TimeWarning,
};
pub use timeline::EventFeed;
pub use user::{NewUser, UserPatch};
pub use webhook::{
    AttemptView, DeliveryQuery, DeliveryStatus, DeliveryView, NewReplay, NewWebhook, Replay, ReplayView, WebhookCall,
    WebhookPatch, WebhookRefusal, WebhookView,
};
pub use welcome::Welcome;
pub use workflow::{
    BacktestProgress, Basis, DryRun, ExportedWorkflow, ImportedWorkflow, ImportedWorkflows, LintReport, LintRequest,
    NewWorkflow, RestoreWorkflow, RunQuery, Stretch, TrialTicket, WorkflowDiff, WorkflowExport, WorkflowImport,
    WorkflowPatch, WorkflowRunView, WorkflowTrial, WorkflowUnderTest, WorkflowVersion, WorkflowVersionView,
    WorkflowView, ticket_key,
};

use crate::access::{Actor, Scope};
use crate::changes::{Changes, Committed, Write};
use crate::error::Error;
use crate::model::{Answer, IdempotencyKey};
use crate::port::{
    BlobStore, Bus, Clock, IdSource, MailReader, Mailer, Signal, Store, StoreError, Unique, WebhookSender,
};
use crate::time::Time;
use crate::vault::Vault;
use crate::workflow::extension::Extensions;
use api_key::KeyCache;
use password::Passwords;
use saved_view::ViewCounts;
use session::CustomerCache;
use snapshot::SnapshotCache;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use turn::Turns;

/// A help desk over a store. Cheap to clone; spawns nothing.
#[derive(Clone)]
pub struct Desk {
    store: Arc<dyn Store>,
    snapshots: Arc<SnapshotCache>,
    customers: Arc<CustomerCache>,
    keys: Arc<KeyCache>,
    counts: Arc<ViewCounts>,
    is_joined: bool,
    parts: Arc<Parts>,
}

/// What all clones of a desk share.
struct Parts {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    audit_key: AuditKey,
    former_audit_keys: Vec<AuditKey>,
    vault: Vault,
    webhook_sender: Option<Arc<dyn WebhookSender>>,
    options: DeskOptions,
    passwords: Passwords,
    turns: Turns,
    log: watch::Sender<u64>,
    /// Rings whenever this process has made work.
    bell: watch::Sender<u64>,
    /// The earliest moment that this process has planned something for since its workers last looked.
    alarm: watch::Sender<Time>,
    mailer: Option<Arc<dyn Mailer>>,
    bus: Arc<dyn Bus>,
    /// Signals of commits in transactions that the host has yet to commit.
    held: Mutex<Vec<Signal>>,
    /// What the application adds to rules.
    extensions: Extensions,
    blobs: Option<Arc<dyn BlobStore>>,
    mail_reader: Option<Arc<dyn MailReader>>,
    inbound: InboundTally,
    /// Mails of one sender are decided one after the other, or what is counted would not hold.
    senders: Turns,
    /// Whoever looks for an agent of a team waits here, after the turn of the ticket.
    rounds: Turns,
}

/// How long a command goes on deciding anew when others are faster.
const PATIENCE: Duration = Duration::from_secs(5);

impl Desk {
    /// A desk to be put together; only the store is required.
    pub fn builder() -> DeskBuilder {
        DeskBuilder::default()
    }

    /// The same desk on another store, such as one that joins the host's transaction. What it
    /// commits is announced by whoever commits that transaction ([`Desk::announce`]); until then nobody
    /// else may see it, so what it has read is its own.
    #[must_use]
    pub fn joined(&self, store: Arc<dyn Store>) -> Self {
        Self {
            store,
            snapshots: Arc::default(),
            customers: Arc::default(),
            keys: Arc::default(),
            counts: Arc::default(),
            is_joined: true,
            parts: Arc::clone(&self.parts),
        }
    }

    /// What it was built with.
    pub fn options(&self) -> &DeskOptions {
        &self.parts.options
    }

    /// What the application adds to rules.
    pub fn extensions(&self) -> &Extensions {
        &self.parts.extensions
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// What carries signals among the desk's processes.
    pub fn bus(&self) -> &Arc<dyn Bus> {
        &self.parts.bus
    }

    /// Where ids and secrets come from.
    pub fn ids(&self) -> &dyn IdSource {
        &*self.parts.ids
    }

    /// What time it is on this desk.
    pub fn now(&self) -> Time {
        self.parts.clock.now()
    }

    /// Whether the store answers.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(self.store.ping().await?)
    }

    /// Tells those who wait on [`Desk::log_grown`] to read the event log, workers to look for jobs, and the bus whose
    /// rights have changed. Needed only after a transaction of the host's own was committed; a forgotten call costs them one
    /// poll.
    pub fn announce(&self) {
        self.announce_here();
        self.tell_held();
    }

    /// Tells those of this process who wait for events or for work.
    fn announce_here(&self) {
        self.parts.log.send_modify(|count| *count = count.wrapping_add(1));
        self.ring();
    }

    /// Whether anything that happens may have to leave the desk.
    fn reaches_out(&self, snapshot: &Snapshot) -> bool {
        self.parts.mailer.is_some() || snapshot.webhooks.iter().any(|hook| hook.stored.content.is_active)
    }

    /// Tells the workers of this process that there is work.
    fn ring(&self) {
        self.parts.bell.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Changes whenever this process has made the event log grow, or was told that another one may have.
    pub fn log_grown(&self) -> watch::Receiver<u64> {
        self.parts.log.subscribe()
    }

    /// What the actor may see.
    pub fn scope(&self, actor: &Actor) -> Scope {
        actor.scope(self.parts.options.agent_visibility)
    }

    /// What was answered when this very call was made before, if it was and that is not too long ago.
    /// Another digest than the one asked with says that it was another call under the same key.
    pub async fn answer(&self, key: &IdempotencyKey) -> Result<Option<Answer>, Error> {
        let found = self.store.answer(&Scope::UPKEEP, key).await?;
        Ok(found.filter(|answer| answer.at > self.now() - Answer::KEPT))
    }

    async fn commit(&self, changes: Changes) -> Result<Committed, Error> {
        let bumps = changes.bumps_settings;
        let makes_work = changes.writes.iter().any(|write| matches!(write, Write::Job(_) | Write::RedoJob { .. }));
        let planned = timer::earliest(&changes.writes);
        let who = changes.scope.user_id();
        let signals = self.signals(&changes);
        let answer = self.store.commit(changes).await;
        if bumps || matches!(answer, Err(StoreError::StaleSettings)) {
            self.snapshots.expire();
        }
        let committed = answer?;
        self.tell(signals);
        if self.is_joined {
            return Ok(committed);
        }
        let log_grew = !committed.seqs.is_empty();
        if log_grew {
            self.announce_here();
            if let Some(who) = who {
                self.counts.acted(who, *self.parts.log.borrow());
            }
        } else if makes_work {
            self.ring();
        }
        if let Some(planned) = planned {
            self.set_alarm(planned);
        }
        if (log_grew || makes_work)
            && let Err(error) = self.store.ring().await
        {
            // They look by themselves, a little later.
            tracing::debug!(error = &error as &dyn std::error::Error, "other processes could not be told");
        }
        Ok(committed)
    }

    /// Decides and commits, and again with growing, jittered pauses where somebody else was faster,
    /// until patience ends.
    async fn insist<T, F, A>(&self, attempt: A) -> Result<T, Error>
    where
        A: Fn() -> F + Send + Sync,
        F: Future<Output = Result<T, Error>> + Send,
    {
        let start = std::time::Instant::now();
        let mut pause = Duration::from_millis(2);
        loop {
            match attempt().await {
                Err(error) if is_race(&error) && start.elapsed() < PATIENCE => {
                    let mut byte = [0];
                    self.parts.ids.fill(&mut byte);
                    tokio::time::sleep(pause.mul_f64(0.5 + f64::from(byte[0]) / 255.0)).await;
                    pause = (pause * 2).min(Duration::from_millis(200));
                }
                answer => return answer,
            }
        }
    }
}

/// Whether deciding anew may help: somebody else was faster, or a random number was taken.
fn is_race(error: &Error) -> bool {
    use StoreError::{Conflict, Duplicate, StaleSettings};
    matches!(error, Error::Unavailable(Some(Conflict | StaleSettings | Duplicate(Unique::TicketNumber))))
}

/// Refuses a change that was decided on another version than the one that is stored.
fn check_version(expected: Option<i64>, current: i64) -> Result<(), Error> {
    match expected {
        Some(expected) if expected != current => Err(Error::Stale { expected, current }),
        _ => Ok(()),
    }
}
