/** Lists of the administration: a table, and cards on phones. Each row leads to a page of its own. */
import { Link, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { useCommands } from '../../keys/commands';
import { useText } from '../../text';
import { Button, buttonClass } from '../../ui/button';
import { classes } from '../../ui/classes';
import { Empty } from '../../ui/empty';
import { Skeleton } from '../../ui/skeleton';
import { reason } from '../../ui/toast';
import type { areaText } from './areas';
import styles from './list.module.css';
import type { Endless } from './paging';
import { adminText } from './text';

type AreaId = keyof typeof areaText.en;

/** The top of a list: what it is, what it is for, and how one adds to it. */
export function ListHead({
  area,
  title,
  about,
  newLabel,
  newSearch,
  children,
}: {
  area: AreaId;
  title: string;
  about?: ReactNode;
  newLabel?: string;
  newSearch?: Record<string, string>;
  children?: ReactNode;
}) {
  const words = useText(adminText);
  const navigate = useNavigate();
  const to = { to: '/admin/$area/$id' as const, params: { area, id: 'new' }, search: newSearch ?? {} };
  useCommands(
    newLabel === undefined
      ? []
      : [{ id: 'admin.new', group: words.group, title: newLabel, keys: ['n'], run: () => void navigate(to) }],
  );
  return (
    <header className={styles.head}>
      <div className={styles.titles}>
        <h2 className={styles.title}>{title}</h2>
        {newLabel !== undefined && (
          <Link {...to} className={buttonClass('primary')}>
            <Plus size={16} />
            {newLabel}
          </Link>
        )}
      </div>
      {about !== undefined && <p className={styles.about}>{about}</p>}
      {children !== undefined && <div className={styles.filters}>{children}</div>}
    </header>
  );
}

export interface Column<T> {
  id: string;
  title: string;
  cell: (row: T) => ReactNode;
  /** Numbers stand at the end. */
  isNumber?: boolean;
}

interface Props<T> {
  /** What it is a list of. */
  label: string;
  area: AreaId;
  list: Endless<T>;
  /** The heading of the first column, and what it says of a row: that leads to the row's page. */
  nameTitle: string;
  name: (row: T) => string;
  beforeName?: (row: T) => ReactNode;
  columns: readonly Column<T>[];
  isFaint?: (row: T) => boolean;
  empty: ReactNode;
}

export function Listing<T extends { id: string }>(props: Props<T>) {
  const { list, label, area, columns } = props;
  const words = useText(adminText);
  const table = useRef<HTMLTableElement>(null);
  const step = (by: 1 | -1) => {
    const links = [...(table.current?.querySelectorAll<HTMLElement>('tbody a[data-row]') ?? [])];
    const at = links.findIndex((link) => link === document.activeElement);
    (links[at < 0 && by < 0 ? links.length - 1 : at + by] ?? links[at])?.focus();
  };
  useCommands([
    { id: 'admin.next', group: words.group, title: words.nextRow, keys: ['j'], run: () => step(1) },
    { id: 'admin.previous', group: words.group, title: words.previousRow, keys: ['k'], run: () => step(-1) },
  ]);
  if (list.rows === undefined) {
    return list.error === null ? (
      <Skeleton lines={8} height="1.5rem" />
    ) : (
      <Failed error={list.error} retry={list.retry} />
    );
  }
  if (list.rows.length === 0) return props.empty;
  // Roles are said outright: as cards, it would be no table to screen readers.
  return (
    <>
      <div className={styles.room}>
        <table ref={table} className={classes(styles.table, list.isOld && styles.old)} aria-label={label} role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">
                {props.nameTitle}
              </th>
              {columns.map((column) => (
                <th key={column.id} scope="col" role="columnheader" data-is-number={column.isNumber}>
                  {column.title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {list.rows.map((row) => (
              <tr key={row.id} role="row" data-is-faint={props.isFaint?.(row) === true}>
                <th scope="row" role="rowheader" className={styles.nameCell}>
                  <span className={styles.name}>
                    {props.beforeName?.(row)}
                    <Link
                      to="/admin/$area/$id"
                      params={{ area, id: row.id }}
                      className={styles.link}
                      data-row
                      dir="auto"
                    >
                      {props.name(row)}
                    </Link>
                  </span>
                </th>
                {columns.map((column) => (
                  <td key={column.id} role="cell" data-title={column.title} data-is-number={column.isNumber}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <More list={list} />
    </>
  );
}

/** Asks for the next page when its place comes near, and by a button where nothing scrolls. */
export function More({ list }: { list: Pick<Endless<unknown>, 'more' | 'isLoadingMore' | 'error' | 'retry'> }) {
  const words = useText(adminText);
  const place = useRef<HTMLDivElement>(null);
  const more = useRef(list.more);
  const isThere = list.more !== undefined && list.error === null;
  useEffect(() => {
    more.current = list.isLoadingMore ? undefined : list.more;
  });
  useEffect(() => {
    if (place.current === null || !isThere) return;
    const watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && more.current?.(), {
      rootMargin: '400px',
    });
    watch.observe(place.current);
    return () => watch.disconnect();
    // A page that does not fill the screen brings the next one at once.
  }, [isThere, list.isLoadingMore]);
  if (list.more === undefined) return null;
  return (
    <div ref={place} className={styles.more}>
      <Button size="small" busy={list.isLoadingMore} onClick={list.more}>
        {words.more}
      </Button>
    </div>
  );
}

export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const words = useText(adminText);
  return (
    <Empty title={words.failed} action={<Button onClick={retry}>{words.retry}</Button>}>
      {reason(error)}
    </Empty>
  );
}

/** A word on a soft ground; what it means is in the word, not in the colour. */
export function Tag({ tone = 'plain', children }: { tone?: 'plain' | 'ok' | 'warn' | 'accent'; children: ReactNode }) {
  return (
    <span className={styles.tag} data-tone={tone}>
      {children}
    </span>
  );
}
