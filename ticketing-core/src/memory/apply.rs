//! One commit: every write in its order, or none.

use super::staged::{Staged, check, check_composed};
use super::state::{State, places, unique};
use crate::changes::{Changes, Committed, Expect, Guard, Row, Write};
use crate::event::Event;
use crate::fold::fold;
use crate::ids::{ApiKeyId, Seq, TeamId, UserId};
use crate::model::{
    Answer, ApiKey, AttachedTo, AuditEntry, AuditSeal, Comment, CredentialToken, Membership, Organization, Session,
    Team, Ticket, User,
};
use crate::port::{StoreError, StoreResult, Unique};
use crate::setting::Document;
use crate::time::Time;

/// Applies the commit, or leaves the state as it was.
pub(super) fn apply(state: &mut State, changes: Changes) -> StoreResult<Committed> {
    let mut staged = Staged::new(state);
    let outcome = staged.run(changes);
    if outcome.is_err() {
        staged.take_back();
    }
    outcome
}

impl Staged<'_> {
    fn run(&mut self, changes: Changes) -> StoreResult<Committed> {
        if changes.settings != self.state.settings_version {
            return Err(StoreError::StaleSettings);
        }
        for write in &changes.writes {
            if let Write::Answer(answer) = write {
                self.answer(answer)?;
            }
        }
        if !changes.guards.iter().all(|guard| self.holds(*guard)) {
            return Err(StoreError::Conflict);
        }
        self.free_domains(&changes.writes);
        for (id, (at, is_good)) in changes.webhooks_called() {
            self.webhook_called(id, at, is_good);
        }
        let read = self.read_notifications(&changes.writes);
        let mut committed = Committed::default();
        // References are looked at last, as a database with deferred keys does.
        let mut tickets = Vec::new();
        let mut of_tickets = Vec::new();
        let mut of_comments = Vec::new();
        for write in changes.writes {
            match &write {
                Write::Ticket { ticket, .. } => tickets.push((ticket.customer_id, ticket.organization_id)),
                Write::Comment { comment, .. } => of_tickets.push(comment.ticket_id),
                Write::Watch { ticket_id, .. } | Write::TicketWake { ticket_id, due_at: Some(_) } => {
                    of_tickets.push(*ticket_id);
                }
                Write::MoveComments { to, .. } | Write::MoveTime { to, .. } => of_tickets.push(*to),
                Write::Link(link) => of_tickets.extend([link.ticket_id, link.other_id]),
                Write::Fired(fired) => of_tickets.push(fired.ticket_id),
                Write::SlaResult(result) => of_tickets.push(result.ticket_id),
                Write::RoutingDecision(decision) => of_tickets.push(decision.ticket_id),
                Write::Milestone(milestone) => of_tickets.push(milestone.ticket_id),
                Write::TimeEntry { entry, expect: Expect::New } => of_tickets.push(entry.ticket_id),
                Write::Stopwatch { stopwatch, .. } => of_tickets.push(stopwatch.ticket_id),
                Write::Attachment(file) => match file.of {
                    AttachedTo::Ticket(id) => of_tickets.push(id),
                    AttachedTo::Comment(id) => of_comments.push(id),
                },
                _ => {}
            }
            committed.seqs.extend(self.write(write)?);
        }
        if changes.bumps_settings {
            self.state.settings_version += 1;
        }
        // Nothing joins what was told in a commit that reads the ticket's.
        for ticket_id in read {
            self.stop_joining(|subject| subject.ticket_id == ticket_id);
        }
        for (customer, organization) in tickets {
            present(self.state.users.contains_key(&customer), "customer")?;
            present(organization.is_none_or(|id| self.state.organizations.contains_key(&id)), "organization")?;
        }
        for ticket in of_tickets {
            present(self.state.tickets.contains_key(&ticket), "ticket")?;
        }
        for comment in of_comments {
            present(self.state.comment_tickets.contains_key(&comment), "comment")?;
        }
        Ok(committed)
    }

    /// Companies that change give up their mail domains before any is taken: one may move from one
    /// company to another.
    fn free_domains(&mut self, writes: &[Write]) {
        for write in writes {
            let Write::Organization { organization, expect: Expect::Version(_) } = write else { continue };
            let stored = self.state.organizations.get(&organization.id);
            for domain in stored.map(|row| row.domains.clone()).unwrap_or_default() {
                self.remove(|state| &mut state.domains, &domain);
            }
        }
    }

    fn holds(&self, guard: Guard) -> bool {
        let stored = match guard.row {
            Row::Ticket(id) => self.state.tickets.get(&id).map(|row| row.version),
            Row::User(id) => self.state.users.get(&id).map(|row| row.version),
            Row::Organization(id) => self.state.organizations.get(&id).map(|row| row.version),
            Row::Team(id) => self.state.teams.get(&id).map(|row| row.version),
        };
        stored == Some(guard.version)
    }

    /// Answers the place of an event.
    fn write(&mut self, write: Write) -> StoreResult<Option<Seq>> {
        match write {
            Write::Ticket { ticket, expect, text } => self.ticket(*ticket, expect, text)?,
            Write::Comment { comment, expect } => self.comment(comment, expect)?,
            Write::Watch { ticket_id, user_id, at } => {
                if !self.state.watchers.contains_key(&(ticket_id, user_id)) {
                    self.put(|state| &mut state.watchers, (ticket_id, user_id), at);
                }
            }
            Write::Unwatch { ticket_id, user_id } => self.remove(|state| &mut state.watchers, &(ticket_id, user_id)),
            Write::MoveComments { from, to, comments, is_internal } => {
                self.move_comments(from, to, &comments, is_internal);
            }
            Write::Link(link) => self.link(link)?,
            Write::Unlink(id) => self.unlink(id),
            Write::User { user, expect } => self.user(user, expect)?,
            Write::Password { user_id, hash } => {
                present(self.state.users.contains_key(&user_id), "user")?;
                match hash {
                    Some(hash) => self.put(|state| &mut state.passwords, user_id, hash),
                    None => self.remove(|state| &mut state.passwords, &user_id),
                }
            }
            Write::ForgetSignIns { user_id } => self.forget_sign_ins(user_id),
            Write::Organization { organization, expect } => self.organization(organization, expect)?,
            Write::Team { team, expect } => self.team(team, expect)?,
            Write::DeleteTeam { team_id, version } => self.delete_team(team_id, version)?,
            Write::Membership { membership, expect } => self.membership(membership, expect)?,
            Write::DeleteMembership { team_id, user_id, version } => {
                let key = (team_id, user_id);
                check(Expect::Version(version), self.state.memberships.get(&key).map(|row| row.version))?;
                self.remove(|state| &mut state.memberships, &key);
            }
            Write::Session { session, expect } => self.session(session, expect)?,
            Write::EndSessions { user_id, at } => self.end_sessions(user_id, at),
            Write::ApiKey { key, expect } => self.api_key(key, expect)?,
            Write::KeyUsed { id, at } => self.key_used(id, at),
            Write::CredentialToken { token } => {
                self.put(|state| &mut state.credential_tokens, (token.user_id, token.kind), token);
            }
            Write::SpendToken { token_hash, at } => self.spend_token(&token_hash, at)?,
            Write::Setting { document, expect } => self.setting(document, expect)?,
            Write::Event(event) => return self.event(*event).map(Some),
            Write::Audit(entry) => self.audit(*entry)?,
            Write::EmptyDetails { ids } => self.empty_details(&ids),
            // First of all and all of a commit together, in `run`.
            Write::Answer(_) | Write::WebhookCalled { .. } | Write::ReadNotifications { .. } => {}
            Write::Seal(seal) => self.seal(*seal)?,
            Write::Job(job) => self.job(*job)?,
            Write::EndJob(end) => self.end_job(*end)?,
            Write::TakeJob { id, at } => self.take_job(id, at)?,
            Write::RedoJob { id, at } => self.redo_job(id, at)?,
            Write::MailRecord { record, expect } => self.mail_record(record, expect)?,
            Write::WorkflowRun(run) => {
                if self.state.workflow_runs.contains_key(&run.id) {
                    return Err(StoreError::Duplicate(Unique::Id));
                }
                self.put(|state| &mut state.workflow_runs, run.id, *run);
            }
            Write::Notification(told) => self.notification(*told),
            Write::ForgetNotifications { user_id } => self.forget_notifications(user_id),
            Write::TicketWake { ticket_id, due_at } => self.ticket_wake(ticket_id, due_at),
            Write::Fired(fired) => self.fired(fired)?,
            Write::Schedule { recurrence, expect } => self.schedule(recurrence, expect)?,
            Write::Unschedule { kind, id, version } => self.unschedule(kind, id, version)?,
            Write::SlaResult(result) => self.sla_result(*result),
            Write::Arrival { arrival, expect } => self.arrival(*arrival, expect)?,
            Write::Attachment(file) => self.attachment(*file)?,
            Write::Milestone(milestone) => self.milestone(milestone),
            Write::RoutingTurn { turn, expect } => self.routing_turn(turn, expect)?,
            Write::RoutingDecision(decision) => self.routing_decision(*decision)?,
            Write::CannedUsed { response_id, user_id, uses, at } => {
                self.canned_used(response_id, user_id, (uses, at));
            }
            Write::TimeEntry { entry, expect } => self.time_entry(*entry, expect)?,
            Write::DeleteTimeEntry { id, version } => self.delete_time_entry(id, version)?,
            Write::MoveTime { from, to, logged_on } => self.move_time(from, to, logged_on.as_deref()),
            Write::Stopwatch { stopwatch, expect } => self.stopwatch(*stopwatch, expect)?,
            Write::DeleteStopwatch { user_id, version } => self.delete_stopwatch(user_id, version)?,
        }
        Ok(None)
    }

    fn answer(&mut self, answer: &Answer) -> StoreResult<()> {
        let key = unique(&answer.key);
        if self.state.answers.get(&key).is_some_and(|kept| kept.at > answer.forgets()) {
            return Err(StoreError::Duplicate(Unique::Answer));
        }
        let replaced = self.state.answers.get(&key).map(|kept| (kept.at, key.clone()));
        let oldest = self.state.answers_by_age.keys().take_while(|(at, _)| *at <= answer.forgets());
        let gone: Vec<_> = oldest.take(Answer::FORGOTTEN).cloned().chain(replaced).collect();
        for place in gone {
            self.remove(|state| &mut state.answers, &place.1);
            self.remove(|state| &mut state.answers_by_age, &place);
        }
        self.put(|state| &mut state.answers_by_age, (answer.at, key.clone()), answer.key.digest);
        self.put(|state| &mut state.answers, key, answer.clone());
        Ok(())
    }

    fn ticket(&mut self, mut ticket: Ticket, expect: Expect, text: bool) -> StoreResult<()> {
        let before = self.state.tickets.get(&ticket.id).cloned();
        check(expect, before.as_ref().map(|row| row.version))?;
        if let Some(before) = before {
            for place in places(&before) {
                self.remove(|state| &mut state.ticket_places, &place);
            }
            self.remove(|state| &mut state.ticket_numbers, &before.number);
            if let Some(into) = before.merged_into {
                self.remove(|state| &mut state.merged, &(into, ticket.id));
            }
            if !text {
                ticket.subject = before.subject;
                ticket.description = before.description;
                ticket.category = before.category;
                ticket.tags = before.tags;
                ticket.custom_fields = before.custom_fields;
            }
        }
        self.claim(|state| &mut state.ticket_numbers, ticket.number.clone(), ticket.id, Unique::TicketNumber)?;
        for place in places(&ticket) {
            self.put(|state| &mut state.ticket_places, place, ticket.id);
        }
        if let Some(into) = ticket.merged_into {
            self.put(|state| &mut state.merged, (into, ticket.id), ticket.id);
        }
        self.put(|state| &mut state.tickets, ticket.id, ticket);
        Ok(())
    }

    fn comment(&mut self, comment: Comment, expect: Expect) -> StoreResult<()> {
        let stored = self.state.comment_tickets.get(&comment.id).copied();
        let before = stored.and_then(|ticket| self.state.comments.get(&(ticket, comment.id)));
        check(expect, before.map(|row| row.version))?;
        if let Some(ticket) = stored {
            self.remove(|state| &mut state.comments, &(ticket, comment.id));
        }
        self.put(|state| &mut state.comment_tickets, comment.id, comment.ticket_id);
        self.put(|state| &mut state.comments, (comment.ticket_id, comment.id), comment);
        Ok(())
    }

    fn user(&mut self, user: User, expect: Expect) -> StoreResult<()> {
        let before = self.state.users.get(&user.id);
        check(expect, before.map(|row| row.version))?;
        if let Some(email) = before.map(|row| fold(&row.email)) {
            self.remove(|state| &mut state.emails, &email);
        }
        self.claim(|state| &mut state.emails, fold(&user.email), user.id, Unique::Email)?;
        self.put(|state| &mut state.users, user.id, user);
        Ok(())
    }

    fn organization(&mut self, organization: Organization, expect: Expect) -> StoreResult<()> {
        let before = self.state.organizations.get(&organization.id);
        check(expect, before.map(|row| row.version))?;
        if let Some(name) = before.map(|row| fold(&row.name)) {
            self.remove(|state| &mut state.organization_names, &name);
        }
        let (id, name) = (organization.id, fold(&organization.name));
        self.claim(|state| &mut state.organization_names, name, id, Unique::OrganizationName)?;
        for domain in &organization.domains {
            self.claim(|state| &mut state.domains, domain.clone(), id, Unique::OrganizationDomain)?;
        }
        self.put(|state| &mut state.organizations, id, organization);
        Ok(())
    }

    fn team(&mut self, team: Team, expect: Expect) -> StoreResult<()> {
        let before = self.state.teams.get(&team.id).cloned();
        check(expect, before.as_ref().map(|row| row.version))?;
        if let Some(before) = before.filter(|row| row.is_active) {
            self.remove(|state| &mut state.team_names, &fold(&before.name));
        }
        if team.is_active {
            self.claim(|state| &mut state.team_names, fold(&team.name), team.id, Unique::TeamName)?;
        }
        self.put(|state| &mut state.teams, team.id, team);
        Ok(())
    }

    fn delete_team(&mut self, team_id: TeamId, version: i64) -> StoreResult<()> {
        let before = self.state.teams.get(&team_id).cloned();
        check(Expect::Version(version), before.as_ref().map(|row| row.version))?;
        if self.state.tickets.values().any(|ticket| ticket.team_id == Some(team_id)) {
            return Err(StoreError::Conflict);
        }
        if let Some(before) = before.filter(|row| row.is_active) {
            self.remove(|state| &mut state.team_names, &fold(&before.name));
        }
        let members = (team_id, UserId(uuid::Uuid::nil()))..=(team_id, UserId(uuid::Uuid::max()));
        let members: Vec<_> = self.state.memberships.range(members).map(|(key, _)| *key).collect();
        for key in members {
            self.remove(|state| &mut state.memberships, &key);
        }
        self.remove(|state| &mut state.teams, &team_id);
        Ok(())
    }

    fn membership(&mut self, membership: Membership, expect: Expect) -> StoreResult<()> {
        let key = (membership.team_id, membership.user_id);
        check_composed(expect, self.state.memberships.get(&key).map(|row| row.version))?;
        self.put(|state| &mut state.memberships, key, membership);
        Ok(())
    }

    fn session(&mut self, session: Session, expect: Expect) -> StoreResult<()> {
        check(expect, self.state.sessions.get(&session.id).map(|row| row.version))?;
        self.put(|state| &mut state.sessions, session.id, session);
        Ok(())
    }

    fn end_sessions(&mut self, user_id: UserId, at: Time) {
        let live = |row: &&Session| row.user_id == user_id && row.ended_at.is_none();
        let ended: Vec<_> = self.state.sessions.values().filter(live).cloned().collect();
        for mut session in ended {
            session.ended_at = Some(at);
            session.version += 1;
            self.put(|state| &mut state.sessions, session.id, session);
        }
    }

    fn api_key(&mut self, key: ApiKey, expect: Expect) -> StoreResult<()> {
        let before = self.state.api_keys.get(&key.id).cloned();
        check(expect, before.as_ref().map(|row| row.version))?;
        if let Some(before) = before {
            self.remove(|state| &mut state.api_key_prefixes, &before.prefix);
        }
        self.claim(|state| &mut state.api_key_prefixes, key.prefix.clone(), key.id, Unique::ApiKeyPrefix)?;
        self.put(|state| &mut state.api_keys, key.id, key);
        Ok(())
    }

    fn key_used(&mut self, id: ApiKeyId, at: Time) {
        let stored =
            self.state.api_keys.get(&id).filter(|key| key.last_used_at.is_none_or(|known| known < at)).cloned();
        if let Some(key) = stored {
            self.put(|state| &mut state.api_keys, id, ApiKey { last_used_at: Some(at), ..key });
        }
    }

    fn spend_token(&mut self, token_hash: &[u8; 32], at: Time) -> StoreResult<()> {
        let unused = |token: &&CredentialToken| token.token_hash == *token_hash && token.used_at.is_none();
        let token = self.state.credential_tokens.values().find(unused).cloned().ok_or(StoreError::Conflict)?;
        let key = (token.user_id, token.kind);
        self.put(|state| &mut state.credential_tokens, key, CredentialToken { used_at: Some(at), ..token });
        Ok(())
    }

    fn setting(&mut self, document: Document, expect: Expect) -> StoreResult<()> {
        let key = (document.kind.clone(), document.id);
        check_composed(expect, self.state.documents.get(&key).map(|row| row.version))?;
        let version = (document.kind.clone(), document.id, document.version);
        self.put(|state| &mut state.document_versions, version, document.clone());
        self.put(|state| &mut state.documents, key, document);
        Ok(())
    }

    fn event(&mut self, mut event: Event) -> StoreResult<Seq> {
        let seq = Seq(self.state.last_seq.0 + 1);
        self.claim(|state| &mut state.event_ids, event.id, seq, Unique::Event)?;
        event.seq = seq;
        self.state.last_seq = seq;
        self.put(|state| &mut state.ticket_events, (event.ticket_id, seq), event.id);
        self.put(|state| &mut state.events, seq, event);
        Ok(seq)
    }

    fn audit(&mut self, entry: AuditEntry) -> StoreResult<()> {
        if self.state.audit_ids.contains_key(&entry.id) {
            return Err(StoreError::Duplicate(Unique::Id));
        }
        self.put(|state| &mut state.audit_unsealed, entry.id, entry.at);
        self.put(|state| &mut state.audit_ids, entry.id, entry.at);
        self.put(|state| &mut state.audit, (entry.at, entry.id), entry);
        Ok(())
    }

    fn seal(&mut self, seal: AuditSeal) -> StoreResult<()> {
        for id in seal.lines() {
            if !self.state.audit_unsealed.contains_key(&id) {
                return Err(StoreError::Conflict);
            }
            self.remove(|state| &mut state.audit_unsealed, &id);
        }
        check_composed(Expect::New, self.state.audit_seals.get(&seal.no).map(|_| 1))?;
        self.put(|state| &mut state.audit_seals, seal.no, seal);
        Ok(())
    }
}

fn present(is_there: bool, what: &'static str) -> StoreResult<()> {
    if is_there { Ok(()) } else { Err(StoreError::Missing(what)) }
}
