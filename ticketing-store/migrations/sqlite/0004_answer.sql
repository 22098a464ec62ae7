-- What calls with a key of their own were answered, for a day, so that a repetition is answered and
-- not done again.
CREATE TABLE answer (
    owner  TEXT    NOT NULL,
    route  TEXT    NOT NULL,
    key    TEXT    NOT NULL,
    digest BLOB    NOT NULL,
    output TEXT,
    at     INTEGER NOT NULL,
    PRIMARY KEY (owner, route, key)
) STRICT;
CREATE INDEX answer_by_age ON answer (at);
