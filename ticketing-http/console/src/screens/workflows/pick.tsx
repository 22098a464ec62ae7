/** Chooses one or several of a list, by typing; also what is not in it, where that is allowed. */
import { X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button as AriaButton, ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import { useText } from '../../text';
import { inputClass } from '../../ui/field';
import styles from './pick.module.css';
import { pickText } from './text-build';

export interface Choice {
  id: string;
  label: string;
  /** More by which it is told apart, such as an address. */
  hint?: string | undefined;
}

interface Props {
  label: string;
  choices: readonly Choice[];
  value: readonly string[];
  onChange: (value: string[]) => void;
  /** At most one. */
  isSingle?: boolean;
  /** Whether a typed text that is no choice is taken as it is. */
  takesText?: boolean;
  placeholder?: string | undefined;
  error?: string | undefined;
  /** What is typed, for choices that have to be looked up. */
  onQuery?: (query: string) => void;
  /** What a chosen one is called that is not among the choices. */
  nameOf?: (id: string) => string;
}

const MOST_SHOWN = 60;

export function Pick({
  label,
  choices,
  value,
  onChange,
  isSingle = false,
  takesText = false,
  placeholder,
  error,
  onQuery,
  nameOf,
}: Props) {
  const words = useText(pickText);
  const [query, setQuery] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const wanted = query.trim().toLowerCase();
  const free = choices
    .filter((choice) => !value.includes(choice.id))
    .filter((choice) => onQuery !== undefined || `${choice.label} ${choice.hint ?? ''}`.toLowerCase().includes(wanted))
    .slice(0, MOST_SHOWN);
  const isNew = takesText && wanted !== '' && !free.some((choice) => choice.label.toLowerCase() === wanted);
  const items = isNew ? [...free, { id: `+${query.trim()}`, label: words.take(query.trim()) }] : free;
  const type = (text: string) => {
    setQuery(text);
    onQuery?.(text.trim());
  };
  const take = (id: string) => {
    type('');
    const one = id.startsWith('+') ? id.slice(1) : id;
    if (!value.includes(one)) onChange(isSingle ? [one] : [...value, one]);
  };
  const name = (id: string) => choices.find((choice) => choice.id === id)?.label ?? nameOf?.(id) ?? id;
  return (
    <div className={styles.pick}>
      {value.length > 0 && (
        <ul className={styles.tokens} aria-label={label}>
          {value.map((id) => (
            <li key={id} className={styles.token}>
              <span dir="auto">{name(id)}</span>
              <button
                type="button"
                aria-label={words.remove(name(id))}
                onClick={() => {
                  onChange(value.filter((other) => other !== id));
                  input.current?.focus();
                }}
              >
                <X size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {!(isSingle && value.length > 0) && (
        <ComboBox
          className={styles.box ?? ''}
          items={items}
          inputValue={query}
          onInputChange={type}
          value={null}
          onChange={(key) => key !== null && take(String(key))}
          menuTrigger="focus"
          allowsEmptyCollection={false}
          isInvalid={error !== undefined}
        >
          <Label className="visually-hidden">{label}</Label>
          <div className={styles.line}>
            <Input
              ref={input}
              className={inputClass}
              dir="auto"
              placeholder={placeholder ?? words.choose}
              onBlur={() => {
                if (takesText && query.trim() !== '') take(`+${query.trim()}`);
              }}
              onKeyDown={(event) => {
                if (event.key === 'Backspace' && query === '' && value.length > 0) onChange(value.slice(0, -1));
                if (event.key === 'Enter' && isNew && free.length === 0) {
                  event.preventDefault();
                  take(`+${query.trim()}`);
                }
              }}
            />
            <AriaButton className={styles.open ?? ''} aria-label={words.show}>
              ▾
            </AriaButton>
          </div>
          <Popover className={styles.popover ?? ''}>
            <ListBox<Choice> className={styles.list ?? ''}>
              {(choice) => (
                <ListBoxItem id={choice.id} textValue={choice.label} className={styles.item ?? ''}>
                  <span dir="auto">{choice.label}</span>
                  {choice.hint !== undefined && <span className={styles.hint}>{choice.hint}</span>}
                </ListBoxItem>
              )}
            </ListBox>
          </Popover>
        </ComboBox>
      )}
      {error !== undefined && <p className={styles.error}>{error}</p>}
    </div>
  );
}
