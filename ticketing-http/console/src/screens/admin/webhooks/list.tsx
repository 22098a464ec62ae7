import { Link, useNavigate } from '@tanstack/react-router';
import { Plus, Webhook as Icon } from 'lucide-react';
import { useCommands } from '../../../keys/commands';
import { useText } from '../../../text';
import { buttonClass } from '../../../ui/button';
import { Empty } from '../../../ui/empty';
import { AreaHead } from '../area-head';
import panels from '../panels.module.css';
import { Loaded, Rows, type Column } from '../rows';
import { useWebhooks, type Webhook } from './data';
import { CallState, WebhookState } from './state';
import { webhookText } from './text';

export function List() {
  const words = useText(webhookText);
  const navigate = useNavigate();
  const webhooks = useWebhooks();
  const items = webhooks.data?.items ?? [];
  useCommands([
    {
      id: 'webhook.new',
      title: words.add,
      group: words.title,
      keys: ['n'],
      run: () => void navigate({ to: '/admin/$area/$id', params: { area: 'webhooks', id: 'new' } }),
    },
  ]);
  const columns: Column<Webhook>[] = [
    {
      id: 'name',
      label: words.name,
      isMain: true,
      of: (one) => (
        <>
          <Link to="/admin/$area/$id" params={{ area: 'webhooks', id: one.id }} dir="auto">
            {one.name}
          </Link>
          <div className={panels.small} dir="ltr">
            {one.url}
          </div>
        </>
      ),
    },
    { id: 'state', label: words.state, of: (one) => <WebhookState webhook={one} /> },
    { id: 'result', label: words.result, of: (one) => <CallState webhook={one} /> },
    {
      id: 'events',
      label: words.events,
      of: (one) => (
        <span title={one.event_types.map((type) => words.event[type]).join(', ')}>
          {words.eventCount(one.event_types.length)}
        </span>
      ),
    },
    { id: 'payload', label: words.payloadLabel, of: (one) => words.payload[one.payload] },
  ];
  const add = (
    <Link to="/admin/$area/$id" params={{ area: 'webhooks', id: 'new' }} className={buttonClass('primary')}>
      <Plus size={16} />
      {words.add}
    </Link>
  );
  return (
    <>
      <AreaHead title={words.title} about={words.about}>
        {items.length > 0 && add}
      </AreaHead>
      <Loaded of={webhooks}>
        {items.length === 0 ? (
          <Empty title={words.none} icon={<Icon size={20} />} action={add}>
            {words.noneAbout}
          </Empty>
        ) : (
          <Rows label={words.title} columns={columns} rows={items} keyOf={(one) => one.id} />
        )}
      </Loaded>
    </>
  );
}
