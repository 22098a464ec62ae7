-- Time that was spent on tickets. `hours` are hundredths of an hour. `at` is the moment that an entry counts at: when it
-- began, or was logged. Customer, company, team and price are those of when it was logged; `amount` is what it earns, in
-- the currency's smallest unit, and not there where it earns nothing.
CREATE TABLE time_entry (
    id              uuid        NOT NULL PRIMARY KEY,
    ticket_id       uuid        NOT NULL CONSTRAINT time_entry_ticket REFERENCES ticket (id),
    logged_on       uuid        NOT NULL,
    user_id         uuid        NOT NULL,
    hours           integer     NOT NULL CHECK (hours > 0),
    is_billable     boolean     NOT NULL,
    description     text,
    started_at      timestamptz,
    ended_at        timestamptz,
    at              timestamptz NOT NULL,
    rate            bigint,
    currency        text        COLLATE "C",
    amount          bigint,
    customer_id     uuid        NOT NULL,
    organization_id uuid,
    team_id         uuid,
    version         bigint      NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT time_entry_price CHECK ((rate IS NULL) = (currency IS NULL) AND (amount IS NULL OR rate IS NOT NULL))
);
CREATE INDEX time_entry_by_moment ON time_entry (at, id);
CREATE INDEX time_entry_by_ticket ON time_entry (ticket_id, at, id);
CREATE INDEX time_entry_by_person ON time_entry (user_id, at, id);
CREATE INDEX time_entry_by_customer ON time_entry (customer_id, at, id);
CREATE INDEX time_entry_by_organization ON time_entry (organization_id, at, id) WHERE organization_id IS NOT NULL;

-- A stopwatch for each member of staff who has one under way. It rests where `running_since` is not there.
CREATE TABLE stopwatch (
    user_id       uuid        NOT NULL PRIMARY KEY,
    ticket_id     uuid        NOT NULL CONSTRAINT stopwatch_ticket REFERENCES ticket (id),
    started_at    timestamptz NOT NULL,
    running_since timestamptz,
    counted       bigint      NOT NULL,
    description   text,
    is_billable   boolean,
    version       bigint      NOT NULL
);
