import { ChevronRight } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import styles from './section.module.css';

const STORE = 'panel';

function read(): Record<string, boolean> {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? '{}') as Record<string, boolean>;
  } catch {
    return {};
  }
}

interface Props {
  /** Whether it is open is kept by it. */
  id: string;
  title: string;
  isOpenAtFirst?: boolean;
  /** Stands beside the title, also while it is closed. */
  aside?: ReactNode;
  /** Drawn only while it is open: what asks the server belongs in a component of its own. */
  children: ReactNode;
}

/** A part of the panel that folds. */
export function Section({ id, title, isOpenAtFirst = false, aside, children }: Props) {
  const body = useId();
  const [isOpen, setOpen] = useState(() => read()[id] ?? isOpenAtFirst);
  const toggle = () => {
    localStorage.setItem(STORE, JSON.stringify({ ...read(), [id]: !isOpen }));
    setOpen(!isOpen);
  };
  return (
    <section className={styles.section} aria-labelledby={`${body}-title`}>
      <h2 className={styles.head}>
        <button type="button" className={styles.toggle} aria-expanded={isOpen} aria-controls={body} onClick={toggle}>
          <ChevronRight size={14} className={styles.chevron} />
          <span id={`${body}-title`}>{title}</span>
        </button>
        {aside !== undefined && <span className={styles.aside}>{aside}</span>}
      </h2>
      <div id={body} className={styles.body} hidden={!isOpen}>
        {isOpen && children}
      </div>
    </section>
  );
}
