-- What calls with a key of their own were answered, for a day, so that a repetition is answered and
-- not done again.
CREATE TABLE answer (
    owner  text        COLLATE "C" NOT NULL,
    route  text        COLLATE "C" NOT NULL,
    key    text        COLLATE "C" NOT NULL,
    digest bytea       NOT NULL,
    output text,
    at     timestamptz NOT NULL,
    PRIMARY KEY (owner, route, key)
);
CREATE INDEX answer_by_age ON answer (at);
