import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, ifVersion, ok, once } from '../../../api/client';
import { useFormat } from '../../../format';
import { useCommands } from '../../../keys/commands';
import { useText } from '../../../text';
import { Button } from '../../../ui/button';
import { toast, toastError } from '../../../ui/toast';
import { AreaHead } from '../area-head';
import { Confirm } from '../confirm-loss';
import { useDraft } from '../draft';
import { useFilter } from '../filter';
import panels from '../panels.module.css';
import { Loaded } from '../rows';
import { usePlaceWebhook, useWebhook, type Webhook } from './data';
import { Editor } from './editor';
import { formOf, patchOf } from './form';
import { Log } from './log';
import { Outcome } from './outcome';
import { CallState, WebhookState } from './state';
import { webhookText } from './text';
import styles from './webhooks.module.css';

export function One({ id }: { id: string }) {
  const words = useText(webhookText);
  const webhook = useWebhook(id);
  return (
    <>
      {webhook.data === undefined && <AreaHead title={words.title} back={{ area: 'webhooks', label: words.back }} />}
      <Loaded of={webhook}>
        {webhook.data !== undefined && <Shown webhook={webhook.data} refresh={() => void webhook.refetch()} />}
      </Loaded>
    </>
  );
}

function Shown({ webhook, refresh }: { webhook: Webhook; refresh: () => void }) {
  const words = useText(webhookText);
  const [{ tab }] = useFilter();
  const place = usePlaceWebhook();
  const [isRemoving, setRemoving] = useState(false);
  const [run, setRun] = useState(0);
  const isLog = tab === 'log';

  const test = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/webhooks/{id}/test', {
          params: { path: { id: webhook.id }, header: once() },
          body: {},
        }),
      ),
    onSuccess: () => setRun((n) => n + 1),
    onError: toastError,
  });
  const draft = useDraft({
    saved: formOf(webhook),
    version: webhook.version,
    refresh,
    save: async ({ changes, value, version }) => {
      place(
        await ok(
          api.PATCH('/api/webhooks/{id}', {
            params: { path: { id: webhook.id }, header: ifVersion(version) },
            body: patchOf(changes, value.payload, words.noJson),
          }),
        ),
      );
      toast(words.saved);
    },
  });
  useCommands([{ id: 'webhook.test', title: words.test, group: words.title, run: () => test.mutate() }]);

  return (
    <>
      <AreaHead
        title={webhook.name}
        back={{ area: 'webhooks', label: words.back }}
        about={
          <>
            <WebhookState webhook={webhook} /> {webhook.failing_since != null && <CallState webhook={webhook} />}
          </>
        }
      >
        <Button icon={<Send size={16} />} busy={test.isPending} onClick={() => test.mutate()}>
          {words.test}
        </Button>
        <Button icon={<Trash2 size={16} />} onClick={() => setRemoving(true)}>
          {words.remove}
        </Button>
      </AreaHead>

      {webhook.disabled != null && <Disabled webhook={webhook} place={place} refresh={refresh} />}
      {test.data !== undefined && <Outcome key={run} first={test.data} isTest onClose={test.reset} onKnown={refresh} />}

      <nav className={panels.tabs} aria-label={webhook.name}>
        {(['settings', 'log'] as const).map((one) => (
          <Link
            key={one}
            to="/admin/$area/$id"
            params={{ area: 'webhooks', id: webhook.id }}
            search={one === 'log' ? { tab: 'log' } : {}}
            className={panels.tab}
            // The router's own notion does not know of what stands behind the question mark.
            aria-current={(one === 'log') === isLog ? 'page' : undefined}
            activeOptions={{ exact: true }}
          >
            {words[one]}
          </Link>
        ))}
      </nav>
      {isLog ? <Log webhook={webhook} /> : <Editor draft={draft} isNew={false} secretEndsAt={webhook.secret_ends_at} />}
      {isRemoving && <Remove webhook={webhook} onClose={() => setRemoving(false)} />}
    </>
  );
}

/** That the desk has switched it off, why, and the way back. */
function Disabled({
  webhook,
  place,
  refresh,
}: {
  webhook: Webhook;
  place: (webhook: Webhook) => void;
  refresh: () => void;
}) {
  const words = useText(webhookText);
  const { dateTime } = useFormat();
  const on = useMutation({
    mutationFn: () =>
      ok(
        api.PATCH('/api/webhooks/{id}', {
          params: { path: { id: webhook.id }, header: ifVersion(webhook.version) },
          body: { is_active: true },
        }),
      ),
    onSuccess: place,
    onError: (error) => {
      toastError(error);
      refresh();
    },
  });
  if (webhook.disabled == null) return null;
  return (
    <div className={styles.notice} role="status">
      <p>
        {words.disabled[webhook.disabled.reason]}. {words.disabledAt(dateTime(webhook.disabled.at))}
      </p>
      <Button busy={on.isPending} onClick={() => on.mutate()}>
        {words.switchOn}
      </Button>
    </div>
  );
}

function Remove({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const words = useText(webhookText);
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/webhooks/{id}', {
          params: { path: { id: webhook.id }, header: ifVersion(webhook.version) },
        }),
      ),
    onSuccess: async (_, __, ___, { client }) => {
      onClose();
      await navigate({ to: '/admin/$area', params: { area: 'webhooks' } });
      toast(words.removed);
      client.removeQueries({ queryKey: ['webhooks', 'one', webhook.id] });
      await client.invalidateQueries({ queryKey: ['webhooks', 'list'] });
    },
    onError: toastError,
  });
  return (
    <Confirm
      title={words.removeTitle}
      action={words.remove}
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>{words.removeBody}</p>
    </Confirm>
  );
}
