//! What the desk needs from the outside, as traits. An adapter implements them; [`crate::memory`]
//! has an implementation of each, and [`crate::conformance`] checks any store.

mod bus;
mod clock;
mod id_source;
mod inbound;
mod mailer;
mod notification;
mod queue;
mod report;
mod routing;
mod store;
mod time;
mod timer;
mod webhook_sender;

pub use bus::{BACKLOG, Bus, LocalBus, Signal};
pub use clock::{Clock, SystemClock};
pub use id_source::{IdSource, RandomIds};
pub use inbound::{ArrivalCount, ArrivalQuery, BlobError, BlobStore, InboundRead, MailReader, Unreadable};
pub use mailer::{Mail, MailError, Mailbox, Mailer};
pub use notification::{CHANGES, Hearer, HearerQuery, Hearers, NotificationRead, READERS};
pub use queue::{Claim, JobCount, JobPurge, JobQuery, Queue};
pub use report::ReportRead;
pub use routing::{RoutingQuery, RoutingRead};
pub use store::*;
pub use time::TimeRead;
pub use timer::{LONGEST_HOLD, Timers};
pub use webhook_sender::{WebhookAnswer, WebhookError, WebhookRequest, WebhookSender};
