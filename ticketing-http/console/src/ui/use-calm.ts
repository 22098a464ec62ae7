import { useCallback, useEffect, useRef } from 'react';

/**
 * Does something after it was called for, however often that is: not sooner than so long after the last time, and only
 * while somebody looks at the page.
 */
export function useCalm(work: () => void, pauseMs: number): () => void {
  const newest = useRef(work);
  useEffect(() => {
    newest.current = work;
  });
  const state = useRef<{ timer?: ReturnType<typeof setTimeout> | undefined; last: number; isDue: boolean }>({
    last: 0,
    isDue: false,
  });
  useEffect(() => {
    const now = state.current;
    const look = () => {
      if (now.isDue) run(now, newest.current);
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      clearTimeout(now.timer);
      now.timer = undefined;
    };
  }, []);
  return useCallback(() => {
    const now = state.current;
    now.timer ??= setTimeout(
      () => {
        now.timer = undefined;
        now.isDue = true;
        run(now, newest.current);
      },
      Math.max(LEAST_MS, now.last + pauseMs - Date.now()),
    );
  }, [pauseMs]);
}

/** What belongs together comes within this time. */
const LEAST_MS = 300;

function run(now: { last: number; isDue: boolean }, work: () => void): void {
  if (document.visibilityState !== 'visible') return;
  now.isDue = false;
  now.last = Date.now();
  work();
}
