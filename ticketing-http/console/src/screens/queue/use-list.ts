/** A list of tickets, page by page, and what happens to it while it is kept. */
import {
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
  type QueryClient,
  type QueryKey,
} from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { on } from '../../api/live';
import { loadPeople } from '../../api/people';
import { currentSession } from '../../api/session';
import type { Ticket } from '../../api/types';
import { ticketKey } from '../ticket/use-ticket';
import { askPage } from './ask';
import { matches } from './matches';
import {
  changed,
  isWithin,
  refreshed,
  rowsOf,
  withTickets,
  type PageParam,
  type Pages,
  type TicketPage,
} from './pages';
import { wholeFilter, type View } from './view';

const LISTS = ['tickets', 'list'];
const NEWS = ['tickets', 'news'];
const listKey = (view: View): QueryKey => [...LISTS, view];
const newsKey = (view: View): QueryKey => [...NEWS, view];

/** How long a list that one has left is kept, to come back to where it was. */
const KEPT_MS = 30 * 60_000;
/** Many events at once, as a change of a hundred tickets brings them, are one drawing. */
const GATHER_MS = 40;

/** What came lately: a page that was on its way meanwhile may be older. */
const latest = new Map<string, Ticket>();

function remember(ticket: Ticket): void {
  latest.delete(ticket.id);
  latest.set(ticket.id, ticket);
  for (const oldest of latest.keys()) {
    if (latest.size <= 500) break;
    latest.delete(oldest);
  }
}

async function load(queries: QueryClient, view: View, from: PageParam, signal?: AbortSignal): Promise<TicketPage> {
  const page = await askPage(view, from, signal);
  loadPeople(
    queries,
    page.items.map((ticket) => ticket.customer_id),
  );
  const items = page.items.map((ticket) => {
    const known = latest.get(ticket.id);
    return known !== undefined && known.version > ticket.version ? known : ticket;
  });
  return { ...page, items };
}

function lists(queries: QueryClient): { view: View; key: QueryKey; pages: Pages }[] {
  return queries.getQueriesData<Pages>({ queryKey: LISTS }).flatMap(([key, pages]) => {
    return pages === undefined ? [] : [{ view: key.at(-1) as View, key, pages }];
  });
}

/** Puts what came into every kept list: in place where it is shown, else among what waits to be put in. */
function take(queries: QueryClient, came: ReadonlyMap<string, Ticket>): void {
  const session = currentSession();
  if (!('user' in session)) return;
  for (const { view, key, pages } of lists(queries)) {
    const next = refreshed(pages, came);
    if (next !== pages) queries.setQueryData(key, next);
    const filter = wholeFilter(view, Date.now());
    const shown = new Set(rowsOf(pages.pages).map((ticket) => ticket.id));
    queries.setQueryData<Ticket[]>(newsKey(view), (old = []) => {
      const rest = old.filter((ticket) => !came.has(ticket.id));
      const news = [...came.values()].filter(
        (ticket) =>
          !shown.has(ticket.id) && matches(ticket, filter, session.user.id) && isWithin(pages, ticket, view.sort),
      );
      return rest.length === old.length && news.length === 0 ? old : [...rest, ...news];
    });
  }
}

let isFollowing = false;

/** Lists are kept up to date also while another screen is shown; once for the page. */
function follow(queries: QueryClient): void {
  if (isFollowing) return;
  isFollowing = true;
  let came = new Map<string, Ticket>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hear = (ticket: Ticket) => {
    remember(ticket);
    came.set(ticket.id, ticket);
    timer ??= setTimeout(() => {
      timer = undefined;
      const those = came;
      came = new Map();
      take(queries, those);
    }, GATHER_MS);
  };
  on('ticket', ({ ticket }) => hear(ticket));
  on('missed', (tickets) => tickets.forEach(hear));
  // Something was missed. Those that nobody looks at are forgotten.
  on('reconnected', () => queries.removeQueries({ queryKey: LISTS, type: 'inactive' }));
}

/** Changes tickets in every list and where one looks at one of them. */
export function changeShown(queries: QueryClient, change: (ticket: Ticket) => Ticket): void {
  for (const { key, pages } of lists(queries)) {
    const next = changed(pages, change);
    if (next !== pages) queries.setQueryData(key, next);
  }
}

export function changeOne(queries: QueryClient, number: string, change: (ticket: Ticket) => Ticket): void {
  queries.setQueryData<Ticket>(ticketKey(number), (old) => (old === undefined ? old : change(old)));
}

const NO_NEWS: readonly Ticket[] = [];

export function useList(view: View) {
  const queries = useQueryClient();
  useEffect(() => follow(queries), [queries]);
  const key = useMemo(() => listKey(view), [view]);
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => load(queries, view, pageParam, signal),
    initialPageParam: null as PageParam,
    getNextPageParam: (last): PageParam | undefined =>
      last.next_cursor === null ? undefined : { cursor: last.next_cursor, asked: last.asked },
    // The socket keeps it up to date. To ask for all its pages again would be a storm.
    staleTime: 'static',
    gcTime: KEPT_MS,
    placeholderData: keepPreviousData,
  });
  const { data: news } = useQuery<readonly Ticket[]>({
    queryKey: newsKey(view),
    queryFn: () => NO_NEWS,
    initialData: NO_NEWS,
    staleTime: 'static',
    gcTime: KEPT_MS,
  });
  const { data } = query;
  const rows = useMemo(() => rowsOf(data?.pages ?? []), [data]);

  /** Puts in what has come. */
  const takeIn = useCallback(() => {
    const waiting = queries.getQueryData<Ticket[]>(newsKey(view)) ?? [];
    if (waiting.length === 0) return;
    queries.setQueryData<Pages>(key, (old) => (old === undefined ? old : withTickets(old, waiting, view.sort)));
    queries.setQueryData(newsKey(view), []);
  }, [queries, key, view]);

  /** Asks for the list anew, from its top; what is shown stays until it is there. */
  const reload = useCallback(async () => {
    const page = await load(queries, view, null);
    queries.setQueryData<Pages>(key, { pages: [page], pageParams: [null] });
    queries.setQueryData(newsKey(view), []);
  }, [queries, key, view]);

  return { query, rows, news, takeIn, reload };
}
