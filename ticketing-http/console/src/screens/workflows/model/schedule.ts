/** When a rule of time looks, in words. */
import type { JsonObject } from './json';
import type { RuleWords } from './text';

/** `4h` as people say it. */
export function durationWords(text: string, words: RuleWords): string {
  const found = /^(\d+)([smhd])$/.exec(text);
  const unit = found?.[2] as keyof RuleWords['unit'] | undefined;
  return unit === undefined ? text : words.unit[unit](Number(found?.[1]));
}

const NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** The days of a week that a crontab's last field names; undefined where it says more than that. */
function days(text: string): number[] | undefined {
  const numbers = new Set<number>();
  const read = (day: string) => {
    const named = NAMES.indexOf(day.toUpperCase());
    return named >= 0 ? named : /^[0-7]$/.test(day) ? Number(day) : undefined;
  };
  for (const part of text.split(',')) {
    const [first = '', end] = part.split('-');
    const from = read(first);
    const to = end === undefined ? from : read(end);
    if (from === undefined || to === undefined || to < from) return undefined;
    for (let day = from; day <= to; day += 1) numbers.add(day % 7);
  }
  // A week begins on Monday.
  return [...numbers].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
}

/** A crontab's five fields as people say them; undefined for what has no such words. */
export function cronWords(cron: string, words: RuleWords, locale: string): string | undefined {
  const [minute = '', hour = '', day = '', month = '', week = '', ...more] = cron.trim().split(/\s+/);
  if (more.length > 0 || week === '' || month !== '*') return undefined;
  const step = /^\*\/(\d+)$/.exec(minute)?.[1];
  if (step !== undefined && [hour, day, week].every((one) => one === '*')) return words.time.minutes(step);
  if (!/^\d+$/.test(minute)) return undefined;
  if ([hour, day, week].every((one) => one === '*')) return words.time.hourly(minute);
  if (!/^\d+(,\d+)*$/.test(hour)) return undefined;
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' });
  const at = hour
    .split(',')
    .map((one) => clock.format(new Date(Date.UTC(2026, 0, 1, Number(one), Number(minute)))))
    .join(', ');
  if (day === '*' && week === '*') return words.time.daily(at);
  if (week === '*' && /^\d+$/.test(day)) return words.time.monthly(day, at);
  const named = day === '*' ? days(week) : undefined;
  if (named === undefined) return undefined;
  // The fourth of January 2026 is a Sunday.
  const name = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const spoken = named.map((one) => name.format(new Date(Date.UTC(2026, 0, 4 + one))));
  const inRow = named.every((one, n) => n === 0 || (one + 6) % 7 === (((named[n - 1] ?? 0) + 6) % 7) + 1);
  const list =
    inRow && named.length > 2 ? `${spoken[0] ?? ''}${words.time.to}${spoken.at(-1) ?? ''}` : spoken.join(', ');
  return words.time.weekdays(list, at);
}

export type ScheduleKind = 'every' | 'cron' | 'after';

export function scheduleKind(schedule: JsonObject): ScheduleKind {
  return schedule['after'] !== undefined ? 'after' : schedule['cron'] !== undefined ? 'cron' : 'every';
}

export function scheduleWords(schedule: JsonObject, words: RuleWords, locale: string): string {
  const text = (name: string) => {
    const value = schedule[name];
    return typeof value === 'string' ? value : '';
  };
  switch (scheduleKind(schedule)) {
    case 'every':
      return words.time.every(durationWords(text('every'), words));
    case 'cron': {
      const zone = text('time_zone');
      const when = cronWords(text('cron'), words, locale) ?? words.time.own(text('cron'));
      return `${when}${words.time.zone(zone === '' ? 'UTC' : zone)}`;
    }
    case 'after': {
      const since = (words.time.since as Record<string, string>)[text('since')] ?? text('since');
      const say = schedule['working_time'] === true ? words.time.afterWorking : words.time.after;
      return say(durationWords(text('after'), words), since);
    }
  }
}
