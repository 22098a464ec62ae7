-- How tickets stand to what was promised: as it is told, when the next promise is over (the end of the year 9999
-- where none is), and whether one was ever broken.
ALTER TABLE ticket
    ADD COLUMN sla             json,
    ADD COLUMN sla_due_at      timestamptz NOT NULL DEFAULT '9999-12-31 23:59:59.999999+00',
    ADD COLUMN is_sla_breached boolean     NOT NULL DEFAULT false;
CREATE INDEX ticket_by_sla_due ON ticket (sla_due_at, id);
CREATE INDEX ticket_breached ON ticket (created_at, id) WHERE is_sla_breached;
