/** The end of a list that goes on: more is asked for when it comes near. */
import { useEffect, useRef } from 'react';
import { defineText, useText } from '../text';
import { Button } from './button';
import styles from './endless.module.css';

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
