import { Plus, X } from 'lucide-react';
import { use, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { Ticket } from '../../../api/types';
import { useText } from '../../../text';
import { inputClass } from '../../../ui/field';
import { toastError } from '../../../ui/toast';
import { useChangeTicket } from '../use-change-ticket';
import { mostUsed, useKnownTickets } from './known';
import { propertiesText } from './properties.text';
import { ReadOnly, emptyClass } from './row';
import rows from './row.module.css';
import styles from './tags-row.module.css';

/** Labels as chips; a new one is typed, and those that were seen elsewhere are offered. */
export function TagsRow({ ticket }: { ticket: Ticket }) {
  const words = useText(propertiesText);
  const change = useChangeTicket(ticket);
  const isReadOnly = use(ReadOnly);
  const known = useKnownTickets();
  const id = useId();
  const add = useRef<HTMLButtonElement>(null);
  const [typed, setTyped] = useState<string>();
  const { tags } = ticket;

  const put = (text: string) => {
    const fresh = text
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== '' && !tags.some((other) => other.toLowerCase() === tag.toLowerCase()));
    setTyped('');
    if (fresh.length === 0) return;
    void change(
      { tags: [...tags, ...fresh] },
      {
        onRefused: (error) => {
          setTyped(text);
          toastError(error);
        },
      },
    );
  };
  const remove = (tag: string) => void change({ tags: tags.filter((other) => other !== tag) });
  const leave = () => setTyped(undefined);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      // Where the panel lies over the page, Escape would close that too.
      event.stopPropagation();
      leave();
      setTimeout(() => add.current?.focus(), 0);
    } else if ((event.key === 'Enter' || event.key === ',') && typed !== undefined) {
      event.preventDefault();
      if (typed.trim() !== '') put(typed);
    } else if (event.key === 'Backspace' && typed === '') {
      const last = tags.at(-1);
      if (last !== undefined) remove(last);
    }
  };

  return (
    <div className={rows.row}>
      <span className={rows.label} id={id}>
        {words.tags}
      </span>
      <div className={styles.tags}>
        <ul className={styles.list} aria-labelledby={id}>
          {tags.map((tag) => (
            <li key={tag} className={styles.tag}>
              <span dir="auto" className={styles.name}>
                {tag}
              </span>
              {!isReadOnly && (
                <button
                  type="button"
                  className={styles.remove}
                  aria-label={words.removeTag(tag)}
                  onClick={() => {
                    remove(tag);
                    add.current?.focus();
                  }}
                >
                  <X size={12} />
                </button>
              )}
            </li>
          ))}
        </ul>
        {tags.length === 0 && isReadOnly && <span className={emptyClass}>{words.noTags}</span>}
        {!isReadOnly && typed === undefined && (
          <button
            ref={add}
            type="button"
            className={styles.add}
            aria-label={words.addTag}
            title={words.addTag}
            onClick={() => setTyped('')}
          >
            <Plus size={14} />
            {tags.length === 0 && words.addTag}
          </button>
        )}
        {typed !== undefined && (
          <div className={styles.typing}>
            <input
              autoFocus
              className={inputClass}
              dir="auto"
              maxLength={64}
              aria-label={words.addTag}
              placeholder={words.addTag}
              list={`${id}-known`}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={onKeyDown}
              onBlur={() => {
                if (typed.trim() !== '') put(typed);
                leave();
              }}
            />
            <datalist id={`${id}-known`}>
              {mostUsed(known().flatMap((one) => one.tags))
                .filter((tag) => !tags.includes(tag))
                .slice(0, 50)
                .map((tag) => (
                  <option key={tag} value={tag} />
                ))}
            </datalist>
          </div>
        )}
      </div>
    </div>
  );
}
