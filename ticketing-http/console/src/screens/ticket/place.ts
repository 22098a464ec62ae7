import type { QueryClient } from '@tanstack/react-query';
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
