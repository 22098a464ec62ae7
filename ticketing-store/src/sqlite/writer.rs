//! The one task that writes.

use super::apply;
use super::failure::store_error;
use super::open::WriteAccess;
use super::reader::Readers;
use sqlx::Connection;
use sqlx::sqlite::SqliteConnection;
use std::collections::VecDeque;
use std::sync::Arc;
use ticketing_core::changes::{Changes, Committed};
use ticketing_core::port::{BoxError, StoreError, StoreResult};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

/// How many items share one flush of the disk at most.
const GROUP: usize = 64;

type Answer = StoreResult<Committed>;

/// One commit and the one who waits for it.
struct Item {
    changes: Changes,
    answer: oneshot::Sender<Answer>,
}

enum Message {
    /// Commit these.
    Commit(Vec<Item>),
    /// Take nothing more, finish what was taken, and say when the file is closed.
    Close(oneshot::Sender<()>),
}

/// Where commits are handed in. Handing in takes no time and can't be interrupted; from then on the
/// writer owns the commit, whether or not anybody still waits for its answer.
#[derive(Clone, Debug)]
pub struct WriterHandle(UnboundedSender<Message>);

/// Starts the task. It ends when the last handle is gone or after [`WriterHandle::close`], and then
/// closes the readers too.
pub fn spawn(access: WriteAccess, connection: SqliteConnection, readers: Arc<Readers>) -> WriterHandle {
    let (inbox, messages) = unbounded_channel();
    let writer = Writer { access, connection: Some(connection), readers };
    tokio::spawn(writer.run(messages));
    WriterHandle(inbox)
}

impl WriterHandle {
    /// Hands the batch in and waits for its answers, in the order of its items.
    pub async fn commit_all(&self, batch: Vec<Changes>) -> Vec<Answer> {
        let (items, answers): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .map(|changes| {
                let (answer, answered) = oneshot::channel();
                (Item { changes, answer }, answered)
            })
            .unzip();
        let is_closed = self.0.send(Message::Commit(items)).is_err();
        let mut outcome = Vec::with_capacity(answers.len());
        for answer in answers {
            outcome.push(match answer.await {
                Ok(answer) => answer,
                Err(_) if is_closed => Err(StoreError::Unavailable("the store is closed".into())),
                Err(lost) => Err(StoreError::Unknown(Box::new(lost))),
            });
        }
        outcome
    }

    /// Returns when everything handed in before is done and the file is closed.
    pub async fn close(&self) {
        let (closed, is_closed) = oneshot::channel();
        if self.0.send(Message::Close(closed)).is_ok() {
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
}

impl Writer {
    async fn run(mut self, mut inbox: UnboundedReceiver<Message>) {
        let mut waiting = VecDeque::new();
        let mut closers = Vec::new();
        while let Some(first) = inbox.recv().await {
            let mut next = Some(first);
            loop {
                gather(&inbox).await;
                next = next.or_else(|| inbox.try_recv().ok());
                while let Some(message) = next {
                    match message {
                        Message::Commit(items) => waiting.extend(items),
                        Message::Close(closed) => {
                            inbox.close();
                            closers.push(closed);
                        }
                    }
                    next = inbox.try_recv().ok();
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
    async fn commit_group(&mut self, group: Vec<Item>) {
        match self.try_group(&group).await {
            Ok(answers) => {
                for (item, answer) in group.into_iter().zip(answers) {
                    let _ = item.answer.send(answer);
                }
            }
            Err(failure) => {
                tracing::warn!(error = %failure.cause, items = group.len(), "a group of commits failed");
                for item in group {
                    let _ = item.answer.send(Err(failure.answer()));
                }
            }
        }
    }

    /// The answers, to be given once they are durable, or why not one of the items was committed.
    async fn try_group(&mut self, group: &[Item]) -> Result<Vec<Answer>, Failure> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.access.connect().await.map_err(|error| Failure::nothing_done(Box::new(error)))?,
        };
        let outcome = transact(&self.access, &mut connection, group).await;
        // A connection that can't take back what it began is given up, and the file takes it back.
        if outcome.is_ok() || sqlx::query("ROLLBACK").execute(&mut connection).await.is_ok() {
            self.connection = Some(connection);
        }
        outcome
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
async fn gather(inbox: &UnboundedReceiver<Message>) {
    let mut seen = None;
    while seen != Some(inbox.len()) && inbox.len() < GROUP {
        seen = Some(inbox.len());
        tokio::task::yield_now().await;
    }
}

/// One transaction for all items, a savepoint for each.
async fn transact(
    access: &WriteAccess,
    connection: &mut SqliteConnection,
    group: &[Item],
) -> Result<Vec<Answer>, Failure> {
    let mut settings = access.begin_items(connection).await.map_err(Failure::before_commit)?;
    let mut answers = Vec::with_capacity(group.len());
    for (place, Item { changes, .. }) in group.iter().enumerate() {
        let answer = apply::changes(connection, settings, changes).await;
        let is_last = place + 1 == group.len();
        let next = match &answer {
            Ok(_) if is_last => "COMMIT",
            Ok(_) => "RELEASE item; SAVEPOINT item",
            Err(_) if is_last => "ROLLBACK TO item; COMMIT",
            // The savepoint stays where it was, for the next item.
            Err(_) => "ROLLBACK TO item",
        };
        settings += i64::from(answer.is_ok() && changes.bumps_settings);
        answers.push(answer);
        run(connection, next).await.map_err(if is_last { Failure::in_commit } else { Failure::before_commit })?;
    }
    Ok(answers)
}

async fn run(connection: &mut SqliteConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(statement).execute(connection).await.map(drop)
}

/// Why a whole group failed. Every item of it gets the same answer.
struct Failure {
    cause: Arc<dyn std::error::Error + Send + Sync>,
    is_unknown: bool,
}

impl Failure {
    fn nothing_done(cause: BoxError) -> Self {
        Self { cause: cause.into(), is_unknown: false }
    }

    fn before_commit(error: sqlx::Error) -> Self {
        Self::nothing_done(Box::new(store_error(error)))
    }

    /// SQLite takes a transaction back whose COMMIT it refuses. Only where the thread that drives it
    /// is gone does nobody know.
    fn in_commit(error: sqlx::Error) -> Self {
        let is_unknown = matches!(error, sqlx::Error::WorkerCrashed);
        Self { is_unknown, ..Self::before_commit(error) }
    }

    fn answer(&self) -> StoreError {
        let cause = Box::new(Arc::clone(&self.cause));
        if self.is_unknown { StoreError::Unknown(cause) } else { StoreError::Unavailable(cause) }
    }
}
