import { Webhook as Icon } from 'lucide-react';
import { whole } from '../../../api/paging';
import { useText } from '../../../text';
import { Empty } from '../../../ui/empty';
import { AreaHead } from '../area-head';
import { areaText } from '../areas';
import { Listing } from '../listing';
import { useWebhooks } from './data';
import { CallState, WebhookState } from './state';
import { webhookText } from './text';

export function WebhookList() {
  const words = useText(webhookText);
  const areas = useText(areaText);
  const list = whole(useWebhooks());
  return (
    <>
      <AreaHead area="webhooks" about={words.about} newLabel={words.add} />
      <Listing
        area="webhooks"
        label={areas.webhooks}
        list={list}
        idOf={(one) => one.id}
        nameTitle={words.name}
        name={(one) => one.name}
        belowName={(one) => <span dir="ltr">{one.url}</span>}
        columns={[
          { id: 'state', title: words.state, cell: (one) => <WebhookState webhook={one} /> },
          { id: 'result', title: words.result, cell: (one) => <CallState webhook={one} /> },
          {
            id: 'events',
            title: words.events,
            cell: (one) => (
              <span title={one.event_types.map((type) => words.event[type]).join(', ')}>
                {words.eventCount(one.event_types.length)}
              </span>
            ),
          },
          { id: 'payload', title: words.payloadLabel, cell: (one) => words.payload[one.payload] },
        ]}
        empty={
          <Empty title={words.none} icon={<Icon size={22} />}>
            {words.noneAbout}
          </Empty>
        }
      />
    </>
  );
}
