-- What proves that the audit log is whole. A commit leaves the ids of its lines in audit_unsealed; the
-- sealer, apart from the commits, takes them from there into the next seal. So no order among
-- commits matters, and none of them waits.
CREATE TABLE audit_unsealed (
    id uuid NOT NULL PRIMARY KEY
);
INSERT INTO audit_unsealed (id) SELECT id FROM audit;

CREATE TABLE audit_seal (
    no     bigint      NOT NULL PRIMARY KEY,
    at     timestamptz NOT NULL,
    ids    bytea       NOT NULL,
    digest bytea       NOT NULL,
    prev   bytea       NOT NULL,
    key_id text        NOT NULL,
    mac    bytea       NOT NULL
);

CREATE TRIGGER audit_seal_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION desk_keeps_history();
-- A detail can only be emptied, and its salt with it, so that nobody can guess what it said.
CREATE TRIGGER audit_detail_is_emptied BEFORE UPDATE ON audit_detail FOR EACH ROW
    WHEN (NEW.body::text <> '{"changes":null}' OR NEW.salt <> decode(repeat('00', 16), 'hex')
        OR NEW.audit_id <> OLD.audit_id OR NEW.person_id IS DISTINCT FROM OLD.person_id)
    EXECUTE FUNCTION desk_keeps_history();

-- Also in a session that calls itself a replica.
ALTER TABLE event ENABLE ALWAYS TRIGGER event_stays;
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_stays;
ALTER TABLE audit_detail ENABLE ALWAYS TRIGGER audit_detail_stays;
ALTER TABLE audit_detail ENABLE ALWAYS TRIGGER audit_detail_is_emptied;
ALTER TABLE audit_seal ENABLE ALWAYS TRIGGER audit_seal_stays;
