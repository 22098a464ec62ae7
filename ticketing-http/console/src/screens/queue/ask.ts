/** What the desk is asked for a list. */
import { api, ok } from '../../api/client';
import type { Schemas, TicketQuery } from '../../api/types';
import type { PageParam, TicketPage } from './pages';
import { QUEUES, filterAt, type Filters } from './queues';
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

type Counts = Schemas['CountedTickets']['counts'];

/** How many tickets each queue holds, as far as the desk counts. */
export async function askCounts(signal: AbortSignal): Promise<Counts> {
  const now = Date.now();
  const lists = Object.fromEntries(
    QUEUES.map((queue) => {
      const set = Object.entries(filterAt(queue, now)).filter(
        (pair): pair is [string, string] => pair[1] !== undefined,
      );
      return [queue.id, new URLSearchParams(set).toString()];
    }),
  );
  const { counts } = await ok(api.POST('/api/tickets/counts', { body: { lists }, signal }));
  return counts;
}
