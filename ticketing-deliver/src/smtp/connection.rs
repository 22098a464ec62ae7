//! One conversation with a mail server.
//!
//! lettre's own pooled transport is not used: an answer may take it forever, it puts a conversation that was broken off
//! in the middle back among the idle ones (the next mail then reads the last one's answers), and it does not say
//! which command was refused.

use super::message::Parcel;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Tls};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use std::error::Error as _;
use std::fmt::{self, Display};
use std::time::Duration;
use tokio::time::timeout;

/// How long a goodbye may take: nothing depends on it.
const GOODBYE: Duration = Duration::from_secs(2);

const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// How long the parts of a conversation may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub connect: Duration,
    pub command: Duration,
}

/// Whom to talk to and how.
#[derive(Debug)]
pub(super) struct Server {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    pub credentials: Option<Credentials>,
    pub hello: ClientId,
    pub limits: Limits,
}

/// What was being said when it went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Greeting each other, with TLS.
    Connect,
    /// `AUTH`.
    SignIn,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA` and the mail itself.
    Content,
}

/// What went wrong.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The server said no.
    Answer { code: u16, text: String },
    /// The server can't do what this mail needs.
    Unable(String),
    /// The server said nothing for so long.
    Silence(Duration),
    /// There is no connection, or none any more.
    Broken(String),
}

/// A conversation that came to nothing.
#[derive(Debug)]
pub(super) struct Failure {
    pub step: Step,
    pub cause: Cause,
}

impl Failure {
    /// Whether the server had ended the conversation before this mail was begun: another one may carry it.
    pub fn is_stale(&self) -> bool {
        self.step == Step::Sender && !self.is_in_order()
    }

    /// Whether the server refused and waits for what comes next.
    pub fn is_in_order(&self) -> bool {
        // 421 is a server that is about to hang up (RFC 5321, 3.8).
        matches!(self.cause, Cause::Answer { code, .. } if code != 421) || matches!(self.cause, Cause::Unable(_))
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Answer { code, text } => write!(f, "{code} {text}"),
            Cause::Unable(what) | Cause::Broken(what) => f.write_str(what),
            Cause::Silence(limit) => write!(f, "no answer within {limit:?}"),
        }
    }
}

/// A conversation that was begun, signed in and ready for mail.
pub(super) struct Connection {
    inner: AsyncSmtpConnection,
    limits: Limits,
}

impl Connection {
    /// Connects, greets, goes over to TLS and signs in.
    pub async fn open(server: &Server) -> Result<Self, Failure> {
        let Server { host, port, tls, credentials, hello, limits } = server;
        let wrapper = if let Tls::Wrapper(parameters) = tls { Some(parameters.clone()) } else { None };
        let address = (host.as_str(), *port);
        let greeting = AsyncSmtpConnection::connect_tokio1(address, Some(limits.connect), hello, wrapper, None);
        let mut inner = within(limits.command, Step::Connect, greeting).await?;
        if let Tls::Required(parameters) = tls {
            if !inner.can_starttls() {
                return Err(Failure { step: Step::Connect, cause: Cause::Unable("it offers no STARTTLS".into()) });
            }
            within(limits.command, Step::Connect, inner.starttls(parameters.clone(), hello)).await?;
        }
        if let Some(credentials) = credentials {
            if inner.server_info().get_auth_mechanism(&MECHANISMS).is_none() {
                let why = "it offers no sign-in by PLAIN or LOGIN".into();
                return Err(Failure { step: Step::SignIn, cause: Cause::Unable(why) });
            }
            let answer = within(limits.command, Step::SignIn, inner.auth(&MECHANISMS, credentials)).await?;
            if !answer.has_code(235) {
                return Err(out_of_order(Step::SignIn, &answer));
            }
        }
        Ok(Self { inner, limits: *limits })
    }

    /// Hands a mail over and answers what the server said to it. Answers to the first command have to come within
    /// `first`.
    pub async fn deliver(&mut self, parcel: &Parcel, first: Duration) -> Result<String, Failure> {
        let sender = Mail::new(Some(parcel.from.clone()), self.parameters(parcel)?);
        let answer = within(first, Step::Sender, self.inner.command(sender)).await?;
        is_yes(Step::Sender, &answer)?;
        let recipient = Rcpt::new(parcel.to.clone(), Vec::new());
        let answer = within(self.limits.command, Step::Recipient, self.inner.command(recipient)).await?;
        is_yes(Step::Recipient, &answer)?;
        let answer = within(self.limits.command, Step::Content, self.inner.command(Data)).await?;
        if !answer.has_code(354) {
            return Err(out_of_order(Step::Content, &answer));
        }
        let answer = within(self.limits.command, Step::Content, self.inner.message(&parcel.bytes)).await?;
        is_yes(Step::Content, &answer)?;
        Ok(said(&answer))
    }

    fn parameters(&self, parcel: &Parcel) -> Result<Vec<MailParameter>, Failure> {
        if !parcel.is_beyond_ascii() {
            return Ok(Vec::new());
        }
        if !self.inner.server_info().supports_feature(Extension::SmtpUtfEight) {
            let why = "an address is beyond ASCII, and the server does not know such (SMTPUTF8)".into();
            return Err(Failure { step: Step::Recipient, cause: Cause::Unable(why) });
        }
        // Whoever offers the one offers the other (RFC 6531, 3.1).
        Ok(vec![MailParameter::SmtpUtfEight, MailParameter::Body(MailBodyParameter::EightBitMime)])
    }

    /// Takes back what was begun. Whether the conversation can go on.
    pub async fn reset(&mut self) -> bool {
        matches!(timeout(GOODBYE, self.inner.command(Rset)).await, Ok(Ok(_)))
    }

    /// Says goodbye, where the other side still listens.
    pub async fn quit(mut self) {
        // Whatever comes of it, the connection ends here.
        let _ = timeout(GOODBYE, self.inner.abort()).await;
    }
}

async fn within<T>(limit: Duration, step: Step, talk: impl Future<Output = Result<T, Error>>) -> Result<T, Failure> {
    match timeout(limit, talk).await {
        Ok(answer) => answer.map_err(|error| Failure { step, cause: cause(&error) }),
        Err(_) => Err(Failure { step, cause: Cause::Silence(limit) }),
    }
}

fn cause(error: &Error) -> Cause {
    let text = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    match error.status() {
        Some(code) => Cause::Answer { code: code.into(), text },
        None if error.is_response() => Cause::Broken(format!("the connection ended or spoke no SMTP: {text}")),
        None => Cause::Broken(text),
    }
}

/// Whether this is the end of a command. To lettre every answer is as good as another that is no refusal; but where
/// somebody has put one more answer before the change to TLS, each would be taken for that of the command
/// before, and a mail for sent that was not.
fn is_yes(step: Step, answer: &Response) -> Result<(), Failure> {
    if answer.code().severity == Severity::PositiveCompletion { Ok(()) } else { Err(out_of_order(step, answer)) }
}

fn out_of_order(step: Step, answer: &Response) -> Failure {
    Failure { step, cause: Cause::Broken(format!("an answer out of order: {}", said(answer))) }
}

fn said(answer: &Response) -> String {
    let text = answer.message().collect::<Vec<_>>().join(" ");
    format!("{} {text}", answer.code())
}
