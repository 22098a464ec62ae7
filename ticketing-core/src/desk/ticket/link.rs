//! Ties between tickets.

use super::change::Change;
use super::merge::merged;
use crate::access::{Call, Scope};
use crate::changes::{Row, Write};
use crate::desk::Desk;
use crate::desk::recorder::Recorder;
use crate::error::Error;
use crate::event::{Fact, Tie};
use crate::ids::{LinkId, TicketId, TicketKey, TicketNumber, UserId};
use crate::input::{Fields, Input, Problems};
use crate::model::view::direction;
use crate::model::{LinkKind, Status, Ticket, TicketLink};
use crate::time::Time;
use serde::Serialize;

/// How many ties a ticket may have, to and from others together.
const MOST_LINKS: usize = 100;

/// How many tickets may stand above one another.
const MOST_LEVELS: usize = 20;

/// A tie to be made: this ticket relates to, blocks, duplicates or is the parent of the other.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// The other ticket.
    pub ticket: TicketKey,
    /// What this one is to it.
    pub kind: LinkKind,
}

impl Input for NewLink {
    fn read(fields: &mut Fields) -> Self {
        let ticket = read_key(fields, "ticket");
        fields.require(&["type"]);
        Self { ticket, kind: fields.word("type", LinkKind::ALL).into_option().unwrap_or(LinkKind::Relates) }
    }

    fn check(&self, _: &mut Problems) {}
}

/// Reads the name of a ticket, its id or its number.
pub(in crate::desk) fn read_key(fields: &mut Fields, field: &str) -> TicketKey {
    let text = fields.required_text(field);
    text.parse().unwrap_or_else(|_| {
        fields.fail(field, "unknown", "Is neither the id nor the number of a ticket.");
        TicketKey::Id(TicketId(uuid::Uuid::nil()))
    })
}

/// A tie as it is seen from one of its ends.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinkView {
    /// Its id.
    pub id: LinkId,
    /// What the first ticket is to the second.
    #[serde(rename = "type")]
    pub kind: LinkKind,
    /// The ticket that was asked for.
    pub ticket_id: TicketId,
    /// `outward` where the ticket that was asked for is the first, else `inward`.
    pub direction: &'static str,
    /// The ticket at the other end.
    pub ticket: LinkedTicket,
    /// Who tied them; not for customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: Time,
}

/// Enough of a ticket to know it by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LinkedTicket {
    /// Its id.
    pub id: TicketId,
    /// Its name for people.
    pub ticket_number: TicketNumber,
    /// One line that says what it is about.
    pub subject: String,
    /// Where it stands.
    pub status: Status,
}

impl From<&Ticket> for LinkedTicket {
    fn from(ticket: &Ticket) -> Self {
        Self {
            id: ticket.id,
            ticket_number: ticket.number.clone(),
            subject: ticket.subject.clone(),
            status: ticket.status,
        }
    }
}

impl LinkView {
    fn new(link: &TicketLink, from: TicketId, other: &Ticket, staff: bool) -> Self {
        Self {
            id: link.id,
            ticket_id: from,
            kind: link.kind,
            direction: direction(link.ticket_id == from),
            ticket: other.into(),
            created_by: link.created_by.filter(|_| staff),
            created_at: link.created_at,
        }
    }
}

impl Desk {
    /// The ties of a ticket to tickets that the actor may see too, oldest first. There are at most a
    /// hundred.
    pub async fn links(&self, call: impl Into<Call>, key: &TicketKey) -> Result<Vec<LinkView>, Error> {
        let call = call.into();
        let ticket = self.seen_ticket(&call, key).await?;
        let scope = self.scope(&call.actor);
        let links = self.store.ticket_links(&scope, ticket.id, MOST_LINKS).await?;
        let others = self.far_ends(&scope, ticket.id, &links).await?;
        let view = |link: &TicketLink| {
            let far = link.far_end(ticket.id);
            let other = others.iter().find(|other| other.id == far)?;
            Some(LinkView::new(link, ticket.id, other, call.actor.is_staff()))
        };
        Ok(links.iter().filter_map(view).collect())
    }

    async fn far_ends(&self, scope: &Scope, from: TicketId, links: &[TicketLink]) -> Result<Vec<Ticket>, Error> {
        if links.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<TicketKey> = links.iter().map(|link| TicketKey::Id(link.far_end(from))).collect();
        Ok(self.store.tickets_by_keys(scope, &keys).await?)
    }

    /// Ties a ticket to another. For staff who see both.
    pub async fn link_tickets(
        &self,
        call: impl Into<Call>,
        key: &TicketKey,
        input: NewLink,
    ) -> Result<LinkView, Error> {
        let call = &call.into();
        self.staff_change(call, key).await?;
        let (from, to) = self.two_tickets(call, (key, &input.ticket), "ticket").await?;
        if from == to {
            return Err(Error::field("ticket", "same", "A ticket can't be tied to itself."));
        }
        let _turns = self.parts.turns.take_both([&from, &to]).await;
        self.insist(move || self.try_link(call, (from, to), input.kind)).await
    }

    /// The ids of two tickets that the actor sees. The second is named in a field of the body.
    pub(super) async fn two_tickets(
        &self,
        call: &Call,
        (key, other): (&TicketKey, &TicketKey),
        field: &str,
    ) -> Result<(TicketId, TicketId), Error> {
        let first = self.seen_ticket(call, key).await?;
        let unknown = || Error::field(field, "unknown", "There is no such ticket, or it is not for you to see.");
        let second = self.store.ticket(&self.scope(&call.actor), other).await?.ok_or_else(unknown)?;
        Ok((first.id, second.id))
    }

    async fn try_link(&self, call: &Call, ids: (TicketId, TicketId), kind: LinkKind) -> Result<LinkView, Error> {
        let mut recorder = Recorder::begin(self, call).await?;
        let first = self.seen_ticket(call, &ids.0.into()).await?;
        let second = self.seen_ticket(call, &ids.1.into()).await?;
        if let Some(target) = first.merged_into.or(second.merged_into) {
            return Err(merged(target));
        }
        self.check_tie(&mut recorder, (&first, &second), kind).await?;
        let link = self.tie(call, &mut recorder, (&first, &second), kind)?;
        let view = LinkView::new(&link, first.id, &second, true);
        recorder.answer(|| view.clone())?;
        recorder.commit().await?;
        Ok(view)
    }

    /// Adds a tie of two tickets to a commit, and says so on both.
    fn tie(
        &self,
        call: &Call,
        recorder: &mut Recorder<'_>,
        (first, second): (&Ticket, &Ticket),
        kind: LinkKind,
    ) -> Result<TicketLink, Error> {
        let (mut one, mut other) = (Change::of(first, recorder), Change::of(second, recorder));
        let link = self.new_link(call, recorder, (first.id, second.id), kind);
        let (outward, inward) = tell(&link);
        one.write(Write::Link(link.clone()));
        one.fact(Fact::LinkAdded(outward));
        other.fact(Fact::LinkAdded(inward));
        one.record(first, recorder)?;
        other.record(second, recorder)?;
        Ok(link)
    }

    fn new_link(
        &self,
        call: &Call,
        recorder: &Recorder<'_>,
        (ticket_id, other_id): (TicketId, TicketId),
        kind: LinkKind,
    ) -> TicketLink {
        TicketLink {
            id: LinkId(self.ids().uuid(recorder.now)),
            ticket_id,
            other_id,
            kind,
            created_by: call.actor.user_id(),
            created_at: recorder.now,
        }
    }

    /// Adds the tie of a new ticket to a commit. Answers what to tell on the one and on the other.
    pub(super) fn new_tie(
        &self,
        call: &Call,
        recorder: &mut Recorder<'_>,
        (first, second): (&Ticket, &Ticket),
        kind: LinkKind,
    ) -> (Fact, Fact) {
        let link = self.new_link(call, recorder, (first.id, second.id), kind);
        let (outward, inward) = tell(&link);
        recorder.write(Write::Link(link));
        (Fact::LinkAdded(outward), Fact::LinkAdded(inward))
    }

    /// Whether the ticket may have one more tie.
    pub(super) async fn has_room_for_a_link(&self, id: TicketId) -> Result<bool, Error> {
        Ok(self.store.ticket_links(&Scope::UPKEEP, id, MOST_LINKS).await?.len() < MOST_LINKS)
    }

    /// Whether the two may be tied so. Whoever is faster with a tie of either changes its version.
    async fn check_tie(
        &self,
        recorder: &mut Recorder<'_>,
        (first, second): (&Ticket, &Ticket),
        kind: LinkKind,
    ) -> Result<(), Error> {
        let links = self.store.ticket_links(&Scope::UPKEEP, first.id, MOST_LINKS).await?;
        let others = self.store.ticket_links(&Scope::UPKEEP, second.id, MOST_LINKS).await?;
        let same = |link: &TicketLink| {
            link.kind == kind
                && link.far_end(first.id) == second.id
                && (link.ticket_id == first.id || kind == LinkKind::Relates)
        };
        if links.iter().any(same) {
            return Err(Error::conflict("duplicate", "The two tickets are tied so already."));
        }
        for (ticket, links) in [(first, &links), (second, &others)] {
            if links.len() >= MOST_LINKS {
                let detail = format!("{} has {MOST_LINKS} links, the most that a ticket may have.", ticket.number);
                return Err(Error::conflict("too_many_links", detail));
            }
        }
        if kind == LinkKind::Parent {
            if parent_of(second.id, &others).is_some() {
                return Err(Error::conflict("has_parent", format!("{} has a parent already.", second.number)));
            }
            self.check_above(recorder, (first, links), second).await?;
        }
        Ok(())
    }

    /// Whether the second is nowhere above the first. What was looked at may not change before the
    /// commit: two ties that are made at once could close a circle that neither of them sees.
    async fn check_above(
        &self,
        recorder: &mut Recorder<'_>,
        (first, mut links): (&Ticket, Vec<TicketLink>),
        second: &Ticket,
    ) -> Result<(), Error> {
        let mut at = first.id;
        for _ in 0..MOST_LEVELS {
            let Some(parent) = parent_of(at, &links) else { return Ok(()) };
            if parent == second.id {
                let detail = format!("{} stands above {} already.", second.number, first.number);
                return Err(Error::conflict("parent_cycle", detail));
            }
            let above = self.store.ticket(&Scope::UPKEEP, &parent.into()).await?.ok_or(Error::NotFound("ticket"))?;
            recorder.guard(Row::Ticket(above.id), above.version);
            links = self.store.ticket_links(&Scope::UPKEEP, parent, MOST_LINKS).await?;
            at = parent;
        }
        Err(Error::conflict("too_deep", format!("At most {MOST_LEVELS} tickets may stand above one another.")))
    }

    /// Takes a tie of a ticket off. For staff who see both ends.
    pub async fn unlink_tickets(&self, call: impl Into<Call>, key: &TicketKey, id: LinkId) -> Result<(), Error> {
        let call = &call.into();
        self.staff_change(call, key).await?;
        let ticket = self.seen_ticket(call, key).await?;
        let other = self.own_link(call, ticket.id, id).await?.far_end(ticket.id);
        let _turns = self.parts.turns.take_both([&ticket.id, &other]).await;
        self.insist(move || self.try_unlink(call, ticket.id, id)).await
    }

    async fn own_link(&self, call: &Call, ticket: TicketId, id: LinkId) -> Result<TicketLink, Error> {
        let links = self.store.ticket_links(&self.scope(&call.actor), ticket, MOST_LINKS).await?;
        links.into_iter().find(|link| link.id == id).ok_or(Error::NotFound("link"))
    }

    async fn try_unlink(&self, call: &Call, ticket: TicketId, id: LinkId) -> Result<(), Error> {
        let mut recorder = Recorder::begin(self, call).await?;
        let link = self.own_link(call, ticket, id).await?;
        let first = self.seen_ticket(call, &link.ticket_id.into()).await?;
        let second = self.seen_ticket(call, &link.other_id.into()).await?;
        if let Some(target) = first.merged_into.or(second.merged_into) {
            return Err(merged(target));
        }
        let (mut one, mut other) = (Change::of(&first, &mut recorder), Change::of(&second, &mut recorder));
        let (outward, inward) = tell(&link);
        one.write(Write::Unlink(id));
        one.fact(Fact::LinkRemoved(outward));
        other.fact(Fact::LinkRemoved(inward));
        one.record(&first, &mut recorder)?;
        other.record(&second, &mut recorder)?;
        recorder.commit().await
    }

    /// Refuses to resolve a ticket that others block which are still open. They are named as far as the
    /// actor sees them.
    pub(super) async fn check_blockers(&self, call: &Call, id: TicketId) -> Result<(), Error> {
        let links = self.store.ticket_links(&Scope::UPKEEP, id, MOST_LINKS).await?;
        let blocking = |link: &TicketLink| link.kind == LinkKind::Blocks && link.other_id == id;
        let blocking: Vec<TicketLink> = links.into_iter().filter(blocking).collect();
        let mut open = self.far_ends(&Scope::UPKEEP, id, &blocking).await?;
        open.retain(Ticket::is_open);
        if open.is_empty() {
            return Ok(());
        }
        let scope = self.scope(&call.actor);
        let seen = open.iter().filter(|ticket| scope.sees(ticket)).map(|ticket| ticket.number.as_str());
        let names = seen.take(10).collect::<Vec<_>>().join(", ");
        let names = if names.is_empty() { "tickets that you may not see".to_owned() } else { names };
        let detail = format!("{} open tickets block this one: {names}. Say ignore_blockers to go on.", open.len());
        Err(Error::conflict("open_blockers", detail))
    }
}

/// A tie as either of the two tickets tells it.
fn tell(link: &TicketLink) -> (Tie, Tie) {
    let outward = Tie { link_id: link.id, other_id: link.other_id, kind: link.kind, outward: true };
    (outward, Tie { other_id: link.ticket_id, outward: false, ..outward })
}

fn parent_of(child: TicketId, links: &[TicketLink]) -> Option<TicketId> {
    links.iter().find(|link| link.kind == LinkKind::Parent && link.other_id == child).map(|link| link.ticket_id)
}
