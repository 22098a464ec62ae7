/** What one types in place: Enter and leaving keep it, Escape does not. A refusal leaves it as it was typed. */
import { useId, useRef, useState, type ComponentProps, type KeyboardEvent } from 'react';
import { defineText, useText } from '../../../text';
import { inputClass } from '../../../ui/field';
import styles from './text-control.module.css';

const text = defineText(
  { save: 'Enter saves, Esc cancels', saveLong: 'Ctrl or ⌘ with Enter saves, Esc cancels' },
  { save: 'Enter speichert, Esc verwirft', saveLong: 'Strg oder ⌘ mit Enter speichert, Esc verwirft' },
);

interface Props {
  label: string;
  value: string;
  type?: 'text' | 'number' | 'date' | 'textarea';
  /** Others that were used before. */
  suggestions?: readonly string[];
  error?: string | undefined;
  maxLength?: number;
  onKeep: (value: string) => void;
  onCancel: () => void;
}

export function TextControl({
  label,
  value,
  type = 'text',
  suggestions = [],
  error,
  maxLength,
  onKeep,
  onCancel,
}: Props) {
  const words = useText(text);
  const id = useId();
  const [typed, setTyped] = useState(value);
  const isDone = useRef(false);
  const keep = () => {
    if (isDone.current) return;
    if (typed === value && error === undefined) onCancel();
    else onKeep(typed);
  };
  const isLong = type === 'textarea';
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      // Where the panel lies over the page, Escape would close that too.
      event.stopPropagation();
      isDone.current = true;
      onCancel();
    } else if (event.key === 'Enter' && (!isLong || event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      keep();
    }
  };
  const shared = {
    className: inputClass,
    autoFocus: true,
    'aria-label': label,
    'aria-describedby': `${id}-about`,
    'aria-invalid': error !== undefined || undefined,
    dir: 'auto' as const,
    value: typed,
    maxLength,
    onChange: (event: { target: { value: string } }) => setTyped(event.target.value),
    onKeyDown,
    onBlur: keep,
  } satisfies ComponentProps<'input'> & ComponentProps<'textarea'>;
  return (
    <div>
      {isLong ? (
        <textarea rows={4} {...shared} />
      ) : (
        <input
          type={type}
          step={type === 'number' ? 'any' : undefined}
          list={suggestions.length > 0 ? `${id}-list` : undefined}
          {...shared}
        />
      )}
      {suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      <p
        id={`${id}-about`}
        className={error === undefined ? styles.hint : styles.error}
        role={error === undefined ? undefined : 'alert'}
      >
        {error ?? (isLong ? words.saveLong : words.save)}
      </p>
    </div>
  );
}
