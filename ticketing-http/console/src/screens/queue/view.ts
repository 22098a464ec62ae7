/** Which tickets a list shows, and in which order: all of it stands in the address. */
import { QUEUES, filterAt, type Filters, type Queue, type QueueId } from './queues';

export interface View {
  queue: QueueId;
  /** What one filters by; it goes before what the queue says of the same thing. */
  filters: Filters;
  sort: string;
}

export const SORTS = ['updated_at', 'created_at', 'sla_due_at', 'priority', 'status'] as const;
export type SortField = (typeof SORTS)[number];

/** Everything that a list can be filtered by, beside custom fields; in the order of the menu. */
export const FILTER_NAMES = [
  'status',
  'priority',
  'assigned_agent_id',
  'team_id',
  'category',
  'tag',
  'channel',
  'is_sla_breached',
  'created_from',
  'created_to',
  'updated_from',
  'updated_to',
  'organization_id',
  'customer_id',
] as const;

const CUSTOM = 'custom_fields.';

/** The key of the custom field that a filter is about. */
export function customKey(name: string): string | undefined {
  return name.startsWith(CUSTOM) ? name.slice(CUSTOM.length) : undefined;
}

export function customName(key: string): string {
  return `${CUSTOM}${key}`;
}

export function queueOf(id: string | undefined): Queue {
  const [first] = QUEUES;
  const found = QUEUES.find((queue) => queue.id === id) ?? first;
  if (found === undefined) throw new Error('there are no queues');
  return found;
}

function isSort(sort: string | undefined): sort is string {
  return SORTS.some((field) => field === sort?.replace(/^-/, ''));
}

type Search = Partial<Record<string, string>>;

export function viewOf(search: Search): View {
  const queue = queueOf(search['queue']);
  const filters: Record<string, string> = {};
  // Sorted, so that the same list is the same whichever filter came first.
  for (const name of Object.keys(search).sort()) {
    const value = search[name];
    const isFilter = FILTER_NAMES.some((known) => known === name) || customKey(name) !== undefined;
    if (isFilter && value !== undefined && value !== '') filters[name] = value;
  }
  const sort = search['sort'];
  return { queue: queue.id, filters, sort: isSort(sort) ? sort : queue.sort };
}

export function searchOf({ queue, filters, sort }: View): Record<string, string> {
  const set = Object.entries(filters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { queue, ...Object.fromEntries(set), ...(sort === queueOf(queue).sort ? {} : { sort }) };
}

/** All that the view asks for at a moment, the queue's own and what one filters by. */
export function wholeFilter(view: View, now: number): Filters {
  return { ...filterAt(queueOf(view.queue), now), ...view.filters };
}

export function valuesOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** The same view with another value of some filters; empty takes one away. */
export function withFilters(view: View, change: Filters): View {
  const next = Object.entries({ ...view.filters, ...change }).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  return { ...view, filters: Object.fromEntries(next.sort(([a], [b]) => a.localeCompare(b))) };
}

/** By a field, or the other way round where it is already; what is newest or matters most comes first. */
export function sortedBy(view: View, field: SortField): View {
  const first = field === 'sla_due_at' || field === 'status' ? field : `-${field}`;
  const other = first.startsWith('-') ? field : `-${field}`;
  return { ...view, sort: view.sort === first ? other : first };
}
