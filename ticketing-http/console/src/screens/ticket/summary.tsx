/** For whoever asks: how it stands, in a sentence, and whether it is over. */
import { useQueryClient } from '@tanstack/react-query';
import { api, ok, once } from '../../api/client';
import { useMe } from '../../api/session';
import type { Ticket } from '../../api/types';
import { fullTime, relative } from '../../format';
import { useText } from '../../text';
import { useNow } from '../../ui/time';
import { ConfirmButton } from '../../ui/confirm';
import { ticketPageText } from './text';
import styles from './ticket.module.css';
import { showTicket } from './use-change-ticket';

export function Summary({ ticket, onReopened }: { ticket: Ticket; onReopened: () => void }) {
  const words = useText(ticketPageText);
  const me = useMe();
  const now = useNow();
  const queries = useQueryClient();
  const isResolved = ticket.status === 'resolved';
  // Colleagues see it too; whether it is over is for whoever asked to say.
  const isOwn = ticket.customer_id === me.id && ticket.merged_into == null;
  // Whatever else was changed meanwhile, of which customers are not told, it is over or it is not.
  const to = () => ({ params: { path: { ticket: ticket.id }, header: once() } });
  const close = async () => showTicket(queries, await ok(api.POST('/api/tickets/{ticket}/close', to())));
  const reopen = async () => {
    showTicket(queries, await ok(api.POST('/api/tickets/{ticket}/reopen', to())));
    onReopened();
  };
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
      {isOwn && isResolved && (
        <ConfirmButton
          isHarmless
          size="small"
          label={words.notSolved}
          title={words.reopenTitle}
          action={words.reopen}
          run={reopen}
        >
          <p>{words.reopenBody}</p>
        </ConfirmButton>
      )}
      {isOwn && ticket.status !== 'closed' && (
        <ConfirmButton
          isHarmless
          size="small"
          label={isResolved ? words.solved : words.done}
          title={words.closeTitle}
          action={words.close}
          run={close}
        >
          <p>{words.closeBody}</p>
        </ConfirmButton>
      )}
    </section>
  );
}
