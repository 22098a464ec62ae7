/** What was said on a ticket and what happened to it, from the newest back, live. */
import { useInfiniteQuery, useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ok } from '../../../api/client';
import { useLive, type TicketEvent } from '../../../api/live';
import type { Comment, Page, Schemas } from '../../../api/types';

export type Happening = Schemas['Event'];

const commentsKey = (number: string) => ['ticket', number, 'comments'] as const;
const happeningsKey = (number: string) => ['ticket', number, 'timeline'] as const;

type Kept<T> = InfiniteData<Page<T>, string | undefined>;
type Query = { limit: number; cursor?: string };
type Ask<T> = (query: Query) => Promise<Page<T>>;

/** With more than so many pages of a hundred, what is beyond them is left out. */
const MOST_PAGES = 20;

/**
 * A page of a list, from the newest back. The lists begin with the oldest: they are read to the end, and turned around, as
 * one page. Once they can be sorted, this is `ask({ limit: 50, sort: '-created_at', cursor })`; all else is ready for it.
 */
async function newestFirst<T>(ask: Ask<T>, cursor: string | undefined): Promise<Page<T>> {
  const items: T[] = [];
  let next = cursor;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await ask({ limit: 100, ...(next === undefined ? {} : { cursor: next }) });
    items.push(...answer.items);
    if (answer.next_cursor === null) break;
    next = answer.next_cursor;
  }
  return { items: items.reverse(), next_cursor: null };
}

export interface History {
  /** Newest first. */
  comments: Comment[];
  /** Newest first. */
  happenings: Happening[];
  isPending: boolean;
  error: unknown;
  /** Whether there is more on the desk than what is here. */
  hasOlder: boolean;
  loadOlder: () => void;
  retry: () => void;
}

export function useHistory(number: string): History {
  const queries = useQueryClient();
  const path = { ticket: number };
  const comments = useInfiniteQuery({
    queryKey: commentsKey(number),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      newestFirst<Comment>(
        (query) => ok(api.GET('/api/tickets/{ticket}/comments', { params: { path, query }, signal })),
        pageParam,
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const happenings = useInfiniteQuery({
    queryKey: happeningsKey(number),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      newestFirst<Happening>(
        (query) => ok(api.GET('/api/tickets/{ticket}/timeline', { params: { path, query }, signal })),
        pageParam,
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  useLive('ticket', (event) => {
    if (event.ticket.ticket_number === number) placeEvent(queries, event);
  });

  const { fetchNextPage: moreComments, hasNextPage: hasMoreComments } = comments;
  const { fetchNextPage: moreHappenings, hasNextPage: hasMoreHappenings } = happenings;
  const said = useMemo(() => comments.data?.pages.flatMap((page) => page.items) ?? [], [comments.data]);
  const happened = useMemo(() => happenings.data?.pages.flatMap((page) => page.items) ?? [], [happenings.data]);
  const horizon = later(
    hasMoreComments ? said.at(-1)?.created_at : undefined,
    hasMoreHappenings ? happened.at(-1)?.at : undefined,
  );
  return {
    comments: useMemo(() => said.filter((one) => horizon === undefined || one.created_at >= horizon), [said, horizon]),
    happenings: useMemo(
      () => happened.filter((one) => horizon === undefined || one.at >= horizon),
      [happened, horizon],
    ),
    isPending: comments.isPending || happenings.isPending,
    error: comments.error ?? happenings.error,
    hasOlder: hasMoreComments || hasMoreHappenings,
    loadOlder: () => {
      // Of two lists that end at different moments, the one that ends later hides what the other has.
      if (hasMoreComments && said.at(-1)?.created_at === horizon) void moreComments();
      if (hasMoreHappenings && happened.at(-1)?.at === horizon) void moreHappenings();
    },
    retry: () => {
      void comments.refetch();
      void happenings.refetch();
    },
  };
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a > b ? a : b;
}

/** Puts what just happened in place. */
function placeEvent(queries: QueryClient, event: TicketEvent): void {
  const number = event.ticket.ticket_number;
  if (event.comment !== undefined) placeComment(queries, number, event.comment);
  // Comments go with the ticket; which, the event does not say to everybody.
  if (event.type === 'ticket.merged' || event.type === 'ticket.unmerged')
    void queries.invalidateQueries({ queryKey: commentsKey(number) });
  const happening: Happening = {
    event_id: event.event_id,
    type: event.type ?? 'ticket.updated',
    at: event.at,
    actor: { id: event.actor?.id ?? null, name: event.actor?.name ?? '', role: event.actor?.role ?? 'system' },
    ticket_id: event.ticket.id,
    data: { ...event.data, ...(event.changes === undefined ? {} : { changes: event.changes }) },
  };
  place<Happening>(queries, happeningsKey(number), happening, (one) => one.event_id);
}

/** Puts a comment in place: a new one at the end, one that is there anew unless it is older. */
export function placeComment(queries: QueryClient, number: string, comment: Comment): void {
  place<Comment>(
    queries,
    commentsKey(number),
    comment,
    (one) => one.id,
    (old, next) => next.version >= old.version,
  );
}

function place<T>(
  queries: QueryClient,
  key: readonly unknown[],
  item: T,
  id: (one: T) => string,
  isNewer: (old: T, next: T) => boolean = () => false,
): void {
  const kept = queries.getQueryData<Kept<T>>(key);
  if (kept === undefined) {
    // What is being asked for now may just miss it.
    if (queries.isFetching({ queryKey: key, exact: true }) > 0)
      void queries.invalidateQueries({ queryKey: key, exact: true });
    return;
  }
  queries.setQueryData<Kept<T>>(key, { ...kept, pages: placed(kept.pages, item, id, isNewer) });
}

/** The pages, newest first, with this in its place. */
export function placed<T>(
  pages: Page<T>[],
  item: T,
  id: (one: T) => string,
  isNewer: (old: T, next: T) => boolean,
): Page<T>[] {
  const isThere = pages.some((page) => page.items.some((one) => id(one) === id(item)));
  if (!isThere) return pages.map((page, at) => (at === 0 ? { ...page, items: [item, ...page.items] } : page));
  return pages.map((page) => ({
    ...page,
    items: page.items.map((one) => (id(one) === id(item) && isNewer(one, item) ? item : one)),
  }));
}
