/** Moments to put a ticket off to, by the clock of whoever looks. */

export interface Preset {
  id: 'later' | 'evening' | 'tomorrow' | 'week';
  at: Date;
}

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** What the clock of a zone shows at a moment. */
export function wallAt(moment: Date, zone: string | undefined): Wall & { weekday: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...(zone === undefined ? {} : { timeZone: zone }),
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(moment);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = { year: of('year'), month: of('month'), day: of('day'), hour: of('hour'), minute: of('minute') };
  return { ...wall, weekday: new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay() };
}

/** The moment at which the clock of a zone shows this. Where it shows it never, in spring, a little later. */
export function momentOf({ year, month, day, hour, minute }: Wall, zone: string | undefined): Date {
  const wanted = Date.UTC(year, month - 1, day, hour, minute);
  const shift = (at: number) => {
    const wall = wallAt(new Date(at), zone);
    return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute) - Math.floor(at / 60_000) * 60_000;
  };
  // The shift at the guess may be that of the other side of a change of the clocks: look again from there.
  const guess = wanted - shift(wanted);
  const exact = wanted - shift(guess);
  return new Date(shift(exact) === shift(guess) ? exact : Math.max(guess, exact));
}

const MORNING = 9;
const EVENING = 18;

export function presets(now: Date, zone: string | undefined): Preset[] {
  const today = wallAt(now, zone);
  const on = (days: number, hour: number) => momentOf({ ...today, day: today.day + days, hour, minute: 0 }, zone);
  const later = on(0, today.hour + 3);
  const toMonday = (8 - today.weekday) % 7 || 7;
  return [
    // Not into the night.
    ...(today.hour + 3 < EVENING ? [{ id: 'later' as const, at: later }] : []),
    ...(today.hour < EVENING - 1 ? [{ id: 'evening' as const, at: on(0, EVENING) }] : []),
    { id: 'tomorrow', at: on(1, MORNING) },
    ...(toMonday === 1 ? [] : [{ id: 'week' as const, at: on(toMonday, MORNING) }]),
  ];
}

/** As a native field for a day and a time takes it: `2026-03-02T09:00`. */
export function fieldValue(moment: Date, zone: string | undefined): string {
  const wall = wallAt(moment, zone);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${wall.year}-${two(wall.month)}-${two(wall.day)}T${two(wall.hour)}:${two(wall.minute)}`;
}

/** What a native field for a day and a time holds, in that zone; undefined where it holds nothing. */
export function fieldMoment(value: string, zone: string | undefined): Date | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(value);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map(Number);
  return momentOf({ year, month, day, hour, minute }, zone);
}
