import { describe, expect, it } from 'vitest';
import type { Notification } from '../../api/types';
import { byDay, withRead, withTold, type Pages, type View } from './pages';

const one = (id: string, more: Partial<Notification> = {}) =>
  ({ id, kind: 'mention', created_at: '2026-11-28T10:00:00Z', count: 1, ...more }) as Notification;
const list = (...pages: Notification[][]): Pages => ({
  pages: pages.map((items) => ({ items, next_cursor: null })),
  pageParams: pages.map(() => undefined),
});
const ids = (data: Pages | undefined) => data?.pages.map((page) => page.items.map((item) => item.id));
const all: View = { isUnread: false, kinds: [] };

describe('withTold', () => {
  it('puts what is new on top, and what was added to something where it stands', () => {
    const data = list([one('b')], [one('a')]);
    expect(ids(withTold(data, all, one('c')))).toEqual([['c', 'b'], ['a']]);
    const joined = withTold(data, all, one('a', { count: 2 }));
    expect(ids(joined)).toEqual([['b'], ['a']]);
    expect(joined?.pages[1]?.items[0]?.count).toBe(2);
  });

  it('lets in only what one looks for', () => {
    const data = list([one('a')]);
    expect(withTold(data, { isUnread: false, kinds: ['escalation'] }, one('b'))).toBe(data);
    expect(withTold(data, { isUnread: true, kinds: [] }, one('b', { read_at: 'now' }))).toBe(data);
    expect(withTold(undefined, all, one('b'))).toBeUndefined();
  });
});

describe('withRead', () => {
  it('marks what is meant, and leaves when it was read before', () => {
    const data = list([one('a'), one('b', { read_at: 'before' }), one('c')]);
    const read = withRead(data, (item) => item.id !== 'c', 'now');
    expect(read?.pages[0]?.items.map((item) => item.read_at)).toEqual(['now', 'before', undefined]);
  });
});

describe('byDay', () => {
  it('begins anew with each day', () => {
    const items = [
      one('c', { created_at: '2026-11-28T10:00:00Z' }),
      one('b', { created_at: '2026-11-28T09:00:00Z' }),
      one('a', { created_at: '2026-11-27T09:00:00Z' }),
    ];
    const days = byDay(items, (at) => at.slice(0, 10));
    expect(days.map(({ day, items: those }) => [day, those.length])).toEqual([
      ['2026-11-28', 2],
      ['2026-11-27', 1],
    ]);
    expect(byDay([], (at) => at)).toEqual([]);
  });
});
