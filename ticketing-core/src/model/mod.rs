//! The desk's nouns, a file each.

pub mod answer;
pub mod api_key;
pub mod arrival;
pub mod attachment;
pub mod audit;
pub mod calendar;
pub mod canned;
pub mod comment;
pub mod credential_token;
pub mod custom_field;
pub mod directory;
pub mod escalation;
pub mod job;
pub mod link;
pub mod macros;
pub mod mail;
pub mod mailbox;
pub mod milestone;
pub mod notice;
pub mod notification;
pub mod organization;
pub mod routing;
pub mod saved_view;
pub mod seal;
pub mod session;
pub mod sharing;
pub mod sla;
pub mod table_import;
pub mod team;
pub mod ticket;
pub mod time_entry;
pub mod time_tracking;
pub mod timer;
pub mod user;
pub mod view;
pub mod webhook;
pub mod workflow;

pub use answer::{Answer, IdempotencyKey};
pub use api_key::{ApiKey, KeyScope};
pub use arrival::{
    Arrival, ArrivalCause, ArrivalDetail, ArrivalDoor, ArrivalState, AuthResult, AuthVerdict, BlobKey, Envelope,
};
pub use attachment::{AttachedTo, Attachment};
pub use audit::{AuditDetail, AuditEntry, Subject};
pub use calendar::{Calendar, FormerHours, Holiday, HolidayDate, Hours, Period, Slot, TimeOfDay, WeeklyHours};
pub use canned::{CannedResponse, CannedUse};
pub use comment::{Comment, Watcher};
pub use credential_token::{CredentialToken, TokenKind};
pub use custom_field::{
    AskedWhen, CustomField, CustomFields, FieldKey, FieldLimits, FieldPattern, FieldType, Required, Topic,
};
pub use directory::Directory;
pub use escalation::{BadTarget, EscalationCause, EscalationTarget};
pub use job::{Attempt, Job, JobCause, JobEnd, JobKind, JobOutcome, JobState, Lease};
pub use link::{LinkKind, TicketLink};
pub use macros::Macro;
pub use mail::{MailFailure, MailRecord};
pub use mailbox::{
    ImapAccount, ImapAuth, ImapSecurity, ImapThen, InboundMailbox, InboundPolicy, Mailboxes, SpamHeader, without_tag,
};
pub use milestone::{Milestone, MilestoneKind};
pub use notice::{NoticeChannel, NoticeKind, NoticePreferences, Relation};
pub use notification::{Notification, NotificationKind, NotificationSubject, Reading};
pub use organization::Organization;
pub use routing::{MemberLoad, RoutingCandidate, RoutingDecision, RoutingDetail, RoutingTurn, Standing};
pub use saved_view::{BuiltInView, ListColumn, SavedView, SavedViews, ViewColumn};
pub use seal::{AuditHead, AuditMark, AuditRecord, AuditSeal, AuditTally};
pub use session::Session;
pub use sharing::{Sharing, Visibility};
pub use sla::{
    OnBreach, Promise, Sla, SlaClock, SlaGroupBy, SlaMetric, SlaPolicy, SlaPolicyRef, SlaResult, SlaTargets, WarnBefore,
};
pub use table_import::{ImportCounts, ImportKind, ImportState, TableImport, WrongCell};
pub use team::{Membership, Routing, Team, TeamRole};
pub use ticket::{Channel, Priority, Status, Ticket};
pub use time_entry::{Currency, Money, Stopwatch, TimeEntry, TimeSpent};
pub use time_tracking::{OrganizationRate, Rounding, TimeTracking};
pub use timer::{Fired, Recurrence, RecurrenceKind};
pub use user::{Availability, Person, Role, User};
pub use webhook::{
    DisableReason, Disabled, EventType, PayloadKind, RetrySchedule, Webhook, WebhookHeader, WebhookHealth,
    WebhookSecret,
};
pub use workflow::{
    ActionSource, Anchor, Matching, RuleDisableReason, RuleDisabled, RuleMode, RuleRef, RuleSpend, RunOutcome,
    Schedule, Trigger, Workflow, WorkflowRun,
};

/// Declares a closed set of wire words with a rank that stores keep and sort by.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $rank:literal $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant = $rank,)+
        }

        impl $name {
            /// Every value, lowest rank first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The number that stores keep; it never changes its meaning.
            pub const fn rank(self) -> i16 {
                self as i16
            }

            /// The value of a stored number.
            pub const fn from_rank(rank: i16) -> Option<Self> {
                match rank { $($rank => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::model::UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err($crate::model::UnknownWord) }
            }
        }
    };
}
pub(crate) use words;

/// The text is none of the words that the contract lists.
#[derive(Debug, thiserror::Error)]
#[error("not one of the known values")]
pub struct UnknownWord;
