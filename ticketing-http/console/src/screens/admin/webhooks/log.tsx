import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { History, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { Page } from '../../../api/types';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { PagedList } from '../../../ui/endless';
import { Empty } from '../../../ui/empty';
import { SelectField } from '../../../ui/field';
import { Filters } from '../area-head';
import { useFilter } from '../filter';
import { oneOf } from '../one-of';
import { DELIVERY_STATUSES, deliveriesKey, useDeliveries, type Delivery, type Webhook } from './data';
import { DeliveryRow } from './delivery-row';
import { Replay } from './replay';
import { webhookText } from './text';
import styles from './webhooks.module.css';

/** What was sent to a webhook, newest first. */
export function Log({ webhook }: { webhook: Webhook }) {
  const words = useText(webhookText);
  const queries = useQueryClient();
  const [{ status: asked, delivery: open }, change] = useFilter();
  const status = oneOf(asked, DELIVERY_STATUSES);
  const deliveries = useDeliveries(webhook.id, status);
  const [isReplaying, setReplaying] = useState(false);

  const put = (delivery: Delivery) =>
    queries.setQueriesData<InfiniteData<Page<Delivery>>>(
      { queryKey: deliveriesKey(webhook.id) },
      (old) =>
        old && {
          ...old,
          pages: old.pages.map((page) => ({
            ...page,
            items: page.items.map((one) => (one.id === delivery.id ? delivery : one)),
          })),
        },
    );

  return (
    <>
      <Filters>
        <SelectField
          label={words.statusLabel}
          value={status ?? ''}
          onChange={(event) => change({ status: event.target.value })}
        >
          <option value="">{words.all}</option>
          {DELIVERY_STATUSES.map((one) => (
            <option key={one} value={one}>
              {words.status[one]}
            </option>
          ))}
        </SelectField>
        <Button icon={<RefreshCw size={14} />} busy={deliveries.isRefetching} onClick={() => void deliveries.refetch()}>
          {words.refresh}
        </Button>
        <Button icon={<History size={14} />} disabled={!webhook.is_active} onClick={() => setReplaying(true)}>
          {words.replay}
        </Button>
      </Filters>
      <PagedList
        of={deliveries}
        empty={
          <Empty title={status === undefined ? words.noDeliveries : words.noneSo}>
            {status === undefined ? words.noDeliveriesAbout : undefined}
          </Empty>
        }
      >
        {(those) => (
          <ul className={styles.deliveries} aria-label={words.log}>
            {those.map((one) => (
              <DeliveryRow
                key={one.id}
                delivery={one}
                isOpen={open === one.id}
                onToggle={() => change({ delivery: open === one.id ? undefined : one.id })}
                onChange={put}
              />
            ))}
          </ul>
        )}
      </PagedList>
      {isReplaying && <Replay webhook={webhook} onClose={() => setReplaying(false)} />}
    </>
  );
}
