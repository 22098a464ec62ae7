import { useEffect, useState } from 'react';
import { fullTime, relative, useFormat } from '../format';

/** Draws anew every half minute, for what counts from or to now. */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
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
