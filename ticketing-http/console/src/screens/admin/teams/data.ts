/** What is asked for of one team. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import { useLive } from '../../../api/live';
import type { Schemas, Team } from '../../../api/types';
import { useCalm } from '../../../ui/use-calm';

type TeamLoad = Schemas['TeamLoad'];

export const loadKey = (team: string) => ['team-load', team] as const;
export const decisionsKey = (team: string) => ['team-routing', team] as const;

/** However much happens, it is counted so often at most. */
const PAUSE_MS = 5_000;

/** Who holds how much, live: availability at once, what has to be counted after a pause. */
export function useTeamLoad(team: Team) {
  const queries = useQueryClient();
  const queryKey = loadKey(team.id);
  const again = useCalm(() => void queries.invalidateQueries({ queryKey }), PAUSE_MS);
  useLive('presence', ({ user_id, availability }) => {
    const member = queries.getQueryData<TeamLoad>(queryKey)?.members.find((one) => one.user_id === user_id);
    if (member === undefined || member.availability === availability) return;
    queries.setQueryData<TeamLoad>(queryKey, (old) => old && withAvailability(old, user_id, availability));
    again();
  });
  // Somebody may hold tickets of other teams, and one that left this team no longer names it.
  useLive('ticket', ({ name, changes, type }) => {
    const isMoved = ['status', 'assigned_agent_id', 'team_id'].some((field) => changes?.[field] !== undefined);
    if (isMoved || name === 'ticket_created' || type?.startsWith('ticket.merged') === true) again();
  });
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => ok(api.GET('/api/teams/{id}/load', { params: { path: { id: team.id } }, signal })),
    staleTime: 0,
  });
}

export function withAvailability(load: TeamLoad, userId: string, availability: Schemas['Availability']): TeamLoad {
  const at = new Date().toISOString();
  return {
    ...load,
    members: load.members.map((one) =>
      one.user_id === userId ? { ...one, availability, availability_since: at } : one,
    ),
  };
}
