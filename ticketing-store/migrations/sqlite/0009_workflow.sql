-- Tickets say when their customer last wrote and when their status last changed, and how much rules did to
-- them lately. Of tickets that are there already, the day they were made is the best that is known.
ALTER TABLE ticket ADD COLUMN last_customer_reply_at INTEGER;
ALTER TABLE ticket ADD COLUMN last_status_change_at INTEGER;
ALTER TABLE ticket ADD COLUMN rule_spend_since INTEGER;
ALTER TABLE ticket ADD COLUMN rule_spend_effects INTEGER;
UPDATE ticket SET last_customer_reply_at = created_at, last_status_change_at = created_at;

-- The rule that brought an event about.
ALTER TABLE event ADD COLUMN rule_id BLOB;
ALTER TABLE event ADD COLUMN rule_version INTEGER;

-- What rules were found to do. Rows are only added, and removed again by their age.
CREATE TABLE workflow_run (
    id               BLOB    NOT NULL PRIMARY KEY,
    workflow_id      BLOB    NOT NULL,
    workflow_version INTEGER NOT NULL,
    ticket_id        BLOB    NOT NULL,
    event_id         BLOB,
    at               INTEGER NOT NULL,
    trigger_type     INTEGER NOT NULL,
    round            INTEGER NOT NULL,
    outcome          INTEGER NOT NULL,
    trace            TEXT    NOT NULL
) STRICT;
CREATE INDEX workflow_run_by_ticket ON workflow_run (ticket_id, id);
CREATE INDEX workflow_run_by_workflow ON workflow_run (workflow_id, id);
CREATE INDEX workflow_run_by_moment ON workflow_run (at);
CREATE INDEX workflow_run_suppressed ON workflow_run (workflow_id, at) WHERE outcome = 2;

-- What people are told on the desk.
CREATE TABLE notification (
    user_id      BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    ticket_id    BLOB,
    title        TEXT    NOT NULL,
    message      TEXT    NOT NULL,
    rule_id      BLOB,
    rule_version INTEGER,
    created_at   INTEGER NOT NULL,
    read_at      INTEGER,
    PRIMARY KEY (user_id, id)
) STRICT;
