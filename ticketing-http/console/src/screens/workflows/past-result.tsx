import { useState } from 'react';
import { date, dateTime, number as written } from '../../format';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import build from './builder.module.css';
import { useEditing } from './context';
import { Effects } from './effects';
import styles from './look.module.css';
import { byDay, type Report } from './model/backtest';
import { TicketLink } from './past';
import { tryText } from './text-rule';

/** Differences shown at once, and more of them. */
const SHOWN = 10;

export function PastResult({ report }: { report: Report }) {
  const words = useText(tryText);
  const { speech } = useEditing();
  const numbers = [
    [report.matched, words.matched],
    [report.differences, words.differences],
    [report.changes, words.changes],
    [report.events, words.events],
  ] as const;
  const types = [...new Set([...Object.keys(report.effects), ...Object.keys(report.current_effects)])].sort();
  const nameOf = (type: string) => (speech.rule.action as Record<string, string>)[type] ?? type;
  const count = report.tickets.length;
  return (
    <div className={build.stack}>
      <dl className={styles.numbers}>
        {numbers.map(([value, label]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{written(value)}</dd>
          </div>
        ))}
      </dl>
      {types.length > 0 && (
        <table className={styles.table}>
          <caption className={styles.sub}>{words.done}</caption>
          <thead>
            <tr>
              <th scope="col">{words.doneHead.action}</th>
              <th scope="col">{words.doneHead.draft}</th>
              <th scope="col">{words.doneHead.current}</th>
            </tr>
          </thead>
          <tbody>
            {types.map((type) => (
              <tr key={type}>
                <th scope="row">{nameOf(type)}</th>
                <td>{written(report.effects[type] ?? 0)}</td>
                <td>{written(report.current_effects[type] ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Days report={report} />
      {count > 0 && (
        <details className={styles.fold}>
          <summary>{count < 100 ? words.tickets(count) : words.firstTickets(count)}</summary>
          <ul className={styles.tickets}>
            {report.tickets.map((one) => (
              <li key={one}>
                <TicketLink number={one} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <Differences report={report} />
    </div>
  );
}

/** Bars of the differences by day; each says its number, so they are a list for who can't see them. */
function Days({ report }: { report: Report }) {
  const words = useText(tryText);
  const told = report.differs_from_current;
  if (told.length === 0) return null;
  const days = byDay(
    told.map(({ at }) => at),
    report.from,
    report.to,
  );
  const most = Math.max(...days.map(({ count }) => count));
  return (
    <figure>
      <figcaption className={styles.sub}>
        {words.byDay}
        {report.differences > told.length && <span className={build.quiet}> {words.byDayNote}</span>}
      </figcaption>
      <ul className={styles.bars}>
        {days.map(({ day, count }) => {
          const label = `${date(`${day}T12:00:00`)}: ${written(count)}`;
          return (
            <li key={day} title={label}>
              <span className={styles.bar} style={{ height: `${(count / most) * 100}%` }} />
              <span className="visually-hidden">{count > 0 && label}</span>
            </li>
          );
        })}
      </ul>
      <div className={styles.ends} aria-hidden>
        <span>{date(report.from)}</span>
        <span>{date(report.to)}</span>
      </div>
    </figure>
  );
}

function Differences({ report }: { report: Report }) {
  const words = useText(tryText);
  const [shown, setShown] = useState(SHOWN);
  const told = report.differs_from_current;
  if (told.length === 0) return <p className={build.quiet}>{words.same}</p>;
  return (
    <section>
      <h3 className={styles.sub}>{words.differs}</h3>
      {report.differences > told.length && (
        <p className={build.quiet}>{words.firstOf(told.length, written(report.differences))}</p>
      )}
      <ol className={styles.differences}>
        {told.slice(0, shown).map(({ ticket, at, draft, current }, n) => (
          <li key={n}>
            <p className={styles.differenceHead}>
              <TicketLink number={ticket} />
              <time dateTime={at}>{dateTime(at)}</time>
            </p>
            <div className={styles.columns}>
              <div>
                <h4 className={build.quiet}>{words.with}</h4>
                <Effects effects={draft} />
              </div>
              <div>
                <h4 className={build.quiet}>{words.without}</h4>
                <Effects effects={current} />
              </div>
            </div>
          </li>
        ))}
      </ol>
      {shown < told.length && (
        <Button size="small" kind="quiet" onClick={() => setShown(shown + 30)}>
          {words.more}
        </Button>
      )}
    </section>
  );
}
