/** For whoever asks: how it stands, in a sentence. */
import type { Ticket } from '../../api/types';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Ago } from '../../ui/time';
import { ticketPageText } from './text';
import styles from './ticket.module.css';

export function Summary({ ticket, onNotSolved }: { ticket: Ticket; onNotSolved: () => void }) {
  const words = useText(ticketPageText);
  const isResolved = ticket.status === 'resolved';
  return (
    <section className={styles.summary} aria-label={words.summary} data-status={ticket.status}>
      <p>
        {words.state[ticket.status]}
        {isResolved && ` ${words.notSolvedHint}`}
      </p>
      <p className={styles.opened}>
        <Ago at={ticket.created_at} />
      </p>
      {isResolved && (
        <Button size="small" onClick={onNotSolved}>
          {words.notSolved}
        </Button>
      )}
    </section>
  );
}
