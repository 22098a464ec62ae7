/** Money, in whole smallest units from the API to the eye. */
import type { Schemas } from '../../api/types';
import { locale } from '../../text/language';

type Money = Schemas['Money'];

/**
 * The currencies whose smallest unit is not a hundredth, by ISO 4217. Browsers go by how prices are written rather than
 * by units, and not all in the same way: the same number would be another amount.
 */
const DECIMALS: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};
const decimals = new Map(
  Object.entries(DECIMALS).flatMap(([count, codes]) => codes.split(' ').map((code) => [code, Number(count)] as const)),
);

/** How many decimals a currency has. */
export const decimalsOf = (currency: string): number => decimals.get(currency) ?? 2;

/** `85.00` of 8500 cents, without any reckoning. */
export function written({ amount_minor, currency }: Money): string {
  const count = decimalsOf(currency);
  const digits = String(amount_minor).padStart(count + 1, '0');
  return count === 0 ? digits : `${digits.slice(0, -count)}.${digits.slice(-count)}`;
}

/** `€85.00`. */
export function moneyText(money: Money): string {
  const count = decimalsOf(money.currency);
  const format = new Intl.NumberFormat(locale(), {
    style: 'currency',
    currency: money.currency,
    minimumFractionDigits: count,
    maximumFractionDigits: count,
  });
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
  const count = decimalsOf(currency);
  const part = found[2] ?? '';
  return part.length > count ? undefined : Number(`${found[1]}${part.padEnd(count, '0')}`);
}
