/** A table that becomes cards where there is no room for columns. */
import type { ReactNode } from 'react';
import { classes } from './classes';
import styles from './table.module.css';

/** What a link in the first column wears that the whole row is to lead to. */
export const rowLink: string = styles.link ?? '';

export interface Column<T> {
  id: string;
  title: string;
  cell: (row: T) => ReactNode;
  /** Numbers stand at the end. */
  isNumber?: boolean;
  /** As little room as it needs. */
  isNarrow?: boolean;
}

export interface TableProps<T> {
  /** What it is a list of. */
  label: string;
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** The heading of the first column, and what it says of a row. */
  nameTitle: string;
  name: (row: T) => ReactNode;
  beforeName?: (row: T) => ReactNode;
  /** More of what tells it apart, small. */
  belowName?: (row: T) => ReactNode;
  columns: readonly Column<T>[];
  isFaint?: (row: T) => boolean;
  /** What is shown is of an older search. */
  isOld?: boolean;
  /** Cells may have many lines: they begin at the top. */
  isTall?: boolean;
}

export function Table<T>(props: TableProps<T>) {
  const { label, columns, rows, isOld = false, isTall = false } = props;
  // Roles are said outright: as cards, it would be no table to screen readers.
  return (
    <div className={styles.room}>
      <table
        className={classes(styles.table, isOld && styles.old, isTall && styles.tall)}
        aria-label={label}
        role="table"
      >
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader">
              {props.nameTitle}
            </th>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                role="columnheader"
                className={column.isNarrow === true ? styles.narrow : undefined}
                data-is-number={column.isNumber}
              >
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={props.keyOf(row)} role="row" data-is-faint={props.isFaint?.(row) === true}>
              <th scope="row" role="rowheader" className={styles.nameCell}>
                <span className={styles.name}>
                  {props.beforeName?.(row)}
                  {props.name(row)}
                </span>
                {props.belowName !== undefined && <div className={styles.below}>{props.belowName(row)}</div>}
              </th>
              {columns.map((column) => {
                const content = column.cell(row);
                const isNothing = content === null || content === undefined || content === false;
                return (
                  <td
                    key={column.id}
                    role="cell"
                    className={column.isNarrow === true ? styles.narrow : undefined}
                    data-title={column.title}
                    data-is-number={column.isNumber}
                  >
                    {!isNothing && <div>{content}</div>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
