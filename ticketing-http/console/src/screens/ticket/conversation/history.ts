/** What was said on a ticket and what happened to it, from the newest back, live. */
import { useInfiniteQuery, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ok } from '../../../api/client';
import { useFollow } from '../../../api/follow';
import { on, type TicketEvent } from '../../../api/live';
import { outlast } from '../../../api/outlast';
import type { Comment, Page, Schemas } from '../../../api/types';

export type Happening = Schemas['Event'];

const commentsKey = (number: string) => ['ticket', number, 'comments'] as const;
const happeningsKey = (number: string) => ['ticket', number, 'timeline'] as const;

type Kept<T> = InfiniteData<Page<T>, string | undefined>;
/** How much of each list is asked for at once: one page of each is more than one sees at first. */
const LIMIT = 50;

/** What is asked for: a page from the newest back. */
const pageAt = (cursor: string | undefined) => ({
  limit: LIMIT,
  sort: '-created_at',
  ...(cursor === undefined ? {} : { cursor }),
});

export interface History {
  /** Newest first. */
  comments: Comment[];
  /** Newest first. */
  happenings: Happening[];
  isPending: boolean;
  /** Why there is nothing of one of them, or nothing older. */
  error: unknown;
  /** Whether what is missing is what was before. */
  isOlderMissing: boolean;
  /** Whether there is more on the desk than what is here. */
  hasOlder: boolean;
  /** Whether any of it is on its way: nothing older can be asked for until that is there. */
  isLoading: boolean;
  loadOlder: () => void;
  retry: () => void;
}

/** What was asked for once is kept up to date also while another screen is shown. */
function follow(queries: QueryClient): void {
  on('ticket', (event) => placeEvent(queries, event));
}

export function useHistory(number: string): History {
  const path = { ticket: number };
  const comments = useInfiniteQuery({
    queryKey: commentsKey(number),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      ok(api.GET('/api/tickets/{ticket}/comments', { params: { path, query: pageAt(pageParam) }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const happenings = useInfiniteQuery({
    queryKey: happeningsKey(number),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      ok(api.GET('/api/tickets/{ticket}/timeline', { params: { path, query: pageAt(pageParam) }, signal })),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  useFollow(follow);

  const { fetchNextPage: moreComments, hasNextPage: hasMoreComments } = comments;
  const { fetchNextPage: moreHappenings, hasNextPage: hasMoreHappenings } = happenings;
  const said = useMemo(() => comments.data?.pages.flatMap((page) => page.items) ?? [], [comments.data]);
  const happened = useMemo(() => happenings.data?.pages.flatMap((page) => page.items) ?? [], [happenings.data]);
  const horizon = later(
    hasMoreComments ? said.at(-1)?.created_at : undefined,
    hasMoreHappenings ? happened.at(-1)?.at : undefined,
  );
  const loadOlder = () => {
    // Of two lists that end at different moments, the one that ends later hides what the other has. Who asks again
    // meanwhile waits for what is on its way.
    if (hasMoreComments && said.at(-1)?.created_at === horizon) void moreComments({ cancelRefetch: false });
    if (hasMoreHappenings && happened.at(-1)?.at === horizon) void moreHappenings({ cancelRefetch: false });
  };
  const isOlderMissing = comments.isFetchNextPageError || happenings.isFetchNextPageError;
  return {
    comments: useMemo(() => said.filter((one) => horizon === undefined || one.created_at >= horizon), [said, horizon]),
    happenings: useMemo(
      () => happened.filter((one) => horizon === undefined || one.at >= horizon),
      [happened, horizon],
    ),
    isPending: comments.isPending || happenings.isPending,
    error: comments.error ?? happenings.error,
    isOlderMissing,
    hasOlder: hasMoreComments || hasMoreHappenings,
    isLoading: comments.isFetching || happenings.isFetching,
    loadOlder,
    retry: () => {
      if (isOlderMissing) {
        loadOlder();
        return;
      }
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
  if (event.type === 'ticket.merged' || event.type === 'ticket.unmerged') {
    queries.removeQueries({ queryKey: commentsKey(number), type: 'inactive' });
    void queries.invalidateQueries({ queryKey: commentsKey(number) });
  }
  const happening: Happening = {
    event_id: event.event_id,
    type: event.type ?? 'ticket.updated',
    at: event.at,
    actor: { id: event.actor?.id ?? null, name: event.actor?.name ?? '', role: event.actor?.role ?? 'system' },
    ticket_id: event.ticket.id,
    data: { ...event.data, ...(event.changes === undefined ? {} : { changes: event.changes }) },
  };
  place<Happening>(queries, happeningsKey(number), happening, { id: (one) => one.event_id, at: (one) => one.at });
}

/** How the members of a list are told apart. */
export interface Kind<T> {
  id: (one: T) => string;
  at: (one: T) => string;
  /** Whether the next takes the place of the old one; else the old one stays. */
  isNewer?: (old: T, next: T) => boolean;
}

export const COMMENT: Kind<Comment> = {
  id: (one) => one.id,
  at: (one) => one.created_at,
  isNewer: (old, next) => next.version >= old.version,
};

/** Puts a comment in place: a new one at the end, one that is there anew unless it is older. */
export function placeComment(queries: QueryClient, number: string, comment: Comment): void {
  place(queries, commentsKey(number), comment, COMMENT);
}

function place<T>(queries: QueryClient, key: readonly unknown[], item: T, kind: Kind<T>): void {
  outlast(queries, key, () =>
    queries.setQueryData<Kept<T>>(key, (kept) => kept && { ...kept, pages: placed(kept.pages, item, kind) }),
  );
}

/** The pages, newest first, with this in its place; what belongs to a page that is not loaded yet comes with it. */
export function placed<T>(pages: Page<T>[], item: T, { id, at, isNewer = () => false }: Kind<T>): Page<T>[] {
  const isThere = pages.some((page) => page.items.some((one) => id(one) === id(item)));
  const oldest = pages.at(-1)?.next_cursor == null ? undefined : pages.flatMap((page) => page.items).at(-1);
  if (!isThere && oldest !== undefined && at(item) < at(oldest)) return pages;
  if (!isThere) return pages.map((page, at) => (at === 0 ? { ...page, items: [item, ...page.items] } : page));
  return pages.map((page) => ({
    ...page,
    items: page.items.map((one) => (id(one) === id(item) && isNewer(one, item) ? item : one)),
  }));
}
