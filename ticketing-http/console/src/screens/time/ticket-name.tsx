import { Link } from '@tanstack/react-router';
import type { TicketName } from './open';

/** The way to a ticket, by what it is about. */
export function TicketNameLink({ ticket }: { ticket: TicketName }) {
  return (
    <Link to="/tickets/$ticket" params={{ ticket: ticket.id }}>
      {ticket.subject === '' ? ticket.ticket_number : ticket.subject}
    </Link>
  );
}
