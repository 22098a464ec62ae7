/** How something stands: a word with a shape, never a colour alone. */
import { AlertTriangle, CheckCircle2, CircleDashed, CircleSlash, Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './chip.module.css';

export type Tone = 'ok' | 'bad' | 'warn' | 'wait' | 'off';

const icons: Record<Tone, ReactNode> = {
  ok: <CheckCircle2 size={12} />,
  bad: <AlertTriangle size={12} />,
  warn: <AlertTriangle size={12} />,
  wait: <Clock size={12} />,
  off: <CircleSlash size={12} />,
};

export function Chip({ tone, children }: { tone: Tone | undefined; children: ReactNode }) {
  return (
    <span className={styles.chip} data-tone={tone}>
      {tone === undefined ? <CircleDashed size={12} /> : icons[tone]}
      {children}
    </span>
  );
}
