/** Others see that one writes: said at most every few seconds, and taken back when one stops. */
import { useCallback, useEffect, useRef } from 'react';
import { sayTyping } from '../../../api/live';

const AGAIN_MS = 3_000;
const STOPS_MS = 5_000;

export function useTyping(ticketId: string): { wrote: (isNote: boolean) => void; stopped: () => void } {
  const said = useRef<{ at: number; isNote: boolean; timer: ReturnType<typeof setTimeout> }>(undefined);
  const stopped = useCallback(() => {
    const now = said.current;
    if (now === undefined) return;
    clearTimeout(now.timer);
    said.current = undefined;
    sayTyping(ticketId, false, now.isNote);
  }, [ticketId]);
  useEffect(() => stopped, [stopped]);
  const wrote = useCallback(
    (isNote: boolean) => {
      const before = said.current;
      if (before !== undefined) clearTimeout(before.timer);
      const isDue = before === undefined || before.isNote !== isNote || Date.now() - before.at > AGAIN_MS;
      if (isDue) sayTyping(ticketId, true, isNote);
      const at = isDue ? Date.now() : before.at;
      said.current = { at, isNote, timer: setTimeout(stopped, STOPS_MS) };
    },
    [ticketId, stopped],
  );
  return { wrote, stopped };
}
