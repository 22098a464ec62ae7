/** How much one has not read, live. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client';
import { useLive } from '../../api/live';

export const UNREAD_KEY = ['notifications', 'unread'];
export interface UnreadCount {
  count: number;
}

export function useUnreadCount(): number {
  const queries = useQueryClient();
  const set = (count: number) => queries.setQueryData<UnreadCount>(UNREAD_KEY, { count });
  useLive('notification', (event) => set(event.unread_count));
  useLive('unread_count', (event) => set(event.unread_count));
  const { data } = useQuery({
    queryKey: UNREAD_KEY,
    queryFn: ({ signal }) => ok(api.GET('/api/notifications/unread/count', { signal })),
    staleTime: Infinity,
  });
  return data?.count ?? 0;
}
