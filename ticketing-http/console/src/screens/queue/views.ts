/** The desk's views: lists of tickets under a name, each one's own, a team's or everybody's. */
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client';
import { readAll } from '../../api/paging';
import { useMe } from '../../api/session';
import type { Schemas } from '../../api/types';
import { defineText, useText } from '../../text';

export type SavedView = Schemas['View'];
export type BuiltIn = Schemas['BuiltInView'];

export const VIEWS = ['views'];

/** Those that every desk begins with, in the order of their ids, which are the same everywhere. */
const BUILT_IN = ['mine', 'unassigned', 'breaching', 'waiting', 'open', 'recent'] as const satisfies BuiltIn[];

/** The list of everything, where a desk has no view to show. */
export const ALL = 'all';

export const viewNames = defineText(
  {
    mine: 'Mine',
    unassigned: 'Unassigned',
    breaching: 'Breaching soon',
    waiting: 'Waiting on customer',
    open: 'All open',
    recent: 'Recently updated',
    all: 'All',
  },
  {
    mine: 'Meine',
    unassigned: 'Nicht zugewiesen',
    breaching: 'Bald überfällig',
    waiting: 'Wartet auf Kunden',
    open: 'Alle offenen',
    recent: 'Zuletzt geändert',
    all: 'Alle',
  },
);

/** How an address names a view: by the word that it has on every desk, or by its id. */
export const refOf = (view: Pick<SavedView, 'id' | 'key'>): string => view.key ?? view.id;

export function isRef(ref: string | undefined): ref is string {
  return (
    ref === ALL || BUILT_IN.some((key) => key === ref) || /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(ref ?? '')
  );
}

export function idOf(ref: string): string {
  const at = BUILT_IN.findIndex((key) => key === ref);
  return at < 0 ? ref : `00000000-0000-7000-8000-00000000000${at + 1}`;
}

export function useViews() {
  const me = useMe();
  return useQuery({
    queryKey: VIEWS,
    queryFn: ({ signal }) =>
      readAll(
        (cursor, signal) => ok(api.GET('/api/views', { params: { query: { limit: 100, cursor } }, signal })),
        signal,
      ),
    enabled: me.role !== 'customer',
    staleTime: 60_000,
    // Others change them, of which nothing is told.
    refetchOnWindowFocus: true,
    gcTime: Infinity,
  });
}

const byRef = (views: readonly SavedView[] | undefined, ref: string) => views?.find((view) => view.id === idOf(ref));

/** A view as far as it is known by now. */
export function knownView(queries: QueryClient, ref: string): SavedView | undefined {
  return byRef(queries.getQueryData<SavedView[]>(VIEWS), ref);
}

export function useView(ref: string): SavedView | undefined {
  return byRef(useViews().data, ref);
}

/** The view that one begins with: the first of them; that is the same on nearly every desk before it is known. */
export function useFirstView(): string {
  const { data } = useViews();
  if (data === undefined) return BUILT_IN[0];
  return data[0] === undefined ? ALL : refOf(data[0]);
}

/** What the list of a view is called, where that can be said already. */
export function useViewTitle(ref: string, saved: SavedView | undefined): string | undefined {
  const names = useText(viewNames);
  const nameOf = useViewName();
  if (saved !== undefined) return nameOf(saved);
  const key = ([ALL, ...BUILT_IN] as const).find((one) => one === ref);
  return key && names[key];
}

/** What a view is called; those that a desk begins with have names in each language. */
export function useViewName(): (view: Pick<SavedView, 'key' | 'is_renamed' | 'name'>) => string {
  const names = useText(viewNames);
  return ({ key, is_renamed, name }) => (key === null || is_renamed ? name : names[key]);
}
