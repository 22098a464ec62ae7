import { api, ok } from '../../../api/client';
import { useAll } from '../../../api/paging';

export const useMailboxes = () =>
  useAll('mailboxes', (cursor, signal) =>
    ok(api.GET('/api/mailboxes', { params: { query: { cursor, limit: 100 } }, signal })),
  );
