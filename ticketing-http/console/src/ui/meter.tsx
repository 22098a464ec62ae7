/** A number and, as a bar, how much of a whole it is; the number says it to those who don't see the bar. */
import type { ReactNode } from 'react';
import styles from './meter.module.css';

interface Props {
  /** Of the whole, 0 to 1; more is drawn as the whole. */
  part: number;
  tone?: 'plain' | 'ok' | 'warn' | 'bad';
  children: ReactNode;
}

export function Meter({ part, tone = 'plain', children }: Props) {
  return (
    <span className={styles.meter} data-tone={tone}>
      <span>{children}</span>
      <span className={styles.bar} aria-hidden>
        <span style={{ inlineSize: `${Math.min(1, Math.max(0, part)) * 100}%` }} />
      </span>
    </span>
  );
}
