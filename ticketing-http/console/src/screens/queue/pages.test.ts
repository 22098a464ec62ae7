import { expect, it } from 'vitest';
import { rowsOf } from '../../api/rows';
import { ticket } from './fixtures';
import { compare } from './order';
import { isWithin, refreshed, withTickets, type Pages } from './pages';

const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T00:00:00Z`;
const made = (id: string, n: number) => ticket({ id, created_at: day(n) });
const pages = (next: string | null = null): Pages => ({
  pages: [
    { items: [made('a', 20), made('b', 18)], next_cursor: 'x' },
    { items: [made('b', 18), made('c', 16)], next_cursor: next },
  ],
  pageParams: [null, 'x'],
});
const ids = (list: Pages) => rowsOf(list.pages).map((one) => one.id);

it('shows a ticket once, though it stands on two pages', () => {
  expect(ids(pages())).toEqual(['a', 'b', 'c']);
});

it('takes what is newer, and leaves pages alone that it does not touch', () => {
  const before = pages();
  const next = refreshed(before, new Map([['c', { ...made('c', 16), subject: 'New', version: 2 }]]));
  expect(rowsOf(next.pages)[2]?.subject).toBe('New');
  expect(next.pages[0]).toBe(before.pages[0]);
  expect(refreshed(next, new Map([['c', made('c', 16)]]))).toBe(next);
});

it('is in the order of the desk’s own fields, too; what has none comes last', () => {
  const held = (id: string, size?: unknown) => ticket({ id, custom_fields: size === undefined ? {} : { size } });
  const order = (sort: string, ...tickets: ReturnType<typeof held>[]) =>
    [...tickets].sort((a, b) => compare(a, b, sort)).map(({ id }) => id);
  const numbers = [held('a', 10), held('b'), held('c', 9), held('d', '')];
  expect(order('custom_fields.size', ...numbers).slice(0, 2)).toEqual(['c', 'a']);
  expect(order('-custom_fields.size', ...numbers).slice(0, 2)).toEqual(['a', 'c']);
  const texts = [held('a', 'zebra'), held('b', 'Ähre'), held('c', 'Apfel'), held('d')];
  expect(order('custom_fields.size', ...texts)).toEqual(['c', 'a', 'b', 'd']);
  const long = 'x'.repeat(40);
  expect(order('custom_fields.size', held('a', `${long}z`), held('b', `${long}a`))).toEqual(['a', 'b']);
});

it('puts tickets where they belong, and none twice', () => {
  const next = withTickets(pages(), [made('y', 10), made('w', 19), made('z', 25), made('a', 20)], '-created_at');
  expect(ids(next)).toEqual(['z', 'a', 'w', 'b', 'c', 'y']);
});

it('puts the first ticket into an empty list', () => {
  const empty: Pages = { pages: [{ items: [], next_cursor: null }], pageParams: [null] };
  expect(ids(withTickets(empty, [made('a', 1)], '-created_at'))).toEqual(['a']);
});

it('leaves to later pages what comes after the loaded part', () => {
  expect(isWithin(pages('y'), made('d', 10), '-created_at')).toBe(false);
  expect(isWithin(pages('y'), made('d', 17), '-created_at')).toBe(true);
  expect(isWithin(pages(null), made('d', 10), '-created_at')).toBe(true);
});

it('orders by what matters, and then by age', () => {
  const [low, high] = [ticket({ id: '2', priority: 'low' }), ticket({ id: '1', priority: 'critical' })];
  expect([low, high].sort((a, b) => compare(a, b, '-priority'))).toEqual([high, low]);
  expect([high, low].sort((a, b) => compare(a, b, 'priority'))).toEqual([low, high]);
  const [old, young] = [ticket({ id: '1' }), ticket({ id: '2' })];
  expect([old, young].sort((a, b) => compare(a, b, '-created_at'))).toEqual([young, old]);
});
