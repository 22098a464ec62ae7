/** One change of many tickets: what is asked of the server, what is shown until it answers, and the way back. */
import type { Schemas, Ticket } from '../../api/types';

type Fields = Pick<Schemas['BulkPatch'], 'status' | 'priority' | 'assigned_agent_id' | 'team_id'>;
/** Tags come and go beside those that are there: somebody else may have put on others meanwhile. */
export type Patch = Fields & Pick<Schemas['BulkPatch'], 'add_tags' | 'remove_tags'>;
export type Change = Fields | { addTag: string } | { removeTag: string };

/** Tickets that get the same values. */
export interface Group {
  tickets: readonly Ticket[];
  patch: Patch;
}

/** The server takes so many at once. */
export const MOST = 100;

function patchOf(change: Change): Patch {
  if ('addTag' in change) return { add_tags: [change.addTag] };
  if ('removeTag' in change) return { remove_tags: [change.removeTag] };
  return change;
}

const fold = (tag: string) => tag.trim().toLowerCase();
const has = (tags: readonly string[], tag: string) => tags.some((one) => fold(one) === fold(tag));

/** The ticket as it will be. */
export function applied(ticket: Ticket, { add_tags: more = [], remove_tags: less = [], ...fields }: Patch): Ticket {
  const kept = ticket.tags.filter((tag) => !has(less, tag));
  return { ...ticket, ...fields, tags: [...kept, ...more.filter((tag) => !has(kept, tag))] };
}

function isSame(ticket: Ticket, patch: Patch): boolean {
  return JSON.stringify(applied(ticket, patch)) === JSON.stringify(ticket);
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
  const patch = patchOf(change);
  return grouped(tickets.filter((ticket) => !isSame(ticket, patch)).map((ticket) => [ticket, patch] as const));
}

function backOf(ticket: Ticket, { add_tags: added, remove_tags: removed, ...fields }: Patch): Patch {
  const before = Object.keys(fields).map((name) => [name, ticket[name as keyof Fields]]);
  return {
    ...(Object.fromEntries(before) as Fields),
    ...(added === undefined ? {} : { remove_tags: added }),
    ...(removed === undefined ? {} : { add_tags: ticket.tags.filter((tag) => has(removed, tag)) }),
  };
}

/** What brings tickets back to how they were before a plan. */
export function undoOf(groups: readonly Group[]): Group[] {
  return grouped(
    groups.flatMap(({ tickets, patch }) => tickets.map((ticket) => [ticket, backOf(ticket, patch)] as const)),
  );
}
