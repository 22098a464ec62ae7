-- The desk's tables. Ids are 16 bytes, moments are microseconds since 1970, words are their ranks,
-- and `…_fold` is the text as comparisons see it, folded by the program and compared as bytes.
-- Every list is walked by (sort key, id), so each of its indexes ends in the id.

CREATE TABLE person (
    id              BLOB    NOT NULL PRIMARY KEY,
    email           TEXT    NOT NULL,
    email_fold      TEXT    NOT NULL UNIQUE,
    name            TEXT    NOT NULL,
    name_fold       TEXT    NOT NULL,
    role            INTEGER NOT NULL,
    organization_id BLOB,
    time_zone       TEXT,
    locale          TEXT,
    availability    INTEGER NOT NULL,
    is_active       INTEGER NOT NULL,
    password_hash   TEXT,
    version         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX person_role ON person (role, id);
CREATE INDEX person_organization ON person (organization_id, id) WHERE organization_id IS NOT NULL;

CREATE TABLE organization (
    id             BLOB    NOT NULL PRIMARY KEY,
    name           TEXT    NOT NULL,
    name_fold      TEXT    NOT NULL UNIQUE,
    shares_tickets INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;

CREATE TABLE organization_domain (
    domain          TEXT NOT NULL PRIMARY KEY,
    organization_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX organization_domain_of ON organization_domain (organization_id, domain);

CREATE TABLE team (
    id          BLOB    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    name_fold   TEXT    NOT NULL,
    description TEXT,
    routing     INTEGER NOT NULL,
    capacity    INTEGER,
    is_active   INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
-- A team that was retired gives its name back.
CREATE UNIQUE INDEX team_name ON team (name_fold) WHERE is_active = 1;

CREATE TABLE membership (
    team_id    BLOB    NOT NULL,
    user_id    BLOB    NOT NULL,
    role       INTEGER NOT NULL,
    capacity   INTEGER,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (team_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    id           BLOB    NOT NULL PRIMARY KEY,
    user_id      BLOB    NOT NULL,
    family_hash  BLOB    NOT NULL,
    current_hash BLOB    NOT NULL,
    ip           TEXT,
    user_agent   TEXT,
    version      INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    refreshed_at INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    ended_at     INTEGER
) STRICT;
CREATE INDEX session_live ON session (user_id) WHERE ended_at IS NULL;

CREATE TABLE api_key (
    id         BLOB    NOT NULL PRIMARY KEY,
    user_id    BLOB    NOT NULL,
    name       TEXT    NOT NULL,
    prefix     TEXT    NOT NULL UNIQUE,
    key_hash   BLOB    NOT NULL,
    scopes     TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;

-- What lists filter and sort by. Long texts lie in ticket_body, so that a change of status does not
-- copy them.
CREATE TABLE ticket (
    id                 BLOB    NOT NULL PRIMARY KEY,
    number             TEXT    NOT NULL UNIQUE,
    subject            TEXT    NOT NULL,
    subject_fold       TEXT    NOT NULL,
    status             INTEGER NOT NULL,
    priority           INTEGER NOT NULL,
    category           TEXT,
    category_fold      TEXT,
    tags               TEXT    NOT NULL,
    channel            INTEGER NOT NULL,
    customer_id        BLOB    NOT NULL REFERENCES person (id),
    organization_id    BLOB    REFERENCES organization (id),
    assigned_agent_id  BLOB,
    team_id            BLOB,
    escalation_level   INTEGER NOT NULL,
    version            INTEGER NOT NULL,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    first_responded_at INTEGER,
    resolved_at        INTEGER,
    closed_at          INTEGER
) STRICT;
CREATE INDEX ticket_created ON ticket (created_at, id);
CREATE INDEX ticket_updated ON ticket (updated_at, id);
CREATE INDEX ticket_priority ON ticket (priority, id);
CREATE INDEX ticket_status ON ticket (status, id);
CREATE INDEX ticket_status_created ON ticket (status, created_at, id);
CREATE INDEX ticket_assignee ON ticket (assigned_agent_id, created_at, id);
CREATE INDEX ticket_team ON ticket (team_id, created_at, id);
CREATE INDEX ticket_customer ON ticket (customer_id, created_at, id);
CREATE INDEX ticket_organization ON ticket (organization_id, created_at, id);

CREATE TABLE ticket_body (
    ticket_id        BLOB NOT NULL PRIMARY KEY REFERENCES ticket (id),
    description      TEXT NOT NULL,
    description_fold TEXT NOT NULL,
    custom_fields    TEXT NOT NULL
) STRICT;

CREATE TABLE ticket_tag (
    ticket_id BLOB NOT NULL REFERENCES ticket (id),
    tag_fold  TEXT NOT NULL,
    PRIMARY KEY (ticket_id, tag_fold)
) STRICT, WITHOUT ROWID;
CREATE INDEX ticket_tag_fold ON ticket_tag (tag_fold, ticket_id);

CREATE TABLE comment (
    id          BLOB    NOT NULL PRIMARY KEY,
    ticket_id   BLOB    NOT NULL REFERENCES ticket (id),
    author_id   BLOB,
    body        TEXT    NOT NULL,
    is_internal INTEGER NOT NULL,
    channel     INTEGER NOT NULL,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    edited_at   INTEGER
) STRICT;
CREATE INDEX comment_ticket ON comment (ticket_id, id);

CREATE TABLE watcher (
    ticket_id  BLOB    NOT NULL REFERENCES ticket (id),
    user_id    BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, user_id)
) STRICT, WITHOUT ROWID;

-- Settings: the current version of each document, and every version there ever was.
CREATE TABLE setting (
    kind     TEXT    NOT NULL,
    id       BLOB    NOT NULL,
    owner    BLOB,
    version  INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    saved_by BLOB,
    deleted  INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;

CREATE TABLE setting_history (
    kind     TEXT    NOT NULL,
    id       BLOB    NOT NULL,
    owner    BLOB,
    version  INTEGER NOT NULL,
    saved_at INTEGER NOT NULL,
    saved_by BLOB,
    deleted  INTEGER NOT NULL,
    body     TEXT    NOT NULL,
    PRIMARY KEY (kind, id, version)
) STRICT;

-- One row: the version of settings and directory together.
CREATE TABLE settings_head (
    only_row INTEGER NOT NULL PRIMARY KEY DEFAULT 1 CHECK (only_row = 1),
    version  INTEGER NOT NULL
) STRICT;
INSERT INTO settings_head (version) VALUES (1);

-- The event log. There is one writer at a time, so the order of seq is the order of commits.
CREATE TABLE event (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             BLOB    NOT NULL UNIQUE,
    change_id      BLOB    NOT NULL,
    type           TEXT    NOT NULL,
    ticket_id      BLOB    NOT NULL,
    ticket_version INTEGER NOT NULL,
    team_id        BLOB,
    assignee_id    BLOB,
    audience       INTEGER NOT NULL,
    actor_id       BLOB,
    cause          BLOB,
    at             INTEGER NOT NULL,
    data           TEXT    NOT NULL,
    image          TEXT
) STRICT;
CREATE INDEX event_ticket ON event (ticket_id, seq);

CREATE TABLE audit (
    id            BLOB    NOT NULL PRIMARY KEY,
    at            INTEGER NOT NULL,
    actor_id      BLOB,
    action        TEXT    NOT NULL,
    subject_kind  TEXT    NOT NULL,
    subject_id    BLOB    NOT NULL,
    request_id    TEXT,
    detail_digest BLOB    NOT NULL,
    key_id        TEXT    NOT NULL,
    mac           BLOB    NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_actor ON audit (actor_id, at, id);
CREATE INDEX audit_subject ON audit (subject_id, at, id);

-- The personal part of an audit line. It may be emptied when somebody must be forgotten.
CREATE TABLE audit_detail (
    audit_id  BLOB NOT NULL PRIMARY KEY,
    person_id BLOB,
    salt      BLOB NOT NULL,
    body      TEXT NOT NULL
) STRICT;

-- What happened stays as it was told. INSERT OR REPLACE passes by triggers on UPDATE and DELETE, so
-- a line that is there already is refused before it is written again.
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit lines are never changed'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit lines are never deleted'); END;
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit.id'); END;
CREATE TRIGGER audit_detail_no_delete BEFORE DELETE ON audit_detail
BEGIN SELECT RAISE(ABORT, 'audit details are emptied, never deleted'); END;
CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: event.id'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER audit_detail_no_replace BEFORE INSERT ON audit_detail
WHEN EXISTS (SELECT 1 FROM audit_detail WHERE audit_id = NEW.audit_id)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_detail.audit_id'); END;
