/** How many tickets there are in each view, as far as one looks: more than a thousand are "1000+". */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, ok } from '../../api/client';
import { on } from '../../api/live';
import { useMe } from '../../api/session';
import { useFormat } from '../../format';
import { VIEWS, type SavedView } from './views';

const KEY = ['tickets', 'counts'];
/** Counting costs: however much happens, it is done so often at most. */
const PAUSE_MS = 20_000;
/** So long the desk may tell a count again that it told before what others did. */
const HELD_MS = 5_000;
/** Others change views, of which nothing is told. */
const VIEWS_MS = 60_000;
/** Time alone changes what is due. */
const AGAIN_MS = 5 * 60_000;

/** After something happened, once it is time and somebody looks at the page. */
function useRecount(me: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isDue = false;
    const count = () => {
      if (!isDue || document.visibilityState !== 'visible') return;
      isDue = false;
      void queries.invalidateQueries({ queryKey: KEY });
    };
    const stop = on('ticket', ({ actor }) => {
      if (isDue) return;
      const counted = queries.getQueryState(KEY)?.dataUpdatedAt ?? 0;
      timer ??= setTimeout(
        () => {
          timer = undefined;
          isDue = true;
          count();
        },
        Math.max(actor?.id === me ? 500 : HELD_MS, counted + PAUSE_MS - Date.now()),
      );
    });
    document.addEventListener('visibilitychange', count);
    return () => {
      stop();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', count);
    };
  }, [queries, me]);
}

export function useViewCounts(): ReadonlyMap<string, string> {
  const me = useMe();
  const format = useFormat();
  const queries = useQueryClient();
  useRecount(me.id);
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      const { items } = await ok(api.GET('/api/views/counts', { signal }));
      // What is counted and not known was made elsewhere, and what is known and not counted is gone.
      const known = queries.getQueryData<SavedView[]>(VIEWS);
      const isSame =
        items.length === known?.length && items.every(({ view_id }) => known.some(({ id }) => id === view_id));
      const readAt = queries.getQueryState(VIEWS)?.dataUpdatedAt ?? 0;
      const isOld = Date.now() - readAt > VIEWS_MS;
      if (known !== undefined && (isOld || !isSame)) void queries.invalidateQueries({ queryKey: VIEWS });
      return items;
    },
    enabled: me.role !== 'customer',
    staleTime: Infinity,
    gcTime: Infinity,
    refetchInterval: AGAIN_MS,
  });
  return new Map(
    data?.flatMap(({ view_id, count, is_capped }) =>
      count === null
        ? []
        : [[view_id, `${format.number(count, { useGrouping: false })}${is_capped ? '+' : ''}`] as const],
    ),
  );
}
