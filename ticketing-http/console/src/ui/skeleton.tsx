import styles from './skeleton.module.css';

/** Where something is about to be: shapes of it, not a wheel that turns. */
export function Skeleton({ lines = 3, height = '1rem' }: { lines?: number; height?: string }) {
  return (
    <div className={styles.stack} aria-hidden>
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} className={styles.bone} style={{ height, width: `${[92, 76, 84, 60][at % 4] ?? 80}%` }} />
      ))}
    </div>
  );
}
