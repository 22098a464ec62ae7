/** How tickets of the team looked for their agents, newest first. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Shuffle } from 'lucide-react';
import { useMemo } from 'react';
import { api, ok } from '../../../api/client';
import { useLive } from '../../../api/live';
import { useEndless } from '../../../api/paging';
import type { Team, Ticket } from '../../../api/types';
import { useText } from '../../../text';
import { Empty } from '../../../ui/empty';
import { PagedList } from '../../../ui/endless';
import { RoutingDecision } from '../../../ui/routing-decision';
import { Section } from '../../../ui/section';
import { useCalm } from '../../../ui/use-calm';
import { PAUSE_MS, decisionsKey, withNewest, type Decision, type Decisions as Pages } from './data';
import { loadText } from './load-text';

/** What a list shows of a ticket. */
type Called = Pick<Ticket, 'ticket_number' | 'subject'>;

/** What the tickets of the team are called that changed last, by one request; of others it is asked one by one. */
function useCalled(team: Team): ReadonlyMap<string, Called> {
  const query = { team_id: team.id, sort: '-updated_at', limit: 50 };
  const { data } = useQuery({
    queryKey: ['team-tickets', team.id],
    queryFn: ({ signal }) => ok(api.GET('/api/tickets', { params: { query }, signal })),
  });
  return useMemo(() => new Map(data?.items.map((ticket) => [ticket.id, ticket])), [data]);
}

export function Decisions({ team }: { team: Team }) {
  const words = useText(loadText);
  const queries = useQueryClient();
  const queryKey = decisionsKey(team.id);
  const ask = (cursor?: string, signal?: AbortSignal) =>
    ok(
      api.GET('/api/teams/{id}/routing', {
        params: { path: { id: team.id }, query: { limit: 25, ...(cursor === undefined ? {} : { cursor }) } },
        ...(signal ? { signal } : {}),
      }),
    );
  const list = useEndless<Decision>(queryKey, ask, { isFresh: true });
  const called = useCalled(team);
  // What was decided stays so: only what is new is asked for. Where that fails, the next time brings it.
  const again = useCalm(() => {
    ask().then(
      (first) => queries.setQueryData<Pages>(queryKey, (old) => old && withNewest(old, first)),
      () => undefined,
    );
  }, PAUSE_MS);
  useLive('ticket', ({ ticket, name }) => {
    if (ticket.team_id !== team.id || (name !== 'ticket_assigned' && name !== 'ticket_created')) return;
    queries.setQueryData<Called>(subjectKey(ticket.id), ticket);
    again();
  });
  return (
    <Section title={words.decisions} about={words.decisionsAbout}>
      <PagedList
        of={list}
        lines={6}
        empty={
          <Empty title={words.noneTitle} icon={<Shuffle size={22} />}>
            {team.routing === 'manual' ? words.byHand : words.none}
          </Empty>
        }
      >
        {(rows) => (
          <ul>
            {rows.map((one) => (
              <RoutingDecision
                key={one.id}
                decision={one}
                about={(isOpen) => <Subject id={one.ticket_id} known={called.get(one.ticket_id)} isAsked={isOpen} />}
              />
            ))}
          </ul>
        )}
      </PagedList>
    </Section>
  );
}

const subjectKey = (ticket: string) => ['ticket-subject', ticket];

/** The way to the ticket; what it is called is asked for, where it is not known, once somebody wants to know more. */
function Subject({ id, known, isAsked }: { id: string; known: Called | undefined; isAsked: boolean }) {
  const words = useText(loadText);
  const { data = known } = useQuery({
    queryKey: subjectKey(id),
    queryFn: ({ signal }): Promise<Called> =>
      ok(api.GET('/api/tickets/{ticket}', { params: { path: { ticket: id } }, signal })),
    enabled: isAsked && known === undefined,
    staleTime: 5 * 60_000,
  });
  return (
    <Link to="/tickets/$ticket" params={{ ticket: data?.ticket_number ?? id }} dir="auto">
      {data === undefined ? words.openTicket : `${data.ticket_number} ${data.subject}`}
    </Link>
  );
}
