/** What one was told: the list, live, and marking it as read. */
import { useInfiniteQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client';
import { useFollow } from '../../api/follow';
import { on } from '../../api/live';
import { outlast } from '../../api/outlast';
import { rowsOf } from '../../api/rows';
import type { Notification, Page } from '../../api/types';
import { toastError } from '../../ui/toast';
import { withRead, withTold, type Pages, type View } from './pages';
import { UNREAD_KEY, type UnreadCount } from './unread';

const LIST = ['notifications', 'list'];

/** Changes all that is kept of the list. */
function change(queries: QueryClient, how: (pages: Pages | undefined, view: View) => Pages | undefined): void {
  for (const [key] of queries.getQueriesData({ queryKey: LIST }))
    outlast(queries, key, () => queries.setQueryData<Pages>(key, (old) => how(old, key[2] as View)));
}

function mark(queries: QueryClient, isRead: (one: Notification) => boolean): void {
  const at = new Date().toISOString();
  change(queries, (pages) => withRead(pages, isRead, at));
}

/** The list is kept up to date also while another screen is shown. */
function follow(queries: QueryClient): void {
  const forget = () => queries.removeQueries({ queryKey: LIST, type: 'inactive' });
  on('notification', ({ unread_count: _count, ...told }) =>
    change(queries, (pages, view) => withTold(pages, view, told)),
  );
  on('unread_count', ({ unread_count: left }) => {
    if (left === 0) {
      mark(queries, () => true);
      return;
    }
    // Elsewhere some were read, and the event does not say which.
    const isMore = ([, pages]: [unknown, Pages | undefined]) =>
      rowsOf(pages?.pages ?? []).filter((one) => one.read_at === undefined).length > left;
    if (!queries.getQueriesData<Pages>({ queryKey: LIST }).some(isMore)) return;
    forget();
    void queries.invalidateQueries({ queryKey: LIST });
  });
  on('reconnected', forget);
}

export function useNotifications(view: View) {
  const queries = useQueryClient();
  const list = useInfiniteQuery({
    queryKey: [...LIST, view],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }): Promise<Page<Notification>> =>
      ok(
        api.GET('/api/notifications', {
          params: {
            query: {
              limit: 50,
              ...(view.isUnread ? { unread: true } : {}),
              ...(view.kinds.length === 0 ? {} : { kind: [...view.kinds] }),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  useFollow(follow);

  const setCount = (change: (count: number) => number) =>
    queries.setQueryData<UnreadCount>(UNREAD_KEY, (old) => (old === undefined ? old : { count: change(old.count) }));
  const again = (error: unknown) => {
    toastError(error);
    void queries.invalidateQueries({ queryKey: ['notifications'] });
  };

  return {
    list,
    /** At once here, then at the server; where that fails, the truth is asked for. */
    read: (one: Notification) => {
      if (one.read_at !== undefined) return;
      mark(queries, (other) => other.id === one.id);
      setCount((count) => Math.max(0, count - 1));
      ok(api.PATCH('/api/notifications/{id}/read', { params: { path: { id: one.id } } })).catch(again);
    },
    readAll: () => {
      mark(queries, () => true);
      setCount(() => 0);
      ok(api.PATCH('/api/notifications/read-all', { body: {} })).then(({ count }) => setCount(() => count), again);
    },
  };
}
