-- What proves that the audit log is whole. A commit leaves the ids of its lines in audit_unsealed; the
-- sealer, apart from the commits, takes them from there into the next seal.
CREATE TABLE audit_unsealed (
    id BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO audit_unsealed (id) SELECT id FROM audit;

CREATE TABLE audit_seal (
    no     INTEGER NOT NULL PRIMARY KEY,
    at     INTEGER NOT NULL,
    ids    BLOB    NOT NULL,
    digest BLOB    NOT NULL,
    prev   BLOB    NOT NULL,
    key_id TEXT    NOT NULL,
    mac    BLOB    NOT NULL
) STRICT;

CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal
BEGIN SELECT RAISE(ABORT, 'audit seals are never changed'); END;
CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal
BEGIN SELECT RAISE(ABORT, 'audit seals are never deleted'); END;
CREATE TRIGGER audit_seal_no_replace BEFORE INSERT ON audit_seal
WHEN EXISTS (SELECT 1 FROM audit_seal WHERE no = NEW.no)
BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: audit_seal.no'); END;

-- INSERT OR REPLACE can also name a row by its number. Where it names none the number is -1.
CREATE TRIGGER audit_no_replaced_row BEFORE INSERT ON audit
WHEN NEW.rowid <> -1 AND EXISTS (SELECT 1 FROM audit WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'audit lines are never changed'); END;
CREATE TRIGGER audit_detail_no_replaced_row BEFORE INSERT ON audit_detail
WHEN NEW.rowid <> -1 AND EXISTS (SELECT 1 FROM audit_detail WHERE rowid = NEW.rowid)
BEGIN SELECT RAISE(ABORT, 'audit details are emptied, never changed'); END;

-- A detail can only be emptied, and its salt with it, so that nobody can guess what it said.
CREATE TRIGGER audit_detail_is_emptied BEFORE UPDATE ON audit_detail
WHEN NEW.body <> '{"changes":null}' OR NEW.salt <> zeroblob(16) OR NEW.audit_id <> OLD.audit_id
    OR NEW.person_id IS NOT OLD.person_id OR NEW.rowid <> OLD.rowid
BEGIN SELECT RAISE(ABORT, 'audit details are emptied, never changed'); END;
