/** What people write: Markdown, shown without ever being HTML. The parser is loaded when something is first shown. */
import { Suspense, lazy, useEffect, useRef, useState } from 'react';
import { defineText, useText } from '../text';
import { Button } from './button';
import { classes } from './classes';
import styles from './markdown.module.css';

const load = () => import('./markdown-body');
const Body = lazy(load);
// Whatever shows texts has them soon: the parser comes along with them. Where it can't be had, the first text asks again.
load().catch(() => undefined);

const text = defineText({ more: 'Show more', less: 'Show less' }, { more: 'Mehr zeigen', less: 'Weniger zeigen' });

interface Props {
  children: string;
  /** Folds what is very long. */
  isFoldable?: boolean;
  /** The folded part is there to be seen, such as where a link led to it. */
  isOpen?: boolean;
}

export function Markdown({ children, isFoldable = false, isOpen = false }: Props) {
  const words = useText(text);
  const place = useRef<HTMLDivElement>(null);
  const [isLong, setLong] = useState(false);
  const [isUnfolded, setUnfolded] = useState(isOpen);
  useEffect(() => {
    const element = place.current;
    if (!isFoldable || element === null) return;
    const watch = new ResizeObserver(() => setLong(element.scrollHeight > TALL));
    watch.observe(element.firstElementChild ?? element);
    return () => watch.disconnect();
  }, [isFoldable, children]);
  const isFolded = isFoldable && isLong && !isUnfolded;
  return (
    <>
      <div ref={place} className={classes(styles.text, isFolded && styles.folded)} dir="auto">
        <div>
          <Suspense fallback={<p className={styles.plain}>{children}</p>}>
            <Body>{children}</Body>
          </Suspense>
        </div>
      </div>
      {isLong && isFoldable && (
        <Button size="small" kind="quiet" aria-expanded={!isFolded} onClick={() => setUnfolded(isFolded)}>
          {isFolded ? words.more : words.less}
        </Button>
      )}
    </>
  );
}

/** From how many pixels on a text is folded; more than `.folded` shows, so that folding is worth it. */
const TALL = 640;
