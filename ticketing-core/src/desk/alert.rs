//! What can't wait is told on the desk by the very commit in which it happens: escalations and the ends of promised
//! times, to whoever is in charge of the ticket.

use super::{Desk, Snapshot};
use crate::error::Error;
use crate::event::{Deadline, Fact, Told};
use crate::ids::UserId;
use crate::mail::Language;
use crate::model::{NoticeChannel, NoticeKind, Notification, Relation, TeamRole, Ticket};
use crate::ticket::Draft;
use std::collections::BTreeSet;

/// One thing that can't wait.
enum Alert<'a> {
    Escalated { level: i16, reason: &'a str },
    Ending { deadline: &'a Deadline, is_breach: bool },
}

/// Whether it can't wait.
pub(super) fn is_urgent(fact: &Fact) -> bool {
    Alert::of(fact).is_some()
}

impl<'a> Alert<'a> {
    fn of(fact: &'a Fact) -> Option<Self> {
        match fact {
            Fact::TicketEscalated { level, reason, .. } => Some(Self::Escalated { level: *level, reason }),
            Fact::SlaWarning(deadline) => Some(Self::Ending { deadline, is_breach: false }),
            Fact::SlaBreached(deadline) => Some(Self::Ending { deadline, is_breach: true }),
            _ => None,
        }
    }

    fn kind(&self) -> NoticeKind {
        match self {
            Self::Escalated { .. } => NoticeKind::Escalation,
            Self::Ending { is_breach: false, .. } => NoticeKind::SlaWarning,
            Self::Ending { is_breach: true, .. } => NoticeKind::SlaBreach,
        }
    }

    /// A line and more of it, in this person's words.
    fn texts(&self, snapshot: &Snapshot, to: UserId, ticket: &Ticket) -> (String, String) {
        let user = snapshot.directory.staff(to);
        let language = Language::of(user.and_then(|user| user.locale.as_deref()));
        let (headline, more) = match self {
            Self::Escalated { level, reason } => (language.escalated(*level), (*reason).to_owned()),
            Self::Ending { deadline, is_breach } => {
                let zone = user.and_then(|user| user.time_zone.as_deref());
                (language.ending(deadline.metric, *is_breach), language.moment(deadline.due_at, zone))
            }
        };
        (format!("{} · {headline}", ticket.number), format!("{} · {more}", ticket.subject))
    }
}

impl Desk {
    /// What is told of a change on the desk at once: to the ticket's agent and to those who lead its team, as far as
    /// they see it and want to be told. Nobody is told of an own act.
    pub(super) async fn alerts(
        &self,
        snapshot: &Snapshot,
        draft: &Draft,
        actor: Option<UserId>,
    ) -> Result<Vec<Notification>, Error> {
        let told: Vec<(&Told, Alert<'_>)> =
            draft.facts.iter().filter_map(|told| Some((told, Alert::of(&told.fact)?))).collect();
        let ticket = &draft.ticket;
        let team = ticket.team_id.into_iter().flat_map(|team| snapshot.directory.members(team));
        let leads = team.filter(|member| member.role != TeamRole::Member).map(|member| member.user_id);
        let people: BTreeSet<UserId> = snapshot.directory.agent_of(ticket).into_iter().chain(leads).collect();
        let people = self.who_sees(snapshot, &people.into_iter().collect::<Vec<_>>(), ticket).await?;
        let wishes = self.wishes(&people).await?;
        let mut all = Vec::new();
        for (told, alert) in told {
            let is_callers = told.rule.is_none() && !told.by_clock;
            for user_id in &people {
                let own = wishes.get(user_id).cloned().unwrap_or_default();
                let is_own_act = is_callers && actor == Some(*user_id);
                if is_own_act || !own.wants(alert.kind(), Relation::Own, NoticeChannel::InApp) {
                    continue;
                }
                let (title, message) = alert.texts(snapshot, *user_id, ticket);
                all.push(Notification {
                    id: self.ids().uuid(draft.now),
                    user_id: *user_id,
                    ticket_id: Some(ticket.id),
                    title,
                    message,
                    rule: told.rule,
                    created_at: draft.now,
                    read_at: None,
                });
            }
        }
        Ok(all)
    }
}
