//! Mail out of mailboxes elsewhere, by IMAP (RFC 9051, RFC 3501).
//!
//! Each mailbox of the desk with an account has a task that keeps a connection: it looks for mails that are not done,
//! fetches one after the other, hands it to the desk, and only when the desk has it marks, moves or deletes it there. Then
//! it waits for the server to tell of new ones (IDLE, RFC 2177), or looks again after a while where the server does
//! not tell. Nothing is remembered between two runs but what the mailbox itself says: a crash anywhere means that a mail
//! is fetched again, and the desk knows it again. So several processes may fetch one mailbox at once: each mail is
//! taken in once, and fetched twice at worst. Another UIDVALIDITY means nothing for the same reason.
//!
//! | what becomes of a mail | what is not done yet | what is done once the desk has it |
//! |---|---|---|
//! | it is marked as read | `UNKEYWORD $TicketingDone UNDELETED` | `UID STORE +FLAGS.SILENT ($TicketingDone \Seen)` |
//! | it goes to a folder | `UNDELETED` | `UID MOVE` (RFC 6851), else `UID COPY` and as if it were deleted |
//! | it is deleted | `UNDELETED` | `UID STORE +FLAGS.SILENT (\Deleted)`, `UID EXPUNGE` |
//!
//! Where a server keeps no keywords (by its PERMANENTFLAGS) what is not done is `UNSEEN`: there a mail that somebody reads
//! before the desk does is not fetched.
//!
//! A server without UIDPLUS (RFC 4315) can't remove one mail alone; there it stays, marked as deleted. So does one that a
//! connection broke over between the two commands: what is marked as deleted may be somebody else's wish, and is let alone.
//!
//! A mail that is too large is not fetched, and marked with `\Flagged` for people to see. One that the desk can't take
//! now is fetched again later, and so is everything behind it. A mail in which the connection breaks is tried
//! last the next time, so that it stands in nobody's way. One that the desk has and that the server does not let be put
//! away is not fetched again: putting it away is tried again after pauses, while the others are fetched.

mod conversation;
mod fetch;
mod left;
mod name;
mod status;
mod token;
mod trouble;
mod wire;

pub use status::{ImapStatus, ImapStatuses};
pub use trouble::BadRoots;

use fetch::Fetcher;
use std::collections::HashMap;
use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Desk;
use ticketing_core::desk::ImapDoor;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::sleep;
use uuid::Uuid;

/// How mailboxes are fetched.
#[derive(Clone, Debug)]
pub struct ImapOptions {
    /// Certificates in PEM of authorities that are trusted besides the usual ones and the machine's own.
    pub extra_roots: Option<String>,
    /// How long until changed settings of mailboxes are seen.
    pub settings_every: Duration,
    /// How long until a mailbox is looked into again whose server does not tell.
    pub poll_every: Duration,
    /// How long the server is waited for before it is asked anew whether it still tells; at most 29 minutes (RFC 2177).
    pub idle_for: Duration,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long the server may take for an answer; a mail may take a second more for each 16 KiB.
    pub command_timeout: Duration,
    /// How long is waited after a first failure. Each further one doubles it.
    pub first_pause: Duration,
    /// How long is waited at most.
    pub longest_pause: Duration,
}

impl Default for ImapOptions {
    /// Settings every 5 s, mailboxes every 30 s, 20 minutes of IDLE; 10 s to connect, 60 s an answer; pauses of 1 s to 5
    /// minutes.
    fn default() -> Self {
        Self {
            extra_roots: None,
            settings_every: Duration::from_secs(5),
            poll_every: Duration::from_secs(30),
            idle_for: Duration::from_mins(20),
            connect_timeout: Duration::from_secs(10),
            command_timeout: Duration::from_mins(1),
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_mins(5),
        }
    }
}

/// Fetches the mail of all mailboxes with an account until told to stop, and follows changes of their settings. How each of
/// them is doing is found in `statuses`. Reads the machine's certificates once.
pub async fn run(
    desk: Desk,
    options: ImapOptions,
    statuses: ImapStatuses,
    stop: impl Future<Output = ()> + Send,
) -> Result<(), BadRoots> {
    let house = Arc::new(wire::House::new(desk, options)?);
    let mut tasks = Tasks { house, statuses, running: HashMap::new(), set: JoinSet::new() };
    let mut stop = pin!(stop);
    let all = async {
        loop {
            match tasks.house.desk.imap_doors().await {
                Ok(doors) => tasks.follow(doors),
                // Those that run go on with what they know.
                Err(error) => {
                    tracing::warn!(error = &error as &dyn Error, "the desk can't say now which mailboxes are fetched");
                }
            }
            sleep(tasks.house.options.settings_every).await;
        }
    };
    tokio::select! {
        () = all => {}
        // Whatever is in the middle of a mail is as good as crashed there, which loses nothing.
        () = &mut stop => {}
    }
    Ok(())
}

/// The tasks of all mailboxes. They end with this.
struct Tasks {
    house: Arc<wire::House>,
    statuses: ImapStatuses,
    /// Which runs for a mailbox, and under which version of its settings.
    running: HashMap<Uuid, (i64, AbortHandle)>,
    set: JoinSet<()>,
}

impl Tasks {
    /// Starts, ends and starts anew what the settings ask for.
    fn follow(&mut self, doors: Vec<ImapDoor>) {
        while self.set.try_join_next().is_some() {}
        let Self { running, statuses, .. } = self;
        running.retain(|id, (version, task)| {
            let stays = doors.iter().any(|door| door.mailbox_id == *id && door.version == *version);
            if !stays {
                task.abort();
                statuses.forget(*id);
            }
            // One that has ended did so by a panic, and begins again.
            stays && !task.is_finished()
        });
        for door in doors {
            let (id, version) = (door.mailbox_id, door.version);
            if !self.running.contains_key(&id) {
                let fetcher = Fetcher::new(Arc::clone(&self.house), door, self.statuses.of(id));
                self.running.insert(id, (version, self.set.spawn(fetcher.run())));
            }
        }
    }
}
