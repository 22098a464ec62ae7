/** Who asks, by name. Customers may not ask for other people; whoever made the ticket is in its first event. */
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import { useMe } from '../../../api/session';
import type { Ticket } from '../../../api/types';

export function useCustomerName(ticket: Ticket): string | undefined {
  const me = useMe();
  const isStaff = me.role !== 'customer';
  const isOwn = ticket.customer_id === me.id;
  const person = useQuery({
    queryKey: ['users', ticket.customer_id],
    queryFn: ({ signal }) => ok(api.GET('/api/users/{id}', { params: { path: { id: ticket.customer_id } }, signal })),
    enabled: isStaff,
    staleTime: 5 * 60_000,
  });
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
