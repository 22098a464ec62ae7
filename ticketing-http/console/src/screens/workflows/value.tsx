/** The control by which a condition's value is typed; it fits the field and what is asked of it. */
import { useText } from '../../text';
import { SelectField, TextField } from '../../ui/field';
import { wordOf } from '../../ui/condition-text';
import { useChoices, NOBODY } from './choices';
import { useEditing } from './context';
import { JsonField } from './json-field';
import { arityOf, hasControl, type FieldInfo, type IdOf } from './model/catalog';
import type { Json } from './model/json';
import { Pick } from './pick';
import { buildText } from './text-build';
import { DurationField, MomentField, ViewedMomentField } from './time-fields';
import styles from './builder.module.css';

interface Props {
  info: FieldInfo | undefined;
  operator: string;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
  error: string | undefined;
}

export function ValueField({ info, operator, value, onChange, error }: Props) {
  const words = useText(buildText);
  const arity = arityOf(operator);
  if (arity === 'none') return null;
  if (info === undefined || !hasControl(info, operator, value)) {
    return <JsonField label={words.value} value={value} onChange={onChange} error={error} />;
  }
  if (arity === 'duration' && typeof value === 'string')
    return <DurationField label={words.value} value={value} onChange={onChange} error={error} />;
  if (arity === 'pattern' && typeof value === 'string') {
    return (
      <TextField
        label={words.value}
        isLabelHidden
        className={styles.mono}
        placeholder="(?i)\b(outage|down)\b"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={error}
      />
    );
  }
  if (arity === 'many' && Array.isArray(value))
    return <Many info={info} value={value} onChange={onChange} error={error} />;
  if (arity === 'two' && Array.isArray(value)) {
    const [from = null, to = null] = value;
    return (
      <div className={styles.two}>
        <One info={info} label={words.from} value={from} onChange={(next) => onChange([next, to])} error={error} />
        <span>{words.and}</span>
        <One info={info} label={words.to} value={to} onChange={(next) => onChange([from, next])} error={undefined} />
      </div>
    );
  }
  return <One info={info} label={words.value} value={value ?? null} onChange={onChange} error={error} />;
}

interface OneProps {
  info: FieldInfo;
  label: string;
  value: Json;
  onChange: (value: Json) => void;
  error: string | undefined;
}

function useWord(info: FieldInfo): (word: string) => string {
  const { speech } = useEditing();
  return (word) => wordOf(info.name, word, speech.condition, speech.ticket) ?? word;
}

function One({ info, label, value, onChange, error }: OneProps) {
  const words = useText(buildText);
  const { isStanding = false } = useEditing();
  const word = useWord(info);
  if (info.kind === 'flag') {
    return (
      <SelectField
        label={label}
        isLabelHidden
        value={value === true ? 'true' : 'false'}
        onChange={(event) => onChange(event.target.value === 'true')}
        error={error}
      >
        <option value="true">{words.yes}</option>
        <option value="false">{words.no}</option>
      </SelectField>
    );
  }
  if (info.words.length > 0 && typeof value === 'string') {
    const isStrange = !info.words.includes(value);
    return (
      <SelectField
        label={label}
        isLabelHidden
        value={value}
        onChange={(event) => onChange(event.target.value)}
        error={error}
      >
        {isStrange && <option value={value}>{value === '' ? words.chooseOne : value}</option>}
        {info.words.map((one) => (
          <option key={one} value={one}>
            {word(one)}
          </option>
        ))}
      </SelectField>
    );
  }
  if (info.kind === 'number' || info.kind === 'decimal') {
    return (
      <TextField
        label={label}
        isLabelHidden
        type="number"
        step={info.kind === 'number' ? 1 : 'any'}
        value={typeof value === 'number' ? value : ''}
        onChange={(event) => Number.isFinite(event.target.valueAsNumber) && onChange(event.target.valueAsNumber)}
        error={error}
      />
    );
  }
  if (info.kind === 'time' && isStanding)
    return (
      <ViewedMomentField
        label={label}
        value={typeof value === 'string' ? value : ''}
        onChange={onChange}
        error={error}
      />
    );
  if (info.kind === 'time' || info.kind === 'date') {
    return (
      <MomentField
        label={label}
        isDay={info.kind === 'date'}
        value={typeof value === 'string' ? value : ''}
        onChange={onChange}
        error={error}
      />
    );
  }
  if (info.kind === 'id' && info.of !== undefined)
    return (
      <Ids
        of={info.of}
        label={label}
        value={[value]}
        isSingle
        onChange={([next]) => onChange(next ?? null)}
        error={error}
      />
    );
  return (
    <TextField
      label={label}
      isLabelHidden
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value)}
      error={error}
    />
  );
}

function Many({
  info,
  value,
  onChange,
  error,
}: {
  info: FieldInfo;
  value: Json[];
  onChange: (value: Json[]) => void;
  error: string | undefined;
}) {
  const words = useText(buildText);
  const word = useWord(info);
  if (info.kind === 'id' && info.of !== undefined)
    return <Ids of={info.of} label={words.values} value={value} onChange={onChange} error={error} />;
  if (info.words.length > 0) {
    const strange = value.filter((one) => typeof one === 'string' && !info.words.includes(one)).map(String);
    return (
      <div>
        <div className={styles.chips} role="group" aria-label={words.values}>
          {[...info.words, ...strange].map((one) => (
            <label key={one} className={styles.chip}>
              <input
                type="checkbox"
                checked={value.includes(one)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...value, one] : value.filter((other) => other !== one))
                }
              />
              {word(one)}
            </label>
          ))}
        </div>
        {error !== undefined && <p className={styles.error}>{error}</p>}
      </div>
    );
  }
  const isNumber = info.kind === 'number' || info.kind === 'decimal';
  return (
    <Pick
      label={words.values}
      choices={[]}
      takesText
      placeholder={words.typeValues}
      value={value.map(String)}
      onChange={(next) => onChange(isNumber ? next.map(Number).filter(Number.isFinite) : next)}
      error={error}
    />
  );
}

export function Ids({
  of,
  label,
  value,
  isSingle = false,
  onChange,
  error,
}: {
  of: IdOf;
  label: string;
  value: readonly Json[];
  isSingle?: boolean;
  onChange: (value: Json[]) => void;
  error: string | undefined;
}) {
  const { speech } = useEditing();
  const { choices, onQuery } = useChoices(of);
  return (
    <Pick
      label={label}
      choices={choices}
      isSingle={isSingle}
      value={value.map((one) => (typeof one === 'string' ? one : NOBODY))}
      onChange={(next) => onChange(next.map((one) => (one === NOBODY ? null : one)))}
      nameOf={(id) => speech.names.get(id) ?? id}
      error={error}
      {...(onQuery === undefined ? {} : { onQuery })}
    />
  );
}
