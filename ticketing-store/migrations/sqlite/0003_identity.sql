-- Keys of programs are listed by their owner, and remember when they were last used.
ALTER TABLE api_key ADD COLUMN last_used_at INTEGER;
CREATE INDEX api_key_of_person ON api_key (user_id, id) WHERE revoked_at IS NULL;

-- Access tokens carry it; one of an older version is over.
ALTER TABLE person ADD COLUMN rights_version INTEGER NOT NULL DEFAULT 1;

-- Links that set a password or a desk up: at most one of a kind for a person. The one that sets the
-- desk up is nobody's, under the id of all zeros.
CREATE TABLE credential_token (
    id         BLOB    NOT NULL,
    user_id    BLOB    NOT NULL,
    kind       INTEGER NOT NULL,
    token_hash BLOB    NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER,
    PRIMARY KEY (user_id, kind)
) STRICT, WITHOUT ROWID;
