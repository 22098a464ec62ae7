/** Which words of a subject say what it is about: the short ones do so seldom. */
function telling(subject: string): Set<string> {
  const words = subject
    .normalize('NFKD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .match(/[\p{L}\p{N}]{4,}/gu);
  return new Set(words ?? []);
}

/** Whether two subjects are likely to be about the same: half of the telling words of the shorter one are in both. */
export function isAlike(one: string, other: string): boolean {
  const [a, b] = [telling(one), telling(other)];
  const least = Math.min(a.size, b.size);
  if (least === 0) return false;
  const both = [...a].filter((word) => b.has(word)).length;
  return both >= Math.max(1, least / 2);
}
