-- Customers of whom nobody has said which company they belong to join that of their mail domain once the
-- address is proved. Of those who are there already it was said, or is left as it is.
ALTER TABLE person ADD COLUMN joins_by_domain INTEGER NOT NULL DEFAULT 0;

-- Who was erased: the proof of the log asks, and the others are not read for it.
CREATE INDEX audit_erased ON audit (id) WHERE action = 'user.erased';
