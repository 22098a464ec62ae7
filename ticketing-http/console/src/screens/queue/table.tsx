/** The rows of a list, of which only those are there that one sees. */
import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode, type Ref } from 'react';
import { useDirectory, useOrganizations } from '../../api/directory';
import type { Ticket } from '../../api/types';
import { useText } from '../../text';
import { CARDS_BELOW, fitting, type Column } from './columns';
import { Head } from './head';
import { Row, rowId } from './row';
import type { Prefs } from './prefs';
import styles from './table.module.css';
import { listText } from './text';
import { useViewers } from './viewers';

/** In pixels; the rows' own height in CSS follows it. */
const HEIGHTS = { compact: 36, comfortable: 52, card: 68 };

export interface TableHandle {
  /** Shows a row, and gives it the focus. */
  show: (id: string) => void;
  /** Gives a row the focus where it is. */
  focus: (id: string) => void;
  toTop: () => void;
}

interface Props {
  label: string;
  rows: readonly Ticket[];
  /** How many there are where that is known. */
  isWhole: boolean;
  density: Prefs['density'];
  columns: readonly Column[];
  sort: string;
  onSort: (field: string) => void;
  current: string | undefined;
  selected: ReadonlySet<string>;
  unread: ReadonlySet<string>;
  isGone: (ticket: Ticket) => boolean;
  /** Where the list was when one left it, in pixels. */
  initialOffset: number;
  onScroll: (offset: number) => void;
  onNearEnd: () => void;
  onPick: (id: string, how: 'open' | 'toggle' | 'extend' | 'focus') => void;
  onMove: (step: number | 'first' | 'last') => void;
  onSelectAll: () => void;
  onPeek: (id: string) => void;
  foot: ReactNode;
  handle: Ref<TableHandle>;
}

function assign<T>(ref: Ref<T>, value: T): void {
  if (typeof ref === 'function') ref(value);
  else if (ref !== null) ref.current = value;
}

function ticketOf(target: EventTarget): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest<HTMLElement>('[data-ticket]')?.dataset['ticket'];
}

/** Width of an element, in rem. */
function useWidth(): [Ref<HTMLDivElement>, number] {
  const [width, setWidth] = useState(() => window.innerWidth / 16);
  const measure = useCallback((element: HTMLDivElement | null) => {
    if (element === null) return undefined;
    const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
    setWidth(element.clientWidth / rem());
    const observer = new ResizeObserver(() => setWidth(element.clientWidth / rem()));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [measure, width];
}

const template = (columns: readonly Column[]) =>
  `4.75rem minmax(0, 1fr) ${columns.map((column) => `${column.width}rem`).join(' ')}`;

export function Table(props: Props) {
  const { label, rows, isWhole, density, columns: chosen, sort, current, selected, unread, isGone, handle } = props;
  const words = useText(listText);
  const directory = useDirectory();
  const organizations = useOrganizations();
  const scroller = useRef<HTMLDivElement>(null);
  const [measure, width] = useWidth();
  const isCard = width < CARDS_BELOW;
  const columns = useMemo(() => (isCard ? [] : fitting(chosen, width)), [isCard, chosen, width]);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const height = Math.round((isCard ? HEIGHTS.card : HEIGHTS[density]) * rem);
  const places = useMemo(() => new Map(rows.map((ticket, at) => [ticket.id, at])), [rows]);
  const currentAt = current === undefined ? undefined : places.get(current);

  // What the rows of the keyboard stand on is kept: the focus would be lost with it.
  const rangeExtractor = useCallback(
    (range: Range) => {
      const seen = defaultRangeExtractor(range);
      if (currentAt === undefined || seen.includes(currentAt)) return seen;
      return [...seen, currentAt].sort((a, b) => a - b);
    },
    [currentAt],
  );
  // The same as long as the rows are: with another one the places of all of them would be worked out anew.
  const keyOf = useCallback((at: number) => rows[at]?.id ?? at, [rows]);
  // The compiler of React, which is not used here, would not know what the list changes of itself.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: keyOf,
    overscan: 8,
    initialOffset: props.initialOffset,
    rangeExtractor,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  const viewers = useViewers(items.flatMap((item) => rows[item.index]?.id ?? []));

  const { onNearEnd } = props;
  const end = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && end >= rows.length - 20) onNearEnd();
  }, [end, rows.length, onNearEnd]);

  const wanted = useRef<string>(undefined);
  useEffect(() => {
    assign(handle, {
      show: (id) => {
        const at = places.get(id);
        if (at === undefined) return;
        virtual.scrollToIndex(at, { align: 'auto' });
        wanted.current = id;
      },
      focus: (id) => {
        wanted.current = id;
      },
      toTop: () => virtual.scrollToOffset(0),
    });
  }, [handle, places, virtual]);
  // The row may be drawn only now.
  useEffect(() => {
    if (wanted.current === undefined) return;
    const row = document.getElementById(rowId(wanted.current));
    if (row === null) return;
    wanted.current = undefined;
    row.focus({ preventScroll: true });
  });

  return (
    <div
      ref={measure}
      className={styles.table}
      role="grid"
      aria-label={label}
      aria-multiselectable
      aria-rowcount={isWhole ? rows.length + 1 : -1}
      aria-colcount={columns.length + 2}
      data-density={density}
      style={{ '--columns': template(columns), '--row': `${height}px` } as React.CSSProperties}
    >
      <Head
        columns={columns}
        isCard={isCard}
        sort={sort}
        isAllSelected={rows.length > 0 && selected.size >= rows.length}
        isSomeSelected={selected.size > 0}
        onSort={props.onSort}
        onSelectAll={props.onSelectAll}
      />
      <div
        ref={scroller}
        role="rowgroup"
        className={styles.scroller}
        // A list that nothing stands in the focus of is still to be scrolled by keys.
        tabIndex={current === undefined || currentAt === undefined ? 0 : -1}
        aria-label={words.tickets}
        onScroll={(event) => props.onScroll(event.currentTarget.scrollTop)}
        onClick={(event) => {
          const id = ticketOf(event.target);
          if (id === undefined || !(event.target instanceof Element)) return;
          const isTick = event.target.closest('[data-tick]') !== null;
          const isNewTab = event.metaKey || event.ctrlKey;
          if (!isTick && isNewTab && event.target.closest('a') !== null) return;
          // The label's click comes a second time, from its box.
          if (isTick && !(event.target instanceof HTMLInputElement)) return;
          if (!isTick) event.preventDefault();
          props.onPick(id, event.shiftKey ? 'extend' : isTick || isNewTab ? 'toggle' : 'open');
        }}
        onMouseDown={(event) => {
          // Shift and a click choose rows, not text.
          if (event.shiftKey) event.preventDefault();
        }}
        onPointerOver={(event) => {
          const id = ticketOf(event.target);
          if (id !== undefined) props.onPeek(id);
        }}
        onFocus={(event) => {
          const id = ticketOf(event.target);
          if (id === undefined) {
            const first = items.find((item) => item.end > (scroller.current?.scrollTop ?? 0));
            const ticket = first === undefined ? undefined : rows[first.index];
            if (event.target === event.currentTarget && ticket !== undefined && event.target.matches(':focus-visible'))
              props.onPick(ticket.id, 'focus');
            return;
          }
          props.onPeek(id);
        }}
        onKeyDown={(event) => {
          if (event.altKey || event.ctrlKey || event.metaKey) return;
          const id = ticketOf(event.target);
          const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
          const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
          const edge = event.key === 'Home' ? 'first' : event.key === 'End' ? 'last' : undefined;
          if (event.shiftKey && event.key.startsWith('Arrow')) return;
          if (step !== undefined || edge !== undefined) props.onMove(step ?? edge ?? 0);
          else if (event.key === 'Enter' && id !== undefined && !event.repeat) props.onPick(id, 'open');
          else if (event.key === ' ' && id !== undefined) props.onPick(id, event.shiftKey ? 'extend' : 'toggle');
          else return;
          event.preventDefault();
        }}
      >
        <div className={styles.all} style={{ height: virtual.getTotalSize() }} role="presentation">
          {items.map((item) => {
            const ticket = rows[item.index];
            if (ticket === undefined) return null;
            return (
              <Row
                key={ticket.id}
                ticket={ticket}
                at={item.index}
                start={item.start}
                columns={columns}
                isCard={isCard}
                isCurrent={ticket.id === current}
                isSelected={selected.has(ticket.id)}
                isUnread={unread.has(ticket.id)}
                viewers={viewers.get(ticket.id)}
                isGone={isGone(ticket)}
                directory={directory}
                organizations={organizations}
              />
            );
          })}
        </div>
        {props.foot}
      </div>
    </div>
  );
}
