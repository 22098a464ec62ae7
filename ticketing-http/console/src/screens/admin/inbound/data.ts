import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import { useEndless } from '../../../api/paging';
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
  const query = {
    ...(state === undefined ? {} : { state: [state] }),
    ...(cause === undefined ? {} : { cause }),
    ...(mailbox_id === undefined ? {} : { mailbox_id }),
    ...(from === undefined ? {} : { from }),
  };
  return useEndless<InboundMail>(
    ['inbound', 'list', filter],
    (cursor, signal) => ok(api.GET('/api/inbound', { params: { query: { ...query, cursor } }, signal })),
    { isFresh: true },
  );
}

export function useCounts() {
  return useQuery({
    queryKey: ['inbound', 'counts'],
    queryFn: ({ signal }) => ok(api.GET('/api/inbound/counts', { signal })),
    staleTime: 0,
  });
}

export const mailKey = (id: string) => ['inbound', 'one', id];

export const loadMail = (id: string, signal: AbortSignal) =>
  ok(api.GET('/api/inbound/{id}', { params: { path: { id } }, signal }));
