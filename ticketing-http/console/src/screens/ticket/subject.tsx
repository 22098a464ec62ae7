/** What the ticket is about; staff change it in its place. */
import { Pencil } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import type { Ticket } from '../../api/types';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { toastError } from '../../ui/toast';
import styles from './header.module.css';
import { usePatch } from './patch';
import { ticketPageText } from './text';

export function Subject({ ticket, canEdit }: { ticket: Ticket; canEdit: boolean }) {
  const words = useText(ticketPageText);
  const patch = usePatch(ticket.id);
  const button = useRef<HTMLButtonElement>(null);
  const [text, setText] = useState<string>();
  const [isBusy, setBusy] = useState(false);

  const close = (givesFocus: boolean) => {
    setText(undefined);
    if (givesFocus) requestAnimationFrame(() => button.current?.focus());
  };
  const save = async (givesFocus: boolean) => {
    const next = text?.trim() ?? '';
    if (next === '' || next === ticket.subject) {
      close(givesFocus);
      return;
    }
    setBusy(true);
    try {
      await patch({ subject: next });
      close(givesFocus);
    } catch (error) {
      // What was typed stays, to be tried again.
      toastError(error);
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') void save(true);
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
          readOnly={isBusy}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={() => !isBusy && void save(false)}
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
          onClick={() => setText(ticket.subject)}
        />
      )}
    </div>
  );
}
