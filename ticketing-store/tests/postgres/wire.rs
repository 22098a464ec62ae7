//! A wire between store and server that counts what is asked and can be cut.

use crate::{ALL, Database, changes, creation, customer};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use ticketing_core::changes::Write;
use ticketing_core::conformance::sample::{Sample, note};
use ticketing_core::ids::TicketKey;
use ticketing_core::model::{Answer, IdempotencyKey, Subject};
use ticketing_core::port::{ActivityRead, Commit, TicketRead};
use ticketing_store::{PgOptions, PgStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixListener, UnixStream};

/// What happens to the next statement that is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It never reaches the server.
    RequestLost,
    /// It reaches the server, and nobody hears the answer.
    AnswerLost,
}

/// A wire to the server of a database.
#[derive(Clone)]
pub struct Wire {
    state: Arc<State>,
    folder: Arc<tempfile::TempDir>,
    port: u16,
}

#[derive(Default)]
struct State {
    /// Statements that were executed, whether prepared or not.
    statements: AtomicUsize,
    /// How often an answer was waited for.
    round_trips: AtomicUsize,
    fate: Mutex<Option<Fate>>,
}

impl Wire {
    /// Lays the wire.
    pub fn to(database: &Database) -> Self {
        let connect = database.connect();
        let folder = Arc::new(tempfile::tempdir().expect("a folder is made"));
        let port = connect.get_port();
        let listener = UnixListener::bind(folder.path().join(format!(".s.PGSQL.{port}"))).expect("the wire is laid");
        let state = Arc::<State>::default();
        let wire = Self { state: Arc::clone(&state), folder, port };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (connect, state) = (connect.clone(), Arc::clone(&state));
                tokio::spawn(async move {
                    if let Some(path) = socket(&connect) {
                        relay(client, UnixStream::connect(path).await.expect("it answers"), &state).await;
                    } else {
                        let place = (connect.get_host(), connect.get_port());
                        relay(client, TcpStream::connect(place).await.expect("it answers"), &state).await;
                    }
                });
            }
        });
        wire
    }

    /// How to connect over the wire.
    pub fn connect(&self, database: &Database) -> PgConnectOptions {
        database.connect().socket(self.folder.path()).port(self.port).ssl_mode(PgSslMode::Disable)
    }

    /// Decides over the next statement that is executed.
    pub fn doom(&self, fate: Fate) {
        *self.state.fate.lock().expect("nobody panicked") = Some(fate);
    }

    /// How many statements were executed and how often an answer was waited for since the last time.
    pub fn counts(&self) -> (usize, usize) {
        (self.state.statements.swap(0, Ordering::SeqCst), self.state.round_trips.swap(0, Ordering::SeqCst))
    }
}

fn socket(connect: &PgConnectOptions) -> Option<std::path::PathBuf> {
    let folder = connect.get_socket().cloned().or_else(|| {
        let host = connect.get_host();
        host.starts_with('/').then(|| host.into())
    });
    folder.map(|folder| folder.join(format!(".s.PGSQL.{}", connect.get_port())))
}

/// Passes everything on, message by message from the client.
async fn relay(client: UnixStream, server: impl AsyncRead + AsyncWrite + Send + 'static, state: &State) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = tokio::io::split(server);
    let mut answers = tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    // The first message has no letter, only a length.
    let mut letter = None;
    while let Some(message) = read(&mut from_client, letter.is_some()).await {
        letter = Some(message.first().copied().unwrap_or_default());
        if matches!(letter, Some(b'E' | b'Q')) {
            state.statements.fetch_add(1, Ordering::SeqCst);
            let fate = state.fate.lock().expect("nobody panicked").take();
            match fate {
                Some(Fate::RequestLost) => break,
                Some(Fate::AnswerLost) => {
                    // Dropping the relay of answers closes the client's side of the wire.
                    answers.abort();
                    let _ = (&mut answers).await;
                    to_server.write_all(&message).await.expect("the server reads");
                    let rest = read(&mut from_client, true).await.unwrap_or_default();
                    to_server.write_all(&rest).await.expect("the server reads");
                    if rest.first() != Some(&b'S') {
                        let sync = read(&mut from_client, true).await.unwrap_or_default();
                        to_server.write_all(&sync).await.expect("the server reads");
                    }
                    drop(from_client);
                    // The server is left to finish its work.
                    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
                    return;
                }
                None => {}
            }
        }
        if matches!(letter, Some(b'S' | b'Q')) {
            state.round_trips.fetch_add(1, Ordering::SeqCst);
        }
        if to_server.write_all(&message).await.is_err() {
            break;
        }
    }
    answers.abort();
}

async fn read(from: &mut (impl AsyncRead + Unpin), has_letter: bool) -> Option<Vec<u8>> {
    let head = if has_letter { 5 } else { 4 };
    let mut message = vec![0; head];
    from.read_exact(&mut message).await.ok()?;
    let length: [u8; 4] = message[head - 4..].try_into().expect("there are four");
    message.resize(head - 4 + usize::try_from(u32::from_be_bytes(length)).expect("it fits"), 0);
    from.read_exact(&mut message[head..]).await.ok()?;
    Some(message)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_is_one_statement_and_one_round_trip() {
    let database = Database::migrated().await;
    let wire = Wire::to(&database);
    let store = PgStore::connect_with(wire.connect(&database), PgOptions::default()).await.expect("it answers");
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    let create = || {
        let (ticket, mut writes) = creation(&sample, &customer);
        writes.push(note(&sample.audit(&customer, "ticket.created", Subject::Ticket(ticket.id))));
        (ticket, changes(&sample, writes))
    };
    // The first one prepares the statement.
    store.commit(create().1).await.expect("it is stored");
    wire.counts();
    let (ticket, create) = create();
    store.commit(create).await.expect("it is stored");
    assert_eq!(wire.counts(), (1, 1), "statements and round trips of a create");
    // The same for a get, which was never asked for before on this connection.
    store.ticket(&ALL, &TicketKey::Id(ticket.id)).await.expect("it is read");
    wire.counts();
    let read = store.ticket(&ALL, &TicketKey::Id(ticket.id)).await.expect("it is read");
    assert_eq!(read, Some(ticket));
    assert_eq!(wire.counts(), (1, 1), "statements and round trips of a get");
    drop(store);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_under_a_key_is_one_more_read_and_no_more_than_that() {
    let database = Database::migrated().await;
    let wire = Wire::to(&database);
    let store = PgStore::connect_with(wire.connect(&database), PgOptions::default()).await.expect("it answers");
    let sample = Sample::new(1);
    let customer = customer(&store, &sample).await;
    for round in ["prepared", "counted"] {
        let key = IdempotencyKey {
            owner: "person".to_owned(),
            route: "/api/tickets".to_owned(),
            key: round.to_owned(),
            digest: [1; 32],
        };
        let (_, mut writes) = creation(&sample, &customer);
        let answer = Answer { key, output: Some("{}".to_owned()), at: sample.now() };
        wire.counts();
        assert_eq!(store.answer(&ALL, &answer.key).await.expect("it is read"), None);
        writes.push(Write::Answer(Box::new(answer.clone())));
        store.commit(changes(&sample, writes)).await.expect("it is stored");
        if round == "counted" {
            assert_eq!(wire.counts(), (2, 2), "statements and round trips of a look and a create");
        }
        assert_eq!(store.answer(&ALL, &answer.key).await.expect("it is read"), Some(answer));
    }
    drop(store);
    database.drop().await;
}
