-- How often people have put canned responses to use. A row a person; what all have done together is summed up for the few
-- that are shown.
CREATE TABLE canned_use (
    user_id      BLOB    NOT NULL,
    response_id  BLOB    NOT NULL,
    uses         INTEGER NOT NULL,
    last_used_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, response_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX canned_use_of_response ON canned_use (response_id, uses);
