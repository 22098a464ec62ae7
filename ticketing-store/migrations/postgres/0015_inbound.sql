-- Mail that came in, and what became of it. The mail itself is kept apart, under its digest.
CREATE TABLE arrival (
    id          uuid        NOT NULL PRIMARY KEY,
    key         text        COLLATE "C" NOT NULL CONSTRAINT arrival_key UNIQUE,
    digest      bytea       NOT NULL,
    size        bigint      NOT NULL,
    door        smallint    NOT NULL,
    mailbox_id  uuid,
    state       smallint    NOT NULL,
    cause       smallint,
    sender      text        COLLATE "C",
    ticket_id   uuid,
    comment_id  uuid,
    detail      json        NOT NULL,
    received_at timestamptz NOT NULL,
    version     bigint      NOT NULL
);

-- All but what went to tickets (1) or made them (2), which is most of it. It is listed by state, and what waits is
-- counted from this index alone.
CREATE INDEX arrival_apart ON arrival (state, id, cause, mailbox_id, received_at) WHERE state NOT IN (1, 2);
CREATE INDEX arrival_by_cause ON arrival (cause, id) WHERE cause IS NOT NULL;
CREATE INDEX arrival_by_mailbox ON arrival (mailbox_id, id) WHERE mailbox_id IS NOT NULL;
CREATE INDEX arrival_by_sender ON arrival (sender, id) WHERE sender IS NOT NULL;
CREATE INDEX arrival_by_ticket ON arrival (ticket_id, id) WHERE ticket_id IS NOT NULL;

-- What a sender has written, and what came to a ticket, lately.
CREATE INDEX arrival_taken_of_sender ON arrival (sender, state, received_at) WHERE state IN (1, 2);
CREATE INDEX arrival_taken_of_ticket ON arrival (ticket_id, received_at) WHERE state = 1;

-- Files on tickets and comments, whose bytes are kept apart under their digest. Rows never change.
CREATE TABLE attachment (
    id           uuid        NOT NULL PRIMARY KEY,
    ticket_id    uuid        CONSTRAINT attachment_ticket REFERENCES ticket (id),
    comment_id   uuid        CONSTRAINT attachment_comment REFERENCES comment (id),
    filename     text        NOT NULL,
    content_type text        NOT NULL,
    size         bigint      NOT NULL,
    blob         bytea       NOT NULL,
    content_id   text,
    uploaded_by  uuid,
    created_at   timestamptz NOT NULL,
    CONSTRAINT attachment_of_one CHECK ((ticket_id IS NULL) <> (comment_id IS NULL))
);
CREATE INDEX attachment_of_ticket ON attachment (ticket_id, id) WHERE ticket_id IS NOT NULL;
CREATE INDEX attachment_of_comment ON attachment (comment_id, id) WHERE comment_id IS NOT NULL;
