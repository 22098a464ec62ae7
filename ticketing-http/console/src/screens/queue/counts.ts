/** How many tickets there are in each queue, as far as one looks: more than a thousand are "1000+". */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { on } from '../../api/live';
import { useMe } from '../../api/session';
import { useFormat } from '../../format';
import { askCounts } from './ask';

const KEY = ['tickets', 'counts'];
/** Counting costs: however much happens, it is done so often at most. */
const PAUSE_MS = 20_000;

/** After something happened, once it is time and somebody looks at the page. */
function useRecount(): void {
  const queries = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isDue = false;
    const count = () => {
      if (!isDue || document.visibilityState !== 'visible') return;
      isDue = false;
      void queries.invalidateQueries({ queryKey: KEY });
    };
    const stop = on('ticket', () => {
      if (isDue) return;
      const counted = queries.getQueryState(KEY)?.dataUpdatedAt ?? 0;
      timer ??= setTimeout(
        () => {
          timer = undefined;
          isDue = true;
          count();
        },
        Math.max(500, counted + PAUSE_MS - Date.now()),
      );
    });
    document.addEventListener('visibilitychange', count);
    return () => {
      stop();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', count);
    };
  }, [queries]);
}

export function useQueueCounts(): Partial<Record<string, string>> {
  const me = useMe();
  const format = useFormat();
  useRecount();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => askCounts(signal),
    enabled: me.role !== 'customer',
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([queue, { count, is_capped }]) => [
      queue,
      `${format.number(count, { useGrouping: false })}${is_capped ? '+' : ''}`,
    ]),
  );
}
