-- Reads the newest tickets, one more than a page has, to know whether another page follows.
SELECT t.id, t.number, t.subject, t.status, t.priority, t.category, t.tags, t.channel, t.customer_id, t.organization_id,
    t.assigned_agent_id, t.team_id, t.escalation_level, t.version, t.created_at, t.updated_at, t.first_responded_at,
    t.resolved_at, t.closed_at, b.description, b.custom_fields
FROM (SELECT * FROM ticket ORDER BY created_at DESC, id DESC LIMIT 26) AS t
JOIN ticket_body AS b ON b.ticket_id = t.id
ORDER BY t.created_at DESC, t.id DESC;
