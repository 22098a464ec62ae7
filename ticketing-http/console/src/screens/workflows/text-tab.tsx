import { useRef, useState } from 'react';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { TextArea } from '../../ui/field';
import styles from './builder.module.css';
import { TEXT, useEditing, useUnreadable } from './context';
import { readDraft, writeDraft } from './model/draft';
import { isObject, same } from './model/json';
import { find } from './model/places';
import { pageText } from './text-rule';

const written = (value: unknown) => JSON.stringify(value, null, 2);

/** The rule as JSON. What is typed stays, also while it can't be read; what can be read is in the form at once. */
export function TextTab() {
  const words = useText(pageText);
  const { draft, step, errors } = useEditing();
  const box = useRef<HTMLDivElement>(null);
  const wire = writeDraft(draft);
  const [text, setText] = useState(() => written(wire));
  const [failure, setFailure] = useState<string>();
  const mark = useUnreadable(TEXT);

  // The form has changed it: what stands here is old, unless it is being written.
  const [seen, setSeen] = useState(wire);
  if (!same(seen, wire)) {
    setSeen(wire);
    if (failure === undefined && !same(parse(text), wire)) setText(written(wire));
  }

  const show = (field: string) => {
    const place = find(text, field);
    const area = box.current?.querySelector('textarea');
    if (place === undefined || area == null) return;
    area.focus();
    area.setSelectionRange(place.start, place.end);
    const line = text.slice(0, place.start).split('\n').length;
    area.scrollTop = Math.max(0, (line - 4) * (area.scrollHeight / text.split('\n').length));
  };
  return (
    <div className={styles.card} ref={box}>
      {errors.length > 0 && (
        <ul className={styles.stack} aria-label={words.mistake}>
          {errors.map(({ field, message }) => (
            <li key={field + message} className={styles.error}>
              <Button size="small" kind="quiet" onClick={() => show(field)} title={words.goTo(field)}>
                <code>{field}</code>
              </Button>
              {message}
            </li>
          ))}
        </ul>
      )}
      <TextArea
        label={words.text}
        hint={words.textHint}
        error={failure}
        rows={28}
        dir="ltr"
        spellCheck={false}
        className={styles.mono}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          const json = parse(target.value);
          setFailure(json === undefined ? words.noJson : isObject(json) ? undefined : words.noObject);
          mark(!isObject(json));
          if (isObject(json)) {
            const next = readDraft(json);
            setSeen(writeDraft(next));
            step({ do: 'load', draft: next });
          }
        }}
      />
    </div>
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
