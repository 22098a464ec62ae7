import { Bold, Code, Italic, Link as LinkIcon, List, TextQuote } from 'lucide-react';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { shown } from '../../../keys/commands';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import type { Mark } from './editing';
import styles from './composer.module.css';
import { composerText } from './text';

const MARKS: readonly { id: Mark; icon: ReactNode; keys?: string }[] = [
  { id: 'bold', icon: <Bold size={15} />, keys: 'Mod+b' },
  { id: 'italic', icon: <Italic size={15} />, keys: 'Mod+i' },
  { id: 'code', icon: <Code size={15} /> },
  { id: 'list', icon: <List size={15} /> },
  { id: 'link', icon: <LinkIcon size={15} /> },
  { id: 'quote', icon: <TextQuote size={15} /> },
];

/** One stop of the Tab key; arrows go on from there. */
export function Toolbar({ onMark, controls }: { onMark: (mark: Mark) => void; controls: string }) {
  const words = useText(composerText);
  const [stop, setStop] = useState(0);
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const isMirrored = getComputedStyle(event.currentTarget).direction === 'rtl';
    const step = { ArrowRight: isMirrored ? -1 : 1, ArrowLeft: isMirrored ? 1 : -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (stop + step + MARKS.length) % MARKS.length;
    setStop(next);
    event.currentTarget.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div
      role="toolbar"
      aria-label={words.marks}
      aria-controls={controls}
      className={styles.marks}
      onKeyDown={onKeyDown}
    >
      {MARKS.map(({ id, icon, keys }, at) => (
        <Button
          key={id}
          size="small"
          label={keys === undefined ? words[id] : `${words[id]} (${shown(keys).join('')})`}
          icon={icon}
          tabIndex={at === stop ? 0 : -1}
          onPointerDown={(event) => event.preventDefault()}
          onFocus={() => setStop(at)}
          onClick={() => onMark(id)}
        />
      ))}
    </div>
  );
}
