/** With whom one may share views, canned responses and macros, and who may change them: what the server decides, so that
 * nobody is offered what it would refuse. */
import { useQuery } from '@tanstack/react-query';
import { api, ok } from '../api/client';
import { useDirectory } from '../api/directory';
import { readAll } from '../api/paging';
import { useMe } from '../api/session';
import type { Schemas, Team } from '../api/types';

const BY_NAME = (a: Team, b: Team) => a.name.localeCompare(b.name);

interface Shared {
  visibility: Schemas['Visibility'];
  team_id: string | null;
}

export interface Rights {
  /** Until then one leads no team. */
  isKnown: boolean;
  mayChange: (thing: Shared) => boolean;
  /** Whether one may share with everybody, and bring back what was put away. */
  mayAll: boolean;
  /** With which teams one may share. */
  teams: readonly Team[];
}

/** `isAsked`: until then it is not asked for which teams one leads. */
export function useRights(isAsked = true): Rights {
  const me = useMe();
  const directory = useDirectory();
  const mayAll = me.role === 'manager' || me.role === 'admin';
  // Managers need no part in a team.
  const own = useQuery({
    enabled: !mayAll && isAsked,
    queryKey: ['my-teams'],
    staleTime: 10 * 60_000,
    queryFn: ({ signal }) =>
      readAll(
        (cursor, signal) => ok(api.GET('/api/auth/me/teams', { params: { query: { cursor, limit: 100 } }, signal })),
        signal,
      ),
  });
  const led = new Set((own.data ?? []).flatMap(({ team_id, role }) => (role === 'member' ? [] : [team_id])));
  const teams = [...directory.teams.values()]
    .filter((team) => team.is_active && (mayAll || led.has(team.id)))
    .sort(BY_NAME);
  return {
    isKnown: !directory.isLoading && (mayAll || !own.isPending),
    mayAll,
    teams,
    mayChange: ({ visibility, team_id }) =>
      visibility === 'private' || mayAll || (visibility === 'team' && teams.some(({ id }) => id === team_id)),
  };
}
