import type { Schemas } from '../../../api/types';

export type ClockState = 'running' | 'paused' | 'met' | 'stopped' | 'breached';

const STATES: readonly ClockState[] = ['running', 'paused', 'met', 'stopped', 'breached'];

export interface Reading {
  state: ClockState;
  spentMs: number;
  /** How much of the promised time is used up, from 0 to 1. */
  share: number;
  tone: 'calm' | 'soon' | 'late' | 'done';
}

/**
 * A clock as it stands now. While it counts at this moment it goes on by itself from what the server said; outside of
 * working time it stands still.
 */
export function readClock(clock: Schemas['SlaClock'], toldAt: string, now: number): Reading {
  const said = STATES.find((one) => one === clock.state) ?? 'running';
  const counts = said === 'running' && clock.stretches.at(-1)?.reason === 'counted';
  const since = counts ? Math.max(0, now - new Date(toldAt).getTime()) : 0;
  const spentMs = clock.spent_seconds * 1000 + since;
  const wholeMs = Math.max(1, (clock.spent_seconds + clock.left_seconds) * 1000);
  const share = Math.min(1, spentMs / wholeMs);
  const isLate = said === 'breached' || (said === 'running' && spentMs > wholeMs);
  const isWarned = clock.warn_at !== null && new Date(clock.warn_at).getTime() <= now;
  const tone = isLate
    ? 'late'
    : said === 'met' || said === 'stopped'
      ? 'done'
      : said === 'running' && (isWarned || share > 0.8)
        ? 'soon'
        : 'calm';
  return { state: isLate ? 'breached' : said, spentMs, share: isLate ? 1 : share, tone };
}
