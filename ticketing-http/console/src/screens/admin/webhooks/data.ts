import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import { useAll, useEndless } from '../../../api/paging';
import type { Schemas } from '../../../api/types';

export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['Delivery'];
export type DeliveryStatus = Schemas['DeliveryStatus'];

export const DELIVERY_STATUSES = ['pending', 'done', 'dead'] as const satisfies DeliveryStatus[];

export const useWebhooks = () =>
  useAll('webhooks', (cursor, signal) =>
    ok(api.GET('/api/webhooks', { params: { query: { cursor, limit: 100 } }, signal })),
  );

export const deliveriesKey = (webhookId: string) => ['webhook-deliveries', webhookId];

export function useDeliveries(webhookId: string, status: DeliveryStatus | undefined) {
  const filter = status === undefined ? {} : { status };
  return useEndless<Delivery>(
    [...deliveriesKey(webhookId), filter],
    (cursor, signal) =>
      ok(
        api.GET('/api/webhooks/{id}/deliveries', {
          params: { path: { id: webhookId }, query: { ...filter, cursor } },
          signal,
        }),
      ),
    { isFresh: true },
  );
}

/** How often one looks at most how a call went; each time later. */
const LOOKS = 8;

/** A delivery that is on its way: looked at a few times, until there is a new attempt or it has ended. */
export function useOutcome(id: string | undefined, attemptsBefore: number) {
  return useQuery({
    queryKey: ['webhook-delivery', id, attemptsBefore],
    enabled: id !== undefined,
    gcTime: 0,
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      ok(api.GET('/api/webhook-deliveries/{id}', { params: { path: { id: id ?? '' } }, signal })),
    refetchInterval: ({ state }) => {
      const one = state.data;
      if (one !== undefined && isKnown(one, attemptsBefore)) return false;
      return state.dataUpdateCount + state.errorUpdateCount < LOOKS ? 300 * 1.7 ** state.dataUpdateCount : false;
    },
  });
}

/** Whether there is something to say about how the newest call went. */
export function isKnown(delivery: Delivery, attemptsBefore: number): boolean {
  return delivery.attempts.length > attemptsBefore || (delivery.status !== 'pending' && attemptsBefore === 0);
}
