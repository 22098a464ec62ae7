-- Reads one ticket with its description.
\set ms random(:low, :high)
\set rest random(0, 1152921504606846975)
SELECT t.id, t.number, t.subject, t.status, t.priority, t.category, t.tags, t.channel, t.customer_id, t.organization_id,
    t.assigned_agent_id, t.team_id, t.escalation_level, t.version, t.created_at, t.updated_at, t.first_responded_at,
    t.resolved_at, t.closed_at, b.description, b.custom_fields
FROM (
    SELECT * FROM ticket
    WHERE id >= (lpad(to_hex(:ms::bigint), 12, '0') || '7' || lpad(to_hex(:rest::bigint), 15, '0') || '0000')::uuid
    ORDER BY id LIMIT 1
) AS t
JOIN ticket_body AS b ON b.ticket_id = t.id;
