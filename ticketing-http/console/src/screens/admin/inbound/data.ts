import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';

export type InboundMail = Schemas['InboundMail'];
export type WholeMail = Schemas['WholeInboundMail'];
export type Received = Schemas['ReceivedMail'];
export type State = Schemas['ArrivalState'];
export type Cause = Schemas['ArrivalCause'];

export const STATES = [
  'held',
  'quarantined',
  'refused',
  'waiting',
  'new',
  'threaded',
  'noted',
  'dropped',
] as const satisfies State[];

export const CAUSES = [
  'unknown_sender',
  'unproven_staff',
  'forged',
  'too_many',
  'spam',
  'blocked',
  'registration_closed',
  'former_sender',
  'not_allowed',
  'automatic',
  'delivery_report',
  'own_mail',
  'no_sender',
  'unreadable',
  'failed',
] as const satisfies Cause[];

/** There is something to decide about these. */
export function isOpen(state: State): boolean {
  return state === 'held' || state === 'refused' || state === 'quarantined';
}

export interface MailFilter {
  state: State | undefined;
  cause: Cause | undefined;
  mailbox_id: string | undefined;
  from: string | undefined;
}

export function useMails(filter: MailFilter) {
  const { state, cause, mailbox_id, from } = filter;
  return useInfiniteQuery({
    queryKey: ['inbound', 'list', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/inbound', {
          params: {
            query: {
              ...(state === undefined ? {} : { state: [state] }),
              ...(cause === undefined ? {} : { cause }),
              ...(mailbox_id === undefined ? {} : { mailbox_id }),
              ...(from === undefined ? {} : { from }),
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

export function useCounts() {
  return useQuery({
    queryKey: ['inbound', 'counts'],
    queryFn: ({ signal }) => ok(api.GET('/api/inbound/counts', { signal })),
    staleTime: 0,
  });
}

export function useMail(id: string) {
  return useQuery({
    queryKey: ['inbound', 'one', id],
    queryFn: ({ signal }) => ok(api.GET('/api/inbound/{id}', { params: { path: { id } }, signal })),
    staleTime: 0,
  });
}
