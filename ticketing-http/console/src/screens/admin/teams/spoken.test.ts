import { expect, test } from 'vitest';
import { spoken } from './spoken';

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [59, '59 seconds'],
  [61, '1 minute, 1 second'],
  [3_600, '1 hour'],
  [5_400, '1 hour, 30 minutes'],
  [36_060, '10 hours'],
  [187_200, '2 days, 4 hours'],
  [864_000 + 7_200, '10 days'],
])('%i seconds are %s', (seconds, words) => {
  expect(spoken(seconds)).toBe(words);
});
