-- When each ticket next asks for something by the clock: the earliest of all that is due on it. A worker that has
-- claimed one holds it for a few seconds.
CREATE TABLE ticket_wake (
    ticket_id  BLOB    NOT NULL PRIMARY KEY REFERENCES ticket (id),
    due_at     INTEGER NOT NULL,
    held_until INTEGER
) STRICT;
CREATE INDEX ticket_wake_due ON ticket_wake (due_at, ticket_id, held_until);

-- For which moments of a ticket rules have looked at it.
CREATE TABLE fired (
    ticket_id BLOB    NOT NULL REFERENCES ticket (id),
    rule_id   BLOB    NOT NULL,
    anchor_at INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, rule_id, anchor_at)
) STRICT, WITHOUT ROWID;

-- When something next happens that recurs.
CREATE TABLE schedule (
    kind    INTEGER NOT NULL,
    id      BLOB    NOT NULL,
    next_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX schedule_due ON schedule (next_at);

-- What is there already is planned by the workers: tickets that sleep when they wake, and all others at once where a
-- rule counts from their moments.
INSERT INTO schedule (kind, id, next_at, version)
SELECT 0, id, unixepoch() * 1000000, 1 FROM setting
WHERE kind = 'workflow' AND deleted = 0 AND body ->> '$.is_active' = 1
  AND (body ->> '$.schedule.every' IS NOT NULL OR body ->> '$.schedule.cron' IS NOT NULL);
INSERT INTO ticket_wake (ticket_id, due_at)
SELECT t.id, CASE WHEN r.any_rule THEN unixepoch() * 1000000 ELSE t.wake_at END
FROM ticket t CROSS JOIN (
    SELECT EXISTS (SELECT 1 FROM setting WHERE kind = 'workflow' AND deleted = 0
                   AND body ->> '$.schedule.after' IS NOT NULL) AS any_rule) r
WHERE t.status < 5 AND (r.any_rule OR t.wake_at IS NOT NULL);
