//! Settings and directory as one immutable snapshot.

use super::Desk;
use crate::calendar::Calendars;
use crate::canned::CannedResponses;
use crate::error::Error;
use crate::mail::{Brand, EmailTemplates};
use crate::model::{CustomFields, Directory, InboundPolicy, Macro, Mailboxes, SavedViews, TimeTracking};
use crate::setting::{DeskProfile, Document, Setting, SettingsState, Single, Stored};
use crate::sla::SlaPolicies;
use crate::ticket::Ground;
use crate::time::parse_duration;
use crate::timer::Timing;
use crate::webhook::Webhooks;
use crate::workflow::extension::Extensions;
use crate::workflow::rule::{Context, Rules};
use crate::workflow::variable::Variables;
use arc_swap::ArcSwapOption;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long a snapshot is used before the store is asked whether there is a newer one.
const FRESH: Duration = Duration::from_secs(1);

/// What administrators set and who works here, as it was at one version.
#[derive(Debug)]
pub struct Snapshot {
    /// The version of the whole.
    pub version: i64,
    /// What the desk calls itself and how it behaves.
    pub profile: Single<DeskProfile>,
    /// The desk's own fields.
    pub custom_fields: CustomFields,
    /// When the desk and its teams work.
    pub calendars: Calendars,
    /// The mails that were reworded.
    pub email_templates: EmailTemplates,
    /// How the desk shows itself in mail.
    pub brand: Single<Brand>,
    /// The endpoints that are told what happens.
    pub webhooks: Webhooks,
    /// What happens by itself.
    pub rules: Rules,
    /// What rules' texts may ask for.
    pub variables: Variables,
    /// What canned responses and macros may ask for.
    pub people_variables: Variables,
    /// What staff share of things to do by one press.
    pub macros: Vec<Stored<Macro>>,
    /// The texts that staff share.
    pub canned_responses: CannedResponses,
    /// What is promised to whom.
    pub sla_policies: SlaPolicies,
    /// Where mail comes in.
    pub mailboxes: Mailboxes,
    /// The lists of tickets that are shared.
    pub views: SavedViews,
    /// How mail is taken in.
    pub inbound: Single<InboundPolicy>,
    /// How working time is counted.
    pub time_tracking: Single<TimeTracking>,
    /// Who works here.
    pub directory: Directory,
}

impl Snapshot {
    fn new(state: SettingsState, extensions: &Extensions) -> Result<Self, Error> {
        let profile: Single<DeskProfile> = read_all(&state.documents)?.into();
        let custom_fields = CustomFields::new(read_all(&state.documents)?);
        let webhooks = Webhooks::new(read_all(&state.documents)?, &custom_fields);
        let directory = Directory::new(state.staff, state.teams, state.memberships);
        let calendars = Calendars::new(read_all(&state.documents)?, directory.teams());
        let max_escalation_level = profile.content.max_escalation_level;
        let ground = Ground {
            directory: &directory,
            custom_fields: &custom_fields,
            calendars: &calendars,
            max_escalation_level,
        };
        let variables = Variables::new(&custom_fields);
        let people_variables = Variables::of_people(&custom_fields);
        let context = Context { ground, webhooks: &webhooks, extensions, variables: &variables };
        let rules = Rules::new(read_all(&state.documents)?, &context);
        Ok(Self {
            version: state.version,
            profile,
            email_templates: EmailTemplates::new(read_all(&state.documents)?),
            brand: read_all(&state.documents)?.into(),
            mailboxes: Mailboxes::new(read_all(&state.documents)?),
            views: SavedViews::new(read_all(&state.documents)?),
            inbound: read_all(&state.documents)?.into(),
            time_tracking: read_all(&state.documents)?.into(),
            sla_policies: SlaPolicies::new(read_all(&state.documents)?, &custom_fields),
            macros: read_all(&state.documents)?,
            canned_responses: CannedResponses::new(read_all(&state.documents)?),
            rules,
            variables,
            people_variables,
            custom_fields,
            calendars,
            webhooks,
            directory,
        })
    }

    /// What rules are read against.
    pub fn rule_context<'a>(&'a self, extensions: &'a Extensions) -> Context<'a> {
        Context { ground: self.ground(), webhooks: &self.webhooks, extensions, variables: &self.variables }
    }

    /// What macros are read against.
    pub fn macro_context<'a>(&'a self, extensions: &'a Extensions) -> Context<'a> {
        Context { variables: &self.people_variables, ..self.rule_context(extensions) }
    }

    /// What is to happen to tickets by the clock.
    pub fn timing(&self) -> Timing<'_> {
        let auto_close_after =
            self.profile.content.auto_close_after.as_deref().and_then(|after| parse_duration(after).ok());
        Timing { rules: self.rules.timed(), auto_close_after, calendars: &self.calendars }
    }

    /// What changes of tickets are held against.
    pub fn ground(&self) -> Ground<'_> {
        Ground {
            directory: &self.directory,
            custom_fields: &self.custom_fields,
            calendars: &self.calendars,
            max_escalation_level: self.profile.content.max_escalation_level,
        }
    }
}

/// All documents of one kind.
fn read_all<T: Setting>(documents: &[Document]) -> Result<Vec<Stored<T>>, Error> {
    documents.iter().filter(|document| document.kind == T::KIND).map(Document::stored).collect()
}

/// The newest snapshot this process knows.
#[derive(Default)]
pub(super) struct SnapshotCache {
    current: ArcSwapOption<Entry>,
    /// Grows when what is known may be old; an entry of an older generation is checked first.
    generation: AtomicU64,
    loading: Mutex<()>,
    /// How many looks failed.
    failures: AtomicU64,
}

struct Entry {
    snapshot: Arc<Snapshot>,
    checked: Instant,
    generation: u64,
}

impl SnapshotCache {
    /// The next use asks the store.
    pub(super) fn expire(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// The newest one, however old.
    pub(super) fn known(&self) -> Option<Arc<Snapshot>> {
        self.current.load_full().map(|entry| Arc::clone(&entry.snapshot))
    }

    fn fresh(&self) -> Option<Arc<Snapshot>> {
        let entry = self.current.load();
        let entry = entry.as_ref()?;
        let newest = entry.generation == self.generation.load(Ordering::Acquire);
        (newest && entry.checked.elapsed() < FRESH).then(|| Arc::clone(&entry.snapshot))
    }
}

impl Desk {
    /// Settings and directory, at most about a second old, and never older than what this process
    /// has itself committed or was refused for.
    pub async fn snapshot(&self) -> Result<Arc<Snapshot>, Error> {
        if let Some(snapshot) = self.snapshots.fresh() {
            return Ok(snapshot);
        }
        let (failures, since) = (self.snapshots.failures.load(Ordering::Acquire), Instant::now());
        let _one_at_a_time = self.snapshots.loading.lock().await;
        if let Some(snapshot) = self.snapshots.fresh() {
            return Ok(snapshot);
        }
        if self.snapshots.failures.load(Ordering::Acquire) != failures && since.elapsed() > FRESH {
            // The look that this one waited for took long and failed. Each of a long queue looking for
            // itself would wait for a store that hangs once for each before it.
            return Err(Error::Unavailable(None));
        }
        let answer = self.load_snapshot().await;
        if answer.is_err() {
            self.snapshots.failures.fetch_add(1, Ordering::AcqRel);
        }
        answer
    }

    async fn load_snapshot(&self) -> Result<Arc<Snapshot>, Error> {
        // Both are taken before the look: what expires meanwhile makes the next use look again.
        let generation = self.snapshots.generation.load(Ordering::Acquire);
        let checked = Instant::now();
        let snapshot = match self.snapshots.known() {
            Some(known) if self.store.settings_version().await? == known.version => known,
            _ => Arc::new(Snapshot::new(self.store.settings().await?, &self.parts.extensions)?),
        };
        self.snapshots.current.store(Some(Arc::new(Entry { snapshot: Arc::clone(&snapshot), checked, generation })));
        Ok(snapshot)
    }
}
