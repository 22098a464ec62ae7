import { useText } from '../../text';
import { listText } from './text';
import type { Prefs } from './prefs';
import styles from './skeleton.module.css';

/** Rows that are about to be there. */
export function ListSkeleton({ density }: { density: Prefs['density'] }) {
  const words = useText(listText);
  return (
    <div className={styles.rows} data-density={density} role="status" aria-label={words.more}>
      {Array.from({ length: 14 }, (_, at) => (
        <div key={at} className={styles.row} style={{ opacity: 1 - at / 16 }}>
          <span className={styles.box} />
          <span className={styles.bone} style={{ width: `${[46, 32, 58, 40, 51][at % 5] ?? 40}%` }} />
          <span className={styles.end} />
        </div>
      ))}
    </div>
  );
}
