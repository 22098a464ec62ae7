/** For whoever asks: how it stands, in a sentence. */
import type { Ticket } from '../../api/types';
import { fullTime, relative } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { useNow } from '../../ui/time';
import { ticketPageText } from './text';
import styles from './ticket.module.css';

export function Summary({ ticket, onNotSolved }: { ticket: Ticket; onNotSolved: () => void }) {
  const words = useText(ticketPageText);
  const now = useNow();
  const isResolved = ticket.status === 'resolved';
  return (
    <section className={styles.summary} aria-label={words.summary} data-status={ticket.status}>
      <p>
        {words.state[ticket.status]}
        {isResolved && ` ${words.notSolvedHint}`}
      </p>
      <p className={styles.opened}>
        <time dateTime={ticket.created_at} title={fullTime(ticket.created_at)}>
          {words.opened(relative(ticket.created_at, now))}
        </time>
      </p>
      {isResolved && (
        <Button size="small" onClick={onNotSolved}>
          {words.notSolved}
        </Button>
      )}
    </section>
  );
}
