import type { ReactNode } from 'react';
import styles from './empty.module.css';

/** Where nothing is: says why, and what to do about it. */
export function Empty({
  title,
  icon,
  action,
  children,
}: {
  title: string;
  icon?: ReactNode;
  action?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className={styles.empty}>
      {icon !== undefined && (
        <div className={styles.icon} aria-hidden>
          {icon}
        </div>
      )}
      <h2 className={styles.title}>{title}</h2>
      {children !== undefined && <p className={styles.body}>{children}</p>}
      {action}
    </div>
  );
}
