/** How many tickets a view would hold, as it is being written. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api, ok } from '../../api/client';
import { useText } from '../../text';
import { useRested } from '../../ui/use-rested';
import { isSame } from '../../ui/differ';
import type { SavedView } from '../queue/views';
import { asFilters } from './as-filters';
import type { Asked } from './conditions';
import { viewText } from './text';
import styles from './views.module.css';

interface Counted {
  count: number | null;
  is_capped: boolean;
}

async function countSaved(id: string, signal: AbortSignal): Promise<Counted> {
  const { items } = await ok(api.GET('/api/views/counts', { signal }));
  return items.find((item) => item.view_id === id) ?? { count: null, is_capped: false };
}

async function countFilters(query: string, signal: AbortSignal): Promise<Counted> {
  const { counts } = await ok(api.POST('/api/tickets/counts', { body: { lists: { here: query } }, signal }));
  return counts['here'] ?? { count: null, is_capped: false };
}

export function Preview({ asked, stored }: { asked: Asked; stored: SavedView | undefined }) {
  const words = useText(viewText);
  const rested = useRested(asked, 500);
  const isStored =
    stored !== undefined &&
    // What was put away is not counted with the others.
    !stored.is_hidden &&
    isSame(
      { conditions: stored.conditions, match: stored.match },
      { conditions: rested.conditions, match: rested.match },
    );
  const canCount = isStored || asFilters(rested, 0) !== undefined;
  const { data, isError } = useQuery({
    queryKey: ['view-preview', isStored ? stored.id : rested],
    queryFn: ({ signal }) =>
      isStored ? countSaved(stored.id, signal) : countFilters(asFilters(rested, Date.now()) ?? '', signal),
    enabled: canCount,
    staleTime: 5_000,
    retry: false,
    placeholderData: keepPreviousData,
  });
  const count = data?.count ?? undefined;
  const says = !canCount
    ? stored?.is_hidden === true
      ? words.countShown
      : words.countLater
    : isError
      ? words.countFailed
      : data === undefined
        ? words.counting
        : count === undefined
          ? words.brokenSomehow
          : words.count(count, data.is_capped);
  return (
    <p role="status" className={styles.hint}>
      {says}
    </p>
  );
}
