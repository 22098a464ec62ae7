/** A text with variables: they are suggested while one types `{{`. */
import { Braces } from 'lucide-react';
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { Field, inputClass } from '../../ui/field';
import styles from './builder.module.css';
import { useEditing } from './context';
import { matching, typedVariable, variables, variablesByHand, variableText, withVariable } from './model/variables';
import { actionText } from './text-build';

interface Props {
  label: string;
  isLabelHidden?: boolean;
  value: string;
  onChange: (value: string) => void;
  error?: string | undefined;
  hint?: string | undefined;
  /** Several lines. */
  isLong?: boolean;
}

export function VariableText({ label, isLabelHidden, value, onChange, error, hint, isLong = false }: Props) {
  const words = useText(actionText);
  const names = useText(variableText);
  const { speech, isByHand = false } = useEditing();
  const list = useId();
  const control = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const [caret, setCaret] = useState<number>();
  const [at, setAt] = useState(0);
  const nextCaret = useRef<number>(undefined);

  const typed = caret === undefined ? undefined : typedVariable(value, caret);
  const found =
    typed === undefined
      ? []
      : matching((isByHand ? variablesByHand : variables)(names, speech.custom), typed.query).slice(0, 50);
  const chosen = found[Math.min(at, found.length - 1)];
  const isOpen = found.length > 0;

  useLayoutEffect(() => {
    if (nextCaret.current === undefined) return;
    control.current?.setSelectionRange(nextCaret.current, nextCaret.current);
    nextCaret.current = undefined;
  });
  useLayoutEffect(() => {
    if (isOpen) document.getElementById(`${list}-${at}`)?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, list, at]);

  const put = (text: string, place: number, isDone: boolean) => {
    nextCaret.current = place;
    onChange(text);
    setCaret(isDone ? undefined : place);
    setAt(0);
  };
  const take = (name: string) => {
    if (typed === undefined || caret === undefined) return;
    const next = withVariable(value, typed.start, caret, name);
    put(next.text, next.caret, true);
  };
  const insert = () => {
    const place = control.current?.selectionStart ?? value.length;
    control.current?.focus();
    put(`${value.slice(0, place)}{{${value.slice(place)}`, place + 2, false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) return;
    if (event.key === 'ArrowDown') setAt((at + 1) % found.length);
    else if (event.key === 'ArrowUp') setAt((at + found.length - 1) % found.length);
    else if ((event.key === 'Enter' || event.key === 'Tab') && chosen !== undefined) take(chosen.name);
    else if (event.key === 'Escape') setCaret(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shared = {
    ref: control,
    dir: 'auto',
    className: inputClass,
    value,
    'aria-autocomplete': 'list',
    'aria-controls': isOpen ? list : undefined,
    'aria-activedescendant': isOpen ? `${list}-${Math.min(at, found.length - 1)}` : undefined,
    onKeyDown,
    onBlur: () => setCaret(undefined),
    onChange: (event: { target: HTMLInputElement | HTMLTextAreaElement }) => {
      onChange(event.target.value);
      setCaret(event.target.selectionStart ?? undefined);
      setAt(0);
    },
  } as const;
  return (
    <div className={styles.variable}>
      <Field {...{ label, isLabelHidden, error, hint }}>
        {({ id, describedBy, isInvalid }) => {
          const about = { id, 'aria-describedby': describedBy, 'aria-invalid': isInvalid || undefined };
          return isLong ? (
            <textarea rows={5} {...shared} {...about} />
          ) : (
            <input {...shared} {...about} role="combobox" aria-expanded={isOpen} />
          );
        }}
      </Field>
      <Button
        size="small"
        label={words.insert}
        icon={<Braces size={14} />}
        className={styles.insert}
        onClick={insert}
      />
      {isOpen && (
        <ul id={list} role="listbox" aria-label={words.variables} className={styles.suggestions}>
          {found.map((one, place) => (
            <li
              key={one.name}
              id={`${list}-${place}`}
              role="option"
              aria-selected={one === chosen}
              className={classes(styles.suggestion, one === chosen && styles.isChosen)}
              // The text keeps the focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(one.name)}
            >
              <code>{one.name}</code>
              <span>{one.about}</span>
            </li>
          ))}
        </ul>
      )}
      <p className="visually-hidden" role="status">
        {isOpen ? words.count(found.length) : ''}
      </p>
    </div>
  );
}
