//! What people are told on the desk, in the very commit in which it happens.
//!
//! One pass over what the commit writes finds its events, what was said, and who began or ceased to listen; what is told
//! beside events comes as a [`Notice`]. One look at the store says who listens and what each person wishes to hear of.

mod mention;
mod text;

pub use mention::Mentionable;
pub(super) use mention::without_access;

use super::recorder::Recorder;
use super::session::{principal, staff_actor};
use super::work::{Circle, Item, MOST_WATCHERS, is_news};
use super::{Desk, Snapshot};
use crate::access::Actor;
use crate::changes::{Changes, Expect, Write};
use crate::error::Error;
use crate::event::{Event, Fact};
use crate::ids::{ChangeId, CommentId, NotificationId, TicketId, UserId};
use crate::model::{
    Comment, NoticeChannel, NoticePreferences, Notification, NotificationKind, Reading, RuleRef, TeamRole, Ticket, User,
};
use crate::port::{Hearer, HearerQuery, Hearers};
use crate::time::Time;
use crate::workflow::recipient::Target;
use serde::Deserialize;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use text::Words;
use uuid::Uuid;

/// Something that is told on the desk beside what events tell, whatever people wish to hear of events.
pub(super) struct Notice {
    /// As what it is told.
    pub(super) kind: NotificationKind,
    /// Who is told, as far as they see the ticket. Only people are: a mail address means nobody.
    pub(super) to: Vec<Target>,
    /// The rule that has it told.
    pub(super) rule: Option<RuleRef>,
    /// What is told.
    pub(super) what: Saying,
}

/// What a [`Notice`] says.
pub(super) enum Saying {
    /// The ticket was put off until now; in each reader's words.
    Awake,
    /// This, to everybody.
    Text { title: String, message: String },
}

/// What a commit writes about one ticket that people may be told of.
struct News<'a> {
    ticket: &'a Ticket,
    is_new: bool,
    events: Vec<Event>,
    comments: HashMap<CommentId, Comment>,
    /// Who listens from this commit on, or no longer does.
    watching: BTreeMap<UserId, bool>,
    notices: Vec<&'a Notice>,
}

impl Recorder<'_> {
    /// Lets people be told of this ticket, which this commit writes, beside what its events tell.
    pub(super) fn tell(&mut self, ticket: &Ticket, notice: Notice) {
        self.notices.push((ticket.clone(), notice));
    }

    /// Adds what people are told to the commit. What was told of a ticket that is closed is read with it.
    pub(super) async fn write_notifications(&mut self) -> Result<(), Error> {
        let notices = std::mem::take(&mut self.notices);
        let snapshot = Arc::clone(&self.snapshot);
        let mut told = Vec::new();
        for news in gather(self.changes(), &notices).into_values() {
            told.extend(self.desk.told_of(&snapshot, (self.changes().id, self.now), &news).await?);
        }
        for ticket_id in closed(self.writes()) {
            self.write(Write::ReadNotifications { reading: Reading::Ticket(ticket_id), at: self.now });
        }
        for notification in told {
            self.write(Write::Notification(Box::new(notification)));
        }
        Ok(())
    }
}

fn closed(writes: &[Write]) -> BTreeSet<TicketId> {
    let closed = writes.iter().filter_map(|write| match write {
        Write::Event(event) if matches!(event.fact, Fact::TicketClosed {}) => Some(event.ticket_id),
        _ => None,
    });
    closed.collect()
}

/// The news of a commit by ticket; tickets without any are left out.
fn gather<'a>(changes: &'a Changes, notices: &'a [(Ticket, Notice)]) -> BTreeMap<TicketId, News<'a>> {
    let news = |ticket, is_new| News {
        ticket,
        is_new,
        events: Vec::new(),
        comments: HashMap::new(),
        watching: BTreeMap::new(),
        notices: Vec::new(),
    };
    let mut all: BTreeMap<TicketId, News<'a>> = BTreeMap::new();
    for write in &changes.writes {
        if let Write::Ticket { ticket, expect, .. } = write {
            all.insert(ticket.id, news(ticket, *expect == Expect::New));
        }
    }
    for (ticket, notice) in notices {
        all.entry(ticket.id).or_insert_with(|| news(ticket, false)).notices.push(notice);
    }
    for write in &changes.writes {
        match write {
            Write::Event(event) if is_news(&event.fact) => {
                if let Some(news) = all.get_mut(&event.ticket_id) {
                    news.events.push(without_image(event));
                }
            }
            Write::Comment { comment, expect: Expect::New } => {
                if let Some(news) = all.get_mut(&comment.ticket_id) {
                    news.comments.insert(comment.id, comment.clone());
                }
            }
            Write::Watch { ticket_id, user_id, .. } | Write::Unwatch { ticket_id, user_id } => {
                if let Some(news) = all.get_mut(ticket_id) {
                    news.watching.insert(*user_id, matches!(write, Write::Watch { .. }));
                }
            }
            _ => {}
        }
    }
    all.retain(|_, news| !news.events.is_empty() || !news.notices.is_empty());
    all
}

fn without_image(event: &Event) -> Event {
    Event { fact: event.fact.clone(), actor: event.actor.clone(), image: None, ..*event }
}

impl News<'_> {
    /// Everybody who is named, listening or not.
    fn named(&self, circle: &Circle<'_>) -> BTreeSet<UserId> {
        let named = self.notices.iter().flat_map(|notice| &notice.to).filter_map(|target| match target {
            Target::User(id) => Some(*id),
            Target::Watchers { .. } | Target::Address(_) => None,
        });
        let listening = self.watching.iter().filter(|(_, is_on)| **is_on).map(|(id, _)| *id);
        named.chain(listening).chain(circle.people(&self.events)).collect()
    }

    /// Who listens once the commit is done.
    fn watchers(&self, hearers: &Hearers) -> BTreeSet<UserId> {
        let is_on = |hearer: &&Hearer| self.watching.get(&hearer.user.id).copied().unwrap_or(hearer.is_watching);
        hearers.people.iter().filter(is_on).map(|hearer| hearer.user.id).collect()
    }
}

impl Desk {
    async fn told_of(
        &self,
        snapshot: &Snapshot,
        (change_id, at): (ChangeId, Time),
        news: &News<'_>,
    ) -> Result<Vec<Notification>, Error> {
        let ticket = news.ticket;
        let is_staff = |id: UserId| snapshot.directory.staff(id).is_some_and(|user| user.is_active);
        let team = ticket.team_id.into_iter().flat_map(|id| snapshot.directory.members(id));
        let team: Vec<_> = team.filter(|member| is_staff(member.user_id)).take(MOST_WATCHERS).collect();
        let members = team.iter().map(|member| member.user_id).collect();
        let leads = team.iter().filter(|member| member.role != TeamRole::Member).map(|member| member.user_id).collect();
        let mentioned = self.mentioned(snapshot, ticket, news.comments.values()).await?;
        let nobody = BTreeSet::new();
        let circle = Circle {
            ticket,
            members: &members,
            leads: &leads,
            watchers: &nobody,
            staff: &is_staff,
            comments: &news.comments,
            mentioned: &mentioned,
            by: NoticeChannel::InApp,
        };
        let people: Vec<UserId> = news.named(&circle).into_iter().collect();
        if people.is_empty() && news.is_new {
            return Ok(Vec::new());
        }
        let query = HearerQuery {
            ticket_id: ticket.id,
            organization_id: ticket.organization_id,
            people,
            watchers: MOST_WATCHERS,
        };
        let hearers = self.store.hearers(&query).await?;
        let watchers = news.watchers(&hearers);
        let seeing = self.seeing(snapshot, ticket, &hearers)?;
        let wishes = wishes(&hearers);
        let circle = Circle { watchers: &watchers, ..circle };
        let events = circle.told(&news.events, |id| wishes.get(&id).cloned().unwrap_or_default());
        let mut told = Told { desk: self, change_id, at, news, all: BTreeMap::new() };
        for (user_id, items) in &events {
            let Some(user) = seeing.get(user_id) else { continue };
            for item in items {
                told.event(&Words::of(snapshot, user), user, item);
            }
        }
        for notice in &news.notices {
            for user in readers(notice, &watchers).iter().filter_map(|id| seeing.get(id)) {
                told.notice(&Words::of(snapshot, user), user, notice);
            }
        }
        Ok(told.all.into_values().collect())
    }

    /// Those of these people who see the ticket. Staff are known from the snapshot; one who works here and is not in it
    /// came after it, and the commit is refused for that.
    fn seeing<'h>(
        &self,
        snapshot: &'h Snapshot,
        ticket: &Ticket,
        hearers: &'h Hearers,
    ) -> Result<BTreeMap<UserId, &'h User>, Error> {
        let mut seeing = BTreeMap::new();
        for hearer in &hearers.people {
            let staff = snapshot.directory.staff(hearer.user.id);
            let user = staff.unwrap_or(&hearer.user);
            if !user.is_active || (staff.is_none() && user.role.is_staff()) {
                continue;
            }
            let actor = match staff {
                Some(user) => staff_actor(snapshot, user, None)?,
                None => Actor::user(principal(user, Vec::new(), hearers.shares_tickets, None)),
            };
            if self.scope(&actor).sees(ticket) {
                seeing.insert(user.id, user);
            }
        }
        Ok(seeing)
    }
}

/// Whom a notice is for.
fn readers(notice: &Notice, watchers: &BTreeSet<UserId>) -> BTreeSet<UserId> {
    let mut readers = BTreeSet::new();
    for target in &notice.to {
        match target {
            Target::User(id) => drop(readers.insert(*id)),
            Target::Watchers { but } => readers.extend(watchers.iter().filter(|id| Some(**id) != *but)),
            Target::Address(_) => {}
        }
    }
    readers
}

/// What these people wish to hear of, as far as they have said so.
fn wishes(hearers: &Hearers) -> HashMap<UserId, NoticePreferences> {
    let said = hearers.people.iter().filter_map(|hearer| {
        let preferences = NoticePreferences::deserialize(hearer.preferences.as_ref()?).ok()?;
        Some((hearer.user.id, preferences))
    });
    said.collect()
}

/// What is told of one ticket, one for each person, kind and rule with words of its own.
struct Told<'a> {
    desk: &'a Desk,
    change_id: ChangeId,
    at: Time,
    news: &'a News<'a>,
    all: BTreeMap<(UserId, NotificationKind, Uuid), Notification>,
}

impl Told<'_> {
    fn event(&mut self, words: &Words<'_>, user: &User, item: &Item) {
        let Some(event) = self.news.events.get(item.event) else { return };
        if let Some((title, message)) = words.event(self.news.ticket, event, item.kind, &self.news.comments) {
            self.add(user, item.kind.into(), event.rule, (title, message));
        }
    }

    fn notice(&mut self, words: &Words<'_>, user: &User, notice: &Notice) {
        self.add(user, notice.kind, notice.rule, words.notice(self.news.ticket, &notice.what));
    }

    fn add(&mut self, user: &User, kind: NotificationKind, rule: Option<RuleRef>, (title, message): (String, String)) {
        let new = Notification {
            id: NotificationId(self.desk.ids().uuid(self.at)),
            user_id: user.id,
            ticket_id: Some(self.news.ticket.id),
            ticket_number: Some(self.news.ticket.number.clone()),
            kind,
            title,
            message,
            count: 1,
            rule,
            change_id: self.change_id,
            created_at: self.at,
            updated_at: self.at,
            read_at: None,
        };
        let source = new.subject().map(|subject| subject.source).unwrap_or_default();
        match self.all.entry((user.id, kind, source)) {
            Entry::Vacant(place) => drop(place.insert(new)),
            Entry::Occupied(mut place) => {
                // Of several things in one commit the last has the word.
                let known = place.get_mut();
                *known = Notification { id: known.id, count: known.count + 1, ..new };
            }
        }
    }
}
