/**
 * How much time it was. The desk counts in whole hundredths of an hour, and so does the console: nothing here is ever
 * reckoned in fractions.
 */
import { number } from '../../format';

/** A day, which no entry is longer than. */
const MOST = 2_400;

const WHOLE_AND_PART = /^(\d{1,4})(?:[.,](\d{1,2}))?$/;
const HOURS =
  /^(\d{1,4}(?:[.,]\d{1,2})?)(?:hours?|hrs?|h|stunden?|std\.?)(?:(\d{1,4})(?:minutes?|mins?|m|minuten|min\.?)?)?$/;
const MINUTES = /^(\d{1,4})(?:minutes?|mins?|m|minuten?|min\.?)$/;
const CLOCK = /^(\d{1,4}):([0-5]\d)$/;

function decimal(said: string): number | undefined {
  const found = WHOLE_AND_PART.exec(said);
  if (found === null) return undefined;
  return Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0'));
}

/** The nearest hundredth of an hour; half of one is one more. */
const ofMinutes = (minutes: number): number => Math.floor((minutes * 100 + 30) / 60);

/**
 * What people write, in hundredths of an hour: `1h 30m`, `1:30`, `90m`, `1.5`, `1,5`. Nothing where it can't be read, is
 * no time at all, or is longer than a day.
 */
export function readAmount(text: string): number | undefined {
  if (/\d\s+\d/.test(text)) return undefined;
  const amount = hundredthsIn(text.toLowerCase().replaceAll(/\s+/g, ''));
  return amount !== undefined && amount >= 1 && amount <= MOST ? amount : undefined;
}

function hundredthsIn(said: string): number | undefined {
  const clock = CLOCK.exec(said);
  if (clock !== null) return ofMinutes(Number(clock[1]) * 60 + Number(clock[2]));
  const minutes = MINUTES.exec(said);
  if (minutes !== null) return ofMinutes(Number(minutes[1]));
  const hours = HOURS.exec(said);
  if (hours === null) return decimal(said);
  const whole = decimal(hours[1] ?? '');
  if (whole === undefined || hours[2] === undefined) return whole;
  // Minutes beside a part of an hour would say it twice.
  return whole % 100 === 0 ? ofMinutes((whole / 100) * 60 + Number(hours[2])) : undefined;
}

/** Of hours as the API has them, which have two decimals at most. */
export const toHundredths = (hours: number): number => Math.round(hours * 100);

/** Hours as the API takes them: the number that is written with these two decimals. */
export const toHours = (hundredths: number): number => Number(`${hundredths}e-2`);

export function sumOf(entries: readonly { hours: number }[]): number {
  return entries.reduce((sum, { hours }) => sum + toHundredths(hours), 0);
}

/** `1.50 h`, always with both decimals: sums are to be those of what one sees. */
export function amountText(hundredths: number): string {
  return `${amountDigits(hundredths)}\u202fh`;
}

/** `1.50`. */
export function amountDigits(hundredths: number): string {
  return number(toHours(hundredths), { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** `0:05:09`, as clocks that run show it. */
export function clockText(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
