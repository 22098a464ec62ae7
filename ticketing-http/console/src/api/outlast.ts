/** What happens while a list is asked for: the answer may not know of it, and takes the place of all that was there. */
import type { Query, QueryClient, QueryKey } from '@tanstack/react-query';

const held = new WeakMap<Query, (() => void)[]>();
/** Of what was asked for that long ago only the newest is held: it is asked for again before it comes. */
const MOST_HELD = 1_000;

/** Changes what is kept under a key, and does so once more when what is on its way there has come, or has not. */
export function outlast(queries: QueryClient, queryKey: QueryKey, work: () => void): void {
  work();
  const cache = queries.getQueryCache();
  const query = cache.find({ queryKey });
  if (query === undefined || query.state.fetchStatus === 'idle') return;
  const works = held.get(query);
  if (works !== undefined) {
    works.push(work);
    if (works.length > MOST_HELD) works.shift();
    return;
  }
  const again = [work];
  held.set(query, again);
  const stop = cache.subscribe((event) => {
    const isGone = event.type === 'removed';
    if (event.query !== query || (!isGone && query.state.fetchStatus !== 'idle')) return;
    stop();
    held.delete(query);
    if (!isGone) for (const one of again) one();
  });
}
