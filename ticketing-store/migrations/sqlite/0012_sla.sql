-- How tickets stand to what was promised: as it is told, when the next promise is over (the end of the year 9999
-- where none is), and whether one was ever broken.
ALTER TABLE ticket ADD COLUMN sla TEXT;
ALTER TABLE ticket ADD COLUMN sla_due_at INTEGER NOT NULL DEFAULT 253402300799999999;
ALTER TABLE ticket ADD COLUMN is_sla_breached INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ticket_sla_due ON ticket (sla_due_at, id);
CREATE INDEX ticket_breached ON ticket (created_at, id) WHERE is_sla_breached;
