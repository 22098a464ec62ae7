/** Who may make and change which views: what the server decides, so that nobody is offered what it would refuse. */
import { useQueries } from '@tanstack/react-query';
import { api, ok } from '../../api/client';
import { useDirectory } from '../../api/directory';
import { readAll } from '../../api/paging';
import { useMe } from '../../api/session';
import type { Team } from '../../api/types';
import type { SavedView } from '../queue/views';

const BY_NAME = (a: Team, b: Team) => a.name.localeCompare(b.name);

export interface Rights {
  mayChange: (view: Pick<SavedView, 'visibility' | 'team_id'>) => boolean;
  /** Whether one may share with everybody, and bring back what was put away. */
  mayAll: boolean;
  /** With which teams one may share. */
  teams: readonly Team[];
}

/** `isTeamAsked`: who leads which team is asked for, one team after another; until then one leads none. */
export function useViewRights(isTeamAsked = true): Rights {
  const me = useMe();
  const directory = useDirectory();
  const mayAll = me.role === 'manager' || me.role === 'admin';
  const active = [...directory.teams.values()].filter((team) => team.is_active).sort(BY_NAME);
  // Managers need no part in a team.
  const led = useQueries({
    queries: (mayAll || !isTeamAsked ? [] : active).map((team) => ({
      queryKey: ['team-members', team.id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        readAll(
          (cursor, signal) =>
            ok(
              api.GET('/api/teams/{id}/members', {
                params: { path: { id: team.id }, query: { cursor, limit: 100 } },
                signal,
              }),
            ),
          signal,
        ),
      staleTime: 10 * 60_000,
    })),
    combine: (results) =>
      results.flatMap(({ data }) =>
        (data ?? []).flatMap(({ user_id, team_id, role }) =>
          user_id === me.id && (role === 'lead' || role === 'manager') ? [team_id] : [],
        ),
      ),
  });
  const teams = mayAll ? active : active.filter(({ id }) => led.includes(id));
  return {
    mayAll,
    teams,
    mayChange: ({ visibility, team_id }) =>
      visibility === 'private' || mayAll || (visibility === 'team' && teams.some(({ id }) => id === team_id)),
  };
}
