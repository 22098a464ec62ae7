//! What a commit means to whoever is connected: whose rights it touched, who takes work from now on, what
//! was told or read that no event tells of.

use super::Desk;
use crate::changes::{Changes, Expect, Write};
use crate::ids::UserId;
use crate::model::audit::ERASED;
use crate::model::{Reading, Subject, Team, User};
use crate::port::{BACKLOG, Signal};
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::PoisonError;

impl Desk {
    /// What is to be told once the commit has landed; made before, while it is known who was in a team.
    pub(super) fn signals(&self, changes: &Changes) -> Vec<Signal> {
        let mut touched = BTreeSet::new();
        let mut signals = Vec::new();
        for write in &changes.writes {
            match write {
                // A commit that changes nothing of a member of staff but the availability bumps nothing.
                Write::User { user, expect: Expect::Version(_) } => {
                    if changes.bumps_settings || !user.role.is_staff() {
                        touched.insert(user.id);
                    }
                    if says_availability(changes, user) {
                        signals.push(Signal::Availability { user_id: user.id, availability: user.availability });
                    }
                }
                Write::Password { user_id, .. }
                | Write::ForgetSignIns { user_id }
                | Write::EndSessions { user_id, .. }
                | Write::DeleteMembership { user_id, .. } => {
                    touched.insert(*user_id);
                }
                Write::Membership { membership, .. } => {
                    touched.insert(membership.user_id);
                }
                // Everybody's of a ticket are read when it closes, and an event tells of that.
                Write::ReadNotifications {
                    reading: Reading::One(user_id, _) | Reading::Person(user_id) | Reading::PersonOnTicket(user_id, _),
                    ..
                } => signals.push(Signal::Read { user_id: *user_id }),
                Write::Session { session, .. } if session.ended_at.is_some() => {
                    touched.insert(session.user_id);
                }
                Write::ApiKey { key, expect: Expect::Version(_) } => {
                    touched.insert(key.user_id);
                }
                Write::Organization { organization, expect: Expect::Version(_) } => {
                    signals.push(Signal::Company { organization_id: organization.id });
                }
                Write::DeleteTeam { team_id, .. } => touched.extend(self.members_known(|team| team.id == *team_id)),
                Write::Team { team, expect: Expect::Version(_) } => {
                    let turned = |known: &Team| known.id == team.id && known.is_active != team.is_active;
                    touched.extend(self.members_known(turned));
                }
                _ => {}
            }
        }
        let tells = changes.writes.iter().any(|write| matches!(write, Write::Notification(_)));
        if tells && !changes.writes.iter().any(|write| matches!(write, Write::Event(_))) {
            signals.push(Signal::Told { change_id: changes.id });
        }
        signals.extend(touched.into_iter().map(|user_id| Signal::Rights { user_id }));
        signals
    }

    /// The members of such teams as of the newest snapshot. A commit that changes a team lands only under the
    /// settings that it was decided by, so there is none older than that.
    fn members_known(&self, is_meant: impl Fn(&Team) -> bool) -> Vec<UserId> {
        let Some(snapshot) = self.snapshots.known() else { return Vec::new() };
        let meant = snapshot.directory.teams().filter(|team| is_meant(team));
        meant.flat_map(|team| snapshot.directory.members(team.id)).map(|membership| membership.user_id).collect()
    }

    /// Tells what a commit that has landed means. One in a transaction of the host's is told with
    /// [`Desk::announce`].
    pub(super) fn tell(&self, signals: Vec<Signal>) {
        if self.is_joined && !signals.is_empty() {
            let mut held = self.parts.held.lock().unwrap_or_else(PoisonError::into_inner);
            // A host that never announces must not fill the memory.
            let room = BACKLOG.saturating_sub(held.len());
            held.extend(signals.into_iter().take(room));
        } else {
            self.publish(signals);
        }
    }

    /// Tells what was held until the host's transaction was committed.
    pub(super) fn tell_held(&self) {
        self.publish(std::mem::take(&mut *self.parts.held.lock().unwrap_or_else(PoisonError::into_inner)));
    }

    fn publish(&self, signals: Vec<Signal>) {
        for signal in signals {
            // Whoever looks again because of this must not find what was known before.
            match signal {
                Signal::Rights { .. } => self.forget_rights(),
                Signal::Company { .. } => self.forget_customers(),
                _ => {}
            }
            self.bus().publish(signal);
        }
    }

    /// What this process knows of customers may be old. For whoever hears [`Signal::Company`].
    pub fn forget_customers(&self) {
        self.customers.forget();
    }

    /// What this process knows of people's rights and keys may be old: the next use asks the store. For whoever hears
    /// [`Signal::Rights`], which may come from another process, or may have missed it.
    pub fn forget_rights(&self) {
        self.snapshots.expire();
        self.customers.forget();
        self.keys.forget_all();
    }

    /// Returns when another process may have made work or made the event log grow, or never, and tells those who wait
    /// for the log.
    pub(super) async fn rung(&self) {
        self.store.rung().await;
        self.parts.log.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Returns when this process has made the event log grow since this was called, or another process may have.
    /// Called before the log is read and awaited after it, it misses nothing that this process does; what others do
    /// may be missed where no message reaches this one, so look once a second besides.
    pub fn log_may_have_grown(&self) -> impl Future<Output = ()> + Send + use<> {
        let (desk, mut grown) = (self.clone(), self.log_grown());
        async move {
            tokio::select! {
                // The sender is a part of this very desk, so there is always one.
                _ = grown.changed() => {}
                // A store tells of each ring once, so whoever hears it tells all others of this process.
                () = desk.store.rung() => desk.announce_here(),
            }
        }
    }
}

/// Whether the commit changes what the person says of taking work. The audit line of a change tells what it changed;
/// that of an erasure does not.
fn says_availability(changes: &Changes, user: &User) -> bool {
    says(changes, user, &["availability"])
}

/// Whether the commit changes whether the person takes work: what the person says of it, or whether the person can
/// sign in at all.
pub(super) fn says_takes_work(changes: &Changes, user: &User) -> bool {
    says(changes, user, &["availability", "is_active"])
}

fn says(changes: &Changes, user: &User, fields: &[&str]) -> bool {
    changes.writes.iter().any(|write| match write {
        Write::Audit(entry) if entry.subject == Subject::User(user.id) => {
            entry.action == ERASED || fields.iter().any(|field| entry.detail.changes.get(*field).is_some())
        }
        _ => false,
    })
}
