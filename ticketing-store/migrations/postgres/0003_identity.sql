-- Keys of programs are listed by their owner, and remember when they were last used.
ALTER TABLE api_key ADD COLUMN last_used_at timestamptz;
CREATE INDEX api_key_of_person ON api_key (user_id, id) WHERE revoked_at IS NULL;

-- Access tokens carry it; one of an older version is over.
ALTER TABLE person ADD COLUMN rights_version bigint NOT NULL DEFAULT 1;

-- Links that set a password or a desk up: at most one of a kind for a person. The one that sets the
-- desk up is nobody's, under the id of all zeros.
CREATE TABLE credential_token (
    id         uuid        NOT NULL,
    user_id    uuid        NOT NULL,
    kind       smallint    NOT NULL,
    token_hash bytea       NOT NULL CONSTRAINT credential_token_hash UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (user_id, kind)
);
