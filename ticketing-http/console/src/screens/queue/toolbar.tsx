/** The name of a list, and how one looks at it. */
import { SlidersHorizontal } from 'lucide-react';
import { Suspense, lazy, useRef, useState } from 'react';
import type { Ticket } from '../../api/types';
import { useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { AddFilter } from './filters';
import { setPrefs, usePrefs } from './prefs';
import { listText } from './text';
import styles from './toolbar.module.css';
import type { Filters, View } from './view';

const load = () => import('./display');
const Display = lazy(load);

interface Props {
  title: string;
  view: View;
  rows: readonly Ticket[];
  sort: string;
  columns: readonly string[];
  /** Where they are the view's own; else they are the reader's, for all lists. */
  onColumns: ((columns: readonly string[]) => void) | undefined;
  onFilter: (change: Filters) => void;
  onSort: (sort: string) => void;
}

export function Toolbar({ title, view, rows, onFilter, ...looks }: Props) {
  const words = useText(listText);
  const prefs = usePrefs();
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const other = prefs.density === 'compact' ? 'comfortable' : 'compact';
  useCommands([
    {
      id: 'queue.density',
      group: words.group,
      title: `${words.density}: ${words[other]}`,
      run: () => setPrefs({ density: other }),
    },
    { id: 'queue.display', group: words.group, title: words.display, run: () => setOpen(true) },
  ]);
  return (
    <header className={styles.bar}>
      <h1 className={styles.title} dir="auto">
        {title}
      </h1>
      <AddFilter view={view} rows={rows} onChange={onFilter} />
      <Button
        ref={button}
        kind="quiet"
        icon={<SlidersHorizontal size={16} />}
        label={words.display}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => setOpen(true)}
      >
        <span className={styles.label}>{words.display}</span>
      </Button>
      <Suspense>{isOpen && <Display {...looks} triggerRef={button} onClose={() => setOpen(false)} />}</Suspense>
    </header>
  );
}
