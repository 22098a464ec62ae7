/** Durations as people type them: `4h`, `2d`, `1h 30m`. The API takes a number and one unit. */

const SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;
type Unit = keyof typeof SECONDS;
/** The longest that the API takes. */
const LONGEST = 3_650 * SECONDS.d;

/** What is meant, as the API takes it; nothing where it can't be read, or is no time at all, or too much. */
export function readDuration(text: string): string | undefined {
  const said = text.toLowerCase().replaceAll(/\s+/g, '');
  if (!/^(\d{1,9}[dhms])+$/.test(said)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of said.matchAll(/(\d+)([dhms])/g)) seconds += Number(count) * SECONDS[unit as Unit];
  if (seconds < 1 || seconds > LONGEST) return undefined;
  // One unit that was typed is kept: 24h is not corrected to 1d.
  if (/^\d+[dhms]$/.test(said)) return said;
  const unit = (Object.keys(SECONDS) as Unit[]).find((unit) => seconds % SECONDS[unit] === 0) ?? 's';
  return `${seconds / SECONDS[unit]}${unit}`;
}

/** A duration, or a part such as `20%` of 1% to 99%. */
export function readWarning(text: string): string | undefined {
  const part = /^\s*(\d{1,2})\s*%\s*$/.exec(text)?.[1];
  if (part === undefined) return readDuration(text);
  return Number(part) >= 1 ? `${Number(part)}%` : undefined;
}
