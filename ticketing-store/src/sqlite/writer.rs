//! The one task that writes.

use super::failure::{is_busy, store_error};
use super::open::{POLL, WriteAccess};
use super::order::{Done, Order};
use super::reader::Readers;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::changes::{Changes, Committed};
use ticketing_core::port::{BoxError, StoreError, StoreResult};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

/// How many items share one flush of the disk at most.
const GROUP: usize = 64;

/// How many calls may wait for the writer. One more is answered at once that the store is
/// unavailable, which is better for everybody than an answer after its caller has gone.
const WAITING: usize = 1024;

type Answer = StoreResult<Done>;

/// One order and the one who waits for it.
struct Item {
    order: Order,
    answer: oneshot::Sender<Answer>,
    since: Instant,
    /// Until when it waits for another process that writes.
    until: Instant,
}

enum Message {
    /// Do these.
    Do(Vec<Item>),
    /// Take nothing more, finish what was taken, and say when the file is closed.
    Close(oneshot::Sender<()>),
}

/// Where commits are handed in. Handing in takes no time and can't be interrupted; from then on the
/// writer owns the commit. It commits also what nobody waits for any more, except where the commit
/// was kept waiting: then its caller has been told something else meanwhile.
#[derive(Clone, Debug)]
pub struct WriterHandle {
    inbox: Sender<Message>,
    patience: Duration,
}

/// Starts the task. It ends when the last handle is gone or after [`WriterHandle::close`], and then
/// closes the readers too.
pub fn spawn(access: WriteAccess, connection: SqliteConnection, readers: Arc<Readers>) -> WriterHandle {
    let (inbox, messages) = channel(WAITING);
    let patience = access.patience;
    let writer = Writer { access, connection: Some(connection), readers, last_locked: None };
    tokio::spawn(writer.run(messages));
    WriterHandle { inbox, patience }
}

impl WriterHandle {
    /// Hands the batch in and waits for its answers, in the order of its items.
    pub async fn commit_all(&self, batch: Vec<Changes>) -> Vec<StoreResult<Committed>> {
        let answers = self.hand_in(batch.into_iter().map(Order::Commit).collect()).await;
        answers.into_iter().map(|answer| answer.and_then(Done::committed)).collect()
    }

    /// Hands one order in and waits for its answer.
    pub async fn order(&self, order: Order) -> StoreResult<Done> {
        let mut answers = self.hand_in(vec![order]).await;
        answers.pop().unwrap_or_else(|| Err(StoreError::Other("the writer gave no answer".into())))
    }

    async fn hand_in(&self, batch: Vec<Order>) -> Vec<Answer> {
        let since = Instant::now();
        let until = since + self.patience;
        let (items, answers): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .map(|order| {
                let (answer, answered) = oneshot::channel();
                (Item { order, answer, since, until }, answered)
            })
            .unzip();
        let refused = match self.inbox.try_send(Message::Do(items)) {
            Ok(()) => None,
            Err(TrySendError::Full(_)) => Some("too many commits wait for the file"),
            Err(TrySendError::Closed(_)) => Some("the store is closed"),
        };
        let mut outcome = Vec::with_capacity(answers.len());
        for answer in answers {
            outcome.push(match (answer.await, refused) {
                (Ok(answer), _) => answer,
                (Err(_), Some(why)) => Err(StoreError::Unavailable(why.into())),
                (Err(lost), None) => Err(StoreError::Unknown(Box::new(lost))),
            });
        }
        outcome
    }

    /// Returns when everything handed in before is done and the file is closed.
    pub async fn close(&self) {
        let (closed, is_closed) = oneshot::channel();
        if self.inbox.send(Message::Close(closed)).await.is_ok() {
            // Where the task ended by itself there is nobody left to say so, and nothing to wait for.
            let _ = is_closed.await;
        }
    }
}

/// What the task owns.
struct Writer {
    access: WriteAccess,
    /// None after a failure that left the connection in doubt; the next group opens another.
    connection: Option<SqliteConnection>,
    readers: Arc<Readers>,
    /// When another process was last seen to hold the file.
    last_locked: Option<Instant>,
}

impl Writer {
    async fn run(mut self, mut inbox: Receiver<Message>) {
        let mut waiting = VecDeque::new();
        let mut closers = Vec::new();
        while let Some(first) = inbox.recv().await {
            let mut next = Some(first);
            loop {
                gather(&inbox).await;
                // What does not fit into this group stays where it is counted.
                while waiting.len() < GROUP
                    && let Some(message) = next.take().or_else(|| inbox.try_recv().ok())
                {
                    match message {
                        Message::Do(items) => waiting.extend(items),
                        Message::Close(closed) => {
                            inbox.close();
                            closers.push(closed);
                        }
                    }
                }
                if waiting.is_empty() {
                    break;
                }
                let group = waiting.drain(..waiting.len().min(GROUP)).collect();
                self.commit_group(group).await;
            }
        }
        self.close().await;
        for closed in closers {
            let _ = closed.send(());
        }
    }

    /// Commits the items together and answers each. An answer that nobody waits for is dropped.
    async fn commit_group(&mut self, mut group: Vec<Item>) {
        match self.try_group(&mut group).await {
            Ok(answers) => {
                for (item, answer) in group.into_iter().zip(answers) {
                    let _ = item.answer.send(answer);
                }
            }
            Err(failure) => failure.tell(group),
        }
    }

    /// The answers, to be given once they are durable, or why not one of the items is known to be
    /// committed. Items that could not wait any longer leave the group.
    async fn try_group(&mut self, group: &mut Vec<Item>) -> Result<Vec<Answer>, Failure> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.access.connect().await.map_err(|error| Failure::nothing_done(Box::new(error)))?,
        };
        let outcome = transact(&mut connection, group, &mut self.last_locked).await;
        let Err(failure) = outcome else {
            self.connection = Some(connection);
            return outcome;
        };
        // There is only something to take back where the transaction is still open, so where this
        // succeeds nothing was committed, whatever failed.
        if run(&mut connection, "ROLLBACK").await.is_ok() {
            self.connection = Some(connection);
            return Err(Failure { is_unknown: false, ..failure });
        }
        // A connection that is in doubt is given up, and the file takes back what it began.
        Err(failure)
    }

    async fn close(self) {
        self.readers.close().await;
        let Some(mut connection) = self.connection else { return };
        let folded = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await;
        if let Err(error) = folded.and(connection.close().await) {
            tracing::warn!(%error, "the write-ahead log stays beside the file until it is opened again");
        }
    }
}

/// Lets those who are about to hand something in do so. Whoever was just answered often comes back at
/// once, and one flush of the disk serves many as well as one. Waits for nobody who is not running.
async fn gather(inbox: &Receiver<Message>) {
    let mut seen = None;
    while seen != Some(inbox.len()) && inbox.len() < GROUP {
        seen = Some(inbox.len());
        tokio::task::yield_now().await;
    }
}

/// One transaction for all items, a savepoint for each.
async fn transact(
    connection: &mut SqliteConnection,
    group: &mut Vec<Item>,
    last_locked: &mut Option<Instant>,
) -> Result<Vec<Answer>, Failure> {
    let begun = begin(connection, group, last_locked).await.map_err(Failure::before_commit)?;
    let Some(mut settings) = begun else { return Ok(Vec::new()) };
    let mut answers = Vec::with_capacity(group.len());
    for (place, Item { order, .. }) in group.iter().enumerate() {
        let answer = order.run(connection, settings).await;
        let is_last = place + 1 == group.len();
        let next = match &answer {
            Ok(_) if is_last => None,
            Ok(_) => Some("RELEASE item; SAVEPOINT item"),
            // The savepoint stays where it was, for the next item.
            Err(_) => Some("ROLLBACK TO item"),
        };
        settings += i64::from(answer.is_ok() && order.bumps_settings());
        answers.push(answer);
        if let Some(next) = next {
            run(connection, next).await.map_err(Failure::before_commit)?;
        }
    }
    // Where every item failed there is nothing to make durable, and nothing to be in doubt about.
    if answers.iter().any(Result::is_ok) {
        if let Err(error) = run(connection, "COMMIT").await {
            return Err(Failure::in_commit(error, answers));
        }
    } else {
        run(connection, "ROLLBACK").await.map_err(Failure::before_commit)?;
    }
    Ok(answers)
}

/// Takes the file's write lock, so that nobody else writes until this transaction ends, sets the
/// savepoint `item` and answers the settings' version. While another process writes, items whose time
/// is over are answered and leave the group; nothing is answered where none is left.
async fn begin(
    connection: &mut SqliteConnection,
    group: &mut Vec<Item>,
    last_locked: &mut Option<Instant>,
) -> Result<Option<i64>, sqlx::Error> {
    let first = "BEGIN IMMEDIATE; SAVEPOINT item; SELECT version FROM settings_head";
    loop {
        match sqlx::query_scalar(first).fetch_one(&mut *connection).await {
            Ok(settings) => {
                // Whoever left a commit that was kept waiting takes it for failed, or has asked again.
                let now = Instant::now();
                let in_time = |item: &Item| now < item.until && last_locked.is_none_or(|locked| locked < item.since);
                group.retain(|item| !item.answer.is_closed() || in_time(item));
                return Ok(Some(settings));
            }
            Err(error) if is_busy(&error) => {
                let now = *last_locked.insert(Instant::now());
                let late = group.extract_if(.., |item| item.until <= now).collect();
                Failure::before_commit(error).tell(late);
            }
            Err(error) => return Err(error),
        }
        if group.is_empty() {
            return Ok(None);
        }
        sleep(POLL).await;
    }
}

async fn run(connection: &mut SqliteConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(statement).execute(connection).await.map(drop)
}

/// Why some items failed together. Each of them gets the same answer.
struct Failure {
    cause: Arc<dyn std::error::Error + Send + Sync>,
    is_unknown: bool,
    /// What each item was to be told. One that was refused was no part of what failed.
    answers: Vec<Answer>,
}

impl Failure {
    fn nothing_done(cause: BoxError) -> Self {
        Self { cause: cause.into(), is_unknown: false, answers: Vec::new() }
    }

    fn before_commit(error: sqlx::Error) -> Self {
        Self::nothing_done(Box::new(store_error(error)))
    }

    /// A disk that fails in the middle of a COMMIT may have kept all of it: where the flush failed,
    /// a file that is opened again after a crash may find the commit whole.
    fn in_commit(error: sqlx::Error, answers: Vec<Answer>) -> Self {
        Self { is_unknown: true, answers, ..Self::before_commit(error) }
    }

    fn tell(self, items: Vec<Item>) {
        if items.is_empty() {
            return;
        }
        let (count, is_unknown) = (items.len(), self.is_unknown);
        tracing::warn!(error = %self.cause, items = count, is_unknown, "commits failed together");
        let mut answers = self.answers.into_iter();
        for item in items {
            let cause = Box::new(Arc::clone(&self.cause));
            let failed = if is_unknown { StoreError::Unknown(cause) } else { StoreError::Unavailable(cause) };
            let answer = answers.next().and_then(Result::err).unwrap_or(failed);
            let _ = item.answer.send(Err(answer));
        }
    }
}
