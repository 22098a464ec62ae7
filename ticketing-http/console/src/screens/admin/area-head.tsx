/** The top of an area, or of one thing of it: what it is, what it is for, and what can be done there. */
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronLeft, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { buttonClass } from '../../ui/button';
import styles from './area-head.module.css';
import { areaText } from './areas';
import { adminText } from './text';

interface Props {
  area: keyof typeof areaText.en;
  /** Of one thing of it; then there is a way back to all of them. */
  title?: string;
  /** How that one stands, beside its title. */
  state?: ReactNode;
  about?: ReactNode;
  /** How one adds to it, where one can. */
  newLabel?: string;
  children?: ReactNode;
}

export function AreaHead({ area, title, state, about, newLabel, children }: Props) {
  const words = useText(adminText);
  const areas = useText(areaText);
  const navigate = useNavigate();
  const fresh = { to: '/admin/$area/$id', params: { area, id: 'new' } } as const;
  useCommands(
    newLabel === undefined
      ? []
      : [{ id: 'admin.new', group: words.group, title: newLabel, keys: ['n'], run: () => void navigate(fresh) }],
  );
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        {title !== undefined && (
          <Link to="/admin/$area" params={{ area }} className={styles.back}>
            <ChevronLeft size={14} aria-hidden />
            <span className="visually-hidden">{words.back(areas[area])}</span>
            <span aria-hidden>{areas[area]}</span>
          </Link>
        )}
        <div className={styles.titles}>
          <h2 className={styles.title} dir="auto">
            {title ?? areas[area]}
          </h2>
          {state}
        </div>
        {about !== undefined && <p className={styles.about}>{about}</p>}
      </div>
      <div className={styles.actions}>
        {children}
        {newLabel !== undefined && (
          <Link {...fresh} className={buttonClass('primary')}>
            <Plus size={16} />
            {newLabel}
          </Link>
        )}
      </div>
    </header>
  );
}

/** What a list is narrowed by. */
export function Filters({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <div className={styles.filters} role="search" aria-label={label}>
      {children}
    </div>
  );
}
