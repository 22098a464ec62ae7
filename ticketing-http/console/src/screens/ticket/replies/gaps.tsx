/** What a canned response asked for and the ticket has not: named, and marked where it stands in the text. */
import { AlertTriangle } from 'lucide-react';
import { useLayoutEffect, useRef, type RefObject } from 'react';
import { useText } from '../../../text';
import styles from './replies.module.css';
import { byGaps } from './slash';
import { replyText } from './text';

export function Gaps({ names, onGo }: { names: readonly string[]; onGo: (name: string) => void }) {
  const words = useText(replyText);
  return (
    <div className={styles.gaps}>
      <span className="visually-hidden" role="status">
        {names.length > 0 && `${words.gaps} ${names.join(', ')}`}
      </span>
      {names.length > 0 && (
        <p className={styles.unfilled}>
          <AlertTriangle size={14} aria-hidden />
          <span aria-hidden>{words.gaps}</span>
          {names.map((name) => (
            <button key={name} type="button" title={words.toGap(name)} onClick={() => onGo(name)}>
              <span className="visually-hidden">{words.toGap(name)}</span>
              <code aria-hidden>{name}</code>
            </button>
          ))}
        </p>
      )}
    </div>
  );
}

/** The marks lie below the text, which is drawn as the text field draws it. */
export function Marks({
  area,
  text,
  names,
}: {
  area: RefObject<HTMLTextAreaElement | null>;
  text: string;
  names: readonly string[];
}) {
  const below = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = area.current;
    const follow = () => below.current?.scrollTo({ top: element?.scrollTop ?? 0 });
    follow();
    element?.addEventListener('scroll', follow);
    return () => element?.removeEventListener('scroll', follow);
  }, [area, text]);
  return (
    <div ref={below} className={styles.below} aria-hidden dir="auto">
      {byGaps(text, names).map((part, at) => (at % 2 === 1 ? <mark key={at}>{part}</mark> : part))}
      {'\n'}
    </div>
  );
}
