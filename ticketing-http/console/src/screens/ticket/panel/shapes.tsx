import type { Priority, Status } from '../../../api/types';
import { PriorityBadge, StatusBadge } from '../../../ui/badge';
import styles from './shapes.module.css';

/** The picture of a status, where its word stands beside it already or has no room; it is still read out. */
export function StatusShape({ status }: { status: Status }) {
  return (
    <span className={styles.shape}>
      <StatusBadge status={status} />
    </span>
  );
}

export function PriorityShape({ priority }: { priority: Priority }) {
  return (
    <span className={styles.shape} aria-hidden>
      <PriorityBadge priority={priority} />
    </span>
  );
}
