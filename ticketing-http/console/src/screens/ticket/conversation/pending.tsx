/** A message that is not said yet. */
import { useEffect, useState } from 'react';
import { useMe } from '../../../api/session';
import { useText } from '../../../text';
import { Avatar } from '../../../ui/avatar';
import { ticketText } from '../../../ui/badge';
import { Button } from '../../../ui/button';
import { classes } from '../../../ui/classes';
import { Markdown } from '../../../ui/markdown';
import { UNDO_MS, discard, takeBack, tryNow, type Outgoing } from '../composer/outbox';
import styles from './message.module.css';
import { conversationText } from './text';

/** Whole seconds until it is sent. */
function useSecondsLeft(until: number): number {
  const [left, setLeft] = useState(() => until - Date.now());
  useEffect(() => {
    const timer = setInterval(() => setLeft(until - Date.now()), 250);
    return () => clearInterval(timer);
  }, [until]);
  return Math.max(Math.ceil(left / 1000), 0);
}

export function Pending({ one, onBack }: { one: Outgoing; onBack: (isNote: boolean) => void }) {
  const me = useMe();
  const words = useText(conversationText);
  const statuses = useText(ticketText).status;
  return (
    <article className={styles.message} aria-label={words.pending}>
      <span className={styles.gutter}>
        <Avatar name={me.name} size={28} />
      </span>
      <div
        className={classes(
          styles.card,
          styles.staff,
          one.isInternal && styles.note,
          one.state === 'failed' ? styles.failed : styles.pending,
        )}
      >
        <header className={styles.head}>
          <span className={styles.author}>{words.you}</span>
          {one.isInternal && <span className={styles.mark}>{words.note}</span>}
          {one.status !== undefined && <span className={styles.when}>{words.thenStatus(statuses[one.status])}</span>}
        </header>
        <Markdown isFoldable>{one.text}</Markdown>
        <div className={styles.fate}>
          {one.state === 'waiting' && <Waiting one={one} onBack={onBack} />}
          {one.state === 'sending' && <span role="status">{words.sending}</span>}
          {one.state === 'retrying' && (
            <>
              <span role="status">{words.retrying}</span>
              <Button size="small" onClick={() => tryNow(one.id)}>
                {words.tryNow}
              </Button>
            </>
          )}
          {one.state === 'failed' && (
            <>
              <span role="alert" className={styles.why}>
                {words.notSent} {one.failure}
              </span>
              <Button size="small" onClick={() => tryNow(one.id)}>
                {words.again}
              </Button>
              {one.isTried !== true && (
                <>
                  <Button
                    size="small"
                    onClick={() => {
                      takeBack(one.id);
                      onBack(one.isInternal);
                    }}
                  >
                    {words.toDraft}
                  </Button>
                  <Button size="small" kind="quiet" onClick={() => discard(one.id)}>
                    {words.discard}
                  </Button>
                </>
              )}
            </>
          )}
        </div>
      </div>
    </article>
  );
}

function Waiting({ one, onBack }: { one: Outgoing; onBack: (isNote: boolean) => void }) {
  const words = useText(conversationText);
  const seconds = useSecondsLeft(one.writtenAt + UNDO_MS);
  return (
    <>
      <span className="visually-hidden" role="status">
        {words.pending}
      </span>
      <span aria-hidden className={styles.countdown}>
        {words.sendsIn(seconds)}
      </span>
      <Button
        size="small"
        onClick={() => {
          takeBack(one.id);
          onBack(one.isInternal);
        }}
      >
        {words.undo}
      </Button>
    </>
  );
}
