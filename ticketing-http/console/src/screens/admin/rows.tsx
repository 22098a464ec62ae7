/** A table that becomes cards where there is no room for columns. */
import type { ReactNode } from 'react';
import { defineText, useText } from '../../text';
import { Button } from '../../ui/button';
import { classes } from '../../ui/classes';
import { Skeleton } from '../../ui/skeleton';
import { reason } from '../../ui/toast';
import styles from './rows.module.css';

const text = defineText(
  { failed: 'This could not be loaded.', again: 'Try again', loading: 'Loading' },
  {
    failed: 'Das konnte nicht geladen werden.',
    again: 'Noch einmal versuchen',
    loading: 'Wird geladen',
  },
);

export interface Column<T> {
  id: string;
  label: string;
  of: (row: T) => ReactNode;
  /** As little room as it needs. */
  isNarrow?: boolean;
  /** What the row is called: first, and without its label on a card. */
  isMain?: boolean;
}

interface Props<T> {
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
}

export function Rows<T>({ label, columns, rows, keyOf }: Props<T>) {
  // Roles stay although the layout of cards takes those of a table away.
  return (
    <table className={styles.table} role="table" aria-label={label}>
      <thead className={styles.head} role="rowgroup">
        <tr role="row">
          {columns.map((column) => (
            <th key={column.id} scope="col" role="columnheader" className={column.isNarrow ? styles.narrow : undefined}>
              {column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map((row) => (
          <tr key={keyOf(row)} className={styles.row} role="row">
            {columns.map((column) => {
              const content = column.of(row);
              return (
                <td
                  key={column.id}
                  role="cell"
                  className={classes(column.isNarrow && styles.narrow, column.isMain && styles.main)}
                  data-label={column.isMain === true ? undefined : column.label}
                  data-empty={content === null || content === undefined || undefined}
                >
                  <div>{content}</div>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Loading {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
}

/** What is asked for, or that it is on its way or did not come. */
export function Loaded({ of, lines = 6, children }: { of: Loading; lines?: number; children: ReactNode }) {
  const words = useText(text);
  if (of.isPending)
    return (
      <div role="status" aria-label={words.loading}>
        <Skeleton lines={lines} />
      </div>
    );
  if (of.isError)
    return (
      <div className={styles.failed} role="alert">
        <p>{words.failed}</p>
        <p className={styles.why}>{reason(of.error)}</p>
        <Button onClick={() => void of.refetch()}>{words.again}</Button>
      </div>
    );
  return children;
}
