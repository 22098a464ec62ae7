import { X } from 'lucide-react';
import { useEffect } from 'react';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Attempts } from '../attempts';
import { isKnown, useOutcome, type Delivery } from './data';
import { DeliveryChip } from './state';
import { webhookText } from './text';
import styles from './webhooks.module.css';

interface Props {
  /** The delivery as it was when it was asked for. */
  first: Delivery;
  isTest: boolean;
  onClose: () => void;
  /** How it went is known. */
  onKnown: (delivery: Delivery) => void;
}

/** How a call went that was asked for just now: it appears by itself. */
export function Outcome({ first, isTest, onClose, onKnown }: Props) {
  const words = useText(webhookText);
  const before = first.attempts.length;
  const { data, isFetching, fetchStatus } = useOutcome(first.id, before);
  const delivery = data ?? first;
  const known = data !== undefined && isKnown(data, before) ? data : undefined;
  const newest = known?.attempts.at(-1);
  const isWell = newest !== undefined && newest.error === undefined;
  useEffect(() => {
    if (known !== undefined) onKnown(known);
    // Told once: what is done with it may draw this anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [known?.id, known?.attempts.length]);

  const title =
    known === undefined
      ? words.testing
      : isTest
        ? isWell
          ? words.testDone
          : words.testFailed
        : isWell
          ? words.againDone
          : words.againFailed;
  return (
    <div className={styles.outcome} role="status" aria-busy={isFetching || fetchStatus !== 'idle'}>
      <div className={styles.outcomeHead}>
        <strong>{title}</strong>
        <Button size="small" label={words.close} icon={<X size={14} />} onClick={onClose} />
      </div>
      {known === undefined ? (
        <p>
          <DeliveryChip status={delivery.status} />
        </p>
      ) : (
        isTest && <Attempts attempts={known.attempts.slice(-1)} />
      )}
    </div>
  );
}
