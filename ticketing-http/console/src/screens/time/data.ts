/** What is asked for of logged time. All of it is under `time`, and asked for anew when somebody comes back to it. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client';
import { readAll } from '../../api/paging';
import { useMe } from '../../api/session';
import type { Schemas, User } from '../../api/types';
import { zone } from './days';
import type { Entry } from './draft';
import { TIME_KEY } from './timer';

export type Totals = Schemas['TimeTotals'];
export type SummaryItem = Schemas['TimeSummaryItem'];
export type GroupBy = Schemas['TimeGroupBy'];

/** No event tells of time. */
const told = { staleTime: 0, refetchOnWindowFocus: true } as const;

export const RULE_KEY = ['time-tracking'];

export const loadRule = (signal?: AbortSignal) => ok(api.GET('/api/time-tracking', signal ? { signal } : {}));

export function useRule() {
  return useQuery({ queryKey: RULE_KEY, queryFn: ({ signal }) => loadRule(signal), staleTime: 5 * 60_000 });
}

/** Whose time a person may log and correct: managers everybody's, others their own. */
export const mayManage = ({ role }: Pick<User, 'role'>): boolean => role === 'manager' || role === 'admin';

export function useMayEdit(): (entry: Entry) => boolean {
  const me = useMe();
  return ({ user }) => mayManage(me) || user.id === me.id;
}

export interface Stretch {
  from: string;
  to: string;
  userId: string;
}

/** All entries of somebody in a stretch of days. */
export function useEntries({ from, to, userId }: Stretch) {
  return useQuery({
    queryKey: [...TIME_KEY, 'entries', from, to, userId, zone()],
    queryFn: ({ signal }) =>
      readAll(
        (cursor, signal) =>
          ok(
            api.GET('/api/time-entries', {
              params: { query: { from, to, user_id: userId, time_zone: zone(), limit: 100, cursor } },
              signal,
            }),
          ),
        signal,
      ),
    ...told,
  });
}

export interface SummaryQuery {
  group_by: GroupBy;
  from?: string | undefined;
  to?: string | undefined;
  user_id?: string | undefined;
  ticket?: string | undefined;
  organization_id?: string | undefined;
  team_id?: string | undefined;
  billable?: boolean | undefined;
}

export function useSummary(query: SummaryQuery) {
  const asked = { ...query, time_zone: zone() };
  return useQuery({
    queryKey: [...TIME_KEY, 'summary', asked],
    queryFn: ({ signal }) => ok(api.GET('/api/time-entries/summary', { params: { query: asked }, signal })),
    ...told,
  });
}

/** A ticket's time, the latest work first. */
export function useTicketTime(ticketId: string) {
  return useInfiniteQuery({
    queryKey: [...TIME_KEY, 'ticket', ticketId],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      ok(
        api.GET('/api/tickets/{ticket}/time-entries', {
          params: { path: { ticket: ticketId }, query: { limit: 25, cursor: pageParam } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    ...told,
  });
}

/** `TKT-7KQ2M9XD The gate stays shut`, as sums name tickets. */
export function ticketOfLabel(label: string): { number: string; subject: string } {
  const at = label.indexOf(' ');
  return at < 0 ? { number: label, subject: '' } : { number: label.slice(0, at), subject: label.slice(at + 1) };
}
