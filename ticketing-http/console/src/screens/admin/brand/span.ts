/** How long something is, as the API has it (`336h`) and as people write it: a number and a unit. */
export type Unit = 'd' | 'h' | 'm';

export interface Span {
  count: string;
  unit: Unit;
}

export const UNITS = ['d', 'h', 'm'] as const satisfies Unit[];
const MINUTES = { d: 1440, h: 60, m: 1 };

/** In the largest unit that says it whole; undefined where it can't be said in minutes. */
export function spanOf(text: string): Span | undefined {
  if (!/^(\d+[dhms])+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([dhms])/g))
    seconds += Number(count) * (unit === 's' ? 1 : 60 * MINUTES[unit as Unit]);
  const unit = UNITS.find((one) => seconds % (60 * MINUTES[one]) === 0);
  return unit === undefined ? undefined : { count: String(seconds / 60 / MINUTES[unit]), unit };
}

/** What is no number goes as it is: the server says what is wrong with it. */
export function textOf({ count, unit }: Span): string {
  return `${count.trim()}${unit}`;
}
