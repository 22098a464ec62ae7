/** Who asks, by name. Customers may not ask for other people; whoever made the ticket is in its first event. */
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import { usePerson } from '../../../api/people';
import { useMe } from '../../../api/session';
import type { Ticket } from '../../../api/types';

export function useCustomerName(ticket: Ticket): string | undefined {
  const me = useMe();
  const isStaff = me.role !== 'customer';
  const isOwn = ticket.customer_id === me.id;
  const person = usePerson(isStaff ? ticket.customer_id : undefined);
  const first = useQuery({
    queryKey: ['ticket', ticket.ticket_number, 'first'],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/tickets/{ticket}/timeline', {
          params: { path: { ticket: ticket.ticket_number }, query: { limit: 1 } },
          signal,
        }),
      ),
    enabled: !isStaff && !isOwn,
    staleTime: Infinity,
  });
  if (isOwn) return me.name;
  const maker = first.data?.items[0]?.actor;
  return person.data?.name ?? (maker?.id === ticket.customer_id ? maker.name : undefined);
}
