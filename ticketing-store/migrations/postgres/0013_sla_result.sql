-- What became of each promise, once it was kept or broken, with priority, team and agent as they were at that moment:
-- reports count these rows. A row stays at its place when its ticket changes.
CREATE TABLE sla_result (
    ticket_id   uuid        NOT NULL CONSTRAINT sla_result_ticket REFERENCES ticket (id),
    metric      smallint    NOT NULL,
    started_at  timestamptz NOT NULL,
    policy_id   uuid        NOT NULL,
    target      bigint      NOT NULL,
    spent       bigint      NOT NULL,
    at          timestamptz NOT NULL,
    met_at      timestamptz,
    breached_at timestamptz,
    priority    smallint    NOT NULL,
    team_id     uuid,
    agent_id    uuid,
    PRIMARY KEY (ticket_id, metric, started_at)
);
CREATE INDEX sla_result_by_moment ON sla_result (at);
