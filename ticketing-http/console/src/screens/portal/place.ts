/** Keeps a customer's list true to what happens, without asking again. */
import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query';
import { on } from '../../api/live';
import { outlast } from '../../api/outlast';
import type { Page, Status, Ticket } from '../../api/types';

export type Show = 'open' | 'solved';

export const SHOWN: Record<Show, Status[]> = {
  open: ['open', 'in_progress', 'pending', 'on_hold'],
  solved: ['resolved', 'closed'],
};

export interface View {
  show: Show;
  /** Only this person's own, where colleagues share theirs. */
  customerId: string | undefined;
}

const LISTS = ['tickets', 'portal'];
export const listKey = (view: View): QueryKey => [...LISTS, view];

export function belongs(view: View, ticket: Ticket): boolean {
  return (
    SHOWN[view.show].includes(ticket.status) &&
    (view.customerId === undefined || view.customerId === ticket.customer_id) &&
    ticket.merged_into === undefined
  );
}

/** The list with this ticket as it is now: the newest change stands first, and what has left the view is gone. */
export function placeTicket(
  data: InfiniteData<Page<Ticket>> | undefined,
  view: View,
  ticket: Ticket,
): InfiniteData<Page<Ticket>> | undefined {
  if (data === undefined) return data;
  const old = data.pages.flatMap((page) => page.items).find((one) => one.id === ticket.id);
  if (old !== undefined && old.version >= ticket.version) return data;
  if (old === undefined && !belongs(view, ticket)) return data;
  const pages = data.pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== ticket.id) }));
  const [first, ...others] = pages;
  if (first === undefined || !belongs(view, ticket)) return { ...data, pages };
  return { ...data, pages: [{ ...first, items: [ticket, ...first.items] }, ...others] };
}

/** Lists are kept up to date also while a ticket is shown. */
export function follow(queries: QueryClient): void {
  const place = (ticket: Ticket) => {
    for (const [key] of queries.getQueriesData({ queryKey: LISTS }))
      outlast(queries, key, () =>
        queries.setQueryData<InfiniteData<Page<Ticket>>>(key, (old) => placeTicket(old, key[2] as View, ticket)),
      );
  };
  on('ticket', ({ ticket }) => place(ticket));
  on('missed', (tickets) => tickets.forEach(place));
  // Something was missed. Those that nobody looks at are forgotten.
  on('reconnected', () => queries.removeQueries({ queryKey: LISTS, type: 'inactive' }));
}
