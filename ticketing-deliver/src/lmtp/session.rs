//! One conversation with a mail server.

use super::LmtpOptions;
use super::data::Unstuff;
use super::listener::Wire;
use crate::door::NotTaken;
use smtp_proto::{Error as Grammar, MAIL_BODY_BINARYMIME, MAIL_REQUIRETLS, MailFrom, RcptTo, Request};
use std::borrow::Cow;
use std::error::Error as StdError;
use std::io;
use std::sync::Arc;
use ticketing_core::desk::{Delivery, Desk, MailboxFor};
use ticketing_core::model::{ArrivalDoor, Envelope};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::{Instant, timeout, timeout_at};
use uuid::Uuid;

/// The longest line of a command, in bytes. RFC 5321 (4.5.3.1.4) has 512, and extensions have more.
const LINE: usize = 4096;
/// How much more of a line that is too long is read before the conversation ends.
const LINE_WASTE: usize = 64 * 1024;
/// How many recipients a mail has (RFC 5321, 4.5.3.1.8).
const RECIPIENTS: usize = 100;
/// How many commands may lead nowhere until a mail is taken in.
const IDLE_COMMANDS: u32 = 200;
/// How much of a mail that is too large is read, in times of the largest: its server hears of it only at the end.
const WASTE: u64 = 4;
/// What bytes are counted in while they are held: a permit is for so many.
const BLOCK: usize = 4096;

/// What all conversations share.
pub(super) struct House {
    desk: Desk,
    options: LmtpOptions,
    max_mail: usize,
    /// Room for mails that are being sent, a permit a [`BLOCK`].
    room: Semaphore,
}

impl House {
    pub fn new(desk: Desk, options: LmtpOptions) -> Self {
        let max_mail = desk.options().max_mail_size;
        let blocks = options.held.max(max_mail).div_ceil(BLOCK) + 1;
        Self { desk, options, max_mail, room: Semaphore::new(blocks.min(Semaphore::MAX_PERMITS)) }
    }
}

/// A mail that was begun.
struct Begun {
    from: String,
    to: Vec<String>,
    mailbox_id: Option<Uuid>,
}

/// What was read of the text of a mail.
enum Text<'a> {
    /// All of it, with the room that it takes.
    Whole(Vec<u8>, Option<SemaphorePermit<'a>>),
    TooLarge,
    NoRoom,
}

enum Line {
    Text(Vec<u8>),
    TooLong,
}

/// How a conversation ends that was not broken off.
enum End {
    /// The other side has left.
    Left,
    /// The desk says goodbye with this.
    With(&'static str),
}

/// Why nothing more can be read.
enum Stop {
    End(End),
    Broken(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

const SILENT: Stop = Stop::End(End::With("421 4.4.2 Nothing came for too long"));
const STOPPING: Stop = Stop::End(End::With("421 4.3.2 The desk stops, come again later"));

pub(super) struct Session {
    house: Arc<House>,
    wire: BufReader<Box<dyn Wire>>,
    stopping: watch::Receiver<bool>,
    /// Answers that are still to be sent.
    answers: Vec<u8>,
    is_greeted: bool,
    mail: Option<Begun>,
    idle_commands: u32,
}

impl Session {
    pub fn new(house: Arc<House>, wire: Box<dyn Wire>, stopping: watch::Receiver<bool>) -> Self {
        let wire = BufReader::new(wire);
        Self { house, wire, stopping, answers: Vec::new(), is_greeted: false, mail: None, idle_commands: 0 }
    }

    pub async fn run(mut self) -> io::Result<()> {
        self.say(&format!("220 {} LMTP", self.house.options.hostname));
        let end = loop {
            match self.turn().await {
                Ok(()) => {}
                Err(Stop::End(end)) => break end,
                Err(Stop::Broken(error)) => return Err(error),
            }
        };
        if let End::With(goodbye) = end {
            self.say(goodbye);
            self.flush().await?;
            timeout(self.house.options.idle_timeout, self.wire.get_mut().shutdown()).await??;
        }
        Ok(())
    }

    /// A command and its answer.
    async fn turn(&mut self) -> Result<(), Stop> {
        let line = match self.line().await? {
            // Nobody means to say something else to one reader than to another.
            Line::Text(line) if line.iter().any(u8::is_ascii_control) => {
                return self.refuse("500 5.5.2 There are control characters in this line");
            }
            Line::Text(line) => line,
            Line::TooLong => return self.refuse("500 5.5.2 This line is too long"),
        };
        let line = [&line[..], b"\r\n"].concat();
        match Request::parse(&mut line.iter()) {
            Ok(request) => self.obey(request).await,
            Err(error) => self.refuse(grammar(&error)),
        }
    }

    async fn obey(&mut self, request: Request<Cow<'_, str>>) -> Result<(), Stop> {
        match request {
            Request::Lhlo { .. } => {
                self.mail = None;
                self.is_greeted = true;
                let House { options, max_mail, .. } = &*self.house;
                let offer = format!(
                    "250-{}\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {max_mail}",
                    options.hostname,
                );
                self.refuse(&offer)
            }
            Request::Mail { from } => self.begin(&from),
            Request::Rcpt { to } => self.add(&to).await,
            Request::Data => self.take().await,
            Request::Rset => {
                self.mail = None;
                self.refuse("250 2.0.0 Forgotten")
            }
            Request::Noop { .. } => self.refuse("250 2.0.0 Done"),
            Request::Vrfy { .. } => self.refuse("252 2.1.5 Send a mail and see"),
            Request::Help { .. } => self.refuse("214 2.0.0 This is LMTP, see RFC 2033"),
            Request::Quit => Err(Stop::End(End::With("221 2.0.0 Goodbye"))),
            Request::Helo { .. } | Request::Ehlo { .. } => self.refuse("500 5.5.1 This is LMTP: say LHLO"),
            _ => self.refuse("502 5.5.1 This is not offered"),
        }
    }

    fn begin(&mut self, from: &MailFrom<Cow<'_, str>>) -> Result<(), Stop> {
        if !self.is_greeted {
            return self.refuse("503 5.5.1 Say LHLO first");
        }
        if self.mail.is_some() {
            return self.refuse("503 5.5.1 A mail was begun already");
        }
        if from.flags & (MAIL_BODY_BINARYMIME | MAIL_REQUIRETLS) != 0 {
            return self.refuse("555 5.5.4 BINARYMIME and REQUIRETLS are not offered");
        }
        if from.size > self.house.max_mail {
            return self.refuse("552 5.3.4 This mail is larger than the desk takes");
        }
        self.mail = Some(Begun { from: from.address.clone().into_owned(), to: Vec::new(), mailbox_id: None });
        self.say("250 2.1.0 Go on");
        Ok(())
    }

    async fn add(&mut self, to: &RcptTo<Cow<'_, str>>) -> Result<(), Stop> {
        let house = Arc::clone(&self.house);
        let Some(mail) = &mut self.mail else { return self.refuse("503 5.5.1 Say MAIL first") };
        if mail.to.len() >= RECIPIENTS {
            return self.refuse("452 4.5.3 These are enough recipients for one mail");
        }
        let mailbox_id = match house.desk.mailbox_for(&to.address).await {
            Ok(MailboxFor::Mailbox(id)) => Some(id),
            Ok(MailboxFor::Unset) if !to.address.is_empty() => None,
            Ok(MailboxFor::Unset | MailboxFor::Unknown) => {
                return self.refuse("550 5.1.1 The desk has no such mailbox");
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn StdError, "the desk can't say now which mailboxes it has");
                return self.refuse("451 4.3.0 The desk can't look it up now");
            }
        };
        mail.mailbox_id = mail.mailbox_id.or(mailbox_id);
        mail.to.push(to.address.clone().into_owned());
        self.say("250 2.1.5 Go on");
        Ok(())
    }

    async fn take(&mut self) -> Result<(), Stop> {
        let Some(Begun { from, to, mailbox_id }) = self.mail.take_if(|mail| !mail.to.is_empty()) else {
            return self.refuse("503 5.5.1 There is no recipient for it");
        };
        self.say("354 Send it, and a dot alone in a line");
        let (house, recipients) = (Arc::clone(&self.house), to.len());
        let answer = match self.text(&house).await? {
            Text::TooLarge => TOO_LARGE,
            Text::NoRoom => "452 4.3.1 Too many mails come at once, come again later",
            Text::Whole(text, _room) => {
                let envelope = Envelope { from: Some(from), to };
                let delivery = Delivery { door: ArrivalDoor::Lmtp, mailbox_id, envelope };
                match house.desk.take_in(&delivery, text.into()).await {
                    Ok(taken) => {
                        tracing::debug!(id = %taken.id, is_known = taken.is_known, "a mail came by LMTP");
                        self.idle_commands = 0;
                        "250 2.0.0 The desk has it"
                    }
                    Err(error) => refusal(&error),
                }
            }
        };
        for _ in 0..recipients {
            self.say(answer);
        }
        self.count()
    }

    /// The text of a mail up to its end.
    async fn text<'a>(&mut self, house: &'a House) -> Result<Text<'a>, Stop> {
        let until = Instant::now() + house.options.mail_timeout;
        let (mut unstuff, mut total) = (Unstuff::new(), 0_u64);
        let mut text = Text::Whole(Vec::new(), None);
        loop {
            self.flush().await?;
            let until = until.min(Instant::now() + house.options.idle_timeout);
            let bytes = timeout_at(until, self.wire.fill_buf()).await.map_err(|_| SILENT)??;
            if bytes.is_empty() {
                return Err(Stop::End(End::Left));
            }
            let (used, is_whole) = unstuff.read(bytes, |part| {
                if let Text::Whole(kept, _) = &mut text {
                    kept.extend_from_slice(part);
                }
            });
            self.wire.consume(used);
            total += used as u64;
            if let Text::Whole(kept, room) = &mut text {
                if kept.len() > house.max_mail {
                    text = Text::TooLarge;
                } else if !hold(&house.room, room, kept.len()) {
                    text = Text::NoRoom;
                }
            }
            if is_whole {
                return Ok(text);
            }
            if total > WASTE.saturating_mul(house.max_mail as u64).saturating_add(LINE_WASTE as u64) {
                return Err(Stop::End(End::With(TOO_LARGE)));
            }
        }
    }

    /// The next line, without its end.
    async fn line(&mut self) -> Result<Line, Stop> {
        let until = Instant::now() + self.house.options.idle_timeout;
        let (mut line, mut total) = (Vec::new(), 0);
        loop {
            if self.wire.buffer().is_empty() {
                self.flush().await?;
            }
            let bytes = tokio::select! {
                biased;
                bytes = timeout_at(until, self.wire.fill_buf()) => bytes.map_err(|_| SILENT)??,
                // An error says that nobody can stop it any more, and nobody is left to talk for.
                _ = self.stopping.wait_for(|stopping| *stopping) => return Err(STOPPING),
            };
            if bytes.is_empty() {
                return Err(Stop::End(End::Left));
            }
            let end = bytes.iter().position(|&byte| byte == b'\n');
            let used = end.map_or(bytes.len(), |end| end + 1);
            if total + used <= LINE {
                line.extend_from_slice(&bytes[..used]);
            }
            total += used;
            self.wire.consume(used);
            if end.is_some() {
                if total > LINE {
                    return Ok(Line::TooLong);
                }
                line.pop();
                if line.ends_with(b"\r") {
                    line.pop();
                }
                return Ok(Line::Text(line));
            }
            if total > LINE_WASTE {
                return Err(Stop::End(End::With("500 5.5.2 This line is too long")));
            }
        }
    }

    /// Says something that brings no mail nearer.
    fn refuse(&mut self, answer: &str) -> Result<(), Stop> {
        self.say(answer);
        self.count()
    }

    fn count(&mut self) -> Result<(), Stop> {
        self.idle_commands += 1;
        if self.idle_commands <= IDLE_COMMANDS {
            return Ok(());
        }
        Err(Stop::End(End::With("421 4.7.0 Too many commands led nowhere")))
    }

    fn say(&mut self, answer: &str) {
        self.answers.extend_from_slice(answer.as_bytes());
        self.answers.extend_from_slice(b"\r\n");
    }

    async fn flush(&mut self) -> Result<(), io::Error> {
        if self.answers.is_empty() {
            return Ok(());
        }
        let wire = self.wire.get_mut();
        let sent = async {
            wire.write_all(&self.answers).await?;
            wire.flush().await
        };
        timeout(self.house.options.idle_timeout, sent).await??;
        self.answers.clear();
        Ok(())
    }
}

const TOO_LARGE: &str = "552 5.3.4 This mail is larger than the desk takes";

/// Takes as much more room as so many bytes need. Whether there was enough.
fn hold<'a>(room: &'a Semaphore, held: &mut Option<SemaphorePermit<'a>>, bytes: usize) -> bool {
    let has = held.as_ref().map_or(0, SemaphorePermit::num_permits);
    let Ok(missing) = u32::try_from(bytes.div_ceil(BLOCK).saturating_sub(has)) else { return false };
    match room.try_acquire_many(missing) {
        Ok(more) => {
            match held {
                Some(held) => held.merge(more),
                None => *held = Some(more),
            }
            true
        }
        Err(_) => false,
    }
}

fn refusal(error: &ticketing_core::Error) -> &'static str {
    match NotTaken::from(error) {
        NotTaken::TooLarge => TOO_LARGE,
        NotTaken::Refused => {
            tracing::info!(error = error as &dyn StdError, "a mail that came by LMTP was refused");
            "554 5.6.0 The desk does not take this mail"
        }
        NotTaken::Later => {
            tracing::warn!(error = error as &dyn StdError, "a mail that came by LMTP can't be taken in now");
            "451 4.3.0 The desk can't take it now, come again later"
        }
    }
}

fn grammar(error: &Grammar) -> &'static str {
    match error {
        Grammar::UnknownCommand => "500 5.5.1 There is no such command",
        Grammar::InvalidSenderAddress => "501 5.1.7 The sender's address is none",
        Grammar::InvalidRecipientAddress => "501 5.1.3 The recipient's address is none",
        Grammar::InvalidParameter { .. } => "501 5.5.4 A parameter is wrong",
        Grammar::UnsupportedParameter { .. } => "555 5.5.4 A parameter is not known",
        _ => "501 5.5.2 This can't be read",
    }
}
