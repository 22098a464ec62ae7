import { useCallback, useSyncExternalStore } from 'react';
import { fullTime, relative, useFormat } from '../format';

/** A clock that many look at: a list has hundreds of moments, and one timer. */
interface Clock {
  now: number;
  timer: ReturnType<typeof setInterval> | undefined;
  listeners: Set<() => void>;
}

const clocks = new Map<number, Clock>();

function clockOf(everyMs: number): Clock {
  let clock = clocks.get(everyMs);
  if (clock === undefined) clocks.set(everyMs, (clock = { now: Date.now(), timer: undefined, listeners: new Set() }));
  // Nobody has looked at it, so it stood still.
  if (clock.timer === undefined && Date.now() - clock.now >= everyMs) clock.now = Date.now();
  return clock;
}

/** Draws anew every half minute, for what counts from or to now. */
export function useNow(everyMs = 30_000): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      const clock = clockOf(everyMs);
      clock.listeners.add(listener);
      clock.timer ??= setInterval(() => {
        clock.now = Date.now();
        for (const one of [...clock.listeners]) one();
      }, everyMs);
      return () => {
        clock.listeners.delete(listener);
        if (clock.listeners.size > 0) return;
        clearInterval(clock.timer);
        clock.timer = undefined;
      };
    },
    [everyMs],
  );
  return useSyncExternalStore(subscribe, () => clockOf(everyMs).now);
}

/** A moment as people speak of it; the exact one in its title. */
export function Ago({ at, short = false }: { at: string; short?: boolean }) {
  const now = useNow();
  useFormat();
  return (
    <time dateTime={at} title={fullTime(at)}>
      {relative(at, now, short ? 'narrow' : 'long')}
    </time>
  );
}
