import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Status } from '../../../api/types';
import { useText } from '../../../text';
import { ticketText } from '../../../ui/badge';
import { Ago } from '../../../ui/time';
import { StatusShape } from './shapes';
import styles from './ticket-list.module.css';

export interface Listed {
  id: string;
  ticket_number: string;
  subject: string;
  status: Status;
  created_at?: string;
}

/** Tickets in little room: how each stands, what it is about, and when. */
export function TicketList<T extends Listed>({
  tickets,
  aside,
}: {
  tickets: readonly T[];
  aside?: (ticket: T) => ReactNode;
}) {
  return (
    <ul className={styles.list}>
      {tickets.map((ticket) => (
        <li key={ticket.id} className={styles.item}>
          <TicketLink ticket={ticket} />
          {aside?.(ticket)}
        </li>
      ))}
    </ul>
  );
}

export function TicketLink({ ticket }: { ticket: Listed }) {
  const names = useText(ticketText);
  return (
    <Link
      to="/tickets/$ticket"
      params={{ ticket: ticket.ticket_number }}
      className={styles.link}
      title={`${ticket.ticket_number} · ${names.status[ticket.status]}`}
    >
      <StatusShape status={ticket.status} />
      <span className={styles.subject} dir="auto">
        {ticket.subject}
      </span>
      {ticket.created_at !== undefined && (
        <span className={styles.when}>
          <Ago at={ticket.created_at} short />
        </span>
      )}
    </Link>
  );
}
