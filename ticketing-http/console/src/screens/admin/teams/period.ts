/** A stretch of days that numbers are told of; it stands in the address. */
import { isoDate } from '../../../format';

export const LENGTHS = ['7', '30', '90', '365'] as const;
const USUAL = '30';
const DAY_MS = 86_400_000;

export interface Period {
  /** The last so many days, today among them; or those that were said. */
  length: (typeof LENGTHS)[number] | 'own';
  /** The first day and the last; nothing where there is no end, or where the desk chooses. */
  from: string | undefined;
  to: string | undefined;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const day = (text: string | undefined) => (text !== undefined && DAY.test(text) ? text : undefined);

export function periodOf(search: Partial<Record<string, string>>, now: number): Period {
  const [from, to] = [day(search['from']), day(search['to'])];
  if (from !== undefined || to !== undefined || search['days'] === 'own') return { length: 'own', from, to };
  const length = LENGTHS.find((one) => one === search['days']) ?? USUAL;
  return { length, from: isoDate(now - (Number(length) - 1) * DAY_MS), to: undefined };
}

/** What the address says once another one is chosen: own days begin as those that were shown. */
export function chosen(length: string, shown: Period, now: number): Record<'days' | 'from' | 'to', string | undefined> {
  if (length === 'own') return { days: 'own', from: shown.from, to: shown.to ?? isoDate(now) };
  return { days: length === USUAL ? undefined : length, from: undefined, to: undefined };
}
