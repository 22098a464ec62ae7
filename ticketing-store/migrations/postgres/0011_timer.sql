-- When each ticket next asks for something by the clock: the earliest of all that is due on it. A worker that has
-- claimed one holds it for a few seconds; the hold is in no index, so that claiming touches the row alone.
CREATE TABLE ticket_wake (
    ticket_id  uuid        NOT NULL PRIMARY KEY CONSTRAINT ticket_wake_ticket REFERENCES ticket (id),
    due_at     timestamptz NOT NULL,
    held_until timestamptz
) WITH (fillfactor = 80);
CREATE INDEX ticket_wake_due ON ticket_wake (due_at, ticket_id);

-- For which moments of a ticket rules have looked at it.
CREATE TABLE fired (
    ticket_id uuid        NOT NULL CONSTRAINT fired_ticket REFERENCES ticket (id),
    rule_id   uuid        NOT NULL,
    anchor_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, rule_id, anchor_at)
);

-- When something next happens that recurs.
CREATE TABLE schedule (
    kind    smallint    NOT NULL,
    id      uuid        NOT NULL,
    next_at timestamptz NOT NULL,
    version bigint      NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE INDEX schedule_due ON schedule (next_at);

-- What is there already is planned by the workers: tickets that sleep when they wake, and all others at once where a
-- rule counts from their moments.
INSERT INTO schedule (kind, id, next_at, version)
SELECT 0, id, now(), 1 FROM setting
WHERE kind = 'workflow' AND NOT deleted AND (body -> 'is_active')::text = 'true'
  AND (body -> 'schedule' ->> 'every' IS NOT NULL OR body -> 'schedule' ->> 'cron' IS NOT NULL);
INSERT INTO ticket_wake (ticket_id, due_at)
SELECT t.id, CASE WHEN r.any_rule THEN now() ELSE t.wake_at END
FROM ticket t CROSS JOIN (
    SELECT EXISTS (SELECT 1 FROM setting WHERE kind = 'workflow' AND NOT deleted
                   AND body -> 'schedule' ->> 'after' IS NOT NULL) AS any_rule) r
WHERE t.status < 5 AND (r.any_rule OR t.wake_at IS NOT NULL);
