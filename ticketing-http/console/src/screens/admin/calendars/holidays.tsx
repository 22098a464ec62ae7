/** The days that are off. */
import { Plus, X } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { SelectField, TextField } from '../../../ui/field';
import { Section } from '../../../ui/section';
import { monthName, today } from './dates';
import type { Holiday } from './hours';
import styles from './holidays.module.css';
import { calendarText } from './text';

interface Props {
  holidays: readonly Holiday[];
  onChange: (holidays: Holiday[]) => void;
  error: (field: string) => string | undefined;
  /** Goes to the name of the last one, each time that it grows. */
  focusLast: number;
  children: ReactNode;
}

export function Holidays({ holidays, onChange, error, focusLast, children }: Props) {
  const words = useText(calendarText);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (focusLast === 0) return;
    const last = list.current?.querySelector<HTMLElement>('li:last-child [data-name]');
    last?.scrollIntoView({ block: 'nearest' });
    last?.focus();
  }, [focusLast]);
  const put = (at: number, part: Partial<Holiday>) =>
    onChange(holidays.map((one, other) => (other === at ? { ...one, ...part } : one)));
  return (
    <Section title={`${words.holidays} (${holidays.length})`} about={words.holidaysAbout} actions={children}>
      {holidays.length === 0 && <p className={styles.none}>{words.noHolidays}</p>}
      <ul ref={list} className={styles.list}>
        {holidays.map((holiday, at) => (
          <li key={at} className={styles.holiday}>
            <SelectField
              label={words.repeats}
              isLabelHidden
              className={styles.often}
              value={holiday.date.startsWith('--') ? 'yearly' : 'once'}
              onChange={(event) => put(at, { date: turned(holiday.date, event.target.value === 'yearly') })}
            >
              <option value="yearly">{words.yearly}</option>
              <option value="once">{words.once}</option>
            </SelectField>
            <DateField
              date={holiday.date}
              error={error(`holidays[${at}].date`) ?? error(`holidays[${at}]`)}
              onChange={(date) => put(at, { date })}
            />
            <TextField
              label={words.holidayName}
              isLabelHidden
              placeholder={words.holidayName}
              className={styles.name}
              data-name
              value={holiday.name}
              error={error(`holidays[${at}].name`)}
              onChange={(event) => put(at, { name: event.target.value })}
            />
            <Button
              label={words.removeHoliday(holiday.name || holiday.date)}
              icon={<X size={16} />}
              onClick={() => onChange(holidays.filter((_, other) => other !== at))}
            />
          </li>
        ))}
      </ul>
      <div>
        <Button
          size="small"
          icon={<Plus size={14} />}
          onClick={() => onChange([...holidays, { date: today(), name: '' }])}
        >
          {words.addHoliday}
        </Button>
      </div>
    </Section>
  );
}

/** The same day, once or every year. */
function turned(date: string, isYearly: boolean): string {
  const day = date.slice(-5);
  return isYearly ? `--${day}` : `${today().slice(0, 4)}-${day}`;
}

function DateField({
  date,
  error,
  onChange,
}: {
  date: string;
  error: string | undefined;
  onChange: (date: string) => void;
}) {
  const words = useText(calendarText);
  if (!date.startsWith('--')) {
    return (
      <TextField
        label={words.date}
        isLabelHidden
        type="date"
        className={styles.date}
        value={date}
        error={error}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const [month, day] = [date.slice(2, 4), date.slice(5)];
  return (
    <div className={styles.yearly}>
      <TextField
        label={words.dayOfMonth}
        isLabelHidden
        type="number"
        min={1}
        max={31}
        className={styles.day}
        value={Number(day) || ''}
        error={error}
        onChange={(event) => onChange(`--${month}-${event.target.value.slice(-2).padStart(2, '0')}`)}
      />
      <SelectField
        label={words.month}
        isLabelHidden
        className={styles.month}
        value={month}
        onChange={(event) => onChange(`--${event.target.value}-${day}`)}
      >
        {Array.from({ length: 12 }, (_, at) => (
          <option key={at} value={String(at + 1).padStart(2, '0')}>
            {monthName(at)}
          </option>
        ))}
      </SelectField>
    </div>
  );
}
