/** What a list is filtered by: a chip each, to change and to take away. */
import { ListFilter, X } from 'lucide-react';
import { Suspense, lazy, useRef, useState } from 'react';
import type { Ticket } from '../../api/types';
import { useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { isSet, useFields, useValueLabel } from './fields';
import { filterText } from './filter-text';
import styles from './filters.module.css';
import { listText } from './text';
import { isChanged, type Filters as Values, type View } from './view';
import type { SavedView } from './views';

const Keep = lazy(() => import('./keep'));
export const loadFilters = () => import('./filter-popover');
const FilterPopover = lazy(loadFilters);

interface Props {
  view: View;
  rows: readonly Ticket[];
  onChange: (change: Values) => void;
}

export function AddFilter({ view, rows, onChange }: Props) {
  const words = useText(filterText);
  const lists = useText(listText);
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, setOpen] = useState(false);
  const before = useRef<Element>(null);
  const open = () => {
    before.current = document.activeElement;
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    // Of the two lists that were open in turn, the second knows only the first to give the focus back to.
    setTimeout(() => {
      if (document.activeElement !== document.body) return;
      const back = before.current;
      (back instanceof HTMLElement && back.isConnected && back !== document.body ? back : button.current)?.focus();
    }, 20);
  };
  useCommands([{ id: 'queue.filter', group: lists.group, title: lists.filter, keys: ['/'], run: open }]);
  return (
    <>
      <Button
        ref={button}
        kind="quiet"
        icon={<ListFilter size={16} />}
        title={words.addLabel}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPointerEnter={() => void loadFilters()}
        onFocus={() => void loadFilters()}
        onClick={open}
      >
        {words.add}
      </Button>
      <Suspense>
        {isOpen && (
          <FilterPopover
            view={view}
            rows={rows}
            fieldId={undefined}
            triggerRef={button}
            onChange={onChange}
            onClose={close}
          />
        )}
      </Suspense>
    </>
  );
}

/** What stands in the rows is there to be chosen; a chip says what was. To look through thousands for each key would cost. */
const NO_ROWS: readonly Ticket[] = [];

interface ChipsProps extends Props {
  saved: SavedView | undefined;
  onReset: () => void;
}

export function Chips({ view, saved, rows, onChange, onReset }: ChipsProps) {
  const words = useText(filterText);
  const fields = useFields(view, NO_ROWS, false).filter((field) => isSet(field, view.filters));
  const valueLabel = useValueLabel();
  const anchor = useRef<HTMLElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [editing, setEditing] = useState<string>();
  if (!isChanged(view)) return null;
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
      <Suspense>
        <Keep view={view} saved={saved} />
      </Suspense>
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
