-- Tickets that were taken in by others, tickets that sleep, and ties between tickets.

ALTER TABLE ticket
    ADD COLUMN merged_into uuid CONSTRAINT ticket_merged_into REFERENCES ticket (id),
    ADD COLUMN wake_at     timestamptz;
CREATE INDEX ticket_by_target ON ticket (merged_into, id) WHERE merged_into IS NOT NULL;

CREATE TABLE ticket_link (
    id         uuid        NOT NULL PRIMARY KEY,
    ticket_id  uuid        NOT NULL CONSTRAINT ticket_link_ticket REFERENCES ticket (id),
    other_id   uuid        NOT NULL CONSTRAINT ticket_link_other REFERENCES ticket (id),
    type       smallint    NOT NULL,
    created_by uuid,
    created_at timestamptz NOT NULL,
    CONSTRAINT ticket_link_once UNIQUE (ticket_id, other_id, type)
);
CREATE INDEX ticket_link_by_other ON ticket_link (other_id);
