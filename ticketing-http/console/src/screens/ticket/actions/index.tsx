import type { Ticket } from '../../../api/types';

export function TicketActions(_props: { ticket: Ticket }) {
  return null;
}
