-- How often people have put canned responses to use. A row a person, so that people who answer at the same time don't wait
-- for one another; what all have done together is summed up for the few that are shown.
CREATE TABLE canned_use (
    user_id      uuid        NOT NULL,
    response_id  uuid        NOT NULL,
    uses         bigint      NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, response_id)
);
CREATE INDEX canned_use_of_response ON canned_use (response_id);
