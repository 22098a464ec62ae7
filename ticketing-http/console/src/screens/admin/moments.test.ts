import { expect, it } from 'vitest';
import { fromLocal, toLocal } from './moments';

it('comes back as it went, to the minute', () => {
  expect(fromLocal(toLocal('2026-03-04T05:06:59Z'))).toBe('2026-03-04T05:06:00.000Z');
});

it('is nothing where nothing whole stands', () => {
  expect(fromLocal('')).toBeUndefined();
  expect(fromLocal('soon')).toBeUndefined();
  expect(toLocal('soon')).toBe('');
});
