import { Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './area-head.module.css';

interface Props {
  title: ReactNode;
  about?: ReactNode;
  /** What can be done here. */
  children?: ReactNode;
  /** The list that this is one of. */
  back?: { area: string; label: string };
}

/** The title of an area or of one thing of it, and what can be done there. */
export function AreaHead({ title, about, children, back }: Props) {
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        {back !== undefined && (
          <Link to="/admin/$area" params={{ area: back.area }} className={styles.back}>
            <ChevronLeft size={14} />
            {back.label}
          </Link>
        )}
        <h2 className={styles.title} dir="auto">
          {title}
        </h2>
        {about !== undefined && <p className={styles.about}>{about}</p>}
      </div>
      {children !== undefined && <div className={styles.actions}>{children}</div>}
    </header>
  );
}
