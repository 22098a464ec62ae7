import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { History, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { Page } from '../../../api/types';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { Endless } from '../../../ui/endless';
import { Empty } from '../../../ui/empty';
import { SelectField } from '../../../ui/field';
import { useFilter } from '../filter';
import { oneOf } from '../one-of';
import panels from '../panels.module.css';
import { Loaded } from '../rows';
import { DELIVERY_STATUSES, useDeliveries, type Delivery, type Webhook } from './data';
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
  const items = deliveries.data?.pages.flatMap((page) => page.items) ?? [];

  const put = (delivery: Delivery) =>
    queries.setQueriesData<InfiniteData<Page<Delivery>>>(
      { queryKey: ['webhooks', 'deliveries', webhook.id] },
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
      <div className={panels.filters}>
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
      </div>
      <Loaded of={deliveries}>
        {items.length === 0 ? (
          <Empty title={status === undefined ? words.noDeliveries : words.noneSo}>
            {status === undefined ? words.noDeliveriesAbout : undefined}
          </Empty>
        ) : (
          <ul className={styles.deliveries} aria-label={words.log}>
            {items.map((one) => (
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
        <Endless
          hasMore={deliveries.hasNextPage}
          isBusy={deliveries.isFetchingNextPage}
          isFailed={deliveries.isFetchNextPageError}
          onMore={() => void deliveries.fetchNextPage()}
        />
      </Loaded>
      {isReplaying && <Replay webhook={webhook} onClose={() => setReplaying(false)} />}
    </>
  );
}
