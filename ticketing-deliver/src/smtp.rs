//! Mail by SMTP, and mail into a folder where there is no server for it.
//!
//! [`SmtpMailer`] hands mails to the server that carries them, [`OutboxMailer`] writes them to files that any
//! mail reader opens. Both write the same bytes for the same [`ticketing_core::port::Mail`].
//!
//! # What a refusal means
//!
//! | what was answered | to what | what it means |
//! |---|---|---|
//! | nothing, or no SMTP | anything | later: nobody knows what the server would have said |
//! | that it has no STARTTLS or no sign-in that we know | greeting | later: it is about the desk's set-up |
//! | that it does not know SMTPUTF8, where an address is beyond ASCII | greeting | the mail is refused (RFC 6531, 3.5) |
//! | 4yz | anything | later: it is said to pass (RFC 5321, 4.2.1) |
//! | 5yz | greeting, `AUTH`, `MAIL FROM` | later: it is about us and the desk's set-up, not about who gets the mail |
//! | 530, 534, 535, 538 | anything | later: we are not signed in as we should be (RFC 4954, 6) |
//! | X.1.7, X.1.8 | anything | later: our own address is not liked (RFC 3463, 3.2) |
//! | X.2.2 | anything | later: the mailbox is full, and people empty them (RFC 3463, 3.3) |
//! | X.1.z | anything | the address is refused: there is no such mailbox or host (RFC 3463, 3.2) |
//! | X.y.z of another kind | anything | the mail is refused: policy, content, size, protocol (RFC 3463, 3.3 to 3.8) |
//! | 550, 551, 553, 556 without X.y.z | `RCPT TO` | the address is refused (RFC 5321, 4.2.3; RFC 7504) |
//! | 552 without X.y.z | `RCPT TO` | later: to be read as 452 (RFC 5321, 4.5.3.1.10) |
//! | any other 5yz, 550 after the mail was sent too | `RCPT TO`, `DATA` | the mail is refused: filters answer so |
//!
//! The first line that fits counts.

mod connection;
mod mailer;
mod message;
mod options;
mod outbox;
mod pool;
mod refusal;

pub use mailer::SmtpMailer;
pub use options::{SmtpCredentials, SmtpError, SmtpOptions, SmtpTls};
pub use outbox::OutboxMailer;
