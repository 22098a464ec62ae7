/** What the same person has asked already: it may be the same again. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, ok } from '../../api/client';
import { useText } from '../../text';
import { StatusBadge } from '../../ui/badge';
import { Skeleton } from '../../ui/skeleton';
import { Ago } from '../../ui/time';
import { isAlike } from './alike';
import styles from './new-ticket.module.css';
import { newTicketText } from './text';

interface Props {
  customerId: string;
  /** Whose they are, where it is not oneself. */
  name?: string | undefined;
  subject: string;
}

export function OpenTickets({ customerId, name, subject }: Props) {
  const words = useText(newTicketText);
  const { data } = useQuery({
    queryKey: ['tickets', 'open-of', customerId],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets', {
          params: {
            query: {
              customer_id: customerId,
              status: ['open', 'in_progress', 'pending', 'on_hold'],
              sort: '-updated_at',
              limit: 25,
            },
          },
          signal,
        }),
      ),
  });
  const tickets = data?.items.map((ticket) => ({ ticket, isLike: isAlike(subject, ticket.subject) }));
  // What sounds alike comes first; otherwise the newest.
  const sorted = tickets?.sort((a, b) => Number(b.isLike) - Number(a.isLike)).slice(0, 8);
  return (
    <aside className={styles.aside} aria-label={name === undefined ? words.mine : words.theirs(name)}>
      <h2 className={styles.heading}>{name === undefined ? words.mine : words.theirs(name)}</h2>
      {sorted === undefined ? (
        <Skeleton lines={4} />
      ) : sorted.length === 0 ? (
        <p className={styles.quiet}>{words.noOthers}</p>
      ) : (
        <>
          <p className={styles.quiet}>{words.sameHint}</p>
          <ul className={styles.others}>
            {sorted.map(({ ticket, isLike }) => (
              <li key={ticket.id}>
                <Link
                  to="/tickets/$ticket"
                  params={{ ticket: ticket.ticket_number }}
                  className={styles.one}
                  data-alike={isLike || undefined}
                >
                  {isLike && <span className={styles.alike}>{words.alike}</span>}
                  <span dir="auto" className={styles.oneSubject}>
                    {ticket.subject}
                  </span>
                  <span className={styles.oneState}>
                    <StatusBadge status={ticket.status} />
                    <Ago at={ticket.updated_at} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
