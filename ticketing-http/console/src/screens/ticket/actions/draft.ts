import { useState } from 'react';

/** What was typed into a dialog and not sent yet: it is there again when the dialog is opened again. */
const drafts = new Map<string, string>();

export function useDraft(key: string): readonly [string, (text: string) => void] {
  const [text, setText] = useState(() => drafts.get(key) ?? '');
  return [
    text,
    (next) => {
      if (next === '') drafts.delete(key);
      else drafts.set(key, next);
      setText(next);
    },
  ];
}
