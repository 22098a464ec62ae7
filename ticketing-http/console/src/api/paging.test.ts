import { expect, test } from 'vitest';
import { readAll } from './paging';

const { signal } = new AbortController();

test('all pages are read in their order', async () => {
  const pages: Record<string, { items: number[]; next_cursor: string | null }> = {
    first: { items: [1, 2], next_cursor: 'b' },
    b: { items: [3], next_cursor: null },
  };
  const all = await readAll(
    (cursor) => Promise.resolve(pages[cursor ?? 'first'] ?? { items: [], next_cursor: null }),
    signal,
  );
  expect(all).toEqual([1, 2, 3]);
});

test('a list without an end is not read for ever', async () => {
  let asked = 0;
  const all = await readAll(() => Promise.resolve({ items: [asked++], next_cursor: 'on' }), signal);
  expect(all).toHaveLength(20);
});
