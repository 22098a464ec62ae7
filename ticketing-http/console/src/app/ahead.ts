/** Nobody who presses a key is to wait for code. */
import { useEffect, useRef } from 'react';

/** Loads what will be needed, once what is shown is there. Where it can't be had, whoever needs it asks for it again. */
export function useAhead(load: () => Promise<unknown>, afterMs = 1_500): void {
  const first = useRef(load);
  useEffect(() => {
    const timer = setTimeout(() => void first.current().catch(() => undefined), afterMs);
    return () => clearTimeout(timer);
  }, [afterMs]);
}
