/** A calendar's hours, as people type them and as a day has them. */
import type { Schemas } from '../../../api/types';

export type Slot = Schemas['Slot'];
export type Week = Schemas['WeeklyHours'];
export type Holiday = Schemas['Holiday'];
export type Period = Schemas['Period'];
export type Day = keyof Week;

export const DAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const satisfies Day[];

/** What says which days are worked, and when. */
export interface Hours {
  weekly_hours: Week;
  holidays: readonly Holiday[];
  periods: readonly Period[];
}

export const DAY_MINUTES = 24 * 60;

/** The time that people mean by `9`, `930`, `9.30`, `9:30`, `17h` or `24`. */
export function readTime(text: string): string | undefined {
  const said = /^\s*(\d{1,2})(?:\s*[:.hH]\s*(\d{2})?|(\d{2}))?\s*$/.exec(text);
  if (said === null) return undefined;
  const [hours, minutes] = [Number(said[1]), Number(said[2] ?? said[3] ?? '0')];
  if (minutes > 59 || hours * 60 + minutes > DAY_MINUTES) return undefined;
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** Minutes since midnight. */
export function minutesOf(text: string): number | undefined {
  const time = readTime(text);
  return time === undefined ? undefined : Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** What is wrong with a slot among those of its day. */
export function wrongSlot(slots: readonly Slot[], at: number): 'start' | 'end' | 'order' | 'overlap' | undefined {
  const slot = slots[at];
  const [start, end] = [minutesOf(slot?.start ?? ''), minutesOf(slot?.end ?? '')];
  if (start === undefined) return 'start';
  if (end === undefined) return 'end';
  if (end <= start) return 'order';
  const meets = slots.slice(0, at).some((other) => {
    const [from, until] = [minutesOf(other.start), minutesOf(other.end)];
    return from !== undefined && until !== undefined && from < end && start < until;
  });
  return meets ? 'overlap' : undefined;
}

/** How long is worked, in minutes; slots that can't be read count nothing. */
export function worked(slots: readonly Slot[]): number {
  return slots.reduce((sum, { start, end }) => {
    const [from, until] = [minutesOf(start), minutesOf(end)];
    return from === undefined || until === undefined ? sum : sum + Math.max(0, until - from);
  }, 0);
}

/** A further slot for a day: after its last one, or a usual day. */
export function nextSlot(slots: readonly Slot[]): Slot {
  const last = Math.max(...slots.map((slot) => minutesOf(slot.end) ?? 0), 0);
  if (last === 0) return { start: '09:00', end: '17:00' };
  const start = Math.min(last + 60, DAY_MINUTES - 60);
  return { start: written(start), end: written(Math.min(start + 240, DAY_MINUTES)) };
}

function written(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

export function emptyWeek(slots: (day: Day) => Slot[] = () => []): Week {
  return {
    monday: slots('monday'),
    tuesday: slots('tuesday'),
    wednesday: slots('wednesday'),
    thursday: slots('thursday'),
    friday: slots('friday'),
    saturday: slots('saturday'),
    sunday: slots('sunday'),
  };
}

/** The week with every time as the API writes it. */
export function writtenWeek(week: Week): Week {
  return emptyWeek((day) =>
    week[day].map(({ start, end }) => ({ start: readTime(start) ?? start, end: readTime(end) ?? end })),
  );
}

export interface DayInfo {
  /** `2026-12-25`. */
  date: string;
  day: Day;
  holiday: string | undefined;
  period: Period | undefined;
  /** Empty on days that are off. */
  slots: readonly Slot[];
}

/** What a day is by these hours. */
export function dayInfo(hours: Hours, date: string): DayInfo {
  const day = weekday(date);
  const yearly = `-${date.slice(4)}`;
  const holiday = hours.holidays.find((one) => one.date === date || one.date === yearly);
  const period = hours.periods.find((one) => one.from <= date && date <= one.until);
  const slots = (period ?? hours).weekly_hours[day];
  return { date, day, holiday: holiday?.name, period, slots: holiday === undefined ? slots : [] };
}

export function weekday(date: string): Day {
  return DAYS[(new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7] ?? 'monday';
}

/** So many days after a date. */
export function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The same day so many months later, or the last of that month. */
export function plusMonths(date: string, months: number): string {
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1 + months, Number(date.slice(8))];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(day, last))).toISOString().slice(0, 10);
}

/** The weeks of a month, from the day that weeks begin with; nothing where it is another month's. */
export function weeksOf(year: number, month: number, first: Day): (string | undefined)[][] {
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const begin = `${year}-${String(month + 1).padStart(2, '0')}-01`;
  const before = (DAYS.indexOf(weekday(begin)) - DAYS.indexOf(first) + 7) % 7;
  return Array.from({ length: Math.ceil((before + last) / 7) }, (_, week) =>
    Array.from({ length: 7 }, (_, at) => {
      const day = week * 7 + at - before;
      return day < 0 || day >= last ? undefined : plusDays(begin, day);
    }),
  );
}
