//! One mailbox, fetched for as long as its settings stay.

use super::conversation::Conversation;
use super::left::Left;
use super::status::StatusOf;
use super::token::Tokens;
use super::trouble::Trouble;
use super::wire::House;
use crate::door::NotTaken;
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use ticketing_core::desk::{Delivery, ImapDoor};
use ticketing_core::model::{ArrivalDoor, Envelope, ImapThen};
use tokio::time::sleep;

/// Of how many messages the size is asked for at once, and how many are put away at once.
const BATCH: usize = 100;
/// How many messages are remembered as done. Beyond that all are forgotten: the mailbox itself says which are.
const REMEMBERED: usize = 100_000;

pub(super) struct Fetcher {
    house: Arc<House>,
    door: ImapDoor,
    status: StatusOf,
    tokens: Tokens,
    uid_validity: Option<u32>,
    /// What there is nothing to do about any more, whatever the mailbox says: taken, refused or gone.
    done: HashSet<u32>,
    /// Those of them that the desk has and that are not out of the way.
    left: Left,
    /// How often something broke in the middle of a message.
    stumbles: HashMap<u32, u32>,
}

impl Fetcher {
    pub fn new(house: Arc<House>, door: ImapDoor, status: StatusOf) -> Self {
        let (tokens, done, stumbles) = (Tokens::default(), HashSet::new(), HashMap::new());
        Self { house, door, status, tokens, uid_validity: None, done, left: Left::default(), stumbles }
    }

    /// Fetches until it is dropped.
    pub async fn run(mut self) {
        self.status.change(|_| {});
        let first = self.house.options.first_pause;
        let mut pause = first;
        loop {
            let Err(trouble) = self.keep_fetching(&mut pause).await;
            let line = trouble.line();
            tracing::warn!(mailbox_id = %self.door.mailbox_id, error = line, "a mailbox can't be fetched");
            self.status.change(|status| {
                status.connected_since = None;
                status.last_error = Some(line);
            });
            sleep(pause.mul_f64(self.jitter())).await;
            pause = (pause * 2).min(self.house.options.longest_pause);
        }
    }

    /// Between a half and one and a half.
    fn jitter(&self) -> f64 {
        let mut byte = [0];
        self.house.desk.ids().fill(&mut byte);
        0.5 + f64::from(byte[0]) / 255.0
    }

    /// One connection, to its end. Pauses begin anew once something went well.
    async fn keep_fetching(&mut self, pause: &mut Duration) -> Result<std::convert::Infallible, Trouble> {
        let account = &self.door.account;
        if let ImapThen::Move { folder } = &account.then
            && (*folder == account.folder
                || [folder, &account.folder].iter().all(|name| name.eq_ignore_ascii_case("INBOX")))
        {
            return Err(Trouble::SameFolder);
        }
        let mut talk = Conversation::open(&self.house, account, &mut self.tokens).await?;
        if talk.uid_validity != self.uid_validity {
            self.uid_validity = talk.uid_validity;
            self.done.clear();
            self.left = Left::default();
            self.stumbles.clear();
        }
        let now = self.house.desk.now();
        self.status.change(|status| status.connected_since = Some(now));
        loop {
            loop {
                let was_some = self.fetch_some(&mut talk).await?;
                let has_more = self.tidy(&mut talk).await?;
                *pause = self.house.options.first_pause;
                if !was_some && !has_more && !talk.has_news() {
                    break;
                }
            }
            self.status.change(|status| status.last_error = self.left.why().map(str::to_owned));
            let until_retry = self.left.wait().unwrap_or(Duration::MAX);
            if talk.can_idle() {
                talk.idle(self.house.options.idle_for.min(until_retry)).await?;
            } else {
                sleep(self.house.options.poll_every.min(until_retry)).await;
                talk.look().await?;
            }
        }
    }

    /// Fetches what there is, or a part of it. Whether there was anything.
    async fn fetch_some(&mut self, talk: &mut Conversation) -> Result<bool, Trouble> {
        if self.left.is_full() {
            return Ok(false);
        }
        if self.done.len() > REMEMBERED {
            self.done = self.left.uids().collect();
        }
        let is_marked = self.door.account.then == ImapThen::Flag;
        let which = if is_marked { talk.unmarked() } else { "UNDELETED".to_owned() };
        let mut uids = talk.search(&which, |uid| !self.done.contains(&uid)).await?;
        uids.sort_by_key(|uid| (self.stumbles.get(uid).copied().unwrap_or(0), *uid));
        for batch in uids.chunks(BATCH) {
            let sizes = talk.sizes(batch).await?;
            for &uid in batch {
                match sizes.get(&uid) {
                    Some(&size) => self.fetch(talk, uid, size).await?,
                    None => drop(self.done.insert(uid)),
                }
            }
        }
        Ok(!uids.is_empty())
    }

    /// One message: into the desk, and then out of the way.
    async fn fetch(&mut self, talk: &mut Conversation, uid: u32, size: u32) -> Result<(), Trouble> {
        let max_mail = self.house.desk.options().max_mail_size;
        if size as usize > max_mail {
            return self.refuse(talk, uid, "it is too large").await;
        }
        // Whatever breaks from here on breaks in this message.
        *self.stumbles.entry(uid).or_default() += 1;
        let Some(message) = talk.message(uid, max_mail).await? else {
            self.settled(uid);
            return Ok(());
        };
        let mailbox_id = Some(self.door.mailbox_id);
        let delivery = Delivery { door: ArrivalDoor::Imap, mailbox_id, envelope: Envelope::default() };
        match self.house.desk.take_in(&delivery, message.into()).await {
            Ok(taken) => {
                tracing::debug!(id = %taken.id, is_known = taken.is_known, "a mail was fetched by IMAP");
                self.settled(uid);
                let put_away = self.put_away(talk, uid).await;
                let now = self.house.desk.now();
                self.status.change(|status| {
                    status.fetched += 1;
                    status.last_fetch_at = Some(now);
                });
                put_away
            }
            Err(error) if NotTaken::from(&error) == NotTaken::Later => Err(Trouble::Desk(error)),
            Err(error) => {
                tracing::info!(error = &error as &dyn Error, uid, "a mail that was fetched by IMAP is refused");
                self.refuse(talk, uid, "the desk does not take it").await
            }
        }
    }

    /// Marks, moves or deletes a message that the desk has. Where the server refuses it is tried again later, and hinders
    /// none of the others.
    async fn put_away(&mut self, talk: &mut Conversation, uid: u32) -> Result<(), Trouble> {
        self.left.begin(uid);
        let Err(trouble) = self.out_of_the_way(talk, uid).await else {
            self.left.done();
            return Ok(());
        };
        let line = trouble.line();
        let is_news = self.left.why() != Some(line.as_str());
        self.left.failed(line.clone(), &self.house.options);
        if !matches!(trouble, Trouble::No { .. }) {
            return Err(trouble);
        }
        if is_news {
            tracing::warn!(mailbox_id = %self.door.mailbox_id, error = line, "mails that the desk has can't be put away");
        }
        self.status.change(|status| status.last_error = Some(line));
        Ok(())
    }

    async fn out_of_the_way(&mut self, talk: &mut Conversation, uid: u32) -> Result<(), Trouble> {
        match &self.door.account.then {
            ImapThen::Flag => talk.mark(uid).await,
            ImapThen::Move { folder } if talk.can_move() => talk.move_to(uid, folder).await,
            ImapThen::Move { folder } => {
                if !self.left.is_copied(uid) {
                    talk.copy_to(uid, folder).await?;
                    self.left.copied(uid);
                }
                talk.delete(uid).await
            }
            ImapThen::Delete => talk.delete(uid).await,
        }
    }

    /// Tries once more to put away what is left. Whether there is more of it to try now.
    async fn tidy(&mut self, talk: &mut Conversation) -> Result<bool, Trouble> {
        let due = self.left.due(BATCH);
        if due.is_empty() {
            return Ok(false);
        }
        let there = talk.sizes(&due).await?;
        for uid in due {
            if there.contains_key(&uid) {
                self.put_away(talk, uid).await?;
            } else {
                self.left.begin(uid);
                self.left.done();
            }
        }
        Ok(self.left.wait() == Some(Duration::ZERO))
    }

    /// Leaves a message where it is, for people to see.
    async fn refuse(&mut self, talk: &mut Conversation, uid: u32, why: &'static str) -> Result<(), Trouble> {
        tracing::warn!(mailbox_id = %self.door.mailbox_id, uid, why, "a mail stays in its mailbox");
        match talk.flag(uid, r"\Flagged").await {
            // It need not be possible.
            Ok(()) | Err(Trouble::No { .. }) => {}
            Err(other) => return Err(other),
        }
        self.status.change(|status| status.refused += 1);
        self.settled(uid);
        Ok(())
    }

    fn settled(&mut self, uid: u32) {
        self.stumbles.remove(&uid);
        self.done.insert(uid);
    }
}
