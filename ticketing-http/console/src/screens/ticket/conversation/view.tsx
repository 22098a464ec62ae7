/** Everything, or messages alone: as this browser was told last. */
import { useState } from 'react';
import { useText } from '../../../text';
import styles from './conversation.module.css';
import { conversationText } from './text';

export type Shown = 'all' | 'messages';

export function useView(): [Shown, (next: Shown) => void] {
  const [view, setView] = useState<Shown>(() =>
    localStorage.getItem('ticket-view') === 'messages' ? 'messages' : 'all',
  );
  return [
    view,
    (next) => {
      localStorage.setItem('ticket-view', next);
      setView(next);
    },
  ];
}

export function View({ value, onChange }: { value: Shown; onChange: (next: Shown) => void }) {
  const words = useText(conversationText);
  return (
    <div className={styles.view} role="group" aria-label={words.show}>
      {(['all', 'messages'] as const).map((one) => (
        <button key={one} type="button" aria-pressed={value === one} onClick={() => onChange(one)}>
          {one === 'all' ? words.everything : words.conversation}
        </button>
      ))}
    </div>
  );
}
