import { describe, expect, it } from 'vitest';
import type { Schemas } from '../../../api/types';
import { readClock } from './sla-clock';

const at = '2026-03-02T10:00:00Z';
const now = Date.parse(at);
const clock: Schemas['SlaClock'] = {
  metric: 'resolution',
  state: 'running',
  target: '4h',
  working_time: true,
  started_at: '2026-03-02T09:00:00Z',
  due_at: '2026-03-02T13:00:00Z',
  warn_at: '2026-03-02T12:30:00Z',
  warned_at: null,
  breached_at: null,
  met_at: null,
  spent_seconds: 3600,
  left_seconds: 10_800,
  stretches: [{ from: '2026-03-02T09:00:00Z', to: at, reason: 'counted' }],
  is_cut: false,
};

describe('readClock', () => {
  it('goes on by itself while it counts', () => {
    expect(readClock(clock, at, now)).toEqual({ state: 'running', spentMs: 3_600_000, share: 0.25, tone: 'calm' });
    expect(readClock(clock, at, now + 3_600_000)).toMatchObject({ share: 0.5, tone: 'calm' });
  });

  it('stands still outside of working time and while it is paused', () => {
    const closed = { ...clock, stretches: [{ from: at, to: at, reason: 'closed' }] };
    expect(readClock(closed, at, now + 3_600_000).share).toBe(0.25);
    expect(readClock({ ...clock, state: 'paused' }, at, now + 3_600_000)).toMatchObject({ share: 0.25, tone: 'calm' });
  });

  it('warns when the time to warn has come, and is late when it is over', () => {
    expect(readClock(clock, at, Date.parse('2026-03-02T12:31:00Z')).tone).toBe('soon');
    expect(readClock(clock, at, Date.parse('2026-03-02T13:00:01Z'))).toMatchObject({
      state: 'breached',
      share: 1,
      tone: 'late',
    });
  });

  it('is done once it was kept, however near it was', () => {
    const met = { ...clock, state: 'met', spent_seconds: 14_000, left_seconds: 400 };
    expect(readClock(met, at, now + 86_400_000)).toMatchObject({ state: 'met', tone: 'done', spentMs: 14_000_000 });
  });

  it('takes a clock of more time than was promised as breached', () => {
    const breached = { ...clock, state: 'breached', spent_seconds: 20_000, left_seconds: -5600 };
    expect(readClock(breached, at, now)).toMatchObject({ share: 1, tone: 'late', spentMs: 20_000_000 });
  });
});
