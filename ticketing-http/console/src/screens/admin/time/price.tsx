/** A price of an hour, as people write it: nothing is no price. */
import type { Schemas } from '../../../api/types';
import { useText } from '../../../text';
import { TextField } from '../../../ui/field';
import { Fields } from '../../../ui/section';
import { readMoney, written } from '../../time/money';
import { priceText } from './text';

/** What a desk without any price begins with. */
export const CURRENCY = 'EUR';

export interface PriceDraft {
  price: string;
  currency: string;
}

type Money = Schemas['Money'];

export function readPrice(money: Money | null | undefined, currency: string): PriceDraft {
  return money == null ? { price: '', currency } : { price: written(money), currency: money.currency };
}

export function writePrice({ price, currency }: PriceDraft): Money | null {
  const amount_minor = price.trim() === '' ? undefined : readMoney(price, currencyOf(currency));
  return amount_minor === undefined ? null : { amount_minor, currency: currencyOf(currency) };
}

const currencyOf = (text: string) => text.trim().toUpperCase();

/** What is wrong with it, by field. */
export function checkPrice(
  { price, currency }: PriceDraft,
  words: { badPrice: string; badCurrency: string },
): Record<string, string> {
  if (price.trim() === '') return {};
  if (!/^[A-Z]{3}$/.test(currencyOf(currency))) return { currency: words.badCurrency };
  return readMoney(price, currencyOf(currency)) === undefined ? { price: words.badPrice } : {};
}

interface Props {
  draft: PriceDraft;
  hint: string;
  errors: { price: string | undefined; currency: string | undefined };
  onChange: (part: Partial<PriceDraft>) => void;
}

export function PriceFields({ draft, hint, errors, onChange }: Props) {
  const words = useText(priceText);
  return (
    <Fields>
      <TextField
        label={words.price}
        hint={hint}
        inputMode="decimal"
        autoComplete="off"
        value={draft.price}
        error={errors.price}
        onChange={(event) => onChange({ price: event.target.value })}
      />
      <TextField
        label={words.currency}
        hint={words.currencyHint}
        maxLength={3}
        autoComplete="off"
        spellCheck={false}
        value={draft.currency}
        error={errors.currency}
        onChange={(event) => onChange({ currency: event.target.value })}
      />
    </Fields>
  );
}
