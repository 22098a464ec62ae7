/** That a ticket stands for another one now, and the way back. */
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Merge, Undo2 } from 'lucide-react';
import { api, ok, once } from '../../../api/client';
import { useMe } from '../../../api/session';
import type { Ticket } from '../../../api/types';
import { defineText, useText } from '../../../text';
import { Button } from '../../../ui/button';
import { toast, toastError } from '../../../ui/toast';
import { showTicket } from '../use-change-ticket';
import styles from './merged.module.css';

const text = defineText(
  {
    into: 'Merged into',
    unseen: 'another ticket',
    undo: 'Undo the merge',
    undone: (number: string) => `${number} stands for itself again`,
  },
  {
    into: 'Zusammengeführt mit',
    unseen: 'einem anderen Ticket',
    undo: 'Zusammenführung rückgängig machen',
    undone: (number: string) => `${number} steht wieder für sich`,
  },
);

/** Undoes a merge, and has both tickets told anew: comments have gone from one to the other. */
export async function unmerge(queries: QueryClient, source: Ticket): Promise<Ticket> {
  const back = await ok(
    api.POST('/api/tickets/{ticket}/unmerge', { params: { path: { ticket: source.id }, header: once() } }),
  );
  showTicket(queries, back);
  await queries.invalidateQueries({ queryKey: ['ticket'] });
  return back;
}

export function MergedBanner({ ticket }: { ticket: Ticket }) {
  return ticket.merged_into === undefined ? null : <Banner ticket={ticket} target={ticket.merged_into} />;
}

function Banner({ ticket, target: id }: { ticket: Ticket; target: string }) {
  const words = useText(text);
  const me = useMe();
  const queries = useQueryClient();
  const { data: target } = useQuery({
    queryKey: ['ticket', id],
    queryFn: ({ signal }) => ok(api.GET('/api/tickets/{ticket}', { params: { path: { ticket: id } }, signal })),
  });
  const undo = useMutation({
    mutationFn: () => unmerge(queries, ticket),
    onSuccess: () => toast(words.undone(ticket.ticket_number)),
    onError: toastError,
  });
  return (
    <div className={styles.banner} role="status">
      <Merge size={16} className={styles.icon} />
      <p className={styles.words}>
        {words.into}{' '}
        {target === undefined ? (
          words.unseen
        ) : (
          <>
            <Link to="/tickets/$ticket" params={{ ticket: target.ticket_number }}>
              {target.ticket_number}
            </Link>{' '}
            <span dir="auto">{target.subject}</span>
          </>
        )}
      </p>
      {me.role !== 'customer' && (
        <Button size="small" icon={<Undo2 size={14} />} busy={undo.isPending} onClick={() => undo.mutate()}>
          {words.undo}
        </Button>
      )}
    </div>
  );
}
