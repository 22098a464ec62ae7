import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';

/** All of them; few desks have more than a handful. */
export function useMailboxes() {
  return useQuery({
    queryKey: ['mailboxes', 'list'],
    queryFn: ({ signal }) => ok(api.GET('/api/mailboxes', { params: { query: { limit: 100 } }, signal })),
  });
}

export function useMailbox(id: string) {
  return useQuery({
    queryKey: ['mailboxes', 'one', id],
    queryFn: ({ signal }) => ok(api.GET('/api/mailboxes/{id}', { params: { path: { id } }, signal })),
  });
}
