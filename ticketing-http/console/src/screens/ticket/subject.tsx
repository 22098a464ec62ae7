/** What the ticket is about; staff change it in its place. */
import { Pencil } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { Ticket } from '../../api/types';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { toastError } from '../../ui/toast';
import styles from './header.module.css';
import { ticketPageText } from './text';
import { useChangeTicket } from './use-change-ticket';

export function Subject({ ticket, canEdit }: { ticket: Ticket; canEdit: boolean }) {
  const words = useText(ticketPageText);
  const change = useChangeTicket(ticket);
  const button = useRef<HTMLButtonElement>(null);
  const [text, setText] = useState<string>();
  // What one looked at when one began: others may change it while one types.
  const base = useRef(ticket);

  const close = (givesFocus: boolean) => {
    setText(undefined);
    if (givesFocus) requestAnimationFrame(() => button.current?.focus());
  };
  const edit = (from: string) => {
    base.current = ticket;
    setText(from);
  };
  const save = (givesFocus: boolean) => {
    const next = text?.trim() ?? '';
    close(givesFocus);
    if (next === '' || next === base.current.subject) return;
    void change(
      { subject: next },
      {
        base: base.current,
        onRefused: (error) => {
          // What was typed stays, to be tried again.
          toastError(error);
          edit(next);
        },
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') save(true);
    else if (event.key === 'Escape') close(true);
    else return;
    event.preventDefault();
  };

  if (text !== undefined) {
    return (
      <>
        <h1 className="visually-hidden">{ticket.subject}</h1>
        <input
          autoFocus
          dir="auto"
          className={styles.input}
          aria-label={words.subject}
          maxLength={255}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => save(false)}
        />
      </>
    );
  }
  return (
    <div className={styles.subject}>
      <h1 className={styles.title} dir="auto" title={ticket.subject}>
        {ticket.subject}
      </h1>
      {canEdit && (
        <Button
          ref={button}
          size="small"
          className={classes(styles.editSubject)}
          label={words.editSubject}
          icon={<Pencil size={14} />}
          onClick={() => edit(ticket.subject)}
        />
      )}
    </div>
  );
}
