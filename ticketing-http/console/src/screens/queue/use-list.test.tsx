import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type * as Live from '../../api/live';
import { Problem } from '../../api/problem';
import * as session from '../../api/session';
import type { Ticket } from '../../api/types';
import { askPage } from './ask';
import { ticket } from './fixtures';
import { loadJudge } from './judging';
import type { TicketPage } from './pages';
import { MOST_NEWS, useDoubt, useList } from './use-list';
import { viewOf } from './view';
import { VIEWS, type SavedView } from './views';

const heard = new Map<string, ((event: never) => void)[]>();
vi.mock('../../api/live', async (original) => ({
  ...(await original<typeof Live>()),
  on: (name: string, listener: (event: never) => void) => {
    heard.set(name, [...(heard.get(name) ?? []), listener]);
    return () => undefined;
  },
}));
vi.mock('../../api/session', async (original) => ({
  ...(await original<typeof session>()),
  useMe: () => ({ id: 'amelie', role: 'agent' }),
}));
vi.mock('../../api/people', () => ({ loadPeople: () => undefined }));
vi.mock('./ask', () => ({ askPage: vi.fn() }));

/** Answers what was asked first of all that waits. */
let answers: ((page: TicketPage) => void)[] = [];
const queries = new QueryClient({ defaultOptions: { queries: { networkMode: 'always', retry: false } } });

/** As the desk has it, but for its conditions. */
function openView(conditions: unknown[]): SavedView {
  return {
    id: '00000000-0000-7000-8000-000000000005',
    key: 'open',
    conditions,
    match: 'all',
    sort: '-created_at',
    version: 0,
  } as unknown as SavedView;
}

beforeAll(async () => {
  await loadJudge();
});
beforeEach(() => {
  vi.useFakeTimers();
  queries.clear();
  queries.setQueryData(VIEWS, [openView([{ field: 'status', operator: 'in', value: ['open', 'pending'] }])]);
  answers = [];
  vi.mocked(askPage).mockImplementation(() => new Promise((answer) => answers.push(answer)));
  vi.spyOn(session, 'currentSession').mockReturnValue({ state: 'signed-in', user: { id: 'amelie' } } as never);
});

const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T00:00:00Z`;
const made = (id: string, n: number, more: Partial<Ticket> = {}) => ticket({ id, created_at: day(n), ...more });
/** Does it, and waits for what follows. */
const settled = (work: () => unknown, ms = 10) =>
  act(async () => {
    void work();
    await vi.advanceTimersByTimeAsync(ms);
  });
const answer = (items: Ticket[], next: string | null = null) =>
  settled(() => answers.shift()?.({ items, next_cursor: next }));
/** Many that come at once are drawn once. */
const tell = (...tickets: Ticket[]) =>
  settled(() => {
    for (const one of tickets) for (const listener of heard.get('ticket') ?? []) listener({ ticket: one } as never);
  }, 60);

async function list() {
  const view = viewOf({ view: 'open' }, 'mine');
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const ask = vi.fn();
  const { result } = renderHook(
    () => {
      const now = useList(view);
      useDoubt(now.isDoubtful, now.askedAt, ask);
      return now;
    },
    { wrapper },
  );
  await answer([made('b', 20), made('a', 18)], 'more');
  const rows = () => result.current.rows.map((one) => `${one.id} ${one.version}`);
  const news = () => result.current.news.map((one) => one.id);
  return { result, rows, news, ask };
}

it('keeps what came while the next page was on its way', async () => {
  const { result, rows, news } = await list();
  await settled(() => result.current.query.fetchNextPage());
  await tell(made('new', 25), made('a', 18, { version: 2 }), made('late', 11));
  expect(news()).toEqual(['new']);
  await settled(() => result.current.takeIn());
  expect(rows()).toEqual(['new 1', 'b 1', 'a 2']);
  await answer([made('z', 12), made('y', 10)]);
  expect(rows()).toEqual(['new 1', 'b 1', 'a 2', 'z 1', 'y 1']);
  // It would have come with that page, had it been there when that was read.
  expect(news()).toEqual(['late']);
});

it('keeps what came while the first page was on its way', async () => {
  const { result, rows, news } = await list();
  let reloaded = false;
  await settled(() => result.current.reload().then(() => (reloaded = true)));
  await tell(made('new', 25), made('b', 20, { version: 2 }));
  await answer([made('c', 22), made('b', 20)], 'more');
  expect(reloaded).toBe(true);
  expect(rows()).toEqual(['c 1', 'b 2']);
  expect(news()).toEqual(['new']);
});

it('asks anew instead of putting in more than it can hold', async () => {
  const { result, rows, news } = await list();
  await tell(...Array.from({ length: MOST_NEWS + 20 }, (_, at) => made(`new${at}`, 25)));
  expect(news()).toHaveLength(MOST_NEWS + 1);
  await settled(() => result.current.takeIn());
  expect(rows()).toHaveLength(2);
  await settled(() => result.current.reload());
  await answer([made('new1', 25)]);
  expect(rows()).toEqual(['new1 1']);
  expect(news()).toEqual([]);
});

it('asks anew, after a while and once, where it can not say whether a ticket belongs to the view', async () => {
  queries.setQueryData(VIEWS, [openView([{ field: 'description', operator: 'contains', value: 'lamp' }])]);
  const { result, news, ask } = await list();
  expect(result.current.isDoubtful).toBe(false);
  await tell(made('new', 25));
  expect(news()).toEqual([]);
  expect(result.current.isDoubtful).toBe(true);
  // However much happens meanwhile.
  for (let n = 0; n < 3; n++) {
    expect(ask).not.toHaveBeenCalled();
    await settled(() => undefined, 5_000);
    await tell(made(`other${n}`, 25), made('a', 18, { version: n + 2 }));
  }
  await settled(() => undefined, 5_000);
  expect(ask).toHaveBeenCalledTimes(1);
  await settled(() => undefined, 60_000);
  expect(ask).toHaveBeenCalledTimes(1);
  await settled(() => result.current.reload());
  await answer([made('new', 25), made('b', 20)]);
  expect(result.current.isDoubtful).toBe(false);
});

it('draws nothing anew for what is not in the list', async () => {
  const { result } = await list();
  const { data } = result.current.query;
  const { dataUpdatedAt } = result.current.query;
  await tell(made('other', 25, { status: 'closed' }));
  expect(result.current.query.data).toBe(data);
  expect(result.current.query.dataUpdatedAt).toBe(dataUpdatedAt);
});

it('asks anew after a while where time alone changes what is in the view', async () => {
  const { result, ask } = await list();
  await settled(() => undefined, 10 * 60_000);
  expect(ask).not.toHaveBeenCalled();
  const due = { field: 'sla_due_at', operator: 'less_than', value: 'now+4h' };
  await settled(() => queries.setQueryData(VIEWS, [openView([due])]));
  await settled(() => result.current.reload());
  await answer([made('b', 20)]);
  await settled(() => undefined, 4 * 60_000);
  expect(ask).not.toHaveBeenCalled();
  await settled(() => undefined, 2 * 60_000);
  expect(ask).toHaveBeenCalledTimes(1);
});

it('is another list once somebody has made it one of other tickets', async () => {
  const { result } = await list();
  expect(result.current.isOther).toBe(false);
  const [known] = queries.getQueryData<SavedView[]>(VIEWS) ?? [];
  await settled(() => queries.setQueryData(VIEWS, [{ ...known, name: 'Other', version: 1 }]));
  expect(result.current.isOther).toBe(false);
  await settled(() => queries.setQueryData(VIEWS, [{ ...openView([]), version: 2 }]));
  expect(result.current.isOther).toBe(true);
  await settled(() => result.current.reload());
  await answer([made('b', 20)]);
  expect(result.current.isOther).toBe(false);
});

it('can not be gone on with once the view is another one, and asks what that is', async () => {
  const { result } = await list();
  const invalidate = vi.spyOn(queries, 'invalidateQueries').mockResolvedValue();
  vi.mocked(askPage).mockRejectedValueOnce(new Problem(422, { title: 'Invalid', status: 422 }));
  await settled(() => result.current.query.fetchNextPage());
  expect(result.current.isCut).toBe(true);
  expect(invalidate).toHaveBeenCalledWith({ queryKey: VIEWS });
  await settled(() => result.current.reload());
  await answer([made('b', 20)], 'more');
  expect(result.current.isCut).toBe(false);
});
