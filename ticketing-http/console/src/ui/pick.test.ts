import { expect, test } from 'vitest';
import { fits } from './pick';

test('each word is looked for in the name and beside it', () => {
  const zone = { id: 'America/New_York', name: 'America/New_York', about: 'GMT-5' };
  expect(fits(zone, 'new york')).toBe(true);
  expect(fits(zone, 'YORK gmt')).toBe(true);
  expect(fits(zone, 'london')).toBe(false);
  expect(fits(zone, '')).toBe(true);
});
