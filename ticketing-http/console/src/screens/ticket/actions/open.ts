/** Which of a ticket's dialogs is open. Whatever stands on the screen can open one, such as a comment its own splitting off. */
import { useSyncExternalStore } from 'react';

export type Action =
  | { kind: 'assign' | 'status' | 'priority' | 'labels' | 'escalate' | 'deescalate' | 'snooze' | 'merge' }
  /** This one, where it is chosen already. */
  | { kind: 'macro'; id?: string }
  /** Of this comment, where it is known already. */
  | { kind: 'split'; commentId?: string };

let open: Action | undefined;
const listeners = new Set<() => void>();

export function openAction(action: Action | undefined): void {
  open = action;
  for (const listener of [...listeners]) listener();
}

export function useOpenAction(): Action | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => open,
  );
}
