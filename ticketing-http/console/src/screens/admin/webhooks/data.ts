import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';

export type Webhook = Schemas['Webhook'];
export type Delivery = Schemas['Delivery'];
export type DeliveryStatus = Schemas['DeliveryStatus'];

export const DELIVERY_STATUSES = ['pending', 'done', 'dead'] as const satisfies DeliveryStatus[];

/** A desk has at most a hundred of them: they are all on one page. */
export function useWebhooks() {
  return useQuery({
    queryKey: ['webhooks', 'list'],
    queryFn: ({ signal }) => ok(api.GET('/api/webhooks', { params: { query: { limit: 100 } }, signal })),
  });
}

export function useWebhook(id: string) {
  return useQuery({
    queryKey: ['webhooks', 'one', id],
    queryFn: ({ signal }) => ok(api.GET('/api/webhooks/{id}', { params: { path: { id } }, signal })),
  });
}

/** Puts one in place that a change has answered. */
export function usePlaceWebhook(): (webhook: Webhook) => void {
  const queries = useQueryClient();
  return (webhook) => {
    queries.setQueryData(['webhooks', 'one', webhook.id], webhook);
    void queries.invalidateQueries({ queryKey: ['webhooks', 'list'] });
  };
}

export function useDeliveries(webhookId: string, status: DeliveryStatus | undefined) {
  return useInfiniteQuery({
    queryKey: ['webhooks', 'deliveries', webhookId, status ?? 'all'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/webhooks/{id}/deliveries', {
          params: {
            path: { id: webhookId },
            query: {
              ...(status === undefined ? {} : { status }),
              ...(pageParam === undefined ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 0,
  });
}

/** How often one looks at most how a call went; each time later. */
const LOOKS = 8;

/** A delivery that is on its way: looked at a few times, until there is a new attempt or it has ended. */
export function useOutcome(id: string | undefined, attemptsBefore: number) {
  return useQuery({
    queryKey: ['webhooks', 'delivery', id, attemptsBefore],
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
