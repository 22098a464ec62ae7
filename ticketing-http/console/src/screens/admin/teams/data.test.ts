import { expect, it } from 'vitest';
import { withNewest, type Decision, type Decisions } from './data';

const page = (ids: string, next: string | null = null) => ({
  items: Array.from(ids, (id) => ({ id }) as Decision),
  next_cursor: next,
});
const shown = (list: Decisions) => list.pages.map(({ items }) => items.map(({ id }) => id).join(''));
const old: Decisions = { pages: [page('fed', 'x'), page('cb', 'y')], pageParams: [undefined, 'x'] };

it('puts the newest decisions before those that are there', () => {
  expect(shown(withNewest(old, page('hgf', 'z')))).toEqual(['hgfed', 'cb']);
  expect(shown(withNewest(old, page('fed', 'x')))).toEqual(['fed', 'cb']);
});

it('begins anew where more came than one page holds', () => {
  const next = withNewest(old, page('kji', 'z'));
  expect(shown(next)).toEqual(['kji']);
  expect(next.pageParams).toHaveLength(1);
  expect(next.pages[0]?.next_cursor).toBe('z');
});
