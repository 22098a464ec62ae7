import { useEffect, useRef, useState } from 'react';
import { useLive } from '../../../api/live';
import { useText } from '../../../text';
import styles from './composer.module.css';
import { composerText } from './text';

/** The desk says it again while it goes on, and forgets it after six seconds. */
const LASTS_MS = 8_000;

interface Writer {
  name: string;
  isNote: boolean;
}

/** Who else writes on this ticket now. */
export function Typing({ ticketId }: { ticketId: string }) {
  const words = useText(composerText);
  const [writers, setWriters] = useState<ReadonlyMap<string, Writer>>(new Map());
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const all = timers.current;
    return () => all.forEach(clearTimeout);
  }, []);
  const set = (id: string | undefined, writer?: Writer) => {
    if (id === undefined) return;
    clearTimeout(timers.current.get(id));
    if (writer !== undefined)
      timers.current.set(
        id,
        setTimeout(() => set(id), LASTS_MS),
      );
    setWriters((before) => {
      const next = new Map(before);
      next.delete(id);
      if (writer !== undefined) next.set(id, writer);
      return next;
    });
  };
  useLive('user_typing', (event) => {
    if (event.ticket_id !== ticketId) return;
    set(event.user_id, event.is_typing ? { name: event.name, isNote: event.is_internal === true } : undefined);
  });
  // What one wrote is there: one is not writing it any more.
  useLive('new_comment', (event) => {
    if (event.ticket.id === ticketId) set(event.comment.author.id ?? undefined);
  });
  const [first, ...others] = writers.values();
  return (
    <p className={styles.typing} aria-live="polite">
      {first !== undefined &&
        (others.length > 0
          ? words.typingMany(others.length + 1)
          : first.isNote
            ? words.typingNote(first.name)
            : words.typing(first.name))}
    </p>
  );
}
