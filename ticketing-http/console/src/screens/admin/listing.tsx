/** A list of an area: a table, each row of which leads to a page of its own, and which can be gone through by keys. */
import { Link } from '@tanstack/react-router';
import { useRef, type ReactNode } from 'react';
import type { Paged } from '../../api/paging';
import { useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { PagedList } from '../../ui/endless';
import { Table, rowLink, type TableProps } from '../../ui/table';
import type { areaText } from './areas';
import { adminText } from './text';

interface Props<T> extends Omit<TableProps<T>, 'rows' | 'keyOf' | 'name' | 'isOld'> {
  /** Where the pages of its rows are. */
  area: keyof typeof areaText.en;
  list: Paged<T>;
  idOf: (row: T) => string;
  name: (row: T) => string;
  empty: ReactNode;
}

export function Listing<T>({ area, list, idOf, name, empty, ...table }: Props<T>) {
  const words = useText(adminText);
  const box = useRef<HTMLDivElement>(null);
  const step = (by: 1 | -1) => {
    const links = [...(box.current?.querySelectorAll<HTMLElement>('tbody a[data-row]') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    (links[at < 0 && by < 0 ? links.length - 1 : at + by] ?? links[at])?.focus();
  };
  useCommands([
    { id: 'admin.next', group: words.group, title: words.nextRow, keys: ['j'], run: () => step(1) },
    { id: 'admin.previous', group: words.group, title: words.previousRow, keys: ['k'], run: () => step(-1) },
  ]);
  return (
    <PagedList of={list} empty={empty}>
      {(rows) => (
        <div ref={box}>
          <Table
            {...table}
            rows={rows}
            keyOf={idOf}
            isOld={list.isOld}
            name={(row) => (
              <Link to="/admin/$area/$id" params={{ area, id: idOf(row) }} className={rowLink} data-row dir="auto">
                {name(row)}
              </Link>
            )}
          />
        </div>
      )}
    </PagedList>
  );
}
