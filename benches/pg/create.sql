-- Makes a ticket with its description, its event and its audit line, in one statement.
-- (A colon before a letter or digit would be a variable of pgbench: hence the blanks and dots in the JSON.)
\set customer random(1, :customers)
WITH now AS MATERIALIZED (
    SELECT clock_timestamp() AS at, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS ms
), new AS MATERIALIZED (
    SELECT now.at, c.id AS customer_id, c.organization_id,
        encode(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send(now.ms) FROM 3) FROM 1 FOR 6), 'hex')::uuid AS id,
        encode(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send(now.ms) FROM 3) FROM 1 FOR 6), 'hex')::uuid AS event_id,
        encode(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send(now.ms) FROM 3) FROM 1 FOR 6), 'hex')::uuid AS audit_id,
        'TKT-' || translate(upper(left(md5(random()::text), 10)), '01', 'XY') AS number
    FROM now, bench_customer AS c WHERE c.n = :customer
), t AS (
    INSERT INTO ticket (id, number, subject, subject_fold, status, priority, category, category_fold, tags, channel,
        customer_id, organization_id, escalation_level, version, created_at, updated_at)
    SELECT id, number, 'the printer on floor three stopped after an update and now', 'the printer on floor three stopped after an update and now', 0, 2,
        'hardware', 'hardware', '[]', 0, customer_id, organization_id, 0, 1, at, at
    FROM new
), b AS (
    INSERT INTO ticket_body (ticket_id, description, description_fold, custom_fields)
    SELECT id,
        'the printer on floor three stopped after an update and now shows a red light when somebody sends more than two pages from any laptop in our office the printer on floor three stopped after an update and now shows a red light when somebody sends more than two pages from any laptop in our office the',
        'the printer on floor three stopped after an update and now shows a red light when somebody sends more than two pages from any laptop in our office the printer on floor three stopped after an update and now shows a red light when somebody sends more than two pages from any laptop in our office the',
        '{}'
    FROM new
), e AS (
    INSERT INTO event (seq, id, change_id, type, ticket_id, ticket_version, audience, actor_id, at, data, image)
    SELECT nextval('event_seq'), event_id, event_id, 'ticket.created', id, 1, 0, customer_id, at, '{}',
        '{"id":"0197a2b0-0000-7000-8000-000000000001","number":"TKT-22222222","subject":"the printer on floor three stopped after an update and now","status":"open","priority":"high","category":"hardware","tags":[],"custom_fields":{},"channel":"web","customer_id":"0197a2b0-0000-7000-8000-000000000002","organization_id": null,"assigned_agent_id": null,"team_id": null,"escalation_level": 0,"version": 1,"created_at":"2026-01-15T10.00.00.000000Z","updated_at":"2026-01-15T10.00.00.000000Z","first_responded_at": null,"resolved_at": null,"closed_at": null}'
    FROM new
), a AS (
    INSERT INTO audit (id, at, actor_id, action, subject_kind, subject_id, request_id, detail_digest, key_id, mac)
    SELECT audit_id, at, customer_id, 'ticket.created', 'ticket', id, audit_id::text,
        decode(repeat('5a', 32), 'hex'), 'bench', decode(repeat('5a', 32), 'hex')
    FROM new
), u AS (
    INSERT INTO audit_unsealed (id) SELECT audit_id FROM new
)
INSERT INTO audit_detail (audit_id, person_id, salt, body)
SELECT audit_id, customer_id, decode(repeat('5a', 16), 'hex'),
    '{"changes":{"subject":[null,"the printer on floor three stopped after an update and now"],"priority":[null,"high"],"status":[null,"open"],"category":[null,"hardware"]},"ip":"127.0.0.1"}'
FROM new;
