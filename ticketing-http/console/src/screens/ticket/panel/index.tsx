import type { Ticket } from '../../../api/types';

export default function TicketPanel(_props: { ticket: Ticket }) {
  return null;
}
