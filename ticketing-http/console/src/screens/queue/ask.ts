/** What the desk is asked for a list. */
import { api, ok } from '../../api/client';
import type { TicketQuery } from '../../api/types';
import type { PageParam, TicketPage } from './pages';
import { QUEUES, filterAt, type Filters, type QueueId } from './queues';
import { wholeFilter, type View } from './view';

const PAGE = 50;

/** The description of the server can't name custom fields, so what stands in the address is taken as it is. */
function asQuery(filters: Filters): TicketQuery {
  return filters;
}

export async function askPage(view: View, from: PageParam, signal?: AbortSignal): Promise<TicketPage> {
  const asked = from?.asked ?? Date.now();
  const query: TicketQuery = {
    ...asQuery(wholeFilter(view, asked)),
    sort: view.sort,
    limit: PAGE,
    ...(from === null ? {} : { cursor: from.cursor }),
  };
  const page = await ok(api.GET('/api/tickets', { params: { query }, ...(signal ? { signal } : {}) }));
  return { ...page, asked };
}

export interface Count {
  count: number;
  is_capped: boolean;
}

const MOST = 1000;

/** How many tickets each queue holds. */
export async function askCounts(signal: AbortSignal): Promise<Partial<Record<QueueId, Count>>> {
  const now = Date.now();
  const counts = await Promise.all(
    QUEUES.map(async (queue) => {
      const query: TicketQuery = { ...asQuery(filterAt(queue, now)), limit: 1, count: true };
      const { total = 0 } = await ok(api.GET('/api/tickets', { params: { query }, signal }));
      return [queue.id, { count: Math.min(total, MOST), is_capped: total > MOST }] as const;
    }),
  );
  return Object.fromEntries(counts);
}
