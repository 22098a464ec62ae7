//! Mail over SMTP.

use super::connection::{Connection, Failure, Server};
use super::message::Parcel;
use super::options::{SmtpError, SmtpOptions};
use super::pool::Pool;
use super::refusal::{self, one_line};
use async_trait::async_trait;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::port::{Mail, MailError, Mailer};
use tokio::time::timeout;

/// Hands mails to a mail server. Cheap to share; sends over several connections at once, and keeps them for a while.
///
/// Where the server is lost after the mail was sent and before it answered, nobody knows whether it took the mail. That
/// is [`MailError::Later`], and the mail may then arrive twice, under one `Message-ID`.
pub struct SmtpMailer {
    server: Server,
    pool: Arc<Pool>,
    limit: Duration,
}

impl SmtpMailer {
    /// A mailer for this server. Connects to nobody yet, but reads the machine's certificates: make it when the program
    /// starts.
    pub fn new(options: &SmtpOptions) -> Result<Self, SmtpError> {
        Ok(Self {
            server: options.server()?,
            pool: Pool::new(options.connections, options.idle_timeout),
            limit: options.send_timeout,
        })
    }

    /// Whether the server would take mail from us: connects, greets, goes over to TLS, signs in and says goodbye.
    pub async fn check(&self) -> Result<(), SmtpError> {
        let Server { host, port, .. } = &self.server;
        let failed = |why: &dyn fmt::Display| SmtpError::Unready(one_line(&format!("{host}:{port}: {why}")));
        match timeout(self.limit, Connection::open(&self.server)).await {
            Ok(Ok(connection)) => {
                connection.quit().await;
                Ok(())
            }
            Ok(Err(failure)) => Err(failed(&failure)),
            Err(_) => Err(failed(&format!("not done within {:?}", self.limit))),
        }
    }

    async fn hand_over(&self, parcel: &Parcel) -> Result<String, Failure> {
        let _place = self.pool.place().await;
        if let Some(mut connection) = self.pool.take() {
            // One that was forgotten on the way does not answer at all: that should not cost the mail its time.
            let outcome = connection.deliver(parcel, self.server.limits.connect).await;
            if !outcome.as_ref().is_err_and(Failure::is_stale) {
                return self.put_back(connection, outcome).await;
            }
        }
        let mut connection = Connection::open(&self.server).await?;
        let outcome = connection.deliver(parcel, self.server.limits.command).await;
        self.put_back(connection, outcome).await
    }

    /// Keeps the connection, if it can carry another mail.
    async fn put_back(&self, mut connection: Connection, outcome: Result<String, Failure>) -> Result<String, Failure> {
        let is_usable = match &outcome {
            Ok(_) => true,
            Err(failure) => failure.is_in_order() && connection.reset().await,
        };
        if is_usable {
            self.pool.park(connection);
        }
        outcome
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<String, MailError> {
        let parcel = Parcel::new(mail)?;
        // Where this is cut off, the connection is dropped with it: nobody else reads the answers of this mail.
        match timeout(self.limit, self.hand_over(&parcel)).await {
            Ok(Ok(answer)) => Ok(one_line(&answer)),
            Ok(Err(failure)) => Err(refusal::judge(&failure)),
            Err(_) => Err(MailError::Later(format!("not done within {:?}", self.limit))),
        }
    }
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Server { host, port, .. } = &self.server;
        f.debug_struct("SmtpMailer").field("host", host).field("port", port).finish_non_exhaustive()
    }
}
