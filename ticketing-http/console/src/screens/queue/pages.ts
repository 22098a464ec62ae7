/** The loaded part of a list, and what happens to it while one reads. */
import type { InfiniteData } from '@tanstack/react-query';
import type { Page, Ticket } from '../../api/types';
import { compare } from './order';

/** A page, and what the view said when it was asked for, where that was known; both of its first page are the list's. */
export interface TicketPage extends Page<Ticket> {
  said?: string | undefined;
  askedAt?: number;
}
export type PageParam = string | null;
export type Pages = InfiniteData<TicketPage, PageParam>;

/** The same list with tickets changed where they stand; the very same where none of them is shown. */
export function changed(pages: Pages, change: (ticket: Ticket) => Ticket): Pages {
  const next = pages.pages.map((page) => {
    const items = page.items.map(change);
    return items.every((ticket, at) => ticket === page.items[at]) ? page : { ...page, items };
  });
  return next.every((page, at) => page === pages.pages[at]) ? pages : { ...pages, pages: next };
}

/** Tickets by their id as they came, where they are newer than what is shown. */
export function refreshed(pages: Pages, came: ReadonlyMap<string, Ticket>): Pages {
  return changed(pages, (ticket) => {
    const now = came.get(ticket.id);
    return now !== undefined && now.version >= ticket.version ? now : ticket;
  });
}

/** Whether a ticket stands in the loaded part, or would come only with a later page. */
export function isWithin(pages: Pages, ticket: Ticket, sort: string): boolean {
  const last = pages.pages.at(-1);
  if (last === undefined || last.next_cursor === null) return true;
  const end = pages.pages.flatMap((page) => page.items.slice(-1)).at(-1);
  return end === undefined || compare(ticket, end, sort) < 0;
}

/** Puts tickets where they belong by the list's order. What stands there already stays as it is. */
export function withTickets(pages: Pages, tickets: readonly Ticket[], sort: string): Pages {
  const next = pages.pages.map((page) => ({ ...page, items: [...page.items] }));
  const [first] = next;
  if (first === undefined) return pages;
  const there = new Set(next.flatMap((page) => page.items.map((ticket) => ticket.id)));
  for (const ticket of [...tickets].sort((a, b) => compare(a, b, sort))) {
    if (there.has(ticket.id)) continue;
    const page =
      next.find((page) => page.items.some((other) => compare(ticket, other, sort) < 0)) ?? next.at(-1) ?? first;
    const at = page.items.findIndex((other) => compare(ticket, other, sort) < 0);
    page.items.splice(at < 0 ? page.items.length : at, 0, ticket);
  }
  return { ...pages, pages: next };
}
