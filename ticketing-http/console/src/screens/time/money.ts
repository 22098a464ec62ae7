/** Money, in whole smallest units from the API to the eye. */
import type { Schemas } from '../../api/types';
import { locale } from '../../text/language';

type Money = Schemas['Money'];

/** How many decimals a currency has. */
export function decimalsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    // Not three letters, yet.
    return 2;
  }
}

/** `85.00` of 8500 cents, without any reckoning. */
export function written({ amount_minor, currency }: Money): string {
  const decimals = decimalsOf(currency);
  const digits = String(amount_minor).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** `€85.00`. */
export function moneyText(money: Money): string {
  const format = new Intl.NumberFormat(locale(), { style: 'currency', currency: money.currency });
  // A text is written digit by digit, however large it is; the types know of numbers alone.
  return format.format(written(money) as unknown as number);
}

/** Sums of several currencies, beside each other. */
export function moneysText(amounts: readonly Money[]): string {
  return amounts.map(moneyText).join(' + ');
}

/** The smallest units that `85`, `85.5` or `85,50` are; undefined where it is no money of that currency. */
export function readMoney(text: string, currency: string): number | undefined {
  const found = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.replaceAll(/\s+/g, ''));
  if (found === null) return undefined;
  const decimals = decimalsOf(currency);
  const part = found[2] ?? '';
  return part.length > decimals ? undefined : Number(`${found[1]}${part.padEnd(decimals, '0')}`);
}
