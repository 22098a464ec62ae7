-- Mail that came in, and what became of it. The mail itself is kept apart, under its digest.
CREATE TABLE arrival (
    id          BLOB    NOT NULL PRIMARY KEY,
    key         TEXT    NOT NULL UNIQUE,
    digest      BLOB    NOT NULL,
    size        INTEGER NOT NULL,
    door        INTEGER NOT NULL,
    mailbox_id  BLOB,
    state       INTEGER NOT NULL,
    cause       INTEGER,
    sender      TEXT,
    ticket_id   BLOB,
    comment_id  BLOB,
    detail      TEXT    NOT NULL,
    received_at INTEGER NOT NULL,
    version     INTEGER NOT NULL
) STRICT;

-- All but what went to tickets (1) or made them (2), which is most of it. It is listed by state, and what waits is
-- counted from this index alone. SQLite uses it for a state that stands here and in the query as a number.
CREATE INDEX arrival_apart ON arrival (state, id, cause, mailbox_id, received_at)
    WHERE state = 0 OR state = 3 OR state = 4 OR state = 5 OR state = 6 OR state = 7;
CREATE INDEX arrival_by_cause ON arrival (cause, id) WHERE cause IS NOT NULL;
CREATE INDEX arrival_by_mailbox ON arrival (mailbox_id, id) WHERE mailbox_id IS NOT NULL;
CREATE INDEX arrival_by_sender ON arrival (sender, id) WHERE sender IS NOT NULL;
CREATE INDEX arrival_by_ticket ON arrival (ticket_id, id) WHERE ticket_id IS NOT NULL;

-- What a sender has written, and what came to a ticket, lately.
CREATE INDEX arrival_taken_of_sender ON arrival (sender, state, received_at) WHERE state = 1 OR state = 2;
CREATE INDEX arrival_taken_of_ticket ON arrival (ticket_id, received_at) WHERE state = 1;

-- Files on tickets and comments, whose bytes are kept apart under their digest. Rows never change.
CREATE TABLE attachment (
    id           BLOB    NOT NULL PRIMARY KEY,
    ticket_id    BLOB    REFERENCES ticket (id),
    comment_id   BLOB    REFERENCES comment (id),
    filename     TEXT    NOT NULL,
    content_type TEXT    NOT NULL,
    size         INTEGER NOT NULL,
    blob         BLOB    NOT NULL,
    content_id   TEXT,
    uploaded_by  BLOB,
    created_at   INTEGER NOT NULL,
    CHECK ((ticket_id IS NULL) <> (comment_id IS NULL))
) STRICT;
CREATE INDEX attachment_of_ticket ON attachment (ticket_id, id) WHERE ticket_id IS NOT NULL;
CREATE INDEX attachment_of_comment ON attachment (comment_id, id) WHERE comment_id IS NOT NULL;
