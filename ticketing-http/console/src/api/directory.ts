/** The names behind ids: staff, teams and companies, each loaded once and kept. For staff alone. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ok } from './client';
import { useMe } from './session';
import type { Organization, Page, Team, User } from './types';

/** A list is read to its end, but no further than this: a company with more has no use for a list of all. */
const MOST_PAGES = 10;
const LIMIT = 100;

async function all<T>(page: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let at = 0; at < MOST_PAGES; at += 1) {
    const { items: more, next_cursor } = await page(cursor);
    items.push(...more);
    if (next_cursor === null) break;
    cursor = next_cursor;
  }
  return items;
}

const from = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

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

/** Staff and teams by their id, also those that are not active any more: old tickets name them. */
export function useDirectory(): Directory {
  const enabled = useMe().role !== 'customer';
  const staff = useQuery({
    queryKey: ['users', 'staff'],
    queryFn: ({ signal }) =>
      all((cursor) =>
        ok(
          api.GET('/api/users', {
            params: { query: { role: ['agent', 'manager', 'admin'], limit: LIMIT, ...from(cursor) } },
            signal,
          }),
        ),
      ),
    enabled,
    ...kept,
  });
  const teams = useQuery({
    queryKey: ['teams', 'all'],
    queryFn: ({ signal }) =>
      all((cursor) => ok(api.GET('/api/teams', { params: { query: { limit: LIMIT, ...from(cursor) } }, signal }))),
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
      all((cursor) =>
        ok(api.GET('/api/organizations', { params: { query: { limit: LIMIT, ...from(cursor) } }, signal })),
      ),
    enabled,
    ...kept,
  });
  return useMemo(() => byId(data), [data]);
}
