/** Changes a ticket, and puts what the desk answers in place. */
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api, ok } from '../../api/client';
import type { Schemas, Ticket } from '../../api/types';
import { placeTicket } from './use-ticket';

export function usePatch(ticketId: string): (changes: Schemas['TicketPatch']) => Promise<Ticket> {
  const queries = useQueryClient();
  return useCallback(
    async (changes) => {
      const ticket = await ok(
        api.PATCH('/api/tickets/{ticket}', { params: { path: { ticket: ticketId } }, body: changes }),
      );
      placeTicket(queries, ticket);
      return ticket;
    },
    [queries, ticketId],
  );
}
