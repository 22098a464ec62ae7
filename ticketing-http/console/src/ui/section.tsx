/** Parts of a page: a heading, and what belongs below it. */
import type { ReactNode } from 'react';
import { classes } from './classes';
import styles from './section.module.css';

interface Props {
  /** Where there is none, the page's own heading says it. */
  title?: string;
  about?: ReactNode;
  actions?: ReactNode;
  /** How deep its heading stands: below that of an area's page, unless it is said. */
  level?: 2 | 3;
  children: ReactNode;
}

export function Section({ title, about, actions, level = 3, children }: Props) {
  const Heading = `h${level}` as const;
  return (
    <section className={styles.section} aria-label={title}>
      {title !== undefined && (
        <div className={styles.head}>
          <Heading className={styles.title}>{title}</Heading>
          {actions}
        </div>
      )}
      {about !== undefined && <p className={styles.about}>{about}</p>}
      {children}
    </section>
  );
}

/** Sections below each other. */
export function Stack({ className, children }: { className?: string | undefined; children: ReactNode }) {
  return <div className={classes(styles.stack, className)}>{children}</div>;
}

/** Fields beside each other where there is room. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={styles.fields}>{children}</div>;
}

/** Fields of a whole row. */
export const wide: string = styles.wide ?? '';
