/** Filters a list, where somebody asks for it. */
import { ListFilter } from 'lucide-react';
import { Suspense, lazy, useRef, useState } from 'react';
import type { Ticket } from '../../api/types';
import { useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { Button } from '../../ui/button';
import { listText } from './text';
import type { Filters as Values, View } from './view';

export const loadFilters = () => import('./filter-popover');
const FilterPopover = lazy(loadFilters);

export interface FilterProps {
  view: View;
  rows: readonly Ticket[];
  onChange: (change: Values) => void;
}

export function AddFilter({ view, rows, onChange }: FilterProps) {
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
        title={lists.addFilter}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPointerEnter={() => void loadFilters()}
        onFocus={() => void loadFilters()}
        onClick={open}
      >
        {lists.filterShort}
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
