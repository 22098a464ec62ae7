/** The value of a test, as its field and operator ask for it. */
import { useId, useState } from 'react';
import { useText } from '../../../text';
import { ticketText } from '../../../ui/badge';
import { SelectField, TextField } from '../../../ui/field';
import { useOrganizations, useTeams } from '../data';
import { readDuration } from '../durations';
import { PersonPick } from '../person-pick';
import { Pick } from '../../../ui/pick';
import styles from './conditions.module.css';
import type { AskedField, Shape } from './conditions';
import { policyText } from './text';

interface Props {
  field: AskedField;
  shape: Shape;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
}

export function ConditionValue({ field, shape, value, error, onChange }: Props) {
  const words = useText(policyText);
  const sayWord = useWords(field);
  const about = { label: words.value, isLabelHidden: true, className: styles.value ?? '', error };
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (shape === 'none') return error === undefined ? null : <p className={styles.error}>{error}</p>;
  if (field.kind === 'id') return <IdValue {...about} field={field.name} value={text} onChange={onChange} />;
  if (shape === 'list') {
    const list = Array.isArray(value) ? value.map(String) : [];
    return field.words !== undefined ? (
      <WordList words={field.words} say={sayWord} list={list} error={error} onChange={onChange} />
    ) : (
      <TextList {...about} list={list} onChange={onChange} />
    );
  }
  if (shape === 'flag') {
    return (
      <SelectField {...about} value={String(value)} onChange={(event) => onChange(event.target.value === 'true')}>
        <option value="true">{words.yes}</option>
        <option value="false">{words.no}</option>
      </SelectField>
    );
  }
  if (shape === 'text' && field.words !== undefined) {
    const all = text === '' || field.words.includes(text) ? field.words : [text, ...field.words];
    return (
      <SelectField {...about} value={text} onChange={(event) => onChange(event.target.value)}>
        {all.map((word) => (
          <option key={word} value={word}>
            {sayWord(word)}
          </option>
        ))}
      </SelectField>
    );
  }
  const isBadDuration = shape === 'duration' && text.trim() !== '' && readDuration(text) === undefined;
  // A moment that says its time is more than the browser's field for days can show.
  const isDay = shape === 'day' && /^(\d{4}-\d{2}-\d{2})?$/.test(text);
  return (
    <TextField
      {...about}
      error={isBadDuration ? words.badDuration : error}
      type={isDay ? 'date' : 'text'}
      inputMode={shape === 'number' ? 'decimal' : 'text'}
      placeholder={shape === 'duration' ? '4h' : ''}
      value={text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function useWords(field: AskedField): (word: string) => string {
  const words = useText(policyText);
  const tickets = useText(ticketText);
  const names: Readonly<Record<string, string>> = {
    ...(field.name === 'priority' ? tickets.priority : {}),
    ...(field.name === 'status' ? tickets.status : {}),
    ...(field.name === 'channel' ? words.channels : {}),
  };
  return (word) => names[word] ?? word;
}

/** Words to tick. */
function WordList({
  words,
  say,
  list,
  error,
  onChange,
}: {
  words: readonly string[];
  say: (word: string) => string;
  list: readonly string[];
  error: string | undefined;
  onChange: (list: string[]) => void;
}) {
  const id = useId();
  const text = useText(policyText);
  const all = [...words, ...list.filter((word) => !words.includes(word))];
  return (
    <div className={styles.value}>
      <div
        role="group"
        aria-label={text.value}
        aria-describedby={error === undefined ? undefined : id}
        className={styles.words}
      >
        {all.map((word) => (
          <label key={word} className={styles.word}>
            <input
              type="checkbox"
              checked={list.includes(word)}
              onChange={(event) =>
                onChange(all.filter((one) => (one === word ? event.target.checked : list.includes(one))))
              }
            />
            {say(word)}
          </label>
        ))}
      </div>
      {error !== undefined && (
        <p id={id} className={styles.error}>
          {error}
        </p>
      )}
    </div>
  );
}

/** Texts with commas between; what is typed stays as it is until one leaves the field. */
function TextList({
  list,
  onChange,
  ...about
}: {
  label: string;
  isLabelHidden: boolean;
  className: string;
  error: string | undefined;
  list: readonly string[];
  onChange: (list: string[]) => void;
}) {
  const words = useText(policyText);
  const [typed, setTyped] = useState<string>();
  return (
    <TextField
      {...about}
      label={words.values}
      placeholder={words.values}
      value={typed ?? list.join(', ')}
      onChange={(event) => {
        setTyped(event.target.value);
        onChange(event.target.value.split(',').flatMap((one) => (one.trim() === '' ? [] : [one.trim()])));
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

/** Who or what is meant by an id. */
function IdValue({
  field,
  value,
  onChange,
  ...about
}: {
  field: string;
  label: string;
  isLabelHidden: boolean;
  className: string;
  error: string | undefined;
  value: string;
  onChange: (id: string) => void;
}) {
  const organizations = useOrganizations();
  const teams = useTeams();
  const id = value === '' ? null : value;
  const choose = (next: string | null) => onChange(next ?? '');
  if (field === 'organization_id' || field === 'team_id') {
    const items = field === 'team_id' ? teams.data : organizations.data;
    return <Pick {...about} items={items ?? []} value={id} canBeEmpty={false} onChange={choose} />;
  }
  const staff = field === 'assigned_agent_id' ? { roles: ['agent', 'manager', 'admin'] as const } : {};
  return <PersonPick {...about} {...staff} value={id} canBeEmpty={false} onChange={choose} />;
}
