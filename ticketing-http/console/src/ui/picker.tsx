/** One or several of a list, picked by keys alone: a dialog with a field to find by and the list below it. */
import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { defineText, useText } from '../text';
import { classes } from './classes';
import { isFound } from './combo-box';
import { Dialog } from './dialog';
import styles from './picker.module.css';

const text = defineText(
  { none: 'Nothing is called that.', add: (what: string) => `Add “${what}”` },
  { none: 'So heißt hier nichts.', add: (what: string) => `„${what}“ hinzufügen` },
);

export interface PickerOption {
  id: string;
  label: string;
  icon?: ReactNode;
  detail?: string | undefined;
}

interface Props {
  title: string;
  options: readonly PickerOption[];
  selected: readonly string[];
  /** Stays open: what is picked is put on or taken off. */
  isMultiple?: boolean;
  /** What is typed may be new. */
  isOpenEnded?: boolean;
  onPick: (id: string) => void;
  onClose: () => void;
}

export function Picker({ title, options, selected, isMultiple = false, isOpenEnded = false, onPick, onClose }: Props) {
  const words = useText(text);
  const list = useId();
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(() =>
    isMultiple
      ? 0
      : Math.max(
          0,
          options.findIndex((one) => selected.includes(one.id)),
        ),
  );
  const found: PickerOption[] = options.filter(
    (one) => wanted.trim() === '' || isFound(`${one.label} ${one.detail ?? ''}`, wanted.trim()),
  );
  const fresh = wanted.trim();
  const isNew = isOpenEnded && fresh !== '' && !options.some((one) => one.id.toLowerCase() === fresh.toLowerCase());
  const shown = isNew ? [...found, { id: fresh, label: words.add(fresh) }] : found;
  const current = Math.min(at, shown.length - 1);

  const pick = (option: PickerOption | undefined) => {
    if (option === undefined) return;
    onPick(option.id);
    if (isMultiple) setWanted('');
    else onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = (current + step + shown.length) % Math.max(shown.length, 1);
      setAt(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      pick(shown[current]);
    }
  };

  return (
    <Dialog title={title} isBare size="small" onClose={onClose}>
      <input
        autoFocus
        className={styles.input}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={current >= 0 ? `${list}-${current}` : undefined}
        aria-label={title}
        placeholder={title}
        dir="auto"
        value={wanted}
        onChange={(event) => {
          setWanted(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label={title} aria-multiselectable={isMultiple} className={styles.list}>
        {shown.map((option, place) => {
          const isSelected = selected.some((one) => one.toLowerCase() === option.id.toLowerCase());
          return (
            <div
              key={option.id}
              id={`${list}-${place}`}
              role="option"
              aria-selected={isMultiple ? isSelected : place === current}
              className={classes(styles.option, place === current && styles.current, isSelected && styles.selected)}
              onMouseMove={() => setAt(place)}
              onClick={() => pick(option)}
            >
              {option.icon}
              <span className={styles.label} dir="auto">
                {option.label}
              </span>
              {option.detail !== undefined && (
                <span className={styles.detail} dir="auto">
                  {option.detail}
                </span>
              )}
            </div>
          );
        })}
      </div>
      {shown.length === 0 && (
        <p className={styles.none} role="status">
          {words.none}
        </p>
      )}
    </Dialog>
  );
}
