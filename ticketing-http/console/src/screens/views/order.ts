/** The order of views, which their positions say. */
import type { SavedView } from '../queue/views';

type Placed = Pick<SavedView, 'id' | 'position'>;

const LAST = 1_000_000;
/** So far they stand apart where nothing is in the way. */
const STEP = 10;

/**
 * The positions that put a view at a place of this order: its own where there is room between its neighbours, else also
 * those of the views around it that one may change. Nothing where there is no room among those either.
 */
export function positionsAt<T extends Placed>(
  views: readonly T[],
  id: string,
  to: number,
  mayChange: (view: T) => boolean,
): readonly { view: T; position: number }[] {
  const moved = views.find((view) => view.id === id);
  if (moved === undefined) return [];
  const others = views.filter((view) => view.id !== id);
  const order = [...others.slice(0, to), moved, ...others.slice(to)];
  const alone = between(order, to, to);
  if (alone !== undefined) return [{ view: moved, position: alone[0] ?? 0 }];
  let [first, last] = [to, to];
  const isMine = (at: number) => order[at] !== undefined && mayChange(order[at]);
  while (isMine(first - 1)) first--;
  while (isMine(last + 1)) last++;
  const positions = between(order, first, last) ?? [];
  return positions.flatMap((position, n) => {
    const view = order[first + n];
    return view === undefined || view.position === position ? [] : [{ view, position }];
  });
}

/** Positions for those from `first` to `last`, evenly between their neighbours; undefined where there are too few. */
function between(order: readonly Placed[], first: number, last: number): readonly number[] | undefined {
  const count = last - first + 1;
  const low = order[first - 1]?.position ?? -1;
  const high = order[last + 1]?.position ?? Math.min(LAST + 1, low + STEP * (count + 1));
  if (high - low <= count) return undefined;
  return Array.from({ length: count }, (_, n) => low + Math.floor(((high - low) * (n + 1)) / (count + 1)));
}
