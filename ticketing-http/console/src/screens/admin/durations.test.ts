import { expect, test } from 'vitest';
import { readDuration, readWarning } from './durations';

test('durations are read as people type them', () => {
  const all = {
    '4h': '4h',
    ' 2 D ': '2d',
    '24h': '24h',
    '1h30m': '90m',
    '1d 4h': '28h',
    '1h 60m': '2h',
    '60m30s': '3630s',
  };
  for (const [typed, sent] of Object.entries(all)) expect(readDuration(typed)).toBe(sent);
});

test('what is no time is refused', () => {
  for (const typed of ['', '4', 'h', '4x', '1.5h', '-4h', '0h', '3651d', '4h and more', '99999999999h']) {
    expect(readDuration(typed)).toBe(undefined);
  }
});

test('a warning may be a part', () => {
  expect(readWarning('20 %')).toBe('20%');
  expect(readWarning('15m')).toBe('15m');
  for (const typed of ['0%', '100%', '-5%', '%', '']) expect(readWarning(typed)).toBe(undefined);
});
