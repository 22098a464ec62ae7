-- What people are told on the desk says what it is about and for how many things it stands. Until now it was told by
-- rules, or what could not wait; which of the latter it was is not known any more.
ALTER TABLE notification RENAME TO notification_old;
CREATE TABLE notification (
    user_id       BLOB    NOT NULL,
    id            BLOB    NOT NULL,
    ticket_id     BLOB,
    ticket_number TEXT,
    kind          INTEGER NOT NULL,
    title         TEXT    NOT NULL,
    message       TEXT    NOT NULL,
    count         INTEGER NOT NULL,
    rule_id       BLOB,
    rule_version  INTEGER,
    change_id     BLOB    NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    read_at       INTEGER,
    PRIMARY KEY (user_id, id)
) STRICT;
INSERT INTO notification
    SELECT user_id, id, ticket_id, (SELECT t.number FROM ticket t WHERE t.id = o.ticket_id),
        CASE WHEN rule_id IS NULL THEN 5 WHEN ticket_id IS NULL THEN 10 ELSE 9 END,
        title, message, 1, rule_id, rule_version, zeroblob(16), created_at, created_at, read_at
    FROM notification_old o;
DROP TABLE notification_old;

-- What is unread is counted from this index alone, which needs the last column for that.
CREATE INDEX notification_unread ON notification (user_id, id, read_at) WHERE read_at IS NULL;
CREATE INDEX notification_of_ticket ON notification (ticket_id, user_id, id);
CREATE INDEX notification_of_change ON notification (change_id);
CREATE INDEX notification_read ON notification (read_at) WHERE read_at IS NOT NULL;

-- The last that a person was told of each kind about a ticket, for what joins it. Rows live for some minutes.
CREATE TABLE notification_joined (
    user_id         BLOB    NOT NULL,
    ticket_id       BLOB    NOT NULL,
    kind            INTEGER NOT NULL,
    source          BLOB    NOT NULL,
    notification_id BLOB    NOT NULL,
    told_at         INTEGER NOT NULL,
    PRIMARY KEY (user_id, ticket_id, kind, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX notification_joined_of_ticket ON notification_joined (ticket_id);

-- What rules tell on the desk is told by the commit itself, no longer by a job.
DELETE FROM job_attempt WHERE job_id IN (SELECT id FROM job WHERE kind = 7);
DELETE FROM job WHERE kind = 7;
