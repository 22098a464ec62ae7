/** How many tickets there are in each queue, as far as one looks: more than a thousand are "1000+". */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLive } from '../../api/live';
import { useMe } from '../../api/session';
import { useFormat } from '../../format';
import { askCounts } from './ask';

const KEY = ['tickets', 'counts'];
/** Counting costs: however much happens, it is done so often at most. */
const PAUSE_MS = 20_000;

/** After something happened, once it is time and somebody looks at the page. */
function useRecount(): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLive('ticket', () => {
    const counted = queries.getQueryState(KEY)?.dataUpdatedAt ?? 0;
    timer.current ??= setTimeout(
      () => {
        timer.current = undefined;
        const count = () => void queries.invalidateQueries({ queryKey: KEY });
        if (document.visibilityState === 'visible') count();
        else document.addEventListener('visibilitychange', count, { once: true });
      },
      Math.max(500, counted + PAUSE_MS - Date.now()),
    );
  });
  useEffect(() => () => clearTimeout(timer.current), []);
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
