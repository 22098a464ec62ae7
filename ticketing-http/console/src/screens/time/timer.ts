/**
 * One's timer, which lives on the desk: this page shows what it was told of it, and asks again when somebody comes back
 * to the page, since it may have been changed on another.
 */
import { queryOptions, useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, ok } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Schemas } from '../../api/types';
import { say } from '../../text';
import { useNow } from '../../ui/time';
import { toastError } from '../../ui/toast';
import { useLast } from '../../ui/use-last';
import { useOnce } from '../../ui/use-once';
import { timerText } from './text';

export type Timer = Schemas['Timer'];

export const TIMER_KEY = ['timer'];
/** Everything that is told of logged time. */
export const TIME_KEY = ['time'];

const timerQuery = queryOptions({
  queryKey: TIMER_KEY,
  queryFn: async ({ signal }) => (await ok(api.GET('/api/timer', { signal, cache: 'no-store' }))).timer,
  // It is asked for by what happens, not by how old it is.
  staleTime: Infinity,
});

/** Undefined until it is known, null where there is none. */
export function useTimer(): Timer | null | undefined {
  return useQuery(timerQuery).data;
}

/** Coming back within this is no reason to ask again. */
const FRESH_MS = 2_000;

/** Asks again when somebody comes back to this page; once for the page. */
export function useTimerWhenBack(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const back = () => {
      const age = Date.now() - (queries.getQueryState(TIMER_KEY)?.dataUpdatedAt ?? 0);
      if (document.visibilityState === 'visible' && age > FRESH_MS)
        void queries.invalidateQueries({ queryKey: TIMER_KEY });
    };
    window.addEventListener('focus', back);
    document.addEventListener('visibilitychange', back);
    return () => {
      window.removeEventListener('focus', back);
      document.removeEventListener('visibilitychange', back);
    };
  }, [queries]);
}

/** How long it has run, in whole seconds, by the clock of the desk: that of this machine may be wrong. */
export function useElapsed(timer: Timer | null | undefined): number {
  const { dataUpdatedAt } = useQuery(timerQuery);
  const now = useNow(timer?.is_running === true ? 1_000 : 3_600_000);
  if (timer == null) return 0;
  return timer.elapsed_seconds + (timer.is_running ? Math.max(0, Math.floor((now - dataUpdatedAt) / 1_000)) : 0);
}

/** Logged time was added, changed or taken away: sums and lists are asked for anew. */
export function timeChanged(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ queryKey: TIME_KEY });
}

/** What the desk says no to because its timer is not as it was shown here. */
export const isTimerRunning = (error: unknown): boolean => error instanceof Problem && error.code === 'timer_running';

/** Each of them is done on the desk first, and shown then. */
export function useTimerChange() {
  const queries = useQueryClient();
  const once = useOnce();
  // A timer that was seen, and is gone again, is no answer to a start that comes after it.
  const last = useLast(useTimer()?.started_at);
  const put = (timer: Timer | null) => {
    void queries.cancelQueries({ queryKey: TIMER_KEY });
    queries.setQueryData(TIMER_KEY, timer);
  };
  /** It may be gone, or another: what is shown was not true. */
  const askAgain = () => void queries.invalidateQueries({ queryKey: TIMER_KEY });
  const failed = (error: unknown) => {
    askAgain();
    toastError(error);
  };
  /** The desk ends whatever timer is there: only the one that was shown is meant. */
  const beSure = async ({ started_at }: Timer) => {
    const there = await queries.query({ ...timerQuery, staleTime: 0 });
    if (there !== null && there.started_at !== started_at) throw new Error(say(timerText).another);
  };
  /** Says what goes wrong to whoever asked for it, as `discard` does. */
  const start = useMutation({
    mutationFn: (body: Schemas['TimerStart']) =>
      once(['start', body, last], (header) => ok(api.POST('/api/timer/start', { params: { header }, body }))),
    onSuccess: ({ logged, ...timer }) => {
      put(timer);
      if (logged !== undefined) void timeChanged(queries);
    },
    onError: askAgain,
  });
  const pause = useMutation({
    // What it was then is part of what is sent: another timer is stopped under another key.
    mutationFn: ({ timer, to }: { timer: Timer; to: 'pause' | 'resume' }) =>
      once([to, timer.started_at, timer.running_since], (header) =>
        ok(api.POST(`/api/timer/${to}`, { params: { header } })),
      ),
    onSuccess: put,
    onError: failed,
  });
  const stop = useMutation({
    mutationFn: async (timer: Timer) => {
      await beSure(timer);
      return once(['stop', timer.started_at], (header) => ok(api.POST('/api/timer/stop', { params: { header } })));
    },
    onSuccess: () => {
      put(null);
      void timeChanged(queries);
    },
    onError: failed,
  });
  const discard = async (timer: Timer) => {
    try {
      await beSure(timer);
      await ok(api.DELETE('/api/timer'));
    } catch (error) {
      askAgain();
      throw error;
    }
    put(null);
  };
  return { start, pause, stop, discard, isBusy: start.isPending || pause.isPending || stop.isPending };
}
