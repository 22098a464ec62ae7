-- What people are told on the desk says what it is about and for how many things it stands. Until now it was told by
-- rules, or what could not wait; which of the latter it was is not known any more. The defaults are for servers that
-- are not replaced yet.
ALTER TABLE notification
    ADD COLUMN ticket_number text        COLLATE "C",
    ADD COLUMN kind          smallint    NOT NULL DEFAULT 5,
    ADD COLUMN count         integer     NOT NULL DEFAULT 1,
    ADD COLUMN change_id     uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    ADD COLUMN updated_at    timestamptz NOT NULL DEFAULT now();
UPDATE notification n SET
    kind = CASE WHEN rule_id IS NULL THEN 5 WHEN ticket_id IS NULL THEN 10 ELSE 9 END,
    updated_at = created_at,
    ticket_number = (SELECT t.number FROM ticket t WHERE t.id = n.ticket_id);

-- What is unread is counted from this index alone.
CREATE INDEX notification_unread ON notification (user_id, id) WHERE read_at IS NULL;
CREATE INDEX notification_of_ticket ON notification (ticket_id, user_id, id);
CREATE INDEX notification_of_change ON notification (change_id);
CREATE INDEX notification_read ON notification (read_at) WHERE read_at IS NOT NULL;

-- The last that a person was told of each kind about a ticket, for what joins it. Commits that tell the same at the same
-- time wait here for one another. Rows live for some minutes.
CREATE TABLE notification_joined (
    user_id         uuid        NOT NULL,
    ticket_id       uuid        NOT NULL,
    kind            smallint    NOT NULL,
    source          uuid        NOT NULL,
    notification_id uuid        NOT NULL,
    told_at         timestamptz NOT NULL,
    PRIMARY KEY (user_id, ticket_id, kind, source)
);
CREATE INDEX notification_joined_of_ticket ON notification_joined (ticket_id);

-- What rules tell on the desk is told by the commit itself, no longer by a job.
DELETE FROM job_attempt WHERE job_id IN (SELECT id FROM job WHERE kind = 7);
DELETE FROM job WHERE kind = 7;
