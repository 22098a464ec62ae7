/** Who works here and in which teams: asked for once, and kept for every screen. */
import { useQuery } from '@tanstack/react-query';
import { api, ok } from './client';
import { useSession } from './session';
import type { Page, Team, User } from './types';

export interface Directory {
  staff: ReadonlyMap<string, User>;
  teams: ReadonlyMap<string, Team>;
}

const NOBODY: Directory = { staff: new Map(), teams: new Map() };
const HOUR = 3_600_000;

async function all<T extends { id: string }>(page: (cursor: string | undefined) => Promise<Page<T>>) {
  const found = new Map<string, T>();
  let cursor: string | undefined;
  do {
    const { items, next_cursor: next } = await page(cursor);
    for (const item of items) found.set(item.id, item);
    cursor = next ?? undefined;
  } while (cursor !== undefined);
  return found;
}

const beyond = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

export function useDirectory(): Directory {
  const session = useSession();
  const isStaff = 'user' in session && session.user.role !== 'customer';
  const { data } = useQuery({
    queryKey: ['users', 'directory'],
    enabled: isStaff,
    staleTime: HOUR,
    queryFn: async ({ signal }): Promise<Directory> => {
      const [staff, teams] = await Promise.all([
        all((cursor) =>
          ok(
            api.GET('/api/users', {
              params: { query: { role: ['agent', 'manager', 'admin'], limit: 100, ...beyond(cursor) } },
              signal,
            }),
          ),
        ),
        all((cursor) => ok(api.GET('/api/teams', { params: { query: { limit: 100, ...beyond(cursor) } }, signal }))),
      ]);
      return { staff, teams };
    },
  });
  return data ?? NOBODY;
}
