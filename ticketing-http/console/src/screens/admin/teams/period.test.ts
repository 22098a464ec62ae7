import { expect, test } from 'vitest';
import { chosen, periodOf } from './period';

const NOW = Date.parse('2026-03-12T13:15:00Z');

test('a period is the last days with today among them, thirty unless said', () => {
  expect(periodOf({}, NOW)).toEqual({ length: '30', from: '2026-02-11', to: undefined });
  expect(periodOf({ days: '7' }, NOW)).toEqual({ length: '7', from: '2026-03-06', to: undefined });
  expect(periodOf({ days: '8' }, NOW).length).toBe('30');
});

test('days of one’s own go before, and what is no day is none', () => {
  expect(periodOf({ days: '7', from: '2026-01-01' }, NOW)).toEqual({
    length: 'own',
    from: '2026-01-01',
    to: undefined,
  });
  expect(periodOf({ days: 'own', to: 'today' }, NOW)).toEqual({ length: 'own', from: undefined, to: undefined });
});

test('own days begin as what was shown, and another length forgets them', () => {
  const shown = periodOf({ days: '7' }, NOW);
  expect(chosen('own', shown, NOW)).toEqual({ days: 'own', from: '2026-03-06', to: '2026-03-12' });
  expect(chosen('90', shown, NOW)).toEqual({ days: '90', from: undefined, to: undefined });
  expect(chosen('30', shown, NOW).days).toBeUndefined();
});
