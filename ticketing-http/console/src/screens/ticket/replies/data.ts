/** What one answers with: texts, found by the server for a ticket, and macros. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import { useAll } from '../../../api/paging';
import type { Ticket } from '../../../api/types';

/** Few enough that the macros below are seen. */
const MOST = 6;

/** What is found by these words, filled in for the ticket as it is now. */
export function useResponses(ticket: Ticket, wanted: string | undefined) {
  return useQuery({
    queryKey: ['canned-responses', 'for', ticket.id, ticket.version, wanted?.toLowerCase()],
    queryFn: ({ signal }) =>
      ok(
        api.GET('/api/canned-responses', {
          params: { query: { ticket: ticket.id, limit: MOST, ...(wanted ? { q: wanted } : {}) } },
          signal,
        }),
      ),
    enabled: wanted !== undefined,
    // The list does not blink while one types on.
    placeholderData: keepPreviousData,
  });
}

export const useMacros = (enabled = true) =>
  useAll(
    'macros',
    (cursor, signal) => ok(api.GET('/api/macros', { params: { query: { cursor, limit: 100 } }, signal })),
    enabled,
  );
