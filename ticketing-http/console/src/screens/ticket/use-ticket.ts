/** One ticket, live: what anybody changes of it is put in place. */
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client';
import { useFollow } from '../../api/follow';
import { on } from '../../api/live';
import { ticketKey } from './place';
import { showTicket, shownOf } from './use-change-ticket';

/** Tickets are kept up to date also while another screen is shown. */
function follow(queries: QueryClient): void {
  on('ticket', ({ ticket }) => {
    // One that is asked for is there as well: the answer may be older than what is told meanwhile.
    if (queries.getQueryState(ticketKey(ticket.ticket_number)) !== undefined) showTicket(queries, ticket);
  });
  // Something was missed. Those that nobody looks at are forgotten, with all that belongs to them.
  on('reconnected', () => queries.removeQueries({ queryKey: ['ticket'], type: 'inactive' }));
}

export function useTicket(number: string) {
  const queries = useQueryClient();
  useFollow(follow);
  return useQuery({
    queryKey: ticketKey(number),
    queryFn: async ({ signal }) =>
      shownOf(queries, await ok(api.GET('/api/tickets/{ticket}', { params: { path: { ticket: number } }, signal }))),
  });
}
