/** The fields that `update_ticket` changes, each with its new value. */
import { Trash2 } from 'lucide-react';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { SelectField, TextField } from '../../ui/field';
import { wordOf } from '../../ui/condition-text';
import styles from './builder.module.css';
import { useEditing, useErrorAt } from './context';
import { JsonField } from './json-field';
import { CUSTOM, UPDATES, fieldInfo, flatUpdates, withUpdate } from './model/catalog';
import { nameOfField } from './model/describe';
import type { Json, JsonObject } from './model/json';
import { Pick } from './pick';
import { actionText, buildText } from './text-build';
import { MomentField } from './time-fields';
import { Ids } from './value';
import { VariableText } from './variable-text';

interface Props {
  params: JsonObject;
  place: string;
  replace: (params: JsonObject) => void;
}

export function Updates({ params, place, replace }: Props) {
  const words = useText(actionText);
  const build = useText(buildText);
  const { speech } = useEditing();
  const rows = flatUpdates(params);
  const taken = new Set(rows.map(([name]) => name));
  const own = speech.custom.filter((one) => one.is_active).map((one) => `${CUSTOM}${one.key}`);
  const free = [...UPDATES.map(({ name }) => name), ...own].filter((name) => !taken.has(name));
  const first = (name: string): Json => {
    const info = fieldInfo(name, speech.custom);
    if (info?.kind === 'texts') return [];
    if (info?.kind === 'flag') return true;
    if (info?.kind === 'decimal') return 0;
    if (info?.kind === 'id' || info?.kind === 'time') return null;
    return info?.words[0] ?? '';
  };
  return (
    <div className={styles.stack}>
      {rows.map(([name, value]) => (
        <div key={name} className={styles.update}>
          <span className={styles.updateName} dir="auto">
            {nameOfField(name, speech)}
          </span>
          <Value
            name={name}
            value={value}
            place={`${place}.${name}`}
            onChange={(next) => replace(withUpdate(params, name, next))}
          />
          <Button
            label={words.takeOff(nameOfField(name, speech))}
            icon={<Trash2 size={15} />}
            onClick={() => replace(withUpdate(params, name, undefined))}
          />
        </div>
      ))}
      {free.length > 0 && (
        <SelectField
          label={rows.length === 0 ? words.field : words.addField}
          isLabelHidden
          className={styles.addField}
          value=""
          onChange={(event) => replace(withUpdate(params, event.target.value, first(event.target.value)))}
        >
          <option value="" disabled>
            {rows.length === 0 ? build.chooseOne : words.addField}
          </option>
          {free.map((name) => (
            <option key={name} value={name}>
              {nameOfField(name, speech)}
            </option>
          ))}
        </SelectField>
      )}
    </div>
  );
}

interface ValueProps {
  name: string;
  value: Json;
  place: string;
  onChange: (value: Json) => void;
}

function Value({ name, value, place, onChange }: ValueProps) {
  const words = useText(actionText);
  const build = useText(buildText);
  const { speech } = useEditing();
  const error = useErrorAt(place);
  const info = fieldInfo(name, speech.custom);
  const label = nameOfField(name, speech);
  if (info === undefined) return <JsonField label={label} value={value} onChange={onChange} error={error} />;
  if (info.kind === 'texts') {
    return (
      <Pick
        label={label}
        choices={info.words.map((word) => ({ id: word, label: word }))}
        takesText={info.words.length === 0}
        placeholder={info.words.length === 0 ? words.tagHint : undefined}
        value={[value ?? []].flat().map(String)}
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
  if (info.words.length > 0 || info.kind === 'flag') {
    const options = info.kind === 'flag' ? ['true', 'false'] : info.words;
    const shown = (one: string) =>
      info.kind === 'flag'
        ? one === 'true'
          ? build.yes
          : build.no
        : (wordOf(name, one, speech.condition, speech.ticket) ?? one);
    const now = typeof value === 'boolean' ? String(value) : typeof value === 'string' ? value : '';
    const canClear = name !== 'status' && name !== 'priority';
    return (
      <SelectField
        label={label}
        isLabelHidden
        value={now}
        error={error}
        onChange={({ target }) =>
          onChange(target.value === '' ? null : info.kind === 'flag' ? target.value === 'true' : target.value)
        }
      >
        {canClear && <option value="">{words.clear}</option>}
        {!options.includes(now) && now !== '' && <option value={now}>{now}</option>}
        {options.map((one) => (
          <option key={one} value={one}>
            {shown(one)}
          </option>
        ))}
      </SelectField>
    );
  }
  if (info.kind === 'decimal' && typeof value !== 'string') {
    return (
      <TextField
        label={label}
        isLabelHidden
        type="number"
        step="any"
        value={typeof value === 'number' ? value : ''}
        error={error}
        onChange={({ target }) => onChange(Number.isFinite(target.valueAsNumber) ? target.valueAsNumber : null)}
      />
    );
  }
  if (info.kind === 'time' || info.kind === 'date') {
    return (
      <MomentField
        label={label}
        isDay={info.kind === 'date'}
        isTimed={info.kind === 'time'}
        value={typeof value === 'string' ? value : ''}
        onChange={(next) => onChange(next === '' ? null : next)}
        error={error}
      />
    );
  }
  return (
    <VariableText
      label={label}
      isLabelHidden
      isLong={name === 'description'}
      value={typeof value === 'string' ? value : ''}
      onChange={onChange}
      error={error}
    />
  );
}
