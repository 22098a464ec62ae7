/** Whether the details are shown: beside the conversation as one left it, over it when one asks for them. */
import { useState, useSyncExternalStore } from 'react';

const WIDE = '(min-width: 68.8125rem)';

export function usePanel(): { isWide: boolean; isOpen: boolean; toggle: () => void; close: () => void } {
  const isWide = useSyncExternalStore(
    (listener) => {
      const query = matchMedia(WIDE);
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => matchMedia(WIDE).matches,
  );
  const [isBeside, setBeside] = useState(() => localStorage.getItem('ticket-details') !== 'hidden');
  const [isOver, setOver] = useState(false);
  const toggle = () => {
    if (!isWide) {
      setOver(!isOver);
      return;
    }
    localStorage.setItem('ticket-details', isBeside ? 'hidden' : 'shown');
    setBeside(!isBeside);
  };
  return { isWide, isOpen: isWide ? isBeside : isOver, toggle, close: () => setOver(false) };
}
