import { expect, it } from 'vitest';
import { sla, ticket } from '../screens/queue/fixtures';
import { nextDue } from './badge';

const due = { due_metric: 'resolution', due_at: '2026-11-30T12:00:00Z' } as const;

it('is what the desk says is due next', () => {
  expect(nextDue(ticket({ id: '1', sla: sla(due) }))).toEqual({ metric: 'resolution', at: due.due_at });
});

it('is no response that was late and came', () => {
  const late = { next_response_due_at: '2026-11-28T11:00:00Z', next_response_breached: true };
  expect(nextDue(ticket({ id: '1', sla: sla({ ...due, ...late }) }))?.metric).toBe('resolution');
  expect(nextDue(ticket({ id: '1', sla: sla(late) }))).toBeUndefined();
});

it('is nothing where the ticket is solved, or nothing was promised', () => {
  expect(nextDue(ticket({ id: '1', status: 'resolved', sla: sla(due) }))).toBeUndefined();
  expect(nextDue(ticket({ id: '1', sla: null }))).toBeUndefined();
});
