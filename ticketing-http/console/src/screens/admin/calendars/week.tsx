/** The hours of a week: shifts in rows, and beside them how the day looks. */
import { CopyCheck, Plus, X } from 'lucide-react';
import { useId } from 'react';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { classes } from '../../../ui/classes';
import { inputClass } from '../../../ui/field';
import { DAYS, DAY_MINUTES, minutesOf, nextSlot, readTime, wrongSlot, type Day, type Slot, type Week } from './hours';
import { calendarText } from './text';
import styles from './week.module.css';

interface Props {
  week: Week;
  onChange: (week: Week) => void;
  /** What the server says is wrong, by such as `monday[0].end`. */
  error: (field: string) => string | undefined;
}

export function WeekEditor({ week, onChange, error }: Props) {
  return (
    <ul className={styles.week}>
      {DAYS.map((day) => (
        <DayRow
          key={day}
          day={day}
          slots={week[day]}
          error={error}
          onChange={(slots) => onChange({ ...week, [day]: slots })}
          onCopy={() => {
            const workdays = DAYS.slice(0, 5).map((other) => [other, week[day]]);
            onChange({ ...week, ...(Object.fromEntries(workdays) as Partial<Week>) });
          }}
        />
      ))}
      <li className={styles.scale} aria-hidden>
        <span className={styles.hours}>
          {[0, 6, 12, 18, 24].map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </span>
      </li>
    </ul>
  );
}

function DayRow({
  day,
  slots,
  error,
  onChange,
  onCopy,
}: {
  day: Day;
  slots: readonly Slot[];
  error: Props['error'];
  onChange: (slots: Slot[]) => void;
  onCopy: () => void;
}) {
  const words = useText(calendarText);
  const id = useId();
  const name = words.days[day];
  const put = (at: number, part: Partial<Slot>) =>
    onChange(slots.map((slot, other) => (other === at ? { ...slot, ...part } : slot)));
  const problems = slots.map((_, at) => {
    const wrong = wrongSlot(slots, at);
    if (wrong !== undefined) return words.wrong[wrong];
    return error(`${day}[${at}].start`) ?? error(`${day}[${at}].end`) ?? error(`${day}[${at}]`);
  });
  const field = (at: number, end: 'start' | 'end', label: string) => (
    <input
      className={classes(inputClass, styles.time)}
      aria-label={label}
      aria-invalid={problems[at] === undefined ? undefined : true}
      aria-describedby={problems[at] === undefined ? undefined : `${id}-${at}`}
      inputMode="numeric"
      autoComplete="off"
      dir="ltr"
      maxLength={5}
      value={slots[at]?.[end] ?? ''}
      onChange={(event) => put(at, { [end]: event.target.value })}
      onBlur={(event) => put(at, { [end]: readTime(event.target.value) ?? event.target.value })}
    />
  );
  return (
    <li className={styles.day}>
      <span className={styles.name}>{name}</span>
      <div className={styles.slots}>
        {slots.length === 0 && <span className={styles.off}>{words.off}</span>}
        {slots.map((_, at) => (
          <div key={at} className={styles.slotBox}>
            <span className={styles.slot}>
              {field(at, 'start', words.from(name, String(at + 1)))}
              <span aria-hidden>–</span>
              {field(at, 'end', words.until(name, String(at + 1)))}
              <Button
                size="small"
                label={words.removeShift(name, String(at + 1))}
                icon={<X size={14} />}
                onClick={() => onChange(slots.filter((_, other) => other !== at))}
              />
            </span>
            {problems[at] !== undefined && (
              <p id={`${id}-${at}`} className={styles.error}>
                {problems[at]}
              </p>
            )}
          </div>
        ))}
        <Button
          size="small"
          label={words.addShift(name)}
          icon={<Plus size={14} />}
          onClick={() => onChange([...slots, nextSlot(slots)])}
        />
        {slots.length > 0 && (
          <Button size="small" label={words.copy(name)} icon={<CopyCheck size={14} />} onClick={onCopy} />
        )}
      </div>
      <DayBar slots={slots} />
    </li>
  );
}

/** A day from midnight to midnight; the fields say the same in words. */
function DayBar({ slots }: { slots: readonly Slot[] }) {
  return (
    <span className={styles.bar} aria-hidden>
      {slots.map(({ start, end }, at) => {
        const [from, until] = [minutesOf(start), minutesOf(end)];
        if (from === undefined || until === undefined || until <= from) return null;
        const share = (minutes: number) => `${(minutes / DAY_MINUTES) * 100}%`;
        return (
          <span
            key={at}
            className={styles.open}
            style={{ insetInlineStart: share(from), inlineSize: share(until - from) }}
          />
        );
      })}
    </span>
  );
}
