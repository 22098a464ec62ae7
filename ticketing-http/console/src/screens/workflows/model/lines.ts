/** What two lists of lines have in common, and what only one of them has. */

export interface Line {
  text: string;
  sign: 'same' | 'old' | 'new';
}

/** The longest common run of lines stays; what only one side has is marked. */
export function compareLines(before: readonly string[], after: readonly string[]): Line[] {
  const width = after.length + 1;
  // How many lines the rests from (i, j) on have in common.
  const common = new Uint16Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const here = i * width + j;
      common[here] =
        before[i] === after[j]
          ? (common[here + width + 1] ?? 0) + 1
          : Math.max(common[here + width] ?? 0, common[here + 1] ?? 0);
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      lines.push({ text: old, sign: 'same' });
      i += 1;
      j += 1;
    } else if (
      old !== undefined &&
      (fresh === undefined || (common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0))
    ) {
      lines.push({ text: old, sign: 'old' });
      i += 1;
    } else if (fresh !== undefined) {
      lines.push({ text: fresh, sign: 'new' });
      j += 1;
    }
  }
  return lines;
}
