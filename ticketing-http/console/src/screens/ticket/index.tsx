import { useParams } from '@tanstack/react-router';
import { Skeleton } from '../../ui/skeleton';
import { useTicket } from './use-ticket';

export default function Screen() {
  const { ticket: number } = useParams({ strict: false });
  const { data: ticket } = useTicket(number ?? '');
  return ticket === undefined ? <Skeleton lines={8} /> : <h1 dir="auto">{ticket.subject}</h1>;
}
