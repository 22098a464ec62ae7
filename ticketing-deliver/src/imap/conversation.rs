//! What is said to a mail server that we are signed in at.
//!
//! Of the client only its commands as text and its reading of answers are used: its own calls for FETCH and STORE take a
//! refusal, and the end of the connection, for an empty answer.

use super::name::folder;
use super::token::{Secrets, Tokens};
use super::trouble::Trouble;
use super::wire::{self, ANSWER, House, Metered};
use async_imap::imap_proto::{AttributeValue, Capability, MailboxDatum, Outcome, Response, ResponseCode, Status};
use async_imap::{Authenticator, Client, Session};
use std::collections::BTreeMap;
use std::time::Duration;
use ticketing_core::model::{ImapAccount, ImapAuth};
use tokio::time::{Instant, timeout, timeout_at};

/// How many messages are looked through by one search.
const WINDOW: u32 = 10_000;
/// How much a server may say to a search of that many, to a question for sizes, and while it tells of what is new.
const LIST: usize = 1024 * 1024;
/// By what the desk knows what it has, where a server keeps keywords. People mark mails as read before the desk has seen
/// them.
const DONE: &str = "$TicketingDone";
/// How slow a mail may come, in bytes a second.
const SLOWEST: usize = 16 * 1024;

/// A connection that is signed in, with a folder open.
pub(super) struct Conversation {
    session: Session<Metered>,
    limit: Duration,
    can: Abilities,
    /// How many messages the folder has.
    exists: u32,
    /// Whether the server has told of messages since this was last set to false.
    has_news: bool,
    /// Which numbering of messages this is.
    pub uid_validity: Option<u32>,
}

#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "a server has each or not")]
struct Abilities {
    idle: bool,
    r#move: bool,
    uid_plus: bool,
    keywords: bool,
}

impl Conversation {
    /// Connects, signs in and opens the account's folder.
    pub async fn open(house: &House, account: &ImapAccount, tokens: &mut Tokens) -> Result<Self, Trouble> {
        let client = wire::connect(house, account).await?;
        let limit = house.options.command_timeout;
        let session = timeout(limit, sign_in(house, client, account, tokens));
        let session = session.await.map_err(|_| Trouble::Silence(limit))??;
        let mut this =
            Self { session, limit, can: Abilities::default(), exists: 0, has_news: false, uid_validity: None };
        let mut can = Abilities::default();
        this.ask("CAPABILITY", "CAPABILITY", |response| {
            let Response::Capabilities(all) = response else { return };
            for capability in all {
                let Capability::Atom(name) = capability else { continue };
                can.idle |= name.eq_ignore_ascii_case("IDLE");
                can.r#move |= name.eq_ignore_ascii_case("MOVE");
                can.uid_plus |= name.eq_ignore_ascii_case("UIDPLUS");
            }
        })
        .await?;
        this.ask("SELECT", &format!("SELECT {}", folder(&account.folder)), |response| {
            let Response::Data { outcome, .. } = response else { return };
            if let Some(ResponseCode::PermanentFlags(flags)) = &outcome.code {
                can.keywords = flags.iter().any(|flag| flag == r"\*" || flag.eq_ignore_ascii_case(DONE));
            }
        })
        .await?;
        this.can = can;
        Ok(this)
    }

    /// Whether the server tells of new messages.
    pub fn can_idle(&self) -> bool {
        self.can.idle
    }

    /// Whether the server has told of messages since the last search began.
    pub fn has_news(&self) -> bool {
        self.has_news
    }

    /// Messages that fit and are `wanted`, the oldest first: at least one where there is one, but not all where there are
    /// many.
    pub async fn search(&mut self, which: &str, wanted: impl Fn(u32) -> bool) -> Result<Vec<u32>, Trouble> {
        self.has_news = false;
        let mut first = 1;
        while first <= self.exists {
            // A number beyond the last message may be refused, `*` never is.
            let last = first.saturating_add(WINDOW - 1);
            let last = if last >= self.exists { "*".to_owned() } else { last.to_string() };
            let mut found = Vec::new();
            let command = format!("UID SEARCH {first}:{last} {which}");
            self.exchange("SEARCH", &command, LIST, self.limit, |response| {
                if let Response::MailboxData(MailboxDatum::Search(uids)) = response {
                    found.extend(uids.iter().copied().filter(|&uid| wanted(uid)));
                }
            })
            .await?;
            if !found.is_empty() {
                found.sort_unstable();
                found.dedup();
                return Ok(found);
            }
            first = first.saturating_add(WINDOW);
        }
        Ok(Vec::new())
    }

    /// How many bytes each of these messages has. One that is missing is gone.
    pub async fn sizes(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, u32>, Trouble> {
        let list = uids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
        let mut sizes = BTreeMap::new();
        let command = format!("UID FETCH {list} (UID RFC822.SIZE)");
        self.exchange("FETCH", &command, LIST, self.limit, |response| {
            let Response::Fetch(_, attributes) = response else { return };
            let size = attributes.iter().find_map(|attribute| match attribute {
                AttributeValue::Rfc822Size(size) => Some(*size),
                _ => None,
            });
            if let (Some(uid), Some(size)) = (uid_of(attributes), size) {
                sizes.insert(uid, size);
            }
        })
        .await?;
        Ok(sizes)
    }

    /// A message, or nothing where it is gone. Nothing about it changes.
    pub async fn message(&mut self, uid: u32, at_most: usize) -> Result<Option<Vec<u8>>, Trouble> {
        let mut message = None;
        let command = format!("UID FETCH {uid} (UID BODY.PEEK[])");
        let limit = self.limit + Duration::from_secs((at_most / SLOWEST) as u64);
        self.exchange("FETCH", &command, at_most.saturating_add(ANSWER), limit, |response| {
            let Response::Fetch(_, attributes) = response else { return };
            if uid_of(attributes) != Some(uid) {
                return;
            }
            for attribute in attributes {
                if let AttributeValue::BodySection { section: None, data: Some(data), .. } = attribute {
                    message = Some(data.to_vec());
                }
            }
        })
        .await?;
        Ok(message)
    }

    /// What is searched for where done messages are marked.
    pub fn unmarked(&self) -> String {
        if self.can.keywords { format!("UNKEYWORD {DONE} UNDELETED") } else { "UNSEEN UNDELETED".to_owned() }
    }

    /// Marks a message as done, and as read.
    pub async fn mark(&mut self, uid: u32) -> Result<(), Trouble> {
        let flags = if self.can.keywords { format!(r"{DONE} \Seen") } else { r"\Seen".to_owned() };
        self.flag(uid, &flags).await
    }

    /// Sets flags of a message.
    pub async fn flag(&mut self, uid: u32, flags: &str) -> Result<(), Trouble> {
        self.ask("STORE", &format!("UID STORE {uid} +FLAGS.SILENT ({flags})"), |_| {}).await
    }

    /// Removes a message: at once where the server can remove one alone, else it is only marked.
    pub async fn delete(&mut self, uid: u32) -> Result<(), Trouble> {
        self.flag(uid, r"\Deleted").await?;
        if self.can.uid_plus {
            self.ask("EXPUNGE", &format!("UID EXPUNGE {uid}"), |_| {}).await?;
        }
        Ok(())
    }

    /// Whether the server can move messages; else they are copied and deleted.
    pub fn can_move(&self) -> bool {
        self.can.r#move
    }

    /// Moves a message to a folder, which is made where it is missing.
    pub async fn move_to(&mut self, uid: u32, name: &str) -> Result<(), Trouble> {
        self.put_into("MOVE", uid, name).await
    }

    /// Copies a message to a folder, which is made where it is missing.
    pub async fn copy_to(&mut self, uid: u32, name: &str) -> Result<(), Trouble> {
        self.put_into("COPY", uid, name).await
    }

    async fn put_into(&mut self, verb: &'static str, uid: u32, name: &str) -> Result<(), Trouble> {
        let folder = folder(name);
        let command = format!("UID {verb} {uid} {folder}");
        match self.ask(verb, &command, |_| {}).await {
            Err(Trouble::No { .. }) => {}
            other => return other,
        }
        match self.ask("CREATE", &format!("CREATE {folder}"), |_| {}).await {
            // Whatever is answered, the second attempt says what is wrong.
            Ok(()) | Err(Trouble::No { .. }) => self.ask(verb, &command, |_| {}).await,
            Err(other) => Err(other),
        }
    }

    /// Asks whether there is something new.
    pub async fn look(&mut self) -> Result<(), Trouble> {
        self.ask("NOOP", "NOOP", |_| {}).await
    }

    /// Waits until the server tells of a new message, for so long at most.
    pub async fn idle(&mut self, at_most: Duration) -> Result<(), Trouble> {
        let until = Instant::now() + at_most;
        let limit = self.limit;
        // For all that is said until the end: a server that talks without pause would keep us busy for good.
        self.session.get_mut().allow(LIST);
        let id = timeout(limit, self.session.run_command("IDLE")).await.map_err(|_| Trouble::Silence(limit))??;
        let (mut is_idle, mut is_done, mut answer_by) = (false, false, Instant::now() + limit);
        loop {
            let by = if is_idle && !is_done { until } else { answer_by };
            match timeout_at(by, self.session.read_response()).await {
                Err(_) if is_idle && !is_done => {}
                Err(_) => return Err(Trouble::Silence(limit)),
                Ok(response) => {
                    let response = response?.ok_or(Trouble::Lost(None))?;
                    match response.parsed() {
                        Response::Continue(_) => is_idle = true,
                        Response::Done { tag, status, outcome } if *tag == id => return done("IDLE", status, outcome),
                        other => self.note(other)?,
                    }
                }
            }
            if is_idle && !is_done && (self.has_news || Instant::now() >= until) {
                answer_by = Instant::now() + limit;
                let said = timeout(limit, self.session.run_command_untagged("DONE"));
                said.await.map_err(|_| Trouble::Silence(limit))??;
                is_done = true;
            }
        }
    }

    async fn ask(&mut self, verb: &'static str, command: &str, each: impl FnMut(&Response<'_>)) -> Result<(), Trouble> {
        self.exchange(verb, command, ANSWER, self.limit, each).await
    }

    /// Says a command and hears the answer to its end: at most so many bytes, within this time.
    async fn exchange(
        &mut self,
        verb: &'static str,
        command: &str,
        allowed: usize,
        limit: Duration,
        mut each: impl FnMut(&Response<'_>),
    ) -> Result<(), Trouble> {
        self.session.get_mut().allow(allowed);
        let talk = async {
            let id = self.session.run_command(command).await?;
            loop {
                let response = self.session.read_response().await?.ok_or(Trouble::Lost(None))?;
                match response.parsed() {
                    Response::Done { tag, status, outcome } if *tag == id => return done(verb, status, outcome),
                    other => {
                        self.note(other)?;
                        each(other);
                    }
                }
            }
        };
        timeout(limit, talk).await.map_err(|_| Trouble::Silence(limit))?
    }

    /// Keeps what the server tells of the folder by itself, at any time.
    fn note(&mut self, response: &Response<'_>) -> Result<(), Trouble> {
        match response {
            Response::MailboxData(MailboxDatum::Exists(count)) => {
                self.exists = *count;
                self.has_news = true;
            }
            Response::Expunge(_) => self.exists = self.exists.saturating_sub(1),
            Response::Data { status: Status::Bye, outcome } => return Err(Trouble::Lost(Some(text(outcome)))),
            Response::Data { outcome: Outcome { code: Some(ResponseCode::UidValidity(now)), .. }, .. } => {
                self.uid_validity = Some(*now);
            }
            _ => {}
        }
        Ok(())
    }
}

fn uid_of(attributes: &[AttributeValue<'_>]) -> Option<u32> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    })
}

fn done(command: &'static str, status: &Status, outcome: &Outcome<'_>) -> Result<(), Trouble> {
    if *status == Status::Ok { Ok(()) } else { Err(Trouble::No { command, text: text(outcome) }) }
}

fn text(outcome: &Outcome<'_>) -> String {
    outcome.information.as_deref().unwrap_or_default().to_owned()
}

async fn sign_in(
    house: &House,
    client: Client<Metered>,
    account: &ImapAccount,
    tokens: &mut Tokens,
) -> Result<Session<Metered>, Trouble> {
    let user = &account.username;
    let signed_in = match &account.auth {
        // A quoted string holds ASCII only (RFC 3501, 4.3).
        ImapAuth::Password { secret } if user.is_ascii() && secret.is_ascii() => client.login(user, secret).await,
        ImapAuth::Password { secret } => client.authenticate("PLAIN", Once(Some(format!("\0{user}\0{secret}")))).await,
        ImapAuth::OAuth2 { token_url, client_id, client_secret, secret } => {
            let client_secret = client_secret.as_deref();
            let secrets = Secrets { token_url, client_id, client_secret, refresh_token: secret };
            let token = tokens.token(&house.http, &secrets).await?;
            let proof = format!("user={user}\x01auth=Bearer {token}\x01\x01");
            client.authenticate("XOAUTH2", Once(Some(proof))).await
        }
    };
    signed_in
        .map(|mut session| {
            session.get_mut().allow(ANSWER);
            session
        })
        .map_err(|(error, _)| match error {
            async_imap::error::Error::No(text) | async_imap::error::Error::Bad(text) => {
                tokens.forget();
                Trouble::SignIn(text)
            }
            other => other.into(),
        })
}

/// Says its proof once. A server that says more then, as with XOAUTH2, tells why it refuses, and waits for nothing.
struct Once(Option<String>);

impl Authenticator for Once {
    type Response = String;

    fn process(&mut self, _: &[u8]) -> String {
        self.0.take().unwrap_or_default()
    }
}
