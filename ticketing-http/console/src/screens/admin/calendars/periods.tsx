/** Seasons: stretches of days with other hours. */
import { Plus, X } from 'lucide-react';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { TextField } from '../../../ui/field';
import { Section } from '../../../ui/section';
import { today } from './dates';
import { plusDays, type Period, type Week } from './hours';
import styles from './periods.module.css';
import { calendarText } from './text';
import { WeekEditor } from './week';

interface Props {
  periods: readonly Period[];
  /** What a new one begins with. */
  usual: Week;
  onChange: (periods: Period[]) => void;
  error: (field: string) => string | undefined;
}

export function Periods({ periods, usual, onChange, error }: Props) {
  const words = useText(calendarText);
  const put = (at: number, part: Partial<Period>) =>
    onChange(periods.map((one, other) => (other === at ? { ...one, ...part } : one)));
  return (
    <Section title={`${words.periods} (${periods.length})`} about={words.periodsAbout}>
      {periods.length === 0 && <p className={styles.none}>{words.noPeriods}</p>}
      {periods.map((period, at) => (
        <div key={at} className={styles.period} role="group" aria-label={period.name ?? words.unnamed}>
          <div className={styles.head}>
            <TextField
              label={words.periodName}
              className={styles.name}
              value={period.name ?? ''}
              error={error(`periods[${at}].name`) ?? error(`periods[${at}]`)}
              onChange={(event) => put(at, { name: event.target.value })}
            />
            <TextField
              label={words.first}
              type="date"
              value={period.from}
              error={error(`periods[${at}].from`)}
              onChange={(event) => put(at, { from: event.target.value })}
            />
            <TextField
              label={words.last}
              type="date"
              value={period.until}
              error={error(`periods[${at}].until`)}
              onChange={(event) => put(at, { until: event.target.value })}
            />
            <Button
              label={words.removePeriod(period.name ?? words.unnamed)}
              icon={<X size={16} />}
              onClick={() => onChange(periods.filter((_, other) => other !== at))}
            />
          </div>
          <details open={error(`periods[${at}].weekly_hours`) !== undefined || undefined}>
            <summary className={styles.summary}>{words.periodHours}</summary>
            <WeekEditor
              week={period.weekly_hours}
              onChange={(weekly_hours) => put(at, { weekly_hours })}
              error={(field) => error(`periods[${at}].weekly_hours.${field}`)}
            />
          </details>
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon={<Plus size={14} />}
          onClick={() => {
            const after = periods.map((one) => one.until).sort();
            const last = after.at(-1);
            const from = last !== undefined && last >= today() ? plusDays(last, 1) : today();
            onChange([...periods, { name: '', from, until: plusDays(from, 30), weekly_hours: usual }]);
          }}
        >
          {words.addPeriod}
        </Button>
      </div>
    </Section>
  );
}
