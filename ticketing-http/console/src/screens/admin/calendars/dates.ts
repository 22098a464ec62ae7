/** Days without a moment, as people write them. */
import { locale } from '../../../text/language';

const at = (day: string) => new Date(`${day}T00:00Z`);

function written(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' }).format(at(day));
}

/** `Friday, 25 December 2026`. */
export const fullDay = (day: string): string => written(day, { dateStyle: 'full' });

/** `25 December`. */
export const shortDay = (day: string): string => written(day, { day: 'numeric', month: 'long' });

/** `December`. */
export const monthName = (month: number): string =>
  written(`2028-${String(month + 1).padStart(2, '0')}-01`, { month: 'long' });

/** `25 December` of `--12-25`, and the whole date of any other. */
export function holidayDay(date: string): string {
  return date.startsWith('--')
    ? written(`2028-${date.slice(2)}`, { day: 'numeric', month: 'long' })
    : written(date, { dateStyle: 'medium' });
}

/** Today's date here. */
export function today(): string {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())).toISOString().slice(0, 10);
}

/** The day that weeks begin with where the reader lives. */
export function firstDay(): 'monday' | 'saturday' | 'sunday' {
  const place = new Intl.Locale(locale()) as Intl.Locale & { getWeekInfo?: () => { firstDay: number } };
  const first = place.getWeekInfo?.().firstDay;
  return first === 7 ? 'sunday' : first === 6 ? 'saturday' : 'monday';
}
