/** Changes many tickets at once: shown at once, taken back where the server says no. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, ok, once } from '../../api/client';
import { Problem } from '../../api/problem';
import type { Schemas, Ticket } from '../../api/types';
import { reason } from '../../ui/toast';
import { applied, type Group } from './changes';
import { changeOne, changeShown } from './use-list';

export interface Refusal {
  ticket: Ticket;
  /** In words for people. */
  why: string;
}

export interface Outcome {
  done: readonly Group[];
  refused: readonly Refusal[];
}

export const whyNot = (error: Partial<Schemas['Refusal']> = {}) => reason(new Problem(error.status ?? 500, error));

async function send({ tickets, patch }: Group): Promise<Refusal[]> {
  try {
    const { items } = await ok(
      api.POST('/api/tickets/bulk', {
        params: { header: once() },
        body: { tickets: tickets.map((ticket) => ticket.id), changes: patch },
      }),
    );
    return tickets.flatMap((ticket, at) => {
      const outcome = items[at];
      return outcome?.ok === true ? [] : [{ ticket, why: whyNot(outcome?.error) }];
    });
  } catch (error) {
    return tickets.map((ticket) => ({ ticket, why: reason(error) }));
  }
}

export function useChange() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (groups: readonly Group[]): Promise<Outcome> => {
      const outcome: { done: Group[]; refused: Refusal[] } = { done: [], refused: [] };
      for (const group of groups) {
        const refused = await send(group);
        const no = new Set(refused.map(({ ticket }) => ticket.id));
        outcome.refused.push(...refused);
        outcome.done.push({ ...group, tickets: group.tickets.filter((ticket) => !no.has(ticket.id)) });
      }
      return outcome;
    },
    onMutate: (groups) => {
      const patches = new Map(groups.flatMap(({ tickets, patch }) => tickets.map((ticket) => [ticket.id, patch])));
      const change = (ticket: Ticket) => {
        const patch = patches.get(ticket.id);
        return patch === undefined ? ticket : applied(ticket, patch);
      };
      changeShown(queries, change);
      for (const { tickets } of groups)
        for (const { ticket_number } of tickets) changeOne(queries, ticket_number, change);
    },
    onSuccess: ({ refused }) => {
      const before = new Map(refused.map(({ ticket }) => [ticket.id, ticket]));
      // Unless somebody has changed it meanwhile, and the socket told how it is.
      const back = (ticket: Ticket) => {
        const was = before.get(ticket.id);
        return was !== undefined && ticket.version <= was.version ? was : ticket;
      };
      changeShown(queries, back);
      for (const { ticket } of refused) changeOne(queries, ticket.ticket_number, back);
    },
  });
}
