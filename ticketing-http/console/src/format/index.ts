/** Moments and numbers as the reader writes them. */
import { useMemo } from 'react';
import { language, locale, timeZone, useLocale } from '../text/language';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Formatters are expensive to make, and needed for every row. */
const made = new Map<string, Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.NumberFormat>();
function make<T extends Intl.DateTimeFormat | Intl.RelativeTimeFormat | Intl.NumberFormat>(
  key: string,
  of: () => T,
): T {
  const whole = `${key} ${locale()} ${timeZone() ?? ''}`;
  let one = made.get(whole);
  if (one === undefined) made.set(whole, (one = of()));
  return one as T;
}

function dates(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zone = timeZone();
  return make(`date ${key}`, () => new Intl.DateTimeFormat(locale(), zone ? { ...options, timeZone: zone } : options));
}

/** `28 Nov 2026, 03:20`. */
export function dateTime(at: string | number | Date): string {
  return dates('both', { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
}

/** `Saturday, 28 November 2026 at 03:20:11 CET`, for a title. */
export function fullTime(at: string | number | Date): string {
  return dates('full', { dateStyle: 'full', timeStyle: 'long' }).format(new Date(at));
}

/** `28 Nov 2026`. */
export function date(at: string | number | Date): string {
  return dates('day', { dateStyle: 'medium' }).format(new Date(at));
}

/** `2026-11-28`, the day at the reader's place for programs. */
export function isoDate(at: string | number | Date): string {
  return make('iso day', () => new Intl.DateTimeFormat('sv', { timeZone: timeZone() })).format(new Date(at));
}

/** `03:20`. */
export function time(at: string | number | Date): string {
  return dates('time', { timeStyle: 'short' }).format(new Date(at));
}

/** `in 5 minutes`, `yesterday`, `3 months ago`. */
export function relative(at: string | number | Date, now = Date.now(), style: 'long' | 'narrow' = 'long'): string {
  const ms = new Date(at).getTime() - now;
  const format = make(`relative ${style}`, () => new Intl.RelativeTimeFormat(locale(), { numeric: 'auto', style }));
  const size = Math.abs(ms);
  if (size < MINUTE) return format.format(0, 'second');
  if (size < HOUR) return format.format(Math.trunc(ms / MINUTE), 'minute');
  if (size < DAY) return format.format(Math.trunc(ms / HOUR), 'hour');
  if (size < 30 * DAY) return format.format(Math.trunc(ms / DAY), 'day');
  if (size < 365 * DAY) return format.format(Math.trunc(ms / (30 * DAY)), 'month');
  return format.format(Math.trunc(ms / (365 * DAY)), 'year');
}

/** How long, shortly: `2d 4h`, `35m`, `12s`. */
export function duration(ms: number): string {
  const units = language() === 'de' ? { d: 'T', h: 'Std', m: 'Min', s: 'Sek' } : { d: 'd', h: 'h', m: 'm', s: 's' };
  const gap = language() === 'de' ? '\u202f' : '';
  const of = (n: number, unit: string) => `${n}${gap}${unit}`;
  const size = Math.abs(ms);
  if (size < MINUTE) return of(Math.floor(size / 1000), units.s);
  if (size < HOUR) return of(Math.floor(size / MINUTE), units.m);
  const [hours, days] = [Math.floor(size / HOUR), Math.floor(size / DAY)];
  if (size < DAY) {
    const minutes = Math.floor((size % HOUR) / MINUTE);
    return hours < 10 && minutes > 0 ? `${of(hours, units.h)} ${of(minutes, units.m)}` : of(hours, units.h);
  }
  const rest = Math.floor((size % DAY) / HOUR);
  return days < 10 && rest > 0 ? `${of(days, units.d)} ${of(rest, units.h)}` : of(days, units.d);
}

export function number(n: number, options: Intl.NumberFormatOptions = {}): string {
  return make(`number ${JSON.stringify(options)}`, () => new Intl.NumberFormat(locale(), options)).format(n);
}

/** `1.4 MB`. */
export function bytes(n: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  let [size, at] = [n, 0];
  while (size >= 1000 && at < units.length - 1) [size, at] = [size / 1000, at + 1];
  return number(size, {
    style: 'unit',
    unit: units[at] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: size < 10 && at > 0 ? 1 : 0,
  });
}

const all = { dateTime, fullTime, date, isoDate, time, relative, duration, number, bytes };

/** All of them; drawn anew where the reader's language or zone changes. */
export function useFormat(): typeof all {
  const place = useLocale();
  // The functions read the locale by themselves; a new object makes those draw anew that hold it.
  return useMemo(() => ({ ...all, place }), [place]);
}
