-- Since when a person takes work or not. Of people who are there already, their last change is the best that is known.
ALTER TABLE person ADD COLUMN availability_since timestamptz;
UPDATE person SET availability_since = updated_at;
ALTER TABLE person ALTER COLUMN availability_since SET NOT NULL;

-- What a member knows how to answer, a list of labels.
ALTER TABLE membership ADD COLUMN skills text NOT NULL DEFAULT '[]';
ALTER TABLE membership ALTER COLUMN skills DROP DEFAULT;

-- Where a team's round is, under its id, and that a person was given something, under the person's.
CREATE TABLE routing_turn (
    id            uuid   NOT NULL PRIMARY KEY,
    last_agent_id uuid,
    version       bigint NOT NULL
);

-- How tickets looked for their agents.
CREATE TABLE routing_decision (
    id        uuid        NOT NULL PRIMARY KEY,
    ticket_id uuid        NOT NULL CONSTRAINT routing_decision_ticket REFERENCES ticket (id),
    team_id   uuid        NOT NULL,
    at        timestamptz NOT NULL,
    agent_id  uuid,
    detail    json        NOT NULL
);
CREATE INDEX routing_decision_by_ticket ON routing_decision (ticket_id, id);
CREATE INDEX routing_decision_by_team ON routing_decision (team_id, id);

-- What agents hold, what a team has to do, and what of that waits, however much there ever was.
CREATE INDEX ticket_held ON ticket (assigned_agent_id) WHERE status < 4 AND assigned_agent_id IS NOT NULL;
CREATE INDEX ticket_open_of_team ON ticket (team_id) WHERE status < 4 AND team_id IS NOT NULL;
CREATE INDEX ticket_waiting ON ticket (team_id, priority DESC, created_at, id)
    WHERE status < 4 AND assigned_agent_id IS NULL AND team_id IS NOT NULL;
