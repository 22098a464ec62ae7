/** How something stands, in a word; what it means is in the word and its sign, never in the colour alone. */
import { AlertTriangle, CheckCircle2, CircleDashed, CircleSlash, Clock } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './chip.module.css';

export type Tone = 'plain' | 'accent' | 'idle' | 'ok' | 'bad' | 'warn' | 'wait' | 'off';

const icons: Partial<Record<Tone, ReactNode>> = {
  idle: <CircleDashed size={12} />,
  ok: <CheckCircle2 size={12} />,
  bad: <AlertTriangle size={12} />,
  warn: <AlertTriangle size={12} />,
  wait: <Clock size={12} />,
  off: <CircleSlash size={12} />,
};

export function Chip({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={styles.chip} data-tone={tone}>
      {icons[tone]}
      {children}
    </span>
  );
}
