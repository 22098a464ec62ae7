import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { api, ifVersion, ok } from '../../../api/client';
import { useFormat } from '../../../format';
import { useCommands } from '../../../keys/commands';
import { useText } from '../../../text';
import { useOnce } from '../../../ui/use-once';
import { Button } from '../../../ui/button';
import { ConfirmButton } from '../../../ui/confirm';
import { toastError } from '../../../ui/toast';
import { useForm } from '../../../ui/use-form';
import { AreaHead } from '../area-head';
import { areaText } from '../areas';
import { useFilter } from '../filter';
import { useKept } from '../kept';
import { OneOrNew } from '../one';
import panels from '../panels.module.css';
import type { Webhook } from './data';
import { Editor } from './editor';
import { noJson, readWebhook, writeWebhook } from './form';
import { Log } from './log';
import { Outcome } from './outcome';
import { CallState, WebhookState } from './state';
import { webhookText } from './text';
import styles from './webhooks.module.css';

const load = (id: string, signal?: AbortSignal) =>
  ok(api.GET('/api/webhooks/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }));

export function WebhookPage({ id }: { id: string }) {
  return (
    <OneOrNew area="webhooks" id={id} queryKey={['webhook', id]} load={(signal) => load(id, signal)}>
      {(stored) => <WebhookForm stored={stored} />}
    </OneOrNew>
  );
}

const useKeptWebhook = () => useKept<Webhook>({ area: 'webhooks', noun: 'webhook', nouns: 'webhooks' });

function WebhookForm({ stored }: { stored: Webhook | undefined }) {
  const words = useText(webhookText);
  const [{ tab }] = useFilter();
  const kept = useKeptWebhook();
  const form = useForm({
    stored,
    read: readWebhook,
    write: writeWebhook,
    check: ({ filter }): Record<string, string> => {
      const why = noJson(filter);
      return why === undefined ? {} : { filter: words.noJson(why) };
    },
    create: (body, header) => ok(api.POST('/api/webhooks', { params: { header }, body })),
    change: (body, { id, version }) =>
      ok(
        api.PATCH('/api/webhooks/{id}', {
          params: { path: { id }, header: ifVersion(version) },
          body,
        }),
      ),
    load: ({ id }) => load(id),
    ...kept.form,
    onSaved: (webhook, isNew) => kept.saved(webhook, isNew, isNew ? words.created : undefined),
  });
  const isLog = stored !== undefined && tab === 'log';
  return (
    <>
      {stored === undefined ? <AreaHead area="webhooks" title={words.add} /> : <Head webhook={stored} isLog={isLog} />}
      {/* What is written stays while one looks at the log. */}
      <div hidden={isLog}>
        <Editor form={form} secretEndsAt={stored?.secret_ends_at ?? []} />
      </div>
      {isLog && <Log webhook={stored} />}
    </>
  );
}

/** How it stands, what can be done with it, and its two views. */
function Head({ webhook, isLog }: { webhook: Webhook; isLog: boolean }) {
  const words = useText(webhookText);
  const areas = useText(areaText);
  const kept = useKeptWebhook();
  const queries = useQueryClient();
  const [run, setRun] = useState(0);
  const once = useOnce();
  const test = useMutation({
    mutationFn: () => {
      const path = { id: webhook.id };
      return once(path, (header) => ok(api.POST('/api/webhooks/{id}/test', { params: { path, header }, body: {} })));
    },
    onSuccess: () => setRun((n) => n + 1),
    onError: toastError,
  });
  const remove = async () => {
    const { id, version } = webhook;
    await ok(api.DELETE('/api/webhooks/{id}', { params: { path: { id }, header: ifVersion(version) } }));
    await kept.gone({ id, deleted: words.removed });
  };
  useCommands([{ id: 'webhook.test', title: words.test, group: areas.webhooks, run: () => test.mutate() }]);
  return (
    <>
      <AreaHead
        area="webhooks"
        title={webhook.name}
        state={
          <>
            <WebhookState webhook={webhook} />
            {webhook.failing_since != null && <CallState webhook={webhook} />}
          </>
        }
      >
        <Button icon={<Send size={16} />} busy={test.isPending} onClick={() => test.mutate()}>
          {words.test}
        </Button>
        <ConfirmButton
          label={words.remove}
          icon={<Trash2 size={16} />}
          title={words.removeTitle}
          action={words.remove}
          run={remove}
        >
          {words.removeBody}
        </ConfirmButton>
      </AreaHead>

      {webhook.disabled != null && <Disabled webhook={webhook} place={kept.put} />}
      {test.data !== undefined && (
        <Outcome
          key={run}
          first={test.data}
          isTest
          onClose={test.reset}
          onKnown={() => void queries.invalidateQueries({ queryKey: ['webhook', webhook.id] })}
        />
      )}

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
    </>
  );
}

/** That the desk has switched it off, why, and the way back. */
function Disabled({ webhook, place }: { webhook: Webhook; place: (webhook: Webhook) => void }) {
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
    onError: async (error, _, __, { client }) => {
      toastError(error);
      await client.invalidateQueries({ queryKey: ['webhook', webhook.id] });
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
