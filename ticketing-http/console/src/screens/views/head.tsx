/** The top of these pages: what is shown, and what can be done there. */
import { Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTitle } from '../../app/desk';
import { useText } from '../../text';
import { viewText } from './text';
import styles from './views.module.css';

interface Props {
  title: string;
  about?: string;
  /** Of one view; then there is a way back to all of them. */
  isOne?: boolean;
  state?: ReactNode;
  children?: ReactNode;
}

export function Head({ title, about, isOne = false, state, children }: Props) {
  const words = useText(viewText);
  useTitle(title);
  return (
    <header className={styles.head}>
      <div className={styles.titles}>
        {isOne && (
          <Link to="/views" className={styles.back}>
            <ChevronLeft size={14} aria-hidden />
            {words.back}
          </Link>
        )}
        <h1 className={styles.title} dir="auto">
          {title} {state}
        </h1>
        {about !== undefined && <p className={styles.about}>{about}</p>}
      </div>
      <div className={styles.actions}>{children}</div>
    </header>
  );
}
