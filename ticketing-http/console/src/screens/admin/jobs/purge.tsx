import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ok } from '../../../api/client';
import { Problem } from '../../../api/problem';
import { useText } from '../../../text';
import { CheckField, TextField } from '../../../ui/field';
import { toast, toastError } from '../../../ui/toast';
import { Confirm } from '../confirm-loss';
import { fromLocal, toLocal } from '../moments';
import styles from './jobs.module.css';
import { jobText } from './text';

const WEEK_MS = 7 * 86_400_000;

/** Forgets what has ended, after asking which of it. */
export function Purge({ onClose }: { onClose: () => void }) {
  const words = useText(jobText);
  const queries = useQueryClient();
  const [isDone, setDone] = useState(true);
  const [isDead, setDead] = useState(false);
  const [before, setBefore] = useState(() => toLocal(new Date(Date.now() - WEEK_MS)));
  const moment = fromLocal(before);
  const purge = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/jobs', {
          params: {
            query: {
              state: [...(isDone ? ['done'] : []), ...(isDead ? ['dead'] : [])].join(','),
              ended_before: moment ?? '',
            },
          },
        }),
      ),
    onSuccess: async ({ purged }) => {
      toast(words.purged(purged));
      onClose();
      await queries.invalidateQueries({ queryKey: ['jobs'] });
    },
    onError: (error) => {
      if (!(error instanceof Problem) || error.field('ended_before') === undefined) toastError(error);
    },
  });
  const error = purge.error instanceof Problem ? purge.error.field('ended_before') : undefined;
  return (
    <Confirm
      title={words.purgeTitle}
      action={words.purgeAction}
      isBusy={purge.isPending}
      isDisabled={(!isDone && !isDead) || moment === undefined}
      onConfirm={() => purge.mutate()}
      onClose={onClose}
    >
      <div className={styles.stack}>
        <p>{words.purgeBody}</p>
        <CheckField label={words.purgeDone} checked={isDone} onChange={(event) => setDone(event.target.checked)} />
        <CheckField label={words.purgeDead} checked={isDead} onChange={(event) => setDead(event.target.checked)} />
        <TextField
          label={words.purgeBefore}
          type="datetime-local"
          value={before}
          error={error}
          onChange={(event) => setBefore(event.target.value)}
        />
      </div>
    </Confirm>
  );
}
