-- The moments of tickets that reports count, with team, agent and priority as they were then. Of tickets that are there
-- already, those that they tell of themselves, for where they are now.
CREATE TABLE milestone (
    ticket_id BLOB     NOT NULL REFERENCES ticket (id),
    kind      INTEGER  NOT NULL,
    at        INTEGER  NOT NULL,
    team_id   BLOB,
    agent_id  BLOB,
    priority  INTEGER  NOT NULL,
    spent     INTEGER  NOT NULL,
    PRIMARY KEY (ticket_id, kind, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX milestone_of_team ON milestone (team_id, at) WHERE team_id IS NOT NULL;
INSERT INTO milestone (ticket_id, kind, at, team_id, agent_id, priority, spent)
    SELECT id, 0, created_at, team_id, assigned_agent_id, priority, 0 FROM ticket;
INSERT INTO milestone (ticket_id, kind, at, team_id, agent_id, priority, spent)
    SELECT id, 3, first_responded_at, team_id, assigned_agent_id, priority, max(0, (first_responded_at - created_at) / 1000000)
    FROM ticket WHERE first_responded_at IS NOT NULL;
INSERT INTO milestone (ticket_id, kind, at, team_id, agent_id, priority, spent)
    SELECT id, 4, coalesce(resolved_at, closed_at), team_id, assigned_agent_id, priority, max(0, (coalesce(resolved_at, closed_at) - created_at) / 1000000)
    FROM ticket WHERE coalesce(resolved_at, closed_at) IS NOT NULL AND merged_into IS NULL;
