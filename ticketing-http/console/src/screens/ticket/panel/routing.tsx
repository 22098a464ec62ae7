/** Why it was given to whom it was given: how its teams looked for an agent. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { api, ok } from '../../../api/client';
import { useDirectory } from '../../../api/directory';
import type { Ticket } from '../../../api/types';
import { defineText, useText } from '../../../text';
import { Button } from '../../../ui/button';
import { RoutingDecision } from '../../../ui/routing-decision';
import { Load } from './load';
import styles from './runs.module.css';

const text = defineText(
  {
    none: 'No team’s routing has looked for an agent: it was given out by hand, or by a rule.',
    more: 'Older decisions',
  },
  {
    none: 'Keine Verteilung eines Teams hat einen Agenten gesucht: Es wurde von Hand oder von einer Regel zugewiesen.',
    more: 'Ältere Entscheidungen',
  },
);

export function Routing({ ticket }: { ticket: Ticket }) {
  const words = useText(text);
  const { teams } = useDirectory();
  const decisions = useInfiniteQuery({
    // Nobody is looked for but after one of these has changed.
    queryKey: [
      ...['ticket', ticket.ticket_number, 'routing'],
      ...[ticket.assigned_agent_id, ticket.team_id, ticket.status],
    ],
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      ok(
        api.GET('/api/tickets/{ticket}/routing', {
          params: {
            path: { ticket: ticket.id },
            query: { limit: 10, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  return (
    <Load query={decisions}>
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        return items.length === 0 ? (
          <p className={styles.none}>{words.none}</p>
        ) : (
          <>
            <ul>
              {items.map((one, at) => (
                <RoutingDecision
                  key={one.id}
                  decision={one}
                  isOpenAtFirst={at === 0}
                  about={() => <span dir="auto">{teams.get(one.team_id)?.name}</span>}
                />
              ))}
            </ul>
            {decisions.hasNextPage && (
              <Button
                size="small"
                kind="quiet"
                busy={decisions.isFetchingNextPage}
                onClick={() => void decisions.fetchNextPage()}
              >
                {words.more}
              </Button>
            )}
          </>
        );
      }}
    </Load>
  );
}
