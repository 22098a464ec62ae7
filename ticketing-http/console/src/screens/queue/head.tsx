/** The names of the columns; those that the desk can sort by are pressed to do so. */
import { ArrowDown, ArrowUp, Signal } from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '../../text';
import type { Column, ColumnId } from './columns';
import styles from './table.module.css';
import { listText } from './text';

interface Props {
  columns: readonly Column[];
  isCard: boolean;
  sort: string;
  isAllSelected: boolean;
  isSomeSelected: boolean;
  onSort: (field: string) => void;
  onSelectAll: () => void;
}

export function Head({ columns, isCard, sort, isAllSelected, isSomeSelected, onSort, onSelectAll }: Props) {
  const words = useText(listText);
  const nameOf = ({ id, label }: Column) => label ?? words.columns[id as ColumnId];
  const [field, isDown] = [sort.replace(/^-/, ''), sort.startsWith('-')];
  const order = (of: string | undefined) =>
    of === undefined ? undefined : field !== of ? 'none' : isDown ? 'descending' : 'ascending';
  const all = (
    <label className={styles.tick}>
      <input
        type="checkbox"
        aria-label={words.selectAll}
        checked={isAllSelected}
        ref={(box) => {
          if (box !== null) box.indeterminate = isSomeSelected && !isAllSelected;
        }}
        onChange={onSelectAll}
      />
    </label>
  );
  const sortable = (of: string, label: string, shown: ReactNode) => (
    <button
      type="button"
      className={styles.sort}
      aria-label={words.sortBy(label)}
      title={words.sortBy(label)}
      onClick={() => onSort(of)}
    >
      {shown}
      {field === of && (isDown ? <ArrowDown size={12} /> : <ArrowUp size={12} />)}
    </button>
  );
  return (
    <div role="rowgroup" className={isCard ? 'visually-hidden' : styles.head}>
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        <span role="columnheader" className={styles.headLead} aria-sort={order('priority')}>
          {all}
          {sortable('priority', words.columns.priority, <Signal size={14} />)}
        </span>
        <span role="columnheader">{words.columns.subject}</span>
        {columns.map((column) => (
          <span key={column.id} role="columnheader" aria-sort={order(column.sort)}>
            {column.sort === undefined ? nameOf(column) : sortable(column.sort, nameOf(column), nameOf(column))}
          </span>
        ))}
      </div>
    </div>
  );
}
