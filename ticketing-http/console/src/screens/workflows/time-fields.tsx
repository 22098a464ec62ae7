import { useText } from '../../text';
import { Field, inputClass } from '../../ui/field';
import { buildText } from './text-build';
import styles from './builder.module.css';

interface Props {
  label: string;
  isLabelHidden?: boolean;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: string | undefined;
}

/** How long: a number and a unit. */
export function DurationField({ label, isLabelHidden = true, value, onChange, error, hint }: Props) {
  const words = useText(buildText);
  const [, count = '', unit = 'h'] = /^(\d*)([smhd])$/.exec(value) ?? [];
  return (
    <Field {...{ label, isLabelHidden, error, hint }}>
      {({ id, describedBy, isInvalid }) => (
        <div className={styles.joined}>
          <input
            id={id}
            type="number"
            min={0}
            step={1}
            className={inputClass}
            value={count}
            aria-describedby={describedBy}
            aria-invalid={isInvalid || undefined}
            onChange={(event) => onChange(`${event.target.value.replace(/\D/g, '')}${unit}`)}
          />
          <select
            className={inputClass}
            aria-label={words.unit}
            value={unit}
            onChange={(event) => onChange(`${count}${event.target.value}`)}
          >
            <option value="s">{words.units.s}</option>
            <option value="m">{words.units.m}</option>
            <option value="h">{words.units.h}</option>
            <option value="d">{words.units.d}</option>
          </select>
        </div>
      )}
    </Field>
  );
}

/** Also while the number is being typed anew. */
const RELATIVE = /^now(?:([+-])(\d*[smhd]))?$/;

/** A moment, or one that is counted from whenever somebody looks: `now`, `now+4h`, `now-2d`. */
export function ViewedMomentField({ value, onChange, ...more }: Props) {
  const words = useText(buildText);
  const [isNow, sign, ahead = '1d'] = RELATIVE.exec(value) ?? [];
  const kind = isNow === undefined ? 'at' : ((sign ?? 'now') as '+' | '-' | 'now');
  return (
    <div className={styles.viewed}>
      <select
        className={inputClass}
        aria-label={words.counted}
        value={kind}
        onChange={({ target }) =>
          onChange(target.value === 'at' ? '' : target.value === 'now' ? 'now' : `now${target.value}${ahead}`)
        }
      >
        {(['at', 'now', '+', '-'] as const).map((one) => (
          <option key={one} value={one}>
            {words.moments[one]}
          </option>
        ))}
      </select>
      {kind === 'at' && <MomentField {...more} value={value} onChange={onChange} />}
      {(kind === '+' || kind === '-') && (
        <DurationField {...more} value={ahead} onChange={(next) => onChange(`now${kind}${next}`)} />
      )}
      {kind === 'now' && more.error !== undefined && <p className={styles.error}>{more.error}</p>}
    </div>
  );
}

/** A moment as the two controls show it, by this browser's clock. */
function local(value: string): { day: string; time: string } {
  if (!value.includes('T')) return { day: value.slice(0, 10), time: '' };
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return { day: '', time: '' };
  const two = (n: number) => String(n).padStart(2, '0');
  return {
    day: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}

/** A day, or a moment of it where a time is given, too. */
export function MomentField({
  label,
  isLabelHidden = true,
  value,
  onChange,
  error,
  hint,
  isDay = false,
  isTimed = false,
}: Props & { isDay?: boolean; isTimed?: boolean }) {
  const words = useText(buildText);
  const { day, time } = local(value);
  const put = (nextDay: string, nextTime: string) => {
    const clock = isTimed && nextTime === '' ? '08:00' : nextTime;
    onChange(nextDay === '' || clock === '' ? nextDay : new Date(`${nextDay}T${clock}`).toISOString());
  };
  return (
    <Field {...{ label, isLabelHidden, error, hint }}>
      {({ id, describedBy, isInvalid }) => (
        <div className={styles.joined}>
          <input
            id={id}
            type="date"
            className={inputClass}
            value={day}
            aria-describedby={describedBy}
            aria-invalid={isInvalid || undefined}
            onChange={(event) => put(event.target.value, time)}
          />
          {!isDay && (
            <input
              type="time"
              className={inputClass}
              aria-label={words.clock}
              value={time}
              onChange={(event) => put(day, event.target.value)}
            />
          )}
        </div>
      )}
    </Field>
  );
}
