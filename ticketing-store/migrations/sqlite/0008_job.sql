-- Work that commits have promised and that is done after them, how each attempt went, and what the
-- workers have to remember.
CREATE TABLE job (
    id                 BLOB    NOT NULL PRIMARY KEY,
    kind               INTEGER NOT NULL,
    lane               TEXT    NOT NULL,
    dedupe             TEXT,
    ticket_id          BLOB,
    payload            TEXT    NOT NULL,
    cause_event        BLOB,
    cause_rule         BLOB,
    cause_rule_version INTEGER,
    state              INTEGER NOT NULL,
    due_at             INTEGER NOT NULL,
    attempts           INTEGER NOT NULL,
    lost               INTEGER NOT NULL,
    worker             BLOB,
    lease_until        INTEGER,
    last_error         TEXT,
    created_at         INTEGER NOT NULL,
    ended_at           INTEGER
) STRICT;
-- The last columns are for counting.
CREATE INDEX job_ready ON job (lane, due_at, id, kind) WHERE state = 0;
CREATE INDEX job_running ON job (lease_until, kind, due_at) WHERE state = 1;
CREATE INDEX job_dead ON job (id, kind, due_at) WHERE state = 3;
CREATE INDEX job_ended ON job (ended_at) WHERE state >= 2;
CREATE UNIQUE INDEX job_dedupe ON job (dedupe) WHERE dedupe IS NOT NULL;
CREATE INDEX job_of_webhook ON job (lane, id) WHERE kind = 3;
CREATE INDEX job_of_ticket ON job (ticket_id, id) WHERE ticket_id IS NOT NULL;

CREATE TABLE job_attempt (
    job_id      BLOB    NOT NULL,
    at          INTEGER NOT NULL,
    duration_ms INTEGER NOT NULL,
    status_code INTEGER,
    response    TEXT,
    error       TEXT,
    request     TEXT,
    PRIMARY KEY (job_id, at)
) STRICT;

CREATE TABLE webhook_health (
    webhook_id    BLOB    NOT NULL PRIMARY KEY,
    failing_since INTEGER,
    updated_at    INTEGER NOT NULL
) STRICT;

-- The ticket of all zeros stands for all mail to the address. Moments in recent are microseconds.
CREATE TABLE mail_record (
    address    TEXT    NOT NULL,
    ticket_id  BLOB    NOT NULL,
    recent     TEXT    NOT NULL,
    held       INTEGER NOT NULL,
    failed_at  INTEGER,
    failure    TEXT,
    version    INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (address, ticket_id)
) STRICT;
CREATE INDEX mail_record_by_age ON mail_record (updated_at) WHERE failed_at IS NULL;

CREATE INDEX setting_of_person ON setting (owner, kind) WHERE owner IS NOT NULL;
