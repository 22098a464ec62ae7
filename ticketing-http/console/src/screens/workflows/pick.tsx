/** Chooses one or several of a list, by typing; also what is not in it, where that is allowed. */
import { X } from 'lucide-react';
import { useRef, useState } from 'react';
import {
  Button as AriaButton,
  ComboBox,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  type Key,
} from 'react-aria-components';
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
  /** What is being typed; undefined while nobody does. */
  const [typed, setTyped] = useState<string>();
  const query = typed ?? '';
  const input = useRef<HTMLInputElement>(null);
  const wanted = query.trim().toLowerCase();
  const free = choices
    .filter((choice) => onQuery !== undefined || `${choice.label} ${choice.hint ?? ''}`.toLowerCase().includes(wanted))
    .slice(0, MOST_SHOWN);
  const isNew = takesText && wanted !== '' && !free.some((choice) => choice.label.toLowerCase() === wanted);
  const items = isNew ? [...free, { id: `+${query.trim()}`, label: words.take(query.trim()) }] : free;
  // The list sets the input by itself, too, to what is chosen in it; that is not typing.
  const isByHand = useRef(false);
  const type = (text: string) => {
    setTyped(isByHand.current ? text : undefined);
    onQuery?.(isByHand.current ? text.trim() : '');
    isByHand.current = false;
  };
  const done = () => {
    setTyped(undefined);
    onQuery?.('');
  };
  const choose = (ids: readonly Key[]) => {
    done();
    onChange([...new Set(ids.map(String).map((id) => (id.startsWith('+') ? id.slice(1) : id)))]);
  };
  const take = (text: string) => choose(isSingle ? [text] : [...value, text]);
  const [only] = value;
  const name = (id: string) => choices.find((choice) => choice.id === id)?.label ?? nameOf?.(id) ?? id;
  const common = {
    className: styles.box ?? '',
    items,
    inputValue: typed ?? (isSingle && only !== undefined ? name(only) : ''),
    onInputChange: type,
    menuTrigger: 'focus',
    isInvalid: error !== undefined,
  } as const;
  const inside = (
    <>
      <Label className="visually-hidden">{label}</Label>
      <div className={styles.line}>
        <Input
          ref={input}
          className={inputClass}
          dir="auto"
          placeholder={placeholder ?? words.choose}
          onInputCapture={() => (isByHand.current = true)}
          onFocus={(event) => isSingle && event.currentTarget.select()}
          onBlur={() => {
            if (takesText && query.trim() !== '') take(query.trim());
            else if (isSingle && typed === '' && only !== undefined) onChange([]);
            done();
          }}
          onKeyDown={(event) => {
            if (event.key === 'Backspace' && query === '' && !isSingle && value.length > 0)
              onChange(value.slice(0, -1));
            if (event.key === 'Enter' && isNew && free.length === 0) {
              event.preventDefault();
              take(query.trim());
            }
          }}
        />
        <AriaButton className={styles.open ?? ''} aria-label={words.show}>
          ▾
        </AriaButton>
      </div>
      <Popover className={styles.popover ?? ''}>
        {/* It is drawn at the end of the page, outside of every landmark. */}
        <div role="region" aria-label={label}>
          <ListBox<Choice> className={styles.list ?? ''}>
            {(choice) => (
              <ListBoxItem id={choice.id} textValue={choice.label} className={styles.item ?? ''}>
                <span dir="auto">{choice.label}</span>
                {choice.hint !== undefined && <span className={styles.hint}>{choice.hint}</span>}
              </ListBoxItem>
            )}
          </ListBox>
        </div>
      </Popover>
    </>
  );
  return (
    <div className={styles.pick}>
      {!isSingle && value.length > 0 && (
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
      {isSingle ? (
        <ComboBox {...common} value={only ?? null} onChange={(key) => key !== null && choose([key])}>
          {inside}
        </ComboBox>
      ) : (
        <ComboBox {...common} selectionMode="multiple" value={value} onChange={choose}>
          {inside}
        </ComboBox>
      )}
      {error !== undefined && <p className={styles.error}>{error}</p>}
    </div>
  );
}
