/** What is asked about time just now: any screen can ask it, and the frame shows it. */
import { useSyncExternalStore } from 'react';
import type { Entry } from './draft';

/** Enough of a ticket to say which. */
export interface TicketName {
  id: string;
  ticket_number: string;
  subject: string;
}

export type TimeQuestion =
  /** Time to be logged: on which ticket and day, and whose it is, as far as that is known. */
  | { kind: 'log'; ticket?: TicketName | undefined; day?: string | undefined; userId?: string | undefined }
  /** Time that was logged; by the timer a moment ago, where it is to be looked at. */
  | { kind: 'edit'; entry: Entry; ticket?: TicketName | undefined; isFromTimer?: boolean }
  /** A timer that is to go on for this ticket instead. */
  | { kind: 'switch'; ticket: TicketName }
  | { kind: 'discard' };

let open: TimeQuestion | undefined;
const listeners = new Set<() => void>();

export function askTime(question: TimeQuestion | undefined): void {
  open = question;
  for (const listener of [...listeners]) listener();
}

export function useTimeQuestion(): TimeQuestion | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}
