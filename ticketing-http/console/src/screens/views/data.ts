/** What these pages ask the server for. */
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client';
import { readAll } from '../../api/paging';
import type { SavedView } from '../queue/views';
import { ALL_VIEWS } from './kept';

/** All that one sees in their order, and what was put away, to those who may bring it back. */
export function useAllViews() {
  return useQuery({
    queryKey: ALL_VIEWS,
    queryFn: ({ signal }) =>
      readAll(
        (cursor, signal) =>
          ok(api.GET('/api/views', { params: { query: { hidden: true, limit: 100, cursor } }, signal })),
        signal,
      ),
    staleTime: 0,
  });
}

export const loadView = (id: string, signal?: AbortSignal): Promise<SavedView> =>
  ok(api.GET('/api/views/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));
