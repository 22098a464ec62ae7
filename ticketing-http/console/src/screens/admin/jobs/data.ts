import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import type { Schemas } from '../../../api/types';

export type Job = Schemas['Job'];
export type JobState = Schemas['JobState'];
export type JobKind = Schemas['JobKind'];

export const JOB_STATES = ['ready', 'running', 'done', 'dead'] as const satisfies JobState[];
export const JOB_KINDS = [
  'mail',
  'webhook',
  'notify',
  'inbound',
  'dispatch',
  'replay',
  'password_mail',
  'rule_mail',
  'rule_action',
  'rule_limit',
  'rule_scan',
  'replan',
  'late_news',
  'late_mail',
] as const satisfies JobKind[];

export interface JobFilter {
  state: JobState | undefined;
  kind: JobKind | undefined;
  lane: string | undefined;
  ticket_id: string | undefined;
}

export function useJobs(filter: JobFilter) {
  const { state, kind, lane, ticket_id } = filter;
  return useInfiniteQuery({
    queryKey: ['jobs', 'list', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET('/api/jobs', {
          params: {
            query: {
              ...(state === undefined ? {} : { state: [state] }),
              ...(kind === undefined ? {} : { kind: [kind] }),
              ...(lane === undefined ? {} : { lane }),
              ...(ticket_id === undefined ? {} : { ticket_id }),
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

export function useJob(id: string) {
  return useQuery({
    queryKey: ['jobs', 'one', id],
    queryFn: ({ signal }) => ok(api.GET('/api/jobs/{id}', { params: { path: { id } }, signal })),
    staleTime: 0,
  });
}
