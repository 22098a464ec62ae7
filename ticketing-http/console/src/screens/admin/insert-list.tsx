/** Values that a template may ask for: a click puts one in where the cursor stands. */
import { useRef, useState } from 'react';
import { defineText, useText } from '../../text';
import { TextField } from '../../ui/field';
import styles from './insert-list.module.css';

const text = defineText(
  { find: 'Find a value', none: 'There is no such value.', label: 'Values' },
  { find: 'Wert suchen', none: 'Einen solchen Wert gibt es nicht.', label: 'Werte' },
);

export interface Insertable {
  path: string;
  about?: string;
  isList?: boolean;
}

type Writable = HTMLTextAreaElement | HTMLInputElement;

/** Puts a text in place of what is selected, in a way that Undo takes back. */
export function insertAt(field: Writable, words: string): void {
  field.focus();
  // The old command is the only one that an undo knows of.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  if (document.execCommand('insertText', false, words)) return;
  field.setRangeText(
    words,
    field.selectionStart ?? field.value.length,
    field.selectionEnd ?? field.value.length,
    'end',
  );
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** How a template asks for a value. */
export function askFor({ path, isList = false }: Insertable): string {
  return isList ? `{{#each ${path}}}{{/each}}` : `{{${path}}}`;
}

/** Remembers which field had the cursor last. */
export function useLastField(): {
  onFocus: (event: { currentTarget: Writable }) => void;
  insert: (words: string) => void;
} {
  const last = useRef<Writable>(null);
  return {
    onFocus: (event) => {
      last.current = event.currentTarget;
    },
    insert: (words) => {
      if (last.current !== null) insertAt(last.current, words);
    },
  };
}

export function InsertList({ values, onInsert }: { values: readonly Insertable[]; onInsert: (words: string) => void }) {
  const words = useText(text);
  const [wanted, setWanted] = useState('');
  const low = wanted.trim().toLowerCase();
  const found = values.filter((one) => `${one.path} ${one.about ?? ''}`.toLowerCase().includes(low));
  return (
    <div className={styles.box}>
      <TextField
        label={words.find}
        isLabelHidden
        placeholder={words.find}
        type="search"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
      />
      <ul className={styles.list} aria-label={words.label} tabIndex={0}>
        {found.map((one) => (
          <li key={one.path}>
            <button type="button" className={styles.item} onClick={() => onInsert(askFor(one))}>
              <code>{one.path}</code>
              {one.about !== undefined && <span>{one.about}</span>}
            </button>
          </li>
        ))}
        {found.length === 0 && <li className={styles.none}>{words.none}</li>}
      </ul>
    </div>
  );
}
