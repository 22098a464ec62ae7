/** Views as they are kept here, after one of them was made, changed or taken away. */
import type { QueryClient } from '@tanstack/react-query';
import { VIEWS, type SavedView } from '../queue/views';

export const viewKey = (id: string) => ['view', id] as const;
/** Also those that were put away. */
export const ALL_VIEWS = [...VIEWS, 'hidden'];

const inOrder = (views: readonly SavedView[]): SavedView[] =>
  [...views].sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));

/** Puts it where lists of views will have it, and asks for them anew. */
export function keepView(queries: QueryClient, view: SavedView): void {
  queries.setQueryData(viewKey(view.id), view);
  for (const key of [VIEWS, ALL_VIEWS])
    queries.setQueryData<SavedView[]>(key, (old) => {
      if (old === undefined) return old;
      const others = old.filter(({ id }) => id !== view.id);
      return view.is_hidden && key === VIEWS ? others : inOrder([...others, view]);
    });
  again(queries);
}

export function forgetView(queries: QueryClient, id: string): void {
  queries.setQueryData<SavedView[]>(VIEWS, (old) => old?.filter((view) => view.id !== id));
  again(queries);
}

function again(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: VIEWS });
  void queries.invalidateQueries({ queryKey: ['tickets', 'counts'] });
}
