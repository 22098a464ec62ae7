/** One ticket, live: what anybody changes of it is put in place. */
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client';
import { useLive } from '../../api/live';
import type { Ticket } from '../../api/types';

/** Tickets are kept by their number, as addresses name them. */
export function ticketKey(number: string): readonly ['ticket', string] {
  return ['ticket', number];
}

/** Puts a ticket in place, unless a newer version of it is there. */
export function placeTicket(queries: QueryClient, ticket: Ticket): void {
  queries.setQueryData<Ticket>(ticketKey(ticket.ticket_number), (old) =>
    old !== undefined && old.version > ticket.version ? old : ticket,
  );
}

export function useTicket(number: string) {
  const queries = useQueryClient();
  useLive('ticket', ({ ticket }) => {
    if (queries.getQueryData(ticketKey(ticket.ticket_number)) !== undefined) placeTicket(queries, ticket);
  });
  return useQuery({
    queryKey: ticketKey(number),
    queryFn: ({ signal }) => ok(api.GET('/api/tickets/{ticket}', { params: { path: { ticket: number } }, signal })),
  });
}
