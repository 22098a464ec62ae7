/** What the desk is asked for a list. */
import { api, ok } from '../../api/client';
import type { TicketQuery } from '../../api/types';
import type { PageParam, TicketPage } from './pages';
import type { Filters, View } from './view';
import { ALL, idOf } from './views';

const PAGE = 50;

/** The description of the server can't name custom fields, so what stands in the address is taken as it is. */
function asQuery(filters: Filters): TicketQuery {
  return filters;
}

export function askPage({ ref, filters, sort }: View, cursor: PageParam, signal?: AbortSignal): Promise<TicketPage> {
  const query: TicketQuery = {
    ...asQuery(filters),
    limit: PAGE,
    ...(sort === undefined ? {} : { sort }),
    ...(cursor === null ? {} : { cursor }),
  };
  const more = signal ? { signal } : {};
  return ref === ALL
    ? ok(api.GET('/api/tickets', { params: { query }, ...more }))
    : ok(api.GET('/api/views/{id}/tickets', { params: { path: { id: idOf(ref) }, query }, ...more }));
}
