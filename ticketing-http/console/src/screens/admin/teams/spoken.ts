/** Durations in whole words: `2 days, 4 hours`. */
import { number } from '../../../format';

const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const;

/** The two largest units that it has; the smaller one only where it counts. */
export function spoken(seconds: number): string {
  const [first, second] = UNITS.slice(UNITS.findIndex((one) => seconds >= one.seconds));
  if (first === undefined) return '';
  const whole = Math.floor(seconds / first.seconds);
  const rest = second === undefined || whole >= 10 ? 0 : Math.floor((seconds % first.seconds) / second.seconds);
  const words = [said(whole, first.unit)];
  if (second !== undefined && rest > 0) words.push(said(rest, second.unit));
  return words.join(', ');
}

const said = (n: number, unit: string) => number(n, { style: 'unit', unit, unitDisplay: 'long' });
