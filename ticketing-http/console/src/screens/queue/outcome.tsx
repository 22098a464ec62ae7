/** Which tickets a change was refused for, and why. */
import { defineText, plural, useText } from '../../text';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import styles from './outcome.module.css';
import type { Refusal } from './use-change';

const text = defineText(
  {
    partly: 'Not all tickets were changed',
    someDone: (done: number, refused: number) =>
      `${plural(done, { one: '1 ticket was', other: `${done} tickets were` })} changed, ${refused} not:`,
    close: 'Close',
  },
  {
    partly: 'Nicht alle Tickets wurden geändert',
    someDone: (done: number, refused: number) =>
      `${plural(done, { one: '1 Ticket wurde', other: `${done} Tickets wurden` })} geändert, ${refused} nicht:`,
    close: 'Schließen',
  },
);

interface Props {
  done: number;
  refused: readonly Refusal[];
  onClose: () => void;
}

export default function OutcomeDialog({ done, refused, onClose }: Props) {
  const words = useText(text);
  const reasons = [...new Set(refused.map(({ why }) => why))];
  return (
    <Dialog
      title={words.partly}
      size="medium"
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {words.close}
        </Button>
      }
    >
      <p>{words.someDone(done, refused.length)}</p>
      {reasons.map((why) => (
        <section key={why} className={styles.reason}>
          <h3 dir="auto">{why}</h3>
          <ul>
            {refused
              .filter((one) => one.why === why)
              .map(({ ticket }) => (
                <li key={ticket.id} className={styles.ticket}>
                  <span className={styles.number}>{ticket.ticket_number}</span>
                  <span className={styles.subject} dir="auto">
                    {ticket.subject}
                  </span>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}
