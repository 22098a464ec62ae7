import type { ReactNode } from 'react';
import styles from './empty.module.css';

/** Where nothing is: says why, and what to do about it. */
export function Empty({
  title,
  icon,
  action,
  isPage = false,
  children,
}: {
  title: string;
  icon?: ReactNode;
  action?: ReactNode;
  /** It is all that the page has to say. */
  isPage?: boolean;
  children?: ReactNode;
}) {
  const Title = isPage ? 'h1' : 'h2';
  return (
    <div className={styles.empty}>
      {icon !== undefined && (
        <div className={styles.icon} aria-hidden>
          {icon}
        </div>
      )}
      <Title className={styles.title}>{title}</Title>
      {children !== undefined && <p className={styles.body}>{children}</p>}
      {action}
    </div>
  );
}
