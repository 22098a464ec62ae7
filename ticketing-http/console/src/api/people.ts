/** People by their ids. Those that are asked for within a moment are one request, and each is kept under its own id. */
import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import { api, ok } from './client';
import { Problem } from './problem';
import type { User } from './types';

/** The desk takes so many at once. */
const MOST = 100;
/** For so long others may join. */
const GATHER_MS = 5;

interface Waiting {
  found: (person: User) => void;
  failed: (error: unknown) => void;
}
const waiting = new Map<string, Waiting[]>();
let timer: ReturnType<typeof setTimeout> | undefined;

async function ask(wanted: ReadonlyMap<string, Waiting[]>): Promise<void> {
  try {
    const { items } = await ok(api.GET('/api/users', { params: { query: { ids: [...wanted.keys()] } } }));
    const people = new Map(items.map((person) => [person.id, person]));
    for (const [id, those] of wanted) {
      const person = people.get(id);
      for (const one of those) {
        if (person === undefined) one.failed(new Problem(404, {}));
        else one.found(person);
      }
    }
  } catch (error) {
    for (const one of [...wanted.values()].flat()) one.failed(error);
  }
}

function flush(): void {
  timer = undefined;
  const all = [...waiting];
  waiting.clear();
  for (let at = 0; at < all.length; at += MOST) void ask(new Map(all.slice(at, at + MOST)));
}

function load(id: string): Promise<User> {
  return new Promise((found, failed) => {
    waiting.set(id, [...(waiting.get(id) ?? []), { found, failed }]);
    timer ??= setTimeout(flush, GATHER_MS);
  });
}

/** One person. For staff. */
export function personQuery(id: string) {
  return queryOptions({
    queryKey: ['users', id],
    queryFn: () => load(id),
    staleTime: 10 * 60_000,
    gcTime: 30 * 60_000,
    // Who is not there is not asked for by every row that is drawn anew.
    retryOnMount: false,
  });
}

export function usePerson(id: string | undefined) {
  return useQuery({ ...personQuery(id ?? ''), enabled: id !== undefined });
}

/** Asks for all of these that are not known yet, such as those of a page, before their rows do. */
export function loadPeople(queries: QueryClient, ids: readonly string[]): void {
  // Who is not found has no name; the rows find that out by themselves.
  for (const id of new Set(ids)) queries.query(personQuery(id)).catch(() => undefined);
}
