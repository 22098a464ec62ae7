import { expect, test } from 'vitest';
import { hasBadTarget, readTargets, writeTargets } from './targets';

const stored = {
  critical: { first_response: '15m', resolution: '4h', working_time: false },
  medium: { next_response: '8h', working_time: true },
};

test('what is stored comes back as it was', () => {
  expect(writeTargets(readTargets(stored))).toEqual(stored);
});

test('a priority without a promise is not there', () => {
  const targets = readTargets(stored);
  const emptied = { ...targets, medium: { ...targets.medium, next_response: ' ' } };
  expect(Object.keys(writeTargets(emptied))).toEqual(['critical']);
});

test('durations are sent in one unit, and what is none is found', () => {
  const targets = readTargets({ low: { resolution: '1d 4h' } });
  expect(writeTargets(targets)['low']).toEqual({ resolution: '28h', working_time: true });
  expect(hasBadTarget(targets)).toBe(false);
  expect(hasBadTarget(readTargets({ low: { resolution: '4' } }))).toBe(true);
});
