import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import type { Page, Ticket } from '../../../api/types';

/** Tickets that this page has seen: the API has no list of labels and categories, so those of these are offered. */
export function useKnownTickets(): () => Ticket[] {
  const queries = useQueryClient();
  return () => {
    const found = new Map<string, Ticket>();
    for (const [, data] of queries.getQueriesData<Page<Ticket> | InfiniteData<Page<Ticket>>>({
      queryKey: ['tickets'],
    })) {
      if (data === undefined) continue;
      const pages = 'pages' in data ? data.pages : 'items' in data ? [data] : [];
      for (const ticket of pages.flatMap((page) => page.items)) found.set(ticket.id, ticket);
    }
    for (const [key, ticket] of queries.getQueriesData<Ticket>({ queryKey: ['ticket'] }))
      if (key.length === 2 && ticket !== undefined) found.set(ticket.id, ticket);
    return [...found.values()];
  };
}

/** Each once, whatever the case, the most used first. */
export function mostUsed(values: readonly string[]): string[] {
  const counts = new Map<string, { value: string; count: number }>();
  for (const value of values) {
    const one = counts.get(value.toLowerCase()) ?? { value, count: 0 };
    counts.set(value.toLowerCase(), { ...one, count: one.count + 1 });
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value))
    .map((one) => one.value);
}
