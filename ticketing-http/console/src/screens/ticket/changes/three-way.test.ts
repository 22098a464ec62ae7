import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../../api/types';
import { apply, compare, mergeTags, revert, settle } from './three-way';

const base: Ticket = {
  id: '1',
  ticket_number: 'TKT-AAAAAAAA',
  subject: 'A door squeaks',
  description: 'It does.',
  status: 'open',
  priority: 'low',
  category: null,
  tags: ['door', 'noise'],
  custom_fields: { floor: 2 },
  channel: 'web',
  customer_id: 'c',
  organization_id: null,
  assigned_agent_id: null,
  team_id: null,
  version: 1,
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
  first_responded_at: null,
  resolved_at: null,
  closed_at: null,
  url: 'http://desk.example/tickets/TKT-AAAAAAAA',
  wake_at: null,
};

describe('compare', () => {
  it('asks nothing where others have changed other fields', () => {
    const found = compare(base, { priority: 'high' }, { ...base, version: 2, status: 'pending' });
    expect(found.clashes).toEqual([]);
    expect(found.rest).toEqual({ priority: 'high' });
    expect(found.theirs).toEqual(['status']);
  });

  it('shows all three where both have changed a field', () => {
    const found = compare(base, { priority: 'high', category: 'Doors' }, { ...base, priority: 'critical' });
    expect(found.clashes).toEqual([{ field: 'priority', was: 'low', mine: 'high', theirs: 'critical' }]);
    expect(found.rest).toEqual({ category: 'Doors' });
  });

  it('has nothing to do where others have made the same of it', () => {
    const found = compare(base, { priority: 'high' }, { ...base, priority: 'high' });
    expect(found).toMatchObject({ clashes: [], rest: {} });
  });

  it('looks at the desk’s own fields one by one', () => {
    const now = { ...base, custom_fields: { floor: 3, colour: 'red' } };
    expect(compare(base, { custom_fields: { colour: 'blue', room: 'B' } }, now)).toMatchObject({
      clashes: [{ field: 'custom_fields.colour', was: null, mine: 'blue', theirs: 'red' }],
      rest: { custom_fields: { room: 'B' } },
      theirs: ['custom_fields.floor', 'custom_fields.colour'],
    });
  });

  it('knows that putting off changes the status', () => {
    const found = compare(base, { wake_at: '2026-02-01T08:00:00Z' }, { ...base, status: 'resolved' });
    expect(found.clashes).toEqual([{ field: 'status', was: 'open', mine: 'pending', theirs: 'resolved' }]);
    expect(compare(base, { wake_at: '2026-02-01T08:00:00Z' }, { ...base, priority: 'high' })).toMatchObject({
      clashes: [],
      rest: { wake_at: '2026-02-01T08:00:00Z' },
    });
  });

  it('puts labels together instead of asking', () => {
    const found = compare(base, { tags: ['door', 'oil'] }, { ...base, tags: ['door', 'noise', 'urgent'] });
    expect(found).toMatchObject({ clashes: [], rest: { tags: ['door', 'urgent', 'oil'] } });
  });
});

describe('mergeTags', () => {
  it('takes off what either took off, and keeps what either added, once', () => {
    expect(mergeTags(['a', 'b', 'c'], ['a', 'c', 'New'], ['b', 'c', 'new'])).toEqual(['c', 'new']);
  });
});

describe('settle', () => {
  const change = { priority: 'high', status: 'resolved', category: 'Doors' } as const;
  const found = compare(base, change, { ...base, priority: 'critical', status: 'on_hold' });

  it('sends what was chosen and what was never in question', () => {
    expect(settle(change, found, (field) => field === 'status')).toEqual({ category: 'Doors', status: 'resolved' });
    expect(settle(change, found, () => false)).toEqual({ category: 'Doors' });
  });

  it('does not put off a ticket whose status stays theirs', () => {
    const sleep = { wake_at: '2026-02-01T08:00:00Z' };
    const clash = compare(base, sleep, { ...base, status: 'resolved' });
    expect(settle(sleep, clash, () => false)).toEqual({});
    expect(settle(sleep, clash, () => true)).toEqual({ wake_at: sleep.wake_at, status: 'pending' });
  });
});

describe('apply and revert', () => {
  it('makes a ticket pending that is put off, and wakes one whose status changes', () => {
    const asleep = apply(base, { wake_at: '2026-02-01T08:00:00Z' });
    expect(asleep).toMatchObject({ status: 'pending', wake_at: '2026-02-01T08:00:00Z' });
    expect(apply(asleep, { status: 'open' })).toMatchObject({ status: 'open', wake_at: null });
  });

  it('clears one of the desk’s own fields by null and leaves the others', () => {
    expect(apply(base, { custom_fields: { floor: null, room: 'B' } }).custom_fields).toEqual({ room: 'B' });
  });

  it('takes back what was refused and nothing else', () => {
    const shown = { ...apply(base, { priority: 'high', custom_fields: { floor: 7 } }), category: 'Doors' };
    expect(revert(shown, { priority: 'high', custom_fields: { floor: 7 } }, base)).toEqual({
      ...base,
      category: 'Doors',
    });
  });

  it('leaves alone what has become something else meanwhile', () => {
    const shown: Ticket = { ...base, priority: 'critical' };
    expect(revert(shown, { priority: 'high' }, base).priority).toBe('critical');
  });

  it('takes back a status without forgetting until when a ticket sleeps', () => {
    const asleep: Ticket = { ...base, status: 'pending', wake_at: '2026-02-01T08:00:00Z' };
    expect(revert(apply(asleep, { status: 'open' }), { status: 'open' }, asleep)).toEqual(asleep);
  });
});
