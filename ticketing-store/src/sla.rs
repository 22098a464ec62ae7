//! How what became of promises is written: the same in both databases.

/// What happens to what is known already, in the table `t`. Of a promise that was broken only what had counted and when it was done change.
pub(crate) const RESULT_KNOWN: &str = " ON CONFLICT (ticket_id, metric, started_at) DO UPDATE SET \
     policy_id = CASE WHEN t.breached_at IS NULL THEN excluded.policy_id ELSE t.policy_id END, \
     target = CASE WHEN t.breached_at IS NULL THEN excluded.target ELSE t.target END, \
     at = CASE WHEN t.breached_at IS NULL THEN excluded.at ELSE t.at END, \
     priority = CASE WHEN t.breached_at IS NULL THEN excluded.priority ELSE t.priority END, \
     team_id = CASE WHEN t.breached_at IS NULL THEN excluded.team_id ELSE t.team_id END, \
     agent_id = CASE WHEN t.breached_at IS NULL THEN excluded.agent_id ELSE t.agent_id END, \
     breached_at = coalesce(t.breached_at, excluded.breached_at), spent = excluded.spent, met_at = excluded.met_at";
