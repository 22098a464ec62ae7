import { expect, test } from 'vitest';
import { differing, isSame } from './differ';

test('only what is not as it was is told', () => {
  const before = { name: 'Office', days: ['mo', 'tu'], note: null as string | null };
  expect(differing(before, { ...before, days: ['mo', 'tu'] })).toEqual({});
  expect(differing(before, { ...before, days: ['tu', 'mo'], note: '' })).toEqual({ days: ['tu', 'mo'], note: '' });
  expect(differing({ ...before, note: 'x' }, before)).toEqual({ note: null });
});

test('things are the same by what they say', () => {
  expect(isSame({ a: [1] }, { a: [1] })).toBe(true);
  expect(isSame(null, undefined)).toBe(false);
});
