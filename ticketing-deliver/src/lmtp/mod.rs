//! Mail from a mail server of one's own, by LMTP (RFC 2033, on RFC 5321).
//!
//! The server hands over what it has taken for the desk's addresses, and hears for each recipient whether the desk has
//! it: 250 is said after the commit and never before. Offered are PIPELINING, ENHANCEDSTATUSCODES, 8BITMIME, SMTPUTF8
//! and SIZE; the parameters of DSN are understood and nothing is done about them.
//!
//! | what | answer |
//! |---|---|
//! | taken in, or known already | 250 2.0.0 |
//! | a recipient that is no mailbox of the desk | 550 5.1.1 |
//! | a mail beyond [`DeskOptions::max_mail_size`](ticketing_core::desk::DeskOptions), as said (`SIZE`) or as sent | 552 5.3.4 |
//! | a mail that the desk refuses for another reason of its own | 554 5.6.0 |
//! | the store does not answer | 451 4.3.0: the server keeps the mail and comes again |
//! | too many mails are being sent at once | 452 4.3.1 |
//! | a recipient beyond the hundredth | 452 4.5.3 |
//! | `HELO`, `EHLO` | 500 5.5.1, as RFC 2033 (4.1) wants it |
//!
//! A mail is kept as it was handed over: no `Return-Path` and no `Received` is put in front. RFC 5321 (4.4) asks for both
//! so that nobody loses what the envelope said; the desk keeps the envelope beside the mail. A line with the
//! time in it would make another mail of each attempt, and a mail without a `Message-ID` is known again by its bytes alone.

mod data;
mod listener;
mod session;

pub use listener::LmtpListener;

use session::{House, Session};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::Desk;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// How long a stop waits for mails that are being sent.
const GRACE: Duration = Duration::from_secs(20);
/// How long is waited where a connection could not be taken: there are too many open files, and soon fewer.
const PAUSE: Duration = Duration::from_millis(200);

/// How the door for mail servers behaves.
#[derive(Clone, Debug)]
pub struct LmtpOptions {
    /// How the desk calls itself.
    pub hostname: String,
    /// How many connections there are at once. Others wait until one ends.
    pub connections: usize,
    /// How many bytes of mails that are being sent are held at once, over all connections; at least one mail of the
    /// greatest size.
    pub held: usize,
    /// How long a line may take to come.
    pub idle_timeout: Duration,
    /// How long a whole mail may take to come.
    pub mail_timeout: Duration,
}

impl LmtpOptions {
    /// 32 connections, 128 MiB in all, five minutes a line (RFC 5321, 4.5.3.2.7), half an hour a mail.
    pub fn new(hostname: impl Into<String>) -> Self {
        Self {
            hostname: hostname.into(),
            connections: 32,
            held: 128 * 1024 * 1024,
            idle_timeout: Duration::from_mins(5),
            mail_timeout: Duration::from_mins(30),
        }
    }
}

/// Takes mails until told to stop. Whoever is in the middle of one may end it then; all others are told to come again.
pub async fn serve(listener: LmtpListener, desk: Desk, options: LmtpOptions, stop: impl Future<Output = ()> + Send) {
    let (told, stopping) = watch::channel(false);
    let seats = Arc::new(Semaphore::new(options.connections.clamp(1, Semaphore::MAX_PERMITS)));
    let house = Arc::new(House::new(desk, options));
    let mut sessions = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let seat = tokio::select! {
            biased;
            () = &mut stop => break,
            seat = Arc::clone(&seats).acquire_owned() => seat,
        };
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        while sessions.try_join_next().is_some() {}
        match accepted {
            Ok(wire) => {
                let session = Session::new(Arc::clone(&house), wire, stopping.clone());
                sessions.spawn(async move {
                    let _seat = seat;
                    if let Err(error) = session.run().await {
                        tracing::debug!(%error, "a connection by LMTP broke");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection by LMTP could not be taken");
                sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    told.send_replace(true);
    let all = async { while sessions.join_next().await.is_some() {} };
    if timeout(GRACE, all).await.is_err() {
        tracing::warn!("mails that were being sent by LMTP were left; their server brings them again");
        sessions.shutdown().await;
    }
}
