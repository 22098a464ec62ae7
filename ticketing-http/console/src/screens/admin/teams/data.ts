/** What is asked for of one team. */
import { useQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import { useLive } from '../../../api/live';
import type { Page, Schemas, Team } from '../../../api/types';
import { useCalm } from '../../../ui/use-calm';

type TeamLoad = Schemas['TeamLoad'];
export type Decision = Schemas['RoutingDecision'];
export type Decisions = InfiniteData<Page<Decision>, string | undefined>;

export const loadKey = (team: string) => ['team-load', team] as const;
export const decisionsKey = (team: string) => ['team-routing', team] as const;

/** However much happens, it is asked for so often at most: what one may ask in an hour is for work, too. */
export const PAUSE_MS = 20_000;

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

/** The newest put before the rest; where more came than a page holds, the rest is gone on to from there. */
export function withNewest(old: Decisions, first: Page<Decision>): Decisions {
  const known = new Set(old.pages.flatMap((page) => page.items.map(({ id }) => id)));
  const news = first.items.filter(({ id }) => !known.has(id));
  if (news.length === first.items.length) return { pages: [first], pageParams: [undefined] };
  const [top, ...rest] = old.pages;
  return top === undefined ? old : { ...old, pages: [{ ...top, items: [...news, ...top.items] }, ...rest] };
}
