-- Time that was spent on tickets. `hours` are hundredths of an hour. `at` is the moment that an entry counts at: when it
-- began, or was logged. Customer, company, team and price are those of when it was logged; `amount` is what it earns, in
-- the currency's smallest unit, and not there where it earns nothing.
CREATE TABLE time_entry (
    id              BLOB    NOT NULL PRIMARY KEY,
    ticket_id       BLOB    NOT NULL REFERENCES ticket (id),
    logged_on       BLOB    NOT NULL,
    user_id         BLOB    NOT NULL,
    hours           INTEGER NOT NULL CHECK (hours > 0),
    is_billable     INTEGER NOT NULL,
    description     TEXT,
    started_at      INTEGER,
    ended_at        INTEGER,
    at              INTEGER NOT NULL,
    rate            INTEGER,
    currency        TEXT,
    amount          INTEGER,
    customer_id     BLOB    NOT NULL,
    organization_id BLOB,
    team_id         BLOB,
    version         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    CHECK ((rate IS NULL) = (currency IS NULL) AND (amount IS NULL OR rate IS NOT NULL))
) STRICT;
CREATE INDEX time_entry_by_moment ON time_entry (at, id);
CREATE INDEX time_entry_by_ticket ON time_entry (ticket_id, at, id);
CREATE INDEX time_entry_by_person ON time_entry (user_id, at, id);
CREATE INDEX time_entry_by_customer ON time_entry (customer_id, at, id);
CREATE INDEX time_entry_by_organization ON time_entry (organization_id, at, id) WHERE organization_id IS NOT NULL;

-- A stopwatch for each member of staff who has one under way. It rests where `running_since` is not there.
CREATE TABLE stopwatch (
    user_id       BLOB    NOT NULL PRIMARY KEY,
    ticket_id     BLOB    NOT NULL REFERENCES ticket (id),
    started_at    INTEGER NOT NULL,
    running_since INTEGER,
    counted       INTEGER NOT NULL,
    description   TEXT,
    is_billable   INTEGER,
    version       INTEGER NOT NULL
) STRICT;
