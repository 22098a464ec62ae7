/** The order in which rules are looked at. */

interface Placed {
  id: string;
  position: number;
}

export const STEP = 10;
const GREATEST = 1_000_000_000;

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const one = list[from];
  return one === undefined ? [...list] : list.toSpliced(from, 1).toSpliced(to, 0, one);
}

/**
 * The positions that are to change so that the rules stand in this order: as few as it takes, most often that of the
 * rule that was moved alone. Two at one place would be told apart by their age, so each gets a place of its own.
 */
export function placements(wanted: readonly Placed[], movedId: string): Placed[] {
  const at = wanted.findIndex((one) => one.id === movedId);
  if (at < 0) return [];
  const before = wanted[at - 1]?.position ?? -1;
  const after = wanted[at + 1]?.position ?? Math.min(before + 2 * STEP, GREATEST + 1);
  if (after - before >= 2) {
    const own =
      at === wanted.length - 1 ? Math.min(before + STEP, GREATEST) : before + Math.floor((after - before) / 2);
    return own === wanted[at]?.position ? [] : [{ id: movedId, position: own }];
  }
  // There is no room between the two: those behind make some, as far as it takes.
  const changes: Placed[] = [];
  let lowest = before + 1;
  for (const one of wanted.slice(at)) {
    if (one.id !== movedId && one.position >= lowest) break;
    const position = one.id === movedId ? lowest : Math.max(lowest, one.position);
    if (position !== one.position) changes.push({ id: one.id, position });
    lowest = position + 1;
  }
  return changes;
}
