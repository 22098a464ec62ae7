/** Days as `2026-11-28`, at the reader's place; weeks begin on Monday, as those of the API do. */
import { isoDate } from '../../format';
import { locale, timeZone } from '../../text/language';
import { momentOf, wallAt } from '../ticket/actions/snooze-times';

/** The zone by which the API is asked for days. */
export function zone(): string {
  return timeZone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const at = (day: string) => new Date(`${day}T00:00Z`);
const dayOf = (moment: Date) => moment.toISOString().slice(0, 10);

export const today = (): string => isoDate(Date.now());

/** Whether an address says a day that there is. */
export function isDay(text: string | undefined): text is string {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const moment = at(text);
  return !Number.isNaN(moment.getTime()) && dayOf(moment) === text;
}

export function addDays(day: string, days: number): string {
  const moment = at(day);
  moment.setUTCDate(moment.getUTCDate() + days);
  return dayOf(moment);
}

export function mondayOf(day: string): string {
  return addDays(day, -((at(day).getUTCDay() + 6) % 7));
}

export function weekOf(day: string): string[] {
  const monday = mondayOf(day);
  return Array.from({ length: 7 }, (_, n) => addDays(monday, n));
}

/** The first day of a month that is so many months later. */
export function addMonths(day: string, months: number): string {
  const moment = at(`${day.slice(0, 7)}-01`);
  moment.setUTCMonth(moment.getUTCMonth() + months);
  return dayOf(moment);
}

export const lastOfMonth = (day: string): string => addDays(addMonths(day, 1), -1);

/** The weeks that a month is in, whole. */
export function monthWeeks(day: string): string[][] {
  const last = lastOfMonth(day);
  const weeks: string[][] = [];
  for (let monday = mondayOf(addMonths(day, 0)); monday <= last; monday = addDays(monday, 7))
    weeks.push(weekOf(monday));
  return weeks;
}

/** By what a sheet finds a day of its own. */
export const dayId = (day: string): string => `day-${day}`;

function written(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' }).format(at(day));
}

/** `Saturday, 28 November`. */
export const longDay = (day: string): string => written(day, { weekday: 'long', day: 'numeric', month: 'long' });
/** `Sat`, and `28`. */
export const weekday = (day: string): string => written(day, { weekday: 'short' });
export const dayNumber = (day: string): string => written(day, { day: 'numeric' });
/** `28 Nov 2026`. */
export const mediumDay = (day: string): string => written(day, { dateStyle: 'medium' });
/** `November 2026`. */
export const monthText = (day: string): string => written(day, { month: 'long', year: 'numeric' });

/** `23 – 29 Nov 2026`. */
export function rangeText(from: string, to: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).formatRange(at(from), at(to));
}

/** The moment at which it is so late on a day, by the reader's clock; `09:30`. */
export function momentAt(day: string, clock: string): string {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return momentOf({ year, month, day: date, hour, minute }, zone()).toISOString();
}

/** What the reader's clock shows at a moment, as a field for a time has it: `09:30`. */
export function clockAt(moment: string): string {
  const { hour, minute } = wallAt(new Date(moment), zone());
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}
