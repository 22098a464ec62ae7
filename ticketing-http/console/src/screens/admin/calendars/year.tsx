/** A year at a glance: twelve small months, what is worked, what is off, and why. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useDeferredValue, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { number } from '../../../format';
import { useText } from '../../../text';
import { useLocale } from '../../../text/language';
import { Button } from '../../../ui/button';
import { classes } from '../../../ui/classes';
import { useFilter } from '../filter';
import { firstDay, fullDay, monthName, shortDay, today } from './dates';
import { DAYS, dayInfo, plusDays, plusMonths, weeksOf, type DayInfo, type Hours } from './hours';
import { calendarText } from './text';
import styles from './year.module.css';

const MONTHS = Array.from({ length: 12 }, (_, month) => month);

interface Props {
  hours: Hours;
  onMakeHoliday: (date: string) => void;
}

export function YearView({ hours, onMakeHoliday }: Props) {
  const words = useText(calendarText);
  const place = useLocale();
  const now = today();
  const [filter, setFilter] = useFilter();
  const typed = Number(filter['year']);
  const year = Number.isInteger(typed) && typed >= 1970 && typed <= 9998 ? typed : Number(now.slice(0, 4));
  const [chosen, setChosen] = useState(now);
  const [hovered, setHovered] = useState<string>();
  const grid = useRef<HTMLDivElement>(null);
  // Whoever types hours does not wait for 365 days to be drawn.
  const shownHours = useDeferredValue(hours);
  const current = chosen.startsWith(`${year}-`) ? chosen : `${year}-01-01`;
  const months = useMemo(() => {
    const first = firstDay();
    return MONTHS.map((month) => ({
      name: monthName(month),
      weeks: weeksOf(year, month, first).map((week) => week.map((date) => date && dayInfo(shownHours, date))),
    }));
    // The names and the first day are the reader's.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [year, shownHours, place]);
  const all = months.flatMap((month) => month.weeks.flat()).filter((day) => day !== undefined && day !== '');
  const workDays = all.filter((day) => day.slots.length > 0).length;
  const order = [...DAYS.slice(DAYS.indexOf(firstDay())), ...DAYS.slice(0, DAYS.indexOf(firstDay()))];

  const say = (day: DayInfo): string => {
    const what =
      day.holiday !== undefined
        ? `${words.legendHoliday}: ${day.holiday}`
        : day.slots.length === 0
          ? words.off
          : day.slots.map((slot) => `${slot.start}–${slot.end}`).join(', ');
    const season = day.period === undefined ? '' : ` (${day.period.name ?? words.unnamed})`;
    return `${fullDay(day.date)}${day.date === now ? `, ${words.today}` : ''}: ${what}${season}`;
  };
  const go = (date: string) => {
    setChosen(date);
    if (!date.startsWith(`${year}-`)) setFilter({ year: date.slice(0, 4) });
    // The day of another year is drawn first.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-date="${date}"]`)?.focus()),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isRightToLeft = getComputedStyle(event.currentTarget).direction === 'rtl';
    const side = isRightToLeft ? -1 : 1;
    const next = {
      ArrowRight: () => plusDays(current, side),
      ArrowLeft: () => plusDays(current, -side),
      ArrowDown: () => plusDays(current, 7),
      ArrowUp: () => plusDays(current, -7),
      PageDown: () => plusMonths(current, event.shiftKey ? 12 : 1),
      PageUp: () => plusMonths(current, event.shiftKey ? -12 : -1),
      Home: () => `${current.slice(0, 8)}01`,
      End: () => plusDays(plusMonths(`${current.slice(0, 8)}01`, 1), -1),
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    // Keys go before a pointer that rests there.
    setHovered(undefined);
    go(next());
  };
  const looked = dayInfo(shownHours, hovered ?? current);
  return (
    <div className={styles.view}>
      <div className={styles.top}>
        <Button
          size="small"
          label={words.previousYear}
          icon={<ChevronLeft size={16} className={styles.turn} />}
          onClick={() => setFilter({ year: String(year - 1) })}
        />
        <strong className={styles.year}>{year}</strong>
        <Button
          size="small"
          label={words.nextYear}
          icon={<ChevronRight size={16} className={styles.turn} />}
          onClick={() => setFilter({ year: String(year + 1) })}
        />
        <span className={styles.count}>{words.workDays(number(workDays))}</span>
        <ul className={styles.legend} aria-hidden>
          <li data-kind="work">{words.legendWork}</li>
          <li data-kind="off">{words.legendOff}</li>
          <li data-kind="holiday">{words.legendHoliday}</li>
          <li data-kind="period">{words.legendPeriod}</li>
        </ul>
      </div>
      <div className={styles.looked}>
        <span dir="auto">{say(looked)}</span>
        {dayInfo(shownHours, current).holiday === undefined && (
          <Button size="small" onClick={() => onMakeHoliday(current)}>
            {words.makeHoliday(shortDay(current))}
          </Button>
        )}
      </div>
      <p className="visually-hidden">{words.yearHint}</p>
      <div ref={grid} className={styles.months} onKeyDown={onKeyDown} onPointerLeave={() => setHovered(undefined)}>
        {months.map((month, at) => (
          <table key={at} className={styles.month} role="grid" aria-label={`${month.name} ${year}`}>
            <caption className={styles.caption} aria-hidden>
              {month.name}
            </caption>
            <thead>
              <tr>
                {order.map((day) => (
                  <th key={day} scope="col" abbr={words.days[day]}>
                    <span aria-hidden>{words.days[day].slice(0, 2)}</span>
                    <span className="visually-hidden">{words.days[day]}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {month.weeks.map((week, row) => (
                <tr key={row}>
                  {week.map((day, column) =>
                    day === undefined || day === '' ? (
                      <td key={column} />
                    ) : (
                      <td key={column} className={classes(day.period !== undefined && styles.period)}>
                        <button
                          type="button"
                          className={styles.day}
                          data-date={day.date}
                          data-kind={day.holiday !== undefined ? 'holiday' : day.slots.length > 0 ? 'work' : 'off'}
                          data-is-today={day.date === now}
                          tabIndex={day.date === current ? 0 : -1}
                          aria-label={say(day)}
                          aria-pressed={day.date === current}
                          onFocus={() => setChosen(day.date)}
                          onClick={() => setChosen(day.date)}
                          onPointerEnter={() => setHovered(day.date)}
                        >
                          {Number(day.date.slice(8))}
                        </button>
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
    </div>
  );
}
