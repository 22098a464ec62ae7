-- Adds a comment to a ticket: the comment, the ticket's version, the event and the audit line, in one statement.
-- (A colon before a letter or digit would be a variable of pgbench: hence the blanks and dots in the JSON.)
\set ms random(:low, :high)
\set rest random(0, 1152921504606846975)
WITH now AS MATERIALIZED (
    SELECT clock_timestamp() AS at, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms
), new AS MATERIALIZED (
    SELECT now.at, t.id AS ticket_id, t.version, t.customer_id, t.team_id, t.assigned_agent_id,
        encode(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send(now.ms) FROM 3) FROM 1 FOR 6), 'hex')::uuid AS id,
        encode(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send(now.ms) FROM 3) FROM 1 FOR 6), 'hex')::uuid AS event_id,
        encode(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send(now.ms) FROM 3) FROM 1 FOR 6), 'hex')::uuid AS audit_id
    FROM now, (
        SELECT id, version, customer_id, team_id, assigned_agent_id FROM ticket
        WHERE id >= (lpad(to_hex(:ms::bigint), 12, '0') || '7' || lpad(to_hex(:rest::bigint), 15, '0') || '0000')::uuid
        ORDER BY id LIMIT 1
    ) AS t
), t AS (
    UPDATE ticket SET version = ticket.version + 1, updated_at = new.at
    FROM new WHERE ticket.id = new.ticket_id AND ticket.version = new.version
), c AS (
    INSERT INTO comment (id, ticket_id, author_id, body, is_internal, channel, version, created_at)
    SELECT id, ticket_id, customer_id,
        'the printer on floor three stopped after an update and now shows a red light when somebody sends more than two pages from any laptop in our office the printer on floor three stoppe',
        false, 0, 1, at
    FROM new
), e AS (
    INSERT INTO event (seq, id, change_id, type, ticket_id, ticket_version, team_id, assignee_id, audience, actor_id,
        at, data, image)
    SELECT nextval('event_seq'), event_id, event_id, 'comment.added', ticket_id, version + 1, team_id,
        assigned_agent_id, 0, customer_id, at,
        '{"comment_id":"0197a2b0-0000-7000-8000-000000000003","is_internal": false}',
        '{"id":"0197a2b0-0000-7000-8000-000000000001","number":"TKT-22222222","subject":"the printer on floor three stopped after an update and now","status":"open","priority":"high","category":"hardware","tags":[],"custom_fields":{},"channel":"web","customer_id":"0197a2b0-0000-7000-8000-000000000002","organization_id": null,"assigned_agent_id": null,"team_id": null,"escalation_level": 0,"version": 1,"created_at":"2026-01-15T10.00.00.000000Z","updated_at":"2026-01-15T10.00.00.000000Z","first_responded_at": null,"resolved_at": null,"closed_at": null}'
    FROM new
), a AS (
    INSERT INTO audit (id, at, actor_id, action, subject_kind, subject_id, request_id, detail_digest, key_id, mac)
    SELECT audit_id, at, customer_id, 'comment.added', 'ticket', ticket_id, audit_id::text,
        decode(repeat('5a', 32), 'hex'), 'bench', decode(repeat('5a', 32), 'hex')
    FROM new
), u AS (
    INSERT INTO audit_unsealed (id) SELECT audit_id FROM new
)
INSERT INTO audit_detail (audit_id, person_id, salt, body)
SELECT audit_id, customer_id, decode(repeat('5a', 16), 'hex'),
    '{"changes":{},"ip":"127.0.0.1"}'
FROM new;
