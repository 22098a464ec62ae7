/** Looking at a ticket reads what one was told of it. What was told before is read by the desk as one comes. */
import { useEffect, useRef } from 'react';
import { api, ok } from '../../api/client';
import { useLive } from '../../api/live';

/** What comes within this time is read at once. */
const PAUSE_MS = 1_500;

export function useReading(ticketId: string): void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isUnread = useRef(false);
  const read = () => {
    if (!isUnread.current || document.visibilityState !== 'visible') return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      isUnread.current = false;
      // The count comes by the socket; what was not read now is read the next time.
      void ok(api.PATCH('/api/notifications/read-all', { body: { ticket: ticketId } })).catch(() => undefined);
    }, PAUSE_MS);
  };
  useLive('notification', (event) => {
    if (event.ticket_id !== ticketId) return;
    isUnread.current = true;
    read();
  });
  const newest = useRef(read);
  useEffect(() => {
    newest.current = read;
  });
  useEffect(() => {
    const look = () => newest.current();
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      clearTimeout(timer.current);
    };
  }, []);
}
