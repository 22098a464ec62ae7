import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type SyntheticEvent } from 'react';
import { api, ok } from '../../../api/client';
import { useText } from '../../../text';
import { useOnce } from '../../../ui/use-once';
import { Button } from '../../../ui/button';
import { Dialog } from '../../../ui/dialog';
import { TextField } from '../../../ui/field';
import { errorAt } from '../../../ui/field-text';
import { reason } from '../../../ui/toast';
import { fromLocal, toLocal } from '../moments';
import panels from '../panels.module.css';
import { deliveriesKey, type Webhook } from './data';
import { webhookText } from './text';
import styles from './webhooks.module.css';

const DAY_MS = 86_400_000;

/** Sends a webhook what it has missed since a moment; that of its first failure, where it fails. */
export function Replay({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const words = useText(webhookText);
  const once = useOnce();
  const [since, setSince] = useState(() => toLocal(webhook.failing_since ?? new Date(Date.now() - DAY_MS)));
  const replay = useMutation({
    mutationFn: () => {
      const path = { id: webhook.id };
      const body = { since: fromLocal(since) ?? '' };
      return once(body, (header) => ok(api.POST('/api/webhooks/{id}/replay', { params: { path, header }, body })));
    },
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: deliveriesKey(webhook.id) }),
  });
  const fieldError = errorAt(replay.error, 'since');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    replay.mutate();
  };
  return (
    <Dialog title={words.replayTitle} onClose={onClose}>
      <form className={styles.stack} onSubmit={submit}>
        <p className={panels.quiet}>{words.replayBody}</p>
        <TextField
          label={words.since}
          type="datetime-local"
          required
          value={since}
          error={fieldError}
          onChange={(event) => setSince(event.target.value)}
        />
        <div role="status">
          {replay.data !== undefined && (
            <p>
              {words.replayed}{' '}
              <Link to="/admin/$area/$id" params={{ area: 'jobs', id: replay.data.id }}>
                {words.replayJob}
              </Link>
            </p>
          )}
          {replay.isError && fieldError === undefined && <p className={styles.error}>{reason(replay.error)}</p>}
        </div>
        <div className={panels.buttons}>
          <Button kind="primary" type="submit" busy={replay.isPending}>
            {words.replayStart}
          </Button>
          <Button onClick={onClose}>{words.close}</Button>
        </div>
      </form>
    </Dialog>
  );
}
