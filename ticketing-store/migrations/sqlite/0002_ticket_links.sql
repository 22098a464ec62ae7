-- Tickets that were taken in by others, tickets that sleep, and ties between tickets.

ALTER TABLE ticket ADD COLUMN merged_into BLOB REFERENCES ticket (id);
ALTER TABLE ticket ADD COLUMN wake_at INTEGER;
CREATE INDEX ticket_target ON ticket (merged_into, id) WHERE merged_into IS NOT NULL;

CREATE TABLE ticket_link (
    id         BLOB    NOT NULL PRIMARY KEY,
    ticket_id  BLOB    NOT NULL REFERENCES ticket (id),
    other_id   BLOB    NOT NULL REFERENCES ticket (id),
    type       INTEGER NOT NULL,
    created_by BLOB,
    created_at INTEGER NOT NULL,
    UNIQUE (ticket_id, other_id, type)
) STRICT;
CREATE INDEX ticket_link_other ON ticket_link (other_id);
