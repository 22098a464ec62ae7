import { useId, useState } from 'react';
import { useText } from '../../text';
import { TextArea } from '../../ui/field';
import type { Json } from './model/json';
import { buildText } from './text-build';
import styles from './builder.module.css';
import { useUnreadable } from './context';

interface Props {
  label: string;
  value: Json | undefined;
  onChange: (value: Json) => void;
  error?: string | undefined;
  hint?: string | undefined;
}

/** A value for which there is no better control: as JSON. What is typed stays, also while it is none. */
export function JsonField({ label, value, onChange, error, hint }: Props) {
  const words = useText(buildText);
  const [text, setText] = useState(() => (value === undefined ? '' : JSON.stringify(value, null, 2)));
  const [isBroken, setBroken] = useState(false);
  const mark = useUnreadable(useId());
  const put = (isUnreadable: boolean) => {
    setBroken(isUnreadable);
    mark(isUnreadable);
  };
  return (
    <TextArea
      label={label}
      hint={hint}
      className={styles.mono}
      rows={Math.min(8, text.split('\n').length + 1)}
      spellCheck={false}
      dir="ltr"
      value={text}
      error={isBroken ? words.noJson : error}
      onChange={(event) => {
        setText(event.target.value);
        try {
          onChange(JSON.parse(event.target.value) as Json);
          put(false);
        } catch {
          put(true);
        }
      }}
    />
  );
}
