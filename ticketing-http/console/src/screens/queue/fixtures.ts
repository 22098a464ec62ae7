import type { Schemas, Ticket } from '../../api/types';

/** A ticket for tests. */
export function ticket(more: Partial<Ticket> & { id: string }): Ticket {
  return {
    ticket_number: `TKT-${more.id}`,
    subject: 'Rear light flickers',
    description: '',
    status: 'open',
    priority: 'medium',
    category: null,
    tags: [],
    custom_fields: {},
    channel: 'web',
    customer_id: 'emma',
    organization_id: null,
    assigned_agent_id: null,
    team_id: null,
    version: 1,
    created_at: '2026-11-20T08:00:00Z',
    updated_at: '2026-11-20T08:00:00Z',
    first_responded_at: null,
    resolved_at: null,
    closed_at: null,
    url: '',
    ...more,
  };
}

export function sla(more: Partial<Schemas['Sla']>): Schemas['Sla'] {
  return {
    policy_id: 'gold',
    due_metric: null,
    due_at: null,
    first_response_due_at: null,
    next_response_due_at: null,
    resolution_due_at: null,
    paused_since: null,
    first_response_breached: false,
    next_response_breached: false,
    resolution_breached: false,
    ...more,
  };
}
