/** Which tickets a list shows, and in which order: all of it stands in the address. */
import { isRef, type SavedView } from './views';

/** What a list is filtered by: parameters of `GET /api/tickets`, several values of one with commas between them. */
export type Filters = Readonly<Partial<Record<string, string>>>;

/** A view, and what is looked at otherwise than it says: none of that is kept until somebody saves it. */
export interface View {
  /** The view, as addresses name it. */
  ref: string;
  /** What one filters by, beside what the view asks for. */
  filters: Filters;
  sort?: string;
  columns?: readonly string[];
}

/** How a list is ordered of which nothing else is said. */
const USUAL_SORT = '-created_at';

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

function isSort(sort: string | undefined): sort is string {
  const field = sort?.replace(/^-/, '') ?? '';
  return SORTS.some((known) => known === field) || customKey(field) !== undefined;
}

type Search = Partial<Record<string, string>>;

/** Of an address that names no view it is this one. */
export function viewOf(search: Search, first: string): View {
  // What the lists were named by that everybody had.
  const ref = search['view'] ?? search['queue'];
  const filters: Record<string, string> = {};
  // Sorted, so that the same list is the same whichever filter came first.
  for (const name of Object.keys(search).sort()) {
    const value = search[name];
    const isFilter = FILTER_NAMES.some((known) => known === name) || customKey(name) !== undefined;
    if (isFilter && value !== undefined && value !== '') filters[name] = value;
  }
  const { sort } = search;
  const columns = valuesOf(search['columns']);
  return {
    ref: isRef(ref) ? ref : first,
    filters,
    ...(isSort(sort) ? { sort } : {}),
    // A list without any would be one as everybody likes it.
    ...(columns.length === 0 ? {} : { columns }),
  };
}

export function searchOf({ ref, filters, sort, columns }: View): Record<string, string> {
  const set = Object.entries(filters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    view: ref,
    ...Object.fromEntries(set),
    ...(sort === undefined ? {} : { sort }),
    ...(columns === undefined ? {} : { columns: columns.join() }),
  };
}

/** Whether it is looked at otherwise than it says. */
export function isChanged({ filters, sort, columns }: View): boolean {
  return Object.keys(filters).length > 0 || sort !== undefined || columns !== undefined;
}

export function sortOf(view: View, saved: SavedView | undefined): string {
  return view.sort ?? saved?.sort ?? USUAL_SORT;
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

/** In this order; the view's own is not said again. */
export function withSort({ sort: _sort, ...view }: View, saved: SavedView | undefined, sort: string): View {
  return sort === sortOf(view, saved) ? view : { ...view, sort };
}

/** By a field, or the other way round where it is already; what is newest or matters most comes first. */
export function sortedBy(view: View, saved: SavedView | undefined, field: string): View {
  const first = field.startsWith(CUSTOM) || field === 'sla_due_at' || field === 'status' ? field : `-${field}`;
  const other = first.startsWith('-') ? field : `-${field}`;
  return withSort(view, saved, sortOf(view, saved) === first ? other : first);
}
