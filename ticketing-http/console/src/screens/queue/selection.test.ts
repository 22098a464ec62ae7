import { expect, it } from 'vitest';
import { NONE, extended, kept, stepped, toggled } from './selection';

const order = ['a', 'b', 'c', 'd', 'e'];
const ids = (selection: typeof NONE) => [...selection.ids].sort().join('');

it('chooses and leaves one', () => {
  const one = toggled(NONE, 'b');
  expect(ids(one)).toBe('b');
  expect(ids(toggled(one, 'b'))).toBe('');
});

it('chooses all between the last choice and here, either way', () => {
  expect(ids(extended(toggled(NONE, 'b'), 'd', order))).toBe('bcd');
  expect(ids(extended(toggled(NONE, 'd'), 'b', order))).toBe('bcd');
  expect(ids(extended(NONE, 'c', order))).toBe('c');
});

it('goes on step by step, and takes back what it took in', () => {
  const two = stepped(NONE, 'b', 'c', order);
  expect(ids(two)).toBe('bc');
  const three = stepped(two, 'c', 'd', order);
  expect(ids(three)).toBe('bcd');
  expect(ids(stepped(three, 'd', 'c', order))).toBe('bc');
  expect(ids(stepped(stepped(two, 'c', 'b', order), 'b', 'a', order))).toBe('ab');
});

it('forgets what is not there any more', () => {
  const all = extended(toggled(NONE, 'a'), 'c', order);
  expect(ids(kept(all, new Set(['a', 'c'])))).toBe('ac');
  expect(kept(all, new Set(order))).toBe(all);
});
