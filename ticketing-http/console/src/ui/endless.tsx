/** Lists that go on: more is asked for when their end comes near. */
import { useEffect, useRef, type ReactNode } from 'react';
import type { Paged } from '../api/paging';
import { defineText, useText } from '../text';
import { Button } from './button';
import styles from './endless.module.css';
import { Loaded } from './loaded';

const text = defineText({ more: 'Show more' }, { more: 'Mehr anzeigen' });

interface Props {
  hasMore: boolean;
  isBusy: boolean;
  /** Whether asking failed: then only a press asks again. */
  isFailed?: boolean;
  onMore: () => void;
}

export function Endless({ hasMore, isBusy, isFailed = false, onMore }: Props) {
  const words = useText(text);
  const end = useRef<HTMLDivElement>(null);
  const ask = useRef(onMore);
  useEffect(() => {
    ask.current = onMore;
  });
  const waits = hasMore && !isBusy && !isFailed;
  useEffect(() => {
    if (!waits || end.current === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) ask.current();
      },
      { rootMargin: '400px' },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [waits]);
  if (!hasMore) return null;
  return (
    <div ref={end} className={styles.end}>
      <Button kind="quiet" busy={isBusy} onClick={onMore}>
        {words.more}
      </Button>
    </div>
  );
}

interface PagedListProps<T> {
  of: Paged<T>;
  lines?: number;
  /** Stands there where the list has nothing. */
  empty: ReactNode;
  children: (rows: readonly T[]) => ReactNode;
}

/** A list that is loaded page by page: on its way, failed, empty, or there and going on. */
export function PagedList<T>({ of, lines = 8, empty, children }: PagedListProps<T>) {
  return (
    <Loaded of={of} lines={lines}>
      {(rows) =>
        rows.length === 0 ? (
          empty
        ) : (
          <>
            {children(rows)}
            <Endless hasMore={of.hasMore} isBusy={of.isLoadingMore} isFailed={of.isMoreFailed} onMore={of.more} />
          </>
        )
      }
    </Loaded>
  );
}
