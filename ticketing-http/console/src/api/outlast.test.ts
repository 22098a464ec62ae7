import { QueryClient } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { outlast } from './outlast';

const KEY = ['list'];

function list(kept: string[] | undefined) {
  const queries = new QueryClient({ defaultOptions: { queries: { networkMode: 'always', retry: false } } });
  if (kept !== undefined) queries.setQueryData(KEY, kept);
  let settle: { answer: (items: string[]) => void; fail: (error: Error) => void } | undefined;
  const queryFn = () => new Promise<string[]>((answer, fail) => (settle = { answer, fail }));
  return {
    queries,
    ask: () => queries.query({ queryKey: KEY, queryFn, staleTime: 0 }).catch(() => undefined),
    answer: (items: string[]) => settle?.answer(items),
    fail: () => settle?.fail(new Error('away')),
    add: (item: string) =>
      outlast(queries, KEY, () =>
        queries.setQueryData<string[]>(KEY, (old) => (old === undefined || old.includes(item) ? old : [item, ...old])),
      ),
    shown: () => queries.getQueryData<string[]>(KEY),
  };
}

it('changes what is kept at once, and what comes in its place', async () => {
  const { ask, add, answer, shown } = list(['a']);
  add('before');
  const asked = ask();
  add('b');
  add('c');
  expect(shown()).toEqual(['c', 'b', 'before', 'a']);
  answer(['c', 'a']);
  await asked;
  expect(shown()).toEqual(['b', 'c', 'a']);
});

it('changes what was not there yet', async () => {
  const { ask, add, answer, shown } = list(undefined);
  const asked = ask();
  add('b');
  expect(shown()).toBeUndefined();
  answer(['a']);
  await asked;
  expect(shown()).toEqual(['b', 'a']);
});

it('changes nothing twice where nothing came, and forgets what is gone', async () => {
  const { queries, ask, add, answer, fail, shown } = list(['a']);
  let asked = ask();
  add('b');
  fail();
  await asked;
  expect(shown()).toEqual(['b', 'a']);
  asked = ask();
  add('c');
  queries.clear();
  answer(['a']);
  await asked;
  expect(shown()).toBeUndefined();
});
