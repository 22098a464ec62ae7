/** A month of somebody: hours by day, with the way to each week. */
import { Link, useSearch } from '@tanstack/react-router';
import { useText } from '../../text';
import { Loaded } from '../../ui/loaded';
import { amountDigits, sumOf } from './amount';
import { useSummary } from './data';
import { addMonths, dayNumber, lastOfMonth, longDay, monthText, monthWeeks, today, weekday, weekOf } from './days';
import styles from './month.module.css';
import { pageText } from './page-text';
import { Period } from './period';
import { TotalFigures } from './totals';

export function MonthSheet({ day, userId }: { day: string; userId: string }) {
  const words = useText(pageText);
  const search: Partial<Record<string, string>> = useSearch({ strict: false });
  const [first, last] = [addMonths(day, 0), lastOfMonth(day)];
  const sums = useSummary({ from: first, to: last, user_id: userId, group_by: 'day' });
  return (
    <>
      <Period
        unit="month"
        title={monthText(first)}
        previous={addMonths(day, -1)}
        next={addMonths(day, 1)}
        isNow={today().slice(0, 7) === first.slice(0, 7)}
      />
      <Loaded of={sums}>
        {({ items, totals }) => {
          const byDay = new Map(items.map((item) => [item.key, item]));
          return (
            <>
              <TotalFigures totals={totals} />
              <table className={styles.month} aria-label={words.calendar}>
                <thead>
                  <tr>
                    {weekOf(first).map((one) => (
                      <th key={one} scope="col">
                        {weekday(one)}
                      </th>
                    ))}
                    <th scope="col">{words.weekTotal}</th>
                  </tr>
                </thead>
                <tbody>
                  {monthWeeks(first).map((week) => {
                    const inMonth = week.filter((one) => one >= first && one <= last);
                    const total = sumOf(inMonth.flatMap((one) => byDay.get(one) ?? []));
                    return (
                      <tr key={week[0]}>
                        {week.map((one) => (
                          <td key={one} data-is-today={one === today()}>
                            {inMonth.includes(one) && (
                              <Link to="." search={{ day: one, user: search['user'] }} className={styles.day}>
                                <span className="visually-hidden">{longDay(one)}</span>
                                <span className={styles.number} aria-hidden>
                                  {dayNumber(one)}
                                </span>
                                {byDay.has(one) && (
                                  <span className={styles.hours}>
                                    {amountDigits(sumOf([byDay.get(one) ?? { hours: 0 }]))}
                                  </span>
                                )}
                              </Link>
                            )}
                          </td>
                        ))}
                        <td className={styles.total}>{total > 0 && amountDigits(total)}</td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </>
          );
        }}
      </Loaded>
    </>
  );
}
