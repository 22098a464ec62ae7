/** Nobody who presses a key is to wait for code. */
import { useEffect, useRef } from 'react';

/** So long it is waited where it could not be had. */
const AGAIN_MS = 5_000;

/** Loads what will be needed, once what is shown is there; until it is had, since some of it nobody else asks for. */
export function useAhead(load: () => Promise<unknown>, afterMs = 1_500): void {
  const first = useRef(load);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const go = () =>
      void first.current().catch(() => {
        if (!isOver) timer = setTimeout(go, AGAIN_MS);
      });
    timer = setTimeout(go, afterMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [afterMs]);
}
