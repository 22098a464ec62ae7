-- Work that commits have promised and that is done after them, how each attempt went, and what the
-- workers have to remember.
--
-- A job is written three times at least: made, claimed, ended. Free room in each page keeps its versions
-- together. What was claimed leaves dead entries at the head of job_ready, where every claim looks first,
-- so the table is cleaned by how many rows have died and not by how large it has grown, and without
-- pauses.
CREATE TABLE job (
    id                 uuid        NOT NULL PRIMARY KEY,
    kind               smallint    NOT NULL,
    lane               text        COLLATE "C" NOT NULL,
    dedupe             text        COLLATE "C",
    ticket_id          uuid,
    payload            json        NOT NULL,
    cause_event        uuid,
    cause_rule         uuid,
    cause_rule_version bigint,
    state              smallint    NOT NULL,
    due_at             timestamptz NOT NULL,
    attempts           integer     NOT NULL,
    lost               integer     NOT NULL,
    worker             uuid,
    lease_until        timestamptz,
    last_error         text,
    created_at         timestamptz NOT NULL,
    ended_at           timestamptz
) WITH (
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0.02
);
-- The columns behind the keys are for counting.
CREATE INDEX job_ready ON job (lane, due_at, id) INCLUDE (kind) WHERE state = 0;
CREATE INDEX job_running ON job (lease_until) INCLUDE (kind, due_at) WHERE state = 1;
CREATE INDEX job_dead ON job (id) INCLUDE (kind, due_at) WHERE state = 3;
CREATE INDEX job_ended ON job (ended_at) WHERE state >= 2;
CREATE UNIQUE INDEX job_dedupe ON job (dedupe) WHERE dedupe IS NOT NULL;
CREATE INDEX job_of_webhook ON job (lane, id) WHERE kind = 3;
CREATE INDEX job_of_ticket ON job (ticket_id, id) WHERE ticket_id IS NOT NULL;

CREATE TABLE job_attempt (
    job_id      uuid        NOT NULL,
    at          timestamptz NOT NULL,
    duration_ms integer     NOT NULL,
    status_code integer,
    response    text,
    error       text,
    request     json,
    PRIMARY KEY (job_id, at)
);

CREATE TABLE webhook_health (
    webhook_id    uuid        NOT NULL PRIMARY KEY,
    failing_since timestamptz,
    updated_at    timestamptz NOT NULL
);

-- The ticket of all zeros stands for all mail to the address. Moments in recent are microseconds.
CREATE TABLE mail_record (
    address    text        COLLATE "C" NOT NULL,
    ticket_id  uuid        NOT NULL,
    recent     json        NOT NULL,
    held       bigint      NOT NULL,
    failed_at  timestamptz,
    failure    text,
    version    bigint      NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (address, ticket_id)
);
CREATE INDEX mail_record_by_age ON mail_record (updated_at) WHERE failed_at IS NULL;

CREATE INDEX setting_of_person ON setting (owner, kind) WHERE owner IS NOT NULL;
