import { useNavigate } from '@tanstack/react-router';
import { api, ok } from '../../../api/client';
import { useText } from '../../../text';
import { toast } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { useDraft } from '../draft';
import { usePlaceWebhook } from './data';
import { Editor } from './editor';
import { NEW, patchOf } from './form';
import { webhookText } from './text';

export function NewWebhook() {
  const words = useText(webhookText);
  const navigate = useNavigate();
  const place = usePlaceWebhook();
  const draft = useDraft({
    saved: NEW,
    version: 0,
    save: async ({ value, once }) => {
      const { name = '', url = '', event_types = [], headers, ...rest } = patchOf(value, value.payload, words.noJson);
      const webhook = await ok(
        api.POST('/api/webhooks', {
          params: { header: once },
          body: { ...rest, name, url, event_types, ...(headers == null ? {} : { headers }) },
        }),
      );
      place(webhook);
      toast(words.created);
      await navigate({ to: '/admin/$area/$id', params: { area: 'webhooks', id: webhook.id }, replace: true });
    },
  });
  return (
    <>
      <AreaHead title={words.add} back={{ area: 'webhooks', label: words.back }} />
      <Editor draft={draft} isNew secretEndsAt={[]} />
    </>
  );
}
