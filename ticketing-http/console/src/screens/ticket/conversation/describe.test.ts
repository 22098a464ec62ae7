import { describe as about, expect, it } from 'vitest';
import { describe, idsIn } from './describe';
import type { Happening } from './history';

const happening = (type: string, data: Happening['data'], more: Partial<Happening> = {}): Happening => ({
  event_id: 'e',
  type,
  at: '2026-01-01T10:00:00Z',
  actor: { id: 'kim', name: 'Kim', role: 'agent' },
  ticket_id: 'here',
  data,
  ...more,
});
const names = (id: string) => ({ lu: 'Lu', one: 'Workshop' })[id];

about('what happened', () => {
  it('is said change by change, and not what follows from another', () => {
    const changes = { status: ['open', 'resolved'], resolved_at: [null, '2026'], priority: ['low', 'high'] };
    expect(describe(happening('ticket.status_changed', { changes }), names)).toEqual([
      'Kim set the status to Resolved',
      'Kim set the priority to High',
    ]);
  });

  it('names people and teams', () => {
    const event = happening('ticket.assigned', {
      changes: { assigned_agent_id: [null, 'lu'], team_id: [null, 'one'] },
    });
    expect(idsIn(event)).toEqual({ people: ['lu'], teams: ['one'] });
    expect(describe(event, names)).toEqual(['Kim assigned it to Lu', 'Kim moved it to Workshop']);
    const own = happening('ticket.assigned', { changes: { assigned_agent_id: ['lu', 'kim'] } });
    expect(describe(own, names)).toEqual(['Kim took it']);
  });

  it('says which tags came and went', () => {
    const event = happening('ticket.updated', {
      changes: {
        tags: [
          ['a', 'b'],
          ['b', 'c'],
        ],
      },
    });
    expect(describe(event, names)).toEqual(['Kim added the tags c', 'Kim took off the tags a']);
  });

  it('says what the desk and its rules do', () => {
    const changes = { status: ['resolved', 'closed'] };
    const desk = { actor: { id: null, name: 'System', role: 'system' } };
    expect(describe(happening('ticket.status_changed', { changes }, desk), names)[0]).toBe(
      'The desk set the status to Closed',
    );
    const rule = { ...desk, rule: { id: 'r', version: 1 } };
    expect(describe(happening('ticket.status_changed', { changes }, rule), names)[0]).toBe(
      'A rule set the status to Closed',
    );
  });

  it('knows on which side of a merge it is', () => {
    const data = { source_id: 'there', target_id: 'here' };
    expect(describe(happening('ticket.merged', data), names)).toEqual(['Kim merged another ticket into this one']);
    expect(describe(happening('ticket.merged', { source_id: 'here', target_id: 'there' }), names)).toEqual([
      'Kim merged this ticket into another',
    ]);
  });

  it('never fails over what it does not know', () => {
    expect(describe(happening('ticket.flown', {}), names)).toEqual(['Kim changed the ticket']);
    expect(describe(happening('ticket.updated', { changes: { 'custom_fields.frame': [null, 3] } }), names)).toEqual([
      'Kim changed “frame”',
    ]);
  });
});
