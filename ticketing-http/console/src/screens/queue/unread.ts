/** Of which tickets one was told something that one has not read, live. */
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ok } from '../../api/client';
import { useFollow } from '../../api/follow';
import { on } from '../../api/live';
import { outlast } from '../../api/outlast';

const KEY = ['notifications', 'unread', 'tickets'];
/** More than these have no dot. */
const LIMIT = 100;
const PAUSE_MS = 5_000;

/** Tickets by the notification that tells of them. */
type Unread = Readonly<Partial<Record<string, string>>>;

/** Opening a ticket reads what one was told of it. */
export function readTicket(queries: QueryClient, ticketId: string): void {
  queries.setQueryData<Unread>(KEY, (old) =>
    old === undefined ? old : Object.fromEntries(Object.entries(old).filter(([, ticket]) => ticket !== ticketId)),
  );
}

/** Goes on while another screen is shown. */
function follow(queries: QueryClient): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  on('notification', ({ id, ticket_id }) => {
    if (ticket_id === null) return;
    outlast(queries, KEY, () => queries.setQueryData<Unread>(KEY, (old) => old && { ...old, [id]: ticket_id }));
  });
  // Something was read elsewhere: which, only the list knows.
  on('unread_count', ({ unread_count }) => {
    const known = queries.getQueryData<Unread>(KEY);
    if (known === undefined || unread_count >= Object.keys(known).length) return;
    if (unread_count === 0) queries.setQueryData<Unread>(KEY, {});
    else
      timer ??= setTimeout(() => {
        timer = undefined;
        void queries.invalidateQueries({ queryKey: KEY });
      }, PAUSE_MS);
  });
}

export function useUnreadTickets(): ReadonlySet<string> {
  useFollow(follow);
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }): Promise<Unread> => {
      const { items } = await ok(
        api.GET('/api/notifications', { params: { query: { unread: true, limit: LIMIT } }, signal }),
      );
      return Object.fromEntries(items.flatMap(({ id, ticket_id }) => (ticket_id === null ? [] : [[id, ticket_id]])));
    },
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return useMemo(() => new Set(Object.values(data ?? {}).filter((id) => id !== undefined)), [data]);
}
