/** The order of views, which their positions say. */
import type { SavedView } from '../queue/views';

type Placed = Pick<SavedView, 'id' | 'position'>;

const LAST = 1_000_000;

/** The position that puts a view at a place of this order; undefined where there is no room between its neighbours. */
export function positionAt(views: readonly Placed[], id: string, to: number): number | undefined {
  const others = views.filter((view) => view.id !== id);
  const [before, behind] = [others[to - 1], others[to]];
  if (behind === undefined) return before === undefined ? 0 : Math.min(LAST, before.position + 10);
  const low = before?.position ?? -1;
  const middle = before === undefined ? Math.floor(behind.position / 2) : Math.floor((low + behind.position) / 2);
  return middle > low && middle < behind.position ? middle : undefined;
}
