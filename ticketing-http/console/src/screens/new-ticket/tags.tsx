import { X } from 'lucide-react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { Field, inputClass } from '../../ui/field';
import { mostUsed, useKnownTickets } from '../ticket/panel/known';
import styles from './new-ticket.module.css';
import { newTicketText } from './text';

interface Props {
  tags: readonly string[];
  error: string | undefined;
  onChange: (tags: string[]) => void;
}

/** Labels, each once whatever the case. */
export function Tags({ tags, error, onChange }: Props) {
  const words = useText(newTicketText);
  const known = useKnownTickets();
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState('');
  const [offered, setOffered] = useState<readonly string[]>([]);
  const add = (text: string) => {
    const all = [...tags];
    for (const tag of text.split(',').map((one) => one.trim()))
      if (tag !== '' && !all.some((other) => other.toLowerCase() === tag.toLowerCase())) all.push(tag);
    setTyped('');
    if (all.length !== tags.length) onChange(all);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if ((event.key === 'Enter' || event.key === ',') && typed.trim() !== '') {
      event.preventDefault();
      add(typed);
    } else if (event.key === 'Backspace' && typed === '' && tags.length > 0) {
      onChange(tags.slice(0, -1));
    }
  };
  return (
    <div className={styles.tags}>
      <Field label={words.tags} hint={words.tagsHint} error={error}>
        {({ id, describedBy, isInvalid }) => (
          <input
            ref={input}
            id={id}
            className={inputClass}
            dir="auto"
            list={list}
            maxLength={64}
            value={typed}
            aria-describedby={describedBy}
            aria-invalid={isInvalid || undefined}
            onFocus={() => setOffered(mostUsed(known().flatMap((ticket) => ticket.tags)).slice(0, 50))}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={onKeyDown}
            onBlur={() => add(typed)}
          />
        )}
      </Field>
      <datalist id={list}>
        {offered
          .filter((tag) => !tags.includes(tag))
          .map((tag) => (
            <option key={tag} value={tag} />
          ))}
      </datalist>
      {tags.length > 0 && (
        <ul className={styles.chips}>
          {tags.map((tag) => (
            <li key={tag} className={styles.chip}>
              <span dir="auto">{tag}</span>
              <Button
                size="small"
                label={words.removeTag(tag)}
                icon={<X size={12} />}
                onClick={() => {
                  onChange(tags.filter((other) => other !== tag));
                  input.current?.focus();
                }}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
