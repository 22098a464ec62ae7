-- Tickets say when their customer last wrote and when their status last changed, and how much rules did to
-- them lately. Of tickets that are there already, the day they were made is the best that is known.
ALTER TABLE ticket
    ADD COLUMN last_customer_reply_at timestamptz,
    ADD COLUMN last_status_change_at  timestamptz,
    ADD COLUMN rule_spend_since       timestamptz,
    ADD COLUMN rule_spend_effects     integer;
UPDATE ticket SET last_customer_reply_at = created_at, last_status_change_at = created_at;

-- The rule that brought an event about.
ALTER TABLE event
    ADD COLUMN rule_id      uuid,
    ADD COLUMN rule_version bigint;

-- What rules were found to do. Rows are only added, and removed again by their age. Nothing is looked up
-- beside them when one is added, so that the table can be parted by time.
CREATE TABLE workflow_run (
    id               uuid        NOT NULL PRIMARY KEY,
    workflow_id      uuid        NOT NULL,
    workflow_version bigint      NOT NULL,
    ticket_id        uuid        NOT NULL,
    event_id         uuid,
    at               timestamptz NOT NULL,
    trigger_type     smallint    NOT NULL,
    round            smallint    NOT NULL,
    outcome          smallint    NOT NULL,
    trace            json        NOT NULL
);
CREATE INDEX workflow_run_by_ticket ON workflow_run (ticket_id, id);
CREATE INDEX workflow_run_by_workflow ON workflow_run (workflow_id, id);
CREATE INDEX workflow_run_by_moment ON workflow_run (at);
CREATE INDEX workflow_run_suppressed ON workflow_run (workflow_id, at) WHERE outcome = 2;

-- What people are told on the desk.
CREATE TABLE notification (
    user_id      uuid        NOT NULL,
    id           uuid        NOT NULL,
    ticket_id    uuid,
    title        text        NOT NULL,
    message      text        NOT NULL,
    rule_id      uuid,
    rule_version bigint,
    created_at   timestamptz NOT NULL,
    read_at      timestamptz,
    PRIMARY KEY (user_id, id)
);
