/** What I change of a ticket, what it was, and what somebody else has made of it meanwhile. */
import type { Schemas, Ticket } from '../../../api/types';

/** A change as the API takes it, without what says how it is to be made. */
export type Change = Omit<Schemas['TicketPatch'], 'version' | 'ignore_blockers' | 'add_tags' | 'remove_tags'>;

type Own = Exclude<keyof Change, 'custom_fields'>;
/** A field by its name; the desk's own as `custom_fields.KEY`. */
export type FieldName = Own | `custom_fields.${string}`;

/** A field that both have changed, to different things. */
export interface Clash {
  field: FieldName;
  was: unknown;
  mine: unknown;
  theirs: unknown;
}

export interface Comparison {
  clashes: Clash[];
  /** What of my change nobody else has touched, and is still to be made. */
  rest: Change;
  /** What others have changed since, mine or not. */
  theirs: FieldName[];
}

const OWN = [
  'subject',
  'description',
  'status',
  'priority',
  'category',
  'tags',
  'assigned_agent_id',
  'team_id',
  'wake_at',
] as const satisfies Own[];

const CUSTOM = 'custom_fields.';

export function valueOf(ticket: Ticket, field: FieldName): unknown {
  if (field.startsWith(CUSTOM)) return ticket.custom_fields[field.slice(CUSTOM.length)] ?? null;
  return ticket[field as Own] ?? null;
}

/** The fields that a change names, with what they are to be. */
export function entries(change: Change): [FieldName, unknown][] {
  const { custom_fields: custom = {}, ...own } = change;
  return [
    ...(Object.entries(own) as [Own, unknown][]),
    ...Object.entries(custom).map(([key, value]): [FieldName, unknown] => [`${CUSTOM}${key}`, value]),
  ];
}

/** The change that sets these fields. */
export function changeOf(fields: readonly (readonly [FieldName, unknown])[]): Change {
  const own: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const [field, value] of fields) {
    if (field.startsWith(CUSTOM)) custom[field.slice(CUSTOM.length)] = value;
    else own[field] = value;
  }
  return Object.keys(custom).length > 0 ? { ...own, custom_fields: custom } : own;
}

export function isEmpty(change: Change): boolean {
  return entries(change).length === 0;
}

export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((one, at) => same(one, b[at]));
  }
  return (a ?? null) === (b ?? null);
}

/** Labels are a set: what each has added and taken off goes together. */
export function mergeTags(was: readonly string[], mine: readonly string[], theirs: readonly string[]): string[] {
  const low = (tag: string) => tag.toLowerCase();
  const has = (tags: readonly string[], tag: string) => tags.some((other) => low(other) === low(tag));
  const kept = theirs.filter((tag) => !has(was, tag) || has(mine, tag));
  return [...kept, ...mine.filter((tag) => !has(was, tag) && !has(kept, tag))];
}

/** Which fields differ between two versions of a ticket. */
export function changedFields(before: Ticket, after: Ticket): FieldName[] {
  const custom = new Set([...Object.keys(before.custom_fields), ...Object.keys(after.custom_fields)]);
  const all: FieldName[] = [...OWN, ...[...custom].map((key): FieldName => `${CUSTOM}${key}`)];
  return all.filter((field) => !same(valueOf(before, field), valueOf(after, field)));
}

/** Holds my change, made looking at `base`, against the ticket as it stands now. */
export function compare(base: Ticket, change: Change, now: Ticket): Comparison {
  const theirs = changedFields(base, now);
  const rest: [FieldName, unknown][] = [];
  const clashes: Clash[] = [];
  // To be put off is to be pending, whether it is said or not.
  const whole: Change =
    change.wake_at != null && change.status === undefined ? { status: 'pending', ...change } : change;
  for (const [field, mine] of entries(whole)) {
    const [was, is] = [valueOf(base, field), valueOf(now, field)];
    if (same(mine, is)) continue;
    if (!theirs.includes(field)) rest.push([field, mine]);
    else if (field === 'tags') rest.push([field, mergeTags(was as string[], mine as string[], is as string[])]);
    else clashes.push({ field, was, mine, theirs: is });
  }
  const said = rest.filter(([field]) => field !== 'status' || change.status !== undefined);
  return { clashes, rest: changeOf(said), theirs };
}

/** What is sent after each clash was decided: mine where it was chosen, and what was never in question. */
export function settle(change: Change, { clashes, rest }: Comparison, isMine: (field: FieldName) => boolean): Change {
  const lost = clashes.filter((clash) => !isMine(clash.field)).map((clash) => clash.field);
  const fields = [
    ...entries(rest),
    ...clashes.filter((clash) => isMine(clash.field)).map(({ field, mine }) => [field, mine] as const),
  ];
  // A ticket whose status stays theirs can't be put off.
  const sleeps = lost.includes('status') && change.wake_at != null;
  return changeOf(fields.filter(([field]) => !(sleeps && field === 'wake_at')));
}

/** The ticket as it will be. */
export function apply(ticket: Ticket, change: Change): Ticket {
  const { custom_fields: custom, ...own } = change;
  const next = { ...ticket, ...own };
  if (change.wake_at != null && change.status === undefined) next.status = 'pending';
  if (change.status !== undefined && change.wake_at === undefined && 'wake_at' in ticket) next.wake_at = null;
  if (custom !== undefined) {
    const merged = { ...ticket.custom_fields, ...custom };
    next.custom_fields = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
  }
  return next;
}

/** Takes a change back that was refused; what has become of its fields otherwise stays. */
export function revert(ticket: Ticket, change: Change, base: Ticket): Ticket {
  const applied = apply(base, change);
  const fields = changedFields(base, applied).filter((field) => same(valueOf(ticket, field), valueOf(applied, field)));
  const back = changeOf(fields.map((field) => [field, valueOf(base, field)]));
  const next = apply(ticket, back);
  return fields.includes('wake_at') || !('wake_at' in ticket) ? next : { ...next, wake_at: ticket.wake_at ?? null };
}
