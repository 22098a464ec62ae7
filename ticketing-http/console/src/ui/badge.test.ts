import { expect, it } from 'vitest';
import { sla, ticket } from '../screens/queue/fixtures';
import { nextDue } from './badge';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const due = {
  first_response_due_at: '2026-11-28T13:00:00Z',
  next_response_due_at: '2026-11-28T11:00:00Z',
  resolution_due_at: '2026-11-30T12:00:00Z',
};

it('is what comes first', () => {
  expect(nextDue(ticket({ id: '1', sla: sla(due) }), NOW)?.metric).toBe('first_response');
});

it('is no promise that was kept', () => {
  const answered = ticket({ id: '1', first_responded_at: '2026-11-28T09:00:00Z', sla: sla(due) });
  expect(nextDue(answered, NOW)).toEqual({ metric: 'resolution', at: due.resolution_due_at });
});

it('is what is late', () => {
  expect(nextDue(ticket({ id: '1', sla: sla({ ...due, next_response_breached: true }) }), NOW)?.metric).toBe(
    'next_response',
  );
});

it('is nothing where the ticket is solved, or nothing was promised', () => {
  expect(nextDue(ticket({ id: '1', status: 'resolved', sla: sla(due) }), NOW)).toBeUndefined();
  expect(nextDue(ticket({ id: '1', sla: null }), NOW)).toBeUndefined();
});
