import { useMutation } from '@tanstack/react-query';
import { ChevronRight, RotateCw } from 'lucide-react';
import { useId, useState } from 'react';
import { api, ok } from '../../../api/client';
import { useText } from '../../../text';
import { useOnce } from '../../../ui/use-once';
import { Button } from '../../../ui/button';
import { Ago } from '../../../ui/time';
import { toastError } from '../../../ui/toast';
import { Attempts } from '../attempts';
import panels from '../panels.module.css';
import type { Delivery } from './data';
import { EVENT_TYPES } from './form';
import { Outcome } from './outcome';
import { DeliveryChip } from './state';
import { webhookText } from './text';
import styles from './webhooks.module.css';

interface Props {
  delivery: Delivery;
  isOpen: boolean;
  onToggle: () => void;
  onChange: (delivery: Delivery) => void;
}

export function DeliveryRow({ delivery, isOpen, onToggle, onChange }: Props) {
  const words = useText(webhookText);
  const id = useId();
  const known = EVENT_TYPES.find((type) => type === delivery.event_type);
  const name =
    known !== undefined
      ? words.event[known]
      : delivery.event_type === 'webhook.test'
        ? words.testEvent
        : delivery.event_type;
  return (
    <li className={styles.delivery}>
      <button type="button" className={styles.summary} aria-expanded={isOpen} aria-controls={id} onClick={onToggle}>
        <ChevronRight size={16} />
        <span className={styles.type} title={delivery.event_type}>
          {name}
        </span>
        <DeliveryChip status={delivery.status} />
        <span className={panels.small}>{words.attempts(delivery.attempts.length)}</span>
        <span className={panels.small}>
          <Ago at={delivery.created_at} />
        </span>
        {delivery.last_error !== undefined && delivery.status !== 'done' && (
          <span className={styles.why} dir="auto">
            {delivery.last_error}
            {delivery.status === 'pending' && delivery.due_at !== undefined && (
              <>
                {' · '}
                <NextTry at={delivery.due_at} />
              </>
            )}
          </span>
        )}
      </button>
      <div id={id} hidden={!isOpen} className={isOpen ? styles.detail : undefined}>
        {isOpen && <Detail delivery={delivery} onChange={onChange} />}
      </div>
    </li>
  );
}

function NextTry({ at }: { at: string }) {
  const words = useText(webhookText);
  const [before, after = ''] = words.nextTry('\u0000').split('\u0000');
  return (
    <>
      {before}
      <Ago at={at} />
      {after}
    </>
  );
}

function Detail({ delivery, onChange }: { delivery: Delivery; onChange: (delivery: Delivery) => void }) {
  const words = useText(webhookText);
  const [run, setRun] = useState(0);
  const once = useOnce();
  const again = useMutation({
    mutationFn: () => {
      const path = { id: delivery.id };
      return once(path, (header) =>
        ok(api.POST('/api/webhook-deliveries/{id}/redeliver', { params: { path, header }, body: {} })),
      );
    },
    onSuccess: (answer) => {
      onChange(answer);
      setRun((n) => n + 1);
    },
    onError: toastError,
  });
  return (
    <>
      <p className={panels.small}>
        <code>{delivery.event_type}</code> · <code>webhook-id {delivery.id}</code>
      </p>
      {again.data !== undefined && (
        <Outcome key={run} first={again.data} isTest={false} onClose={again.reset} onKnown={onChange} />
      )}
      <Attempts attempts={delivery.attempts} />
      {delivery.status !== 'pending' && (
        <div>
          <Button icon={<RotateCw size={14} />} busy={again.isPending} onClick={() => again.mutate()}>
            {words.redeliver}
          </Button>
        </div>
      )}
    </>
  );
}
