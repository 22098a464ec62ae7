/** How a list is looked at otherwise than its view says: a chip for each filter, to change and to take away, and how all of it is kept. */
import { X } from 'lucide-react';
import { Suspense, lazy, useRef, useState } from 'react';
import type { Ticket } from '../../api/types';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { isSet, useFields, useValueLabel } from './fields';
import { filterText } from './filter-text';
import { loadFilters, type FilterProps } from './filters';
import styles from './filters.module.css';
import { Keep } from './keep';
import type { SavedView } from './views';

const FilterPopover = lazy(loadFilters);

/** What stands in the rows is there to be chosen; a chip says what was. To look through thousands for each key would cost. */
const NO_ROWS: readonly Ticket[] = [];

interface Props extends FilterProps {
  saved: SavedView | undefined;
  onReset: () => void;
}

export default function Chips({ view, saved, rows, onChange, onReset }: Props) {
  const words = useText(filterText);
  const fields = useFields(view, NO_ROWS, false).filter((field) => isSet(field, view.filters));
  const valueLabel = useValueLabel();
  const anchor = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState<string>();
  const without = (names: readonly string[]) => {
    onChange(Object.fromEntries(names.map((name) => [name, undefined])));
    // The chip that had the focus is gone.
    setTimeout(() => list.current?.querySelector<HTMLElement>('button')?.focus(), 0);
  };
  return (
    <div ref={list} className={styles.chips} role="group" aria-label={words.filters}>
      {fields.map((field) => {
        const value = valueLabel(field, view.filters);
        return (
          <span key={field.id} className={styles.chip}>
            <button
              type="button"
              className={styles.edit}
              title={words.edit(field.label)}
              aria-haspopup="dialog"
              aria-expanded={editing === field.id}
              onPointerEnter={() => void loadFilters()}
              onFocus={() => void loadFilters()}
              onClick={(event) => {
                anchor.current = event.currentTarget;
                setEditing(field.id);
              }}
            >
              <span className={styles.name}>
                {field.label}
                <span className="visually-hidden">: </span>
              </span>
              <span className={styles.value} dir="auto">
                {value}
              </span>
            </button>
            <button
              type="button"
              className={styles.remove}
              aria-label={words.remove(field.label)}
              onClick={() => without(field.names)}
            >
              <X size={12} />
            </button>
          </span>
        );
      })}
      <Keep view={view} saved={saved} />
      <Button size="small" kind="quiet" onClick={onReset}>
        {words.reset}
      </Button>
      <Suspense>
        {editing !== undefined && (
          <FilterPopover
            key={editing}
            view={view}
            rows={rows}
            fieldId={editing}
            triggerRef={anchor}
            onChange={onChange}
            onClose={() => setEditing(undefined)}
          />
        )}
      </Suspense>
    </div>
  );
}
