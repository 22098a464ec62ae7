/** The names behind ids: staff, teams and companies, each loaded once and kept. For staff alone. */
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ok } from './client';
import { useFollow } from './follow';
import { on } from './live';
import { outlast } from './outlast';
import { readAll } from './paging';
import { useMe } from './session';
import type { Organization, Team, User } from './types';

const LIMIT = 100;

const kept = { staleTime: 10 * 60_000, gcTime: Infinity } as const;

function byId<T extends { id: string }>(items: readonly T[] | undefined): ReadonlyMap<string, T> {
  return new Map((items ?? []).map((item) => [item.id, item]));
}

export interface Directory {
  staff: ReadonlyMap<string, User>;
  teams: ReadonlyMap<string, Team>;
  /** Names are not there yet. */
  isLoading: boolean;
}

const STAFF = ['users', 'staff'];

/** Who takes work is told as it changes. */
function follow(queries: QueryClient): void {
  on('presence', ({ user_id, availability }) =>
    outlast(queries, STAFF, () =>
      queries.setQueryData<User[]>(STAFF, (old) =>
        old?.map((user) => (user.id === user_id ? { ...user, availability } : user)),
      ),
    ),
  );
}

/** Staff and teams by their id, also those that are not active any more: old tickets name them. */
export function useDirectory(): Directory {
  const enabled = useMe().role !== 'customer';
  useFollow(follow);
  const staff = useQuery({
    queryKey: STAFF,
    queryFn: ({ signal }) =>
      readAll(
        (cursor, signal) =>
          ok(
            api.GET('/api/users', {
              params: { query: { role: ['agent', 'manager', 'admin'], limit: LIMIT, cursor } },
              signal,
            }),
          ),
        signal,
      ),
    enabled,
    ...kept,
  });
  const teams = useQuery({
    queryKey: ['teams', 'all'],
    queryFn: ({ signal }) =>
      readAll(
        (cursor, signal) => ok(api.GET('/api/teams', { params: { query: { limit: LIMIT, cursor } }, signal })),
        signal,
      ),
    enabled,
    ...kept,
  });
  const isLoading = staff.isLoading || teams.isLoading;
  return useMemo(
    () => ({ staff: byId(staff.data), teams: byId(teams.data), isLoading }),
    [staff.data, teams.data, isLoading],
  );
}

/** Companies by their id. */
export function useOrganizations(): ReadonlyMap<string, Organization> {
  const enabled = useMe().role !== 'customer';
  const { data } = useQuery({
    queryKey: ['organizations', 'all'],
    queryFn: ({ signal }) =>
      readAll(
        (cursor, signal) => ok(api.GET('/api/organizations', { params: { query: { limit: LIMIT, cursor } }, signal })),
        signal,
      ),
    enabled,
    ...kept,
  });
  return useMemo(() => byId(data), [data]);
}
