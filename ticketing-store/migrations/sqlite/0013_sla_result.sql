-- What became of each promise, once it was kept or broken, with priority, team and agent as they were at that moment:
-- reports count these rows. A row stays at its place when its ticket changes.
CREATE TABLE sla_result (
    ticket_id   BLOB    NOT NULL REFERENCES ticket (id),
    metric      INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    policy_id   BLOB    NOT NULL,
    target      INTEGER NOT NULL,
    spent       INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    met_at      INTEGER,
    breached_at INTEGER,
    priority    INTEGER NOT NULL,
    team_id     BLOB,
    agent_id    BLOB,
    PRIMARY KEY (ticket_id, metric, started_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX sla_result_moment ON sla_result (at);
