//! Why a mailbox can't be fetched.

use std::io;
use std::time::Duration;

/// Certificates that were given can't be read.
#[derive(Debug, thiserror::Error)]
#[error("the certificates of further authorities can't be used: {0}")]
pub struct BadRoots(pub(super) String);

/// Why a connection to a mailbox came to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// There is no connection.
    #[error("no connection: {0}")]
    Connect(io::Error),
    /// It is not kept from others' eyes, and leads to another machine.
    #[error("a password goes to another machine by TLS only")]
    Open,
    /// The server does not let anybody speak.
    #[error("the server greets with {0:?}")]
    Greeting(String),
    /// The server does not know the account, or not this password or token.
    #[error("sign-in refused: {0}")]
    SignIn(String),
    /// No token could be fetched to sign in with.
    #[error("no token: {0}")]
    Token(String),
    /// The server said no.
    #[error("{command} refused: {text}")]
    No { command: &'static str, text: String },
    /// The folder that mails go to is the one that is read.
    #[error("mail can't be moved to the folder that it is read from")]
    SameFolder,
    /// The connection ended.
    #[error("the connection ended{}", .0.as_ref().map_or_else(String::new, |why| format!(": {why}")))]
    Lost(Option<String>),
    /// The server has said nothing for so long.
    #[error("no answer within {0:?}")]
    Silence(Duration),
    /// The server says more than anybody asked for.
    #[error("an answer of the server is too long")]
    TooMuch,
    /// The desk can't take mail in now.
    #[error("the desk can't take it in now: {0}")]
    Desk(ticketing_core::Error),
}

impl From<async_imap::error::Error> for Trouble {
    fn from(error: async_imap::error::Error) -> Self {
        match error {
            async_imap::error::Error::Io(error) => error.into(),
            async_imap::error::Error::ConnectionLost => Self::Lost(None),
            other => Self::Lost(Some(other.to_string())),
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::FileTooLarge => Self::TooMuch,
            io::ErrorKind::UnexpectedEof => Self::Lost(None),
            _ => Self::Lost(Some(error.to_string())),
        }
    }
}

impl Trouble {
    /// What is wrong, in a line. An answer that can't be read stands in its error whole, and may be a mail.
    pub fn line(&self) -> String {
        const LONGEST: usize = 300;
        let text = self.to_string();
        let mut line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
        if line.len() < text.len() {
            line.push('…');
        }
        line
    }
}
