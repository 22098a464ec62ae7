/** The desk's own fields, each with the control of its type. */
import { use, useRef, useState } from 'react';
import { useCustomFields, type CustomField } from '../../../api/custom-fields';
import type { Ticket } from '../../../api/types';
import { useFormat } from '../../../format';
import { useText } from '../../../text';
import { locale } from '../../../text/language';
import { isAsked } from '../../../ui/asked';
import { useChangeTicket, type Change } from '../use-change-ticket';
import { ChoiceRow } from './choice-row';
import styles from './custom-fields.module.css';
import { propertiesText } from './properties.text';
import { EditableRow, ReadOnly, Row, emptyClass } from './row';
import { TextRow } from './text-row';

const NONE = '';

/** What a field's value is in words; undefined where it has none. */
export function useFieldWords(): (field: CustomField | undefined, value: unknown) => string | undefined {
  const words = useText(propertiesText);
  const { number } = useFormat();
  return (field, value) => {
    if (value === null || value === undefined) return undefined;
    if (typeof value === 'boolean') return value ? words.yes : words.no;
    if (typeof value === 'number') return number(value, { maximumFractionDigits: 4 });
    if (Array.isArray(value)) return value.map(String).join(', ');
    if (typeof value !== 'string') return JSON.stringify(value);
    return field?.field_type === 'date' ? day(value) : value;
  };
}

/** A day has no time and no zone: it is the same everywhere. */
function day(value: string): string {
  const date = new Date(`${value}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  return new Intl.DateTimeFormat(locale(), {
    dateStyle: 'medium',
    timeZone: 'UTC',
  }).format(date);
}

export function CustomFields({ ticket }: { ticket: Ticket }) {
  const fields = useCustomFields();
  const topic = { category: ticket.category, teamId: ticket.team_id ?? null };
  // What is not asked (any more) is shown where there still is a value of it.
  const shown = fields.filter((field) => isAsked(field, topic) || ticket.custom_fields[field.key] !== undefined);
  return shown.map((field) => <FieldRow key={field.id} ticket={ticket} field={field} />);
}

function FieldRow({ ticket, field }: { ticket: Ticket; field: CustomField }) {
  const words = useText(propertiesText);
  const inWords = useFieldWords();
  const change = useChangeTicket(ticket);
  const isReadOnly = use(ReadOnly);
  const value = ticket.custom_fields[field.key];
  const said = inWords(field, value);
  const set = (next: unknown): Change => ({ custom_fields: { [field.key]: next } });
  const shown =
    said === undefined ? (
      <span className={emptyClass}>{words.none}</span>
    ) : (
      <span dir="auto" className={field.field_type === 'textarea' ? styles.long : undefined}>
        {said}
      </span>
    );

  switch (field.field_type) {
    case 'checkbox':
      return isReadOnly ? (
        <Row label={field.label}>{shown}</Row>
      ) : (
        <Row label={field.label}>
          <label className={styles.check}>
            <input
              type="checkbox"
              aria-label={field.label}
              checked={value === true}
              onChange={(event) => void change(set(event.target.checked))}
            />
            {shown}
          </label>
        </Row>
      );
    case 'select': {
      const chosen = typeof value === 'string' ? value : undefined;
      const old = chosen !== undefined && !field.options.includes(chosen) ? [chosen] : [];
      return (
        <ChoiceRow
          label={field.label}
          value={said ?? words.nothing}
          selected={chosen ?? NONE}
          options={[
            ...old.map((option) => ({ id: option, label: words.noLonger(option) })),
            ...field.options.map((option) => ({ id: option, label: option })),
            { id: NONE, label: words.nothing },
          ]}
          onPick={(next) => void change(set(next === NONE ? null : next))}
        >
          {shown}
        </ChoiceRow>
      );
    }
    case 'multiselect':
      return (
        <EditableRow
          label={field.label}
          control={(close) => (
            <ManyControl
              field={field}
              value={Array.isArray(value) ? value.map(String) : []}
              onCancel={close}
              onKeep={(next, base) => {
                close();
                void change(set(next.length === 0 ? null : next), base === undefined ? {} : { base });
              }}
              ticket={ticket}
            />
          )}
        >
          {shown}
        </EditableRow>
      );
    case 'number':
      return (
        <TextRow
          ticket={ticket}
          label={field.label}
          field={`custom_fields.${field.key}`}
          type="number"
          value={typeof value === 'number' ? String(value) : ''}
          toChange={(typed) => set(typed === '' ? null : Number(typed))}
        >
          {shown}
        </TextRow>
      );
    default:
      return (
        <TextRow
          ticket={ticket}
          label={field.label}
          field={`custom_fields.${field.key}`}
          type={field.field_type}
          value={typeof value === 'string' ? value : ''}
          toChange={(typed) => set(typed === '' ? null : typed)}
        >
          {shown}
        </TextRow>
      );
  }
}

interface ManyProps {
  ticket: Ticket;
  field: CustomField;
  value: readonly string[];
  onKeep: (next: string[], base: Ticket | undefined) => void;
  onCancel: () => void;
}

/** Several of a few: kept when one leaves it. */
function ManyControl({ ticket, field, value, onKeep, onCancel }: ManyProps) {
  const words = useText(propertiesText);
  const [base] = useState(ticket);
  const [chosen, setChosen] = useState<readonly string[]>(value);
  const isDone = useRef(false);
  const options = [...value.filter((one) => !field.options.includes(one)), ...field.options];
  const keep = () => {
    if (isDone.current) return;
    isDone.current = true;
    const next = options.filter((option) => chosen.includes(option));
    if (next.join(',') === options.filter((option) => value.includes(option)).join(',')) onCancel();
    else onKeep(next, base);
  };
  return (
    <fieldset
      className={styles.many}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          // Where the panel lies over the page, Escape would close that too.
          event.stopPropagation();
          isDone.current = true;
          onCancel();
        } else if (event.key === 'Enter') {
          event.preventDefault();
          keep();
        }
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) keep();
      }}
    >
      <legend className="visually-hidden">{field.label}</legend>
      {options.map((option, at) => (
        <label key={option} className={styles.check}>
          <input
            type="checkbox"
            autoFocus={at === 0}
            checked={chosen.includes(option)}
            onChange={(event) =>
              setChosen(event.target.checked ? [...chosen, option] : chosen.filter((one) => one !== option))
            }
          />
          <span dir="auto">{field.options.includes(option) ? option : words.noLonger(option)}</span>
        </label>
      ))}
    </fieldset>
  );
}
