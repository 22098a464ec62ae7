/** What one was told: the list, live, and marking it as read. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client';
import { useLive } from '../../api/live';
import type { Notification, Page } from '../../api/types';
import { toastError } from '../../ui/toast';
import { withRead, withTold, type Pages, type View } from './pages';
import { UNREAD_KEY, type UnreadCount } from './unread';

const LIST = ['notifications', 'list'];

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
  const mark = (isRead: (one: Notification) => boolean) => {
    const at = new Date().toISOString();
    for (const [key, data] of queries.getQueriesData<Pages>({ queryKey: LIST }))
      queries.setQueryData(key, withRead(data, isRead, at));
  };

  useLive('notification', ({ unread_count: _count, ...told }) => {
    for (const [key, data] of queries.getQueriesData<Pages>({ queryKey: LIST }))
      queries.setQueryData(key, withTold(data, key[2] as View, told));
  });
  useLive('unread_count', ({ unread_count: left }) => {
    if (left === 0) mark(() => true);
    // Elsewhere some were read, and the event does not say which.
    else if (
      (list.data?.pages.flatMap((page) => page.items).filter((one) => one.read_at === undefined).length ?? 0) > left
    )
      void queries.invalidateQueries({ queryKey: LIST });
  });

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
      mark((other) => other.id === one.id);
      setCount((count) => Math.max(0, count - 1));
      ok(api.PATCH('/api/notifications/{id}/read', { params: { path: { id: one.id } } })).catch(again);
    },
    readAll: () => {
      mark(() => true);
      setCount(() => 0);
      ok(api.PATCH('/api/notifications/read-all', { body: {} })).then(({ count }) => setCount(() => count), again);
    },
  };
}
