import { useFormat } from '../../format';
import { useText } from '../../text';
import { amountText, toHundredths } from './amount';
import type { Totals } from './data';
import { moneysText } from './money';
import { pageText } from './page-text';
import styles from './page.module.css';

/** What it all comes to. */
export function TotalFigures({ totals }: { totals: Totals }) {
  const words = useText(pageText);
  const { number } = useFormat();
  const figures: [string, string][] = [
    [words.hours, amountText(toHundredths(totals.hours))],
    [words.billable, amountText(toHundredths(totals.billable_hours))],
    ...(totals.amounts.length === 0 ? [] : [[words.earned, moneysText(totals.amounts)] as [string, string]]),
    [words.entries, number(totals.entries)],
  ];
  return (
    <dl className={styles.figures}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
