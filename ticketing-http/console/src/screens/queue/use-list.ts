/** A list of tickets, page by page, and what happens to it while it is kept. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { knownCustomFields } from '../../api/custom-fields';
import { useFollow } from '../../api/follow';
import { on } from '../../api/live';
import { outlast } from '../../api/outlast';
import { loadPeople } from '../../api/people';
import { Problem } from '../../api/problem';
import { rowsOf } from '../../api/rows';
import { currentSession } from '../../api/session';
import type { Ticket } from '../../api/types';
import { ticketKey } from '../ticket/place';
import { askPage } from './ask';
import { withJudge, type Judge } from './judging';
import { changed, isWithin, refreshed, withTickets, type PageParam, type Pages, type TicketPage } from './pages';
import { sortOf, type View } from './view';
import { VIEWS, knownView, useView, type SavedView } from './views';

const LISTS = ['tickets', 'list'];
const NEWS = ['tickets', 'news'];
/** What a list is known by: which columns are shown makes no other of it. */
const asked = ({ columns: _columns, ...view }: View): View => view;
const listKey = (view: View): QueryKey => [...LISTS, asked(view)];
const newsKey = (view: View): QueryKey => [...NEWS, asked(view)];
const doubtKey = (view: View): QueryKey => ['doubtful', asked(view)];

const NO_NEWS: readonly Ticket[] = [];
/** How long a list that one has left is kept, to come back to where it was. */
const KEPT_MS = 30 * 60_000;
/** Many events at once, as a change of a hundred tickets brings them, are one drawing. */
const GATHER_MS = 40;

/** However much happens that this page can't judge, a list is asked for anew so often at most. */
const PAUSE_MS = 20_000;
/** Time alone changes what is in some lists, which are asked for anew as often as they are counted. */
const TIMED_MS = 5 * 60_000;
/** What happened is in lists after it. */
const REST_MS = 1_000;

/** As many can be put in by hand; of more, the list is asked for anew. */
export const MOST_NEWS = 100;

/** What a view says of which tickets there are, and in which order. */
const saidOf = (saved: SavedView | undefined): string | undefined =>
  saved && JSON.stringify([saved.conditions, saved.match, saved.sort]);

/** Whether that is counted from whenever somebody looks. */
const isTimed = (said: string | undefined): boolean => /"now[+-]?|"older_than"/.test(said ?? '');

/** A list can't be gone on with, since its view is another one by now. */
const isCutOff = (error: unknown): boolean => error instanceof Problem && error.status === 422;

async function load(queries: QueryClient, view: View, from: PageParam, signal: AbortSignal): Promise<TicketPage> {
  const said = saidOf(knownView(queries, view.ref));
  const page = await askPage(view, from, signal).catch((error: unknown) => {
    if (from !== null && isCutOff(error)) void queries.invalidateQueries({ queryKey: VIEWS });
    throw error;
  });
  loadPeople(
    queries,
    page.items.map((ticket) => ticket.customer_id),
  );
  // What waited to be put in is there.
  if (from === null) {
    queries.setQueryData(newsKey(view), NO_NEWS);
    queries.setQueryData(doubtKey(view), false);
  }
  return { ...page, said: said ?? saidOf(knownView(queries, view.ref)), askedAt: Date.now() };
}

/** Does this to every kept list, and again where what is on its way there may not know of it. */
function toLists(queries: QueryClient, work: (key: QueryKey) => void): void {
  for (const [key] of queries.getQueriesData({ queryKey: LISTS })) outlast(queries, key, () => work(key));
}

/** Puts what came into a list: in place where it is shown, else among what waits to be put in. */
function take(queries: QueryClient, key: QueryKey, came: ReadonlyMap<string, Ticket>, judge: Judge | undefined): void {
  const session = currentSession();
  const pages = queries.getQueryData<Pages>(key);
  if (!('user' in session) || pages === undefined) return;
  const view = key.at(-1) as View;
  const now = refreshed(pages, came);
  if (now !== pages) queries.setQueryData(key, now);
  const saved = knownView(queries, view.ref);
  const custom = knownCustomFields(queries);
  const verdicts = new Map(
    [...came.values()].map((ticket) => [ticket, judge?.(ticket, view, saved, session.user.id, custom)]),
  );
  if ([...verdicts.values()].includes(undefined)) queries.setQueryData(doubtKey(view), true);
  const shown = new Set(rowsOf(pages.pages).map((ticket) => ticket.id));
  queries.setQueryData<readonly Ticket[]>(newsKey(view), (old = NO_NEWS) => {
    if (old.length > MOST_NEWS) return old;
    const rest = old.filter((ticket) => !came.has(ticket.id));
    const news = [...came.values()].filter(
      (ticket) =>
        !shown.has(ticket.id) && verdicts.get(ticket) === true && isWithin(pages, ticket, sortOf(view, saved)),
    );
    return rest.length === old.length && news.length === 0 ? old : [...rest, ...news].slice(0, MOST_NEWS + 1);
  });
}

/** Lists are kept up to date also while another screen is shown. */
function follow(queries: QueryClient): void {
  let came = new Map<string, Ticket>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hear = (ticket: Ticket) => {
    came.set(ticket.id, ticket);
    timer ??= setTimeout(() => {
      timer = undefined;
      const those = came;
      came = new Map();
      withJudge((judge) => toLists(queries, (key) => take(queries, key, those, judge)));
    }, GATHER_MS);
  };
  on('ticket', ({ ticket }) => hear(ticket));
  on('missed', (tickets) => tickets.forEach(hear));
  // Something was missed. Those that nobody looks at are forgotten.
  on('reconnected', () => queries.removeQueries({ queryKey: LISTS, type: 'inactive' }));
}

/** Changes tickets in every list and where one looks at one of them. */
export function changeShown(queries: QueryClient, change: (ticket: Ticket) => Ticket): void {
  toLists(queries, (key) => queries.setQueryData<Pages>(key, (old) => old && changed(old, change)));
}

export function changeOne(queries: QueryClient, number: string, change: (ticket: Ticket) => Ticket): void {
  queries.setQueryData<Ticket>(ticketKey(number), (old) => (old === undefined ? old : change(old)));
}

/** Does it once it is known that a list may not be right, and again after a while where it still may not be. */
export function useDoubt(isDoubtful: boolean, askedAt: number, ask: () => void): void {
  const newest = useRef(ask);
  useEffect(() => {
    newest.current = ask;
  });
  useEffect(() => {
    if (!isDoubtful) return;
    let isDue = false;
    const askNow = () => {
      if (!isDue || document.visibilityState !== 'visible') return;
      isDue = false;
      newest.current();
    };
    const timer = setTimeout(
      () => {
        isDue = true;
        askNow();
      },
      Math.max(REST_MS, askedAt + PAUSE_MS - Date.now()),
    );
    document.addEventListener('visibilitychange', askNow);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', askNow);
    };
  }, [isDoubtful, askedAt]);
}

export function useList(view: View) {
  const queries = useQueryClient();
  useFollow(follow);
  const options = useMemo(
    () => ({
      queryKey: listKey(view),
      queryFn: ({ pageParam, signal }: { pageParam: PageParam; signal: AbortSignal }) =>
        load(queries, view, pageParam, signal),
      initialPageParam: null as PageParam,
      getNextPageParam: (last: TicketPage): PageParam | undefined => last.next_cursor ?? undefined,
    }),
    [queries, view],
  );
  const query = useInfiniteQuery({
    ...options,
    // The socket keeps it up to date. To ask for all its pages again would be a storm.
    staleTime: 'static',
    gcTime: KEPT_MS,
    placeholderData: keepPreviousData,
  });
  const { data: news } = useQuery({
    queryKey: newsKey(view),
    queryFn: () => NO_NEWS,
    initialData: NO_NEWS,
    staleTime: 'static',
    gcTime: KEPT_MS,
  });
  const { data: isDoubtful } = useQuery({
    queryKey: doubtKey(view),
    queryFn: () => false,
    initialData: false,
    staleTime: 'static',
    gcTime: KEPT_MS,
  });
  const saved = useView(view.ref);
  const sort = sortOf(view, saved);
  const { data } = query;
  const rows = useMemo(() => rowsOf(data?.pages ?? []), [data]);

  /** Puts in what has come, unless it is too much. */
  const takeIn = useCallback(() => {
    const waiting = queries.getQueryData<readonly Ticket[]>(newsKey(view)) ?? NO_NEWS;
    if (waiting.length === 0 || waiting.length > MOST_NEWS) return;
    outlast(queries, listKey(view), () => {
      queries.setQueryData<Pages>(listKey(view), (old) => old && withTickets(old, waiting, sort));
      queries.setQueryData<readonly Ticket[]>(newsKey(view), (old = NO_NEWS) =>
        old.filter(({ id }) => !waiting.some((ticket) => ticket.id === id)),
      );
    });
  }, [queries, view, sort]);

  /** Asks for the list anew, from its top; what is shown stays until it is there. */
  const reload = useCallback(async () => {
    await queries.cancelQueries({ queryKey: options.queryKey, exact: true });
    await queries.infiniteQuery({ ...options, gcTime: KEPT_MS, staleTime: 0, retry: false, pages: 1 });
  }, [queries, options]);

  const { said, askedAt = 0 } = data?.pages[0] ?? {};
  const saysNow = useMemo(() => saidOf(saved), [saved]);
  useEffect(() => {
    if (askedAt === 0 || !isTimed(saysNow)) return;
    const timer = setTimeout(
      () => queries.setQueryData(doubtKey(view), true),
      Math.max(0, askedAt + TIMED_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [queries, view, askedAt, saysNow]);
  /** Somebody has changed since which tickets the view has, or their order. */
  const isOther = said !== undefined && saysNow !== undefined && said !== saysNow;
  const isCut = query.isFetchNextPageError && isCutOff(query.error);
  return { query, rows, news, takeIn, reload, saved, sort, isDoubtful, askedAt, isOther, saysNow, isCut };
}
