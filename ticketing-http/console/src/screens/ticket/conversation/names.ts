/** Names for the ids that events hold. Those of people who did something here are known; others are asked for, once. */
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, ok } from '../../../api/client';
import { personQuery } from '../../../api/people';
import type { Comment } from '../../../api/types';
import { idsIn, type Names } from './describe';
import type { Happening } from './history';

export function useNames(comments: readonly Comment[], happenings: readonly Happening[], isStaff: boolean): Names {
  const known = useMemo(() => {
    const names = new Map<string, string>();
    for (const { author } of comments) if (author.id != null) names.set(author.id, author.name);
    for (const { actor } of happenings) if (actor.id != null) names.set(actor.id, actor.name);
    return names;
  }, [comments, happenings]);
  const ids = happenings.map(idsIn);
  const people = isStaff ? [...new Set(ids.flatMap((one) => one.people))].filter((id) => !known.has(id)) : [];
  const teams = isStaff ? [...new Set(ids.flatMap((one) => one.teams))] : [];
  const found = useQueries({
    queries: [
      ...people.map(personQuery),
      ...teams.map((id) => ({
        queryKey: ['teams', id],
        queryFn: ({ signal }: { signal: AbortSignal }): Promise<{ id: string; name: string }> =>
          ok(api.GET('/api/teams/{id}', { params: { path: { id } }, signal })),
        staleTime: Infinity,
      })),
    ],
    combine: (results) => results.map((result) => result.data).filter((one) => one !== undefined),
  });
  return (id) => known.get(id) ?? found.find((one) => one.id === id)?.name;
}
