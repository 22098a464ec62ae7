import { useState } from 'react';
import { TextField } from '../../ui/field';

interface Props {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  placeholder?: string;
  type?: 'search' | 'date';
}

/** A filter that is written: it holds when one leaves it or presses Enter, so that not each letter asks. */
export function FilterText({ label, value = '', onChange, placeholder, type = 'search' }: Props) {
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  // The address was changed from elsewhere.
  if (known !== value) {
    setKnown(value);
    setTyped(value);
  }
  const commit = (next: string) => {
    const text = next.trim();
    if (text !== value) onChange(text === '' ? undefined : text);
  };
  return (
    <TextField
      label={label}
      type={type}
      placeholder={placeholder}
      autoComplete="off"
      value={typed}
      onChange={(event) => {
        setTyped(event.target.value);
        // A day that was chosen, or a text that was cleared, is whole at once.
        if (type === 'date' || event.target.value === '') commit(event.target.value);
      }}
      onBlur={() => commit(typed)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(typed);
      }}
    />
  );
}
