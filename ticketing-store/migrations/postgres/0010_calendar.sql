-- The calendar by which a team works, where it has one of its own.
ALTER TABLE team ADD COLUMN calendar_id uuid;
