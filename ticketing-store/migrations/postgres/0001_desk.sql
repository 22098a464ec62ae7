-- The desk's tables. Ids are UUIDv7, words are their ranks, and `…_fold` is the text as comparisons
-- see it, folded by the program and compared as bytes. JSON is kept as it was written (`json`, not
-- `jsonb`): the program reads it whole, the columns beside it are what SQL filters by.
-- Every list is walked by (sort key, id), so each of its indexes ends in the id. There are few of
-- them on purpose: each costs every insert.

CREATE TABLE person (
    id              uuid        NOT NULL PRIMARY KEY,
    email           text        NOT NULL,
    email_fold      text        COLLATE "C" NOT NULL CONSTRAINT person_email UNIQUE,
    name            text        NOT NULL,
    name_fold       text        COLLATE "C" NOT NULL,
    role            smallint    NOT NULL,
    organization_id uuid,
    time_zone       text,
    locale          text,
    availability    smallint    NOT NULL,
    is_active       boolean     NOT NULL,
    password_hash   text,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);
-- Staff are few among many customers, and every settings snapshot reads all of them.
CREATE INDEX person_staff ON person (id) WHERE role > 0;
CREATE INDEX person_organization ON person (organization_id, id) WHERE organization_id IS NOT NULL;

CREATE TABLE organization (
    id             uuid        NOT NULL PRIMARY KEY,
    name           text        NOT NULL,
    name_fold      text        COLLATE "C" NOT NULL CONSTRAINT organization_name UNIQUE,
    shares_tickets boolean     NOT NULL,
    version        bigint      NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL
);

CREATE TABLE organization_domain (
    domain          text COLLATE "C" NOT NULL CONSTRAINT organization_domain_taken PRIMARY KEY,
    organization_id uuid NOT NULL
);
CREATE INDEX organization_domain_of ON organization_domain (organization_id);

CREATE TABLE team (
    id          uuid        NOT NULL PRIMARY KEY,
    name        text        NOT NULL,
    name_fold   text        COLLATE "C" NOT NULL,
    description text,
    routing     smallint    NOT NULL,
    capacity    integer,
    is_active   boolean     NOT NULL,
    version     bigint      NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
-- A team that was retired gives its name back.
CREATE UNIQUE INDEX team_name ON team (name_fold) WHERE is_active;

CREATE TABLE membership (
    team_id    uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    role       smallint    NOT NULL,
    capacity   integer,
    version    bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

CREATE TABLE session (
    id           uuid        NOT NULL PRIMARY KEY,
    user_id      uuid        NOT NULL,
    family_hash  bytea       NOT NULL,
    current_hash bytea       NOT NULL,
    ip           text,
    user_agent   text,
    version      bigint      NOT NULL,
    created_at   timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz
);
CREATE INDEX session_live ON session (user_id) WHERE ended_at IS NULL;

CREATE TABLE api_key (
    id         uuid        NOT NULL PRIMARY KEY,
    user_id    uuid        NOT NULL,
    name       text        NOT NULL,
    prefix     text        COLLATE "C" NOT NULL CONSTRAINT api_key_prefix UNIQUE,
    key_hash   bytea       NOT NULL,
    scopes     json        NOT NULL,
    version    bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
);

-- What lists filter and sort by. Long texts lie in ticket_body, so that a change of status does not
-- copy them.
CREATE TABLE ticket (
    id                 uuid        NOT NULL PRIMARY KEY,
    number             text        COLLATE "C" NOT NULL CONSTRAINT ticket_number UNIQUE,
    subject            text        NOT NULL,
    subject_fold       text        COLLATE "C" NOT NULL,
    status             smallint    NOT NULL,
    priority           smallint    NOT NULL,
    category           text,
    category_fold      text        COLLATE "C",
    tags               json        NOT NULL,
    channel            smallint    NOT NULL,
    customer_id        uuid        NOT NULL CONSTRAINT ticket_customer REFERENCES person (id),
    organization_id    uuid        CONSTRAINT ticket_organization REFERENCES organization (id),
    assigned_agent_id  uuid,
    team_id            uuid,
    escalation_level   smallint    NOT NULL,
    version            bigint      NOT NULL,
    created_at         timestamptz NOT NULL,
    updated_at         timestamptz NOT NULL,
    first_responded_at timestamptz,
    resolved_at        timestamptz,
    closed_at          timestamptz
);
CREATE INDEX ticket_by_creation ON ticket (created_at, id);
CREATE INDEX ticket_by_update ON ticket (updated_at, id);
CREATE INDEX ticket_by_status ON ticket (status, created_at, id);
CREATE INDEX ticket_by_status_alone ON ticket (status, id);
CREATE INDEX ticket_by_priority ON ticket (priority, id);
CREATE INDEX ticket_by_assignee ON ticket (assigned_agent_id, created_at, id);
CREATE INDEX ticket_by_team ON ticket (team_id, created_at, id);
CREATE INDEX ticket_by_customer ON ticket (customer_id, created_at, id);
CREATE INDEX ticket_by_organization ON ticket (organization_id, created_at, id) WHERE organization_id IS NOT NULL;

CREATE TABLE ticket_body (
    ticket_id        uuid NOT NULL PRIMARY KEY CONSTRAINT ticket_body_ticket REFERENCES ticket (id),
    description      text NOT NULL,
    description_fold text COLLATE "C" NOT NULL,
    custom_fields    json NOT NULL
);

CREATE TABLE ticket_tag (
    ticket_id uuid NOT NULL CONSTRAINT ticket_tag_ticket REFERENCES ticket (id),
    tag_fold  text COLLATE "C" NOT NULL,
    PRIMARY KEY (ticket_id, tag_fold)
);
CREATE INDEX ticket_tag_by_tag ON ticket_tag (tag_fold, ticket_id);

CREATE TABLE comment (
    id          uuid        NOT NULL PRIMARY KEY,
    ticket_id   uuid        NOT NULL CONSTRAINT comment_ticket REFERENCES ticket (id),
    author_id   uuid,
    body        text        NOT NULL,
    is_internal boolean     NOT NULL,
    channel     smallint    NOT NULL,
    version     bigint      NOT NULL,
    created_at  timestamptz NOT NULL,
    edited_at   timestamptz
);
CREATE INDEX comment_by_ticket ON comment (ticket_id, id);

CREATE TABLE watcher (
    ticket_id  uuid        NOT NULL CONSTRAINT watcher_ticket REFERENCES ticket (id),
    user_id    uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, user_id)
);

-- Settings: the current version of each document, and every version there ever was.
CREATE TABLE setting (
    kind     text        COLLATE "C" NOT NULL,
    id       uuid        NOT NULL,
    owner    uuid,
    version  bigint      NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by uuid,
    deleted  boolean     NOT NULL,
    body     json        NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE setting_history (
    kind     text        COLLATE "C" NOT NULL,
    id       uuid        NOT NULL,
    owner    uuid,
    version  bigint      NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by uuid,
    deleted  boolean     NOT NULL,
    body     json        NOT NULL,
    PRIMARY KEY (kind, id, version)
);

-- One row: the version of settings and directory together.
CREATE TABLE settings_head (
    only_row boolean NOT NULL PRIMARY KEY DEFAULT true CHECK (only_row),
    version  bigint  NOT NULL
);
INSERT INTO settings_head (version) VALUES (1);

-- The event log. Before a commit draws its places it takes a shared advisory lock on the last place
-- that was drawn; readers stop at the lowest lock that is held, so what they have read is complete.
-- The first value is spent here: a sequence that was never used tells its first value as its last.
CREATE SEQUENCE event_seq AS bigint MINVALUE 0 START 0;
SELECT nextval('event_seq');

-- Both keys grow with time, so the table can be cut into ranges of ids later: the only unique key is
-- the id, and the sequence alone sees to it that no place is drawn twice.
CREATE TABLE event (
    seq            bigint      NOT NULL,
    id             uuid        NOT NULL CONSTRAINT event_id PRIMARY KEY,
    change_id      uuid        NOT NULL,
    type           text        COLLATE "C" NOT NULL,
    ticket_id      uuid        NOT NULL,
    ticket_version bigint      NOT NULL,
    team_id        uuid,
    assignee_id    uuid,
    audience       smallint    NOT NULL,
    actor_id       uuid,
    cause          uuid,
    at             timestamptz NOT NULL,
    data           json        NOT NULL,
    image          json
);
CREATE INDEX event_by_seq ON event (seq);
CREATE INDEX event_by_ticket ON event (ticket_id, seq);

CREATE TABLE audit (
    id            uuid        NOT NULL PRIMARY KEY,
    at            timestamptz NOT NULL,
    actor_id      uuid,
    action        text        COLLATE "C" NOT NULL,
    subject_kind  text        COLLATE "C" NOT NULL,
    subject_id    uuid        NOT NULL,
    request_id    text,
    detail_digest bytea       NOT NULL,
    key_id        text        NOT NULL,
    mac           bytea       NOT NULL
);
CREATE INDEX audit_by_moment ON audit (at, id);
CREATE INDEX audit_by_actor ON audit (actor_id, at, id);
CREATE INDEX audit_by_subject ON audit (subject_id, at, id);

-- The personal part of an audit line. It may be emptied when somebody must be forgotten.
CREATE TABLE audit_detail (
    audit_id  uuid  NOT NULL PRIMARY KEY,
    person_id uuid,
    salt      bytea NOT NULL,
    body      json  NOT NULL
);

-- What happened stays as it was told.
CREATE FUNCTION desk_keeps_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lines of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION desk_keeps_history();
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION desk_keeps_history();
CREATE TRIGGER audit_detail_stays BEFORE DELETE OR TRUNCATE ON audit_detail
    FOR EACH STATEMENT EXECUTE FUNCTION desk_keeps_history();

-- Ends a commit whose expectations do not hold: raising is the only way for one part of a statement
-- to take back its siblings. The state tells why.
CREATE FUNCTION desk_refuse(state text) RETURNS bigint[] LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RAISE EXCEPTION 'the commit was refused' USING ERRCODE = state;
END
$$;

-- The version of the settings, seen through a snapshot of its own: a commit that waited for a row may
-- have been decided under settings that somebody changed meanwhile.
CREATE FUNCTION desk_settings_version() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (SELECT version FROM settings_head);
END
$$;

-- Whether tickets name one of these teams, seen through a snapshot of its own: a commit that was
-- waited for in the same statement may just have given a ticket to one.
CREATE FUNCTION desk_names_team(teams uuid[]) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM ticket WHERE team_id = ANY (teams));
END
$$;
