import { api, ok } from '../../../api/client';
import { useEndless } from '../../../api/paging';
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
  'rename_option',
  'replan',
  'late_news',
  'late_mail',
  'route',
  'import',
] as const satisfies JobKind[];

export interface JobFilter {
  state: JobState | undefined;
  kind: JobKind | undefined;
  lane: string | undefined;
  ticket_id: string | undefined;
}

export function useJobs(filter: JobFilter) {
  const { state, kind, lane, ticket_id } = filter;
  const query = {
    ...(state === undefined ? {} : { state: [state] }),
    ...(kind === undefined ? {} : { kind: [kind] }),
    ...(lane === undefined ? {} : { lane }),
    ...(ticket_id === undefined ? {} : { ticket_id }),
  };
  return useEndless<Job>(
    ['jobs', 'list', filter],
    (cursor, signal) => ok(api.GET('/api/jobs', { params: { query: { ...query, cursor } }, signal })),
    { isFresh: true },
  );
}
