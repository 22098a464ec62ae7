/** One change of many tickets: what is asked of the server, what is shown until it answers, and the way back. */
import type { Schemas, Ticket } from '../../api/types';

export type Patch = Pick<Schemas['BulkPatch'], 'status' | 'priority' | 'assigned_agent_id' | 'team_id' | 'tags'>;
export type Change = Omit<Patch, 'tags'> | { addTag: string } | { removeTag: string };

/** Tickets that get the same values. */
export interface Group {
  tickets: readonly Ticket[];
  patch: Patch;
}

/** The server takes so many at once. */
const MOST = 100;

function patchOf(ticket: Ticket, change: Change): Patch {
  if ('addTag' in change) return { tags: [...new Set([...ticket.tags, change.addTag])].sort() };
  if ('removeTag' in change) return { tags: ticket.tags.filter((tag) => tag !== change.removeTag) };
  return change;
}

function isSame(ticket: Ticket, patch: Patch): boolean {
  return Object.entries(patch).every(
    ([name, value]) => JSON.stringify(ticket[name as keyof Patch]) === JSON.stringify(value),
  );
}

function grouped(pairs: readonly (readonly [Ticket, Patch])[]): Group[] {
  const those = new Map<string, (readonly [Ticket, Patch])[]>();
  for (const pair of pairs) {
    const key = JSON.stringify(pair[1]);
    const group = those.get(key);
    if (group === undefined) those.set(key, [pair]);
    else group.push(pair);
  }
  const groups: Group[] = [];
  for (const group of those.values()) {
    const [first] = group;
    if (first === undefined) continue;
    for (let at = 0; at < group.length; at += MOST)
      groups.push({ tickets: group.slice(at, at + MOST).map(([ticket]) => ticket), patch: first[1] });
  }
  return groups;
}

/** What to send; tickets that are so already are left alone. */
export function planOf(tickets: readonly Ticket[], change: Change): Group[] {
  const pairs = tickets.map((ticket) => [ticket, patchOf(ticket, change)] as const);
  return grouped(pairs.filter(([ticket, patch]) => !isSame(ticket, patch)));
}

/** What brings tickets back to how they were before a plan. */
export function undoOf(groups: readonly Group[]): Group[] {
  return grouped(
    groups.flatMap(({ tickets, patch }) =>
      tickets.map((ticket) => {
        const before = Object.keys(patch).map((name) => [name, ticket[name as keyof Patch]]);
        return [ticket, Object.fromEntries(before) as Patch] as const;
      }),
    ),
  );
}

/** The ticket as it will be. */
export function applied(ticket: Ticket, patch: Patch): Ticket {
  return { ...ticket, ...patch };
}
