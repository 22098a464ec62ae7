//! The parts of a commit that write people, companies, teams and sign-ins.

use super::super::failure::{CONFLICT, NO_SUCH_USER};
use super::gather::{Gathered, Person, Written};
use super::statement::{Columns, Statement, Update, push_rows};
use ticketing_core::fold::fold;
use ticketing_core::model::{ApiKey, CredentialToken, Membership, Organization, Session, Team};
use uuid::Uuid;

const PERSON: [&str; 17] = [
    "email",
    "email_fold",
    "name",
    "name_fold",
    "role",
    "organization_id",
    "time_zone",
    "locale",
    "availability",
    "availability_since",
    "is_active",
    "version",
    "rights_version",
    "joins_by_domain",
    "created_at",
    "updated_at",
    "password_hash",
];
const ORGANIZATION: [&str; 6] = ["name", "name_fold", "shares_tickets", "version", "created_at", "updated_at"];
const TEAM: [&str; 10] = [
    "name",
    "name_fold",
    "description",
    "routing",
    "capacity",
    "calendar_id",
    "is_active",
    "version",
    "created_at",
    "updated_at",
];
const MEMBERSHIP: [&str; 5] = ["role", "capacity", "skills", "version", "created_at"];
const SESSION: [&str; 10] = [
    "user_id",
    "family_hash",
    "current_hash",
    "ip",
    "user_agent",
    "version",
    "created_at",
    "refreshed_at",
    "expires_at",
    "ended_at",
];
const API_KEY: [&str; 10] = [
    "user_id",
    "name",
    "prefix",
    "key_hash",
    "scopes",
    "version",
    "created_at",
    "expires_at",
    "revoked_at",
    "last_used_at",
];

pub(super) fn push(statement: &mut Statement, gathered: &Gathered<'_>) {
    statement.guard("user_guard", "person", &gathered.user_guards);
    statement.guard("organization_guard", "organization", &gathered.organization_guards);
    statement.guard("team_guard", "team", &gathered.team_guards);
    push_people(statement, gathered);
    push_organizations(statement, gathered);
    push_teams(statement, gathered);
    push_sessions(statement, gathered);
    push_keys(statement, gathered);
    push_tokens(statement, gathered);
    push_forgotten(statement, gathered);
}

fn push_people(statement: &mut Statement, gathered: &Gathered<'_>) {
    let people = &gathered.people;
    // Without a new hash, the one that is stored stays: a profile never carries it.
    let (with, without): (Vec<_>, Vec<_>) =
        people.set.iter().map(|(person, expect)| (person, *expect)).partition(|(person, _)| person.sets_password);
    let keys = &["id", "expect"];
    let update = Update { part: "person_set", table: "person", keys, columns: &PERSON[..16], after: None };
    statement.update(&update, &without, |x| {
        x.bind("uuid", |(person, _)| person.user.id.0).bind("int8", |(_, expect)| *expect);
        bind_person(x, |(person, _)| person);
    });
    let update = Update { part: "person_set_with_password", table: "person", keys, columns: &PERSON, after: None };
    statement.update(&update, &with, |x| {
        x.bind("uuid", |(person, _)| person.user.id.0).bind("int8", |(_, expect)| *expect);
        bind_person(x, |(person, _)| person);
        x.bind("text", |(person, _)| person.password_hash);
    });
    let into = "person (id, email, email_fold, name, name_fold, role, organization_id, time_zone, locale, \
        availability, availability_since, is_active, version, rights_version, joins_by_domain, created_at, updated_at, password_hash)";
    statement.insert("person_new", into, &people.new, |x| {
        x.bind("uuid", |person| person.user.id.0);
        bind_person(x, |person| person);
        x.bind("text", |person| person.password_hash);
    });
    if !gathered.passwords.is_empty() {
        statement.part("password_set", |sql| {
            sql.push("UPDATE person t SET password_hash = x.hash FROM ");
            push_rows(sql, &gathered.passwords, |x| {
                x.bind("uuid", |(id, _)| id.0).bind("text", |(_, hash)| *hash);
            });
            sql.push(" AS x (id, hash) WHERE t.id = x.id RETURNING 1");
        });
        statement.check("password_set", gathered.passwords.len(), NO_SUCH_USER);
    }
}

fn bind_person<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Person<'r>) {
    x.bind("text", |row| of(row).user.email.as_str())
        .bind("text", |row| fold(&of(row).user.email))
        .bind("text", |row| of(row).user.name.as_str())
        .bind("text", |row| fold(&of(row).user.name))
        .bind("int2", |row| of(row).user.role.rank())
        .bind("uuid", |row| of(row).user.organization_id.map(|id| id.0))
        .bind("text", |row| of(row).user.time_zone.as_deref())
        .bind("text", |row| of(row).user.locale.as_deref())
        .bind("int2", |row| of(row).user.availability.rank())
        .bind("timestamptz", |row| of(row).user.availability_since)
        .bind("bool", |row| of(row).user.is_active)
        .bind("int8", |row| of(row).user.version)
        .bind("int8", |row| of(row).user.rights_version)
        .bind("bool", |row| of(row).user.joins_by_domain)
        .bind("timestamptz", |row| of(row).user.created_at)
        .bind("timestamptz", |row| of(row).user.updated_at);
}

fn push_organizations(statement: &mut Statement, gathered: &Gathered<'_>) {
    let organizations = &gathered.organizations;
    let keys = &["id", "expect"];
    let update = Update { part: "organization_set", table: "organization", keys, columns: &ORGANIZATION, after: None };
    statement.update(&update, &organizations.set, |x| {
        x.bind("uuid", |(organization, _)| organization.id.0).bind("int8", |(_, expect)| *expect);
        bind_organization(x, |(organization, _)| organization);
    });
    let into = "organization (id, name, name_fold, shares_tickets, version, created_at, updated_at)";
    statement.insert("organization_new", into, &organizations.new, |x| {
        x.bind("uuid", |organization| organization.id.0);
        bind_organization(x, |organization| organization);
    });
    if organizations.set.is_empty() && gathered.domains.is_empty() {
        return;
    }
    let changed: Vec<_> = organizations.set.iter().map(|(organization, _)| organization.id.0).collect();
    statement.part("domain", |sql| {
        sql.push("SELECT x.* FROM ");
        push_rows(sql, &gathered.domains, |x| {
            x.bind("text", |(domain, _)| *domain).bind("uuid", |(_, id)| id.0);
        });
        sql.push(" AS x (domain, organization_id)");
    });
    statement.part("domain_gone", |sql| {
        sql.push("DELETE FROM organization_domain t WHERE t.organization_id = ANY(").push_bind(changed);
        sql.push("::uuid[]) AND (t.domain, t.organization_id) NOT IN (SELECT domain, organization_id FROM domain)");
        sql.push(" RETURNING 1");
    });
    // A domain may move from one company to another in one commit, so its old row goes first.
    statement.part("domain_new", |sql| {
        sql.push(
            "INSERT INTO organization_domain (domain, organization_id) SELECT x.domain, x.organization_id \
             FROM domain x WHERE (SELECT count(*) FROM domain_gone) >= 0 AND NOT EXISTS (SELECT 1 \
             FROM organization_domain t WHERE t.domain = x.domain AND t.organization_id = x.organization_id)",
        );
    });
}

fn bind_organization<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Organization) {
    x.bind("text", |row| of(row).name.as_str())
        .bind("text", |row| fold(&of(row).name))
        .bind("bool", |row| of(row).shares_tickets)
        .bind("int8", |row| of(row).version)
        .bind("timestamptz", |row| of(row).created_at)
        .bind("timestamptz", |row| of(row).updated_at);
}

fn push_teams(statement: &mut Statement, gathered: &Gathered<'_>) {
    let Gathered { teams, memberships, .. } = gathered;
    let update = Update { part: "team_set", table: "team", keys: &["id", "expect"], columns: &TEAM, after: None };
    statement.update(&update, &teams.set, |x| {
        x.bind("uuid", |(team, _)| team.id.0).bind("int8", |(_, expect)| *expect);
        bind_team(x, |(team, _)| team);
    });
    let into = "team (id, name, name_fold, description, routing, capacity, calendar_id, is_active, version, \
        created_at, updated_at)";
    statement.insert("team_new", into, &teams.new, |x| {
        x.bind("uuid", |team| team.id.0);
        bind_team(x, |team| team);
    });
    statement.delete("team_gone", "team", &["id", "expect"], &gathered.teams_deleted, |x| {
        x.bind("uuid", |(id, _)| id.0).bind("int8", |(_, version)| *version);
    });
    if !gathered.teams_deleted.is_empty() {
        let ids: Vec<_> = gathered.teams_deleted.iter().map(|(id, _)| id.0).collect();
        statement.part("team_gone_id", |sql| {
            sql.push("SELECT ").push_bind(ids).push("::uuid[] AS ids");
        });
        statement.part("team_left", |sql| {
            sql.push("DELETE FROM membership t USING team_gone_id x WHERE t.team_id = ANY(x.ids)");
        });
    }
    let keys = &["team_id", "user_id", "expect"];
    let update = Update { part: "membership_set", table: "membership", keys, columns: &MEMBERSHIP, after: None };
    statement.update(&update, &memberships.set, |x| {
        x.bind("uuid", |(m, _)| m.team_id.0).bind("uuid", |(m, _)| m.user_id.0).bind("int8", |(_, expect)| *expect);
        bind_membership(x, |(membership, _)| membership);
    });
    let into = "membership (team_id, user_id, role, capacity, skills, version, created_at)";
    statement.insert("membership_new", into, &memberships.new, |x| {
        x.bind("uuid", |m| m.team_id.0).bind("uuid", |m| m.user_id.0);
        bind_membership(x, |membership| membership);
    });
    statement.delete("membership_gone", "membership", keys, &gathered.memberships_deleted, |x| {
        x.bind("uuid", |row| row.0.0).bind("uuid", |row| row.1.0).bind("int8", |row| row.2);
    });
}

fn bind_team<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Team) {
    x.bind("text", |row| of(row).name.as_str())
        .bind("text", |row| fold(&of(row).name))
        .bind("text", |row| of(row).description.as_deref())
        .bind("int2", |row| of(row).routing.rank())
        .bind("int4", |row| of(row).capacity)
        .bind("uuid", |row| of(row).calendar_id.map(|id| id.0))
        .bind("bool", |row| of(row).is_active)
        .bind("int8", |row| of(row).version)
        .bind("timestamptz", |row| of(row).created_at)
        .bind("timestamptz", |row| of(row).updated_at);
}

fn bind_membership<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Membership) {
    x.bind("int2", |row| of(row).role.rank())
        .bind("int4", |row| of(row).capacity)
        .bind("text", |row| serde_json::Value::from(of(row).skills.as_slice()).to_string())
        .bind("int8", |row| of(row).version)
        .bind("timestamptz", |row| of(row).created_at);
}

fn push_sessions(statement: &mut Statement, gathered: &Gathered<'_>) {
    let sessions = &gathered.sessions;
    let keys = &["id", "expect"];
    let update = Update { part: "session_set", table: "session", keys, columns: &SESSION, after: None };
    statement.update(&update, &sessions.set, |x| {
        x.bind("uuid", |(session, _)| session.id.0).bind("int8", |(_, expect)| *expect);
        bind_session(x, |(session, _)| session);
    });
    let into = "session (id, user_id, family_hash, current_hash, ip, user_agent, version, created_at, refreshed_at, \
        expires_at, ended_at)";
    statement.insert("session_new", into, &sessions.new, |x| {
        x.bind("uuid", |session| session.id.0);
        bind_session(x, |session| session);
    });
    if !gathered.sessions_ended.is_empty() {
        let written: Vec<_> = sessions.set.iter().map(|(session, _)| session.id.0).collect();
        statement.part("session_ended", |sql| {
            sql.push("UPDATE session t SET ended_at = x.at, version = t.version + 1 FROM ");
            push_rows(sql, &gathered.sessions_ended, |x| {
                x.bind("uuid", |(user_id, _)| user_id.0).bind("timestamptz", |(_, at)| *at);
            });
            sql.push(" AS x (user_id, at) WHERE t.user_id = x.user_id AND t.ended_at IS NULL AND t.id <> ALL(");
            sql.push_bind(written).push("::uuid[])");
        });
    }
}

fn bind_session<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Session) {
    x.bind("uuid", |row| of(row).user_id.0)
        .bind("bytea", |row| of(row).family_hash.as_slice())
        .bind("bytea", |row| of(row).current_hash.as_slice())
        .bind("text", |row| of(row).ip.as_deref())
        .bind("text", |row| of(row).user_agent.as_deref())
        .bind("int8", |row| of(row).version)
        .bind("timestamptz", |row| of(row).created_at)
        .bind("timestamptz", |row| of(row).refreshed_at)
        .bind("timestamptz", |row| of(row).expires_at)
        .bind("timestamptz", |row| of(row).ended_at);
}

fn push_keys(statement: &mut Statement, gathered: &Gathered<'_>) {
    let api_keys = &gathered.keys;
    let keys = &["id", "expect"];
    let update = Update { part: "api_key_set", table: "api_key", keys, columns: &API_KEY, after: None };
    statement.update(&update, &api_keys.set, |x| {
        x.bind("uuid", |(key, _)| key.row.id.0).bind("int8", |(_, expect)| *expect);
        bind_key(x, |(key, _)| key);
    });
    let into = "api_key (id, user_id, name, prefix, key_hash, scopes, version, created_at, expires_at, revoked_at, \
        last_used_at)";
    statement.insert("api_key_new", into, &api_keys.new, |x| {
        x.bind("uuid", |key| key.row.id.0);
        bind_key(x, |key| key);
    });
    if !gathered.keys_used.is_empty() {
        statement.part("api_key_used", |sql| {
            sql.push("UPDATE api_key t SET last_used_at = x.at FROM ");
            push_rows(sql, &gathered.keys_used, |x| {
                x.bind("uuid", |(id, _)| id.0).bind("timestamptz", |(_, at)| *at);
            });
            sql.push(" AS x (id, at) WHERE t.id = x.id AND (t.last_used_at IS NULL OR t.last_used_at < x.at)");
        });
    }
}

fn push_tokens(statement: &mut Statement, gathered: &Gathered<'_>) {
    let into = "credential_token (id, user_id, kind, token_hash, created_at, expires_at, used_at)";
    let replaced = " ON CONFLICT (user_id, kind) DO UPDATE SET id = excluded.id, token_hash = excluded.token_hash, \
        created_at = excluded.created_at, expires_at = excluded.expires_at, used_at = excluded.used_at";
    let bind = |x: &mut Columns<'_, '_, &CredentialToken>| {
        x.bind("uuid", |token| token.id.0)
            .bind("uuid", |token| token.user_id.map_or(Uuid::nil(), |id| id.0))
            .bind("int2", |token| token.kind.rank())
            .bind("bytea", |token| token.token_hash.as_slice())
            .bind("timestamptz", |token| token.created_at)
            .bind("timestamptz", |token| token.expires_at)
            .bind("timestamptz", |token| token.used_at);
    };
    statement.insert_unless("token_new", into, &gathered.tokens, bind, replaced);
    if !gathered.tokens_spent.is_empty() {
        statement.part("token_spent", |sql| {
            sql.push("UPDATE credential_token t SET used_at = x.at FROM ");
            push_rows(sql, &gathered.tokens_spent, |x| {
                x.bind("bytea", |(hash, _)| *hash).bind("timestamptz", |(_, at)| *at);
            });
            sql.push(" AS x (hash, at) WHERE t.token_hash = x.hash AND t.used_at IS NULL RETURNING 1");
        });
        statement.check("token_spent", gathered.tokens_spent.len(), CONFLICT);
    }
}

/// Everything by which people sign in, but the password, which goes with their row.
fn push_forgotten(statement: &mut Statement, gathered: &Gathered<'_>) {
    if gathered.sign_ins_gone.is_empty() {
        return;
    }
    for (part, removal) in [
        ("session_gone", "DELETE FROM session t WHERE t.user_id = ANY("),
        ("api_key_gone", "DELETE FROM api_key t WHERE t.user_id = ANY("),
        ("token_gone", "DELETE FROM credential_token t WHERE t.user_id = ANY("),
    ] {
        statement.part(part, |sql| {
            sql.push(removal).push_bind(gathered.sign_ins_gone.clone()).push("::uuid[])");
        });
    }
}

fn bind_key<'r, R>(x: &mut Columns<'_, 'r, R>, of: impl Fn(&'r R) -> &'r Written<&'r ApiKey>) {
    x.bind("uuid", |row| of(row).row.user_id.0)
        .bind("text", |row| of(row).row.name.as_str())
        .bind("text", |row| of(row).row.prefix.as_str())
        .bind("bytea", |row| of(row).row.key_hash.as_slice())
        .bind("json", |row| of(row).json.as_str())
        .bind("int8", |row| of(row).row.version)
        .bind("timestamptz", |row| of(row).row.created_at)
        .bind("timestamptz", |row| of(row).row.expires_at)
        .bind("timestamptz", |row| of(row).row.revoked_at)
        .bind("timestamptz", |row| of(row).row.last_used_at);
}
